//! The edge's play: what it is made of, and the work that goes on in the background.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use bus::{Bus, Journal};
use clock::SharedClock;
use ids::{DealerId, EdgeId, PlayerId, RegionId};
use parking_lot::Mutex;
use serde::Serialize;
use serde::de::DeserializeOwned;
use telemetry::Trace;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use wire::subjects;
use wire::v1::client::EdgeAddress;
use wire::v1::{Refusal, RefusalCode};

use crate::catalogue::Catalogue;
use crate::error::PlayError;
use crate::held::Held;
use crate::limits;
use crate::told::ToldQueue;
use crate::wallet::Wallets;

/// Who and where this edge is.
#[derive(Clone, Debug)]
pub struct Options {
    /// Its name.
    pub edge: EdgeId,
    /// Its region.
    pub region: RegionId,
    /// Where players reach it.
    pub public_url: String,
    /// The region's dealer: asked for leases whose terms this edge has forgotten.
    pub dealer: DealerId,
    /// JetStream domain of the region.
    pub domain: String,
    /// JetStream domain of the core.
    pub hub_domain: String,
}

/// The leases of this edge and all that is done with them. One a process.
pub struct Play {
    pub(crate) options: Options,
    pub(crate) bus: Bus,
    pub(crate) regional: Journal,
    pub(crate) hub: Journal,
    pub(crate) clock: SharedClock,
    pub(crate) held: Held,
    pub(crate) catalogue: Arc<Catalogue>,
    pub(crate) told: ToldQueue,
    pub(crate) wallet: Wallets,
    pub(crate) wallet_fills: Semaphore,
    pub(crate) edges: Mutex<Vec<EdgeAddress>>,
    tasks: TaskTracker,
    stop: CancellationToken,
    draining: AtomicBool,
}

impl std::fmt::Debug for Play {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Play")
            .field("edge", &self.options.edge)
            .field("leases", &self.held.len())
            .finish_non_exhaustive()
    }
}

impl Play {
    /// Starts the background work: beats, wallet events, the catalogue, the report of what players were told.
    #[must_use]
    pub fn start(options: Options, bus: Bus, clock: SharedClock, catalogue: Arc<Catalogue>) -> Arc<Self> {
        let (told, reports) = ToldQueue::bounded(limits::TOLD_QUEUE);
        let (regional, hub) = (bus.journal(Some(&options.domain)), bus.journal(Some(&options.hub_domain)));
        let play = Arc::new(Self {
            options,
            bus,
            regional,
            hub,
            clock,
            held: Held::default(),
            catalogue,
            told,
            wallet: Wallets::default(),
            wallet_fills: Semaphore::new(limits::WALLET_FILLS),
            edges: Mutex::default(),
            tasks: TaskTracker::new(),
            stop: CancellationToken::new(),
            draining: AtomicBool::new(false),
        });
        play.background(|play| play.beat_for_ever());
        play.background(|play| play.follow_wallets());
        play.background(|play| play.sweep_wallets());
        play.background(|play| play.follow_catalogue());
        // Ends by itself once it is stopped and empty.
        let reporter = Arc::clone(&play);
        play.tasks.spawn(async move { reporter.report_told(reports).await });
        play
    }

    /// Work that is dropped when the edge stops.
    fn background<F>(self: &Arc<Self>, work: impl FnOnce(Arc<Self>) -> F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let (work, stop) = (work(Arc::clone(self)), self.stop.clone());
        self.tasks.spawn(async move {
            tokio::select! {
                () = stop.cancelled() => {}
                () = work => {}
            }
        });
    }

    async fn follow_catalogue(self: Arc<Self>) {
        self.catalogue.follow(&self.bus, &self.options.hub_domain).await;
    }

    /// Work that ends even when the connection that asked for it is gone.
    pub(crate) async fn finish<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T, Refusal>> + Send + 'static,
    ) -> Result<T, Refusal> {
        self.tasks.spawn(work).await.unwrap_or_else(|_| Err(RefusalCode::Unavailable.into()))
    }

    /// Work that nobody waits for.
    pub(crate) fn detach_work(&self, work: impl Future<Output = ()> + Send + 'static) {
        self.tasks.spawn(work);
    }

    /// This edge.
    #[must_use]
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// Leases held now.
    #[must_use]
    pub fn leases(&self) -> usize {
        self.held.len()
    }

    /// Other edges, as the core named them in its last beat.
    #[must_use]
    pub fn other_edges(&self) -> Vec<EdgeAddress> {
        self.edges.lock().iter().filter(|address| address.edge != self.options.edge).cloned().collect()
    }

    /// The connection is gone: nothing more is queued for it.
    pub fn disconnect(&self, player: PlayerId, connection: u64) {
        self.wallet.detach(player, connection);
        if let Some(slot) = self.held.of_player(player) {
            slot.held().detach(connection);
        }
    }

    /// Whether the edge takes no more leases and deals.
    #[must_use]
    pub fn is_draining(&self) -> bool {
        self.draining.load(Ordering::Acquire)
    }

    /// From now on offers, openings and deals are refused.
    pub fn refuse_new(&self) {
        self.draining.store(true, Ordering::Release);
    }

    /// # Errors
    /// [`RefusalCode::Draining`] once the edge drains.
    pub(crate) fn accepting(&self) -> Result<(), Refusal> {
        if self.is_draining() { Err(RefusalCode::Draining.into()) } else { Ok(()) }
    }

    pub(crate) fn stopping(&self) -> &CancellationToken {
        &self.stop
    }

    pub(crate) fn tasks(&self) -> &TaskTracker {
        &self.tasks
    }

    /// Asks the core.
    ///
    /// # Errors
    /// [`PlayError::Refused`] for a no, any other for no answer.
    pub(crate) async fn ask_core<Q: Serialize + Sync, A: DeserializeOwned>(
        &self,
        verb: &str,
        question: &Q,
        timeout: Duration,
        trace: &Trace,
    ) -> Result<A, PlayError> {
        let subject = subjects::core_rpc(&self.options.edge, verb);
        let reply = self.bus.request::<Q, A>(&subject, question, timeout, &trace.child()).await?;
        Ok(reply.into_result()?)
    }
}
