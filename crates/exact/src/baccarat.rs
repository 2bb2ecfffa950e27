//! Baccarat (punto banco), by counting every ordering of six cards by their points. Rules: the standard third-card tableau;
//! Player and Banker push on a tie, Banker pays 0.95 to one or even money and half on a winning six, a tie 8 or 9 to one, a
//! pair of either side's first two cards 11 to one. The shoe is full: a round is dealt from a fresh shuffle.

use num_bigint::BigInt;
use num_rational::BigRational;
use serde_json::{Map, Value};

use crate::{ExactError, Figure};

/// Orderings of the first six cards of a shoe, by result.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Orderings {
    player: u64,
    banker: u64,
    /// Those of `banker` in which Banker's total is six.
    banker_six: u64,
    tie: u64,
}

impl Orderings {
    fn all(self) -> u64 {
        self.player + self.banker + self.tie
    }
}

pub(crate) fn figures(params: &Value) -> Result<Vec<Figure>, ExactError> {
    let object = params.as_object().ok_or_else(|| bad("an object is expected"))?;
    let decks = integer(object, "decks", 1, 8)?;
    let tie_pays = integer(object, "tie_pays", 8, 9)?;
    let half_on_six = half_on_six(object)?;
    if object.len() != 3 {
        return Err(bad("decks, tie_pays and one of commission_bp and banker_six_half are expected"));
    }
    let count = count(decks);
    let of = |part: u64| ratio(part, count.all());
    let (lost, pushed, even) = (ratio(0, 1), ratio(1, 1), ratio(2, 1));
    let (player, banker, tie) = (of(count.player), of(count.banker), of(count.tie));
    let (six, other) = (of(count.banker_six), of(count.banker - count.banker_six));
    let (six_paid, other_paid) = if half_on_six { (ratio(3, 2), even.clone()) } else { (ratio(39, 20), ratio(39, 20)) };
    let tie_paid = ratio(tie_pays + 1, 1);
    Ok(vec![
        Figure::of("banker", [(&six_paid, &six), (&other_paid, &other), (&pushed, &tie), (&lost, &player)]),
        Figure::of("player", [(&even, &player), (&pushed, &tie), (&lost, &banker)]),
        Figure::of("tie", [(&tie_paid, &tie)]),
        pair("player-pair", decks),
        pair("banker-pair", decks),
    ])
}

/// The second card is one of the 4d-1 of the first one's rank among 52d-1.
fn pair(name: &str, decks: u64) -> Figure {
    Figure::of(name, [(&ratio(12, 1), &ratio(4 * decks - 1, 52 * decks - 1))])
}

fn half_on_six(object: &Map<String, Value>) -> Result<bool, ExactError> {
    match (object.get("commission_bp"), object.get("banker_six_half")) {
        (Some(commission), None) if commission.as_u64() == Some(500) => Ok(false),
        (None, Some(half)) if half.as_bool() == Some(true) => Ok(true),
        _ => Err(bad("commission_bp is 500, or banker_six_half is true")),
    }
}

fn integer(object: &Map<String, Value>, key: &str, low: u64, high: u64) -> Result<u64, ExactError> {
    let value = object.get(key).and_then(Value::as_u64).filter(|value| (low..=high).contains(value));
    value.ok_or_else(|| bad(&format!("{key} is an integer from {low} to {high}")))
}

/// Goes through all 10^6 sequences of points of six cards, whether the last two are used or not.
fn count(decks: u64) -> Orderings {
    let mut left = [4 * decks; 10];
    if let Some(tens) = left.first_mut() {
        *tens = 16 * decks;
    }
    let mut total = Orderings::default();
    sequences(&left, &mut Vec::with_capacity(6), 1, &mut total);
    total
}

fn sequences(left: &[u64; 10], points: &mut Vec<usize>, ways: u64, total: &mut Orderings) {
    if let Ok(cards) = <[usize; 6]>::try_from(points.as_slice()) {
        let (player, banker) = totals(cards);
        let result = match player.cmp(&banker) {
            std::cmp::Ordering::Greater => &mut total.player,
            std::cmp::Ordering::Equal => &mut total.tie,
            std::cmp::Ordering::Less => &mut total.banker,
        };
        *result += ways;
        if banker == 6 && player < 6 {
            total.banker_six += ways;
        }
        return;
    }
    for point in 0..10 {
        let mut rest = *left;
        if let Some(here) = rest.get_mut(point).filter(|here| **here > 0) {
            let more = ways * *here;
            *here -= 1;
            points.push(point);
            sequences(&rest, points, more, total);
            points.pop();
        }
    }
}

/// Row: Banker's total on two cards, 3 to 6. Column: Player's third card. True where Banker draws.
const TABLEAU: [[bool; 10]; 4] = {
    const O: bool = false;
    const X: bool = true;
    [
        [X, X, X, X, X, X, X, X, O, X],
        [O, O, X, X, X, X, X, X, O, O],
        [O, O, O, O, X, X, X, X, O, O],
        [O, O, O, O, O, O, X, X, O, O],
    ]
};

/// The final totals of Player and Banker when the cards lie in the order Player, Banker, Player, Banker, then the rest.
fn totals([p1, b1, p2, b2, next, last]: [usize; 6]) -> (usize, usize) {
    let (player, banker) = ((p1 + p2) % 10, (b1 + b2) % 10);
    if player > 7 || banker > 7 {
        return (player, banker);
    }
    if player > 5 {
        return (player, if banker > 5 { banker } else { (banker + next) % 10 });
    }
    let draws = match banker {
        0..=2 => true,
        _ => TABLEAU.get(banker - 3).and_then(|row| row.get(next)).copied().unwrap_or(false),
    };
    ((player + next) % 10, if draws { (banker + last) % 10 } else { banker })
}

fn ratio(over: u64, under: u64) -> BigRational {
    BigRational::new(BigInt::from(over), BigInt::from(under))
}

fn bad(why: &str) -> ExactError {
    ExactError::Params(why.to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::decimal;

    #[test]
    fn eight_decks_have_the_published_orderings() {
        let eight = count(8);
        assert_eq!(eight.all(), 4_998_398_275_503_360);
        assert_eq!(eight.banker, 2_292_252_566_437_888);
        assert_eq!(eight.player, 2_230_518_282_592_256);
        assert_eq!(eight.tie, 475_627_426_473_216);
    }

    #[test]
    fn the_published_edges_come_out() {
        let of = |params: &Value, bet: &str| {
            let figures = figures(params).unwrap();
            decimal(&figures.iter().find(|figure| figure.bet == bet).unwrap().returns, 6)
        };
        let commission = json!({"decks": 8, "tie_pays": 8, "commission_bp": 500});
        assert_eq!(of(&commission, "banker"), "0.989421");
        assert_eq!(of(&commission, "player"), "0.987649");
        assert_eq!(of(&commission, "tie"), "0.856404");
        assert_eq!(of(&commission, "player-pair"), "0.896386");
        let six = json!({"decks": 8, "tie_pays": 9, "banker_six_half": true});
        assert_eq!(of(&six, "banker"), "0.985419");
        assert_eq!(of(&six, "tie"), "0.951560");
    }

    #[test]
    fn every_shoe_has_the_orderings_of_six_cards() {
        for decks in 1..=8 {
            let cards = 52 * decks;
            assert_eq!(count(decks).all(), (cards - 5..=cards).product::<u64>());
        }
    }

    #[test]
    fn other_parameters_are_refused() {
        for params in [
            json!([]),
            json!({"decks": 8, "tie_pays": 8}),
            json!({"decks": 9, "tie_pays": 8, "commission_bp": 500}),
            json!({"decks": 8, "tie_pays": 7, "commission_bp": 500}),
            json!({"decks": 8, "tie_pays": 8, "commission_bp": 400}),
            json!({"decks": 8, "tie_pays": 8, "banker_six_half": false}),
            json!({"decks": 8, "tie_pays": 8, "commission_bp": 500, "banker_six_half": true}),
            json!({"decks": 8, "tie_pays": 8, "commission_bp": 500, "more": 1}),
        ] {
            assert!(matches!(figures(&params), Err(ExactError::Params(_))), "{params}");
        }
    }
}
