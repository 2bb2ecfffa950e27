//! The world: its parts, and the step that chance picks.

use std::collections::BTreeMap;
use std::sync::Arc;

use clock::{Clock, ManualClock};
use ids::{LeaseId, PlayerId};
use ledger::{BatchHead, Store};
use money::{Amount, Currency};
use settlement::{Fault, Settled};

use crate::bank::Bank;
use crate::chance::Chance;
use crate::check;
use crate::dealers::Dealer;
use crate::ending;
use crate::faults::Kind;
use crate::games::Shelf;
use crate::hub::Hub;
use crate::lease::{Lease, Status, round_key};
use crate::log::RoundLog;
use crate::settler::Settler;
use crate::stats::Stats;

const START_MS: u64 = 1_790_000_000_000;
const PLAYERS: u8 = 5;
/// Steps of one run, before everything is closed and drained.
const STEPS: usize = 900;
/// Steps between two looks at what must always hold.
const CHECK_EVERY: usize = 25;

/// What a run is to meet beside the usual trouble.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan {
    pub(crate) fault: Option<Kind>,
}

impl Plan {
    /// Nobody but the dealers writes to the log.
    pub(crate) const fn sound() -> Self {
        Self { fault: None }
    }

    /// One record of that kind gets into the stream.
    pub(crate) const fn with(fault: Kind) -> Self {
        Self { fault: Some(fault) }
    }
}

/// A player, and what he brought from outside less what he took, minor units.
pub(crate) struct Player {
    pub(crate) id: PlayerId,
    pub(crate) currency: Currency,
    pub(crate) brought: i128,
}

/// How a run ended.
pub(crate) struct Outcome {
    pub(crate) ledger: ledger::verify::Report,
    pub(crate) log: [u8; 32],
    pub(crate) stats: Stats,
}

/// Everything.
pub(crate) struct World {
    pub(crate) plan: Plan,
    pub(crate) chance: Chance,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) shelf: &'static Shelf,
    pub(crate) bank: Bank,
    pub(crate) log: RoundLog,
    /// The dealer of the leases, and one more that believes to be it.
    pub(crate) dealers: [Dealer; 2],
    pub(crate) hub: Hub,
    pub(crate) settler: Settler,
    /// Another settler, as it was at some time, and its place in the stream.
    pub(crate) second: Option<(Settler, usize)>,
    pub(crate) players: Vec<Player>,
    pub(crate) leases: BTreeMap<LeaseId, Lease>,
    /// Open rounds that were taken up: from which lease, by which.
    pub(crate) carried_by: BTreeMap<LeaseId, LeaseId>,
    pub(crate) quarantine: BTreeMap<u64, (LeaseId, Fault)>,
    /// The injected record's place and its lease.
    pub(crate) hit: Option<(u64, LeaseId)>,
    pub(crate) movements: u64,
    pub(crate) stats: Stats,
}

impl World {
    pub(crate) async fn new(seed: u64, plan: Plan) -> Self {
        let clock = Arc::new(ManualClock::at(START_MS));
        let player = |n: u8| Player {
            id: PlayerId::from_bytes([n; 16]),
            currency: if n.is_multiple_of(2) { Currency::EUR } else { Currency::GBP },
            brought: 0,
        };
        let mut world = Self {
            plan,
            chance: Chance::new(seed),
            bank: Bank::new(Arc::clone(&clock)).await,
            clock,
            shelf: Shelf::shared(),
            log: RoundLog::default(),
            dealers: [Dealer::new(), Dealer::new()],
            hub: Hub::default(),
            settler: Settler::default(),
            second: None,
            players: (1..=PLAYERS).map(player).collect(),
            leases: BTreeMap::new(),
            carried_by: BTreeMap::new(),
            quarantine: BTreeMap::new(),
            hit: None,
            movements: 0,
            stats: Stats::default(),
        };
        for at in 0..world.players.len() {
            world.move_cash(at, Amount::from_minor(30_000), true).await;
        }
        world
    }

    /// Lives, ends, and is checked.
    pub(crate) async fn run(mut self) -> Outcome {
        for nth in 0..STEPS {
            Box::pin(self.step()).await;
            if nth > STEPS / 3 {
                self.inject();
            }
            if nth % CHECK_EVERY == 0 {
                check::always(&self).await;
            }
        }
        Box::pin(self.drain()).await;
        let ledger = ending::at_the_end(&self).await;
        Outcome { ledger, log: self.log.digest(), stats: self.stats }
    }

    async fn step(&mut self) {
        match self.chance.below(1000) {
            0..520 => self.play(),
            520..560 => self.open_lease().await,
            560..590 => self.top_up().await,
            590..605 => self.start_closing(),
            605..630 => self.reap().await,
            630..670 => self.renew(),
            670..760 => self.source(),
            760..860 => self.settle().await,
            860..890 => self.settle_twice().await,
            890..905 => self.restart_a_dealer(),
            905..920 => self.restart_an_edge(),
            920..930 => self.deposit_or_withdraw().await,
            930..935 => self.bank.restart().await,
            935..945 => self.bank.usurp().await,
            945..960 => self.black_out(),
            _ => self.pass_time(),
        }
    }

    pub(crate) fn now_ms(&self) -> u64 {
        self.clock.now_ms()
    }

    pub(crate) fn is_troubled(&self) -> bool {
        !self.log.calm
    }

    /// The ledger's last batch.
    pub(crate) async fn head(&self) -> BatchHead {
        self.bank.store.load().await.unwrap().head
    }

    /// The lease's edge folds all that the log holds.
    pub(crate) fn follow(&mut self, id: LeaseId) {
        let lease = self.leases.get_mut(&id).unwrap();
        let (key, records) = (lease.key(), self.log.records(id, lease.edge.known()));
        lease.edge.follow(&records, |intent| round_key(&key, intent));
    }

    /// What settlement says must be what the edge said, where the edge is that far.
    pub(crate) fn note_settled(&mut self, settled: &Settled) {
        assert!(settled.broken.is_empty(), "a real game broke a bound: {:?}", settled.broken);
        for row in &settled.deals {
            let told = self.leases[&row.lease].edge.deals.get(&row.deal.deal);
            assert!(told.is_none_or(|told| *told == row.deal), "edge {told:?}, core {row:?}");
            self.stats.note(match row.deal.void {
                None => "deal settled",
                Some(wire::v1::client::VoidCause::Terms) => "deal void: terms",
                Some(wire::v1::client::VoidCause::GameFault) => "deal void: game_fault",
                Some(wire::v1::client::VoidCause::GameBroken) => "deal void: game_broken",
            });
        }
        for (lease, progress) in &settled.progress {
            check::agrees(&self.leases[lease].edge, progress);
        }
    }

    /// No more trouble: every lease is closed, everything arrives and is settled.
    async fn drain(&mut self) {
        self.log.calm = true;
        self.hub.dark.clear();
        self.second = None;
        self.dealers = [Dealer::new(), Dealer::new()];
        for lease in self.leases.values_mut() {
            self.dealers.iter_mut().for_each(|dealer| dealer.learn(lease));
            if lease.status != Status::Closed {
                lease.status = Status::Closing(wire::v1::lease::CloseReason::Draining);
            }
        }
        for _ in 0..10 {
            self.reap().await;
        }
        let ids: Vec<LeaseId> = self.leases.keys().copied().collect();
        while self.hub.source(&self.log, &ids, &mut self.chance) {}
        for _ in 0..2_000 {
            if self.hub.is_done() {
                break;
            }
            self.settle().await;
        }
        assert!(self.hub.is_done(), "settlement never comes to the end of its stream");
        ids.iter().for_each(|id| self.follow(*id));
    }
}
