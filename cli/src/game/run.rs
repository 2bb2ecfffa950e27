//! Many rounds on all cores, shared out in blocks.
//!
//! Promise: the sums are the same for a seed whatever the number of threads, since block `n` always holds the same rounds and sums
//! commute. Cost: one instance a thread. What may go wrong: the first deal without a result ends the run; it is named.

use std::num::NonZero;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use indicatif::{ProgressBar, ProgressStyle};
use sandbox::{Deal, Table};

use super::chance::{Chance, block_key};
use super::course::{Call, Course, Round};
use super::problem::Problem;
use super::seat::Seat;
use super::tally::Tally;

/// Rounds of one block.
pub(crate) const BLOCK: u64 = 4096;

/// What is kept of the rounds that a thread plays.
pub(crate) trait Record: Default + Send {
    /// Block `number` begins.
    fn block(&mut self, _number: u64) {}
    /// A deal was played.
    fn deal(&mut self, _call: Call, _deal: &Deal) {}
    /// A round is over.
    fn round(&mut self, round: &Round);
    /// Takes over what another thread kept.
    fn merge(&mut self, other: Self);
}

impl Record for Tally {
    fn round(&mut self, round: &Round) {
        self.add(round);
    }
    fn merge(&mut self, other: Self) {
        Tally::merge(self, &other);
    }
}

/// How much is played, from which seed, on how many threads.
#[derive(Clone, Copy)]
pub(crate) struct Plan<'a> {
    pub(crate) seed: &'a str,
    pub(crate) rounds: u64,
    pub(crate) threads: NonZero<usize>,
}

/// As many threads as there are processors.
pub(crate) fn all_cores() -> NonZero<usize> {
    std::thread::available_parallelism().unwrap_or(NonZero::<usize>::MIN)
}

/// A bar over `rounds` on a terminal's standard error, nothing elsewhere.
pub(crate) fn bar(rounds: u64, what: &'static str) -> ProgressBar {
    let template = "{msg} {wide_bar} {human_pos}/{human_len} {per_sec} {eta}";
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(rounds).with_style(style).with_message(what)
}

/// Plays the plan on seats that `sit` makes, one a thread.
pub(crate) fn run<S: Seat, R: Record>(
    course: Course<'_>,
    plan: Plan<'_>,
    progress: &ProgressBar,
    table: &Table,
    sit: impl Fn(Table) -> S + Sync,
) -> Result<R, Problem> {
    let (next, stop) = (AtomicU64::new(0), AtomicBool::new(false));
    let work = || {
        let mut seat = sit(table.clone());
        let mut record = R::default();
        while !stop.load(Ordering::Relaxed) {
            let block = next.fetch_add(1, Ordering::Relaxed);
            let begun = block.saturating_mul(BLOCK);
            if begun >= plan.rounds {
                break;
            }
            let rounds = BLOCK.min(plan.rounds.saturating_sub(begun));
            let done = play_block(course, &mut seat, &mut record, plan.seed, block, rounds);
            done.inspect_err(|_| stop.store(true, Ordering::Relaxed))?;
            progress.inc(rounds);
        }
        Ok(record)
    };
    let records = std::thread::scope(|scope| {
        let threads: Vec<_> = (1..plan.threads.get()).map(|_| scope.spawn(work)).collect();
        let mine = work();
        let theirs = threads.into_iter().map(|thread| match thread.join() {
            Ok(record) => record,
            Err(panic) => std::panic::resume_unwind(panic),
        });
        std::iter::once(mine).chain(theirs).collect::<Result<Vec<R>, Problem>>()
    })?;
    let mut sum = R::default();
    records.into_iter().for_each(|record| sum.merge(record));
    Ok(sum)
}

fn play_block(
    course: Course<'_>,
    seat: &mut impl Seat,
    record: &mut impl Record,
    seed: &str,
    block: u64,
    rounds: u64,
) -> Result<(), Problem> {
    let key = block_key(seed, block);
    let mut chance = Chance::new(&key);
    record.block(block);
    for _ in 0..rounds {
        let round = course.round(seat, &mut chance, |call, deal| record.deal(call, deal))?;
        record.round(&round);
    }
    Ok(())
}
