//! A player arrives: fresh, back at the edge that holds its lease, or from another edge.
//!
//! First frame `welcome`, then every deal and wallet event after the cursor once and in order, then what happens live. What is
//! held here needs neither core nor dealer. What the ring does not reach is folded again from the log.

use std::sync::Arc;
use std::time::Duration;

use ids::{LeaseId, PlayerId};
use telemetry::Trace;
use wire::v1::RefusalCode;
use wire::v1::client::{Cursor, DealResult, LeftBehind, OpenedLease, ServerBody, Tail, Welcome};
use wire::v1::core::{Balance, CaughtUp, Resume, Resumed, ResumedLease};
use wire::v1::lease::LeaseTerms;

use crate::bind::Backoff;
use crate::error::PlayError;
use crate::held::Slot;
use crate::limits;
use crate::outlet::{Asker, Moves, Push};
use crate::play::Play;

/// What is found for somebody whose lease is not in this edge's memory.
#[derive(Default)]
struct Found {
    slot: Option<(Arc<Slot>, Vec<Arc<DealResult>>)>,
    left: Option<LeftBehind>,
    missed: Vec<DealResult>,
}

impl Play {
    /// Welcomes the asker, and makes its connection the one that is told everything.
    pub async fn arrive(self: &Arc<Self>, asker: &Asker, cursor: Option<Cursor>) {
        self.wallet.attach(asker.player, &asker.outlet, cursor, self.clock.monotonic());
        // Who names another lease than the one held here was elsewhere in between: only the core knows which one counts.
        let named = |slot: &Arc<Slot>| cursor.is_none_or(|cursor| cursor.lease == Some(slot.lease));
        let held = self.held.of_player(asker.player).filter(named);
        match held.filter(|slot| slot.held().state().progress.closed.is_none()) {
            Some(slot) => self.arrive_at_held(asker, cursor, &slot).await,
            None => self.arrive_anew(asker, cursor).await,
        }
    }

    /// The lease is here: the client is served at once, and the core's part follows.
    async fn arrive_at_held(self: &Arc<Self>, asker: &Asker, cursor: Option<Cursor>, slot: &Arc<Slot>) {
        // When a crowd comes back the core is asked a few at a time: their deals are here, only their wallets wait.
        let asked = async {
            let _turn = if cursor.is_some() { self.wallet_fills.acquire().await.ok() } else { None };
            self.ask_resume(asker, cursor, true, limits::CORE_TIMEOUT).await
        };
        tokio::pin!(asked);
        // Who comes with a cursor knows its wallet; who comes fresh needs it.
        let grace = if cursor.is_some() { limits::WELCOME_GRACE } else { limits::CORE_TIMEOUT };
        let early = tokio::time::timeout(grace, &mut asked).await.ok();
        let wallet = early.as_ref().and_then(|resumed| resumed.as_ref().ok());
        self.welcome_to(asker, cursor, slot, Vec::new(), wallet, None).await;
        let welcomed = wallet.is_some();
        let resumed = match early {
            Some(resumed) => resumed,
            None => asked.await,
        };
        self.take_wallet(asker, cursor, resumed, welcomed);
    }

    async fn arrive_anew(self: &Arc<Self>, asker: &Asker, cursor: Option<Cursor>) {
        let resumed = self.ask_resume(asker, cursor, false, limits::CORE_DEALER_TIMEOUT).await;
        let found = self.find(asker, cursor, resumed.as_ref().ok()).await;
        let wallet = resumed.as_ref().ok();
        match found.slot {
            Some((slot, results)) => self.welcome_to(asker, cursor, &slot, results, wallet, found.left).await,
            None => {
                let welcome = self.welcome(asker, wallet, None, found.left);
                let missed = found.missed.into_iter().map(|result| Push::from(ServerBody::Result(Box::new(result))));
                let moves = Moves { lease: None, core_seq: fresh_seq(cursor, wallet) };
                let first = Push { moves, ..asker.addressed(welcome) };
                asker.outlet.push_all(std::iter::once(first).chain(missed).collect());
            }
        }
        let welcomed = resumed.is_ok();
        self.take_wallet(asker, cursor, resumed, welcomed);
    }

    /// Where the player's lease is: at this edge, by the core's word or else its dealer's, or behind.
    async fn find(&self, asker: &Asker, cursor: Option<Cursor>, resumed: Option<&Resumed>) -> Found {
        let at = cursor.unwrap_or_default();
        let (lease, terms) = match resumed.map(|resumed| resumed.lease.as_ref()) {
            Some(None) => return Found::default(),
            Some(Some(known)) if !known.stays => return self.left_behind(asker, cursor, known).await,
            Some(Some(known)) => (known.lease, Some(&known.terms)),
            None => match at.lease {
                Some(lease) => (lease, None),
                None => return Found::default(),
            },
        };
        let held = self.held.of(asker.player, lease).ok().filter(|slot| slot.held().state().progress.closed.is_none());
        if let Some(slot) = held {
            return Found { slot: Some((slot, Vec::new())), ..Found::default() };
        }
        match self.recover_patiently(asker.player, lease, terms, &asker.trace).await {
            Ok(slot) => Found { slot: Some(slot), ..Found::default() },
            Err(error) => {
                tracing::info!(trace_id = %asker.trace.trace_id(), %lease, %error, "lease does not go on here");
                let after = if at.lease == Some(lease) { at.deal } else { 0 };
                let (missed, tail) = self.all_from_core(asker.player, lease, after, &asker.trace).await;
                Found { left: Some(LeftBehind { lease, tail }), missed: wanted(cursor, missed), ..Found::default() }
            }
        }
    }

    /// A lease that ended, or was fenced by the core's answer: its deals in as many pages as there are.
    async fn left_behind(&self, asker: &Asker, cursor: Option<Cursor>, known: &ResumedLease) -> Found {
        let (lease, mut missed, mut tail) = (known.lease, known.missed.clone(), known.tail);
        if let Some(last) = missed.last().filter(|_| missed.len() >= CaughtUp::MAX && tail == Tail::Pending) {
            let (rest, end) = self.all_from_core(asker.player, lease, last.deal, &asker.trace).await;
            missed.extend(rest);
            tail = end;
        }
        Found { left: Some(LeftBehind { lease, tail }), missed: wanted(cursor, missed), ..Found::default() }
    }

    async fn recover_patiently(
        &self,
        player: PlayerId,
        lease: LeaseId,
        terms: Option<&LeaseTerms>,
        trace: &Trace,
    ) -> Result<(Arc<Slot>, Vec<Arc<DealResult>>), PlayError> {
        let mut backoff = Backoff::new();
        let mut tries = 1;
        loop {
            match self.recover(player, lease, terms, trace).await {
                Err(error) if tries < limits::RECOVER_TRIES && may_pass(&error, terms.is_some()) => tries += 1,
                done => return done,
            }
            backoff.pause().await;
        }
    }

    /// The deals after `after` as the core recomputes them, and whether these are all.
    async fn all_from_core(
        &self,
        player: PlayerId,
        lease: LeaseId,
        after: u64,
        trace: &Trace,
    ) -> (Vec<DealResult>, Tail) {
        let mut missed: Vec<DealResult> = Vec::new();
        for _ in 0..limits::CATCH_UP_CALLS {
            let from = missed.last().map_or(after, |last| last.deal);
            let Ok(page) = self.caught_up(player, lease, from, trace).await else { break };
            let last_page = page.missed.len() < CaughtUp::MAX || page.tail == Tail::Complete;
            missed.extend(page.missed);
            if last_page {
                return (missed, page.tail);
            }
        }
        (missed, Tail::Pending)
    }

    /// Attaches the connection to a lease that goes on here. `older` are results that the ring may not reach.
    async fn welcome_to(
        &self,
        asker: &Asker,
        cursor: Option<Cursor>,
        slot: &Arc<Slot>,
        older: Vec<Arc<DealResult>>,
        core: Option<&Resumed>,
        left: Option<LeftBehind>,
    ) {
        let mut older = older;
        let mut replayed = false;
        loop {
            {
                let mut held = slot.held();
                let after = match cursor {
                    Some(cursor) if cursor.lease == Some(slot.lease) => cursor.deal,
                    Some(_) => 0,
                    None => held.state().progress.deals,
                };
                if let Some(missed) = held.missed(after, &older) {
                    let welcome = self.welcome(asker, core, Some(held.opened()), left);
                    let moves = Moves { lease: Some((slot.lease, after)), core_seq: fresh_seq(cursor, core) };
                    held.attach(&asker.outlet, Push { moves, ..asker.addressed(welcome) }, missed);
                    return;
                }
            }
            if replayed {
                break;
            }
            replayed = true;
            older = self.replay(slot, &asker.trace).await;
        }
        // The lease stays held; a later try finds the log readable again.
        tracing::warn!(trace_id = %asker.trace.trace_id(), lease = %slot.lease, "a cursor's deals can't be read now");
        let left = Some(LeftBehind { lease: slot.lease, tail: Tail::Pending });
        let moves = Moves { lease: None, core_seq: fresh_seq(cursor, core) };
        asker.outlet.push(Push { moves, ..asker.addressed(self.welcome(asker, core, None, left)) });
    }

    /// All results of a held lease, by its log; else by the core.
    async fn replay(&self, slot: &Slot, trace: &Trace) -> Vec<Arc<DealResult>> {
        let terms = &slot.terms;
        match self.rebuild(slot.player, slot.lease, &terms.dealer, &terms.log_region, trace).await {
            Ok(rebuilt) => rebuilt.results,
            Err(error) => {
                tracing::info!(trace_id = %trace.trace_id(), lease = %slot.lease, %error, "replay by the core");
                let (missed, _) = self.all_from_core(slot.player, slot.lease, 0, trace).await;
                missed.into_iter().map(Arc::new).collect()
            }
        }
    }

    fn welcome(
        &self,
        asker: &Asker,
        core: Option<&Resumed>,
        lease: Option<OpenedLease>,
        left_behind: Option<LeftBehind>,
    ) -> ServerBody {
        let wallet: Option<Vec<Balance>> = core.map(|resumed| resumed.wallet.clone());
        ServerBody::Welcome(Box::new(Welcome {
            player: asker.player,
            edge: self.options.edge.clone(),
            region: self.options.region.clone(),
            wallet,
            lease,
            left_behind,
            games: self.catalogue.entries(),
        }))
    }

    async fn ask_resume(
        &self,
        asker: &Asker,
        cursor: Option<Cursor>,
        holds_lease: bool,
        timeout: Duration,
    ) -> Result<Resumed, PlayError> {
        let question = Resume { player: asker.player, cursor: cursor.unwrap_or_default(), holds_lease };
        self.ask_core("resume", &question, timeout, &asker.trace).await
    }

    /// The core's wallet events, or a further question for them.
    fn take_wallet(
        self: &Arc<Self>,
        asker: &Asker,
        cursor: Option<Cursor>,
        resumed: Result<Resumed, PlayError>,
        welcomed: bool,
    ) {
        let (player, connection, now) = (asker.player, asker.outlet.connection(), self.clock.monotonic());
        let more = match (resumed, cursor) {
            (Ok(resumed), None) if welcomed => {
                self.wallet.start_at(player, connection, resumed.core_seq, now);
                false
            }
            (Ok(resumed), cursor) => {
                let from = cursor.map_or(0, |cursor| cursor.core_seq);
                self.wallet.fill(player, connection, from, resumed, now)
            }
            (Err(error), _) => {
                tracing::info!(trace_id = %asker.trace.trace_id(), %error, "the core can't say what was missed yet");
                true
            }
        };
        if more {
            self.fill_in_background(player);
        }
    }
}

/// A fresh client stands where its welcome's wallet does.
fn fresh_seq(cursor: Option<Cursor>, core: Option<&Resumed>) -> Option<u64> {
    if cursor.is_none() { core.map(|resumed| resumed.core_seq) } else { None }
}

/// Who starts afresh is not told the deals of before.
fn wanted(cursor: Option<Cursor>, missed: Vec<DealResult>) -> Vec<DealResult> {
    if cursor.is_some() { missed } else { Vec::new() }
}

/// Whether another try may find the lease: its dealer is starting, or the log lags. Only the core can tell that from a lease
/// that never was here.
fn may_pass(error: &PlayError, known_to_core: bool) -> bool {
    match error {
        PlayError::Refused(refusal) => {
            known_to_core && matches!(refusal.code, RefusalCode::LeaseUnknown | RefusalCode::Unavailable)
        }
        PlayError::Bus(_) | PlayError::ShortLog { .. } => true,
        _ => false,
    }
}
