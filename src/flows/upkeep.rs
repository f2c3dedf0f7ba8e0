//! What time itself brings: reminders of half-done enrollments, questions dropped, stale texts expired.

use chrono::TimeDelta;

use super::erasing;
use super::exchange::Exchange;
use super::{Bell, Edition, Service};
use crate::domain::conversation::{EnrollmentState, Fields, Reply, Step};
use crate::domain::danger::Sign;
use crate::domain::gestation::Anchor;
use crate::domain::language::Language;
use crate::domain::phone::PhoneNumber;
use crate::library::{Text, Voice};
use crate::store::outbox::{self, Kind, NewText, Words};
use crate::store::people::Enrollment;
use crate::store::talk::{self, DueNudge, OpenQuestion};
use crate::store::{StoreResult, Tx, helps, people};

/// Expires texts that are too late to be right; gives how many.
pub async fn expire(service: &Service) -> StoreResult<u64> {
    let mut all = 0;
    loop {
        let mut tx = service.database.begin().await?;
        let expired = outbox::expire(&mut tx, service.now()).await?;
        tx.commit().await?;
        if expired == 0 {
            return Ok(all);
        }
        all += expired;
    }
}

/// Reminds once of each half-done enrollment, inside her window, and drops those whose time is over.
pub async fn converse(service: &Service, limit: i64) -> StoreResult<usize> {
    let now = service.now();
    let edition = service.shelf.edition();
    let mut tx = service.database.begin().await?;
    let due = talk::due_nudges(&mut tx, now, limit).await?;
    for nudge in &due {
        remind(service, &mut tx, &edition, nudge).await?;
    }
    let dropped = talk::drop_expired(&mut tx, now).await?;
    tx.commit().await?;
    if !due.is_empty() {
        service.bells.ring(Bell::Outbound);
    }
    Ok(due.len() + usize::try_from(dropped).unwrap_or(usize::MAX))
}

/// Nobody is reminded of a date who has told us of a loss; nor who is afraid at home or for herself: who reads her phone
/// would see what she has begun; nor who was erased before: with that she had said STOP.
async fn may_remind(service: &Service, tx: &mut Tx, nudge: &DueNudge) -> StoreResult<bool> {
    let person = nudge.question.subscriber_id;
    if let Some(number) = PhoneNumber::from_e164(&nudge.phone)
        && erasing::is_known(service, tx, &number).await?
    {
        return Ok(false);
    }
    let lost = |state| matches!(state, EnrollmentState::Frozen | EnrollmentState::Supported);
    if people::enrollments_of(tx, person).await?.iter().any(|one| lost(one.state)) {
        return Ok(false);
    }
    let sign = helps::open_of(tx, person).await?.and_then(|item| item.sign);
    let afraid = [Sign::Violence, Sign::SelfHarm].map(Sign::name);
    Ok(sign.is_none_or(|sign| !afraid.contains(&sign.as_str())))
}

async fn remind(service: &Service, tx: &mut Tx, edition: &Edition, nudge: &DueNudge) -> StoreResult<()> {
    let now = service.now();
    let question = &nudge.question;
    let person = question.subscriber_id;
    let program = edition.library.program(&question.program);
    let Some(program) = program.filter(|_| !nudge.discreet) else {
        return talk::set_nudge(tx, person, None).await;
    };
    if !may_remind(service, tx, nudge).await? {
        return talk::set_nudge(tx, person, None).await;
    }
    let whereabouts = program.whereabouts(nudge.zone.as_deref().and_then(|zone| zone.parse().ok()));
    let Some(window) = program.timetable.window.at_or_after(now, &whereabouts) else {
        return talk::set_nudge(tx, person, None).await;
    };
    if window.opens > now {
        // Quiet hours: the reminder waits for the morning, unless the question is dropped by then.
        let at = Some(window.opens).filter(|opens| *opens < question.expires_at);
        return talk::set_nudge(tx, person, at).await;
    }
    let step = serde_json::from_str::<Step>(&question.step).ok();
    let step = step.as_ref().and_then(Step::beneath);
    let anchor = match &step {
        Some(Step::Confirm { taken, .. }) => Some(taken.anchor()),
        Some(Step::Resume { enrollment }) => {
            let all = people::enrollments_of(tx, person).await?;
            all.iter().find(|one| one.id == *enrollment).map(Enrollment::anchor)
        }
        _ => None,
    };
    // The text that asked may never have come: a YES must be to a date that she has read.
    let reply = match (anchor, step) {
        (Some(Anchor::Due(_)), _) => Reply::NudgeDue,
        (Some(Anchor::Born(_)), _) => Reply::NudgeBorn,
        (None, Some(Step::Place { .. })) => Reply::NudgePlace,
        (None, _) => Reply::NudgeDate,
    };
    let fields = anchor.map(Fields::of).unwrap_or_default();
    let Ok(language) = question.language.parse::<Language>() else {
        return talk::set_nudge(tx, person, None).await;
    };
    let voice = Voice { library: &edition.library, program, language, today: whereabouts.date_at(now) };
    if let Some(words) = voice.say(reply, &fields) {
        let text = Text::new(&words);
        let new = NewText {
            id: service.text_id(),
            subscriber: person,
            enrollment: None,
            answers: None,
            sender: question.sender.clone(),
            phone: nudge.phone.clone(),
            kind: Kind::Nudge,
            language,
            words: Words::Own(text.body.to_string()),
            encoding: text.encoding,
            segments: text.segments,
            program: Some(program.id.clone()),
            edition: Some(edition.number),
            tip: None,
            queued_at: now,
            due_at: now,
            not_after: window.closes.min(now + TimeDelta::hours(12)),
            window_closes_at: Some(window.closes),
        };
        outbox::queue(tx, &[new]).await?;
        let mut exchange = Exchange::from_json(&question.exchange);
        exchange.show(&words, now);
        talk::ask(tx, &OpenQuestion { exchange: exchange.to_json(), nudge_at: None, ..question.clone() })
            .await?;
    }
    Ok(())
}
