//! What is kept, on two engines with one set of words.
//!
//! [`Database`] is SQLite (embedded, one process) or PostgreSQL (any number of processes). A flow opens a
//! [`Tx`] and hands it to the functions here, one file a table group. The macro [`on!`] expands the same
//! body once an engine: concrete types, no trait objects, and the statement's text written once. Words
//! that must differ stand side by side in a [`Sql::pair`].

pub mod accounts;
pub mod agenda;
pub mod apart;
pub mod arrivals;
pub mod attempts;
pub mod audits;
pub mod broadcasts;
pub mod desk;
pub mod editions;
pub mod erasures;
pub mod exports;
pub mod failing;
pub mod failure;
pub mod figures;
mod gathered;
pub mod helps;
pub mod imports;
pub mod inbox;
pub mod mothers;
pub mod old;
pub mod outbox;
pub mod partners;
pub mod people;
pub mod plan;
pub mod planned;
pub mod promises;
pub mod queues;
pub mod recipients;
pub mod reports;
pub mod saved_replies;
pub mod service;
pub mod sessions;
pub mod signals;
pub mod standing;
pub mod surveys;
pub mod talk;
pub mod tallies;
pub mod texts;
mod turns;
pub mod unread;
pub mod visits;
pub mod witness;

use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{Connection, Postgres, Transaction};

pub use self::turns::{SqliteTx, Turns};
pub use sqlx::Error as StoreError;

/// What every function here gives.
pub type StoreResult<T> = Result<T, StoreError>;

// What both engines take, and what only one has words for.
static COMMON: Migrator = sqlx::migrate!("./migrations");
static SQLITE: Migrator = sqlx::migrate!("./migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("./migrations/postgres");

/// How long a statement waits for a lock or a connection before the database counts as away.
const PATIENCE: Duration = Duration::from_secs(5);
/// A connection that rested no longer than this is used without asking whether it is alive.
const FRESH: Duration = Duration::from_secs(1);
/// Rows that SQLite's thread may be ahead of whoever takes them.
const ROWS: usize = 4096;
/// Readers beside SQLite's one writer.
const READERS: u32 = 4;

/// The database.
#[derive(Clone, Debug)]
pub enum Database {
    /// One connection writes, others read beside it (write-ahead log).
    Sqlite {
        /// The one writer.
        write: SqlitePool,
        /// The readers; in memory, the writer again.
        read: SqlitePool,
        /// Who may ask for the writer.
        turns: Turns,
    },
    /// A pool.
    Postgres(PgPool),
}

/// The database cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Neither engine's address; nor is memory a place for what must last.
    #[error("a database is named sqlite:PATH or postgres://USER@HOST/NAME")]
    Address,
    /// It could not be reached or made.
    #[error("the database cannot be opened: {0}")]
    Unreachable(#[from] StoreError),
    /// Its tables could not be made.
    #[error("the database's tables cannot be brought up to date: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// The folder of the file could not be made.
    #[error("the folder for the database cannot be made: {0}")]
    Folder(#[from] std::io::Error),
}

impl Database {
    /// Opens the database at `sqlite:PATH` or `postgres://…`, making what is missing.
    pub async fn open(address: &str, connections: u32) -> Result<Self, OpenError> {
        let database = if address.contains(":memory:") {
            return Err(OpenError::Address);
        } else if let Some(path) = address.strip_prefix("sqlite:") {
            Self::open_sqlite(Path::new(path.trim_start_matches("//"))).await?
        } else if address.starts_with("postgres://") || address.starts_with("postgresql://") {
            // A statement that hangs (a lock, a server that went away) must not hang a worker for ever.
            let options = PgConnectOptions::from_str(address)?.options([
                ("statement_timeout", "30s"),
                ("idle_in_transaction_session_timeout", "60s"),
                // A queue is empty one minute and full the next; a plan made from the statistics of the
                // one must not read the whole table in the other.
                ("enable_seqscan", "off"),
                // Nor may it gather and sort all that is due, to take the first thousand of it.
                ("enable_bitmapscan", "off"),
                ("jit", "off"),
            ]);
            let pool = PgPoolOptions::new().max_connections(connections).acquire_timeout(PATIENCE);
            // One that rested may have been hung up on meanwhile; one that was just given back was found alive.
            let pool = pool.test_before_acquire(false).before_acquire(|connection, seen| {
                Box::pin(async move {
                    if seen.idle_for > FRESH {
                        connection.ping().await?;
                    }
                    Ok(true)
                })
            });
            // A server that vanished without a word would keep the place of each connection that was in use until the
            // system gives up, which takes a quarter of an hour.
            let pool = pool.after_release(|connection, _| {
                Box::pin(async move {
                    let alive = tokio::time::timeout(PATIENCE, connection.ping()).await;
                    alive.unwrap_or(Err(StoreError::PoolTimedOut)).map(|()| true)
                })
            });
            Self::Postgres(pool.connect_with(options).await?)
        } else {
            return Err(OpenError::Address);
        };
        database.migrate().await?;
        Ok(database)
    }

    async fn open_sqlite(path: &Path) -> Result<Self, OpenError> {
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder)?;
        }
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // With batched writes FULL costs nothing, and a power cut loses nothing that was answered 200.
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            // A page written often is carried over once: 64 MB of log.
            .pragma("wal_autocheckpoint", "16000")
            .pragma("temp_store", "MEMORY")
            // A batch of rows fits: the thread that reads them never waits for the one that takes them.
            .row_buffer_size(ROWS)
            .busy_timeout(PATIENCE);
        // A commit that the disk refused has ended its transaction, and sqlx 0.9 believes that it goes on: the
        // connection would never begin another, and is replaced.
        let pool = || {
            let options = SqlitePoolOptions::new().acquire_timeout(PATIENCE);
            // A file does not hang up.
            let options = options.test_before_acquire(false);
            options
                .before_acquire(|connection, _| Box::pin(async move { Ok(!connection.is_in_transaction()) }))
        };
        // In KiB: the writer keeps the upper pages of its indexes at hand, the readers go along them once.
        let cached = |kib: &'static str| options.clone().pragma("cache_size", kib);
        let write = with_scratch(pool().max_connections(1)).connect_with(cached("-14000")).await?;
        let read = pool().max_connections(READERS).connect_with(cached("-2000")).await?;
        Ok(Self::Sqlite { write, read, turns: Turns::default() })
    }

    /// A database in memory, gone when dropped: rehearsals and the handset.
    pub async fn in_memory() -> Result<Self, OpenError> {
        let options = SqliteConnectOptions::new().in_memory(true).foreign_keys(true);
        // A connection that closes would take the database with it.
        let only = SqlitePoolOptions::new()
            .max_connections(1)
            .min_connections(1)
            .idle_timeout(None)
            .max_lifetime(None);
        let write = with_scratch(only).connect_with(options).await?;
        let database = Self::Sqlite { read: write.clone(), write, turns: Turns::default() };
        database.migrate().await?;
        Ok(database)
    }

    async fn migrate(&self) -> Result<(), OpenError> {
        let own = match self {
            Self::Sqlite { .. } => &SQLITE,
            Self::Postgres(_) => &POSTGRES,
        };
        let all = Migrator::with_migrations(COMMON.iter().chain(own.iter()).cloned().collect());
        match self {
            Self::Sqlite { write, .. } => all.run(write).await?,
            Self::Postgres(pool) => all.run(pool).await?,
        }
        Ok(())
    }

    /// Begins a transaction that may write.
    pub async fn begin(&self) -> StoreResult<Tx> {
        Ok(match self {
            Self::Sqlite { write, turns, .. } => Tx::Sqlite(turns.begin(write).await?),
            Self::Postgres(pool) => Tx::Postgres(pool.begin().await?),
        })
    }

    /// The same before all that can wait: somebody waits for this.
    pub async fn begin_first(&self) -> StoreResult<Tx> {
        Ok(match self {
            Self::Sqlite { write, .. } => Tx::Sqlite(SqliteTx::write(write, None).await?),
            Self::Postgres(pool) => Tx::Postgres(pool.begin().await?),
        })
    }

    /// Begins a transaction that only reads.
    pub async fn read(&self) -> StoreResult<Tx> {
        Ok(match self {
            Self::Sqlite { read, .. } => Tx::Sqlite(SqliteTx::read(read).await?),
            Self::Postgres(pool) => Tx::Postgres(pool.begin().await?),
        })
    }

    /// The engine's name.
    pub fn engine(&self) -> &'static str {
        match self {
            Self::Sqlite { .. } => "SQLite",
            Self::Postgres(_) => "PostgreSQL",
        }
    }

    /// Whether only one process may serve it.
    pub fn is_embedded(&self) -> bool {
        matches!(self, Self::Sqlite { .. })
    }

    /// Closes every connection, waiting for those in use.
    pub async fn close(&self) {
        match self {
            Self::Sqlite { write, read, .. } => {
                read.close().await;
                write.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

/// The connection that writes has the planner's scratch tables.
fn with_scratch(pool: SqlitePoolOptions) -> SqlitePoolOptions {
    pool.after_connect(|connection, _| {
        Box::pin(async move { sqlx::raw_sql(plan::SCRATCH).execute(connection).await.map(|_| ()) })
    })
}

/// A transaction; dropped without [`Tx::commit`] it leaves no trace.
pub enum Tx {
    /// On SQLite.
    Sqlite(SqliteTx),
    /// On PostgreSQL.
    Postgres(Transaction<'static, Postgres>),
}

impl Tx {
    /// Makes all of it last, or none.
    pub async fn commit(self) -> StoreResult<()> {
        match self {
            Self::Sqlite(tx) => tx.commit().await,
            Self::Postgres(tx) => tx.commit().await,
        }
    }
}

/// A statement's words, an engine.
#[derive(Clone, Copy, Debug)]
pub struct Sql {
    sqlite: &'static str,
    postgres: &'static str,
}

impl Sql {
    /// Both engines understand it.
    pub const fn same(words: &'static str) -> Self {
        Self { sqlite: words, postgres: words }
    }

    /// Words that must differ.
    pub const fn pair(sqlite: &'static str, postgres: &'static str) -> Self {
        Self { sqlite, postgres }
    }

    const fn on_sqlite(self) -> &'static str {
        self.sqlite
    }

    const fn on_postgres(self) -> &'static str {
        self.postgres
    }
}

impl From<&'static str> for Sql {
    fn from(words: &'static str) -> Self {
        Self::same(words)
    }
}

/// Rows in parts of a few fixed sizes: SQLite reads a statement anew for each number of rows it is given, and
/// keeps the ones it knows.
pub(crate) fn chunks<T>(rows: &[T]) -> impl Iterator<Item = &[T]> {
    let mut left = rows;
    std::iter::from_fn(move || {
        let size = [512, 128, 32, 8, 1].into_iter().find(|size| *size <= left.len())?;
        let (part, rest) = left.split_at(size);
        left = rest;
        Some(part)
    })
}

/// One column of rows, for PostgreSQL's UNNEST.
pub(crate) fn column<'a, T, V>(rows: &'a [T], of: impl Fn(&'a T) -> V) -> Vec<V> {
    rows.iter().map(of).collect()
}

/// Rows that a statement is joined with, filled up with nothing to one of a few numbers of rows: one statement a
/// batch, of the few that SQLite keeps. Nothing has no id and joins nothing.
pub(crate) fn filled<T>(rows: &[T]) -> impl Iterator<Item = Vec<Option<&T>>> {
    rows.chunks(MOST_JOINED).map(|part| {
        let size =
            [1, 8, 64, 128, 256, 512].into_iter().find(|size| *size >= part.len()).unwrap_or(MOST_JOINED);
        part.iter().map(Some).chain(std::iter::repeat(None)).take(size).collect()
    })
}

/// SQLite takes 32,766 values a statement, and no join here has more than ten columns.
const MOST_JOINED: usize = 1024;

/// Runs the same body on whichever engine the transaction is on: `on!(tx, SQL, |conn, sql| …)`.
macro_rules! on {
    ($tx:expr, $words:expr, |$conn:ident, $sql:ident| $body:expr) => {
        match $tx {
            $crate::store::Tx::Sqlite(tx) => {
                let ($conn, $sql) = (&mut **tx, $crate::store::Sql::from($words).on_sqlite());
                $body
            }
            $crate::store::Tx::Postgres(tx) => {
                let ($conn, $sql) = (&mut **tx, $crate::store::Sql::from($words).on_postgres());
                $body
            }
        }
    };
}
pub(crate) use on;
