//! Loopback ports for servers that are killed and restarted. They lie below the range that the kernel gives to clients,
//! so nobody takes one as his own while its server is down; a lock file a port keeps other test processes off it.
use anyhow::{Context, Result, bail};
use std::fs::{File, OpenOptions};
use std::net::{Ipv4Addr, TcpListener};
use std::sync::{Mutex, PoisonError};

const FIRST: u16 = 20_000;
const COUNT: u16 = 11_000;

/// Held until this process ends.
static TAKEN: Mutex<Vec<(u16, File)>> = Mutex::new(Vec::new());

/// Where a stack's servers listen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PortPlan {
    /// The documented ports of `cargo xtask up`.
    Fixed,
    /// Any free ones: tests, demo and benches run beside it and beside each other.
    Free,
}

impl PortPlan {
    /// The fixed port, checked to be free, or any free one.
    ///
    /// # Errors
    /// The fixed port is in use by another program; the sentence names both.
    pub fn port(self, what: &str, fixed: u16) -> Result<u16> {
        match self {
            Self::Free => free_port(),
            Self::Fixed if listens_nowhere(fixed) => Ok(fixed),
            Self::Fixed => bail!("port {fixed} for {what} is in use by another program"),
        }
    }
}

/// A loopback port that nobody uses and that no other test process will be given.
///
/// # Errors
/// None is left, or the temporary folder can't be written.
pub fn free_port() -> Result<u16> {
    let folder = std::env::temp_dir().join("house-edge-ports");
    std::fs::create_dir_all(&folder).context("no folder for port locks")?;
    let mut taken = TAKEN.lock().unwrap_or_else(PoisonError::into_inner);
    let start = u16::try_from(u64::from(std::process::id()) * 37 % u64::from(COUNT)).unwrap_or(0);
    for step in 0..COUNT {
        let port = FIRST + (start + step) % COUNT;
        if taken.iter().any(|(held, _)| *held == port) {
            continue;
        }
        let lock = OpenOptions::new().create(true).append(true).open(folder.join(port.to_string()))?;
        if lock.try_lock().is_ok() && listens_nowhere(port) {
            taken.push((port, lock));
            return Ok(port);
        }
    }
    bail!("no free port between {FIRST} and {}", FIRST + COUNT)
}

fn listens_nowhere(port: u16) -> bool {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_ports_are_never_the_same() {
        let (one, other) = (free_port().unwrap(), free_port().unwrap());
        assert_ne!(one, other);
        assert!(listens_nowhere(one));
    }

    #[test]
    fn a_port_in_use_is_named_with_what_wanted_it() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let error = PortPlan::Fixed.port("the core's HTTP", port).unwrap_err().to_string();
        assert!(error.contains(&port.to_string()) && error.contains("the core's HTTP"), "{error}");
    }
}
