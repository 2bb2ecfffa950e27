//! The nine parameters of a table.

use game_sdk::{ConfigReader, Fault};

/// Totals on two cards that may be doubled.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Doubles {
    /// All.
    Any,
    /// Hard 9, 10 and 11.
    NineToEleven,
    /// Hard 10 and 11.
    TenToEleven,
}

/// A table: the configuration, read.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Table {
    /// True when a blackjack pays 6 to 5, else 3 to 2.
    pub six_to_five: bool,
    /// True when a split hand may be doubled.
    pub das: bool,
    /// Decks in the shoe, or 0: every card of one deck always equally likely.
    pub decks: u8,
    /// What may be doubled.
    pub doubles: Doubles,
    /// True when half the stake can be had back for the first two cards.
    pub late_surrender: bool,
    /// True when the dealer looks for a blackjack under an ace or a ten before the player decides.
    pub peek: bool,
    /// Hands at most, 2..=4.
    pub resplit_to: u8,
    /// True when the dealer hits a soft 17.
    pub hits_soft_17: bool,
    /// True when split aces get one card each and no more.
    pub aces_one_card: bool,
}

impl Table {
    /// Reads the canonical object of `blackjack_pays` ("3:2", "6:5"), `das`, `decks` (0..=8), `double` ("any", "9-11",
    /// "10-11"), `late_surrender`, `peek`, `resplit_to` (2..=4), `soft17` ("stand", "hit"), `split_aces_one_card`.
    ///
    /// # Errors
    /// [`Fault::BadConfig`] for anything else, and for a surrender without the peek, which would not be late.
    pub fn read(config: &str) -> Result<Self, Fault> {
        let mut reader = ConfigReader::open(config)?;
        let table = Self {
            six_to_five: either(reader.text("blackjack_pays")?, "3:2", "6:5")?,
            das: reader.boolean("das")?,
            decks: small(reader.integer("decks")?, 0, 8)?,
            doubles: doubles(reader.text("double")?)?,
            late_surrender: reader.boolean("late_surrender")?,
            peek: reader.boolean("peek")?,
            resplit_to: small(reader.integer("resplit_to")?, 2, 4)?,
            hits_soft_17: either(reader.text("soft17")?, "stand", "hit")?,
            aces_one_card: reader.boolean("split_aces_one_card")?,
        };
        reader.close()?;
        if table.late_surrender && !table.peek {
            return Err(Fault::BadConfig);
        }
        Ok(table)
    }

    /// Stakes are multiples of this, minor units: a half, and six fifths, of it are whole.
    pub(crate) fn step_minor(self) -> u64 {
        if self.six_to_five { 10 } else { 2 }
    }

    /// The table's number in a round's state, different for every table.
    pub(crate) fn code(self) -> u32 {
        let flags = [self.six_to_five, self.das, self.late_surrender, self.peek, self.hits_soft_17, self.aces_one_card];
        let flags = flags.into_iter().fold(0, |code, flag| code << 1 | u32::from(flag));
        let doubles = match self.doubles {
            Doubles::Any => 0,
            Doubles::NineToEleven => 1,
            Doubles::TenToEleven => 2,
        };
        flags << 16 | doubles << 12 | u32::from(self.resplit_to) << 8 | u32::from(self.decks)
    }
}

/// False for `first`, true for `second`.
fn either(text: &str, first: &str, second: &str) -> Result<bool, Fault> {
    match text {
        text if text == first => Ok(false),
        text if text == second => Ok(true),
        _ => Err(Fault::BadConfig),
    }
}

fn small(value: u64, low: u8, high: u8) -> Result<u8, Fault> {
    u8::try_from(value).ok().filter(|value| (low..=high).contains(value)).ok_or(Fault::BadConfig)
}

fn doubles(text: &str) -> Result<Doubles, Fault> {
    match text {
        "any" => Ok(Doubles::Any),
        "9-11" => Ok(Doubles::NineToEleven),
        "10-11" => Ok(Doubles::TenToEleven),
        _ => Err(Fault::BadConfig),
    }
}
