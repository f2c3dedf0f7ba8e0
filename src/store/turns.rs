//! SQLite has one writer, and whoever waits for it stands in one line. So that nobody who is waited for stands
//! behind a morning's tips, those who can wait take turns among themselves, outside: only one of them is ever in
//! the line. What comes first waits for one of them at most, and they in turn for what came before them.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use sqlx::sqlite::{SqliteConnection, SqlitePool};
use sqlx::{Sqlite, Transaction};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{PATIENCE, StoreError, StoreResult};

/// The turn of those who can wait.
#[derive(Clone, Debug)]
pub struct Turns(Arc<Semaphore>);

impl Default for Turns {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(1)))
    }
}

impl Turns {
    /// Waits for a turn and then begins to write.
    pub(super) async fn begin(&self, write: &SqlitePool) -> StoreResult<SqliteTx> {
        let turn = tokio::time::timeout(PATIENCE, self.0.clone().acquire_owned()).await;
        let turn = turn.map_err(|_| StoreError::PoolTimedOut)?.map_err(|_| StoreError::PoolClosed)?;
        SqliteTx::write(write, Some(turn)).await
    }
}

/// A transaction on SQLite, with the turn in which it runs.
pub struct SqliteTx {
    transaction: Transaction<'static, Sqlite>,
    // Given back after the connection, which the line then goes to.
    _turn: Option<OwnedSemaphorePermit>,
}

impl SqliteTx {
    /// Takes the write lock at once, so that it cannot fail half-way for having read first.
    pub(super) async fn write(pool: &SqlitePool, turn: Option<OwnedSemaphorePermit>) -> StoreResult<Self> {
        Ok(Self { transaction: pool.begin_with("BEGIN IMMEDIATE").await?, _turn: turn })
    }

    /// Only reads.
    pub(super) async fn read(pool: &SqlitePool) -> StoreResult<Self> {
        Ok(Self { transaction: pool.begin().await?, _turn: None })
    }

    /// Makes all of it last, or none.
    pub(super) async fn commit(self) -> StoreResult<()> {
        self.transaction.commit().await
    }
}

impl Deref for SqliteTx {
    type Target = SqliteConnection;

    fn deref(&self) -> &SqliteConnection {
        &self.transaction
    }
}

impl DerefMut for SqliteTx {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        &mut self.transaction
    }
}
