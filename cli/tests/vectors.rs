//! `house fairness vectors` and `check`, as a third party runs them.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail the test")]

use std::fs;
use std::process::{Command, Output};

use serde_json::{Value, json};
use tempfile::TempDir;

fn house(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_house")).args(arguments).output().unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn vectors(count: u32, seed: &str) -> String {
    let output = house(&["fairness", "vectors", "--count", &count.to_string(), "--seed", seed]);
    assert!(output.status.success());
    stdout(&output)
}

/// Exit status and standard output of checking this text.
fn check(text: &str) -> (i32, String) {
    let directory = TempDir::new().unwrap();
    let file = directory.path().join("vectors.jsonl");
    fs::write(&file, text).unwrap();
    let output = house(&["fairness", "check", file.to_str().unwrap()]);
    (output.status.code().unwrap(), stdout(&output))
}

/// Another value that still parses as this field.
fn changed(name: &str, value: &Value) -> Value {
    match value {
        Value::String(text) if text.is_empty() => json!("00"),
        Value::String(text) => {
            let first = if text.starts_with('0') { "1" } else { "0" };
            json!(format!("{first}{}", text.get(1..).unwrap()))
        }
        // An edge stays within 10,000, and a shuffle stays small.
        Value::Number(number) if name == "edge_bp" => json!((number.as_u64().unwrap() + 5_000) % 10_000),
        Value::Number(number) => json!(number.as_u64().unwrap() ^ 1),
        Value::Array(list) if name == "weights" => json!([list.clone(), vec![json!(1_000)]].concat()),
        Value::Array(list) if list.is_empty() => json!([1]),
        Value::Array(list) => json!(list.get(1..).unwrap()),
        other => other.clone(),
    }
}

#[test]
fn vectors_are_the_same_for_the_same_seed_and_agree_with_check() {
    let first = vectors(300, "x");
    assert_eq!(first.lines().count(), 300);
    assert_eq!(first, vectors(300, "x"));
    assert_ne!(first, vectors(300, "y"));
    assert!(vectors(301, "x").starts_with(&first));
    assert_eq!(check(&first), (0, "300 vectors agree\n".to_owned()));
}

#[test]
fn vectors_reach_the_corners() {
    let lines: Vec<Value> = vectors(600, "corners").lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let seen = |name: &str, value: Value| lines.iter().any(|line| line.get(name) == Some(&value));
    for n in [0, 1, 52] {
        assert!(seen("shuffle_n", json!(n)), "no shuffle of {n}");
    }
    let bounds: Vec<u64> =
        lines.iter().flat_map(|line| line["bounds"].as_array().unwrap()).map(|n| n.as_u64().unwrap()).collect();
    assert!(bounds.contains(&1) && bounds.contains(&u64::MAX) && !bounds.contains(&0));
    let lengths: Vec<usize> = lines.iter().map(|line| line["client_seed"].as_str().unwrap().len() / 2).collect();
    assert!(lengths.contains(&16) && lengths.contains(&64) && lengths.iter().all(|length| (16..=64).contains(length)));
    for mode in [0, 1, 2] {
        assert!(seen("client_mode", json!(mode)));
    }
}

#[test]
fn a_changed_field_is_refused_with_its_line_whichever_it_is() {
    let good = vectors(3, "fields");
    let lines: Vec<&str> = good.lines().collect();
    let second: serde_json::Map<String, Value> = serde_json::from_str(lines[1]).unwrap();
    assert_eq!(second.len(), 44);
    for (name, value) in &second {
        let mut other = second.clone();
        other.insert(name.clone(), changed(name, value));
        let (status, said) = check(&format!("{}\n{}\n{}\n", lines[0], Value::Object(other), lines[2]));
        assert_eq!(status, 1, "{name}: {said}");
        assert!(said.starts_with("line 2: "), "{name}: {said}");
    }
}

#[test]
fn a_changed_derived_field_is_named() {
    let line = vectors(1, "named");
    let vector: serde_json::Map<String, Value> = serde_json::from_str(&line).unwrap();
    let derived = [
        "commit",
        "open",
        "lease_key",
        "bet",
        "round_key",
        "chain_prev",
        "crash_centi",
        "words",
        "draws",
        "link",
        "blind",
        "log_entry",
        "leaf_hash",
    ];
    for name in derived {
        let mut other = vector.clone();
        other.insert(name.to_owned(), changed("", &vector[name]));
        let (status, said) = check(&Value::Object(other).to_string());
        assert_eq!(status, 1);
        assert!(said.starts_with(&format!("line 1: {name} differs")), "{said}");
    }
}

#[test]
fn fields_may_stand_in_any_order_and_a_currency_may_be_its_code() {
    let line = vectors(1, "order");
    let vector: serde_json::Map<String, Value> = serde_json::from_str(&line).unwrap();
    let backwards: Vec<String> = vector.iter().rev().map(|(name, value)| format!("{name:?}: {value}")).collect();
    assert_eq!(check(&format!("{{{}}}", backwards.join(", "))).0, 0);
    let code = hex::decode(vector["currency"].as_str().unwrap()).unwrap();
    let code = String::from_utf8(code).unwrap();
    let mut coded = vector.clone();
    coded.insert("currency".to_owned(), json!(code.trim_end_matches('\0')));
    assert_eq!(check(&Value::Object(coded).to_string()).0, 0);
}

#[test]
fn malformed_lines_are_named_with_their_field() {
    let line = vectors(1, "malformed");
    let cases = [
        (line.replacen("\"stake\":", "\"stake\":-", 1), "stake"),
        (line.replacen("\"seed\":\"", "\"seed\":\"X", 1), "seed"),
        (line.replacen("\"win\":", "\"win2\":", 1), "win2"),
        (line.replacen("\"client_mode\":", "\"client_mode\":300", 1), "client_mode"),
        ("nonsense\n".to_owned(), "expected"),
        (line.trim_end().to_owned() + " {}", "trailing"),
    ];
    for (text, name) in cases {
        let (status, said) = check(&text);
        assert_eq!(status, 1);
        assert!(said.starts_with("line 1: ") && said.contains(name), "{name}: {said}");
    }
}

#[test]
fn inputs_that_no_deal_can_have_are_named() {
    let line = vectors(1, "impossible");
    let vector: serde_json::Map<String, Value> = serde_json::from_str(&line).unwrap();
    let cases = [
        ("bounds", json!([5, 0])),
        ("weights", json!([])),
        ("weights", json!([u64::MAX, 1])),
        ("edge_bp", json!(10_001)),
        ("shuffle_n", json!(u64::MAX)),
    ];
    for (name, value) in cases {
        let mut other = vector.clone();
        other.insert(name.to_owned(), value);
        let (status, said) = check(&Value::Object(other).to_string());
        assert_eq!(status, 1);
        assert!(said.starts_with(&format!("line 1: {name}: ")), "{said}");
    }
}

#[test]
fn a_file_without_vectors_is_no_agreement() {
    assert_eq!(check("").0, 1);
    assert_eq!(check("\n\n").0, 1);
}

#[test]
fn raw_words_are_the_same_as_bytes_and_as_text() {
    let arguments = ["fairness", "collect", "raw", "--seed", "w", "--deals", "3", "--streams", "2", "--words", "5"];
    let bytes = house(&arguments).stdout;
    let text = stdout(&house(&[&arguments[..], &["--format", "text"]].concat()));
    let words: Vec<u8> = text.lines().flat_map(|word| word.parse::<u64>().unwrap().to_le_bytes()).collect();
    assert_eq!(bytes.len(), 3 * 2 * 5 * 8);
    assert_eq!(bytes, words);
}
