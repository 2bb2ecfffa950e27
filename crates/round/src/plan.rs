//! The first half of folding a record: does it belong here, and what does it ask of the game?

use money::Amount;
use wire::v1::RefusalCode;
use wire::v1::lease::PinnedGame;
use wire::v1::record::{BoundDeal, Record, RecordBody};

use crate::LogFault;
use crate::check::IntentSignature;
use crate::state::LeaseState;

/// What a record asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Plan {
    /// Bookkeeping only.
    Control,
    /// A deal that keeps the terms: execute this.
    Run(Box<GameCall>),
    /// A deal that breaks the terms: void, not executed.
    Void(RefusalCode),
}

/// One execution of a game.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GameCall {
    /// Which, with its configuration.
    pub game: PinnedGame,
    /// What it is asked.
    pub call: Call,
    /// Staked in the round before this deal, minor units.
    pub stake_before: Amount,
    /// Won in the round before this deal, minor units.
    pub win_before: Amount,
    /// Deals of the round before this one.
    pub deals_before: u32,
}

/// A function of the studio contract and its arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Call {
    /// Opens a round.
    Play {
        /// Spot and stake in minor units.
        bets: Vec<(u32, Amount)>,
    },
    /// Goes on with it.
    Act {
        /// The game's own state.
        state: Vec<u8>,
        /// Its number of the action.
        action: u32,
        /// The action's argument.
        argument: i64,
    },
}

impl LeaseState {
    /// What `record` asks for as the next one of this log.
    ///
    /// # Errors
    /// [`LogFault`] when it can't belong here.
    pub fn plan(&self, record: &Record, signature: IntentSignature) -> Result<Plan, LogFault> {
        self.check_place(record)?;
        match &record.body {
            RecordBody::Opened(terms) if **terms != *self.terms => Err(LogFault::OtherTerms),
            RecordBody::Opened(_) => Ok(Plan::Control),
            RecordBody::Deal(bound) => self.plan_deal(record, bound, signature),
            RecordBody::ToppedUp(topped) => {
                let next = self.progress.topups.checked_add(1);
                if Some(topped.grant) == next && topped.amount_minor.is_positive() {
                    Ok(Plan::Control)
                } else {
                    Err(LogFault::BadTopUp { grant: topped.grant })
                }
            }
            RecordBody::Closed(closed) if closed.deals != self.progress.deals => {
                Err(LogFault::WrongCount { said: closed.deals, held: self.progress.deals })
            }
            RecordBody::Closed(_) => Ok(Plan::Control),
        }
    }

    fn plan_deal(&self, record: &Record, bound: &BoundDeal, signature: IntentSignature) -> Result<Plan, LogFault> {
        if bound.intent.deal != self.next_deal() {
            return Err(LogFault::DealGap { deal: bound.intent.deal, next: self.next_deal() });
        }
        match self.check(&bound.intent, signature, record.at_ms, bound.valid_until_ms) {
            Ok(call) => Ok(Plan::Run(Box::new(call))),
            Err(code) => Ok(Plan::Void(code)),
        }
    }

    /// Contiguous, chained, in time, and within the log's two ends. A log that was fenced before it opened holds `closed` only.
    fn check_place(&self, record: &Record) -> Result<(), LogFault> {
        let (index, next) = (record.index, self.progress.records);
        if record.lease != self.terms.opening.lease {
            return Err(LogFault::OtherLease);
        }
        if index < next {
            return Err(LogFault::Repeated { index, next });
        }
        if self.progress.closed.is_some() {
            return Err(LogFault::AfterEnd { index });
        }
        if index > next {
            return Err(LogFault::Gap { index, next });
        }
        if record.prev != self.progress.prev {
            return Err(LogFault::Forked { index });
        }
        if record.at_ms < self.progress.at_ms {
            return Err(LogFault::TimeStepsBack { index });
        }
        let first = index == 0;
        match record.body {
            RecordBody::Opened(_) if !first => Err(LogFault::OutOfPlace { index }),
            RecordBody::Deal(_) | RecordBody::ToppedUp(_) if first => Err(LogFault::OutOfPlace { index }),
            _ => Ok(()),
        }
    }
}
