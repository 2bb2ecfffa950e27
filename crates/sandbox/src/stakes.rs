//! Are these bets, is this action, what the manifest allows? Asked before a deal is bound (a refusal the player sees)
//! and again by the table before the guest runs, so a game never sees a stake it did not declare.

use crate::contract::{Action, Bet, Manifest, Spot};
use crate::limits;

/// Why bets are refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BetError {
    /// None at all.
    #[error("there is no bet")]
    NoBet,
    /// More than `max-bets`.
    #[error("there are more than {max} bets")]
    TooManyBets {
        /// The most the game takes.
        max: u32,
    },
    /// The game has no such spot.
    #[error("there is no spot {spot}")]
    UnknownSpot {
        /// The bet's spot.
        spot: u32,
    },
    /// Two bets on one spot.
    #[error("there are two bets on spot {spot}")]
    DuplicateSpot {
        /// The spot.
        spot: u32,
    },
    /// Under the spot's minimum.
    #[error("the stake on spot {spot} is below its minimum")]
    BelowMinimum {
        /// The bet's spot.
        spot: u32,
    },
    /// Over the spot's maximum.
    #[error("the stake on spot {spot} is above its maximum")]
    AboveMaximum {
        /// The bet's spot.
        spot: u32,
    },
    /// Not a multiple of the spot's step.
    #[error("the stake on spot {spot} is not a multiple of its step")]
    OffStep {
        /// The bet's spot.
        spot: u32,
    },
    /// The sum is more than money can hold.
    #[error("the stakes add up to more than money can hold")]
    Overflow,
}

impl BetError {
    /// A stable name for records and refusals.
    pub fn code(self) -> &'static str {
        match self {
            Self::NoBet => "no-bet",
            Self::TooManyBets { .. } => "too-many-bets",
            Self::UnknownSpot { .. } => "unknown-spot",
            Self::DuplicateSpot { .. } => "duplicate-spot",
            Self::BelowMinimum { .. } => "stake-below-minimum",
            Self::AboveMaximum { .. } => "stake-above-maximum",
            Self::OffStep { .. } => "stake-off-step",
            Self::Overflow => "stake-overflow",
        }
    }
}

/// Why an action is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ActionError {
    /// The game has no such action.
    #[error("there is no action {action}")]
    UnknownAction {
        /// The action's id.
        action: u32,
    },
    /// Its argument is out of range.
    #[error("the argument of action {action} is out of range")]
    ArgumentOutOfRange {
        /// The action's id.
        action: u32,
    },
}

impl ActionError {
    /// A stable name for records and refusals.
    pub fn code(self) -> &'static str {
        match self {
            Self::UnknownAction { .. } => "unknown-action",
            Self::ArgumentOutOfRange { .. } => "argument-out-of-range",
        }
    }
}

/// The sum of `bets` in minor units, if the game takes them all.
///
/// # Errors
/// The first [`BetError`], in the order of the bets.
pub fn check_stakes(manifest: &Manifest, bets: &[Bet]) -> Result<u64, BetError> {
    let max = manifest.max_bets;
    if bets.is_empty() {
        return Err(BetError::NoBet);
    }
    if u32::try_from(bets.len()).map_or(true, |count| count > max) {
        return Err(BetError::TooManyBets { max });
    }
    let mut total = 0_u64;
    for (index, bet) in bets.iter().enumerate() {
        let spot = manifest.spots.iter().find(|spot| spot.id == bet.spot);
        check_stake(spot.ok_or(BetError::UnknownSpot { spot: bet.spot })?, bet.stake_minor)?;
        if bets.iter().take(index).any(|earlier| earlier.spot == bet.spot) {
            return Err(BetError::DuplicateSpot { spot: bet.spot });
        }
        total = total.checked_add(bet.stake_minor).ok_or(BetError::Overflow)?;
    }
    if total > limits::MAX_AMOUNT { Err(BetError::Overflow) } else { Ok(total) }
}

fn check_stake(spot: &Spot, stake_minor: u64) -> Result<(), BetError> {
    if stake_minor < spot.min_minor {
        return Err(BetError::BelowMinimum { spot: spot.id });
    }
    if stake_minor > spot.max_minor {
        return Err(BetError::AboveMaximum { spot: spot.id });
    }
    match stake_minor.checked_rem(spot.step_minor) {
        Some(0) => Ok(()),
        _ => Err(BetError::OffStep { spot: spot.id }),
    }
}

/// Is `action` in the manifest, and its argument in range? That it was offered is for the fold to know.
///
/// # Errors
/// [`ActionError`].
pub fn check_action(manifest: &Manifest, action: Action) -> Result<(), ActionError> {
    let spec = manifest.actions.iter().find(|spec| spec.id == action.id);
    let spec = spec.ok_or(ActionError::UnknownAction { action: action.id })?;
    if (spec.arg_min..=spec.arg_max).contains(&action.arg) {
        Ok(())
    } else {
        Err(ActionError::ArgumentOutOfRange { action: action.id })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::ActionSpec;
    use crate::manifest::sample;
    use proptest::prelude::*;

    fn manifest() -> Manifest {
        let spot = |id, max_minor| Spot { id, min_minor: 10, max_minor, step_minor: 5, ..sample().spots[0].clone() };
        let actions = vec![ActionSpec { id: 1, name: "hit".into(), arg_min: -1, arg_max: 2 }];
        Manifest { max_bets: 2, spots: vec![spot(1, 100), spot(2, u64::MAX)], actions, ..sample() }
    }

    fn check(bets: &[(u32, u64)]) -> Result<u64, BetError> {
        let bets: Vec<Bet> = bets.iter().map(|&(spot, stake_minor)| Bet { spot, stake_minor }).collect();
        check_stakes(&manifest(), &bets)
    }

    #[test]
    fn good_bets_are_summed() {
        assert_eq!(check(&[(1, 10), (2, 95)]), Ok(105));
        assert_eq!(check(&[(1, 100)]), Ok(100));
    }

    #[test]
    fn every_kind_of_bad_bet_has_its_name() {
        assert_eq!(check(&[]), Err(BetError::NoBet));
        assert_eq!(check(&[(1, 10), (2, 10), (1, 10)]), Err(BetError::TooManyBets { max: 2 }));
        assert_eq!(check(&[(3, 10)]), Err(BetError::UnknownSpot { spot: 3 }));
        assert_eq!(check(&[(1, 10), (1, 15)]), Err(BetError::DuplicateSpot { spot: 1 }));
        assert_eq!(check(&[(1, 5)]), Err(BetError::BelowMinimum { spot: 1 }));
        assert_eq!(check(&[(1, 0)]), Err(BetError::BelowMinimum { spot: 1 }));
        assert_eq!(check(&[(1, 105)]), Err(BetError::AboveMaximum { spot: 1 }));
        assert_eq!(check(&[(1, 11)]), Err(BetError::OffStep { spot: 1 }));
        assert_eq!(check(&[(1, 100), (2, u64::MAX)]), Err(BetError::Overflow));
        assert_eq!(check(&[(2, limits::MAX_AMOUNT + 3)]), Err(BetError::Overflow));
    }

    #[test]
    fn an_action_is_known_and_its_argument_in_range() {
        let check = |id, arg| check_action(&manifest(), Action { id, arg });
        assert_eq!(check(1, -1), Ok(()));
        assert_eq!(check(1, 2), Ok(()));
        assert_eq!(check(1, 3), Err(ActionError::ArgumentOutOfRange { action: 1 }));
        assert_eq!(check(2, 0), Err(ActionError::UnknownAction { action: 2 }));
    }

    proptest! {
        #[test]
        fn whatever_is_accepted_is_a_sum_that_money_can_hold(a in any::<u64>(), b in any::<u64>()) {
            if let Ok(total) = check(&[(1, a), (2, b)]) {
                prop_assert_eq!(u128::from(total), u128::from(a) + u128::from(b));
                prop_assert!(total <= limits::MAX_AMOUNT && a <= 100 && total % 5 == 0);
            }
        }
    }
}
