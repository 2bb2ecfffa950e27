//! A core module with embedded interface types -> a validated component. Done by the library, not by an outside tool,
//! so that every machine has the same encoder version.
use anyhow::Result;
use wit_component::ComponentEncoder;

/// The component of one module.
///
/// # Errors
/// The module has no interface types, imports something outside its world, or the result doesn't validate.
pub(super) fn encode(module: &[u8]) -> Result<Vec<u8>> {
    ComponentEncoder::default().validate(true).module(module)?.encode()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_are_no_module_are_refused() {
        assert!(encode(b"not a module").is_err());
    }

    #[test]
    fn a_module_with_an_import_of_its_own_is_refused() {
        // (module (import "env" "f" (func)))
        let module = b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\x02\x09\x01\x03env\x01f\0\0";
        assert!(encode(module).is_err());
    }
}
