//! The parameters: what each hand pays.

use game_sdk::{ConfigReader, Fault};

use crate::Rank;

/// A paytable, named by what a full house and a flush pay.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Paytable {
    /// 9/6.
    NineSix,
    /// 9/5.
    NineFive,
    /// 8/6.
    EightSix,
    /// 8/5.
    EightFive,
    /// 7/5.
    SevenFive,
    /// 6/5.
    SixFive,
}

/// What a royal flush pays.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Royal {
    /// 250 stakes.
    R250,
    /// 800 stakes: the usual one, meant when the configuration says nothing.
    R800,
    /// 940 stakes.
    R940,
    /// 1000 stakes; not with 9/6, which would return more than it takes.
    R1000,
}

/// The configuration, read.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Table {
    /// Full house and flush.
    pub paytable: Paytable,
    /// Royal flush.
    pub royal: Royal,
}

impl Table {
    /// Reads `{"paytable":"9/6"|"9/5"|"8/6"|"8/5"|"7/5"|"6/5"}`, or the same with `"royal":250|800|940|1000`.
    ///
    /// # Errors
    /// [`Fault::BadConfig`] for anything else, and for a royal of 1000 with 9/6.
    pub fn read(config: &str) -> Result<Self, Fault> {
        Self::plain(config).or_else(|_fault| Self::with_royal(config))
    }

    fn plain(config: &str) -> Result<Self, Fault> {
        let mut reader = ConfigReader::open(config)?;
        let paytable = paytable(&mut reader)?;
        reader.close()?;
        Ok(Self { paytable, royal: Royal::R800 })
    }

    fn with_royal(config: &str) -> Result<Self, Fault> {
        let mut reader = ConfigReader::open(config)?;
        let paytable = paytable(&mut reader)?;
        let royal = match reader.integer("royal")? {
            250 => Royal::R250,
            800 => Royal::R800,
            940 => Royal::R940,
            1000 if paytable != Paytable::NineSix => Royal::R1000,
            _ => return Err(Fault::BadConfig),
        };
        reader.close()?;
        Ok(Self { paytable, royal })
    }

    /// What a hand of `rank` pays, stakes, the stake itself included.
    #[must_use]
    pub fn pays(self, rank: Rank) -> u64 {
        match rank {
            Rank::Nothing => 0,
            Rank::JacksOrBetter => 1,
            Rank::TwoPair => 2,
            Rank::ThreeOfAKind => 3,
            Rank::Straight => 4,
            Rank::Flush => self.full_house_and_flush().1,
            Rank::FullHouse => self.full_house_and_flush().0,
            Rank::FourOfAKind => 25,
            Rank::StraightFlush => 50,
            Rank::RoyalFlush => self.royal_pays(),
        }
    }

    fn full_house_and_flush(self) -> (u64, u64) {
        match self.paytable {
            Paytable::NineSix => (9, 6),
            Paytable::NineFive => (9, 5),
            Paytable::EightSix => (8, 6),
            Paytable::EightFive => (8, 5),
            Paytable::SevenFive => (7, 5),
            Paytable::SixFive => (6, 5),
        }
    }

    pub(crate) fn royal_pays(self) -> u64 {
        match self.royal {
            Royal::R250 => 250,
            Royal::R800 => 800,
            Royal::R940 => 940,
            Royal::R1000 => 1000,
        }
    }

    /// The configuration's number in a round's state: never 0, different for every table.
    pub(crate) fn code(self) -> u8 {
        let paytable = match self.paytable {
            Paytable::NineSix => 1,
            Paytable::NineFive => 2,
            Paytable::EightSix => 3,
            Paytable::EightFive => 4,
            Paytable::SevenFive => 5,
            Paytable::SixFive => 6,
        };
        let royal = match self.royal {
            Royal::R250 => 0x10,
            Royal::R800 => 0x20,
            Royal::R940 => 0x30,
            Royal::R1000 => 0x40,
        };
        paytable | royal
    }
}

fn paytable(reader: &mut ConfigReader<'_>) -> Result<Paytable, Fault> {
    match reader.text("paytable")? {
        "9/6" => Ok(Paytable::NineSix),
        "9/5" => Ok(Paytable::NineFive),
        "8/6" => Ok(Paytable::EightSix),
        "8/5" => Ok(Paytable::EightFive),
        "7/5" => Ok(Paytable::SevenFive),
        "6/5" => Ok(Paytable::SixFive),
        _ => Err(Fault::BadConfig),
    }
}
