//! An outcome's canonical bytes, which `outcome_hash` of fair1 is over. Fixed layout, big-endian; final:
//!
//! ```text
//! 0x01 || win u64 || finished u8
//!  || u32 count || (action u32, extra u64)*
//!  || u32 length || state
//!  || u32 count || (u32 length || name, u32 length || data)*
//!  || u32 count || (pool u32, tier u32)*
//! ```

use sha2::{Digest, Sha256};

use crate::contract::Outcome;

/// First byte of every outcome: the layout's version.
const LAYOUT: u8 = 0x01;

impl Outcome {
    /// The canonical bytes. Two outcomes are equal exactly when these are.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = vec![LAYOUT];
        bytes.extend(self.win_minor.to_be_bytes());
        bytes.push(u8::from(self.finished));
        bytes.extend(count(self.offers.len()));
        for offer in &self.offers {
            bytes.extend(offer.action.to_be_bytes());
            bytes.extend(offer.extra_minor.to_be_bytes());
        }
        run(&mut bytes, &self.state);
        bytes.extend(count(self.events.len()));
        for event in &self.events {
            run(&mut bytes, event.name.as_bytes());
            run(&mut bytes, event.data.as_bytes());
        }
        bytes.extend(count(self.triggers.len()));
        for trigger in &self.triggers {
            bytes.extend(trigger.pool.to_be_bytes());
            bytes.extend(trigger.tier.to_be_bytes());
        }
        bytes
    }

    /// SHA-256 of [`Outcome::to_bytes`]: `outcome_hash`.
    pub fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.to_bytes()).into()
    }
}

fn run(bytes: &mut Vec<u8>, run: &[u8]) {
    bytes.extend(count(run.len()));
    bytes.extend(run);
}

/// Lists of an outcome are bounded far below 2^32 by the host's limits; the guest's own lengths are 32-bit.
fn count(len: usize) -> [u8; 4] {
    u32::try_from(len).unwrap_or(u32::MAX).to_be_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::{Event, Offer, Trigger};

    #[test]
    fn the_layout_is_exactly_the_documented_one() {
        let outcome = Outcome {
            win_minor: 0x0102,
            finished: false,
            offers: vec![Offer { action: 3, extra_minor: 4 }],
            state: vec![9, 8],
            events: vec![Event { name: "a".into(), data: "{}".into() }],
            triggers: vec![Trigger { pool: 5, tier: 6 }],
        };
        let expected = concat!(
            "01",
            "0000000000000102",
            "00", // layout, win, finished
            "00000001",
            "00000003",
            "0000000000000004", // offers
            "00000002",
            "0908", // state
            "00000001",
            "00000001",
            "61",
            "00000002",
            "7b7d", // events
            "00000001",
            "00000005",
            "00000006", // triggers
        );
        assert_eq!(hex::encode(outcome.to_bytes()), expected);
    }

    #[test]
    fn an_empty_outcome_has_a_known_hash() {
        let (offers, state, events, triggers) = (vec![], vec![], vec![], vec![]);
        let outcome = Outcome { win_minor: 0, finished: true, offers, state, events, triggers };
        let bytes = [&[1, 0, 0, 0, 0, 0, 0, 0, 0, 1][..], &[0; 16]].concat();
        assert_eq!(outcome.to_bytes(), bytes);
        assert_eq!(outcome.hash(), <[u8; 32]>::from(Sha256::digest(&bytes)));
    }
}
