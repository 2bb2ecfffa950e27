//! Settlement's steps: deliveries, deaths between any two of them, and a second settler that believes to be alone.

use ledger::Fault;

use crate::bank::Writer;
use crate::hub::Delivery;
use crate::settler::{Core, Death, Ended, Settler};
use crate::world::World;

impl World {
    /// The settler takes a delivery, with some trouble.
    pub(crate) async fn settle(&mut self) {
        let batch = self.hub.deliver(&mut self.chance);
        if batch.is_empty() {
            return;
        }
        let death = self.trouble();
        let mut settler = std::mem::take(&mut self.settler);
        let ended = self.deliver(&mut settler, &batch, Writer::Present, death).await;
        match (&ended, death) {
            // A death after the commit and before the acknowledgement: the same comes again.
            (Ended::Committed(_), _) if self.is_troubled() && self.chance.is(5) => {
                self.stats.note("settler died before its acknowledgement");
                settler = Settler::default();
            }
            (Ended::Committed(_), _) => self.hub.acknowledge(&batch),
            (Ended::Replayed, _) => self.stats.note("settler was late"),
            (Ended::Fenced, _) => self.stats.note("second settler refused"),
            (Ended::Unknown, Death::BeforeSubmit) => self.stats.note("settler died before its commit"),
            (Ended::Unknown, Death::WithLedger(_)) => self.stats.note("ledger killed"),
            (Ended::Unknown, Death::Never) => {
                self.stats.note("ledger fenced");
                self.bank.restart().await;
            }
        }
        if settler.is_new() {
            self.stats.note("settler restarted from its rows");
        }
        self.settler = settler;
    }

    /// Chance decides what fails during the delivery.
    fn trouble(&mut self) -> Death {
        if !self.is_troubled() {
            return Death::Never;
        }
        match self.chance.below(100) {
            0..3 => Death::BeforeSubmit,
            3..5 => Death::WithLedger(Fault::BeforeCommit),
            5..7 => Death::WithLedger(Fault::AfterCommit),
            // The ledger finds out by itself what became of its append.
            7..12 => {
                self.bank.store.inject(Fault::BeforeCommit);
                Death::Never
            }
            12..17 => {
                self.bank.store.inject(Fault::AfterCommit);
                Death::Never
            }
            _ => Death::Never,
        }
    }

    /// One delivery to one settler, and what follows from its end.
    async fn deliver(&mut self, settler: &mut Settler, batch: &[Delivery], writer: Writer, death: Death) -> Ended {
        let dealer = self.dealers[0].verifying_key();
        let was_stale = settler.is_stale(&self.bank.store);
        let before = self.head().await;
        let (bank, leases, quarantine) = (&mut self.bank, &self.leases, &mut self.quarantine);
        let mut core = Core { bank, leases, dealer, quarantine };
        let ended = settler.settle(&mut core, batch, writer, death).await;
        if let (Ended::Committed(settled), false) = (&ended, was_stale) {
            self.stats.note_many("redelivered", settled.repeated);
            self.note_settled(settled);
        }
        if was_stale && death == Death::Never {
            // Two writers of one moment may make the same batch of the same unit; then it stands once, and both are told so.
            assert_eq!(self.head().await, before, "a settler with a stale watermark has moved money");
        }
        if matches!(ended, Ended::Fenced) {
            assert!(was_stale, "a settler is fenced whose watermark stands");
        }
        ended
    }

    /// A second settler: it remembers what the first one knew at some time, and goes on from there.
    pub(crate) async fn settle_twice(&mut self) {
        let Some((second, place)) = self.second.take() else {
            self.second = Some((self.settler.clone(), self.hub.acked()));
            return;
        };
        // After the last acknowledgement it would have to be given what nobody has settled: the broker gives that in order.
        let batch = self.hub.from(place, &mut self.chance);
        let last = batch.last().map_or(0, |last| usize::try_from(last.seq).unwrap());
        if !batch.is_empty() && (place == self.hub.acked() || last <= self.hub.acked() || self.chance.is(50)) {
            let writer = if self.chance.is(50) { Writer::Usurped } else { Writer::Present };
            let mut copy = second.clone();
            match self.deliver(&mut copy, &batch, writer, Death::Never).await {
                Ended::Fenced => self.stats.note("second settler refused"),
                Ended::Committed(_) => self.stats.note("second settler was first"),
                Ended::Unknown => self.stats.note("ledger fenced"),
                Ended::Replayed => self.stats.note("second settler was late"),
            }
        }
        if self.chance.is(60) {
            self.second = Some((second, place));
        }
    }
}
