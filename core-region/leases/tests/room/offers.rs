//! Offers and their taking up: one a player, no shopping for seeds, no money before the terms.

use fairness::{commit, lease_key};
use leases::Status;
use seeds::Use;
use wire::v1::core::Open;
use wire::v1::lease::Placement;
use wire::v1::record::RecordBody;
use wire::v1::{ClientKey, Hex, RefusalCode};

use crate::world::{World, code, edge, minor, trace, west};

#[tokio::test]
async fn an_offer_is_signed_and_commits_to_the_seed_that_is_stored() {
    let world = World::new().await;
    let ana = world.player(1_000).await;
    let offer = world.offer(&ana, 400).await;
    let signer = seeds::CoreSigner::from_secret(&[9; 32]);
    assert_eq!(offer.signature, signer.sign_offer(&offer));
    assert_eq!(offer.player_tag, world.seeds.player_tag(ana.id));
    assert_eq!((offer.expires_ms - offer.issued_ms, offer.max_rounds), (900_000, 1_000));
    let seed = world.seeds.seed_of(offer.lease, Use::Settle).await.unwrap();
    assert_eq!(commit(&seed), offer.commit.0);
    assert_eq!((world.cash(&ana), world.escrow(offer.lease)), (1_000, 0));
}

#[tokio::test]
async fn the_same_question_has_the_same_offer_and_another_one_is_refused_until_it_is_stale() {
    let world = World::new().await;
    let ana = world.player(1_000).await;
    let first = world.offer(&ana, 400).await;
    assert_eq!(world.offer(&ana, 400).await, first);
    let ask = World::ask_offer(&ana, 500);
    assert_eq!(code(world.leases.offer(&west(), &ask).await), RefusalCode::LeaseExists);
    let same = World::ask_offer(&ana, 400);
    assert_eq!(code(world.leases.offer(&edge("west-2"), &same).await), RefusalCode::LeaseExists);
    world.clock.advance(30_000);
    let second = world.leases.offer(&edge("west-2"), &ask).await.unwrap();
    assert_ne!((second.lease, second.commit), (first.lease, first.commit));
    assert_eq!(world.status(first.lease).await, Status::Refused);
    assert_eq!(world.seed_state(first.lease).await, "burnt");
    assert_eq!(code(world.open(&ana, &first).await), RefusalCode::OfferUnknown);
}

#[tokio::test]
async fn what_cannot_be_paid_or_played_is_refused() {
    let world = World::new().await;
    let ana = world.player(1_000).await;
    for (escrow, refusal) in [
        (0, RefusalCode::BadAmount),
        (-5, RefusalCode::BadAmount),
        (i64::MAX, RefusalCode::BadAmount),
        (1_000_001, RefusalCode::BadAmount),
        (1_001, RefusalCode::InsufficientFunds),
    ] {
        assert_eq!(code(world.leases.offer(&west(), &World::ask_offer(&ana, escrow)).await), refusal, "{escrow}");
    }
    let mut ask = World::ask_offer(&ana, 100);
    ask.request.currency = "XAU".parse().unwrap();
    assert_eq!(code(world.leases.offer(&west(), &ask).await), RefusalCode::BadCurrency);
    for game in ["dice", "slot"] {
        world.catalogue.disable(&game.parse().unwrap()).await.unwrap();
    }
    let ask = World::ask_offer(&ana, 100);
    assert_eq!(code(world.leases.offer(&west(), &ask).await), RefusalCode::GameUnavailable);
    assert_eq!(world.leases.of_player(ana.id, None, 10).await.unwrap(), []);
}

#[tokio::test]
async fn of_many_offers_at_once_a_player_gets_one() {
    let world = World::new().await;
    let ana = world.player(1_000).await;
    let asks: Vec<_> = (1..=8).map(|amount| World::ask_offer(&ana, amount)).collect();
    let edge = west();
    let answers = futures::future::join_all(asks.iter().map(|ask| world.leases.offer(&edge, ask))).await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
    for refused in answers.into_iter().filter(Result::is_err) {
        assert_eq!(code(refused), RefusalCode::LeaseExists);
    }
    let stored = world.leases.of_player(ana.id, None, 10).await.unwrap();
    assert_eq!(stored.len(), 1);
    let seeds: i64 = sqlx::query_scalar("SELECT count(*) FROM seeds").fetch_one(world.database.pool()).await.unwrap();
    assert_eq!(seeds, 1, "a seed without a lease was kept");
}

#[tokio::test]
async fn an_opened_lease_has_its_terms_its_money_and_its_key_at_the_dealer() {
    let world = World::new().await;
    let ana = world.player(1_000).await;
    let offer = world.offer(&ana, 400).await;
    let opened = world.open(&ana, &offer).await.unwrap();
    let RecordBody::Opened(terms) = &opened.record.body else { panic!("{:?}", opened.record) };
    assert_eq!((terms.dealer.as_str(), terms.log_region.as_str()), ("dealer-west", "west"));
    assert_eq!((terms.escrow_minor, terms.epoch, terms.games.len()), (minor(400), 1, 2));
    assert_eq!(terms.open.0, terms.opening.to_fair1().hash());
    assert_eq!(terms.core_signature, seeds::CoreSigner::from_secret(&[9; 32]).sign_open(&terms.open));
    assert_eq!((world.cash(&ana), world.escrow(offer.lease)), (600, 400));
    let seed = world.seeds.seed_of(offer.lease, Use::Settle).await.unwrap();
    let at_dealer = world.dealer.lease_keys.lock()[&offer.lease];
    assert_eq!(at_dealer, *lease_key(&seed, &terms.open.0).as_bytes());
    assert_eq!(world.dealer.log(offer.lease), [opened.record]);
}

#[tokio::test]
async fn a_strict_or_large_lease_is_dealt_in_the_core() {
    let world = World::new().await;
    let (ana, bo) = (world.player(1_000).await, world.player(900_000).await);
    let mut ask = World::ask_offer(&ana, 400);
    ask.request.placement = Placement::Strict;
    let strict = world.leases.offer(&west(), &ask).await.unwrap();
    let large = world.offer(&bo, 500_000).await;
    for (client, offer) in [(&ana, strict), (&bo, large)] {
        world.open(client, &offer).await.unwrap();
        let terms = world.terms(offer.lease).await;
        assert_eq!((terms.dealer.as_str(), terms.log_region.as_str()), ("dealer-core", "core"));
    }
}

#[tokio::test]
async fn a_lost_answer_is_given_again_and_money_moves_once() {
    let world = World::new().await;
    let ana = world.player(1_000).await;
    let offer = world.offer(&ana, 400).await;
    let first = world.open(&ana, &offer).await.unwrap();
    let second = world.open(&ana, &offer).await.unwrap();
    assert_eq!(first.record, second.record);
    assert_eq!((world.cash(&ana), world.escrow(offer.lease)), (600, 400));
    assert_eq!(world.events(&ana).await.len(), 1);
    assert_eq!(code(world.leases.offer(&west(), &World::ask_offer(&ana, 100)).await), RefusalCode::LeaseExists);
}

#[tokio::test]
async fn an_offer_is_taken_up_once_whatever_is_asked_at_once() {
    let world = World::new().await;
    let ana = world.player(1_000).await;
    let offer = world.offer(&ana, 400).await;
    let asks: Vec<Open> = (1..=6).map(|seed| World::take_up(&ana, &offer, seed)).collect();
    let (edge, trace) = (west(), trace());
    let answers = futures::future::join_all(asks.iter().map(|ask| world.leases.open(&edge, ask, &trace))).await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
    for refused in answers.into_iter().filter(Result::is_err) {
        assert_eq!(code(refused), RefusalCode::OfferUnknown);
    }
    assert_eq!((world.cash(&ana), world.escrow(offer.lease), world.dealer.log(offer.lease).len()), (600, 400, 1));
}

#[tokio::test]
async fn nobody_else_and_nothing_forged_opens_a_lease() {
    let world = World::new().await;
    let (ana, bo) = (world.player(1_000).await, world.player(1_000).await);
    let offer = world.offer(&ana, 400).await;
    let good = World::take_up(&ana, &offer, 5);
    let stolen = Open { player: bo.id, ..good.clone() };
    assert_eq!(code(world.leases.open(&west(), &stolen, &trace()).await), RefusalCode::OfferUnknown);
    assert_eq!(code(world.leases.open(&edge("west-2"), &good, &trace()).await), RefusalCode::OfferUnknown);
    let mut forged = good.clone();
    forged.request.signature = Hex([1; 64]);
    assert_eq!(code(world.leases.open(&west(), &forged, &trace()).await), RefusalCode::BadSignature);
    let mut other_key = good.clone();
    other_key.request.client_key = ClientKey::Ed25519(Hex(bo.key.verifying_key().to_bytes()));
    assert_eq!(code(world.leases.open(&west(), &other_key, &trace()).await), RefusalCode::BadSignature);
    let mut server_seeded = good.clone();
    server_seeded.request.client_mode = 0;
    assert_eq!(code(world.leases.open(&west(), &server_seeded, &trace()).await), RefusalCode::BadClientSeed);
    assert_eq!((world.cash(&ana), world.cash(&bo), world.escrow_left()), (1_000, 1_000, 0));
    assert!(world.leases.open(&west(), &good, &trace()).await.is_ok(), "the offer still stands");
}

#[tokio::test]
async fn an_offer_lapses_after_its_time_and_its_seed_is_burnt() {
    let world = World::new().await;
    let (ana, bo) = (world.player(1_000).await, world.player(1_000).await);
    let (late, silent) = (world.offer(&ana, 400).await, world.offer(&bo, 400).await);
    world.clock.advance(60_001);
    assert_eq!(code(world.open(&ana, &late).await), RefusalCode::OfferUnknown);
    assert_eq!(world.reap().await.lapsed, 1);
    for offer in [late, silent] {
        assert_eq!(world.status(offer.lease).await, Status::Refused);
        assert_eq!(world.seed_state(offer.lease).await, "burnt");
    }
    assert_eq!(world.escrow_left(), 0);
}

#[tokio::test]
async fn cash_that_is_gone_before_the_opening_refuses_it_and_burns_the_seed() {
    let world = World::new().await;
    let ana = world.player(1_000).await;
    let offer = world.offer(&ana, 400).await;
    world.withdraw(&ana, 700).await;
    assert_eq!(code(world.open(&ana, &offer).await), RefusalCode::InsufficientFunds);
    assert_eq!(world.status(offer.lease).await, Status::Refused);
    assert_eq!(world.seed_state(offer.lease).await, "burnt");
    assert_eq!(world.dealer.log(offer.lease), []);
    assert_eq!((world.cash(&ana), world.escrow_left()), (300, 0));
    assert!(world.leases.offer(&west(), &World::ask_offer(&ana, 300)).await.is_ok());
}

#[tokio::test]
async fn an_offer_can_be_declined() {
    let world = World::new().await;
    let ana = world.player(1_000).await;
    let offer = world.offer(&ana, 400).await;
    assert_eq!(code(world.close(&ana, offer.lease).await), RefusalCode::LeaseClosed);
    assert_eq!(world.seed_state(offer.lease).await, "burnt");
    assert_eq!(code(world.close(&ana, offer.lease).await), RefusalCode::LeaseUnknown);
    assert!(world.leases.offer(&west(), &World::ask_offer(&ana, 100)).await.is_ok());
}
