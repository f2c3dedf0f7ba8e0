//! All that is held of one person, table by table, as JSON. One list says what: a test holds it against the tables there
//! are, so that none is forgotten.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use super::{StoreError, StoreResult, Tx, texts};
use crate::ids::text_of;

/// How a column is put into JSON.
#[derive(Clone, Copy, PartialEq, Eq)]
enum As {
    Plain,
    Id,
    Flag,
    /// Its text is JSON itself.
    Json,
    Bytes,
}

/// A table: its name; how its rows are hers; its columns, a mark before each that is not plain: `#` an id, `?` a flag,
/// `{` JSON, `%` bytes.
struct Table {
    name: &'static str,
    hers: &'static str,
    columns: &'static str,
}

const BY_ID: &str = "t.subscriber_id = $1";
const BY_ENROLLMENT: &str = "t.enrollment_id IN (SELECT id FROM enrollments WHERE subscriber_id = $1)";
const BY_PHONE: &str = "t.phone = (SELECT phone FROM subscribers WHERE id = $1)";
/// Tips are found by their plan, all other texts by their subscriber, as the indexes are.
const BY_TEXT: &str = "t.id IN (SELECT outbox_id FROM planned
                                 WHERE outbox_id IS NOT NULL
                                   AND enrollment_id IN (SELECT id FROM enrollments WHERE subscriber_id = $1)
                                 UNION SELECT text_id FROM strays WHERE subscriber_id = $1
                                 UNION SELECT id FROM history WHERE subscriber_id = $1 AND kind <> 'tip'
                                 UNION SELECT id FROM outbox WHERE subscriber_id = $1 AND kind <> 'tip')";
const BY_TRY: &str = "t.text_id IN (SELECT outbox_id FROM planned
                                     WHERE outbox_id IS NOT NULL
                                       AND enrollment_id IN (SELECT id FROM enrollments WHERE subscriber_id = $1)
                                     UNION SELECT text_id FROM strays WHERE subscriber_id = $1
                                     UNION SELECT id FROM history WHERE subscriber_id = $1 AND kind <> 'tip'
                                     UNION SELECT id FROM outbox WHERE subscriber_id = $1 AND kind <> 'tip')";

/// Broadcasts are few, and to each the key leads: by her alone, everybody whom any of them reached would be walked through.
const BY_BROADCAST: &str = "t.broadcast_id IN (SELECT id FROM broadcasts) AND t.subscriber_id = $1";

const TABLES: [Table; 25] = [
    Table {
        name: "subscribers",
        hers: "t.id = $1",
        columns: "#id phone region language place zone zone_origin area stopped_at stopped_by blocked_at lost_at \
                  refused_at hinted_at echo echoes echo_at ?discreet reader partner read_at heard_at recycled_at erase_at answers \
                  answers_since created_at",
    },
    Table {
        name: "enrollments",
        hers: BY_ID,
        columns: "#id #subscriber_id program sender language state reason state_since anchor_kind anchor_date \
                  enrolled_at enrolled_on version {terms before_loss partner",
    },
    Table {
        name: "consents",
        hers: BY_ID,
        columns: "#id #subscriber_id #enrollment_id program sender action {exchange at",
    },
    Table {
        name: "conversations",
        hers: BY_ID,
        columns: "#subscriber_id sender program language {step {exchange ?unread opened_at nudge_at expires_at late_until",
    },
    Table {
        name: "inbox",
        hers: BY_PHONE,
        columns: "#id gateway provider_id sender phone body answered_by received_at state tries next_try_at handled_at \
                  intent",
    },
    Table {
        name: "outbox",
        hers: BY_TEXT,
        columns: "#id #subscriber_id #enrollment_id #inbox_id sender phone lane kind language %wording body encoding \
                  segments program edition tip track week occurs_on queued_at not_after window_closes_at state \
                  next_try_at tries gateway began_at code reason version",
    },
    Table {
        name: "history",
        hers: BY_TEXT,
        columns: "#id #subscriber_id #enrollment_id #inbox_id sender phone lane kind language %wording body encoding \
                  segments program edition tip track week occurs_on queued_at not_after tries gateway began_at state \
                  ended_at code reason provider_id provider_key",
    },
    Table {
        name: "attempts",
        hers: BY_TRY,
        columns: "#text_id number gateway began_at ended_at outcome code sentence",
    },
    Table {
        name: "planned",
        hers: BY_ENROLLMENT,
        columns: "#enrollment_id occurs_on track week slot tip #outbox_id outcome planned_at",
    },
    // Its key begins with the moment: it is walked whole, for a person who asks about one woman, and for nobody else. An
    // index for her would be written anew with every tip of everybody.
    Table {
        name: "agenda",
        hers: BY_ENROLLMENT,
        columns: "next_at #enrollment_id version next_on #subscriber_id phone zone program sender language anchor_kind \
                  anchor_date enrolled_on area {terms",
    },
    Table { name: "revoked", hers: BY_ENROLLMENT, columns: "#enrollment_id version at" },
    Table { name: "strays", hers: BY_ID, columns: "#text_id #subscriber_id" },
    Table {
        name: "visits",
        hers: BY_ID,
        columns: "#id #subscriber_id #enrollment_id on_day at_time state noted_at",
    },
    Table {
        name: "promises",
        hers: BY_ID,
        columns: "#id #subscriber_id #enrollment_id kind #about {detail due_at not_after",
    },
    Table { name: "unread", hers: BY_ID, columns: "#id #subscriber_id body at ?of_baby" },
    Table {
        name: "answers",
        hers: BY_ENROLLMENT,
        columns: "#enrollment_id question outcome program language edition at",
    },
    Table {
        name: "help_items",
        hers: BY_ID,
        columns: "#id #subscriber_id sender program language stage urgency sign state opened_at last_at closed_at \
                  closed_by closed_why #taken_by \
                  taken_at #handed_to",
    },
    Table {
        name: "help_texts",
        hers: "t.item_id IN (SELECT id FROM help_items WHERE subscriber_id = $1)",
        columns: "#id #item_id ?from_her body written_by sign at",
    },
    Table {
        name: "help_notes",
        hers: "t.item_id IN (SELECT id FROM help_items WHERE subscriber_id = $1)",
        columns: "#id #item_id body written_by at",
    },
    Table {
        name: "import_rows",
        hers: BY_PHONE,
        columns: "#import_id place typed phone language anchor_kind anchor_date lives_in reader partner agreed_on \
                  agreed_how verdict {notes ?waits #subscriber_id",
    },
    Table { name: "failing", hers: BY_ID, columns: "#text_id #subscriber_id at ?looked" },
    Table { name: "corrections", hers: BY_ID, columns: "tip recalled_at #subscriber_id #outbox_id" },
    Table { name: "broadcast_texts", hers: BY_BROADCAST, columns: "#broadcast_id #subscriber_id #text_id" },
    Table { name: "mentions", hers: BY_ID, columns: "%digest #subscriber_id" },
    Table {
        name: "audit",
        hers: BY_ID,
        columns: "#id at actor action #subscriber_id detail #account_id program",
    },
];

/// The tables that are looked at, and their columns.
pub fn covered() -> Vec<(&'static str, Vec<&'static str>)> {
    TABLES.iter().map(|table| (table.name, columns(table).map(|(name, _)| name).collect())).collect()
}

fn columns(table: &Table) -> impl Iterator<Item = (&'static str, As)> {
    table.columns.split_whitespace().map(|column| {
        let marks = [('#', As::Id), ('?', As::Flag), ('{', As::Json), ('%', As::Bytes)];
        let marked = marks.into_iter().find_map(|(mark, way)| Some((column.strip_prefix(mark)?, way)));
        marked.unwrap_or((column, As::Plain))
    })
}

/// All rows that are hers, by table.
pub async fn all(tx: &mut Tx, subscriber: Uuid) -> StoreResult<Map<String, Value>> {
    let mut all = Map::new();
    for table in &TABLES {
        let sqlite = matches!(tx, Tx::Sqlite(_));
        let pairs = columns(table).map(|(name, way)| format!("'{name}', {}", value(name, way, sqlite)));
        let pairs = pairs.collect::<Vec<_>>().join(", ");
        let (name, hers) = (table.name, table.hers);
        let words = match name {
            // Words that are shared stand elsewhere, and are hers all the same.
            "outbox" | "history" => {
                ", 'words', COALESCE(t.body, (SELECT w.body FROM wordings w WHERE w.hash = t.wording))"
            }
            "import_rows" => ", 'program', (SELECT i.program FROM imports i WHERE i.id = t.import_id)",
            _ => "",
        };
        let rows: Vec<String> = match tx {
            Tx::Sqlite(tx) => {
                let select = format!("SELECT json_object({pairs}{words}) FROM {name} t WHERE {hers}");
                sqlx::query_scalar(AssertSqlSafe(select)).bind(subscriber).fetch_all(&mut **tx).await?
            }
            Tx::Postgres(tx) => {
                let select = format!(
                    "SELECT CAST(json_build_object({pairs}{words}) AS TEXT) FROM {name} t WHERE {hers}"
                );
                sqlx::query_scalar(AssertSqlSafe(select)).bind(subscriber).fetch_all(&mut **tx).await?
            }
        };
        let rows = rows.iter().map(|row| read(table, row)).collect::<StoreResult<Vec<_>>>()?;
        all.insert(name.to_owned(), Value::Array(rows));
    }
    Ok(all)
}

/// Reports passed in search of a text's own, of which there may be hundreds.
const PASSED: i64 = 2_000;

/// What gateways reported of some texts, each with when its end became known: one that came long after all else may be
/// missing.
pub async fn reports(tx: &mut Tx, ended: &[(Uuid, Option<DateTime<Utc>>)]) -> StoreResult<Vec<Value>> {
    let mut all = Vec::new();
    for (text, ended_at) in ended {
        let found = texts::reports(tx, *text, ended_at.map(texts::about), PASSED).await?;
        all.extend(found.into_iter().map(|report| {
            json!({
                "id": report.id, "text_id": text, "number": text_of(report.attempt_id).1, "gateway": report.gateway,
                "status": report.status, "evidence": report.evidence, "code": report.code,
                "opted_out": report.opted_out, "raw": report.raw, "received_at": report.received_at,
            })
        }));
    }
    Ok(all)
}

fn value(name: &str, way: As, sqlite: bool) -> String {
    match (way, sqlite) {
        (As::Id | As::Bytes, true) => {
            format!("CASE WHEN t.{name} IS NULL THEN NULL ELSE lower(hex(t.{name})) END")
        }
        (As::Bytes, false) => format!("encode(t.{name}, 'hex')"),
        _ => format!("t.{name}"),
    }
}

/// A row as it is given out, whichever engine it comes from.
fn read(table: &Table, row: &str) -> StoreResult<Value> {
    let mut row: Map<String, Value> =
        serde_json::from_str(row).map_err(|error| StoreError::Decode(error.into()))?;
    for (name, way) in columns(table) {
        let Some(value) = row.get_mut(name) else { continue };
        let told = match (way, &*value) {
            (As::Id, Value::String(id)) => Uuid::parse_str(id).ok().map(|id| Value::String(id.to_string())),
            (As::Flag, Value::Number(flag)) => Some(Value::Bool(flag.as_i64() != Some(0))),
            (As::Json, Value::String(json)) => serde_json::from_str(json).ok(),
            _ => None,
        };
        if let Some(told) = told {
            *value = told;
        }
    }
    Ok(Value::Object(row))
}
