//! What the sandbox said of a deal, in the fold's own words: `round` and `sandbox` don't know each other.

use wire::v1::HexBytes;
use wire::v1::client::Offered;

/// The verdict of one execution. It is a function of the game's bytes, the configuration, the key and the call alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The game answered within every bound that it declared.
    Played(Played),
    /// The game refused the call with a typed fault: the deal is void.
    Fault,
    /// The game trapped or broke a bound: the round is void and the game is quarantined.
    Broken,
}

/// A game's answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Played {
    /// Minor units.
    pub win_minor: u64,
    /// Whether the round is over.
    pub finished: bool,
    /// What may be done next, and its price; empty when finished.
    pub offers: Vec<Offered>,
    /// The game's state; empty when finished.
    pub state: HexBytes,
    /// SHA-256 of the outcome's canonical bytes.
    pub outcome: [u8; 32],
    /// D_r.
    pub draws: [u8; 32],
}
