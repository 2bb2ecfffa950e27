//! Secrets in files: 32 bytes as 64 hex digits, readable by their owner alone, never overwritten.

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

use zeroize::Zeroizing;

use crate::KeyError;

/// Reads a secret.
///
/// # Errors
/// [`KeyError`] when it is missing, open to others, or no key.
pub(crate) fn load(path: &Path) -> Result<Zeroizing<[u8; 32]>, KeyError> {
    let io = |source| KeyError::Io { path: path.to_owned(), source };
    let file = File::open(path).map_err(io)?;
    if file.metadata().map_err(io)?.permissions().mode() & 0o077 != 0 {
        return Err(KeyError::TooOpen(path.to_owned()));
    }
    let mut text = Zeroizing::new(String::new());
    file.take(128).read_to_string(&mut text).map_err(io)?;
    let mut key = Zeroizing::new([0; 32]);
    let digits = text.trim_end();
    let lowercase = digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    match hex::decode_to_slice(digits, &mut *key) {
        Ok(()) if lowercase => Ok(key),
        _ => Err(KeyError::Malformed(path.to_owned())),
    }
}

/// Makes a secret from the system's randomness and writes it, durably, where no file was.
///
/// # Errors
/// [`KeyError`]; a file that exists is left alone.
pub(crate) fn generate(path: &Path) -> Result<Zeroizing<[u8; 32]>, KeyError> {
    let io = |source| KeyError::Io { path: path.to_owned(), source };
    let mut key = Zeroizing::new([0; 32]);
    let source = Path::new("/dev/urandom");
    File::open(source)
        .and_then(|mut file| file.read_exact(&mut *key))
        .map_err(|error| KeyError::Io { path: source.to_owned(), source: error })?;
    let text = Zeroizing::new(format!("{}\n", hex::encode(key.as_slice())));
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).map_err(io)?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(io)?;
    Ok(key)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_secret_reads_back_is_its_owners_alone_and_is_never_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        let made = generate(&path).unwrap();
        assert_eq!(load(&path).unwrap(), made);
        assert!(matches!(generate(&path), Err(KeyError::Io { .. })));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        assert!(matches!(load(&path), Err(KeyError::TooOpen(_))));
    }

    #[test]
    fn a_file_without_a_key_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in [("empty", ""), ("short", "00ff"), ("upper", &"AB".repeat(32))] {
            let path = folder.path().join(name);
            fs::write(&path, text).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
            assert!(matches!(load(&path), Err(KeyError::Malformed(_))), "{name}");
        }
    }
}
