//! The core's rooms on a real hub and a real Postgres, and the core's own dealer, all in this process: the log that they
//! write is the one that production writes. Only edges and the HTTP interface are left out.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result};
use bus::{Bus, Site, StreamsFile};
use clock::{SharedClock, SystemClock};
use database::Pool;
use dealer::{Dealer, DealerKeys};
use ed25519_dalek::VerifyingKey;
use execution::{HostOptions, Tables};
use leases::{BusDealers, Catalogue, DealerIdentity, GameFile, Leases, Parts, Rules};
use ledger::Ledger;
use seeds::{CoreSigner, Hardware, KeyRing, Seeds};
use settlement::{Books, Lag, Settlement};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use zeroize::Zeroizing;

use crate::bench::connect::connect;
use crate::bench::progress::{self, Counted};
use crate::{NatsCluster, NatsOptions, NatsServer, PortPlan, Postgres, Tools, free_port, project_root};

const DEALER: &str = "dealer-core";
/// The times of a lease are stretched, so that none has to be renewed while the log is filled.
const TTL_MS: u64 = 20 * 60_000;

/// Everything that settlement leans on.
pub(super) struct World {
    pub(super) leases: Leases,
    pub(super) ledger: Ledger,
    pub(super) dealer: Dealer,
    pub(super) tables: Arc<Tables>,
    pub(super) pool: Pool,
    pub(super) clock: SharedClock,
    pub(super) settlement: Settlement,
    pub(super) postgres: Postgres,
    nats: NatsCluster,
    tasks: TaskTracker,
    cancel: CancellationToken,
}

impl World {
    /// Starts it in `state`.
    pub(super) async fn start(tools: &Tools, state: &Path) -> Result<Self> {
        let options = NatsOptions {
            state: state.to_owned(),
            ports: PortPlan::Free,
            regions: Vec::new(),
            core_dealer: DEALER.to_owned(),
            proxied: false,
        };
        let (nats, postgres) =
            tokio::try_join!(NatsCluster::start(tools, &options), Postgres::start(tools, state, free_port()?))?;
        provision(nats.hub()).await?;
        let pool = database::connect(&postgres.url(), &database::Options::default()).await?;
        for migrations in [&ledger::MIGRATOR, &seeds::MIGRATIONS, &leases::MIGRATIONS, &settlement::MIGRATOR] {
            database::migrate(&pool, migrations).await?;
        }
        let clock = SystemClock::shared();
        let (tasks, cancel) = (TaskTracker::new(), CancellationToken::new());
        let keys = DealerKeys::new(&[11; 32], &[12; 32]);
        let identity = DealerIdentity {
            dealer: DEALER.parse()?,
            seal_key: keys.hpke_public(),
            signing_key: keys.signing_public(),
        };
        let dealer_bus = connect(nats.hub(), "dealer_core").await?;
        let dealer = Dealer::new(DEALER.parse()?, "core".parse()?, None, dealer_bus, keys, Arc::clone(&clock));
        dealer::serve(&dealer, &tasks, &cancel).await?;
        let core = connect(nats.hub(), "core").await?;
        let ledger = open_ledger(&pool, &clock).await?;
        let seeds = Arc::new(open_seeds(&pool, &clock).await?);
        let tables = Arc::new(Tables::new(HostOptions::default(), None)?);
        let leases = open_leases(&pool, &clock, &ledger, &seeds, &core, &identity, &tables).await?;
        let settlement = Settlement {
            bus: core,
            books: Books { pool: pool.clone(), seeds, dealers: verifies(&identity)? },
            ledger: ledger.clone(),
            tables: Arc::clone(&tables),
            clock: Arc::clone(&clock),
            on_broken: Arc::new(|digest, cause| tracing::error!(%digest, cause, "a game broke in the bench")),
            lag: Arc::new(Lag::default()),
        };
        Ok(Self { leases, ledger, dealer, tables, pool, clock, settlement, postgres, nats, tasks, cancel })
    }

    /// Records that have come to the hub's streams.
    pub(super) async fn records_at_hub(&self) -> Result<u64> {
        progress::stored(self.nats.hub().monitor_port(), "ROUNDS_ALL_", Counted::Messages).await
    }

    /// Records that settlement has taken in.
    pub(super) async fn records_settled(&self) -> Result<u64> {
        progress::records_settled(&self.pool).await
    }

    /// Ends it.
    pub(super) async fn stop(self) -> Result<()> {
        self.cancel.cancel();
        self.tasks.close();
        self.tasks.wait().await;
        self.ledger.close().await;
        self.pool.close().await;
        let (nats, postgres) = tokio::join!(self.nats.stop(), self.postgres.stop());
        nats.and(postgres)
    }
}

async fn provision(hub: &NatsServer) -> Result<()> {
    let path = project_root().join("nats").join("streams.toml");
    let text = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    let bus = connect(hub, "provision").await?;
    bus::provision(&bus, &StreamsFile::parse(&text)?, &Site::Hub { own: "core".parse()?, regions: vec![] }).await?;
    Ok(bus.drain().await?)
}

async fn open_ledger(pool: &Pool, clock: &SharedClock) -> Result<Ledger> {
    let store = Arc::new(ledger::Postgres::new(pool.clone(), 0));
    Ok(Ledger::open(store, Arc::clone(clock), ledger::Options::default()).await?)
}

async fn open_seeds(pool: &Pool, clock: &SharedClock) -> Result<Seeds> {
    let options = seeds::Options {
        keys: KeyRing::new(Zeroizing::new([1; 32]), Vec::new()),
        player_tag_secret: Zeroizing::new([2; 32]),
        hardware: Hardware::Absent,
    };
    Ok(Seeds::open(pool.clone(), options, Arc::clone(clock)).await?)
}

async fn open_leases(
    pool: &Pool,
    clock: &SharedClock,
    ledger: &Ledger,
    seeds: &Arc<Seeds>,
    core: &Bus,
    identity: &DealerIdentity,
    tables: &Tables,
) -> Result<Leases> {
    let mut releases = Vec::new();
    for (game, config) in [("slot-lines", "slot-lines-95"), ("roulette", "roulette-single")] {
        let dist = project_root().join("wasm-games").join("dist");
        let file = GameFile {
            game: game.parse()?,
            title: game.to_owned(),
            component: dist.join(format!("{game}.wasm")),
            config: PathBuf::from(&dist).join("configs").join(format!("{config}.json")),
            min_cycle_ms: 0,
        };
        let release = file.read().context("run `cargo xtask games`")?;
        tables.load(release.digest, &release.component)?;
        releases.push(release);
    }
    let catalogue = Catalogue::open(pool.clone(), releases, None, Arc::clone(clock)).await?;
    let rules =
        Rules { ttl_ms: TTL_MS, dealers: BTreeMap::from([("core".parse()?, identity.clone())]), ..Rules::default() };
    Ok(Leases::new(Parts {
        pool: pool.clone(),
        ledger: ledger.clone(),
        seeds: Arc::clone(seeds),
        signer: CoreSigner::from_secret(&[3; 32]),
        dealers: Arc::new(BusDealers::new(core.clone(), None)),
        catalogue: Arc::new(catalogue),
        clock: Arc::clone(clock),
        rules,
    }))
}

fn verifies(identity: &DealerIdentity) -> Result<BTreeMap<ids::DealerId, VerifyingKey>> {
    let key = VerifyingKey::from_bytes(&identity.signing_key.0).context("the dealer's key")?;
    Ok(BTreeMap::from([(identity.dealer.clone(), key)]))
}
