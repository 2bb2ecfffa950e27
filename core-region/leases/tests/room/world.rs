//! A core around the room, as small as it can be, and players.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use bytes::Bytes;
use clock::{Clock, ManualClock};
use database::run_tx;
use database::testing::TestDatabase;
use ed25519_dalek::{Signer, SigningKey};
use ids::{Digest, EdgeId, LeaseId, PlayerId, TransferId};
use leases::{
    Catalogue, CurrencyRules, DealerIdentity, Leases, LeasesError, Movement, Parts, Pass, Release, Replays,
    ReplaysError, Rules, Status, settled_in_tx, transfer_id,
};
use ledger::{AccountKey, AccountKind, Command, Intent, Ledger, Memory, Unit, UnitReply};
use money::{Amount, Currency};
use round::{Action, IntentSignature, LeaseState, Plan, Played, Verdict};
use seeds::{CoreSigner, Hardware, KeyRing, Options, Seeds};
use telemetry::Trace;
use wire::v1::client::{DealResult, Receipt};
use wire::v1::core::{Close, ClosedReply, Offer, Open, Opened, TopUp, ToppedUpReply};
use wire::v1::dealer::BindRequest;
use wire::v1::intent::SignedIntent;
use wire::v1::lease::{CloseReason, LeaseOffer, LeaseTerms, OfferRequest, OpenRequest, Placement};
use wire::v1::payload::Payload;
use wire::v1::record::{Record, RecordBody};
use wire::v1::wallet::WalletBody;
use wire::v1::{ClientKey, Hex, HexBytes, RefusalCode};
use zeroize::Zeroizing;

use crate::dealer_behind::DealerBehind;

pub(crate) const NOW_MS: u64 = 1_790_000_000_000;

pub(crate) struct World {
    pub(crate) database: TestDatabase,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) store: Memory,
    pub(crate) ledger: Ledger,
    pub(crate) seeds: Arc<Seeds>,
    pub(crate) dealer: Arc<DealerBehind>,
    pub(crate) catalogue: Arc<Catalogue>,
    pub(crate) leases: Arc<Leases>,
    next: AtomicU64,
}

/// A player with the key of one session.
#[derive(Clone)]
pub(crate) struct Client {
    pub(crate) id: PlayerId,
    pub(crate) key: SigningKey,
}

pub(crate) fn minor(minor: i64) -> Amount {
    Amount::from_minor(minor)
}

pub(crate) fn edge(name: &str) -> EdgeId {
    name.parse().unwrap()
}

pub(crate) fn west() -> EdgeId {
    edge("west-1")
}

pub(crate) fn trace() -> Trace {
    Trace::root()
}

/// The code of a refusal; anything else fails the test.
pub(crate) fn code<T: std::fmt::Debug>(result: Result<T, LeasesError>) -> RefusalCode {
    match result {
        Err(LeasesError::Refused(refusal)) => refusal.code,
        other => panic!("not a refusal: {other:?}"),
    }
}

pub(crate) fn release(game: &str, version: u8) -> Release {
    let config = format!("{{\"version\":{version}}}");
    let component = vec![version; 64];
    Release {
        game: game.parse().unwrap(),
        title: game.to_owned(),
        digest: Digest::from_bytes(fairness::sha256(&[&component])),
        params: Digest::from_bytes(fairness::sha256(&[config.as_bytes()])),
        component: Bytes::from(component),
        config,
        min_cycle_ms: 0,
    }
}

pub(crate) fn rules(dealer: &DealerBehind) -> Rules {
    let identity = |name: &str| DealerIdentity {
        dealer: name.parse().unwrap(),
        seal_key: dealer.keys.hpke_public(),
        signing_key: dealer.keys.signing_public(),
    };
    let dealers = BTreeMap::from([
        ("west".parse().unwrap(), identity("dealer-west")),
        ("core".parse().unwrap(), identity("dealer-core")),
    ]);
    let currencies = BTreeMap::from([(Currency::EUR, CurrencyRules::usual())]);
    Rules { dealers, currencies, ..Rules::default() }
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::with_ledger(ledger::Options::default()).await
    }

    pub(crate) async fn with_ledger(options: ledger::Options) -> Self {
        let database = TestDatabase::create(&[&seeds::MIGRATIONS, &leases::MIGRATIONS]).await.unwrap();
        let clock = Arc::new(ManualClock::at(NOW_MS));
        let store = Memory::new(0);
        let ledger = Ledger::open(Arc::new(store.clone()), clock.clone(), options).await.unwrap();
        let options = Options {
            keys: KeyRing::new(Zeroizing::new([1; 32]), Vec::new()),
            player_tag_secret: Zeroizing::new([2; 32]),
            hardware: Hardware::Absent,
        };
        let seeds = Arc::new(Seeds::open(database.pool().clone(), options, clock.clone()).await.unwrap());
        let dealer = Arc::new(DealerBehind::new(clock.clone()));
        let releases = vec![release("dice", 1), release("slot", 2)];
        let catalogue = Catalogue::open(database.pool().clone(), releases, None, clock.clone()).await.unwrap();
        let catalogue = Arc::new(catalogue);
        Self {
            leases: Arc::new(Leases::new(Parts {
                pool: database.pool().clone(),
                ledger: ledger.clone(),
                seeds: seeds.clone(),
                signer: CoreSigner::from_secret(&[9; 32]),
                dealers: dealer.clone(),
                catalogue: catalogue.clone(),
                clock: clock.clone(),
                rules: rules(&dealer),
            })),
            database,
            clock,
            store,
            ledger,
            seeds,
            dealer,
            catalogue,
            next: AtomicU64::new(1),
        }
    }

    /// The core restarts with another catalogue.
    pub(crate) async fn with_catalogue(&mut self, releases: Vec<Release>) {
        let pool = self.database.pool().clone();
        let catalogue = Catalogue::open(pool, releases, None, self.clock.clone()).await.unwrap();
        self.catalogue = Arc::new(catalogue);
        self.leases = Arc::new(Leases::new(Parts {
            pool: self.database.pool().clone(),
            ledger: self.ledger.clone(),
            seeds: self.seeds.clone(),
            signer: CoreSigner::from_secret(&[9; 32]),
            dealers: self.dealer.clone(),
            catalogue: self.catalogue.clone(),
            clock: self.clock.clone(),
            rules: rules(&self.dealer),
        }));
    }

    fn unique(&self) -> u64 {
        self.next.fetch_add(1, Ordering::SeqCst)
    }

    /// A new player with that much cash.
    pub(crate) async fn player(&self, cash: i64) -> Client {
        let number = self.unique();
        let mut random = [0; 10];
        random[2..].copy_from_slice(&number.to_be_bytes());
        let client = Client {
            id: PlayerId::at(NOW_MS, random),
            key: SigningKey::from_bytes(&fairness::sha256(&[&number.to_be_bytes()])),
        };
        if cash > 0 {
            let intent = Intent::Deposit { player: client.id, amount: minor(cash), provider: "sandbox".into() };
            self.post(TransferId::at(NOW_MS, random), intent).await;
        }
        client
    }

    /// Takes cash away, as a withdrawal would.
    pub(crate) async fn withdraw(&self, client: &Client, amount: i64) {
        let mut random = [7; 10];
        random[2..].copy_from_slice(&self.unique().to_be_bytes());
        let intent = Intent::WithdrawRequest { player: client.id, amount: minor(amount) };
        self.post(TransferId::at(NOW_MS, random), intent).await;
    }

    async fn post(&self, id: TransferId, intent: Intent) {
        let command = Command { id, currency: Currency::EUR, intent, event_ms: self.clock.now_ms() };
        let reply = self.ledger.submit(Unit::of(command)).await.unwrap();
        assert!(matches!(reply, UnitReply::Applied(_)), "{reply:?}");
    }

    pub(crate) fn cash(&self, client: &Client) -> i64 {
        self.ledger.balance(&AccountKey::player_cash(client.id, Currency::EUR)).minor()
    }

    pub(crate) fn escrow(&self, lease: LeaseId) -> i64 {
        self.ledger.balance(&AccountKey::lease_escrow(lease, Currency::EUR)).minor()
    }

    /// All escrow there is, and a ledger that sums to zero.
    pub(crate) fn escrow_left(&self) -> i128 {
        let trial = self.ledger.trial_balance();
        assert!(trial.is_zero_sum());
        trial.of_kind(Currency::EUR, AccountKind::LeaseEscrow)
    }

    pub(crate) async fn status(&self, lease: LeaseId) -> Status {
        self.leases.find(lease).await.unwrap().unwrap().status
    }

    pub(crate) fn ask_offer(client: &Client, escrow: i64) -> Offer {
        Offer {
            player: client.id,
            region: "west".parse().unwrap(),
            request: OfferRequest {
                currency: Currency::EUR,
                escrow_minor: minor(escrow),
                placement: Placement::Regional,
            },
        }
    }

    pub(crate) async fn offer(&self, client: &Client, escrow: i64) -> LeaseOffer {
        self.leases.offer(&west(), &Self::ask_offer(client, escrow)).await.unwrap()
    }

    /// Takes an offer up with a seed of 32 bytes.
    pub(crate) fn take_up(client: &Client, offer: &LeaseOffer, seed: u8) -> Open {
        let client_seed = HexBytes(vec![seed; 32]);
        let open = offer.opening(client_seed.clone(), 1).to_fair1().hash();
        Open {
            player: client.id,
            request: OpenRequest {
                lease: offer.lease,
                client_seed,
                client_mode: 1,
                client_key: ClientKey::Ed25519(Hex(client.key.verifying_key().to_bytes())),
                signature: Hex(client.key.sign(&open).to_bytes()),
            },
        }
    }

    pub(crate) async fn open(&self, client: &Client, offer: &LeaseOffer) -> Result<Opened, LeasesError> {
        self.leases.open(&west(), &Self::take_up(client, offer, 5), &trace()).await
    }

    /// An open lease with that escrow.
    pub(crate) async fn lease(&self, client: &Client, escrow: i64) -> LeaseId {
        let offer = self.offer(client, escrow).await;
        self.open(client, &offer).await.unwrap();
        offer.lease
    }

    pub(crate) async fn close(&self, client: &Client, lease: LeaseId) -> Result<ClosedReply, LeasesError> {
        let ask = Close { player: client.id, lease, reason: CloseReason::Asked };
        self.leases.close(&west(), &ask, &trace()).await
    }

    pub(crate) async fn topup(&self, lease: LeaseId, amount: i64) -> Result<ToppedUpReply, LeasesError> {
        let ask = TopUp { lease, epoch: 1, amount_minor: minor(amount) };
        self.leases.topup(&west(), &ask, &trace()).await
    }

    pub(crate) async fn reap(&self) -> Pass {
        self.leases.reap().await.unwrap()
    }

    /// The reaper's passes over `ms` of time.
    pub(crate) async fn reap_for(&self, ms: u64) {
        for _ in 0..=ms / 1_000 {
            self.clock.advance(1_000);
            self.reap().await;
        }
    }

    pub(crate) async fn terms(&self, lease: LeaseId) -> LeaseTerms {
        self.leases.find(lease).await.unwrap().unwrap().terms.unwrap()
    }

    /// Binds the next deal at the dealer.
    pub(crate) async fn play(&self, client: &Client, lease: LeaseId, stake: i64) -> Record {
        let terms = self.terms(lease).await;
        let deals = self.dealer.log(lease).iter().filter(|record| matches!(record.body, RecordBody::Deal(_))).count();
        let game = terms.games[0].clone();
        let mut intent = SignedIntent {
            lease,
            deal: u64::try_from(deals).unwrap() + 1,
            game: game.digest,
            params: game.params,
            currency: Currency::EUR,
            stake_minor: minor(stake),
            payload: Payload::Bets(vec![(0, minor(stake))]).to_text(),
            client_nonce: Hex([0; 32]),
            signature: Hex([0; 64]),
        };
        let bet = intent.bet_hash().unwrap();
        intent.signature = Hex(client.key.sign(&fairness::intent_message(&terms.open.0, &bet)).to_bytes());
        let request = BindRequest { edge: west(), epoch: 1, known_records: 0, intent };
        self.dealer.bind(&request, self.clock.now_ms() + 60_000).unwrap()
    }

    /// The lease's log as settlement folds it: every played deal wins half its stake.
    pub(crate) async fn fold(&self, lease: LeaseId) -> Vec<(Record, Action)> {
        let mut state = LeaseState::new(Arc::new(self.terms(lease).await));
        let mut folded = Vec::new();
        for record in self.dealer.log(lease) {
            let plan = state.plan(&record, IntentSignature::Valid).unwrap();
            let verdict = match plan {
                Plan::Run(_) => Some(Verdict::Played(Played {
                    win_minor: stake_of(&record) / 2,
                    finished: true,
                    offers: Vec::new(),
                    state: HexBytes(Vec::new()),
                    outcome: [1; 32],
                    draws: [2; 32],
                })),
                Plan::Control | Plan::Void(_) => None,
            };
            let (next, action) = state.apply(&record, IntentSignature::Valid, verdict).unwrap();
            state = next;
            folded.push((record, action));
        }
        folded
    }

    /// What settlement does with a closed log.
    pub(crate) async fn settle(&self, client: &Client, lease: LeaseId) {
        for (_, action) in self.fold(lease).await {
            match action {
                Action::Opened | Action::ToppedUp(_) => {}
                Action::Deal(deal) => {
                    let game = deal.game.unwrap();
                    let (stake, win) = (deal.stake_minor, deal.win_minor);
                    let intent = Intent::Deal { lease, game, deal: deal.deal, stake, win };
                    self.post(transfer_id(Movement::Deal, lease, deal.deal), intent).await;
                }
                Action::Closed(closed) => {
                    if closed.returned_minor.is_positive() {
                        let intent = Intent::LeaseReturn { player: client.id, lease, amount: closed.returned_minor };
                        self.post(transfer_id(Movement::Return, lease, 0), intent).await;
                    }
                    let (player, round) = (client.id, closed.carried);
                    run_tx(self.database.pool(), "settle", async move |tx| {
                        settled_in_tx(tx, lease, player, Currency::EUR, round.as_ref()).await
                    })
                    .await
                    .unwrap();
                }
            }
        }
    }

    /// The player's wallet events.
    pub(crate) async fn events(&self, client: &Client) -> Vec<WalletBody> {
        let rows = self.ledger.wallet_events(client.id, 0, 100).await.unwrap();
        rows.iter().map(|row| wire::decode(row.body.as_bytes()).unwrap()).collect()
    }

    pub(crate) async fn seed_state(&self, lease: LeaseId) -> String {
        sqlx::query_scalar("SELECT state FROM seeds WHERE lease = $1")
            .bind(lease.as_uuid())
            .fetch_one(self.database.pool())
            .await
            .unwrap()
    }

    /// What resume asks for deals: the fold of the dealer's log.
    pub(crate) async fn replays(&self, lease: LeaseId) -> Folded {
        let folded = self.fold(lease).await;
        Folded(folded.iter().filter_map(|(record, action)| result(record, action)).collect())
    }
}

fn stake_of(record: &Record) -> u64 {
    match &record.body {
        RecordBody::Deal(bound) => bound.intent.stake_minor.unsigned().unwrap(),
        _ => 0,
    }
}

fn result(record: &Record, action: &Action) -> Option<DealResult> {
    let (RecordBody::Deal(bound), Action::Deal(deal)) = (&record.body, action) else { return None };
    Some(DealResult {
        lease: record.lease,
        deal: deal.deal,
        stake_minor: deal.stake_minor,
        win_minor: deal.win_minor,
        void: None,
        finished: deal.finished,
        offers: deal.offers.clone(),
        events: Vec::new(),
        in_play_minor: deal.in_play_minor,
        outcome: deal.outcome,
        link: deal.link,
        receipt: Receipt { bet: Hex(deal.bet.to_bytes()), played_ms: deal.played_ms, signature: bound.signature },
    })
}

/// Deals recomputed from a log.
pub(crate) struct Folded(pub(crate) Vec<DealResult>);

#[async_trait]
impl Replays for Folded {
    async fn missed(&self, _: LeaseId, after_deal: u64, most: usize) -> Result<Vec<DealResult>, ReplaysError> {
        Ok(self.0.iter().filter(|result| result.deal > after_deal).take(most).cloned().collect())
    }
}
