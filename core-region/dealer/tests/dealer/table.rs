//! A region with its server, its dealers, and a core that answers them: everything real but the core's decisions.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use bus::testing::NatsServer;
use bus::{Bus, ServeOptions, Site, StreamsFile, provision, reply};
use clock::ManualClock;
use dealer::{Dealer, DealerKeys};
use ids::LeaseId;
use parking_lot::Mutex;
use serde::Serialize;
use serde::de::DeserializeOwned;
use telemetry::Trace;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use wire::subjects;
use wire::v1::dealer::{
    Appended, BindReply, BindRequest, CloseLease, OpenLease, RecoverReply, RecoverRequest, SyncReply, SyncRequest,
    TopUpLease,
};
use wire::v1::lease::CloseReason;
use wire::v1::record::{Record, RecordBody};
use wire::v1::{RefusalCode, Reply};

use crate::party::{DEALER, ISSUED_MS, Party, keys};

const TIMEOUT: Duration = Duration::from_secs(20);

/// The open leases that the core would name.
type Book = Arc<Mutex<BTreeMap<LeaseId, OpenLease>>>;

pub(crate) struct Table {
    pub(crate) server: NatsServer,
    pub(crate) bus: Bus,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) book: Book,
    tracker: TaskTracker,
    cancel: CancellationToken,
}

/// A running dealer, and how to end it.
pub(crate) struct Running {
    pub(crate) dealer: Dealer,
    pub(crate) cancel: CancellationToken,
    tracker: TaskTracker,
}

impl Running {
    /// Ends it and waits until its subscriptions are gone.
    pub(crate) async fn stop(self) {
        self.cancel.cancel();
        self.tracker.close();
        self.tracker.wait().await;
    }
}

impl Table {
    pub(crate) async fn set() -> Self {
        let server = NatsServer::start("west").await.unwrap();
        let bus = server.connect("table").await.unwrap();
        let streams = StreamsFile::parse(include_str!("../../../../nats/streams.toml")).unwrap();
        provision(&bus, &streams, &Site::Region("west".parse().unwrap())).await.unwrap();
        let table = Self {
            server,
            bus,
            clock: Arc::new(ManualClock::at(ISSUED_MS)),
            book: Book::default(),
            tracker: TaskTracker::new(),
            cancel: CancellationToken::new(),
        };
        table.serve_core().await;
        table
    }

    /// Answers `sync` from the book, two leases a page.
    async fn serve_core(&self) {
        let options = ServeOptions {
            subject: subjects::CORE_FOR_DEALERS_ALL.into(),
            queue_group: Some("core".into()),
            concurrency: 8,
        };
        let book = self.book.clone();
        let handler = move |incoming: bus::Incoming| {
            let book = book.clone();
            async move {
                let answer = reply(&incoming, |request: SyncRequest| async move {
                    let after = request.after.map_or([0; 16], LeaseId::to_bytes);
                    let book = book.lock();
                    let later = book.iter().filter(|(lease, _)| lease.to_bytes() > after);
                    Reply::Done(SyncReply { leases: later.take(2).map(|(_, open)| open.clone()).collect() })
                });
                answer.await
            }
        };
        self.bus.serve(options, &self.tracker, self.cancel.clone(), handler).await.unwrap();
    }

    /// A dealer process with `dealer_keys`, on a connection of its own, serving but not in step with the core.
    pub(crate) async fn dealer_with(&self, dealer_keys: DealerKeys) -> Running {
        let bus = self.server.connect(DEALER).await.unwrap();
        let id = DEALER.parse().unwrap();
        let dealer = Dealer::new(id, "west".parse().unwrap(), None, bus, dealer_keys, self.clock.clone());
        let (tracker, cancel) = (TaskTracker::new(), CancellationToken::new());
        dealer::serve(&dealer, &tracker, &cancel).await.unwrap();
        Running { dealer, cancel, tracker }
    }

    pub(crate) async fn dealer(&self) -> Running {
        self.dealer_with(keys()).await
    }

    async fn ask<Q: Serialize + Sync, A: DeserializeOwned>(&self, subject: String, request: &Q) -> Reply<A> {
        self.bus.request(&subject, request, TIMEOUT, &Trace::root()).await.unwrap()
    }

    pub(crate) async fn open(&self, party: &Party) -> Reply<Appended> {
        self.ask(subjects::dealer_control(&DEALER.parse().unwrap(), "open"), &party.opens()).await
    }

    /// Opens it, and notes it in the core's book.
    pub(crate) async fn seat(&self, party: &Party) -> Record {
        self.book.lock().insert(party.lease, party.opens());
        let Reply::Done(appended) = self.open(party).await else { panic!("not opened") };
        appended.record
    }

    pub(crate) async fn bind(&self, request: &BindRequest) -> Reply<BindReply> {
        self.ask(subjects::dealer_rpc(&DEALER.parse().unwrap(), "bind"), request).await
    }

    pub(crate) async fn bound(&self, request: &BindRequest) -> BindReply {
        match self.bind(request).await {
            Reply::Done(bound) => bound,
            other => panic!("{other:?}"),
        }
    }

    pub(crate) async fn refused(&self, request: &BindRequest) -> RefusalCode {
        match self.bind(request).await {
            Reply::Refused(refusal) => refusal.code,
            other => panic!("{other:?}"),
        }
    }

    pub(crate) async fn top_up(&self, request: &TopUpLease) -> Reply<Appended> {
        self.ask(subjects::dealer_control(&DEALER.parse().unwrap(), "topup"), request).await
    }

    pub(crate) async fn recover(&self, request: &RecoverRequest) -> Reply<RecoverReply> {
        self.ask(subjects::dealer_rpc(&DEALER.parse().unwrap(), "recover"), request).await
    }

    pub(crate) async fn close(&self, party: &Party) -> Reply<Appended> {
        self.book.lock().remove(&party.lease);
        let log_region = "west".parse().unwrap();
        let request = CloseLease { lease: party.lease, log_region, epoch: 5, reason: CloseReason::Fenced };
        self.ask(subjects::dealer_control(&DEALER.parse().unwrap(), "close"), &request).await
    }

    /// The lease's log as the stream has it.
    pub(crate) async fn log(&self, party: &Party) -> Vec<Record> {
        let stream = subjects::rounds_stream(subjects::shard_of(party.lease));
        let subject = subjects::rounds(&"west".parse().unwrap(), party.lease);
        let stored = self.bus.journal(None).read(&stream, &subject, 1, 1_000).await.unwrap();
        stored.iter().map(|stored| wire::decode(&stored.payload).unwrap()).collect()
    }

    /// The intents bound in the log, in order.
    pub(crate) async fn deals(&self, party: &Party) -> Vec<wire::v1::intent::SignedIntent> {
        let log = self.log(party).await;
        let deals = log.into_iter().filter_map(|record| match record.body {
            RecordBody::Deal(deal) => Some(deal.intent),
            _ => None,
        });
        deals.collect()
    }
}
