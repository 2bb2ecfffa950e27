//! A lease's terms and records made from its bundle, so that the one fold (`round`) can replay it.
//!
//! A bundle holds neither limits nor signatures: a deal that the core let through is taken to have kept them, so the terms here
//! allow everything that money can hold. What the bundle does fix (opening, game, configuration, currency, nonces, times, the
//! round carried over) is as in the lease.

use std::collections::BTreeSet;
use std::sync::Arc;

use fairness::{Bundle, Deal};
use ids::{Digest, EdgeId, GameId, LeaseId, PlayerId};
use money::{Amount, Currency};
use round::LeaseState;
use wire::v1::client::Offered;
use wire::v1::intent::SignedIntent;
use wire::v1::lease::{CarriedRound, LeaseTerms, Limits, Opening, PinnedGame};
use wire::v1::record::{BoundDeal, Record, RecordBody};
use wire::v1::{ClientKey, Hex, HexBytes};

use super::library::Library;
use super::problem::Problem;

/// More than any lease holds, and far from overflowing with its wins.
const ESCROW: Amount = Amount::from_minor(i64::MAX / 4);
/// Stands where a bundle has no name.
const NAME: &str = "verifier";

/// Why a bundle can't be folded at all.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TermsError {
    #[error("currency is no currency's code: {0}")]
    Currency(#[from] money::CurrencyError),
    #[error("carried: an amount is out of range: {0}")]
    Amount(#[from] money::AmountError),
    #[error("a name is malformed: {0}")]
    Name(#[from] ids::SlugError),
}

/// The games that a bundle plays: component and configuration.
pub(crate) fn games(bundle: &Bundle) -> BTreeSet<([u8; 32], [u8; 32])> {
    let played = bundle.rounds.iter().map(|deal| (deal.game, deal.params));
    played.chain(bundle.carried.iter().map(|carried| (carried.game, carried.params))).collect()
}

/// The lease before its first record.
pub(crate) fn lease(bundle: &Bundle, library: &Library) -> Result<LeaseState, Problem> {
    let currency = bundle.rounds.first().map_or(Ok(Currency::EUR), |deal| Currency::try_from_bytes(deal.currency));
    let mut pinned = Vec::new();
    for (game, params) in games(bundle) {
        pinned.push(PinnedGame {
            game: NAME.parse::<GameId>().map_err(TermsError::from)?,
            digest: Digest::from_bytes(game),
            params: Digest::from_bytes(params),
            config: library.configuration(&params)?.as_str().to_owned(),
            min_cycle_ms: 0,
        });
    }
    let terms = terms(bundle, currency.map_err(TermsError::from)?, pinned)?;
    Ok(LeaseState::new(Arc::new(terms)))
}

fn terms(bundle: &Bundle, currency: Currency, games: Vec<PinnedGame>) -> Result<LeaseTerms, TermsError> {
    let opening = opening(bundle);
    let open = Hex(opening.to_fair1().hash());
    Ok(LeaseTerms {
        player: PlayerId::from_bytes([0; 16]),
        region: NAME.parse()?,
        edge: NAME.parse()?,
        dealer: NAME.parse()?,
        log_region: NAME.parse()?,
        epoch: 0,
        currency,
        escrow_minor: ESCROW,
        limits: Limits { min_stake_minor: Amount::ZERO, max_stake_minor: Amount::MAX, max_loss_minor: Amount::MAX },
        games,
        carried: carried(bundle)?,
        client_key: ClientKey::Ed25519(Hex([0; 32])),
        opening,
        open,
        client_signature: Hex([0; 64]),
        core_signature: Hex([0; 64]),
    })
}

fn opening(bundle: &Bundle) -> Opening {
    let open = &bundle.open;
    Opening {
        lease: LeaseId::from_bytes(open.lease_id),
        commit: Hex(open.commit),
        player_tag: Hex(open.player),
        client_seed: HexBytes(open.client_seed.clone()),
        client_mode: open.client_mode,
        beacon_kind: open.beacon_kind,
        beacon_round: open.beacon_round,
        beacon_value: Hex(open.beacon_value),
        issued_ms: open.issued_ms,
        expires_ms: open.expires_ms,
        max_rounds: open.max_rounds,
    }
}

fn carried(bundle: &Bundle) -> Result<Option<CarriedRound>, TermsError> {
    let Some(carried) = &bundle.carried else { return Ok(None) };
    let mut offers = Vec::new();
    for (action, extra_minor) in &carried.offers {
        offers.push(Offered { action: *action, extra_minor: Amount::try_from_unsigned(*extra_minor)? });
    }
    Ok(Some(CarriedRound {
        digest: Digest::from_bytes(carried.game),
        params: Digest::from_bytes(carried.params),
        stake_minor: Amount::try_from_unsigned(carried.stake)?,
        win_minor: Amount::try_from_unsigned(carried.win)?,
        deals: carried.deals,
        state: HexBytes(carried.state.clone()),
        offers,
    }))
}

/// The record that opens the lease's log.
pub(crate) fn opened(state: &LeaseState) -> Record {
    let body = RecordBody::Opened(Box::new((*state.terms).clone()));
    Record { lease: state.terms.opening.lease, index: 0, prev: state.progress.prev, at_ms: 0, body }
}

/// The record of a deal, as the next one of the log.
pub(crate) fn bound(number: u64, deal: &Deal, state: &LeaseState) -> Result<Record, Problem> {
    let refuse = |field, reason| Problem::NoIntent { deal: number, field, reason };
    let lease = state.terms.opening.lease;
    let intent = SignedIntent {
        lease,
        deal: deal.round,
        game: Digest::from_bytes(deal.game),
        params: Digest::from_bytes(deal.params),
        currency: Currency::try_from_bytes(deal.currency).map_err(|_| refuse("currency", "no currency's code"))?,
        stake_minor: Amount::try_from_unsigned(deal.stake).map_err(|_| refuse("stake", "out of range"))?,
        payload: String::from_utf8(deal.payload.clone()).map_err(|_| refuse("payload", "not text"))?,
        client_nonce: Hex(deal.client_nonce),
        signature: Hex([0; 64]),
    };
    let edge = NAME.parse::<EdgeId>().map_err(TermsError::from)?;
    let body =
        RecordBody::Deal(Box::new(BoundDeal { intent, edge, valid_until_ms: u64::MAX, signature: Hex([0; 64]) }));
    Ok(Record { lease, index: state.progress.records, prev: state.progress.prev, at_ms: deal.played_ms, body })
}
