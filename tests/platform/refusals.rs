//! Bad input gets a typed refusal, and no money moves.

use anyhow::{Context, Result};
use harness::bots::Player;
use money::Amount;
use wire::v1::client::{ClientBody, ServerBody};
use wire::v1::intent::SignedIntent;
use wire::v1::lease::{OfferRequest, Placement};
use wire::v1::payload::Payload;
use wire::v1::{Hex, RefusalCode};

use crate::story::Story;

async fn refusal(player: &mut Player, intent: SignedIntent) -> Result<RefusalCode> {
    Ok(player.play(intent).await?.err().context("it was played")?.code)
}

fn straight(player: &Player, deal: u64, stake: i64) -> Result<SignedIntent> {
    let payload = Payload::Bets(vec![(17, Amount::from_minor(stake))]);
    let intent = player.held()?.intent_for(deal, player.game("roulette")?, &payload, Amount::from_minor(stake));
    intent.context("an intent that can't be signed")
}

#[tokio::test(flavor = "multi_thread")]
async fn every_bad_intent_is_refused_by_name_and_costs_nothing() -> Result<()> {
    let story = Story::begin().await?;
    let mut ana = story.player("ana", 1_000_000).await?;
    ana.connect(story.edge("west-1"), false).await?;
    ana.open(50_000, Placement::Regional).await?;
    let first = ana.play(straight(&ana, 1, 100)?).await?.unwrap();
    // Told at once, settled a moment later.
    let before = loop {
        let balance = ana.balance().await?;
        if balance.1 == first.in_play_minor.minor() {
            break balance;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    };

    let good = straight(&ana, 2, 100)?;
    let forged = SignedIntent { signature: Hex([7; 64]), ..good.clone() };
    assert_eq!(refusal(&mut ana, forged).await?, RefusalCode::BadSignature);
    let raised = SignedIntent { stake_minor: Amount::from_minor(200), ..good.clone() };
    assert_eq!(refusal(&mut ana, raised).await?, RefusalCode::BadSignature);
    let skipped = straight(&ana, 3, 100)?;
    assert_eq!(refusal(&mut ana, skipped).await?, RefusalCode::DealOutOfOrder);
    let zero = straight(&ana, 0, 100)?;
    assert_eq!(refusal(&mut ana, zero).await?, RefusalCode::DealOutOfOrder);
    let second = straight(&ana, 1, 200)?;
    assert_eq!(refusal(&mut ana, second).await?, RefusalCode::DealTaken);
    let above_funds = straight(&ana, 2, 60_000)?;
    let code = refusal(&mut ana, above_funds).await?;
    assert!(matches!(code, RefusalCode::InsufficientFunds | RefusalCode::StakeLimit), "{code}");
    let most = straight(&ana, 2, i64::MAX)?;
    let code = refusal(&mut ana, most).await?;
    assert!(matches!(code, RefusalCode::StakeLimit | RefusalCode::BadBet), "{code}");
    let below_minimum = straight(&ana, 2, 1)?;
    let code = refusal(&mut ana, below_minimum).await?;
    assert!(matches!(code, RefusalCode::StakeLimit | RefusalCode::BadBet), "{code}");
    let negative = straight(&ana, 2, -5);
    assert!(negative.is_err() || refusal(&mut ana, negative?).await.is_ok());
    let payload = Payload::Bets(vec![(9_999, Amount::from_minor(100))]);
    let unknown_spot =
        ana.held()?.intent(ana.game("roulette")?, &payload, Amount::from_minor(100)).context("intent")?;
    assert_eq!(refusal(&mut ana, unknown_spot).await?, RefusalCode::BadBet);
    let no_round = ana.held()?.intent(ana.game("roulette")?, &Payload::Act((1, 0)), Amount::ZERO).context("intent")?;
    assert_eq!(refusal(&mut ana, no_round).await?, RefusalCode::ActionUnavailable);

    assert_eq!(ana.balance().await?, before);
    assert_eq!(ana.play(good).await?.unwrap().deal, 2, "none of them cost a deal number");
    let repeated = straight(&ana, 2, 100)?;
    let again = ana.play(repeated).await?.unwrap();
    assert_eq!(again.deal, 2, "the same intent gets the same answer");

    let mut bob = story.player("bob", 100_000).await?;
    bob.connect(story.edge("west-1"), false).await?;
    let others = straight(&ana, 3, 100)?;
    assert_eq!(refusal(&mut bob, others).await?, RefusalCode::LeaseUnknown);
    ana.close_and_settle().await?;
    story.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn frames_that_are_none_are_refused_and_the_connection_lives_or_ends_as_written() -> Result<()> {
    let story = Story::begin().await?;
    let mut ana = story.player("ana", 100_000).await?;
    ana.connect(story.edge("west-1"), false).await?;
    for (text, code) in [
        ("no json".to_owned(), RefusalCode::Malformed),
        (r#"{"ref":1,"body":{"dance":{}}}"#.to_owned(), RefusalCode::Malformed),
        (r#"{"ref":2,"body":{"ping":{"sent_ms":1,"extra":true}}}"#.to_owned(), RefusalCode::Malformed),
        (r#"{"ref":3,"body":{"ping":{"sent_ms":"soon"}}}"#.to_owned(), RefusalCode::Malformed),
    ] {
        let socket = ana.socket.as_mut().context("socket")?;
        socket.send_text(text.clone()).await.map_err(|lost| anyhow::anyhow!(lost.0))?;
        let refused =
            ana.wait_for(|body| if let ServerBody::Refused(refusal) = body { Some(refusal.code) } else { None });
        assert_eq!(refused.await?, code, "{text}");
        ana.unasked.clear();
    }
    assert!(matches!(ana.ask(ClientBody::Ping { sent_ms: 9 }).await?, Ok(ServerBody::Pong { sent_ms: 9 })));
    let socket = ana.socket.as_mut().context("socket")?;
    socket.send_text(format!("{{\"ref\":1,\"body\":\"{}\"}}", "x".repeat(64 * 1024))).await.ok();
    let ended = loop {
        match ana.frame(std::time::Duration::from_secs(10)).await {
            Ok(Some(_)) => {}
            Ok(None) => break false,
            Err(_) => break true,
        }
    };
    assert!(ended, "an oversize frame ends the connection");
    assert_eq!(ana.balance().await?, (100_000, 0));
    story.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn offers_and_openings_that_are_not_right_are_refused() -> Result<()> {
    let story = Story::begin().await?;
    let mut ana = story.player("ana", 10_000).await?;
    let forged = Player { token: format!("{}x", ana.token), ..story.player("eve", 0).await? };
    let mut forged = forged;
    assert!(forged.connect(story.edge("west-1"), false).await.is_err(), "a forged token");
    ana.connect(story.edge("west-1"), false).await?;
    for (escrow, code) in
        [(0, RefusalCode::BadAmount), (-5, RefusalCode::BadAmount), (10_001, RefusalCode::InsufficientFunds)]
    {
        let request = OfferRequest {
            currency: money::Currency::EUR,
            escrow_minor: Amount::from_minor(escrow),
            placement: Placement::Regional,
        };
        let refused = match ana.ask(ClientBody::Offer(request)).await? {
            Err(refusal) => refusal.code,
            Ok(_) => ana.open(escrow, Placement::Regional).await.err().map_or(RefusalCode::Malformed, |_| code),
        };
        assert_eq!(refused, code, "{escrow}");
    }
    assert_eq!(ana.balance().await?, (10_000, 0));
    story.end().await
}
