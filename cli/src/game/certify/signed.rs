//! The certificate's file: `{"certificate":…,"key":…,"signature":…}`, canonical JSON.
//!
//! The signature is Ed25519 over `house.game.certificate.1`, a zero byte, and the canonical text of `certificate`. A key file holds 64
//! hex digits; one that doesn't exist is made, readable by its owner alone.

use std::fs::{self, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use ed25519_dalek::{Signer, SigningKey};
use sandbox::canonical::{CanonicalError, canonicalise};
use serde_json::{Value, json};

const DOMAIN: &[u8] = b"house.game.certificate.1\0";

/// Why nothing is signed.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    #[error("the key file {}: {error}", path.display())]
    File { path: PathBuf, error: io::Error },
    #[error("the key file {} does not hold 64 hex digits", .0.display())]
    NotAKey(PathBuf),
    #[error("no home directory is known for the key: give --key FILE")]
    NoHome,
    #[error("the certificate has no canonical form: {0}")]
    Canonical(#[from] CanonicalError),
}

/// Where the key is unless said otherwise: `~/.config/house/certify.key`.
pub(super) fn default_key() -> Result<PathBuf, Failure> {
    std::env::home_dir().map(|home| home.join(".config/house/certify.key")).ok_or(Failure::NoHome)
}

/// Reads the key, or makes one.
pub(super) fn key(path: &Path) -> Result<SigningKey, Failure> {
    let failed = |error| Failure::File { path: path.to_owned(), error };
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => make(path).map_err(failed)?,
        Err(error) => return Err(failed(error)),
    };
    let mut secret = [0; 32];
    hex::decode_to_slice(text.trim(), &mut secret).map_err(|_| Failure::NotAKey(path.to_owned()))?;
    Ok(SigningKey::from_bytes(&secret))
}

/// 32 bytes of the operating system's generator, in hex.
fn make(path: &Path) -> io::Result<String> {
    let mut secret = [0; 32];
    fs::File::open("/dev/urandom")?.read_exact(&mut secret)?;
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let text = format!("{}\n", hex::encode(secret));
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?.write_all(text.as_bytes())?;
    Ok(text)
}

/// The file's text.
pub(super) fn sign(certificate: &Value, key: &SigningKey) -> Result<String, Failure> {
    let text = canonicalise(&certificate.to_string())?;
    let signature = key.sign(&[DOMAIN, text.as_bytes()].concat());
    let file = json!({
        "certificate": certificate,
        "key": hex::encode(key.verifying_key().as_bytes()),
        "signature": hex::encode(signature.to_bytes()),
    });
    Ok(canonicalise(&file.to_string())?)
}

#[cfg(test)]
mod tests {
    use ed25519_dalek::{Signature, Verifier, VerifyingKey};
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_certificate_verifies_and_a_changed_one_does_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys/certify.key");
        let made = key(&path).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(key(&path).unwrap().to_bytes(), made.to_bytes());
        let file = sign(&json!({"passed": true, "game": "dice"}), &made).unwrap();
        assert!(file.starts_with(r#"{"certificate":{"game":"dice","passed":true},"key":""#), "{file}");
        let read: Value = serde_json::from_str(&file).unwrap();
        let signature: [u8; 64] = hex::decode(read["signature"].as_str().unwrap()).unwrap().try_into().unwrap();
        let public: [u8; 32] = hex::decode(read["key"].as_str().unwrap()).unwrap().try_into().unwrap();
        let verify = |text: &str| {
            let message = [DOMAIN, text.as_bytes()].concat();
            VerifyingKey::from_bytes(&public).unwrap().verify(&message, &Signature::from_bytes(&signature))
        };
        assert!(verify(r#"{"game":"dice","passed":true}"#).is_ok());
        assert!(verify(r#"{"game":"dice","passed":false}"#).is_err());
    }

    #[test]
    fn a_file_that_is_no_key_is_refused_and_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("certify.key");
        fs::write(&path, "secret").unwrap();
        assert!(matches!(key(&path), Err(Failure::NotAKey(_))));
        assert_eq!(fs::read_to_string(&path).unwrap(), "secret");
    }
}
