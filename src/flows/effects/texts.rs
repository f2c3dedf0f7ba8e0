//! Texts of ours with words of their own, as they are queued.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::{Carrying, Done};
use crate::domain::calendar::Span;
use crate::domain::language::Language;
use crate::library::{Program, Text};
use crate::store::outbox::{Kind, NewText, Words};
use crate::store::people::Subscriber;

/// An answer that could not go out for so long answers nothing any more.
const REPLY_LIFE: TimeDelta = TimeDelta::hours(24);

/// Her hours from now on: a text that she does not wait for goes in them. Without any it never goes.
pub(in crate::flows) fn good_hours(program: &Program, her: &Subscriber, now: DateTime<Utc>) -> Span {
    let window = program.timetable.window.at_or_after(now, &program.whereabouts(her.zone()));
    window.map_or(Span { opens: now, closes: now }, |window| Span { opens: window.opens.max(now), ..window })
}

impl Carrying<'_> {
    /// Words as an answer to her text; to what was said at a desk, behind the answers to texts.
    pub(in crate::flows) fn reply(&self, text: &Text, program: &Program, language: Language) -> NewText {
        let to = (self.subscriber.id, self.phone.as_e164());
        let deed = self.by.and_then(|by| by.deed);
        let reply = NewText {
            answers: self.asked_by(),
            enrollment: deed.and_then(|deed| self.spoken_of(deed, program)),
            ..self.text_to(to, Kind::Reply, text, program, language)
        };
        // She is not at her phone: what a person does for her is told in her hours.
        let hours = self.window.or_else(|| deed.map(|_| good_hours(program, self.subscriber, self.now)));
        let Some(hours) = hours else { return reply };
        let due_at = hours.opens.max(self.now);
        NewText {
            due_at,
            not_after: hours.closes.max(due_at + REPLY_LIFE),
            window_closes_at: Some(hours.closes),
            ..reply
        }
    }

    /// The enrollment that an answer to a deed speaks of: in another program's words it speaks of hers there.
    fn spoken_of(&self, deed: Done<'_>, program: &Program) -> Option<Uuid> {
        let of_it = |id: &Uuid| self.enrollment(*id).is_none_or(|one| one.program == program.id);
        deed.enrollment.filter(of_it).or_else(|| self.heard_by(&program.id).map(|one| one.id))
    }

    /// What an answer answers: her text, or what was done for her.
    pub(super) fn asked_by(&self) -> Option<Uuid> {
        self.text.map(|text| text.id).or(self.by.and_then(|by| by.deed).map(|deed| deed.id))
    }

    /// Words of their own to a phone, now and at any hour.
    pub(super) fn text_to(
        &self,
        (subscriber, phone): (Uuid, &str),
        kind: Kind,
        text: &Text,
        program: &Program,
        language: Language,
    ) -> NewText {
        NewText {
            id: self.service.text_id(),
            subscriber,
            enrollment: None,
            answers: None,
            sender: self.sender.name.clone(),
            phone: phone.to_owned(),
            kind,
            language,
            words: Words::Own(text.body.to_string()),
            encoding: text.encoding,
            segments: text.segments,
            program: Some(program.id.clone()),
            edition: Some(self.edition.number),
            tip: None,
            queued_at: self.now,
            due_at: self.now,
            not_after: self.now + REPLY_LIFE,
            window_closes_at: None,
        }
    }
}
