//! pgbench's TPC-B on the same Postgres: what the machine's database can commit one transaction at a time.

use std::time::Duration;

use anyhow::{Context, Result, bail};
use sqlx::{Connection, PgConnection};
use tokio::process::Command;

use crate::{Postgres, Tools};

const DATABASE: &str = "tpcb";
const SCALE: &str = "50";
const CLIENTS: &str = "16";

/// pgbench, its database filled.
pub(super) struct TpcB {
    program: std::path::PathBuf,
    url: String,
}

impl TpcB {
    /// Makes and fills the database: 5 million accounts.
    pub(super) async fn prepare(tools: &Tools, postgres: &Postgres) -> Result<Self> {
        let mut connection = PgConnection::connect(&postgres.url_of("postgres")).await?;
        sqlx::query("CREATE DATABASE tpcb").execute(&mut connection).await?;
        connection.close().await?;
        let bench = Self { program: tools.postgres("pgbench"), url: postgres.url_of(DATABASE) };
        bench.run(&["--initialize", "--quiet", "--scale", SCALE]).await?;
        Ok(bench)
    }

    /// Transactions a second over `time`, by 16 clients with prepared statements.
    pub(super) async fn measure(&self, time: Duration) -> Result<f64> {
        let seconds = time.as_secs().to_string();
        let args =
            ["--client", CLIENTS, "--jobs", "2", "--protocol", "prepared", "--no-vacuum", "--time", seconds.as_str()];
        let said = self.run(&args).await?;
        parse(&said).with_context(|| format!("pgbench said no rate: {said}"))
    }

    async fn run(&self, args: &[&str]) -> Result<String> {
        let mut command = Command::new(&self.program);
        let output = command.args(args).arg(&self.url).kill_on_drop(true).output().await.context("pgbench")?;
        if !output.status.success() {
            bail!("pgbench failed: {}", String::from_utf8_lossy(&output.stderr).trim());
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }
}

/// The rate in `tps = 3912.345678 (without initial connection time)`.
fn parse(said: &str) -> Option<f64> {
    let line = said.lines().find_map(|line| line.strip_prefix("tps = "))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_is_read_from_what_pgbench_says() {
        let said = "latency average = 4.1 ms\ntps = 3912.345678 (without initial connection time)\n";
        assert_eq!(parse(said), Some(3_912.345_678));
        assert_eq!(parse("nothing"), None);
    }
}
