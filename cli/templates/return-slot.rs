//! The declared return, by counting every stop.

use __CRATE__::Rules;
use game_sdk::{Bet, Game, Recorded};

const CONFIG: &str = include_str!("../configs/default.json");

#[test]
fn a_spin_returns_what_the_manifest_says() {
    let bet = [Bet { spot: 0, stake_minor: 1 }];
    let stops = (0..1000).map(|all| [all / 100, all / 10 % 10, all % 10]);
    let paid: u64 = stops.map(|stops| Rules::play(CONFIG, &bet, &mut Recorded::new(&stops)).unwrap().win_minor).sum();
    assert_eq!(paid * 1000, u64::from(Rules::describe(CONFIG).unwrap().return_ppm));
}
