//! Whether a process can do its work now, and what is missing when it can't.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

type Check = Box<dyn Fn() -> bool + Send + Sync>;

/// Named conditions; the process is ready when all hold.
#[derive(Clone, Default)]
pub struct Readiness {
    checks: Arc<Mutex<BTreeMap<&'static str, Check>>>,
}

impl fmt::Debug for Readiness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Readiness").field("missing", &self.missing()).finish()
    }
}

/// One condition that its owner sets.
#[derive(Clone, Debug)]
pub struct Flag(Arc<AtomicBool>);

impl Flag {
    /// The condition holds from now on.
    pub fn up(&self) {
        self.0.store(true, Ordering::Release);
    }

    /// The condition does not hold any more.
    pub fn down(&self) {
        self.0.store(false, Ordering::Release);
    }
}

impl Readiness {
    /// A condition that is asked each time, and must answer at once. One of the same name is replaced.
    pub fn check(&self, name: &'static str, holds: impl Fn() -> bool + Send + Sync + 'static) {
        self.checks.lock().unwrap_or_else(PoisonError::into_inner).insert(name, Box::new(holds));
    }

    /// A condition that its owner sets; down at first.
    #[must_use]
    pub fn flag(&self, name: &'static str) -> Flag {
        let flag = Flag(Arc::new(AtomicBool::new(false)));
        let read = flag.0.clone();
        self.check(name, move || read.load(Ordering::Acquire));
        flag
    }

    /// The conditions that don't hold, by name; none when the process is ready.
    #[must_use]
    pub fn missing(&self) -> Vec<&'static str> {
        let checks = self.checks.lock().unwrap_or_else(PoisonError::into_inner);
        checks.iter().filter(|(_, holds)| !holds()).map(|(name, _)| *name).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_is_ready_when_every_condition_holds() {
        let readiness = Readiness::default();
        let synced = readiness.flag("sync");
        let linked = Arc::new(AtomicBool::new(false));
        let seen = linked.clone();
        readiness.check("nats", move || seen.load(Ordering::Acquire));
        assert_eq!(readiness.missing(), ["nats", "sync"]);
        linked.store(true, Ordering::Release);
        synced.up();
        assert!(readiness.missing().is_empty());
        synced.down();
        assert_eq!(readiness.missing(), ["sync"]);
    }
}
