//! Balances and counters in memory, with an undo log: a unit, or a whole batch, can be taken back to the last bit.
//!
//! Every change of a balance goes through one function that keeps the per-currency totals, so that "sums to zero" is a
//! comparison at the end of a batch and not a walk over all accounts.

use std::collections::BTreeMap;

use ids::PlayerId;
use money::Currency;

use super::account::{AccountId, AccountKey, AccountRow};
use super::intent::Leg;
use super::row::{Movement, Side};
use crate::index::Index;

/// The state contradicts itself: the shard must stop.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Invariant {
    /// An account number that no account has.
    #[error("account {0} does not exist")]
    NoAccount(AccountId),
    /// More accounts or versions than their numbers can count.
    #[error("a counter of the ledger ran out")]
    CounterRanOut,
    /// The balances of a currency do not cancel out.
    #[error("balances of {currency} sum to {sum} instead of 0")]
    NotZeroSum {
        /// Which.
        currency: Currency,
        /// Their sum, minor units.
        sum: i128,
    },
    /// An account that must not is below zero.
    #[error("account {0} is below zero")]
    BelowZero(AccountId),
    /// Two accounts of one name, or numbers with a gap, in what the store gave.
    #[error("the store's account {0} is out of place")]
    Misplaced(AccountId),
    /// The last batch in the store is not what its hash says.
    #[error("batch {0} is not what its hash says")]
    BrokenBatch(u64),
}

/// Why a leg cannot be carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum LegRefusal {
    InsufficientFunds,
    Overflow,
    Broken(Invariant),
}

impl From<Invariant> for LegRefusal {
    fn from(broken: Invariant) -> Self {
        Self::Broken(broken)
    }
}

#[derive(Debug)]
struct Account {
    key: AccountKey,
    balance: i64,
    version: u64,
}

#[derive(Debug)]
enum Undo {
    Opened(AccountKey),
    Balance { account: AccountId, balance: i64, version: u64 },
    CoreSeq { player: PlayerId, before: Option<u64> },
}

/// All accounts of a shard.
#[derive(Debug, Default)]
pub(super) struct State {
    accounts: Vec<Account>,
    numbers: Index<AccountKey, AccountId>,
    core_seqs: Index<PlayerId, u64>,
    totals: BTreeMap<Currency, i128>,
    undo: Vec<Undo>,
}

impl State {
    pub(super) fn restore(accounts: &[AccountRow], wallet_heads: &[(PlayerId, u64)]) -> Result<Self, Invariant> {
        let mut state = Self::default();
        for row in accounts {
            if usize::try_from(row.id).ok() != Some(state.accounts.len())
                || state.numbers.insert(row.key, row.id).is_some()
            {
                return Err(Invariant::Misplaced(row.id));
            }
            if row.key.kind.no_negative() && row.balance < 0 {
                return Err(Invariant::BelowZero(row.id));
            }
            *state.totals.entry(row.key.currency).or_default() += i128::from(row.balance);
            state.accounts.push(Account { key: row.key, balance: row.balance, version: row.version });
        }
        for (player, core_seq) in wallet_heads {
            state.core_seqs.insert(*player, *core_seq);
        }
        state.check_zero_sum()?;
        Ok(state)
    }

    /// Where the undo log stands: [`State::roll_back`] returns here.
    pub(super) fn mark(&self) -> usize {
        self.undo.len()
    }

    pub(super) fn forget_undo(&mut self) {
        self.undo.clear();
    }

    pub(super) fn roll_back(&mut self, mark: usize) -> Result<(), Invariant> {
        while self.undo.len() > mark {
            match self.undo.pop() {
                Some(Undo::Opened(key)) => {
                    self.numbers.remove(&key);
                    self.accounts.pop();
                }
                Some(Undo::Balance { account, balance, version }) => self.set(account, balance, version)?,
                Some(Undo::CoreSeq { player, before: Some(before) }) => {
                    self.core_seqs.insert(player, before);
                }
                Some(Undo::CoreSeq { player, before: None }) => {
                    self.core_seqs.remove(&player);
                }
                None => break,
            }
        }
        Ok(())
    }

    /// Moves a leg's money, or changes nothing but that its accounts exist.
    pub(super) fn apply(&mut self, leg: &Leg) -> Result<Movement, LegRefusal> {
        let debit = self.number_of(leg.debit)?;
        let credit = self.number_of(leg.credit)?;
        let from = self.account(debit)?;
        let rest = from.balance.checked_sub(leg.amount).ok_or(LegRefusal::Overflow)?;
        if leg.debit.kind.no_negative() && rest < 0 {
            return Err(LegRefusal::InsufficientFunds);
        }
        let sum = self.account(credit)?.balance.checked_add(leg.amount).ok_or(LegRefusal::Overflow)?;
        let debit = self.post(debit, rest)?;
        let credit = self.post(credit, sum)?;
        Ok(Movement { amount: leg.amount, debit, credit })
    }

    /// The player's next event number.
    pub(super) fn next_core_seq(&mut self, player: PlayerId) -> Result<u64, Invariant> {
        let before = self.core_seqs.get(&player).copied();
        let next = before.unwrap_or(0).checked_add(1).ok_or(Invariant::CounterRanOut)?;
        self.core_seqs.insert(player, next);
        self.undo.push(Undo::CoreSeq { player, before });
        Ok(next)
    }

    pub(super) fn balance_of(&self, key: &AccountKey) -> i64 {
        let number = self.numbers.get(key).copied();
        number.and_then(|number| self.account(number).ok()).map_or(0, |account| account.balance)
    }

    pub(super) fn row(&self, id: AccountId) -> Result<AccountRow, Invariant> {
        let account = self.account(id)?;
        Ok(AccountRow { id, key: account.key, balance: account.balance, version: account.version })
    }

    pub(super) fn check_zero_sum(&self) -> Result<(), Invariant> {
        match self.totals.iter().find(|(_, sum)| **sum != 0) {
            Some((currency, sum)) => Err(Invariant::NotZeroSum { currency: *currency, sum: *sum }),
            None => Ok(()),
        }
    }

    fn number_of(&mut self, key: AccountKey) -> Result<AccountId, Invariant> {
        if let Some(number) = self.numbers.get(&key) {
            return Ok(*number);
        }
        let number = AccountId::try_from(self.accounts.len()).map_err(|_| Invariant::CounterRanOut)?;
        self.accounts.push(Account { key, balance: 0, version: 0 });
        self.numbers.insert(key, number);
        self.undo.push(Undo::Opened(key));
        Ok(number)
    }

    fn account(&self, id: AccountId) -> Result<&Account, Invariant> {
        usize::try_from(id).ok().and_then(|at| self.accounts.get(at)).ok_or(Invariant::NoAccount(id))
    }

    fn post(&mut self, id: AccountId, balance: i64) -> Result<Side, Invariant> {
        let before = self.account(id)?;
        let (key, version) = (before.key, before.version.checked_add(1).ok_or(Invariant::CounterRanOut)?);
        self.undo.push(Undo::Balance { account: id, balance: before.balance, version: before.version });
        self.set(id, balance, version)?;
        Ok(Side { account: id, key, balance, version })
    }

    fn set(&mut self, id: AccountId, balance: i64, version: u64) -> Result<(), Invariant> {
        let at = usize::try_from(id).map_err(|_| Invariant::NoAccount(id))?;
        let account = self.accounts.get_mut(at).ok_or(Invariant::NoAccount(id))?;
        let change = i128::from(balance) - i128::from(account.balance);
        *self.totals.entry(account.key.currency).or_default() += change;
        account.balance = balance;
        account.version = version;
        Ok(())
    }
}
