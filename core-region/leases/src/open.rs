//! `open`: the player has picked his seed and signed O; the terms are fixed, money and key move, the log begins.
//!
//! Promise: no money moves before the terms are stored, no dealer hears of the lease before the money is in the escrow.
//! Each step may be asked for again with the same content: a player who lost the answer gets it. What stops half way is
//! driven on, or closed, by the reaper. Cost: one transaction, one ledger batch, one request to the dealer.

use database::run_tx;
use ids::EdgeId;
use telemetry::Trace;
use wire::v1::core::{Open, Opened};
use wire::v1::dealer::OpenLease;
use wire::v1::lease::{CloseReason, LeaseOffer, LeaseTerms, OpenRequest, Opening, PinnedGame};
use wire::v1::record::{Record, RecordBody};
use wire::v1::{Hex, RefusalCode};

use crate::dealers::DealerError;
use crate::entity::{Lease, Status};
use crate::error::LeasesError;
use crate::leases::Leases;
use crate::money_moves::Paid;
use crate::repo::steps;
use crate::{carried, catalogue, repo};

impl Leases {
    /// Opens an offered lease.
    ///
    /// # Errors
    /// [`LeasesError::Refused`] with `offer_unknown`, `bad_client_seed`, `bad_key`, `bad_signature`, `insufficient_funds`,
    /// `lease_closed` or `game_unavailable`; anything else leaves the outcome open: ask again.
    pub async fn open(&self, edge: &EdgeId, ask: &Open, trace: &Trace) -> Result<Opened, LeasesError> {
        let found = repo::find(&self.pool, ask.request.lease).await?;
        let asked_for = found.filter(|lease| lease.player == ask.player && lease.edge == *edge);
        let lease = asked_for.ok_or(RefusalCode::OfferUnknown)?;
        if lease.status == Status::Offered {
            if lease.age_ms(self.now_ms()) > self.rules.offer_ttl_ms {
                self.decline(&lease).await?;
                return Err(RefusalCode::OfferUnknown.into());
            }
            let (opening, open) = verify_opening(&lease.offer(), &ask.request)?;
            self.grant(&lease, &ask.request, opening, open).await?;
        }
        let lease = self.reload(lease.id).await?;
        let same = lease.terms.as_ref().is_some_and(|terms| took_up(terms, &ask.request));
        if !same {
            return Err(RefusalCode::OfferUnknown.into());
        }
        self.complete_open(lease, trace).await
    }

    pub(crate) async fn reload(&self, lease: ids::LeaseId) -> Result<Lease, LeasesError> {
        let found = repo::find(&self.pool, lease).await?;
        found.ok_or(LeasesError::Broken { lease, what: "its row is gone" })
    }

    /// Fixes the terms, if nobody did so before.
    async fn grant(
        &self,
        lease: &Lease,
        request: &OpenRequest,
        opening: Opening,
        open: Hex<32>,
    ) -> Result<(), LeasesError> {
        let limits = self.rules.currency(lease.currency)?.limits();
        let terms = LeaseTerms {
            player: lease.player,
            region: lease.region.clone(),
            edge: lease.edge.clone(),
            dealer: lease.dealer.clone(),
            log_region: lease.log_region.clone(),
            epoch: lease.epoch,
            currency: lease.currency,
            escrow_minor: lease.escrow_minor,
            limits,
            games: self.catalogue.pins(),
            carried: None,
            client_key: request.client_key.clone(),
            opening,
            open,
            client_signature: request.signature,
            core_signature: self.signer.sign_open(&open),
        };
        let now_ms = self.now_ms();
        let valid_until_ms = now_ms.saturating_add(self.rules.ttl_ms);
        run_tx(&self.pool, "grant_lease", async move |tx| grant_in_tx(tx, terms.clone(), valid_until_ms, now_ms).await)
            .await
    }

    /// Money, key, log: from wherever the opening stands to its end.
    pub(crate) async fn complete_open(&self, lease: Lease, trace: &Trace) -> Result<Opened, LeasesError> {
        match lease.status {
            Status::Granted => {}
            Status::Open => return opened(&lease),
            Status::Offered | Status::Refused => return Err(RefusalCode::OfferUnknown.into()),
            Status::Closing | Status::Closed | Status::Settled => return Err(RefusalCode::LeaseClosed.into()),
        }
        if self.move_grant(&lease, trace).await? == Paid::No {
            self.refuse_unpaid(&lease).await?;
            return Err(RefusalCode::InsufficientFunds.into());
        }
        let record = self.open_at_dealer(&lease, trace).await?;
        self.note_opened(&lease, &record).await?;
        opened(&self.reload(lease.id).await?)
    }

    /// The ledger has said for good that the player can't pay: no money moved, and no dealer knows the lease.
    pub(crate) async fn refuse_unpaid(&self, lease: &Lease) -> Result<(), LeasesError> {
        let (id, now_ms, randomness) = (lease.id, self.now_ms(), self.seeds.randomness());
        run_tx(&self.pool, "refuse_unpaid_lease", async move |tx| {
            if steps::refuse(tx, id, now_ms).await? {
                carried::put_back_in_tx(tx, id).await?;
                seeds::burn_in_tx(tx, &randomness, id, now_ms).await?;
            }
            Ok(())
        })
        .await
    }

    async fn open_at_dealer(&self, lease: &Lease, trace: &Trace) -> Result<Record, LeasesError> {
        let ask = self.open_lease(lease).await?;
        steps::revive(&self.pool, lease.id, ask.valid_until_ms).await?;
        match self.dealers.open(&lease.dealer, &ask, trace).await {
            Ok(record) => Ok(record),
            Err(DealerError::Refused(refusal)) => {
                tracing::warn!(lease = %lease.id, %refusal, "the dealer refuses a lease, which is closed unopened");
                steps::start_closing(&self.pool, lease.id, CloseReason::Unopened, self.now_ms()).await?;
                Err(refusal.into())
            }
            Err(error) => Err(error.into()),
        }
    }

    async fn open_lease(&self, lease: &Lease) -> Result<OpenLease, LeasesError> {
        let broken = |what| LeasesError::Broken { lease: lease.id, what };
        let terms = lease.terms.clone().ok_or_else(|| broken("it is granted without terms"))?;
        let identity = self.rules.dealer(&lease.dealer).ok_or_else(|| broken("its dealer is not configured"))?;
        let key = self.seeds.seal_for(&identity.seal_key, lease.id, &terms.open).await?;
        Ok(OpenLease { terms, key, valid_until_ms: self.now_ms().saturating_add(self.rules.ttl_ms) })
    }

    async fn note_opened(&self, lease: &Lease, record: &Record) -> Result<(), LeasesError> {
        match &record.body {
            RecordBody::Opened(terms) if Some(&**terms) == lease.terms.as_ref() => {
                steps::open(&self.pool, lease.id, record, self.now_ms()).await?;
                Ok(())
            }
            RecordBody::Closed(_) => {
                steps::close(&self.pool, lease.id, record, self.now_ms()).await?;
                Ok(())
            }
            _ => Err(LeasesError::Broken { lease: lease.id, what: "its log opens on other terms than it was given" }),
        }
    }
}

fn opened(lease: &Lease) -> Result<Opened, LeasesError> {
    match (&lease.status, &lease.opened) {
        (Status::Open, Some(record)) => Ok(Opened { record: record.clone(), valid_until_ms: lease.valid_until_ms }),
        _ => Err(RefusalCode::LeaseClosed.into()),
    }
}

/// Whether these terms are what this request took the offer up with.
fn took_up(terms: &LeaseTerms, request: &OpenRequest) -> bool {
    terms.opening.client_seed == request.client_seed
        && terms.opening.client_mode == request.client_mode
        && terms.client_key == request.client_key
        && terms.client_signature == request.signature
}

/// The opening that offer and request make, and O, checked as fairness.md section 3 asks: the client's seed fits its mode, and
/// the session's key signed O.
fn verify_opening(offer: &LeaseOffer, request: &OpenRequest) -> Result<(Opening, Hex<32>), RefusalCode> {
    let opening = offer.opening(request.client_seed.clone(), request.client_mode);
    let fair1 = opening.to_fair1();
    if request.client_mode == fairness::ClientMode::Server.code() || fair1.check().is_err() {
        return Err(RefusalCode::BadClientSeed);
    }
    let key = request.client_key.parse().map_err(|_| RefusalCode::BadKey)?;
    let open = Hex(fair1.hash());
    if key.accepts(&open.0, &request.signature) { Ok((opening, open)) } else { Err(RefusalCode::BadSignature) }
}

/// Takes up a round that was left open, pins its release beside the others, stores the terms. Does nothing when somebody
/// else took the offer up, or declined it, meanwhile.
async fn grant_in_tx(
    tx: &mut sqlx::PgConnection,
    mut terms: LeaseTerms,
    valid_until_ms: u64,
    now_ms: u64,
) -> Result<(), LeasesError> {
    let lease = terms.opening.lease;
    if !steps::lock_offered(tx, lease).await? {
        return Ok(());
    }
    terms.carried = carried::take_in_tx(tx, lease, terms.player, terms.currency).await?;
    if let Some(round) = &terms.carried {
        let pinned = |game: &PinnedGame| game.digest == round.digest && game.params == round.params;
        if !terms.games.iter().any(pinned) {
            let release = catalogue::release_in_tx(tx, round.digest, round.params).await?;
            terms.games.push(release.ok_or(LeasesError::BrokenTable("an open round's release is unknown"))?);
        }
    }
    if terms.games.is_empty() {
        return Err(RefusalCode::GameUnavailable.into());
    }
    let text = String::from_utf8_lossy(&wire::encode(&terms)).into_owned();
    if steps::grant(tx, lease, &text, valid_until_ms, now_ms).await? {
        Ok(())
    } else {
        Err(LeasesError::Broken { lease, what: "it was offered under lock and can't be granted" })
    }
}

#[cfg(test)]
mod tests {
    use ed25519_dalek::{Signer, SigningKey};
    use ids::LeaseId;
    use wire::v1::{ClientKey, HexBytes};

    use super::*;

    fn offer() -> LeaseOffer {
        LeaseOffer {
            lease: LeaseId::from_bytes([1; 16]),
            commit: Hex([2; 32]),
            offer_ms: 5,
            player_tag: Hex([3; 32]),
            issued_ms: 5,
            expires_ms: 9,
            max_rounds: 10,
            signature: Hex([0; 64]),
        }
    }

    fn request(seed: &[u8], mode: u8) -> OpenRequest {
        let key = SigningKey::from_bytes(&[7; 32]);
        let client_seed = HexBytes(seed.to_vec());
        let open = offer().opening(client_seed.clone(), mode).to_fair1().hash();
        OpenRequest {
            lease: offer().lease,
            client_seed,
            client_mode: mode,
            client_key: ClientKey::Ed25519(Hex(key.verifying_key().to_bytes())),
            signature: Hex(key.sign(&open).to_bytes()),
        }
    }

    #[test]
    fn an_opening_that_its_client_signed_is_taken() {
        let (opening, open) = verify_opening(&offer(), &request(&[4; 16], 1)).unwrap();
        assert_eq!(open.0, opening.to_fair1().hash());
        assert!(verify_opening(&offer(), &request(&[4; 32], 2)).is_ok());
    }

    #[test]
    fn a_seed_that_does_not_fit_its_mode_or_is_left_to_the_server_is_refused() {
        for (length, mode) in [(15, 1), (65, 1), (31, 2), (33, 2), (16, 0), (16, 3)] {
            let refused = verify_opening(&offer(), &request(&vec![4; length], mode));
            assert_eq!(refused, Err(RefusalCode::BadClientSeed), "{length} bytes, mode {mode}");
        }
    }

    #[test]
    fn another_key_or_another_opening_is_refused() {
        let mut other = request(&[4; 16], 1);
        other.signature = request(&[5; 16], 1).signature;
        assert_eq!(verify_opening(&offer(), &other), Err(RefusalCode::BadSignature));
        let later = LeaseOffer { expires_ms: 10, ..offer() };
        assert_eq!(verify_opening(&later, &request(&[4; 16], 1)), Err(RefusalCode::BadSignature));
        let mut no_key = request(&[4; 16], 1);
        no_key.client_key = ClientKey::Ed25519(Hex([0; 32]));
        assert_eq!(verify_opening(&offer(), &no_key), Err(RefusalCode::BadKey));
    }
}
