//! Work on a thread of its own.

use tokio::runtime::Handle;
use tokio::task::JoinHandle;

/// Runs what waits for the database again and again on a thread of its own. Each of its many short waits ends at
/// once, and not behind all that has come over the network meanwhile; it holds its rows, and on SQLite the one
/// writer, so much the shorter. What breaks in it breaks alone.
pub fn apart<T: Send + 'static>(work: impl Future<Output = T> + Send + 'static) -> JoinHandle<T> {
    let runtime = Handle::current();
    tokio::task::spawn_blocking(move || runtime.block_on(work))
}
