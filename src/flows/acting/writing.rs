//! A text that a person writes to her.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::case::Case;
use super::{LIFE, Refused, Whom, expect, wrote_lately};
use crate::domain::conversation::{Fields, Reply};
use crate::domain::language::Language;
use crate::domain::segment::Encoding;
use crate::flows::auditing::{self, Actor, Object};
use crate::flows::effects::good_hours;
use crate::flows::{Bell, Service};
use crate::library::{Text, Voice};
use crate::store::mothers;
use crate::store::outbox::{self, Kind, NewText, Words};
use crate::store::{Tx, people, unread};

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
    /// Its words as the person wrote them.
    plain: String,
    place: Place,
    program: String,
    sender: String,
}

/// Makes a text ready: what would go to her phone, or why nothing may.
pub async fn prepare(service: &Service, whom: Whom<'_>, words: &str) -> Result<Written, Refused> {
    let mut tx = service.database.read().await?;
    let her = mothers::find(&mut tx, whom.id).await?.ok_or(Refused::Gone)?;
    ready(service, &mut tx, (her, whom.within), words).await.map(|(written, _)| written)
}

async fn ready(
    service: &Service,
    tx: &mut Tx,
    (her, within): (people::Subscriber, &[String]),
    words: &str,
) -> Result<(Written, people::Subscriber), Refused> {
    let edition = service.shelf.edition();
    let case = Case::of(service, tx, &edition, her, (within, None)).await?;
    may_be_texted(&case)?;
    if words.trim().is_empty() {
        return Err(Refused::Empty);
    }
    let newest = case.theirs().first().map(|newest| newest.language);
    let language = newest.or(case.her.language()).unwrap_or(case.program.languages[0]);
    let plain = Text::new(words.trim());
    let (shown, kept) = if case.her.discreet {
        let today = case.program.whereabouts(case.her.zone()).date_at(case.now);
        let voice = Voice { library: &edition.library, program: case.program, language, today };
        let cover = voice.say(Reply::SafeNotice, &Fields::default()).ok_or(Refused::NoCover)?;
        (Text::new(&cover), Some(plain.body.to_string()))
    } else {
        (plain.clone(), None)
    };
    let place = place(service, tx, &case).await?;
    let said = mothers::personal(tx, case.her.id, case.now + TimeDelta::seconds(1), 1).await?;
    let last = said.iter().max_by_key(|text| (text.queued_at, text.id));
    let seen = last.map_or_else(|| "nothing".to_owned(), |last| last.id.to_string());
    let (program, sender) = (case.program.id.clone(), case.sender.name.clone());
    let (at, plain) = (place.at, plain.body.to_string());
    Ok((Written { shown, kept, at, language, seen, plain, place, program, sender }, case.her))
}

pub(super) fn may_be_texted(case: &Case<'_>) -> Result<(), Refused> {
    if case.her.stopped_at.is_some() {
        return Err(Refused::Stopped);
    }
    if case.her.blocked_at.is_some() {
        return Err(Refused::Blocked);
    }
    Ok(())
}

/// Where a text of theirs stands in the queue.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    answers: Uuid,
    /// When it goes.
    pub at: DateTime<Utc>,
    closes: Option<DateTime<Utc>>,
}

impl Place {
    /// A reply there, without words.
    pub fn blank(&self, service: &Service, her: &people::Subscriber, language: Language) -> NewText {
        NewText {
            id: service.text_id(),
            subscriber: her.id,
            enrollment: None,
            answers: Some(self.answers),
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
            due_at: self.at,
            not_after: self.at + LIFE,
            window_closes_at: self.closes,
        }
    }
}

/// At once and at any hour where she wrote within the last hour and waits for it; else in her hours, like all that nobody
/// asked for.
pub(super) async fn place(service: &Service, tx: &mut Tx, case: &Case<'_>) -> Result<Place, Refused> {
    let wrote = wrote_lately(tx, &case.her, case.now).await?;
    Ok(match wrote {
        Some((answers, true)) => Place { answers, at: case.now, closes: None },
        wrote => {
            let hours = good_hours(case.program, &case.her, case.now);
            let answers = wrote.map_or_else(|| service.id(), |(id, _)| id);
            Place { answers, at: hours.opens, closes: Some(hours.closes) }
        }
    })
}

/// Queues a text of a person's, unless something was said to her since it was shown: the same form sent twice sends one.
pub async fn send(
    service: &Service,
    (whom, seen): (Whom<'_>, &str),
    words: &str,
    by: &Actor,
) -> Result<(), Refused> {
    let mut tx = service.database.begin().await?;
    let her = people::lock_id(&mut tx, whom.id).await?.ok_or(Refused::Gone)?;
    let (written, her) = ready(service, &mut tx, (her, whom.within), words).await?;
    if written.seen != seen {
        return Err(Refused::Changed);
    }
    // It is of no enrollment: a person wrote it, and no change of dates makes it wrong.
    let text = NewText {
        sender: written.sender.clone(),
        words: Words::Own(written.shown.body.to_string()),
        encoding: written.shown.encoding,
        segments: written.shown.segments,
        program: Some(written.program.clone()),
        ..written.place.blank(service, &her, written.language)
    };
    let id = text.id;
    if let Some(kept) = &written.kept {
        unread::keep(&mut tx, id, her.id, (kept, false), service.now()).await?;
    }
    expect(service, &mut tx, &text, &written.plain).await?;
    outbox::queue(&mut tx, &[text]).await?;
    let to = Object::mother(her.id, Some(&written.program));
    auditing::note(service, &mut tx, by, "send text", to, &id.to_string()).await?;
    tx.commit().await?;
    service.bells.ring(Bell::Answers);
    Ok(())
}
