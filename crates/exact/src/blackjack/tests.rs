//! The recursion against published figures, and the tables it refuses.

use serde_json::json;

use super::*;
use crate::{decimal, root};

fn base() -> Value {
    json!({"decks": 0, "soft17": "stand", "das": true, "double": "any", "resplit_to": 2, "split_aces_one_card": true,
           "late_surrender": false, "blackjack_pays": "3:2", "peek": true})
}

fn with(key: &str, value: Value) -> Value {
    let mut params = base();
    params[key] = value;
    params
}

fn main(params: &Value) -> Figure {
    figures(params).unwrap().remove(0)
}

#[test]
fn the_published_return_comes_out() {
    let main = main(&base());
    assert_eq!(decimal(&main.returns, 8), "0.99429612");
    assert!(root(&main.variance, 2).starts_with("1.1"), "{}", root(&main.variance, 6));
}

#[test]
fn each_rule_moves_the_return_the_way_that_players_know() {
    let base = main(&base()).returns;
    let percent = |key, value| decimal(&((main(&with(key, value)).returns - &base) * ratio(100, 1)), 2);
    assert_eq!(percent("soft17", json!("hit")), "-0.22");
    assert_eq!(percent("das", json!(false)), "-0.12");
    assert_eq!(percent("double", json!("10-11")), "-0.17");
    assert_eq!(percent("blackjack_pays", json!("6:5")), "-1.29");
    assert_eq!(percent("peek", json!(false)), "-0.11");
    assert_eq!(percent("late_surrender", json!(true)), "0.09");
    assert_eq!(percent("resplit_to", json!(4)), "0.06");
}

#[test]
fn totals_count_an_ace_high_while_it_fits() {
    assert_eq!(with_card((10, false), 1), (21, true));
    assert_eq!(with_card((11, true), 1), (12, true));
    assert_eq!(with_card((17, true), 9), (16, false));
    assert_eq!(with_card((16, false), 10), (26, false));
}

#[test]
fn other_parameters_are_refused() {
    for params in [
        json!({}),
        json!([]),
        with("decks", json!(6)),
        with("decks", json!(9)),
        with("soft17", json!(true)),
        with("double", json!("11")),
        with("resplit_to", json!(5)),
        with("blackjack_pays", json!("1:1")),
        with("das", json!(1)),
        with("more", json!(1)),
    ] {
        assert!(matches!(figures(&params), Err(ExactError::Params(_))), "{params}");
    }
}
