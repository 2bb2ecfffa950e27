//! What holds for any bets, draws, actions, configuration text and state bytes.

#![cfg(test)]

use game_sdk::{Action, Bet, Draw, Fault, Game, Manifest, Offer, Outcome, Recorded};
use mines::Mines;
use proptest::prelude::*;

const PICK: u32 = 1;
const CASH_OUT: Action = Action { id: 2, arg: 0 };

fn config(edge_bp: u64, mines: u64) -> String {
    format!("{{\"edge_bp\":{edge_bp},\"mines\":{mines}}}")
}

fn configs() -> impl Strategy<Value = String> {
    (0_u64..=400, 1_u64..=24).prop_map(|(edge_bp, mines)| config(edge_bp, mines))
}

/// Values from a list, mapped as fair1 maps words, over and over.
#[derive(Debug)]
struct Words {
    words: Vec<u64>,
    next: usize,
    drawn: u32,
}

impl Draw for Words {
    fn below(&mut self, _stream: u64, bound: u64) -> u64 {
        let word = self.words[self.next % self.words.len()];
        self.next += 1;
        self.drawn += 1;
        u64::try_from((u128::from(word) * u128::from(bound)) >> 64).unwrap()
    }
}

/// Mostly large words, so that picks are often safe.
fn words() -> impl Strategy<Value = Words> {
    let word = prop_oneof![1 => any::<u64>(), 3 => (u64::MAX - (u64::MAX >> 6))..];
    prop::collection::vec(word, 1..60).prop_map(|words| Words { words, next: 0, drawn: 0 })
}

/// One deal keeps every bound that the manifest declares.
fn check_deal(manifest: &Manifest, outcome: &Outcome, drawn: u32) {
    assert!(drawn <= manifest.max_draws);
    assert!(outcome.event_bytes() <= usize::try_from(manifest.max_events).unwrap());
    assert!(outcome.state.len() <= usize::try_from(manifest.max_state).unwrap());
    if outcome.finished {
        assert!(outcome.offers.is_empty() && outcome.state.is_empty());
    } else {
        let offer = |action| Offer { action, extra_minor: 0 };
        assert_eq!(outcome.offers, [offer(PICK), offer(CASH_OUT.id)]);
        assert_eq!(outcome.win_minor, 0);
    }
}

/// A round that opens cells in the order of `cells` and stops after `stop` of them: all states, and what was won.
fn walk(config: &str, stake_minor: u64, cells: &[u32], stop: usize, words: &mut Words) -> (Vec<Vec<u8>>, u64, u32) {
    let manifest = Mines::describe(config).unwrap();
    let (mut states, mut deals) = (Vec::new(), 1);
    let mut outcome = Mines::play(config, &[Bet { spot: cells[0], stake_minor }], words).unwrap();
    check_deal(&manifest, &outcome, words.drawn);
    let mut rest = cells.iter().skip(1).take(stop);
    while !outcome.finished {
        states.push(outcome.state.clone());
        words.drawn = 0;
        let action = rest.next().map_or(CASH_OUT, |cell| Action { id: PICK, arg: i64::from(*cell) });
        outcome = Mines::act(config, &outcome.state, action, words).unwrap();
        deals += 1;
        check_deal(&manifest, &outcome, words.drawn);
    }
    (states, outcome.win_minor, deals)
}

fn orders() -> impl Strategy<Value = Vec<u32>> {
    Just((0..25).collect::<Vec<u32>>()).prop_shuffle()
}

proptest! {
    #[test]
    fn a_round_keeps_every_declared_bound_to_its_end(config in configs(), hundreds in 1_u64..=10_000, cells in orders(), stop in 0_usize..25, mut words in words()) {
        let manifest = Mines::describe(&config).unwrap();
        let (_, won, deals) = walk(&config, 100 * hundreds, &cells, stop, &mut words);
        prop_assert!(deals <= manifest.max_deals);
        prop_assert!(u128::from(won) * 1000 <= u128::from(100 * hundreds) * u128::from(manifest.max_win_milli));
    }

    #[test]
    fn every_offered_action_is_taken_and_no_other(config in configs(), cells in orders(), mut words in words(), id in 0_u32..4, arg in prop_oneof![-2_i64..28, any::<i64>()]) {
        let (states, _, _) = walk(&config, 100, &cells, 25, &mut words);
        for (index, state) in states.iter().enumerate() {
            let open = &cells[..=index];
            let closed = (0..25).contains(&arg) && !open.iter().any(|cell| i64::from(*cell) == arg);
            let legal = (id == PICK && closed) || Action { id, arg } == CASH_OUT;
            let mut draws = Recorded::new(&[]);
            let result = Mines::act(&config, state, Action { id, arg }, &mut draws);
            prop_assert_eq!(result.is_ok(), legal);
            if !legal {
                prop_assert_eq!(result, Err(Fault::BadAction));
                prop_assert!(draws.bounds().is_empty());
            }
        }
    }

    #[test]
    fn a_state_is_the_stake_and_the_open_cells_byte_for_byte(edge_bp in 0_u32..=400, mines in 1_u32..=24, hundreds in 1_u64..=10_000, cells in orders(), mut words in words()) {
        let config = config(u64::from(edge_bp), u64::from(mines));
        let (states, _, _) = walk(&config, 100 * hundreds, &cells, 25, &mut words);
        let mut open = 0_u32;
        for (state, cell) in states.iter().zip(&cells) {
            open |= 1 << cell;
            let head = [&[1][..], &edge_bp.to_be_bytes(), &mines.to_be_bytes()].concat();
            prop_assert_eq!(state, &[&head[..], &(100 * hundreds).to_be_bytes(), &open.to_be_bytes()].concat());
        }
    }

    #[test]
    fn a_state_is_taken_exactly_when_picks_can_lead_there(mines in 1_u32..=24, stake_minor in prop_oneof![Just(100_u64), 0_u64..1000, any::<u64>()], open in prop_oneof![any::<u32>(), 0_u32..1 << 25, (0_u32..25).prop_map(|cell| 1 << cell)]) {
        let config = config(100, u64::from(mines));
        let state = [&[1][..], &100_u32.to_be_bytes(), &mines.to_be_bytes(), &stake_minor.to_be_bytes(), &open.to_be_bytes()].concat();
        let manifest = Mines::describe(&config).unwrap();
        let reachable = manifest.spots[0].accepts(stake_minor) && open < 1 << 25 && open != 0 && open.count_ones() < manifest.max_deals;
        let mut draws = Recorded::new(&[]);
        let result = Mines::act(&config, &state, CASH_OUT, &mut draws);
        prop_assert_eq!(result.is_ok(), reachable);
        if !reachable {
            prop_assert_eq!(result, Err(Fault::BadState));
            prop_assert!(draws.bounds().is_empty());
        }
    }

    #[test]
    fn a_state_is_taken_only_under_the_configuration_that_wrote_it(first in configs(), second in configs(), cell in 0_u32..25) {
        let opened = Mines::play(&first, &[Bet { spot: cell, stake_minor: 100 }], &mut Recorded::new(&[24])).unwrap();
        if !opened.finished {
            let next = Mines::act(&second, &opened.state, CASH_OUT, &mut Recorded::new(&[]));
            prop_assert_eq!(next.is_ok(), first == second);
        }
    }

    #[test]
    fn random_bytes_are_no_state(config in configs(), bytes in prop::collection::vec(any::<u8>(), 0..40), id in 0_u32..4, arg in any::<i64>()) {
        let mut draws = Recorded::new(&[]);
        prop_assert_eq!(Mines::act(&config, &bytes, Action { id, arg }, &mut draws), Err(Fault::BadState));
        prop_assert!(draws.bounds().is_empty());
    }

    #[test]
    fn a_bet_that_no_spot_accepts_is_refused_before_the_draw(config in configs(), spot in prop_oneof![0_u32..30, any::<u32>()], stake_minor in prop_oneof![Just(100), 0_u64..2000, any::<u64>()]) {
        let known = Mines::describe(&config).unwrap().spots.into_iter().any(|known| known.id == spot && known.accepts(stake_minor));
        let mut draws = Recorded::new(&[]);
        let result = Mines::play(&config, &[Bet { spot, stake_minor }], &mut draws);
        prop_assert_eq!(result.is_ok(), known);
        if !known {
            prop_assert_eq!(result, Err(Fault::BadBet));
            prop_assert!(draws.bounds().is_empty());
        }
    }

    #[test]
    fn a_configuration_is_two_bounded_numbers(edge_bp in prop_oneof![0_u64..500, any::<u64>()], mines in prop_oneof![0_u64..30, any::<u64>()]) {
        let taken = Mines::describe(&config(edge_bp, mines)).is_ok();
        prop_assert_eq!(taken, edge_bp <= 400 && (1..=24).contains(&mines));
    }

    #[test]
    fn any_other_configuration_is_refused_by_every_call(text in any::<String>(), tail in "[ -~]{1,20}", bytes in any::<Vec<u8>>()) {
        let bet = Bet { spot: 0, stake_minor: 100 };
        for config in [text, format!("{}{tail}", config(100, 3)), format!("{{\"edge_bp\":100,\"mines\":3,{tail}}}")] {
            prop_assert_eq!(Mines::describe(&config), Err(Fault::BadConfig));
            prop_assert_eq!(Mines::play(&config, &[bet], &mut Recorded::new(&[0])), Err(Fault::BadConfig));
            prop_assert_eq!(Mines::act(&config, &bytes, CASH_OUT, &mut Recorded::new(&[0])), Err(Fault::BadConfig));
        }
    }
}

fn shown(outcome: &Outcome) -> Vec<String> {
    outcome.events.iter().map(|event| format!("{} {}", event.name, event.data)).collect()
}

#[test]
fn a_round_has_exactly_one_bet() {
    let bet = Bet { spot: 0, stake_minor: 100 };
    for bets in [vec![], vec![bet, bet], vec![bet, Bet { spot: 1, stake_minor: 100 }]] {
        assert_eq!(Mines::play(&config(100, 3), &bets, &mut Recorded::new(&[])), Err(Fault::BadBet));
    }
}

#[test]
fn picks_and_the_end_are_shown_with_prices() {
    let config = config(100, 3);
    let bet = Bet { spot: 12, stake_minor: 1000 };
    let first = Mines::play(&config, &[bet], &mut Recorded::new(&[3])).unwrap();
    assert_eq!(shown(&first), [r#"pick {"cell":12,"mined":false,"next_e4":12857,"picks":1,"price_e4":11250}"#]);

    // The other cells in order: 0 to 20 are safe, but 2; then 21 is safe, 22 and 23 are mined.
    let rest: Vec<u64> = (0..24).map(|at| if at == 2 { 0 } else { 23 - at }).collect();
    let paid = Mines::act(&config, &first.state, CASH_OUT, &mut Recorded::new(&rest)).unwrap();
    assert_eq!((paid.win_minor, paid.finished), (1125, true));
    assert_eq!(shown(&paid), [r#"end {"mines":[2,23,24],"paid_minor":"1125"}"#]);

    let values: Vec<u64> = [0, 0, 0].into_iter().chain((0..21).rev()).collect();
    let mined = Mines::act(&config, &first.state, Action { id: PICK, arg: 24 }, &mut Recorded::new(&values)).unwrap();
    assert_eq!((mined.win_minor, mined.finished), (0, true));
    assert_eq!(
        shown(&mined),
        [
            r#"pick {"cell":24,"mined":true,"next_e4":0,"picks":1,"price_e4":0}"#,
            r#"end {"mines":[0,1,24],"paid_minor":"0"}"#,
        ]
    );
}

#[test]
fn the_last_safe_cell_and_the_highest_price_end_a_round_of_themselves() {
    let all_safe = |mines| {
        let config = config(100, mines);
        let mut words = Words { words: vec![u64::MAX], next: 0, drawn: 0 };
        let (states, won, _) = walk(&config, 10_000, &(0..25).collect::<Vec<_>>(), 25, &mut words);
        (states.len() + 1, won)
    };
    assert_eq!(all_safe(24), (1, 247_500));
    assert_eq!(all_safe(1), (24, 247_500));
    // Eleven picks among thirteen mines: 0.99 * 4,457,400 / 12 stakes. Twelve would pay over five million.
    assert_eq!(all_safe(13), (11, 3_677_355_000));
}
