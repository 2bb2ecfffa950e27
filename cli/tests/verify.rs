//! `house verify` and `house fairness bundle` on a bundle made by hand.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail the test")]

use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::process::{Command, Output};

use fairness::{Bundle, BundleOpen, Close, Deal, Draws, Opening, SPEC, Seed, commit, lease_key, round_key};
use serde_json::{Value, json};
use tempfile::TempDir;

const LEASE: &str = "01010101-0101-0101-0101-010101010101";

fn bundle() -> Bundle {
    let seed = Seed::from_bytes([5; 32]);
    let open = Opening {
        lease_id: [1; 16],
        commit: commit(&seed),
        player: [6; 32],
        client_seed: vec![7; 20],
        client_mode: 1,
        beacon_kind: 0,
        beacon_round: 0,
        beacon_value: [0; 32],
        issued_ms: 1_000,
        expires_ms: 9_000,
        max_rounds: 9,
    };
    let key = lease_key(&seed, &open.hash());
    let mut prev = open.hash();
    let mut rounds = Vec::new();
    for round in 1..=2 {
        let mut draws = Draws::new(round_key(&key, round, &[2; 32], &[3; 32], &[0; 32]));
        draws.below(0, 1 << 40).unwrap();
        let mut deal = Deal {
            round,
            game: [2; 32],
            params: [3; 32],
            currency: *b"EUR\0\0\0\0\0",
            stake: 100,
            payload: br#"{"bets":[[1,"100"]]}"#.to_vec(),
            client_nonce: [0; 32],
            outcome: [9; 32],
            win: 36,
            played_ms: 2_000,
            edge: [1; 16],
            draws: draws.record().iter().map(|draw| (draw.stream, draw.bound, draw.value)).collect(),
            link: [0; 32],
            proof: None,
        };
        deal.link = deal.entry(open.lease_id, prev).link();
        prev = deal.link;
        rounds.push(deal);
    }
    let close = Close { rounds: 2, last_link: prev };
    Bundle {
        spec: SPEC.to_owned(),
        open: BundleOpen::from(&open),
        seed: [5; 32],
        rounds,
        close,
        vkeys: Vec::new(),
        carried: None,
    }
}

fn house(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_house")).args(arguments).output().unwrap()
}

/// Exit status and standard output of verifying this text.
fn verify(text: &str, more: &[&str]) -> (i32, String) {
    let directory = TempDir::new().unwrap();
    let file = directory.path().join("bundle.json");
    fs::write(&file, text).unwrap();
    let output = house(&[&["verify", file.to_str().unwrap()], more].concat());
    (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
}

fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => fields.iter().for_each(|(name, inner)| places(inner, &format!("{at}/{name}"), found)),
        Value::Array(list) => {
            list.iter().enumerate().for_each(|(index, inner)| places(inner, &format!("{at}/{index}"), found))
        }
        _ => found.push(at.to_owned()),
    }
}

#[test]
fn a_good_bundle_is_verified() {
    let json = serde_json::to_string_pretty(&bundle()).unwrap();
    assert_eq!(verify(&json, &[]), (0, "verified\n".to_owned()));
}

#[test]
fn every_changed_field_is_named_with_status_1() {
    let json = serde_json::to_value(bundle()).unwrap();
    let mut all = Vec::new();
    places(&json, "", &mut all);
    assert!(all.len() > 40);
    for place in &all {
        let name = place.split('/').rfind(|part| part.parse::<u32>().is_err()).unwrap();
        let original = json.pointer(place).unwrap();
        let others = match original {
            Value::String(text) => {
                let first = if text.starts_with('0') { '1' } else { '0' };
                vec![json!(format!("{first}{}", text.get(1..).unwrap())), json!(text.get(1..).unwrap()), json!(7)]
            }
            Value::Number(number) => vec![json!(number.as_u64().unwrap() ^ 1), json!(-1), json!("1")],
            other => panic!("{place} is {other}"),
        };
        for other in others {
            let mut changed = json.clone();
            *changed.pointer_mut(place).unwrap() = other.clone();
            let (status, said) = verify(&changed.to_string(), &[]);
            assert_eq!(status, 1, "{place} = {other}: {said}");
            assert!(
                said.contains(name) || place.starts_with("/open/") && said.contains("open field"),
                "{place} = {other}: {said}"
            );
        }
    }
}

#[test]
fn a_file_that_is_no_bundle_is_status_1() {
    assert_eq!(verify("{}", &[]).0, 1);
    assert_eq!(verify("", &[]).0, 1);
    assert_eq!(house(&["verify", "no-such-file"]).status.code(), Some(1));
}

#[test]
fn a_replay_without_the_games_names_what_is_missing() {
    let games = TempDir::new().unwrap();
    let json = serde_json::to_string(&bundle()).unwrap();
    let (status, said) = verify(&json, &["--games", games.path().to_str().unwrap()]);
    assert_eq!(status, 1);
    assert!(said.contains(&format!("game {} is not in the games directory", "02".repeat(32))), "{said}");
}

/// A server for one request; gives back what it was asked.
fn serve_once(status: &str, body: String) -> (String, std::thread::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let from = format!("http://{}", listener.local_addr().unwrap());
    let answer = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}", body.len());
    let served = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let (mut request, mut byte) = (Vec::new(), [0]);
        while !request.ends_with(b"\r\n\r\n") {
            stream.read_exact(&mut byte).unwrap();
            request.extend(byte);
        }
        stream.write_all(answer.as_bytes()).unwrap();
        String::from_utf8(request).unwrap().to_lowercase()
    });
    (from, served)
}

#[test]
fn a_bundle_is_fetched_as_the_server_sent_it() {
    let json = serde_json::to_string_pretty(&bundle()).unwrap();
    let (from, served) = serve_once("200 OK", json.clone());
    let output = house(&["fairness", "bundle", LEASE, "--from", &from, "--token", "t0ken"]);
    assert!(output.status.success(), "{output:?}");
    assert_eq!(String::from_utf8(output.stdout).unwrap(), json);
    let request = served.join().unwrap();
    assert!(request.starts_with(&format!("get /v1/fairness/bundle/{LEASE} http/1.1")), "{request}");
    assert!(request.contains("authorization: bearer t0ken"));
}

#[test]
fn a_refusal_another_lease_or_nonsense_writes_nothing() {
    let mut other = bundle();
    other.open.lease_id = [2; 16];
    let answers = [
        ("404 Not Found", "no such lease".to_owned(), "no such lease"),
        ("200 OK", serde_json::to_string(&other).unwrap(), "is the bundle of lease"),
        ("200 OK", "{}".to_owned(), "not a lease bundle"),
    ];
    for (status, body, reason) in answers {
        let directory = TempDir::new().unwrap();
        let out = directory.path().join("out.json");
        let (from, served) = serve_once(status, body);
        let output = house(&["fairness", "bundle", LEASE, "--from", &from, "--out", out.to_str().unwrap()]);
        assert_eq!(output.status.code(), Some(1));
        assert!(String::from_utf8(output.stderr).unwrap().contains(reason));
        assert!(!out.exists());
        served.join().unwrap();
    }
}

#[test]
fn the_version_is_printed() {
    let output = house(&["version"]);
    assert_eq!(String::from_utf8(output.stdout).unwrap(), format!("house {}\n", env!("CARGO_PKG_VERSION")));
}
