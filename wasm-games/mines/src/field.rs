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
    /// Safe picks at which a round ends of itself: no cell is left that is safe, or the next price would be over a
    /// million stakes.
    pub(crate) most_picks: u32,
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
        let field = Self { edge_bp, mines, most_picks: 0 };
        let most_picks = field.steps().map(|step| step.picks).last().unwrap_or(0);
        Ok(Self { most_picks, ..field })
    }

    /// What stopping after `picks` safe picks pays, stake included, ten-thousandths of the stake:
    /// (1 - edge) C(25, picks) / C(25 - mines, picks), rounded down; `None` when that isn't offered.
    pub(crate) fn price_e4(self, picks: u32) -> Option<u64> {
        self.steps().find(|step| step.picks == picks).map(|step| step.price_e4)
    }

    /// The lowest return of any number of picks, millionths, rounded down.
    pub(crate) fn lowest_return_ppm(self) -> u64 {
        let returned = |step: Step| step.price_e4.saturating_mul(step.safe_ways).saturating_mul(100) / step.ways.max(1);
        self.steps().map(returned).min().unwrap_or(0)
    }

    /// From one pick to the most that are offered.
    fn steps(self) -> impl Iterator<Item = Step> {
        let kept_bp = u64::from(WHOLE_BP.saturating_sub(self.edge_bp));
        let safe = CELLS.saturating_sub(self.mines);
        let (mut ways, mut safe_ways) = (1, 1);
        (0..CELLS).map_while(move |taken| {
            ways = more_ways(ways, CELLS, taken);
            safe_ways = more_ways(safe_ways, safe, taken);
            let price_e4 = kept_bp.saturating_mul(ways).checked_div(safe_ways)?;
            (price_e4 <= MOST_E4).then_some(Step { picks: taken.saturating_add(1), ways, safe_ways, price_e4 })
        })
    }
}

/// A number of safe picks.
struct Step {
    picks: u32,
    /// Sets of so many cells.
    ways: u64,
    /// Those of safe cells.
    safe_ways: u64,
    price_e4: u64,
}

/// Sets of `taken` + 1 of `cells` cells, from the number of sets of `taken`.
fn more_ways(ways: u64, cells: u32, taken: u32) -> u64 {
    let left = u64::from(cells.saturating_sub(taken));
    ways.saturating_mul(left) / u64::from(taken).saturating_add(1)
}
