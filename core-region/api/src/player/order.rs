//! An order of money: an id of the client's choosing makes it happen once.
//!
//! The ledger's id is derived from the player and the client's id, never the client's id itself: whoever could choose a
//! ledger id could take the one that a deal of his will need, and stop its settlement.

use ids::{PlayerId, TransferId};
use ledger::{AccountKey, Command, Intent, Unit, UnitReply, WalletEvent};
use money::{Amount, Currency};
use serde::{Deserialize, Serialize};
use telemetry::Trace;
use utoipa::ToSchema;
use uuid::Uuid;
use wire::v1::wallet::WalletBody;

use crate::problem::{Code, Problem};
use crate::state::Api;

/// Money in or out.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Order {
    /// Chosen by the client, the same at every retry. Version 7 keeps a player's orders together.
    #[schema(value_type = String, format = "uuid")]
    pub(crate) id: Uuid,
    /// The currency.
    #[schema(value_type = String, example = "EUR")]
    pub(crate) currency: Currency,
    /// Minor units, above zero.
    #[schema(value_type = String, example = "2500", pattern = "^[1-9][0-9]{0,18}$")]
    pub(crate) amount_minor: Amount,
}

/// The order was carried out: the same answer each time that it is sent.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Receipt {
    /// The order.
    #[schema(value_type = String, format = "uuid")]
    id: Uuid,
    /// The ledger's transfer.
    #[schema(value_type = String, format = "uuid")]
    transfer: TransferId,
    /// The currency.
    #[schema(value_type = String, example = "EUR")]
    currency: Currency,
    /// Minor units.
    #[schema(value_type = String, example = "2500")]
    amount_minor: Amount,
    /// What was free right after it, minor units.
    #[schema(value_type = String, example = "12500")]
    available_minor: Amount,
    /// When the ledger posted it, Unix milliseconds.
    posted_ms: u64,
}

impl Order {
    /// Whether such an order can be carried out at all.
    pub(crate) fn check(&self, api: &Api, most: Amount) -> Result<(), Problem> {
        if !api.leases.rules().currencies.contains_key(&self.currency) {
            return Err(Code::BadCurrency.into());
        }
        if !self.amount_minor.is_positive() || self.amount_minor > most {
            return Err(Code::BadAmount.into());
        }
        Ok(())
    }

    /// Has it carried out, once, with its wallet event.
    pub(crate) async fn carry_out(
        self,
        api: &Api,
        player: PlayerId,
        (domain, intent, event): (&str, Intent, WalletBody),
        trace: &Trace,
    ) -> Result<Receipt, Problem> {
        let Self { id, currency, amount_minor } = self;
        let transfer = transfer_of(domain, player, id);
        let command = Command { id: transfer, currency, intent, event_ms: api.clock.now_ms() };
        let body = String::from_utf8(wire::encode(&event)).map_err(|_| Problem::from(Code::Internal))?;
        let unit = Unit {
            commands: vec![command],
            events: vec![WalletEvent { player, body }],
            rider: None,
            trace: Some(trace.to_traceparent()),
        };
        let applied = match api.ledger.submit(unit).await? {
            UnitReply::Applied(applied) => applied,
            UnitReply::Rejected(rejected) => return Err(rejected.into()),
        };
        let reply = applied.commands.first().ok_or(Code::Internal)?;
        let cash = reply.balance_of(&AccountKey::player_cash(player, currency)).ok_or(Code::Internal)?;
        tracing::info!(%player, %transfer, %currency, amount_minor = amount_minor.minor(), domain,
            replayed = applied.replayed, trace_id = trace.trace_id(), "order posted");
        Ok(Receipt { id, transfer, currency, amount_minor, available_minor: cash, posted_ms: reply.posted_ms })
    }
}

/// The ledger's id of a player's order. It lies at the time of a version 7 id, and at zero for any other.
fn transfer_of(domain: &str, player: PlayerId, id: Uuid) -> TransferId {
    let [a, b, c, d, e, f, ..] = id.into_bytes();
    let at_ms = if id.get_version_num() == 7 { u64::from_be_bytes([0, 0, a, b, c, d, e, f]) } else { 0 };
    ledger::derived_id(at_ms, domain, &[&player.to_bytes(), id.as_bytes()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_has_one_ledger_id_that_no_other_player_and_no_other_kind_of_order_has() {
        let (ana, bob) = (PlayerId::from_bytes([1; 16]), PlayerId::from_bytes([2; 16]));
        let id = Uuid::from_bytes(TransferId::at(1_790_000_000_000, [9; 10]).to_bytes());
        let first = transfer_of("deposit", ana, id);
        assert_eq!(transfer_of("deposit", ana, id), first);
        assert_ne!(transfer_of("deposit", bob, id), first);
        assert_ne!(transfer_of("withdrawal", ana, id), first);
        assert_ne!(first.as_uuid(), id);
        assert_eq!(first.to_bytes()[..6], id.as_bytes()[..6]);
        assert_eq!(transfer_of("deposit", ana, Uuid::nil()).to_bytes()[..6], [0; 6]);
    }
}
