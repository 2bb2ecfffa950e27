//! A map for lookups only, with a fixed hash: the engine's state must not depend on a map's order, so this one has none to
//! offer. Cost: one multiplication for every eight bytes of key. Keys are ids and account keys; an attacker who chose ids to
//! collide would slow the writer down, which is why ids from outside are hashed into transfer ids.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hash, Hasher};

/// A map without iteration.
#[derive(Debug)]
pub(crate) struct Index<K, V>(HashMap<K, V, BuildHasherDefault<FixedHasher>>);

impl<K, V> Default for Index<K, V> {
    fn default() -> Self {
        Self(HashMap::default())
    }
}

impl<K: Eq + Hash, V> Index<K, V> {
    pub(crate) fn get(&self, key: &K) -> Option<&V> {
        self.0.get(key)
    }

    pub(crate) fn insert(&mut self, key: K, value: V) -> Option<V> {
        self.0.insert(key, value)
    }

    pub(crate) fn remove(&mut self, key: &K) -> Option<V> {
        self.0.remove(key)
    }
}

/// Multiply and rotate, as rustc's own maps do (`rustc-hash` 2).
#[derive(Default)]
pub(crate) struct FixedHasher(u64);

const SEED: u64 = 0xf135_7aea_2e62_a9c5;

impl FixedHasher {
    fn add(&mut self, word: u64) {
        self.0 = self.0.wrapping_add(word).wrapping_mul(SEED).rotate_left(23);
    }
}

impl Hasher for FixedHasher {
    fn finish(&self) -> u64 {
        self.0.wrapping_mul(SEED).rotate_left(26)
    }

    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        words.iter().for_each(|word| self.add(u64::from_le_bytes(*word)));
        if !rest.is_empty() {
            let mut last = [0; 8];
            last.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
            self.add(u64::from_le_bytes(last));
        }
    }

    fn write_u8(&mut self, value: u8) {
        self.add(u64::from(value));
    }

    fn write_usize(&mut self, value: usize) {
        self.add(u64::try_from(value).unwrap_or(u64::MAX));
    }

    fn write_isize(&mut self, value: isize) {
        self.write_usize(value.cast_unsigned());
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::hash::Hash as _;

    use super::*;

    #[test]
    fn consecutive_ids_spread_over_the_low_bits_and_the_high_ones() {
        let hashes: Vec<u64> = (0..4_096_u128)
            .map(|n| {
                let mut hasher = FixedHasher::default();
                n.to_be_bytes().hash(&mut hasher);
                hasher.finish()
            })
            .collect();
        let low: BTreeSet<u64> = hashes.iter().map(|hash| hash & 0xfff).collect();
        let high: BTreeSet<u64> = hashes.iter().map(|hash| hash >> 57).collect();
        assert!(low.len() > 2_000, "{}", low.len());
        assert_eq!(high.len(), 128);
    }
}
