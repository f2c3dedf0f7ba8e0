//! How an item ends: answered or closed, by somebody who has read all that she wrote.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Fate, Holder, Refused, Why, holder, taking};
use crate::flows::Service;
use crate::flows::auditing::{self, Actor, Object};
use crate::store::helps::{self, Item, working};
use crate::store::people::{self, Subscriber};
use crate::store::{Database, StoreResult, Tx, accounts};

/// Ends an item without an answer; why, and a note of what else there is to say. `read_up_to`: when she had written last
/// ([`Item::last_at`]) as whoever closes it has read it. What came after that, nobody has read: it stays open.
pub async fn close(
    service: &Service,
    (item, read_up_to): (Uuid, DateTime<Utc>),
    (why, remark): (Option<Why>, &str),
    by: &Actor,
) -> Result<(), Refused> {
    let mut tx = service.database.begin().await?;
    let (_, item) = hold(&mut tx, item).await?;
    not_anothers(service, &mut tx, &item, by).await?;
    if item.state == Fate::Open.name() && item.last_at != read_up_to {
        return Err(Refused::WroteAgain);
    }
    end(service, &mut tx, &item, (Fate::Closed, why), by).await?;
    taking::add(service, &mut tx, &item, remark, by).await?;
    Ok(tx.commit().await?)
}

/// Whether an item has ended by just this answer of theirs. A form that was sent twice is done once, and then it was
/// nobody else who was faster.
pub async fn is_answered(database: &Database, item: Uuid, words: &str, by: &Actor) -> StoreResult<bool> {
    let mut tx = database.read().await?;
    if !is_ended(&mut tx, item, (Fate::Answered, None), by).await? {
        return Ok(false);
    }
    let last = helps::texts(&mut tx, item).await?.into_iter().rfind(|text| !text.from_her);
    Ok(last.is_some_and(|last| last.body == words && last.written_by.as_deref() == Some(&by.name)))
}

/// The same of closing it, for this reason.
pub async fn is_closed(database: &Database, item: Uuid, why: Option<Why>, by: &Actor) -> StoreResult<bool> {
    is_ended(&mut database.read().await?, item, (Fate::Closed, why), by).await
}

async fn is_ended(
    tx: &mut Tx,
    item: Uuid,
    (fate, why): (Fate, Option<Why>),
    by: &Actor,
) -> StoreResult<bool> {
    let Some(item) = working::look(tx, item).await? else { return Ok(false) };
    let theirs = item.closed_by.as_deref() == Some(&by.name);
    Ok(theirs && item.state == fate.name() && item.closed_why.as_deref() == why.map(Why::name))
}

/// Takes hold of an item and of whose it is. She is locked first, as by whoever hears her: until the transaction ends
/// nothing that she writes comes in between.
pub(super) async fn hold(tx: &mut Tx, item: Uuid) -> Result<(Option<Subscriber>, Item), Refused> {
    let seen = working::look(tx, item).await?.ok_or(Refused::Gone)?;
    let her = people::lock_id(tx, seen.subscriber_id).await?;
    let item = helps::find(tx, item).await?.ok_or(Refused::Gone)?;
    // It went over to her other phone meanwhile: it is to be looked at again.
    if item.subscriber_id == seen.subscriber_id { Ok((her, item)) } else { Err(Refused::WroteAgain) }
}

/// Refuses who is not at an item while somebody else is.
pub(super) async fn not_anothers(
    service: &Service,
    tx: &mut Tx,
    item: &Item,
    by: &Actor,
) -> Result<(), Refused> {
    match holder(item, service.now()) {
        Some(Holder { account, since }) if by.account != Some(account) => {
            let name = accounts::find(tx, account).await?.map(|account| account.name);
            Err(Refused::Taken(name.unwrap_or_default(), since))
        }
        _ => Ok(()),
    }
}

/// Ends it, if it is open.
pub(super) async fn end(
    service: &Service,
    tx: &mut Tx,
    item: &Item,
    (fate, why): (Fate, Option<Why>),
    by: &Actor,
) -> Result<(), Refused> {
    let (why, now) = (why.map(Why::name), service.now());
    if !helps::end(tx, item.id, (fate.name(), why), &by.name, now).await? {
        let found = helps::find(tx, item.id).await?;
        return Err(found.map_or(Refused::Gone, |item| ended(&item)));
    }
    let detail = why.map_or_else(|| item.id.to_string(), |why| format!("{}: {why}", item.id));
    let her = Object::mother(item.subscriber_id, Some(&item.program));
    auditing::note(service, tx, by, &format!("help {}", fate.name()), her, &detail).await?;
    Ok(())
}

/// It has ended, and who was faster.
pub(super) fn ended(item: &Item) -> Refused {
    Refused::Ended(item.state.clone(), item.closed_by.clone().unwrap_or_default())
}
