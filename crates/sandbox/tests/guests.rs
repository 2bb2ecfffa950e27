//! Guests written as text: an honest game of two spots, and a way to replace any of its functions by a hostile one.
//!
//! The memory is laid out by hand: the manifest from 1024 on, the outcome at 8192, its lists behind it, and a heap
//! from 16384 on that `cabi_realloc` hands out and every call gives back.

use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

use crate::{ActionSpec, Kind, Manifest, Spot, Volatility};

/// Where the manifest's result is.
const MANIFEST: u32 = 1024;
const TEXTS: u32 = MANIFEST + 8 + 96;

/// A game as text, function by function.
pub(crate) struct Guest {
    /// What `describe` declares.
    pub(crate) manifest: Manifest,
    /// The body of `describe`.
    pub(crate) describe: String,
    /// The body of `play`; its locals are `$cfg $cfg_len $bets $bets_len $stake $drawn $i`.
    pub(crate) play: String,
    /// The body of `act`; its locals are `$state $state_len $action $arg $drawn`.
    pub(crate) act: String,
    /// More items of the module.
    pub(crate) items: String,
    /// Pages of memory at the start.
    pub(crate) pages: u32,
}

/// Spot 1 pays 36 for 1 with one chance in 37. Spot 2 draws a number, asks for as much again, draws another and pays
/// 8 times the whole stake if they are equal.
pub(crate) fn honest() -> Guest {
    Guest {
        manifest: manifest(),
        describe: format!("(i32.const {MANIFEST})"),
        play: PLAY.into(),
        act: ACT.into(),
        items: String::new(),
        pages: 1,
    }
}

const PLAY: &str = r#"
  (local.set $stake (i64.load offset=8 (local.get $bets)))
  (if (i32.eq (i32.load (local.get $bets)) (i32.const 1))
    (then
      (local.set $drawn (call $draw (i64.const 0) (i64.const 37)))
      (call $finish (select (i64.mul (local.get $stake) (i64.const 36)) (i64.const 0) (i64.eqz (local.get $drawn))))
      (call $show (local.get $drawn)))
    (else
      (local.set $drawn (call $draw (i64.const 7) (i64.const 10)))
      (call $go_on (local.get $drawn) (local.get $stake))))
  (i32.const 8192)"#;

const ACT: &str = r#"
  (if (i32.ne (i32.load8_u (local.get $state)) (i32.const 1)) (then (return (call $fault (i32.const 3)))))
  (local.set $drawn (call $draw (i64.const 7) (i64.const 10)))
  (call $finish (select (i64.mul (i64.load offset=2 (local.get $state)) (i64.const 16)) (i64.const 0)
    (i64.eq (local.get $drawn) (i64.load8_u offset=1 (local.get $state)))))
  (call $show (local.get $drawn))
  (i32.const 8192)"#;

/// What every guest has. The shapes of results are those of the canonical ABI.
const LIBRARY: &str = r#"
  (global $heap (mut i32) (i32.const 16384))
  (func (export "cabi_realloc") (param $old i32) (param $old_len i32) (param $align i32) (param $len i32) (result i32)
    (local $at i32)
    (local.set $at (i32.and (i32.add (global.get $heap) (i32.sub (local.get $align) (i32.const 1)))
      (i32.sub (i32.const 0) (local.get $align))))
    (global.set $heap (i32.add (local.get $at) (local.get $len)))
    (local.get $at))
  (func $reset (param i32) (global.set $heap (i32.const 16384)))
  (export "cabi_post_studio:game/game@0.1.0#describe" (func $reset))
  (export "cabi_post_studio:game/game@0.1.0#play" (func $reset))
  (export "cabi_post_studio:game/game@0.1.0#act" (func $reset))
  (func $fault (param $code i32) (result i32)
    (i32.store8 (i32.const 8192) (i32.const 1))
    (i32.store8 (i32.const 8200) (local.get $code))
    (i32.const 8192))
  ;; an outcome that is over, without lists
  (func $finish (param $win i64)
    (memory.fill (i32.const 8192) (i32.const 0) (i32.const 64))
    (i64.store (i32.const 8200) (local.get $win))
    (i32.store8 (i32.const 8208) (i32.const 1)))
  ;; one event: "spin", {"n":10..99}
  (func $show (param $n i64) (local $two i32)
    (local.set $two (i32.add (i32.wrap_i64 (local.get $n)) (i32.const 10)))
    (i32.store (i32.const 8228) (i32.const 8448))
    (i32.store (i32.const 8232) (i32.const 1))
    (i32.store (i32.const 8448) (i32.const 8464))
    (i32.store (i32.const 8452) (i32.const 4))
    (i32.store (i32.const 8456) (i32.const 8472))
    (i32.store (i32.const 8460) (i32.const 8))
    (i32.store8 (i32.const 8477) (i32.add (i32.const 48) (i32.div_u (local.get $two) (i32.const 10))))
    (i32.store8 (i32.const 8478) (i32.add (i32.const 48) (i32.rem_u (local.get $two) (i32.const 10)))))
  ;; an outcome that goes on: state 1, n, stake; an offer of action 5 for the stake again
  (func $go_on (param $n i64) (param $stake i64)
    (call $finish (i64.const 0))
    (i32.store8 (i32.const 8208) (i32.const 0))
    (i32.store (i32.const 8212) (i32.const 8320))
    (i32.store (i32.const 8216) (i32.const 1))
    (i32.store (i32.const 8320) (i32.const 5))
    (i64.store (i32.const 8328) (local.get $stake))
    (i32.store (i32.const 8220) (i32.const 8576))
    (i32.store (i32.const 8224) (i32.const 10))
    (i32.store8 (i32.const 8576) (i32.const 1))
    (i64.store8 (i32.const 8577) (local.get $n))
    (i64.store (i32.const 8578) (local.get $stake)))
  (data (i32.const 8464) "spin....{\"n\":00}")"#;

impl Guest {
    /// An honest guest but for `play`.
    pub(crate) fn playing(body: &str) -> Self {
        Self { play: body.into(), ..honest() }
    }

    /// The component's bytes.
    pub(crate) fn build(&self) -> Vec<u8> {
        let mut core = wat::parse_str(self.text()).unwrap_or_else(|error| panic!("{error}"));
        let mut resolve = Resolve::default();
        let wit = concat!(env!("CARGO_MANIFEST_DIR"), "/../../wasm-games/wit");
        let (package, _) = resolve.push_dir(wit).unwrap();
        let world = resolve.select_world(&[package], Some("studio-game")).unwrap();
        embed_component_metadata(&mut core, &resolve, world, StringEncoding::UTF8).unwrap();
        ComponentEncoder::default().validate(true).module(&core).unwrap().encode().unwrap()
    }

    fn text(&self) -> String {
        let Self { describe, play, act, items, pages, .. } = self;
        let manifest = escaped(&lay_out(&self.manifest));
        format!(
            r#"(module
  (import "studio:game/entropy@0.1.0" "draw" (func $draw (param i64 i64) (result i64)))
  (memory (export "memory") {pages})
  (func (export "studio:game/game@0.1.0#describe") (param $cfg i32) (param $cfg_len i32) (result i32) {describe})
  (func (export "studio:game/game@0.1.0#play")
    (param $cfg i32) (param $cfg_len i32) (param $bets i32) (param $bets_len i32) (result i32)
    (local $stake i64) (local $drawn i64) (local $i i32) {play})
  (func (export "studio:game/game@0.1.0#act")
    (param $cfg i32) (param $cfg_len i32) (param $state i32) (param $state_len i32) (param $action i32) (param $arg i64)
    (result i32) (local $drawn i64) {act})
  (data (i32.const {MANIFEST}) "{manifest}")
  {LIBRARY}
  {items})"#
        )
    }
}

fn manifest() -> Manifest {
    let spot = |id, name: &str, pays_milli| {
        let name = name.to_owned();
        Spot { id, name, min_minor: 10, max_minor: 10_000, step_minor: 10, pays_milli }
    };
    Manifest {
        id: "wheel".into(),
        version: "1.0.0".into(),
        title: "A small wheel".into(),
        kind: Kind::Other,
        volatility: Volatility::High,
        return_ppm: 972_972,
        max_win_milli: 36_000,
        max_bets: 1,
        max_deals: 2,
        max_draws: 16,
        max_state: 64,
        max_events: 128,
        fuel_play: 1_000_000,
        fuel_act: 1_000_000,
        spots: vec![spot(1, "at once", 36_000), spot(2, "in two", 8_000)],
        actions: vec![ActionSpec { id: 5, name: "again".into(), arg_min: 0, arg_max: 3 }],
    }
}

/// `result<manifest, fault>` as it lies in memory at [`MANIFEST`], with everything it points to.
fn lay_out(manifest: &Manifest) -> Vec<u8> {
    let mut tail = Tail { base: TEXTS, bytes: Vec::new() };
    let mut head = vec![0; 8];
    for text in [&manifest.id, &manifest.version, &manifest.title] {
        head.extend(tail.text(text));
    }
    head.extend([kind(manifest.kind), volatility(manifest.volatility), 0, 0]);
    head.extend(manifest.return_ppm.to_le_bytes());
    head.extend(manifest.max_win_milli.to_le_bytes());
    let Manifest { max_bets, max_deals, max_draws, max_state, max_events, .. } = *manifest;
    for bound in [max_bets, max_deals, max_draws, max_state, max_events, 0] {
        head.extend(bound.to_le_bytes());
    }
    head.extend(manifest.fuel_play.to_le_bytes());
    head.extend(manifest.fuel_act.to_le_bytes());
    let mut spots = Vec::new();
    for spot in &manifest.spots {
        spots.extend(spot.id.to_le_bytes());
        spots.extend(tail.text(&spot.name));
        spots.extend([0; 4]);
        for amount in [spot.min_minor, spot.max_minor, spot.step_minor, spot.pays_milli] {
            spots.extend(amount.to_le_bytes());
        }
    }
    let mut actions = Vec::new();
    for action in &manifest.actions {
        actions.extend(action.id.to_le_bytes());
        actions.extend(tail.text(&action.name));
        actions.extend([0; 4]);
        actions.extend(action.arg_min.to_le_bytes());
        actions.extend(action.arg_max.to_le_bytes());
    }
    head.extend(tail.list(&spots, manifest.spots.len()));
    head.extend(tail.list(&actions, manifest.actions.len()));
    assert_eq!(head.len(), 8 + 96, "the layout of a manifest has changed");
    head.extend(tail.bytes);
    head
}

fn kind(kind: Kind) -> u8 {
    match kind {
        Kind::Slot => 0,
        Kind::Roulette => 1,
        Kind::Cards => 2,
        Kind::Dice => 3,
        Kind::Crash => 4,
        Kind::Other => 5,
    }
}

fn volatility(volatility: Volatility) -> u8 {
    match volatility {
        Volatility::Low => 0,
        Volatility::Medium => 1,
        Volatility::High => 2,
    }
}

/// What lies behind the manifest.
struct Tail {
    base: u32,
    bytes: Vec<u8>,
}

impl Tail {
    fn text(&mut self, text: &str) -> [u8; 8] {
        self.list(text.as_bytes(), text.len())
    }

    fn list(&mut self, bytes: &[u8], count: usize) -> [u8; 8] {
        while !self.bytes.len().is_multiple_of(8) {
            self.bytes.push(0);
        }
        let at = self.base + u32::try_from(self.bytes.len()).unwrap();
        self.bytes.extend(bytes);
        let mut place = [0; 8];
        place[..4].copy_from_slice(&at.to_le_bytes());
        place[4..].copy_from_slice(&u32::try_from(count).unwrap().to_le_bytes());
        place
    }
}

fn escaped(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("\\{byte:02x}")).collect()
}
