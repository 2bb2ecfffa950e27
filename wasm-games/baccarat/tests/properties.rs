//! What holds for any bets, draws, configuration text and state bytes.

#![cfg(test)]

use baccarat::Baccarat;
use game_sdk::{Action, Bet, Draw, Fault, Game, Recorded};
use proptest::prelude::*;
use proptest::sample::subsequence;

/// Every configuration that the game accepts.
fn configs() -> Vec<String> {
    let mut all = Vec::new();
    for banker in ["\"banker_six_half\":true", "\"commission_bp\":500"] {
        for (decks, tie) in (1..=8).flat_map(|decks| [(decks, 8), (decks, 9)]) {
            all.push(format!("{{{banker},\"decks\":{decks},\"tie_pays\":{tie}}}"));
        }
    }
    all
}

/// Words from a list, mapped as fair1 maps them, over and over; the bounds are kept.
#[derive(Debug)]
struct Words {
    words: Vec<u64>,
    bounds: Vec<u64>,
}

impl Draw for Words {
    fn below(&mut self, stream: u64, bound: u64) -> u64 {
        assert_eq!(stream, 0);
        let word = self.words[self.bounds.len() % self.words.len()];
        self.bounds.push(bound);
        u64::try_from((u128::from(word) * u128::from(bound)) >> 64).unwrap()
    }
}

fn words() -> impl Strategy<Value = Words> {
    prop::collection::vec(any::<u64>(), 6).prop_map(|words| Words { words, bounds: Vec::new() })
}

/// A table and legal bets on it.
fn legal() -> impl Strategy<Value = (String, Vec<Bet>)> {
    (prop::sample::select(configs()), subsequence(vec![0_u32, 1, 2, 3, 4], 1..=5).prop_shuffle(), any::<u64>())
        .prop_map(|(config, spots, salt)| {
            let manifest = Baccarat::describe(&config).unwrap();
            let bets = manifest.spots.iter().filter(|spot| spots.contains(&spot.id)).map(|spot| {
                let steps = (spot.max_minor - spot.min_minor) / spot.step_minor + 1;
                let nth = salt.wrapping_mul(u64::from(spot.id) * 2 + 1) % steps;
                Bet { spot: spot.id, stake_minor: spot.min_minor + nth * spot.step_minor }
            });
            (config.clone(), bets.collect())
        })
}

fn shown(config: &str, bets: &[Bet], cards: &[u64]) -> (u64, Vec<String>) {
    let mut draws = Recorded::new(cards);
    let outcome = Baccarat::play(config, bets, &mut draws).unwrap();
    assert!(draws.fits());
    (outcome.win_minor, outcome.events.iter().map(|event| format!("{} {}", event.name, event.data)).collect())
}

proptest! {
    #[test]
    fn legal_bets_are_taken_and_stay_within_every_declared_bound((config, bets) in legal(), mut words in words()) {
        let manifest = Baccarat::describe(&config).unwrap();
        let outcome = Baccarat::play(&config, &bets, &mut words).unwrap();
        prop_assert!((4..=6).contains(&words.bounds.len()) && manifest.max_draws == 6);
        let first = words.bounds[0];
        prop_assert!(words.bounds.iter().zip(0..).all(|(bound, nth)| *bound == first - nth), "one card less each time");
        let most: u128 = bets.iter().map(|bet| {
            let spot = manifest.spots.iter().find(|spot| spot.id == bet.spot).unwrap();
            assert!(spot.accepts(bet.stake_minor) && spot.pays_milli <= manifest.max_win_milli);
            u128::from(bet.stake_minor) * u128::from(spot.pays_milli)
        }).sum();
        prop_assert!(u128::from(outcome.win_minor) * 1000 <= most);
        prop_assert!(outcome.event_bytes() <= usize::try_from(manifest.max_events).unwrap());
        prop_assert!(outcome.finished && outcome.state.is_empty() && outcome.offers.is_empty());
    }

    #[test]
    fn all_bets_at_once_pay_the_sum_of_each_alone((config, bets) in legal(), words in words()) {
        let win = |bets: &[Bet]| {
            let mut words = Words { words: words.words.clone(), bounds: Vec::new() };
            Baccarat::play(&config, bets, &mut words).unwrap().win_minor
        };
        prop_assert_eq!(win(&bets), bets.iter().map(|bet| win(&[*bet])).sum::<u64>());
    }

    #[test]
    fn one_bad_bet_among_good_ones_is_refused_before_the_draw((config, mut bets) in legal(), at in any::<prop::sample::Index>(), how in 0..6) {
        let at = at.index(bets.len());
        let manifest = Baccarat::describe(&config).unwrap();
        let spot = manifest.spots.iter().find(|spot| spot.id == bets[at].spot).unwrap();
        match how {
            0 => bets[at].stake_minor = spot.max_minor + spot.step_minor,
            1 => bets[at].stake_minor = spot.min_minor - 1,
            2 => bets[at].stake_minor = u64::MAX,
            3 => bets[at].spot = 5,
            4 => bets[at].spot = u32::MAX,
            _ => bets.push(bets[at]),
        }
        let mut draws = Recorded::new(&[]);
        prop_assert_eq!(Baccarat::play(&config, &bets, &mut draws), Err(Fault::BadBet));
        prop_assert!(draws.bounds().is_empty());
    }

    #[test]
    fn a_stake_is_taken_exactly_when_its_spot_declares_it(config in prop::sample::select(configs()), spot in 0_u32..7, stake_minor in prop_oneof![0_u64..100, any::<u64>()]) {
        let declared = Baccarat::describe(&config).unwrap().spots.into_iter().any(|known| known.id == spot && known.accepts(stake_minor));
        let taken = Baccarat::play(&config, &[Bet { spot, stake_minor }], &mut Recorded::new(&[0, 0, 0, 0, 0, 0]));
        prop_assert_eq!(taken.is_ok(), declared);
    }

    #[test]
    fn no_values_whatever_make_the_rules_panic(config in prop::sample::select(configs()), values in prop::collection::vec(any::<u64>(), 0..8)) {
        let outcome = Baccarat::play(&config, &[Bet { spot: 0, stake_minor: 20 }], &mut Recorded::new(&values));
        prop_assert!(outcome.is_ok());
    }

    #[test]
    fn any_other_configuration_is_refused_by_every_call(config in prop_oneof![any::<String>(), "\\{\"(commission_bp|banker_six_half)\":(500|400|true|false),\"decks\":[0-9],\"tie_pays\":[7-9](,\"x\":1)?\\}"], bytes in any::<Vec<u8>>()) {
        prop_assume!(!configs().contains(&config));
        let bet = Bet { spot: 0, stake_minor: 20 };
        let action = Action { id: 0, arg: 0 };
        prop_assert_eq!(Baccarat::describe(&config), Err(Fault::BadConfig));
        prop_assert_eq!(Baccarat::play(&config, &[bet], &mut Recorded::new(&[0])), Err(Fault::BadConfig));
        prop_assert_eq!(Baccarat::act(&config, &bytes, action, &mut Recorded::new(&[0])), Err(Fault::BadConfig));
    }

    #[test]
    fn a_round_never_goes_on(config in prop::sample::select(configs()), bytes in any::<Vec<u8>>(), id in any::<u32>(), arg in any::<i64>()) {
        let mut draws = Recorded::new(&[]);
        prop_assert_eq!(Baccarat::act(&config, &bytes, Action { id, arg }, &mut draws), Err(Fault::NotSupported));
        prop_assert!(draws.bounds().is_empty());
    }
}

#[test]
fn no_bets_are_no_round() {
    for config in configs() {
        assert_eq!(Baccarat::play(&config, &[], &mut Recorded::new(&[])), Err(Fault::BadBet));
    }
}

#[test]
fn a_coup_is_shown_card_by_card() {
    // One deck; a draw is a place among the cards left. Player 2C 3C, Banker 4C 2D: five and six; Player draws 6C.
    let config = r#"{"banker_six_half":true,"decks":1,"tie_pays":8}"#;
    let bet = |spot| Bet { spot, stake_minor: 100 };
    let (won, events) = shown(config, &[bet(1), bet(0), bet(2)], &[1, 2, 1, 11, 2, 2]);
    assert_eq!(
        events,
        [
            r#"deal {"banker":["4C","2D"],"player":["2C","3C"]}"#,
            r#"third {"card":"6C","side":"player"}"#,
            r#"third {"card":"7C","side":"banker"}"#,
            r#"result {"banker":3,"player":1,"winner":"banker"}"#,
            r#"win {"paid_minor":"200","spot":1}"#,
        ]
    );
    assert_eq!(won, 200);
}

#[test]
fn a_winning_six_pays_half_and_a_commission_is_a_twentieth() {
    // Player KC QC, Banker 4C 2C: nought and six; Player draws AC, Banker stands.
    let cards = [12, 3, 10, 1, 0];
    let half =
        shown(r#"{"banker_six_half":true,"decks":1,"tie_pays":8}"#, &[Bet { spot: 1, stake_minor: 100 }], &cards);
    assert_eq!((half.0, half.1[2].as_str()), (150, r#"result {"banker":6,"player":1,"winner":"banker"}"#));
    let fee = shown(r#"{"commission_bp":500,"decks":1,"tie_pays":8}"#, &[Bet { spot: 1, stake_minor: 100 }], &cards);
    assert_eq!(fee.0, 195);
}

#[test]
fn a_tie_returns_both_sides_and_pays_its_own() {
    // Player KC 9C, Banker QC 9D: a natural each.
    let cards = [12, 11, 8, 18];
    let bet = |spot| Bet { spot, stake_minor: 100 };
    let (won, events) = shown(r#"{"commission_bp":500,"decks":1,"tie_pays":9}"#, &[0, 1, 2, 3, 4].map(bet), &cards);
    assert_eq!(won, 1200);
    assert_eq!(
        events[1..],
        [
            r#"result {"banker":9,"player":9,"winner":"tie"}"#,
            r#"push {"paid_minor":"100","spot":0}"#,
            r#"push {"paid_minor":"100","spot":1}"#,
            r#"win {"paid_minor":"1000","spot":2}"#,
        ]
    );
}
