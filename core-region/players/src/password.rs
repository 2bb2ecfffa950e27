//! Passwords: Argon2id with the parameters of OWASP's recommendation (19 MiB, 2 passes), in a PHC string.

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};

use crate::{Players, PlayersError};

impl Players {
    /// The PHC string of `password`.
    pub(crate) async fn hash(&self, password: String) -> Result<String, PlayersError> {
        let salt = self.random()?;
        self.in_turn(move || {
            let (salt, _) = salt.split_at(16);
            let hash: PasswordHash = Argon2::default()
                .hash_password_with_salt(password.as_bytes(), salt)
                .map_err(|_| PlayersError::BadPassword)?;
            Ok(hash.to_string())
        })
        .await
    }

    /// Whether `password` is the one of `stored`.
    pub(crate) async fn matches(&self, password: String, stored: String) -> Result<bool, PlayersError> {
        self.in_turn(move || {
            let stored = PasswordHash::new(&stored)
                .map_err(|_| PlayersError::Internal("a stored password hash can't be read"))?;
            Ok(Argon2::default().verify_password(password.as_bytes(), &stored).is_ok())
        })
        .await
    }

    /// Runs an expensive hash on the machine's pool, a few at a time, with a bounded queue before it.
    async fn in_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, PlayersError> + Send + 'static,
    ) -> Result<T, PlayersError> {
        let _place = self.waiting.try_acquire().map_err(|_| PlayersError::Busy)?;
        let _turn = self.hashing.acquire().await.map_err(|_| PlayersError::Busy)?;
        tokio::task::spawn_blocking(work).await.map_err(|_| PlayersError::Internal("a hashing worker died"))?
    }
}
