//! The five bets: their limits and what each gets back.

use game_sdk::Fault;

use crate::coup::{Coup, Winner};
use crate::table::{BankerPays, Table};

/// Smallest stake, minor units; a multiple of every step.
pub(crate) const MIN_MINOR: u64 = 20;

/// A bet. Its number is its id.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Spot {
    Player,
    Banker,
    Tie,
    PlayerPair,
    BankerPair,
}

/// What a bet gets back, minor units, stake included.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Paid {
    Nothing,
    /// The stake alone.
    Push(u64),
    Win(u64),
}

impl Spot {
    /// In the order of their ids.
    pub(crate) const ALL: [Self; 5] = [Self::Player, Self::Banker, Self::Tie, Self::PlayerPair, Self::BankerPair];

    pub(crate) fn by_id(id: u32) -> Option<Self> {
        usize::try_from(id).ok().and_then(|id| Self::ALL.get(id)).copied()
    }

    /// The bet's name in figures.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Player => "player",
            Self::Banker => "banker",
            Self::Tie => "tie",
            Self::PlayerPair => "player-pair",
            Self::BankerPair => "banker-pair",
        }
    }

    /// Multiple that a stake must be of, minor units, so that nothing is rounded: a twentieth is the commission.
    pub(crate) fn step_minor(self, table: Table) -> u64 {
        match (self, table.banker) {
            (Self::Banker, BankerPays::Commission) => 20,
            (Self::Banker, BankerPays::SixHalf) => 2,
            _ => 1,
        }
    }

    /// Largest stake, minor units.
    pub(crate) fn max_minor(self) -> u64 {
        match self {
            Self::Player | Self::Banker => 20_000_000,
            Self::Tie | Self::PlayerPair | Self::BankerPair => 2_000_000,
        }
    }

    /// The most that comes back, thousandths of the stake.
    pub(crate) fn pays_milli(self, table: Table) -> u64 {
        match (self, table.banker) {
            (Self::Banker, BankerPays::Commission) => 1950,
            (Self::Player | Self::Banker, _) => 2000,
            (Self::Tie, _) => table.tie_pays.saturating_add(1).saturating_mul(1000),
            (Self::PlayerPair | Self::BankerPair, _) => 12_000,
        }
    }

    pub(crate) fn accepts(self, table: Table, stake_minor: u64) -> bool {
        (MIN_MINOR..=self.max_minor()).contains(&stake_minor) && stake_minor.is_multiple_of(self.step_minor(table))
    }

    /// What `stake_minor` gets back after `coup`. Player and Banker push on a tie; a pair pays 11 to one.
    pub(crate) fn paid(self, table: Table, coup: Coup, stake_minor: u64) -> Result<Paid, Fault> {
        let (over, under) = match (self, coup.winner()) {
            (Self::Player | Self::Banker, Winner::Tie) => return Ok(Paid::Push(stake_minor)),
            (Self::Player, Winner::Player) => (2, 1),
            (Self::Banker, Winner::Banker) => banker_pays(table, coup),
            (Self::Tie, Winner::Tie) => (table.tie_pays.saturating_add(1), 1),
            (Self::PlayerPair, _) if coup.player.is_pair() => (12, 1),
            (Self::BankerPair, _) if coup.banker.is_pair() => (12, 1),
            _ => return Ok(Paid::Nothing),
        };
        // The step makes the division exact.
        stake_minor.checked_div(under).and_then(|part| part.checked_mul(over)).map(Paid::Win).ok_or(Fault::Internal)
    }
}

/// What a winning Banker gets back per stake, as a fraction.
fn banker_pays(table: Table, coup: Coup) -> (u64, u64) {
    match table.banker {
        BankerPays::Commission => (39, 20),
        BankerPays::SixHalf if coup.banker.points() == 6 => (3, 2),
        BankerPays::SixHalf => (2, 1),
    }
}
