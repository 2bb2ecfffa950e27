//! The faults, one after the other, with time between them to recover: kill -9 of an edge, a dealer, the core and a leaf, then
//! ten seconds without the leaf's link.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;

use crate::{Part, Stack};

/// How long a killed part stays away.
const AWAY: Duration = Duration::from_millis(1_500);
/// How long the link is cut.
const CUT: Duration = Duration::from_secs(10);

/// Breaks everything once, over at least `whole`. The faults as they happened.
///
/// # Errors
/// A part that does not come back.
pub(super) async fn run(stack: &Arc<Stack>, whole: Duration, say: &impl Fn(&str)) -> Result<Vec<String>> {
    let parts = [
        Part::Edge("west-1".to_owned()),
        Part::Dealer("dealer-west".to_owned()),
        Part::Core,
        Part::Leaf("west".to_owned()),
    ];
    let steps = u32::try_from(parts.len()).unwrap_or(u32::MAX).saturating_add(2);
    let quiet = whole.saturating_sub(CUT + AWAY * (steps - 2)) / steps;
    let mut faults = Vec::new();
    for part in parts {
        tokio::time::sleep(quiet).await;
        say(&format!("kill -9 {part}"));
        stack.kill(&part)?;
        tokio::time::sleep(AWAY).await;
        stack.restart(&part).await?;
        say(&format!("{part} is back"));
        faults.push(format!("kill -9 {part}"));
    }
    tokio::time::sleep(quiet).await;
    say("the east's link to the core is cut for 10 s");
    stack.link("east")?.cut();
    tokio::time::sleep(CUT).await;
    stack.link("east")?.heal();
    faults.push("cut east link 10 s".to_owned());
    tokio::time::sleep(quiet).await;
    Ok(faults)
}
