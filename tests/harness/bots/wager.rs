//! What a bot bets on: every game that it knows, in small stakes; an open round is finished first.

use ids::Digest;
use money::Amount;
use rand_chacha::ChaCha20Rng;
use rand_core::Rng;
use wire::v1::client::Offered;
use wire::v1::lease::PinnedGame;
use wire::v1::payload::Payload;

/// Actions of mines and hilo that end a round.
const CASH_OUT: [(&str, u32); 2] = [("mines", 2), ("hilo", 4)];
/// Cards of video poker that may be held: every set of five.
const HOLDS: u64 = 32;

/// A number in `0..n`, for choices that nothing depends on.
pub(crate) fn pick(rng: &mut ChaCha20Rng, n: u64) -> u64 {
    rng.next_u64() % n.max(1)
}

/// A payload and its stake on one of `games`; `None` when it knows none of them. `last` is the component that it played last:
/// an open round is that one's.
pub(crate) fn choose(
    rng: &mut ChaCha20Rng,
    games: &[PinnedGame],
    offers: &[Offered],
    last: Option<Digest>,
) -> Option<(usize, Payload, Amount)> {
    if offers.is_empty() {
        let known: Vec<usize> = (0..games.len()).filter(|at| bets(rng, games, *at).is_some()).collect();
        let at = *known.get(usize::try_from(pick(rng, u64::try_from(known.len()).ok()?)).ok()?)?;
        let bets = bets(rng, games, at)?;
        let stake = bets.iter().map(|(_, stake): &(u32, Amount)| stake.minor()).sum();
        return Some((at, Payload::Bets(bets), Amount::from_minor(stake)));
    }
    let at = games.iter().position(|game| Some(game.digest) == last)?;
    let (offer, argument) = act(rng, games.get(at)?.game.as_str(), offers)?;
    Some((at, Payload::Act((offer.action, argument)), offer.extra_minor))
}

fn bets(rng: &mut ChaCha20Rng, games: &[PinnedGame], at: usize) -> Option<Vec<(u32, Amount)>> {
    let one = |spot: u32, stake: i64| Some(vec![(spot, Amount::from_minor(stake))]);
    match games.get(at)?.game.as_str() {
        "roulette" => Some(roulette(rng)),
        "slot-lines" => one(0, 20 * i64::try_from(1 + pick(rng, 5)).ok()?),
        "dice" => one(5_000, 100),
        "limbo" => one(200, 100),
        "mines" => one(u32::try_from(pick(rng, 25)).ok()?, 100),
        "plinko" | "hilo" | "video-poker" | "blackjack" => one(0, 100),
        "baccarat" => one(u32::try_from(pick(rng, 2)).ok()?, 100),
        _ => None,
    }
}

/// The end of the round where it can be ended half of the time, else any offer.
fn act<'a>(rng: &mut ChaCha20Rng, game: &str, offers: &'a [Offered]) -> Option<(&'a Offered, i64)> {
    let ends = |offer: &&Offered| CASH_OUT.contains(&(game, offer.action));
    match game {
        "mines" => offers.iter().find(ends).map(|offer| (offer, 0)),
        "hilo" if pick(rng, 2) == 0 => offers.iter().find(ends).or(offers.first()).map(|offer| (offer, 0)),
        "blackjack" => {
            offers.get(usize::try_from(pick(rng, u64::try_from(offers.len()).ok()?)).ok()?).map(|offer| (offer, 0))
        }
        "video-poker" => Some((offers.first()?, i64::try_from(pick(rng, HOLDS)).ok()?)),
        _ => offers.first().map(|offer| (offer, 0)),
    }
}

/// One to four different numbers, straight up.
fn roulette(rng: &mut ChaCha20Rng) -> Vec<(u32, Amount)> {
    let first = pick(rng, 33);
    let count = 1 + pick(rng, 4);
    (first..first + count).filter_map(|number| Some((u32::try_from(number).ok()?, Amount::from_minor(20)))).collect()
}
