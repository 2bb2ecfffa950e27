//! `resume` and `catch-up`: a player appears at an edge with a cursor from before.
//!
//! Promise: a lease stays where it is when the asking edge is its own; otherwise the old edge is fenced, the log is closed,
//! and the player gets every deal that he missed, recomputed from the log by settlement's replay. What can't be had within
//! [`limits::RESUME_WAIT`] is said to be pending: the escrow stays held, and nothing is guessed.

use async_trait::async_trait;
use ids::{EdgeId, LeaseId, PlayerId};
use telemetry::Trace;
use wire::v1::RefusalCode;
use wire::v1::client::{DealResult, Tail};
use wire::v1::core::{CatchUp, CaughtUp, Resume, Resumed, ResumedLease};
use wire::v1::lease::CloseReason;
use wire::v1::record::{Record, RecordBody};
use wire::v1::wallet::WalletEvent;

use crate::entity::{Lease, Status};
use crate::error::LeasesError;
use crate::leases::Leases;
use crate::{limits, repo};

/// Deals recomputed from the log: settlement's part, given when the rooms are put together.
#[async_trait]
pub trait Replays: Send + Sync {
    /// The results of the deals of `lease` after number `after_deal`, in order, at most `most`. Fewer when the log that has
    /// come to the hub holds no more.
    async fn missed(&self, lease: LeaseId, after_deal: u64, most: usize) -> Result<Vec<DealResult>, ReplaysError>;
}

/// Why deals could not be recomputed.
#[derive(Debug, thiserror::Error)]
#[error("deals can't be recomputed now: {0}")]
pub struct ReplaysError(pub Box<dyn std::error::Error + Send + Sync>);

impl Leases {
    /// Answers a player who appears at `edge`.
    ///
    /// # Errors
    /// The database's, the ledger's, or [`LeasesError::Replays`]. A dealer that does not answer is no error: the tail is pending.
    pub async fn resume(
        &self,
        edge: &EdgeId,
        ask: &Resume,
        replays: &dyn Replays,
        trace: &Trace,
    ) -> Result<Resumed, LeasesError> {
        // An edge that holds the player's lease asks for the wallet alone. It may be one that he has left since: its question
        // must end nothing.
        let lease = if ask.holds_lease { None } else { self.move_here(edge, ask, replays, trace).await? };
        // Read after the lease was ended, so that the events of its ending are among these, and the balances come last.
        let (events, core_seq, resync) = self.missed_events(ask.player, ask.cursor.core_seq).await?;
        let wallet = self.wallet_of(ask.player).await?;
        Ok(Resumed { wallet, core_seq, events, resync, lease })
    }

    /// Ends what the player has elsewhere, and finds what he missed in it.
    async fn move_here(
        &self,
        edge: &EdgeId,
        ask: &Resume,
        replays: &dyn Replays,
        trace: &Trace,
    ) -> Result<Option<ResumedLease>, LeasesError> {
        let lease = match self.lease_of(ask).await? {
            Some((lease, seen)) => self.resume_lease(edge, lease, seen, replays, trace).await?,
            None => None,
        };
        self.free_player(edge, ask.player, trace).await?;
        Ok(lease)
    }

    /// The cursor's lease and the last deal seen in it, or else the lease that the player has.
    async fn lease_of(&self, ask: &Resume) -> Result<Option<(Lease, u64)>, LeasesError> {
        if let Some(id) = ask.cursor.lease {
            let found = repo::find(&self.pool, id).await?;
            if let Some(lease) = found.filter(|lease| lease.player == ask.player) {
                return Ok(Some((lease, ask.cursor.deal)));
            }
        }
        Ok(repo::active_of(&self.pool, ask.player).await?.map(|lease| (lease, 0)))
    }

    /// What the player has at another edge is ended, whatever his cursor says: he is here now, and must be able to play.
    async fn free_player(&self, edge: &EdgeId, player: PlayerId, trace: &Trace) -> Result<(), LeasesError> {
        let active = repo::active_of(&self.pool, player).await?;
        let Some(lease) = active.filter(|lease| lease.edge != *edge) else { return Ok(()) };
        if lease.status == Status::Offered {
            return self.decline(&lease).await.map(|_| ());
        }
        let id = lease.id;
        if let Err(error) = self.end(lease, CloseReason::Fenced, trace).await {
            tracing::info!(lease = %id, %error, "a lease left at another edge is fenced, and closed by the reaper");
        }
        Ok(())
    }

    async fn resume_lease(
        &self,
        edge: &EdgeId,
        lease: Lease,
        seen: u64,
        replays: &dyn Replays,
        trace: &Trace,
    ) -> Result<Option<ResumedLease>, LeasesError> {
        let Some(terms) = lease.terms.clone() else { return Ok(None) };
        let id = lease.id;
        if lease.status == Status::Refused {
            return Ok(None);
        }
        if lease.edge == *edge && lease.status == Status::Open {
            return Ok(Some(ResumedLease { lease: id, terms, stays: true, missed: Vec::new(), tail: Tail::Pending }));
        }
        let (missed, tail) = self.take_over(lease, seen, replays, trace).await?;
        Ok(Some(ResumedLease { lease: id, terms, stays: false, missed, tail }))
    }

    /// Fences and closes the lease if it is not closed, and waits for its deals for a bounded time.
    async fn take_over(
        &self,
        lease: Lease,
        seen: u64,
        replays: &dyn Replays,
        trace: &Trace,
    ) -> Result<(Vec<DealResult>, Tail), LeasesError> {
        let id = lease.id;
        let ended = tokio::time::timeout(limits::RESUME_WAIT, self.end(lease, CloseReason::Fenced, trace)).await;
        let deals = match ended {
            Ok(Ok(record)) => deals_in(&record),
            Ok(Err(LeasesError::Refused(_) | LeasesError::Dealer(_) | LeasesError::Ledger(_))) | Err(_) => None,
            Ok(Err(error)) => return Err(error),
        };
        self.await_deals(id, seen, deals, replays).await
    }

    /// The deals after `seen`. When the log is known to end with deal `last`, waits until that one has arrived at the hub.
    async fn await_deals(
        &self,
        lease: LeaseId,
        seen: u64,
        last: Option<u64>,
        replays: &dyn Replays,
    ) -> Result<(Vec<DealResult>, Tail), LeasesError> {
        let tries = limits::RESUME_WAIT.as_millis() / limits::RESUME_PAUSE.as_millis().max(1);
        let mut missed = replays.missed(lease, seen, CaughtUp::MAX).await?;
        for _ in 0..tries {
            if last.is_none() || missed.len() >= CaughtUp::MAX || is_complete(seen, &missed, last) {
                break;
            }
            tokio::time::sleep(limits::RESUME_PAUSE).await;
            missed = replays.missed(lease, seen, CaughtUp::MAX).await?;
        }
        let tail = if is_complete(seen, &missed, last) { Tail::Complete } else { Tail::Pending };
        Ok((missed, tail))
    }

    /// Wallet events after `seen`; none, and `resync`, when there are too many or the client has seen what never was.
    async fn missed_events(&self, player: PlayerId, seen: u64) -> Result<(Vec<WalletEvent>, u64, bool), LeasesError> {
        let events = self.events_after(player, seen, limits::RESUME_EVENTS.saturating_add(1)).await?;
        let expected = (1..).map(|step| seen.saturating_add(step));
        let whole = events.iter().zip(expected).all(|(event, number)| event.core_seq == number);
        let few = u32::try_from(events.len()).is_ok_and(|count| count <= limits::RESUME_EVENTS);
        let known = seen == 0 || !self.events_after(player, seen.saturating_sub(1), 1).await?.is_empty();
        if whole && few && known {
            let newest = events.last().map_or(seen, |event| event.core_seq);
            return Ok((events, newest, false));
        }
        metrics::counter!(telemetry::names::RESYNCS).increment(1);
        let from = if known { seen } else { 0 };
        Ok((Vec::new(), self.newest_event(player, from).await?, true))
    }

    /// Deals of a lease of the player's that its edge does not have any more.
    ///
    /// # Errors
    /// [`LeasesError::Refused`] with `lease_unknown`, the database's, or [`LeasesError::Replays`].
    pub async fn catch_up(&self, ask: &CatchUp, replays: &dyn Replays) -> Result<CaughtUp, LeasesError> {
        let found = repo::find(&self.pool, ask.lease).await?;
        let lease = found.filter(|lease| lease.player == ask.player && lease.terms.is_some());
        let lease = lease.ok_or(RefusalCode::LeaseUnknown)?;
        let missed = replays.missed(lease.id, ask.after_deal, CaughtUp::MAX).await?;
        let last = lease.closed.as_ref().and_then(deals_in);
        let tail = if is_complete(ask.after_deal, &missed, last) { Tail::Complete } else { Tail::Pending };
        Ok(CaughtUp { missed, tail })
    }
}

/// How many deals a closed log holds.
fn deals_in(record: &Record) -> Option<u64> {
    match &record.body {
        RecordBody::Closed(closed) => Some(closed.deals),
        _ => None,
    }
}

/// Whether nothing can follow: the log ends, and its last deal is seen or here.
fn is_complete(seen: u64, missed: &[DealResult], last: Option<u64>) -> bool {
    let here = missed.last().map_or(seen, |result| result.deal);
    last.is_some_and(|last| here >= last)
}
