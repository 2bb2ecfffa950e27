//! Records into a held lease, from wherever they come: a bind's answer, a top-up, the closing record, the log.
//!
//! All that a record brings about happens here, in the order of the records: the watching client is told, the core is told
//! what the client was told, a broken game is switched off, an ended lease is let go.

use std::sync::Arc;

use execution::Executed;
use fairness::RoundKey;
use ids::Digest;
use round::{GameCall, IntentSignature, verify_intent};
use telemetry::{Timer, names};
use wire::v1::Hex;
use wire::v1::client::{DealResult, ServerBody};
use wire::v1::intent::SignedIntent;
use wire::v1::record::{Record, RecordBody};
use wire::v1::told::Told;

use crate::held::Slot;
use crate::lease::{FoldError, Folded, HeldLease, RunError};
use crate::limits;
use crate::outlet::Asker;
use crate::play::Play;

/// The draw keys at hand.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Keys<'a> {
    /// None: only bookkeeping can be folded.
    None,
    /// The one of this deal.
    One(u64, &'a Hex<32>),
    /// Those of deal 1, 2, 3 …
    All(&'a [Hex<32>]),
}

impl Keys<'_> {
    fn of(&self, deal: u64) -> Result<&[u8; 32], RunError> {
        let key = match self {
            Self::One(of, key) if *of == deal => Some(*key),
            Self::All(keys) => deal.checked_sub(1).and_then(|at| keys.get(usize::try_from(at).ok()?)),
            Self::One(..) | Self::None => None,
        };
        key.map(|key| &key.0).ok_or(RunError::NoKey(deal))
    }
}

/// Whose frame a record may answer.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Answer<'a> {
    /// Nobody's.
    Nobody,
    /// The bet that this intent makes.
    Deal(&'a Asker, &'a SignedIntent),
    /// The wish to close.
    Close(&'a Asker),
}

impl Play {
    /// Folds `records`, in order. Those folded before are passed over; those before their turn wait for it.
    ///
    /// # Errors
    /// [`FoldError`] at the first record that can't be folded; those before it are.
    pub(crate) fn take(
        &self,
        slot: &Slot,
        records: &[Record],
        keys: Keys<'_>,
        answer: Answer<'_>,
    ) -> Result<(), FoldError> {
        let mut held = slot.held();
        for record in records {
            self.take_one(slot, &mut held, record, keys, answer)?;
            while let Some(early) = held.take_early() {
                self.take_one(slot, &mut held, &early, keys, answer)?;
            }
        }
        Ok(())
    }

    fn take_one(
        &self,
        slot: &Slot,
        held: &mut HeldLease,
        record: &Record,
        keys: Keys<'_>,
        answer: Answer<'_>,
    ) -> Result<(), FoldError> {
        let folded = self.fold(slot, held, record, keys, answer)?;
        match folded {
            Folded::Known | Folded::Early | Folded::Opened => {}
            Folded::Deal { result, broken } => {
                let asker = answers_deal(answer, record);
                held.tell(ServerBody::Result(Box::new((*result).clone())), asker);
                self.report(slot, &result, broken);
            }
            Folded::ToppedUp => {
                let in_play_minor = held.state().progress.in_play_minor;
                held.tell(ServerBody::ToppedUp { lease: slot.lease, in_play_minor }, None);
            }
            Folded::Closed(closed) => {
                let asker = if let Answer::Close(asker) = answer { Some(asker) } else { None };
                let (lease, deals, reason) = (slot.lease, closed.deals, closed.reason);
                held.tell(ServerBody::Closing { lease, deals, reason }, asker);
                self.wallet.expect_closed(slot.player, slot.lease);
                self.held.remove(slot);
            }
        }
        Ok(())
    }

    fn fold(
        &self,
        slot: &Slot,
        held: &mut HeldLease,
        record: &Record,
        keys: Keys<'_>,
        answer: Answer<'_>,
    ) -> Result<Folded, FoldError> {
        let RecordBody::Deal(bound) = &record.body else {
            return held.fold(record, IntentSignature::Valid, |_| Err(RunError::NoKey(0)));
        };
        let intent = &bound.intent;
        // The asker's intent was verified before it was bound.
        let signature = match answer {
            Answer::Deal(_, asked) if asked == intent => IntentSignature::Valid,
            _ if record.index < held.records() => IntentSignature::Valid,
            _ => verify_intent(&slot.key, &slot.terms, intent),
        };
        held.fold(record, signature, |call| self.execute(call, intent, keys))
    }

    /// Runs a bound deal.
    ///
    /// # Errors
    /// [`RunError`]; [`RunError::Machine`] after [`limits::EXECUTE_TRIES`].
    pub(crate) fn execute(&self, call: &GameCall, intent: &SignedIntent, keys: Keys<'_>) -> Result<Executed, RunError> {
        let key = keys.of(intent.deal)?;
        let table = self.catalogue.loaded(&call.game).ok_or(RunError::NoGame(call.game.digest))?;
        let timer = Timer::start();
        let mut tries = 1;
        loop {
            match execution::execute(&table, call, intent.stake_minor, RoundKey::from_bytes(*key)) {
                Ok(executed) => {
                    timer.record(names::EXECUTE_SECONDS);
                    return Ok(executed);
                }
                Err(error) if tries >= limits::EXECUTE_TRIES => return Err(error.into()),
                Err(_) => tries += 1,
            }
        }
    }

    /// What the player now knows is reported; a broken game is switched off here before the core does it everywhere.
    fn report(&self, slot: &Slot, result: &Arc<DealResult>, broken: Option<Digest>) {
        self.wallet.expect_settled(slot.player, slot.lease, result.deal);
        self.told.queue(Told { lease: slot.lease, deal: result.deal, link: result.link, win_minor: result.win_minor });
        if let Some(digest) = broken {
            tracing::error!(lease = %slot.lease, deal = result.deal, game = %digest, "a game broke its bounds");
            self.catalogue.block(digest);
        }
    }
}

/// The asker, if the record binds the very bet that was asked for.
fn answers_deal<'a>(answer: Answer<'a>, record: &Record) -> Option<&'a Asker> {
    let (Answer::Deal(asker, asked), RecordBody::Deal(bound)) = (answer, &record.body) else { return None };
    let same = asked.deal == bound.intent.deal && asked.bet_hash() == bound.intent.bet_hash();
    same.then_some(asker)
}
