//! Filling the hub's log: players take up leases, sign bets, and the dealer binds them, as in production. The fold is kept
//! along, as an edge does, to know what an open round offers.

use std::sync::Arc;

use anyhow::{Context, Result, anyhow, bail};
use fairness::RoundKey;
use ids::{EdgeId, PlayerId};
use ledger::{Command, Intent, Unit, UnitReply};
use money::{Amount, Currency};
use round::{IntentSignature, LeaseState};
use telemetry::Trace;
use tokio::task::JoinSet;
use wire::v1::core::{Close, Offer, Open};
use wire::v1::dealer::BindRequest;
use wire::v1::lease::{CloseReason, OfferRequest, Placement};

use super::session::Session;
use super::world::World;
use crate::bench::wager::spin_or_wheel;

/// Leases that are played at the same time.
const AT_ONCE: u64 = 64;
/// Escrow of a lease, minor units: more than its deals can lose.
const ESCROW: i64 = 400_000;

/// What a filling brought.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Filled {
    pub(super) deals: u64,
    pub(super) records: u64,
}

/// Plays `leases` leases of `deals` deals each, numbered from `first`, to their closing records.
pub(super) async fn fill(world: &Arc<World>, first: u64, leases: u64, deals: u64) -> Result<Filled> {
    let mut playing = JoinSet::new();
    let mut filled = Filled::default();
    for number in first..first + leases {
        if playing.len() >= usize::try_from(AT_ONCE)? {
            add(&mut filled, playing.join_next().await.context("nobody plays")??)?;
        }
        playing.spawn(play(Arc::clone(world), number, deals));
    }
    while let Some(played) = playing.join_next().await {
        add(&mut filled, played?)?;
    }
    Ok(filled)
}

fn add(filled: &mut Filled, played: Result<Filled>) -> Result<()> {
    let played = played?;
    filled.deals += played.deals;
    filled.records += played.records;
    Ok(())
}

async fn play(world: Arc<World>, number: u64, deals: u64) -> Result<Filled> {
    let (name, edge, trace): (String, EdgeId, _) = (format!("settle-{number}"), "core-1".parse()?, Trace::root());
    let (player, session) = (deposit(&world, &name).await?, Session::of(&name));
    let request = OfferRequest {
        currency: Currency::EUR,
        escrow_minor: Amount::from_minor(ESCROW),
        placement: Placement::Regional,
    };
    let offer = world.leases.offer(&edge, &Offer { player, region: "core".parse()?, request }).await?;
    let open = Open { player, request: session.open(&offer) };
    let opened = world.leases.open(&edge, &open, &trace).await?;
    let mut state = LeaseState::from_opening(&opened.record)?;
    for deal in 1..=deals {
        let wager = spin_or_wheel(&state.terms, state.offers(), deal)?;
        let intent = session.intent(&state.terms, deal, &wager)?;
        let (epoch, known_records) = (state.terms.epoch, state.progress.records);
        let ask = BindRequest { edge: edge.clone(), epoch, known_records, intent };
        let bound = world.dealer.bind(&ask, &trace).await.into_result().map_err(|error| anyhow!("bind: {error}"))?;
        let [record] = bound.records.as_slice() else { bail!("{} records of one bind", bound.records.len()) };
        let key = RoundKey::from_bytes(bound.round_key.0);
        let folded = execution::fold(&state, record, IntentSignature::Valid, &world.tables, |_| key)?;
        if let Some(void) = folded.deal.and_then(|deal| deal.void_code) {
            bail!("a deal of the bench is void: {void}");
        }
        state = folded.state;
    }
    let close = Close { player, lease: offer.lease, reason: CloseReason::Asked };
    world.leases.close(&edge, &close, &trace).await?;
    Ok(Filled { deals, records: deals + 2 })
}

async fn deposit(world: &World, name: &str) -> Result<PlayerId> {
    let now_ms = world.clock.now_ms();
    let [a, b, c, d, e, f, g, h, i, j, ..] = fairness::sha256(&[b"bench player", name.as_bytes()]);
    let player = PlayerId::at(now_ms, [a, b, c, d, e, f, g, h, i, j]);
    let command = Command {
        id: ledger::derived_id(now_ms, "bench-deposit", &[&player.to_bytes()]),
        currency: Currency::EUR,
        intent: Intent::Deposit { player, amount: Amount::from_minor(ESCROW), provider: "sandbox".to_owned() },
        event_ms: now_ms,
    };
    match world.ledger.submit(Unit::of(command)).await? {
        UnitReply::Applied(_) => Ok(player),
        UnitReply::Rejected(rejected) => bail!("a deposit of the bench is rejected: {}", rejected.reason.code()),
    }
}
