//! `dealer keygen`: makes both key pairs of a dealer, and the file of public halves that the core and verifiers need.

use std::path::{Path, PathBuf};

use ids::DealerId;
use serde::{Deserialize, Serialize};
use wire::v1::Hex;

use crate::{DealerKeys, KeyError, key_file};

/// The dealer's public keys, as JSON in `<out>/dealer.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublicKeys {
    /// Whose.
    pub dealer: DealerId,
    /// X25519: the core seals lease keys to it.
    pub hpke_public: Hex<32>,
    /// Ed25519: receipts verify with it.
    pub signing_public: Hex<32>,
}

/// The secret that the HPKE key pair follows from.
#[must_use]
pub fn hpke_file(folder: &Path) -> PathBuf {
    folder.join("hpke.key")
}

/// The Ed25519 secret.
#[must_use]
pub fn signing_file(folder: &Path) -> PathBuf {
    folder.join("signing.key")
}

/// Makes `hpke.key`, `signing.key` and `dealer.json` in `folder`.
///
/// # Errors
/// [`KeyError`]; keys that exist are left alone.
pub fn keygen(dealer: DealerId, folder: &Path) -> Result<PublicKeys, KeyError> {
    let io = |path: &Path| {
        let path = path.to_owned();
        move |source| KeyError::Io { path, source }
    };
    std::fs::create_dir_all(folder).map_err(io(folder))?;
    let hpke = key_file::generate(&hpke_file(folder))?;
    let signing = key_file::generate(&signing_file(folder))?;
    let keys = DealerKeys::new(&hpke, &signing);
    let public = PublicKeys { dealer, hpke_public: keys.hpke_public(), signing_public: keys.signing_public() };
    let path = folder.join("dealer.json");
    std::fs::write(&path, wire::encode(&public)).map_err(io(&path))?;
    Ok(public)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_public_file_belongs_to_the_keys_made_and_nothing_is_made_twice() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("dealer-west");
        let public = keygen("dealer-west".parse().unwrap(), &out).unwrap();
        let keys = DealerKeys::load(&hpke_file(&out), &signing_file(&out)).unwrap();
        assert_eq!((keys.hpke_public(), keys.signing_public()), (public.hpke_public, public.signing_public));
        let text = std::fs::read(out.join("dealer.json")).unwrap();
        assert_eq!(wire::decode::<PublicKeys>(&text).unwrap(), public);
        assert!(keygen("dealer-west".parse().unwrap(), &out).is_err());
    }
}
