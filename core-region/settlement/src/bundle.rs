//! A closed lease as fair1's lease bundle (fairness.md section 10): everything that anybody needs to check it offline.

use fairness::{Bundle, BundleOpen, Carried, Close, Deal, SPEC};
use wire::v1::client::Tail;
use wire::v1::record::{Record, RecordBody};

use crate::replay::Replayed;

/// The bundle of `replayed`; `None` until its log is complete, for before that its seed is nobody's to see.
#[must_use]
pub fn of(replayed: &Replayed, vkeys: Vec<String>) -> Option<Bundle> {
    if replayed.tail != Tail::Complete {
        return None;
    }
    let terms = &replayed.entry.state.terms;
    let opening = terms.opening.to_fair1();
    let carried = terms.carried.as_ref().map(|round| Carried {
        game: round.digest.to_bytes(),
        params: round.params.to_bytes(),
        state: round.state.0.clone(),
        stake: round.stake_minor.unsigned().unwrap_or(0),
        win: round.win_minor.unsigned().unwrap_or(0),
        deals: round.deals,
        offers: round.offers.iter().map(|offer| (offer.action, offer.extra_minor.unsigned().unwrap_or(0))).collect(),
    });
    let rounds: Vec<Deal> =
        replayed.deals.iter().filter_map(|(record, deal)| one(record, deal, terms.currency)).collect();
    let progress = &replayed.entry.state.progress;
    Some(Bundle {
        spec: SPEC.to_owned(),
        open: BundleOpen {
            lease_id: opening.lease_id,
            commit: opening.commit,
            player: opening.player,
            client_seed: opening.client_seed,
            client_mode: opening.client_mode,
            beacon_kind: opening.beacon_kind,
            beacon_round: opening.beacon_round,
            beacon_value: opening.beacon_value,
            issued_ms: opening.issued_ms,
            expires_ms: opening.expires_ms,
            max_rounds: opening.max_rounds,
        },
        seed: *replayed.entry.seed.as_bytes(),
        rounds,
        close: Close { rounds: progress.deals, last_link: progress.link.to_bytes() },
        vkeys,
        carried,
    })
}

fn one(record: &Record, deal: &execution::DecidedDeal, currency: money::Currency) -> Option<Deal> {
    let RecordBody::Deal(bound) = &record.body else { return None };
    let intent = &bound.intent;
    Some(Deal {
        round: intent.deal,
        game: intent.game.to_bytes(),
        params: intent.params.to_bytes(),
        currency: currency.to_bytes(),
        stake: intent.stake_minor.unsigned()?,
        payload: intent.payload.clone().into_bytes(),
        client_nonce: intent.client_nonce.0,
        outcome: deal.result.outcome.to_bytes(),
        win: deal.result.win_minor.unsigned()?,
        played_ms: record.at_ms,
        edge: bound.edge.to_bytes(),
        draws: deal.draws.iter().map(|draw| (draw.stream, draw.bound, draw.value)).collect(),
        link: deal.result.link.to_bytes(),
        proof: None,
    })
}
