//! What is known of the numbers of a list, and how whoever is erased is erased from lists.

use chrono::{DateTime, Utc};
use sqlx::{FromRow, QueryBuilder};
use uuid::Uuid;

use crate::domain::phone::PhoneNumber;
use crate::store::{StoreResult, Tx, on};

/// What is held of a number.
#[derive(Clone, Debug, FromRow)]
pub struct Known {
    /// The number.
    pub phone: String,
    /// Whose it is.
    pub id: Uuid,
    /// She has stopped.
    pub stopped: bool,
    /// Her provider blocks her.
    pub blocked: bool,
    /// She has told of a loss, and begun nothing new since.
    pub lost: bool,
}

/// What is held of numbers.
pub async fn known(tx: &mut Tx, phones: &[&str]) -> StoreResult<Vec<Known>> {
    if phones.is_empty() {
        return Ok(Vec::new());
    }
    let select = "SELECT phone, id, stopped_at IS NOT NULL AS stopped, blocked_at IS NOT NULL AS blocked,
                         lost_at IS NOT NULL AS lost
                    FROM subscribers WHERE phone IN (";
    on!(tx, select, |conn, sql| {
        let mut query = QueryBuilder::new(sql);
        let mut all = query.separated(", ");
        for phone in phones {
            all.push_bind(*phone);
        }
        query.push(")");
        query.build_query_as().persistent(false).fetch_all(conn).await
    })
}

/// What somebody is or was enrolled in.
#[derive(Clone, Debug, FromRow)]
pub struct Enrolled {
    /// Who.
    pub subscriber_id: Uuid,
    /// The program.
    pub program: String,
    /// The state.
    pub state: String,
    /// When she enrolled.
    pub enrolled_at: DateTime<Utc>,
    /// Of a loss: something new has begun since.
    pub settled: bool,
}

/// What people are or were enrolled in.
pub async fn enrolled(tx: &mut Tx, subscribers: &[Uuid]) -> StoreResult<Vec<Enrolled>> {
    if subscribers.is_empty() {
        return Ok(Vec::new());
    }
    let select = "SELECT subscriber_id, program, state, enrolled_at, before_loss IS NULL AS settled
                    FROM enrollments WHERE subscriber_id IN (";
    on!(tx, select, |conn, sql| {
        let mut query = QueryBuilder::new(sql);
        let mut all = query.separated(", ");
        for subscriber in subscribers {
            all.push_bind(*subscriber);
        }
        query.push(")");
        query.build_query_as().persistent(false).fetch_all(conn).await
    })
}

/// Which of these digests are of numbers that were erased.
pub async fn erased(tx: &mut Tx, digests: &[Vec<u8>]) -> StoreResult<Vec<Vec<u8>>> {
    if digests.is_empty() {
        return Ok(Vec::new());
    }
    on!(tx, "SELECT DISTINCT digest FROM proofs WHERE action = 'erased' AND digest IN (", |conn, sql| {
        let mut query = QueryBuilder::new(sql);
        let mut all = query.separated(", ");
        for digest in digests {
            all.push_bind(digest.as_slice());
        }
        query.push(")");
        query.build_query_scalar().persistent(false).fetch_all(conn).await
    })
}

/// A row whose number is none, as it stands there.
#[derive(Clone, Debug, FromRow)]
pub struct Unread {
    /// Its list.
    pub import_id: Uuid,
    /// Its row in the file.
    pub place: i32,
    /// What stands there for a number.
    pub typed: String,
    /// All that is said of it, as JSON.
    pub notes: String,
}

/// All rows whose number is none. They are few, have an index of their own, and are gone within a month.
pub async fn unread(tx: &mut Tx) -> StoreResult<Vec<Unread>> {
    let select = "SELECT import_id, place, typed, notes FROM import_rows WHERE phone IS NULL AND typed <> ''";
    on!(tx, select, |conn, sql| sqlx::query_as(sql).fetch_all(conn).await)
}

macro_rules! blank {
    ($which:literal) => {
        concat!(
            "UPDATE import_rows SET typed = '', phone = NULL, anchor_kind = NULL, anchor_date = NULL, lives_in = '',
                                    partner = NULL, agreed_on = NULL, agreed_how = '', verdict = 'erased',
                                    notes = '[]', waits = FALSE, subscriber_id = NULL
              WHERE ",
            $which
        )
    };
}

/// A list in which somebody stood keeps that there was a row, and nothing of whose; nor of one that may have been hers.
pub async fn erase(tx: &mut Tx, phone: &str) -> StoreResult<()> {
    let update = blank!("phone = $1");
    on!(tx, update, |conn, sql| sqlx::query(sql).bind(phone).execute(conn).await.map(|_| ()))?;
    let Some(number) = PhoneNumber::from_e164(phone) else { return Ok(()) };
    let may_be_hers = |words: &str| number.hidden_in(words).is_some();
    for row in unread(tx).await?.into_iter().filter(|row| may_be_hers(&row.typed) || may_be_hers(&row.notes))
    {
        let update = blank!("import_id = $1 AND place = $2");
        on!(tx, update, |conn, sql| sqlx::query(sql)
            .bind(row.import_id)
            .bind(row.place)
            .execute(conn)
            .await
            .map(|_| ()))?;
    }
    Ok(())
}
