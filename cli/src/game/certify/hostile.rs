//! Input that nobody should send: half of it nearly good, since what is far off is refused at the door.

use sandbox::{Action, Bet, Config, Manifest, Spot, canonical_config};

use crate::game::chance::Chance;

const CORNERS: [u64; 10] = [0, 1, 2, 255, 1 << 31, 1 << 32, 1 << 53, i64::MAX.unsigned_abs(), 1 << 63, u64::MAX];

/// A number from a corner, or any.
fn number(chance: &mut Chance<'_>) -> u64 {
    let at = usize::try_from(chance.choice(16)).unwrap_or(0);
    CORNERS.get(at).copied().unwrap_or_else(|| chance.choice(u64::MAX) >> chance.choice(64))
}

fn narrow(value: u64) -> u32 {
    u32::try_from(value & u64::from(u32::MAX)).unwrap_or(0)
}

fn pick<'a, T>(items: &'a [T], chance: &mut Chance<'_>) -> Option<&'a T> {
    let at = chance.choice(u64::try_from(items.len()).unwrap_or(0));
    items.get(usize::try_from(at).unwrap_or(0))
}

fn stake(spot: &Spot, chance: &mut Chance<'_>) -> u64 {
    let steps = (spot.max_minor - spot.min_minor).checked_div(spot.step_minor).unwrap_or(0).saturating_add(1);
    spot.min_minor.saturating_add(chance.choice(steps).saturating_mul(spot.step_minor))
}

/// A bet that the manifest allows.
pub(super) fn honest_bet(manifest: &Manifest, chance: &mut Chance<'_>) -> Option<Bet> {
    let spot = pick(&manifest.spots, chance)?;
    Some(Bet { spot: spot.id, stake_minor: stake(spot, chance) })
}

/// As many bets as a deal may have, all honest; or up to nine (one over the declared number, if that is less than eight), of which a
/// quarter are off.
pub(super) fn bets(manifest: &Manifest, chance: &mut Chance<'_>) -> Vec<Bet> {
    if chance.choice(4) == 0 {
        let most = usize::try_from(manifest.max_bets).unwrap_or(usize::MAX);
        let honest = |spot: &Spot| Bet { spot: spot.id, stake_minor: stake(spot, chance) };
        return manifest.spots.iter().take(most).map(honest).collect();
    }
    let count = chance.choice(u64::from(manifest.max_bets).min(8).saturating_add(2));
    let one = |chance: &mut Chance<'_>| {
        let honest = honest_bet(manifest, chance).unwrap_or(Bet { spot: 0, stake_minor: 1 });
        let spot = if chance.choice(8) == 0 { narrow(number(chance)) } else { honest.spot };
        let stake_minor = if chance.choice(8) == 0 { number(chance) } else { honest.stake_minor };
        Bet { spot, stake_minor }
    };
    (0..count).map(|_| one(chance)).collect()
}

/// An action of the manifest with any argument in range, or one of neither.
pub(super) fn action(manifest: &Manifest, chance: &mut Chance<'_>) -> Action {
    let spec = pick(&manifest.actions, chance).filter(|_| chance.choice(8) != 0);
    let Some(spec) = spec else {
        return Action { id: narrow(number(chance)), arg: number(chance).cast_signed() };
    };
    let span = spec.arg_max.abs_diff(spec.arg_min).saturating_add(1);
    let over = if chance.choice(8) == 0 { number(chance) } else { chance.choice(span) };
    Action { id: spec.id, arg: spec.arg_min.saturating_add_unsigned(over) }
}

/// `bytes` with some changed, cut, added, or others altogether.
pub(super) fn bytes(bytes: &[u8], chance: &mut Chance<'_>) -> Vec<u8> {
    let byte = |chance: &mut Chance<'_>| u8::try_from(chance.choice(256)).unwrap_or(0);
    let mut changed = bytes.to_vec();
    match chance.choice(8) {
        0 => changed = (0..chance.choice(64)).map(|_| byte(chance)).collect(),
        1 => changed.truncate(usize::try_from(chance.choice(16)).unwrap_or(0)),
        2 => changed.extend((0..chance.choice(16)).map(|_| byte(chance))),
        _ => {
            for _ in 0..=chance.choice(3) {
                let at = chance.choice(u64::try_from(changed.len()).unwrap_or(0));
                if let Some(place) = usize::try_from(at).ok().and_then(|at| changed.get_mut(at)) {
                    *place = byte(chance);
                }
            }
        }
    }
    changed
}

/// `text` with a value replaced, bytes changed, or another object; `None` when that is no configuration at all.
pub(super) fn configuration(text: &str, chance: &mut Chance<'_>) -> Option<Config> {
    let changed = match chance.choice(4) {
        0 => {
            let mut object: serde_json::Map<_, _> = serde_json::from_str(text).ok()?;
            let names: Vec<String> = object.keys().cloned().collect();
            let name = pick(&names, chance).cloned().unwrap_or_else(|| "edge_bp".to_owned());
            match chance.choice(4) {
                0 => object.remove(&name),
                1 => object.insert(name, number(chance).into()),
                2 => object.insert(name, "x".repeat(usize::try_from(chance.choice(300)).ok()?).into()),
                _ => object.insert(format!("{name}_"), true.into()),
            };
            serde_json::Value::Object(object).to_string()
        }
        1 => format!("{{\"a\":{}}}", "[".repeat(usize::try_from(chance.choice(8)).ok()?)),
        _ => String::from_utf8(bytes(text.as_bytes(), chance)).ok()?,
    };
    canonical_config(&changed).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::game::chance::block_key;

    #[test]
    fn changed_bytes_differ_and_many_configurations_are_well_formed() {
        let key = block_key("hostile", 0);
        let mut chance = Chance::new(&key);
        let state = [7_u8; 12];
        let others = (0..500).filter(|_| bytes(&state, &mut chance) != state).count();
        assert!(others > 450, "{others}");
        let formed = (0..500).filter(|_| configuration(r#"{"edge_bp":100}"#, &mut chance).is_some()).count();
        assert!(formed > 100, "{formed}");
    }
}
