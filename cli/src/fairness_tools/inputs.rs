//! The random inputs of one vector, corners included: bounds of 1 and 2^64-1, shuffles of 0, 1 and 52, seeds of 16 to 64 bytes.

use fairness::{DrawError, VectorInputs};

use super::dice::Dice;

const CURRENCIES: [[u8; 8]; 5] =
    [*b"EUR\0\0\0\0\0", *b"GBP\0\0\0\0\0", *b"FUN\0\0\0\0\0", *b"USDT\0\0\0\0", *b"ABCDEFGH"];

/// The inputs of the vector with this number.
pub(crate) fn inputs(seed: &str, number: u64) -> Result<VectorInputs, DrawError> {
    let dice = &mut Dice::new(seed, "vectors", number);
    let client_mode = dice.pick(&[0, 1, 1, 2])?;
    let beacon_kind = dice.pick(&[0, 0, 1])?;
    let with_beacon = beacon_kind == 1;
    Ok(VectorInputs {
        seed: dice.bytes()?,
        lease_id: dice.bytes()?,
        player: dice.bytes()?,
        client_seed: client_seed(dice, client_mode)?,
        client_mode,
        beacon_kind,
        beacon_round: if with_beacon { dice.number()? } else { 0 },
        beacon_value: if with_beacon { dice.bytes()? } else { [0; 32] },
        issued_ms: dice.number()?,
        expires_ms: dice.number()?,
        max_rounds: u32::try_from(dice.number()? >> 32).unwrap_or(u32::MAX),
        round: dice.number()?,
        game: dice.bytes()?,
        params: dice.bytes()?,
        currency: dice.pick(&CURRENCIES)?,
        stake: dice.number()?,
        payload: dice.some_bytes(0, 200)?,
        client_nonce: if client_mode == 2 { dice.bytes()? } else { [0; 32] },
        stream: dice.number()?,
        shuffle_n: shuffle_n(dice)?,
        weights: weights(dice)?,
        edge_bp: edge_bp(dice)?,
        outcome: dice.bytes()?,
        win: dice.number()?,
        played_ms: dice.number()?,
        edge: dice.bytes()?,
        prev: dice.bytes()?,
        bounds: bounds(dice)?,
    })
}

fn client_seed(dice: &mut Dice, client_mode: u8) -> Result<Vec<u8>, DrawError> {
    if client_mode == 2 {
        return Ok(dice.bytes::<32>()?.to_vec());
    }
    let length = match dice.below(4)? {
        0 => dice.pick(&[16, 64])?,
        _ => 16 + dice.below(49)?,
    };
    dice.some_bytes(length, length)
}

fn shuffle_n(dice: &mut Dice) -> Result<u64, DrawError> {
    match dice.below(2)? {
        0 => dice.pick(&[0, 1, 2, 52, 416]),
        _ => dice.below(60),
    }
}

/// Weights whose sum is at least 1 and fits 64 bits; zeros among them.
fn weights(dice: &mut Dice) -> Result<Vec<u64>, DrawError> {
    if dice.below(10)? == 0 {
        return Ok(vec![u64::MAX]);
    }
    let mut weights = Vec::new();
    for _ in 0..=dice.below(12)? {
        let bits = dice.below(60)?;
        weights.push(if dice.below(4)? == 0 { 0 } else { dice.below(1 << bits)? });
    }
    if weights.iter().all(|weight| *weight == 0) {
        weights.push(1);
    }
    Ok(weights)
}

fn edge_bp(dice: &mut Dice) -> Result<u64, DrawError> {
    match dice.below(2)? {
        0 => dice.pick(&[0, 1, 100, 9_999, 10_000]),
        _ => dice.below(10_001),
    }
}

fn bounds(dice: &mut Dice) -> Result<Vec<u64>, DrawError> {
    (0..dice.below(12)?).map(|_| dice.bound()).collect()
}
