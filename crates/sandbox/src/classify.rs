//! From wasmtime's errors to fates. An error that isn't known for this machine's fault is the guest's: the canonical
//! ABI reports everything a guest can do wrong with a result as a plain message.

use wasmtime::{PoolConcurrencyLimitError, Trap};

use crate::verdict::{Infra, Misbehaviour, NoDeal, Void};

/// Where a call ended that has no result.
#[derive(Debug)]
pub(crate) enum Broken {
    Guest(Misbehaviour),
    Infra(Infra),
}

impl From<Broken> for NoDeal {
    fn from(broken: Broken) -> Self {
        match broken {
            Broken::Guest(misbehaviour) => Self::Void(Void::Misbehaved(misbehaviour)),
            Broken::Infra(infra) => Self::Infra(infra),
        }
    }
}

/// The fate of a failed call.
pub(crate) fn called(error: &wasmtime::Error) -> Broken {
    known(error).unwrap_or_else(|| Broken::Guest(Misbehaviour::BadValue { reason: format!("{error:#}") }))
}

/// The fate of a failed instantiation: a start function can misbehave, everything else is ours.
pub(crate) fn instantiated(error: &wasmtime::Error) -> Broken {
    known(error).unwrap_or_else(|| Broken::Infra(Infra::Instantiate { reason: format!("{error:#}") }))
}

fn known(error: &wasmtime::Error) -> Option<Broken> {
    if let Some(misbehaviour) = error.downcast_ref::<Misbehaviour>() {
        return Some(Broken::Guest(misbehaviour.clone()));
    }
    if let Some(infra) = error.downcast_ref::<Infra>() {
        return Some(Broken::Infra(infra.clone()));
    }
    if error.is::<PoolConcurrencyLimitError>() {
        return Some(Broken::Infra(Infra::PoolExhausted));
    }
    if error.is::<wasmtime::OutOfMemory>() || error.is::<rustix::io::Errno>() {
        return Some(Broken::Infra(Infra::HostMemory));
    }
    error.downcast_ref::<Trap>().map(|trap| trapped(*trap))
}

fn trapped(trap: Trap) -> Broken {
    match trap {
        Trap::Interrupt => Broken::Infra(Infra::Deadline),
        Trap::OutOfFuel => Broken::Guest(Misbehaviour::OutOfFuel),
        Trap::StackOverflow => Broken::Guest(Misbehaviour::Stack),
        Trap::UnreachableCodeReached => Broken::Guest(Misbehaviour::Unreachable),
        other => Broken::Guest(Misbehaviour::Trap { trap: other.to_string() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_epoch_is_never_a_verdict() {
        let error = wasmtime::Error::new(Trap::Interrupt);
        assert!(matches!(called(&error), Broken::Infra(Infra::Deadline)));
    }

    #[test]
    fn an_unknown_failure_of_a_call_is_the_guests_and_of_an_instantiation_ours() {
        let error = wasmtime::Error::msg("something new");
        assert!(matches!(called(&error), Broken::Guest(Misbehaviour::BadValue { .. })));
        assert!(matches!(instantiated(&error), Broken::Infra(Infra::Instantiate { .. })));
    }
}
