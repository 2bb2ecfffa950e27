//! What must hold at any time. Sums are 128-bit and the simulation's own.

use std::collections::BTreeMap;

use ids::LeaseId;
use ledger::{AccountKey, AccountKind, Store};
use money::Currency;
use round::Progress;

use crate::edge::Edge;
use crate::lease::Lease;
use crate::world::World;

/// The books as the store holds them.
pub(crate) struct Books {
    pub(crate) balances: BTreeMap<AccountKey, i128>,
    /// Settled deals: stake, win, refund.
    pub(crate) deals: BTreeMap<(LeaseId, u64), [i128; 3]>,
    /// What ended leases returned.
    pub(crate) returned: BTreeMap<LeaseId, i128>,
}

fn minor(bytes: &[u8]) -> i128 {
    i128::from(i64::from_be_bytes(bytes.try_into().unwrap()))
}

fn lease_of(key: &[u8]) -> LeaseId {
    LeaseId::from_bytes(key[..16].try_into().unwrap())
}

impl Books {
    pub(crate) async fn read(world: &World) -> Self {
        let store = &world.bank.store;
        let accounts = store.load().await.unwrap().accounts;
        let deal = |(key, row): (&[u8], &[u8])| {
            let number = u64::from_be_bytes(key[16..].try_into().unwrap());
            ((lease_of(key), number), [minor(&row[..8]), minor(&row[8..16]), minor(&row[16..])])
        };
        Self {
            balances: accounts.iter().map(|row| (row.key, i128::from(row.balance))).collect(),
            deals: store.rooms(|tables| tables.rows("settled_deals").map(deal).collect()),
            returned: store
                .rooms(|tables| tables.rows("ended_leases").map(|(key, row)| (lease_of(key), minor(row))).collect()),
        }
    }

    pub(crate) fn balance(&self, key: AccountKey) -> i128 {
        self.balances.get(&key).copied().unwrap_or(0)
    }

    /// What a lease's settled deals have won less what they cost.
    fn net(&self, lease: LeaseId) -> i128 {
        let deals = self.deals.range((lease, 0)..=(lease, u64::MAX));
        deals.map(|(_, [stake, win, refund])| win + refund - stake).sum()
    }
}

/// The edge and settlement see the same lease after the same number of records.
pub(crate) fn agrees(edge: &Edge, core: &Progress) {
    let after = usize::try_from(core.records).unwrap();
    if let Some(told) = after.checked_sub(1).and_then(|at| edge.trail.get(at)) {
        assert_eq!(told, core, "the edge and the core see two leases");
    }
}

/// At any time.
pub(crate) async fn always(world: &World) {
    let books = Books::read(world).await;
    let mut sums: BTreeMap<Currency, i128> = BTreeMap::new();
    for (key, balance) in &books.balances {
        *sums.entry(key.currency).or_default() += balance;
        let is_owed = matches!(key.kind, AccountKind::PlayerCash | AccountKind::LeaseEscrow);
        assert!(*balance >= 0 || !is_owed, "{key:?} is below zero: {balance}");
    }
    assert!(sums.values().all(|sum| *sum == 0), "a currency does not sum to zero: {sums:?}");
    for lease in world.leases.values() {
        let returned = books.returned.get(&lease.id).copied().unwrap_or(0);
        let escrow = books.balance(AccountKey::lease_escrow(lease.id, lease.terms.currency));
        let granted = lease.paid_in - lease.paid_back;
        assert_eq!(granted + books.net(lease.id), escrow + returned, "the escrow of {} leaks", lease.id);
    }
    for player in &world.players {
        let own = world.leases.values().filter(|lease| lease.terms.player == player.id);
        let back = |lease: &Lease| books.returned.get(&lease.id).copied().unwrap_or(0);
        let in_leases: i128 = own.map(|lease| lease.paid_in - lease.paid_back - back(lease)).sum();
        let cash = books.balance(AccountKey::player_cash(player.id, player.currency));
        assert_eq!(cash, player.brought - in_leases, "the cash of {}", player.id);
    }
}
