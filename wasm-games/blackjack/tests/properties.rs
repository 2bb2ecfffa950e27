//! What holds for any bets, draws, configuration text, state bytes and decisions.

#![cfg(test)]

use blackjack::Blackjack;
use game_sdk::{Action, Bet, Draw, Fault, Game, Manifest, Offer, Outcome, Recorded};
use proptest::prelude::*;

/// Words from a list, mapped as fair1 maps them, over and over.
#[derive(Debug)]
struct Words {
    words: Vec<u64>,
    next: usize,
    drawn: u32,
}

impl Draw for Words {
    fn below(&mut self, stream: u64, bound: u64) -> u64 {
        assert!(stream == 0 && bound > 0);
        let word = self.words[self.next % self.words.len()];
        self.next += 1;
        self.drawn += 1;
        u64::try_from((u128::from(word) * u128::from(bound)) >> 64).unwrap()
    }
}

/// Words of any size, or low ones: mostly small cards, so that rounds grow long.
fn words() -> impl Strategy<Value = Words> {
    let word = prop_oneof![
        any::<u64>(),
        any::<u64>().prop_map(|word| word >> 4),
        any::<u64>().prop_map(|word| word % (1 << 59))
    ];
    prop::collection::vec(word, 1..120).prop_map(|words| Words { words, next: 0, drawn: 0 })
}

fn config_text(parts: (bool, bool, u8, usize, usize, u8, bool, bool)) -> String {
    let (six_to_five, das, decks, double, peek, hands, hits, aces) = parts;
    let (late, peek) = [(false, true), (true, true), (false, false)][peek];
    format!(
        "{{\"blackjack_pays\":\"{}\",\"das\":{das},\"decks\":{decks},\"double\":\"{}\",\"late_surrender\":{late},\"peek\":{peek},\
         \"resplit_to\":{hands},\"soft17\":\"{}\",\"split_aces_one_card\":{aces}}}",
        if six_to_five { "6:5" } else { "3:2" },
        ["any", "9-11", "10-11"][double],
        if hits { "hit" } else { "stand" },
    )
}

/// Any configuration that the game accepts.
fn config() -> impl Strategy<Value = String> {
    (any::<bool>(), any::<bool>(), 0_u8..=8, 0_usize..3, 0_usize..3, 2_u8..=4, any::<bool>(), any::<bool>())
        .prop_map(config_text)
}

fn stake(manifest: &Manifest, salt: u64) -> u64 {
    let spot = &manifest.spots[0];
    spot.min_minor + salt % ((spot.max_minor - spot.min_minor) / spot.step_minor + 1) * spot.step_minor
}

/// A round, played by `choices`; what every deal must hold is checked on the way.
fn walk(
    config: &str,
    stake_minor: u64,
    words: &mut Words,
    choices: &[u8],
    mut see: impl FnMut(&Outcome),
) -> (u128, u128, u32) {
    let manifest = Blackjack::describe(config).unwrap();
    let mut outcome = Blackjack::play(config, &[Bet { spot: 0, stake_minor }], words).unwrap();
    let (mut staked, mut won, mut deals) = (u128::from(stake_minor), u128::from(outcome.win_minor), 1);
    loop {
        assert!(words.drawn <= manifest.max_draws, "{} draws", words.drawn);
        assert!(
            outcome.event_bytes() <= usize::try_from(manifest.max_events).unwrap(),
            "{} bytes",
            outcome.event_bytes()
        );
        assert!(outcome.state.len() <= usize::try_from(manifest.max_state).unwrap());
        assert!(won * 1000 <= staked * u128::from(manifest.max_win_milli));
        see(&outcome);
        if outcome.finished {
            assert!(outcome.offers.is_empty() && outcome.state.is_empty());
            return (staked, won, deals);
        }
        assert!(!outcome.offers.is_empty());
        let choice = usize::from(choices[usize::try_from(deals).unwrap() % choices.len()]);
        let offer = outcome.offers[choice % outcome.offers.len()];
        words.drawn = 0;
        outcome = Blackjack::act(config, &outcome.state, Action { id: offer.action, arg: 0 }, words).unwrap();
        staked += u128::from(offer.extra_minor);
        won += u128::from(outcome.win_minor);
        deals += 1;
        assert!(deals <= manifest.max_deals);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn a_round_keeps_every_declared_bound_to_its_end(config in config(), salt in any::<u64>(), mut words in words(), choices in prop::collection::vec(any::<u8>(), 1..40)) {
        let manifest = Blackjack::describe(&config).unwrap();
        let stake_minor = stake(&manifest, salt);
        walk(&config, stake_minor, &mut words, &choices, |_outcome| ());
    }

    #[test]
    fn a_round_that_only_hits_or_splits_keeps_them_too(config in config(), mut words in words()) {
        // Of hit, stand, double, split the split is last and the hit is first.
        let mut choices = [0_u8, 3].repeat(20);
        choices.rotate_left(words.words.len() % 2);
        walk(&config, 100, &mut words, &choices, |_outcome| ());
    }

    #[test]
    fn what_is_paid_is_what_the_results_show(config in config(), mut words in words(), choices in prop::collection::vec(any::<u8>(), 1..40)) {
        let mut shown = 0;
        let (_, won, _) = walk(&config, 1000, &mut words, &choices, |outcome| {
            for event in &outcome.events {
                let data: serde_json::Value = serde_json::from_str(&event.data).unwrap();
                shown += data["paid_minor"].as_str().map_or(0, |paid| paid.parse::<u128>().unwrap());
            }
        });
        prop_assert_eq!(won, shown);
    }

    #[test]
    fn no_action_but_the_offered_ones_is_taken_and_each_of_them_is(config in config(), mut words in words(), choices in prop::collection::vec(any::<u8>(), 1..40), id in 0_u32..11, arg in prop_oneof![Just(0), any::<i64>()]) {
        walk(&config, 1000, &mut words, &choices, |outcome| {
            if outcome.finished {
                return;
            }
            let mut draws = Recorded::new(&[]);
            let next = Blackjack::act(&config, &outcome.state, Action { id, arg }, &mut draws);
            let offered = arg == 0 && outcome.offers.iter().any(|offer| offer.action == id);
            assert_eq!(next.is_ok(), offered);
            if !offered {
                assert_eq!(next, Err(Fault::BadAction));
                assert!(draws.bounds().is_empty());
            }
        });
    }

    #[test]
    fn a_state_survives_byte_for_byte_and_only_under_its_table(config in config(), other in config(), mut words in words(), choices in prop::collection::vec(any::<u8>(), 1..40)) {
        walk(&config, 1000, &mut words, &choices, |outcome| {
            if let Some(offer) = outcome.offers.first() {
                let action = Action { id: offer.action, arg: 0 };
                let values = [7; 30];
                let next = |config: &str| Blackjack::act(config, &outcome.state.clone(), action, &mut Recorded::new(&values));
                assert_eq!(next(&config), next(&config));
                if other != config {
                    assert_eq!(next(&other), Err(Fault::BadState));
                }
            }
        });
    }

    #[test]
    fn a_state_with_a_byte_changed_is_refused_before_a_draw_or_plays_within_bounds(config in config(), mut words in words(), choices in prop::collection::vec(any::<u8>(), 1..40), at in any::<prop::sample::Index>(), byte in prop_oneof![any::<u8>(), 0_u8..4], id in 1_u32..9) {
        let manifest = Blackjack::describe(&config).unwrap();
        walk(&config, 1000, &mut words, &choices, |outcome| {
            if outcome.finished {
                return;
            }
            let mut state = outcome.state.clone();
            let at = at.index(state.len());
            state[at] = byte;
            let mut draws = Words { words: vec![0], next: 0, drawn: 0 };
            match Blackjack::act(&config, &state, Action { id, arg: 0 }, &mut draws) {
                Ok(next) => assert!(draws.drawn <= manifest.max_draws && next.state.len() <= usize::try_from(manifest.max_state).unwrap()),
                Err(fault) => {
                    assert!(matches!(fault, Fault::BadState | Fault::BadAction));
                    assert_eq!(draws.drawn, 0);
                }
            }
        });
    }

    #[test]
    fn random_bytes_are_no_state(config in config(), bytes in any::<Vec<u8>>(), id in any::<u32>(), arg in any::<i64>()) {
        let mut draws = Recorded::new(&[]);
        prop_assert_eq!(Blackjack::act(&config, &bytes, Action { id, arg }, &mut draws), Err(Fault::BadState));
        prop_assert!(draws.bounds().is_empty());
    }

    #[test]
    fn a_bet_is_taken_exactly_when_the_spot_declares_it(config in config(), spot in 0_u32..3, stake_minor in prop_oneof![0_u64..40, 9_999_980_u64..10_000_020, any::<u64>()]) {
        let declared = Blackjack::describe(&config).unwrap().spots.into_iter().any(|known| known.id == spot && known.accepts(stake_minor));
        let mut draws = Recorded::new(&[0, 0, 0]);
        let next = Blackjack::play(&config, &[Bet { spot, stake_minor }], &mut draws);
        prop_assert_eq!(next.is_ok(), declared);
        prop_assert!(declared || (next == Err(Fault::BadBet) && draws.bounds().is_empty()));
    }

    #[test]
    fn any_other_configuration_is_refused_by_every_call(config in any::<String>(), good in config(), at in any::<prop::sample::Index>(), bytes in any::<Vec<u8>>()) {
        let mut cut = good.clone();
        cut.remove(at.index(good.len()));
        let late_without_peek = good.replace("\"peek\":true", "\"peek\":false").replace("\"late_surrender\":false", "\"late_surrender\":true");
        let bet = Bet { spot: 0, stake_minor: 20 };
        let more = good.replace('}', ",\"x\":1}");
        for config in [config, cut, late_without_peek, more, good.replace("\"das\":", "\"das\":1")] {
            prop_assert_eq!(Blackjack::describe(&config), Err(Fault::BadConfig));
            prop_assert_eq!(Blackjack::play(&config, &[bet], &mut Recorded::new(&[])), Err(Fault::BadConfig));
            prop_assert_eq!(Blackjack::act(&config, &bytes, Action { id: 1, arg: 0 }, &mut Recorded::new(&[])), Err(Fault::BadConfig));
        }
    }
}

const BASE: &str = include_str!("../configs/infinite.json");
const NO_PEEK: &str = include_str!("../configs/infinite-no-peek.json");
const SURRENDER: &str = include_str!("../configs/infinite-surrender.json");

/// A round by hand: draws and decision of each deal. Gives the events of the last one, and what all of them paid.
fn told(config: &str, first: &[u64], decisions: &[(u32, &[u64])]) -> (u64, Vec<String>, Vec<Offer>) {
    let mut draws = Recorded::new(first);
    let mut outcome = Blackjack::play(config, &[Bet { spot: 0, stake_minor: 100 }], &mut draws).unwrap();
    assert!(draws.fits());
    let mut won = outcome.win_minor;
    for (id, values) in decisions {
        let mut draws = Recorded::new(values);
        outcome = Blackjack::act(config, &outcome.state, Action { id: *id, arg: 0 }, &mut draws).unwrap();
        assert!(draws.fits(), "{id}: {:?}", draws.bounds());
        won += outcome.win_minor;
    }
    let shown = outcome.events.iter().map(|event| format!("{} {}", event.name, event.data)).collect();
    (won, shown, outcome.offers)
}

fn ids(offers: &[Offer]) -> Vec<(u32, u64)> {
    offers.iter().map(|offer| (offer.action, offer.extra_minor)).collect()
}

#[test]
fn a_round_has_exactly_one_bet() {
    let bet = Bet { spot: 0, stake_minor: 20 };
    for bets in [vec![], vec![bet, bet]] {
        assert_eq!(Blackjack::play(BASE, &bets, &mut Recorded::new(&[])), Err(Fault::BadBet));
    }
}

#[test]
fn a_pair_is_split_and_doubled_and_shown_card_by_card() {
    // 8C and 8D against 6C. The first hand gets 3C and is doubled with TC; the second gets TC and stands.
    let opened = told(BASE, &[7, 5, 20], &[]);
    assert_eq!(opened.1, [r#"deal {"dealer":"6C","player":["8C","8D"]}"#]);
    assert_eq!(ids(&opened.2), [(1, 0), (2, 0), (3, 100), (4, 100)]);
    let split = told(BASE, &[7, 5, 20], &[(4, &[2])]);
    assert_eq!(split.1, [r#"split {"hand":0}"#, r#"card {"card":"3C","hand":0,"soft":false,"total":11}"#]);
    assert_eq!(ids(&split.2), [(1, 0), (2, 0), (3, 100)]);
    let doubled = told(BASE, &[7, 5, 20], &[(4, &[2]), (3, &[9, 9])]);
    assert_eq!(
        doubled.1,
        [
            r#"double {"hand":0}"#,
            r#"card {"card":"TC","hand":0,"soft":false,"total":21}"#,
            r#"card {"card":"TC","hand":1,"soft":false,"total":18}"#,
        ]
    );
    let (won, events, _) = told(BASE, &[7, 5, 20], &[(4, &[2]), (3, &[9, 9]), (2, &[12, 1])]);
    assert_eq!(
        events,
        [
            r#"stand {"hand":1}"#,
            r#"hole {"card":"KC"}"#,
            r#"dealer_card {"card":"2C"}"#,
            r#"dealer {"total":18}"#,
            r#"result {"hand":0,"outcome":"win","paid_minor":"400"}"#,
            r#"result {"hand":1,"outcome":"push","paid_minor":"100"}"#,
        ]
    );
    assert_eq!(won, 500);
}

#[test]
fn split_aces_get_one_card_each() {
    let (won, events, _) = told(BASE, &[0, 5, 13], &[(4, &[9, 1, 9, 12])]);
    assert_eq!(
        events[1..],
        [
            r#"card {"card":"TC","hand":0,"soft":true,"total":21}"#,
            r#"card {"card":"2C","hand":1,"soft":true,"total":13}"#,
            r#"hole {"card":"TC"}"#,
            r#"dealer_card {"card":"KC"}"#,
            r#"dealer {"total":26}"#,
            r#"result {"hand":0,"outcome":"win","paid_minor":"200"}"#,
            r#"result {"hand":1,"outcome":"win","paid_minor":"200"}"#,
        ]
    );
    assert_eq!(won, 400);
}

#[test]
fn an_ace_up_asks_for_insurance_before_anything_else() {
    assert_eq!(ids(&told(BASE, &[7, 0, 9], &[]).2), [(6, 50), (7, 0)]);
    let (won, events, _) = told(BASE, &[7, 0, 9], &[(6, &[0])]);
    assert_eq!(
        events,
        [
            r#"insured {"stake_minor":"50"}"#,
            r#"peek {"blackjack":true}"#,
            r#"hole {"card":"TC"}"#,
            r#"insurance {"paid_minor":"150"}"#,
            r#"result {"hand":0,"outcome":"lose","paid_minor":"0"}"#,
        ]
    );
    assert_eq!(won, 150);
    let lost = told(BASE, &[7, 0, 9], &[(6, &[16])]);
    assert_eq!(lost.1[1..], [r#"peek {"blackjack":false}"#, r#"insurance {"paid_minor":"0"}"#]);
    // Without the peek the insurance waits for the hole card, which takes a doubled stake too.
    assert_eq!(told(NO_PEEK, &[4, 0, 5], &[(6, &[]), (3, &[9, 12])]).0, 150);
    assert_eq!(told(NO_PEEK, &[4, 0, 5], &[(6, &[]), (3, &[9, 7])]).0, 400);
    assert_eq!(told(NO_PEEK, &[9, 0, 5], &[(6, &[]), (1, &[9, 12])]).0, 150, "even when the player is bust");
}

#[test]
fn a_blackjack_pays_pushes_or_takes_even_money() {
    assert_eq!(told(BASE, &[0, 4, 12], &[]).0, 250);
    assert_eq!(told(BASE, &[0, 9, 12, 3], &[]).0, 100, "the dealer has one too");
    assert_eq!(told(BASE, &[0, 9, 12, 4], &[]).0, 250);
    assert_eq!(ids(&told(BASE, &[0, 13, 12], &[]).2), [(7, 0), (8, 0)]);
    assert_eq!(told(BASE, &[0, 13, 12], &[(8, &[])]).0, 200);
    assert_eq!(told(BASE, &[0, 13, 12], &[(7, &[15])]).0, 100);
    assert_eq!(told(BASE, &[0, 13, 12], &[(7, &[16])]).0, 250);
    assert_eq!(told(NO_PEEK, &[0, 9, 12, 0], &[]).0, 100);
    assert_eq!(told(NO_PEEK, &[0, 9, 12, 8], &[]).0, 250);
    assert_eq!(told(include_str!("../configs/infinite-six-five.json"), &[0, 4, 12], &[]).0, 220);
}

#[test]
fn half_the_stake_comes_back_for_two_cards_only() {
    let opened = told(SURRENDER, &[9, 9, 5, 51], &[]);
    assert_eq!(ids(&opened.2), [(1, 0), (2, 0), (3, 100), (5, 0)]);
    let (won, events, _) = told(SURRENDER, &[9, 9, 5, 51], &[(5, &[])]);
    assert_eq!((won, events), (50, vec![r#"result {"hand":0,"outcome":"surrender","paid_minor":"50"}"#.to_owned()]));
    assert_eq!(ids(&told(SURRENDER, &[1, 9, 5, 51], &[(1, &[1])]).2), [(1, 0), (2, 0)]);
}

#[test]
fn a_dealer_hits_a_soft_seventeen_where_the_table_says_so() {
    let stands = told(BASE, &[9, 5, 9], &[(2, &[0])]);
    assert_eq!(stands.1[1..3], [r#"hole {"card":"AC"}"#, r#"dealer {"total":17}"#]);
    let hits = told(include_str!("../configs/infinite-hit-soft-17.json"), &[9, 5, 9], &[(2, &[0, 3])]);
    assert_eq!(hits.1[2..4], [r#"dealer_card {"card":"4C"}"#, r#"dealer {"total":21}"#]);
}

#[test]
fn a_pair_is_resplit_up_to_four_hands() {
    let config = include_str!("../configs/infinite-hit-soft-17.json");
    let (_, events, offers) = told(config, &[7, 5, 7], &[(4, &[7]), (4, &[7]), (4, &[7])]);
    assert_eq!(events[0], r#"split {"hand":0}"#);
    assert_eq!(ids(&offers), [(1, 0), (2, 0), (3, 100)], "four hands are all");
}
