//! Key-value buckets: the newest value of each key, changed under its revision, watched from the newest values on.

use std::fmt;

use async_nats::jetstream::kv::{Operation, Store, UpdateErrorKind, Watch as NatsWatch};
use bytes::Bytes;
use futures::StreamExt;

use crate::journal::context;
use crate::{Bus, BusError};

/// A bucket.
#[derive(Clone)]
pub struct Kv {
    store: Store,
    name: String,
}

impl fmt::Debug for Kv {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Kv").field("bucket", &self.name).finish_non_exhaustive()
    }
}

/// A key's value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// It.
    pub value: Bytes,
    /// What [`Kv::update`] asks for; grows with each change in the bucket.
    pub revision: u64,
}

/// A key that was set or removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The key.
    pub key: String,
    /// Its value; none when it was removed.
    pub value: Option<Bytes>,
    /// The change's revision.
    pub revision: u64,
}

/// The values of all keys, then every change.
pub struct Watch {
    changes: NatsWatch,
    name: String,
}

impl fmt::Debug for Watch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watch").field("bucket", &self.name).finish_non_exhaustive()
    }
}

impl Bus {
    /// The bucket `name` of `domain`; of the connected server's own without one.
    ///
    /// # Errors
    /// [`BusError`] when it does not exist or can't be reached.
    pub async fn kv(&self, domain: Option<&str>, name: &str) -> Result<Kv, BusError> {
        let found = context(&self.client, domain).get_key_value(name).await;
        let store = found.map_err(|error| BusError::nats(format!("bucket {name}"), error))?;
        Ok(Kv { store, name: name.to_owned() })
    }
}

impl Kv {
    /// The value of `key`, if it has one.
    ///
    /// # Errors
    /// [`BusError`].
    pub async fn get(&self, key: &str) -> Result<Option<Entry>, BusError> {
        let entry = self.store.entry(key).await.map_err(|error| self.failed("get", key, error))?;
        let live = entry.filter(|entry| entry.operation == Operation::Put);
        Ok(live.map(|entry| Entry { value: entry.value, revision: entry.revision }))
    }

    /// Sets `key`, whatever it was, and gives its new revision.
    ///
    /// # Errors
    /// [`BusError`].
    pub async fn put(&self, key: &str, value: Bytes) -> Result<u64, BusError> {
        self.store.put(key, value).await.map_err(|error| self.failed("put", key, error))
    }

    /// Sets `key` if it stands at `revision` still (0: if it was never set), and gives its new revision.
    ///
    /// # Errors
    /// [`BusError::WrongRevision`] when it does not, or another [`BusError`].
    pub async fn update(&self, key: &str, value: Bytes, revision: u64) -> Result<u64, BusError> {
        self.store.update(key, value, revision).await.map_err(|error| match error.kind() {
            UpdateErrorKind::WrongLastRevision => BusError::WrongRevision(key.to_owned()),
            _ => self.failed("update", key, error),
        })
    }

    /// The newest value of every key, and then every change, as they come.
    ///
    /// # Errors
    /// [`BusError`].
    pub async fn watch_all(&self) -> Result<Watch, BusError> {
        let watched = self.store.watch_with_history(">").await;
        let changes = watched.map_err(|error| self.failed("watch", "all keys", error))?;
        Ok(Watch { changes, name: self.name.clone() })
    }

    fn failed(&self, doing: &str, key: &str, error: impl Into<async_nats::Error>) -> BusError {
        BusError::nats(format!("{doing} {key} in bucket {}", self.name), error)
    }
}

impl Watch {
    /// The next change; none when the connection was drained.
    ///
    /// # Errors
    /// [`BusError`]: the watch is over, and is to be made anew.
    pub async fn next(&mut self) -> Option<Result<Change, BusError>> {
        let entry = match self.changes.next().await? {
            Ok(entry) => entry,
            Err(error) => return Some(Err(BusError::nats(format!("watch bucket {}", self.name), error))),
        };
        let value = (entry.operation == Operation::Put).then_some(entry.value);
        Some(Ok(Change { key: entry.key, value, revision: entry.revision }))
    }
}
