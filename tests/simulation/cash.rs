//! Money from outside and out of the house, and what the players are told of it.

use ids::PlayerId;
use ledger::{Intent, WalletEvent};
use money::Amount;
use wire::v1::wallet::WalletBody;

use crate::world::World;

/// What a player is told.
pub(crate) fn event(player: PlayerId, body: &WalletBody) -> Option<WalletEvent> {
    Some(WalletEvent { player, body: String::from_utf8(wire::encode(body)).unwrap() })
}

impl World {
    /// Money from outside, or out of the house.
    pub(crate) async fn deposit_or_withdraw(&mut self) {
        let at = self.chance.place(self.players.len());
        let amount = self.chance.amount(1, 20_000);
        let deposits = self.chance.is(60);
        self.move_cash(at, amount, deposits).await;
    }

    pub(crate) async fn move_cash(&mut self, at: usize, amount: Amount, deposits: bool) {
        let (player, currency) = (self.players[at].id, self.players[at].currency);
        self.movements += 1;
        let id = ledger::derived_id(self.now_ms(), "simulation", &[&self.movements.to_be_bytes()]);
        let (intent, body, sign) = if deposits {
            let intent = Intent::Deposit { player, amount, provider: "sandbox".to_owned() };
            (intent, WalletBody::Deposited { currency, amount_minor: amount }, 1)
        } else {
            let body = WalletBody::WithdrawalRequested { currency, amount_minor: amount };
            (Intent::WithdrawRequest { player, amount }, body, -1)
        };
        if self.bank.carry_out(id, currency, intent, event(player, &body)).await {
            self.players[at].brought += sign * amount.wide();
        }
    }
}
