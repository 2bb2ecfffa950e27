//! Short names for what every test needs.

use std::sync::Arc;

use clock::{ManualClock, SharedClock};
use ids::{GameId, LeaseId, PlayerId, TransferId};
use ledger::{
    AccountKey, Applied, Command, Engine, Intent, Ledger, MIGRATOR, Options, Postgres, PreparedUnit, Rejected, Store,
    Unit, UnitReply, WalletEvent, derived_id,
};
use money::{Amount, Currency};

pub(crate) const START_MS: u64 = 1_700_000_000_000;

pub(crate) fn player(n: u8) -> PlayerId {
    PlayerId::from_bytes([n; 16])
}

pub(crate) fn lease(n: u8) -> LeaseId {
    LeaseId::from_bytes([0x80 | n; 16])
}

pub(crate) fn game(n: u8) -> GameId {
    format!("game-{n}").parse().unwrap()
}

pub(crate) fn id(n: u64) -> TransferId {
    derived_id(START_MS, "test", &[&n.to_be_bytes()])
}

pub(crate) fn eur(minor: i64) -> Amount {
    Amount::from_minor(minor)
}

pub(crate) fn cash(n: u8) -> AccountKey {
    AccountKey::player_cash(player(n), Currency::EUR)
}

pub(crate) fn escrow(n: u8) -> AccountKey {
    AccountKey::lease_escrow(lease(n), Currency::EUR)
}

pub(crate) fn command(n: u64, intent: Intent) -> Command {
    Command { id: id(n), currency: Currency::EUR, intent, event_ms: START_MS }
}

pub(crate) fn deposit(n: u64, to: u8, amount: i64) -> Command {
    command(n, Intent::Deposit { player: player(to), amount: eur(amount), provider: "sandbox".into() })
}

pub(crate) fn withdraw(n: u64, from: u8, amount: i64) -> Command {
    command(n, Intent::WithdrawRequest { player: player(from), amount: eur(amount) })
}

pub(crate) fn grant(n: u64, from: u8, to: u8, amount: i64) -> Command {
    command(n, Intent::LeaseGrant { player: player(from), lease: lease(to), amount: eur(amount) })
}

pub(crate) fn deal(n: u64, by: u8, stake: i64, win: i64) -> Command {
    command(n, Intent::Deal { lease: lease(by), game: game(1), deal: n, stake: eur(stake), win: eur(win) })
}

pub(crate) fn event(of: u8, body: &str) -> WalletEvent {
    WalletEvent { player: player(of), body: body.to_owned() }
}

pub(crate) fn unit(commands: Vec<Command>) -> Unit {
    Unit { commands, ..Unit::default() }
}

pub(crate) fn prepared(commands: &[Command]) -> PreparedUnit {
    PreparedUnit::try_new(commands, Vec::new(), None).unwrap()
}

pub(crate) fn manual() -> SharedClock {
    Arc::new(ManualClock::at(START_MS))
}

pub(crate) async fn open(store: Arc<dyn Store>) -> Ledger {
    Ledger::open(store, manual(), Options::default()).await.unwrap()
}

/// A ledger that forgets ids at once, so that every replay goes through the store.
pub(crate) async fn open_forgetful(store: Arc<dyn Store>) -> Ledger {
    let options = Options { known_ids: 1, preload_transfers: 0, ..Options::default() };
    Ledger::open(store, manual(), options).await.unwrap()
}

pub(crate) async fn applied(ledger: &Ledger, commands: Vec<Command>) -> Applied {
    match ledger.submit(unit(commands)).await.unwrap() {
        UnitReply::Applied(applied) => applied,
        UnitReply::Rejected(rejected) => panic!("{rejected:?}"),
    }
}

pub(crate) async fn rejected(ledger: &Ledger, commands: Vec<Command>) -> Rejected {
    match ledger.submit(unit(commands)).await.unwrap() {
        UnitReply::Applied(applied) => panic!("{applied:?}"),
        UnitReply::Rejected(rejected) => rejected,
    }
}

/// The machine as a store holds it.
pub(crate) async fn engine_on(store: &dyn Store) -> Engine {
    let loaded = store.load().await.unwrap();
    Engine::restore(loaded.head, &loaded.accounts, &loaded.wallet_heads, 1_000).unwrap()
}

/// A database of its own, and a store in it.
pub(crate) struct Database {
    pub(crate) database: database::testing::TestDatabase,
    pub(crate) store: Arc<Postgres>,
}

impl Database {
    pub(crate) async fn new() -> Self {
        let database = database::testing::TestDatabase::create(&[&MIGRATOR]).await.unwrap();
        sqlx::query("CREATE TABLE marks (name text PRIMARY KEY, n bigint NOT NULL)")
            .execute(database.pool())
            .await
            .unwrap();
        let store = Arc::new(Postgres::new(database.pool().clone(), 0));
        Self { database, store }
    }

    /// Another writer's store on the same tables.
    pub(crate) fn second_store(&self) -> Arc<Postgres> {
        Arc::new(Postgres::new(self.database.pool().clone(), 0))
    }
}
