//! Evaluation: the order of checks, and what a unit may leave behind.
//!
//! For each command, in order: known id (other body -> conflict; same body -> the first answer); then its legs on the balances as
//! the commands before left them. One failing command takes the whole unit back; a lone command that failed for its
//! account's state is recorded, and its id is spent. Later units see none of a failed one.
//!
//! An id that is not remembered is taken for new. If the store has it after all, a recorded row meets the primary key; an
//! unrecorded rejection would not, so it is `unsure`, and the caller evaluates again after looking the ids up.

use ids::{PlayerId, TransferId};
use money::Amount;

use super::account::{AccountKey, AccountRow};
use super::batch::{Batch, BatchHead};
use super::command::Prepared;
use super::known::{Known, KnownIds};
use super::prepared::PreparedUnit;
use super::reply::{Applied, BalanceAfter, CommandReply, Reason, Rejected, UnitReply};
use super::row::{Status, TransferRow};
use super::state::{Invariant, LegRefusal, State};
use super::work::Work;

/// Whether ids that the engine does not remember have been looked up in the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lookup {
    /// Not yet.
    Optimistic,
    /// All of this batch's, and what was found was learned.
    Done,
}

/// What a unit comes to, if the batch is appended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The answer.
    pub reply: UnitReply,
    /// Whether it carried something out now: then its rider is written with the batch.
    pub is_fresh: bool,
}

/// What [`Engine::evaluate`] found.
#[derive(Debug)]
pub struct Evaluated {
    /// One a unit, in order.
    pub verdicts: Vec<Verdict>,
    /// What to append; nothing when no unit left anything.
    pub batch: Option<Batch>,
    /// Some rejection rests on an id being new: undo, look all ids up, evaluate again.
    pub unsure: bool,
}

/// The machine of one shard.
#[derive(Debug)]
pub struct Engine {
    state: State,
    known: KnownIds,
    head: BatchHead,
    epoch: u64,
    work: Work,
    known_mark: usize,
    sealed: Option<BatchHead>,
}

struct Mark {
    state: usize,
    known: usize,
    rows: usize,
    events: usize,
}

impl Engine {
    /// The machine as a shard's last batch left it. `known_ids` bounds the memory of ids.
    ///
    /// # Errors
    /// [`Invariant`] when what the store gave contradicts itself.
    pub fn restore(
        head: BatchHead,
        accounts: &[AccountRow],
        wallet_heads: &[(PlayerId, u64)],
        known_ids: usize,
    ) -> Result<Self, Invariant> {
        if !head.is_sound() {
            return Err(Invariant::BrokenBatch(head.no));
        }
        let epoch = head.epoch.checked_add(1).ok_or(Invariant::CounterRanOut)?;
        let known = KnownIds::new(known_ids);
        let work = Work::new(0, 0, 0, 0);
        Ok(Self {
            state: State::restore(accounts, wallet_heads)?,
            known,
            head,
            epoch,
            work,
            known_mark: 0,
            sealed: None,
        })
    }

    /// The last batch that was kept.
    #[must_use]
    pub fn head(&self) -> &BatchHead {
        &self.head
    }

    /// Remembers ids from their rows in the store; the legs of one command lie together, in order.
    pub fn learn(&mut self, rows: &[TransferRow]) {
        for command in rows.chunk_by(|a, b| a.id == b.id) {
            if let (Some(first), Some(known)) = (command.first(), Known::from_rows(command)) {
                self.known.insert(first.id, known);
            }
        }
    }

    /// Every id of the log has been learned: from now on, one that is not remembered is new, until the memory overflows.
    pub fn has_learned_all(&mut self) {
        self.known.is_complete_now();
    }

    /// Carries `units` out in order at wall time `now_ms`.
    ///
    /// # Errors
    /// [`Invariant`]: the shard must stop; the engine is of no more use.
    pub fn evaluate(&mut self, units: &[&PreparedUnit], now_ms: u64, lookup: Lookup) -> Result<Evaluated, Invariant> {
        let no = self.head.no.checked_add(1).ok_or(Invariant::CounterRanOut)?;
        let after = self.head.posted_ms.checked_add(1).ok_or(Invariant::CounterRanOut)?;
        let (first_seq, first_event) = (self.head.next_seq(), self.head.last_event.saturating_add(1));
        self.known_mark = self.known.mark();
        self.work = Work::new(no, now_ms.max(after), first_seq, first_event);
        let sure = lookup == Lookup::Done || self.known.is_complete();
        let mut unsure = false;
        let mut verdicts = Vec::with_capacity(units.len());
        for unit in units {
            let (verdict, rests_on_new_ids) = self.evaluate_unit(unit)?;
            unsure |= !sure && rests_on_new_ids;
            verdicts.push(verdict);
        }
        let batch = self.seal()?;
        Ok(Evaluated { verdicts, batch, unsure })
    }

    /// Keeps what was evaluated last: the store has it.
    pub fn commit(&mut self) {
        if let Some(head) = self.sealed.take() {
            self.head = head;
        }
        self.state.forget_undo();
        self.known.trim();
    }

    /// Takes back what was evaluated last: the store does not have it.
    ///
    /// # Errors
    /// [`Invariant`], as [`Engine::evaluate`].
    pub fn undo(&mut self) -> Result<(), Invariant> {
        self.sealed = None;
        self.known.roll_back(self.known_mark);
        self.state.roll_back(0)
    }

    /// The verdict, and whether it is a rejection that leaves no row and took an id for new on the way.
    fn evaluate_unit(&mut self, unit: &PreparedUnit) -> Result<(Verdict, bool), Invariant> {
        let mark = self.mark();
        let mut replies = Vec::with_capacity(unit.commands.len());
        let mut is_fresh = false;
        for (index, command) in unit.commands.iter().enumerate() {
            let answer = match self.known.get(&command.id) {
                Some(known) if known.body != command.body => Err((Reason::Conflict, false)),
                Some(known) if known.status == Status::InsufficientFunds => Err((Reason::InsufficientFunds, true)),
                Some(known) => Ok(self.reply(command.id, known, true)?),
                None => {
                    is_fresh = true;
                    self.carry_out(command)?.map_err(|reason| (reason, false))
                }
            };
            match answer {
                Ok(reply) => replies.push(reply),
                Err((reason, recorded)) => {
                    self.roll_back(&mark)?;
                    let spends = unit.commands.len() == 1 && reason == Reason::InsufficientFunds && !recorded;
                    if spends {
                        self.record_rejection(command)?;
                    }
                    let rejected = Rejected { index, id: command.id, reason, is_final: recorded || spends };
                    let verdict = Verdict { reply: UnitReply::Rejected(rejected), is_fresh: false };
                    return Ok((verdict, is_fresh && !spends));
                }
            }
        }
        let core_seqs = if is_fresh { self.emit(unit)? } else { Vec::new() };
        let applied = Applied { commands: replies, core_seqs, replayed: !is_fresh };
        Ok((Verdict { reply: UnitReply::Applied(applied), is_fresh }, false))
    }

    fn carry_out(&mut self, command: &Prepared) -> Result<Result<CommandReply, Reason>, Invariant> {
        let first = self.work.rows.len();
        for (leg, parts) in command.legs.iter().enumerate() {
            let movement = match self.state.apply(parts) {
                Ok(movement) => movement,
                Err(LegRefusal::InsufficientFunds) => return Ok(Err(Reason::InsufficientFunds)),
                Err(LegRefusal::Overflow) => return Ok(Err(Reason::Overflow)),
                Err(LegRefusal::Broken(broken)) => return Err(broken),
            };
            let leg = u16::try_from(leg).map_err(|_| Invariant::CounterRanOut)?;
            self.work.write(command, leg, Status::Applied, Some((parts.code, movement)))?;
        }
        if command.legs.is_empty() {
            self.work.write(command, 0, Status::Applied, None)?;
        }
        let rows = self.work.rows.get(first..).unwrap_or_default();
        let known = Known::from_rows(rows).ok_or(Invariant::CounterRanOut)?;
        let reply = self.reply(command.id, &known, false)?;
        self.known.insert(command.id, known);
        Ok(Ok(reply))
    }

    fn record_rejection(&mut self, command: &Prepared) -> Result<(), Invariant> {
        let first = self.work.rows.len();
        self.work.write(command, 0, Status::InsufficientFunds, None)?;
        if let Some(known) = Known::from_rows(self.work.rows.get(first..).unwrap_or_default()) {
            self.known.insert(command.id, known);
        }
        Ok(())
    }

    fn reply(&self, id: TransferId, known: &Known, replayed: bool) -> Result<CommandReply, Invariant> {
        let balances = known.touched.iter().map(|after| {
            let account = self.state.row(after.account)?.key;
            Ok(BalanceAfter { account, balance: Amount::from_minor(after.balance), version: after.version })
        });
        let balances = balances.collect::<Result<_, Invariant>>()?;
        Ok(CommandReply { id, seq: known.seq, posted_ms: known.posted_ms, balances, replayed })
    }

    fn emit(&mut self, unit: &PreparedUnit) -> Result<Vec<u64>, Invariant> {
        let Some(currency) = unit.commands.first().map(|command| command.currency) else {
            return Ok(Vec::new());
        };
        let mut core_seqs = Vec::with_capacity(unit.events.len());
        for event in &unit.events {
            let core_seq = self.state.next_core_seq(event.player)?;
            let cash = self.state.balance_of(&AccountKey::player_cash(event.player, currency));
            self.work.emit(event, core_seq, (currency, cash), unit.trace.clone())?;
            core_seqs.push(core_seq);
        }
        Ok(core_seqs)
    }

    fn mark(&self) -> Mark {
        Mark {
            state: self.state.mark(),
            known: self.known.mark(),
            rows: self.work.rows.len(),
            events: self.work.events.len(),
        }
    }

    fn roll_back(&mut self, mark: &Mark) -> Result<(), Invariant> {
        self.work.rows.truncate(mark.rows);
        self.work.events.truncate(mark.events);
        self.known.roll_back(mark.known);
        self.state.roll_back(mark.state)
    }

    fn seal(&mut self) -> Result<Option<Batch>, Invariant> {
        if self.work.rows.is_empty() {
            return Ok(None);
        }
        let batch = self.work.seal(&self.state, &self.head, self.epoch)?;
        self.sealed = Some(batch.head);
        Ok(Some(batch))
    }
}
