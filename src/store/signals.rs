//! Words from process to process over PostgreSQL's LISTEN and NOTIFY. They hurry others up; nothing depends on
//! them. SQLite has one process and needs none.

use std::time::Duration;

use sqlx::postgres::{PgListener, PgPoolOptions};

use super::{Database, PATIENCE, StoreError, StoreResult};

const CHANNEL: &str = "motherline";
/// After so long a silence the connection is tried: one that was cut without a word is silent too.
const SILENCE: Duration = Duration::from_secs(30);

/// Tells every process that listens, this one too. On SQLite nobody does.
pub async fn tell(database: &Database, words: &str) -> StoreResult<()> {
    let Database::Postgres(pool) = database else { return Ok(()) };
    // A word is lost in a crash anyway: its commit need not wait for the disk.
    let tell = "SELECT set_config('synchronous_commit', 'off', true), pg_notify($1, $2)";
    sqlx::query(tell).bind(CHANNEL).bind(words).execute(pool).await.map(|_| ())
}

/// Hears what is told, over a connection of its own.
pub struct Listener(PgListener);

impl Listener {
    /// Begins to listen; none on SQLite.
    pub async fn open(database: &Database) -> StoreResult<Option<Self>> {
        let Database::Postgres(pool) = database else { return Ok(None) };
        // Not one of the pool's connections: those are for work, and a few in all.
        let own = PgPoolOptions::new()
            .max_connections(1)
            .acquire_timeout(PATIENCE)
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_lazy_with((*pool.connect_options()).clone());
        let mut listener = PgListener::connect_with(&own).await?;
        listener.eager_reconnect(false);
        listener.listen(CHANNEL).await?;
        Ok(Some(Self(listener)))
    }

    /// The next words; an error once the connection is lost, and with it, perhaps, words.
    pub async fn next(&mut self) -> StoreResult<String> {
        loop {
            match tokio::time::timeout(SILENCE, self.0.try_recv()).await {
                Ok(Ok(Some(words))) => return Ok(words.payload().to_owned()),
                Ok(Ok(None)) => return Err(StoreError::PoolClosed),
                Ok(Err(error)) => return Err(error),
                Err(_) => {
                    let asked = sqlx::query("SELECT 1").execute(&mut self.0);
                    tokio::time::timeout(PATIENCE, asked).await.unwrap_or(Err(StoreError::PoolTimedOut))?;
                }
            }
        }
    }
}
