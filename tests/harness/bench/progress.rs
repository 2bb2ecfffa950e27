//! How far the log has come: to the hub's streams, and through settlement.

use std::time::Duration;

use anyhow::{Result, bail};
use serde_json::Value;
use sqlx::PgPool;
use telemetry::Timer;

/// Between two looks.
const LOOK: Duration = Duration::from_millis(5);

/// What of its streams a server counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Counted {
    /// Messages.
    Messages,
    /// Different subjects among them.
    Subjects,
}

/// Messages or subjects of all streams of a server whose name begins with `prefix`, by its monitoring port.
pub(super) async fn stored(monitor_port: u16, prefix: &str, counted: Counted) -> Result<u64> {
    let (status, body) = crate::get(monitor_port, "/jsz?accounts=true&streams=true").await?;
    if status != 200 {
        bail!("NATS monitoring says {status}");
    }
    Ok(sum(&serde_json::from_str(&body)?, prefix, counted))
}

fn sum(page: &Value, prefix: &str, counted: Counted) -> u64 {
    let field = match counted {
        Counted::Messages => "messages",
        Counted::Subjects => "num_subjects",
    };
    let list = |value: &Value, name: &str| value.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
    let streams = list(page, "account_details").into_iter().flat_map(|account| list(&account, "stream_detail"));
    let wanted =
        |stream: &Value| stream.get("name").and_then(Value::as_str).is_some_and(|name| name.starts_with(prefix));
    streams.filter(wanted).filter_map(|stream| stream.get("state")?.get(field)?.as_u64()).sum()
}

/// Records that settlement has taken in.
pub(super) async fn records_settled(pool: &PgPool) -> Result<u64> {
    let sum: i64 = sqlx::query_scalar("SELECT COALESCE(sum(stream_seq), 0)::bigint FROM settle_watermarks")
        .fetch_one(pool)
        .await?;
    Ok(u64::try_from(sum)?)
}

/// Waits until `look` says `wanted`, at most for `patience`.
pub(super) async fn reach<F: Future<Output = Result<u64>>>(
    wanted: u64,
    patience: Duration,
    look: impl Fn() -> F,
) -> Result<()> {
    let timer = Timer::start();
    loop {
        let now = look().await?;
        if now >= wanted {
            return Ok(());
        }
        if timer.elapsed() > patience {
            bail!("{now} of {wanted} records after {} s", patience.as_secs());
        }
        tokio::time::sleep(LOOK).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_named_streams_of_all_accounts_are_counted() {
        let stream = |name: &str, messages: u64, subjects: u64| serde_json::json!({ "name": name, "state": { "messages": messages, "num_subjects": subjects } });
        let page = serde_json::json!({ "account_details": [
            { "stream_detail": [stream("ROUNDS_ALL_0", 5, 2), stream("ROUNDS_0", 7, 3)] },
            { "stream_detail": [stream("ROUNDS_ALL_1", 6, 1)] },
            {},
        ] });
        assert_eq!(sum(&page, "ROUNDS_ALL_", Counted::Messages), 11);
        assert_eq!(sum(&page, "ROUNDS_ALL_", Counted::Subjects), 3);
    }
}
