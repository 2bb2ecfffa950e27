//! Where deals are played: on an instance that is reused, or on a fresh one each.
//!
//! Promise: a fault of this machine (an overloaded one misses the deadline of a call) is answered by trying again, as the sandbox
//! asks; only a call that fails so [`MOST_TRIES`] times in a row, some ten seconds, is given up.

use std::time::Duration;

use fairness::RoundKey;
use sandbox::{Action, Bet, Config, DescribeError, Game, NoDeal, RoundTotals, Simulator, Table, Verdict};

const MOST_TRIES: u32 = 40;
const PAUSE: Duration = Duration::from_millis(20);

/// Who plays the deals of a round.
pub(crate) trait Seat {
    fn play(&mut self, key: RoundKey, bets: &[Bet]) -> Verdict;
    fn act(&mut self, key: RoundKey, state: &[u8], action: Action, totals: RoundTotals) -> Verdict;
}

impl Seat for Simulator {
    fn play(&mut self, key: RoundKey, bets: &[Bet]) -> Verdict {
        patiently(|| Simulator::play(self, key.clone(), bets), is_infra)
    }
    fn act(&mut self, key: RoundKey, state: &[u8], action: Action, totals: RoundTotals) -> Verdict {
        patiently(|| Simulator::act(self, key.clone(), state, action, totals), is_infra)
    }
}

impl Seat for Table {
    fn play(&mut self, key: RoundKey, bets: &[Bet]) -> Verdict {
        patiently(|| Table::play(self, key.clone(), bets), is_infra)
    }
    fn act(&mut self, key: RoundKey, state: &[u8], action: Action, totals: RoundTotals) -> Verdict {
        patiently(|| Table::act(self, key.clone(), state, action, totals), is_infra)
    }
}

/// The table of `game` under `config`.
pub(crate) fn open(game: &Game, config: &Config) -> Result<Table, DescribeError> {
    patiently(|| game.open(config.clone()), |error| matches!(error, DescribeError::Infra(_)))
}

fn is_infra(no_deal: &NoDeal) -> bool {
    matches!(no_deal, NoDeal::Infra(_))
}

fn patiently<T, E>(mut attempt: impl FnMut() -> Result<T, E>, is_infra: impl Fn(&E) -> bool) -> Result<T, E> {
    let mut tries = 1;
    loop {
        match attempt() {
            Err(error) if tries < MOST_TRIES && is_infra(&error) => {
                tries += 1;
                std::thread::sleep(PAUSE);
            }
            done => return done,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_of_the_machine_is_tried_again_and_a_verdict_is_not() {
        let mut tries = 0;
        let done = patiently(
            || {
                tries += 1;
                if tries < 3 { Err("infra") } else { Ok(tries) }
            },
            |error| *error == "infra",
        );
        assert_eq!(done, Ok(3));
        let mut tries = 0;
        assert_eq!(
            patiently(
                || {
                    tries += 1;
                    Err::<(), _>("void")
                },
                |error| *error == "infra"
            ),
            Err("void")
        );
        assert_eq!(tries, 1);
    }
}
