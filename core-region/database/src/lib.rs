//! Postgres as the core's rooms use it: one pool, one way to run a transaction, one error type.
//!
//! Promises: no room sees a `sqlx::Error`; every failure is one of the fates of [`DbError`]; a transaction that the
//! database asks to repeat, or whose connection died before its COMMIT, is run again a bounded and counted number of times;
//! one that may have committed never is. Each room keeps its own migrations in its own range of versions (ledger 1001..,
//! seeds 2001.., players 3001.., leases 4001.., settlement 5001..) and all of them share one database.
//! Costs: a transaction is BEGIN, your statements and COMMIT, one round trip each.
//! What may go wrong: a repeated transaction runs its closure again, so the closure does nothing but SQL. A closure that captures
//! a reference makes the caller's future not `Send` ("implementation of `Send` is not general enough"): write `async move`, and
//! capture owned values, clones or `Arc`s; inside they are borrowed anew at each try.
//!
//! ```no_run
//! # async fn example(pool: &database::Pool) -> Result<(), database::DbError> {
//! let name = String::from("ana");
//! let players: i64 = database::run_tx(pool, "count_players", async move |tx| {
//!     let query = sqlx::query_scalar("SELECT count(*) FROM players WHERE name = $1").bind(&name);
//!     Ok::<_, database::DbError>(query.fetch_one(tx).await?)
//! })
//! .await?;
//! # let _ = players;
//! # Ok(())
//! # }
//! ```

mod connect;
mod error;
pub mod limits;
pub mod testing;
mod tx;

pub use connect::{Options, connect, migrate};
pub use error::{BoxedError, DbError};
pub use tx::{AsDbError, read_snapshot, run_tx};

/// A pool of Postgres connections.
pub type Pool = sqlx::PgPool;
