//! Texts to numbers that begin alike, where few do: found by whose the numbers are, as indexes lead to them. Where many
//! do, who walks through the texts soon meets some.

use sqlx::QueryBuilder;
use uuid::Uuid;

use crate::store::{StoreResult, Tx, on};

/// So many numbers are few: their texts are found in some 30 ms.
const FEW: i64 = 500;

/// Tips are found by their plan, all others by whose they are.
const THEIRS: [&str; 3] = [
    "SELECT p.outbox_id FROM enrollments e JOIN planned p ON p.enrollment_id = e.id
      WHERE p.outbox_id IS NOT NULL AND e.subscriber_id",
    "SELECT text_id FROM strays WHERE subscriber_id",
    "SELECT id FROM history WHERE kind <> 'tip' AND subscriber_id",
];

/// The ids of all texts to numbers with this beginning, the last first; none if too many numbers have it.
pub(super) async fn texts(tx: &mut Tx, beginning: &str) -> StoreResult<Option<Vec<Uuid>>> {
    // Numbers are at most fifteen figures (E.164), and sort as figures do in any collation.
    let last = format!("{beginning}{}", "9".repeat(15));
    let select = "SELECT id FROM subscribers WHERE phone >= $1 AND phone <= $2 LIMIT $3";
    let whose: Vec<Uuid> = on!(tx, select, |conn, sql| sqlx::query_scalar(sql)
        .bind(beginning)
        .bind(&last)
        .bind(FEW + 1)
        .fetch_all(conn)
        .await)?;
    if whose.len() as i64 > FEW {
        return Ok(None);
    }
    let mut ids = Vec::new();
    if !whose.is_empty() {
        for select in THEIRS {
            ids.extend(of_them(tx, select, &whose).await?);
        }
    }
    ids.sort_unstable_by(|one, other| other.cmp(one));
    ids.dedup();
    Ok(Some(ids))
}

async fn of_them(tx: &mut Tx, select: &'static str, whose: &[Uuid]) -> StoreResult<Vec<Uuid>> {
    match tx {
        Tx::Sqlite(tx) => {
            let mut query = QueryBuilder::new(select);
            for (place, id) in whose.iter().enumerate() {
                query.push(if place == 0 { " IN (" } else { ", " }).push_bind(*id);
            }
            query.push(")");
            query.build_query_scalar().persistent(false).fetch_all(&mut **tx).await
        }
        // One value: its plan is made once.
        Tx::Postgres(tx) => {
            let mut query = QueryBuilder::new(select);
            query.push(" = ANY(").push_bind(whose.to_vec()).push(")");
            query.build_query_scalar().fetch_all(&mut **tx).await
        }
    }
}
