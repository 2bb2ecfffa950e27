//! Library fences: a library that carries trust, chance, money or the network has a short list of users. The fold and
//! the sandbox are fenced the same way: a second interpreter of game results anywhere is the failure to forbid.
use super::graph::Package;

/// Who may name the library.
enum Users {
    /// These packages.
    Only(&'static [&'static str]),
    /// The core's packages that own tables.
    CoreDomain,
    /// Packages that build a program, xtask and the tests.
    Programs,
}

const FENCES: [(&str, Users); 12] = [
    ("wasmtime", Users::Only(&["sandbox", "handlers"])),
    ("async-nats", Users::Only(&["bus", "platform-tests"])),
    ("sqlx", Users::CoreDomain),
    ("axum", Users::Only(&["api", "gateway"])),
    ("getrandom", Users::Only(&["seeds"])),
    ("rand_chacha", Users::Only(&["fairness"])),
    ("hmac", Users::Only(&["fairness"])),
    ("spin-sdk", Users::Only(&["lobby", "leaderboard", "proofs"])),
    ("anyhow", Users::Programs),
    ("round", Users::Only(&["execution", "play", "settlement", "house", "platform-tests"])),
    ("sandbox", Users::Only(&["execution", "house", "platform-tests"])),
    ("execution", Users::Only(&["play", "settlement", "edge-server", "core-server", "house", "platform-tests"])),
];

const NOT_DOMAIN: [&str; 3] = ["api", "core-server", "dealer"];

/// A package that names a library behind a fence.
pub(super) struct Crossing {
    pub(super) package: String,
    pub(super) library: String,
}

/// Every crossing, in order of packages.
pub(super) fn check(packages: &[Package]) -> Vec<Crossing> {
    let mut found = Vec::new();
    for package in packages {
        for (library, users) in &FENCES {
            let named = package.depends_on.iter().any(|dependency| dependency.name == *library);
            if named && !may_use(package, users) {
                found.push(Crossing { package: package.name.clone(), library: (*library).to_owned() });
            }
        }
    }
    found
}

fn may_use(package: &Package, users: &Users) -> bool {
    match users {
        Users::Only(names) => names.contains(&package.name.as_str()),
        Users::CoreDomain => package.room() == "core-region" && !NOT_DOMAIN.contains(&package.name.as_str()),
        Users::Programs => package.is_binary || matches!(package.room(), "tests" | "xtask"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::graph::tests::package_at;
    use super::*;

    fn crosses(folder: &str, library: &str) -> bool {
        !check(&[package_at(folder, &[], &[library])]).is_empty()
    }

    #[test]
    fn wasmtime_stays_in_the_sandbox_and_the_in_process_host() {
        assert!(crosses("edge/play", "wasmtime") && crosses("core-region/settlement", "wasmtime"));
        assert!(!crosses("crates/sandbox", "wasmtime") && !crosses("edge/handlers", "wasmtime"));
    }

    #[test]
    fn the_nats_client_stays_in_bus_and_the_tests() {
        assert!(crosses("core-region/dealer", "async-nats") && crosses("edge/play", "async-nats"));
        assert!(!crosses("crates/bus", "async-nats"));
    }

    #[test]
    fn the_database_stays_in_the_cores_domain() {
        assert!(crosses("edge/play", "sqlx") && crosses("core-region/api", "sqlx") && crosses("crates/wire", "sqlx"));
        assert!(crosses("core-region/core-server", "sqlx") && crosses("core-region/dealer", "sqlx"));
        assert!(!crosses("core-region/ledger", "sqlx"));
    }

    #[test]
    fn http_stays_at_the_two_doors() {
        assert!(crosses("core-region/ledger", "axum") && crosses("edge/play", "axum"));
        assert!(!crosses("core-region/api", "axum") && !crosses("edge/gateway", "axum"));
    }

    #[test]
    fn chance_stays_in_seeds_and_fairness() {
        assert!(crosses("core-region/players", "getrandom") && !crosses("core-region/seeds", "getrandom"));
        assert!(crosses("core-region/seeds", "rand_chacha") && !crosses("crates/fairness", "rand_chacha"));
        assert!(crosses("core-region/seeds", "hmac") && !crosses("crates/fairness", "hmac"));
    }

    #[test]
    fn the_spin_sdk_stays_in_spin_components() {
        assert!(crosses("edge/gateway", "spin-sdk") && !crosses("edge/lobby", "spin-sdk"));
    }

    #[test]
    fn anyhow_stays_in_programs() {
        assert!(crosses("core-region/ledger", "anyhow"));
        let mut program = package_at("core-region/core-server", &[], &["anyhow"]);
        program.is_binary = true;
        assert!(check(&[program]).is_empty());
    }

    #[test]
    fn only_play_settlement_and_the_verifier_interpret_games() {
        let uses = |folder: &str, of: &str| !check(&[package_at(folder, &[of], &[])]).is_empty();
        assert!(uses("edge/gateway", "crates/round") && uses("core-region/api", "crates/sandbox"));
        assert!(uses("core-region/leases", "crates/execution") && !uses("crates/execution", "crates/round"));
        assert!(!uses("edge/play", "crates/round") && !uses("core-region/settlement", "crates/execution"));
        assert!(uses("edge/play", "crates/sandbox") && uses("core-region/settlement", "crates/sandbox"));
    }
}
