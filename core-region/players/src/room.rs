//! The room's handle.

use std::fmt;
use std::sync::Arc;

use clock::SharedClock;
use database::Pool;
use ids::{PlayerId, SessionId};
use tokio::sync::Semaphore;

use crate::{AccessKey, PlayersError, limits};

/// Where random bytes come from: the seeds room's generator.
pub type Random = Arc<dyn Fn() -> Option<[u8; 32]> + Send + Sync>;

/// The room. Cheap to clone.
#[derive(Clone)]
pub struct Players {
    pub(crate) pool: Pool,
    pub(crate) clock: SharedClock,
    pub(crate) key: Arc<AccessKey>,
    random: Random,
    pub(crate) hashing: Arc<Semaphore>,
    pub(crate) waiting: Arc<Semaphore>,
}

impl fmt::Debug for Players {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Players(..)")
    }
}

impl Players {
    /// The room over `pool`, whose tables are there already.
    #[must_use]
    pub fn new(pool: Pool, clock: SharedClock, key: AccessKey, random: Random) -> Self {
        Self {
            pool,
            clock,
            key: Arc::new(key),
            random,
            hashing: Arc::new(Semaphore::new(limits::HASHES_AT_ONCE)),
            waiting: Arc::new(Semaphore::new(limits::HASHES_WAITING)),
        }
    }

    /// The key that access tokens are checked with.
    #[must_use]
    pub fn access_key(&self) -> &AccessKey {
        &self.key
    }

    pub(crate) fn random(&self) -> Result<[u8; 32], PlayersError> {
        (self.random)().ok_or(PlayersError::NoRandomness)
    }

    pub(crate) fn new_player(&self) -> Result<PlayerId, PlayersError> {
        Ok(PlayerId::at(self.clock.now_ms(), first_ten(self.random()?)))
    }

    pub(crate) fn new_session(&self) -> Result<SessionId, PlayersError> {
        Ok(SessionId::at(self.clock.now_ms(), first_ten(self.random()?)))
    }

    pub(crate) fn now_signed(&self) -> i64 {
        i64::try_from(self.clock.now_ms()).unwrap_or(i64::MAX)
    }
}

fn first_ten(random: [u8; 32]) -> [u8; 10] {
    let mut ten = [0; 10];
    ten.iter_mut().zip(random).for_each(|(to, from)| *to = from);
    ten
}
