//! What holds for any bets, any configuration text and any state bytes.

#![cfg(test)]

use game_sdk::{Action, Bet, Fault, Game, Manifest, Recorded};
use proptest::prelude::*;
use proptest::sample::subsequence;
use roulette::Roulette;

const CONFIGS: [&str; 4] = [
    include_str!("../configs/single.json"),
    include_str!("../configs/single-la-partage.json"),
    include_str!("../configs/double.json"),
    include_str!("../configs/double-la-partage.json"),
];

fn pockets(manifest: &Manifest) -> u64 {
    if manifest.spots.len() == 157 { 37 } else { 38 }
}

/// A table, legal bets on it, and a pocket.
fn legal() -> impl Strategy<Value = (&'static str, Manifest, Vec<Bet>, u64)> {
    prop::sample::select(CONFIGS.as_slice())
        .prop_flat_map(|config| {
            let manifest = Roulette::describe(config).unwrap();
            let count = manifest.spots.len();
            let spots = subsequence(manifest.spots.clone(), 1..=count).prop_shuffle();
            let pocket = 0..pockets(&manifest);
            (Just(config), Just(manifest), spots, any::<u64>(), pocket)
        })
        .prop_map(|(config, manifest, spots, salt, pocket)| {
            let bets = spots
                .iter()
                .map(|spot| {
                    let steps = (spot.max_minor - spot.min_minor) / spot.step_minor + 1;
                    let nth = salt.wrapping_mul(u64::from(spot.id) * 2 + 1) % steps;
                    Bet { spot: spot.id, stake_minor: spot.min_minor + nth * spot.step_minor }
                })
                .collect();
            (config, manifest, bets, pocket)
        })
}

proptest! {
    #[test]
    fn legal_bets_are_taken_and_stay_within_every_declared_bound((config, manifest, bets, pocket) in legal()) {
        let value = [pocket];
        let mut draws = Recorded::new(&value);
        let outcome = Roulette::play(config, &bets, &mut draws).unwrap();
        prop_assert_eq!(draws.bounds(), [(0, pockets(&manifest))]);
        let stake: u128 = bets.iter().map(|bet| u128::from(bet.stake_minor)).sum();
        prop_assert!(u128::from(outcome.win_minor) * 1000 <= stake * u128::from(manifest.max_win_milli));
        prop_assert!(outcome.event_bytes() <= usize::try_from(manifest.max_events).unwrap());
        prop_assert!(outcome.finished && outcome.state.is_empty() && outcome.offers.is_empty());
    }

    #[test]
    fn one_bad_bet_among_good_ones_is_refused_before_the_draw((config, manifest, mut bets, pocket) in legal(), at in any::<prop::sample::Index>(), how in 0..5) {
        let at = at.index(bets.len());
        let spot = manifest.spots.iter().find(|spot| spot.id == bets[at].spot).unwrap();
        match how {
            0 => bets[at].stake_minor = spot.max_minor + spot.step_minor,
            1 => bets[at].stake_minor = spot.min_minor - spot.step_minor,
            2 => bets[at].stake_minor = u64::MAX,
            3 => bets[at].spot = 999,
            _ => bets.push(bets[at]),
        }
        let value = [pocket];
        let mut draws = Recorded::new(&value);
        prop_assert_eq!(Roulette::play(config, &bets, &mut draws), Err(Fault::BadBet));
        prop_assert!(draws.bounds().is_empty());
    }

    #[test]
    fn no_bets_whatever_make_the_rules_panic(config in prop::sample::select(CONFIGS.as_slice()), bets in prop::collection::vec((0_u32..1100, any::<u64>()), 0..200), pocket in any::<u64>()) {
        let bets: Vec<Bet> = bets.into_iter().map(|(spot, stake_minor)| Bet { spot, stake_minor }).collect();
        let manifest = Roulette::describe(config).unwrap();
        let known = bets.iter().all(|bet| manifest.spots.iter().any(|spot| spot.id == bet.spot && spot.accepts(bet.stake_minor)));
        let taken = Roulette::play(config, &bets, &mut Recorded::new(&[pocket])).is_ok();
        prop_assert!(!taken || known);
    }

    #[test]
    fn any_other_configuration_is_refused_by_every_call(config in any::<String>(), bytes in any::<Vec<u8>>()) {
        prop_assume!(!CONFIGS.contains(&config.as_str()));
        let bet = Bet { spot: 17, stake_minor: 100 };
        let action = Action { id: 0, arg: 0 };
        prop_assert_eq!(Roulette::describe(&config), Err(Fault::BadConfig));
        prop_assert_eq!(Roulette::play(&config, &[bet], &mut Recorded::new(&[0])), Err(Fault::BadConfig));
        prop_assert_eq!(Roulette::act(&config, &bytes, action, &mut Recorded::new(&[0])), Err(Fault::BadConfig));
    }

    #[test]
    fn a_round_never_goes_on(bytes in any::<Vec<u8>>(), id in any::<u32>(), arg in any::<i64>()) {
        let mut draws = Recorded::new(&[]);
        prop_assert_eq!(Roulette::act(CONFIGS[0], &bytes, Action { id, arg }, &mut draws), Err(Fault::NotSupported));
        prop_assert!(draws.bounds().is_empty());
    }
}

#[test]
fn no_bets_are_no_round() {
    assert_eq!(Roulette::play(CONFIGS[0], &[], &mut Recorded::new(&[])), Err(Fault::BadBet));
}

#[test]
fn under_la_partage_a_stake_that_has_no_half_is_refused_on_even_chances_only() {
    let play = |config, spot| {
        let bet = Bet { spot, stake_minor: 101 };
        Roulette::play(config, &[bet], &mut Recorded::new(&[0])).map(|outcome| outcome.win_minor)
    };
    assert_eq!(play(CONFIGS[1], 900), Err(Fault::BadBet));
    assert_eq!(play(CONFIGS[1], 701), Ok(0));
    assert_eq!(play(CONFIGS[0], 900), Ok(0));
}

#[test]
fn ids_mean_the_same_place_on_both_wheels() {
    let single = Roulette::describe(CONFIGS[0]).unwrap().spots;
    let double = Roulette::describe(CONFIGS[2]).unwrap().spots;
    for spot in &single {
        for other in double.iter().filter(|other| other.id == spot.id) {
            assert_eq!(spot.name, other.name);
        }
    }
    let named = |id: u32| single.iter().find(|spot| spot.id == id).unwrap().name.clone();
    assert_eq!(named(17), "straight:17");
    assert_eq!(named(101), "split:1-2");
    assert_eq!(named(141), "split:1-4");
    assert_eq!(named(500), "basket:0-1-2-3");
    assert_eq!(named(900), "even:red");
}
