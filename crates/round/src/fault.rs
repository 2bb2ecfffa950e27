//! Records that can't belong to a lease's log. None of these is the player's doing: each is kept, and alarms.

/// Why a record is not folded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LogFault {
    /// It names another lease.
    #[error("record of another lease")]
    OtherLease,
    /// It was folded already; harmless when it is the same record.
    #[error("record {index} is folded already, {next} is next")]
    Repeated { index: u32, next: u32 },
    /// Records are missing before it.
    #[error("record {index} came where {next} is next")]
    Gap { index: u32, next: u32 },
    /// It does not follow from the record before: the log was forked or rewritten.
    #[error("record {index} does not follow from the record before it")]
    Forked { index: u32 },
    /// Its time is before that of the record before.
    #[error("record {index} is earlier than the record before it")]
    TimeStepsBack { index: u32 },
    /// The log ended before it.
    #[error("record {index} stands after the end of the log")]
    AfterEnd { index: u32 },
    /// `opened` stands elsewhere than at the start, or something else stands there.
    #[error("record {index} is out of place")]
    OutOfPlace { index: u32 },
    /// It opens the lease on other terms than the core gave.
    #[error("the log opens on terms that the core did not give")]
    OtherTerms,
    /// Its deal is not the next one.
    #[error("deal {deal} came where {next} is next")]
    DealGap { deal: u64, next: u64 },
    /// Its top-up is not the next one, or not positive.
    #[error("top-up {grant} is not the next one, or not of money")]
    BadTopUp { grant: u32 },
    /// Its count of deals is not what the log holds.
    #[error("the log says it ends after {said} deals, and holds {held}")]
    WrongCount { said: u64, held: u64 },
    /// The caller gave a verdict to a record that needs none, or none to a deal that needs one.
    #[error("the verdict does not fit the record's plan")]
    VerdictMismatch,
    /// Money would leave the range of 64 bits.
    #[error("money out of range")]
    OutOfRange,
}
