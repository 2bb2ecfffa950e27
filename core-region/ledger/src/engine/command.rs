//! A command: an intent under an id that makes it happen once.

use ids::TransferId;
use money::Currency;
use sha2::{Digest as _, Sha256};

use super::hash::{BODY_TAG, Hash};
use super::intent::{Intent, Legs, Malformed, Shape, TransferCode};

/// One intent, to be carried out at most once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// The key of idempotency: chosen by the caller, the same at every retry.
    pub id: TransferId,
    /// What the amounts count.
    pub currency: Currency,
    /// What to do.
    pub intent: Intent,
    /// When the event behind it happened, Unix milliseconds. Recorded and hashed into the log, but no part of the body: a
    /// retry with a later time is the same command.
    pub event_ms: u64,
}

/// A command checked, hashed and taken apart: what a caller's thread can do ahead of the writer.
#[derive(Clone, Debug)]
pub(crate) struct Prepared {
    pub(crate) id: TransferId,
    pub(crate) currency: Currency,
    pub(crate) event_ms: u64,
    pub(crate) body: Hash,
    pub(crate) code: TransferCode,
    pub(crate) subject: [u8; 16],
    pub(crate) ref_no: i64,
    pub(crate) legs: Legs,
}

impl Command {
    /// SHA-256 of the body in its fixed layout: what "the same command" means. Layout, big-endian:
    /// `0x03 || intent u8 || currency[8] || subject[16] || owner[16] || owner[16] || ref u64 || amount i64 || amount i64`.
    ///
    /// # Errors
    /// [`Malformed`] when it is no command.
    pub fn body_hash(&self) -> Result<Hash, Malformed> {
        Ok(body_of(&self.intent.shape(self.currency)?, self.currency))
    }

    pub(crate) fn prepare(&self) -> Result<Prepared, Malformed> {
        if i64::try_from(self.event_ms).is_err() {
            return Err(Malformed::EventTime);
        }
        let shape = self.intent.shape(self.currency)?;
        let body = body_of(&shape, self.currency);
        let Shape { code, subject, ref_no, legs, .. } = shape;
        let (id, currency, event_ms) = (self.id, self.currency, self.event_ms);
        Ok(Prepared { id, currency, event_ms, body, code, subject, ref_no, legs })
    }
}

fn body_of(shape: &Shape, currency: Currency) -> Hash {
    let mut hasher = Sha256::new();
    hasher.update([BODY_TAG, shape.tag]);
    hasher.update(currency.to_bytes());
    hasher.update(shape.subject);
    shape.owners.iter().for_each(|owner| hasher.update(owner));
    hasher.update(shape.ref_no.to_be_bytes());
    shape.amounts.iter().for_each(|amount| hasher.update(amount.to_be_bytes()));
    hasher.finalize().into()
}

/// A transfer id derived from the record that it settles: the time `at_ms` of that record (Unix milliseconds, so that ids of one
/// time lie together) and 74 bits of SHA-256 over `domain` and `parts`. The same record gives the same id, everywhere.
#[must_use]
pub fn derived_id(at_ms: u64, domain: &str, parts: &[&[u8]]) -> TransferId {
    let mut hasher = Sha256::new();
    let mut add = |bytes: &[u8]| {
        hasher.update(u64::try_from(bytes.len()).unwrap_or(u64::MAX).to_be_bytes());
        hasher.update(bytes);
    };
    add(domain.as_bytes());
    parts.iter().for_each(|part| add(part));
    let hash: Hash = hasher.finalize().into();
    TransferId::at(at_ms, std::array::from_fn(|at| hash.get(at).copied().unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use ids::PlayerId;
    use money::Amount;

    use super::*;

    fn deposit(amount: i64) -> Command {
        let intent = Intent::Deposit {
            player: PlayerId::from_bytes([1; 16]),
            amount: Amount::from_minor(amount),
            provider: "sandbox".into(),
        };
        Command { id: TransferId::from_bytes([2; 16]), currency: Currency::EUR, intent, event_ms: 5 }
    }

    #[test]
    fn a_later_retry_has_the_same_body_and_another_amount_or_currency_has_not() {
        let first = deposit(100).body_hash();
        assert_eq!(Command { event_ms: 9, ..deposit(100) }.body_hash(), first);
        assert_ne!(deposit(101).body_hash(), first);
        assert_ne!(Command { currency: Currency::GBP, ..deposit(100) }.body_hash(), first);
    }

    #[test]
    fn amounts_that_are_not_above_zero_are_no_commands() {
        assert_eq!(deposit(0).body_hash(), Err(Malformed::NotPositive));
        assert_eq!(deposit(i64::MIN).body_hash(), Err(Malformed::NotPositive));
    }

    #[test]
    fn derived_ids_depend_on_where_the_parts_end() {
        assert_eq!(derived_id(7, "deal", &[b"ab", b"c"]), derived_id(7, "deal", &[b"ab", b"c"]));
        assert_ne!(derived_id(7, "deal", &[b"ab", b"c"]), derived_id(7, "deal", &[b"a", b"bc"]));
    }
}
