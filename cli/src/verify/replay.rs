//! Plays a bundle's deals again: the fold of `round`, the production execution in the sandbox, and draws from the keys that the revealed seed gives.
//!
//! Promise: draws, outcome and win of every deal are compared with the replay's, in the order of the lease, with the state of an
//! open round carried from deal to deal. A void deal (outcome of zeros, no draws, no win) is accepted only when the replay gives
//! no verdict either. What may go wrong: a game that the directory lacks, and then nothing is replayed; a fault of this machine,
//! which is tried again and in the end reported as an error, never as a problem of the bundle.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, bail};
use fairness::{Bundle, Deal, Draw, LeaseKey};
use money::Amount;
use round::{GameCall, IntentSignature, LeaseState, Plan, Played, Verdict};
use sandbox::{Host, HostOptions, Table};

use super::library::Library;
use super::problem::Problem;
use super::terms;

/// Runs of one deal when this machine is at fault.
const TRIES: u32 = 3;

type Tables = BTreeMap<([u8; 32], [u8; 32]), Table>;

/// What a replay found.
#[derive(Default)]
pub(crate) struct Replayed {
    pub(crate) problems: Vec<Problem>,
    /// Deals played again.
    pub(crate) deals: u64,
    /// Of these, void in the file and in the replay.
    pub(crate) voids: u64,
}

/// Replays a bundle with the games of a directory.
pub(crate) fn replay(bundle: &Bundle, games: &Path) -> anyhow::Result<Replayed> {
    let mut replayed = Replayed::default();
    let host = Host::new(HostOptions::default()).context("the sandbox can't be set up")?;
    let library = Library::open(host, games)?;
    let mut tables = Tables::new();
    for (game, params) in terms::games(bundle) {
        match library.table(&game, &params) {
            Ok(table) => drop(tables.insert((game, params), table)),
            Err(problem) => replayed.problems.push(problem),
        }
    }
    if !replayed.problems.is_empty() {
        return Ok(replayed);
    }
    match terms::lease(bundle, &library) {
        Ok(state) => fold(bundle, state, &tables, &mut replayed)?,
        Err(problem) => replayed.problems.push(problem),
    }
    Ok(replayed)
}

fn fold(bundle: &Bundle, state: LeaseState, tables: &Tables, replayed: &mut Replayed) -> anyhow::Result<()> {
    let key = bundle.lease_key();
    let opened = terms::opened(&state);
    let (mut state, _) = state.apply(&opened, IntentSignature::Valid, None)?;
    let mut in_carried = bundle.carried.is_some();
    for (number, deal) in (1..).zip(&bundle.rounds) {
        let problems = replayed.problems.len();
        let next = step(number, deal, state, &key, tables, replayed)?;
        if in_carried && replayed.problems.len() > problems {
            replayed.problems.push(Problem::Carried);
            in_carried = false;
        }
        let Some(next) = next else { return Ok(()) };
        in_carried = in_carried && next.progress.round.is_some();
        state = next;
        replayed.deals += 1;
    }
    Ok(())
}

/// One deal; none when the lease can't be folded any further.
fn step(
    number: u64,
    deal: &Deal,
    state: LeaseState,
    key: &LeaseKey,
    tables: &Tables,
    replayed: &mut Replayed,
) -> anyhow::Result<Option<LeaseState>> {
    let record = match terms::bound(number, deal, &state) {
        Ok(record) => record,
        Err(problem) => {
            replayed.problems.push(problem);
            return Ok(None);
        }
    };
    let no_fold = |fault| Problem::NoFold { deal: number, fault };
    let ran = match state.plan(&record, IntentSignature::Valid) {
        Ok(Plan::Run(call)) => run(&call, deal, key, tables).with_context(|| format!("deal {number}"))?,
        Ok(Plan::Void(code)) => {
            Run { verdict: None, draws: Vec::new(), reason: format!("it breaks the lease's terms ({code:?})") }
        }
        Ok(Plan::Control) => bail!("deal {number} is not a deal"),
        Err(fault) => {
            replayed.problems.push(no_fold(fault));
            return Ok(None);
        }
    };
    let verdict = compare(number, deal, ran, replayed);
    match state.apply(&record, IntentSignature::Valid, verdict) {
        Ok((next, _)) => Ok(Some(next)),
        Err(fault) => {
            replayed.problems.push(no_fold(fault));
            Ok(None)
        }
    }
}

/// What the replay of a deal gave.
struct Run {
    /// None when the deal was not to be executed.
    verdict: Option<Verdict>,
    draws: Vec<Draw>,
    /// Why it is void, if it is.
    reason: String,
}

/// The production execution, tried again when this machine is at fault.
fn run(call: &GameCall, deal: &Deal, key: &LeaseKey, tables: &Tables) -> anyhow::Result<Run> {
    let table = tables.get(&(deal.game, deal.params)).context("its game is not loaded")?;
    let stake = Amount::try_from_unsigned(deal.stake)?;
    let mut tries = 1..=TRIES;
    loop {
        let last = tries.next().is_none_or(|number| number == TRIES);
        match execution::execute(table, call, stake, deal.round_key(key)) {
            Ok(executed) => {
                let reason = executed.void_code.unwrap_or_default().to_owned();
                return Ok(Run { verdict: Some(executed.verdict), draws: executed.draws, reason });
            }
            Err(error) if last => return Err(error).context("this machine could not run it"),
            Err(_) => {}
        }
    }
}

/// Notes where file and replay differ; the verdict to fold, which follows the file where it says that a deal is void, so that
/// one false claim doesn't upset the deals after it.
fn compare(deal_number: u64, deal: &Deal, ran: Run, replayed: &mut Replayed) -> Option<Verdict> {
    let void_in_file = deal.outcome == [0; 32] && deal.draws.is_empty() && deal.win == 0;
    match &ran.verdict {
        Some(Verdict::Played(played)) if void_in_file => {
            replayed.problems.push(Problem::NotVoid { deal: deal_number, win: played.win_minor });
            return Some(Verdict::Fault);
        }
        Some(Verdict::Played(played)) => compare_played(deal_number, deal, played, &ran.draws, replayed),
        _ if void_in_file => replayed.voids += 1,
        _ => replayed.problems.push(Problem::IsVoid { deal: deal_number, reason: ran.reason }),
    }
    ran.verdict
}

fn compare_played(number: u64, deal: &Deal, played: &Played, draws: &[Draw], replayed: &mut Replayed) {
    let file = deal.record();
    let longest = file.len().max(draws.len());
    let differs = (0..longest).map(|index| (draws.get(index), file.get(index))).find(|(replay, file)| replay != file);
    if let Some((expected, found)) = differs {
        replayed.problems.push(Problem::Draws { deal: number, expected: expected.copied(), found: found.copied() });
    }
    if deal.outcome != played.outcome {
        let (expected, found) = (hex::encode(played.outcome), hex::encode(deal.outcome));
        replayed.problems.push(Problem::Outcome { deal: number, expected, found });
    }
    if deal.win != played.win_minor {
        replayed.problems.push(Problem::Win { deal: number, expected: played.win_minor, found: deal.win });
    }
}
