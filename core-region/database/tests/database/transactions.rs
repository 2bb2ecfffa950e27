//! What is repeated, what is not, how errors are sorted: against a real server.

use std::sync::atomic::{AtomicU32, Ordering};

use database::testing::TestDatabase;
use database::{DbError, limits, run_tx};
use sqlx::PgConnection;

static NONE: sqlx::migrate::Migrator = sqlx::migrate::Migrator::DEFAULT;

async fn fresh() -> TestDatabase {
    let database = TestDatabase::create(&[&NONE]).await.unwrap();
    sqlx::query("CREATE TABLE things (id int PRIMARY KEY, n int NOT NULL)").execute(database.pool()).await.unwrap();
    sqlx::query("INSERT INTO things VALUES (1, 0), (2, 0)").execute(database.pool()).await.unwrap();
    database
}

async fn add(tx: &mut PgConnection, id: i32) -> Result<(), DbError> {
    sqlx::query("UPDATE things SET n = n + 1 WHERE id = $1").bind(id).execute(tx).await?;
    Ok(())
}

async fn sum(database: &TestDatabase) -> i64 {
    sqlx::query_scalar("SELECT sum(n) FROM things").fetch_one(database.pool()).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn two_transactions_that_deadlock_are_both_done_in_the_end() {
    let database = fresh().await;
    let tries = AtomicU32::new(0);
    let both = async |first: i32, second: i32| {
        run_tx(database.pool(), "cross", async |tx| {
            tries.fetch_add(1, Ordering::SeqCst);
            add(tx, first).await?;
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
            add(tx, second).await
        })
        .await
    };
    let (one, two) = tokio::join!(both(1, 2), both(2, 1));
    one.unwrap();
    two.unwrap();
    assert_eq!(sum(&database).await, 4);
    assert!(tries.load(Ordering::SeqCst) > 2, "the server must have broken a deadlock");
}

#[tokio::test]
async fn a_connection_killed_before_commit_is_replaced_and_the_work_is_done_once() {
    let database = fresh().await;
    let mut killed = false;
    run_tx(database.pool(), "killed", async |tx| {
        add(tx, 1).await?;
        if !killed {
            killed = true;
            let me: i32 = sqlx::query_scalar("SELECT pg_backend_pid()").fetch_one(&mut *tx).await?;
            sqlx::query("SELECT pg_terminate_backend($1)").bind(me).execute(database.pool()).await?;
            add(tx, 1).await?;
        }
        Ok::<_, DbError>(())
    })
    .await
    .unwrap();
    assert_eq!(sum(&database).await, 1);
}

#[tokio::test]
async fn tries_are_bounded() {
    let database = fresh().await;
    let mut tries = 0;
    let failed = run_tx(database.pool(), "never", async |_| {
        tries += 1;
        Err::<(), _>(DbError::Retry { sqlstate: "40001".to_owned() })
    })
    .await;
    assert!(matches!(failed, Err(DbError::Retry { .. })));
    assert_eq!(tries, limits::TX_ATTEMPTS);
}

#[tokio::test]
async fn a_row_that_exists_names_its_constraint_and_nothing_is_kept() {
    let database = fresh().await;
    let mut tries = 0;
    let refused = run_tx(database.pool(), "twice", async |tx| {
        tries += 1;
        add(tx, 1).await?;
        sqlx::query("INSERT INTO things VALUES (2, 0)").execute(tx).await?;
        Ok::<_, DbError>(())
    })
    .await
    .unwrap_err();
    assert!(refused.is_unique("things_pkey"), "{refused}");
    assert_eq!((tries, sum(&database).await), (1, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_runs_on_a_task_of_another_thread() {
    let database = fresh().await;
    let pool = database.pool().clone();
    let tracker = tokio_util::task::TaskTracker::new();
    let name = String::from("captured");
    let task = tracker.spawn(async move {
        let owned = name.clone();
        run_tx(&pool, "spawned", async move |tx| {
            add(tx, 1).await?;
            Ok::<_, DbError>(owned.len())
        })
        .await
    });
    assert_eq!(task.await.unwrap().unwrap(), 8);
    assert_eq!(sum(&database).await, 1);
}

#[tokio::test]
async fn each_test_has_a_database_of_its_own() {
    let (one, two) = (fresh().await, fresh().await);
    sqlx::query("DELETE FROM things").execute(one.pool()).await.unwrap();
    let left: i64 = sqlx::query_scalar("SELECT count(*) FROM things").fetch_one(two.pool()).await.unwrap();
    assert_eq!(left, 2);
}
