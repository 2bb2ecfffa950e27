//! What a lease lives through while its player plays on: more escrow, another dealer's place, another edge.

use anyhow::{Context, Result};
use harness::Part;
use harness::bots::Player;
use money::Amount;
use wire::v1::client::{ServerBody, Tail};
use wire::v1::intent::SignedIntent;
use wire::v1::lease::Placement;
use wire::v1::payload::Payload;
use wire::v1::wallet::WalletBody;

use crate::story::Story;

/// Most deals until a bet on one number has eaten three quarters of a small escrow.
const PATIENCE: usize = 300;

/// The next deal: `stake` on number 17.
fn straight(player: &Player, stake: i64) -> Result<SignedIntent> {
    let payload = Payload::Bets(vec![(17, Amount::from_minor(stake))]);
    let intent = player.held()?.intent(player.game("roulette")?, &payload, Amount::from_minor(stake));
    intent.context("an intent that can't be signed")
}

async fn play_red(player: &mut Player, count: u64) -> Result<i64> {
    let mut net = 0;
    for _ in 0..count {
        let result = player.play(player.red(100)?).await?.unwrap();
        net += result.win_minor.minor() - result.stake_minor.minor();
    }
    Ok(net)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lease_that_runs_low_is_topped_up_while_its_player_plays_on() -> Result<()> {
    let story = Story::begin().await?;
    let mut ana = story.player("ana", 100_000).await?;
    ana.connect(story.edge("west-1"), false).await?;
    let lease = ana.open(2_000, Placement::Regional).await?;
    let mut net = 0;
    for _ in 0..PATIENCE {
        let result = ana.play(straight(&ana, 100)?).await?.unwrap();
        net += result.win_minor.minor() - result.stake_minor.minor();
        let topped = |frame: &wire::v1::client::ServerFrame| matches!(frame.body, ServerBody::ToppedUp { .. });
        if result.in_play_minor.minor() < 500 || ana.unasked.iter().any(topped) {
            break;
        }
    }
    let in_play = ana.wait_for(|body| match body {
        ServerBody::ToppedUp { lease: of, in_play_minor } if *of == lease => Some(in_play_minor.minor()),
        _ => None,
    });
    assert!(in_play.await? > 500, "the escrow is filled up again");
    net += play_red(&mut ana, 3).await?;
    let end = ana.close_and_settle().await?;
    assert!(matches!(end.body, WalletBody::Closed { .. }));
    assert_eq!(ana.balance().await?, (100_000 + net, 0));
    story.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lease_whose_dealer_stands_in_the_core_survives_its_edge() -> Result<()> {
    let story = Story::begin().await?;
    let mut ana = story.player("ana", 100_000).await?;
    ana.connect(story.edge("west-1"), false).await?;
    ana.open(20_000, Placement::Strict).await?;
    let mut net = play_red(&mut ana, 5).await?;
    let edge = Part::Edge("west-1".to_owned());
    story.stack.kill(&edge)?;
    story.stack.restart(&edge).await?;
    let opened = ana.connect(story.edge("west-1"), true).await?.lease.context("the lease goes on here")?;
    assert_eq!((opened.next_deal, opened.in_play_minor.minor()), (6, 20_000 + net));
    net += play_red(&mut ana, 5).await?;
    ana.close_and_settle().await?;
    assert_eq!(ana.balance().await?, (100_000 + net, 0));
    story.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_player_who_goes_to_another_edge_is_shown_what_he_missed_and_loses_nothing() -> Result<()> {
    let story = Story::begin().await?;
    let mut ana = story.player("ana", 100_000).await?;
    ana.connect(story.edge("west-1"), false).await?;
    let lease = ana.open(20_000, Placement::Regional).await?;
    let mut net = play_red(&mut ana, 5).await?;
    // He has seen three of the five.
    ana.cursor.deal = 3;
    ana.unasked.clear();
    let welcome = ana.connect(story.edge("east-1"), true).await?;
    let left = welcome.left_behind.context("the old lease is behind him")?;
    assert_eq!((left.lease, left.tail, welcome.lease.is_none()), (lease, Tail::Complete, true));
    ana.wait_for(|body| match body {
        ServerBody::Wallet(event) if matches!(event.body, WalletBody::Closed { .. }) => Some(()),
        _ => None,
    })
    .await?;
    let shown: Vec<u64> = ana
        .unasked
        .iter()
        .filter_map(|frame| match &frame.body {
            ServerBody::Result(result) if result.lease == lease => Some(result.deal),
            _ => None,
        })
        .collect();
    assert_eq!(shown, [4, 5]);
    ana.open(20_000, Placement::Regional).await?;
    net += play_red(&mut ana, 3).await?;
    ana.close_and_settle().await?;
    assert_eq!(ana.balance().await?, (100_000 + net, 0));
    story.end().await
}
