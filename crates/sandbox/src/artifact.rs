//! The one unsafe step of the house: native code from a file.
//!
//! Compiled code that was tampered with runs with this process's rights; no check of wasmtime's can tell. The SHA-256
//! beside it catches damage, not malice: whoever can write the directory can write both. Against malice stands the
//! directory: [`crate::cache`] uses only one that this user owns and nobody else can write.

use sha2::{Digest, Sha256};
use wasmtime::Engine;
use wasmtime::component::Component;

/// Compiled code: this process's own, or read with the SHA-256 that was recorded when this user wrote it.
pub(crate) struct Artifact(Vec<u8>);

impl Artifact {
    /// `None` when the bytes aren't those that were recorded.
    pub(crate) fn verified(bytes: Vec<u8>, recorded: &[u8; 32]) -> Option<Self> {
        let actual: [u8; 32] = Sha256::digest(&bytes).into();
        (actual == *recorded).then_some(Self(bytes))
    }

    /// What this process compiled itself.
    pub(crate) fn compiled(component: &Component) -> wasmtime::Result<Self> {
        component.serialize().map(Self)
    }

    /// As it is written to disk.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// The compiled component, or `None` when this engine can't use it (other version or settings).
    #[expect(unsafe_code, reason = "loading ahead-of-time compiled code is unsafe by nature; see the safety comment")]
    pub(crate) fn load(&self, engine: &Engine) -> Option<Component> {
        // SAFETY: the bytes must come from `Component::serialize`. Either this process made them (`compiled`), or they
        // were read from a directory that only this user can write, under a name that includes the exact engine, and
        // have the SHA-256 that was recorded when this crate wrote them (`verified`); they are in memory, so nobody
        // can change them between the check and here.
        unsafe { Component::deserialize(engine, &self.0) }.ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_single_changed_bit_is_refused() {
        let recorded: [u8; 32] = Sha256::digest(b"code").into();
        assert!(Artifact::verified(b"code".to_vec(), &recorded).is_some());
        assert!(Artifact::verified(b"codf".to_vec(), &recorded).is_none());
    }
}
