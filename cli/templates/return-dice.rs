//! The declared return, by counting every roll.

use __CRATE__::Rules;
use game_sdk::{Bet, Game, Recorded};

const CONFIG: &str = include_str!("../configs/default.json");

#[test]
fn each_spot_returns_what_the_manifest_says() {
    let declared = Rules::describe(CONFIG).unwrap().return_ppm;
    for spot in 0..2 {
        let bet = [Bet { spot, stake_minor: 100 }];
        let paid: u64 = (0..100).map(|roll| Rules::play(CONFIG, &bet, &mut Recorded::new(&[roll])).unwrap().win_minor).sum();
        assert_eq!(paid * 100, u64::from(declared), "{spot}");
    }
}
