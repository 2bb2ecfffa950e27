//! One check: its name, whether it holds, what was found.

use serde_json::{Value, json};

use crate::game::problem::Problem;

/// A check that was made.
#[derive(Clone, Debug)]
pub(super) struct Check {
    pub(super) name: &'static str,
    /// What is promised when it holds.
    pub(super) promise: &'static str,
    /// Why it doesn't hold; empty when it does.
    pub(super) faults: Vec<String>,
    /// Numbers and digests, canonical JSON.
    pub(super) found: Value,
}

impl Check {
    pub(super) fn new(name: &'static str, promise: &'static str) -> Self {
        Self { name, promise, faults: Vec::new(), found: json!({}) }
    }

    pub(super) fn passed(&self) -> bool {
        self.faults.is_empty()
    }

    /// Records something that was found.
    pub(super) fn find(&mut self, key: &str, value: Value) {
        if let Value::Object(found) = &mut self.found {
            found.insert(key.to_owned(), value);
        }
    }

    /// Records a fault unless `holds`.
    pub(super) fn expect(&mut self, holds: bool, fault: impl FnOnce() -> String) {
        if !holds {
            self.faults.push(fault());
        }
    }

    /// What came of a run; a run that ended early is a fault.
    pub(super) fn take<T>(&mut self, what: &str, run: Result<T, Problem>) -> Option<T> {
        run.inspect_err(|problem| self.faults.push(format!("{what}: {problem}"))).ok()
    }

    pub(super) fn as_json(&self) -> Value {
        json!({"faults": self.faults, "found": self.found, "name": self.name, "passed": self.passed()})
    }
}
