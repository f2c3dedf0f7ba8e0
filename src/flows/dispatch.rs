//! A text goes out, in three steps, each a short transaction, none open while the network is spoken to:
//! [`lease`] takes texts that are due, answers first; [`begin`] writes their attempts, which is the last
//! check that she has not stopped; [`record`] writes what the gateway said. What happens between the second
//! and the third is the send itself, with a time limit shorter than the lease.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::senders::{Audience, Sender};
use super::{Service, receipts};
use crate::domain::delivery::State;
use crate::domain::phone::PhoneNumber;
use crate::domain::retry;
use crate::domain::segment::Encoding;
use crate::gateway::Outcome;
use crate::ids::stable_hash;
use crate::store::attempts::{self, Begun, Ended, Found};
use crate::store::outbox::{self, Lease, Leased, Settled};
use crate::store::people::{self, Mark};
use crate::store::{StoreError, StoreResult, Tx, service as facts};

/// A text is held for pacing so long. It may be leased anew after that without harm: what counts is whether
/// its holder still has it when the attempt is written.
const LEASE: TimeDelta = TimeDelta::seconds(25);
/// A text whose attempt is written is held so long; a send takes less (see [`SEND_LIMIT`]), and recording it
/// may have to wait for the database.
const SENDING: TimeDelta = TimeDelta::seconds(45);
/// A send that takes longer is given up as ambiguous.
pub const SEND_LIMIT: std::time::Duration = std::time::Duration::from_secs(30);
/// A doubt is looked at after this time, when a report would usually have come.
pub(super) const DOUBT_PAUSE: TimeDelta = TimeDelta::minutes(2);
/// Texts that missed their window are spread over so much of the next morning, not sent in one second.
const MORNING: TimeDelta = TimeDelta::minutes(60);
/// A sender that the gateway refuses as such is tried again after this time.
const HOLD: TimeDelta = TimeDelta::minutes(5);

/// A text with its attempt written: it must be sent at once.
#[derive(Clone)]
pub struct Ready {
    /// The text.
    pub id: Uuid,
    /// For whom.
    pub subscriber: Uuid,
    /// Our name for this send.
    pub attempt: Uuid,
    /// Which try it is.
    pub number: i16,
    /// To which number.
    pub phone: PhoneNumber,
    /// Its words.
    pub body: String,
    /// How they travel.
    pub encoding: Encoding,
    /// How many SMS they take.
    pub segments: u32,
    /// Too late from here on.
    pub not_after: DateTime<Utc>,
}

/// Takes up to `permits` texts of a sender that are due: answers before anything unasked. Unasked texts
/// whose window has closed are placed in the next one instead.
pub async fn lease(service: &Service, sender: &Sender, permits: i64) -> StoreResult<(Lease, Vec<Leased>)> {
    let now = service.now();
    let claim = Lease { token: service.id(), until: now + LEASE };
    let mut tx = service.database.begin().await?;
    if facts::sender_held(&mut tx, &sender.name, now).await?.is_some() {
        return Ok((claim, Vec::new()));
    }
    let mut texts = outbox::lease(&mut tx, claim, &sender.name, outbox::ANSWERS, now, permits).await?;
    let left = permits - texts.len() as i64;
    if left > 0 {
        let unasked = outbox::lease(&mut tx, claim, &sender.name, outbox::UNASKED, now, left).await?;
        texts.extend(place_again(service, &mut tx, claim, unasked, now).await?);
    }
    tx.commit().await?;
    Ok((claim, texts))
}

/// Puts texts whose window has closed into the next one; gives those that may go now.
async fn place_again(
    service: &Service,
    tx: &mut Tx,
    claim: Lease,
    texts: Vec<Leased>,
    now: DateTime<Utc>,
) -> StoreResult<Vec<Leased>> {
    let closed =
        |text: &Leased| text.window_closes_at.is_some_and(|closes| closes <= now) && text.not_after > now;
    let (late, open): (Vec<Leased>, Vec<Leased>) = texts.into_iter().partition(closed);
    if late.is_empty() {
        return Ok(open);
    }
    let edition = service.shelf.edition();
    for text in late {
        let place = outbox::window_of(tx, text.id).await?;
        let window = place.and_then(|(program, zone)| {
            let program = edition.library.program(&program?)?;
            let whereabouts = program.whereabouts(zone.and_then(|name| name.parse().ok()));
            program.timetable.window.at_or_after(now, &whereabouts)
        });
        // Without a window before it is too late, it waits for its end and expires there.
        let (at, closes) = window.map_or((text.not_after, text.not_after), |window| {
            let room = MORNING.min(window.closes - window.opens).num_milliseconds().max(1).unsigned_abs();
            let own = TimeDelta::milliseconds((stable_hash(text.id) % room) as i64);
            ((window.opens + own).max(now), window.closes)
        });
        outbox::place(tx, claim.token, text.id, at.min(text.not_after), closes).await?;
    }
    Ok(open)
}

/// Writes the attempts of leased texts, and gives the claim under which their results count. Those that may
/// not go any more are ended with their reason. Those that would pass the sender's daily cap wait for the
/// next day, the sender stops, and an alarm is raised.
pub async fn begin(
    service: &Service,
    sender: &Sender,
    claim: Lease,
    texts: Vec<Leased>,
) -> StoreResult<(Lease, Vec<Ready>)> {
    let now = service.now();
    let claim = Lease { until: now + SENDING, ..claim };
    if texts.is_empty() {
        return Ok((claim, Vec::new()));
    }
    let mut tx = service.database.begin().await?;
    let texts = refuse_strangers(service, &mut tx, sender, claim, texts, now).await?;
    let texts = keep_to_cap(service, &mut tx, sender, claim, texts, now).await?;
    let ids: Vec<Uuid> = texts.iter().map(|(text, _)| text.id).collect();
    let begun: HashMap<Uuid, i16> = outbox::begin(&mut tx, claim, &ids, now).await?.into_iter().collect();
    if begun.len() < ids.len() {
        outbox::settle_unbegun(&mut tx, claim.token, &ids, now).await?;
    }
    let hashes = texts.iter().filter_map(|(text, _)| text.wording.clone()).collect();
    let words = outbox::shared_words(&mut tx, &hashes).await?;
    let mut ready = Vec::with_capacity(begun.len());
    for (text, phone) in texts {
        let Some(number) = begun.get(&text.id) else { continue };
        let shared = || words.get(text.wording.as_deref()?).cloned();
        ready.push(Ready {
            id: text.id,
            subscriber: text.subscriber_id,
            attempt: service.id(),
            number: *number,
            phone,
            // Words that are missing are a broken database, and never an empty SMS.
            body: text.body.or_else(shared).ok_or(StoreError::RowNotFound)?,
            encoding: if text.encoding == Encoding::Gsm7.name() { Encoding::Gsm7 } else { Encoding::Ucs2 },
            segments: text.segments.unsigned_abs(),
            not_after: text.not_after,
        });
    }
    let segments = ready.iter().map(|text| i64::from(text.segments)).sum();
    facts::charge(&mut tx, &sender.name, now.date_naive(), segments).await?;
    let begun: Vec<Begun> =
        ready.iter().map(|text| Begun { id: text.attempt, text: text.id, number: text.number }).collect();
    attempts::insert(&mut tx, &sender.gateway, &begun, now).await?;
    tx.commit().await?;
    Ok((claim, ready))
}

/// Ends texts that this sender may not send: to a number that is not on a trial sender's list (it may have
/// been once), or in a country that none of its programs lists. Gives the others with their numbers.
async fn refuse_strangers(
    service: &Service,
    tx: &mut Tx,
    sender: &Sender,
    claim: Lease,
    texts: Vec<Leased>,
    now: DateTime<Utc>,
) -> StoreResult<Vec<(Leased, PhoneNumber)>> {
    let edition = service.shelf.edition();
    let serves = |phone: &PhoneNumber| match phone.region() {
        Some(region) => sender
            .programs
            .iter()
            .filter_map(|id| edition.library.program(id))
            .any(|program| program.countries.contains(&region)),
        None => sender.audience == Audience::Rehearsal,
    };
    let (mut allowed, mut refused) = (Vec::with_capacity(texts.len()), Vec::new());
    for text in texts {
        match PhoneNumber::from_e164(text.phone.clone()) {
            Some(phone) if sender.may_text(&phone) && serves(&phone) => allowed.push((text, phone)),
            _ => refused.push(text.id),
        }
    }
    let reason =
        "this sender may not text that number: it is not a listed test number, or its country is not served";
    outbox::refuse(tx, claim.token, &refused, reason, now).await?;
    Ok(allowed)
}

/// Gives the texts that the sender's daily cap has room for. The day's row is locked by the charge that
/// follows in the same transaction, so several processes share one cap.
async fn keep_to_cap(
    service: &Service,
    tx: &mut Tx,
    sender: &Sender,
    claim: Lease,
    texts: Vec<(Leased, PhoneNumber)>,
    now: DateTime<Utc>,
) -> StoreResult<Vec<(Leased, PhoneNumber)>> {
    // Charging nothing locks the row and tells the total.
    let mut used = facts::charge(tx, &sender.name, now.date_naive(), 0).await?;
    let midnight = (now + TimeDelta::days(1)).date_naive().and_time(chrono::NaiveTime::MIN).and_utc();
    let (mut within, mut beyond) = (Vec::with_capacity(texts.len()), Vec::new());
    for text in texts {
        let segments = i64::from(text.0.segments);
        if used + segments <= sender.segments_per_day {
            used += segments;
            within.push(text);
        } else {
            beyond.push((text.0.id, midnight));
        }
    }
    if !beyond.is_empty() {
        outbox::give_back(tx, claim.token, &beyond).await?;
        let reason = "it has sent as many segments today as it may";
        hold(service, tx, sender, midnight, "daily_cap", reason).await?;
    }
    Ok(within)
}

/// Stops a sender for a while and raises an alarm, once an hour at most.
async fn hold(
    service: &Service,
    tx: &mut Tx,
    sender: &Sender,
    until: DateTime<Utc>,
    kind: &str,
    reason: &str,
) -> StoreResult<()> {
    facts::hold_sender(tx, &sender.name, until, reason).await?;
    service.alarm(tx, kind, &sender.name, reason, TimeDelta::hours(1)).await.map(|_| ())
}

/// Writes what the gateway said of each send, in one transaction.
pub async fn record(
    service: &Service,
    sender: &Sender,
    claim: Lease,
    results: &[(Ready, Outcome)],
) -> StoreResult<()> {
    let now = service.now();
    let mut tx = service.database.begin().await?;
    let ended: Vec<Ended> = results.iter().map(|(text, outcome)| ended(text, outcome)).collect();
    attempts::close(&mut tx, &ended, now).await?;
    let settled: Vec<Settled> = results.iter().map(|(text, outcome)| settled(text, outcome, now)).collect();
    outbox::settle(&mut tx, claim.token, &settled).await?;
    for (text, outcome) in results {
        match outcome {
            Outcome::Accepted { provider_id: Some(provider_id) } => {
                let attempt = Found { id: text.attempt, outbox_id: text.id, number: text.number };
                receipts::adopt(service, &mut tx, &sender.gateway, &attempt, provider_id).await?;
            }
            Outcome::RefusedRecipient { opted_out: true, .. } => {
                receipts::provider_opt_out(service, &mut tx, text.subscriber, &sender.name).await?;
            }
            Outcome::RefusedUs { sentence, stops_sender: true, .. } => {
                hold(service, &mut tx, sender, now + HOLD, "sender_refused", sentence).await?;
            }
            Outcome::RefusedUs { sentence, code, .. } => {
                let subject = format!("{} {code}", sender.name);
                service.alarm(&mut tx, "text_refused", &subject, sentence, TimeDelta::hours(1)).await?;
            }
            _ => {}
        }
        service.metrics.send(&sender.name, outcome_name(outcome), code_of(outcome));
    }
    tx.commit().await
}

fn ended(text: &Ready, outcome: &Outcome) -> Ended {
    let (provider_id, sentence) = match outcome {
        Outcome::Accepted { provider_id } => (provider_id.clone(), None),
        Outcome::RefusedRecipient { sentence, .. }
        | Outcome::RefusedUs { sentence, .. }
        | Outcome::Transient { sentence, .. }
        | Outcome::Ambiguous { sentence, .. } => (None, Some(sentence.clone())),
    };
    let code = code_of(outcome).map(str::to_owned);
    Ended { id: text.attempt, outcome: outcome_name(outcome), provider_id, code, sentence }
}

fn outcome_name(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Accepted { .. } => "accepted",
        Outcome::RefusedRecipient { .. } => "refused_recipient",
        Outcome::RefusedUs { .. } => "refused_us",
        Outcome::Transient { .. } => "transient",
        Outcome::Ambiguous { .. } => "ambiguous",
    }
}

fn code_of(outcome: &Outcome) -> Option<&str> {
    match outcome {
        Outcome::Accepted { .. } => None,
        Outcome::RefusedRecipient { code, .. }
        | Outcome::RefusedUs { code, .. }
        | Outcome::Transient { code, .. }
        | Outcome::Ambiguous { code, .. } => Some(code),
    }
}

/// The state a send leaves its text in.
fn settled(text: &Ready, outcome: &Outcome, now: DateTime<Utc>) -> Settled {
    let again = |wait: std::time::Duration| {
        let at = now + TimeDelta::from_std(wait).unwrap_or(HOLD);
        // What would come back too late comes back at its end, and expires there by name.
        (State::Queued, at.min(text.not_after))
    };
    let (state, at) = match outcome {
        Outcome::Accepted { .. } => (State::Accepted, now),
        Outcome::RefusedRecipient { .. } => (State::Failed, now),
        Outcome::RefusedUs { stops_sender: true, .. } => (State::Queued, (now + HOLD).min(text.not_after)),
        Outcome::RefusedUs { .. } => (State::Failed, now),
        // Tried again as long as it is right: an outage of the gateway ends, and a tip that could still have
        // gone must not have been given up meanwhile.
        Outcome::Transient { retry_after, .. } => {
            again(retry::wait(u32::from(text.number.unsigned_abs()), text.id, *retry_after))
        }
        Outcome::Ambiguous { .. } => (State::InDoubt, now + DOUBT_PAUSE),
    };
    let closed = ended(text, outcome);
    Settled { id: text.id, state, at, code: closed.code, reason: closed.sentence }
}

/// Marks a number as blocked by its provider.
pub(super) async fn mark_blocked(service: &Service, tx: &mut Tx, subscriber: Uuid) -> StoreResult<()> {
    people::mark(tx, subscriber, Mark::Blocked, Some(service.now())).await
}
