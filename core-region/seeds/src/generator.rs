//! fair1's generator with its sources, its clock and its list of reseedings (fairness.md section 1).
//!
//! Promise: it reseeds before an output when 60 s or 2^16 outputs have passed, and when wall time jumped against monotonic
//! time, as it does when a suspended machine goes on; a reseeding that can't be written down in time stops it.
//! A failed hardware source stops new seeds but not other randomness; a failed system source stops everything.

use clock::SharedClock;
use fairness::{Drbg, Entropy, Seed, lease_seed};
use zeroize::Zeroizing;

use crate::source::{Hardware, Sources};
use crate::{SeedsError, limits};

/// One reseeding, to be written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Reseeding {
    pub(crate) number: u64,
    pub(crate) at_ms: u64,
    pub(crate) with_hardware: bool,
    /// Chance for its row's id, so that it is the same row however often it is written.
    pub(crate) random: [u8; 10],
}

pub(crate) struct Generator {
    drbg: Drbg,
    sources: Sources,
    clock: SharedClock,
    /// Wall time less monotonic time at the last reseeding.
    offset_ms: i128,
    /// Why no seed may be made.
    stopped: Option<SeedsError>,
    unlogged: Vec<Reseeding>,
}

impl Generator {
    /// A generator that was just seeded.
    pub(crate) fn start(hardware: Hardware, clock: SharedClock) -> Result<Self, SeedsError> {
        let mut sources = Sources::new(hardware);
        let (entropy, stopped) = gather(&mut sources)?;
        let with_hardware = entropy.processor.is_some();
        let drbg = Drbg::start(entropy, monotonic_ms(&clock));
        let offset_ms = offset_ms(&clock);
        let mut started = Self { drbg, sources, clock, offset_ms, stopped, unlogged: Vec::new() };
        started.note(with_hardware)?;
        Ok(started)
    }

    /// 32 bytes that nobody saw and nobody can find again.
    pub(crate) fn output(&mut self) -> Result<Zeroizing<[u8; 32]>, SeedsError> {
        self.reseed_if_due()?;
        self.drawn()
    }

    fn drawn(&mut self) -> Result<Zeroizing<[u8; 32]>, SeedsError> {
        self.drbg.output(monotonic_ms(&self.clock)).map_err(|due| SeedsError::NoRandomness(due.to_string()))
    }

    /// A new lease's seed.
    pub(crate) fn seed(&mut self) -> Result<Seed, SeedsError> {
        let output = self.output()?;
        self.healthy()?;
        let system = self.sources.system()?;
        Ok(lease_seed(&output, &system))
    }

    /// Whether seeds may be made.
    pub(crate) fn healthy(&self) -> Result<(), SeedsError> {
        match &self.stopped {
            None => Ok(()),
            Some(SeedsError::Unhealthy { origin, fault }) => Err(SeedsError::Unhealthy { origin, fault: *fault }),
            Some(other) => Err(SeedsError::NoHardware(other.to_string())),
        }
    }

    /// Reseeds when the time, the number of outputs or a jump of the clock asks for it.
    pub(crate) fn reseed_if_due(&mut self) -> Result<(), SeedsError> {
        let jumped = self.offset_ms.abs_diff(offset_ms(&self.clock)) > u128::from(limits::CLOCK_SKEW_MS);
        if !jumped && !self.drbg.reseed_due(monotonic_ms(&self.clock)) {
            return Ok(());
        }
        if self.unlogged.len() >= limits::MAX_UNLOGGED_RESEEDS {
            return Err(SeedsError::LogBehind);
        }
        let (entropy, stopped) = gather(&mut self.sources)?;
        let with_hardware = entropy.processor.is_some();
        self.drbg.reseed(entropy, monotonic_ms(&self.clock));
        self.offset_ms = offset_ms(&self.clock);
        self.stopped = self.stopped.take().or(stopped);
        self.note(with_hardware)
    }

    /// Remembers the reseeding that just was.
    fn note(&mut self, with_hardware: bool) -> Result<(), SeedsError> {
        let output = self.drawn()?;
        let mut random = [0; 10];
        random.iter_mut().zip(output.iter()).for_each(|(to, from)| *to = *from);
        self.unlogged.push(Reseeding {
            number: self.drbg.reseeds(),
            at_ms: self.clock.now_ms(),
            with_hardware,
            random,
        });
        Ok(())
    }

    /// The reseedings that are not written down yet. They stay until [`Generator::logged`] is told.
    pub(crate) fn unlogged(&self) -> Vec<Reseeding> {
        self.unlogged.clone()
    }

    /// All reseedings up to this number are written down.
    pub(crate) fn logged(&mut self, number: u64) {
        self.unlogged.retain(|reseeding| reseeding.number > number);
    }
}

/// Fresh bytes of every source, and the hardware's failure if it failed.
fn gather(sources: &mut Sources) -> Result<(Entropy, Option<SeedsError>), SeedsError> {
    let system = *sources.system()?;
    match sources.hardware() {
        Ok(processor) => Ok((Entropy { system, processor: processor.map(|bytes| *bytes), jitter: None }, None)),
        Err(error) => {
            tracing::error!(%error, "the hardware entropy source failed: new leases are stopped");
            metrics::counter!("seeds_source_failures_total").increment(1);
            Ok((Entropy { system, processor: None, jitter: None }, Some(error)))
        }
    }
}

fn monotonic_ms(clock: &SharedClock) -> u64 {
    u64::try_from(clock.monotonic().as_millis()).unwrap_or(u64::MAX)
}

fn offset_ms(clock: &SharedClock) -> i128 {
    i128::from(clock.now_ms()) - i128::from(monotonic_ms(clock))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use clock::{Clock, ManualClock};

    use super::*;

    fn manual() -> (Generator, Arc<ManualClock>) {
        let clock = Arc::new(ManualClock::at(1_700_000_000_000));
        (Generator::start(Hardware::Absent, clock.clone()).unwrap(), clock)
    }

    #[test]
    fn it_reseeds_after_sixty_seconds_and_says_so() {
        let (mut generator, clock) = manual();
        generator.output().unwrap();
        assert_eq!(generator.unlogged().len(), 1);
        clock.advance(60_000);
        generator.output().unwrap();
        let reseedings = generator.unlogged();
        assert_eq!(reseedings.iter().map(|one| one.number).collect::<Vec<_>>(), [1, 2]);
        generator.logged(1);
        assert_eq!(generator.unlogged(), reseedings[1..]);
    }

    #[test]
    fn it_reseeds_after_65536_outputs() {
        let (mut generator, _) = manual();
        for _ in 0..=65_536 {
            generator.output().unwrap();
        }
        assert_eq!(generator.unlogged().len(), 2);
    }

    #[test]
    fn it_reseeds_when_a_suspended_machine_goes_on() {
        let (mut generator, clock) = manual();
        clock.set_wall(clock.now_ms() + 5_000);
        generator.output().unwrap();
        assert_eq!(generator.unlogged().len(), 2);
    }

    #[test]
    fn a_log_that_is_never_written_stops_it() {
        let (mut generator, clock) = manual();
        let stopped = (0..=limits::MAX_UNLOGGED_RESEEDS).any(|_| {
            clock.advance(60_000);
            matches!(generator.output(), Err(SeedsError::LogBehind))
        });
        assert!(stopped);
        generator.logged(u64::MAX);
        assert!(generator.output().is_ok());
    }

    #[test]
    fn a_stuck_hardware_source_stops_seeds_and_nothing_else() {
        let clock = Arc::new(ManualClock::at(1));
        let mut generator = Generator::start(Hardware::Device("/dev/zero".into()), clock).unwrap();
        assert!(generator.output().is_ok());
        assert!(matches!(generator.seed(), Err(SeedsError::Unhealthy { origin: "hardware", .. })));
    }

    #[test]
    fn no_two_seeds_are_equal() {
        let (mut generator, _) = manual();
        let seeds: std::collections::BTreeSet<[u8; 32]> =
            (0..1000).map(|_| *generator.seed().unwrap().as_bytes()).collect();
        assert_eq!(seeds.len(), 1000);
    }
}
