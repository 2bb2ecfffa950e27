//! For tests of the rooms above, which may not build a Wasm host themselves.

use std::sync::Arc;

use execution::{HostError, HostOptions, Tables};

/// Tables without a game: enough for whatever executes none.
///
/// # Errors
/// [`HostError`].
pub fn no_games() -> Result<Arc<Tables>, HostError> {
    Ok(Arc::new(Tables::new(HostOptions { slots: 1, ..HostOptions::default() }, None)?))
}
