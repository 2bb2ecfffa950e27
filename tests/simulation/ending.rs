//! What must hold when all is closed and settled, and the edges have folded the whole log.

use std::collections::{BTreeMap, BTreeSet};

use ids::{LeaseId, PlayerId, TransferId};
use ledger::{AccountKey, Store, TransferCode, verify};
use wire::v1::record::RecordBody;
use wire::v1::wallet::WalletBody;

use crate::check::{Books, agrees, always};
use crate::lease::{Lease, Status};
use crate::settler;
use crate::world::World;

/// When everything is closed, delivered and settled, and the edges have folded the whole log.
pub(crate) async fn at_the_end(world: &World) -> verify::Report {
    always(world).await;
    let books = Books::read(world).await;
    let report = verify::replay(&world.bank.store).await.unwrap();
    for lease in world.leases.values() {
        lease_has_ended(world, &books, lease);
        log_holds_what_was_answered(world, lease);
    }
    players_have_what_they_won(world, &books);
    postings_are_the_deals(world, &books).await;
    for player in &world.players {
        wallet_tells_all(world, &books, player.id).await;
    }
    quarantine_holds_one_lease(world);
    report
}

fn is_frozen(world: &World, lease: LeaseId) -> bool {
    world.hit.is_some_and(|(_, hit)| hit == lease)
}

/// Settled to its end, or frozen with its money in the escrow; each deal once, as its edge folded it.
fn lease_has_ended(world: &World, books: &Books, lease: &Lease) {
    assert_eq!(lease.status, Status::Closed, "{} never closed", lease.id);
    assert!(lease.topup.is_none(), "a top-up of {} is under way for ever", lease.id);
    let edge = &lease.edge;
    assert_eq!(edge.known(), world.log.len(lease.id));
    let (progress, frozen) = settler::progress(&world.bank.store, lease.id).unwrap();
    agrees(edge, &progress);
    assert_eq!(frozen, is_frozen(world, lease.id), "{}: {:?}", lease.id, world.quarantine);
    let escrow = books.balance(AccountKey::lease_escrow(lease.id, lease.terms.currency));
    if !frozen {
        assert_eq!(Some(&progress), edge.trail.last(), "{} is not settled to its end", lease.id);
        assert_eq!(escrow, 0, "{} keeps money", lease.id);
        assert_eq!(books.returned[&lease.id], lease.paid_in - lease.paid_back + edge.net());
    } else if progress.closed.is_none() {
        assert!(!books.returned.contains_key(&lease.id));
        let held = progress.in_play_minor.wide();
        // Top-ups that settlement has not come to stay in the escrow too.
        assert!(escrow >= held, "{} holds {escrow}, its settled part alone has {held}", lease.id);
    }
    let settled: Vec<u64> =
        books.deals.range((lease.id, 0)..=(lease.id, u64::MAX)).map(|((_, deal), _)| *deal).collect();
    assert_eq!(settled, (1..=progress.deals).collect::<Vec<_>>(), "deals of {}", lease.id);
    for deal in settled {
        let told = &edge.deals[&deal];
        let amounts = [told.stake_minor.wide(), told.win_minor.wide(), told.refund_minor.wide()];
        assert_eq!(books.deals[&(lease.id, deal)], amounts, "deal {deal} of {}", lease.id);
    }
}

/// No answer of a dealer was ever taken back.
fn log_holds_what_was_answered(world: &World, lease: &Lease) {
    let records = world.log.records(lease.id, 0);
    for (deal, (index, intent)) in &lease.answered {
        match &records[usize::try_from(*index).unwrap()].body {
            RecordBody::Deal(bound) => assert_eq!(bound.intent, *intent, "deal {deal} of {}", lease.id),
            other => panic!("deal {deal} of {} was answered, and the log holds {other:?}", lease.id),
        }
    }
}

/// The oracle: what a player brought, and what the edges' folds of his leases won him.
fn players_have_what_they_won(world: &World, books: &Books) {
    for player in &world.players {
        let own = || world.leases.values().filter(|lease| lease.terms.player == player.id);
        let (ended, frozen): (Vec<&Lease>, Vec<&Lease>) = own().partition(|l| books.returned.contains_key(&l.id));
        let won: i128 = ended.iter().map(|lease| lease.edge.net()).sum();
        let held: i128 = frozen.iter().map(|lease| lease.paid_in - lease.paid_back).sum();
        let cash = books.balance(AccountKey::player_cash(player.id, player.currency));
        assert_eq!(cash, player.brought + won - held, "the cash of {}", player.id);
    }
}

/// The ledger holds the postings of the settled deals, each once, and no other of a game.
async fn postings_are_the_deals(world: &World, books: &Books) {
    let rows = world.bank.store.read_transfers(1, u64::MAX - 1).await.unwrap();
    let mut posted: BTreeMap<TransferId, [i128; 2]> = BTreeMap::new();
    let mut legs = BTreeSet::new();
    for row in rows {
        assert!(legs.insert((row.id, row.leg)), "a posting stands twice: {row:?}");
        let paid = match row.code {
            TransferCode::Bet => 0,
            TransferCode::Win | TransferCode::VoidRefund => 1,
            _ => continue,
        };
        posted.entry(row.id).or_default()[paid] += row.movement.map_or(0, |movement| i128::from(movement.amount));
    }
    let mut wanted = BTreeMap::new();
    for ((lease, deal), [stake, win, refund]) in &books.deals {
        let void = world.leases[lease].edge.deals[deal].void.is_some();
        if !void || *stake > 0 {
            wanted.insert(settlement::transfer::deal(*lease, *deal), [*stake, win + refund]);
        }
    }
    assert_eq!(posted, wanted, "the postings are not those of the settled deals");
}

/// A player's events are numbered without a gap, and tell each deal with money, and each end, once.
async fn wallet_tells_all(world: &World, books: &Books, player: PlayerId) {
    let events = world.bank.store.read_wallet(player, 0, u32::MAX).await.unwrap();
    let (mut told, mut ends) = (BTreeSet::new(), BTreeSet::new());
    for (event, expected) in events.iter().zip(1..) {
        assert_eq!(event.core_seq, expected, "a gap in the events of {player}");
        match serde_json::from_str(&event.body).unwrap() {
            WalletBody::Settled { lease, deals, .. } => {
                for deal in deals {
                    let amounts = [deal.stake_minor.wide(), deal.win_minor.wide(), deal.refund_minor.wide()];
                    assert_eq!(books.deals[&(lease, deal.deal)], amounts);
                    assert!(told.insert((lease, deal.deal)), "deal {} of {lease} is told twice", deal.deal);
                }
            }
            WalletBody::Closed { lease, returned_minor, seed, last_link, .. } => {
                let own = &world.leases[&lease];
                assert_eq!(books.returned[&lease], returned_minor.wide());
                assert_eq!((seed.0, last_link), (*own.seed.as_bytes(), own.edge.state.progress.link));
                assert!(ends.insert(lease), "the end of {lease} is told twice");
            }
            _ => {}
        }
    }
    let own = |lease: &LeaseId| world.leases[lease].terms.player == player;
    assert_eq!(ends, books.returned.keys().copied().filter(|lease| own(lease)).collect());
    for ((lease, deal), amounts) in books.deals.iter().filter(|((lease, _), _)| own(lease)) {
        assert!(*amounts == [0; 3] || told.contains(&(*lease, *deal)), "deal {deal} of {lease} is never told");
    }
}

/// What cannot belong to its log is kept, with all that follows it, and nothing else.
fn quarantine_holds_one_lease(world: &World) {
    let Some((seq, lease)) = world.hit else {
        assert!(world.quarantine.is_empty(), "{:?}", world.quarantine);
        return;
    };
    let kind = world.plan.fault.unwrap();
    let (_, fault) = world.quarantine[&seq];
    assert!(kind.explains(fault), "{kind:?} is set aside as {fault}");
    assert!(world.quarantine.values().all(|(of, _)| *of == lease), "{:?}", world.quarantine);
    for (at, record) in world.hub.all().filter(|(at, record)| *at > seq && record.lease == lease) {
        assert!(world.quarantine.contains_key(&at), "record {} after the fault is dropped", record.index);
    }
}
