//! `topup`: more money into a lease that runs low.
//!
//! Promise: each attempt ends exactly once: in the log, back in cash, or refused by the ledger. The money is in the escrow
//! before the dealer writes the record, and comes back only when the closed log, read whole, does not hold it. One is on its
//! way at a time; asking again goes on with that one. Cost: two statements, a ledger batch, a request to the dealer.

use database::run_tx;
use ids::EdgeId;
use money::Amount;
use telemetry::Trace;
use wire::v1::RefusalCode;
use wire::v1::core::{TopUp, ToppedUpReply};
use wire::v1::dealer::TopUpLease;
use wire::v1::record::{Record, RecordBody};

use crate::dealers::DealerError;
use crate::entity::{Lease, Status};
use crate::error::LeasesError;
use crate::leases::Leases;
use crate::money_moves::Paid;
use crate::repo;
use crate::repo::topups::{self, TopUpRow, TopUpStatus};

impl Leases {
    /// Puts more money into a lease: what is asked for, or what the player has and the rules allow, if that is less.
    ///
    /// # Errors
    /// [`LeasesError::Refused`] with `lease_unknown`, `stale_epoch`, `lease_closed`, `bad_amount` or `insufficient_funds`;
    /// anything else leaves the outcome open: ask again, or let the reaper finish it.
    pub async fn topup(&self, edge: &EdgeId, ask: &TopUp, trace: &Trace) -> Result<ToppedUpReply, LeasesError> {
        let found = repo::find(&self.pool, ask.lease).await?;
        let lease = found.filter(|lease| lease.edge == *edge).ok_or(RefusalCode::LeaseUnknown)?;
        if lease.epoch != ask.epoch {
            return Err(RefusalCode::StaleEpoch.into());
        }
        if lease.status != Status::Open {
            return Err(RefusalCode::LeaseClosed.into());
        }
        let most = self.rules.currency(lease.currency)?.max_escrow_minor;
        if !ask.amount_minor.is_positive() {
            return Err(RefusalCode::BadAmount.into());
        }
        let amount = ask.amount_minor.min(most).min(self.cash(&lease));
        let topup = self.begin_topup(&lease, amount).await?;
        let record = self.drive_topup(&lease, topup, trace).await?;
        Ok(ToppedUpReply { record })
    }

    /// The attempt that is on its way, or a new one.
    async fn begin_topup(&self, lease: &Lease, amount: Amount) -> Result<TopUpRow, LeasesError> {
        let (id, now_ms) = (lease.id, self.now_ms());
        let begun = run_tx(&self.pool, "begin_topup", async move |tx| match topups::pending(tx, id).await? {
            Some(pending) => Ok(Some(pending)),
            None if !amount.is_positive() => Err(RefusalCode::InsufficientFunds.into()),
            None => topups::begin(tx, id, amount, now_ms).await,
        })
        .await;
        match begun {
            Ok(topup) => topup.ok_or_else(|| RefusalCode::LeaseClosed.into()),
            // Another request of the same lease was a moment faster.
            Err(LeasesError::Database(error)) if error.is_unique("lease_topups_one_pending") => {
                Err(RefusalCode::Unavailable.because("a top-up of this lease is under way").into())
            }
            Err(LeasesError::Database(error)) if error.is_unique("lease_topups_pkey") => {
                Err(RefusalCode::Unavailable.because("a top-up of this lease is under way").into())
            }
            Err(error) => Err(error),
        }
    }

    /// Takes an attempt from wherever it stands to its end. The record is the one in the log.
    pub(crate) async fn drive_topup(
        &self,
        lease: &Lease,
        topup: TopUpRow,
        trace: &Trace,
    ) -> Result<Record, LeasesError> {
        let mut topup = topup;
        // Each state is left at most once.
        for _ in 0..4 {
            match topup.status {
                TopUpStatus::Moving => match self.move_topup(lease, &topup, trace).await? {
                    Paid::Yes => topups::moved(&self.pool, &topup).await?,
                    Paid::No => topups::rejected(&self.pool, &topup).await?,
                },
                TopUpStatus::Moved => match self.topup_in_log(lease, &topup, trace).await? {
                    Some(record) => topups::written(&self.pool, &topup, &record).await?,
                    None => topups::returning(&self.pool, &topup).await?,
                },
                TopUpStatus::Returning => {
                    self.move_topup_back(lease, &topup, trace).await?;
                    topups::returned(&self.pool, &topup).await?;
                }
                TopUpStatus::Rejected => return Err(RefusalCode::InsufficientFunds.into()),
                TopUpStatus::Returned => return Err(RefusalCode::LeaseClosed.into()),
                TopUpStatus::Written => {
                    return topup.record.ok_or_else(|| broken(lease, "a written top-up has no record"));
                }
            }
            let again = topups::find(&self.pool, topup.lease, topup.attempt).await?;
            topup = again.ok_or_else(|| broken(lease, "a top-up's row is gone"))?;
        }
        Err(broken(lease, "a top-up comes to no end"))
    }

    /// The record of a top-up whose money is in the escrow; none when the closed log provably does not hold it.
    async fn topup_in_log(
        &self,
        lease: &Lease,
        topup: &TopUpRow,
        trace: &Trace,
    ) -> Result<Option<Record>, LeasesError> {
        let grant = topup.grant.ok_or_else(|| broken(lease, "a top-up in the escrow has no number"))?;
        let ask = TopUpLease { lease: lease.id, grant, amount_minor: topup.amount };
        match self.dealers.topup(&lease.dealer, &ask, trace).await {
            Ok(record) if is_topup(&record, &ask) => Ok(Some(record)),
            Ok(record) if matches!(record.body, RecordBody::Closed(_)) => self.topup_in_closed_log(lease, &ask).await,
            Ok(_) => Err(broken(lease, "its dealer wrote another top-up than it was told")),
            Err(DealerError::Refused(refusal)) if is_gone(refusal.code) => self.topup_in_closed_log(lease, &ask).await,
            Err(error) => Err(error.into()),
        }
    }

    async fn topup_in_closed_log(&self, lease: &Lease, ask: &TopUpLease) -> Result<Option<Record>, LeasesError> {
        let log = self.dealers.read_log(&lease.log_region, lease.id).await?;
        if let Some(record) = log.iter().find(|record| is_topup(record, ask)) {
            return Ok(Some(record.clone()));
        }
        match log.last().map(|last| &last.body) {
            Some(RecordBody::Closed(_)) => Ok(None),
            _ => Err(DealerError::NoAnswer("the log's end has not arrived yet".to_owned()).into()),
        }
    }
}

fn is_topup(record: &Record, ask: &TopUpLease) -> bool {
    record.lease == ask.lease
        && matches!(&record.body, RecordBody::ToppedUp(topped) if topped.grant == ask.grant && topped.amount_minor == ask.amount_minor)
}

/// What a dealer says of a lease that it has let go.
fn is_gone(code: RefusalCode) -> bool {
    matches!(code, RefusalCode::LeaseClosed | RefusalCode::LeaseUnknown | RefusalCode::LeaseExpired)
}

fn broken(lease: &Lease, what: &'static str) -> LeasesError {
    LeasesError::Broken { lease: lease.id, what }
}
