//! What holds for any bets, any configuration text and any state bytes.

#![cfg(test)]

use dice::Dice;
use game_sdk::{Action, Bet, Fault, Game, Recorded};
use proptest::prelude::*;

fn config(edge_bp: u64) -> String {
    format!("{{\"edge_bp\":{edge_bp}}}")
}

proptest! {
    #[test]
    fn a_legal_bet_is_taken_and_stays_within_every_declared_bound(edge_bp in 0_u64..=1000, at in any::<prop::sample::Index>(), hundreds in 1_u64..=10_000, roll in 0_u64..10_000) {
        let config = config(edge_bp);
        let manifest = Dice::describe(&config).unwrap();
        let spot = at.get(&manifest.spots);
        let bet = Bet { spot: spot.id, stake_minor: 100 * hundreds };
        prop_assert!(spot.accepts(bet.stake_minor));
        let value = [roll];
        let mut draws = Recorded::new(&value);
        let outcome = Dice::play(&config, &[bet], &mut draws).unwrap();
        prop_assert_eq!(draws.bounds(), [(0, 10_000)]);
        prop_assert!(u128::from(outcome.win_minor) * 1000 <= u128::from(bet.stake_minor) * u128::from(spot.pays_milli));
        prop_assert!(spot.pays_milli <= manifest.max_win_milli);
        prop_assert!(outcome.event_bytes() <= usize::try_from(manifest.max_events).unwrap());
        prop_assert!(outcome.finished && outcome.state.is_empty() && outcome.offers.is_empty());
    }

    #[test]
    fn a_bet_that_no_spot_accepts_is_refused_before_the_draw(edge_bp in 0_u64..=1000, spot in 0_u32..30_000, stake_minor in prop_oneof![Just(100), 0_u64..2000, any::<u64>()]) {
        let config = config(edge_bp);
        let known = Dice::describe(&config).unwrap().spots.into_iter().any(|known| known.id == spot && known.accepts(stake_minor));
        let mut draws = Recorded::new(&[]);
        let result = Dice::play(&config, &[Bet { spot, stake_minor }], &mut draws);
        prop_assert_eq!(result.is_ok(), known);
        if !known {
            prop_assert_eq!(result, Err(Fault::BadBet));
            prop_assert!(draws.bounds().is_empty());
        }
    }

    #[test]
    fn an_edge_beyond_the_bound_is_refused(edge_bp in 1001_u64..) {
        prop_assert_eq!(Dice::describe(&config(edge_bp)), Err(Fault::BadConfig));
    }

    #[test]
    fn any_other_configuration_is_refused_by_every_call(text in any::<String>(), tail in "[ -~]{1,20}", bytes in any::<Vec<u8>>()) {
        let bet = Bet { spot: 5000, stake_minor: 100 };
        let action = Action { id: 0, arg: 0 };
        for config in [text, format!("{}{tail}", config(100)), format!("{{\"edge_bp\":100,{tail}}}")] {
            prop_assert_eq!(Dice::describe(&config), Err(Fault::BadConfig));
            prop_assert_eq!(Dice::play(&config, &[bet], &mut Recorded::new(&[0])), Err(Fault::BadConfig));
            prop_assert_eq!(Dice::act(&config, &bytes, action, &mut Recorded::new(&[0])), Err(Fault::BadConfig));
        }
    }

    #[test]
    fn a_round_never_goes_on(bytes in any::<Vec<u8>>(), id in any::<u32>(), arg in any::<i64>()) {
        let mut draws = Recorded::new(&[]);
        prop_assert_eq!(Dice::act(&config(100), &bytes, Action { id, arg }, &mut draws), Err(Fault::NotSupported));
        prop_assert!(draws.bounds().is_empty());
    }
}

#[test]
fn a_round_has_exactly_one_bet() {
    let bet = Bet { spot: 5000, stake_minor: 100 };
    for bets in [vec![], vec![bet, bet]] {
        assert_eq!(Dice::play(&config(100), &bets, &mut Recorded::new(&[])), Err(Fault::BadBet));
    }
}

#[test]
fn the_spots_fit_into_what_a_host_copies_from_a_guest() {
    for edge_bp in [0, 1, 100, 1000] {
        let spots = Dice::describe(&config(edge_bp)).unwrap().spots;
        let bytes: usize = spots.iter().map(|spot| 64 + spot.name.len()).sum();
        assert!(bytes < 60 * 1024 && spots.len() <= 784, "{} spots, {bytes} bytes", spots.len());
    }
}

#[test]
fn a_roll_is_shown_with_its_line_and_its_payment() {
    let shown = |spot, roll| {
        let bet = Bet { spot, stake_minor: 1_000_000 };
        let outcome = Dice::play(&config(100), &[bet], &mut Recorded::new(&[roll])).unwrap();
        let [event] = outcome.events.as_slice() else { panic!("one event") };
        format!("{} {}", event.name, event.data)
    };
    assert_eq!(
        shown(5000, 4999),
        r#"roll {"line":5000,"multiplier_e4":19800,"paid_minor":"1980000","roll":4999,"side":"under","won":true}"#
    );
    assert_eq!(
        shown(17_525, 7525),
        r#"roll {"line":7525,"multiplier_e4":40016,"paid_minor":"0","roll":7525,"side":"over","won":false}"#
    );
}
