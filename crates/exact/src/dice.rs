//! Dice, by rolling all 10,000 results from 0.00 to 99.99. `under:50.00` wins on a roll below 50.00, `over:75.25` on one
//! above 75.25. A win pays (10000 - edge_bp) / winning results, cut to four decimals, the stake included. Offered are
//! quarters from 1.00 to 99.75, while 100 to 9800 results win and a win pays more than the stake.

use num_rational::BigRational;
use num_traits::One;
use serde_json::Value;

use crate::edge::{all_or_nothing, cut, each, hundredths, kept, ratio};
use crate::{ExactError, Figure};

/// Results of a roll.
const RESULTS: u64 = 10_000;

pub(crate) fn figures(params: &Value, targets: &[String]) -> Result<Vec<Figure>, ExactError> {
    let kept = kept(params, &[], 1000)?;
    each(targets, "under:50.00", |target| figure(&kept, target))
}

fn figure(kept: &BigRational, target: &str) -> Option<Figure> {
    let (side, line) = target.split_once(':')?;
    let line = hundredths(line).filter(|line| line.is_multiple_of(25))?;
    let winning = match side {
        "under" => (0..RESULTS).filter(|roll| *roll < line).count(),
        "over" => (0..RESULTS).filter(|roll| *roll > line).count(),
        _ => return None,
    };
    let winning = u64::try_from(winning).ok().filter(|winning| (100..=9800).contains(winning))?;
    let chance = ratio(winning, RESULTS);
    let paid = cut(&(kept / &chance), 4);
    (paid > BigRational::one()).then(|| all_or_nothing(target, &paid, &chance))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::decimal;

    fn of(edge_bp: u64, target: &str) -> Result<Figure, ExactError> {
        let mut figures = figures(&json!({ "edge_bp": edge_bp }), &[target.to_owned()])?;
        Ok(figures.remove(0))
    }

    #[test]
    fn an_even_chance_at_one_percent_pays_198() {
        let figure = of(100, "under:50.00").unwrap();
        assert_eq!((figure.returns, figure.hit_rate), (ratio(99, 100), ratio(1, 2)));
        assert_eq!(figure.variance, ratio(9801, 10_000));
    }

    #[test]
    fn rounding_the_price_costs_the_player_a_little() {
        // 2474 results, 0.99 / 0.2474 = 4.00161...
        let figure = of(100, "over:75.25").unwrap();
        assert_eq!(figure.returns, ratio(40_016 * 2474, 100_000_000));
        assert_eq!(decimal(&figure.returns, 12), "0.989995840000");
    }

    #[test]
    fn what_is_not_offered_has_no_figure() {
        for target in ["", "50.00", "under:50", "under:50.10", "under:0.75", "under:98.25", "over:99.00", "at:50.00"] {
            assert!(matches!(of(100, target), Err(ExactError::Target(_))), "{target}");
        }
        assert!(of(100, "over:98.75").is_ok());
        assert!(of(200, "under:98.00").is_err(), "it would pay no more than the stake");
    }
}
