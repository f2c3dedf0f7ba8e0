//! Lines that are due, read from the agenda. One that cannot be read, say because a hand has changed it, stops nobody
//! else: it is passed by, and a person is told.

use chrono::{DateTime, TimeDelta, Utc};

use crate::flows::Service;
use crate::store::agenda::{self, Due, Place};
use crate::store::{StoreError, StoreResult, Tx};

/// What was read.
pub(super) struct Lines {
    /// Lines that are due, in their order.
    pub due: Vec<Due>,
    /// Whether none is due after them.
    pub last: bool,
    /// Lines among them that cannot be read.
    pub unreadable: Vec<Place>,
}

/// Lines that come after a place, so many at most; fewer where one of them cannot be read.
pub(super) async fn lines(
    tx: &mut Tx,
    now: DateTime<Utc>,
    mut after: Place,
    batch: i64,
) -> StoreResult<Lines> {
    let (mut limit, mut unreadable) = (batch, Vec::new());
    loop {
        match agenda::due(tx, now, after, limit).await {
            Ok(due) => {
                let last = (due.len() as i64) < limit;
                return Ok(Lines { due, last, unreadable });
            }
            Err(StoreError::ColumnDecode { .. } | StoreError::Decode(_)) if limit > 1 => limit /= 2,
            Err(StoreError::ColumnDecode { .. } | StoreError::Decode(_)) => {
                // The same again: its place itself is not as we write it, and nothing can be found behind it.
                let next = agenda::place_after(tx, now, after).await?.filter(|place| *place != after);
                let Some(place) = next else {
                    return Ok(Lines { due: Vec::new(), last: true, unreadable });
                };
                unreadable.push(place);
                (after, limit) = (place, batch);
            }
            Err(error) => return Err(error),
        }
    }
}

/// Tells a person of lines that cannot be read, once a day of each.
pub(super) async fn tell(service: &Service, unreadable: &[Place]) -> StoreResult<()> {
    for (_, enrollment, _) in unreadable {
        let detail = "a line of the agenda cannot be read: nothing is planned for this enrollment";
        let mut tx = service.database.begin().await?;
        let subject = enrollment.to_string();
        service.alarm(&mut tx, "line_unreadable", &subject, detail, TimeDelta::days(1)).await?;
        tx.commit().await?;
    }
    Ok(())
}
