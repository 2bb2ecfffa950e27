//! What readers see: the balances as of the last batch that the store has. Never a batch under way.

use std::collections::BTreeMap;

use money::{Amount, Currency};

use crate::engine::{AccountKey, AccountKind, AccountRow};

/// The balances of a shard.
#[derive(Debug, Default)]
pub(crate) struct View {
    places: BTreeMap<AccountKey, usize>,
    rows: Vec<AccountRow>,
}

/// All balances of a shard, added up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrialBalance {
    /// Of each currency.
    pub currencies: BTreeMap<Currency, CurrencyTotal>,
}

/// All balances of a currency, added up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CurrencyTotal {
    /// Of all accounts, minor units. Anything but zero is a broken ledger.
    pub sum: i128,
    /// Of the accounts of each kind, minor units.
    pub kinds: BTreeMap<AccountKind, i128>,
}

impl TrialBalance {
    /// Whether every currency sums to zero.
    #[must_use]
    pub fn is_zero_sum(&self) -> bool {
        self.currencies.values().all(|total| total.sum == 0)
    }

    /// The sum of the accounts of one kind, minor units.
    #[must_use]
    pub fn of_kind(&self, currency: Currency, kind: AccountKind) -> i128 {
        self.currencies.get(&currency).and_then(|total| total.kinds.get(&kind)).copied().unwrap_or(0)
    }
}

/// The first of all currencies in their order.
fn least() -> Currency {
    Currency::try_from_bytes(*b"AAA\0\0\0\0\0").unwrap_or(Currency::EUR)
}

impl View {
    pub(crate) fn of(accounts: &[AccountRow]) -> Self {
        let mut view = Self::default();
        view.apply(accounts);
        view
    }

    pub(crate) fn apply(&mut self, accounts: &[AccountRow]) {
        for row in accounts {
            let place = *self.places.entry(row.key).or_insert(self.rows.len());
            match self.rows.get_mut(place) {
                Some(old) => *old = *row,
                None => self.rows.push(*row),
            }
        }
    }

    pub(crate) fn balance(&self, key: &AccountKey) -> Amount {
        let row = self.places.get(key).and_then(|place| self.rows.get(*place));
        row.map_or(Amount::ZERO, |row| Amount::from_minor(row.balance))
    }

    /// The balances of one kind of one owner, by currency.
    pub(crate) fn of_owner(&self, kind: AccountKind, owner: [u8; 16]) -> impl Iterator<Item = (Currency, Amount)> {
        let from = AccountKey { kind, owner, currency: least() };
        let places = self.places.range(from..).take_while(move |(key, _)| key.kind == kind && key.owner == owner);
        places.filter_map(|(key, place)| Some((key.currency, Amount::from_minor(self.rows.get(*place)?.balance))))
    }

    /// Every account of one owner.
    pub(crate) fn rows_of(&self, owner: [u8; 16]) -> Vec<AccountRow> {
        let of_kind = |kind: &AccountKind| {
            let from = AccountKey { kind: *kind, owner, currency: least() };
            let kind = *kind;
            self.places.range(from..).take_while(move |(key, _)| key.kind == kind && key.owner == owner)
        };
        let places = AccountKind::ALL.iter().flat_map(of_kind);
        places.filter_map(|(_, place)| self.rows.get(*place).copied()).collect()
    }

    pub(crate) fn trial_balance(&self) -> TrialBalance {
        let mut trial = TrialBalance::default();
        for row in &self.rows {
            let total = trial.currencies.entry(row.key.currency).or_default();
            total.sum += i128::from(row.balance);
            *total.kinds.entry(row.key.kind).or_default() += i128::from(row.balance);
        }
        trial
    }
}
