//! Texts to numbers that begin alike, where few do: found by whose the numbers are, as indexes lead to them. Where many
//! do, who walks through the texts soon meets some.

use uuid::Uuid;

use crate::store::{StoreResult, Tx, on};

/// So many numbers are few: their texts are found in some 30 ms.
const FEW: i64 = 500;

/// Tips are found by their plan, all others by whose they are.
const THEIRS: &str = "SELECT outbox_id FROM planned
                       WHERE outbox_id IS NOT NULL AND enrollment_id IN
                             (SELECT id FROM enrollments WHERE subscriber_id IN
                                 (SELECT id FROM subscribers WHERE phone >= $1 AND phone <= $2))
                       UNION SELECT text_id FROM strays WHERE subscriber_id IN
                                 (SELECT id FROM subscribers WHERE phone >= $1 AND phone <= $2)
                       UNION SELECT id FROM history WHERE kind <> 'tip' AND subscriber_id IN
                                 (SELECT id FROM subscribers WHERE phone >= $1 AND phone <= $2)";

/// The ids of all texts to numbers with this beginning, the last first; none if too many numbers have it.
pub(super) async fn texts(tx: &mut Tx, beginning: &str) -> StoreResult<Option<Vec<Uuid>>> {
    // Numbers are at most fifteen figures (E.164), and sort as figures do in any collation.
    let last = format!("{beginning}{}", "9".repeat(15));
    let select =
        "SELECT COUNT(*) FROM (SELECT id FROM subscribers WHERE phone >= $1 AND phone <= $2 LIMIT $3) few";
    let count: i64 = on!(tx, select, |conn, sql| sqlx::query_scalar(sql)
        .bind(beginning)
        .bind(&last)
        .bind(FEW + 1)
        .fetch_one(conn)
        .await)?;
    if count > FEW {
        return Ok(None);
    }
    let mut ids: Vec<Uuid> = on!(tx, THEIRS, |conn, sql| sqlx::query_scalar(sql)
        .bind(beginning)
        .bind(&last)
        .fetch_all(conn)
        .await)?;
    ids.sort_unstable_by(|one, other| other.cmp(one));
    Ok(Some(ids))
}
