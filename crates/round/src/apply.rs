//! The second half of folding a record: the next state, and what it means for the money.
//!
//! Invariant, held by every branch: `in_play = escrow + top-ups - staked + won`, with refunds taken off `staked`.

use fairness::Entry;
use ids::Digest;
use money::{Amount, AmountError};
use wire::v1::HexBytes;
use wire::v1::client::VoidCause;
use wire::v1::lease::CarriedRound;
use wire::v1::record::{BoundDeal, Record, RecordBody};

use crate::LogFault;
use crate::action::{Action, ClosedLease, FoldedDeal};
use crate::check::IntentSignature;
use crate::plan::{Call, GameCall, Plan};
use crate::state::{LeaseState, OpenRound};
use crate::verdict::{Played, Verdict};

impl From<AmountError> for LogFault {
    fn from(_: AmountError) -> Self {
        Self::OutOfRange
    }
}

/// What one deal did, before it is written into the state.
struct Decided {
    stake: Amount,
    win: Amount,
    refund: Amount,
    void: Option<VoidCause>,
    outcome: [u8; 32],
    draws: [u8; 32],
}

impl LeaseState {
    /// The state after `record`. `verdict` is the game's for a [`Plan::Run`], and none for any other plan.
    ///
    /// # Errors
    /// [`LogFault`] when the record can't belong here, or the verdict does not fit its plan. The state is then lost to the
    /// caller's copy only: nothing was changed.
    pub fn apply(
        mut self,
        record: &Record,
        signature: IntentSignature,
        verdict: Option<Verdict>,
    ) -> Result<(Self, Action), LogFault> {
        let plan = self.plan(record, signature)?;
        let action = match (&record.body, plan, verdict) {
            (RecordBody::Deal(bound), Plan::Run(call), Some(verdict)) => {
                let decided = self.decide(bound, &call, verdict)?;
                if matches!(call.call, Call::Play { .. }) {
                    self.progress.round_opened_ms = record.at_ms;
                }
                self.close_deal(record, bound, decided)?
            }
            (RecordBody::Deal(bound), Plan::Void(_), None) => {
                self.close_deal(record, bound, Decided::void(VoidCause::Terms))?
            }
            (RecordBody::Opened(_), Plan::Control, None) => Action::Opened,
            (RecordBody::ToppedUp(topped), Plan::Control, None) => {
                self.progress.in_play_minor = self.progress.in_play_minor.checked_add(topped.amount_minor)?;
                self.progress.topups = topped.grant;
                Action::ToppedUp(topped.amount_minor)
            }
            (RecordBody::Closed(closed), Plan::Control, None) => {
                self.progress.closed = Some(closed.clone());
                Action::Closed(ClosedLease {
                    returned_minor: self.progress.in_play_minor,
                    deals: self.progress.deals,
                    last_link: self.progress.link,
                    reason: closed.reason,
                    carried: self.progress.round.clone().map(CarriedRound::from),
                })
            }
            _ => return Err(LogFault::VerdictMismatch),
        };
        self.progress.records = self.progress.records.checked_add(1).ok_or(LogFault::OutOfRange)?;
        self.progress.prev = record.digest();
        self.progress.at_ms = record.at_ms;
        Ok((self, action))
    }

    /// Moves the money and the open round of a deal that was executed.
    fn decide(&mut self, bound: &BoundDeal, call: &GameCall, verdict: Verdict) -> Result<Decided, LogFault> {
        let stake = bound.intent.stake_minor;
        match verdict {
            Verdict::Played(played) => self.decide_played(stake, call, played),
            Verdict::Fault => Ok(Decided { stake, refund: stake, ..Decided::void(VoidCause::GameFault) }),
            Verdict::Broken => {
                // The player ends the round no worse than before it: all its stakes come back, less what it has paid.
                let staked = call.stake_before.checked_add(stake)?;
                let unpaid = staked.checked_sub(call.win_before)?;
                let refund = unpaid.max(Amount::ZERO);
                self.progress.round = None;
                Ok(Decided { stake, refund, ..Decided::void(VoidCause::GameBroken) })
            }
        }
    }

    fn decide_played(&mut self, stake: Amount, call: &GameCall, played: Played) -> Result<Decided, LogFault> {
        let win = Amount::try_from_unsigned(played.win_minor)?;
        self.progress.round = if played.finished {
            None
        } else {
            Some(OpenRound {
                digest: call.game.digest,
                params: call.game.params,
                stake_minor: call.stake_before.checked_add(stake)?,
                win_minor: call.win_before.checked_add(win)?,
                deals: call.deals_before.checked_add(1).ok_or(LogFault::OutOfRange)?,
                state: played.state,
                offers: played.offers,
            })
        };
        Ok(Decided { stake, win, refund: Amount::ZERO, void: None, outcome: played.outcome, draws: played.draws })
    }

    /// Books the deal, extends the chain of links, and says what happened.
    fn close_deal(&mut self, record: &Record, bound: &BoundDeal, decided: Decided) -> Result<Action, LogFault> {
        let intent = &bound.intent;
        let progress = &mut self.progress;
        let given = decided.win.checked_add(decided.refund)?;
        progress.in_play_minor = progress.in_play_minor.checked_sub(decided.stake)?.checked_add(given)?;
        progress.staked_minor = progress.staked_minor.checked_add(decided.stake)?.checked_sub(decided.refund)?;
        progress.won_minor = progress.won_minor.checked_add(decided.win)?;
        progress.deals = intent.deal;
        progress.nonce = HexBytes(intent.client_nonce.0.to_vec());
        let bet = intent.bet_hash().unwrap_or([0; 32]);
        let entry = Entry {
            lease_id: record.lease.to_bytes(),
            deal: intent.deal,
            bet,
            draws: decided.draws,
            outcome: decided.outcome,
            stake_minor: intent.stake_minor.unsigned().unwrap_or(0),
            win_minor: decided.win.unsigned().unwrap_or(0),
            played_ms: record.at_ms,
            edge: bound.edge.to_bytes(),
            prev: progress.link.to_bytes(),
        };
        progress.link = Digest::from_bytes(entry.link());
        let pinned = self.terms.games.iter().find(|game| game.digest == intent.game);
        Ok(Action::Deal(Box::new(FoldedDeal {
            deal: intent.deal,
            game: pinned.map(|game| game.game.clone()),
            stake_minor: decided.stake,
            win_minor: decided.win,
            refund_minor: decided.refund,
            void: decided.void,
            finished: progress.round.is_none(),
            offers: progress.round.as_ref().map(|round| round.offers.clone()).unwrap_or_default(),
            in_play_minor: progress.in_play_minor,
            bet: Digest::from_bytes(bet),
            outcome: Digest::from_bytes(decided.outcome),
            link: progress.link,
            played_ms: record.at_ms,
        })))
    }
}

impl Decided {
    /// A void deal: nothing drawn, nothing won; the digest of no draws.
    fn void(cause: VoidCause) -> Self {
        Self {
            stake: Amount::ZERO,
            win: Amount::ZERO,
            refund: Amount::ZERO,
            void: Some(cause),
            outcome: [0; 32],
            draws: fairness::digest(&[]),
        }
    }
}
