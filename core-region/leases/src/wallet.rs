//! A player's money as this room can tell it: cash from the ledger, and what his unsettled leases hold.

use ids::PlayerId;
use ledger::{AccountKey, OutboxRow};
use money::{Amount, Currency};
use wire::v1::core::Balance;
use wire::v1::wallet::WalletEvent;

use crate::error::LeasesError;
use crate::leases::Leases;
use crate::{limits, repo};

impl Leases {
    /// The player's balances: every currency that he has or ever had, or has in play.
    ///
    /// # Errors
    /// The database's, or a sum out of range.
    pub async fn wallet_of(&self, player: PlayerId) -> Result<Vec<Balance>, LeasesError> {
        let unsettled = repo::unsettled_of(&self.pool, player).await?;
        let mut balances: std::collections::BTreeMap<Currency, Balance> = self
            .ledger
            .cash_of(player)
            .into_iter()
            .map(|(currency, available)| (currency, balance(currency, available)))
            .collect();
        for (lease, code) in unsettled {
            let broken = |what| LeasesError::Broken { lease, what };
            let currency: Currency = code.parse().map_err(|_| broken("its currency is none"))?;
            let escrow = self.ledger.balance(&AccountKey::lease_escrow(lease, currency));
            let entry = balances.entry(currency).or_insert_with(|| balance(currency, Amount::ZERO));
            let sum = entry.in_play_minor.checked_add(escrow);
            entry.in_play_minor = sum.map_err(|_| broken("its player's escrows are out of range"))?;
        }
        Ok(balances.into_values().collect())
    }

    /// The player's wallet events after number `after`, at most `limit`.
    pub(crate) async fn events_after(
        &self,
        player: PlayerId,
        after: u64,
        limit: u32,
    ) -> Result<Vec<WalletEvent>, LeasesError> {
        let rows = self.ledger.wallet_events(player, after, limit).await?;
        Ok(rows.iter().filter_map(event).collect())
    }

    /// The number of the player's newest wallet event, which is at least `known`. Numbers have no gap, so it is found by
    /// doubling and halving: about 2 log2(n) reads of one row.
    pub(crate) async fn newest_event(&self, player: PlayerId, known: u64) -> Result<u64, LeasesError> {
        let (mut low, mut step) = (known, u64::from(limits::RESUME_EVENTS));
        let mut high = loop {
            let probe = low.saturating_add(step);
            if self.ledger.wallet_events(player, probe.saturating_sub(1), 1).await?.is_empty() {
                break probe;
            }
            (low, step) = (probe, step.saturating_mul(2));
        };
        while high.saturating_sub(low) > 1 {
            let middle = low.midpoint(high);
            if self.ledger.wallet_events(player, middle.saturating_sub(1), 1).await?.is_empty() {
                high = middle;
            } else {
                low = middle;
            }
        }
        Ok(low)
    }
}

fn balance(currency: Currency, available_minor: Amount) -> Balance {
    Balance { currency, available_minor, in_play_minor: Amount::ZERO }
}

/// An event as it is shown. One that can't be read is left out and logged: its number is missing, so its reader starts anew.
fn event(row: &OutboxRow) -> Option<WalletEvent> {
    match wire::decode(row.body.as_bytes()) {
        Ok(body) => Some(WalletEvent { player: row.player, core_seq: row.core_seq, at_ms: row.posted_ms, body }),
        Err(error) => {
            tracing::error!(player = %row.player, core_seq = row.core_seq, %error, "a wallet event can't be read");
            None
        }
    }
}
