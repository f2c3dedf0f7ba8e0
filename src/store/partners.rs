//! Who came by the code of a clinic or a partner, counted.

use chrono::NaiveDate;
use sqlx::FromRow;

use super::{StoreResult, Tx, on};

/// What came by a code to a program.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Came {
    /// The code.
    pub partner: String,
    /// The program.
    pub program: String,
    /// Enrollments.
    pub enrolled: i64,
    /// Women who get its tips now.
    pub active: i64,
    /// Enrollments in which a birth was told.
    pub births: i64,
}

/// All that came by a code since a day (her local date), by code and program.
pub async fn came(tx: &mut Tx, since: Option<NaiveDate>) -> StoreResult<Vec<Came>> {
    let select = "SELECT partner, program, COUNT(*) AS enrolled,
                COUNT(DISTINCT CASE WHEN state = 'active' THEN subscriber_id END) AS active,
                CAST(SUM(CASE WHEN anchor_kind = 'born' THEN 1 ELSE 0 END) AS BIGINT) AS births
           FROM enrollments
          WHERE partner IS NOT NULL AND ($1 IS NULL OR enrolled_on >= $1)
          GROUP BY partner, program ORDER BY partner, program";
    on!(tx, select, |conn, sql| sqlx::query_as(sql).bind(since).fetch_all(conn).await)
}
