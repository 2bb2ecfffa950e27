//! Bets as they are written in a shell: `SPOT` or `SPOT=STAKE`, the spot by number or name.

use sandbox::{Bet, Manifest, Spot};

use super::problem::Problem;

/// The bets named, or the least stake on the first spot when none is.
pub(crate) fn parse(manifest: &Manifest, texts: &[String]) -> Result<Vec<Bet>, Problem> {
    if texts.is_empty() {
        let first = manifest.spots.first().ok_or_else(|| Problem::NoSpot(String::new()))?;
        return Ok(vec![Bet { spot: first.id, stake_minor: first.min_minor }]);
    }
    texts.iter().map(|text| one(manifest, text)).collect()
}

/// One bet.
pub(crate) fn one(manifest: &Manifest, text: &str) -> Result<Bet, Problem> {
    // A spot's name may hold an equals sign; a stake can't.
    let (name, stake) = match text.rsplit_once('=') {
        Some((name, stake)) => (name, Some(stake)),
        None => (text, None),
    };
    let spot = spot(manifest, name).ok_or_else(|| Problem::NoSpot(name.to_owned()))?;
    let stake_minor = match stake {
        None => spot.min_minor,
        Some(stake) => stake.parse().map_err(|_| Problem::NotABet(text.to_owned()))?,
    };
    let fits = (spot.min_minor..=spot.max_minor).contains(&stake_minor);
    if !fits || stake_minor.checked_rem(spot.step_minor) != Some(0) {
        let (min, max) = (spot.min_minor, spot.max_minor);
        return Err(Problem::Stake { spot: spot.id, step: spot.step_minor, min, max });
    }
    Ok(Bet { spot: spot.id, stake_minor })
}

fn spot<'a>(manifest: &'a Manifest, name: &str) -> Option<&'a Spot> {
    let by_name = manifest.spots.iter().find(|spot| spot.name == name);
    by_name.or_else(|| manifest.spots.iter().find(|spot| Ok(spot.id) == name.parse()))
}
