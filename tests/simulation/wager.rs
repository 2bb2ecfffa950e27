//! What players sign: mostly legal bets, and every kind of illegal one with what must become of it.

use money::{Amount, Currency};
use wire::v1::intent::SignedIntent;
use wire::v1::lease::PinnedGame;
use wire::v1::payload::Payload;
use wire::v1::{Hex, RefusalCode};

use crate::chance::Chance;
use crate::games::Shelf;
use crate::lease::Lease;

/// A bet, and what it deserves.
#[derive(Clone, Debug)]
pub(crate) struct Wager {
    pub(crate) intent: SignedIntent,
    pub(crate) fate: Fate,
}

/// What must become of a bet that a dealer is asked to bind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// Bound and played, if time and money allow.
    Played,
    /// Never bound: the dealer refuses with this.
    Refused(RefusalCode),
    /// Void if it is bound, and nothing moves.
    Void,
    /// The record that it has already.
    Again(u32),
    /// Whatever the dealer says: the deal before it is in doubt.
    Any,
}

/// Ways to bet what one may not.
const KINDS_OF_CRIME: u64 = 16;

/// The next bet of a lease: legal ones are `100 - crimes` of a hundred.
pub(crate) fn next(lease: &Lease, chance: &mut Chance, crimes: u64) -> Wager {
    if chance.is(crimes) { crime(lease, chance) } else { legal(lease, chance) }
}

/// What an open round offers, or a bet on some game.
pub(crate) fn legal(lease: &Lease, chance: &mut Chance) -> Wager {
    let state = &lease.edge.state;
    let deal = state.next_deal();
    if let (Some(round), Some(offer)) = (&state.progress.round, state.offers().first()) {
        let game = lease.pinned(round.digest, round.params).expect("an open round's game is pinned");
        let payload = Payload::Act((offer.action, 0));
        return Wager { intent: lease.says(deal, game, &payload, offer.extra_minor), fate: Fate::Played };
    }
    let game = game(lease, chance);
    let (payload, stake) = bets(game, chance);
    Wager { intent: lease.says(deal, game, &payload, stake), fate: Fate::Played }
}

fn game<'a>(lease: &'a Lease, chance: &mut Chance) -> &'a PinnedGame {
    chance.pick(&lease.terms.games).expect("a lease has games")
}

/// Small stakes on different spots, each as the game's manifest wants it.
fn bets(game: &PinnedGame, chance: &mut Chance) -> (Payload, Amount) {
    let table = Shelf::shared().table(game);
    let manifest = table.manifest();
    let most = usize::try_from(manifest.max_bets.min(4)).unwrap();
    let mut bets: Vec<(u32, Amount)> = Vec::new();
    let mut sum = 0;
    for _ in 0..=chance.place(most) {
        let spot = chance.pick(&manifest.spots).expect("a game has spots");
        if bets.len() < most && !bets.iter().any(|(taken, _)| *taken == spot.id) {
            let steps = spot.min_minor.div_ceil(spot.step_minor) + chance.below(6);
            let stake = i64::try_from((steps * spot.step_minor).min(spot.max_minor)).unwrap();
            sum += stake;
            bets.push((spot.id, Amount::from_minor(stake)));
        }
    }
    (Payload::Bets(bets), Amount::from_minor(sum))
}

fn crime(lease: &Lease, chance: &mut Chance) -> Wager {
    let mut wager = legal(lease, chance);
    let which = chance.below(KINDS_OF_CRIME);
    if which < 8 {
        let fate = forge(&mut wager.intent, lease, which, chance);
        return Wager { fate: Fate::Refused(fate), ..wager };
    }
    let (payload, stake) = unlawful(lease, which);
    let game = game(lease, chance);
    let intent = lease.says(wager.intent.deal, game, &payload, stake);
    Wager { intent, fate: Fate::Void }
}

/// Intents that a dealer must not bind.
fn forge(intent: &mut SignedIntent, lease: &Lease, which: u64, chance: &mut Chance) -> RefusalCode {
    let (changed, code) = match which {
        0 => {
            intent.signature = Hex(chance.bytes());
            return RefusalCode::BadSignature;
        }
        1 => {
            intent.stake_minor = intent.stake_minor.checked_add(Amount::from_minor(1)).unwrap();
            return RefusalCode::BadSignature;
        }
        2 => (SignedIntent { deal: intent.deal + 1 + chance.below(5), ..intent.clone() }, RefusalCode::DealOutOfOrder),
        3 => (SignedIntent { deal: 0, ..intent.clone() }, RefusalCode::DealOutOfOrder),
        4 => (SignedIntent { currency: other(intent.currency), ..intent.clone() }, RefusalCode::BadCurrency),
        5 => (SignedIntent { client_nonce: Hex(chance.bytes()), ..intent.clone() }, RefusalCode::BadClientSeed),
        6 => (SignedIntent { params: intent.game, ..intent.clone() }, RefusalCode::GameUnavailable),
        _ => (SignedIntent { stake_minor: Amount::from_minor(-5), ..intent.clone() }, RefusalCode::BadPayload),
    };
    *intent = lease.sign(changed);
    code
}

fn other(currency: Currency) -> Currency {
    if currency == Currency::EUR { Currency::GBP } else { Currency::EUR }
}

/// Bets that a dealer binds, since it looks at neither money nor round, and that the fold voids.
fn unlawful(lease: &Lease, which: u64) -> (Payload, Amount) {
    let minor = Amount::from_minor;
    let on = |spot, stake| Payload::Bets(vec![(spot, stake)]);
    let over = lease.terms.limits.max_stake_minor.checked_add(minor(20)).unwrap();
    match which {
        8 => (on(0, over), over),
        9 => (on(0, Amount::MAX), Amount::MAX),
        10 => (on(0, minor(20)), minor(40)),
        11 => (Payload::Bets(Vec::new()), Amount::ZERO),
        // No game has this action; a round that is open offers another.
        12 => (Payload::Act((77, 0)), Amount::ZERO),
        13 => (on(0, minor(5)), minor(5)),
        // The terms allow these two, no game does: its own refusal, when no round is open.
        14 => (on(99_999, minor(20)), minor(20)),
        _ => (Payload::Bets(vec![(0, minor(20)), (0, minor(20))]), minor(40)),
    }
}
