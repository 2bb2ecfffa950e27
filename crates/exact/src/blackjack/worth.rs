//! What a hand or a round is worth: mean and mean square of its net, and the chance that nothing is paid.

use num_rational::BigRational;
use num_traits::{One, Zero};

use super::dealer::{Dealer, ENDS};

/// Moments; weighted by a probability when scaled by one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Worth {
    /// Mean net, first stakes.
    pub(super) net: BigRational,
    /// Mean of its square.
    pub(super) square: BigRational,
    /// Probability that nothing is paid.
    pub(super) unpaid: BigRational,
}

impl Worth {
    pub(super) fn certain(net: &BigRational, unpaid: bool) -> Self {
        let unpaid = if unpaid { BigRational::one() } else { BigRational::zero() };
        Self { net: net.clone(), square: net * net, unpaid }
    }

    /// With probability `weight`, and else nothing at all.
    pub(super) fn scaled(&self, weight: &BigRational) -> Self {
        Self { net: &self.net * weight, square: &self.square * weight, unpaid: &self.unpaid * weight }
    }

    /// Of two exclusive cases.
    pub(super) fn plus(&self, other: &Self) -> Self {
        Self { net: &self.net + &other.net, square: &self.square + &other.square, unpaid: &self.unpaid + &other.unpaid }
    }

    /// Of two independent hands, both played.
    fn and(&self, other: &Self) -> Self {
        let twice = &self.net * &other.net * BigRational::from_integer(2.into());
        Self {
            net: &self.net + &other.net,
            square: &self.square + twice + &other.square,
            unpaid: &self.unpaid * &other.unpaid,
        }
    }
}

/// What is worth what for each end of the dealer's: given it, the player's hands are independent of each other.
#[derive(Clone, Debug)]
pub(super) struct Worths(pub(super) [Worth; ENDS]);

impl Worths {
    pub(super) fn nothing() -> Self {
        Self::certain(&BigRational::zero(), false).scaled(&BigRational::zero())
    }

    pub(super) fn certain(net: &BigRational, unpaid: bool) -> Self {
        Self(std::array::from_fn(|_| Worth::certain(net, unpaid)))
    }

    pub(super) fn scaled(&self, weight: &BigRational) -> Self {
        Self(self.0.each_ref().map(|worth| worth.scaled(weight)))
    }

    pub(super) fn plus(&self, other: &Self) -> Self {
        Self::zipped(self, other, Worth::plus)
    }

    pub(super) fn and(&self, other: &Self) -> Self {
        Self::zipped(self, other, Worth::and)
    }

    /// With stakes of twice the size.
    pub(super) fn doubled(&self) -> Self {
        let twice = BigRational::from_integer(2.into());
        Self(self.0.each_ref().map(|worth| Worth {
            net: &worth.net * &twice,
            square: &worth.square * &twice * &twice,
            unpaid: worth.unpaid.clone(),
        }))
    }

    /// Over all ends of the dealer's.
    pub(super) fn over(&self, dealer: &Dealer) -> Worth {
        let start = Worth::certain(&BigRational::zero(), false).scaled(&BigRational::zero());
        let weighted = self.0.iter().zip(&dealer.ends).filter(|(_, chance)| !chance.is_zero());
        weighted.fold(start, |sum, (worth, chance)| sum.plus(&worth.scaled(chance)))
    }

    /// The mean net alone, by which decisions are made.
    pub(super) fn net(&self, dealer: &Dealer) -> BigRational {
        self.0.iter().zip(&dealer.ends).map(|(worth, chance)| &worth.net * chance).sum()
    }

    /// The one of higher mean net; the first when they are equal.
    pub(super) fn better(self, other: Self, dealer: &Dealer) -> Self {
        if other.net(dealer) > self.net(dealer) { other } else { self }
    }

    fn zipped(one: &Self, two: &Self, with: impl Fn(&Worth, &Worth) -> Worth) -> Self {
        let mut all = one.clone();
        for (worth, other) in all.0.iter_mut().zip(&two.0) {
            *worth = with(worth, other);
        }
        all
    }
}
