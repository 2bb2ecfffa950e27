//! What the handlers stand on.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use clock::SharedClock;
use leases::Leases;
use ledger::Ledger;
use money::Amount;
use players::Players;
use serde::{Deserialize, Serialize};
use settlement::{Lag, Replayer};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use wire::v1::Hex;

use crate::limits;
use crate::operator::OperatorToken;
use crate::rate::Rate;

/// What an operator can set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    /// Pages whose scripts may call (`https://play.example`).
    pub allowed_origins: Vec<String>,
    /// Proxies of ours in front: the caller's address is that many entries from the right of `X-Forwarded-For`. 0 without.
    pub proxies: usize,
    /// Requests a second that one player, or one address without a player, may send in the long run.
    pub requests_per_second: u32,
    /// Requests that it may send at once.
    pub burst: u32,
    /// Most of one sandbox deposit, minor units.
    pub max_deposit_minor: Amount,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            allowed_origins: Vec::new(),
            proxies: 0,
            requests_per_second: 100,
            burst: 1_000,
            max_deposit_minor: Amount::from_minor(1_000_000_000),
        }
    }
}

/// The rooms behind the interface.
pub struct Parts {
    /// The core's database.
    pub pool: database::Pool,
    /// Time.
    pub clock: SharedClock,
    /// Accounts and sessions.
    pub players: Players,
    /// Money.
    pub ledger: Ledger,
    /// Leases and the catalogue.
    pub leases: Arc<Leases>,
    /// Deals recomputed, for bundles.
    pub replayer: Replayer,
    /// How far settlement is behind.
    pub lag: Arc<Lag>,
    /// The core's public signing key.
    pub core_key: Hex<32>,
    /// What operators show; without one, nobody is an operator.
    pub operator_token: Option<OperatorToken>,
    /// What the operator set.
    pub options: Options,
}

/// The interface. Cheap to clone.
#[derive(Clone)]
pub struct Api(Arc<Inner>);

struct Inner {
    parts: Parts,
    rate: Rate,
    bundling: Semaphore,
}

impl Api {
    /// The interface to these rooms.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        let rate = Rate::new(&parts.options);
        Self(Arc::new(Inner { parts, rate, bundling: Semaphore::new(limits::BUNDLES_AT_ONCE) }))
    }

    /// Keeps the rate limit's table small, until `cancel`.
    pub async fn upkeep(self, cancel: CancellationToken) {
        loop {
            tokio::select! {
                () = cancel.cancelled() => return,
                () = tokio::time::sleep(limits::RATE_UPKEEP) => self.0.rate.forget_idle(),
            }
        }
    }
}

impl Deref for Api {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0.parts
    }
}

impl Api {
    pub(crate) fn rate(&self) -> &Rate {
        &self.0.rate
    }

    pub(crate) fn bundling(&self) -> &Semaphore {
        &self.0.bundling
    }
}

impl fmt::Debug for Api {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Api").field("options", &self.options).finish_non_exhaustive()
    }
}
