//! Mines, by the hypergeometric law. Of 25 cells `mines` are mined; a target is a number of picks. All of k picks are safe with
//! chance C(25 - mines, k) / C(25, k); stopping after k pays (10000 - edge_bp) / 10000 divided by that chance, cut to four
//! decimals, the stake included. A number of picks is offered while it pays no more than 1,000,000 times the stake.

use num_rational::BigRational;
use num_traits::One;
use serde_json::Value;

use crate::edge::{all_or_nothing, cut, each, integer, kept, ratio};
use crate::{ExactError, Figure};

const CELLS: u64 = 25;
/// Times the stake.
const MOST_PAID: u64 = 1_000_000;

pub(crate) fn figures(params: &Value, targets: &[String]) -> Result<Vec<Figure>, ExactError> {
    let kept = kept(params, &["mines"], 400)?;
    let mines = integer(params, "mines", 1, 24)?;
    each(targets, "1", |target| figure(&kept, mines, target))
}

fn figure(kept: &BigRational, mines: u64, target: &str) -> Option<Figure> {
    let picks: u64 = target.parse().ok()?;
    let safe = CELLS - mines;
    if picks.to_string() != target || !(1..=safe).contains(&picks) {
        return None;
    }
    let chance = ways(safe, picks) / ways(CELLS, picks);
    let paid = cut(&(kept / &chance), 4);
    (paid <= ratio(MOST_PAID, 1)).then(|| all_or_nothing(target, &paid, &chance))
}

/// C(of, picks).
fn ways(of: u64, picks: u64) -> BigRational {
    (0..picks).fold(BigRational::one(), |ways, taken| ways * ratio(of - taken, taken + 1))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn of(mines: u64, edge_bp: u64, target: &str) -> Result<Figure, ExactError> {
        let mut figures = figures(&json!({ "mines": mines, "edge_bp": edge_bp }), &[target.to_owned()])?;
        Ok(figures.remove(0))
    }

    #[test]
    fn one_pick_among_three_mines_is_safe_22_times_of_25() {
        let figure = of(3, 100, "1").unwrap();
        assert_eq!(figure.hit_rate, ratio(22, 25));
        // 0.99 * 25 / 22 = 1.125
        assert_eq!(figure.returns, ratio(99, 100));
    }

    #[test]
    fn rounding_costs_the_player_less_than_a_ten_thousandth_of_the_chance() {
        for mines in 1..=24 {
            for picks in 1..=25 - mines {
                if let Ok(figure) = of(mines, 100, &picks.to_string()) {
                    let lost = ratio(99, 100) - figure.returns;
                    assert!(lost >= ratio(0, 1) && lost < ratio(1, 10_000) * figure.hit_rate);
                }
            }
        }
    }

    #[test]
    fn what_is_not_offered_has_no_figure() {
        for target in ["", "0", "01", "+1", "23", "1.00"] {
            assert!(matches!(of(3, 100, target), Err(ExactError::Target(_))), "{target}");
        }
        assert!(of(13, 100, "11").is_ok());
        assert!(of(13, 100, "12").is_err(), "it would pay 5,148,297 times the stake");
        assert!(matches!(of(25, 100, "1"), Err(ExactError::Params(_))));
        assert!(matches!(of(3, 401, "1"), Err(ExactError::Params(_))));
    }
}
