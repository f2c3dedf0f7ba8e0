//! What an upgrade makes of the rows that an older version left, on both engines.

use chrono::{DateTime, TimeDelta, Utc};
use motherline::store::Database;
use sqlx::migrate::Migrator;
use sqlx::{PgPool, SqlitePool};
use tempfile::TempDir;
use uuid::Uuid;

use crate::conversation::at;
use crate::support::engines::{postgres, sqlite};

static COMMON: Migrator = sqlx::migrate!("./migrations");
static SQLITE: Migrator = sqlx::migrate!("./migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("./migrations/postgres");

/// The tables as they were before a migration.
fn before(version: i64, own: &Migrator) -> Migrator {
    let all = COMMON.iter().chain(own.iter());
    Migrator::with_migrations(all.filter(|one| one.version < version).cloned().collect())
}

/// A woman of an older version.
struct Was {
    /// What the record says of her, each with its day.
    record: &'static [(&'static str, i64)],
    /// What she was enrolled in: its state, and the day on which it began.
    enrolled: &'static [(&'static str, i64)],
    /// The day of the loss that is hers after the upgrade.
    lost: Option<i64>,
}

const WOMEN: [Was; 11] = [
    Was { record: &[], enrolled: &[("active", 1)], lost: None },
    // Told before she was enrolled in anything, or after all was over.
    Was { record: &[("freeze", 5)], enrolled: &[], lost: Some(5) },
    Was { record: &[("enroll", 1), ("freeze", 5)], enrolled: &[("completed", 1)], lost: Some(5) },
    Was {
        record: &[("enroll", 1), ("enroll", 2), ("freeze", 5), ("place", 6)],
        enrolled: &[("replaced", 1), ("completed", 2)],
        lost: Some(5),
    },
    Was { record: &[("enroll", 1), ("freeze", 5)], enrolled: &[("frozen", 1)], lost: Some(5) },
    // Taken back.
    Was { record: &[("freeze", 5), ("unfreeze", 6)], enrolled: &[], lost: None },
    Was {
        record: &[("freeze", 5), ("unfreeze", 6), ("freeze", 8)],
        enrolled: &[("completed", 1)],
        lost: Some(8),
    },
    // Begun anew since then, here or from another phone; or nothing is left of the record of it.
    Was { record: &[("freeze", 5), ("enroll", 6)], enrolled: &[("completed", 6)], lost: None },
    Was { record: &[("freeze", 5), ("move", 6)], enrolled: &[("active", 1)], lost: None },
    Was { record: &[("freeze", 5)], enrolled: &[("active", 6)], lost: None },
    // And lost again.
    Was { record: &[("freeze", 5), ("enroll", 6), ("freeze", 9)], enrolled: &[("frozen", 6)], lost: Some(9) },
];

const SUBSCRIBER: &str = "INSERT INTO subscribers (id, phone, created_at) VALUES ($1, $2, $3)";
const ENROLLMENT: &str = "INSERT INTO enrollments (id, subscriber_id, program, sender, language, state, state_since,
                                                   anchor_kind, anchor_date, enrolled_at, enrolled_on)
                          VALUES ($1, $2, 'text4baby-us', 'us', 'en', $3, $4, 'due', '2027-04-12', $4, '2026-11-01')";
const RECORD: &str = "INSERT INTO audit (id, at, actor, action, subscriber_id, detail)
                      VALUES ($1, $2, 'subscriber', $3, $4, '')";
const LOST: &str = "SELECT lost_at FROM subscribers ORDER BY phone";

fn day(number: i64) -> DateTime<Utc> {
    at("2026-11-01T09:00:00-05:00") + TimeDelta::days(number)
}

/// The women as the older version left them; the same words for each engine.
macro_rules! leave {
    ($pool:expr) => {
        for (number, was) in WOMEN.iter().enumerate() {
            let her = Uuid::now_v7();
            let phone = format!("+12025550{}", 100 + number);
            let insert = sqlx::query(SUBSCRIBER).bind(her).bind(phone).bind(day(0));
            insert.execute($pool).await.expect("a woman");
            for (state, begun) in was.enrolled {
                let insert = sqlx::query(ENROLLMENT).bind(Uuid::now_v7()).bind(her).bind(*state);
                insert.bind(day(*begun)).execute($pool).await.expect("an enrollment");
            }
            for (action, on) in was.record {
                let insert = sqlx::query(RECORD).bind(Uuid::now_v7()).bind(day(*on)).bind(*action);
                insert.bind(her).execute($pool).await.expect("a record");
            }
        }
    };
}

#[tokio::test]
async fn a_loss_that_was_told_is_kept_unless_it_was_taken_back_or_something_new_begun() {
    let folder = TempDir::new().expect("a temporary folder");
    for address in [sqlite(folder.path()), postgres()] {
        if address.starts_with("sqlite:") {
            let pool = SqlitePool::connect(&format!("{address}?mode=rwc")).await.expect("a database");
            before(25, &SQLITE).run(&pool).await.expect("the older tables");
            leave!(&pool);
            pool.close().await;
        } else {
            let pool = PgPool::connect(&address).await.expect("a database");
            before(25, &POSTGRES).run(&pool).await.expect("the older tables");
            leave!(&pool);
            pool.close().await;
        }
        let database = Database::open(&address, 2).await.expect("it is brought up to date");
        let lost: Vec<Option<DateTime<Utc>>> = match &database {
            Database::Sqlite { read, .. } => sqlx::query_scalar(LOST).fetch_all(read).await,
            Database::Postgres(pool) => sqlx::query_scalar(LOST).fetch_all(pool).await,
        }
        .expect("the women");
        let expected: Vec<_> = WOMEN.iter().map(|was| was.lost.map(day)).collect();
        assert_eq!(expected, lost, "{}", database.engine());
        database.close().await;
    }
}
