//! Secrets in files: 32 bytes as 64 hex digits, readable by their owner alone.
//!
//! Promise: a file that others may read is refused; a new one is made with mode 0600 and never overwrites another.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::error::KeyFileError;
use crate::source::system_bytes;

/// A file that holds one secret of 32 bytes.
#[derive(Clone, Debug)]
pub struct SecretFile(PathBuf);

impl SecretFile {
    /// The file at `path`, which need not exist yet.
    #[must_use]
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The secret.
    ///
    /// # Errors
    /// [`KeyFileError`] when it is missing, open to others, or no key.
    pub fn load(&self) -> Result<Zeroizing<[u8; 32]>, KeyFileError> {
        let mut file = File::open(&self.0).map_err(|source| self.io(source))?;
        let mode = file.metadata().map_err(|source| self.io(source))?.permissions().mode() & 0o7777;
        if mode & 0o077 != 0 {
            return Err(KeyFileError::TooOpen { path: self.0.clone(), mode });
        }
        let mut text = Zeroizing::new(String::new());
        Read::by_ref(&mut file).take(128).read_to_string(&mut text).map_err(|source| self.io(source))?;
        let mut key = Zeroizing::new([0; 32]);
        let digits = text.trim_end();
        let lowercase = digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        match hex::decode_to_slice(digits, &mut *key) {
            Ok(()) if lowercase => Ok(key),
            _ => Err(KeyFileError::Malformed { path: self.0.clone() }),
        }
    }

    /// Makes a new secret and writes it, durably, where no file was.
    ///
    /// # Errors
    /// [`KeyFileError`]; a file that exists is left alone.
    pub fn generate(&self) -> Result<Zeroizing<[u8; 32]>, KeyFileError> {
        let key = system_bytes::<32>().map_err(KeyFileError::NoRandomness)?;
        let text = Zeroizing::new(format!("{}\n", hex::encode(key.as_slice())));
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&self.0)
            .map_err(|source| self.io(source))?;
        file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(|source| self.io(source))?;
        Ok(key)
    }

    /// The secret; a new one when there is no file yet.
    ///
    /// # Errors
    /// [`KeyFileError`].
    pub fn load_or_generate(&self) -> Result<Zeroizing<[u8; 32]>, KeyFileError> {
        match self.load() {
            Err(KeyFileError::Io { source, .. }) if source.kind() == io::ErrorKind::NotFound => self.generate(),
            other => other,
        }
    }

    fn io(&self, source: io::Error) -> KeyFileError {
        KeyFileError::Io { path: self.0.clone(), source }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_secret_is_made_once_kept_and_closed_to_others() {
        let folder = tempfile::tempdir().unwrap();
        let file = SecretFile::at(folder.path().join("key"));
        let made = file.load_or_generate().unwrap();
        assert_eq!(file.load_or_generate().unwrap(), made);
        assert_eq!(fs::metadata(file.path()).unwrap().permissions().mode() & 0o777, 0o600);
        assert!(matches!(file.generate(), Err(KeyFileError::Io { .. })));
        fs::set_permissions(file.path(), fs::Permissions::from_mode(0o640)).unwrap();
        assert!(matches!(file.load(), Err(KeyFileError::TooOpen { mode: 0o640, .. })));
    }

    #[test]
    fn a_file_that_holds_no_key_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in [("empty", ""), ("short", "00ff"), ("upper", &"AB".repeat(32)), ("long", &"00".repeat(33))]
        {
            let file = SecretFile::at(folder.path().join(name));
            fs::write(file.path(), text).unwrap();
            fs::set_permissions(file.path(), fs::Permissions::from_mode(0o600)).unwrap();
            assert!(matches!(file.load(), Err(KeyFileError::Malformed { .. })), "{name}");
        }
    }
}
