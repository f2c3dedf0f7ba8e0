//! A broadcast at the console, until it is begun: written, counted, confirmed by who wrote it, and approved by a second
//! person where it reaches many. Whatever changes in it makes all of that void; and whoever decides does so about what
//! they were shown ([`shown`]).
//!
//! What was counted is kept with it; to confirm or approve, the count must be fresh. Who is counted is who gets it: whoever
//! enrolls later is not one of them, so it cannot grow behind the back of who approved it.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::correcting::stands;
use super::{BEGINNING, Before, Counted, Message, Segment, found, lately, without_words};
use crate::domain::language::Language;
use crate::flows::auditing::{self, Actor, Object};
use crate::flows::{Bell, Service};
use crate::library::Text;
use crate::store::broadcasts::{self, Broadcast, DRAFT, SENDING, WAITING, WITHDRAWN, planning};
use crate::store::{StoreError, StoreResult, Tx, service as facts};

/// A count is good so long to decide by.
pub const FRESH: TimeDelta = TimeDelta::minutes(15);

/// Why something was not done with a broadcast.
#[derive(Debug, thiserror::Error)]
pub enum NotDone {
    /// It is not there.
    #[error("there is no such broadcast")]
    Gone,
    /// It has been begun, or given up.
    #[error("it is {0} already")]
    State(String),
    /// Nobody has counted, or too long ago, or others than were shown.
    #[error("the count is not fresh any more")]
    Stale,
    /// It says something else, or to others, than whoever decides was shown: this person has changed it.
    #[error("{0} has changed it meanwhile")]
    Changed(String),
    /// It was written by another version of this program, or is damaged.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    /// The tip that it corrects is not recalled any more.
    #[error("the tip is not recalled any more: nobody is told that it was wrong")]
    Lifted,
    /// It reaches nobody.
    #[error("it reaches nobody")]
    Nobody,
    /// It would reach women whose language it has no words for.
    #[error("there are no words in some of their languages")]
    NoWords(Vec<Language>),
    /// It goes at any hour, and nobody has said that it may.
    #[error("an emergency must be confirmed")]
    Emergency,
    /// The same went to the same people a short while ago.
    #[error("the same was sent a short while ago")]
    Lately(Box<Broadcast>),
    /// Who wrote or confirmed it cannot approve it.
    #[error("a second person must approve it")]
    SamePerson,
    /// It reaches more than were confirmed: so many then, so many now.
    #[error("it reaches {1} people now, and {0} were confirmed")]
    Grew(i64, i64),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Whom a broadcast is for, or what it says, cannot be read: then it is for nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this version cannot read whom it is for, or what it says")]
pub struct Unreadable;

/// What whoever confirms has seen and said.
#[derive(Clone, Copy, Debug)]
pub struct Confirmed<'a> {
    /// How many people they were shown.
    pub people: i64,
    /// What they were shown, as [`shown`] names it.
    pub shown: &'a str,
    /// They have said that it goes at any hour.
    pub emergency: bool,
    /// They have said that it goes again.
    pub again: bool,
}

/// What confirming came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Submitted {
    /// It goes.
    Sending,
    /// A second person has to approve it.
    Waiting,
}

/// What a broadcast says to whom. What cannot be read is an error: an audience of which a part is not understood would be
/// a larger one.
pub fn message(broadcast: &Broadcast) -> Result<Message, Unreadable> {
    let segment: Segment = serde_json::from_str(&broadcast.segment).map_err(|_| Unreadable)?;
    let words: BTreeMap<Language, String> = serde_json::from_str(&broadcast.words).map_err(|_| Unreadable)?;
    let words = words.into_iter().map(|(language, words)| (language, Text::new(&words))).collect();
    Ok(Message { segment, words, emergency: broadcast.emergency })
}

/// A name for what a page shows of a broadcast to whoever decides: its words, its audience and its urgency; and the count
/// of it. It is handed back with the decision, which is about that and nothing else.
pub fn shown(broadcast: &Broadcast) -> String {
    let counted = counted(broadcast).map_or(0, |counted| counted.at.timestamp_micros());
    format!("{}-{counted}", content(broadcast))
}

fn content(broadcast: &Broadcast) -> String {
    let all = (&broadcast.segment, &broadcast.words, broadcast.emergency);
    let digest = Sha256::digest(serde_json::to_vec(&all).unwrap_or_default());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What its last count came to.
pub fn counted(broadcast: &Broadcast) -> Option<Counted> {
    serde_json::from_str(broadcast.counted.as_deref()?).ok()
}

fn object(broadcast: &Broadcast) -> Object<'_> {
    Object { program: broadcast.program.as_deref(), ..Object::default() }
}

/// Writes a broadcast, or writes it anew: whatever was confirmed is void, and it is counted anew.
pub async fn draft(
    service: &Service,
    old: Option<Uuid>,
    message: &Message,
    why: &str,
    by: &Actor,
) -> Result<Uuid, NotDone> {
    let now = service.now();
    let mut tx = service.database.begin().await?;
    if !stands(&mut tx, message).await? {
        return Err(NotDone::Lifted);
    }
    let mut broadcast = match old {
        Some(old) => unbegun(&mut tx, old).await?,
        None => Broadcast { id: service.id(), ..Broadcast::default() },
    };
    broadcast.made_by.clone_from(&by.name);
    broadcast.account_id = by.account;
    why.trim().clone_into(&mut broadcast.why);
    broadcast.segment = message.segment_json();
    broadcast.words = message.words_json();
    broadcast.emergency = message.emergency;
    broadcast.program.clone_from(&message.segment.program);
    broadcast.corrects = message.segment.corrects.as_ref().map(|of| of.tip.clone());
    DRAFT.clone_into(&mut broadcast.state);
    (broadcast.people, broadcast.made_at) = (0, now);
    (broadcast.submitted_at, broadcast.counted, broadcast.count_asked_at) = (None, None, Some(now));
    (broadcast.submitted_by, broadcast.submitted_account) = (None, None);
    if old.is_none() {
        broadcasts::begin(&mut tx, &broadcast).await?;
    }
    planning::put(&mut tx, &broadcast).await?;
    let action = if old.is_some() { "change broadcast" } else { "write broadcast" };
    auditing::note(service, &mut tx, by, action, object(&broadcast), &broadcast.id.to_string()).await?;
    tx.commit().await?;
    Ok(broadcast.id)
}

async fn unbegun(tx: &mut Tx, id: Uuid) -> Result<Broadcast, NotDone> {
    let broadcast = planning::lock(tx, id).await?.ok_or(NotDone::Gone)?;
    match broadcast.state.as_str() {
        DRAFT | WAITING => Ok(broadcast),
        state => Err(NotDone::State(state.to_owned())),
    }
}

/// Asks for a new count.
pub async fn count_anew(service: &Service, id: Uuid) -> Result<(), NotDone> {
    let mut tx = service.database.begin().await?;
    let mut broadcast = unbegun(&mut tx, id).await?;
    broadcast.count_asked_at = broadcast.count_asked_at.or(Some(service.now()));
    planning::put(&mut tx, &broadcast).await?;
    Ok(tx.commit().await?)
}

/// Gives a broadcast up before it is begun.
pub async fn withdraw(service: &Service, id: Uuid, by: &Actor) -> Result<(), NotDone> {
    let mut tx = service.database.begin().await?;
    let broadcast = unbegun(&mut tx, id).await?;
    give_up(service, &mut tx, broadcast, by).await?;
    Ok(tx.commit().await?)
}

/// Gives one up that is held.
pub(super) async fn give_up(
    service: &Service,
    tx: &mut Tx,
    mut broadcast: Broadcast,
    by: &Actor,
) -> StoreResult<()> {
    WITHDRAWN.clone_into(&mut broadcast.state);
    (broadcast.ended_at, broadcast.count_asked_at) = (Some(service.now()), None);
    planning::put(tx, &broadcast).await?;
    let id = broadcast.id.to_string();
    auditing::note(service, tx, by, "withdraw broadcast", object(&broadcast), &id).await
}

/// A broadcast with its fresh count, ready to be decided about. Whoever else begins one waits for this to end: two who say
/// the same to the same people at once would else both find that nobody has.
async fn ready(
    service: &Service,
    tx: &mut Tx,
    id: Uuid,
    confirmed: Confirmed<'_>,
) -> Result<(Broadcast, Counted), NotDone> {
    let now = service.now();
    facts::hold_duty(tx, BEGINNING, service.id(), now, now).await?;
    let written = broadcasts::find(tx, id).await?.ok_or(NotDone::Gone)?;
    if !stands(tx, &message(&written)?).await? {
        return Err(NotDone::Lifted);
    }
    let broadcast = unbegun(tx, id).await?;
    let message = message(&broadcast)?;
    if confirmed.shown.split('-').next() != Some(&*content(&broadcast)) {
        return Err(NotDone::Changed(broadcast.made_by));
    }
    let fresh = counted(&broadcast).filter(|counted| service.now() - counted.at < FRESH);
    let fresh = fresh.filter(|_| broadcast.count_asked_at.is_none()).ok_or(NotDone::Stale)?;
    if people(&fresh) != confirmed.people || shown(&broadcast) != confirmed.shown {
        return Err(NotDone::Stale);
    }
    if fresh.people() == 0 {
        return Err(NotDone::Nobody);
    }
    let missing = without_words(&message, &fresh);
    if !missing.is_empty() {
        return Err(NotDone::NoWords(missing));
    }
    if broadcast.emergency && !confirmed.emergency {
        return Err(NotDone::Emergency);
    }
    match found(&lately(service, tx).await?, &message, service.now()) {
        Some(Before::Lately(other) | Before::Unfinished(other)) if !confirmed.again => {
            Err(NotDone::Lately(Box::new(other)))
        }
        _ => Ok((broadcast, fresh)),
    }
}

fn people(counted: &Counted) -> i64 {
    i64::try_from(counted.people()).unwrap_or(i64::MAX)
}

/// Confirms a broadcast: it goes, or to more people than `above` it waits for a second person.
pub async fn submit(
    service: &Service,
    id: Uuid,
    confirmed: Confirmed<'_>,
    above: i64,
    by: &Actor,
) -> Result<Submitted, NotDone> {
    let now = service.now();
    let mut tx = service.database.begin().await?;
    let (mut broadcast, counted) = ready(service, &mut tx, id, confirmed).await?;
    broadcast.people = people(&counted);
    broadcast.submitted_at = Some(now);
    (broadcast.submitted_by, broadcast.submitted_account) = (Some(by.name.clone()), by.account);
    let many = broadcast.people > above;
    if many {
        WAITING.clone_into(&mut broadcast.state);
        // The second person decides by a count of their own.
        broadcast.count_asked_at = Some(now);
        planning::put(&mut tx, &broadcast).await?;
        let detail = format!("{id} to {} people: {}", broadcast.people, broadcast.why);
        auditing::note(service, &mut tx, by, "submit broadcast", object(&broadcast), &detail).await?;
    } else {
        begin(service, &mut tx, broadcast, &counted, by).await?;
    }
    tx.commit().await?;
    service.bells.ring(Bell::Outbound);
    Ok(if many { Submitted::Waiting } else { Submitted::Sending })
}

/// A second person says yes to a broadcast, having seen it counted anew; it goes.
pub async fn approve(
    service: &Service,
    id: Uuid,
    confirmed: Confirmed<'_>,
    by: &Actor,
) -> Result<(), NotDone> {
    let mut tx = service.database.begin().await?;
    let (mut broadcast, counted) = ready(service, &mut tx, id, confirmed).await?;
    if broadcast.state != WAITING {
        return Err(NotDone::State(broadcast.state));
    }
    let accounts = [broadcast.account_id, broadcast.submitted_account];
    let names = [Some(&*broadcast.made_by), broadcast.submitted_by.as_deref()];
    if by.account.is_none() || accounts.contains(&by.account) || names.contains(&Some(&*by.name)) {
        return Err(NotDone::SamePerson);
    }
    let (was, now) = (broadcast.people, people(&counted));
    if now > was {
        return Err(NotDone::Grew(was, now));
    }
    broadcast.approved_by = Some(by.name.clone());
    broadcast.approved_at = Some(service.now());
    auditing::note(service, &mut tx, by, "approve broadcast", object(&broadcast), &id.to_string()).await?;
    begin(service, &mut tx, broadcast, &counted, by).await?;
    tx.commit().await?;
    service.bells.ring(Bell::Outbound);
    Ok(())
}

async fn begin(
    service: &Service,
    tx: &mut Tx,
    mut broadcast: Broadcast,
    counted: &Counted,
    by: &Actor,
) -> StoreResult<()> {
    SENDING.clone_into(&mut broadcast.state);
    (broadcast.people, broadcast.made_at) = (people(counted), counted.at);
    planning::put(tx, &broadcast).await?;
    let detail = format!("{} to {} people: {}", broadcast.id, broadcast.people, broadcast.why);
    auditing::note(service, tx, by, "broadcast", object(&broadcast), &detail).await
}
