//! A player plays at an edge, the core settles by replay, and the player can check it.

use anyhow::Result;
use wire::v1::lease::Placement;
use wire::v1::wallet::WalletBody;

use crate::story::Story;

#[tokio::test(flavor = "multi_thread")]
async fn what_a_player_saw_is_what_the_ledger_has() -> Result<()> {
    let story = Story::begin().await?;
    for placement in [Placement::Regional, Placement::Strict] {
        let mut ana = story.player(&format!("ana-{placement:?}").to_lowercase(), 100_000).await?;
        ana.connect(story.edge("west-1"), false).await?;
        ana.open(20_000, placement).await?;
        assert_eq!(ana.balance().await?, (80_000, 20_000));
        let mut net = 0;
        for deal in 1..=20 {
            let result = ana.play(ana.red(100)?).await?.unwrap();
            assert_eq!(result.deal, deal);
            net += result.win_minor.minor() - result.stake_minor.minor();
            assert_eq!(result.in_play_minor.minor(), 20_000 + net);
        }
        let end = ana.close_and_settle().await?;
        let WalletBody::Closed { returned_minor, deals, .. } = end.body else { panic!("{end:?}") };
        assert_eq!((returned_minor.minor(), deals), (20_000 + net, 20));
        assert_eq!(ana.balance().await?, (100_000 + net, 0));
    }
    story.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bundle_of_the_lease_verifies_offline_and_a_changed_one_does_not() -> Result<()> {
    let story = Story::begin().await?;
    let mut ana = story.player("ana", 100_000).await?;
    ana.connect(story.edge("east-1"), false).await?;
    let lease = ana.open(20_000, Placement::Regional).await?;
    for _ in 0..5 {
        ana.play(ana.red(100)?).await?.unwrap();
    }
    let path = format!("/v1/fairness/bundle/{lease}");
    assert_eq!(ana.api.get(&path, Some(&ana.token)).await?.status, 409, "the seed is nobody's before the end");
    ana.close_and_settle().await?;
    let bundle = ana.api.get(&path, Some(&ana.token)).await?.ok()?;
    let bob = story.player("bob", 0).await?;
    assert_eq!(bob.api.get(&path, Some(&bob.token)).await?.status, 404, "another player's lease");
    let good = fairness::Bundle::from_json(&serde_json::to_vec(&bundle)?)?;
    assert_eq!(fairness::verify(&good), vec![]);
    let mut bad = bundle.clone();
    bad["rounds"][2]["win"] = serde_json::json!(123);
    let bad = fairness::Bundle::from_json(&serde_json::to_vec(&bad)?)?;
    assert_ne!(fairness::verify(&bad), vec![]);
    story.end().await
}
