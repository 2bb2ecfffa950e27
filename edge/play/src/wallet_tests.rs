//! Routing of wallet events: to the right player's newest connection, in order, with what is missing asked for.

use money::{Amount, Currency};
use tokio::sync::mpsc;
use wire::v1::wallet::SettledDeal;

use super::*;

const ANA: PlayerId = PlayerId::from_bytes([1; 16]);
const LEASE: LeaseId = LeaseId::from_bytes([2; 16]);
const NOW: Duration = Duration::from_secs(1);

fn deposit(core_seq: u64) -> WalletEvent {
    let body = WalletBody::Deposited { currency: Currency::EUR, amount_minor: Amount::from_minor(1) };
    WalletEvent { player: ANA, core_seq, at_ms: 0, body }
}

fn settled(core_seq: u64, deal: u64) -> WalletEvent {
    let (stake_minor, win_minor, refund_minor) = (Amount::from_minor(1), Amount::ZERO, Amount::ZERO);
    let deals = vec![SettledDeal { deal, stake_minor, win_minor, refund_minor }];
    WalletEvent { body: WalletBody::Settled { lease: LEASE, currency: Currency::EUR, deals }, ..deposit(core_seq) }
}

fn resumed(core_seq: u64, events: Vec<WalletEvent>, resync: bool) -> Resumed {
    Resumed { wallet: vec![], core_seq, events, resync, lease: None }
}

fn cursor(core_seq: u64) -> Option<Cursor> {
    Some(Cursor { core_seq, ..Cursor::default() })
}

fn seated(core_seq: Option<u64>) -> (Wallets, mpsc::Receiver<Vec<Push>>) {
    let wallets = Wallets::default();
    let (outlet, frames) = Outlet::bounded(1, 64);
    wallets.attach(ANA, &outlet, core_seq.and_then(cursor), NOW);
    (wallets, frames)
}

/// The numbers of the wallet frames, and 1,000 more than its number for a snapshot.
fn seen(frames: &mut mpsc::Receiver<Vec<Push>>) -> Vec<u64> {
    let mut seen = Vec::new();
    while let Ok(batch) = frames.try_recv() {
        for push in batch {
            match push.body {
                ServerBody::Wallet(event) => seen.push(event.core_seq),
                ServerBody::Resync { .. } => seen.push(1_000 + push.moves.core_seq.unwrap()),
                other => panic!("{other:?}"),
            }
        }
    }
    seen
}

#[test]
fn live_events_wait_for_the_cores_first_answer_and_then_come_once() {
    let (wallets, mut frames) = seated(Some(3));
    assert!(!wallets.live(deposit(6), NOW), "the core is being asked already");
    assert!(seen(&mut frames).is_empty());
    assert!(!wallets.fill(ANA, 1, 3, resumed(6, vec![deposit(4), deposit(5), deposit(6)], false), NOW));
    assert!(!wallets.live(deposit(5), NOW) && !wallets.live(deposit(7), NOW));
    assert_eq!(seen(&mut frames), [4, 5, 6, 7]);
}

#[test]
fn a_gap_is_asked_for_once() {
    let (wallets, mut frames) = seated(Some(0));
    wallets.fill(ANA, 1, 0, resumed(0, vec![], false), NOW);
    assert!(wallets.live(deposit(2), NOW), "1 is missing");
    assert!(!wallets.live(deposit(3), NOW), "and is being asked for");
    assert!(!wallets.fill(ANA, 1, 0, resumed(3, vec![deposit(1)], false), NOW));
    assert_eq!(seen(&mut frames), [1, 2, 3]);
}

#[test]
fn a_cursor_that_is_too_old_gets_a_snapshot_and_what_follows_it() {
    let (wallets, mut frames) = seated(Some(1));
    wallets.live(deposit(901), NOW);
    assert!(!wallets.fill(ANA, 1, 1, resumed(900, vec![], true), NOW));
    assert_eq!(seen(&mut frames), [1_900, 901]);
}

#[test]
fn a_fresh_client_starts_where_its_welcome_stands_or_with_a_snapshot() {
    let (wallets, mut frames) = seated(None);
    wallets.live(deposit(8), NOW);
    wallets.start_at(ANA, 1, 7, NOW);
    assert_eq!(seen(&mut frames), [8]);
    let (wallets, mut frames) = seated(None);
    assert!(!wallets.fill(ANA, 1, 0, resumed(7, vec![deposit(7)], false), NOW));
    assert_eq!(seen(&mut frames), [1_007]);
}

#[test]
fn a_page_that_is_not_the_last_is_followed_by_another() {
    let (wallets, mut frames) = seated(Some(0));
    assert!(wallets.fill(ANA, 1, 0, resumed(3, vec![deposit(1), deposit(2)], false), NOW));
    assert_eq!(wallets.asks_from(ANA, Some(1)), Some((1, 2)));
    assert!(!wallets.fill(ANA, 1, 2, resumed(3, vec![deposit(3)], false), NOW));
    assert_eq!(seen(&mut frames), [1, 2, 3]);
}

#[test]
fn an_answer_for_a_replaced_connection_is_dropped() {
    let (wallets, mut old) = seated(Some(0));
    let (outlet, mut new) = Outlet::bounded(2, 64);
    wallets.attach(ANA, &outlet, cursor(0), NOW);
    assert!(!wallets.fill(ANA, 1, 0, resumed(1, vec![deposit(1)], false), NOW));
    wallets.detach(ANA, 1);
    assert!(!wallets.fill(ANA, 2, 0, resumed(1, vec![deposit(1)], false), NOW));
    assert!(seen(&mut old).is_empty());
    assert_eq!(seen(&mut new), [1]);
}

#[test]
fn a_settlement_that_does_not_come_is_asked_for_ever_less_often_until_it_does() {
    let (wallets, _frames) = seated(Some(0));
    wallets.fill(ANA, 1, 0, resumed(0, vec![], false), NOW);
    assert!(wallets.overdue(NOW + limits::WALLET_PATIENCE_MAX).is_empty(), "nothing is waited for");
    wallets.expect_settled(ANA, LEASE, 2);
    let mut now = NOW + limits::WALLET_SWEEP;
    assert_eq!(wallets.overdue(now), [ANA]);
    assert!(wallets.overdue(now).is_empty(), "it is being asked for");
    wallets.fill(ANA, 1, 0, resumed(1, vec![settled(1, 1)], false), now);
    now += limits::WALLET_SWEEP;
    assert!(wallets.overdue(now).is_empty(), "patience has grown");
    now += limits::WALLET_SWEEP;
    assert_eq!(wallets.overdue(now), [ANA]);
    wallets.fill(ANA, 1, 1, resumed(2, vec![settled(2, 2)], false), now);
    assert!(wallets.overdue(now + limits::WALLET_PATIENCE_MAX).is_empty(), "deal 2 is settled");
    wallets.expect_closed(ANA, LEASE);
    assert_eq!(wallets.overdue(now + limits::WALLET_SWEEP), [ANA]);
}
