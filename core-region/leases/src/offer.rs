//! `offer`: a seed is made and committed to, before the player has picked his (fairness.md section 2).
//!
//! Promise: a player has one outstanding offer. Asking the same again gives the same one; asking otherwise is refused until
//! it is stale, and then its seed is burnt and shown: nobody can shop for seeds. Cost: one transaction.

use database::run_tx;
use ids::EdgeId;
use wire::v1::core::Offer;
use wire::v1::lease::LeaseOffer;
use wire::v1::{Hex, RefusalCode, Signature};

use crate::entity::{Lease, Status};
use crate::error::LeasesError;
use crate::leases::Leases;
use crate::repo;
use crate::repo::steps;
use crate::rules::Place;

const UNSIGNED: Signature = Hex([0; 64]);

impl Leases {
    /// Makes an offer.
    ///
    /// # Errors
    /// [`LeasesError::Refused`] with `bad_currency`, `bad_amount`, `insufficient_funds`, `lease_exists` or
    /// `game_unavailable`; [`LeasesError::Seeds`] while no seeds may be made; or the database's.
    pub async fn offer(&self, edge: &EdgeId, ask: &Offer) -> Result<LeaseOffer, LeasesError> {
        let (currency, escrow) = (ask.request.currency, ask.request.escrow_minor);
        let rules = self.rules.check_escrow(currency, escrow)?;
        let place = self.rules.place(&ask.region, ask.request.placement, escrow, rules);
        let place = place.ok_or_else(|| RefusalCode::Unavailable.because("no dealer serves this region"))?;
        if self.catalogue.pins().is_empty() {
            return Err(RefusalCode::GameUnavailable.into());
        }
        if let Some(standing) = self.standing_offer(edge, ask, &place).await? {
            return Ok(standing);
        }
        let lease = self.new_lease(edge, ask, place)?;
        if self.cash(&lease.0) < escrow {
            return Err(RefusalCode::InsufficientFunds.into());
        }
        self.store_offer(lease).await
    }

    /// The offer that this question was answered with before; a stale one is burnt.
    async fn standing_offer(
        &self,
        edge: &EdgeId,
        ask: &Offer,
        place: &Place,
    ) -> Result<Option<LeaseOffer>, LeasesError> {
        let Some(standing) = repo::active_of(&self.pool, ask.player).await? else { return Ok(None) };
        if standing.status != Status::Offered {
            return Err(RefusalCode::LeaseExists.into());
        }
        if standing.age_ms(self.now_ms()) >= self.rules.stale_offer_ms {
            self.decline(&standing).await?;
            return Ok(None);
        }
        let same = standing.edge == *edge
            && standing.currency == ask.request.currency
            && standing.escrow_minor == ask.request.escrow_minor
            && standing.log_region == place.log_region;
        if same { Ok(Some(standing.offer())) } else { Err(RefusalCode::LeaseExists.into()) }
    }

    fn new_lease(&self, edge: &EdgeId, ask: &Offer, place: Place) -> Result<(Lease, seeds::SealedSeed), LeasesError> {
        let sealed = self.seeds.offer()?;
        let now_ms = self.now_ms();
        let mut lease = Lease {
            id: sealed.lease,
            player: ask.player,
            status: Status::Offered,
            epoch: 1,
            edge: edge.clone(),
            region: ask.region.clone(),
            dealer: place.dealer,
            log_region: place.log_region,
            currency: ask.request.currency,
            escrow_minor: ask.request.escrow_minor,
            commit: Hex(sealed.commit),
            player_tag: self.seeds.player_tag(ask.player),
            offer_signature: UNSIGNED,
            offer_ms: now_ms,
            expires_ms: now_ms.saturating_add(self.rules.lifetime_ms),
            max_rounds: self.rules.max_rounds,
            granted_ms: None,
            valid_until_ms: now_ms.saturating_add(self.rules.offer_ttl_ms),
            terms: None,
            opened: None,
            reason: None,
            closed: None,
            changed_ms: now_ms,
        };
        lease.offer_signature = self.signer.sign_offer(&lease.offer());
        Ok((lease, sealed))
    }

    /// The seed and the lease, together or not at all.
    async fn store_offer(&self, (lease, sealed): (Lease, seeds::SealedSeed)) -> Result<LeaseOffer, LeasesError> {
        let offer = lease.offer();
        let randomness = self.seeds.randomness();
        let stored = run_tx(&self.pool, "store_offer", async move |tx| {
            sealed.store_in_tx(tx, &randomness, lease.offer_ms).await?;
            steps::insert(tx, &lease).await
        })
        .await;
        match stored {
            Ok(()) => Ok(offer),
            Err(LeasesError::Database(error)) if error.is_unique("leases_one_active") => {
                Err(RefusalCode::LeaseExists.into())
            }
            Err(error) => Err(error),
        }
    }

    /// Ends an offer that was not taken up: its seed is burnt. Says whether it was this call that did it.
    pub(crate) async fn decline(&self, lease: &Lease) -> Result<bool, LeasesError> {
        let (id, now_ms, randomness) = (lease.id, self.now_ms(), self.seeds.randomness());
        let offered = lease.status == Status::Offered;
        run_tx(&self.pool, "decline_offer", async move |tx| {
            let taken = offered && steps::refuse_offer(tx, id, now_ms).await?;
            if taken {
                seeds::burn_in_tx(tx, &randomness, id, now_ms).await?;
            }
            Ok(taken)
        })
        .await
    }
}
