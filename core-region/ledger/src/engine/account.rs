//! Accounts: what kinds there are, what each may hold, and how one is named.
//!
//! A balance is credits minus debits. Players' and escrow accounts hold what the house owes and never go below zero; the house's and
//! the providers' may (a provider that owes us money is negative), and all balances of a currency sum to zero.

use ids::{GameId, LeaseId, PlayerId};
use money::Currency;
use sha2::{Digest as _, Sha256};

use super::coded::coded;

coded! {
    /// What an account is for. Codes and names are stored: never reuse one.
    pub enum AccountKind {
        /// What a player may withdraw or play with.
        PlayerCash = 1 "player.cash",
        /// What a lease holds of a player's money; the owner is the lease.
        LeaseEscrow = 2 "player.lease",
        /// What a player has asked to be paid out.
        WithdrawalPending = 3 "player.withdrawal_pending",
        /// A game's result for the house; may be negative.
        HouseGame = 20 "house.game",
        /// Presents and corrections at the house's cost.
        Goodwill = 21 "house.goodwill",
        /// Money that a payment provider has told us is ours, negative as it owes it to us.
        PspSettled = 40 "psp.settled",
        /// Money between a payment provider and us.
        PspInTransit = 41 "psp.in_transit",
        /// What cannot be matched yet; zero at rest.
        Suspense = 60 "suspense",
    }
}

impl AccountKind {
    /// Whether such an account must never be below zero.
    #[must_use]
    pub const fn no_negative(self) -> bool {
        match self {
            Self::PlayerCash | Self::LeaseEscrow | Self::WithdrawalPending => true,
            Self::HouseGame | Self::Goodwill | Self::PspSettled | Self::PspInTransit | Self::Suspense => false,
        }
    }
}

/// An account's name: one currency each, made by its first use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountKey {
    /// What it is for.
    pub kind: AccountKind,
    /// Whose: a player, a lease, or [`owner_of_name`] of a game or a provider.
    pub owner: [u8; 16],
    /// What its balance counts.
    pub currency: Currency,
}

impl AccountKey {
    /// What `player` may withdraw or play with.
    #[must_use]
    pub const fn player_cash(player: PlayerId, currency: Currency) -> Self {
        Self { kind: AccountKind::PlayerCash, owner: player.to_bytes(), currency }
    }

    /// What `lease` holds.
    #[must_use]
    pub const fn lease_escrow(lease: LeaseId, currency: Currency) -> Self {
        Self { kind: AccountKind::LeaseEscrow, owner: lease.to_bytes(), currency }
    }

    /// What `player` has asked to be paid out.
    #[must_use]
    pub const fn withdrawal_pending(player: PlayerId, currency: Currency) -> Self {
        Self { kind: AccountKind::WithdrawalPending, owner: player.to_bytes(), currency }
    }

    /// The house's side of `game`.
    #[must_use]
    pub fn house_game(game: &GameId, currency: Currency) -> Self {
        Self { kind: AccountKind::HouseGame, owner: owner_of_name(game.as_str()), currency }
    }

    /// What the payment provider called `provider` holds for us.
    #[must_use]
    pub fn psp_settled(provider: &str, currency: Currency) -> Self {
        Self { kind: AccountKind::PspSettled, owner: owner_of_name(provider), currency }
    }
}

/// The owner that stands for a name: the name zero-padded when it has at most 16 bytes, else the first 16 bytes of its SHA-256.
#[must_use]
pub fn owner_of_name(name: &str) -> [u8; 16] {
    let hashed = Sha256::digest(name.as_bytes());
    let bytes: &[u8] = if name.len() <= 16 { name.as_bytes() } else { &hashed };
    let mut owner = [0; 16];
    owner.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
    owner
}

/// A number that stands for an account in the log, counted from 0 in the order of first use.
pub type AccountId = u32;

/// An account as the store keeps it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccountRow {
    /// Its number.
    pub id: AccountId,
    /// Its name.
    pub key: AccountKey,
    /// Credits minus debits, minor units.
    pub balance: i64,
    /// How many transfers have touched it.
    pub version: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_names_are_readable_owners_and_long_ones_differ_from_each_other() {
        assert_eq!(&owner_of_name("roulette"), b"roulette\0\0\0\0\0\0\0\0");
        let long = "a-game-with-a-name-of-32-letters";
        assert_ne!(owner_of_name(long), owner_of_name("a-game-with-a-name-of-32-letterz"));
        assert_ne!(&owner_of_name(long), b"a-game-with-a-na");
    }

    #[test]
    fn every_code_comes_back_and_no_other_does() {
        for kind in AccountKind::ALL {
            assert_eq!(AccountKind::try_from_code(kind.code()), Some(*kind));
        }
        assert_eq!(AccountKind::try_from_code(0), None);
    }
}
