//! The rooms put together, each after what it leans on.
//!
//! Order: listeners, database and its tables, the ledger with its chain verified, keys, bus and streams, seeds, games, leases,
//! settlement, relay, pages. What fails is named in one line, and nothing serves.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::{Context, bail};
use api::Api;
use bus::{Bus, Site, StreamsFile};
use clock::{SharedClock, SystemClock};
use database::Pool;
use ed25519_dalek::VerifyingKey;
use execution::Tables;
use ids::{DealerId, Digest};
use leases::{BusDealers, Catalogue, DealerIdentity, Leases, Rules, Shelf};
use ledger::Ledger;
use players::Players;
use seeds::{CoreSigner, Hardware, KeyRing, Seeds};
use serde::Deserialize;
use settlement::{Books, Lag, Replayer, Settlement};
use telemetry::{Flag, Metrics, Readiness, Version, serve_ops};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use wire::v1::Hex;

use crate::config::{Config, DealerFile, Provision};
use crate::keys::Keys;
use crate::pages::{self, Listeners};
use crate::relay::Relay;
use crate::{games, health, stores, web};

/// A running core.
pub struct Running {
    /// Where players' pages are.
    pub players: SocketAddr,
    /// Where the operator's pages are.
    pub operator: Option<SocketAddr>,
    /// Where the process's own pages are.
    pub ops: SocketAddr,
    pub(crate) ledger: Ledger,
    pub(crate) bus: Bus,
    pub(crate) pool: Pool,
    pub(crate) serving: Flag,
    pub(crate) stops: Stops,
}

/// What ends the tasks, in this order.
#[derive(Default)]
pub(crate) struct Stops {
    /// Pages.
    pub(crate) pages: CancellationToken,
    /// Requests of edges and dealers, reaper, settlement.
    pub(crate) rooms: CancellationToken,
    /// Both of the above.
    pub(crate) tasks: TaskTracker,
    /// What is needed to the end: relay, seeds, the process's own pages.
    pub(crate) late: CancellationToken,
    /// Those.
    pub(crate) late_tasks: TaskTracker,
}

/// Starts the core that `config` describes. A start that fails, or is dropped, ends what it had begun.
///
/// # Errors
/// The part that can't be had, and why.
pub async fn start(config: Config, metrics: Metrics) -> anyhow::Result<Running> {
    config.check()?;
    // On the heap: the future holds every room, and callers hold the future.
    Box::pin(assemble(config, metrics)).await
}

async fn assemble(config: Config, metrics: Metrics) -> anyhow::Result<Running> {
    let (clock, readiness, stops) = (SystemClock::shared(), Readiness::default(), Stops::default());
    let guards = [&stops.pages, &stops.rooms, &stops.late].map(|stop| stop.clone().drop_guard());
    let (serving, database_up) = (readiness.flag("serving"), readiness.flag("database"));
    let Listeners { players, operator, ops } = Listeners::bind(&config).await?;
    let version = Version::of("core-server", env!("CARGO_PKG_VERSION"));
    let addresses = (players.local_addr()?, ops.local_addr()?);
    let operator_address = operator.as_ref().map(tokio::net::TcpListener::local_addr).transpose()?;
    stops.late_tasks.spawn(serve_ops(ops, metrics, readiness.clone(), version, stops.late.clone()));

    let pool = stores::database(&config).await?;
    stops.late_tasks.spawn(health::watch_database(pool.clone(), database_up, stops.late.clone()));
    let (ledger, is_empty) = stores::ledger(&pool, Arc::clone(&clock)).await?;
    let keys = Keys::load(&config, is_empty)?;
    let bus = connect(&config).await?;
    let base = Base { config: &config, pool: pool.clone(), ledger: ledger.clone(), bus: bus.clone(), clock };
    let rooms = base.rooms(keys, &stops).await?;
    health::watch_rooms(&readiness, &bus, &ledger, &rooms.seeds);
    let relay = Relay::new(ledger.clone(), bus.journal(None));
    stops.late_tasks.spawn(relay.run(stops.late.clone()));

    stops.tasks.spawn(rooms.api.clone().upkeep(stops.rooms.clone()));
    let site = web::beside(api::player_router(&rooms.api), config.web_dir.as_deref());
    pages::serve(players, site, &stops.tasks, stops.pages.clone());
    if let Some(listener) = operator {
        pages::serve(listener, api::operator_router(&rooms.api), &stops.tasks, stops.pages.clone());
    }
    serving.up();
    tracing::info!(players = %addresses.0, operator = ?operator_address, ops = %addresses.1, "serving");
    let (players, ops) = addresses;
    for guard in guards {
        guard.disarm();
    }
    Ok(Running { players, operator: operator_address, ops, ledger, bus, pool, serving, stops })
}

/// The hub, with its streams made if the configuration says so.
async fn connect(config: &Config) -> anyhow::Result<Bus> {
    if let Some(provision) = &config.provision {
        make_streams(provision).await?;
    }
    Bus::connect(config.nats.options("core-server")?).await.context("the bus")
}

async fn make_streams(provision: &Provision) -> anyhow::Result<()> {
    let path = &provision.streams_file;
    let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
    let file = StreamsFile::parse(&text)?;
    let bus = Bus::connect(provision.nats.options("core-provision")?).await.context("the bus, to make its streams")?;
    let site = Site::Hub { own: "core".parse()?, regions: provision.regions.clone() };
    bus::provision(&bus, &file, &site).await.context("the hub's streams")?;
    Ok(bus.drain().await?)
}

/// What the rooms stand on.
struct Base<'a> {
    config: &'a Config,
    pool: Pool,
    ledger: Ledger,
    bus: Bus,
    clock: SharedClock,
}

/// What the start goes on with.
struct Rooms {
    seeds: Arc<Seeds>,
    api: Api,
}

impl Base<'_> {
    async fn rooms(&self, keys: Keys, stops: &Stops) -> anyhow::Result<Rooms> {
        let Keys { seeds, player_tag, signer, access, operator } = keys;
        let hardware = self.config.hardware_random.clone().map_or(Hardware::Absent, Hardware::Device);
        let keys = KeyRing::new(seeds, Vec::new());
        let options = seeds::Options { keys, player_tag_secret: player_tag, hardware };
        let seeds = Seeds::open(self.pool.clone(), options, self.clock.clone()).await.context("the seeds room")?;
        let seeds = Arc::new(seeds);
        let room = Arc::clone(&seeds);
        let late = stops.late.clone();
        stops.late_tasks.spawn(async move { room.run(late).await });

        let rules = rules(self.config)?;
        let (tables, catalogue) = self.games().await?;
        let core_key = signer.public();
        let leases = self.leases(&seeds, signer, Arc::clone(&catalogue), rules.clone());
        let settlement = self.settlement(&seeds, &rules, tables, &catalogue, stops)?;
        let (replayer, lag) = (settlement.replayer(), Arc::clone(&settlement.lag));
        settlement.start(&stops.tasks, &stops.rooms).await.context("settlement")?;
        self.serve_leases(&leases, &replayer, stops).await?;

        let randomness = seeds.randomness();
        let random = Arc::new(move || randomness.bytes::<32>().ok());
        let players = Players::new(self.pool.clone(), self.clock.clone(), access, random);
        let api = Api::new(api::Parts {
            pool: self.pool.clone(),
            clock: self.clock.clone(),
            players,
            ledger: self.ledger.clone(),
            leases,
            replayer,
            lag,
            core_key,
            operator_token: operator,
            options: self.config.api.clone(),
        });
        Ok(Rooms { seeds, api })
    }

    async fn games(&self) -> anyhow::Result<(Arc<Tables>, Arc<Catalogue>)> {
        let tables = games::no_tables(&self.config.cache_dir)?;
        let releases = games::releases(self.config.game_files(), &tables).await?;
        let shelf = Shelf::open(&self.bus, None).await.context("the catalogue on the bus")?;
        let catalogue = Catalogue::open(self.pool.clone(), releases, Some(shelf), self.clock.clone());
        let catalogue = Arc::new(catalogue.await.context("the catalogue")?);
        games::load_older(&catalogue, &tables).await?;
        Ok((tables, catalogue))
    }

    fn leases(&self, seeds: &Arc<Seeds>, signer: CoreSigner, catalogue: Arc<Catalogue>, rules: Rules) -> Arc<Leases> {
        Arc::new(Leases::new(leases::Parts {
            pool: self.pool.clone(),
            ledger: self.ledger.clone(),
            seeds: Arc::clone(seeds),
            signer,
            dealers: Arc::new(BusDealers::new(self.bus.clone(), None)),
            catalogue,
            clock: self.clock.clone(),
            rules,
        }))
    }

    async fn serve_leases(&self, leases: &Arc<Leases>, replayer: &Replayer, stops: &Stops) -> anyhow::Result<()> {
        let replays = Arc::new(replayer.clone());
        leases.serve(&self.bus, replays, &stops.tasks, &stops.rooms).await.context("requests of edges and dealers")?;
        let (room, rooms) = (Arc::clone(leases), stops.rooms.clone());
        stops.tasks.spawn(async move { room.run_reaper(rooms).await });
        Ok(())
    }

    fn settlement(
        &self,
        seeds: &Arc<Seeds>,
        rules: &Rules,
        tables: Arc<Tables>,
        catalogue: &Arc<Catalogue>,
        stops: &Stops,
    ) -> anyhow::Result<Settlement> {
        let (catalogue, tasks) = (Arc::clone(catalogue), stops.tasks.clone());
        let on_broken = move |digest: Digest, cause: &'static str| {
            let catalogue = Arc::clone(&catalogue);
            tasks.spawn(async move {
                if let Err(error) = catalogue.quarantine(digest, cause).await {
                    tracing::error!(%digest, cause, %error, "ALARM a broken game is not in quarantine yet");
                }
            });
        };
        Ok(Settlement {
            bus: self.bus.clone(),
            books: Books { pool: self.pool.clone(), seeds: Arc::clone(seeds), dealers: dealer_keys(rules)? },
            ledger: self.ledger.clone(),
            tables,
            clock: self.clock.clone(),
            on_broken: Arc::new(on_broken),
            lag: Arc::new(Lag::default()),
        })
    }
}

/// A dealer's public keys as `dealer keygen` writes them.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DealerKeys {
    dealer: DealerId,
    hpke_public: Hex<32>,
    signing_public: Hex<32>,
}

/// The configured rules with the dealers of the key files.
fn rules(config: &Config) -> anyhow::Result<Rules> {
    let mut rules = config.rules.clone();
    for DealerFile { region, file } in &config.dealers {
        let named = || file.display().to_string();
        let bytes = std::fs::read(file).with_context(named)?;
        let keys: DealerKeys = wire::decode(&bytes).with_context(named)?;
        let DealerKeys { dealer, hpke_public: seal_key, signing_public: signing_key } = keys;
        if rules.dealers.insert(region.clone(), DealerIdentity { dealer, seal_key, signing_key }).is_some() {
            bail!("two dealers for region {region}");
        }
    }
    if rules.dealers.is_empty() {
        tracing::warn!("no dealer is configured: no lease can be opened");
    }
    Ok(rules)
}

fn dealer_keys(rules: &Rules) -> anyhow::Result<BTreeMap<DealerId, VerifyingKey>> {
    let key = |identity: &DealerIdentity| {
        let key = VerifyingKey::from_bytes(&identity.signing_key.0);
        Ok((identity.dealer.clone(), key.with_context(|| format!("the signing key of {}", identity.dealer))?))
    };
    rules.dealers.values().map(key).collect()
}
