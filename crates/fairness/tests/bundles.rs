//! A lease bundle made by hand: it verifies, and whatever one field is changed, a problem names it.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests fail the test")]

use fairness::{
    Bundle, BundleOpen, ClientChain, Close, Deal, Draws, Opening, Problem, SPEC, Seed, commit, lease_key, round_key,
    verify,
};
use serde_json::{Value, json};

const BOUNDS: [[u64; 2]; 3] = [[0, 37], [0, 1 << 60], [5, 10_000]];

fn opening(mode: u8) -> Opening {
    let client_seed = if mode == 2 { ClientChain::new([8; 32], 3).client_seed().to_vec() } else { vec![7; 20] };
    Opening {
        lease_id: [1; 16],
        commit: commit(&Seed::from_bytes([5; 32])),
        player: [6; 32],
        client_seed,
        client_mode: mode,
        beacon_kind: 1,
        beacon_round: 77,
        beacon_value: [4; 32],
        issued_ms: 1_000,
        expires_ms: 9_000,
        max_rounds: 3,
    }
}

/// Three deals: two with draws, the last a void one.
fn bundle(mode: u8) -> Bundle {
    let open = opening(mode);
    let seed = Seed::from_bytes([5; 32]);
    let key = lease_key(&seed, &open.hash());
    let chain = ClientChain::new([8; 32], 3);
    let mut prev = open.hash();
    let mut rounds = Vec::new();
    for round in 1..=3 {
        let client_nonce = if mode == 2 { chain.nonce(round).unwrap() } else { [0; 32] };
        let mut draws = Draws::new(round_key(&key, round, &[2; 32], &[3; 32], &client_nonce));
        for [stream, bound] in BOUNDS.iter().filter(|_| round < 3) {
            draws.below(*stream, *bound).unwrap();
        }
        let mut deal = Deal {
            round,
            game: [2; 32],
            params: [3; 32],
            currency: *b"EUR\0\0\0\0\0",
            stake: 100,
            payload: br#"{"bets":[[1,100]]}"#.to_vec(),
            client_nonce,
            outcome: if round < 3 { [9; 32] } else { [0; 32] },
            win: if round < 3 { 36 } else { 0 },
            played_ms: 1_000 * round,
            edge: [1; 16],
            draws: draws.record().iter().map(|draw| (draw.stream, draw.bound, draw.value)).collect(),
            link: [0; 32],
            proof: None,
        };
        deal.link = deal.entry(open.lease_id, prev).link();
        prev = deal.link;
        rounds.push(deal);
    }
    Bundle {
        spec: SPEC.to_owned(),
        open: BundleOpen::from(&open),
        seed: [5; 32],
        rounds,
        close: Close { rounds: 3, last_link: prev },
        vkeys: Vec::new(),
        carried: None,
    }
}

fn without_deals() -> Bundle {
    let mut bundle = bundle(1);
    bundle.rounds.clear();
    bundle.close = Close { rounds: 0, last_link: bundle.open.opening().hash() };
    bundle
}

/// Another value of the same kind, well-formed: a digit of hex, a number beside it, a longer list.
fn changed(value: &Value) -> Value {
    match value {
        Value::String(text) if text == SPEC => json!("fair2"),
        Value::String(text) => {
            let last = if text.ends_with('0') { "1" } else { "0" };
            json!(format!("{}{last}", &text[..text.len() - 1]))
        }
        Value::Number(number) => json!(number.as_u64().unwrap() ^ 1),
        Value::Array(list) if list.is_empty() => json!([[0, 1, 0]]),
        Value::Array(list) => json!(list[..list.len() - 1]),
        other => other.clone(),
    }
}

/// Every place of a value that one change can hit: fields, list elements, whole lists.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => fields.iter().for_each(|(name, inner)| places(inner, &format!("{at}/{name}"), found)),
        Value::Array(list) => {
            found.push(at.to_owned());
            list.iter().enumerate().for_each(|(index, inner)| places(inner, &format!("{at}/{index}"), found));
        }
        _ => found.push(at.to_owned()),
    }
}

/// The name of the field that a place is in: "/rounds/1/draws/0/2" is in draws.
fn field(place: &str) -> &str {
    let name = place.split('/').rfind(|part| part.parse::<u32>().is_err()).unwrap();
    if place == "/rounds" || place.starts_with("/rounds/") && name == "rounds" { "close.rounds" } else { name }
}

fn problems_with(place: &str, whole: &Value) -> Vec<String> {
    let mut json = whole.clone();
    let target = json.pointer_mut(place).unwrap();
    *target = if place == "/vkeys" { json!(["log+1234+AAAA"]) } else { changed(target) };
    match Bundle::from_json(json.to_string().as_bytes()) {
        Ok(bundle) => verify(&bundle).iter().map(Problem::to_string).collect(),
        Err(error) => vec![error.to_string()],
    }
}

#[test]
fn a_bundle_of_every_client_mode_verifies() {
    for mode in 0..=2 {
        assert_eq!(verify(&bundle(mode)), []);
    }
    assert_eq!(verify(&without_deals()), []);
}

#[test]
fn a_bundle_survives_its_json() {
    let json = serde_json::to_vec(&bundle(2)).unwrap();
    let again = Bundle::from_json(&json).unwrap();
    assert_eq!(verify(&again), []);
    assert_eq!(serde_json::to_vec(&again).unwrap(), json);
}

#[test]
fn whatever_one_field_is_changed_a_problem_names_it() {
    for whole in [bundle(0), bundle(1), bundle(2), without_deals()] {
        let json = serde_json::to_value(&whole).unwrap();
        let mut all = Vec::new();
        places(&json, "", &mut all);
        for place in all.iter().filter(|place| !(whole.rounds.is_empty() && *place == "/rounds")) {
            let problems = problems_with(place, &json);
            assert!(!problems.is_empty(), "{place} was changed without a problem");
            let name = field(place);
            let named = problems
                .iter()
                .any(|problem| problem.contains(name) || problem.contains("open field") && place.starts_with("/open"));
            assert!(named, "{place} was changed, and no problem names {name}: {problems:#?}");
        }
    }
}

#[test]
fn a_changed_link_is_named_alone() {
    let mut bundle = bundle(1);
    bundle.rounds[1].link[0] ^= 1;
    assert_eq!(verify(&bundle), [Problem::LinkField { deal: 2 }]);
}

#[test]
fn a_dropped_and_a_swapped_deal_are_named() {
    let mut dropped = bundle(1);
    dropped.rounds.remove(1);
    assert!(verify(&dropped).contains(&Problem::Contiguity { deal: 2, found: 3 }));
    let mut swapped = bundle(1);
    swapped.rounds.swap(0, 1);
    assert!(verify(&swapped).contains(&Problem::Contiguity { deal: 1, found: 2 }));
    let mut cut = bundle(1);
    cut.rounds.pop();
    assert_eq!(verify(&cut), [Problem::CloseCount { closed: 3, found: 2 }, Problem::CloseLink]);
}

#[test]
fn another_seed_with_its_own_commitment_is_still_named() {
    let mut bundle = bundle(1);
    bundle.seed = [11; 32];
    bundle.open.commit = commit(&Seed::from_bytes([11; 32]));
    let problems = verify(&bundle);
    assert!(problems.iter().any(|problem| matches!(problem, Problem::Draw { deal: 1, .. })));
    assert!(problems.contains(&Problem::Link { deal: 1, drawn: false }));
}

#[test]
fn a_proof_is_not_passed_over_in_silence() {
    let mut bundle = bundle(1);
    bundle.rounds[2].proof = Some("c2sp.org/tlog-proof@v1".to_owned());
    assert_eq!(verify(&bundle), [Problem::Proof { deal: 3 }]);
}

#[test]
fn an_unknown_a_doubled_and_an_upper_case_field_are_refused() {
    let json = String::from_utf8(serde_json::to_vec(&bundle(1)).unwrap()).unwrap();
    for wrong in [
        json.replacen("\"spec\"", "\"more\":1,\"spec\"", 1),
        json.replacen("\"spec\"", "\"spec\":\"fair1\",\"spec\"", 1),
        json.replacen("\"win\"", "\"note\":1,\"win\"", 1),
        json.replacen("4555520000000000", "45555200000000AA", 1),
        json.replacen("4555520000000000", "455552000000", 1),
        json.replacen("\"stake\":100", "\"stake\":100.0", 1),
        json.replacen("\"stake\":100", "\"stake\":-1", 1),
    ] {
        assert_ne!(wrong, json);
        assert!(Bundle::from_json(wrong.as_bytes()).is_err(), "{wrong}");
    }
    let wrong = json.replacen("\"stake\":100", "\"stake\":\"100\"", 1);
    let error = Bundle::from_json(wrong.as_bytes()).unwrap_err().to_string();
    assert!(error.contains("rounds[0].stake"), "{error}");
    assert!(Bundle::from_json(format!("{json} {{}}").as_bytes()).is_err());
}
