//! No system call a deal, proved instead of counted: a thread warms up, asks the kernel for strict seccomp, and plays on.
//!
//! From then on the kernel kills the thread at any system call but read, write, exit and sigreturn, so every deal that it
//! still finishes made none of the others; and the deal's code does no file IO. Because a killed thread may take a lock with
//! it, this happens in a process of its own: `stack bench sandbox --silent-deals N`.

use std::hint::black_box;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use rustix::thread::{SecureComputingMode, set_secure_computing_mode};
use sandbox::{Host, HostOptions};

use super::games::{HouseGame, key};
use crate::bench::report::{Report, count};

/// Deals that must be silent.
const DEALS: u64 = 50_000;
/// Deals before the thread is watched: pages are mapped and arenas grown by then.
const WARM_UP: u64 = 5_000;
/// A thread that does not go on for so long is dead.
const PATIENCE: Duration = Duration::from_secs(3);

/// Plays in a process of its own and notes how far it came.
pub(super) fn check(report: &mut Report) -> Result<()> {
    let own = std::env::current_exe().context("this process doesn't know its own program")?;
    let mut command = Command::new(own);
    command.args(["bench", "sandbox", "--silent-deals", &DEALS.to_string()]);
    let output = command.output().context("the silent process")?;
    let said = String::from_utf8_lossy(&output.stdout);
    let played: u64 = said.trim().parse().map_err(|_| {
        anyhow!("the silent process said `{}`, {}", said.trim(), String::from_utf8_lossy(&output.stderr).trim())
    })?;
    report.figure("slot_deals_without_a_system_call", count(played));
    report.at_least("slot_deals_without_a_system_call", count(played), count(DEALS));
    Ok(())
}

/// Plays `deals` deals without a system call; how many were finished.
///
/// # Errors
/// The games are missing, or this kernel has no strict seccomp.
pub(super) fn play_silently(deals: u64) -> Result<u64> {
    let (played, watched) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicBool::new(false)));
    let (count, flag) = (Arc::clone(&played), Arc::clone(&watched));
    let worker = std::thread::spawn(move || -> Result<()> {
        let host = Host::new(HostOptions { slots: 8, lanes: 1, ..HostOptions::default() })?;
        let table = HouseGame::SlotLines.table(&host)?;
        let deal = |n: u64| black_box(table.play(key(n), &HouseGame::SlotLines.bets(n))).map(drop);
        for n in 0..WARM_UP {
            deal(n).map_err(|error| anyhow!("{error}"))?;
        }
        set_secure_computing_mode(SecureComputingMode::Strict).context("strict seccomp")?;
        flag.store(true, Ordering::Release);
        for n in WARM_UP..WARM_UP + deals {
            if deal(n).is_err() {
                break;
            }
            count.fetch_add(1, Ordering::Release);
        }
        // Nothing that ends a thread is allowed any more: the process ends it.
        loop {
            std::hint::spin_loop();
        }
    });
    let (mut before, mut idle) = (0, Duration::ZERO);
    let tick = Duration::from_millis(20);
    while before < deals && idle < PATIENCE {
        std::thread::sleep(tick);
        if worker.is_finished() && !watched.load(Ordering::Acquire) {
            let ended = worker.join().map_err(|_| anyhow!("the silent thread died"))?;
            bail!(ended.err().map_or_else(|| "the silent thread ended".to_owned(), |error| format!("{error:#}")));
        }
        let now = played.load(Ordering::Acquire);
        idle = if now == before && watched.load(Ordering::Acquire) { idle + tick } else { Duration::ZERO };
        before = now;
    }
    Ok(before)
}
