//! The house's own games through the host, as they are shipped.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use sandbox::{Backend, Bet, Config, Deal, Host, Simulator, Table};

use crate::{host_on, key};

fn dist() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../wasm-games/dist")
}

fn component(game: &str) -> Vec<u8> {
    let path = dist().join(format!("{game}.wasm"));
    std::fs::read(path).unwrap_or_else(|_| panic!("wasm-games/dist/{game}.wasm is missing: run cargo xtask games"))
}

/// Every configuration shipped for a game, by file name.
fn configs(game: &str) -> Vec<(String, Config)> {
    let dir = dist().join("configs");
    let entries = std::fs::read_dir(dir).expect("wasm-games/dist/configs is missing: run cargo xtask games");
    let mut configs: Vec<(String, Config)> = entries
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.file_name().into_string().unwrap(), entry.path()))
        .filter(|(name, _)| name.starts_with(&format!("{game}-")))
        .map(|(name, path)| (name, sandbox::canonical_config(&std::fs::read_to_string(path).unwrap()).unwrap()))
        .collect();
    configs.sort_by(|a, b| a.0.cmp(&b.0));
    assert!(!configs.is_empty(), "no configuration of {game} in wasm-games/dist/configs: run cargo xtask games");
    configs
}

fn tables(host: &Host, game: &str) -> Vec<(String, Table)> {
    let loaded = host.load(&component(game)).unwrap();
    let open = |(name, config): (String, Config)| {
        let table = loaded.open(config).unwrap_or_else(|error| panic!("{name}: {error}"));
        (name, table)
    };
    configs(game).into_iter().map(open).collect()
}

/// The smallest stake on the game's first spots, as many as it takes up to three.
fn bets(table: &Table) -> Vec<Bet> {
    let manifest = table.manifest();
    let count = usize::try_from(manifest.max_bets).unwrap().min(3);
    manifest.spots.iter().take(count).map(|spot| Bet { spot: spot.id, stake_minor: spot.min_minor }).collect()
}

/// What others compute again, and the fuel it took.
fn facts(deal: &Deal) -> ((String, String), u64) {
    ((hex::encode(deal.outcome.hash()), hex::encode(deal.draws_digest)), deal.fuel_used)
}

/// A guest's first call may pay for its start-up (generated bindings check a flag), so a reused instance burns a
/// constant less from its second call on; a fresh one burns the same every time, and that is what records hold.
fn plays_alike_everywhere(game: &str) {
    let [native, plain, pulley] =
        [Backend::Cranelift, Backend::CraneliftNoOpt, Backend::Pulley].map(|backend| tables(&host_on(backend), game));
    for (index, (name, table)) in native.iter().enumerate() {
        let bets = bets(table);
        let mut reused = Simulator::new(table.clone());
        let mut start_up = BTreeSet::new();
        for n in 0..500 {
            let deal = facts(&table.play(key(n), &bets).unwrap_or_else(|error| panic!("{name}: {error}")));
            for other in [&plain[index].1, &pulley[index].1] {
                assert_eq!(facts(&other.play(key(n), &bets).unwrap()), deal, "{name}");
            }
            let again = facts(&reused.play(key(n), &bets).unwrap());
            assert_eq!(again.0, deal.0, "{name} reused");
            start_up.insert((n > 0, deal.1 - again.1));
        }
        assert_eq!(start_up.len(), 2, "{name}: fuel depends on more than the deal: {start_up:?}");
        assert!(start_up.contains(&(false, 0)) && start_up.iter().all(|(_, fuel)| *fuel < 16), "{start_up:?}");
    }
}

#[test]
fn roulette_plays_alike_on_every_backend_fresh_and_reused() {
    plays_alike_everywhere("roulette");
}

#[test]
fn slot_lines_plays_alike_on_every_backend_fresh_and_reused() {
    plays_alike_everywhere("slot-lines");
}

#[test]
fn a_configuration_of_another_game_is_refused_by_the_game() {
    let host = host_on(Backend::Cranelift);
    for game in ["roulette", "slot-lines"] {
        let refused = host.load(&component(game)).unwrap().open(Config::exactly("{\"no\":1}").unwrap());
        let bad = sandbox::DescribeError::Refused(sandbox::Fault::BadConfig);
        assert_eq!(refused.map(drop), Err(bad), "{game}");
    }
}
