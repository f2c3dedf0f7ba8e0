//! Texts that have come to their end: moved to `history` in the transaction that ends them, so that the queue
//! holds only what is still to be done.

use chrono::{DateTime, Utc};
use sqlx::QueryBuilder;
use uuid::Uuid;

use crate::domain::delivery::State;
use crate::domain::reason;
use crate::store::{StoreResult, Tx, filled};

/// How a text ends.
#[derive(Clone, Debug)]
pub struct End {
    /// The text.
    pub id: Uuid,
    /// The tries it has had: the fence. One that has begun another try since stays.
    pub tries: i16,
    /// Its state from here on: [`State::Accepted`] or any later one.
    pub state: State,
    /// The provider's code for what went wrong.
    pub code: Option<String>,
    /// As a plain sentence.
    pub reason: Option<String>,
    /// The provider's name for the last try.
    pub provider_id: Option<String>,
    /// Whether that name is the only one its reports will carry.
    pub named_by_provider: bool,
}

impl End {
    /// An end without anything to say of a provider.
    pub fn plain(id: Uuid, tries: i16, state: State, code: Option<&str>, reason: &str) -> Self {
        let (code, reason) = (code.map(str::to_owned), Some(reason.to_owned()));
        Self { id, tries, state, code, reason, provider_id: None, named_by_provider: false }
    }

    fn key(&self) -> Option<&str> {
        self.provider_id.as_deref().filter(|_| self.named_by_provider)
    }
}

/// What a row keeps of itself when it moves.
macro_rules! kept {
    () => {
        "id, subscriber_id, enrollment_id, inbox_id, sender, phone, lane, kind, language, wording, body, encoding,
         segments, program, edition, tip, track, week, occurs_on, queued_at, not_after, tries, gateway, began_at"
    };
}

macro_rules! into_history {
    () => {
        concat!(
            "INSERT INTO history (",
            kept!(),
            ", state, ended_at, code, reason, provider_id, provider_key) "
        )
    };
}

// No guard on the state stands in these joins: it would invite the planner to walk an index of all that is
// being sent, once for each result. The number of the try is guard enough.
const END_POSTGRES: &str = concat!(
    "WITH r AS (SELECT * FROM unnest($1::uuid[], $2::int2[], $3::int2[], $4::text[], $5::text[], $6::text[],
                                     $7::text[]) AS r (id, number, end_state, end_code, end_reason, name, key)),
          gone AS (DELETE FROM outbox o USING r WHERE o.id = r.id AND o.tries = r.number
                   RETURNING o.*, r.end_state, r.end_code, r.end_reason, r.name, r.key) ",
    into_history!(),
    "SELECT ",
    kept!(),
    ", end_state, $8, end_code, end_reason, name, key FROM gone"
);

/// Ends texts; gives how many there were to end.
pub async fn end(tx: &mut Tx, ends: &[End], now: DateTime<Utc>) -> StoreResult<u64> {
    if ends.is_empty() {
        return Ok(0);
    }
    // Rows are locked in one order, here and by reports, so that neither waits for the other in a circle.
    let mut ends: Vec<&End> = ends.iter().collect();
    ends.sort_unstable_by_key(|end| end.id);
    match tx {
        Tx::Sqlite(tx) => {
            let mut moved = 0;
            for part in filled(&ends) {
                let mut query = QueryBuilder::new(
                    "WITH v (text_id, number, end_state, end_code, end_reason, name, key) AS (",
                );
                query.push_values(&part, |mut row, end| {
                    row.push_bind(end.map(|end| end.id))
                        .push_bind(end.map(|end| end.tries))
                        .push_bind(end.map(|end| end.state.code()))
                        .push_bind(end.and_then(|end| end.code.as_deref()))
                        .push_bind(end.and_then(|end| end.reason.as_deref()))
                        .push_bind(end.and_then(|end| end.provider_id.as_deref()))
                        .push_bind(end.and_then(|end| end.key()));
                });
                query.push(concat!(") ", into_history!(), "SELECT ", kept!(), ", end_state, "));
                query.push_bind(now);
                query.push(
                    ", end_code, end_reason, name, key
                      FROM v JOIN outbox o ON o.id = v.text_id AND o.tries = v.number",
                );
                query.build().execute(&mut **tx).await?;
                let mut query = QueryBuilder::new("WITH v (id, number) AS (");
                query.push_values(&part, |mut row, end| {
                    row.push_bind(end.map(|end| end.id)).push_bind(end.map(|end| end.tries));
                });
                query.push(
                    ") DELETE FROM outbox WHERE rowid IN
                           (SELECT o.rowid FROM v JOIN outbox o ON o.id = v.id AND o.tries = v.number)",
                );
                moved += query.build().execute(&mut **tx).await?.rows_affected();
            }
            Ok(moved)
        }
        Tx::Postgres(tx) => sqlx::query(END_POSTGRES)
            .bind(ends.iter().map(|end| end.id).collect::<Vec<_>>())
            .bind(ends.iter().map(|end| end.tries).collect::<Vec<_>>())
            .bind(ends.iter().map(|end| end.state.code()).collect::<Vec<_>>())
            .bind(ends.iter().map(|end| end.code.as_deref()).collect::<Vec<_>>())
            .bind(ends.iter().map(|end| end.reason.as_deref()).collect::<Vec<_>>())
            .bind(ends.iter().map(|end| end.provider_id.as_deref()).collect::<Vec<_>>())
            .bind(ends.iter().map(|end| end.key()).collect::<Vec<_>>())
            .bind(now)
            .execute(&mut **tx)
            .await
            .map(|done| done.rows_affected()),
    }
}

/// Which waiting texts to take back.
#[derive(Clone, Copy, Debug)]
pub enum Cancel {
    /// All of a person's.
    All,
    /// All of a person's but broadcasts, which look by themselves whether she has told of a loss: she may take it back.
    AllOfBaby,
    /// All of a person's that nobody waits for and that is no tip; not broadcasts.
    Unasked,
    /// All that nobody asked for, of one enrollment of hers; not broadcasts.
    UnaskedOf(Uuid),
    /// The tips of one enrollment.
    TipsOf(Uuid),
}

/// The statements that end every waiting text for which a condition holds. Bound: the end's state, its reason,
/// now, and whatever the condition asks for from $4 on. SQLite, which has one writer, copies and then deletes.
struct Sweep {
    copy: &'static str,
    delete: &'static str,
    both: &'static str,
}

macro_rules! sweep {
    ($condition:literal) => {
        Sweep {
            copy: concat!(
                into_history!(),
                "SELECT ",
                kept!(),
                ", $1, $3, NULL, $2, NULL, NULL FROM outbox WHERE state = 0 AND ",
                $condition,
                " RETURNING id"
            ),
            delete: concat!("DELETE FROM outbox WHERE state = 0 AND ", $condition),
            both: concat!(
                "WITH gone AS (DELETE FROM outbox WHERE state = 0 AND ",
                $condition,
                " RETURNING *) ",
                into_history!(),
                "SELECT ",
                kept!(),
                ", $1, $3, NULL, $2, NULL, NULL FROM gone RETURNING id"
            ),
        }
    };
}

// Tips are found through the record of occurrences, everything else by its own index.
const PERSONAL: Sweep = sweep!("kind <> 'tip' AND subscriber_id = $4");
const PERSONAL_OF_BABY: Sweep = sweep!("kind <> 'tip' AND lane <> 2 AND subscriber_id = $4");
const PERSONAL_UNASKED: Sweep = sweep!("kind <> 'tip' AND lane = 1 AND subscriber_id = $4");
const PERSONAL_OF_ENROLLMENT: Sweep =
    sweep!("kind <> 'tip' AND lane = 1 AND enrollment_id = $4 AND subscriber_id = $5");
const TIPS: Sweep = sweep!(
    "id IN (SELECT p.outbox_id FROM planned p JOIN enrollments e ON e.id = p.enrollment_id
             WHERE e.subscriber_id = $4 AND p.outbox_id IS NOT NULL)"
);
const TIPS_OF_ENROLLMENT: Sweep =
    sweep!("id IN (SELECT outbox_id FROM planned WHERE enrollment_id = $4 AND outbox_id IS NOT NULL)");
const STALE: Sweep = sweep!(
    "id IN (SELECT id FROM outbox WHERE state = 0 AND not_after <= $3 AND (code IS NULL OR code <> 'repeat')
             ORDER BY not_after, id LIMIT 1000)"
);
const ONE: Sweep = sweep!("id = $4");
// What waits to be handed over again may have arrived: the claim ends it.
const OF_BROADCAST: Sweep = sweep!(
    "(code IS NULL OR code <> 'repeat')
     AND id IN (SELECT text_id FROM broadcast_texts
                 WHERE broadcast_id = $4 AND subscriber_id > $5 AND subscriber_id <= $6)"
);

impl Sweep {
    async fn run(
        &self,
        tx: &mut Tx,
        (state, reason): (State, &str),
        now: DateTime<Utc>,
        about: &[Uuid],
    ) -> StoreResult<Vec<Uuid>> {
        match tx {
            Tx::Sqlite(tx) => {
                let mut copy =
                    sqlx::query_scalar(self.copy).bind(state.code()).bind(reason.to_owned()).bind(now);
                let mut delete =
                    sqlx::query(self.delete).bind(state.code()).bind(reason.to_owned()).bind(now);
                for id in about {
                    (copy, delete) = (copy.bind(*id), delete.bind(*id));
                }
                let ids = copy.fetch_all(&mut **tx).await?;
                if !ids.is_empty() {
                    delete.execute(&mut **tx).await?;
                }
                Ok(ids)
            }
            Tx::Postgres(tx) => {
                let mut both =
                    sqlx::query_scalar(self.both).bind(state.code()).bind(reason.to_owned()).bind(now);
                for id in about {
                    both = both.bind(*id);
                }
                both.fetch_all(&mut **tx).await
            }
        }
    }
}

/// Takes back what waits of a person; gives the ids. A text whose try has begun may be on the wire and stays.
pub async fn cancel(
    tx: &mut Tx,
    subscriber: Uuid,
    which: Cancel,
    reason: &str,
    now: DateTime<Utc>,
) -> StoreResult<Vec<Uuid>> {
    let end = (State::Canceled, reason);
    let (personal, tips) = match which {
        Cancel::All => {
            (PERSONAL.run(tx, end, now, &[subscriber]).await?, TIPS.run(tx, end, now, &[subscriber]).await?)
        }
        Cancel::AllOfBaby => (
            PERSONAL_OF_BABY.run(tx, end, now, &[subscriber]).await?,
            TIPS.run(tx, end, now, &[subscriber]).await?,
        ),
        Cancel::Unasked => (PERSONAL_UNASKED.run(tx, end, now, &[subscriber]).await?, Vec::new()),
        Cancel::TipsOf(enrollment) => {
            (Vec::new(), TIPS_OF_ENROLLMENT.run(tx, end, now, &[enrollment]).await?)
        }
        Cancel::UnaskedOf(enrollment) => (
            PERSONAL_OF_ENROLLMENT.run(tx, end, now, &[enrollment, subscriber]).await?,
            TIPS_OF_ENROLLMENT.run(tx, end, now, &[enrollment]).await?,
        ),
    };
    Ok([personal, tips].concat())
}

/// Takes back what waits of a broadcast to the women after `part.0` up to `part.1`; gives how many texts.
pub async fn cancel_broadcast(
    tx: &mut Tx,
    broadcast: Uuid,
    part: (Uuid, Uuid),
    reason: &str,
    now: DateTime<Utc>,
) -> StoreResult<usize> {
    let about = [broadcast, part.0, part.1];
    Ok(OF_BROADCAST.run(tx, (State::Canceled, reason), now, &about).await?.len())
}

/// Takes back one text that waits.
pub async fn cancel_one(tx: &mut Tx, text: Uuid, reason: &str, now: DateTime<Utc>) -> StoreResult<bool> {
    Ok(!ONE.run(tx, (State::Canceled, reason), now, &[text]).await?.is_empty())
}

/// Ends a waiting text that cannot be handled, without a look at what it holds.
pub async fn set_aside(tx: &mut Tx, text: Uuid, reason: &str, now: DateTime<Utc>) -> StoreResult<bool> {
    Ok(!ONE.run(tx, (State::Failed, reason), now, &[text]).await?.is_empty())
}

/// Expires what waits and is too late to be right, a thousand texts at most: all the tips of a day may be too late in
/// the same moment. What was in doubt and waits to be handed over again may have arrived: the claim ends it. Gives how
/// many.
pub async fn expire(tx: &mut Tx, now: DateTime<Utc>) -> StoreResult<u64> {
    let end = (State::Expired, reason::LATE);
    Ok(STALE.run(tx, end, now, &[]).await?.len() as u64)
}
