//! The state folder's NATS files: one configuration a server, one password file a user, both readable by the owner only.
//! Passwords are made once and kept, so a restarted stack keeps its log-ins.
use super::template::{fill, quoted};
use super::{NatsOptions, Region, ServerPorts, random_secret};
use anyhow::{Context, Result};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// At least the sum of `max_bytes` of the streams at the hub.
const HUB_MAX_FILE: &str = "40GB";
/// The same of one region.
const LEAF_MAX_FILE: &str = "8GB";

/// Where the password files are.
pub(super) fn secrets(options: &NatsOptions) -> PathBuf {
    options.state.join("secrets").join("nats")
}

/// Writes the hub's configuration.
pub(super) fn hub(options: &NatsOptions, ports: &ServerPorts, leaf_port: u16) -> Result<PathBuf> {
    let mut users = user(options, "core.conf", "core", &[])?;
    users += &user(options, "provision.conf", "provision", &[])?;
    users += &dealer(options, "core", &options.core_dealer, "hub")?;
    for region in &options.regions {
        users += &link(options, region)?;
    }
    let leaf_listen = quoted(&format!("127.0.0.1:{leaf_port}"));
    let extra = [("MAX_FILE", HUB_MAX_FILE), ("LEAF_LISTEN", leaf_listen.as_str())];
    server(options, "hub.conf", "hub", ports, &users, &extra)
}

/// Writes a region's configuration.
pub(super) fn leaf(options: &NatsOptions, region: &Region, ports: &ServerPorts, link_port: u16) -> Result<PathBuf> {
    let name = region.name.as_str();
    let mut users = user(options, "provision.conf", "provision", &[])?;
    users += &dealer(options, name, &region.dealer, name)?;
    for edge in &region.edges {
        users += &user(options, "edge.conf", &format!("edge_{edge}"), &[("REGION", name), ("EDGE", edge)])?;
    }
    let link = format!("leaf_{name}");
    let url = quoted(&format!("nats-leaf://{link}:{}@127.0.0.1:{link_port}", password(options, &link)?));
    let extra = [("MAX_FILE", LEAF_MAX_FILE), ("HUB_URL", url.as_str()), ("REGION", name)];
    server(options, "edge.conf", name, ports, &users, &extra)
}

fn server(
    options: &NatsOptions,
    template: &str,
    name: &str,
    ports: &ServerPorts,
    users: &str,
    extra: &[(&str, &str)],
) -> Result<PathBuf> {
    let folder = options.state.join("nats");
    std::fs::create_dir_all(&folder)?;
    let listen = quoted(&format!("127.0.0.1:{}", ports.client));
    let monitor = quoted(&format!("127.0.0.1:{}", ports.monitor));
    let store = quoted(&folder.join(name).display().to_string());
    let system = quoted(&password(options, "sys")?);
    let mut values = vec![
        ("LISTEN", listen.as_str()),
        ("MONITOR", monitor.as_str()),
        ("STORE", store.as_str()),
        ("SYS_PASSWORD", system.as_str()),
        ("USERS", users),
    ];
    values.extend(extra);
    let path = folder.join(format!("{name}.conf"));
    write_private(&path, &fill(template, &values)?)?;
    Ok(path)
}

fn dealer(options: &NatsOptions, region: &str, dealer: &str, domain: &str) -> Result<String> {
    let values = [("REGION", region), ("DEALER", dealer), ("DOMAIN", domain)];
    user(options, "dealer.conf", &format!("dealer_{region}"), &values)
}

fn link(options: &NatsOptions, region: &Region) -> Result<String> {
    let rpc = region.edges.iter().map(|edge| quoted(&format!("rpc.core.{edge}.>")));
    let rpc = rpc.collect::<Vec<_>>().join(", ");
    let edges = region.edges.iter().map(|edge| quoted(&format!("_INBOX_edge_{edge}.>")));
    let dealer = quoted(&format!("_INBOX_dealer_{}.>", region.name));
    let inboxes = std::iter::once(dealer).chain(edges).collect::<Vec<_>>().join(", ");
    let values = [
        ("REGION", region.name.as_str()),
        ("DEALER", region.dealer.as_str()),
        ("CORE_DEALER", options.core_dealer.as_str()),
        ("EDGE_RPC", rpc.as_str()),
        ("INBOXES", inboxes.as_str()),
    ];
    user(options, "leaf.conf", &format!("leaf_{}", region.name), &values)
}

fn user(options: &NatsOptions, template: &str, name: &str, values: &[(&str, &str)]) -> Result<String> {
    let password = quoted(&password(options, name)?);
    let mut values = values.to_vec();
    values.push(("PASSWORD", password.as_str()));
    fill(&format!("users/{template}"), &values)
}

/// The password of a user, made the first time.
fn password(options: &NatsOptions, user: &str) -> Result<String> {
    let path = secrets(options).join(user);
    if !path.exists() {
        std::fs::create_dir_all(secrets(options))?;
        write_private(&path, &random_secret()?)?;
    }
    std::fs::read_to_string(&path).with_context(|| path.display().to_string())
}

fn write_private(path: &Path, text: &str) -> Result<()> {
    let open = std::fs::OpenOptions::new().create(true).write(true).truncate(true).mode(0o600).open(path);
    let mut file = open.with_context(|| path.display().to_string())?;
    file.write_all(text.as_bytes()).with_context(|| path.display().to_string())
}
