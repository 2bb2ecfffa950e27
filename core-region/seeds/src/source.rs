//! Raw entropy: the operating system, and a hardware generator where the machine shows one as a device.
//!
//! Promise: every byte passes the continuous health tests of SP 800-90B before it is used. The processor's RDSEED has no
//! safe interface here: name the device that shows it (`/dev/hwrng`), or its 32 bytes are zeros, as fair1 allows. Timing
//! jitter is not collected and its bytes are zeros. What may go wrong: a device that blocks delays a reseeding.

use std::fs::File;
use std::io::Read;
use std::path::PathBuf;

use fairness::SourceHealth;
use zeroize::Zeroizing;

use crate::SeedsError;

/// The hardware source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Hardware {
    /// None: zeros stand in its place.
    #[default]
    Absent,
    /// A character device that gives raw bytes.
    Device(PathBuf),
}

/// All sources, each with its health.
pub(crate) struct Sources {
    hardware: Hardware,
    system_health: SourceHealth,
    hardware_health: SourceHealth,
}

impl Sources {
    pub(crate) fn new(hardware: Hardware) -> Self {
        Self { hardware, system_health: SourceHealth::new(), hardware_health: SourceHealth::new() }
    }

    /// 32 bytes of the operating system's generator.
    pub(crate) fn system(&mut self) -> Result<Zeroizing<[u8; 32]>, SeedsError> {
        let bytes = system_bytes::<32>().map_err(SeedsError::NoRandomness)?;
        self.system_health.observe(&*bytes).map_err(|fault| SeedsError::Unhealthy { origin: "system", fault })?;
        Ok(bytes)
    }

    /// 32 bytes of the hardware, if there is one.
    pub(crate) fn hardware(&mut self) -> Result<Option<Zeroizing<[u8; 32]>>, SeedsError> {
        let Hardware::Device(path) = &self.hardware else { return Ok(None) };
        let mut bytes = Zeroizing::new([0; 32]);
        File::open(path)
            .and_then(|mut device| device.read_exact(&mut *bytes))
            .map_err(|error| SeedsError::NoHardware(error.to_string()))?;
        self.hardware_health.observe(&*bytes).map_err(|fault| SeedsError::Unhealthy { origin: "hardware", fault })?;
        Ok(Some(bytes))
    }
}

/// Bytes straight from the operating system, untested: for the first key of an installation.
pub(crate) fn system_bytes<const N: usize>() -> Result<Zeroizing<[u8; N]>, String> {
    let mut bytes = Zeroizing::new([0; N]);
    getrandom::fill(&mut *bytes).map_err(|error| error.to_string())?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stuck_device_is_unhealthy_and_a_missing_one_is_named() {
        let mut stuck = Sources::new(Hardware::Device("/dev/zero".into()));
        assert!(matches!(stuck.hardware(), Err(SeedsError::Unhealthy { origin: "hardware", .. })));
        let mut gone = Sources::new(Hardware::Device("/dev/no-such-device".into()));
        assert!(matches!(gone.hardware(), Err(SeedsError::NoHardware(_))));
    }

    #[test]
    fn a_good_device_and_the_system_give_fresh_bytes() {
        let mut sources = Sources::new(Hardware::Device("/dev/urandom".into()));
        assert_ne!(sources.hardware().unwrap(), sources.hardware().unwrap());
        assert_ne!(sources.system().unwrap(), sources.system().unwrap());
        assert_eq!(Sources::new(Hardware::Absent).hardware().unwrap(), None);
    }
}
