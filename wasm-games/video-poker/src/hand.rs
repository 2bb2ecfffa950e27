//! What five cards are.

/// A hand's rank, lowest first.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Rank {
    /// Less than a pair of jacks.
    Nothing,
    /// A pair of jacks, queens, kings or aces.
    JacksOrBetter,
    /// Two pairs.
    TwoPair,
    /// Three of one rank.
    ThreeOfAKind,
    /// Five ranks in a row; an ace is high or low.
    Straight,
    /// Five of one suit.
    Flush,
    /// Three of one rank and two of another.
    FullHouse,
    /// Four of one rank.
    FourOfAKind,
    /// Straight and flush.
    StraightFlush,
    /// Ten to ace of one suit.
    RoyalFlush,
}

impl Rank {
    /// Its name in events.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::JacksOrBetter => "jacks-or-better",
            Self::TwoPair => "two-pair",
            Self::ThreeOfAKind => "three-of-a-kind",
            Self::Straight => "straight",
            Self::Flush => "flush",
            Self::FullHouse => "full-house",
            Self::FourOfAKind => "four-of-a-kind",
            Self::StraightFlush => "straight-flush",
            Self::RoyalFlush => "royal-flush",
        }
    }
}

/// Ten to ace, by rank.
const ROYAL: u16 = 0b1_1111_0000_0000;
/// Ace to five.
const WHEEL: u16 = 0b1_0000_0000_1111;
/// Two to six.
const LOWEST: u16 = 0b1_1111;
/// Jack to ace.
const HIGH: u16 = 0b1_1110_0000_0000;

/// The rank of five different cards: 13 of each suit, from the two to the ace.
#[must_use]
pub fn rank(cards: [u8; 5]) -> Rank {
    // Ranks seen at least once, twice, three times, four times: one bit a rank.
    let (mut one, mut two, mut three, mut four) = (0_u16, 0_u16, 0_u16, 0_u16);
    for card in cards {
        let mark = 1_u16.checked_shl(u32::from(card % 13)).unwrap_or(0);
        four |= three & mark;
        three |= two & mark;
        two |= one & mark;
        one |= mark;
    }
    if one.count_ones() == 5 {
        return of_five_ranks(one, is_flush(cards));
    }
    match (four, three, two.count_ones()) {
        (1.., _, _) => Rank::FourOfAKind,
        (0, 1.., 2..) => Rank::FullHouse,
        (0, 1.., _) => Rank::ThreeOfAKind,
        (0, 0, 2..) => Rank::TwoPair,
        _ if two & HIGH != 0 => Rank::JacksOrBetter,
        _ => Rank::Nothing,
    }
}

fn of_five_ranks(ranks: u16, flush: bool) -> Rank {
    let straight = ranks == WHEEL || (0..=8).any(|shift| ranks == LOWEST << shift);
    match (straight, flush) {
        (true, true) if ranks == ROYAL => Rank::RoyalFlush,
        (true, true) => Rank::StraightFlush,
        (false, true) => Rank::Flush,
        (true, false) => Rank::Straight,
        (false, false) => Rank::Nothing,
    }
}

fn is_flush([first, rest @ ..]: [u8; 5]) -> bool {
    rest.into_iter().all(|card| card / 13 == first / 13)
}
