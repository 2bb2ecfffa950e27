//! Connections to a NATS server as one of its users, for looking behind the product.

use anyhow::Result;
use bus::{Bus, Settings};

use crate::NatsServer;

/// A connection to `server` as its user `name`.
pub(super) async fn connect(server: &NatsServer, name: &str) -> Result<Bus> {
    let user = server.user(name);
    let settings = Settings { url: user.url, user: Some(user.user), password_file: Some(user.password_file) };
    Ok(Bus::connect(settings.options(name)?).await?)
}
