//! Verification of a closed lease (fair1 section 8), all but inclusion proofs, checkpoints and the replay of games.
//!
//! Promise: an empty list means that commitment, opening, client chain, numbering, keys, every draw, every link and the close
//! agree. Cost: as much hashing as the lease itself took. What may go wrong: one changed field can upset several checks; all are
//! listed, and a fault that is surely in one link is not carried on to the links after it.

use crate::bundle::{Bundle, Deal, SPEC};
use crate::chain::nonce_follows;
use crate::commit::commit;
use crate::draw::Draws;
use crate::hash::Bytes32;
use crate::keys::{LeaseKey, Seed};
use crate::problem::Problem;

/// Every problem of a bundle, those of the opening first, then by deal, then the close; none when it is verified.
#[must_use]
pub fn verify(bundle: &Bundle) -> Vec<Problem> {
    let mut problems = Vec::new();
    check_opening(bundle, &mut problems);
    let key = bundle.lease_key();
    let open = bundle.open.opening().hash();
    let mut prev = open;
    let mut nonce_before: &[u8] = &bundle.open.client_seed;
    for (number, deal) in (1..).zip(&bundle.rounds) {
        check_rules(bundle, number, deal, nonce_before, &mut problems);
        let drawn = check_draws(number, deal, &key, &mut problems) && !deal.draws.is_empty();
        prev = check_link(bundle, number, deal, prev, drawn, &mut problems);
        nonce_before = &deal.client_nonce;
    }
    let found = bundle.rounds.iter().map(|_| 1u64).sum();
    if bundle.close.rounds != found {
        problems.push(Problem::CloseCount { closed: bundle.close.rounds, found });
    }
    if bundle.close.last_link != prev {
        problems.push(Problem::CloseLink);
    }
    problems
}

fn check_opening(bundle: &Bundle, problems: &mut Vec<Problem>) {
    if bundle.spec != SPEC {
        problems.push(Problem::Spec(bundle.spec.clone()));
    }
    if commit(&Seed::from_bytes(bundle.seed)) != bundle.open.commit {
        problems.push(Problem::Commit);
    }
    if let Err(error) = bundle.open.opening().check() {
        problems.push(Problem::Opening(error));
    }
    let proofs = bundle.rounds.iter().filter(|deal| deal.proof.is_some()).count();
    if proofs == 0 && !bundle.vkeys.is_empty() {
        problems.push(Problem::VerifierKeys(bundle.vkeys.len()));
    }
}

/// What needs no key: number, limit, time, nonce, and that nothing is claimed which isn't checked.
fn check_rules(bundle: &Bundle, number: u64, deal: &Deal, nonce_before: &[u8], problems: &mut Vec<Problem>) {
    let open = &bundle.open;
    if deal.round != number {
        problems.push(Problem::Contiguity { deal: number, found: deal.round });
    }
    if number > u64::from(open.max_rounds) {
        problems.push(Problem::TooManyDeals { deal: number, max_rounds: open.max_rounds });
    }
    if !(open.issued_ms..=open.expires_ms).contains(&deal.played_ms) {
        problems.push(Problem::Time { deal: number, played_ms: deal.played_ms });
    }
    // An unknown mode is a problem of the opening already.
    if open.opening().mode().is_ok_and(|mode| !nonce_follows(mode, nonce_before, &deal.client_nonce)) {
        problems.push(Problem::Nonce { deal: number });
    }
    if deal.proof.is_some() {
        problems.push(Problem::Proof { deal: number });
    }
}

/// Draws again from K_r; whether all agree. Names the first that doesn't.
fn check_draws(number: u64, deal: &Deal, key: &LeaseKey, problems: &mut Vec<Problem>) -> bool {
    let mut draws = Draws::new(deal.round_key(key));
    for (index, (stream, bound, found)) in deal.draws.iter().copied().enumerate() {
        match draws.below(stream, bound) {
            Ok(expected) if expected == found => {}
            Ok(expected) => {
                problems.push(Problem::Draw { deal: number, index, stream, bound, expected, found });
                return false;
            }
            Err(error) => {
                problems.push(Problem::DrawRefused { deal: number, index, error });
                return false;
            }
        }
    }
    true
}

/// Checks one link; the link that the next one must go on from.
fn check_link(
    bundle: &Bundle,
    number: u64,
    deal: &Deal,
    prev: Bytes32,
    drawn: bool,
    problems: &mut Vec<Problem>,
) -> Bytes32 {
    let computed = deal.entry(bundle.open.lease_id, prev).link();
    if computed == deal.link {
        return computed;
    }
    let next = usize::try_from(number).ok().and_then(|index| bundle.rounds.get(index));
    let follows = match next {
        Some(next) => next.entry(bundle.open.lease_id, computed).link() == next.link,
        None => bundle.close.last_link == computed,
    };
    if follows {
        problems.push(Problem::LinkField { deal: number });
        return computed;
    }
    problems.push(Problem::Link { deal: number, drawn });
    deal.link
}
