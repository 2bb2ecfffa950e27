//! The real ledger on the memory store: asked again when it is in doubt, opened again when it was killed or fenced.

use std::sync::Arc;
use std::time::Duration;

use clock::{Clock, ManualClock, SharedClock};
use ids::TransferId;
use ledger::{Command, Fault, Intent, Ledger, Memory, Options, Reason, Unit, UnitReply, WalletEvent};
use money::Currency;

/// Ids remembered: few, so that look-ups in the store are common.
const KNOWN_IDS: usize = 40;
/// How long a caller waits for a ledger that is killed meanwhile.
const KILL_AFTER: Duration = Duration::from_millis(100);

/// The ledger, and a second writer that believes to be it.
pub(crate) struct Bank {
    pub(crate) store: Memory,
    clock: Arc<ManualClock>,
    pub(crate) ledger: Ledger,
    pub(crate) usurped: Option<Ledger>,
}

/// Which of the two writers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Writer {
    /// The one that everybody uses.
    Present,
    /// The one before it, which was never told to stop.
    Usurped,
}

impl Bank {
    pub(crate) async fn new(clock: Arc<ManualClock>) -> Self {
        let store = Memory::new(0);
        let ledger = open(&store, &clock).await;
        Self { store, clock, ledger, usurped: None }
    }

    /// Ends the writer and starts another.
    pub(crate) async fn restart(&mut self) {
        self.ledger.close().await;
        self.ledger = open(&self.store, &self.clock).await;
    }

    /// Starts another writer and lets the present one live on, as a core that was cut off.
    pub(crate) async fn usurp(&mut self) {
        let next = open(&self.store, &self.clock).await;
        self.usurped = Some(std::mem::replace(&mut self.ledger, next));
    }

    /// Has `unit` carried out; `None` when it is not known whether it was.
    pub(crate) async fn submit(&self, unit: Unit, writer: Writer) -> Option<UnitReply> {
        let ledger = match writer {
            Writer::Usurped => self.usurped.as_ref().unwrap_or(&self.ledger),
            Writer::Present => &self.ledger,
        };
        ledger.submit(unit).await.ok()
    }

    /// Lets the ledger's process die while `unit` is on its way: before its commit or after it. Nobody gets an answer.
    pub(crate) async fn submit_and_die(&mut self, unit: Unit, fault: Fault) {
        self.store.inject(fault);
        // Enough for every try that it makes until it is given up.
        (0..12).for_each(|_| self.store.inject(Fault::HeadUnreadable));
        // A unit that leaves nothing to append is answered all the same; whoever asked is dead by then.
        let _unheard = self.ledger.submit_within(unit, KILL_AFTER).await;
        self.restart().await;
    }

    /// Asks until there is an answer: whether it was carried out, or the account could not pay.
    pub(crate) async fn carry_out(
        &mut self,
        id: TransferId,
        currency: Currency,
        intent: Intent,
        event: Option<WalletEvent>,
    ) -> bool {
        let event_ms = self.clock.now_ms();
        for _ in 0..8 {
            let command = Command { id, currency, intent: intent.clone(), event_ms };
            let events = event.clone().into_iter().collect();
            let unit = Unit { commands: vec![command], events, ..Unit::default() };
            match self.submit(unit, Writer::Present).await {
                Some(UnitReply::Applied(_)) => return true,
                Some(UnitReply::Rejected(no)) if no.reason == Reason::InsufficientFunds => return false,
                Some(UnitReply::Rejected(no)) => panic!("the ledger refuses {intent:?}: {no:?}"),
                None => self.restart().await,
            }
        }
        panic!("the ledger never answers")
    }
}

async fn open(store: &Memory, clock: &Arc<ManualClock>) -> Ledger {
    let clock: SharedClock = Arc::<ManualClock>::clone(clock);
    let options = Options { known_ids: KNOWN_IDS, preload_transfers: 20, ..Options::default() };
    Ledger::open(Arc::new(store.clone()), clock, options).await.unwrap()
}
