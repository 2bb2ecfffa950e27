//! Version 1 is frozen: every message here must be written exactly as its fixture, and read back from it unchanged.
//! A new message adds a fixture (`UPDATE_DOCS=1` writes those that are missing); a changed one fails.

#![cfg(test)]

use std::path::PathBuf;

use ids::{Digest, LeaseId, PlayerId};
use money::{Amount, Currency};
use serde::Serialize;
use serde::de::DeserializeOwned;
use wire::v1::catalogue::{CatalogueEntry, GameStatus};
use wire::v1::client::*;
use wire::v1::core::*;
use wire::v1::dealer::*;
use wire::v1::intent::SignedIntent;
use wire::v1::lease::*;
use wire::v1::record::*;
use wire::v1::told::{Told, ToldBatch};
use wire::v1::wallet::{SettledDeal, WalletBody, WalletEvent};
use wire::v1::{ClientKey, Hex, HexBytes, RefusalCode, Reply};

fn lease() -> LeaseId {
    "0198a2b4-c6d8-7e0f-8123-456789abcdef".parse().unwrap()
}

fn player() -> PlayerId {
    "0198a2b4-0000-7000-8000-000000000001".parse().unwrap()
}

fn minor(minor: i64) -> Amount {
    Amount::from_minor(minor)
}

fn digest(byte: u8) -> Digest {
    Digest::from_bytes([byte; 32])
}

fn intent() -> SignedIntent {
    SignedIntent {
        lease: lease(),
        deal: 7,
        game: digest(1),
        params: digest(2),
        currency: Currency::EUR,
        stake_minor: minor(100),
        payload: r#"{"bets":[[17,"100"]]}"#.to_owned(),
        client_nonce: Hex([3; 32]),
        signature: Hex([4; 64]),
    }
}

fn opening() -> Opening {
    Opening {
        lease: lease(),
        commit: Hex([5; 32]),
        player_tag: Hex([6; 32]),
        client_seed: HexBytes(vec![7; 16]),
        client_mode: 1,
        beacon_kind: 0,
        beacon_round: 0,
        beacon_value: Hex([0; 32]),
        issued_ms: 1_700_000_000_000,
        expires_ms: 1_700_000_900_000,
        max_rounds: 1_000,
    }
}

fn terms() -> LeaseTerms {
    LeaseTerms {
        player: player(),
        region: "west".parse().unwrap(),
        edge: "west-1".parse().unwrap(),
        dealer: "dealer-west".parse().unwrap(),
        log_region: "west".parse().unwrap(),
        epoch: 1,
        currency: Currency::EUR,
        escrow_minor: minor(20_000),
        limits: Limits { min_stake_minor: minor(1), max_stake_minor: minor(10_000), max_loss_minor: minor(50_000) },
        games: vec![PinnedGame {
            game: "roulette".parse().unwrap(),
            digest: digest(1),
            params: digest(2),
            config: r#"{"la_partage":false,"wheel":"single"}"#.to_owned(),
            min_cycle_ms: 0,
        }],
        carried: Some(CarriedRound {
            digest: digest(8),
            params: digest(9),
            stake_minor: minor(20),
            win_minor: minor(0),
            deals: 1,
            state: HexBytes(vec![1, 2, 3]),
            offers: vec![Offered { action: 1, extra_minor: minor(0) }],
        }),
        client_key: ClientKey::Ed25519(Hex([10; 32])),
        opening: opening(),
        open: Hex(opening().to_fair1().hash()),
        client_signature: Hex([11; 64]),
        core_signature: Hex([12; 64]),
    }
}

fn record(index: u32, body: RecordBody) -> Record {
    Record { lease: lease(), index, prev: digest(13), at_ms: 1_700_000_000_123, body }
}

fn deal_record() -> Record {
    let edge = "west-1".parse().unwrap();
    let bound = BoundDeal { intent: intent(), edge, valid_until_ms: 1_700_000_060_000, signature: Hex([14; 64]) };
    record(7, RecordBody::Deal(Box::new(bound)))
}

fn result() -> DealResult {
    DealResult {
        lease: lease(),
        deal: 7,
        stake_minor: minor(100),
        win_minor: minor(3_600),
        void: None,
        finished: true,
        offers: vec![],
        events: vec![ShownEvent { name: "spin".to_owned(), data: serde_json::json!({ "pocket": 17 }) }],
        in_play_minor: minor(23_500),
        outcome: digest(15),
        link: digest(16),
        receipt: Receipt { bet: Hex([17; 32]), played_ms: 1_700_000_000_123, signature: Hex([14; 64]) },
    }
}

fn frame(body: ServerBody) -> ServerFrame {
    let cursor = Cursor { lease: Some(lease()), deal: 7, core_seq: 3 };
    ServerFrame { re: Some(5), cursor, trace: Some("0af7651916cd43dd8448eb211c80319c".to_owned()), body }
}

fn wallet(body: WalletBody) -> WalletEvent {
    WalletEvent { player: player(), core_seq: 3, at_ms: 1_700_000_000_500, body }
}

/// Compares `message` with its fixture, both ways.
fn check<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(name: &str, message: &T) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/v1").join(format!("{name}.json"));
    let written = serde_json::to_string_pretty(message).unwrap() + "\n";
    #[expect(clippy::disallowed_methods, reason = "a switch of the developer who runs the test")]
    if !path.exists() && std::env::var("UPDATE_DOCS").is_ok() {
        std::fs::write(&path, &written).unwrap();
    }
    let fixture =
        std::fs::read_to_string(&path).unwrap_or_else(|_| panic!("no fixture {name}: UPDATE_DOCS=1 writes it"));
    assert_eq!(written, fixture, "{name} is not written as it was");
    assert_eq!(&wire::decode::<T>(fixture.as_bytes()).unwrap(), message, "{name} does not read back");
    let with_more = fixture.replacen('{', "{\"unknown\": 1,", 1);
    assert!(wire::decode::<T>(with_more.as_bytes()).is_err(), "{name} takes an unknown field");
}

#[test]
fn frames_of_the_client_are_frozen() {
    let cursor = Some(Cursor { lease: Some(lease()), deal: 6, core_seq: 2 });
    let of = |body| ClientFrame { reference: 5, body };
    check("client-hello", &of(ClientBody::Hello { token: "v4.public.token".to_owned(), cursor }));
    let request = OfferRequest { currency: Currency::EUR, escrow_minor: minor(20_000), placement: Placement::Strict };
    check("client-offer", &of(ClientBody::Offer(request)));
    let open = OpenRequest {
        lease: lease(),
        client_seed: HexBytes(vec![7; 16]),
        client_mode: 1,
        client_key: ClientKey::P256(HexBytes(vec![2; 33])),
        signature: Hex([11; 64]),
    };
    check("client-open", &of(ClientBody::Open(open)));
    check("client-play", &of(ClientBody::Play(intent())));
    check("client-close", &of(ClientBody::Close { lease: lease() }));
    check("client-catch-up", &of(ClientBody::CatchUp { lease: lease(), after_deal: 6 }));
    check("client-ping", &of(ClientBody::Ping { sent_ms: 1 }));
}

#[test]
fn frames_of_the_server_are_frozen() {
    let opened = OpenedLease { terms: terms(), next_deal: 8, in_play_minor: minor(23_500), offers: vec![] };
    let entry = CatalogueEntry {
        game: "roulette".parse().unwrap(),
        title: "Roulette".to_owned(),
        digest: digest(1),
        params: digest(2),
        config: "{}".to_owned(),
        min_cycle_ms: 0,
        status: GameStatus::Enabled,
    };
    let welcome = Welcome {
        player: player(),
        edge: "west-1".parse().unwrap(),
        region: "west".parse().unwrap(),
        wallet: Some(vec![Balance { currency: Currency::EUR, available_minor: minor(1), in_play_minor: minor(2) }]),
        lease: Some(opened.clone()),
        left_behind: Some(LeftBehind { lease: lease(), tail: Tail::Pending }),
        games: vec![entry],
    };
    check("server-welcome", &frame(ServerBody::Welcome(Box::new(welcome))));
    check("server-opened", &frame(ServerBody::Opened(Box::new(opened))));
    check("server-result", &frame(ServerBody::Result(Box::new(result()))));
    let void = Some(VoidDeal { cause: VoidCause::GameBroken, refund_minor: minor(100) });
    check("server-result-void", &frame(ServerBody::Result(Box::new(DealResult { void, ..result() }))));
    check("server-refused", &frame(ServerBody::Refused(RefusalCode::InsufficientFunds.because("the lease holds 50"))));
    check("server-topped-up", &frame(ServerBody::ToppedUp { lease: lease(), in_play_minor: minor(9) }));
    check("server-closing", &frame(ServerBody::Closing { lease: lease(), deals: 7, reason: CloseReason::Asked }));
    check("server-caught-up", &frame(ServerBody::CaughtUp { lease: lease(), tail: Tail::Complete }));
    check("server-resync", &frame(ServerBody::Resync { wallet: vec![] }));
    let edges = vec![EdgeAddress {
        edge: "east-1".parse().unwrap(),
        region: "east".parse().unwrap(),
        url: "wss://east-1.example/v1/play".to_owned(),
    }];
    check("server-draining", &frame(ServerBody::Draining { edges }));
    let settled = SettledDeal { deal: 7, stake_minor: minor(100), win_minor: minor(0), refund_minor: minor(100) };
    let body = WalletBody::Settled { lease: lease(), currency: Currency::EUR, deals: vec![settled] };
    check("server-wallet-settled", &frame(ServerBody::Wallet(wallet(body))));
}

#[test]
fn the_round_log_is_frozen() {
    check("record-opened", &record(0, RecordBody::Opened(Box::new(terms()))));
    check("record-deal", &deal_record());
    check("record-topped-up", &record(8, RecordBody::ToppedUp(ToppedUp { grant: 1, amount_minor: minor(5_000) })));
    check("record-closed", &record(9, RecordBody::Closed(Closed { deals: 7, reason: CloseReason::Fenced, epoch: 2 })));
}

#[test]
fn wallet_events_are_frozen() {
    check("wallet-deposited", &wallet(WalletBody::Deposited { currency: Currency::EUR, amount_minor: minor(5) }));
    let closed = WalletBody::Closed {
        lease: lease(),
        currency: Currency::EUR,
        returned_minor: minor(23_500),
        deals: 7,
        reason: CloseReason::Asked,
        last_link: digest(16),
        seed: Hex([18; 32]),
    };
    check("wallet-closed", &wallet(closed));
}

#[test]
fn requests_between_the_rooms_are_frozen() {
    let bind = BindRequest { edge: "west-1".parse().unwrap(), epoch: 1, known_records: 7, intent: intent() };
    check("dealer-bind", &bind);
    check("dealer-bind-reply", &BindReply { round_key: Hex([19; 32]), records: vec![deal_record()] });
    let key = SealedKey { enc: Hex([20; 32]), ciphertext: HexBytes(vec![21; 48]) };
    check("dealer-open", &OpenLease { terms: terms(), key, valid_until_ms: 1_700_000_060_000 });
    let resume = Resume { player: player(), cursor: Cursor::default(), holds_lease: false };
    check("core-resume", &resume);
    let told = Told { lease: lease(), deal: 7, link: digest(16), win_minor: minor(3_600) };
    check("told", &ToldBatch { told: vec![told] });
    let refused: Reply<CaughtUp> = Reply::Refused(RefusalCode::LeaseUnknown.into());
    assert_eq!(String::from_utf8(wire::encode(&refused)).unwrap(), r#"{"refused":{"code":"lease_unknown"}}"#);
}
