//! Test vectors (fair1 section 10): random inputs and every derived field, to compare independent implementations.
//!
//! Promise: [`VectorInputs::derive`] is the production code, nothing else; [`Vector::first_difference`] names the first field, in
//! the order of the page, that an implementation got otherwise. The arithmetic alone: any seed length, mode, nonce or time goes.
//! What may go wrong: inputs that no deal can have (a bound of 0, weights over 64 bits), which are refused by name.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::bet::{Bet, payload_hash};
use crate::chain::previous;
use crate::commit::commit;
use crate::draw::{DrawError, Draws, MAX_DRAWS};
use crate::hash::{Bytes16, Bytes32};
use crate::hexed;
use crate::json::{JsonFault, read_json};
use crate::keys::{Seed, lease_key, round_key};
use crate::link::{Entry, blind, deal_entry, leaf_hash};
use crate::open::Opening;

/// Why a line or its inputs are no vector.
#[derive(Debug, Error)]
pub enum VectorError {
    /// A field is missing, unknown, doubled, or of another type.
    #[error("{path}: {source}")]
    Field {
        /// Where in the line, such as `weights[2]`.
        path: String,
        /// What was expected.
        source: serde_json::Error,
    },
    /// Something stands after the object's end.
    #[error("{0}")]
    Trailing(#[source] serde_json::Error),
    /// Inputs that no deal can have.
    #[error("{field}: {error}")]
    Draw {
        /// The input field.
        field: &'static str,
        /// What no deal can do.
        error: DrawError,
    },
}

macro_rules! vector {
    (inputs { $( $(#[$attribute:meta])* $name:ident: $type:ty, )* } derived { $( $(#[$derived_attribute:meta])* $derived:ident: $derived_type:ty, )* }) => {
        /// The inputs of one vector, named as in the page.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct VectorInputs { $( pub $name: $type, )* }

        /// One line of a vectors file: inputs, then what follows from them.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct Vector {
            $( $(#[$attribute])* pub $name: $type, )*
            $( $(#[$derived_attribute])* pub $derived: $derived_type, )*
        }

        impl Vector {
            /// Reads one line; fields may stand in any order.
            ///
            /// # Errors
            /// [`VectorError::Field`] or [`VectorError::Trailing`].
            pub fn from_json(line: &[u8]) -> Result<Self, VectorError> {
                read_json(line).map_err(|fault| match fault {
                    JsonFault::Field { path, source } => VectorError::Field { path, source },
                    JsonFault::Trailing(source) => VectorError::Trailing(source),
                })
            }

            /// The inputs alone.
            #[must_use]
            pub fn inputs(&self) -> VectorInputs {
                VectorInputs { $( $name: self.$name.clone(), )* }
            }

            /// The first field, in the order of the page, in which two vectors differ.
            #[must_use]
            pub fn first_difference(&self, other: &Self) -> Option<&'static str> {
                $( if self.$name != other.$name { return Some(stringify!($name)); } )*
                $( if self.$derived != other.$derived { return Some(stringify!($derived)); } )*
                None
            }
        }

        impl VectorInputs {
            fn with(self, derived: Derived) -> Vector {
                Vector { $( $name: self.$name, )* $( $derived: derived.$derived, )* }
            }
        }

        struct Derived { $( $derived: $derived_type, )* }
    };
}

vector! {
    inputs {
    #[serde(with = "hexed")] seed: Bytes32,
    #[serde(with = "hexed")] lease_id: Bytes16,
    #[serde(with = "hexed")] player: Bytes32,
    #[serde(with = "hexed")] client_seed: Vec<u8>,
    client_mode: u8,
    beacon_kind: u8,
    beacon_round: u64,
    #[serde(with = "hexed")] beacon_value: Bytes32,
    issued_ms: u64,
    expires_ms: u64,
    max_rounds: u32,
    round: u64,
    #[serde(with = "hexed")] game: Bytes32,
    #[serde(with = "hexed")] params: Bytes32,
    #[serde(serialize_with = "hexed::serialize", deserialize_with = "hexed::deserialize_code")] currency: [u8; 8],
    stake: u64,
    #[serde(with = "hexed")] payload: Vec<u8>,
    #[serde(with = "hexed")] client_nonce: Bytes32,
    stream: u64,
    shuffle_n: u64,
    weights: Vec<u64>,
    edge_bp: u64,
    #[serde(with = "hexed")] outcome: Bytes32,
    win: u64,
    played_ms: u64,
    #[serde(with = "hexed")] edge: Bytes16,
    #[serde(with = "hexed")] prev: Bytes32,
    bounds: Vec<u64>,
    }
    derived {
    #[serde(with = "hexed")] commit: Bytes32,
    #[serde(with = "hexed")] open: Bytes32,
    #[serde(with = "hexed")] lease_key: Bytes32,
    #[serde(with = "hexed")] bet: Bytes32,
    #[serde(with = "hexed")] round_key: Bytes32,
    #[serde(with = "hexed")] chain_prev: Bytes32,
    values: Vec<u64>,
    shuffle: Vec<u64>,
    weighted: u64,
    crash_centi: u64,
    words: u64,
    #[serde(with = "hexed")] draws: Bytes32,
    #[serde(with = "hexed")] link: Bytes32,
    #[serde(with = "hexed")] blind: Bytes32,
    #[serde(with = "hexed")] log_entry: [u8; 33],
    #[serde(with = "hexed")] leaf_hash: Bytes32,
    }
}

/// What the draws of a vector gave.
struct Drawn {
    values: Vec<u64>,
    shuffle: Vec<u64>,
    weighted: u64,
    crash_centi: u64,
    draws: Draws,
}

impl VectorInputs {
    /// The vector of these inputs: bounds, then shuffle, weighted and crash_centi on the same stream.
    ///
    /// # Errors
    /// [`VectorError::Draw`] naming the input that no deal can have.
    pub fn derive(self) -> Result<Vector, VectorError> {
        let seed = Seed::from_bytes(self.seed);
        let commit = commit(&seed);
        let open = self.opening(commit).hash();
        let lease = lease_key(&seed, &open);
        let bet = self.bet().hash();
        let round = round_key(&lease, self.round, &self.game, &self.params, &self.client_nonce);
        let round_key = *round.as_bytes();
        let drawn = self.draw(Draws::new(round))?;
        let draws = drawn.draws.digest();
        let link = self.entry(bet, draws).link();
        let blind = blind(&lease, self.round);
        let log_entry = deal_entry(&blind, &link);
        let derived = Derived {
            commit,
            open,
            lease_key: *lease.as_bytes(),
            bet,
            round_key,
            chain_prev: previous(&self.client_nonce),
            values: drawn.values,
            shuffle: drawn.shuffle,
            weighted: drawn.weighted,
            crash_centi: drawn.crash_centi,
            words: drawn.draws.words(),
            draws,
            link,
            blind,
            log_entry,
            leaf_hash: leaf_hash(&log_entry),
        };
        Ok(self.with(derived))
    }

    fn opening(&self, commit: Bytes32) -> Opening {
        Opening {
            lease_id: self.lease_id,
            commit,
            player: self.player,
            client_seed: self.client_seed.clone(),
            client_mode: self.client_mode,
            beacon_kind: self.beacon_kind,
            beacon_round: self.beacon_round,
            beacon_value: self.beacon_value,
            issued_ms: self.issued_ms,
            expires_ms: self.expires_ms,
            max_rounds: self.max_rounds,
        }
    }

    fn bet(&self) -> Bet {
        Bet {
            deal: self.round,
            game: self.game,
            params: self.params,
            currency: self.currency,
            stake_minor: self.stake,
            payload_hash: payload_hash(&self.payload),
            client_nonce: self.client_nonce,
        }
    }

    fn entry(&self, bet: Bytes32, draws: Bytes32) -> Entry {
        Entry {
            lease_id: self.lease_id,
            deal: self.round,
            bet,
            draws,
            outcome: self.outcome,
            stake_minor: self.stake,
            win_minor: self.win,
            played_ms: self.played_ms,
            edge: self.edge,
            prev: self.prev,
        }
    }

    fn draw(&self, mut draws: Draws) -> Result<Drawn, VectorError> {
        let refuse = |field| move |error| VectorError::Draw { field, error };
        let too_many = |field| VectorError::Draw { field, error: DrawError::TooMany };
        let values: Result<Vec<u64>, DrawError> = self.bounds.iter().map(|n| draws.below(self.stream, *n)).collect();
        let values = values.map_err(refuse("bounds"))?;
        // A shuffle of n items draws n - 1 times; checked before so many items are made.
        if !usize::try_from(self.shuffle_n).is_ok_and(|n| n <= MAX_DRAWS) {
            return Err(too_many("shuffle_n"));
        }
        let mut shuffle: Vec<u64> = (0..self.shuffle_n).collect();
        draws.shuffle(self.stream, &mut shuffle).map_err(refuse("shuffle_n"))?;
        let index = draws.weighted(self.stream, &self.weights).map_err(refuse("weights"))?;
        let weighted = u64::try_from(index).map_err(|_| too_many("weights"))?;
        let crash_centi = draws.crash_centi(self.stream, self.edge_bp).map_err(refuse("edge_bp"))?;
        Ok(Drawn { values, shuffle, weighted, crash_centi, draws })
    }
}
