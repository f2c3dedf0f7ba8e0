//! All that is held of a person, given out: for her, who may ask for it. That it was given out, by whom and why, is
//! written down with it.

use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::Service;
use super::auditing::{self, Actor, Object};
use crate::domain::phone::hidden_in;
use crate::store::{StoreResult, exports};

/// Everything, by table; first how and when it was given out.
pub async fn export(
    service: &Service,
    subscriber: Uuid,
    program: Option<&str>,
    (by, why): (&Actor, &str),
) -> StoreResult<Map<String, Value>> {
    let mut tx = service.database.begin().await?;
    let to = Object::mother(subscriber, program);
    auditing::note(service, &mut tx, by, "export", to, &hidden_in(why.trim())).await?;
    tx.commit().await?;
    let mut tx = service.database.read().await?;
    let mut all = exports::all(&mut tx, subscriber).await?;
    let about = json!({ "exported_at": service.now(), "service": "Motherline" });
    all.insert("export".to_owned(), about);
    Ok(all)
}
