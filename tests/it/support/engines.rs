//! Both database engines, so that every test of a flow runs on each.
//!
//! PostgreSQL is a throwaway cluster, one a test run; each test gets a new, empty database.

use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{LazyLock, Mutex};

use motherline::store::Database;
use tempfile::TempDir;

use super::cluster::Cluster;

/// Runs a test on SQLite, then on PostgreSQL.
pub async fn on_both(test: impl AsyncFn(Database)) {
    let folder = TempDir::new().expect("a temporary folder");
    for address in [sqlite(folder.path()), postgres()] {
        eprintln!("on {}", address.split(':').next().unwrap_or_default());
        let database = Database::open(&address, 8).await.expect("a database");
        test(database.clone()).await;
        database.close().await;
    }
}

/// The address of a new SQLite database in a folder.
pub fn sqlite(folder: &Path) -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    format!("sqlite:{}", folder.join(format!("motherline-{number}.db")).display())
}

/// The address of a new database on the throwaway cluster.
pub fn postgres() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let cluster = CLUSTER.lock().expect("the cluster");
    let name = format!("test_{}", NEXT.fetch_add(1, Ordering::Relaxed));
    cluster.ask(&format!("CREATE DATABASE {name}"));
    cluster.address(&name)
}

static CLUSTER: LazyLock<Mutex<Cluster>> =
    LazyLock::new(|| Mutex::new(Cluster::start(&["fsync=off", "max_connections=200"])));

/// Counts rows.
pub async fn count(database: &Database, sql: &'static str) -> i64 {
    match database {
        Database::Sqlite { read, .. } => sqlx::query_scalar(sql).fetch_one(read).await.expect("a count"),
        Database::Postgres(pool) => sqlx::query_scalar(sql).fetch_one(pool).await.expect("a count"),
    }
}
