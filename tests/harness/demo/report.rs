//! The demo's figures and its verdict.

use std::collections::BTreeMap;
use std::fmt;

use hdrhistogram::Histogram;
use serde::Serialize;

use super::DemoOptions;
use super::audit::Audit;
use crate::bots::BotReport;

/// Gaps and repeats that are shown in words.
const ODDITIES_SHOWN: usize = 12;

/// What the demo found.
#[derive(Clone, Debug, Serialize)]
pub struct DemoReport {
    /// Bots.
    pub players: usize,
    /// Seconds of play.
    pub seconds: u64,
    /// Faults, as they happened.
    pub faults: Vec<String>,
    /// Deals that stand in the round logs.
    pub bound: u64,
    /// Deals that settlement posted.
    pub settled: u64,
    /// Void ones among them.
    pub voided: u64,
    /// Deals that an edge told otherwise than the core computed, or told twice with different content.
    pub mismatched: u64,
    /// Deals that were bound or told, and not settled.
    pub lost: u64,
    /// Deals settled more often than bound.
    pub duplicated: u64,
    /// Deals or wallet events that a client missed, or was told twice unasked.
    pub gaps: u64,
    /// Records in quarantine.
    pub quarantined: u64,
    /// Sum of all accounts per currency, minor units.
    pub ledger_sum: BTreeMap<String, String>,
    /// Escrow left in leases, minor units.
    pub escrow_left: String,
    /// Leases that are not at their end.
    pub open_leases: u64,
    /// Bots whose own books differ from the ledger.
    pub balances_off: u64,
    /// Connections that were taken up again.
    pub resumed: u64,
    /// Among them at another edge.
    pub moved: u64,
    /// Snapshots sent in place of what was missed.
    pub resyncs: u64,
    /// Refusals by code.
    pub refusals: BTreeMap<&'static str, u64>,
    /// From intent to result, microseconds.
    pub latency_us: Percentiles,
    /// Sentences on what is wrong.
    pub problems: Vec<String>,
}

/// Of a distribution.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Percentiles {
    /// Values.
    pub count: u64,
    /// Median.
    pub p50: u64,
    /// 90 of 100 are below.
    pub p90: u64,
    /// 99 of 100 are below.
    pub p99: u64,
    /// The largest.
    pub max: u64,
}

impl Percentiles {
    /// Of `histogram`.
    #[must_use]
    pub fn of(histogram: &Histogram<u64>) -> Self {
        let at = |quantile| histogram.value_at_quantile(quantile);
        Self { count: histogram.len(), p50: at(0.5), p90: at(0.9), p99: at(0.99), max: histogram.max() }
    }
}

impl DemoReport {
    pub(super) fn of(options: &DemoOptions, bots: &[BotReport], audit: &Audit, faults: Vec<String>) -> Self {
        let total = |of: fn(&BotReport) -> u64| bots.iter().map(of).sum::<u64>();
        let told =
            total(|bot| bot.book.leases.values().map(|lease| u64::try_from(lease.deals.len()).unwrap_or(0)).sum());
        let mut refusals = BTreeMap::new();
        let mut latency: Option<Histogram<u64>> = None;
        for bot in bots {
            bot.refusals.iter().for_each(|(code, count)| *refusals.entry(*code).or_default() += count);
            match &mut latency {
                Some(sum) => drop(sum.add(&bot.latency_us)),
                None => latency = Some(bot.latency_us.clone()),
            }
        }
        let off: Vec<String> =
            bots.iter().filter(|bot| bot.ledger != (bot.book.balance(), 0)).map(difference).collect();
        let mut report = Self {
            players: bots.len(),
            seconds: options.seconds,
            faults,
            bound: audit.bound,
            settled: audit.settled,
            voided: audit.voided,
            mismatched: audit.mismatched + total(|bot| bot.book.contradictions + bot.book.broken_chains()),
            lost: audit.bound.max(told).saturating_sub(audit.settled),
            duplicated: audit.settled.saturating_sub(audit.bound),
            gaps: total(|bot| bot.book.gaps + bot.book.repeats),
            quarantined: audit.quarantined,
            ledger_sum: audit.sums.iter().map(|(currency, sum)| (currency.clone(), sum.to_string())).collect(),
            escrow_left: audit.escrow_left.to_string(),
            open_leases: audit.open_leases,
            balances_off: u64::try_from(off.len()).unwrap_or(u64::MAX),
            resumed: total(|bot| bot.resumed),
            moved: total(|bot| bot.moved),
            resyncs: total(|bot| bot.book.resyncs),
            refusals,
            latency_us: latency.as_ref().map(Percentiles::of).unwrap_or_default(),
            problems: off,
        };
        let (gaps, repeats) = (total(|bot| bot.book.gaps), total(|bot| bot.book.repeats));
        if gaps + repeats > 0 {
            report.problems.push(format!("{gaps} left out, {repeats} told twice"));
            let odd =
                bots.iter().flat_map(|bot| bot.book.oddities.iter().map(move |what| format!("{}: {what}", bot.name)));
            report.problems.extend(odd.take(ODDITIES_SHOWN));
        }
        report.judge();
        report
    }

    fn judge(&mut self) {
        let zero = [
            ("mismatched", self.mismatched),
            ("lost", self.lost),
            ("duplicated", self.duplicated),
            ("gaps", self.gaps),
            ("quarantined", self.quarantined),
            ("open leases", self.open_leases),
        ];
        self.problems
            .extend(zero.iter().filter(|(_, count)| *count > 0).map(|(name, count)| format!("{name}: {count}")));
        let unbalanced = self.ledger_sum.iter().filter(|(_, sum)| *sum != "0");
        self.problems.extend(unbalanced.map(|(currency, sum)| format!("{currency} sums to {sum}")));
        if self.escrow_left != "0" {
            self.problems.push(format!("escrow left: {}", self.escrow_left));
        }
        if self.settled == 0 {
            self.problems.push("nothing was played".to_owned());
        }
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_good(&self) -> bool {
        self.problems.is_empty()
    }
}

impl fmt::Display for DemoReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Percentiles { count, p50, p90, p99, max } = self.latency_us;
        writeln!(
            f,
            "players {}, connections resumed {}, moved to another edge {}",
            self.players, self.resumed, self.moved
        )?;
        writeln!(f, "faults: {}", if self.faults.is_empty() { "none".to_owned() } else { self.faults.join(", ") })?;
        writeln!(f, "deals bound {}, settled {}, voided {}", self.bound, self.settled, self.voided)?;
        writeln!(
            f,
            "mismatched {}, lost {}, duplicated {}, gaps {}",
            self.mismatched, self.lost, self.duplicated, self.gaps
        )?;
        writeln!(
            f,
            "ledger sums {:?}, escrow left {}, balances off {}",
            self.ledger_sum, self.escrow_left, self.balances_off
        )?;
        writeln!(f, "intent to result, us: p50 {p50}, p90 {p90}, p99 {p99}, max {max} of {count}")?;
        self.problems.iter().try_for_each(|problem| writeln!(f, "WRONG {problem}"))?;
        f.write_str(if self.is_good() { "all is well" } else { "not well" })
    }
}

fn difference(bot: &BotReport) -> String {
    let (available, in_play) = bot.ledger;
    format!("{}: own books say {}, the ledger {available} and {in_play} in play", bot.name, bot.book.balance())
}
