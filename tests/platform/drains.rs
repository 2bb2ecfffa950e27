//! A stopping edge tells its clients where to go, and loses no deal.

use anyhow::Result;
use harness::Part;
use wire::v1::client::ServerBody;
use wire::v1::lease::Placement;

use crate::story::Story;

#[tokio::test(flavor = "multi_thread")]
async fn a_draining_edge_names_another_and_its_leases_are_settled() -> Result<()> {
    let story = Story::begin().await?;
    let mut ana = story.player("ana", 100_000).await?;
    ana.connect(story.edge("west-1"), false).await?;
    ana.open(20_000, Placement::Regional).await?;
    let mut net = 0;
    for _ in 0..5 {
        let result = ana.play(ana.red(100)?).await?.unwrap();
        net += result.win_minor.minor() - result.stake_minor.minor();
    }
    let edge = Part::Edge("west-1".to_owned());
    let (drained, elsewhere) = tokio::join!(
        story.stack.drain(&edge),
        ana.wait_for(|body| match body {
            ServerBody::Draining { edges } => Some(edges.clone()),
            _ => None,
        })
    );
    drained?;
    let elsewhere = elsewhere?;
    assert_eq!(elsewhere.iter().map(|edge| edge.edge.as_str()).collect::<Vec<_>>(), ["east-1"]);
    let url = elsewhere.first().map(|edge| edge.url.clone()).unwrap_or_default();
    ana.connect(&url, true).await?;
    ana.wait_for(|body| match body {
        ServerBody::Wallet(event) if matches!(event.body, wire::v1::wallet::WalletBody::Closed { .. }) => Some(()),
        _ => None,
    })
    .await?;
    assert_eq!(ana.balance().await?, (100_000 + net, 0));
    story.end().await
}
