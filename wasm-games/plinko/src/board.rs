//! The two parameters of a board, and what follows from them.

use game_sdk::{ConfigReader, Fault};

use crate::tables::{FEWEST_ROWS, MOST_ROWS, centi};

/// How far the pockets' payments lie apart.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Risk {
    Low,
    Medium,
    High,
}

/// A configuration, read.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Board {
    pub(crate) risk: Risk,
    pub(crate) rows: u32,
}

impl Board {
    /// Reads `{"risk":"low"|"medium"|"high","rows":8..16}`.
    ///
    /// # Errors
    /// [`Fault::BadConfig`] for anything else.
    pub(crate) fn read(config: &str) -> Result<Self, Fault> {
        let mut reader = ConfigReader::open(config)?;
        let risk = match reader.text("risk")? {
            "low" => Risk::Low,
            "medium" => Risk::Medium,
            "high" => Risk::High,
            _ => return Err(Fault::BadConfig),
        };
        let rows = u32::try_from(reader.integer("rows")?).map_err(|_beyond| Fault::BadConfig)?;
        reader.close()?;
        if !(FEWEST_ROWS..=MOST_ROWS).contains(&rows) {
            return Err(Fault::BadConfig);
        }
        Ok(Self { risk, rows })
    }

    /// Ways through the pins, all of one chance: left or right at each row.
    pub(crate) fn paths(self) -> u64 {
        1 << self.rows
    }

    /// What `pocket` pays, hundredths of the stake; pockets are 0 to `rows`, from the left.
    pub(crate) fn centi(self, pocket: u32) -> Option<u64> {
        let distance = pocket.saturating_mul(2).abs_diff(self.rows) / 2;
        centi(self.risk, self.rows, distance).map(u64::from)
    }

    /// The most that any pocket pays, hundredths of the stake: the edges.
    pub(crate) fn most_centi(self) -> u64 {
        self.centi(0).unwrap_or(0)
    }

    /// The return, millionths, rounded down.
    pub(crate) fn return_ppm(self) -> u64 {
        let mut ways = 1_u64;
        let mut sum_centi = 0_u64;
        for pocket in 0..=self.rows {
            sum_centi = sum_centi.saturating_add(ways.saturating_mul(self.centi(pocket).unwrap_or(0)));
            // The next binomial coefficient.
            let left = u64::from(self.rows.saturating_sub(pocket));
            ways = ways.saturating_mul(left).checked_div(u64::from(pocket).saturating_add(1)).unwrap_or(0);
        }
        sum_centi.saturating_mul(10_000) >> self.rows
    }
}
