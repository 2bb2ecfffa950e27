//! The configuration file of each program, written into the state folder just before it starts, and how it is started.
//! The shapes here are the programs' own `config.rs`; they refuse unknown keys, so a difference shows at the first start.
use super::layout::{CORE_DEALER, Layout};
use super::{Part, keys};
use crate::nats::{NatsCluster, NatsUser, Region};
use crate::postgres::Postgres;
use crate::process::Spec;
use crate::tools::{built, project_root};
use anyhow::{Context, Result, bail};
use serde::Serialize;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

/// Writes a program's configuration and says how to start it.
pub(super) fn spec(layout: &Layout, nats: &NatsCluster, postgres: &Postgres, part: &Part) -> Result<Spec> {
    let (program, text) = match part {
        Part::Core => ("core-server", text(&core(layout, nats, postgres)?)?),
        Part::Dealer(dealer) => ("dealer", text(&self::dealer(layout, nats, dealer)?)?),
        Part::Edge(edge) => ("edge-server", text(&self::edge(layout, nats, edge)?)?),
        Part::Hub | Part::Leaf(_) | Part::Postgres => bail!("{part} is no program of ours"),
    };
    let name = part.to_string();
    let folder = layout.state().join("config");
    std::fs::create_dir_all(&folder)?;
    let config = folder.join(format!("{name}.toml"));
    keys::write_private(&config, &text)?;
    let log = layout.state().join("log").join(format!("{name}.log"));
    Ok(Spec::new(name, built(program, program)?, log).args(["--config".to_owned(), config.display().to_string()]))
}

fn text(config: &impl Serialize) -> Result<String> {
    toml::to_string(config).context("a configuration can't be written as TOML")
}

#[derive(Serialize)]
struct Nats {
    url: String,
    user: String,
    password_file: PathBuf,
}

impl From<NatsUser> for Nats {
    fn from(user: NatsUser) -> Self {
        Self { url: user.url, user: user.user, password_file: user.password_file }
    }
}

#[derive(Serialize)]
struct Log {
    level: String,
    json: bool,
}

impl Log {
    fn of(layout: &Layout) -> Self {
        Self { level: layout.log_level().to_owned(), json: true }
    }
}

#[derive(Serialize)]
struct Dealer {
    dealer: String,
    log_region: String,
    hpke_key_file: PathBuf,
    signing_key_file: PathBuf,
    ops_listen: String,
    nats: Nats,
    log: Log,
}

fn dealer(layout: &Layout, nats: &NatsCluster, dealer: &str) -> Result<Dealer> {
    let known = layout.dealers().into_iter().find(|(id, _)| id == dealer);
    let (_, log_region) = known.with_context(|| format!("no dealer {dealer}"))?;
    let server = if dealer == CORE_DEALER { nats.hub() } else { nats.leaf(&log_region)? };
    let folder = keys::dealer_folder(layout, dealer);
    Ok(Dealer {
        dealer: dealer.to_owned(),
        hpke_key_file: folder.join("hpke.key"),
        signing_key_file: folder.join("signing.key"),
        ops_listen: local(layout.ops_port(&Part::Dealer(dealer.to_owned()))?),
        nats: server.user(&format!("dealer_{log_region}")).into(),
        log_region,
        log: Log::of(layout),
    })
}

#[derive(Serialize)]
struct Edge {
    edge: String,
    region: String,
    dealer: String,
    public_url: String,
    listen: String,
    ops_listen: String,
    cache_dir: PathBuf,
    token_public_key_file: PathBuf,
    nats: EdgeNats,
    log: Log,
}

#[derive(Serialize)]
struct EdgeNats {
    url: String,
    user: String,
    password_file: PathBuf,
    inbox_prefix: String,
    domain: String,
    hub_domain: String,
}

fn edge(layout: &Layout, nats: &NatsCluster, edge: &str) -> Result<Edge> {
    let known = layout.edges().into_iter().find(|(id, _)| id == edge);
    let (_, Region { name: region, dealer, .. }) = known.with_context(|| format!("no edge {edge}"))?;
    let part = Part::Edge(edge.to_owned());
    let user = nats.leaf(&region)?.user(&format!("edge_{edge}"));
    let nats = EdgeNats {
        url: user.url,
        inbox_prefix: format!("_INBOX_{}", user.user),
        user: user.user,
        password_file: user.password_file,
        domain: region.clone(),
        hub_domain: "hub".to_owned(),
    };
    Ok(Edge {
        edge: edge.to_owned(),
        region,
        dealer,
        public_url: layout.play_url(edge)?,
        listen: local(layout.public_port(&part)?),
        ops_listen: local(layout.ops_port(&part)?),
        cache_dir: private_folder(&layout.state().join("cache").join(edge))?,
        token_public_key_file: keys::token_public(layout),
        nats,
        log: Log::of(layout),
    })
}

#[derive(Serialize)]
struct Core {
    listen: String,
    ops_listen: String,
    database_url_file: PathBuf,
    secrets_dir: PathBuf,
    token_secret_file: PathBuf,
    games_dir: PathBuf,
    web_dir: PathBuf,
    cache_dir: PathBuf,
    nats: Nats,
    operator: Operator,
    log: Log,
    dealers: Vec<DealerFile>,
}

#[derive(Serialize)]
struct Operator {
    listen: String,
    token_file: PathBuf,
}

#[derive(Serialize)]
struct DealerFile {
    region: String,
    file: PathBuf,
}

fn core(layout: &Layout, nats: &NatsCluster, postgres: &Postgres) -> Result<Core> {
    let secrets = private_folder(&layout.state().join("secrets").join("core"))?;
    let database_url_file = secrets.join("database.url");
    keys::write_private(&database_url_file, &postgres.url())?;
    let dealers = layout.dealers().into_iter().map(|(dealer, region)| {
        let file = keys::dealer_folder(layout, &dealer).join("dealer.json");
        DealerFile { region, file }
    });
    Ok(Core {
        listen: local(layout.public_port(&Part::Core)?),
        ops_listen: local(layout.ops_port(&Part::Core)?),
        database_url_file,
        secrets_dir: secrets,
        token_secret_file: keys::token_secret(layout),
        games_dir: project_root().join("wasm-games").join("dist"),
        web_dir: project_root().join("ui").join("player").join("dist"),
        cache_dir: private_folder(&layout.state().join("cache").join("core"))?,
        nats: nats.hub().user("core").into(),
        operator: Operator { listen: local(layout.operator_port()), token_file: keys::operator_token(layout) },
        log: Log::of(layout),
        dealers: dealers.collect(),
    })
}

fn local(port: u16) -> String {
    format!("127.0.0.1:{port}")
}

/// A folder that belongs to this user alone.
fn private_folder(folder: &Path) -> Result<PathBuf> {
    std::fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700))?;
    Ok(folder.to_path_buf())
}
