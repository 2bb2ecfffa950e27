//! The engine and the whole ledger beside a naive model with 128-bit balances and no cleverness.
//!
//! Ids come from a small pool, so that replays, conflicts and spent ids are common; amounts are small, so that accounts run dry.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use ids::TransferId;
use ledger::{
    AccountKey, Command, Engine, Fault, Intent, Ledger, Lookup, Memory, Options, PreparedUnit, Reason, Unit, UnitReply,
    verify,
};
use money::Currency;
use proptest::prelude::*;

use crate::support::*;

type Balances = Vec<(AccountKey, i128)>;

/// Faults may pile up while replays append nothing: the clock of the test is patient.
const PATIENCE: Duration = Duration::from_secs(3_600);

#[derive(Clone, Default)]
struct Model {
    balances: BTreeMap<AccountKey, i128>,
    /// Of each id: what it meant, and what it left; nothing when it was spent on a rejection.
    ids: BTreeMap<TransferId, (Intent, Option<Balances>)>,
}

/// What the model says to a unit.
#[derive(Debug, PartialEq)]
enum Said {
    Applied(Vec<Balances>, bool),
    Rejected(usize, Reason, bool),
}

fn moves(intent: &Intent) -> Vec<(AccountKey, AccountKey, i128)> {
    let cash = |player| AccountKey::player_cash(player, Currency::EUR);
    let escrow = |lease| AccountKey::lease_escrow(lease, Currency::EUR);
    let house = |game| AccountKey::house_game(game, Currency::EUR);
    match intent {
        Intent::Deposit { player, amount, provider } => {
            vec![(AccountKey::psp_settled(provider, Currency::EUR), cash(*player), amount.wide())]
        }
        Intent::WithdrawRequest { player, amount } => {
            vec![(cash(*player), AccountKey::withdrawal_pending(*player, Currency::EUR), amount.wide())]
        }
        Intent::LeaseGrant { player, lease, amount } | Intent::LeaseTopup { player, lease, amount } => {
            vec![(cash(*player), escrow(*lease), amount.wide())]
        }
        Intent::LeaseReturn { player, lease, amount } | Intent::LeaseExpire { player, lease, amount } => {
            vec![(escrow(*lease), cash(*player), amount.wide())]
        }
        Intent::Deal { lease, game, stake, win: back, .. } | Intent::Void { lease, game, stake, refund: back, .. } => {
            let both = [(escrow(*lease), house(game), stake.wide()), (house(game), escrow(*lease), back.wide())];
            both.into_iter().filter(|(_, _, amount)| *amount != 0).collect()
        }
    }
}

impl Model {
    fn command(&mut self, command: &Command) -> Result<(Balances, bool), (Reason, bool)> {
        if let Some((intent, outcome)) = self.ids.get(&command.id) {
            return match outcome {
                _ if *intent != command.intent => Err((Reason::Conflict, false)),
                Some(after) => Ok((after.clone(), true)),
                None => Err((Reason::InsufficientFunds, true)),
            };
        }
        let mut after = Balances::new();
        for (from, to, amount) in moves(&command.intent) {
            if from.kind.no_negative() && self.balances.get(&from).copied().unwrap_or(0) < amount {
                return Err((Reason::InsufficientFunds, false));
            }
            *self.balances.entry(from).or_default() -= amount;
            *self.balances.entry(to).or_default() += amount;
            after.retain(|(key, _)| *key != from && *key != to);
            after.extend([(from, self.balances[&from]), (to, self.balances[&to])]);
        }
        after.sort();
        self.ids.insert(command.id, (command.intent.clone(), Some(after.clone())));
        Ok((after, false))
    }

    fn unit(&mut self, commands: &[Command]) -> Said {
        let before = self.clone();
        let (mut replies, mut fresh) = (Vec::new(), false);
        for (index, command) in commands.iter().enumerate() {
            match self.command(command) {
                Ok((after, replayed)) => {
                    fresh |= !replayed;
                    replies.push(after);
                }
                Err((reason, was_final)) => {
                    *self = before;
                    let spends = commands.len() == 1 && reason == Reason::InsufficientFunds;
                    if spends {
                        self.ids.insert(command.id, (command.intent.clone(), None));
                    }
                    return Said::Rejected(index, reason, was_final || spends);
                }
            }
        }
        Said::Applied(replies, !fresh)
    }
}

fn said(reply: &UnitReply) -> Said {
    match reply {
        UnitReply::Rejected(no) => Said::Rejected(no.index, no.reason, no.is_final),
        UnitReply::Applied(yes) => {
            let balances = yes.commands.iter().map(|command| {
                let mut after: Balances = command.balances.iter().map(|b| (b.account, b.balance.wide())).collect();
                after.sort();
                after
            });
            Said::Applied(balances.collect(), yes.replayed)
        }
    }
}

fn an_intent() -> impl Strategy<Value = Intent> {
    let (players, leases) = (0..3_u8, 0..3_u8);
    (0..8_u8, players, leases, 0..2_u8, 1..60_i64, 0..90_i64).prop_map(|(kind, p, l, g, a, b)| {
        let (player, lease, game, amount) = (player(p), lease(l), game(g), eur(a));
        match kind {
            0 | 1 => Intent::Deposit { player, amount, provider: "sandbox".into() },
            2 => Intent::WithdrawRequest { player, amount },
            3 => Intent::LeaseGrant { player, lease, amount },
            4 => Intent::LeaseTopup { player, lease, amount },
            5 => Intent::LeaseReturn { player, lease, amount },
            6 => Intent::Deal { lease, game, deal: 1, stake: eur(a - 1), win: eur(b) },
            _ => Intent::Void { lease, game, deal: 1, stake: amount, refund: eur(b.min(a)) },
        }
    })
}

fn some_units() -> impl Strategy<Value = Vec<Vec<Command>>> {
    let a_command = (0..40_u64, an_intent()).prop_map(|(n, intent)| command(n, intent));
    prop::collection::vec(prop::collection::vec(a_command, 1..4), 1..120)
}

/// Repeats some of the units, as impatient callers do.
fn with_repeats(units: Vec<Vec<Command>>) -> Vec<Vec<Command>> {
    let again: Vec<_> = units.iter().step_by(3).cloned().collect();
    units.into_iter().chain(again).collect()
}

fn check_batches(units: &[Vec<Command>], sizes: &[usize]) -> Result<(), TestCaseError> {
    let mut model = Model::default();
    let mut engine = Engine::restore(ledger::BatchHead::genesis(0), &[], &[], 100_000).unwrap();
    engine.has_learned_all();
    let mut rest = units;
    for size in sizes.iter().cycle() {
        if rest.is_empty() {
            break;
        }
        let (now, later) = rest.split_at((*size).min(rest.len()));
        rest = later;
        let ready: Vec<PreparedUnit> = now.iter().map(|unit| prepared(unit)).collect();
        let ready: Vec<&PreparedUnit> = ready.iter().collect();
        let first = engine.evaluate(&ready, START_MS, Lookup::Optimistic).unwrap();
        engine.undo().unwrap();
        let second = engine.evaluate(&ready, START_MS, Lookup::Optimistic).unwrap();
        prop_assert_eq!(&first.batch, &second.batch, "undo must leave no trace");
        for (unit, verdict) in now.iter().zip(&second.verdicts) {
            prop_assert_eq!(said(&verdict.reply), model.unit(unit));
        }
        engine.commit();
        let Some(batch) = second.batch else { continue };
        for side in batch.rows.iter().filter_map(|row| row.movement).flat_map(|m| [m.debit, m.credit]) {
            prop_assert!(side.balance >= 0 || !side.key.kind.no_negative(), "below zero at {:?}", side);
        }
        for row in &batch.accounts {
            prop_assert_eq!(i128::from(row.balance), model.balances[&row.key]);
        }
        prop_assert_eq!(model.balances.values().sum::<i128>(), 0);
    }
    Ok(())
}

async fn check_ledger(units: &[Vec<Command>], trouble: &[u8]) -> Result<(), TestCaseError> {
    let store = Memory::new(0);
    let options = Options { known_ids: 3, preload_transfers: 5, deadline: PATIENCE, ..Options::default() };
    let open = || Ledger::open(Arc::new(store.clone()), manual(), options.clone());
    let mut ledger = open().await.unwrap();
    let mut model = Model::default();
    for (unit, trouble) in units.iter().zip(trouble.iter().cycle()) {
        match trouble {
            0 => store.inject(Fault::BeforeCommit),
            1 => store.inject(Fault::AfterCommit),
            2 => store.inject(Fault::HeadUnreadable),
            3 => {
                ledger.close().await;
                ledger = open().await.unwrap();
            }
            _ => {}
        }
        let reply = ledger.submit(Unit { commands: unit.clone(), ..Unit::default() }).await.unwrap();
        prop_assert_eq!(said(&reply), model.unit(unit));
    }
    for (key, balance) in &model.balances {
        prop_assert_eq!(ledger.balance(key).wide(), *balance);
    }
    prop_assert!(ledger.trial_balance().is_zero_sum());
    verify::replay(&store).await.unwrap();
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn the_engine_says_and_holds_what_the_model_does(
        units in some_units(), sizes in prop::collection::vec(1..30_usize, 1..5)
    ) {
        check_batches(&with_repeats(units), &sizes)?;
    }

    #[test]
    fn a_forgetful_ledger_on_a_failing_store_with_restarts_says_what_the_model_does(
        units in some_units(), trouble in prop::collection::vec(0..12_u8, 1..40)
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
        runtime.block_on(check_ledger(&with_repeats(units), &trouble))?;
    }
}
