//! What holds for any bets, draws, actions, configuration text and state bytes.

#![cfg(test)]

use game_sdk::{Action, Bet, Fault, Game, Manifest, Outcome, Recorded};
use hilo::Hilo;
use proptest::prelude::*;

const CASH_OUT: Action = Action { id: 4, arg: 0 };

fn config(edge_bp: u64) -> String {
    format!("{{\"edge_bp\":{edge_bp}}}")
}

/// Ranks that make a guess true after a card, counted from what a player sees.
fn ranks(guess: u32, card: u64) -> u64 {
    let matches = |next: u64| match guess {
        1 => next > card / 4,
        2 => next < card / 4,
        _ => next == card / 4,
    };
    u64::try_from((0..13).filter(|next| matches(*next)).count()).unwrap()
}

/// The price of a history, ten-thousandths, by the rule; `None` for a guess that can't come true or over the bound.
fn price(edge_bp: u64, history: &[(u32, u64)], next: Option<u32>, first: u64) -> Option<u64> {
    let (mut over, mut under, mut card) = (u128::from(10_000 - edge_bp), 1_u128, first);
    for (guess, shown) in history.iter().copied().chain(next.map(|guess| (guess, 0))) {
        over *= 13;
        under *= u128::from(ranks(guess, card));
        card = shown;
    }
    let price = u64::try_from(over.checked_div(under)?).unwrap();
    (price <= 10_000_000_000).then_some(price)
}

/// A player's wishes and the cards: at each step a guess to prefer, and which true or other card comes.
fn steps() -> impl Strategy<Value = Vec<(u32, u64, bool)>> {
    prop::collection::vec((1_u32..=3, any::<u64>(), prop::bool::weighted(0.95)), 0..20)
}

/// Guesses and the cards that came.
type History = Vec<(u32, u64)>;

struct Round {
    /// Each state with the history that leads to it.
    states: Vec<(Vec<u8>, History)>,
    won: u64,
    deals: u32,
}

fn check_deal(manifest: &Manifest, outcome: &Outcome) {
    assert!(outcome.event_bytes() <= usize::try_from(manifest.max_events).unwrap());
    assert!(outcome.state.len() <= usize::try_from(manifest.max_state).unwrap());
    assert!(outcome.offers.iter().all(|offer| offer.extra_minor == 0));
    if outcome.finished {
        assert!(outcome.offers.is_empty() && outcome.state.is_empty());
    } else {
        assert_eq!(outcome.win_minor, 0);
        assert_eq!(outcome.offers.last().map(|offer| offer.action), Some(CASH_OUT.id));
    }
}

/// Plays the steps as far as they go, then stops.
fn walk(edge_bp: u64, stake_minor: u64, first: u64, steps: &[(u32, u64, bool)]) -> Round {
    let config = config(edge_bp);
    let manifest = Hilo::describe(&config).unwrap();
    let value = [first];
    let mut outcome = Hilo::play(&config, &[Bet { spot: 0, stake_minor }], &mut Recorded::new(&value)).unwrap();
    let mut round = Round { states: Vec::new(), won: 0, deals: 1 };
    let (mut history, mut card) = (Vec::new(), first);
    let mut steps = steps.iter();
    check_deal(&manifest, &outcome);
    while !outcome.finished {
        round.states.push((outcome.state.clone(), history.clone()));
        let offered: Vec<u32> = outcome.offers.iter().map(|offer| offer.action).filter(|id| *id < 4).collect();
        let expected: Vec<u32> = (1..=3)
            .filter(|guess| ranks(*guess, card) > 0 && price(edge_bp, &history, Some(*guess), first).is_some())
            .collect();
        assert_eq!(offered, expected);
        let Some((wish, salt, came_true)) = steps.next() else {
            outcome = Hilo::act(&config, &outcome.state, CASH_OUT, &mut Recorded::new(&[])).unwrap();
            assert_eq!(outcome.win_minor, stake_minor * price(edge_bp, &history, None, first).unwrap() / 10_000);
            round.deals += 1;
            break;
        };
        let guess = if offered.contains(wish) { *wish } else { offered[0] };
        let fits = |next: &u64| match guess {
            1 => next / 4 > card / 4,
            2 => next / 4 < card / 4,
            _ => next / 4 == card / 4,
        };
        let cards: Vec<u64> = (0..52).filter(|next| fits(next) == *came_true).collect();
        let next = cards[usize::try_from(salt % u64::try_from(cards.len()).unwrap()).unwrap()];
        let value = [next];
        let mut draws = Recorded::new(&value);
        outcome = Hilo::act(&config, &outcome.state, Action { id: guess, arg: 0 }, &mut draws).unwrap();
        assert_eq!(draws.bounds(), [(0, 52)]);
        assert!(*came_true || outcome.finished && outcome.win_minor == 0);
        history.push((guess, next));
        card = next;
        round.deals += 1;
        check_deal(&manifest, &outcome);
        if outcome.finished && *came_true {
            assert_eq!(outcome.win_minor, stake_minor * price(edge_bp, &history, None, first).unwrap() / 10_000);
        }
    }
    round.won = outcome.win_minor;
    round
}

proptest! {
    #[test]
    fn a_round_offers_and_pays_by_the_rule_within_every_declared_bound(edge_bp in 0_u64..=500, hundreds in 1_u64..=10_000, first in 0_u64..52, steps in steps()) {
        let manifest = Hilo::describe(&config(edge_bp)).unwrap();
        let round = walk(edge_bp, 100 * hundreds, first, &steps);
        prop_assert!(round.deals <= manifest.max_deals);
        prop_assert!(u128::from(round.won) * 1000 <= u128::from(100 * hundreds) * u128::from(manifest.max_win_milli));
    }

    #[test]
    fn every_offered_action_is_taken_and_no_other(edge_bp in 0_u64..=500, first in 0_u64..52, steps in steps(), id in 0_u32..6, arg in prop_oneof![3 => Just(0), 1 => any::<i64>()]) {
        for (state, history) in walk(edge_bp, 100, first, &steps).states {
            let card = history.last().map_or(first, |(_, card)| *card);
            let guess = (1..=3).contains(&id) && ranks(id, card) > 0 && price(edge_bp, &history, Some(id), first).is_some();
            let legal = arg == 0 && (guess || id == CASH_OUT.id);
            let mut draws = Recorded::new(&[0]);
            let result = Hilo::act(&config(edge_bp), &state, Action { id, arg }, &mut draws);
            prop_assert_eq!(result.is_ok(), legal);
            if !legal {
                prop_assert_eq!(result, Err(Fault::BadAction));
                prop_assert!(draws.bounds().is_empty());
            }
        }
    }

    #[test]
    fn a_state_is_the_history_byte_for_byte(edge_bp in 0_u64..=500, hundreds in 1_u64..=10_000, first in 0_u64..52, steps in steps()) {
        for (state, history) in walk(edge_bp, 100 * hundreds, first, &steps).states {
            let edge = u32::try_from(edge_bp).unwrap().to_be_bytes();
            let mut bytes = [&[1][..], &edge, &(100 * hundreds).to_be_bytes()].concat();
            bytes.push(u8::try_from(first).unwrap());
            bytes.push(u8::try_from(history.len()).unwrap());
            bytes.extend(history.iter().flat_map(|(guess, card)| [u8::try_from(*guess).unwrap(), u8::try_from(*card).unwrap()]));
            prop_assert_eq!(state, bytes);
        }
    }

    #[test]
    fn a_state_with_a_changed_byte_is_refused_or_is_another_true_history(edge_bp in 0_u64..=500, first in 0_u64..52, steps in steps(), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let (state, _) = walk(edge_bp, 100, first, &steps).states.pop().unwrap();
        let mut changed = state.clone();
        let at = at.index(state.len());
        changed[at] = byte;
        let mut draws = Recorded::new(&[]);
        match Hilo::act(&config(edge_bp), &changed, CASH_OUT, &mut draws) {
            Ok(_) => {
                // Taken: a stake, or cards of which every guess is true.
                let cards = |bytes: &[u8]| (u64::from(bytes[13]), bytes[15..].chunks(2).map(|pair| (u32::from(pair[0]), u64::from(pair[1]))).collect::<Vec<_>>());
                let (mut card, history) = cards(&changed);
                prop_assert_eq!(history.len(), usize::from(changed[14]));
                for (guess, next) in history {
                    let holds = match guess { 1 => next / 4 > card / 4, 2 => next / 4 < card / 4, _ => next / 4 == card / 4 };
                    prop_assert!(holds && next < 52);
                    card = next;
                }
                prop_assert!(at >= 5 || byte == state[at], "neither format nor edge");
            }
            Err(fault) => prop_assert_eq!(fault, Fault::BadState),
        }
        prop_assert!(draws.bounds().is_empty());
    }

    #[test]
    fn random_bytes_are_no_state(edge_bp in 0_u64..=500, bytes in prop::collection::vec(any::<u8>(), 0..60), id in 0_u32..6, arg in any::<i64>()) {
        let mut draws = Recorded::new(&[]);
        prop_assert_eq!(Hilo::act(&config(edge_bp), &bytes, Action { id, arg }, &mut draws), Err(Fault::BadState));
        prop_assert!(draws.bounds().is_empty());
    }

    #[test]
    fn a_bet_that_no_spot_accepts_is_refused_before_the_draw(edge_bp in 0_u64..=500, spot in prop_oneof![Just(0_u32), any::<u32>()], stake_minor in prop_oneof![Just(100), 0_u64..2000, any::<u64>()]) {
        let config = config(edge_bp);
        let known = Hilo::describe(&config).unwrap().spots.into_iter().any(|known| known.id == spot && known.accepts(stake_minor));
        let mut draws = Recorded::new(&[]);
        let result = Hilo::play(&config, &[Bet { spot, stake_minor }], &mut draws);
        prop_assert_eq!(result.is_ok(), known);
        if !known {
            prop_assert_eq!(result, Err(Fault::BadBet));
            prop_assert!(draws.bounds().is_empty());
        }
    }

    #[test]
    fn an_edge_beyond_the_bound_is_refused(edge_bp in 501_u64..) {
        prop_assert_eq!(Hilo::describe(&config(edge_bp)), Err(Fault::BadConfig));
    }

    #[test]
    fn any_other_configuration_is_refused_by_every_call(text in any::<String>(), tail in "[ -~]{1,20}", bytes in any::<Vec<u8>>()) {
        let bet = Bet { spot: 0, stake_minor: 100 };
        for config in [text, format!("{}{tail}", config(100)), format!("{{\"edge_bp\":100,{tail}}}")] {
            prop_assert_eq!(Hilo::describe(&config), Err(Fault::BadConfig));
            prop_assert_eq!(Hilo::play(&config, &[bet], &mut Recorded::new(&[0])), Err(Fault::BadConfig));
            prop_assert_eq!(Hilo::act(&config, &bytes, CASH_OUT, &mut Recorded::new(&[0])), Err(Fault::BadConfig));
        }
    }
}

fn shown(outcome: &Outcome) -> Vec<String> {
    outcome.events.iter().map(|event| format!("{} {}", event.name, event.data)).collect()
}

#[test]
fn a_state_of_another_edge_is_refused() {
    let bet = Bet { spot: 0, stake_minor: 100 };
    let opened = Hilo::play(&config(100), &[bet], &mut Recorded::new(&[7])).unwrap();
    let next = Hilo::act(&config(101), &opened.state, CASH_OUT, &mut Recorded::new(&[]));
    assert_eq!(next, Err(Fault::BadState));
}

#[test]
fn a_round_has_exactly_one_bet() {
    let bet = Bet { spot: 0, stake_minor: 100 };
    for bets in [vec![], vec![bet, bet]] {
        assert_eq!(Hilo::play(&config(100), &bets, &mut Recorded::new(&[])), Err(Fault::BadBet));
    }
}

#[test]
fn sixteen_true_guesses_end_a_round_of_themselves() {
    // Aces and kings by turns: twelve of thirteen ranks each time.
    let steps: Vec<(u32, u64, bool)> =
        (0..16).map(|step| (1 + step % 2, if step % 2 == 0 { u64::MAX } else { 0 }, true)).collect();
    let round = walk(100, 10_000, 0, &steps);
    assert!(round.won > 0 && round.states.len() <= 16 && round.deals == 17);
}

#[test]
fn cards_guesses_and_prices_are_shown() {
    let config = config(100);
    let bet = Bet { spot: 0, stake_minor: 1000 };
    // The seven of spades.
    let first = Hilo::play(&config, &[bet], &mut Recorded::new(&[27])).unwrap();
    assert_eq!(
        shown(&first),
        [
            r#"card {"card":27}"#,
            r#"prices {"guesses":0,"higher_e4":21450,"lower_e4":21450,"now_e4":9900,"same_e4":128700}"#,
        ]
    );
    let king = Hilo::act(&config, &first.state, Action { id: 1, arg: 0 }, &mut Recorded::new(&[48])).unwrap();
    assert_eq!(
        shown(&king),
        [
            r#"guess {"card":48,"guess":"higher","won":true}"#,
            r#"prices {"guesses":1,"higher_e4":0,"lower_e4":23237,"now_e4":21450,"same_e4":278850}"#,
        ]
    );
    let paid = Hilo::act(&config, &king.state, CASH_OUT, &mut Recorded::new(&[])).unwrap();
    assert_eq!(shown(&paid), [r#"end {"paid_minor":"2145","price_e4":21450}"#]);
    let lost = Hilo::act(&config, &king.state, Action { id: 2, arg: 0 }, &mut Recorded::new(&[51])).unwrap();
    assert_eq!(
        shown(&lost),
        [r#"guess {"card":51,"guess":"lower","won":false}"#, r#"end {"paid_minor":"0","price_e4":0}"#]
    );
    assert!(lost.finished && lost.win_minor == 0);
}
