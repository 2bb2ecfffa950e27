//! What a bot bets on: roulette and slot-lines, in small stakes; an open round is finished first.

use money::Amount;
use rand_chacha::ChaCha20Rng;
use rand_core::Rng;
use wire::v1::client::Offered;
use wire::v1::lease::PinnedGame;
use wire::v1::payload::Payload;

/// A number in `0..n`, for choices that nothing depends on.
pub(crate) fn pick(rng: &mut ChaCha20Rng, n: u64) -> u64 {
    rng.next_u64() % n.max(1)
}

/// A payload and its stake on one of `games`; `None` when it knows none of them.
pub(crate) fn choose(
    rng: &mut ChaCha20Rng,
    games: &[PinnedGame],
    offers: &[Offered],
) -> Option<(usize, Payload, Amount)> {
    if let Some(offer) = offers.first() {
        let slot = games.iter().position(|game| game.game.as_str() == "slot-lines")?;
        return Some((slot, Payload::Act((offer.action, 0)), offer.extra_minor));
    }
    let at = usize::try_from(pick(rng, u64::try_from(games.len()).ok()?)).ok()?;
    let bets = match games.get(at)?.game.as_str() {
        "roulette" => roulette(rng),
        "slot-lines" => vec![(0, Amount::from_minor(20 * i64::try_from(1 + pick(rng, 5)).ok()?))],
        _ => return None,
    };
    let stake = bets.iter().map(|(_, stake): &(u32, Amount)| stake.minor()).sum();
    Some((at, Payload::Bets(bets), Amount::from_minor(stake)))
}

/// One to four different numbers, straight up.
fn roulette(rng: &mut ChaCha20Rng) -> Vec<(u32, Amount)> {
    let first = pick(rng, 33);
    let count = 1 + pick(rng, 4);
    (first..first + count).filter_map(|number| Some((u32::try_from(number).ok()?, Amount::from_minor(20)))).collect()
}
