//! What is bet in a bench: a spin of slot-lines, or roulette; a round that is open is finished first.

use anyhow::{Context, Result};
use money::Amount;
use wire::v1::client::Offered;
use wire::v1::lease::LeaseTerms;
use wire::v1::payload::Payload;

/// Stake of a spin, minor units.
const SPIN: i64 = 20;

/// One bet.
pub(super) struct Wager {
    /// The game's place in the lease's terms.
    pub(super) game: usize,
    pub(super) payload: Payload,
    pub(super) stake: Amount,
}

/// What the open round offers, or else a spin of slot-lines.
pub(super) fn spin(terms: &LeaseTerms, offers: &[Offered]) -> Result<Wager> {
    let game = position(terms, "slot-lines")?;
    Ok(match offers.first() {
        Some(offer) => Wager { game, payload: Payload::Act((offer.action, 0)), stake: offer.extra_minor },
        None => Wager { game, payload: Payload::Bets(vec![(0, minor(SPIN))]), stake: minor(SPIN) },
    })
}

/// What the open round offers, or else by turns a spin and a bet on two numbers of roulette.
pub(super) fn spin_or_wheel(terms: &LeaseTerms, offers: &[Offered], deal: u64) -> Result<Wager> {
    if !offers.is_empty() || deal.is_multiple_of(2) {
        return spin(terms, offers);
    }
    let first = u32::try_from(deal % 36)?;
    let bets = vec![(first, minor(SPIN)), (first + 1, minor(SPIN))];
    Ok(Wager { game: position(terms, "roulette")?, payload: Payload::Bets(bets), stake: minor(2 * SPIN) })
}

fn position(terms: &LeaseTerms, prefix: &str) -> Result<usize> {
    let found = terms.games.iter().position(|game| game.game.as_str().starts_with(prefix));
    found.with_context(|| format!("the lease pins no {prefix}"))
}

fn minor(minor: i64) -> Amount {
    Amount::from_minor(minor)
}
