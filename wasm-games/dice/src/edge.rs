//! The one parameter: the house's edge.

use game_sdk::{ConfigReader, Fault};

/// Largest edge that a configuration may ask for, basis points.
const MOST_BP: u64 = 1000;
/// A whole, in basis points.
const WHOLE_BP: u64 = 10_000;

/// The edge of a configuration, basis points.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Edge(u64);

impl Edge {
    /// Reads `{"edge_bp":0..1000}`.
    ///
    /// # Errors
    /// [`Fault::BadConfig`] for anything else.
    pub(crate) fn read(config: &str) -> Result<Self, Fault> {
        let mut reader = ConfigReader::open(config)?;
        let edge_bp = reader.integer("edge_bp")?;
        reader.close()?;
        if edge_bp > MOST_BP {
            return Err(Fault::BadConfig);
        }
        Ok(Self(edge_bp))
    }

    /// What the edge leaves of a whole, basis points.
    pub(crate) fn kept_bp(self) -> u64 {
        WHOLE_BP.saturating_sub(self.0)
    }
}
