//! Texts of ours with words of their own, as they are queued.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::Carrying;
use crate::domain::language::Language;
use crate::library::{Program, Text};
use crate::store::outbox::{Kind, NewText, Words};
use crate::store::people::Subscriber;

/// An answer that could not go out for so long answers nothing any more.
const REPLY_LIFE: TimeDelta = TimeDelta::hours(24);

/// Now, or when her hours begin.
pub(in crate::flows) fn good_hour(program: &Program, her: &Subscriber, now: DateTime<Utc>) -> DateTime<Utc> {
    let window = program.timetable.window.at_or_after(now, &program.whereabouts(her.zone()));
    window.map_or(now, |window| window.opens.max(now))
}

impl Carrying<'_> {
    /// Words as an answer to her text; to what was said at a desk, behind the answers to texts.
    pub(in crate::flows) fn reply(&self, text: &Text, program: &Program, language: Language) -> NewText {
        let to = (self.subscriber.id, self.phone.as_e164());
        let reply =
            NewText { answers: self.asked_by(), ..self.text_to(to, Kind::Reply, text, program, language) };
        if let Some(window) = self.window {
            return NewText {
                due_at: window.opens.max(self.now),
                not_after: window.closes.max(self.now + REPLY_LIFE),
                window_closes_at: Some(window.closes),
                ..reply
            };
        }
        // She is not at her phone: what a person does for her is told in her hours.
        let due_at = match self.by.and_then(|by| by.deed) {
            None => self.now,
            Some(_) => good_hour(program, self.subscriber, self.now),
        };
        NewText { due_at, not_after: due_at + REPLY_LIFE, ..reply }
    }

    /// What an answer answers: her text, or what was done for her.
    pub(super) fn asked_by(&self) -> Option<Uuid> {
        self.text.map(|text| text.id).or(self.by.and_then(|by| by.deed))
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
