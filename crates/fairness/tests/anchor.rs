//! The anchor vector of fair1 section 9, value by value, and the protocol mutants of section 12 against it.
//!
//! Each mutant is what a careless implementation would do; the test shows that the anchor tells it apart.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail the test")]

use fairness::{
    Bet, Draws, Entry, LeaseKey, Opening, Seed, blind, commit, deal_entry, leaf_hash, lease_key, mac, payload_hash,
    round_key, sha256,
};

const GAME: [u8; 32] = [1; 32];
const PARAMS: [u8; 32] = [2; 32];
const NONCE: [u8; 32] = [0; 32];
const K_1: &str = "02dbdce253b7ff48fd34cbfb4ed307de9ffbbebd6e0f37125e5d6ec1a8e17e77";

fn seed() -> Seed {
    Seed::from_bytes(std::array::from_fn(|i| u8::try_from(i).unwrap()))
}

fn opening() -> Opening {
    Opening {
        lease_id: [0; 16],
        commit: commit(&seed()),
        player: [0; 32],
        client_seed: b"hello".to_vec(),
        client_mode: 1,
        beacon_kind: 0,
        beacon_round: 0,
        beacon_value: [0; 32],
        issued_ms: 1,
        expires_ms: 2,
        max_rounds: 3,
    }
}

fn key() -> LeaseKey {
    lease_key(&seed(), &opening().hash())
}

fn bet() -> Bet {
    Bet {
        deal: 1,
        game: GAME,
        params: PARAMS,
        currency: *b"EUR\0\0\0\0\0",
        stake_minor: 100,
        payload_hash: payload_hash(b""),
        client_nonce: NONCE,
    }
}

fn anchor_draws() -> Draws {
    let mut draws = Draws::new(round_key(&key(), 1, &GAME, &PARAMS, &NONCE));
    for bound in [37, 10_000, (1 << 63) + 1] {
        draws.below(0, bound).unwrap();
    }
    draws.below(1, 6).unwrap();
    draws
}

fn values(draws: &Draws) -> Vec<u64> {
    draws.record().iter().map(|draw| draw.value).collect()
}

fn entry() -> Entry {
    Entry {
        lease_id: [0; 16],
        deal: 1,
        bet: bet().hash(),
        draws: anchor_draws().digest(),
        outcome: [3; 32],
        stake_minor: 100,
        win_minor: 0,
        played_ms: 1,
        edge: [0; 16],
        prev: opening().hash(),
    }
}

#[test]
fn commitment_opening_and_keys_are_the_anchor() {
    assert_eq!(hex::encode(commit(&seed())), "da3936081e1e5f5bf251f058647449df2ea514648955b95953d419417c9a4bec");
    assert_eq!(hex::encode(opening().hash()), "8e05f2a43c695d8ddfa4ccd2ea7de57e1fb2fd29a7acc4dc552c01abeae3bfdc");
    assert_eq!(hex::encode(key().as_bytes()), "05e4a7bf9902b5b822a94dce220e1df432b82d957a0567e3ea978b79a40afe6c");
    assert_eq!(hex::encode(round_key(&key(), 1, &GAME, &PARAMS, &NONCE).as_bytes()), K_1);
}

#[test]
fn bet_and_draws_are_the_anchor() {
    assert_eq!(hex::encode(bet().hash()), "334d214bd26b362d8dd218c5af322d6489cf31235b573cfceb5f6859c0f0fd37");
    let draws = anchor_draws();
    assert_eq!(values(&draws), [16, 5049, 5_884_947_189_628_310_598, 1]);
    assert_eq!(hex::encode(draws.digest()), "c7baa893faf759493ad5739a98290ad0fb77c87368b2d70d16b7890641e020ca");
}

#[test]
fn link_blind_and_leaf_are_the_anchor() {
    let link = entry().link();
    assert_eq!(hex::encode(link), "dc374c4095957ec7b129bedb4b270d0360c4e046ef6d363a54dd729b8d6eb540");
    let blinded = blind(&key(), 1);
    assert_eq!(hex::encode(blinded), "2d95004c58025022fac750f8c890bc29fabaf30c5e5de3281fa1489848375ced");
    let leaf = leaf_hash(&deal_entry(&blinded, &link));
    assert_eq!(hex::encode(leaf), "1e02d1a48403d300f89b33321ffe3dc377c7139a4babd5395cf70156e11e607b");
}

#[test]
fn an_opening_without_its_client_seed_is_another_opening() {
    let open = opening();
    let dropped = sha256(&[
        b"fair1.open\0\0\0\0\0\0",
        &open.lease_id,
        &open.commit,
        &open.player,
        &[1, 0],
        &[0; 8],
        &open.beacon_value,
        &1u64.to_be_bytes(),
        &2u64.to_be_bytes(),
        &3u32.to_be_bytes(),
    ]);
    assert_ne!(dropped, open.hash());
    let unhashed = Opening { client_seed: Vec::new(), ..open.clone() };
    assert_ne!(unhashed.hash(), open.hash());
}

#[test]
fn modulo_instead_of_rejection_gives_other_draws() {
    // A bound of 2^64-1 gives back the word, less one: what a modulo would start from.
    let mut words = Draws::new(round_key(&key(), 1, &GAME, &PARAMS, &NONCE));
    let first = words.below(0, u64::MAX).unwrap().wrapping_add(1);
    assert_ne!(first % 37, 16);
}

#[test]
fn a_sampler_that_never_rejects_gives_other_draws() {
    // 2^63+1 refuses almost every second word. The anchor's own three words all pass, so this reads on.
    let bound = (1u64 << 63) + 1;
    let mut words = Draws::new(round_key(&key(), 1, &GAME, &PARAMS, &NONCE));
    let raw = (0..16).map(|_| words.below(0, u64::MAX).unwrap().wrapping_add(1));
    let unrejected: Vec<u64> =
        raw.map(|word| u64::try_from((u128::from(word) * u128::from(bound)) >> 64).unwrap()).collect();
    let mut draws = Draws::new(round_key(&key(), 1, &GAME, &PARAMS, &NONCE));
    for _ in 0..16 {
        draws.below(0, bound).unwrap();
    }
    assert!(draws.words() > 16);
    assert_ne!(values(&draws), unrejected);
}

#[test]
fn one_stream_for_all_gives_another_last_draw() {
    let mut reused = Draws::new(round_key(&key(), 1, &GAME, &PARAMS, &NONCE));
    for bound in [37, 10_000, (1 << 63) + 1, 6] {
        reused.below(0, bound).unwrap();
    }
    assert_ne!(reused.digest(), anchor_draws().digest());
    // Not only the stream's number in the digest: the value itself, for a wide bound.
    let wide = |stream| Draws::new(round_key(&key(), 1, &GAME, &PARAMS, &NONCE)).below(stream, u64::MAX).unwrap();
    assert_ne!(wide(0), wide(1));
}

#[test]
fn a_swapped_label_gives_another_key() {
    let open = opening().hash();
    let swapped = mac(seed().as_bytes(), &[b"fair1.round\0\0\0\0\0", &open]);
    assert_ne!(swapped, *key().as_bytes());
    let unpadded = mac(seed().as_bytes(), &[b"fair1.lease", &open]);
    assert_ne!(unpadded, *key().as_bytes());
}

#[test]
fn a_stake_in_the_key_gives_another_key() {
    let lease = key();
    let fields: [&[u8]; 5] = [b"fair1.round\0\0\0\0\0", &1u64.to_be_bytes(), &GAME, &PARAMS, &NONCE];
    assert_eq!(hex::encode(mac(lease.as_bytes(), &fields)), K_1);
    let stake = 100u64.to_be_bytes();
    let staked = [fields.as_slice(), &[&stake]].concat();
    assert_ne!(hex::encode(mac(lease.as_bytes(), &staked)), K_1);
}

#[test]
fn little_endian_integers_give_another_bet() {
    let payload = payload_hash(b"");
    let parts: [&[u8]; 8] = [
        b"fair1.bet\0\0\0\0\0\0\0",
        &1u64.to_le_bytes(),
        &GAME,
        &PARAMS,
        b"EUR\0\0\0\0\0",
        &100u64.to_le_bytes(),
        &payload,
        &NONCE,
    ];
    assert_ne!(sha256(&parts), bet().hash());
}

#[test]
fn every_field_of_a_bet_and_of_an_entry_is_bound() {
    let bets = [
        Bet { deal: 2, ..bet() },
        Bet { game: [9; 32], ..bet() },
        Bet { params: [9; 32], ..bet() },
        Bet { currency: *b"USD\0\0\0\0\0", ..bet() },
        Bet { stake_minor: 101, ..bet() },
        Bet { payload_hash: payload_hash(b"x"), ..bet() },
        Bet { client_nonce: [9; 32], ..bet() },
    ];
    assert!(bets.iter().all(|changed| changed.hash() != bet().hash()));
    let entries = [
        Entry { lease_id: [9; 16], ..entry() },
        Entry { deal: 2, ..entry() },
        Entry { bet: [9; 32], ..entry() },
        Entry { draws: [9; 32], ..entry() },
        Entry { outcome: [9; 32], ..entry() },
        Entry { stake_minor: 101, ..entry() },
        Entry { win_minor: 1, ..entry() },
        Entry { played_ms: 2, ..entry() },
        Entry { edge: [9; 16], ..entry() },
        Entry { prev: [9; 32], ..entry() },
    ];
    assert!(entries.iter().all(|changed| changed.link() != entry().link()));
}
