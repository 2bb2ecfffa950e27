//! One trace from the client's frame to the ledger's posting.

use anyhow::Result;
use sqlx::Row;
use wire::v1::client::{ClientBody, ServerBody};
use wire::v1::lease::Placement;

use crate::story::Story;

#[tokio::test(flavor = "multi_thread")]
async fn the_trace_of_a_frame_is_found_at_the_posting() -> Result<()> {
    let story = Story::begin().await?;
    let mut ana = story.player("ana", 100_000).await?;
    ana.connect(story.edge("west-1"), false).await?;
    let lease = ana.open(20_000, Placement::Regional).await?;
    let intent = ana.red(100)?;
    let socket = ana.socket.as_mut().unwrap();
    let reference = socket.send(ClientBody::Play(intent)).await.unwrap();
    let trace = loop {
        let frame = ana.frame(std::time::Duration::from_secs(10)).await?.expect("a result");
        if frame.re == Some(reference) {
            assert!(matches!(frame.body, ServerBody::Result(_)));
            break frame.trace.expect("a trace");
        }
    };
    ana.close_and_settle().await?;
    let pool = story.database().await?;
    let row = sqlx::query("SELECT trace FROM settled_deals WHERE lease = $1 AND deal = 1").bind(lease.as_uuid());
    let stored: String = row.fetch_one(&pool).await?.try_get("trace")?;
    assert!(stored.contains(&trace), "{stored} has not {trace}");
    assert!(story.log("core-server").contains(&trace), "the core's log names it");
    assert!(story.log("dealer-west").contains(&trace), "the dealer's log names it");
    pool.close().await;
    story.end().await
}
