//! A text that a person writes to her, and the last text once more.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::{Case, LIFE, NotAgain, Refused, wrote_lately};
use crate::domain::conversation::{EnrollmentState, Fields, Reply};
use crate::domain::delivery::State;
use crate::domain::language::Language;
use crate::domain::segment::Encoding;
use crate::flows::auditing::{self, Actor, Object};
use crate::flows::effects::good_hour;
use crate::flows::{Bell, Service};
use crate::library::{Text, Voice};
use crate::store::mothers::{self, Said};
use crate::store::outbox::{self, Kind, NewText, TipPlace, Words};
use crate::store::{Tx, people, unread};

/// What went out so long ago does not go again.
const OLDEST: TimeDelta = TimeDelta::days(30);

/// A text of a person's, ready to go.
#[derive(Clone, Debug)]
pub struct Written {
    /// What goes to her phone.
    pub shown: Text,
    /// What she reads when she is alone, if that is something else.
    pub kept: Option<String>,
    /// When it goes.
    pub at: DateTime<Utc>,
    /// In which language she is spoken to.
    pub language: Language,
    /// The last thing that was said to her: what is written after it is no repetition of it.
    pub seen: String,
    answers: Option<Uuid>,
    program: String,
    sender: String,
}

/// Makes a text ready: what would go to her phone, or why nothing may.
pub async fn prepare(service: &Service, subscriber: Uuid, words: &str) -> Result<Written, Refused> {
    let mut tx = service.database.read().await?;
    let her = mothers::find(&mut tx, subscriber).await?.ok_or(Refused::Gone)?;
    ready(service, &mut tx, her, words).await.map(|(written, _)| written)
}

async fn ready(
    service: &Service,
    tx: &mut Tx,
    her: people::Subscriber,
    words: &str,
) -> Result<(Written, people::Subscriber), Refused> {
    let edition = service.shelf.edition();
    let case = Case::of(service, tx, &edition, her).await?;
    may_be_texted(&case)?;
    if words.trim().is_empty() {
        return Err(Refused::Empty);
    }
    let newest = case.enrollments.first().map(|newest| newest.language);
    let language = newest.or(case.her.language()).unwrap_or(case.program.languages[0]);
    let plain = Text::new(words.trim());
    let (shown, kept) = if case.her.discreet {
        let today = case.program.whereabouts(case.her.zone()).date_at(case.now);
        let voice = Voice { library: &edition.library, program: case.program, language, today };
        let cover = voice.say(Reply::SafeNotice, &Fields::default()).ok_or(Refused::NoCover)?;
        (Text::new(&cover), Some(plain.body.to_string()))
    } else {
        (plain, None)
    };
    let (answers, at) = when(tx, &case).await?;
    let said = mothers::personal(tx, case.her.id, case.now + TimeDelta::seconds(1), 1).await?;
    let last = said.iter().max_by_key(|text| (text.queued_at, text.id));
    let seen = last.map_or_else(|| "nothing".to_owned(), |last| last.id.to_string());
    let (program, sender) = (case.program.id.clone(), case.sender.name.clone());
    Ok((Written { shown, kept, at, language, seen, answers, program, sender }, case.her))
}

fn may_be_texted(case: &Case<'_>) -> Result<(), Refused> {
    if case.her.stopped_at.is_some() {
        return Err(Refused::Stopped);
    }
    if case.her.blocked_at.is_some() {
        return Err(Refused::Blocked);
    }
    Ok(())
}

/// What it answers, and when it goes: at once where she waits for it, else in her hours.
async fn when(tx: &mut Tx, case: &Case<'_>) -> Result<(Option<Uuid>, DateTime<Utc>), Refused> {
    let wrote = wrote_lately(tx, &case.her, case.now).await?;
    let waits = wrote.is_some_and(|(_, lately)| lately);
    let at = if waits { case.now } else { good_hour(case.program, &case.her, case.now) };
    Ok((wrote.map(|(id, _)| id), at))
}

/// Queues a text of a person's, unless something was said to her since it was shown: the same form sent twice sends one.
pub async fn send(
    service: &Service,
    (subscriber, seen): (Uuid, &str),
    words: &str,
    by: &Actor,
) -> Result<(), Refused> {
    let mut tx = service.database.begin().await?;
    let her = people::lock_id(&mut tx, subscriber).await?.ok_or(Refused::Gone)?;
    let (written, her) = ready(service, &mut tx, her, words).await?;
    if written.seen != seen {
        return Err(Refused::Changed);
    }
    let id = service.text_id();
    let text = NewText {
        id,
        answers: Some(written.answers.unwrap_or_else(|| service.id())),
        sender: written.sender.clone(),
        words: Words::Own(written.shown.body.to_string()),
        encoding: written.shown.encoding,
        segments: written.shown.segments,
        program: Some(written.program.clone()),
        ..blank(service, &her, written.language, written.at)
    };
    if let Some(kept) = &written.kept {
        unread::keep(&mut tx, id, her.id, (kept, false), service.now()).await?;
    }
    outbox::queue(&mut tx, &[text]).await?;
    let to = Object::mother(her.id, Some(&written.program));
    auditing::note(service, &mut tx, by, "send text", to, &id.to_string()).await?;
    tx.commit().await?;
    service.bells.ring(Bell::Answers);
    Ok(())
}

/// A reply without words.
fn blank(service: &Service, her: &people::Subscriber, language: Language, at: DateTime<Utc>) -> NewText {
    NewText {
        id: service.text_id(),
        subscriber: her.id,
        enrollment: None,
        answers: None,
        sender: String::new(),
        phone: her.number().to_owned(),
        kind: Kind::Reply,
        language,
        words: Words::Own(String::new()),
        encoding: Encoding::Gsm7,
        segments: 1,
        program: None,
        edition: Some(service.shelf.edition().number),
        tip: None,
        queued_at: service.now(),
        due_at: at,
        not_after: at + LIFE,
        window_closes_at: None,
    }
}

/// The last text to her, which may go once more.
#[derive(Clone, Debug)]
pub struct Last {
    /// The text.
    pub text: Said,
    /// When it goes.
    pub at: DateTime<Utc>,
}

/// The last text that may go once more, or why none may.
pub async fn last(service: &Service, subscriber: Uuid) -> Result<Last, Refused> {
    let mut tx = service.database.read().await?;
    let her = mothers::find(&mut tx, subscriber).await?.ok_or(Refused::Gone)?;
    newest(service, &mut tx, her).await.map(|(last, _)| last)
}

async fn newest(
    service: &Service,
    tx: &mut Tx,
    her: people::Subscriber,
) -> Result<(Last, people::Subscriber), Refused> {
    let edition = service.shelf.edition();
    let case = Case::of(service, tx, &edition, her).await?;
    may_be_texted(&case)?;
    let now = case.now;
    let mut texts = mothers::personal(tx, case.her.id, now + TimeDelta::seconds(1), 1).await?;
    for enrollment in &case.enrollments {
        let day = now.date_naive() + chrono::Days::new(1);
        texts.extend(mothers::tips(tx, enrollment.id, day, 1).await?);
    }
    texts.retain(|text| text.subscriber_id == case.her.id && now - text.queued_at < OLDEST);
    let not = |why| Err(Refused::NothingToResend(why));
    if case.her.discreet {
        return not(NotAgain::Discreet);
    }
    let Some(text) = texts.into_iter().max_by_key(|text| (text.queued_at, text.id)) else {
        return not(NotAgain::None);
    };
    match State::from_code(text.state) {
        Some(State::Queued | State::Sending | State::InDoubt) => return not(NotAgain::OnItsWay),
        // What was taken back, or came too late, was not right to go.
        Some(State::Canceled | State::Expired) | None => return not(NotAgain::NotRight),
        Some(State::Accepted | State::Sent | State::Delivered | State::Failed) => {}
    }
    let lost = case.enrollments.iter().find(|one| {
        matches!(one.state, EnrollmentState::Frozen | EnrollmentState::Supported)
            && text.queued_at < one.state_since
    });
    if lost.is_some() {
        return not(NotAgain::AfterLoss);
    }
    if let Some(tip) = &text.tip {
        let enrollment = case.enrollments.iter().find(|one| Some(one.id) == text.enrollment_id);
        let enrollment = enrollment.or(case.enrollments.first());
        let today = case.program.whereabouts(case.her.zone()).date_at(now);
        let right = enrollment.is_some_and(|enrollment| {
            let program = edition.library.program(&enrollment.program);
            let found = program.and_then(|program| program.find(tip));
            found.is_some_and(|tip| {
                edition.stands_by(tip)
                    && tip.needs.met(enrollment.anchor(), today)
                    && tip.may_go(today, case.sender.carries())
            })
        });
        if !right {
            return not(NotAgain::NotRight);
        }
    }
    let (_, at) = when(tx, &case).await?;
    Ok((Last { text, at }, case.her))
}

/// Sends the last text once more, if it is still that one.
pub async fn resend(service: &Service, subscriber: Uuid, text: Uuid, by: &Actor) -> Result<(), Refused> {
    let mut tx = service.database.begin().await?;
    let her = people::lock_id(&mut tx, subscriber).await?.ok_or(Refused::Gone)?;
    let (last, her) = newest(service, &mut tx, her).await?;
    let said = last.text;
    if said.id != text {
        return Err(Refused::Changed);
    }
    let language = said.language.parse().map_err(|_| Refused::NothingToResend(NotAgain::NotRight))?;
    let hash = said.wording.as_deref().and_then(|hash| <[u8; 32]>::try_from(hash).ok());
    let body = said.body.clone().unwrap_or_default();
    let words = Text::new(&body);
    // Words that are shared go by their hash, so that a recall stops them on their way.
    let tip =
        said.tip.clone().zip(said.occurs_on).map(|(tip, on)| TipPlace { tip, track: "more", week: 0, on });
    let again = NewText {
        answers: Some(service.id()),
        sender: said.sender.clone(),
        words: hash.map_or(Words::Own(body), Words::Shared),
        encoding: words.encoding,
        segments: words.segments,
        program: said.program.clone(),
        edition: said.edition,
        tip,
        ..blank(service, &her, language, last.at)
    };
    let (id, program) = (again.id, again.program.clone());
    outbox::queue(&mut tx, &[again]).await?;
    let to = Object::mother(her.id, program.as_deref());
    auditing::note(service, &mut tx, by, "resend", to, &format!("{} as {id}", said.id)).await?;
    tx.commit().await?;
    service.bells.ring(Bell::Answers);
    Ok(())
}
