//! `house ledger`: the books, read from a running core's operator interface. Tables for people, `--json` for machines.
//!
//! Promise: nothing here writes. `verify` has the core replay its whole log and exits 1 naming the first fault; the other
//! verbs show what the log says.

mod client;

use std::io::{self, Write};

use anyhow::Context;
use clap::Subcommand;
use comfy_table::Table;
use comfy_table::presets::UTF8_HORIZONTAL_ONLY;
use serde_json::Value;

use crate::Verdict;
use client::{Core, Place};

#[derive(Subcommand)]
pub(crate) enum Command {
    /// The accounts of a player, a lease, or another owner.
    Account {
        /// Whose.
        owner: uuid::Uuid,
        #[command(flatten)]
        place: Place,
    },
    /// A transfer with its legs, as it stands in the log.
    Transfer {
        /// Its id.
        id: uuid::Uuid,
        #[command(flatten)]
        place: Place,
    },
    /// All balances added up by currency and kind; exits 1 when a currency does not sum to zero.
    TrialBalance {
        #[command(flatten)]
        place: Place,
    },
    /// Replay the whole log; exits 1 naming the first fault.
    Verify {
        #[command(flatten)]
        place: Place,
    },
}

pub(crate) fn run(command: Command) -> anyhow::Result<Verdict> {
    match command {
        Command::Account { owner, place } => {
            let answer = Core::at(&place)?.get(&format!("/v1/operator/ledger/accounts/{owner}"))?;
            show(&place, &answer, accounts)
        }
        Command::Transfer { id, place } => {
            let answer = Core::at(&place)?.get(&format!("/v1/operator/ledger/transfers/{id}"))?;
            show(&place, &answer, transfer)
        }
        Command::TrialBalance { place } => {
            let answer = Core::at(&place)?.get("/v1/operator/summary")?;
            let books = answer.get("books").cloned().context("the answer has no books")?;
            let straight = list(&books).iter().all(|book| text(book, "sum_minor") == "0");
            show(&place, &books, trial_balance)?;
            Ok(if straight { Verdict::Good } else { Verdict::Bad })
        }
        Command::Verify { place } => {
            let answer = Core::at(&place)?.post("/v1/operator/ledger/verify")?;
            let sound = answer.get("sound").and_then(Value::as_bool).context("the answer says nothing")?;
            show(&place, &answer, verified)?;
            Ok(if sound { Verdict::Good } else { Verdict::Bad })
        }
    }
}

fn show(place: &Place, answer: &Value, people: fn(&Value) -> String) -> anyhow::Result<Verdict> {
    let shown = if place.json { serde_json::to_string_pretty(answer)? } else { people(answer) };
    writeln!(io::stdout(), "{shown}")?;
    Ok(Verdict::Good)
}

fn accounts(answer: &Value) -> String {
    let mut table = headed(&["kind", "currency", "balance", "version"]);
    for account in list(answer.get("accounts").unwrap_or(&Value::Null)) {
        table.add_row(["kind", "currency", "balance_minor", "version"].map(|field| text(account, field)));
    }
    table.to_string()
}

fn transfer(answer: &Value) -> String {
    let mut table = headed(&["seq", "code", "status", "amount", "currency", "from", "to", "batch"]);
    for leg in list(answer.get("legs").unwrap_or(&Value::Null)) {
        let side = |name: &str| {
            leg.get(name).map_or_else(String::new, |side| {
                format!("{} {} = {}", text(side, "kind"), text(side, "owner"), text(side, "balance_minor"))
            })
        };
        table.add_row([
            text(leg, "seq"),
            text(leg, "code"),
            text(leg, "status"),
            text(leg, "amount_minor"),
            text(leg, "currency"),
            side("debit"),
            side("credit"),
            text(leg, "batch"),
        ]);
    }
    table.to_string()
}

fn trial_balance(books: &Value) -> String {
    let mut table = headed(&["currency", "kind", "sum"]);
    for book in list(books) {
        let currency = text(book, "currency");
        for (kind, sum) in book.get("kinds").and_then(Value::as_object).into_iter().flatten() {
            table.add_row([currency.clone(), kind.clone(), plain(sum)]);
        }
        table.add_row([currency, "all".to_owned(), text(book, "sum_minor")]);
    }
    table.to_string()
}

fn verified(answer: &Value) -> String {
    if answer.get("sound").and_then(Value::as_bool) == Some(true) {
        let [batches, transfers, accounts, hash] =
            ["batches", "transfers", "accounts", "hash"].map(|field| text(answer, field));
        return format!("sound: {batches} batches, {transfers} transfers, {accounts} accounts, head {hash}");
    }
    format!("NOT SOUND: {}", text(answer, "fault"))
}

fn headed(columns: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_preset(UTF8_HORIZONTAL_ONLY).set_header(columns);
    table
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &Value, field: &str) -> String {
    value.get(field).map_or_else(String::new, plain)
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_trial_balance_is_a_line_a_kind_and_one_for_all() {
        let books = json!([{"currency": "EUR", "sum_minor": "0", "kinds": {"player.cash": "5", "house.game": "-5"}}]);
        let shown = trial_balance(&books);
        let rows: Vec<&str> = shown.lines().filter(|line| line.contains("EUR")).collect();
        assert_eq!(rows.len(), 3, "{shown}");
        assert!(rows.last().unwrap().contains("all"));
    }

    #[test]
    fn a_fault_is_named() {
        let answer = json!({"sound": false, "fault": "batch 7: has other rows than its root"});
        assert_eq!(verified(&answer), "NOT SOUND: batch 7: has other rows than its root");
    }

    #[test]
    fn a_transfer_that_moved_nothing_has_no_sides() {
        let answer = json!({"legs": [{"seq": 3, "code": "deal.bet", "status": "insufficient_funds", "batch": 2}]});
        assert!(transfer(&answer).contains("insufficient_funds"));
    }
}
