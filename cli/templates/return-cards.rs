//! The declared return, by counting every pair of cards under every guess.

use __CRATE__::Rules;
use game_sdk::{Action, Bet, Game, Recorded};

const CONFIG: &str = include_str!("../configs/default.json");

#[test]
fn no_guess_returns_less_than_the_manifest_says() {
    let manifest = Rules::describe(CONFIG).unwrap();
    let bet = [Bet { spot: 0, stake_minor: 100 }];
    let mut least = u64::MAX;
    for shown in 0..13 {
        let open = Rules::play(CONFIG, &bet, &mut Recorded::new(&[shown])).unwrap();
        for id in [1, 2] {
            let guess = |next| Rules::act(CONFIG, &open.state, Action { id, arg: 0 }, &mut Recorded::new(&[next]));
            least = least.min((0..13).map(|next| guess(next).unwrap().win_minor).sum());
        }
    }
    assert_eq!(least * 10_000 / 13, u64::from(manifest.return_ppm));
}
