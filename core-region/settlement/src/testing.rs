//! For tests of the rooms above, which may not build a Wasm host themselves.

use std::sync::Arc;

use execution::Tables;
use sandbox::{Host, HostError, HostOptions};

/// Tables without a game: enough for whatever executes none.
///
/// # Errors
/// [`HostError`].
pub fn no_games() -> Result<Arc<Tables>, HostError> {
    let host = Host::new(HostOptions { slots: 1, ..HostOptions::default() })?;
    Ok(Arc::new(Tables::new(host, None)))
}
