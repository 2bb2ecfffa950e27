//! The one parameter: the house's edge.

use game_sdk::{ConfigReader, Fault};

/// Largest edge that a configuration may ask for, basis points.
const MOST_BP: u32 = 1000;
/// A whole, in basis points.
const WHOLE_BP: u32 = 10_000;

/// The edge of a configuration, basis points.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Edge(u32);

impl Edge {
    /// Reads `{"edge_bp":0..1000}`.
    ///
    /// # Errors
    /// [`Fault::BadConfig`] for anything else.
    pub(crate) fn read(config: &str) -> Result<Self, Fault> {
        let mut reader = ConfigReader::open(config)?;
        let edge_bp = u32::try_from(reader.integer("edge_bp")?).map_err(|_beyond| Fault::BadConfig)?;
        reader.close()?;
        if edge_bp > MOST_BP {
            return Err(Fault::BadConfig);
        }
        Ok(Self(edge_bp))
    }

    /// Basis points.
    pub(crate) fn basis_points(self) -> u32 {
        self.0
    }

    /// The lowest return of any target, millionths, rounded down: what the edge leaves, less under a billionth for
    /// counting whole draws. Some target always loses that little, so rounding down loses a whole millionth.
    pub(crate) fn lowest_return_ppm(self) -> u32 {
        WHOLE_BP.saturating_sub(self.0).saturating_mul(100).saturating_sub(1)
    }
}
