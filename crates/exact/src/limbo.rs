//! Limbo, by solving the published crash formula for the draws that win. With K = 10000 - edge_bp and v = 2^52 - u uniform in
//! 1..=2^52, the result in hundredths is max(100, floor(K 2^52 / (100 v))). It reaches a target of t hundredths, t > 100, when
//! v <= K 2^52 / (100 t), so exactly floor(K 2^52 / (100 t)) of the 2^52 draws win; they pay t hundredths of the stake.

use num_bigint::BigInt;
use num_rational::BigRational;
use serde_json::Value;

use crate::edge::{all_or_nothing, each, hundredths, kept, ratio};
use crate::{ExactError, Figure};

/// First and last target of a band, and the step between its targets, all in hundredths.
const BANDS: [(u64, u64, u64); 9] = [
    (101, 200, 1),
    (205, 500, 5),
    (510, 1000, 10),
    (1050, 2000, 50),
    (2100, 10_000, 100),
    (15_000, 100_000, 5000),
    (150_000, 1_000_000, 50_000),
    (1_500_000, 10_000_000, 500_000),
    (15_000_000, 100_000_000, 5_000_000),
];

pub(crate) fn figures(params: &Value, targets: &[String]) -> Result<Vec<Figure>, ExactError> {
    let kept = kept(params, &[], 1000)?;
    each(targets, "2.00", |target| figure(&kept, target))
}

fn figure(kept: &BigRational, target: &str) -> Option<Figure> {
    let centi = hundredths(target)?;
    let offered =
        |(first, last, step): &(u64, u64, u64)| (*first..=*last).contains(&centi) && (centi - first) % step == 0;
    BANDS.iter().find(|band| offered(band))?;
    let paid = ratio(centi, 100);
    let draws = BigRational::from_integer(BigInt::from(1_u64 << 52));
    let chance = (kept / &paid * &draws).floor() / draws;
    Some(all_or_nothing(target, &paid, &chance))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn of(edge_bp: u64, target: &str) -> Result<Figure, ExactError> {
        let mut figures = figures(&json!({ "edge_bp": edge_bp }), &[target.to_owned()])?;
        Ok(figures.remove(0))
    }

    #[test]
    fn without_an_edge_two_is_reached_by_half_of_all_draws() {
        let figure = of(0, "2.00").unwrap();
        assert_eq!((figure.returns, figure.hit_rate, figure.variance), (ratio(1, 1), ratio(1, 2), ratio(1, 1)));
    }

    #[test]
    fn counting_draws_costs_less_than_a_target_over_all_draws() {
        for target in ["1.01", "2.00", "3.00", "99.00", "1000000.00"] {
            let figure = of(100, target).unwrap();
            let lost = ratio(99, 100) - &figure.returns;
            let most = ratio(hundredths(target).unwrap(), 100) / ratio(1 << 52, 1);
            assert!(lost >= ratio(0, 1) && lost < most, "{target}");
        }
    }

    #[test]
    fn what_is_not_offered_has_no_figure() {
        for target in ["", "1.00", "2", "2.01", "5.05", "20.50", "100.50", "110.00", "1050000.00", "0.50"] {
            assert!(matches!(of(100, target), Err(ExactError::Target(_))), "{target}");
        }
        assert!(matches!(of(1001, "2.00"), Err(ExactError::Params(_))));
    }
}
