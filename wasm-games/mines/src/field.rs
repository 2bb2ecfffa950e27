//! The two parameters, and the prices that follow from them.

use game_sdk::{ConfigReader, Fault};

/// Cells of the board.
pub(crate) const CELLS: u32 = 25;
/// Prices are counted in ten-thousandths of the stake.
pub(crate) const ONE_E4: u64 = 10_000;
/// The highest price: a million stakes.
const MOST_E4: u64 = 1_000_000 * ONE_E4;
/// Largest edge, basis points: a first pick among 24 safe cells then pays just the stake.
const MOST_BP: u32 = 400;
/// A whole, in basis points.
const WHOLE_BP: u32 = 10_000;

/// A configuration, read.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Field {
    /// Basis points.
    pub(crate) edge_bp: u32,
    /// Mined cells, 1 to 24.
    pub(crate) mines: u32,
}

impl Field {
    /// Reads `{"edge_bp":0..400,"mines":1..24}`.
    ///
    /// # Errors
    /// [`Fault::BadConfig`] for anything else.
    pub(crate) fn read(config: &str) -> Result<Self, Fault> {
        let mut reader = ConfigReader::open(config)?;
        let edge_bp = u32::try_from(reader.integer("edge_bp")?).map_err(|_beyond| Fault::BadConfig)?;
        let mines = u32::try_from(reader.integer("mines")?).map_err(|_beyond| Fault::BadConfig)?;
        reader.close()?;
        if edge_bp > MOST_BP || !(1..CELLS).contains(&mines) {
            return Err(Fault::BadConfig);
        }
        Ok(Self { edge_bp, mines })
    }

    /// What stopping after `picks` safe picks pays, stake included, ten-thousandths of the stake:
    /// (1 - edge) C(25, picks) / C(25 - mines, picks), rounded down; `None` when there are fewer safe cells.
    pub(crate) fn price_e4(self, picks: u32) -> Option<u64> {
        let kept_bp = u64::from(WHOLE_BP.saturating_sub(self.edge_bp));
        kept_bp.checked_mul(ways(CELLS, picks)).and_then(|all| all.checked_div(self.safe_ways(picks)))
    }

    /// Safe picks at which a round ends of itself: no cell is left that is safe, or the next price would be over a
    /// million stakes.
    pub(crate) fn most_picks(self) -> u32 {
        let priced = |picks: &u32| self.price_e4(*picks).is_some_and(|price_e4| price_e4 <= MOST_E4);
        (1..CELLS).take_while(priced).last().unwrap_or(0)
    }

    /// The lowest return of any number of picks, millionths, rounded down.
    pub(crate) fn lowest_return_ppm(self) -> u64 {
        let returned = |picks: u32| {
            let won = self.price_e4(picks)?.checked_mul(self.safe_ways(picks))?.checked_mul(100)?;
            won.checked_div(ways(CELLS, picks))
        };
        (1..=self.most_picks()).filter_map(returned).min().unwrap_or(0)
    }

    fn safe_ways(self, picks: u32) -> u64 {
        ways(CELLS.saturating_sub(self.mines), picks)
    }
}

/// How many sets of `picks` there are among `cells`, at most 25.
fn ways(cells: u32, picks: u32) -> u64 {
    (0..picks).fold(1, |ways, taken| {
        let left = u64::from(cells.saturating_sub(taken));
        ways.saturating_mul(left).checked_div(u64::from(taken).saturating_add(1)).unwrap_or(0)
    })
}
