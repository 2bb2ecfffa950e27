//! `house verify --games` on leases of the house's own games, as they are shipped in wasm-games/dist.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests fail the test")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use fairness::{Bundle, BundleOpen, Carried, Close, LeaseKey, Opening, SPEC, Seed, commit, lease_key, round_key};
use money::Amount;
use sandbox::{Action, Bet, Host, HostOptions, RoundTotals, Table, Verdict};
use tempfile::TempDir;
use wire::v1::payload::Payload;

fn dist() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../wasm-games/dist")
}

/// A game with the first of its shipped configurations.
fn table(game: &str) -> Table {
    let wasm =
        fs::read(dist().join(format!("{game}.wasm"))).expect("wasm-games/dist is incomplete: run cargo xtask games");
    let mut configs: Vec<PathBuf> =
        fs::read_dir(dist().join("configs")).unwrap().map(|entry| entry.unwrap().path()).collect();
    configs.sort();
    let named = |path: &&PathBuf| path.file_name().unwrap().to_str().unwrap().starts_with(&format!("{game}-"));
    let config =
        fs::read_to_string(configs.iter().find(named).expect("no configuration: run cargo xtask games")).unwrap();
    Host::new(HostOptions::default())
        .unwrap()
        .load(&wasm)
        .unwrap()
        .open(sandbox::canonical_config(&config).unwrap())
        .unwrap()
}

/// A lease as the core would export it.
struct Lease {
    open: Opening,
    key: LeaseKey,
    deals: Vec<fairness::Deal>,
    carried: Option<Carried>,
}

/// A round that is still open after its last deal.
#[derive(Clone)]
struct Open {
    state: Vec<u8>,
    offers: Vec<(u32, u64)>,
    totals: RoundTotals,
}

impl Lease {
    fn new(number: u8) -> Self {
        let seed = Seed::from_bytes([number; 32]);
        let open = Opening {
            lease_id: [number; 16],
            commit: commit(&seed),
            player: [6; 32],
            client_seed: vec![number; 32],
            client_mode: 1,
            beacon_kind: 0,
            beacon_round: 0,
            beacon_value: [0; 32],
            issued_ms: 1_000,
            expires_ms: 1_000_000,
            max_rounds: 100_000,
        };
        let key = lease_key(&seed, &open.hash());
        Self { open, key, deals: Vec::new(), carried: None }
    }

    fn bind(
        &mut self,
        table: &Table,
        payload: &Payload,
        stake: u64,
        verdict: impl FnOnce(fairness::RoundKey) -> Verdict,
    ) -> Option<sandbox::Deal> {
        let round = u64::try_from(self.deals.len()).unwrap() + 1;
        let key = round_key(&self.key, round, &table.digest(), &table.params(), &[0; 32]);
        let played = verdict(key).ok();
        let draws =
            played.iter().flat_map(|deal| &deal.draws).map(|draw| (draw.stream, draw.bound, draw.value)).collect();
        self.deals.push(fairness::Deal {
            round,
            game: table.digest(),
            params: table.params(),
            currency: *b"EUR\0\0\0\0\0",
            stake,
            payload: payload.to_text().into_bytes(),
            client_nonce: [0; 32],
            outcome: played.as_ref().map_or([0; 32], |deal| deal.outcome.hash()),
            win: played.as_ref().map_or(0, |deal| deal.outcome.win_minor),
            played_ms: 1_000 + round,
            edge: [1; 16],
            draws,
            link: [0; 32],
            proof: None,
        });
        played
    }

    fn play(&mut self, table: &Table, spot: u32, stake: u64) -> Option<Open> {
        let payload = Payload::Bets(vec![(spot, Amount::try_from_unsigned(stake).unwrap())]);
        let deal = self.bind(table, &payload, stake, |key| table.play(key, &[Bet { spot, stake_minor: stake }]))?;
        after(&deal, RoundTotals { stake_minor: stake, ..RoundTotals::default() })
    }

    fn act(&mut self, table: &Table, open: &Open) -> Option<Open> {
        let (action, extra) = *open.offers.first().unwrap();
        let arg = table.manifest().actions.iter().find(|spec| spec.id == action).unwrap().arg_min;
        let totals = RoundTotals { stake_minor: open.totals.stake_minor + extra, ..open.totals };
        let call = |key| table.act(key, &open.state, Action { id: action, arg }, totals);
        let deal = self.bind(table, &Payload::Act((action, arg)), extra, call).expect("an offered action plays");
        after(&deal, totals)
    }

    /// The lease's bundle, with every link made from what the deals now say.
    fn close(&self) -> Bundle {
        let mut prev = self.open.hash();
        let mut rounds = self.deals.clone();
        for deal in &mut rounds {
            deal.link = deal.entry(self.open.lease_id, prev).link();
            prev = deal.link;
        }
        let close = Close { rounds: u64::try_from(rounds.len()).unwrap(), last_link: prev };
        let seed = self.open.lease_id.first().map(|number| [*number; 32]).unwrap();
        let carried = self.carried.clone();
        Bundle {
            spec: SPEC.to_owned(),
            open: BundleOpen::from(&self.open),
            seed,
            rounds,
            close,
            vkeys: Vec::new(),
            carried,
        }
    }
}

fn after(deal: &sandbox::Deal, mut totals: RoundTotals) -> Option<Open> {
    totals.win_minor += deal.outcome.win_minor;
    totals.deals += 1;
    let offers = deal.outcome.offers.iter().map(|offer| (offer.action, offer.extra_minor)).collect();
    (!deal.outcome.finished).then(|| Open { state: deal.outcome.state.clone(), offers, totals })
}

/// The first spot and its least stake.
fn first_bet(table: &Table) -> (u32, u64) {
    let spot = table.manifest().spots.first().unwrap();
    (spot.id, spot.min_minor)
}

/// Exit status, standard output, standard error.
fn verify(bundle: &Bundle) -> (i32, String, String) {
    let directory = TempDir::new().unwrap();
    let file = directory.path().join("bundle.json");
    fs::write(&file, serde_json::to_vec(bundle).unwrap()).unwrap();
    let mut house = Command::new(env!("CARGO_BIN_EXE_house"));
    let output = house.arg("verify").arg(&file).arg("--games").arg(dist()).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

fn roulette_lease() -> (Table, Lease) {
    let table = table("roulette");
    let (spot, stake) = first_bet(&table);
    let mut lease = Lease::new(1);
    (0..30).for_each(|_| drop(lease.play(&table, spot, stake)));
    assert!(lease.play(&table, u32::MAX, stake).is_none());
    lease.play(&table, spot, stake);
    assert!(lease.deals.iter().filter(|deal| deal.outcome == [0; 32]).count() == 1);
    (table, lease)
}

/// A lease that has just reached an unfinished round of the slot.
fn slot_lease() -> (Table, Lease, Open) {
    let table = table("slot-lines");
    let (spot, stake) = first_bet(&table);
    let mut lease = Lease::new(2);
    let open = (0..50_000).find_map(|_| lease.play(&table, spot, stake)).expect("no free spins in 50,000 spins");
    (table, lease, open)
}

#[test]
fn a_lease_with_a_void_deal_is_verified_by_replay() {
    let (_, lease) = roulette_lease();
    let (status, said, summary) = verify(&lease.close());
    assert_eq!((status, said.as_str()), (0, "verified\n"), "{summary}");
    assert!(summary.contains("32 deals, 32 replayed, 1 of them void"), "{summary}");
}

#[test]
fn a_round_of_many_deals_is_verified_with_its_state() {
    let (table, mut lease, open) = slot_lease();
    let mut open = Some(open);
    while let Some(round) = &open {
        open = lease.act(&table, round);
    }
    let (spot, stake) = first_bet(&table);
    lease.play(&table, spot, stake);
    let (status, said, _) = verify(&lease.close());
    assert_eq!((status, said.as_str()), (0, "verified\n"));
}

#[test]
fn a_carried_round_goes_on_and_a_changed_or_missing_one_is_named() {
    let (table, _, open) = slot_lease();
    let mut lease = Lease::new(3);
    lease.carried = Some(Carried {
        game: table.digest(),
        params: table.params(),
        state: open.state.clone(),
        stake: open.totals.stake_minor,
        win: open.totals.win_minor,
        deals: open.totals.deals,
        offers: open.offers.clone(),
    });
    let mut round = Some(open);
    while let Some(open) = &round {
        round = lease.act(&table, open);
    }
    let good = lease.close();
    assert_eq!(verify(&good).0, 0, "{}", verify(&good).1);

    let mut missing = good.clone();
    missing.carried = None;
    let (status, said, _) = verify(&missing);
    assert_eq!(status, 1);
    assert!(said.contains("deal 1: outcome, win and draws stand in the file, but the replay is void"), "{said}");

    let mut changed = good;
    if let Some(first) = changed.carried.as_mut().unwrap().state.first_mut() {
        *first ^= 0x55;
    }
    let (status, said, _) = verify(&changed);
    assert_eq!(status, 1);
    assert!(said.contains("carried: "), "{said}");
}

#[test]
fn false_outcomes_and_wins_with_consistent_links_are_named() {
    let (table, lease) = roulette_lease();
    let (_, stake) = first_bet(&table);
    let forge = |change: &dyn Fn(&mut fairness::Deal)| {
        let mut forged =
            Lease { open: lease.open.clone(), key: lease.key.clone(), deals: lease.deals.clone(), carried: None };
        change(forged.deals.get_mut(4).unwrap());
        let bundle = forged.close();
        assert_eq!(fairness::verify(&bundle), []);
        let (status, said, _) = verify(&bundle);
        assert_eq!(status, 1);
        said
    };
    assert!(forge(&|deal| deal.win += 1).contains("deal 5: win is "));
    assert!(forge(&|deal| deal.outcome = [7; 32]).contains("deal 5: outcome is 0707"));
    assert!(forge(&|deal| deal.draws.clear()).contains("deal 5: draws: "));
    assert!(forge(&|deal| deal.stake = stake + 1).contains("deal 5: outcome, win and draws stand in the file"));
    assert!(forge(&|deal| deal.payload = b"{}".to_vec()).contains("deal 5: outcome, win and draws stand in the file"));
    let voided = forge(&|deal| (deal.outcome, deal.win, deal.draws) = ([0; 32], 0, Vec::new()));
    assert!(voided.contains("deal 5: outcome says that the deal is void, but the replay gives a win of"), "{voided}");
    assert_eq!(voided.lines().count(), 1, "{voided}");
}

#[test]
fn scaled_outcomes_are_collected_from_the_component() {
    let table = table("roulette");
    let component = dist().join("roulette.wasm");
    let collect = || {
        let mut house = Command::new(env!("CARGO_BIN_EXE_house"));
        house.args(["fairness", "collect", "game"]).arg(&component);
        house.args(["--params", table.config().as_str(), "--deals", "200", "--seed", "c"]).output().unwrap()
    };
    let output = collect();
    assert!(output.status.success(), "{output:?}");
    assert_eq!(output.stdout, collect().stdout);
    let text = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<serde_json::Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 200);
    let values: std::collections::BTreeSet<u64> =
        lines.iter().map(|line| line.pointer("/draws/0/2").and_then(serde_json::Value::as_u64).unwrap()).collect();
    assert!(values.len() > 25, "only {values:?}");
}
