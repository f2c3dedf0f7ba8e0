//! Texts to numbers that begin alike, where few do: found by whose the numbers are, as indexes lead to them. Where many
//! do, who walks through the texts soon meets some.

use sqlx::QueryBuilder;
use uuid::Uuid;

use crate::store::{StoreResult, Tx, on};

/// So many numbers are few: their texts are found in some 30 ms.
const FEW: i64 = 500;

/// Tips are found by their plan, all others by whose they are; each with the column of its id, which tells when the text
/// was made: what is of another time is not read.
const THEIRS: [(&str, &str); 3] = [
    (
        "SELECT p.outbox_id FROM enrollments e JOIN planned p ON p.enrollment_id = e.id
          WHERE p.outbox_id IS NOT NULL AND e.subscriber_id",
        "p.outbox_id",
    ),
    ("SELECT text_id FROM strays WHERE subscriber_id", "text_id"),
    ("SELECT id FROM history WHERE kind <> 'tip' AND subscriber_id", "id"),
];

/// The ids of the texts of a range to numbers with this beginning, the last first; none if too many numbers have it.
pub(super) async fn texts(
    tx: &mut Tx,
    beginning: &str,
    range: (Uuid, Uuid),
) -> StoreResult<Option<Vec<Uuid>>> {
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
            ids.extend(of_them(tx, select, &whose, range).await?);
        }
    }
    ids.sort_unstable_by(|one, other| other.cmp(one));
    ids.dedup();
    Ok(Some(ids))
}

/// Led by whose they are, and not along the ids, which are everybody's: no engine has an index for a CASE.
async fn of_them(
    tx: &mut Tx,
    (select, id): (&'static str, &'static str),
    whose: &[Uuid],
    range: (Uuid, Uuid),
) -> StoreResult<Vec<Uuid>> {
    match tx {
        Tx::Sqlite(tx) => {
            let mut query = QueryBuilder::new(select);
            for (place, id) in whose.iter().enumerate() {
                query.push(if place == 0 { " IN (" } else { ", " }).push_bind(*id);
            }
            query.push(") AND CASE WHEN ").push(id).push(" >= ").push_bind(range.0);
            query.push(" THEN ").push(id).push(" < ").push_bind(range.1).push(" END");
            query.build_query_scalar().persistent(false).fetch_all(&mut **tx).await
        }
        // One value: its plan is made once.
        Tx::Postgres(tx) => {
            let mut query = QueryBuilder::new(select);
            query.push(" = ANY(").push_bind(whose.to_vec());
            query.push(") AND CASE WHEN ").push(id).push(" >= ").push_bind(range.0);
            query.push(" THEN ").push(id).push(" < ").push_bind(range.1).push(" END");
            query.build_query_scalar().fetch_all(&mut **tx).await
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta, Utc};

    use super::texts;
    use crate::ids::{Ids, first_at};
    use crate::store::{Database, on};

    #[tokio::test]
    async fn only_what_is_of_the_range_is_read() {
        let database = Database::in_memory().await.expect("a database");
        let ids = Ids::seeded(1);
        let day = |day: i64| DateTime::<Utc>::UNIX_EPOCH + TimeDelta::days(20_000 + day);
        let mut tx = database.begin().await.expect("a transaction");
        let her = ids.next(day(0));
        let (person, stray) = (
            "INSERT INTO subscribers (id, phone, created_at) VALUES ($1, '+12025550141', $2)",
            "INSERT INTO strays (text_id, subscriber_id) VALUES ($1, $2)",
        );
        on!(&mut tx, person, |conn, sql| sqlx::query(sql)
            .bind(her)
            .bind(day(0))
            .execute(conn)
            .await
            .map(|_| ()))
        .expect("a woman");
        let mut made = Vec::new();
        for days in 0..5 {
            let text = ids.text(day(days));
            made.push(text);
            on!(&mut tx, stray, |conn, sql| sqlx::query(sql)
                .bind(text)
                .bind(her)
                .execute(conn)
                .await
                .map(|_| ()))
            .expect("a text");
        }
        let range = (first_at(day(1)), made[3]);
        let found = texts(&mut tx, "+1202", range).await.expect("a look");
        assert_eq!(Some(vec![made[2], made[1]]), found);
        let all = (first_at(day(0)), first_at(day(9)));
        assert_eq!(Some(Vec::new()), texts(&mut tx, "+1305", all).await.expect("a look"));
    }
}
