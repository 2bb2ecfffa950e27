//! The edge's own process over a real NATS, against a core and a dealer of the test's own (see world.rs).

#[cfg(test)]
mod rig;
#[cfg(test)]
mod world;

use std::sync::atomic::Ordering;

use ed25519_dalek::SigningKey;
use ids::PlayerId;
use money::Amount;
use wire::v1::client::{ClientBody, Cursor, ServerBody};
use wire::v1::lease::CloseReason;
use wire::v1::{Hex, RefusalCode};

use crate::rig::{Rig, bet};

const ANA: PlayerId = PlayerId::from_bytes([0xa1; 16]);
const BO: PlayerId = PlayerId::from_bytes([0xb0; 16]);

fn key() -> SigningKey {
    SigningKey::from_bytes(&[5; 32])
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deal_is_played_once_and_what_breaks_a_rule_is_refused_by_name() {
    let rig = Rig::start().await;
    let mut ana = rig.connect(ANA, None).await;
    assert!(ana.welcome().await.is_none());
    let opened = ana.open(&key()).await;
    let intent = |deal, stake| bet(&opened, &key(), deal, stake);
    let first = ana.plays(intent(1, 100)).await;
    assert_eq!((first.deal, first.void.is_none(), first.finished), (1, true, true));
    assert!(!first.events.is_empty());
    assert_eq!(ana.plays(intent(1, 100)).await, first, "the same intent gets the same answer");
    let play = ClientBody::Play;
    let mut forged = intent(2, 100);
    forged.signature = Hex([1; 64]);
    let mut negative = intent(2, 100);
    negative.stake_minor = Amount::from_minor(-1);
    let cases = [
        (intent(1, 200), RefusalCode::DealTaken),
        (intent(3, 100), RefusalCode::DealOutOfOrder),
        (forged, RefusalCode::BadSignature),
        (intent(2, 5_001), RefusalCode::StakeLimit),
        (intent(2, i64::MAX), RefusalCode::StakeLimit),
        (negative, RefusalCode::BadSignature),
    ];
    for (intent, code) in cases {
        let payload = intent.payload.clone();
        assert_eq!(ana.refused(play(intent)).await, code, "{payload}");
    }
    let mut bo = rig.connect(BO, None).await;
    assert!(bo.welcome().await.is_none());
    assert_eq!(bo.refused(play(intent(2, 100))).await, RefusalCode::LeaseUnknown);
    assert_eq!(bo.refused(ClientBody::Close { lease: first.lease }).await, RefusalCode::LeaseUnknown);
    let second = ana.plays(intent(2, 100)).await;
    let expected = first.in_play_minor.minor() - 100 + second.win_minor.minor();
    assert_eq!(second.in_play_minor.minor(), expected, "refusals cost nothing");
    ana.send(ClientBody::Close { lease: first.lease }).await;
    assert_eq!(ana.body().await, ServerBody::Closing { lease: first.lease, deals: 2, reason: CloseReason::Asked });
    assert_eq!(ana.refused(play(intent(3, 100))).await, RefusalCode::LeaseUnknown);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deal_whose_answer_was_lost_is_told_once() {
    let rig = Rig::start().await;
    let mut ana = rig.connect(ANA, None).await;
    ana.welcome().await;
    let opened = ana.open(&key()).await;
    rig.world.lose_answer.store(true, Ordering::SeqCst);
    let first = ana.plays(bet(&opened, &key(), 1, 10)).await;
    assert_eq!(ana.plays(bet(&opened, &key(), 2, 10)).await.deal, 2);
    assert_eq!(ana.cursor, Cursor { lease: Some(first.lease), deal: 2, core_seq: 0 });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_player_who_comes_back_sees_each_missed_deal_once_even_after_the_edge_was_killed() {
    let mut rig = Rig::start().await;
    let mut ana = rig.connect(ANA, None).await;
    ana.welcome().await;
    let opened = ana.open(&key()).await;
    let before = ana.cursor;
    let mut told = Vec::new();
    for deal in 1..=5 {
        told.push(ana.plays(bet(&opened, &key(), deal, 10)).await);
    }
    // From memory, and the connection of before is ended.
    let mut again = rig.connect(ANA, Some(Cursor { deal: 2, ..ana.cursor })).await;
    assert_eq!(again.welcome().await.unwrap().next_deal, 6);
    for expected in told.iter().skip(2) {
        assert_eq!(&again.result().await, expected);
    }
    assert_eq!(ana.next().await.unwrap_err(), 4409);
    // From the log, by the dealer's keys.
    rig.kill_edge();
    rig.start_edge().await;
    let mut back = rig.connect(ANA, Some(before)).await;
    assert_eq!(back.welcome().await.unwrap().next_deal, 6);
    for expected in &told {
        assert_eq!(&back.result().await, expected);
    }
    let sixth = back.plays(bet(&opened, &key(), 6, 10)).await;
    assert_eq!((sixth.deal, back.cursor.deal), (6, 6));
}

#[tokio::test(flavor = "multi_thread")]
async fn wallet_events_come_in_order_though_some_are_lost_on_the_way() {
    let rig = Rig::start().await;
    let mut ana = rig.connect(ANA, Some(Cursor::default())).await;
    assert!(ana.welcome().await.is_none());
    for lost in [false, true, true, false] {
        rig.world.deposit(ANA, lost).await;
    }
    for core_seq in 1..=4 {
        let ServerBody::Wallet(event) = ana.body().await else { panic!("a wallet event") };
        assert_eq!((event.core_seq, ana.cursor.core_seq), (core_seq, core_seq));
    }
    let mut again = rig.connect(ANA, Some(Cursor { core_seq: 3, ..Cursor::default() })).await;
    assert!(again.welcome().await.is_none());
    let ServerBody::Wallet(event) = again.body().await else { panic!("a wallet event") };
    assert_eq!(event.core_seq, 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopping_edge_closes_its_leases_reports_what_it_told_and_says_goodbye() {
    let mut rig = Rig::start().await;
    let mut ana = rig.connect(ANA, None).await;
    ana.welcome().await;
    let opened = ana.open(&key()).await;
    let first = ana.plays(bet(&opened, &key(), 1, 10)).await;
    let mut edge = rig.stop_edge();
    assert_eq!(ana.body().await, ServerBody::Draining { edges: vec![] });
    let closing = ServerBody::Closing { lease: first.lease, deals: 1, reason: CloseReason::Draining };
    assert_eq!(ana.body().await, closing);
    assert_eq!(ana.next().await.unwrap_err(), 4503);
    let ended = tokio::task::spawn_blocking(move || edge.wait().unwrap()).await.unwrap();
    assert!(ended.success());
    let told = rig.world.told().await;
    assert_eq!(told.len(), 1);
    assert_eq!((told[0].deal, told[0].link, told[0].win_minor), (1, first.link, first.win_minor));
}

#[tokio::test(flavor = "multi_thread")]
async fn frames_that_are_no_protocol_are_refused_and_a_stranger_is_shown_out() {
    let rig = Rig::start().await;
    let mut ana = rig.connect(ANA, None).await;
    ana.welcome().await;
    for (text, re, code) in [
        (r#"{"ref":7,"body":{"steal":{}}}"#.to_owned(), Some(7), RefusalCode::Malformed),
        (
            format!(r#"{{"ref":8,"body":{{"ping":{{"sent_ms":1}}}}{}}}"#, " ".repeat(20_000)),
            Some(8),
            RefusalCode::TooLong,
        ),
    ] {
        ana.send_text(text).await;
        let frame = ana.next().await.unwrap();
        let ServerBody::Refused(refusal) = frame.body else { panic!("a refusal") };
        assert_eq!((frame.re, refusal.code), (re, code));
    }
    ana.send_text("x".repeat(100_000)).await;
    let ServerBody::Refused(refusal) = ana.body().await else { panic!("a refusal") };
    assert_eq!((refusal.code, ana.next().await.unwrap_err()), (RefusalCode::TooLong, 4400));
    let mut nobody = rig.connect_with_token("v4.public.AAAA").await;
    let ServerBody::Refused(refusal) = nobody.body().await else { panic!("a refusal") };
    assert_eq!((refusal.code, nobody.next().await.unwrap_err()), (RefusalCode::Unauthenticated, 4401));
}
