//! Roulette, by counting pockets. Pays 35, 17, 11, 8, 5, 2, 1 to one (a trio 11, a basket 6 on two zeros and 8 on one); with la
//! partage an even chance gets half its stake back when zero falls (the common European and American tables).

use num_rational::BigRational;
use serde_json::Value;

use crate::{ExactError, Figure};

/// Name, pockets covered, paid to one.
const BETS: [(&str, i64, i64); 8] = [
    ("straight", 1, 35),
    ("split", 2, 17),
    ("street", 3, 11),
    ("trio", 3, 11),
    ("corner", 4, 8),
    ("six-line", 6, 5),
    ("dozen", 12, 2),
    ("column", 12, 2),
];

pub(crate) fn figures(params: &Value) -> Result<Vec<Figure>, ExactError> {
    let object = params.as_object().ok_or_else(|| bad("an object is expected"))?;
    if object.keys().any(|key| key != "wheel" && key != "la_partage") {
        return Err(bad("only wheel and la_partage are known"));
    }
    let zeros = match object.get("wheel").and_then(Value::as_str) {
        Some("single") => 1,
        Some("double") => 2,
        _ => return Err(bad("wheel is `single` or `double`")),
    };
    let la_partage = object.get("la_partage").and_then(Value::as_bool).ok_or_else(|| bad("la_partage is a bool"))?;
    let pockets = 36 + zeros;
    let mut figures: Vec<Figure> = BETS.iter().map(|(name, covers, pays)| bet(name, *covers, *pays, pockets)).collect();
    // First four on one zero, the five-number basket on two.
    figures.push(if zeros == 1 { bet("basket", 4, 8, pockets) } else { bet("basket", 5, 6, pockets) });
    figures.push(even(pockets, if la_partage { zeros } else { 0 }));
    Ok(figures)
}

fn bet(name: &str, covers: i64, pays: i64, pockets: i64) -> Figure {
    let (won, lost) = (whole(pays + 1), whole(0));
    let (win, loss) = (part(covers, pockets), part(pockets - covers, pockets));
    Figure::of(name, [(&won, &win), (&lost, &loss)])
}

fn even(pockets: i64, halved: i64) -> Figure {
    let (won, half, lost) = (whole(2), part(1, 2), whole(0));
    let (win, back, loss) = (part(18, pockets), part(halved, pockets), part(pockets - 18 - halved, pockets));
    Figure::of("even", [(&won, &win), (&half, &back), (&lost, &loss)])
}

fn whole(value: i64) -> BigRational {
    BigRational::from_integer(value.into())
}

fn part(over: i64, under: i64) -> BigRational {
    BigRational::new(over.into(), under.into())
}

fn bad(why: &str) -> ExactError {
    ExactError::Params(why.to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::decimal;

    fn of(params: &Value, bet: &str) -> String {
        let figures = figures(params).unwrap();
        decimal(&figures.iter().find(|figure| figure.bet == bet).unwrap().returns, 12)
    }

    #[test]
    fn a_single_zero_returns_36_of_37_on_every_bet() {
        let figures = figures(&json!({"wheel": "single", "la_partage": false})).unwrap();
        assert!(figures.iter().all(|figure| figure.returns == part(36, 37)));
    }

    #[test]
    fn two_zeros_cost_twice_and_the_basket_more() {
        let double = json!({"wheel": "double", "la_partage": false});
        assert_eq!(of(&double, "straight"), "0.947368421053");
        assert_eq!(of(&double, "basket"), "0.921052631579");
        assert_eq!(of(&json!({"wheel": "single", "la_partage": true}), "even"), "0.986486486486");
    }

    #[test]
    fn other_parameters_are_refused() {
        for params in
            [json!({}), json!({"wheel": "triple", "la_partage": false}), json!({"wheel": "single"}), json!([])]
        {
            assert!(matches!(figures(&params), Err(ExactError::Params(_))), "{params}");
        }
        assert!(figures(&json!({"wheel": "single", "la_partage": true, "more": 1})).is_err());
    }
}
