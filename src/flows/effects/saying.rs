//! What is said to her: replies, the words of the library's questions, second texts.

use chrono::TimeDelta;

use super::Carrying;
use crate::domain::conversation::{EnrollmentState, Fields, Reply};
use crate::domain::language::Language;
use crate::domain::plan::Terms;
use crate::library::{Listener, Program, Text, Voice};
use crate::store::outbox::{self, NewText, TipPlace, Words};
use crate::store::people::{self, Enrollment};
use crate::store::planned;
use crate::store::surveys::{self, Given};
use crate::store::{StoreResult, Tx};

/// So many automatic answers go to one number in [`SPAN`]; the last of them says so. What changes something for her
/// is confirmed beyond it, and danger is answered up to twice as often.
pub(in crate::flows) const ANSWERS: i32 = 40;
/// For which they are counted.
pub(in crate::flows) const SPAN: TimeDelta = TimeDelta::hours(24);

impl Carrying<'_> {
    pub(super) async fn say(
        &mut self,
        tx: &mut Tx,
        reply: Reply,
        program: &str,
        language: Language,
        fields: &Fields,
    ) -> StoreResult<()> {
        let danger = alerts(reply) && self.answered < 2 * ANSWERS;
        let reply = match () {
            // Who has stopped already is told so no oftener than anything else.
            () if confirms(reply)
                && !(reply == Reply::DeleteSure && self.subscriber.stopped_at.is_some()) =>
            {
                reply
            }
            // The same words again and again are a machine's, whatever they say.
            () if self.muted && !(danger && self.answered >= ANSWERS) => return Ok(()),
            () if danger => reply,
            () if self.answered == ANSWERS - 1 => Reply::Resting,
            () => reply,
        };
        let Some(program) = self.edition.library.program(program) else { return Ok(()) };
        let today = program.whereabouts(self.subscriber.zone()).date_at(self.now);
        let voice = Voice { library: &self.edition.library, program, language, today };
        let Some(words) = voice.say(reply, fields) else { return Ok(()) };
        people::set_language(tx, self.subscriber.id, language).await?;
        self.tell(&words, program, language);
        Ok(())
    }

    /// Queues words as an answer to her text.
    pub(super) fn tell(&mut self, words: &str, program: &Program, language: Language) {
        if self.reaches(&program.id) {
            self.exchange.show(words, self.now);
        }
        let text = self.reply(&Text::new(words), program, language);
        self.replies.push(text);
    }

    /// Counts what was said, so that no machine talks with ours without end.
    pub(super) async fn count(&self, tx: &mut Tx) -> StoreResult<()> {
        if self.replies.is_empty() || self.by.is_some() {
            return Ok(());
        }
        let since = self.subscriber.answers_since.filter(|since| self.now - *since < SPAN);
        let said = i32::try_from(self.replies.len()).unwrap_or(i32::MAX);
        people::set_answers(tx, self.subscriber.id, self.answered + said, since.unwrap_or(self.now)).await
    }

    /// An answer to a question of the library: written down, and answered with what its authors say to it.
    pub(super) async fn answered(
        &mut self,
        tx: &mut Tx,
        program: &str,
        question: &str,
        outcome: usize,
    ) -> StoreResult<()> {
        let Some(program) = self.edition.library.program(program) else { return Ok(()) };
        let (on, carries) =
            (program.whereabouts(self.subscriber.zone()).date_at(self.now), self.sender.carries());
        let Some(asking) = program.asking(question, on, carries) else { return Ok(()) };
        let Some(come_to) = asking.question.outcomes.get(outcome) else { return Ok(()) };
        let Some(enrollment) = self.newest(&program.id) else { return Ok(()) };
        let (id, language) = (enrollment.id, enrollment.language);
        let given = Given {
            enrollment: id,
            question,
            outcome: &come_to.name,
            program: &program.id,
            language: language.as_str(),
            edition: self.edition.number,
            at: self.now,
        };
        surveys::answer(tx, &given).await?;
        if let Some(later) = &come_to.later {
            let promising = self.promising(program, self.subscriber.zone());
            promising.follow_up(tx, id, later.days, later.question.as_deref(), (question, outcome)).await?;
        }
        let next = come_to.next.as_ref().and_then(|next| program.asking(next, on, carries));
        let said = asking.replies.get(outcome).and_then(|replies| replies.get(&language));
        let asked = next.and_then(|next| next.words.get(&language));
        let words: Vec<&str> = said.into_iter().chain(asked).map(String::as_str).collect();
        if !words.is_empty() && !self.muted {
            self.tell(&words.join(" "), program, language);
        }
        Ok(())
    }

    /// The second text on the last tip.
    pub(super) async fn send_second(&mut self, tx: &mut Tx) -> StoreResult<()> {
        for enrollment in self.enrollments.iter().filter(|one| one.state == EnrollmentState::Active) {
            let Some(last) = planned::last_sent(tx, enrollment.id).await? else { continue };
            let Some(program) = self.edition.library.program(&enrollment.program) else { continue };
            let on = program.whereabouts(self.subscriber.zone()).date_at(self.now);
            let listener = self.listener(enrollment);
            let Some((tip, words)) = program.second_text(&last.tip, enrollment.anchor(), on, &listener)
            else {
                continue;
            };
            if !self.edition.stands_by(tip) || self.muted {
                return Ok(());
            }
            // Shared by their hash, so that a recall stops them on their way.
            let shared = [(&words.hash, &*words.body, words.encoding, words.segments)];
            outbox::share_words(tx, &shared).await?;
            let place = TipPlace { tip: tip.id.to_string(), track: "more", week: 0, on };
            let text = self.reply(words, program, enrollment.language);
            self.exchange.show(&words.body, self.now);
            self.replies.push(NewText { words: Words::Shared(words.hash), tip: Some(place), ..text });
            return Ok(());
        }
        Ok(())
    }

    pub(super) fn listener(&self, enrollment: &Enrollment) -> Listener<'_> {
        let terms: Terms = enrollment.terms();
        Listener {
            language: enrollment.language,
            area: self.subscriber.area.as_deref(),
            reader: terms.reader(),
            carries: self.sender.carries(),
        }
    }

    fn newest(&self, program: &str) -> Option<&Enrollment> {
        let active = |one: &&Enrollment| one.state == EnrollmentState::Active && one.program == program;
        self.enrollments.iter().find(active)
    }
}

/// What changes something for her is confirmed even to somebody who repeats herself.
fn confirms(reply: Reply) -> bool {
    matches!(
        reply,
        Reply::Stopped
            | Reply::DangerStop
            | Reply::StoppedLoss
            | Reply::Wrong
            | Reply::DeleteSure
            | Reply::Deleted
            | Reply::Loss
            | Reply::LossDanger
            | Reply::LossWhich
            | Reply::Undone
            | Reply::EnrolledDue
            | Reply::EnrolledBorn
            | Reply::EnrolledFamily
            | Reply::UpdatedDue
            | Reply::UpdatedBorn
            | Reply::BirthsDone
            | Reply::Resumed
    )
}

/// The answers to danger.
fn alerts(reply: Reply) -> bool {
    matches!(
        reply,
        Reply::DangerMother
            | Reply::DangerMovements
            | Reply::DangerLabor
            | Reply::DangerBaby
            | Reply::DangerPoison
            | Reply::DangerMind
            | Reply::DangerViolence
    )
}
