//! Who is at an item. Whoever takes it has it alone for as long as they do something with it; after a while without
//! anything it is free again. Another may take it over, sees that they do, and it is written down.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::{Fate, Refused, ended, not_anothers};
use crate::domain::role::{Grant, Right};
use crate::flows::Service;
use crate::flows::auditing::{self, Actor, Object};
use crate::store::accounts::{self, Account};
use crate::store::helps::{self, Item, working};
use crate::store::{StoreResult, Tx};

/// Whoever does nothing with an item for so long is not at it any more.
pub const HELD: TimeDelta = TimeDelta::minutes(15);

/// Who is at an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holder {
    /// Which account.
    pub account: Uuid,
    /// When they did something with it last.
    pub since: DateTime<Utc>,
}

/// Who is at an item now.
pub fn holder(item: &Item, now: DateTime<Utc>) -> Option<Holder> {
    let (account, since) = item.taken_by.zip(item.taken_at)?;
    (now - since < HELD).then_some(Holder { account, since })
}

/// Takes an item. It is refused while somebody else is at it, unless it is said that it is taken over `from` them: who
/// has seen that Bob is at it takes it over from Bob, and from nobody who came after him.
pub async fn take(service: &Service, item: Uuid, from: Option<Uuid>, by: &Actor) -> Result<(), Refused> {
    let account = by.account.ok_or(Refused::NoAccount)?;
    let mut tx = service.database.begin().await?;
    let item = open(&mut tx, item).await?;
    let before = holder(&item, service.now()).filter(|holder| holder.account != account);
    let mut detail = item.id.to_string();
    if let Some(before) = before {
        let name = accounts::find(&mut tx, before.account).await?.map(|account| account.name);
        let name = name.unwrap_or_default();
        if from != Some(before.account) {
            return Err(Refused::Taken(name, before.since));
        }
        detail = format!("{detail}, from {name}");
    }
    working::take(&mut tx, item.id, account, service.now()).await?;
    let action = if before.is_some() { "help taken over" } else { "help taken" };
    auditing::note(service, &mut tx, by, action, her(&item), &detail).await?;
    Ok(tx.commit().await?)
}

/// They are still at it: it stays theirs.
pub async fn keep(service: &Service, item: Uuid, by: &Actor) -> StoreResult<()> {
    let Some(account) = by.account else { return Ok(()) };
    let mut tx = service.database.begin().await?;
    working::touch(&mut tx, item, account, service.now()).await?;
    tx.commit().await
}

/// Puts an item back for whoever comes.
pub async fn put_back(service: &Service, item: Uuid, by: &Actor) -> Result<(), Refused> {
    let mut tx = service.database.begin().await?;
    let item = open(&mut tx, item).await?;
    not_anothers(service, &mut tx, &item, by).await?;
    working::release(&mut tx, item.id, item.handed_to).await?;
    auditing::note(service, &mut tx, by, "help put back", her(&item), &item.id.to_string()).await?;
    Ok(tx.commit().await?)
}

/// Hands an item on to somebody who answers in its program, with a note that she never sees.
pub async fn hand_on(
    service: &Service,
    item: Uuid,
    (to, words): (Uuid, &str),
    by: &Actor,
) -> Result<Account, Refused> {
    let mut tx = service.database.begin().await?;
    let item = open(&mut tx, item).await?;
    not_anothers(service, &mut tx, &item, by).await?;
    let to = accounts::find(&mut tx, to).await?.ok_or(Refused::NotTheirs)?;
    let grants = accounts::grants(&mut tx, to.id).await?;
    if !answers(&to, grants.iter(), &item.program) {
        return Err(Refused::NotTheirs);
    }
    working::release(&mut tx, item.id, Some(to.id)).await?;
    add(service, &mut tx, &item, words, by).await?;
    let detail = format!("{}, to {}", item.id, to.name);
    auditing::note(service, &mut tx, by, "help handed on", her(&item), &detail).await?;
    tx.commit().await?;
    Ok(to)
}

/// Writes a note about an item, for those who answer.
pub async fn note(service: &Service, item: Uuid, words: &str, by: &Actor) -> Result<(), Refused> {
    let mut tx = service.database.begin().await?;
    let item = helps::find(&mut tx, item).await?.ok_or(Refused::Gone)?;
    add(service, &mut tx, &item, words, by).await?;
    if let Some(account) = by.account {
        working::touch(&mut tx, item.id, account, service.now()).await?;
    }
    auditing::note(service, &mut tx, by, "help note", her(&item), &item.id.to_string()).await?;
    Ok(tx.commit().await?)
}

/// Who may answer in a program, by name.
pub async fn people(service: &Service, program: &str) -> StoreResult<Vec<Account>> {
    let mut tx = service.database.read().await?;
    let grants = accounts::all_grants(&mut tx).await?;
    let mut people = accounts::all(&mut tx).await?;
    people.retain(|account| {
        let theirs = grants.iter().filter(|(whose, _)| *whose == account.id);
        answers(account, theirs.map(|(_, grant)| grant), program)
    });
    Ok(people)
}

fn answers<'a>(account: &Account, mut grants: impl Iterator<Item = &'a Grant>, program: &str) -> bool {
    let may = grants.any(|grant| grant.role.allows(Right::Answer) && grant.covers(program));
    may && account.closed_at.is_none() && account.password.is_some()
}

/// Adds a note, if there are words.
pub(super) async fn add(
    service: &Service,
    tx: &mut Tx,
    item: &Item,
    words: &str,
    by: &Actor,
) -> StoreResult<()> {
    let words = words.trim();
    if words.is_empty() {
        return Ok(());
    }
    let (body, written_by) = (words.to_owned(), by.name.clone());
    working::add_note(tx, item.id, &working::Note { id: service.id(), body, written_by, at: service.now() })
        .await
}

async fn open(tx: &mut Tx, item: Uuid) -> Result<Item, Refused> {
    let item = helps::find(tx, item).await?.ok_or(Refused::Gone)?;
    if item.state == Fate::Open.name() { Ok(item) } else { Err(ended(&item)) }
}

fn her(item: &Item) -> Object<'_> {
    Object::mother(item.subscriber_id, Some(&item.program))
}
