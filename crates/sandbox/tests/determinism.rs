//! One key, one outcome: over backends, fresh and reused instances, and threads, fuel included.

use sandbox::{Action, Backend, Bet, Deal, RoundTotals, Simulator, Table, Verdict};
use sha2::{Digest, Sha256};

use crate::guests::honest;
use crate::{at_once, host_on, in_two, key, open};

const ROUNDS: u64 = 2000;

/// Everything of a deal that others compute again.
fn absorb(hash: &mut Sha256, deal: &Deal) {
    hash.update(deal.outcome.hash());
    hash.update(deal.draws_digest);
    hash.update(deal.fuel_used.to_be_bytes());
}

/// Plays rounds `from..to` of the honest guest: one of one deal, one of two, and so on.
fn tally(
    from: u64,
    to: u64,
    mut play: impl FnMut(u64, &[Bet]) -> Verdict,
    mut act: impl FnMut(u64, &[u8]) -> Verdict,
) -> Vec<[u8; 32]> {
    (from..to)
        .map(|n| {
            let mut hash = Sha256::new();
            let bets = if n % 2 == 0 { at_once(30) } else { in_two(30) };
            let first = play(n, &bets).unwrap();
            absorb(&mut hash, &first);
            if !first.outcome.finished {
                absorb(&mut hash, &act(n, &first.outcome.state).unwrap());
            }
            hash.finalize().into()
        })
        .collect()
}

const AGAIN: Action = Action { id: 5, arg: 1 };
const TOTALS: RoundTotals = RoundTotals { stake_minor: 60, win_minor: 0, deals: 1 };

fn fresh(table: &Table, from: u64, to: u64) -> Vec<[u8; 32]> {
    tally(from, to, |n, bets| table.play(key(n), bets), |n, state| table.act(key(n + ROUNDS), state, AGAIN, TOTALS))
}

fn reused(table: &Table) -> Vec<[u8; 32]> {
    let simulator = std::cell::RefCell::new(Simulator::new(table.clone()));
    tally(
        0,
        ROUNDS,
        |n, bets| simulator.borrow_mut().play(key(n), bets),
        |n, state| simulator.borrow_mut().act(key(n + ROUNDS), state, AGAIN, TOTALS),
    )
}

#[test]
fn the_same_keys_give_the_same_rounds_everywhere() {
    let reference = fresh(&open(&host_on(Backend::Cranelift), &honest()), 0, ROUNDS);
    for backend in [Backend::Cranelift, Backend::CraneliftNoOpt, Backend::Pulley] {
        let host = host_on(backend);
        let table = open(&host, &honest());
        assert_eq!(fresh(&table, 0, ROUNDS), reference, "fresh on {backend:?}");
        assert_eq!(reused(&table), reference, "reused on {backend:?}");
        let halves = std::thread::scope(|scope| {
            let first = scope.spawn(|| fresh(&table, 0, ROUNDS / 2));
            let second = scope.spawn(|| fresh(&table, ROUNDS / 2, ROUNDS));
            [first.join().unwrap(), second.join().unwrap()].concat()
        });
        assert_eq!(halves, reference, "two threads on {backend:?}");
    }
}

#[test]
fn verdicts_of_misbehaviour_agree_between_backends() {
    let loops = "(loop $again (drop (call $draw (i64.const 0) (i64.const 6))) (br $again)) (unreachable)";
    for body in ["unreachable", "(loop $again (br $again)) (unreachable)", loops, "(i32.const -8)"] {
        let verdicts = [Backend::Cranelift, Backend::CraneliftNoOpt, Backend::Pulley].map(|backend| {
            let host = host_on(backend);
            open(&host, &crate::Guest::playing(body)).play(key(1), &at_once(10))
        });
        assert!(verdicts[0].is_err());
        assert_eq!(verdicts[0], verdicts[1], "{body}");
        assert_eq!(verdicts[0], verdicts[2], "{body}");
    }
}

#[test]
fn floats_have_one_nan() {
    // The bits of a NaN that arithmetic made: free in WebAssembly, fixed here.
    let body = "(call $finish (i64.and (i64.const 1)
        (i64.shr_u (i64.reinterpret_f64 (f64.div (f64.const 0) (f64.const -0))) (i64.const 63)))) (i32.const 8192)";
    for backend in [Backend::Cranelift, Backend::Pulley] {
        let host = host_on(backend);
        let deal = open(&host, &crate::Guest::playing(body)).play(key(1), &at_once(10)).unwrap();
        assert_eq!(deal.outcome.win_minor, 0, "a NaN with its sign set on {backend:?}");
    }
}
