//! The hashes that chain the log, each under a tag of its own so that none can be taken for another.
//!
//! `leaf = H(0x00 || row)`, `node = H(0x01 || left || right)` (RFC 6962 section 2.1, a lone last node is carried up),
//! `batch = H(0x02 || previous batch || header || root)`, `body = H(0x03 || command)`; H is SHA-256, numbers big-endian.

use sha2::{Digest as _, Sha256};

use super::account::AccountKey;
use super::batch::BatchHead;
use super::row::{Side, TransferRow};

/// A SHA-256.
pub type Hash = [u8; 32];

pub(crate) const LEAF_TAG: u8 = 0x00;
pub(crate) const NODE_TAG: u8 = 0x01;
pub(crate) const BATCH_TAG: u8 = 0x02;
pub(crate) const BODY_TAG: u8 = 0x03;

/// The leaf of one row: `seq u64 || id[16] || leg u16 || code i16 || status i16 || body[32] || subject[16] || ref i64 ||
/// currency[8] || event_ms u64`, then, if it moves money, `amount i64` and of debit and credit each `kind i16 || owner[16] ||
/// account u32 || balance i64 || version u64`.
#[must_use]
pub fn leaf(row: &TransferRow) -> Hash {
    leaf_in(&mut Vec::with_capacity(LEAF_BYTES), row)
}

/// The longest leaf's layout, bytes.
const LEAF_BYTES: usize = 1 + 8 + 16 + 3 * 2 + 32 + 16 + 3 * 8 + 8 + 2 * SIDE_BYTES;
const SIDE_BYTES: usize = 2 + 16 + 4 + 8 + 8;

/// One update of the hash over a buffer that is used again: half the cost of many small updates.
fn leaf_in(bytes: &mut Vec<u8>, row: &TransferRow) -> Hash {
    bytes.clear();
    bytes.push(LEAF_TAG);
    bytes.extend_from_slice(&row.seq.to_be_bytes());
    bytes.extend_from_slice(&row.id.to_bytes());
    bytes.extend_from_slice(&row.leg.to_be_bytes());
    bytes.extend_from_slice(&row.code.code().to_be_bytes());
    bytes.extend_from_slice(&row.status.code().to_be_bytes());
    bytes.extend_from_slice(&row.body);
    bytes.extend_from_slice(&row.subject);
    bytes.extend_from_slice(&row.ref_no.to_be_bytes());
    bytes.extend_from_slice(&row.currency.to_bytes());
    bytes.extend_from_slice(&row.event_ms.to_be_bytes());
    if let Some(movement) = &row.movement {
        bytes.extend_from_slice(&movement.amount.to_be_bytes());
        add_side(bytes, &movement.debit);
        add_side(bytes, &movement.credit);
    }
    Sha256::digest(bytes).into()
}

fn add_side(bytes: &mut Vec<u8>, side: &Side) {
    let AccountKey { kind, owner, currency: _ } = side.key;
    bytes.extend_from_slice(&kind.code().to_be_bytes());
    bytes.extend_from_slice(&owner);
    bytes.extend_from_slice(&side.account.to_be_bytes());
    bytes.extend_from_slice(&side.balance.to_be_bytes());
    bytes.extend_from_slice(&side.version.to_be_bytes());
}

/// The root over the rows' leaves; all zeros for none.
#[must_use]
pub fn root(rows: &[TransferRow]) -> Hash {
    let mut bytes = Vec::with_capacity(LEAF_BYTES);
    let mut level: Vec<Hash> = rows.iter().map(|row| leaf_in(&mut bytes, row)).collect();
    while level.len() > 1 {
        level = level.chunks(2).map(pair).collect();
    }
    level.first().copied().unwrap_or_default()
}

fn pair(nodes: &[Hash]) -> Hash {
    match nodes {
        [left, right] => {
            let mut bytes = [NODE_TAG; 65];
            bytes.iter_mut().skip(1).zip(left.iter().chain(right)).for_each(|(to, from)| *to = *from);
            Sha256::digest(bytes).into()
        }
        lone => lone.first().copied().unwrap_or_default(),
    }
}

/// The hash of a batch: `0x02 || prev_hash || shard u16 || no u64 || epoch u64 || first_seq u64 || n u32 || last_event u64 ||
/// posted_ms u64 || root`.
#[must_use]
pub fn batch(head: &BatchHead) -> Hash {
    let mut hasher = Sha256::new();
    hasher.update([BATCH_TAG]);
    hasher.update(head.prev_hash);
    hasher.update(head.shard.to_be_bytes());
    hasher.update(head.no.to_be_bytes());
    hasher.update(head.epoch.to_be_bytes());
    hasher.update(head.first_seq.to_be_bytes());
    hasher.update(head.n.to_be_bytes());
    hasher.update(head.last_event.to_be_bytes());
    hasher.update(head.posted_ms.to_be_bytes());
    hasher.update(head.root);
    hasher.finalize().into()
}

#[cfg(test)]
mod tests {
    use ids::TransferId;
    use money::Currency;

    use super::*;
    use crate::engine::account::AccountKind;
    use crate::engine::{Movement, Status, TransferCode};

    fn row() -> TransferRow {
        let key = |kind| AccountKey { kind, owner: [9; 16], currency: Currency::EUR };
        let side = |kind, account, balance| Side { account, key: key(kind), balance, version: 7 };
        let (debit, credit) = (side(AccountKind::LeaseEscrow, 3, 40), side(AccountKind::HouseGame, 4, -2));
        TransferRow {
            seq: 1,
            id: TransferId::from_bytes([1; 16]),
            leg: 0,
            code: TransferCode::Bet,
            status: Status::Applied,
            body: [2; 32],
            subject: [3; 16],
            ref_no: 5,
            currency: Currency::EUR,
            event_ms: 6,
            batch: 1,
            posted_ms: 8,
            movement: Some(Movement { amount: 10, debit, credit }),
        }
    }

    /// The layout is stored history: a release that hashes otherwise can't verify what an earlier one wrote.
    #[test]
    fn the_layouts_are_frozen() {
        let row = row();
        let head = BatchHead { n: 1, root: root(&[row.clone(), row.clone(), row.clone()]), ..BatchHead::genesis(2) };
        let hex = |hash: Hash| hash.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        assert_eq!(hex(leaf(&row)), "abaebdd2b3478df9de43f48e0ea8a39603b5cc150e0045b7c5f45a739a5b536e");
        assert_eq!(hex(head.root), "8361936f48636128a0dfbc88622c17341e384a8d8c796f0ac20de4b49a737e49");
        assert_eq!(hex(batch(&head)), "906e133e50d8b0e4651fb2018edd81936d63c77e2d09cf4753a94b026edbf0d8");
    }

    #[test]
    fn every_field_of_a_row_counts() {
        let original = leaf(&row());
        let change = |edit: &dyn Fn(&mut TransferRow)| {
            let mut changed = row();
            edit(&mut changed);
            assert_ne!(leaf(&changed), original);
        };
        change(&|row| row.seq += 1);
        change(&|row| row.id = TransferId::from_bytes([8; 16]));
        change(&|row| row.leg += 1);
        change(&|row| row.code = TransferCode::Win);
        change(&|row| row.status = Status::InsufficientFunds);
        change(&|row| row.body[31] += 1);
        change(&|row| row.subject[0] += 1);
        change(&|row| row.ref_no += 1);
        change(&|row| row.currency = Currency::GBP);
        change(&|row| row.event_ms += 1);
        change(&|row| row.movement = None);
        change(&|row| row.movement.as_mut().unwrap().amount += 1);
        change(&|row| row.movement.as_mut().unwrap().debit.balance += 1);
        change(&|row| row.movement.as_mut().unwrap().debit.account += 1);
        change(&|row| row.movement.as_mut().unwrap().credit.version += 1);
        change(&|row| row.movement.as_mut().unwrap().credit.key.owner[0] += 1);
    }
}
