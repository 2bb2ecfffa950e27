//! The one parameter: the house's edge, taken once from a round.

use game_sdk::{ConfigReader, Fault};

/// Largest edge that a configuration may ask for, basis points: the safest first guess then still pays over the stake.
const MOST_BP: u32 = 500;
/// A whole, in basis points.
const WHOLE_BP: u32 = 10_000;

/// The edge of a configuration.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Edge {
    /// Basis points.
    pub(crate) bp: u32,
}

impl Edge {
    /// Reads `{"edge_bp":0..500}`.
    ///
    /// # Errors
    /// [`Fault::BadConfig`] for anything else.
    pub(crate) fn read(config: &str) -> Result<Self, Fault> {
        let mut reader = ConfigReader::open(config)?;
        let bp = u32::try_from(reader.integer("edge_bp")?).map_err(|_beyond| Fault::BadConfig)?;
        reader.close()?;
        if bp > MOST_BP {
            return Err(Fault::BadConfig);
        }
        Ok(Self { bp })
    }

    /// What the edge leaves of a whole, basis points.
    pub(crate) fn kept_bp(self) -> u32 {
        WHOLE_BP.saturating_sub(self.bp)
    }
}
