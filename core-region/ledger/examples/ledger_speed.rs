//! How fast it is: the engine alone, and the whole ledger on a Postgres that the first argument names (its database is migrated and
//! left full). `cargo run --release -p ledger --example ledger_speed -- postgres://…`
//!
//! Figures go to standard output, one a line: what, callers, transfers a second, p50 and p99 in milliseconds.

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use clock::{Clock, SystemClock};
use hdrhistogram::Histogram;
use ids::{PlayerId, TransferId};
use ledger::{
    BatchHead, Command, Engine, Intent, Ledger, Lookup, MIGRATOR, Memory, Options, Postgres, PreparedUnit, Store, Unit,
    hash,
};
use money::{Amount, Currency};
use tokio_util::task::TaskTracker;

type Failure = Box<dyn std::error::Error + Send + Sync>;

const PLAYERS: u64 = 100_000;

/// The n-th transfer: money of the one provider, the hot account, to one of the players.
fn command(n: u64, run: u64) -> Command {
    let mut random = [0; 10];
    random.iter_mut().zip(n.to_be_bytes()).for_each(|(to, from)| *to = from);
    let mut owner = [7; 16];
    let at = n.wrapping_mul(0x9e37_79b9_7f4a_7c15) % PLAYERS;
    owner.iter_mut().zip(at.to_be_bytes()).for_each(|(to, from)| *to = from);
    let (player, amount) = (PlayerId::from_bytes(owner), Amount::from_minor(1));
    let intent = Intent::Deposit { player, amount, provider: "speed".to_owned() };
    let id = TransferId::at(run + n / 64, random);
    Command { id, currency: Currency::FUN, intent, event_ms: run }
}

fn per_second(n: u64, took: Duration) -> u64 {
    let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX).max(1);
    n.saturating_mul(1_000_000) / micros
}

fn engine_alone(out: &mut impl Write, clock: &dyn Clock) -> Result<(), Failure> {
    let mut engine = Engine::restore(BatchHead::genesis(0), &[], &[], 262_144)?;
    engine.has_learned_all();
    let (batches, size) = (250_u64, 4_096_u64);
    let (mut evaluating, mut hashing) = (Duration::ZERO, Duration::ZERO);
    for batch in 0..batches {
        let units = (0..size).map(|n| PreparedUnit::try_new(&[command(batch * size + n, 1)], Vec::new(), None));
        let units: Vec<PreparedUnit> = units.collect::<Result<_, _>>().map_err(|no| format!("{no:?}"))?;
        let units: Vec<&PreparedUnit> = units.iter().collect();
        let start = clock.monotonic();
        let evaluated = engine.evaluate(&units, batch, Lookup::Optimistic)?;
        engine.commit();
        evaluating += clock.monotonic() - start;
        let start = clock.monotonic();
        let again = evaluated.batch.as_ref().map(|batch| hash::root(&batch.rows));
        hashing += clock.monotonic() - start;
        if again != evaluated.batch.map(|batch| batch.head.root) {
            return Err("the root differs".into());
        }
    }
    let (all, share) = (per_second(batches * size, evaluating), per_second(batches * size, hashing));
    writeln!(out, "engine with chain: {all}/s a thread; leaves and root alone: {share}/s")?;
    Ok(())
}

async fn closed_loop(
    store: Arc<dyn Store>,
    callers: u64,
    seconds: u64,
    run: u64,
) -> Result<(u64, Histogram<u64>), Failure> {
    let clock = SystemClock::shared();
    let ledger = Ledger::open(store, Arc::clone(&clock), Options::default()).await?;
    let (next, tasks) = (Arc::new(AtomicU64::new(0)), TaskTracker::new());
    let start = clock.monotonic();
    let end = start + Duration::from_secs(seconds);
    let workers: Vec<_> = (0..callers)
        .map(|_| {
            let (ledger, next, clock) = (ledger.clone(), Arc::clone(&next), Arc::clone(&clock));
            tasks.spawn(async move {
                let mut took = Vec::new();
                while clock.monotonic() < end {
                    let sent = clock.monotonic();
                    let unit = Unit::of(command(next.fetch_add(1, Ordering::Relaxed), run));
                    let reply = ledger.submit(unit).await?;
                    if reply.applied().is_none() {
                        return Err(Failure::from(format!("{reply:?}")));
                    }
                    took.push(clock.monotonic() - sent);
                }
                Ok(took)
            })
        })
        .collect();
    let mut histogram = Histogram::new(3)?;
    for worker in workers {
        for took in worker.await?? {
            histogram.record(u64::try_from(took.as_micros())?)?;
        }
    }
    let rate = per_second(histogram.len(), clock.monotonic() - start);
    ledger.close().await;
    Ok((rate, histogram))
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let mut out = std::io::stdout();
    let clock = SystemClock::new();
    engine_alone(&mut out, &clock)?;
    let pool = match std::env::args().nth(1) {
        Some(url) => Some(database::connect(&url, &database::Options::default()).await?),
        None => None,
    };
    for (at, (callers, seconds)) in (0..).zip([(64, 8), (512, 8), (4_096, 10), (8_192, 10)]) {
        let (name, store): (_, Arc<dyn Store>) = match &pool {
            Some(pool) => {
                database::migrate(pool, &MIGRATOR).await?;
                ("postgres", Arc::new(Postgres::new(pool.clone(), 0)))
            }
            None => ("memory", Arc::new(Memory::new(0))),
        };
        let (rate, times) = closed_loop(store, callers, seconds, clock.now_ms() + at * 10_000_000).await?;
        let (p50, p99) = (times.value_at_quantile(0.5), times.value_at_quantile(0.99));
        writeln!(out, "{name} {callers} callers: {rate}/s, p50 {p50} us, p99 {p99} us")?;
    }
    Ok(())
}
