//! One deal as a player feels it: over WebSocket on loopback, through edge, dealer, log and back, beside a bare publish to
//! the same stream; then with a slow link to the core, which must not matter, and with the dealer in the core, which
//! must cost one round trip of that link.
//!
//! The parts are the programs that ship, each its own process. Both sides alternate in the same run, with the same number of
//! callers and copies of bound deals for payloads; the median of the repeats' percentiles counts.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use wire::v1::lease::Placement;

use super::bare::Bare;
use super::crowd;
use super::latency::{Latencies, repeat};
use super::player::{self, ESCROW};
use super::report::{Report, count};
use crate::bots::{Api, Player};
use crate::{Direction, Stack, StackOptions};

const REGION: &str = "west";
const EDGE: &str = "west-1";
/// Each way, on the link between the region and the core.
const DELAY: Duration = Duration::from_millis(120);
const REPEATS: usize = 5;
const SLOW_REPEATS: usize = 3;
const CROWD: u16 = 64;
const CROWD_DEALS: u64 = 40;
/// One player's deals in a repeat: below what an edge lets one connection send at once.
const SOLO_DEALS: u64 = 150;
const STRICT_PLAYERS: usize = 8;
const STRICT_DEALS: u64 = 20;

/// Those who play, by what they are there for.
struct Players {
    /// One for each repeat, fast and slow.
    solos: Vec<Player>,
    crowd: Vec<Player>,
    strict: Vec<Player>,
}

/// Latencies of one player, of the crowd.
#[derive(Default)]
struct Pair {
    solo: Latencies,
    crowd: Latencies,
}

/// Runs it in the folder `state`.
pub(super) async fn run(state: &Path, say: &impl Fn(&str)) -> Result<Report> {
    say("starting the product");
    let mut options = StackOptions::free(state);
    options.log_level = "info".to_owned();
    let stack = Stack::start(options).await?;
    let measured = measure(&stack, say).await;
    let stopped = stack.stop().await;
    let report = measured?;
    stopped?;
    Ok(report)
}

async fn measure(stack: &Stack, say: &impl Fn(&str)) -> Result<Report> {
    let mut players = gather(stack, say).await?;
    let mut leases = Vec::new();
    for player in &mut players.crowd {
        player::deal(player).await?;
        leases.push(player.held()?.terms.opening.lease);
    }
    let bare = Bare::prepare(stack.nats().leaf(REGION)?, REGION, &leases).await?;
    let (mut published, mut fast, mut slow) = (Pair::default(), Pair::default(), Pair::default());
    for number in 1..=REPEATS {
        say(&format!("repeat {number} of {REPEATS}: a bare publish and a deal, by 1 and by {CROWD}"));
        published.solo.push(repeat(bare.publish(1, SOLO_DEALS).await?)?);
        deal_alone(&mut players, &mut fast).await?;
        published.crowd.push(repeat(bare.publish(CROWD, CROWD_DEALS).await?)?);
        deal_together(&mut players, &mut fast).await?;
    }
    let mut strict_fast = Latencies::default();
    deal_strictly(&mut players, &mut strict_fast).await?;
    say("the link to the core takes 120 ms each way from now on");
    let link = stack.link(REGION)?;
    link.delay(Direction::Up, DELAY);
    link.delay(Direction::Down, DELAY);
    for _ in 0..SLOW_REPEATS {
        deal_alone(&mut players, &mut slow).await?;
        deal_together(&mut players, &mut slow).await?;
    }
    let mut strict_slow = Latencies::default();
    deal_strictly(&mut players, &mut strict_slow).await?;
    link.heal();
    let mut report = Report::new("deal");
    report.figure("payload_bytes", count(u64::try_from(bare.payload_bytes())?));
    beside(&mut report, "one_player", &fast.solo, &published.solo, &slow.solo);
    beside(&mut report, "64_players", &fast.crowd, &published.crowd, &slow.crowd);
    strictly(&mut report, &strict_fast, &strict_slow);
    report.note("Slow: 120 ms each way on the region's link. Strict: the dealer stands in the core.");
    Ok(report)
}

async fn gather(stack: &Stack, say: &impl Fn(&str)) -> Result<Players> {
    let endpoints = stack.endpoints();
    let (api, url) = (Api::at(&endpoints.core)?, endpoints.edges.get(EDGE).context("no edge west-1")?.clone());
    let solos = REPEATS + SLOW_REPEATS;
    let count = solos + usize::from(CROWD) + STRICT_PLAYERS;
    say(&format!("{count} players join and open leases"));
    let joined = crowd::join(&api, "deal", count).await?;
    let mut players: Vec<(Player, Placement)> =
        joined.into_iter().map(|player| (player, Placement::Regional)).collect();
    players.iter_mut().rev().take(STRICT_PLAYERS).for_each(|(_, placement)| *placement = Placement::Strict);
    let mut seated = Vec::new();
    for (mut player, placement) in players {
        player.connect(&url, false).await?;
        player.open(ESCROW, placement).await?;
        seated.push(player);
    }
    let strict = seated.split_off(count - STRICT_PLAYERS);
    let crowd = seated.split_off(solos);
    Ok(Players { solos: seated, crowd, strict })
}

/// The next solo player plays all by itself.
async fn deal_alone(players: &mut Players, latencies: &mut Pair) -> Result<()> {
    let mut solo = players.solos.pop().context("no solo player is left")?;
    let mut each = Vec::new();
    for _ in 0..SOLO_DEALS {
        each.push(player::deal(&mut solo).await?);
    }
    latencies.solo.push(repeat(each)?);
    Ok(())
}

async fn deal_together(players: &mut Players, latencies: &mut Pair) -> Result<()> {
    let (crowd, each) = crowd::deal(std::mem::take(&mut players.crowd), CROWD_DEALS).await?;
    players.crowd = crowd;
    latencies.crowd.push(repeat(each)?);
    Ok(())
}

async fn deal_strictly(players: &mut Players, latencies: &mut Latencies) -> Result<()> {
    let (strict, each) = crowd::deal(std::mem::take(&mut players.strict), STRICT_DEALS).await?;
    players.strict = strict;
    latencies.push(repeat(each)?);
    Ok(())
}

fn beside(report: &mut Report, who: &str, deal: &Latencies, bare: &Latencies, slow: &Latencies) {
    for (name, quantile) in [("p50", 0.5), ("p99", 0.99)] {
        let (deal, bare, slow) = (deal.micros(quantile), bare.micros(quantile), slow.micros(quantile));
        report.figure(format!("{who}.deal_{name}_us"), deal);
        report.figure(format!("{who}.bare_publish_{name}_us"), bare);
        report.figure(format!("{who}.deal_on_slow_link_{name}_us"), slow);
        report.at_most(&format!("{who}.deal_{name}_over_bare"), deal / bare, 2.0);
        report.at_most(&format!("{who}.deal_{name}_on_slow_link_over_fast"), slow / deal, 1.2);
    }
    report.figure(format!("{who}.deals"), count(deal.len() + slow.len()));
}

/// The growth of strict deals in round trips of the slow link.
fn strictly(report: &mut Report, fast: &Latencies, slow: &Latencies) {
    let round_trip_us = DELAY.as_secs_f64() * 2.0 * 1_000_000.0;
    for (name, quantile) in [("p50", 0.5), ("p99", 0.99)] {
        let (fast, slow) = (fast.micros(quantile), slow.micros(quantile));
        report.figure(format!("strict.deal_{name}_us"), fast);
        report.figure(format!("strict.deal_on_slow_link_{name}_us"), slow);
        report.at_most(&format!("strict.deal_{name}_growth_in_round_trips"), (slow - fast) / round_trip_us, 1.5);
    }
}
