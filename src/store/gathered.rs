//! Many rows from SQLite at once.

use std::future::poll_fn;
use std::task::Poll;

use futures_core::stream::BoxStream;

use super::StoreResult;

/// So often it is looked for the next row before it is waited for.
const LOOKS: u32 = 64;

/// All rows of an answer. SQLite's thread wakes whoever waits for it with each row, which takes it longer than to find
/// the row. So once the first is here, the next is looked for a few times before anybody falls asleep over it.
pub(crate) async fn gathered<T>(mut answer: BoxStream<'_, StoreResult<T>>) -> StoreResult<Vec<T>> {
    let (mut rows, mut looks) = (Vec::new(), LOOKS);
    loop {
        let look_again = looks < LOOKS;
        let next = poll_fn(|context| match answer.as_mut().poll_next(context) {
            Poll::Pending if look_again => Poll::Ready(None),
            next => next.map(Some),
        });
        match next.await {
            Some(Some(row)) => {
                rows.push(row?);
                looks = 0;
            }
            Some(None) => return Ok(rows),
            None => {
                looks += 1;
                std::thread::yield_now();
            }
        }
    }
}
