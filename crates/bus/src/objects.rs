//! Object stores: files too large for one message, in pieces. The library checks each object's SHA-256 against its entry;
//! whoever fetches by digest checks the bytes against that digest again, since an entry is only a name.

use std::fmt;
use std::io;

use async_nats::jetstream::object_store::{GetErrorKind, ObjectMetadata, ObjectStore};
use bytes::Bytes;
use tokio::io::AsyncReadExt;

use crate::journal::context;
use crate::{Bus, BusError, limits};

/// A store.
#[derive(Clone)]
pub struct Objects {
    store: ObjectStore,
    name: String,
}

impl fmt::Debug for Objects {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Objects").field("store", &self.name).finish_non_exhaustive()
    }
}

impl Bus {
    /// The object store `name` of `domain`; of the connected server's own without one.
    ///
    /// # Errors
    /// [`BusError`] when it does not exist or can't be reached.
    pub async fn objects(&self, domain: Option<&str>, name: &str) -> Result<Objects, BusError> {
        let found = context(&self.client, domain).get_object_store(name).await;
        let store = found.map_err(|error| BusError::nats(format!("object store {name}"), error))?;
        Ok(Objects { store, name: name.to_owned() })
    }
}

impl Objects {
    /// The object `name`, at most [`limits::MAX_OBJECT_BYTES`] long.
    ///
    /// # Errors
    /// [`BusError::NotFound`], [`BusError::TooLong`] or another [`BusError`].
    pub async fn get(&self, name: &str) -> Result<Bytes, BusError> {
        let object = format!("object {name} of {}", self.name);
        tokio::time::timeout(limits::OBJECT_TIMEOUT, self.read(name, &object))
            .await
            .map_err(|_| BusError::Timeout(object.clone()))?
    }

    async fn read(&self, name: &str, object: &str) -> Result<Bytes, BusError> {
        let found = self.store.get(name).await.map_err(|error| match error.kind() {
            GetErrorKind::NotFound => BusError::NotFound(object.to_owned()),
            _ => BusError::nats(object, error),
        })?;
        let size = found.info().size;
        if size > limits::MAX_OBJECT_BYTES {
            return Err(BusError::TooLong(object.to_owned()));
        }
        let mut bytes = Vec::with_capacity(size);
        let bound = u64::try_from(limits::MAX_OBJECT_BYTES).unwrap_or(u64::MAX);
        found.take(bound).read_to_end(&mut bytes).await.map_err(|error: io::Error| BusError::nats(object, error))?;
        if bytes.len() == size { Ok(bytes.into()) } else { Err(BusError::nats(object, "shorter than its entry says")) }
    }

    /// Stores `bytes` as `name`. An object of that name with the same bytes stays as it is.
    ///
    /// # Errors
    /// [`BusError::TooLong`] above [`limits::MAX_OBJECT_BYTES`], or another [`BusError`].
    pub async fn put(&self, name: &str, bytes: &[u8]) -> Result<(), BusError> {
        let object = format!("object {name} of {}", self.name);
        if bytes.len() > limits::MAX_OBJECT_BYTES {
            return Err(BusError::TooLong(object));
        }
        match self.get(name).await {
            Ok(present) if present == bytes => return Ok(()),
            Ok(_) | Err(BusError::NotFound(_)) => {}
            Err(error) => return Err(error),
        }
        let meta = ObjectMetadata {
            name: name.to_owned(),
            chunk_size: Some(limits::OBJECT_CHUNK_BYTES),
            ..ObjectMetadata::default()
        };
        let mut reader = bytes;
        let stored = tokio::time::timeout(limits::OBJECT_TIMEOUT, self.store.put(meta, &mut reader)).await;
        let stored = stored.map_err(|_| BusError::Timeout(object.clone()))?;
        stored.map(|_| ()).map_err(|error| BusError::nats(object, error))
    }
}
