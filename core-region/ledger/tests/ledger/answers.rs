//! What callers are told: once, again, no, and what a no leaves behind.

use std::sync::Arc;

use clock::{Clock, ManualClock};
use ledger::{AccountKind, Ledger, Malformed, Memory, Options, Reason, Unit, UnitReply, verify};
use money::Currency;

use crate::support::*;

#[tokio::test]
async fn the_same_command_again_gets_its_first_answer_and_moves_nothing() {
    let store = Arc::new(Memory::new(0));
    let ledger = open(store.clone()).await;
    let first = applied(&ledger, vec![deposit(1, 1, 500)]).await;
    applied(&ledger, vec![deposit(2, 1, 300)]).await;
    let again = applied(&ledger, vec![deposit(1, 1, 500)]).await;
    assert!(again.replayed && again.commands[0].replayed && !first.replayed);
    assert_eq!(again.commands[0].balances, first.commands[0].balances);
    assert_eq!(again.commands[0].balance_of(&cash(1)), Some(eur(500)));
    assert_eq!((again.commands[0].seq, again.commands[0].posted_ms), (1, first.commands[0].posted_ms));
    assert_eq!(ledger.balance(&cash(1)), eur(800));
}

#[tokio::test]
async fn a_replay_is_recognised_when_its_id_is_long_forgotten_and_after_a_restart() {
    let store = Arc::new(Memory::new(0));
    let ledger = open_forgetful(store.clone()).await;
    let both = vec![deposit(1, 1, 500), grant(2, 1, 1, 500)];
    let first = applied(&ledger, both.clone()).await;
    for n in 10..20 {
        applied(&ledger, vec![deposit(n, 2, 1)]).await;
    }
    let again = applied(&ledger, both.clone()).await;
    assert!(again.replayed);
    assert_eq!(again.commands[1].balances, first.commands[1].balances);
    ledger.close().await;
    let reopened = open_forgetful(store.clone()).await;
    assert!(applied(&reopened, both).await.replayed);
    assert_eq!(reopened.balance(&escrow(1)), eur(500));
    assert_eq!(verify::replay(store.as_ref()).await.unwrap().transfers, 12);
}

#[tokio::test]
async fn a_forgotten_unit_that_could_not_be_paid_today_is_still_told_that_it_was_applied() {
    let store = Arc::new(Memory::new(0));
    let ledger = open_forgetful(store).await;
    applied(&ledger, vec![deposit(1, 1, 100)]).await;
    let spent = vec![grant(2, 1, 1, 60), grant(3, 1, 1, 40)];
    applied(&ledger, spent.clone()).await;
    applied(&ledger, vec![deposit(4, 2, 1)]).await;
    assert!(applied(&ledger, spent).await.replayed);
    assert_eq!((ledger.balance(&cash(1)), ledger.balance(&escrow(1))), (eur(0), eur(100)));
}

#[tokio::test]
async fn another_body_under_a_used_id_is_a_conflict_without_effect() {
    for forgetful in [false, true] {
        let store = Arc::new(Memory::new(0));
        let ledger = if forgetful { open_forgetful(store).await } else { open(store).await };
        applied(&ledger, vec![deposit(1, 1, 500)]).await;
        applied(&ledger, vec![deposit(2, 2, 1)]).await;
        let no = rejected(&ledger, vec![deposit(1, 1, 501)]).await;
        assert_eq!((no.reason, no.is_final), (Reason::Conflict, false));
        assert_eq!(ledger.balance(&cash(1)), eur(500));
        assert!(applied(&ledger, vec![deposit(1, 1, 500)]).await.replayed);
    }
}

#[tokio::test]
async fn two_bodies_under_one_id_in_one_batch_have_one_effect() {
    let mut engine = engine_on(&Memory::new(0)).await;
    let (one, other) = (prepared(&[deposit(1, 1, 5)]), prepared(&[deposit(1, 1, 6)]));
    let twin = prepared(&[deposit(1, 1, 5)]);
    let evaluated = engine.evaluate(&[&one, &other, &twin], START_MS, ledger::Lookup::Optimistic).unwrap();
    let replies: Vec<&UnitReply> = evaluated.verdicts.iter().map(|verdict| &verdict.reply).collect();
    assert!(!replies[0].applied().unwrap().replayed);
    assert_eq!(replies[1].rejected().unwrap().reason, Reason::Conflict);
    assert!(replies[2].applied().unwrap().replayed);
    assert_eq!(evaluated.batch.unwrap().rows.len(), 1);
}

#[tokio::test]
async fn a_refused_withdrawal_stays_refused_when_the_money_comes_later() {
    for forgetful in [false, true] {
        let store = Arc::new(Memory::new(0));
        let ledger = if forgetful { open_forgetful(store.clone()).await } else { open(store.clone()).await };
        let no = rejected(&ledger, vec![withdraw(1, 1, 100)]).await;
        assert_eq!((no.reason, no.is_final, no.index), (Reason::InsufficientFunds, true, 0));
        applied(&ledger, vec![deposit(2, 1, 100)]).await;
        assert_eq!(rejected(&ledger, vec![withdraw(1, 1, 100)]).await, no);
        assert_eq!(rejected(&ledger, vec![withdraw(1, 1, 99)]).await.reason, Reason::Conflict);
        ledger.close().await;
        let reopened = open(store).await;
        assert_eq!(rejected(&reopened, vec![withdraw(1, 1, 100)]).await, no);
        applied(&reopened, vec![withdraw(3, 1, 100)]).await;
        assert_eq!(reopened.pending_of(player(1)), vec![(Currency::EUR, eur(100))]);
    }
}

#[tokio::test]
async fn a_unit_whose_second_command_fails_leaves_nothing_and_its_ids_free() {
    let ledger = open(Arc::new(Memory::new(0))).await;
    let mut whole = unit(vec![deposit(1, 1, 50), grant(2, 1, 1, 51)]);
    whole.events = vec![event(1, "{}")];
    let no = ledger.submit(whole.clone()).await.unwrap().rejected().copied().unwrap();
    assert_eq!((no.index, no.id, no.reason, no.is_final), (1, id(2), Reason::InsufficientFunds, false));
    assert_eq!((ledger.balance(&cash(1)), ledger.balance(&escrow(1))), (eur(0), eur(0)));
    assert!(ledger.next_unpublished(10).await.unwrap().is_empty());
    applied(&ledger, vec![deposit(3, 1, 1)]).await;
    let yes = ledger.submit(whole).await.unwrap().applied().cloned().unwrap();
    assert_eq!((yes.core_seqs, ledger.balance(&escrow(1))), (vec![1], eur(51)));
}

#[tokio::test]
async fn a_unit_of_which_a_part_is_known_carries_out_the_rest_with_its_events() {
    let ledger = open(Arc::new(Memory::new(0))).await;
    applied(&ledger, vec![deposit(1, 1, 50)]).await;
    let mut rest = unit(vec![deposit(1, 1, 50), deposit(2, 1, 7)]);
    rest.events = vec![event(1, "{\"n\":1}")];
    let yes = ledger.submit(rest).await.unwrap().applied().cloned().unwrap();
    assert_eq!((yes.replayed, yes.commands[0].replayed, yes.commands[1].replayed), (false, true, false));
    assert_eq!((yes.core_seqs, ledger.balance(&cash(1))), (vec![1], eur(57)));
}

#[tokio::test]
async fn wallet_events_are_numbered_per_player_and_handed_out_until_marked() {
    let store = Arc::new(Memory::new(0));
    let ledger = open(store.clone()).await;
    for n in 1..=4 {
        let events = vec![event(1, &format!("{{\"n\":{n}}}")), event(2, "{}")];
        let unit = Unit { events, trace: Some("t".into()), ..Unit::of(deposit(n, 1, 10)) };
        let core_seqs = ledger.submit(unit.clone()).await.unwrap().applied().unwrap().core_seqs.clone();
        assert_eq!(core_seqs, vec![n, n]);
        assert!(ledger.submit(unit).await.unwrap().applied().unwrap().core_seqs.is_empty(), "a replay emits nothing");
    }
    assert_eq!(*ledger.last_event().borrow(), 8);
    let all = ledger.next_unpublished(100).await.unwrap();
    assert_eq!(all.iter().map(|row| row.event_no).collect::<Vec<_>>(), (1..=8).collect::<Vec<_>>());
    assert_eq!((all[6].cash_after, all[7].cash_after, all[6].trace.as_deref()), (eur(40), eur(0), Some("t")));
    ledger.mark_published(5).await.unwrap();
    ledger.mark_published(3).await.unwrap();
    assert_eq!(ledger.next_unpublished(1).await.unwrap()[0].event_no, 6);
    let missed = ledger.wallet_events(player(1), 2, 10).await.unwrap();
    assert_eq!(missed.iter().map(|row| row.core_seq).collect::<Vec<_>>(), vec![3, 4]);
    ledger.close().await;
    let reopened = open(store).await;
    let unit = Unit { events: vec![event(1, "{}")], ..Unit::of(deposit(9, 1, 1)) };
    assert_eq!(reopened.submit(unit).await.unwrap().applied().unwrap().core_seqs, vec![5]);
}

#[tokio::test]
async fn a_round_moves_stake_and_win_and_a_void_one_gives_the_stake_back() {
    let ledger = open(Arc::new(Memory::new(0))).await;
    applied(&ledger, vec![deposit(1, 1, 1_000), grant(2, 1, 1, 1_000)]).await;
    applied(&ledger, vec![deal(3, 1, 100, 250)]).await;
    applied(&ledger, vec![deal(4, 1, 0, 0)]).await;
    applied(&ledger, vec![deal(5, 1, 0, 30)]).await;
    let void = ledger::Intent::Void { lease: lease(1), game: game(1), deal: 6, stake: eur(40), refund: eur(40) };
    applied(&ledger, vec![command(6, void)]).await;
    assert_eq!(ledger.balance(&escrow(1)), eur(1_180));
    let trial = ledger.trial_balance();
    assert!(trial.is_zero_sum());
    assert_eq!(trial.of_kind(Currency::EUR, AccountKind::HouseGame), -180);
    assert_eq!(rejected(&ledger, vec![deal(7, 1, 1_181, 5_000)]).await.reason, Reason::InsufficientFunds);
    let back = ledger::Intent::LeaseReturn { player: player(1), lease: lease(1), amount: eur(1_180) };
    applied(&ledger, vec![command(8, back)]).await;
    assert_eq!(ledger.cash_of(player(1)), vec![(Currency::EUR, eur(1_180))]);
}

#[tokio::test]
async fn a_lease_that_ends_with_nothing_left_is_recorded_once_and_moves_nothing() {
    let store = Arc::new(Memory::new(0));
    let ledger = open(store.clone()).await;
    applied(&ledger, vec![deposit(1, 1, 50), grant(2, 1, 1, 50), deal(3, 1, 50, 0)]).await;
    let back = |amount| ledger::Intent::LeaseReturn { player: player(1), lease: lease(1), amount: eur(amount) };
    let expired = ledger::Intent::LeaseExpire { player: player(1), lease: lease(1), amount: eur(0) };
    let first = applied(&ledger, vec![command(4, back(0))]).await;
    assert!(first.commands[0].balances.is_empty() && !first.replayed);
    assert!(applied(&ledger, vec![command(4, back(0))]).await.replayed);
    applied(&ledger, vec![command(5, expired)]).await;
    assert_eq!(rejected(&ledger, vec![command(4, back(1))]).await.reason, Reason::Conflict);
    assert_eq!(rejected(&ledger, vec![command(6, back(-1))]).await.reason, Reason::Malformed(Malformed::Negative));
    assert_eq!(rejected(&ledger, vec![command(7, back(1))]).await.reason, Reason::InsufficientFunds);
    assert!(ledger.cash_of(player(1)).iter().all(|(_, cash)| *cash == eur(0)));
    ledger.close().await;
    ledger::verify::replay(store.as_ref()).await.unwrap();
}

#[tokio::test]
async fn impossible_amounts_are_refused_and_not_recorded() {
    let store = Arc::new(Memory::new(0));
    let ledger = open(store.clone()).await;
    for (amount, why) in [(0, Malformed::NotPositive), (-1, Malformed::NotPositive), (i64::MIN, Malformed::NotPositive)]
    {
        assert_eq!(rejected(&ledger, vec![deposit(1, 1, amount)]).await.reason, Reason::Malformed(why));
    }
    assert_eq!(rejected(&ledger, vec![deal(1, 1, -5, 0)]).await.reason, Reason::Malformed(Malformed::Negative));
    assert_eq!(rejected(&ledger, vec![deal(1, 1, 0, i64::MIN)]).await.reason, Reason::Malformed(Malformed::Negative));
    assert_eq!(rejected(&ledger, Vec::new()).await.reason, Reason::Malformed(Malformed::UnitSize));
    let crowd = vec![deposit(1, 1, 1); ledger::limits::UNIT_COMMANDS + 1];
    assert_eq!(rejected(&ledger, crowd).await.reason, Reason::Malformed(Malformed::UnitSize));
    let huge =
        Unit { events: vec![event(1, &"x".repeat(ledger::limits::EVENT_BYTES + 1))], ..Unit::of(deposit(1, 1, 1)) };
    assert_eq!(ledger.submit(huge).await.unwrap().rejected().unwrap().reason, Reason::Malformed(Malformed::EventSize));
    applied(&ledger, vec![deposit(1, 1, i64::MAX)]).await;
    let over = rejected(&ledger, vec![deposit(2, 1, 1)]).await;
    assert_eq!((over.reason, over.is_final), (Reason::Overflow, false));
    applied(&ledger, vec![withdraw(3, 1, i64::MAX)]).await;
    applied(&ledger, vec![deposit(2, 1, 1)]).await;
    let most = rejected(&ledger, vec![deposit(4, 1, 1)]).await;
    assert_eq!(most.reason, Reason::Overflow, "the provider owes the most it can, i64::MIN");
    assert_eq!(verify::replay(store.as_ref()).await.unwrap().transfers, 3);
}

#[tokio::test]
async fn the_ledgers_time_rises_when_the_wall_clock_falls() {
    let clock = Arc::new(ManualClock::at(START_MS));
    let ledger = Ledger::open(Arc::new(Memory::new(0)), clock.clone(), Options::default()).await.unwrap();
    let mut last = 0;
    let walls = [START_MS, START_MS - 3_600_000, START_MS, START_MS + 3_600_000, 5];
    for (n, wall) in (0..).zip(walls) {
        clock.set_wall(wall);
        let posted = applied(&ledger, vec![deposit(n, 1, 1)]).await.commands[0].posted_ms;
        assert!(posted > last && posted >= clock.now_ms(), "{posted}");
        last = posted;
    }
    assert_eq!(last, START_MS + 3_600_001);
}

#[tokio::test]
async fn currencies_do_not_mix() {
    let ledger = open(Arc::new(Memory::new(0))).await;
    applied(&ledger, vec![deposit(1, 1, 100)]).await;
    let pounds = ledger::Command { currency: Currency::GBP, ..withdraw(2, 1, 100) };
    assert_eq!(rejected(&ledger, vec![pounds]).await.reason, Reason::InsufficientFunds);
    let pounds = ledger::Command { currency: Currency::GBP, ..deposit(3, 1, 7) };
    applied(&ledger, vec![pounds]).await;
    assert_eq!(ledger.cash_of(player(1)), vec![(Currency::EUR, eur(100)), (Currency::GBP, eur(7))]);
    assert!(ledger.trial_balance().is_zero_sum());
}
