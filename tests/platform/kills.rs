//! Whatever is killed, a bound bet is settled once, and the player sees it once.

use anyhow::Result;
use harness::Part;
use harness::bots::Player;
use wire::v1::client::ServerBody;
use wire::v1::lease::Placement;

use crate::story::Story;

/// Deals of 100 on red until `count` are played, over whatever connection there is.
async fn play(player: &mut Player, count: u64) -> Result<i64> {
    let mut net = 0;
    for _ in 0..count {
        let result = player.play(player.red(100)?).await?.unwrap();
        net += result.win_minor.minor() - result.stake_minor.minor();
    }
    Ok(net)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_player_whose_edge_was_killed_goes_on_at_another_with_the_money_right() -> Result<()> {
    let story = Story::begin().await?;
    let mut ana = story.player("ana", 100_000).await?;
    ana.connect(story.edge("west-1"), false).await?;
    let lease = ana.open(20_000, Placement::Regional).await?;
    let mut net = play(&mut ana, 5).await?;
    // The bet is on its way when the edge dies: bound or not, only the log knows.
    let intent = ana.red(100)?;
    let frame = wire::v1::client::ClientBody::Play(intent);
    ana.socket.as_mut().unwrap().send(frame).await.ok();
    story.stack.kill(&Part::Edge("west-1".to_owned()))?;
    let welcome = ana.connect(story.edge("east-1"), true).await?;
    assert!(welcome.lease.is_none());
    let closed = ana.wait_for(|body| match body {
        ServerBody::Wallet(event) => match &event.body {
            wire::v1::wallet::WalletBody::Closed { lease: of, deals, .. } if *of == lease => Some(*deals),
            _ => None,
        },
        _ => None,
    });
    let deals = closed.await?;
    assert!(deals == 5 || deals == 6, "{deals}");
    let missed: Vec<_> = ana
        .unasked
        .iter()
        .filter_map(|frame| match &frame.body {
            ServerBody::Result(result) if result.deal == 6 => Some(result.clone()),
            _ => None,
        })
        .collect();
    if deals == 6 {
        let missed = match missed.as_slice() {
            [one] => one.clone(),
            _ => {
                let ask = wire::v1::client::ClientBody::CatchUp { lease, after_deal: 5 };
                ana.ask(ask).await?.unwrap();
                ana.wait_for(|body| match body {
                    ServerBody::Result(result) if result.deal == 6 => Some(result.clone()),
                    _ => None,
                })
                .await?
            }
        };
        net += missed.win_minor.minor() - missed.stake_minor.minor();
    }
    assert_eq!(ana.balance().await?, (100_000 + net, 0));
    ana.open(20_000, Placement::Regional).await?;
    net += play(&mut ana, 3).await?;
    ana.close_and_settle().await?;
    assert_eq!(ana.balance().await?, (100_000 + net, 0));
    story.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edge_that_comes_back_takes_its_leases_up_where_they_stood() -> Result<()> {
    let story = Story::begin().await?;
    let mut ana = story.player("ana", 100_000).await?;
    ana.connect(story.edge("west-1"), false).await?;
    ana.open(20_000, Placement::Regional).await?;
    let mut net = play(&mut ana, 5).await?;
    let edge = Part::Edge("west-1".to_owned());
    story.stack.kill(&edge)?;
    story.stack.restart(&edge).await?;
    let welcome = ana.connect(story.edge("west-1"), true).await?;
    let opened = welcome.lease.expect("the lease goes on here");
    assert_eq!((opened.next_deal, opened.in_play_minor.minor()), (6, 20_000 + net));
    net += play(&mut ana, 5).await?;
    ana.close_and_settle().await?;
    assert_eq!(ana.balance().await?, (100_000 + net, 0));
    story.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn dealer_core_and_leaf_come_back_and_nothing_is_lost() -> Result<()> {
    let story = Story::begin().await?;
    let mut ana = story.player("ana", 100_000).await?;
    ana.connect(story.edge("west-1"), false).await?;
    ana.open(20_000, Placement::Regional).await?;
    let mut net = play(&mut ana, 3).await?;
    for part in [Part::Dealer("dealer-west".to_owned()), Part::Core, Part::Leaf("west".to_owned()), Part::Hub] {
        story.stack.kill(&part)?;
        story.stack.restart(&part).await?;
        // A refusal that says "try again" is allowed until the part is found again; the intent stays the same.
        let intent = ana.red(100)?;
        let mut tries = 0;
        let result = loop {
            match ana.play(intent.clone()).await? {
                Ok(result) => break result,
                Err(refusal) if refusal.code.is_retryable() && tries < 100 => {
                    tries += 1;
                    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
                }
                Err(refusal) => panic!("{part}: {refusal}"),
            }
        };
        net += result.win_minor.minor() - result.stake_minor.minor();
    }
    ana.close_and_settle().await?;
    assert_eq!(ana.balance().await?, (100_000 + net, 0));
    story.end().await
}
