//! Hostile guests. Each attack ends in the verdict it must, is the game's fault, and leaves the next deal of an honest
//! game on the same host exactly as it was.

use sandbox::{Deal, DescribeError, Host, Infra, Misbehaviour, NoDeal, RoundTotals, Table};

use crate::guests::{Guest, honest};
use crate::{at_once, host, in_two, key, open};

/// A host with an honest table, and a deal of it to compare with.
struct Floor {
    host: Host,
    honest: Table,
    before: Deal,
}

impl Floor {
    fn new() -> Self {
        let host = host();
        let honest = open(&host, &honest());
        let before = honest.play(key(1), &at_once(10)).unwrap();
        Self { host, honest, before }
    }

    /// Plays one deal of `guest`, which must misbehave.
    fn meets(&self, guest: &Guest) -> Misbehaviour {
        self.meets_with(guest, 10)
    }

    fn meets_with(&self, guest: &Guest, stake_minor: u64) -> Misbehaviour {
        let table = open(&self.host, guest);
        let misbehaviour = misbehaved(table.play(key(1), &at_once(stake_minor)));
        self.is_unaffected();
        misbehaviour
    }

    fn is_unaffected(&self) {
        assert_eq!(self.honest.play(key(1), &at_once(10)).as_ref(), Ok(&self.before));
        assert_eq!(self.host.live_instances(), 0);
    }
}

fn misbehaved(verdict: Result<Deal, NoDeal>) -> Misbehaviour {
    match verdict {
        Err(NoDeal::Void(void)) if void.quarantines() => match void {
            sandbox::Void::Misbehaved(misbehaviour) => misbehaviour,
            other => panic!("quarantined for {other}"),
        },
        other => panic!("not a misbehaviour: {other:?}"),
    }
}

const FOREVER: &str = "(loop $again (br $again)) (unreachable)";

#[test]
fn an_infinite_loop_ends_when_its_fuel_does() {
    let floor = Floor::new();
    assert_eq!(floor.meets(&Guest::playing(FOREVER)), Misbehaviour::OutOfFuel);
    let mut dearest = Guest::playing(FOREVER);
    dearest.manifest.fuel_play = sandbox::limits::MAX_FUEL;
    assert_eq!(floor.meets(&dearest), Misbehaviour::OutOfFuel);
}

#[test]
fn an_infinite_loop_in_act_in_describe_and_at_the_start_ends_too() {
    let floor = Floor::new();
    let table = open(&floor.host, &Guest { act: FOREVER.into(), ..honest() });
    let first = table.play(key(1), &in_two(10)).unwrap();
    let totals = RoundTotals { stake_minor: 20, win_minor: 0, deals: 1 };
    let again = sandbox::Action { id: 5, arg: 0 };
    let verdict = table.act(key(2), &first.outcome.state, again, totals);
    assert_eq!(misbehaved(verdict), Misbehaviour::OutOfFuel);
    assert_eq!(floor.describes(Guest { describe: FOREVER.into(), ..honest() }), Misbehaviour::OutOfFuel);
    let items = "(func $spin (loop $again (br $again))) (start $spin)".into();
    assert_eq!(floor.describes(Guest { items, ..honest() }), Misbehaviour::OutOfFuel);
}

impl Floor {
    fn describes(&self, guest: Guest) -> Misbehaviour {
        let refused = self.host.load(&guest.build()).unwrap().open(crate::config()).unwrap_err();
        self.is_unaffected();
        match refused {
            DescribeError::Misbehaved(misbehaviour) => misbehaviour,
            other => panic!("not a misbehaviour: {other}"),
        }
    }
}

#[test]
fn a_draw_outside_a_deal_is_refused() {
    let floor = Floor::new();
    let describe = "(drop (call $draw (i64.const 0) (i64.const 2))) (i32.const 1024)".into();
    assert_eq!(floor.describes(Guest { describe, ..honest() }), Misbehaviour::DrawOutsideDeal);
}

#[test]
fn memory_does_not_grow_beyond_its_limit() {
    let floor = Floor::new();
    let bomb = "(loop $again (drop (memory.grow (i32.const 1))) (br $again)) (unreachable)";
    assert_eq!(floor.meets(&Guest::playing(bomb)), Misbehaviour::Memory);
    let four_gib = "(drop (memory.grow (i32.const 65536))) (i32.const 8192)";
    assert_eq!(floor.meets(&Guest::playing(four_gib)), Misbehaviour::Memory);
    let just_over = "(drop (memory.grow (i32.const 64))) (i32.const 8192)";
    assert_eq!(floor.meets(&Guest::playing(just_over)), Misbehaviour::Memory);
    let beyond_counting = "(drop (memory.grow (i32.const -1))) (i32.const 8192)";
    assert_eq!(floor.meets(&Guest::playing(beyond_counting)), Misbehaviour::Memory);
}

#[test]
fn a_game_may_use_all_the_memory_it_is_allowed() {
    let body = "(drop (memory.grow (i32.const 63))) (i32.store8 (i32.const 4194303) (i32.const 1))
        (call $finish (i64.const 0)) (i32.const 8192)";
    let deal = open(&host(), &Guest::playing(body)).play(key(1), &at_once(10)).unwrap();
    assert!(deal.outcome.finished);
}

#[test]
fn tables_do_not_grow_beyond_their_limit() {
    let items = "(table $t 1 funcref)".to_owned();
    let body = "(drop (table.grow $t (ref.null func) (i32.const 5000))) (i32.const 8192)";
    assert_eq!(Floor::new().meets(&Guest { items, ..Guest::playing(body) }), Misbehaviour::Table);
}

#[test]
fn deep_recursion_overflows_the_guests_stack_and_not_the_hosts() {
    let items = "(func $deeper (param i64) (result i64)
        (i64.add (call $deeper (i64.add (local.get 0) (i64.const 1))) (local.get 0)))"
        .into();
    let guest = Guest { items, ..Guest::playing("(drop (call $deeper (i64.const 0))) (i32.const 8192)") };
    assert_eq!(Floor::new().meets(&guest), Misbehaviour::Stack);
}

/// Finishes with a field of the outcome overwritten by a list of `len` at `at`.
fn with_list(field: u32, at: u32, len: u32) -> Guest {
    let len_field = field + 4;
    Guest {
        pages: 32,
        ..Guest::playing(&format!(
            "(call $finish (i64.const 0)) (i32.store (i32.const {field}) (i32.const {at}))
             (i32.store (i32.const {len_field}) (i32.const {len})) (i32.const 8192)"
        ))
    }
}

const OFFERS: u32 = 8212;
const STATE: u32 = 8220;
const EVENTS: u32 = 8228;
const TRIGGERS: u32 = 8236;

#[test]
fn a_mebibyte_returned_is_not_copied() {
    let floor = Floor::new();
    for field in [OFFERS, STATE, EVENTS, TRIGGERS] {
        let misbehaviour = floor.meets(&with_list(field, 65536, 1 << 20));
        assert_eq!(misbehaviour.code(), "bad-value", "{misbehaviour}");
    }
}

#[test]
fn pointers_out_of_bounds_are_not_followed() {
    let floor = Floor::new();
    for field in [OFFERS, STATE, EVENTS, TRIGGERS] {
        for (at, len) in [(0x7fff_fff8, 0x7fff_ffff), (0xffff_fff8, 16), (0x1f_fff8, 4096), (0x20_0008, 1)] {
            let misbehaviour = floor.meets(&with_list(field, at, len));
            assert_eq!(misbehaviour.code(), "bad-value", "{field} {at} {len}: {misbehaviour}");
        }
    }
    assert_eq!(floor.meets(&Guest::playing("(i32.const -8)")).code(), "bad-value");
    assert_eq!(floor.meets(&Guest::playing("(i32.const 65528)")).code(), "bad-value");
    assert_eq!(floor.meets(&Guest::playing("(i32.const 8193)")).code(), "bad-value");
}

#[test]
fn text_that_is_not_utf8_is_not_text() {
    let body = r"(call $finish (i64.const 0)) (call $show (i64.const 1))
        (i32.store8 (i32.const 8465) (i32.const 0xff)) (i32.const 8192)";
    assert_eq!(Floor::new().meets(&Guest::playing(body)).code(), "bad-value");
}

#[test]
fn an_unknown_variant_is_not_a_value() {
    let floor = Floor::new();
    let neither = "(i32.store8 (i32.const 8192) (i32.const 2)) (i32.const 8192)";
    assert_eq!(floor.meets(&Guest::playing(neither)).code(), "bad-value");
    let fault = "(call $fault (i32.const 6))";
    assert_eq!(floor.meets(&Guest::playing(fault)).code(), "bad-value");
}

#[test]
fn a_thousand_panics_leak_nothing() {
    let floor = Floor::new();
    let table = open(&floor.host, &Guest::playing("unreachable"));
    let panics = |times: u64| {
        for n in 0..times {
            assert_eq!(misbehaved(table.play(key(n), &at_once(10))), Misbehaviour::Unreachable);
        }
    };
    panics(100);
    let before = resident_pages();
    panics(1000);
    let grown = resident_pages().saturating_sub(before);
    assert!(grown <= 256, "the process grew by {grown} pages");
    floor.is_unaffected();
}

fn resident_pages() -> u64 {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap();
    statm.split(' ').nth(1).unwrap().parse().unwrap()
}

#[test]
fn traps_of_arithmetic_and_memory_are_misbehaviour() {
    let floor = Floor::new();
    for body in [
        "(drop (i64.div_u (local.get $stake) (i64.const 0))) (i32.const 8192)",
        "(drop (i64.load (i32.const -8))) (i32.const 8192)",
        "(drop (i32.trunc_f64_s (f64.const 1e30))) (i32.const 8192)",
    ] {
        assert_eq!(floor.meets(&Guest::playing(body)).code(), "trap");
    }
}

#[test]
fn a_billion_draws_end_at_the_declared_number() {
    let floor = Floor::new();
    let body = "(loop $again (drop (call $draw (i64.const 0) (i64.const 2)))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br_if $again (i32.lt_u (local.get $i) (i32.const 1000000000)))) (i32.const 8192)";
    assert_eq!(floor.meets(&Guest::playing(body)), Misbehaviour::DrawLimit { limit: 16 });
    let mut most = Guest::playing(body);
    (most.manifest.max_draws, most.manifest.fuel_play) = (1 << 16, 5_000_000);
    assert_eq!(floor.meets(&most), Misbehaviour::DrawLimit { limit: 1 << 16 });
}

#[test]
fn a_draw_below_zero_traps_and_the_guest_does_not_run_on() {
    let body = "(drop (call $draw (i64.const 0) (i64.const 0))) (call $finish (i64.const 0)) (i32.const 8192)";
    assert_eq!(Floor::new().meets(&Guest::playing(body)), Misbehaviour::BadDrawBound);
}

#[test]
fn a_win_beyond_the_declared_maximum_is_not_paid() {
    let floor = Floor::new();
    let paying = |win: &str| Guest::playing(&format!("(call $finish (i64.const {win})) (i32.const 8192)"));
    let over = |win_minor| Misbehaviour::WinOverMaximum { win_minor, max_minor: 720 };
    assert_eq!(floor.meets_with(&paying("721"), 20), over(721));
    assert_eq!(floor.meets_with(&paying("-1"), 20), over(u64::MAX.into()));
    let most = open(&floor.host, &paying("720")).play(key(1), &at_once(20)).unwrap();
    assert_eq!(most.outcome.win_minor, 720);
}

#[test]
fn outcomes_that_break_their_own_manifest_are_no_outcomes() {
    let floor = Floor::new();
    let changed = |change: &str| {
        let body = format!("(call $go_on (i64.const 1) (i64.const 10)) {change} (i32.const 8192)");
        floor.meets(&Guest::playing(&body)).code()
    };
    assert_eq!(changed("(i32.store8 (i32.const 8208) (i32.const 1))"), "finished-with-more");
    assert_eq!(changed("(i32.store (i32.const 8216) (i32.const 0))"), "no-way-on");
    assert_eq!(changed("(i32.store (i32.const 8224) (i32.const 0))"), "no-way-on");
    assert_eq!(changed("(i32.store (i32.const 8224) (i32.const 65))"), "state-too-large");
    assert_eq!(changed("(i32.store (i32.const 8320) (i32.const 6))"), "bad-offer");
    assert_eq!(changed("(i64.store (i32.const 8328) (i64.const -1))"), "bad-offer");
    let showing = |change: &str| {
        let body = format!("(call $finish (i64.const 0)) (call $show (i64.const 1)) {change} (i32.const 8192)");
        floor.meets(&Guest::playing(&body)).code()
    };
    assert_eq!(showing("(i32.store8 (i32.const 8464) (i32.const 32))"), "bad-event");
    assert_eq!(showing("(i32.store8 (i32.const 8477) (i32.const 48))"), "bad-event");
    assert_eq!(showing("(i32.store (i32.const 8460) (i32.const 500))"), "events-too-large");
    assert_eq!(showing("(i32.store (i32.const 8240) (i32.const 17))"), "too-many-triggers");
}

#[test]
fn a_round_that_does_not_end_in_time_is_void() {
    let floor = Floor::new();
    let go_on = "(call $go_on (i64.const 1) (i64.const 10)) (i32.const 8192)";
    let table = open(&floor.host, &Guest { act: go_on.into(), ..honest() });
    let first = table.play(key(1), &in_two(10)).unwrap();
    let totals = RoundTotals { stake_minor: 20, win_minor: 0, deals: 1 };
    let verdict = table.act(key(2), &first.outcome.state, sandbox::Action { id: 5, arg: 0 }, totals);
    assert_eq!(misbehaved(verdict), Misbehaviour::TooManyDeals { deals: 2 });
    floor.is_unaffected();
}

#[test]
fn nothing_a_game_hides_survives_a_deal() {
    let host = host();
    let items = "(global $deals (mut i64) (i64.const 0))".to_owned();
    let body = "(global.set $deals (i64.add (global.get $deals) (i64.const 1)))
        (i32.store8 (i32.const 9000) (i32.add (i32.load8_u (i32.const 9000)) (i32.const 1)))
        (call $finish (i64.add (global.get $deals) (i64.extend_i32_u (i32.load8_u (i32.const 9000)))))
        (i32.const 8192)";
    let table = open(&host, &Guest { items, ..Guest::playing(body) });
    for n in 0..50 {
        assert_eq!(table.play(key(n), &at_once(10)).unwrap().outcome.win_minor, 2);
    }
    // The counterexample: the same game on a reused instance shows what it hides, which is how a certificate finds it.
    let mut reused = sandbox::Simulator::new(table);
    let wins: Vec<u64> = (0..4).map(|n| reused.play(key(n), &at_once(10)).unwrap().outcome.win_minor).collect();
    assert_eq!(wins, [2, 4, 6, 8]);
}

#[test]
fn memory_that_one_game_wrote_is_zero_for_the_next() {
    let host = host();
    let writes = "(memory.fill (i32.const 20000) (i32.const 255) (i32.const 40000))
        (call $finish (i64.const 1)) (i32.const 8192)";
    let reads = "(local.set $i (i32.const 20000))
        (loop $next
          (local.set $drawn (i64.or (local.get $drawn) (i64.load (local.get $i))))
          (local.set $i (i32.add (local.get $i) (i32.const 8)))
          (br_if $next (i32.lt_u (local.get $i) (i32.const 60000))))
        (call $finish (i64.extend_i32_u (i64.ne (local.get $drawn) (i64.const 0)))) (i32.const 8192)";
    let (writer, reader) = (open(&host, &Guest::playing(writes)), open(&host, &Guest::playing(reads)));
    for n in 0..50 {
        assert_eq!(writer.play(key(n), &at_once(10)).unwrap().outcome.win_minor, 1);
        assert_eq!(reader.play(key(n), &at_once(10)).unwrap().outcome.win_minor, 0);
    }
}

#[test]
fn a_misbehaving_game_does_not_stay_in_a_simulator() {
    let mut reused = sandbox::Simulator::new(open(&host(), &Guest::playing("unreachable")));
    for n in 0..3 {
        assert_eq!(misbehaved(reused.play(key(n), &at_once(10))), Misbehaviour::Unreachable);
    }
}

#[test]
fn a_full_pool_is_no_verdict() {
    let host = Host::new(sandbox::HostOptions { slots: 1, lanes: 1, ..Default::default() }).unwrap();
    let table = open(&host, &honest());
    let mut holder = sandbox::Simulator::new(table.clone());
    holder.play(key(1), &at_once(10)).unwrap();
    assert_eq!(host.live_instances(), 1);
    assert_eq!(table.play(key(1), &at_once(10)).unwrap_err(), NoDeal::Infra(Infra::PoolExhausted));
    drop(holder);
    assert!(table.play(key(1), &at_once(10)).is_ok());
}
