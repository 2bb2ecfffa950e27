//! What holds for any bets, draws, configuration text, state bytes and actions.

#![cfg(test)]

use game_sdk::{Action, Bet, Draw, Fault, Game, Offer, Outcome, Recorded};
use proptest::prelude::*;
use video_poker::VideoPoker;

/// Every configuration that the game accepts.
fn configs() -> Vec<String> {
    let mut all = Vec::new();
    for paytable in ["9/6", "9/5", "8/6", "8/5", "7/5", "6/5"] {
        all.push(format!("{{\"paytable\":\"{paytable}\"}}"));
        for royal in [250, 800, 940, 1000] {
            if (paytable, royal) != ("9/6", 1000) {
                all.push(format!("{{\"paytable\":\"{paytable}\",\"royal\":{royal}}}"));
            }
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
    prop::collection::vec(any::<u64>(), 10).prop_map(|words| Words { words, bounds: Vec::new() })
}

fn config() -> impl Strategy<Value = String> {
    prop::sample::select(configs())
}

fn open(config: &str, stake_minor: u64, draw: &mut impl Draw) -> Outcome {
    VideoPoker::play(config, &[Bet { spot: 0, stake_minor }], draw).unwrap()
}

fn shown(outcome: &Outcome) -> Vec<String> {
    outcome.events.iter().map(|event| format!("{} {}", event.name, event.data)).collect()
}

proptest! {
    #[test]
    fn a_round_keeps_every_declared_bound(config in config(), stake in 1_u64..=1_000_000, mut words in words(), holds in 0_i64..=31) {
        let manifest = VideoPoker::describe(&config).unwrap();
        let dealt = open(&config, stake, &mut words);
        prop_assert_eq!(&words.bounds, &[52, 51, 50, 49, 48]);
        prop_assert_eq!((dealt.win_minor, dealt.finished), (0, false));
        prop_assert_eq!(&dealt.offers, &[Offer { action: 1, extra_minor: 0 }]);
        prop_assert_eq!(dealt.state.len(), usize::try_from(manifest.max_state).unwrap());
        words.bounds.clear();
        let ended = VideoPoker::act(&config, &dealt.state, Action { id: 1, arg: holds }, &mut words).unwrap();
        let drawn = 5 - holds.count_ones();
        prop_assert!(drawn <= manifest.max_draws);
        prop_assert_eq!(&words.bounds, &(0..u64::from(drawn)).map(|nth| 47 - nth).collect::<Vec<_>>());
        prop_assert!(ended.finished && ended.state.is_empty() && ended.offers.is_empty());
        prop_assert!(u128::from(ended.win_minor) * 1000 <= u128::from(stake) * u128::from(manifest.max_win_milli));
        for outcome in [dealt, ended] {
            prop_assert!(outcome.event_bytes() <= usize::try_from(manifest.max_events).unwrap());
        }
    }

    #[test]
    fn held_cards_stay_and_no_card_comes_twice(config in config(), mut words in words(), holds in 0_i64..=31) {
        let dealt = open(&config, 1, &mut words);
        let cards = |outcome: &Outcome| {
            let data: serde_json::Value = serde_json::from_str(&outcome.events[0].data).unwrap();
            data["cards"].as_array().unwrap().iter().map(|card| card.as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        let ended = VideoPoker::act(&config, &dealt.state, Action { id: 1, arg: holds }, &mut words).unwrap();
        let (before, after) = (cards(&dealt), cards(&ended));
        for at in 0..5 {
            prop_assert_eq!(before[at] == after[at], holds >> at & 1 == 1);
        }
        let drawn = after.iter().enumerate().filter(|(at, _)| holds >> at & 1 == 0).map(|(_, card)| card);
        let all: std::collections::BTreeSet<&String> = before.iter().chain(drawn).collect();
        prop_assert_eq!(all.len(), 10 - usize::try_from(holds.count_ones()).unwrap());
    }

    #[test]
    fn no_action_but_the_offered_one_is_taken(config in config(), mut words in words(), id in 0_u32..4, arg in prop_oneof![-2_i64..34, any::<i64>()]) {
        let dealt = open(&config, 7, &mut words);
        let offered = id == 1 && (0..=31).contains(&arg);
        let mut draws = Recorded::new(&[]);
        let next = VideoPoker::act(&config, &dealt.state, Action { id, arg }, &mut draws);
        prop_assert_eq!(next.is_ok(), offered);
        if !offered {
            prop_assert_eq!(next, Err(Fault::BadAction));
            prop_assert!(draws.bounds().is_empty());
        }
    }

    #[test]
    fn a_state_survives_byte_for_byte_and_only_under_its_table(at in 0..29_usize, stake in 1_u64..=1_000_000, mut words in words()) {
        let configs = configs();
        let dealt = open(&configs[at], stake, &mut words);
        prop_assert_eq!(&dealt.state[2..10], &stake.to_be_bytes());
        let same = |config: &str| config.replace(",\"royal\":800", "");
        for config in &configs {
            let next = VideoPoker::act(config, &dealt.state.clone(), Action { id: 1, arg: 31 }, &mut Recorded::new(&[]));
            prop_assert_eq!(next.is_ok(), same(config) == same(&configs[at]));
        }
    }

    #[test]
    fn a_state_with_a_byte_changed_is_refused_or_another_round(config in config(), mut words in words(), at in 0..15_usize, byte in any::<u8>()) {
        let mut state = open(&config, 500, &mut words).state;
        state[at] = byte;
        let cards = &state[10..];
        let different: std::collections::BTreeSet<u8> = cards.iter().copied().collect();
        let stake = u64::from_be_bytes(state[2..10].try_into().unwrap());
        let good = state[..2] == open(&config, 1, &mut words).state[..2] && different.len() == 5 && cards.iter().all(|card| *card < 52) && (1..=1_000_000).contains(&stake);
        let mut draws = Recorded::new(&[0, 0, 0, 0, 0]);
        let next = VideoPoker::act(&config, &state, Action { id: 1, arg: 0 }, &mut draws);
        prop_assert_eq!(next.is_ok(), good);
        prop_assert!(good || (next == Err(Fault::BadState) && draws.bounds().is_empty()));
    }

    #[test]
    fn random_bytes_are_no_state(config in config(), bytes in any::<Vec<u8>>(), id in any::<u32>(), arg in any::<i64>()) {
        let mut draws = Recorded::new(&[]);
        prop_assert_eq!(VideoPoker::act(&config, &bytes, Action { id, arg }, &mut draws), Err(Fault::BadState));
        prop_assert!(draws.bounds().is_empty());
    }

    #[test]
    fn a_bet_is_taken_exactly_when_the_spot_declares_it(config in config(), spot in 0_u32..3, stake_minor in prop_oneof![0_u64..3, 999_999_u64..1_000_003, any::<u64>()]) {
        let declared = VideoPoker::describe(&config).unwrap().spots.into_iter().any(|known| known.id == spot && known.accepts(stake_minor));
        let mut draws = Recorded::new(&[0, 0, 0, 0, 0]);
        let next = VideoPoker::play(&config, &[Bet { spot, stake_minor }], &mut draws);
        prop_assert_eq!(next.is_ok(), declared);
        prop_assert!(declared || (next == Err(Fault::BadBet) && draws.bounds().is_empty()));
    }

    #[test]
    fn any_other_configuration_is_refused_by_every_call(config in prop_oneof![any::<String>(), "\\{\"paytable\":\"[6-9]/[5-7]\"(,\"royal\":(250|800|900|1000|\"800\"))?(,\"x\":1)?\\}"], bytes in any::<Vec<u8>>()) {
        prop_assume!(!configs().contains(&config));
        let bet = Bet { spot: 0, stake_minor: 20 };
        prop_assert_eq!(VideoPoker::describe(&config), Err(Fault::BadConfig));
        prop_assert_eq!(VideoPoker::play(&config, &[bet], &mut Recorded::new(&[])), Err(Fault::BadConfig));
        prop_assert_eq!(VideoPoker::act(&config, &bytes, Action { id: 1, arg: 0 }, &mut Recorded::new(&[])), Err(Fault::BadConfig));
    }
}

#[test]
fn a_round_has_exactly_one_bet() {
    let bet = Bet { spot: 0, stake_minor: 20 };
    for bets in [vec![], vec![bet, bet]] {
        assert_eq!(VideoPoker::play(&configs()[0], &bets, &mut Recorded::new(&[])), Err(Fault::BadBet));
    }
}

#[test]
fn a_round_is_shown_card_by_card() {
    // 2C, JC, KD, AD, 2H among the cards left each time; then the twos are held.
    let dealt = open(&configs()[0], 100, &mut Recorded::new(&[0, 8, 22, 22, 22]));
    assert_eq!(shown(&dealt), [r#"deal {"cards":["2C","JC","KD","AD","2H"],"hand":"nothing"}"#]);
    let ended =
        VideoPoker::act(&configs()[0], &dealt.state, Action { id: 1, arg: 0b1_0001 }, &mut Recorded::new(&[11, 33, 0]))
            .unwrap();
    assert_eq!(
        shown(&ended),
        [
            r#"draw {"cards":["2C","2D","2S","3C","2H"],"hand":"four-of-a-kind","held":[1,0,0,0,1]}"#,
            r#"win {"hand":"four-of-a-kind","paid_minor":"2500","pays":25}"#,
        ]
    );
    assert_eq!(ended.win_minor, 2500);
}
