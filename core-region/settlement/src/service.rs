//! The room put together: one settler a shard, the comparer of told results, the replayer.

use std::collections::BTreeMap;
use std::sync::Arc;

use bus::{Bus, ConsumeOptions};
use clock::SharedClock;
use execution::Tables;
use ledger::Ledger;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use wire::subjects::{ROUND_SHARDS, rounds_all_stream};

use crate::books::Books;
use crate::error::SettleError;
use crate::lag::Lag;
use crate::logs::Logs;
use crate::replay::Replayer;
use crate::shard::{OnBroken, Shard};
use crate::told::ToldReader;

/// The durable consumer of every stream that this room reads.
const DURABLE: &str = "settle";

/// What the room stands on.
pub struct Settlement {
    /// The hub.
    pub bus: Bus,
    /// Where leases come from.
    pub books: Books,
    /// The ledger.
    pub ledger: Ledger,
    /// The games.
    pub tables: Arc<Tables>,
    /// Time.
    pub clock: SharedClock,
    /// Told of broken components.
    pub on_broken: OnBroken,
    /// Where the settlers show how far they are behind.
    pub lag: Arc<Lag>,
}

impl Settlement {
    /// Starts all settlers on `tasks`, until `cancel`.
    ///
    /// # Errors
    /// [`SettleError::Bus`] when a consumer can't be made.
    pub async fn start(&self, tasks: &TaskTracker, cancel: &CancellationToken) -> Result<(), SettleError> {
        for shard in 0..ROUND_SHARDS {
            let settler = self.shard(shard).await?;
            tasks.spawn(settler.run(cancel.clone()));
        }
        let options = consume("TOLD_ALL".to_owned());
        let consumer = self.bus.consume(options).await?;
        let (pool, clock, lag) = (self.books.pool.clone(), Arc::clone(&self.clock), Arc::clone(&self.lag));
        let reader = ToldReader { consumer, pool, clock, lag };
        tasks.spawn(reader.run(cancel.clone()));
        Ok(())
    }

    /// One shard's settler.
    ///
    /// # Errors
    /// [`SettleError::Bus`] when its consumer can't be made.
    pub async fn shard(&self, shard: u16) -> Result<Shard, SettleError> {
        Ok(Shard {
            shard,
            consumer: self.bus.consume(consume(rounds_all_stream(shard))).await?,
            books: self.books.clone(),
            ledger: self.ledger.clone(),
            tables: Arc::clone(&self.tables),
            clock: Arc::clone(&self.clock),
            on_broken: Arc::clone(&self.on_broken),
            lag: Arc::clone(&self.lag),
            logs: Logs::new(self.bus.clone()),
            held: BTreeMap::new(),
            gap_tries: 0,
            chased: std::time::Duration::ZERO,
        })
    }

    /// The replayer of this room's logs.
    #[must_use]
    pub fn replayer(&self) -> Replayer {
        Replayer { logs: Logs::new(self.bus.clone()), books: self.books.clone(), tables: Arc::clone(&self.tables) }
    }
}

fn consume(stream: String) -> ConsumeOptions {
    ConsumeOptions { domain: None, stream, durable: DURABLE.to_owned(), filter: None }
}
