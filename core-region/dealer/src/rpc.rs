//! The dealer's subjects. Who may ask is fixed by the bus's permissions: edges of the region publish to `rpc.dealer.…`, the
//! core alone to `ctl.dealer.…`.

use std::future::Future;

use bus::{BusError, Incoming, ServeOptions};
use serde::Serialize;
use serde::de::DeserializeOwned;
use telemetry::Trace;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use wire::subjects::{dealer_control, dealer_rpc};
use wire::v1::Reply;
use wire::v1::dealer::{BindRequest, CloseLease, OpenLease, RecoverRequest, Renew, TopUpLease};

use crate::limits;
use crate::service::Dealer;

/// Processes of one dealer share its requests; the log's fence keeps them apart.
const GROUP: &str = "dealer";

/// Where the dealer's requests are served.
struct Door<'a> {
    dealer: &'a Dealer,
    tracker: &'a TaskTracker,
    cancel: &'a CancellationToken,
}

/// Serves all of the dealer's subjects until `cancel`, on tasks of `tracker`.
///
/// # Errors
/// [`BusError`] when a subscription can't be made.
pub async fn serve(dealer: &Dealer, tracker: &TaskTracker, cancel: &CancellationToken) -> Result<(), BusError> {
    let door = Door { dealer, tracker, cancel };
    let id = &dealer.inner.id;
    door.renewals(dealer_control(id, "renew")).await?;
    door.open(dealer_control(id, "open"), limits::CONTROLS, |dealer, ask: OpenLease, trace| async move {
        dealer.open(&ask, &trace).await
    })
    .await?;
    door.open(dealer_control(id, "topup"), limits::CONTROLS, |dealer, ask: TopUpLease, trace| async move {
        dealer.top_up(&ask, &trace).await
    })
    .await?;
    door.open(dealer_control(id, "close"), limits::CONTROLS, |dealer, ask: CloseLease, trace| async move {
        dealer.close(&ask, &trace).await
    })
    .await?;
    door.open(dealer_rpc(id, "recover"), limits::RECOVERIES, |dealer, ask: RecoverRequest, trace| async move {
        dealer.recover(&ask, &trace).await
    })
    .await?;
    door.open(dealer_rpc(id, "bind"), limits::BINDS, |dealer, ask: BindRequest, trace| async move {
        dealer.bind(&ask, &trace).await
    })
    .await
}

impl Door<'_> {
    /// Answers `subject` with what `act` comes to.
    async fn open<Q, A, F>(
        &self,
        subject: String,
        concurrency: usize,
        act: impl Fn(Dealer, Q, Trace) -> F + Copy + Send + Sync + 'static,
    ) -> Result<(), BusError>
    where
        Q: DeserializeOwned + Send + 'static,
        A: Serialize + Send + 'static,
        F: Future<Output = Reply<A>> + Send + 'static,
    {
        let options = ServeOptions { subject, queue_group: Some(GROUP.to_owned()), concurrency };
        let dealer = self.dealer.clone();
        let handler = move |incoming: Incoming| {
            let dealer = dealer.clone();
            async move { bus::reply(&incoming, |ask: Q| act(dealer, ask, incoming.trace)).await }
        };
        self.dealer.inner.bus.serve(options, self.tracker, self.cancel.clone(), handler).await
    }

    /// Every process of this dealer hears of renewals, and none answers.
    async fn renewals(&self, subject: String) -> Result<(), BusError> {
        let options = ServeOptions { subject, queue_group: None, concurrency: 1 };
        let inner = self.dealer.inner.clone();
        let handler = move |incoming: Incoming| {
            match wire::decode::<Renew>(&incoming.payload) {
                Ok(renew) => inner.renew(&renew),
                Err(error) => tracing::error!(%error, trace_id = incoming.trace.trace_id(), "renewal can't be read"),
            }
            std::future::ready(Vec::new())
        };
        self.dealer.inner.bus.serve(options, self.tracker, self.cancel.clone(), handler).await
    }
}
