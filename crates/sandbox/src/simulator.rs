//! Certification and simulation only: one instance for many deals, five times as fast as a fresh one.
//!
//! A game that keeps hidden state between deals shows it here and nowhere else, so a certificate compares tallies of
//! this mode with fresh deals. Real money is never played here: nothing outside `house` and the tests may use it.

use fairness::RoundKey;

use crate::classify::Broken;
use crate::contract::{Action, Bet};
use crate::instance::Live;
use crate::stakes::{check_action, check_stakes};
use crate::table::Table;
use crate::verdict::{RoundTotals, Verdict, Void};

/// A table with one reused instance. Not for real deals.
pub struct Simulator {
    table: Table,
    live: Option<Live>,
}

impl Simulator {
    /// An instance to reuse.
    pub fn new(table: Table) -> Self {
        Self { table, live: None }
    }

    /// As [`Table::play`], on the reused instance.
    ///
    /// # Errors
    /// As [`Table::play`]; the instance is replaced after any error.
    pub fn play(&mut self, key: RoundKey, bets: &[Bet]) -> Verdict {
        let stake_minor = check_stakes(self.table.manifest(), bets).map_err(Void::Stakes)?;
        let mut live = self.take()?;
        let verdict = self.table.play_on(&mut live, key, bets, stake_minor);
        self.keep(live, verdict)
    }

    /// As [`Table::act`], on the reused instance.
    ///
    /// # Errors
    /// As [`Table::act`]; the instance is replaced after any error.
    pub fn act(&mut self, key: RoundKey, state: &[u8], action: Action, totals: RoundTotals) -> Verdict {
        check_action(self.table.manifest(), action).map_err(Void::Action)?;
        let mut live = self.take()?;
        let verdict = self.table.act_on(&mut live, key, state, action, totals);
        self.keep(live, verdict)
    }

    fn take(&mut self) -> Result<Live, Broken> {
        match self.live.take() {
            Some(live) => Ok(live),
            None => Live::start(self.table.code()),
        }
    }

    fn keep(&mut self, live: Live, verdict: Verdict) -> Verdict {
        self.live = verdict.is_ok().then_some(live);
        verdict
    }
}
