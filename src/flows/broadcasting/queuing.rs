//! A broadcast is queued, a part of the people at a time, and stopped.

use std::collections::HashSet;

use uuid::Uuid;

use super::Message;
use super::carrying::Duty;
use super::correcting::{candidates, tell};
use super::covers::{Cover, Covers};
use super::reaching::reach;
use crate::domain::reason;
use crate::flows::auditing::{self, Actor, Object};
use crate::flows::{Bell, Service};
use crate::store::broadcasts::{self, Broadcast, SENDING, SENT, STOPPED, planning};
use crate::store::{StoreResult, Tx, outbox, unread};

/// What queuing came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Queued {
    /// To how many it was queued now.
    pub people: usize,
    /// Somebody stopped it meanwhile.
    pub stopped: bool,
}

/// Queues a broadcast to everybody who was counted and to whom it has not been queued, a part of them in a transaction.
pub async fn queue(service: &Service, message: &Message, broadcast: &Broadcast) -> StoreResult<Queued> {
    let mut all = Queued::default();
    let mut after = Uuid::nil();
    while let Some(part) = queue_part(service, message, broadcast, after).await? {
        match part {
            Part::Queued(people, end) => {
                all.people += people;
                after = end;
                service.bells.ring(Bell::Outbound);
            }
            Part::Stopped => return Ok(Queued { stopped: true, ..all }),
        }
    }
    let mut tx = service.database.begin().await?;
    let ended = broadcasts::end(&mut tx, broadcast.id, SENT, service.now()).await?;
    let stopped =
        !ended && broadcasts::find(&mut tx, broadcast.id).await?.is_none_or(|now| now.state == STOPPED);
    tx.commit().await?;
    Ok(Queued { stopped, ..all })
}

/// What queuing one part came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// It was queued to so many; the next part comes after this person.
    Queued(usize, Uuid),
    /// Somebody has stopped it.
    Stopped,
}

/// Queues a broadcast to the part of people after one; none: there are no more.
pub async fn queue_part(
    service: &Service,
    message: &Message,
    broadcast: &Broadcast,
    after: Uuid,
) -> StoreResult<Option<Part>> {
    let (edition, now, at) = (service.shelf.edition(), service.now(), broadcast.made_at);
    let mut tx = service.database.begin().await?;
    match broadcasts::hold(&mut tx, broadcast.id).await?.as_deref() {
        Some(SENDING) => {}
        // Another process has queued all that was left.
        Some(SENT) => return Ok(None),
        _ => return Ok(Some(Part::Stopped)),
    }
    let Some(end) = broadcasts::part_end(&mut tx, after).await? else { return Ok(None) };
    let people = candidates(&mut tx, message, broadcast.id, at, (after, end)).await?;
    let mut covers = Covers::new(&edition, now);
    let (mut texts, mut kept) = (Vec::new(), Vec::new());
    for hers in people.chunk_by(|a, b| a.subscriber == b.subscriber) {
        let Some(Ok(reached)) = reach(message, &edition, hers, (at, now)) else { continue };
        let Some(words) = message.words.get(&reached.her.language) else { continue };
        let cover = match covers.of(reached.her) {
            Cover::None => None,
            Cover::Some(cover) => Some(cover),
            Cover::Missing => continue,
        };
        let text = reached.text(service, message, &edition, words, cover);
        if cover.is_some() {
            // What is not for her after a loss she never reads then, however long it has waited.
            kept.push((text.id, text.subscriber, words.body.clone(), text.enrollment.is_some()));
        }
        texts.push(text);
    }
    tell(&mut tx, message, &mut texts).await?;
    let keys: Vec<(Uuid, Uuid)> = texts.iter().map(|text| (text.subscriber, text.id)).collect();
    let new: HashSet<Uuid> = broadcasts::queued(&mut tx, broadcast.id, &keys).await?.into_iter().collect();
    texts.retain(|text| new.contains(&text.id));
    if !texts.is_empty() {
        let words = message.words.values();
        let shared: Vec<_> =
            words.map(|text| (&text.hash, &*text.body, text.encoding, text.segments)).collect();
        outbox::share_words(&mut tx, &shared).await?;
        outbox::queue(&mut tx, &texts).await?;
    }
    for (text, subscriber, words, of_baby) in kept.iter().filter(|(text, ..)| new.contains(text)) {
        unread::keep(&mut tx, *text, *subscriber, (words, *of_baby), now).await?;
    }
    tx.commit().await?;
    Ok(Some(Part::Queued(texts.len(), end)))
}

/// Stops a broadcast: from here on nothing of it leaves. Gives how many texts were taken back; none: it was stopped
/// before, and what was left of it is taken back now.
pub async fn stop(service: &Service, broadcast: Uuid, by: &Actor) -> StoreResult<(bool, usize)> {
    let stopped = halt(service, broadcast, by).await?;
    Ok((stopped, take_back(service, broadcast, None).await?))
}

/// Stops a broadcast and waits for nothing: from here on nothing of it leaves, for each claim looks. What waits is taken
/// back afterwards ([`take_back`]). False: it was stopped before, or was never begun.
pub async fn halt(service: &Service, broadcast: Uuid, by: &Actor) -> StoreResult<bool> {
    let mut tx = service.database.begin().await?;
    let stopped = halt_in(service, &mut tx, broadcast, by).await?;
    tx.commit().await?;
    Ok(stopped)
}

/// The same, as a part of something else.
pub(super) async fn halt_in(
    service: &Service,
    tx: &mut Tx,
    broadcast: Uuid,
    by: &Actor,
) -> StoreResult<bool> {
    let stopped = broadcasts::end(tx, broadcast, STOPPED, service.now()).await?;
    if stopped {
        let program = broadcasts::find(tx, broadcast).await?.and_then(|broadcast| broadcast.program);
        let of = Object { program: program.as_deref(), ..Object::default() };
        auditing::note(service, tx, by, "stop broadcast", of, &broadcast.to_string()).await?;
    }
    Ok(stopped)
}

/// Takes back what still waits of a broadcast that was stopped, as long as the duty of it is ours; gives how many texts.
pub(super) async fn take_back(
    service: &Service,
    broadcast: Uuid,
    mut duty: Option<&mut Duty>,
) -> StoreResult<usize> {
    let now = service.now();
    let (mut taken_back, mut after) = (0, Uuid::nil());
    loop {
        if let Some(duty) = duty.as_deref_mut()
            && !duty.keep(service).await?
        {
            return Ok(taken_back);
        }
        let mut tx = service.database.begin().await?;
        let Some(end) = broadcasts::queued_end(&mut tx, broadcast, after).await? else {
            planning::cleared(&mut tx, broadcast, now).await?;
            tx.commit().await?;
            return Ok(taken_back);
        };
        let reason = reason::BROADCAST;
        taken_back += outbox::cancel_broadcast(&mut tx, broadcast, (after, end), reason, now).await?;
        // Nor does she read when she is alone what nobody is to read.
        broadcasts::forget_unread(&mut tx, broadcast, (after, end)).await?;
        tx.commit().await?;
        after = end;
    }
}
