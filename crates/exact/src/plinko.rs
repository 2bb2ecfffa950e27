//! Plinko, by Pascal's triangle. A ball goes left or right at each of `rows` rows of pins with equal chance; pocket k, k ways to
//! the right, pays as the board's table says, the same on both sides. The tables are the game's published ones, in stakes.

use num_rational::BigRational;
use serde_json::Value;

use crate::edge::{bad, hundredths, integer, ratio};
use crate::{ExactError, Figure};

// Rows, then what pockets pay from either edge to the middle.
const LOW: &str = "
8: 6.10 1.95 1.05 0.85 0.80
9: 6.60 3.00 1.55 0.90 0.70
10: 9.90 3.60 1.75 1.05 0.80 0.70
11: 10.50 4.90 2.50 1.40 0.85 0.65
12: 12.00 4.80 2.30 1.40 1.00 0.80 0.80
13: 9.90 5.50 3.10 1.90 1.25 0.85 0.70
14: 8.80 4.00 2.20 1.50 1.15 0.95 0.90 0.90
15: 17.50 10.00 5.90 3.50 2.10 1.25 0.80 0.50
16: 18.50 10.50 5.90 3.50 2.20 1.40 0.95 0.70 0.60
";
const MEDIUM: &str = "
8: 15.50 3.10 1.10 0.65 0.55
9: 18.50 5.70 1.95 0.75 0.40
10: 25.50 6.10 2.10 1.00 0.65 0.55
11: 28.50 6.90 2.40 1.15 0.80 0.70
12: 37.00 12.50 4.70 2.00 0.95 0.55 0.40
13: 50.00 17.00 6.50 2.70 1.25 0.65 0.45
14: 66.00 19.50 6.80 2.80 1.45 0.85 0.65 0.60
15: 99.00 28.00 9.50 3.80 1.80 1.05 0.70 0.60
16: 125.00 33.00 11.00 4.30 2.10 1.20 0.85 0.70 0.65
";
const HIGH: &str = "
8: 34.00 5.40 1.05 0.30 0.10
9: 51.00 8.50 1.75 0.45 0.20
10: 90.00 14.00 2.70 0.70 0.25 0.15
11: 145.00 17.00 3.20 0.95 0.50 0.40
12: 200.00 27.50 5.40 1.55 0.65 0.40 0.35
13: 310.00 43.00 8.40 2.30 0.85 0.45 0.40
14: 490.00 74.00 14.50 3.70 1.25 0.55 0.35 0.30
15: 740.00 150.00 32.00 7.80 2.10 0.60 0.20 0.10
16: 1170.00 225.00 49.00 11.50 3.20 1.00 0.35 0.15 0.10
";

pub(crate) fn figures(params: &Value) -> Result<Vec<Figure>, ExactError> {
    let object = params.as_object().ok_or_else(|| bad("an object is expected"))?;
    if object.keys().any(|key| key != "risk" && key != "rows") {
        return Err(bad("only risk and rows are known"));
    }
    let rows = integer(params, "rows", 8, 16)?;
    let tables = match object.get("risk").and_then(Value::as_str) {
        Some("low") => LOW,
        Some("medium") => MEDIUM,
        Some("high") => HIGH,
        _ => return Err(bad("risk is `low`, `medium` or `high`")),
    };
    let pays = pays(tables, rows).ok_or_else(|| bad("there is no table"))?;
    let chances = chances(rows);
    Ok(vec![Figure::of("main", pays.iter().zip(&chances))])
}

/// What each pocket pays, from the left.
fn pays(tables: &str, rows: u64) -> Option<Vec<BigRational>> {
    let line = tables.lines().find_map(|line| line.strip_prefix(&format!("{rows}: ")))?;
    let left: Vec<BigRational> =
        line.split(' ').map(|pays| Some(ratio(hundredths(pays)?, 100))).collect::<Option<_>>()?;
    // With an even number of rows one pocket is in the middle.
    let shared = usize::from(rows.is_multiple_of(2));
    let right = left.iter().rev().skip(shared).cloned().collect();
    Some([left, right].concat())
}

/// The chance of each pocket, from the left: row by row, half of each pin's balls to either side.
fn chances(rows: u64) -> Vec<BigRational> {
    (0..rows).fold(vec![ratio(1, 1)], |pins, _row| {
        let half = |pin: Option<&BigRational>| pin.map_or_else(|| ratio(0, 1), |chance| chance / ratio(2, 1));
        (0..=pins.len()).map(|at| half(pins.get(at)) + half(at.checked_sub(1).and_then(|at| pins.get(at)))).collect()
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_board_has_one_payment_a_pocket_and_chances_that_sum_to_one() {
        for (tables, rows) in
            [LOW, MEDIUM, HIGH].into_iter().flat_map(|tables| (8..=16).map(move |rows| (tables, rows)))
        {
            let (pays, chances) = (pays(tables, rows).unwrap(), chances(rows));
            assert_eq!(u64::try_from(pays.len()).unwrap(), rows + 1);
            assert_eq!(pays.len(), chances.len());
            assert_eq!(chances.into_iter().sum::<BigRational>(), ratio(1, 1));
        }
    }

    #[test]
    fn eight_rows_at_low_risk_return_what_paper_says() {
        // (2 * 610 + 16 * 195 + 56 * 105 + 112 * 85 + 70 * 80) / 25600
        let figures = figures(&json!({"risk": "low", "rows": 8})).unwrap();
        assert_eq!((figures[0].bet.as_str(), &figures[0].returns), ("main", &ratio(25_340, 25_600)));
        assert_eq!(figures[0].hit_rate, ratio(1, 1));
    }

    #[test]
    fn every_board_returns_98_to_99_5_percent() {
        for (risk, rows) in
            ["low", "medium", "high"].into_iter().flat_map(|risk| (8..=16).map(move |rows| (risk, rows)))
        {
            let figures = figures(&json!({"risk": risk, "rows": rows})).unwrap();
            assert!(ratio(980, 1000) <= figures[0].returns && figures[0].returns <= ratio(995, 1000));
        }
    }

    #[test]
    fn other_parameters_are_refused() {
        let all = [json!({}), json!([]), json!({"risk": "low"}), json!({"risk": "none", "rows": 8})];
        let more = [
            json!({"risk": "low", "rows": 7}),
            json!({"risk": "low", "rows": 17}),
            json!({"risk": "low", "rows": 8, "x": 1}),
        ];
        for params in all.into_iter().chain(more) {
            assert!(matches!(figures(&params), Err(ExactError::Params(_))), "{params}");
        }
    }
}
