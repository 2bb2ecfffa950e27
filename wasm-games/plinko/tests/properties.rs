//! What holds for any bets, any configuration text and any state bytes.

#![cfg(test)]

use game_sdk::{Action, Bet, Fault, Game, Recorded};
use plinko::Plinko;
use proptest::prelude::*;

fn config(risk: &str, rows: u64) -> String {
    format!("{{\"risk\":\"{risk}\",\"rows\":{rows}}}")
}

fn boards() -> impl Strategy<Value = (String, u64)> {
    (prop::sample::select(["low", "medium", "high"].as_slice()), 8_u64..=16)
        .prop_map(|(risk, rows)| (config(risk, rows), rows))
}

proptest! {
    #[test]
    fn a_legal_bet_is_taken_and_stays_within_every_declared_bound((config, rows) in boards(), hundreds in 1_u64..=10_000, path in any::<prop::sample::Index>()) {
        let manifest = Plinko::describe(&config).unwrap();
        let bet = Bet { spot: 0, stake_minor: 100 * hundreds };
        let value = [u64::try_from(path.index(1 << rows)).unwrap()];
        let mut draws = Recorded::new(&value);
        let outcome = Plinko::play(&config, &[bet], &mut draws).unwrap();
        prop_assert_eq!(draws.bounds(), [(0, 1 << rows)]);
        prop_assert!(u128::from(outcome.win_minor) * 1000 <= u128::from(bet.stake_minor) * u128::from(manifest.max_win_milli));
        prop_assert!(outcome.event_bytes() <= usize::try_from(manifest.max_events).unwrap());
        prop_assert!(outcome.finished && outcome.state.is_empty() && outcome.offers.is_empty());
    }

    #[test]
    fn a_bet_that_no_spot_accepts_is_refused_before_the_draw((config, _) in boards(), spot in prop_oneof![Just(0_u32), any::<u32>()], stake_minor in prop_oneof![Just(100), 0_u64..2000, any::<u64>()]) {
        let known = Plinko::describe(&config).unwrap().spots.into_iter().any(|known| known.id == spot && known.accepts(stake_minor));
        let mut draws = Recorded::new(&[]);
        let result = Plinko::play(&config, &[Bet { spot, stake_minor }], &mut draws);
        prop_assert_eq!(result.is_ok(), known);
        if !known {
            prop_assert_eq!(result, Err(Fault::BadBet));
            prop_assert!(draws.bounds().is_empty());
        }
    }

    #[test]
    fn a_configuration_is_a_known_risk_and_8_to_16_rows(risk in "low|medium|high|Low|none|", rows in prop_oneof![0_u64..20, any::<u64>()]) {
        let known = ["low", "medium", "high"].contains(&risk.as_str()) && (8..=16).contains(&rows);
        prop_assert_eq!(Plinko::describe(&config(&risk, rows)).is_ok(), known);
    }

    #[test]
    fn any_other_configuration_is_refused_by_every_call(text in any::<String>(), tail in "[ -~]{1,20}", bytes in any::<Vec<u8>>()) {
        let bet = Bet { spot: 0, stake_minor: 100 };
        let action = Action { id: 0, arg: 0 };
        for config in [text, format!("{}{tail}", config("low", 8)), format!("{{\"risk\":\"low\",\"rows\":8,{tail}}}")] {
            prop_assert_eq!(Plinko::describe(&config), Err(Fault::BadConfig));
            prop_assert_eq!(Plinko::play(&config, &[bet], &mut Recorded::new(&[0])), Err(Fault::BadConfig));
            prop_assert_eq!(Plinko::act(&config, &bytes, action, &mut Recorded::new(&[0])), Err(Fault::BadConfig));
        }
    }

    #[test]
    fn a_round_never_goes_on((config, _) in boards(), bytes in any::<Vec<u8>>(), id in any::<u32>(), arg in any::<i64>()) {
        let mut draws = Recorded::new(&[]);
        prop_assert_eq!(Plinko::act(&config, &bytes, Action { id, arg }, &mut draws), Err(Fault::NotSupported));
        prop_assert!(draws.bounds().is_empty());
    }
}

#[test]
fn a_round_has_exactly_one_bet() {
    let bet = Bet { spot: 0, stake_minor: 100 };
    for bets in [vec![], vec![bet, bet]] {
        assert_eq!(Plinko::play(&config("low", 8), &bets, &mut Recorded::new(&[])), Err(Fault::BadBet));
    }
}

#[test]
fn a_fall_is_shown_row_by_row() {
    let shown = |path| {
        let bet = Bet { spot: 0, stake_minor: 200 };
        let outcome = Plinko::play(&config("low", 8), &[bet], &mut Recorded::new(&[path])).unwrap();
        let [event] = outcome.events.as_slice() else { panic!("one event") };
        format!("{} {}", event.name, event.data)
    };
    assert_eq!(shown(0b1), r#"drop {"multiplier_centi":195,"paid_minor":"390","path":"RLLLLLLL","pocket":1}"#);
    assert_eq!(shown(0b1010_1010), r#"drop {"multiplier_centi":80,"paid_minor":"160","path":"LRLRLRLR","pocket":4}"#);
    assert_eq!(shown(0b1111_1111), r#"drop {"multiplier_centi":610,"paid_minor":"1220","path":"RRRRRRRR","pocket":8}"#);
}
