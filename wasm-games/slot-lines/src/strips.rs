//! The reels: each a ring of symbols, read downwards from the stop.
//!
//! A lantern is once on a reel, so at most five are in sight. The base reels of the variants differ in one symbol: the
//! first reel of 95 has a pebble for a water lily, that of 94 a reed for a heron; the third of 96 a pebble for a reed.

use crate::Variant;
use crate::symbol::Symbol::{
    self, Carp as C, Dragonfly as D, Heron as H, Kingfisher as K, Lantern as L, Moss as M, Pebble as P, Reed as R,
    Stone as S, WaterLily as W,
};

/// Five reels.
pub(crate) type Reels = [&'static [Symbol]; 5];

const FIRST_94: &[Symbol] = &[M, S, L, W, D, R, W, R, M, S, M, P, C, S, M, D, R, P, D, C, R, S, P, H, R, W];
const FIRST_95: &[Symbol] = &[M, S, L, P, D, R, W, R, M, S, M, P, C, S, M, D, H, P, D, C, R, S, P, H, R, W];
const FIRST_96: &[Symbol] = &[M, S, L, W, D, R, W, R, M, S, M, P, C, S, M, D, H, P, D, C, R, S, P, H, R, W];
const SECOND: &[Symbol] = &[R, M, P, S, P, R, P, S, W, H, C, R, L, H, S, M, W, D, M, K, R, M, C, D, S, D];
const THIRD: &[Symbol] = &[D, M, D, W, P, H, W, D, C, P, W, S, R, S, R, K, S, P, R, P, C, M, H, S, M, L];
const THIRD_96: &[Symbol] = &[D, M, D, W, P, H, W, D, C, P, W, S, P, S, R, K, S, P, R, P, C, M, H, S, M, L];
const FOURTH: &[Symbol] = &[W, P, H, P, K, S, D, M, L, M, P, R, H, W, C, S, D, S, P, M, R, W, R, C, M, D];
const FIFTH: &[Symbol] = &[P, M, L, S, M, H, P, D, P, W, D, W, S, R, H, C, W, R, M, D, S, C, S, P, R, M];

/// The reels of a paid spin.
pub(crate) fn base(variant: Variant) -> Reels {
    match variant {
        Variant::V94 => [FIRST_94, SECOND, THIRD, FOURTH, FIFTH],
        Variant::V95 => [FIRST_95, SECOND, THIRD, FOURTH, FIFTH],
        Variant::V96 => [FIRST_96, SECOND, THIRD_96, FOURTH, FIFTH],
    }
}

/// The reels of a free spin, the same in every variant.
pub(crate) const FREE: Reels = [
    &[C, P, S, R, M, R, S, D, P, D, S, M, P, S, R, C, H, M, P, W, M, W, D, C, L, H, W],
    &[R, P, W, C, D, S, K, C, M, S, R, D, H, P, K, M, W, C, H, P, R, S, M, L, W, H, D],
    &[W, S, C, D, H, W, K, R, P, K, S, L, S, P, M, C, R, D, H, K, C, M, W, P, D, M, R],
    &[M, P, H, C, S, M, L, R, K, M, H, S, C, K, H, R, D, C, W, S, D, P, W, P, W, R, D],
    &[C, R, D, M, C, R, S, H, M, W, D, M, P, W, S, C, L, S, P, W, H, P, D, R, P, M, S],
];
