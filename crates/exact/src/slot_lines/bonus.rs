//! The free spins of a round, exactly: a recursion over (spins played, spins won) up to the bound.
//!
//! Every value is an integer numerator: with n spins played and at most `bound` in a round, it stands over
//! D^(bound - n), where D is the number of sets of stops of a free spin. So nothing is ever rounded.

use num_bigint::BigUint;

use super::Tally;

/// What a retrigger adds.
const RETRIGGER: usize = 5;

/// Moments of what is left of a bonus.
#[derive(Clone, Debug, Default)]
pub struct Rest {
    /// Expected spins.
    pub spins: BigUint,
    /// Expected win, line stakes.
    pub won: BigUint,
    /// Expected square of the win.
    pub squares: BigUint,
    /// Chance of no win at all.
    pub blank: BigUint,
    /// The most it can win, line stakes.
    pub most: u64,
}

/// A free spin, by whether it retriggers.
pub struct Bonus {
    plain: Tally,
    retrigger: Tally,
    bound: usize,
    /// Indexed by spins played, then spins won.
    table: Vec<Vec<Rest>>,
}

impl Bonus {
    /// The bonus of at most `bound` spins, from the enumeration of a free spin.
    #[must_use]
    pub fn new(tallies: &[Tally; 6], bound: usize) -> Self {
        let plain = tallies[..3].iter().fold(Tally::default(), merge);
        let retrigger = tallies[3..].iter().fold(Tally::default(), merge);
        let mut bonus = Self { plain, retrigger, bound, table: vec![vec![Rest::default(); bound + 1]; bound + 1] };
        for played in (0..=bound).rev() {
            for total in played..=bound {
                bonus.table[played][total] = bonus.step(played, total);
            }
        }
        bonus
    }

    /// D^`bound`: what the values of [`Bonus::won_with`] stand over.
    #[must_use]
    pub fn denominator(&self) -> BigUint {
        self.sets().pow(exponent(self.bound))
    }

    /// A whole bonus of `award` spins at first.
    #[must_use]
    pub fn won_with(&self, award: usize) -> &Rest {
        &self.table[0][award]
    }

    /// Stops of each spin of the bonus that wins most.
    #[must_use]
    pub fn best_stops(&self, award: usize) -> Vec<[usize; 5]> {
        let (mut played, mut total) = (0, award);
        let mut stops = Vec::new();
        while played < total {
            let more = (total + RETRIGGER).min(self.bound);
            let retriggered = self.retrigger.most.0 + self.table[played + 1][more].most;
            played += 1;
            if retriggered == self.table[played - 1][total].most {
                stops.push(self.retrigger.most.1);
                total = more;
            } else {
                stops.push(self.plain.most.1);
            }
        }
        stops
    }

    /// Chance of a retrigger: numerator and denominator.
    #[must_use]
    pub fn retrigger_chance(&self) -> (u64, u64) {
        (self.retrigger.count, self.plain.count + self.retrigger.count)
    }

    fn sets(&self) -> BigUint {
        BigUint::from(self.plain.count + self.retrigger.count)
    }

    fn step(&self, played: usize, total: usize) -> Rest {
        let left = exponent(self.bound - played);
        if played == total {
            return Rest { blank: self.sets().pow(left), ..Rest::default() };
        }
        let after = &self.table[played + 1];
        let (stay, more) = (&after[total], &after[(total + RETRIGGER).min(self.bound)]);
        let (p, r) = (&self.plain, &self.retrigger);
        let unit = self.sets().pow(left - 1);
        Rest {
            spins: self.sets() * &unit + &stay.spins * p.count + &more.spins * r.count,
            won: &unit * (p.won + r.won) + &stay.won * p.count + &more.won * r.count,
            squares: &unit * (p.squares + r.squares)
                + (&stay.won * p.won + &more.won * r.won) * 2_u8
                + &stay.squares * p.count
                + &more.squares * r.count,
            blank: &stay.blank * p.blanks + &more.blank * r.blanks,
            most: (p.most.0 + stay.most).max(r.most.0 + more.most),
        }
    }
}

fn exponent(spins: usize) -> u32 {
    u32::try_from(spins).unwrap_or(u32::MAX)
}

fn merge(sum: Tally, next: &Tally) -> Tally {
    Tally {
        count: sum.count + next.count,
        won: sum.won + next.won,
        squares: sum.squares + next.squares,
        blanks: sum.blanks + next.blanks,
        most: sum.most.max(next.most),
    }
}
