//! What planning writes, a batch at a time: the record of occurrences, their texts, and the agenda's lines moved on.
//!
//! Most of what is written of an occurrence is the same for many women: the day, the tip, its words, its window.
//! That is a *lot*, and goes to the database once a batch. What is hers alone is a *step*: her line in the agenda,
//! her text, her minute and what comes next for her; all else is copied from her line where it stands.
//!
//! PostgreSQL takes lots and steps as arrays. SQLite takes them once, into tables of the connection that writes
//! ([`SCRATCH`]), and joins them three times.

use std::collections::HashSet;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::{QueryBuilder, Sqlite};
use uuid::Uuid;

use super::agenda::Place;
use super::planned::Outcome;
use super::{Database, StoreResult, Tx, chunks, column, on};
use crate::domain::language::Language;
use crate::domain::plan::Slot;
use crate::domain::segment::Encoding;

/// What many occurrences of a batch have in common.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Lot {
    /// The local day.
    pub on: NaiveDate,
    /// Which tip of the track.
    pub slot: Slot,
    /// What it came to.
    pub outcome: Outcome,
    /// The tip chosen, to be queued.
    pub tip: Option<Choice>,
}

/// A tip chosen, and until when it may go.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Choice {
    /// The tip.
    pub tip: Arc<str>,
    /// In which language; with the tip it names the words.
    pub language: Language,
    /// The words.
    pub words: [u8; 32],
    /// How they travel.
    pub encoding: Encoding,
    /// How many SMS they take.
    pub segments: u32,
    /// Too late from here on.
    pub not_after: DateTime<Utc>,
    /// The end of the window it was placed in.
    pub window_closes_at: DateTime<Utc>,
}

/// One woman's part of a batch.
#[derive(Clone, Debug)]
pub struct Step {
    /// Her line in the agenda.
    pub line: Place,
    /// The occurrence planned: its place among the lots.
    pub lot: Option<usize>,
    /// The text to queue, and not before when.
    pub text: Option<(Uuid, DateTime<Utc>)>,
    /// What comes next, with the last occurrence of a line.
    pub moves_to: Option<(NaiveDate, DateTime<Utc>)>,
}

/// Makes SQLite's scratch tables, empty between transactions.
pub const SCRATCH: &str = "
    CREATE TEMP TABLE IF NOT EXISTS lots (id INTEGER PRIMARY KEY, occurs_on, track, week, slot, tip, outcome, wording,
                            encoding, segments, not_after, window_closes_at);
    CREATE TEMP TABLE IF NOT EXISTS steps (id INTEGER PRIMARY KEY, next_at, enrollment_id, version, lot, text_id, due_at,
                             moves_on, moves_at);";

/// Lots and steps as SQLite takes them. Made before a transaction begins, beside the one that writes: to put a batch
/// into statements takes a third as long as to run them.
#[derive(Default)]
pub struct Sheets(Vec<QueryBuilder<Sqlite>>);

impl Sheets {
    /// Writes lots and steps out for a database.
    pub fn of(database: &Database, lots: &[Lot], steps: &[Step]) -> Self {
        if !database.is_embedded() {
            return Self::default();
        }
        let numbered: Vec<(usize, &Lot)> = lots.iter().enumerate().collect();
        Self(chunks(&numbered).map(lots_sheet).chain(chunks(steps).map(steps_sheet)).collect())
    }
}

fn lots_sheet(lots: &[(usize, &Lot)]) -> QueryBuilder<Sqlite> {
    let mut query = QueryBuilder::new("INSERT INTO lots ");
    query.push_values(lots, |mut row, (number, lot)| {
        let tip = lot.tip.as_ref();
        row.push_bind(*number as i64)
            .push_bind(lot.on)
            .push_bind(lot.slot.track.name())
            .push_bind(lot.slot.week as i32)
            .push_bind(lot.slot.number as i32)
            .push_bind(tip.map(|tip| tip.tip.to_string()))
            .push_bind(lot.outcome.name())
            .push_bind(tip.map(|tip| tip.words.to_vec()))
            .push_bind(tip.map(|tip| tip.encoding.name()))
            .push_bind(tip.map(|tip| tip.segments as i32))
            .push_bind(tip.map(|tip| tip.not_after))
            .push_bind(tip.map(|tip| tip.window_closes_at));
    });
    query
}

fn steps_sheet(steps: &[Step]) -> QueryBuilder<Sqlite> {
    let mut query = QueryBuilder::new(
        "INSERT INTO steps (next_at, enrollment_id, version, lot, text_id, due_at, moves_on, moves_at) ",
    );
    query.push_values(steps, |mut row, step| {
        row.push_bind(step.line.0)
            .push_bind(step.line.1)
            .push_bind(step.line.2)
            .push_bind(step.lot.map(|lot| lot as i64))
            .push_bind(step.text.map(|text| text.0))
            .push_bind(step.text.map(|text| text.1))
            .push_bind(step.moves_to.map(|next| next.0))
            .push_bind(step.moves_to.map(|next| next.1));
    });
    query
}

/// Lays lots and steps out where SQLite's statements find them. PostgreSQL is told to plan for any number of them: for
/// the number it sees it would go through an agenda of some ten thousand lines from end to end.
pub async fn lay_out(tx: &mut Tx, sheets: Sheets) -> StoreResult<()> {
    match tx {
        Tx::Sqlite(tx) => {
            for mut sheet in sheets.0 {
                sheet.build().execute(&mut **tx).await?;
            }
        }
        Tx::Postgres(tx) => {
            sqlx::query("SET LOCAL plan_cache_mode = 'force_generic_plan'").execute(&mut **tx).await?;
        }
    }
    Ok(())
}

/// Leaves SQLite's scratch tables as they were found.
pub async fn clear(tx: &mut Tx) -> StoreResult<()> {
    if let Tx::Sqlite(tx) = tx {
        sqlx::raw_sql("DELETE FROM temp.steps; DELETE FROM temp.lots;").execute(&mut **tx).await?;
    }
    Ok(())
}

const RECORD_SQLITE: &str =
    "INSERT INTO planned (enrollment_id, occurs_on, track, week, slot, tip, outbox_id, outcome, planned_at)
     SELECT s.enrollment_id, l.occurs_on, l.track, l.week, l.slot, l.tip, s.text_id, l.outcome, $1
       FROM temp.steps s CROSS JOIN temp.lots l ON l.id = s.lot
      WHERE s.lot IS NOT NULL
         ON CONFLICT DO NOTHING";
const RECORD_POSTGRES: &str =
    "INSERT INTO planned (enrollment_id, occurs_on, track, week, slot, tip, outbox_id, outcome, planned_at)
     SELECT s.enrollment_id, l.occurs_on, l.track, l.week, l.slot, l.tip, s.text_id, l.outcome, $1
       FROM unnest($2::uuid[], $3::int8[], $4::uuid[]) AS s (enrollment_id, lot, text_id)
       JOIN unnest($5::int8[], $6::date[], $7::text[], $8::int4[], $9::int4[], $10::text[], $11::text[])
            AS l (id, occurs_on, track, week, slot, tip, outcome) ON l.id = s.lot
         ON CONFLICT DO NOTHING";

/// Records occurrences; gives how many were new. One that was there before, by its day or by its tip, is left as it
/// was.
pub async fn record(tx: &mut Tx, lots: &[Lot], steps: &[Step], now: DateTime<Utc>) -> StoreResult<usize> {
    let new = match tx {
        Tx::Sqlite(tx) => sqlx::query(RECORD_SQLITE).bind(now).execute(&mut **tx).await?.rows_affected(),
        Tx::Postgres(tx) => {
            let occurrences: Vec<(&Step, usize)> =
                steps.iter().filter_map(|step| Some((step, step.lot?))).collect();
            let record = sqlx::query(RECORD_POSTGRES)
                .bind(now)
                .bind(column(&occurrences, |(step, _)| step.line.1))
                .bind(column(&occurrences, |(_, lot)| *lot as i64))
                .bind(column(&occurrences, |(step, _)| step.text.map(|text| text.0)))
                .bind((0..lots.len() as i64).collect::<Vec<_>>())
                .bind(column(lots, |lot| lot.on))
                .bind(column(lots, |lot| lot.slot.track.name()))
                .bind(column(lots, |lot| lot.slot.week as i32))
                .bind(column(lots, |lot| lot.slot.number as i32))
                .bind(column(lots, |lot| lot.tip.as_ref().map(|tip| &*tip.tip)))
                .bind(column(lots, |lot| lot.outcome.name()));
            record.execute(&mut **tx).await?.rows_affected()
        }
    };
    Ok(usize::try_from(new).unwrap_or(usize::MAX))
}

/// The texts whose occurrences were not recorded, because their days or their tips were there before.
pub async fn unrecorded(tx: &mut Tx, lots: &[Lot], steps: &[Step]) -> StoreResult<HashSet<Uuid>> {
    let mut old = HashSet::new();
    for step in steps {
        let (Some(lot), Some((text, _))) = (step.lot, step.text) else { continue };
        let select = "SELECT COUNT(*) FROM planned
                       WHERE enrollment_id = $1 AND occurs_on = $2 AND outbox_id = $3";
        let ours: i64 = on!(tx, select, |conn, sql| sqlx::query_scalar(sql)
            .bind(step.line.1)
            .bind(lots[lot].on)
            .bind(text)
            .fetch_one(conn)
            .await)?;
        if ours == 0 {
            old.insert(text);
        }
    }
    Ok(old)
}

macro_rules! queue {
    ($edition:literal, $now:literal, $steps_and_lots:literal) => {
        concat!(
            "INSERT INTO outbox (id, subscriber_id, enrollment_id, version, sender, phone, lane, kind, language,
                                 wording, encoding, segments, program, edition, tip, track, week, occurs_on,
                                 queued_at, not_after, window_closes_at, next_try_at, state)
             SELECT text_id, a.subscriber_id, a.enrollment_id, a.version, a.sender, a.phone, 1, 'tip', a.language,
                    wording, encoding, segments, a.program, ",
            $edition,
            ", tip, track, week, occurs_on, ",
            $now,
            ", not_after, window_closes_at, due_at, 0 FROM ",
            $steps_and_lots
        )
    };
}

// A cross join keeps SQLite to the order in which it is written.
const QUEUE_SQLITE: &str = queue!(
    "$1",
    "$2",
    "temp.steps s CROSS JOIN temp.lots l ON l.id = s.lot
       CROSS JOIN agenda a ON a.next_at = s.next_at AND a.enrollment_id = s.enrollment_id AND a.version = s.version
      WHERE s.text_id IS NOT NULL"
);
// What stands before the fence (OFFSET 0) is joined first, by a hash: PostgreSQL, which does not know how many there
// are, would go through all lots once a step otherwise.
const QUEUE_POSTGRES: &str = queue!(
    "$1::int8",
    "$2::timestamptz",
    "(SELECT s.*, l.* FROM
       unnest($3::timestamptz[], $4::uuid[], $5::int4[], $6::int8[], $7::uuid[], $8::timestamptz[])
            AS s (next_at, enrollment_id, version, lot, text_id, due_at)
       JOIN unnest($9::int8[], $10::date[], $11::text[], $12::int4[], $13::text[], $14::bytea[], $15::text[],
                   $16::int4[], $17::timestamptz[], $18::timestamptz[])
            AS l (id, occurs_on, track, week, tip, wording, encoding, segments, not_after, window_closes_at)
            ON l.id = s.lot
     OFFSET 0) s
       JOIN agenda a ON a.next_at = s.next_at AND a.enrollment_id = s.enrollment_id AND a.version = s.version"
);

/// Queues the texts of steps; gives how many.
pub async fn queue(
    tx: &mut Tx,
    lots: &[Lot],
    steps: &[Step],
    edition: i64,
    now: DateTime<Utc>,
) -> StoreResult<usize> {
    let queued = match tx {
        Tx::Sqlite(tx) => {
            let insert = sqlx::query(QUEUE_SQLITE).bind(edition).bind(now);
            insert.execute(&mut **tx).await?.rows_affected()
        }
        Tx::Postgres(tx) => {
            let texts: Vec<(Place, usize, Uuid, DateTime<Utc>)> = steps
                .iter()
                .filter_map(|step| step.text.zip(step.lot).map(|((id, at), lot)| (step.line, lot, id, at)))
                .collect();
            let tips: Vec<(usize, &Lot, &Choice)> = lots
                .iter()
                .enumerate()
                .filter_map(|(number, lot)| Some((number, lot, lot.tip.as_ref()?)))
                .collect();
            let insert = sqlx::query(QUEUE_POSTGRES)
                .bind(edition)
                .bind(now)
                .bind(column(&texts, |text| text.0.0))
                .bind(column(&texts, |text| text.0.1))
                .bind(column(&texts, |text| text.0.2))
                .bind(column(&texts, |text| text.1 as i64))
                .bind(column(&texts, |text| text.2))
                .bind(column(&texts, |text| text.3))
                .bind(column(&tips, |(number, ..)| *number as i64))
                .bind(column(&tips, |(_, lot, _)| lot.on))
                .bind(column(&tips, |(_, lot, _)| lot.slot.track.name()))
                .bind(column(&tips, |(_, lot, _)| lot.slot.week as i32))
                .bind(column(&tips, |(.., tip)| &*tip.tip))
                .bind(column(&tips, |(.., tip)| tip.words.as_slice()))
                .bind(column(&tips, |(.., tip)| tip.encoding.name()))
                .bind(column(&tips, |(.., tip)| tip.segments as i32))
                .bind(column(&tips, |(.., tip)| tip.not_after))
                .bind(column(&tips, |(.., tip)| tip.window_closes_at));
            insert.execute(&mut **tx).await?.rows_affected()
        }
    };
    Ok(usize::try_from(queued).unwrap_or(usize::MAX))
}

const MOVE_SQLITE: &str = "UPDATE agenda SET next_at = s.moves_at, next_on = s.moves_on
       FROM temp.steps s
      WHERE agenda.next_at = s.next_at AND agenda.enrollment_id = s.enrollment_id AND agenda.version = s.version
        AND s.moves_at IS NOT NULL";
const MOVE_POSTGRES: &str = "UPDATE agenda a SET next_at = s.moves_at, next_on = s.moves_on
       FROM unnest($1::timestamptz[], $2::uuid[], $3::int4[], $4::date[], $5::timestamptz[])
            AS s (next_at, enrollment_id, version, moves_on, moves_at)
      WHERE a.next_at = s.next_at AND a.enrollment_id = s.enrollment_id AND a.version = s.version";

/// Moves lines to what comes next; gives how many. If that is not all of them, another planner has them, and the
/// transaction must not commit.
pub async fn advance(tx: &mut Tx, steps: &[Step]) -> StoreResult<usize> {
    let moved = match tx {
        Tx::Sqlite(tx) => sqlx::query(MOVE_SQLITE).execute(&mut **tx).await?.rows_affected(),
        Tx::Postgres(tx) => {
            let moves: Vec<(Place, (NaiveDate, DateTime<Utc>))> =
                steps.iter().filter_map(|step| Some((step.line, step.moves_to?))).collect();
            let update = sqlx::query(MOVE_POSTGRES)
                .bind(column(&moves, |(line, _)| line.0))
                .bind(column(&moves, |(line, _)| line.1))
                .bind(column(&moves, |(line, _)| line.2))
                .bind(column(&moves, |(_, next)| next.0))
                .bind(column(&moves, |(_, next)| next.1));
            update.execute(&mut **tx).await?.rows_affected()
        }
    };
    Ok(usize::try_from(moved).unwrap_or(usize::MAX))
}
