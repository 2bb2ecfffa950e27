//! A superuser's hand in the tables, guards switched off: the replay names the place, and a ledger does not open on it.

use ledger::{Ledger, OpenError, Options, StoreError, verify};
use sqlx::AssertSqlSafe;

use crate::support::*;

async fn log_of_twelve() -> Database {
    let database = Database::new().await;
    let ledger = open(database.store.clone()).await;
    for n in 1..=12 {
        applied(&ledger, vec![deposit(n, 1, 100)]).await;
    }
    ledger.close().await;
    database
}

async fn tamper(database: &Database, change: &str) {
    let statements = format!("SET session_replication_role = replica; {change}; RESET session_replication_role");
    sqlx::raw_sql(AssertSqlSafe(statements)).execute(database.database.pool()).await.unwrap();
}

#[tokio::test]
async fn every_changed_row_is_named() {
    for (change, fault) in [
        ("UPDATE ledger_transfers SET amount = 101 WHERE seq = 7", "batch 7: has other rows than its root"),
        ("UPDATE ledger_transfers SET event_ms = 0 WHERE seq = 3", "batch 3: has other rows than its root"),
        ("DELETE FROM ledger_transfers WHERE seq = 5", "batch 5: lacks rows"),
        (
            "UPDATE ledger_batches SET posted_ms = posted_ms + 1 WHERE no = 12",
            "batch 12: has another hash than its header",
        ),
        ("UPDATE ledger_batches SET root = hash WHERE no = 4", "batch 4: has another hash than its header"),
        ("DELETE FROM ledger_batches WHERE no = 6", "batch 7: is not numbered after the one before"),
        ("UPDATE ledger_accounts SET balance = balance - 1 WHERE id = 1", "account 1 is not what the log says"),
        ("UPDATE ledger_accounts SET owner = gen_random_uuid() WHERE id = 0", "batch 1: has other rows than its root"),
        (
            "INSERT INTO ledger_accounts VALUES (0, 2, 1, gen_random_uuid(), 'EUR', 0, 1)",
            "account 2 is not what the log says",
        ),
    ] {
        let database = log_of_twelve().await;
        verify::replay(database.store.as_ref()).await.unwrap();
        tamper(&database, change).await;
        let found = verify::replay(database.store.as_ref()).await.unwrap_err();
        assert_eq!(found.to_string(), fault, "{change}");
    }
}

fn is_about_the_log(refused: &OpenError) -> bool {
    matches!(refused, OpenError::Broken(_) | OpenError::Tampered(_) | OpenError::Store(StoreError::Corrupt(_)))
}

#[tokio::test]
async fn a_ledger_does_not_open_on_a_last_batch_or_balances_that_do_not_fit() {
    for change in [
        "UPDATE ledger_transfers SET amount = 101 WHERE seq = 12",
        "DELETE FROM ledger_transfers WHERE seq = 12",
        "UPDATE ledger_batches SET epoch = 5 WHERE no = 12",
        "UPDATE ledger_accounts SET balance = balance + 1 WHERE id = 1",
        "UPDATE ledger_accounts SET balance = balance + CASE id WHEN 0 THEN 1 ELSE -1 END",
        "UPDATE ledger_accounts SET id = 5 WHERE id = 1",
    ] {
        let database = log_of_twelve().await;
        tamper(&database, change).await;
        let opened = Ledger::open(database.store.clone(), manual(), Options::default()).await;
        let refused = opened.map(|_| ()).unwrap_err();
        assert!(is_about_the_log(&refused), "{change}: {refused}");
    }
}
