//! All that is held of a person, given out: for her, who may ask for it. That it was given out, by whom and why, is
//! written down with it. Who gives it out gives what they may see: what is of a program that they do not work for, others
//! give her.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::auditing::{self, Actor, Object};
use super::exchange::Exchange;
use super::{Service, moved};
use crate::store::people::Subscriber;
use crate::store::talk::Consent;
use crate::store::{StoreResult, Tx, exports};

/// Of so many of her last texts reports are looked for.
const REPORTED: usize = 500;

/// What of a person may be shown to somebody.
pub trait Shown {
    /// What is of a program; of none: of her phone as a whole.
    fn program(&self, program: Option<&str>) -> bool;
    /// What came to a number of ours.
    fn sender(&self, sender: &str) -> bool;
    /// What is of an enrollment.
    fn enrollment(&self, id: Uuid) -> bool;
}

/// Everything that may be shown to who asks, by table; first how and when it was given out.
pub async fn export(
    service: &Service,
    her: &Subscriber,
    (program, shown): (Option<&str>, &impl Shown),
    (by, why): (&Actor, &str),
) -> StoreResult<Map<String, Value>> {
    let mut tx = service.database.begin().await?;
    let to = Object::mother(her.id, program);
    auditing::note(service, &mut tx, by, "export", to, &her.hidden_in(why.trim())).await?;
    tx.commit().await?;
    let mut tx = service.database.read().await?;
    let mut all = exports::all(&mut tx, her.id).await?;
    narrow(&mut all, shown);
    agreed_before(service, &mut tx, her, &mut all).await?;
    let reports = exports::reports(&mut tx, &ended(&all)).await?;
    all.insert("reports".to_owned(), Value::Array(reports));
    let about = json!({ "exported_at": service.now(), "service": "Motherline" });
    all.insert("export".to_owned(), about);
    Ok(all)
}

/// Takes out what may not be shown. Each row tells by its columns what it is of.
fn narrow(all: &mut Map<String, Value>, shown: &impl Shown) {
    let of_program = |row: &Value| shown.program(row["program"].as_str()) && told_program(row, shown);
    let mut hidden = HashSet::new();
    for table in ["outbox", "history", "help_items"] {
        let rows = all.get(table).and_then(Value::as_array).into_iter().flatten();
        hidden.extend(rows.filter(|row| !of_program(row)).filter_map(|row| id(row, "id")));
    }
    let of_hidden = |row: &Value| {
        let names = ["text_id", "outbox_id", "item_id"];
        names.iter().filter_map(|name| id(row, name)).any(|id| hidden.contains(&id))
    };
    let everything = all.get("enrollments").and_then(Value::as_array).into_iter().flatten().all(of_program);
    for (table, rows) in all.iter_mut() {
        let Some(rows) = rows.as_array_mut() else { continue };
        rows.retain(|row| match &**table {
            "inbox" => row["sender"].as_str().is_none_or(|sender| shown.sender(sender)),
            // What waits to be read by her alone does not tell of which program it is.
            "unread" => everything,
            "enrollments" => of_program(row),
            _ => {
                let of_enrollment = id(row, "enrollment_id").is_none_or(|id| shown.enrollment(id));
                of_enrollment && of_program(row) && !of_hidden(row)
            }
        });
    }
}

/// A deed of hers tells its program in its detail.
fn told_program(row: &Value, shown: &impl Shown) -> bool {
    let (action, detail) = (row["action"].as_str(), row["detail"].as_str());
    action.zip(detail).is_none_or(|(action, detail)| shown.program(auditing::told_program(action, detail)))
}

fn id(row: &Value, name: &str) -> Option<Uuid> {
    Uuid::parse_str(row.get(name)?.as_str()?).ok()
}

/// What she agreed to on a phone from which an enrollment has come here.
async fn agreed_before(
    service: &Service,
    tx: &mut Tx,
    her: &Subscriber,
    all: &mut Map<String, Value>,
) -> StoreResult<()> {
    let enrollments = all.get("enrollments").and_then(Value::as_array);
    let enrollments: Vec<Uuid> = enrollments.into_iter().flatten().filter_map(|row| id(row, "id")).collect();
    let mut earlier = Vec::new();
    for before in moved::before(service, tx, her, &enrollments).await? {
        earlier.extend(before.consents.iter().map(told));
    }
    if let Some(consents) = all.get_mut("consents").and_then(Value::as_array_mut) {
        consents.extend(earlier);
    }
    Ok(())
}

fn told(consent: &Consent) -> Value {
    json!({
        "id": consent.id, "subscriber_id": consent.subscriber_id, "enrollment_id": consent.enrollment_id,
        "program": consent.program, "sender": consent.sender, "action": consent.action,
        "exchange": Exchange::from_json(&consent.exchange), "at": consent.at,
    })
}

/// Her last texts that have ended, and when that became known.
fn ended(all: &Map<String, Value>) -> Vec<(Uuid, Option<DateTime<Utc>>)> {
    let history = all.get("history").and_then(Value::as_array).into_iter().flatten();
    let mut texts: Vec<_> = history
        .filter_map(|row| {
            let at = DateTime::parse_from_rfc3339(row["ended_at"].as_str()?).ok();
            Some((id(row, "id")?, at.map(|at| at.to_utc())))
        })
        .collect();
    texts.sort_unstable_by_key(|(id, _)| std::cmp::Reverse(*id));
    texts.truncate(REPORTED);
    texts
}
