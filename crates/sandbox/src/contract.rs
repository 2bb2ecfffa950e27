//! The studio contract as Rust types, generated from `wasm-games/wit/game.wit`: the domain types of this crate are the
//! contract's own, so no field can be lost between two shapes. A change of the WIT that changes a type fails here.

wasmtime::component::bindgen!({
    path: "../../wasm-games/wit",
    world: "studio-game",
    imports: { default: trappable },
    additional_derives: [PartialEq, Eq],
});

pub use exports::studio::game::game::{
    Action, ActionSpec, Bet, Event, Fault, Kind, Manifest, Offer, Outcome, Spot, Trigger, Volatility,
};
pub(crate) use studio::game::entropy;

/// The only import a game may have.
pub(crate) const ENTROPY: &str = "studio:game/entropy@0.1.0";
/// The export every game has.
pub(crate) const GAME: &str = "studio:game/game@0.1.0";
