//! The draws of one deal (fair1 section 5): ChaCha20 streams under K_r, read through the bounded sampler, recorded in order.
//!
//! Promise: the same key and the same calls give the same values on every machine; every draw is in the record. Memory is
//! bounded: at most [`MAX_DRAWS`] records and as many stream positions, whatever streams a guest names.
//! Cost: four ChaCha20 blocks when a stream is entered, then nothing but reading for 32 words. A guest that alternates streams
//! pays that entry at each change. No key derivation happens before the first draw.
//! What may go wrong: a bound of zero, or more than [`MAX_DRAWS`] draws; then the deal is void, so the draw is not recorded.

use core::num::NonZero;
use std::collections::BTreeMap;

use rand_chacha::ChaCha20Rng;
use rand_core::{Rng, SeedableRng};
use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::hash::{Bytes32, DRAWS};
use crate::keys::RoundKey;
use crate::sampler::below_u64;

/// Most draws a deal may make; one more is a trap, and the deal is void.
pub const MAX_DRAWS: usize = 1 << 20;
/// u of [`crash_centi`] is uniform below this: 2^52.
const CRASH_RANGE: u64 = 1 << 52;

/// One draw: `value` is uniform in 0..`bound`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Draw {
    /// The stream it was read from.
    pub stream: u64,
    /// The bound n, 1 or more.
    pub bound: u64,
    /// The result, below the bound.
    pub value: u64,
}

/// Why a draw was refused.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum DrawError {
    /// There is no number below zero.
    #[error("a draw below 0 has no result")]
    ZeroBound,
    /// The deal has made [`MAX_DRAWS`] draws.
    #[error("more than {MAX_DRAWS} draws in one deal")]
    TooMany,
    /// The weights sum to more than 2^64-1.
    #[error("the weights sum to more than 64 bits hold")]
    WeightSum,
    /// A house edge over 10,000 basis points.
    #[error("an edge of {0} basis points is over 10000")]
    Edge(u64),
}

/// The draws of one deal, as its game makes them.
#[derive(Debug)]
pub struct Draws {
    key: RoundKey,
    stream: u64,
    rng: ChaCha20Rng,
    /// Words read of the live stream since the deal began.
    stream_words: u64,
    /// Words read of each other stream that was entered.
    parked: BTreeMap<u64, u64>,
    words: u64,
    record: Vec<Draw>,
}

impl Draws {
    /// No draw made yet. Takes the key, which is wiped with this value.
    #[must_use]
    pub fn new(key: RoundKey) -> Self {
        let rng = ChaCha20Rng::from_seed(*key.as_bytes());
        Self { key, stream: 0, rng, stream_words: 0, parked: BTreeMap::new(), words: 0, record: Vec::new() }
    }

    /// A uniform number in 0..`n` from a stream: the host call of games. A bound of 1 consumes a word too.
    ///
    /// # Errors
    /// [`DrawError::ZeroBound`], [`DrawError::TooMany`]; nothing is recorded or consumed then.
    pub fn below(&mut self, stream: u64, n: u64) -> Result<u64, DrawError> {
        let bound = NonZero::new(n).ok_or(DrawError::ZeroBound)?;
        if self.record.len() >= MAX_DRAWS {
            return Err(DrawError::TooMany);
        }
        self.enter(stream);
        let mut words = 0;
        let value = below_u64(bound, || {
            words += 1;
            self.rng.next_u64()
        });
        self.stream_words += words;
        self.words += words;
        self.record.push(Draw { stream, bound: n, value });
        Ok(value)
    }

    /// Shuffles in place: for i from n-1 down to 1, j = below(i+1), swap. Nothing is drawn for fewer than two items.
    ///
    /// # Errors
    /// [`DrawError::TooMany`]; the items are then partly shuffled, and the deal is void anyway.
    pub fn shuffle<T>(&mut self, stream: u64, items: &mut [T]) -> Result<(), DrawError> {
        for i in (1..items.len()).rev() {
            let bound = u64::try_from(i).map_err(|_| DrawError::TooMany)?.saturating_add(1);
            let j = usize::try_from(self.below(stream, bound)?).map_err(|_| DrawError::TooMany)?;
            items.swap(i, j);
        }
        Ok(())
    }

    /// An index with the chance of its weight: below(sum), the first cumulative weight greater than it.
    ///
    /// # Errors
    /// [`DrawError::WeightSum`] when the sum overflows, [`DrawError::ZeroBound`] when it is 0, [`DrawError::TooMany`].
    pub fn weighted(&mut self, stream: u64, weights: &[u64]) -> Result<usize, DrawError> {
        let sum = weights.iter().try_fold(0u64, |sum, weight| sum.checked_add(*weight)).ok_or(DrawError::WeightSum)?;
        let mut left = self.below(stream, sum)?;
        for (index, weight) in weights.iter().enumerate() {
            match left.checked_sub(*weight) {
                Some(rest) => left = rest,
                None => return Ok(index),
            }
        }
        Err(DrawError::WeightSum)
    }

    /// A crash point in hundredths, at least 100: [`crash_centi`] of below(2^52).
    ///
    /// # Errors
    /// [`DrawError::Edge`] for an edge over 10,000 basis points, before drawing; [`DrawError::TooMany`].
    pub fn crash_centi(&mut self, stream: u64, edge_bp: u64) -> Result<u64, DrawError> {
        crash_centi(edge_bp, 0)?;
        crash_centi(edge_bp, self.below(stream, CRASH_RANGE)?)
    }

    /// The draws so far, in call order.
    #[must_use]
    pub fn record(&self) -> &[Draw] {
        &self.record
    }

    /// D_r of the draws so far.
    #[must_use]
    pub fn digest(&self) -> Bytes32 {
        digest(&self.record)
    }

    /// 64-bit words consumed so far, over all streams: at least one a draw, more where words were refused.
    #[must_use]
    pub fn words(&self) -> u64 {
        self.words
    }

    /// The record itself, without a copy.
    #[must_use]
    pub fn into_record(self) -> Vec<Draw> {
        self.record
    }

    /// Makes a stream the live one, at the place where it was left.
    fn enter(&mut self, stream: u64) {
        if stream == self.stream {
            return;
        }
        self.parked.insert(self.stream, self.stream_words);
        self.stream = stream;
        self.stream_words = self.parked.get(&stream).copied().unwrap_or(0);
        self.rng = ChaCha20Rng::from_seed(*self.key.as_bytes());
        self.rng.set_stream(stream);
        if self.stream_words > 0 {
            // The library counts 32-bit words.
            self.rng.set_word_pos(u128::from(self.stream_words) * 2);
        }
    }
}

/// The raw 64-bit words of a stream, endless: what [`Draws`] samples from. For statistical suites; no outcome is made of them.
pub fn raw_words(key: &RoundKey, stream: u64) -> impl Iterator<Item = u64> {
    let mut rng = ChaCha20Rng::from_seed(*key.as_bytes());
    rng.set_stream(stream);
    std::iter::repeat_with(move || rng.next_u64())
}

/// D_r = H(L("fair1.draws") || for each draw: stream u64 || bound u64 || value u64).
#[must_use]
pub fn digest(record: &[Draw]) -> Bytes32 {
    let mut hasher = Sha256::new();
    hasher.update(DRAWS);
    for draw in record {
        hasher.update(draw.stream.to_be_bytes());
        hasher.update(draw.bound.to_be_bytes());
        hasher.update(draw.value.to_be_bytes());
    }
    hasher.finalize().into()
}

/// max(100, floor((10000 - edge_bp) * 2^52 / (100 * (2^52 - u)))), with u below 2^52.
///
/// # Errors
/// [`DrawError::Edge`] for an edge over 10,000 basis points; [`DrawError::ZeroBound`] for a u of 2^52 or more.
pub fn crash_centi(edge_bp: u64, u: u64) -> Result<u64, DrawError> {
    let share = 10_000u64.checked_sub(edge_bp).ok_or(DrawError::Edge(edge_bp))?;
    let rest = CRASH_RANGE.checked_sub(u).filter(|rest| *rest > 0).ok_or(DrawError::ZeroBound)?;
    let centi = u128::from(share) * u128::from(CRASH_RANGE) / (100 * u128::from(rest));
    // At most 100 * 2^52, which 64 bits hold.
    Ok(u64::try_from(centi).unwrap_or(u64::MAX).max(100))
}
