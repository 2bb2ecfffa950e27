//! What callers may ask for, and the legs that each intent becomes. Nobody outside the engine writes legs.

use ids::{GameId, LeaseId, PlayerId};
use money::{Amount, Currency};
use smallvec::SmallVec;

use super::account::{AccountKey, AccountKind, owner_of_name};
use super::coded::coded;

coded! {
    /// What a row of the log is. Codes are stored: never reuse one.
    pub enum TransferCode {
        /// A provider's money became a player's.
        Deposit = 1 "deposit",
        /// A player's money waits to be paid out.
        WithdrawRequest = 2 "withdraw_request",
        /// A player's money went into a new lease.
        LeaseGrant = 10 "lease_grant",
        /// More of it went into a lease.
        LeaseTopup = 11 "lease_topup",
        /// A closed lease gave back the rest.
        LeaseReturn = 12 "lease_return",
        /// An expired lease gave back the rest.
        LeaseExpire = 13 "lease_expire",
        /// A lease paid a stake to a game.
        Bet = 20 "bet",
        /// A game paid a win to a lease.
        Win = 21 "win",
        /// A game gave back the stakes of a void round.
        VoidRefund = 22 "void_refund",
    }
}

/// What a command means. Amounts are minor units of the command's currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Intent {
    /// `provider` holds `amount` for us, which is the player's from now on.
    Deposit {
        /// Whose.
        player: PlayerId,
        /// How much, above zero.
        amount: Amount,
        /// The payment provider's name.
        provider: String,
    },
    /// The player wants `amount` paid out: it is set aside.
    WithdrawRequest {
        /// Whose.
        player: PlayerId,
        /// How much, above zero.
        amount: Amount,
    },
    /// `amount` goes from the player into a new lease.
    LeaseGrant {
        /// Whose.
        player: PlayerId,
        /// Into which lease.
        lease: LeaseId,
        /// How much, above zero.
        amount: Amount,
    },
    /// `amount` more goes from the player into a lease.
    LeaseTopup {
        /// Whose.
        player: PlayerId,
        /// Into which lease.
        lease: LeaseId,
        /// How much, above zero.
        amount: Amount,
    },
    /// A closed lease gives `amount` back to the player. With zero, a lease that has nothing left, its end is recorded and
    /// nothing moves.
    LeaseReturn {
        /// Whose.
        player: PlayerId,
        /// Out of which lease.
        lease: LeaseId,
        /// How much, zero or more.
        amount: Amount,
    },
    /// An expired lease gives `amount` back to the player; zero as with [`Intent::LeaseReturn`].
    LeaseExpire {
        /// Whose.
        player: PlayerId,
        /// Out of which lease.
        lease: LeaseId,
        /// How much, zero or more.
        amount: Amount,
    },
    /// A settled deal: the lease pays `stake` to the game, then the game pays `win` to the lease. A zero moves nothing; with
    /// two zeros the deal is recorded all the same.
    Deal {
        /// Which lease plays.
        lease: LeaseId,
        /// Which game.
        game: GameId,
        /// Which deal of the lease; at most 2^63 - 1.
        deal: u64,
        /// What it cost, zero or more.
        stake: Amount,
        /// What it paid, zero or more.
        win: Amount,
    },
    /// A void deal: `stake` is charged as the log says, then `refund` comes back: this stake and those of the same round.
    Void {
        /// Which lease plays.
        lease: LeaseId,
        /// Which game.
        game: GameId,
        /// Which deal of the lease; at most 2^63 - 1.
        deal: u64,
        /// What it cost, zero or more.
        stake: Amount,
        /// What the round gives back, zero or more.
        refund: Amount,
    },
}

/// Why a command or a unit is no command at all. Nothing is stored; the id stays free.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// The amount must be above zero.
    #[error("the amount is not above zero")]
    NotPositive,
    /// A stake, win, refund or returned rest is below zero.
    #[error("an amount is below zero")]
    Negative,
    /// A deal number above 2^63 - 1.
    #[error("the deal number is out of range")]
    DealNumber,
    /// A time above 2^63 - 1 milliseconds.
    #[error("the event's time is out of range")]
    EventTime,
    /// No command, or more than [`crate::limits::UNIT_COMMANDS`] of them, or too many events.
    #[error("the unit has no command, or too many commands or events")]
    UnitSize,
    /// An event's body or a trace is longer than the limits say.
    #[error("an event's body or the trace is too long")]
    EventSize,
}

/// A movement between two accounts of one currency; `amount` is above zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Leg {
    pub(crate) code: TransferCode,
    pub(crate) debit: AccountKey,
    pub(crate) credit: AccountKey,
    pub(crate) amount: i64,
}

/// The legs of one command.
pub(crate) type Legs = SmallVec<[Leg; 2]>;

/// An intent reduced to what its hash and its rows hold.
#[derive(Clone, Debug)]
pub(crate) struct Shape {
    /// The code of the row when there is no leg.
    pub(crate) code: TransferCode,
    /// The stored body's first byte; differs between intents that share a code.
    pub(crate) tag: u8,
    /// The lease, or the player where there is no lease.
    pub(crate) subject: [u8; 16],
    /// The other owners: a player beside a lease; a game or a provider.
    pub(crate) owners: [[u8; 16]; 2],
    /// The deal number, or zero.
    pub(crate) ref_no: i64,
    /// The one or two amounts.
    pub(crate) amounts: [i64; 2],
    pub(crate) legs: Legs,
}

const NOBODY: [u8; 16] = [0; 16];

impl Intent {
    /// The intent's legs and fixed fields in `currency`.
    pub(crate) fn shape(&self, currency: Currency) -> Result<Shape, Malformed> {
        let cash = |player: &PlayerId| AccountKey::player_cash(*player, currency);
        match self {
            Self::Deposit { player, amount, provider } => {
                let from = AccountKey::psp_settled(provider, currency);
                let owners = [owner_of_name(provider), NOBODY];
                single((1, TransferCode::Deposit), player.to_bytes(), owners, (from, cash(player)), *amount)
            }
            Self::WithdrawRequest { player, amount } => {
                let to = AccountKey::withdrawal_pending(*player, currency);
                let owners = [NOBODY, NOBODY];
                single((2, TransferCode::WithdrawRequest), player.to_bytes(), owners, (cash(player), to), *amount)
            }
            Self::LeaseGrant { player, lease, amount } => {
                let sides = (cash(player), AccountKey::lease_escrow(*lease, currency));
                lease_move((3, TransferCode::LeaseGrant), *player, *lease, sides, *amount)
            }
            Self::LeaseTopup { player, lease, amount } => {
                let sides = (cash(player), AccountKey::lease_escrow(*lease, currency));
                lease_move((4, TransferCode::LeaseTopup), *player, *lease, sides, *amount)
            }
            Self::LeaseReturn { player, lease, amount } => {
                let sides = (AccountKey::lease_escrow(*lease, currency), cash(player));
                lease_end((5, TransferCode::LeaseReturn), *player, *lease, sides, *amount)
            }
            Self::LeaseExpire { player, lease, amount } => {
                let sides = (AccountKey::lease_escrow(*lease, currency), cash(player));
                lease_end((6, TransferCode::LeaseExpire), *player, *lease, sides, *amount)
            }
            Self::Deal { lease, game, deal, stake, win } => {
                round_move((7, TransferCode::Win), (*lease, game, *deal), currency, (*stake, *win))
            }
            Self::Void { lease, game, deal, stake, refund } => {
                round_move((8, TransferCode::VoidRefund), (*lease, game, *deal), currency, (*stake, *refund))
            }
        }
    }
}

fn single(
    (tag, code): (u8, TransferCode),
    subject: [u8; 16],
    owners: [[u8; 16]; 2],
    (debit, credit): (AccountKey, AccountKey),
    amount: Amount,
) -> Result<Shape, Malformed> {
    if !amount.is_positive() {
        return Err(Malformed::NotPositive);
    }
    let amount = amount.minor();
    let legs = Legs::from_iter([Leg { code, debit, credit, amount }]);
    Ok(Shape { code, tag, subject, owners, ref_no: 0, amounts: [amount, 0], legs })
}

fn lease_move(
    code: (u8, TransferCode),
    player: PlayerId,
    lease: LeaseId,
    sides: (AccountKey, AccountKey),
    amount: Amount,
) -> Result<Shape, Malformed> {
    single(code, lease.to_bytes(), [player.to_bytes(), NOBODY], sides, amount)
}

/// What a lease has left goes back; a lease may have nothing left.
fn lease_end(
    (tag, code): (u8, TransferCode),
    player: PlayerId,
    lease: LeaseId,
    sides: (AccountKey, AccountKey),
    amount: Amount,
) -> Result<Shape, Malformed> {
    if amount.is_negative() {
        return Err(Malformed::Negative);
    }
    if amount.is_positive() {
        return lease_move((tag, code), player, lease, sides, amount);
    }
    let owners = [player.to_bytes(), NOBODY];
    Ok(Shape { code, tag, subject: lease.to_bytes(), owners, ref_no: 0, amounts: [0, 0], legs: Legs::new() })
}

fn round_move(
    (tag, back): (u8, TransferCode),
    (lease, game, deal): (LeaseId, &GameId, u64),
    currency: Currency,
    (stake, paid): (Amount, Amount),
) -> Result<Shape, Malformed> {
    if stake.is_negative() || paid.is_negative() {
        return Err(Malformed::Negative);
    }
    let ref_no = i64::try_from(deal).map_err(|_| Malformed::DealNumber)?;
    let escrow = AccountKey::lease_escrow(lease, currency);
    let house = AccountKey { kind: AccountKind::HouseGame, owner: owner_of_name(game.as_str()), currency };
    let (stake, paid) = (stake.minor(), paid.minor());
    let both = [
        Leg { code: TransferCode::Bet, debit: escrow, credit: house, amount: stake },
        Leg { code: back, debit: house, credit: escrow, amount: paid },
    ];
    Ok(Shape {
        code: if stake > 0 { TransferCode::Bet } else { back },
        tag,
        subject: lease.to_bytes(),
        owners: [house.owner, NOBODY],
        ref_no,
        amounts: [stake, paid],
        legs: both.into_iter().filter(|leg| leg.amount > 0).collect(),
    })
}
