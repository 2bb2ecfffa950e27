//! What holds for any bets, draws, configuration text and state bytes.

#![cfg(test)]

use game_sdk::{Action, Bet, Draw, Fault, Game, Manifest, Offer, Outcome, Recorded};
use proptest::prelude::*;
use slot_lines::SlotLines;

const CONFIGS: [&str; 3] =
    [include_str!("../configs/94.json"), include_str!("../configs/95.json"), include_str!("../configs/96.json")];
const FREE_SPIN: Action = Action { id: 1, arg: 0 };

/// Unbiased enough for a walk through the states: words from a list, mapped as fair1 maps them, over and over.
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

fn words() -> impl Strategy<Value = Words> {
    prop::collection::vec(any::<u64>(), 1..200).prop_map(|words| Words { words, next: 0, drawn: 0 })
}

/// A configuration and a legal bet.
fn legal() -> impl Strategy<Value = (&'static str, Bet)> {
    (prop::sample::select(CONFIGS.as_slice()), 0_usize..2, 1_u64..=50_000).prop_map(|(config, spot, lines)| {
        let spot = SlotLines::describe(config).unwrap().spots[spot].clone();
        (config, Bet { spot: spot.id, stake_minor: spot.step_minor * lines })
    })
}

/// One deal keeps every bound that the manifest declares.
fn check_deal(manifest: &Manifest, outcome: &Outcome, drawn: u32) {
    assert!(drawn <= manifest.max_draws);
    assert!(outcome.event_bytes() <= usize::try_from(manifest.max_events).unwrap());
    assert!(outcome.state.len() <= usize::try_from(manifest.max_state).unwrap());
    if outcome.finished {
        assert!(outcome.offers.is_empty() && outcome.state.is_empty());
    } else {
        // Nothing else is offered, and it costs nothing: no stake is taken that wasn't put up.
        assert_eq!(outcome.offers, [Offer { action: FREE_SPIN.id, extra_minor: 0 }]);
    }
}

proptest! {
    #[test]
    fn a_round_keeps_every_declared_bound_to_its_end((config, bet) in legal(), mut words in words()) {
        let manifest = SlotLines::describe(config).unwrap();
        let mut outcome = SlotLines::play(config, &[bet], &mut words).unwrap();
        let mut won = u128::from(outcome.win_minor);
        let mut deals = 1;
        check_deal(&manifest, &outcome, words.drawn);
        while !outcome.finished {
            words.drawn = 0;
            outcome = SlotLines::act(config, &outcome.state, FREE_SPIN, &mut words).unwrap();
            won += u128::from(outcome.win_minor);
            deals += 1;
            check_deal(&manifest, &outcome, words.drawn);
        }
        prop_assert!(deals <= manifest.max_deals);
        prop_assert!(won * 1000 <= u128::from(bet.stake_minor) * u128::from(manifest.max_win_milli));
    }

    #[test]
    fn no_action_but_the_offered_one_is_taken((config, bet) in legal(), id in 0_u32..3, arg in prop_oneof![Just(0), any::<i64>()]) {
        prop_assume!(Action { id, arg } != FREE_SPIN);
        let lines = if bet.spot == 0 { bet.stake_minor / 20 } else { bet.stake_minor / 540 };
        let bought = SlotLines::play(config, &[Bet { spot: 1, stake_minor: 540 * lines }], &mut Recorded::new(&[0])).unwrap();
        let mut draws = Recorded::new(&[]);
        prop_assert_eq!(SlotLines::act(config, &bought.state, Action { id, arg }, &mut draws), Err(Fault::BadAction));
        prop_assert!(draws.bounds().is_empty());
    }

    #[test]
    fn a_state_is_taken_only_under_the_variant_that_wrote_it(lines in 1_u64..=50_000, value in 0_u64..100) {
        for config in CONFIGS {
            let bought = SlotLines::play(config, &[Bet { spot: 1, stake_minor: 540 * lines }], &mut Recorded::new(&[value])).unwrap();
            for other in CONFIGS {
                let stops = [0, 0, 0, 0, 0];
                let next = SlotLines::act(other, &bought.state, FREE_SPIN, &mut Recorded::new(&stops));
                prop_assert_eq!(next.is_ok(), config == other);
            }
        }
    }

    #[test]
    fn a_state_survives_byte_for_byte_and_says_what_is_left((config, bet) in legal(), stops in prop::collection::vec(0_u64..27, 5)) {
        let stake_minor = bet.stake_minor / if bet.spot == 0 { 1 } else { 27 };
        let outcome = SlotLines::play(config, &[Bet { spot: 1, stake_minor: stake_minor / 20 * 540 }], &mut Recorded::new(&[0])).unwrap();
        let copy = outcome.state.clone();
        let one = SlotLines::act(config, &outcome.state, FREE_SPIN, &mut Recorded::new(&stops)).unwrap();
        let two = SlotLines::act(config, &copy, FREE_SPIN, &mut Recorded::new(&stops)).unwrap();
        prop_assert_eq!(&one, &two);
        prop_assert_eq!(&one.state[..10], &copy[..10], "format, variant and line stake stay");
        prop_assert_eq!(one.state[10], copy[10] + 1);
        prop_assert!(one.state[11] == copy[11] || one.state[11] == copy[11] + 5);
    }

    #[test]
    fn a_bet_outside_its_spot_is_refused_before_the_draw(config in prop::sample::select(CONFIGS.as_slice()), spot in 0_u32..4, stake_minor in prop_oneof![0_u64..2000, any::<u64>()]) {
        let known = SlotLines::describe(config).unwrap().spots.into_iter().any(|known| known.id == spot && known.accepts(stake_minor));
        prop_assume!(!known);
        let mut draws = Recorded::new(&[]);
        prop_assert_eq!(SlotLines::play(config, &[Bet { spot, stake_minor }], &mut draws), Err(Fault::BadBet));
        prop_assert!(draws.bounds().is_empty());
    }

    #[test]
    fn any_other_configuration_is_refused_by_every_call(config in any::<String>(), bytes in any::<Vec<u8>>()) {
        prop_assume!(!CONFIGS.contains(&config.as_str()));
        let bet = Bet { spot: 0, stake_minor: 20 };
        prop_assert_eq!(SlotLines::describe(&config), Err(Fault::BadConfig));
        prop_assert_eq!(SlotLines::play(&config, &[bet], &mut Recorded::new(&[])), Err(Fault::BadConfig));
        prop_assert_eq!(SlotLines::act(&config, &bytes, FREE_SPIN, &mut Recorded::new(&[])), Err(Fault::BadConfig));
    }

    #[test]
    fn random_bytes_are_no_state(config in prop::sample::select(CONFIGS.as_slice()), bytes in any::<Vec<u8>>(), id in any::<u32>(), arg in any::<i64>()) {
        let next = SlotLines::act(config, &bytes, Action { id, arg }, &mut Recorded::new(&[]));
        prop_assert_eq!(next, Err(Fault::BadState));
    }

    #[test]
    fn any_counts_in_a_state_are_taken_exactly_when_spins_can_lead_there(played in any::<u8>(), total in any::<u8>()) {
        let state = [&[1, 95][..], &7_u64.to_be_bytes(), &[played, total]].concat();
        let taken = SlotLines::act(CONFIGS[1], &state, FREE_SPIN, &mut Recorded::new(&[1, 2, 3, 4, 5])).is_ok();
        prop_assert_eq!(taken, reachable().contains(&(played, total)));
    }
}

/// Every (played, won) with spins left, by walking: each spin may retrigger or not.
fn reachable() -> std::collections::BTreeSet<(u8, u8)> {
    let mut open = vec![(0, 8), (0, 10), (0, 15)];
    let mut seen = std::collections::BTreeSet::new();
    while let Some((played, total)) = open.pop() {
        if played < total && seen.insert((played, total)) {
            open.extend([(played + 1, total), (played + 1, (total + 5).min(30))]);
        }
    }
    seen
}

#[test]
fn small_counts_in_a_state_are_taken_exactly_when_spins_can_lead_there() {
    for (played, total) in (0..32).flat_map(|played| (0..32).map(move |total| (played, total))) {
        let state = [&[1, 95][..], &7_u64.to_be_bytes(), &[played, total]].concat();
        let taken = SlotLines::act(CONFIGS[1], &state, FREE_SPIN, &mut Recorded::new(&[1, 2, 3, 4, 5])).is_ok();
        assert_eq!(taken, reachable().contains(&(played, total)), "{played} of {total}");
    }
}

#[test]
fn a_round_has_exactly_one_bet() {
    let bet = Bet { spot: 0, stake_minor: 20 };
    for bets in [vec![], vec![bet, bet], vec![bet, Bet { spot: 1, stake_minor: 540 }]] {
        let mut draws = Recorded::new(&[]);
        assert_eq!(SlotLines::play(CONFIGS[2], &bets, &mut draws), Err(Fault::BadBet));
        assert!(draws.bounds().is_empty());
    }
}

#[test]
fn wins_are_shown_line_by_line_as_counted_by_hand() {
    // In sight, top to bottom: R M R R P, W K K W M, R R S R L. A line's stake is 3.
    let stops = [5, 18, 14, 20, 0];
    let bet = Bet { spot: 0, stake_minor: 60 };
    let outcome = SlotLines::play(CONFIGS[2], &[bet], &mut Recorded::new(&stops)).unwrap();
    let shown: Vec<String> = outcome.events.iter().map(|event| format!("{} {}", event.name, event.data)).collect();
    assert_eq!(
        shown,
        [
            r#"reels {"reels":["RWR","MKR","RKS","RWR","PML"],"stops":[5,18,14,20,0]}"#,
            r#"line {"count":4,"line":1,"multiplier":3,"paid_minor":"540","symbol":"water lily"}"#,
            r#"line {"count":3,"line":5,"multiplier":2,"paid_minor":"48","symbol":"reed"}"#,
            r#"line {"count":4,"line":7,"multiplier":2,"paid_minor":"150","symbol":"reed"}"#,
            r#"line {"count":3,"line":10,"multiplier":3,"paid_minor":"72","symbol":"reed"}"#,
            r#"line {"count":3,"line":11,"multiplier":3,"paid_minor":"72","symbol":"reed"}"#,
            r#"line {"count":3,"line":14,"multiplier":2,"paid_minor":"48","symbol":"reed"}"#,
            r#"line {"count":4,"line":19,"multiplier":1,"paid_minor":"75","symbol":"reed"}"#,
            r#"line {"count":4,"line":20,"multiplier":2,"paid_minor":"150","symbol":"reed"}"#,
        ]
    );
    assert_eq!((outcome.win_minor, outcome.finished), (1155, true));
}

#[test]
fn a_round_with_lanterns_is_shown_and_goes_on_to_its_last_free_spin() {
    let shown = |outcome: &Outcome| {
        outcome.events.iter().map(|event| format!("{} {}", event.name, event.data)).collect::<Vec<_>>()
    };
    // Lanterns in sight on the first three reels.
    let first = [0, 10, 23, 1, 5];
    let bet = Bet { spot: 0, stake_minor: 200 };
    let mut outcome = SlotLines::play(CONFIGS[2], &[bet], &mut Recorded::new(&first)).unwrap();
    assert_eq!(
        shown(&outcome),
        [
            r#"reels {"reels":["MSL","CRL","SML","PHP","HPD"],"stops":[0,10,23,1,5]}"#,
            r#"scatter {"count":3,"paid_minor":"400"}"#,
            r#"free_spins {"added":8,"left":8,"total":8}"#,
        ]
    );
    for left in (0..8).rev() {
        outcome = SlotLines::act(CONFIGS[2], &outcome.state, FREE_SPIN, &mut Recorded::new(&[0, 0, 0, 0, 0])).unwrap();
        assert_eq!(shown(&outcome).last().unwrap(), &format!("free_spins {{\"added\":0,\"left\":{left},\"total\":8}}"));
    }
    assert!(outcome.finished && outcome.state.is_empty() && outcome.offers.is_empty());
}
