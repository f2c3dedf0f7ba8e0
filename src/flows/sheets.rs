//! Files that people bring in are read one after the other. One may take some hundred megabytes of memory for a moment,
//! however small it is; several at once could take all that there is.

use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::timeout;

use crate::store::{StoreError, StoreResult};

/// So many at once.
const AT_ONCE: usize = 1;
/// Who waits for longer is told to try again.
const PATIENCE: Duration = Duration::from_secs(30);

static TURNS: Semaphore = Semaphore::const_new(AT_ONCE);

/// Reads a file in its turn, where it holds up nobody.
pub(super) async fn in_turn<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> StoreResult<T> {
    one_of(&TURNS, PATIENCE, work).await
}

async fn one_of<T: Send + 'static>(
    turns: &'static Semaphore,
    patience: Duration,
    work: impl FnOnce() -> T + Send + 'static,
) -> StoreResult<T> {
    let turn = timeout(patience, turns.acquire()).await.map_err(|_| StoreError::PoolTimedOut)?;
    let turn = turn.map_err(|_| StoreError::PoolClosed)?;
    let work = move || {
        // Who asked may have hung up: the turn is given back when the work is done, and not before.
        let _turn = turn;
        work()
    };
    tokio::task::spawn_blocking(work).await.map_err(|_| StoreError::WorkerCrashed)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[tokio::test]
    async fn files_are_read_one_after_the_other() {
        static ONE: Semaphore = Semaphore::const_new(1);
        static INSIDE: AtomicUsize = AtomicUsize::new(0);
        let read = || {
            one_of(&ONE, PATIENCE, || {
                let before = INSIDE.fetch_add(1, Ordering::SeqCst);
                std::thread::sleep(Duration::from_millis(20));
                INSIDE.fetch_sub(1, Ordering::SeqCst);
                before
            })
        };
        let (one, two, three) = tokio::join!(read(), read(), read());
        assert_eq!([0, 0, 0], [one, two, three].map(|before| before.expect("read")));
    }

    #[tokio::test]
    async fn nobody_waits_for_ever() {
        static NONE: Semaphore = Semaphore::const_new(0);
        let waited = one_of(&NONE, Duration::from_millis(10), || ()).await;
        assert!(matches!(waited, Err(StoreError::PoolTimedOut)));
    }
}
