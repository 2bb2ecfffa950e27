//! The player's WebSocket protocol: one JSON object a text frame. `docs/asyncapi.json` is generated from these types.
//!
//! The first frame is `hello`. Every frame of the server carries the cursor after it: a client that keeps the last one it
//! handled can go on at any edge without gap or repetition.

use ids::{Digest, EdgeId, LeaseId, PlayerId, RegionId};
use money::Amount;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::catalogue::CatalogueEntry;
use super::core::Balance;
use super::intent::SignedIntent;
use super::lease::{CloseReason, LeaseOffer, LeaseTerms, OfferRequest, OpenRequest};
use super::wallet::WalletEvent;
use super::{Hex, Refusal, Signature};

/// The longest frame that an edge reads from a client, bytes.
pub const MAX_CLIENT_FRAME_BYTES: usize = 16 * 1024;

/// Natural keys of the last things that a client has handled; never a stream's sequence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Cursor {
    /// The lease it plays in, if any.
    pub lease: Option<LeaseId>,
    /// The last deal of that lease.
    pub deal: u64,
    /// The last wallet event.
    pub core_seq: u64,
}

/// A frame from the client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClientFrame {
    /// The client's own number of the frame; the answer's `re` repeats it.
    #[serde(rename = "ref")]
    pub reference: u32,
    /// What it asks.
    pub body: ClientBody,
}

/// What a client can ask.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum ClientBody {
    /// The first frame: who it is, and where it left off. Answered with `welcome`, then everything missed.
    Hello {
        /// Access token (PASETO v4.public).
        token: String,
        /// The last cursor handled; none for a fresh start.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        cursor: Option<Cursor>,
    },
    /// Asks for a seed's commitment. Answered with `offer`.
    Offer(OfferRequest),
    /// Takes the offer up. Answered with `opened`.
    Open(OpenRequest),
    /// A bet. Answered with `result`.
    Play(SignedIntent),
    /// Ends the lease: the rest of the escrow comes back when all is settled. Answered with `closing`.
    Close {
        /// The lease.
        lease: LeaseId,
    },
    /// Asks for deals of a lease that is settled or pending at the core. Answered with `caught_up`.
    CatchUp {
        /// The lease.
        lease: LeaseId,
        /// The last deal handled.
        after_deal: u64,
    },
    /// A sign of life. Answered with `pong`.
    Ping {
        /// Anything; comes back.
        sent_ms: u64,
    },
}

/// A frame from the server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ServerFrame {
    /// The `ref` of the frame that this answers; none for what the client did not ask for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub re: Option<u32>,
    /// The cursor after this frame.
    pub cursor: Cursor,
    /// The trace that the server's logs name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trace: Option<String>,
    /// What it says.
    pub body: ServerBody,
}

/// What a server can say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum ServerBody {
    /// Who it is, and what can be played.
    Welcome(Box<Welcome>),
    /// A commitment.
    Offer(LeaseOffer),
    /// The lease is open.
    Opened(Box<OpenedLease>),
    /// A deal's result, once per deal and in order.
    Result(Box<DealResult>),
    /// No, and nothing happened.
    Refused(Refusal),
    /// The escrow grew.
    ToppedUp {
        /// The lease.
        lease: LeaseId,
        /// Escrow in play now, minor units.
        in_play_minor: Amount,
    },
    /// The lease's log is closed; a wallet event follows when it is settled.
    Closing {
        /// The lease.
        lease: LeaseId,
        /// Deals bound in it.
        deals: u64,
        /// Why.
        reason: CloseReason,
    },
    /// An event of the player's wallet, in order.
    Wallet(WalletEvent),
    /// Deals recomputed by the core follow as `result` frames before this one.
    CaughtUp {
        /// The lease.
        lease: LeaseId,
        /// Whether more may come.
        tail: Tail,
    },
    /// The cursor is too old: forget what was known and start from this.
    Resync {
        /// The player's money.
        wallet: Vec<Balance>,
    },
    /// The edge is stopping. Go there; nothing is lost.
    Draining {
        /// Other edges, the best first.
        edges: Vec<EdgeAddress>,
    },
    /// The answer to `ping`.
    Pong {
        /// As it was sent.
        sent_ms: u64,
    },
}

/// The answer to `hello`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Welcome {
    /// Whom the token names.
    pub player: PlayerId,
    /// The edge that answers.
    pub edge: EdgeId,
    /// Its region.
    pub region: RegionId,
    /// The player's money as the core knew it just now; none when the core can't be reached.
    pub wallet: Option<Vec<Balance>>,
    /// The lease that goes on here, if one does.
    pub lease: Option<OpenedLease>,
    /// A lease that ended or stays behind at another edge, and how far it is known.
    pub left_behind: Option<LeftBehind>,
    /// The games.
    pub games: Vec<CatalogueEntry>,
}

/// A lease of before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LeftBehind {
    /// It.
    pub lease: LeaseId,
    /// Whether all its deals are known now.
    pub tail: Tail,
}

/// Whether a lease's deals are all known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Tail {
    /// These are all.
    Complete,
    /// More may come: the old edge or its region is dark. Its escrow stays held.
    Pending,
}

/// A lease as its player sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenedLease {
    /// Its terms.
    pub terms: LeaseTerms,
    /// Its next deal.
    pub next_deal: u64,
    /// Escrow in play now, minor units.
    pub in_play_minor: Amount,
    /// What the open round offers; empty when no round is open.
    pub offers: Vec<Offered>,
}

/// A deal's result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DealResult {
    /// The lease.
    pub lease: LeaseId,
    /// The deal.
    pub deal: u64,
    /// Staked, minor units.
    pub stake_minor: Amount,
    /// Won, minor units.
    pub win_minor: Amount,
    /// Set when the deal is void: what was given back, and why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub void: Option<VoidDeal>,
    /// Whether the round is over.
    pub finished: bool,
    /// What may be done next, and its price.
    pub offers: Vec<Offered>,
    /// What to show, in order.
    pub events: Vec<ShownEvent>,
    /// Escrow in play after it, minor units.
    pub in_play_minor: Amount,
    /// SHA-256 of the outcome's bytes; zeros for a void deal.
    pub outcome: Digest,
    /// link_r.
    pub link: Digest,
    /// The dealer's signed receipt.
    pub receipt: Receipt,
}

/// The dealer's receipt: proof that this bet was bound at this time, before its draw was known to anybody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// B_r.
    pub bet: Hex<32>,
    /// The dealer's time.
    pub played_ms: u64,
    /// Ed25519 over L("fair1.bind") || O || B_r || played_ms.
    pub signature: Signature,
}

/// Why a deal is void.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VoidDeal {
    /// What the deal broke, or what broke in the game.
    pub cause: VoidCause,
    /// Given back: the stake, or for a broken game what the whole round staked beyond its wins, minor units.
    pub refund_minor: Amount,
}

/// What makes a bound deal void.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum VoidCause {
    /// It breaks the lease's terms: funds, limits, order, time, payload, price.
    Terms,
    /// The game refused it with a typed fault.
    GameFault,
    /// The game trapped or broke a bound that it declared. It is quarantined.
    GameBroken,
}

/// A next action and its price.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Offered {
    /// The game's number of the action.
    pub action: u32,
    /// Minor units.
    pub extra_minor: Amount,
}

/// One thing to show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShownEvent {
    /// The game's name of it.
    pub name: String,
    /// The game's data.
    pub data: serde_json::Value,
}

/// Where an edge is reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EdgeAddress {
    /// Its name.
    pub edge: EdgeId,
    /// Its region.
    pub region: RegionId,
    /// WebSocket URL.
    pub url: String,
}

/// WebSocket close codes of our own (4000-4999 are free for applications).
pub mod close_code {
    /// The frame broke the protocol; the last frame said how.
    pub const PROTOCOL: u16 = 4400;
    /// No valid token.
    pub const UNAUTHENTICATED: u16 = 4401;
    /// The same player connected again.
    pub const REPLACED: u16 = 4409;
    /// The client read too slowly; it can resume by its cursor.
    pub const SLOW_CONSUMER: u16 = 4429;
    /// The edge is stopping.
    pub const DRAINING: u16 = 4503;
}
