//! Sums over rounds, in integers alone: 128 bits hold the squares of 2^64 rounds' wins up to 2^32 minor units.
//!
//! Promise: merging is commutative, so a tally is the same however rounds were shared out. Rounds that stake more on the way count
//! by what they return per unit of the opening bets (win less the later stakes), as optimal-play figures are stated.

use super::course::Round;

/// Lower ends of the classes of wins, thousandths of the opening bets. Class 0 is no win at all.
pub(crate) const CLASSES: [u64; 11] = [0, 1, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 1_000_000];

/// Sums over rounds with equal opening bets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) rounds: u128,
    pub(crate) deals: u128,
    /// Opening bets of one round, minor units.
    pub(crate) base_minor: u64,
    /// All stakes, minor units.
    pub(crate) stake_minor: u128,
    pub(crate) win_minor: u128,
    /// Wins less later stakes.
    pub(crate) net_minor: i128,
    /// Of the same, squared.
    pub(crate) square: u128,
    /// Rounds that paid anything.
    pub(crate) hits: u128,
    /// The most that one round paid, minor units.
    pub(crate) largest_win_minor: u64,
    /// Rounds in which the game ever left a choice.
    pub(crate) choices: u128,
    /// Rounds a class.
    pub(crate) classes: [u128; CLASSES.len()],
}

impl Tally {
    pub(crate) fn add(&mut self, round: &Round) {
        let later = i128::from(round.stake_minor) - i128::from(round.base_minor);
        let net = i128::from(round.win_minor) - later;
        self.rounds += 1;
        self.deals += u128::from(round.deals);
        self.base_minor = round.base_minor;
        self.stake_minor += u128::from(round.stake_minor);
        self.win_minor += u128::from(round.win_minor);
        self.net_minor += net;
        self.square = self.square.saturating_add(net.unsigned_abs().saturating_mul(net.unsigned_abs()));
        self.hits += u128::from(round.win_minor > 0);
        self.largest_win_minor = self.largest_win_minor.max(round.win_minor);
        self.choices += u128::from(round.had_choice);
        if let Some(count) = self.classes.get_mut(class(round)) {
            *count += 1;
        }
    }

    pub(crate) fn merge(&mut self, other: &Self) {
        self.rounds += other.rounds;
        self.deals += other.deals;
        self.base_minor = self.base_minor.max(other.base_minor);
        self.stake_minor += other.stake_minor;
        self.win_minor += other.win_minor;
        self.net_minor += other.net_minor;
        self.square = self.square.saturating_add(other.square);
        self.hits += other.hits;
        self.largest_win_minor = self.largest_win_minor.max(other.largest_win_minor);
        self.choices += other.choices;
        for (mine, theirs) in self.classes.iter_mut().zip(&other.classes) {
            *mine += theirs;
        }
    }
}

/// The last class whose lower end the round's win reaches.
fn class(round: &Round) -> usize {
    if round.win_minor == 0 {
        return 0;
    }
    let win = u128::from(round.win_minor).saturating_mul(1000);
    let reaches = |from: &&u64| win >= u128::from(**from).saturating_mul(u128::from(round.base_minor));
    CLASSES.iter().skip(2).take_while(reaches).count().saturating_add(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round(base_minor: u64, stake_minor: u64, win_minor: u64) -> Round {
        Round { base_minor, stake_minor, win_minor, deals: 1, had_choice: false }
    }

    #[test]
    fn wins_fall_into_their_classes() {
        for (win, expected) in
            [(0, 0), (1, 1), (49, 1), (50, 2), (99, 2), (100, 3), (200, 4), (99_999, 9), (100_000, 10)]
        {
            assert_eq!(class(&round(100, 100, win)), expected, "{win}");
        }
    }

    #[test]
    fn a_later_stake_counts_against_the_win_not_as_a_bet() {
        let mut tally = Tally::default();
        tally.add(&round(100, 200, 400));
        tally.add(&round(100, 200, 0));
        assert_eq!((tally.net_minor, tally.square), (200, 300 * 300 + 100 * 100));
        assert_eq!((tally.stake_minor, tally.win_minor, tally.hits), (400, 400, 1));
    }

    #[test]
    fn merging_is_adding() {
        let (mut whole, mut one, mut two) = (Tally::default(), Tally::default(), Tally::default());
        for (index, win) in [0, 5, 100, 250, 7_000_000].into_iter().enumerate() {
            whole.add(&round(100, 100, win));
            if index % 2 == 0 { one.add(&round(100, 100, win)) } else { two.add(&round(100, 100, win)) }
        }
        two.merge(&one);
        assert_eq!(whole, two);
    }
}
