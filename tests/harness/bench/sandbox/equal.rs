//! The same deals over fresh instances, a reused one, two threads, an interpreter and natively: outcomes, draws and fuel.
//!
//! Deals are played in chunks that begin with a new round, so that threads can share them; every chunk's outcomes and draws
//! are hashed in order, and the fuel of each deal is kept. A reused instance pays its start-up (a flag that the
//! generated bindings check) once instead of every time, so its fuel is below a fresh one's by one constant; native code
//! burns none.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Result, anyhow, bail};
use fairness::RoundKey;
use sandbox::{Action, Backend, Bet, Deal, Host, HostOptions, NoDeal, Outcome, RoundTotals, Simulator, Table, Verdict};
use sha2::{Digest, Sha256};

use super::games::{Call, HouseGame, Native, as_host, key};
use crate::bench::report::{Report, count};

/// Deals that are hashed together.
const CHUNK: u64 = 10_000;
/// More than a start-up check burns, less than any deal.
const START_UP_FUEL: u64 = 16;

/// Plays all of it and notes what is equal.
pub(super) fn check(deals: u64, report: &mut Report) -> Result<()> {
    for game in HouseGame::ALL {
        let (cranelift, pulley) = (host(Backend::Cranelift)?, host(Backend::Pulley)?);
        let (native_code, byte_code) = (game.table(&cranelift)?, game.table(&pulley)?);
        let reference = tally(game, deals, 1, || Fresh(native_code.clone()))?;
        let threads = tally(game, deals, 2, || Fresh(native_code.clone()))?;
        let reused = tally(game, deals, 2, || Reused(Simulator::new(native_code.clone())))?;
        let interpreted = tally(game, deals, 2, || Fresh(byte_code.clone()))?;
        let config = game.config()?;
        let natively = tally(game, deals, 2, || Natively { game, config: config.as_str() })?;
        let name = game.name().replace('-', "_");
        let others = [("two_threads", &threads), ("reused", &reused), ("pulley", &interpreted), ("native", &natively)];
        for (other, tally) in others {
            report.at_most(
                &format!("{name}.{other}.chunks_of_other_outcomes"),
                differing(&reference, tally, hash),
                0.0,
            );
        }
        for (other, tally) in [("two_threads", &threads), ("pulley", &interpreted)] {
            report.at_most(&format!("{name}.{other}.chunks_of_other_fuel"), differing(&reference, tally, fuel), 0.0);
        }
        report.at_most(&format!("{name}.reused.fuel_constants"), start_ups(&reference, &reused)?, 1.0);
        report.figure(format!("{name}.equal_deals"), count(deals));
    }
    Ok(())
}

fn host(backend: Backend) -> Result<Host> {
    Ok(Host::new(HostOptions { backend, slots: 8, ..HostOptions::default() })?)
}

/// What others compute again of one deal.
struct Fact {
    outcome: Outcome,
    draws: [u8; 32],
    fuel: u64,
}

/// Somewhere to play.
trait Seat {
    fn play(&mut self, key: RoundKey, bets: &[Bet]) -> Result<Fact>;
    fn act(&mut self, key: RoundKey, state: &[u8], action: u32, totals: RoundTotals) -> Result<Fact>;
}

struct Fresh(Table);
struct Reused(Simulator);
struct Natively<'a> {
    game: HouseGame,
    config: &'a str,
}

impl Seat for Fresh {
    fn play(&mut self, key: RoundKey, bets: &[Bet]) -> Result<Fact> {
        patiently(|| self.0.play(key.clone(), bets))
    }

    fn act(&mut self, key: RoundKey, state: &[u8], action: u32, totals: RoundTotals) -> Result<Fact> {
        patiently(|| self.0.act(key.clone(), state, Action { id: action, arg: 0 }, totals))
    }
}

impl Seat for Reused {
    fn play(&mut self, key: RoundKey, bets: &[Bet]) -> Result<Fact> {
        patiently(|| self.0.play(key.clone(), bets))
    }

    fn act(&mut self, key: RoundKey, state: &[u8], action: u32, totals: RoundTotals) -> Result<Fact> {
        patiently(|| self.0.act(key.clone(), state, Action { id: action, arg: 0 }, totals))
    }
}

impl Natively<'_> {
    fn run(&self, key: RoundKey, call: &Call<'_>) -> Result<Fact> {
        let mut draws = Native::new(key);
        let outcome = as_host(self.game.natively(self.config, call, &mut draws)?);
        if draws.refused {
            bail!("{} natively: a draw that the host refuses", self.game.name());
        }
        Ok(Fact { outcome, draws: draws.draws.digest(), fuel: 0 })
    }
}

impl Seat for Natively<'_> {
    fn play(&mut self, key: RoundKey, bets: &[Bet]) -> Result<Fact> {
        self.run(key, &Call::Play(bets))
    }

    fn act(&mut self, key: RoundKey, state: &[u8], action: u32, _totals: RoundTotals) -> Result<Fact> {
        self.run(key, &Call::Act { state, action })
    }
}

/// Tries again what this machine could not run, as edge and core do; a void is an error of the bench.
fn patiently(mut run: impl FnMut() -> Verdict) -> Result<Fact> {
    for _ in 0..3 {
        match run() {
            Ok(Deal { outcome, draws_digest, fuel_used, .. }) => {
                return Ok(Fact { outcome, draws: draws_digest, fuel: fuel_used });
            }
            Err(NoDeal::Void(void)) => bail!("a deal of the bench is void: {void}"),
            Err(NoDeal::Infra(_)) => {}
        }
    }
    bail!("this machine could not run a deal in three tries")
}

/// A chunk's hash and the fuel of its deals.
struct Chunk {
    hash: [u8; 32],
    fuel: Vec<u64>,
}

fn hash(chunk: &Chunk) -> &[u8] {
    &chunk.hash
}

fn fuel(chunk: &Chunk) -> &[u64] {
    &chunk.fuel
}

/// Plays `deals` deals on `threads` threads, each chunk in a seat of its own.
fn tally<S: Seat>(game: HouseGame, deals: u64, threads: usize, seat: impl Fn() -> S + Sync) -> Result<Vec<Chunk>> {
    let chunks: Vec<Range<u64>> = (0..deals.div_ceil(CHUNK)).map(|n| n * CHUNK..deals.min((n + 1) * CHUNK)).collect();
    let next = AtomicUsize::new(0);
    let work = || -> Result<Vec<(usize, Chunk)>> {
        let mut done = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(range) = chunks.get(index) else { return Ok(done) };
            done.push((index, play(game, range.clone(), &mut seat())?));
        }
    };
    let parts = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        workers.into_iter().map(|worker| worker.join().map_err(|_| anyhow!("a worker died"))).collect::<Vec<_>>()
    });
    let mut all = Vec::new();
    for part in parts {
        all.extend(part??);
    }
    all.sort_by_key(|(index, _)| *index);
    Ok(all.into_iter().map(|(_, chunk)| chunk).collect())
}

/// A round that goes on.
struct Open {
    state: Vec<u8>,
    action: u32,
    extra_minor: u64,
    totals: RoundTotals,
}

fn play(game: HouseGame, range: Range<u64>, seat: &mut impl Seat) -> Result<Chunk> {
    let (mut hash, mut fuel) = (Sha256::new(), Vec::new());
    let mut open: Option<Open> = None;
    for n in range {
        let (fact, totals) = match open.take() {
            None => {
                let bets = game.bets(n);
                let stake_minor = bets.iter().map(|bet| bet.stake_minor).sum();
                (seat.play(key(n), &bets)?, RoundTotals { stake_minor, win_minor: 0, deals: 1 })
            }
            Some(open) => {
                let before = open.totals;
                let totals = RoundTotals { stake_minor: before.stake_minor + open.extra_minor, ..before };
                let fact = seat.act(key(n), &open.state, open.action, totals)?;
                (fact, RoundTotals { deals: before.deals + 1, ..totals })
            }
        };
        hash.update(fact.outcome.hash());
        hash.update(fact.draws);
        fuel.push(fact.fuel);
        let Outcome { win_minor, offers, state, .. } = fact.outcome;
        open = offers.first().map(|offer| Open {
            state,
            action: offer.action,
            extra_minor: offer.extra_minor,
            totals: RoundTotals { win_minor: totals.win_minor + win_minor, ..totals },
        });
    }
    Ok(Chunk { hash: hash.finalize().into(), fuel })
}

/// How many chunks are not equal.
fn differing<T: PartialEq + ?Sized>(one: &[Chunk], other: &[Chunk], of: impl Fn(&Chunk) -> &T) -> f64 {
    let unequal = one.iter().zip(other).filter(|(one, other)| of(one) != of(other)).count();
    let missing = one.len().abs_diff(other.len());
    count(u64::try_from(unequal + missing).unwrap_or(u64::MAX))
}

/// By how many different constants a reused instance's fuel is below a fresh one's, the first call of each apart.
fn start_ups(fresh: &[Chunk], reused: &[Chunk]) -> Result<f64> {
    let mut constants = BTreeSet::new();
    let pairs = fresh.iter().zip(reused).flat_map(|(fresh, reused)| fresh.fuel.iter().zip(&reused.fuel));
    for (fresh, reused) in pairs {
        match fresh.checked_sub(*reused) {
            Some(0) => {}
            Some(constant) if constant < START_UP_FUEL => {
                constants.insert(constant);
            }
            _ => bail!("a reused instance burnt {reused}, a fresh one {fresh}"),
        }
    }
    Ok(count(u64::try_from(constants.len()).unwrap_or(u64::MAX)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_games_play_alike_fresh_reused_interpreted_and_natively() {
        let mut report = Report::new("sandbox");
        check(1_000, &mut report).unwrap();
        assert!(report.is_good(), "{}", report.to_text());
    }

    #[test]
    fn another_outcome_or_other_fuel_is_seen() {
        let chunk = |hash: u8, fuel: u64| Chunk { hash: [hash; 32], fuel: vec![fuel] };
        let (one, other) = ([chunk(1, 100), chunk(2, 100)], [chunk(1, 100), chunk(3, 99)]);
        assert_eq!(differing(&one, &other, hash), 1.0);
        assert_eq!(differing(&one, &other[..1], hash), 1.0);
        assert_eq!(differing(&one, &other, fuel), 1.0);
        assert_eq!(start_ups(&one, &other).unwrap(), 1.0);
        assert!(start_ups(&[chunk(1, 100)], &[chunk(1, 101)]).is_err());
    }
}
