//! Why a player is told no. The codes are stable: clients branch on them, metrics count them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A refusal: nothing happened, and no money moved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, thiserror::Error)]
#[serde(deny_unknown_fields)]
#[error("{code}{}", detail.as_deref().map(|text| format!(": {text}")).unwrap_or_default())]
pub struct Refusal {
    /// What clients branch on.
    pub code: RefusalCode,
    /// One sentence for a person; never needed to decide anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal),+ $(,)?) => {
        /// The reason of a refusal.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        pub enum RefusalCode {
            $($(#[$doc])* #[serde(rename = $text)] $name),+
        }

        impl RefusalCode {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The code as it stands in JSON and in metrics.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text),+ }
            }
        }
    };
}

codes! {
    /// The frame is no JSON of a known shape.
    Malformed = "malformed",
    /// The frame is longer than the server reads.
    TooLong = "too_long",
    /// The first frame was no `hello`, or the token is wrong or stale.
    Unauthenticated = "unauthenticated",
    /// More frames a second than a connection may send.
    TooFast = "too_fast",
    /// The lease is unknown here, or is another player's: the two look alike on purpose.
    LeaseUnknown = "lease_unknown",
    /// The lease is closed or its log is closing.
    LeaseClosed = "lease_closed",
    /// The lease's time is over; the core gives a new one.
    LeaseExpired = "lease_expired",
    /// Another edge holds the lease now.
    StaleEpoch = "stale_epoch",
    /// The player already has a lease, or an offer that was not taken up.
    LeaseExists = "lease_exists",
    /// The offer is unknown, taken or too old. Its seed is burnt.
    OfferUnknown = "offer_unknown",
    /// The signature is not the session key's over this content.
    BadSignature = "bad_signature",
    /// The session key is no key.
    BadKey = "bad_key",
    /// The client's seed or nonce does not fit its mode, or breaks its hash chain.
    BadClientSeed = "bad_client_seed",
    /// The deal's number is not the next one.
    DealOutOfOrder = "deal_out_of_order",
    /// Another intent is bound for this deal already; the answer to that one stands.
    DealTaken = "deal_taken",
    /// Sooner than the game's shortest cycle allows.
    TooSoon = "too_soon",
    /// The lease's number of deals is used up.
    DealsUsedUp = "deals_used_up",
    /// The game is not in the lease, or is switched off.
    GameUnavailable = "game_unavailable",
    /// The payload is no canonical JSON of a known shape.
    BadPayload = "bad_payload",
    /// A bet on an unknown spot, out of the spot's bounds or step, or twice on one spot.
    BadBet = "bad_bet",
    /// The stake is not the sum of the bets, or not the price of the action.
    WrongStake = "wrong_stake",
    /// The stake is under the least or over the most that the lease allows.
    StakeLimit = "stake_limit",
    /// The lease's loss limit would be passed.
    LossLimit = "loss_limit",
    /// The lease holds less than the stake.
    InsufficientFunds = "insufficient_funds",
    /// A round is open: finish it first.
    RoundOpen = "round_open",
    /// No round is open, or the action is not on offer.
    ActionUnavailable = "action_unavailable",
    /// The amount is not positive, or over the most allowed.
    BadAmount = "bad_amount",
    /// The currency is unknown, or not the lease's.
    BadCurrency = "bad_currency",
    /// The server is closing; another edge is named.
    Draining = "draining",
    /// The core or the dealer can't be reached: send the same again.
    Unavailable = "unavailable",
    /// The player may not play now.
    PlayerBlocked = "player_blocked",
}

impl std::fmt::Display for RefusalCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl From<RefusalCode> for Refusal {
    fn from(code: RefusalCode) -> Self {
        Self { code, detail: None }
    }
}

impl RefusalCode {
    /// This refusal with a sentence for a person.
    #[must_use]
    pub fn because(self, detail: impl Into<String>) -> Refusal {
        Refusal { code: self, detail: Some(detail.into()) }
    }

    /// Whether the same message may succeed when it is sent again unchanged.
    #[must_use]
    pub const fn is_retryable(self) -> bool {
        matches!(self, Self::Unavailable | Self::TooSoon | Self::TooFast | Self::Draining)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_json_of_a_code_is_its_text() {
        for code in RefusalCode::ALL {
            assert_eq!(serde_json::to_string(code).unwrap(), format!("\"{code}\""));
        }
    }
}
