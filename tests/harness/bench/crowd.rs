//! Many players at once: joined a few at a time, then each on a task of its own.

use std::time::Duration;

use anyhow::{Context, Result};
use tokio::task::JoinSet;

use super::player;
use crate::bots::{Api, Player};

/// Players that register at the same time: each costs two password hashes.
const JOIN_AT_ONCE: usize = 24;

/// Joins `count` players named after `prefix`.
pub(super) async fn join(api: &Api, prefix: &str, count: usize) -> Result<Vec<Player>> {
    let mut joining = JoinSet::new();
    let mut players = Vec::with_capacity(count);
    for number in 0..count {
        if joining.len() >= JOIN_AT_ONCE {
            players.push(joining.join_next().await.context("nobody joins")???);
        }
        let (api, name) = (api.clone(), format!("{prefix}-{number:05}"));
        joining.spawn(async move { player::join(&api, name).await });
    }
    while let Some(player) = joining.join_next().await {
        players.push(player??);
    }
    Ok(players)
}

/// Lets every player do the same thing, `at_once` of them at the same time, and gathers what came of it.
pub(super) async fn each<T, F>(
    players: Vec<Player>,
    at_once: usize,
    deed: impl Fn(Player) -> F,
) -> Result<(Vec<Player>, Vec<T>)>
where
    T: Send + 'static,
    F: Future<Output = Result<(Player, T)>> + Send + 'static,
{
    let (mut doing, mut back, mut done) = (JoinSet::new(), Vec::new(), Vec::new());
    for player in players {
        if doing.len() >= at_once.max(1) {
            let (player, thing) = doing.join_next().await.context("nobody is there")???;
            back.push(player);
            done.push(thing);
        }
        doing.spawn(deed(player));
    }
    while let Some(ended) = doing.join_next().await {
        let (player, thing) = ended??;
        back.push(player);
        done.push(thing);
    }
    Ok((back, done))
}

/// All players deal `deals` deals each, all of them at the same time.
pub(super) async fn deal(players: Vec<Player>, deals: u64) -> Result<(Vec<Player>, Vec<Duration>)> {
    let all = players.len();
    let (players, latencies) = each(players, all, |mut player| async move {
        let mut latencies = Vec::new();
        for _ in 0..deals {
            latencies.push(player::deal(&mut player).await?);
        }
        Ok((player, latencies))
    })
    .await?;
    Ok((players, latencies.concat()))
}
