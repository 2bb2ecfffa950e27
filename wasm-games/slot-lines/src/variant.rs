//! The one parameter: which return the base reels give.

use game_sdk::{ConfigReader, Fault};

/// A set of base reels, named by its return in whole percent. Everything else is common to all variants.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Variant {
    /// 94.02 %.
    V94,
    /// 95.04 %.
    V95,
    /// 96.01 %.
    V96,
}

impl Variant {
    /// Reads `{"variant":"94"|"95"|"96"}`.
    ///
    /// # Errors
    /// [`Fault::BadConfig`] for anything else.
    pub fn read(config: &str) -> Result<Self, Fault> {
        let mut reader = ConfigReader::open(config)?;
        let variant = match reader.text("variant")? {
            "94" => Self::V94,
            "95" => Self::V95,
            "96" => Self::V96,
            _ => return Err(Fault::BadConfig),
        };
        reader.close()?;
        Ok(variant)
    }

    /// The variant's number in a round's state.
    pub(crate) fn code(self) -> u8 {
        match self {
            Self::V94 => 94,
            Self::V95 => 95,
            Self::V96 => 96,
        }
    }
}
