//! The parameters of a table.

use game_sdk::{ConfigReader, Fault};

/// What a winning Banker bet earns.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum BankerPays {
    /// Even money less five percent.
    Commission,
    /// Even money, but half when Banker wins with six.
    SixHalf,
}

/// A table: the configuration, read.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Table {
    /// Decks in the shoe, 1..=8.
    pub decks: u8,
    /// What a tie pays to one: 8 or 9.
    pub tie_pays: u64,
    /// What Banker pays.
    pub banker: BankerPays,
}

impl Table {
    /// Reads `{"commission_bp":500,"decks":1..=8,"tie_pays":8|9}` or the same with `"banker_six_half":true` in place
    /// of the commission.
    ///
    /// # Errors
    /// [`Fault::BadConfig`] for anything else.
    pub fn read(config: &str) -> Result<Self, Fault> {
        Self::with_commission(config).or_else(|_fault| Self::with_six_half(config))
    }

    fn with_commission(config: &str) -> Result<Self, Fault> {
        let mut reader = ConfigReader::open(config)?;
        match reader.integer("commission_bp")? {
            500 => Self::rest(reader, BankerPays::Commission),
            _ => Err(Fault::BadConfig),
        }
    }

    fn with_six_half(config: &str) -> Result<Self, Fault> {
        let mut reader = ConfigReader::open(config)?;
        match reader.boolean("banker_six_half")? {
            true => Self::rest(reader, BankerPays::SixHalf),
            false => Err(Fault::BadConfig),
        }
    }

    fn rest(mut reader: ConfigReader<'_>, banker: BankerPays) -> Result<Self, Fault> {
        let decks = match u8::try_from(reader.integer("decks")?) {
            Ok(decks @ 1..=8) => decks,
            _ => return Err(Fault::BadConfig),
        };
        let tie_pays = match reader.integer("tie_pays")? {
            pays @ (8 | 9) => pays,
            _ => return Err(Fault::BadConfig),
        };
        reader.close()?;
        Ok(Self { decks, tie_pays, banker })
    }
}
