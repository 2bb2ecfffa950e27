//! What is in sight after a spin: five reels, three symbols each.

use game_sdk::{Draw, Fault};

use crate::strips::Reels;
use crate::symbol::Symbol;

/// Symbols by reel, then by row from the top.
pub(crate) type Window = [[Symbol; 3]; 5];

/// Where each reel stopped: the place of its top symbol.
pub(crate) type Stops = [u64; 5];

/// Spins the reels, first to last: one draw below the length of each.
///
/// # Errors
/// [`Fault::Internal`] when a draw lies outside its reel, which no host returns.
pub(crate) fn spin(reels: &Reels, draw: &mut impl Draw) -> Result<(Stops, Window), Fault> {
    let mut stops = [0; 5];
    let mut window = [[Symbol::Pebble; 3]; 5];
    for ((reel, stop), sight) in reels.iter().zip(&mut stops).zip(&mut window) {
        let length = u64::try_from(reel.len()).map_err(|_huge| Fault::Internal)?;
        *stop = draw.below(0, length);
        *sight = in_sight(reel, *stop).ok_or(Fault::Internal)?;
    }
    Ok((stops, window))
}

fn in_sight(reel: &[Symbol], stop: u64) -> Option<[Symbol; 3]> {
    let top = usize::try_from(stop).ok()?;
    let middle = next(reel, top);
    let bottom = next(reel, middle);
    Some([*reel.get(top)?, *reel.get(middle)?, *reel.get(bottom)?])
}

/// The place below `place`, around the ring.
fn next(reel: &[Symbol], place: usize) -> usize {
    let below = place.saturating_add(1);
    if below < reel.len() { below } else { 0 }
}

/// Lanterns in sight.
pub(crate) fn lanterns(window: &Window) -> usize {
    window.as_flattened().iter().filter(|symbol| **symbol == Symbol::Lantern).count()
}
