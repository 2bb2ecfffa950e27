//! Keys and choices for rounds that nobody pays for, in blocks, so that threads can share them out.
//!
//! Promise: block `n` of a seed is the same on every machine, whichever thread plays it, and doesn't depend on the game's bytes or
//! configuration, so that two versions of a game can be compared deal by deal. Cost: half a ChaCha20 block a deal.

use fairness::{RoundKey, Seed, lease_key, raw_words, round_key, sha256};

/// The stream of a block's key that holds the keys of its deals.
const KEYS: u64 = 0;
/// The stream that holds the choices of a policy, which no game can see.
const CHOICES: u64 = 1;

/// The key of one block.
pub(crate) fn block_key(seed: &str, block: u64) -> RoundKey {
    let lease = lease_key(&Seed::from_bytes(sha256(&[seed.as_bytes()])), &sha256(&[b"house game"]));
    round_key(&lease, block, &[0; 32], &[0; 32], &[0; 32])
}

/// The keys and choices of one block, in order.
pub(crate) struct Chance<'k> {
    keys: Box<dyn Iterator<Item = u64> + 'k>,
    choices: Box<dyn Iterator<Item = u64> + 'k>,
}

impl<'k> Chance<'k> {
    pub(crate) fn new(block: &'k RoundKey) -> Self {
        Self { keys: Box::new(raw_words(block, KEYS)), choices: Box::new(raw_words(block, CHOICES)) }
    }

    /// The next deal's key.
    pub(crate) fn key(&mut self) -> RoundKey {
        let mut bytes = [0; 32];
        for (part, word) in bytes.chunks_exact_mut(8).zip(&mut self.keys) {
            part.copy_from_slice(&word.to_be_bytes());
        }
        RoundKey::from_bytes(bytes)
    }

    /// A number in 0..n; 0 when `n` is. A bias of n / 2^64 is nothing to a policy.
    pub(crate) fn choice(&mut self, n: u64) -> u64 {
        self.choices.next().and_then(|word| word.checked_rem(n)).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_repeats_and_no_two_deals_share_a_key() {
        let (one, two) = (block_key("x", 1), block_key("x", 2));
        let keys = |block: &RoundKey| {
            let mut chance = Chance::new(block);
            std::array::from_fn::<_, 3, _>(|_| *chance.key().as_bytes())
        };
        assert_eq!(keys(&one), keys(&block_key("x", 1)));
        let all: std::collections::BTreeSet<_> =
            keys(&one).into_iter().chain(keys(&two)).chain(keys(&block_key("y", 1))).collect();
        assert_eq!(all.len(), 9);
    }

    #[test]
    fn choices_are_in_range_and_none_of_nothing_is_zero() {
        let block = block_key("x", 1);
        let mut chance = Chance::new(&block);
        assert!((0..1000).all(|_| chance.choice(7) < 7));
        assert_eq!(chance.choice(0), 0);
    }
}
