//! An honest game: what it is given arrives, what it returns is reported, and nothing is left behind.

use sandbox::{
    Action, ActionError, BetError, Config, DescribeError, Fault, Game, Host, NoDeal, RoundTotals, Void, params_hash,
};
use sha2::{Digest, Sha256};

use crate::guests::{Guest, honest};
use crate::{at_once, host, in_two, key, open};

#[test]
fn a_table_knows_its_game_its_configuration_and_its_manifest() {
    let host = host();
    let bytes = honest().build();
    let game: Game = host.load(&bytes).unwrap();
    assert_eq!(game.digest(), <[u8; 32]>::from(Sha256::digest(&bytes)));
    let table = game.open(Config::exactly(r#"{"edge_bp":100}"#).unwrap()).unwrap();
    assert_eq!(table.params(), params_hash(r#"{"edge_bp":100}"#));
    assert_eq!(table.digest(), game.digest());
    assert_eq!(*table.manifest(), honest().manifest);
}

#[test]
fn a_deal_reports_its_draws_its_win_and_its_events() {
    let host = host();
    let table = open(&host, &honest());
    let mut wins = 0;
    for n in 0..300 {
        let deal = table.play(key(n), &at_once(20)).unwrap();
        let draw = deal.draws[0];
        assert_eq!((deal.draws.len(), draw.stream, draw.bound), (1, 0, 37));
        assert_eq!(deal.outcome.win_minor, if draw.value == 0 { 720 } else { 0 });
        assert_eq!(deal.outcome.events[0].data, format!("{{\"n\":{}}}", draw.value + 10));
        assert_eq!(deal.draws_digest, fairness::digest(&deal.draws));
        wins += u64::from(draw.value == 0);
    }
    assert!((1..30).contains(&wins), "{wins} wins of 300 at 1 in 37");
    assert_eq!(host.live_instances(), 0);
}

#[test]
fn a_round_of_two_deals_goes_on_from_its_state_alone() {
    let host = host();
    let table = open(&host, &honest());
    for n in 0..100 {
        let first = table.play(key(n), &in_two(50)).unwrap();
        assert!(!first.outcome.finished);
        assert_eq!((first.outcome.offers[0].action, first.outcome.offers[0].extra_minor), (5, 50));
        let totals = RoundTotals { stake_minor: 100, win_minor: 0, deals: 1 };
        let again = Action { id: 5, arg: 0 };
        let second = table.act(key(n + 1000), &first.outcome.state, again, totals).unwrap();
        assert!(second.outcome.finished);
        let equal = first.draws[0].value == second.draws[0].value;
        assert_eq!(second.outcome.win_minor, if equal { 800 } else { 0 });
    }
}

#[test]
fn a_round_that_would_pay_more_than_its_funded_stake_allows_is_void() {
    let host = host();
    let table = open(&host, &honest());
    let again = Action { id: 5, arg: 0 };
    let funded = RoundTotals { stake_minor: 100, win_minor: 0, deals: 1 };
    // A state that claims a stake nobody took: only a compromised edge would offer it.
    let forged = |drawn: u8| [&[1, drawn][..], &1_000_000_u64.to_le_bytes()].concat();
    let n = (0..).find(|n| {
        let drawn = table.act(key(*n), &forged(0), again, funded);
        matches!(drawn, Err(NoDeal::Void(_)))
    });
    let void = table.act(key(n.unwrap()), &forged(0), again, funded).unwrap_err();
    assert!(matches!(void, NoDeal::Void(void) if void.code() == "win-over-maximum"));
}

#[test]
fn bets_and_actions_outside_the_manifest_never_reach_the_guest() {
    let host = host();
    // A guest that would trap if it were run at all.
    let table = open(&host, &Guest { act: "unreachable".into(), ..Guest::playing("unreachable") });
    let refused = table.play(key(1), &at_once(15)).unwrap_err();
    assert_eq!(refused, NoDeal::Void(Void::Stakes(BetError::OffStep { spot: 1 })));
    let refused = table.play(key(1), &[]).unwrap_err();
    assert_eq!(refused, NoDeal::Void(Void::Stakes(BetError::NoBet)));
    let refused = table.play(key(1), &at_once(u64::MAX)).unwrap_err();
    assert_eq!(refused, NoDeal::Void(Void::Stakes(BetError::AboveMaximum { spot: 1 })));
    let act = |id, arg| table.act(key(1), &[1], Action { id, arg }, RoundTotals::default()).unwrap_err();
    assert_eq!(act(6, 0), NoDeal::Void(Void::Action(ActionError::UnknownAction { action: 6 })));
    assert_eq!(act(5, 4), NoDeal::Void(Void::Action(ActionError::ArgumentOutOfRange { action: 5 })));
}

#[test]
fn a_games_own_refusal_voids_the_deal_without_quarantine() {
    let host = host();
    for (number, fault) in [(1, Fault::BadBet), (4, Fault::NotSupported), (5, Fault::Internal)] {
        let table = open(&host, &Guest::playing(&format!("(call $fault (i32.const {number}))")));
        let NoDeal::Void(void) = table.play(key(1), &at_once(10)).unwrap_err() else { panic!("not void") };
        assert_eq!(void, Void::Fault(fault));
        assert!(!void.quarantines());
    }
    let refused = describing(&host, "(call $fault (i32.const 0))");
    assert_eq!(refused, Err(DescribeError::Refused(Fault::BadConfig)));
}

fn describing(host: &Host, body: &str) -> Result<(), DescribeError> {
    let guest = Guest { describe: body.into(), ..honest() };
    host.load(&guest.build()).unwrap().open(crate::config()).map(drop)
}

#[test]
fn a_state_the_game_does_not_know_is_its_typed_refusal() {
    let table = open(&host(), &honest());
    let totals = RoundTotals { stake_minor: 20, win_minor: 0, deals: 1 };
    let refused = table.act(key(1), &[2, 0, 0, 0, 0, 0, 0, 0, 0, 0], Action { id: 5, arg: 0 }, totals).unwrap_err();
    assert_eq!(refused, NoDeal::Void(Void::Fault(Fault::BadState)));
}

#[test]
fn a_game_outlives_the_host_that_loaded_it() {
    let table = open(&host(), &honest());
    assert!(table.play(key(1), &at_once(10)).is_ok());
}
