//! What several do at the same moment, and what is killed in the middle of it.

use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use motherline::store::Database;

use super::engines::count;
use super::service::eventually;

/// Waits until so many wait for what somebody else holds. Who waits for SQLite's one writer cannot be seen: they are given
/// a moment, and whatever comes of it must hold with less.
pub async fn all_wait(database: &Database, people: i64) {
    if database.is_embedded() {
        tokio::time::sleep(Duration::from_millis(200)).await;
        return;
    }
    let waiting = "SELECT COUNT(*) FROM pg_stat_activity
                    WHERE datname = current_database() AND wait_event_type = 'Lock'";
    eventually("they wait for what is held", async || {
        (count(database, waiting).await >= people).then_some(())
    })
    .await;
}

/// Goes so many steps with some work and drops it there, wherever that is, as when its process is killed: none, unless it
/// was done before.
pub async fn killed_after<T>(steps: usize, work: impl Future<Output = T>) -> Option<T> {
    let (mut work, mut left) = (pin!(work), steps);
    std::future::poll_fn(move |context| {
        if left == 0 {
            return Poll::Ready(None);
        }
        left -= 1;
        work.as_mut().poll(context).map(Some)
    })
    .await
}
