//! One record of a log folded, executing its deal if it is a legal one.

use fairness::{Draw, RoundKey};
use ids::Digest;
use round::{Action, FoldedDeal, IntentSignature, LeaseState, LogFault, Plan, Verdict};
use wire::v1::Hex;
use wire::v1::client::{DealResult, Receipt, ShownEvent, VoidDeal};
use wire::v1::intent::SignedIntent;
use wire::v1::record::{BoundDeal, Record, RecordBody};

use crate::tables::{TableError, Tables};
use crate::translate::{ExecuteError, Executed, execute};

/// A folded record.
#[derive(Clone, Debug)]
pub struct Folded {
    /// The lease after it.
    pub state: LeaseState,
    /// What it means for the money.
    pub action: Action,
    /// More about it, when it is a deal.
    pub deal: Option<DecidedDeal>,
}

/// What a deal's own record does not say.
#[derive(Clone, Debug)]
pub struct DecidedDeal {
    /// As the player is told.
    pub result: DealResult,
    /// The draws in call order; empty when void.
    pub draws: Vec<Draw>,
    /// Why it is void, as a stable name.
    pub void_code: Option<&'static str>,
    /// The component to quarantine, when it trapped or broke a bound.
    pub broken: Option<Digest>,
}

/// Why a record could not be folded.
#[derive(Debug, thiserror::Error)]
pub enum FoldError {
    /// It can't belong to this log.
    #[error(transparent)]
    Log(#[from] LogFault),
    /// The game is not ready here.
    #[error(transparent)]
    Table(#[from] TableError),
    /// This machine could not run it: try again.
    #[error(transparent)]
    Execute(#[from] ExecuteError),
}

/// Folds `record` into `state`. `key` gives K_r of a deal that is executed; it is not called for any other record.
///
/// # Errors
/// [`FoldError`]; the caller's state is then unchanged.
pub fn fold(
    state: &LeaseState,
    record: &Record,
    signature: IntentSignature,
    tables: &Tables,
    key: impl FnOnce(&SignedIntent) -> RoundKey,
) -> Result<Folded, FoldError> {
    let plan = state.plan(record, signature)?;
    let RecordBody::Deal(bound) = &record.body else {
        let (state, action) = state.clone().apply(record, signature, None)?;
        return Ok(Folded { state, action, deal: None });
    };
    let (executed, digest) = match &plan {
        Plan::Run(call) => {
            let table = tables.open(&call.game)?;
            let executed = execute(&table, call, bound.intent.stake_minor, key(&bound.intent))?;
            (Some(executed), Some(call.game.digest))
        }
        Plan::Void(_) | Plan::Control => (None, None),
    };
    let verdict = executed.as_ref().map(|executed| executed.verdict.clone());
    let broken = digest.filter(|_| verdict == Some(Verdict::Broken));
    let (state, action) = state.clone().apply(record, signature, verdict)?;
    let Action::Deal(folded) = &action else { return Err(LogFault::VerdictMismatch.into()) };
    let Executed { events, draws, mut void_code, .. } = executed.unwrap_or_else(Executed::nothing);
    if let Plan::Void(code) = plan {
        void_code = Some(code.as_str());
    }
    let result = result_of(record, bound, folded, events);
    Ok(Folded { state, action, deal: Some(DecidedDeal { result, draws, void_code, broken }) })
}

/// A deal's result as the player is told it, by edge and core alike.
#[must_use]
pub fn result_of(record: &Record, bound: &BoundDeal, folded: &FoldedDeal, events: Vec<ShownEvent>) -> DealResult {
    DealResult {
        lease: record.lease,
        deal: folded.deal,
        stake_minor: folded.stake_minor,
        win_minor: folded.win_minor,
        void: folded.void.map(|cause| VoidDeal { cause, refund_minor: folded.refund_minor }),
        finished: folded.finished,
        offers: folded.offers.clone(),
        events,
        in_play_minor: folded.in_play_minor,
        outcome: folded.outcome,
        link: folded.link,
        receipt: Receipt { bet: Hex(folded.bet.to_bytes()), played_ms: folded.played_ms, signature: bound.signature },
    }
}
