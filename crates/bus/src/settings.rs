//! The `[nats]` table of every binary's configuration.

use std::io;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::BusOptions;

/// Where the server is and who we are to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Such as `nats://127.0.0.1:4222`: the region's own server, or the hub.
    pub url: String,
    /// The user, whose permissions are in the server's configuration.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// The file that holds the password, and nothing else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password_file: Option<PathBuf>,
}

/// The password's file can't be read.
#[derive(Debug, thiserror::Error)]
#[error("password file {path}: {source}")]
pub struct SettingsError {
    /// The file.
    pub path: PathBuf,
    /// Why not.
    pub source: io::Error,
}

impl Settings {
    /// A server that asks for no user.
    #[must_use]
    pub fn open(url: impl Into<String>) -> Self {
        Self { url: url.into(), user: None, password_file: None }
    }

    /// Options for a connection called `name`, with answers under `_INBOX_<user>`.
    ///
    /// # Errors
    /// [`SettingsError`] when the password can't be read.
    pub fn options(&self, name: &str) -> Result<BusOptions, SettingsError> {
        let mut options = BusOptions::new(self.url.clone(), name);
        if let Some(path) = &self.password_file {
            let text = std::fs::read_to_string(path).map_err(|source| SettingsError { path: path.clone(), source })?;
            options.password = Some(text.trim_end().to_owned());
        }
        if let Some(user) = &self.user {
            options.inbox_prefix = format!("_INBOX_{user}");
            options.user = Some(user.clone());
        }
        Ok(options)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_users_answers_come_to_its_own_inbox_and_its_password_from_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("password");
        std::fs::write(&path, "secret\n").unwrap();
        let text = format!("url = \"nats://127.0.0.1:1\"\nuser = \"core\"\npassword_file = {:?}\n", path);
        let settings: Settings = toml::from_str(&text).unwrap();
        let options = settings.options("core-server").unwrap();
        assert_eq!(options.inbox_prefix, "_INBOX_core");
        assert_eq!((options.user.as_deref(), options.password.as_deref()), (Some("core"), Some("secret")));
        assert!(toml::from_str::<Settings>("url = \"x\"\npasword = \"y\"").is_err());
    }
}
