//! Texts of ours with words of their own, as they are queued.

use chrono::TimeDelta;
use uuid::Uuid;

use super::Carrying;
use crate::domain::language::Language;
use crate::library::{Program, Text};
use crate::store::outbox::{Kind, NewText, Words};

/// An answer that could not go out for so long answers nothing any more.
const REPLY_LIFE: TimeDelta = TimeDelta::hours(24);

impl Carrying<'_> {
    /// Words as an answer to her text; to what was said at a desk, behind the answers to texts.
    pub(in crate::flows) fn reply(&self, text: &Text, program: &Program, language: Language) -> NewText {
        let to = (self.subscriber.id, self.phone.as_e164());
        let answers = self.text.map(|text| text.id);
        let reply = NewText { answers, ..self.text_to(to, Kind::Reply, text, program, language) };
        match self.window {
            Some(window) => NewText {
                due_at: window.opens.max(self.now),
                not_after: window.closes.max(self.now + REPLY_LIFE),
                window_closes_at: Some(window.closes),
                ..reply
            },
            None => reply,
        }
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
