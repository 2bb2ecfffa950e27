//! How fast: a fresh instance a deal beside a reused one and the same rules natively, one thread beside two, and a cold load.
//!
//! Both sides of a ratio alternate within the run and the median of the repeats counts, so that a busy moment of the
//! machine hits both. Native rules run with the same draws from the same keys, and are not hashed or judged.

use std::hint::black_box;
use std::sync::Barrier;
use std::time::Duration;

use anyhow::{Result, anyhow, bail};
use sandbox::{CacheUse, Host, HostOptions, Simulator, Table};
use telemetry::Timer;

use super::games::{Call, HouseGame, Native, key};
use crate::bench::latency::{Latencies, repeat};
use crate::bench::report::{Report, median, rate};

const REPEATS: usize = 7;
/// Deals of one repeat: some tenths of a second each.
const FRESH: u64 = 40_000;
const REUSED: u64 = 150_000;
const NATIVE: u64 = 400_000;
const LOADS: usize = 40;

/// Deals a second on one thread, fresh, reused, native.
pub(super) fn one_thread(report: &mut Report) -> Result<()> {
    let host = Host::new(HostOptions { slots: 8, ..HostOptions::default() })?;
    let table = HouseGame::SlotLines.table(&host)?;
    let (mut fresh, mut reused, mut native, mut latencies) = (vec![], vec![], vec![], Latencies::default());
    for _ in 0..REPEATS {
        fresh.push(rate(FRESH, time_fresh(&table, 0..FRESH)?));
        native.push(rate(NATIVE, time_native()?));
        reused.push(rate(REUSED, time_reused(&table)?));
        latencies.push(repeat(each_fresh(&table)?)?);
    }
    let ratio = median(&fresh.iter().zip(&native).map(|(fresh, native)| native / fresh).collect::<Vec<_>>());
    let (fresh, reused, native) = (median(&fresh), median(&reused), median(&native));
    let (p50, p99) = (latencies.micros(0.5), latencies.micros(0.99));
    report.figure("slot_fresh_deals_per_s", fresh);
    report.figure("slot_reused_deals_per_s", reused);
    report.figure("slot_native_deals_per_s", native);
    report.figure("slot_fresh_p50_us", p50);
    report.figure("slot_fresh_p99_us", p99);
    report.at_least("slot_fresh_deals_per_s", fresh, 150_000.0);
    report.at_most("slot_fresh_over_native", ratio, 20.0);
    report.at_most("slot_fresh_p99_over_p50", p99 / p50, 3.0);
    Ok(())
}

fn time_fresh(table: &Table, deals: std::ops::Range<u64>) -> Result<Duration> {
    let timer = Timer::start();
    for n in deals {
        let bets = HouseGame::SlotLines.bets(n);
        black_box(table.play(key(n), &bets)).map_err(|error| anyhow!("{error}"))?;
    }
    Ok(timer.elapsed())
}

fn each_fresh(table: &Table) -> Result<Vec<Duration>> {
    let mut each = Vec::new();
    for n in 0..FRESH {
        let (key, bets) = (key(n), HouseGame::SlotLines.bets(n));
        let timer = Timer::start();
        black_box(table.play(key, &bets)).map_err(|error| anyhow!("{error}"))?;
        each.push(timer.elapsed());
    }
    Ok(each)
}

fn time_reused(table: &Table) -> Result<Duration> {
    let mut simulator = Simulator::new(table.clone());
    let timer = Timer::start();
    for n in 0..REUSED {
        let bets = HouseGame::SlotLines.bets(n);
        black_box(simulator.play(key(n), &bets)).map_err(|error| anyhow!("{error}"))?;
    }
    Ok(timer.elapsed())
}

fn time_native() -> Result<Duration> {
    let config = HouseGame::SlotLines.config()?;
    let timer = Timer::start();
    for n in 0..NATIVE {
        let (mut draws, bets) = (Native::new(key(n)), HouseGame::SlotLines.bets(n));
        black_box(HouseGame::SlotLines.natively(config.as_str(), &Call::Play(&bets), &mut draws)?);
    }
    Ok(timer.elapsed())
}

/// What a second thread adds.
pub(super) fn two_threads(report: &mut Report) -> Result<()> {
    let host = Host::new(HostOptions { slots: 8, ..HostOptions::default() })?;
    let table = HouseGame::SlotLines.table(&host)?;
    let (mut one, mut two) = (vec![], vec![]);
    for _ in 0..REPEATS {
        one.push(rate(FRESH, on_threads(&table, 1)?));
        two.push(rate(2 * FRESH, on_threads(&table, 2)?));
    }
    let scaling = median(&one.iter().zip(&two).map(|(one, two)| two / one).collect::<Vec<_>>());
    report.figure("slot_one_thread_deals_per_s", median(&one));
    report.figure("slot_two_threads_deals_per_s", median(&two));
    report.at_least("slot_two_threads_over_one", scaling, 1.85);
    Ok(())
}

/// Until the last of `threads` threads has played its share, all of them starting together.
fn on_threads(table: &Table, threads: usize) -> Result<Duration> {
    let start = Barrier::new(threads);
    let work = |thread: usize| {
        let first = u64::try_from(thread).unwrap_or(0) * FRESH;
        start.wait();
        time_fresh(table, first..first + FRESH)
    };
    let times = std::thread::scope(|scope| {
        let work = &work;
        let workers: Vec<_> = (0..threads).map(|thread| scope.spawn(move || work(thread))).collect();
        workers.into_iter().map(|worker| worker.join().map_err(|_| anyhow!("a worker died"))).collect::<Vec<_>>()
    });
    let mut slowest = Duration::ZERO;
    for time in times {
        slowest = slowest.max(time??);
    }
    Ok(slowest)
}

/// From a compiled game on disk to its manifest, which takes an instance, and to its first deal.
pub(super) fn cold_load(report: &mut Report) -> Result<()> {
    let folder = tempfile::tempdir()?;
    for game in HouseGame::ALL {
        let (wasm, config) = (game.wasm()?, game.config()?);
        let host = Host::new(HostOptions { slots: 8, ..HostOptions::default() })?;
        host.load_cached(&wasm, folder.path())?;
        let (mut loads, mut opens) = (vec![], vec![]);
        for n in 0..LOADS {
            let timer = Timer::start();
            let (loaded, CacheUse::Hit) = host.load_cached(&wasm, folder.path())? else {
                bail!("the cache was not hit")
            };
            loads.push(timer.elapsed().as_secs_f64() * 1_000.0);
            let table = loaded.open(config.clone()).map_err(|error| anyhow!("{error}"))?;
            let deal = table.play(key(u64::try_from(n)?), &game.bets(0));
            opens.push(timer.elapsed().as_secs_f64() * 1_000.0);
            black_box(deal).map_err(|error| anyhow!("{error}"))?;
        }
        let name = game.name().replace('-', "_");
        report.figure(format!("{name}.cold_load_ms"), median(&loads));
        report.figure(format!("{name}.cold_load_to_first_deal_ms"), median(&opens));
        report.at_most(&format!("{name}.cold_load_to_first_deal_ms"), median(&opens), 1.0);
    }
    Ok(())
}
