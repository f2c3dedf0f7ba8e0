//! What every measurement stands on: both databases, the simulator, the service as `serve` would make it.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use motherline::clock::Clock;
use motherline::domain::seal::Seal;
use motherline::flows::senders::{Audience, Sender, Senders, StopConfirmation};
use motherline::flows::{Bells, Service, Shelf, publishing};
use motherline::ids::Ids;
use motherline::library::Files;
use motherline::store::Database;
use motherline::telemetry::Metrics;
use tempfile::TempDir;

use crate::cluster::Cluster;
use crate::settings::Settings;
use crate::simulator::Simulator;

/// The name of the one sender and of the one gateway.
pub const SENDER: &str = "benchmark";
/// As in the configuration, where it is not set.
const CONNECTIONS: u32 = 10;
/// Far above what can be reached, so that the pacer runs and never binds.
const UNBOUND: u32 = 1_000_000;

/// Runs the same body on the pool of whichever engine a database is on.
macro_rules! on_pool {
    ($database:expr, |$pool:ident| $body:expr) => {
        match $database {
            motherline::store::Database::Sqlite { write: $pool, .. } => $body,
            motherline::store::Database::Postgres($pool) => $body,
        }
    };
}
pub(crate) use on_pool;

/// A database engine.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// A file.
    Sqlite,
    /// The throwaway cluster.
    Postgres,
}

impl Engine {
    /// In the order they are measured.
    pub const BOTH: [Self; 2] = [Self::Sqlite, Self::Postgres];

    /// As a reader knows it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        }
    }
}

/// Everything that outlives a measurement.
pub struct World {
    /// The sizes.
    pub settings: Settings,
    /// The gateway, which answers at once.
    pub simulator: Simulator,
    /// What a service is made of.
    pub stock: Stock,
    cluster: Cluster,
    server: u32,
    folder: TempDir,
}

impl World {
    /// Starts the servers.
    pub async fn new(settings: Settings) -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        let (simulator, stock) = (Simulator::start(Duration::ZERO), Stock::new().await);
        let cluster = Cluster::start(&settings.postgres.split_whitespace().collect::<Vec<_>>());
        let first = cluster.ask("SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1)");
        let server = first.parse().expect("its process id");
        Self { settings, simulator, stock, cluster, server, folder }
    }

    /// Where a database is.
    pub fn address(&self, engine: Engine, name: &str) -> String {
        match engine {
            Engine::Sqlite => format!("sqlite:{}", self.file(name).display()),
            Engine::Postgres => self.cluster.address(name),
        }
    }

    /// Opens a database, making it if it is not there.
    pub async fn open(&self, engine: Engine, name: &str) -> Database {
        open(&self.address(engine, name)).await
    }

    /// Whether a database was made before.
    pub fn has(&self, engine: Engine, name: &str) -> bool {
        match engine {
            Engine::Sqlite => self.file(name).exists(),
            Engine::Postgres => {
                let named = format!("SELECT count(*) FROM pg_database WHERE datname = '{name}'");
                self.cluster.ask(&named) == "1"
            }
        }
    }

    /// Makes an empty database.
    pub fn create(&self, engine: Engine, name: &str) {
        if engine == Engine::Postgres {
            self.cluster.ask(&format!("CREATE DATABASE {name}"));
        }
    }

    /// Copies a database that nobody has open, and lets the disk come to rest.
    pub fn copy(&self, engine: Engine, from: &str, to: &str) {
        match engine {
            Engine::Sqlite => {
                std::fs::copy(self.file(from), self.file(to)).expect("a copy");
                let copy = std::fs::File::open(self.file(to)).expect("the copy");
                copy.sync_all().expect("the copy on the disk");
            }
            Engine::Postgres => {
                self.cluster.ask(&format!("CREATE DATABASE {to} TEMPLATE {from} STRATEGY file_copy"));
                self.cluster.ask("CHECKPOINT");
            }
        }
    }

    /// Removes a database that nobody has open.
    pub fn remove(&self, engine: Engine, name: &str) {
        match engine {
            Engine::Sqlite => {
                std::fs::remove_file(self.file(name)).expect("it is removed");
                // What is left where its holder was killed.
                for rest in ["-wal", "-shm", ".lock"] {
                    let _ = std::fs::remove_file(format!("{}{rest}", self.file(name).display()));
                }
            }
            Engine::Postgres => {
                self.cluster.ask(&format!("DROP DATABASE {name} WITH (FORCE)"));
            }
        }
    }

    /// The first process of the database server; SQLite works in ours.
    pub fn server(&self, engine: Engine) -> Option<u32> {
        (engine == Engine::Postgres).then_some(self.server)
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(format!("{name}.db"))
    }
}

/// Opens a database as the service does.
pub async fn open(address: &str) -> Database {
    Database::open(address, CONNECTIONS).await.expect("a database")
}

/// What a service is made of, whatever its database.
pub struct Stock {
    /// The message library.
    pub files: Files,
    shelf: Shelf,
}

impl Stock {
    /// Reads the library.
    pub async fn new() -> Self {
        let library = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/message-library"));
        let files = Files::from_folder(library).expect("the message library");
        let nowhere = Database::in_memory().await.expect("a database");
        let published = publishing::start(&nowhere, &Clock::System, &files, true).await.expect("an edition");
        Self { files, shelf: Shelf::new(published.edition) }
    }

    /// The service over a database.
    pub fn service(&self, database: Database, clock: Clock) -> Service {
        Service {
            database,
            clock,
            ids: Ids::System,
            shelf: self.shelf.clone(),
            senders: Arc::new(Senders::new([self.sender()])),
            bells: Arc::new(Bells::default()),
            metrics: Arc::new(Metrics::default()),
            seal: Seal::new(b"bench"),
        }
    }

    fn sender(&self) -> Sender {
        Sender {
            name: SENDER.to_owned(),
            address: "+12025550100".to_owned(),
            gateway: SENDER.to_owned(),
            programs: self.shelf.edition().library.programs.keys().cloned().collect(),
            audience: Audience::Rehearsal,
            stop_confirmation: StopConfirmation::Us,
            provider_stop_words: Vec::new(),
            segments_per_second: UNBOUND,
            segments_per_day: i64::MAX,
            day_zone: chrono_tz::Tz::UTC,
            backup: None,
        }
    }
}

/// Counts rows, without holding up who writes.
pub async fn count(database: &Database, sql: &'static str) -> u64 {
    let rows = match database {
        Database::Sqlite { read, .. } => sqlx::query_scalar::<_, i64>(sql).fetch_one(read).await,
        Database::Postgres(pool) => sqlx::query_scalar::<_, i64>(sql).fetch_one(pool).await,
    };
    rows.expect("a count").unsigned_abs()
}

/// Closes a database as it will be copied: with fresh statistics where the server would gather them itself.
pub async fn close(database: Database) {
    if let Database::Postgres(pool) = &database {
        sqlx::raw_sql("VACUUM ANALYZE").execute(pool).await.expect("statistics");
    }
    database.close().await;
}
