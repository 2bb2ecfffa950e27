//! A lease as this room knows it, and the only steps that its state can take.

use ids::{DealerId, EdgeId, LeaseId, PlayerId, RegionId};
use money::{Amount, Currency};
use wire::v1::lease::{CloseReason, LeaseOffer, LeaseTerms};
use wire::v1::record::Record;
use wire::v1::{Hex, Signature};

/// Where a lease stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// The seed is committed to; the player has not taken it up.
    Offered,
    /// The terms are fixed; money and key are on their way.
    Granted,
    /// The log is open: deals may be bound.
    Open,
    /// The dealer is being told to close the log.
    Closing,
    /// The log is closed; settlement has not read it to the end.
    Closed,
    /// All is posted, the rest is returned, the seed is revealed.
    Settled,
    /// It never began: no money moved, the seed is burnt.
    Refused,
}

/// A step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The terms are fixed.
    Grant,
    /// The offer lapsed, was declined, or could not be paid for.
    Refuse,
    /// The dealer has opened the log.
    Open,
    /// It is to end.
    StartClosing,
    /// The dealer has closed the log.
    Close,
    /// Settlement has read the log to its end. The log is the truth: this may overtake the dealer's answer.
    Settle,
}

/// A step that a lease in that state can't take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a lease that is {from:?} can't take the step {step:?}")]
pub struct BadStep {
    /// Where it stands.
    pub from: Status,
    /// What was tried.
    pub step: Step,
}

impl Status {
    /// Every state.
    pub const ALL: &'static [Self] =
        &[Self::Offered, Self::Granted, Self::Open, Self::Closing, Self::Closed, Self::Settled, Self::Refused];

    /// Its name in the store and in metrics.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Offered => "offered",
            Self::Granted => "granted",
            Self::Open => "open",
            Self::Closing => "closing",
            Self::Closed => "closed",
            Self::Settled => "settled",
            Self::Refused => "refused",
        }
    }

    /// The state of that name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|status| status.as_str() == text)
    }

    /// The state after `step`.
    ///
    /// # Errors
    /// [`BadStep`].
    pub fn after(self, step: Step) -> Result<Self, BadStep> {
        if step.leaves().contains(&self) { Ok(step.leads_to()) } else { Err(BadStep { from: self, step }) }
    }

    /// Whether nothing will change any more.
    #[must_use]
    pub fn is_final(self) -> bool {
        matches!(self, Self::Settled | Self::Refused)
    }

    /// Whether the player can have no other offer or lease beside it.
    #[must_use]
    pub fn is_active(self) -> bool {
        matches!(self, Self::Offered | Self::Granted | Self::Open)
    }
}

impl Step {
    /// The states from which it can be taken.
    #[must_use]
    pub const fn leaves(self) -> &'static [Status] {
        match self {
            Self::Grant => &[Status::Offered],
            // A grant that the ledger rejects, even one that was already given up: no money went in, no log was begun.
            Self::Refuse => &[Status::Offered, Status::Granted, Status::Closing],
            Self::Open => &[Status::Granted],
            Self::StartClosing => &[Status::Granted, Status::Open],
            Self::Close => &[Status::Granted, Status::Open, Status::Closing],
            Self::Settle => &[Status::Granted, Status::Open, Status::Closing, Status::Closed],
        }
    }

    /// The state to which it leads.
    #[must_use]
    pub const fn leads_to(self) -> Status {
        match self {
            Self::Grant => Status::Granted,
            Self::Refuse => Status::Refused,
            Self::Open => Status::Open,
            Self::StartClosing => Status::Closing,
            Self::Close => Status::Closed,
            Self::Settle => Status::Settled,
        }
    }

    /// The names of the states from which it can be taken, as a statement asks for them.
    pub(crate) fn leaving(self) -> Vec<&'static str> {
        self.leaves().iter().map(|status| status.as_str()).collect()
    }
}

/// A lease. Times are Unix milliseconds, money is minor units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    /// Its id.
    pub id: LeaseId,
    /// Whose.
    pub player: PlayerId,
    /// Where it stands.
    pub status: Status,
    /// Fencing number, 1 at first.
    pub epoch: u32,
    /// The edge that holds it.
    pub edge: EdgeId,
    /// The edge's region.
    pub region: RegionId,
    /// The dealer that binds its deals.
    pub dealer: DealerId,
    /// The region whose stream holds its log.
    pub log_region: RegionId,
    /// Currency.
    pub currency: Currency,
    /// Escrow at the opening.
    pub escrow_minor: Amount,
    /// C.
    pub commit: Hex<32>,
    /// The player's pseudonym.
    pub player_tag: Hex<32>,
    /// The core's signature of the offer.
    pub offer_signature: Signature,
    /// When it was offered.
    pub offer_ms: u64,
    /// No deal after.
    pub expires_ms: u64,
    /// The most deals.
    pub max_rounds: u32,
    /// When its terms were fixed.
    pub granted_ms: Option<u64>,
    /// Its time to live.
    pub valid_until_ms: u64,
    /// Its terms, once fixed.
    pub terms: Option<LeaseTerms>,
    /// Its first record, once the dealer has written it.
    pub opened: Option<Record>,
    /// Why it ends, once it does.
    pub reason: Option<CloseReason>,
    /// Its last record, once the dealer has written it.
    pub closed: Option<Record>,
    /// When its state changed last.
    pub changed_ms: u64,
}

impl Lease {
    /// The offer as the player was given it.
    #[must_use]
    pub fn offer(&self) -> LeaseOffer {
        LeaseOffer {
            lease: self.id,
            commit: self.commit,
            offer_ms: self.offer_ms,
            player_tag: self.player_tag,
            issued_ms: self.offer_ms,
            expires_ms: self.expires_ms,
            max_rounds: self.max_rounds,
            signature: self.offer_signature,
        }
    }

    /// How long ago it was offered, milliseconds.
    #[must_use]
    pub fn age_ms(&self, now_ms: u64) -> u64 {
        now_ms.saturating_sub(self.offer_ms)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const STEPS: [Step; 6] = [Step::Grant, Step::Refuse, Step::Open, Step::StartClosing, Step::Close, Step::Settle];

    fn walk(steps: &[Step]) -> Result<Status, BadStep> {
        steps.iter().try_fold(Status::Offered, |status, step| status.after(*step))
    }

    #[test]
    fn the_usual_life_of_a_lease() {
        let life = [Step::Grant, Step::Open, Step::StartClosing, Step::Close, Step::Settle];
        assert_eq!(walk(&life), Ok(Status::Settled));
    }

    #[test]
    fn a_lease_that_never_opened_is_closed_and_settled_all_the_same() {
        assert_eq!(walk(&[Step::Grant, Step::StartClosing, Step::Close, Step::Settle]), Ok(Status::Settled));
    }

    #[test]
    fn nothing_follows_the_two_ends() {
        for end in Status::ALL.iter().filter(|status| status.is_final()) {
            for step in STEPS {
                assert_eq!(end.after(step), Err(BadStep { from: *end, step }));
            }
        }
    }

    #[test]
    fn an_open_log_is_never_refused_and_a_closed_one_never_reopens() {
        assert!(Status::Open.after(Step::Refuse).is_err());
        for status in [Status::Closing, Status::Closed, Status::Settled] {
            assert!(status.after(Step::Open).is_err());
        }
    }

    #[test]
    fn names_come_back() {
        for status in Status::ALL {
            assert_eq!(Status::parse(status.as_str()), Some(*status));
        }
        assert_eq!(Status::parse("opened"), None);
    }

    proptest! {
        #[test]
        fn a_lease_only_moves_forward(steps in prop::collection::vec(0usize..6, 0..20)) {
            let mut status = Status::Offered;
            let mut seen = vec![status];
            for step in steps {
                if let Ok(next) = status.after(STEPS[step]) {
                    prop_assert!(!seen.contains(&next), "{next:?} twice in {seen:?}");
                    status = next;
                    seen.push(next);
                }
            }
        }
    }
}
