//! Leases and their proofs, as far as they go without a dealer.

use http::StatusCode;
use leases::Lease;
use money::{Amount, Currency};
use serde_json::json;
use wire::v1::core::Offer;
use wire::v1::lease::{LeaseOffer, OfferRequest, Placement};

use crate::support::{Guest, World};

async fn offer(world: &World, guest: &Guest) -> LeaseOffer {
    let deposit = json!({"id": "0190aaaa-0000-7000-8000-000000000001", "currency": "EUR", "amount_minor": "1000"});
    assert_eq!(world.post("/v1/deposits", Some(&guest.token), deposit).await.0, StatusCode::OK);
    let request =
        OfferRequest { currency: Currency::EUR, escrow_minor: Amount::from_minor(500), placement: Placement::Regional };
    let ask = Offer { player: guest.player.parse().unwrap(), region: "west".parse().unwrap(), request };
    world.leases.offer(&"west-1".parse().unwrap(), &ask).await.unwrap()
}

async fn lease_of(world: &World, offer: &LeaseOffer) -> Lease {
    world.leases.find(offer.lease).await.unwrap().unwrap()
}

#[tokio::test]
async fn the_owner_sees_a_lease_and_what_it_was_committed_to_and_nobody_else_does() {
    let world = World::new().await;
    let (ana, bob) = (world.guest("ana").await, world.guest("bob").await);
    let offer = offer(&world, &ana).await;
    let (status, page) = world.get("/v1/leases", Some(&ana.token)).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!((&page["leases"][0]["lease"], &page["leases"][0]["state"]), (&json!(offer.lease), &json!("offered")));
    assert_eq!(page["leases"][0]["escrow_minor"], "500");
    assert_eq!(world.get("/v1/leases", Some(&bob.token)).await.1, json!({"leases": []}));
    let before = format!("/v1/leases?before={}&limit=1", offer.lease);
    assert_eq!(world.get(&before, Some(&ana.token)).await.1, json!({"leases": []}));

    let path = format!("/v1/fairness/commitments/{}", offer.lease);
    let (status, shown) = world.get(&path, Some(&ana.token)).await;
    assert_eq!((status, &shown["offer"]), (StatusCode::OK, &json!(offer)));
    assert_eq!((&shown["commit"], shown.get("opening")), (&json!(offer.commit), None));
    let key: wire::v1::Hex<32> = serde_json::from_value(shown["core_key"].clone()).unwrap();
    let key = ed25519_dalek::VerifyingKey::from_bytes(&key.0).unwrap();
    let signature = ed25519_dalek::Signature::from_bytes(&offer.signature.0);
    key.verify_strict(&offer.message(), &signature).unwrap();
    let (status, problem) = world.get(&path, Some(&bob.token)).await;
    assert_eq!((status, &problem["code"]), (StatusCode::NOT_FOUND, &json!("lease_unknown")));
}

#[tokio::test]
async fn there_is_no_bundle_before_a_lease_is_over_for_others_or_when_it_never_began() {
    let world = World::new().await;
    let (ana, bob) = (world.guest("ana").await, world.guest("bob").await);
    let offer = offer(&world, &ana).await;
    let path = format!("/v1/fairness/bundle/{}", offer.lease);
    let (status, problem) = world.get(&path, Some(&ana.token)).await;
    assert_eq!((status, &problem["code"]), (StatusCode::CONFLICT, &json!("lease_open")));
    for other in [path.as_str(), "/v1/fairness/bundle/0190aaaa-0000-7000-8000-00000000000f", "/v1/fairness/bundle/x"] {
        let (status, problem) = world.get(other, Some(&bob.token)).await;
        assert_eq!((status, &problem["code"]), (StatusCode::NOT_FOUND, &json!("lease_unknown")), "{other}");
    }
    let closed = world.leases.close_by_operator(offer.lease, &telemetry::Trace::root()).await.unwrap();
    assert!(closed.is_none(), "an offer is declined");
    assert_eq!(lease_of(&world, &offer).await.status, leases::Status::Refused);
    let (status, problem) = world.get(&path, Some(&ana.token)).await;
    assert_eq!((status, &problem["code"]), (StatusCode::NOT_FOUND, &json!("lease_never_began")));
}
