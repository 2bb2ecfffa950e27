//! What a game may declare of itself. Checked once, when a table opens; everything after relies on it.

use std::collections::BTreeSet;

use crate::contract::{ActionSpec, Manifest, Spot};
use crate::limits;

/// Why a manifest is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ManifestError {
    /// An empty, long or unprintable text.
    #[error("{field} is empty, too long or has characters it may not")]
    Text {
        /// Which.
        field: &'static str,
    },
    /// A number that is zero where it can't be, or over the host's ceiling.
    #[error("{field} is {value}, outside 1..={ceiling}")]
    Bound {
        /// Which.
        field: &'static str,
        /// What was declared.
        value: u64,
        /// The host's ceiling.
        ceiling: u64,
    },
    /// No spot, or too many.
    #[error("there are {count} spots")]
    SpotCount {
        /// How many.
        count: usize,
    },
    /// Two spots with one id, or a spot without a stake that fits it.
    #[error("spot {spot} is declared twice or allows no stake")]
    Spot {
        /// Its id.
        spot: u32,
    },
    /// Too many actions.
    #[error("there are {count} actions")]
    ActionCount {
        /// How many.
        count: usize,
    },
    /// Two actions with one id, or an empty range of arguments.
    #[error("action {action} is declared twice or allows no argument")]
    Action {
        /// Its id.
        action: u32,
    },
    /// The largest stakes times the largest win don't fit into money.
    #[error("the most a round can pay does not fit into an amount")]
    WinOverflow,
}

/// Checks every bound of a manifest against the host's ceilings.
///
/// # Errors
/// The first [`ManifestError`], in the order of the contract's fields.
pub fn check_manifest(manifest: &Manifest) -> Result<(), ManifestError> {
    texts(manifest)?;
    bounds(manifest)?;
    spots(&manifest.spots)?;
    actions(&manifest.actions)?;
    largest_win(manifest)
}

fn texts(manifest: &Manifest) -> Result<(), ManifestError> {
    let id_ok = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if !fits(&manifest.id, limits::MAX_ID) || !manifest.id.bytes().all(id_ok) {
        return Err(ManifestError::Text { field: "id" });
    }
    if !fits(&manifest.version, limits::MAX_VERSION) || !manifest.version.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(ManifestError::Text { field: "version" });
    }
    readable(&manifest.title, "title")
}

fn fits(text: &str, max: usize) -> bool {
    !text.is_empty() && text.len() <= max
}

fn readable(text: &str, field: &'static str) -> Result<(), ManifestError> {
    if fits(text, limits::MAX_TITLE) && !text.chars().any(char::is_control) {
        Ok(())
    } else {
        Err(ManifestError::Text { field })
    }
}

fn bounds(manifest: &Manifest) -> Result<(), ManifestError> {
    let within = |field, value: u64, floor: u64, ceiling: u64| {
        let ok = (floor..=ceiling).contains(&value);
        if ok { Ok(()) } else { Err(ManifestError::Bound { field, value, ceiling }) }
    };
    within("return-ppm", manifest.return_ppm.into(), 1, limits::MAX_RETURN_PPM.into())?;
    within("max-win-milli", manifest.max_win_milli, 1, limits::MAX_WIN_MILLI)?;
    within("max-bets", manifest.max_bets.into(), 1, limits::MAX_BETS.into())?;
    within("max-deals", manifest.max_deals.into(), 1, limits::MAX_DEALS.into())?;
    // These may be 0: a game without draws, state or events is dull but sound.
    within("max-draws", manifest.max_draws.into(), 0, limits::MAX_DRAWS.into())?;
    within("max-state", manifest.max_state.into(), 0, limits::MAX_STATE.into())?;
    within("max-events", manifest.max_events.into(), 0, limits::MAX_EVENTS.into())?;
    within("fuel-play", manifest.fuel_play, 1, limits::MAX_FUEL)?;
    let fuel_act_floor = u64::from(!manifest.actions.is_empty());
    within("fuel-act", manifest.fuel_act, fuel_act_floor, limits::MAX_FUEL)
}

fn spots(spots: &[Spot]) -> Result<(), ManifestError> {
    if spots.is_empty() || spots.len() > limits::MAX_SPOTS {
        return Err(ManifestError::SpotCount { count: spots.len() });
    }
    let mut ids = BTreeSet::new();
    for spot in spots {
        readable(&spot.name, "spot name")?;
        let steps_fit = spot.min_minor.checked_rem(spot.step_minor) == Some(0);
        let range_fits = (1..=spot.max_minor).contains(&spot.min_minor) && spot.max_minor <= limits::MAX_AMOUNT;
        if !steps_fit || !range_fits || !ids.insert(spot.id) {
            return Err(ManifestError::Spot { spot: spot.id });
        }
    }
    Ok(())
}

fn actions(actions: &[ActionSpec]) -> Result<(), ManifestError> {
    if actions.len() > limits::MAX_SPOTS {
        return Err(ManifestError::ActionCount { count: actions.len() });
    }
    let mut ids = BTreeSet::new();
    for action in actions {
        readable(&action.name, "action name")?;
        if action.arg_min > action.arg_max || !ids.insert(action.id) {
            return Err(ManifestError::Action { action: action.id });
        }
    }
    Ok(())
}

/// `max-bets` stakes on the dearest spot, all at the largest win, must still be an amount.
fn largest_win(manifest: &Manifest) -> Result<(), ManifestError> {
    let dearest = manifest.spots.iter().map(|spot| spot.max_minor).max().unwrap_or(0);
    let stake = u128::from(dearest).saturating_mul(u128::from(manifest.max_bets));
    let win = stake.saturating_mul(u128::from(manifest.max_win_milli)) / 1000;
    if stake.max(win) > u128::from(limits::MAX_AMOUNT) {
        return Err(ManifestError::WinOverflow);
    }
    Ok(())
}

/// A small manifest that passes, for this crate's tests.
#[cfg(test)]
pub(crate) fn sample() -> Manifest {
    use crate::contract::{Kind, Volatility};
    let spot = Spot { id: 1, name: "main".into(), min_minor: 1, max_minor: 1000, step_minor: 1, pays_milli: 36_000 };
    Manifest {
        id: "coin".into(),
        version: "1.0.0".into(),
        title: "Coin".into(),
        kind: Kind::Other,
        volatility: Volatility::Low,
        return_ppm: 972_973,
        max_win_milli: 36_000,
        max_bets: 1,
        max_deals: 1,
        max_draws: 4,
        max_state: 16,
        max_events: 256,
        fuel_play: 10_000,
        fuel_act: 0,
        spots: vec![spot],
        actions: vec![],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(change: impl FnOnce(&mut Manifest)) -> Result<(), ManifestError> {
        let mut manifest = sample();
        change(&mut manifest);
        check_manifest(&manifest)
    }

    #[test]
    fn an_honest_manifest_passes() {
        assert_eq!(check_manifest(&sample()), Ok(()));
    }

    #[test]
    fn texts_are_short_and_printable() {
        let text = |field| Err(ManifestError::Text { field });
        assert_eq!(with(|m| m.id = String::new()), text("id"));
        assert_eq!(with(|m| m.id = "../coin".into()), text("id"));
        assert_eq!(with(|m| m.version = "1 0".into()), text("version"));
        assert_eq!(with(|m| m.title = "a\u{1b}[2J".into()), text("title"));
        assert_eq!(with(|m| m.title = "a".repeat(129)), text("title"));
        assert_eq!(with(|m| m.spots[0].name = String::new()), text("spot name"));
    }

    #[test]
    fn no_bound_is_over_the_hosts_ceiling() {
        let over = |result: Result<(), ManifestError>, name: &str| match result {
            Err(ManifestError::Bound { field, .. }) => assert_eq!(field, name),
            other => panic!("{name}: {other:?}"),
        };
        over(with(|m| m.return_ppm = 1_000_001), "return-ppm");
        over(with(|m| m.max_win_milli = u64::MAX), "max-win-milli");
        over(with(|m| m.max_bets = 0), "max-bets");
        over(with(|m| m.max_deals = u32::MAX), "max-deals");
        over(with(|m| m.max_draws = u32::MAX), "max-draws");
        over(with(|m| m.max_state = u32::MAX), "max-state");
        over(with(|m| m.max_events = u32::MAX), "max-events");
        over(with(|m| m.fuel_play = u64::MAX), "fuel-play");
        over(with(|m| m.fuel_act = u64::MAX), "fuel-act");
    }

    #[test]
    fn spots_are_distinct_and_allow_a_stake() {
        let bad = Err(ManifestError::Spot { spot: 1 });
        assert_eq!(with(|m| m.spots.push(m.spots[0].clone())), bad);
        assert_eq!(with(|m| m.spots[0].step_minor = 0), bad);
        assert_eq!(with(|m| m.spots[0].min_minor = 0), bad);
        assert_eq!(with(|m| m.spots[0].min_minor = 1001), bad);
        assert_eq!(with(|m| m.spots[0].step_minor = 2), bad);
        assert_eq!(with(|m| m.spots[0].max_minor = u64::MAX), bad);
        assert_eq!(with(|m| m.spots.clear()), Err(ManifestError::SpotCount { count: 0 }));
    }

    #[test]
    fn actions_are_distinct_and_allow_an_argument() {
        let hit = ActionSpec { id: 3, name: "hit".into(), arg_min: 0, arg_max: 0 };
        let add = |actions: Vec<ActionSpec>| with(|m| (m.actions, m.fuel_act) = (actions, 1));
        assert_eq!(add(vec![hit.clone()]), Ok(()));
        assert_eq!(add(vec![hit.clone(), hit.clone()]), Err(ManifestError::Action { action: 3 }));
        assert_eq!(add(vec![ActionSpec { arg_min: 1, ..hit }]), Err(ManifestError::Action { action: 3 }));
    }

    #[test]
    fn the_largest_win_is_an_amount() {
        let overflow = with(|m| (m.spots[0].max_minor, m.max_win_milli) = (limits::MAX_AMOUNT / 2, 3000));
        assert_eq!(overflow, Err(ManifestError::WinOverflow));
    }
}
