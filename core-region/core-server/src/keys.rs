//! The core's secrets: one file each, 64 hex digits, readable by their owner alone.
//!
//! Missing ones are made only for an empty database. On any other the start is refused: with another `seeds.key` no stored
//! seed opens, and so no running lease can be settled; with another `player-tag.key` players' pseudonyms would change.

use std::io;
use std::path::{Path, PathBuf};

use api::OperatorToken;
use ed25519_dalek::SigningKey;
use players::AccessKey;
use seeds::{CoreSigner, KeyFileError, SecretFile};
use serde::{Deserialize, Serialize};
use wire::v1::Hex;
use zeroize::Zeroizing;

use crate::config::Config;

/// What the rooms need.
pub struct Keys {
    /// Under which seeds are stored.
    pub seeds: Zeroizing<[u8; 32]>,
    /// Behind players' pseudonyms.
    pub player_tag: Zeroizing<[u8; 32]>,
    /// Signs offers and openings.
    pub signer: CoreSigner,
    /// Signs access tokens.
    pub access: AccessKey,
    /// What operators show, when there are operator's pages.
    pub operator: Option<OperatorToken>,
}

/// The public halves, as JSON in `core.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublicKeys {
    /// Ed25519: offers and openings verify with it.
    pub signing_public: Hex<32>,
    /// Ed25519: access tokens verify with it; edges are configured with it.
    pub token_public: Hex<32>,
}

/// Why there are no keys.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    /// A file is no secret.
    #[error(transparent)]
    File(#[from] KeyFileError),
    /// A file is missing although the database holds what depends on it.
    #[error("key file {0} is missing, but the database is not empty: put it back")]
    Missing(PathBuf),
    /// Reading or writing.
    #[error("{path}: {source}")]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// How it failed.
        source: io::Error,
    },
    /// The access token's key.
    #[error("{path}: {source}")]
    Access {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: players::PlayersError,
    },
    /// The operator's token.
    #[error("{path}: {source}")]
    Operator {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: api::TokenTooShort,
    },
}

/// The files of a folder of secrets.
struct Files {
    seeds: SecretFile,
    player_tag: SecretFile,
    signing: SecretFile,
}

impl Files {
    fn of(folder: &Path) -> Self {
        let file = |name: &str| SecretFile::at(folder.join(name));
        Self { seeds: file("seeds.key"), player_tag: file("player-tag.key"), signing: file("signing.key") }
    }
}

impl Keys {
    /// Reads the keys that `config` names. Missing ones are made when the database `is_empty`.
    ///
    /// # Errors
    /// [`KeysError`].
    pub fn load(config: &Config, is_empty: bool) -> Result<Self, KeysError> {
        let files = Files::of(&config.secrets_dir);
        if is_empty {
            make_folder(&config.secrets_dir)?;
        }
        let token = SecretFile::at(&config.token_secret_file);
        let signing = secret(&files.signing, is_empty)?;
        Ok(Self {
            seeds: secret(&files.seeds, is_empty)?,
            player_tag: secret(&files.player_tag, is_empty)?,
            signer: CoreSigner::from_secret(&signing),
            access: access_key(&token, is_empty)?,
            operator: config.operator.as_ref().map(|operator| operator_token(&operator.token_file)).transpose()?,
        })
    }
}

fn secret(file: &SecretFile, may_make: bool) -> Result<Zeroizing<[u8; 32]>, KeysError> {
    match file.load() {
        Err(KeyFileError::Io { source, .. }) if source.kind() == io::ErrorKind::NotFound => {
            if may_make {
                Ok(file.generate()?)
            } else {
                Err(KeysError::Missing(file.path().to_owned()))
            }
        }
        other => Ok(other?),
    }
}

fn access_key(file: &SecretFile, may_make: bool) -> Result<AccessKey, KeysError> {
    let seed = secret(file, may_make)?;
    let public = SigningKey::from_bytes(&seed).verifying_key().to_bytes();
    let path = || file.path().to_owned();
    AccessKey::try_new(&seed, &public).map_err(|source| KeysError::Access { path: path(), source })
}

fn operator_token(path: &Path) -> Result<OperatorToken, KeysError> {
    let io = |source| KeysError::Io { path: path.to_owned(), source };
    if !path.exists() {
        SecretFile::at(path).generate()?;
    }
    let text = Zeroizing::new(std::fs::read_to_string(path).map_err(io)?);
    OperatorToken::try_new(text.trim()).map_err(|source| KeysError::Operator { path: path.to_owned(), source })
}

fn make_folder(folder: &Path) -> Result<(), KeysError> {
    std::fs::create_dir_all(folder).map_err(|source| KeysError::Io { path: folder.to_owned(), source })
}

/// Makes `seeds.key`, `player-tag.key`, `signing.key`, `token.key` and `core.json` in `folder`.
///
/// # Errors
/// [`KeysError`]; keys that exist are left alone.
pub fn keygen(folder: &Path) -> Result<PublicKeys, KeysError> {
    make_folder(folder)?;
    let files = Files::of(folder);
    files.seeds.generate()?;
    files.player_tag.generate()?;
    let signing = files.signing.generate()?;
    let token = SecretFile::at(folder.join("token.key")).generate()?;
    let public = |secret: &[u8; 32]| Hex(SigningKey::from_bytes(secret).verifying_key().to_bytes());
    let keys = PublicKeys { signing_public: public(&signing), token_public: public(&token) };
    let path = folder.join("core.json");
    std::fs::write(&path, wire::encode(&keys)).map_err(|source| KeysError::Io { path, source })?;
    Ok(keys)
}

#[cfg(test)]
mod tests {
    use crate::config::Operator;

    use super::*;

    fn config(folder: &Path) -> Config {
        let listen = std::net::SocketAddr::from(([127, 0, 0, 1], 0));
        Config {
            secrets_dir: folder.join("core"),
            token_secret_file: folder.join("core/token.key"),
            operator: Some(Operator { listen, token_file: folder.join("operator.token") }),
            ..Config::default()
        }
    }

    #[test]
    fn keys_are_made_for_an_empty_database_kept_and_never_made_again_for_another() {
        let folder = tempfile::tempdir().unwrap();
        let config = config(folder.path());
        assert!(matches!(Keys::load(&config, false), Err(KeysError::Missing(_))));
        let made = Keys::load(&config, true).unwrap();
        let kept = Keys::load(&config, false).unwrap();
        assert_eq!((&made.seeds, &made.player_tag), (&kept.seeds, &kept.player_tag));
        assert_eq!(made.signer.public(), kept.signer.public());
        assert_eq!(made.access.public_bytes(), kept.access.public_bytes());
        std::fs::remove_file(config.secrets_dir.join("seeds.key")).unwrap();
        let error = Keys::load(&config, false).err().unwrap();
        assert!(error.to_string().contains("seeds.key"), "{error}");
    }

    #[test]
    fn keygen_makes_what_load_reads_and_overwrites_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let config = config(folder.path());
        let public = keygen(&config.secrets_dir).unwrap();
        let keys = Keys::load(&config, false).unwrap();
        assert_eq!(keys.signer.public(), public.signing_public);
        assert_eq!(keys.access.public_bytes(), public.token_public.0);
        let text = std::fs::read(config.secrets_dir.join("core.json")).unwrap();
        assert_eq!(wire::decode::<PublicKeys>(&text).unwrap(), public);
        assert!(keygen(&config.secrets_dir).is_err());
    }

    #[test]
    fn a_short_operators_token_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let config = config(folder.path());
        std::fs::write(folder.path().join("operator.token"), "short").unwrap();
        assert!(matches!(Keys::load(&config, true), Err(KeysError::Operator { .. })));
    }
}
