//! What is looked up for one text, beside what every text needs: only where its words ask for it, because each look is
//! a question to the database while she waits.

use chrono::{DateTime, Days, Utc};

use crate::domain::conversation::{Conversation, EnrollmentState, Known, Step};
use crate::domain::keyword::{Answer, Parsed};
use crate::domain::phone::PhoneNumber;
use crate::domain::request::{Asked, Request};
use crate::flows::Edition;
use crate::flows::effects::waits;
use crate::flows::senders::Sender;
use crate::library::{Listener, Program};
use crate::store::people::{self, Enrollment, Subscriber};
use crate::store::{StoreResult, Tx, helps, surveys, unread, visits};

/// Visits are looked at from so long ago on.
const VISITS_BACK: Days = Days::new(7);

/// What the looking depends on.
pub(super) struct Looking<'a> {
    pub edition: &'a Edition,
    pub sender: &'a Sender,
    pub program: &'a Program,
    pub subscriber: &'a Subscriber,
    pub enrollments: &'a [Enrollment],
    pub parsed: &'a Parsed,
    pub asked: Option<&'a Asked>,
    pub open: Option<&'a Conversation>,
    pub late: Option<Conversation>,
    pub now: DateTime<Utc>,
}

impl Looking<'_> {
    pub async fn known(mut self, tx: &mut Tx) -> StoreResult<Known> {
        let her = self.subscriber;
        let late = self.late.take();
        let mut known = Known {
            discreet: her.discreet,
            place: her.place.clone(),
            zone_known: her.zone().is_some(),
            ..Known::default()
        };
        let about_visits = |conversation: &Conversation| matches!(conversation.step, Step::VisitAfter { .. });
        if matches!(self.request(), Some(Request::Appointment | Request::CancelAppointment))
            || self.open.is_some_and(about_visits)
            || late.as_ref().is_some_and(about_visits)
        {
            let today = self.program.whereabouts(her.zone()).date_at(self.now);
            known.visits = visits::noted(tx, her.id, today - VISITS_BACK).await?;
        }
        if her.discreet
            && (self.parsed.answer == Some(Answer::Number(1)) || self.request() == Some(&Request::Read))
        {
            known.waiting = waits(tx, her.id, self.enrollments).await?;
        }
        // Whatever she seems to ask for may be an answer: "1" shows what waits, and is the first of three choices.
        if self.parsed.intent.is_none() {
            known.item = helps::open_of(tx, her.id).await?.map(|item| item.last_at);
            known.question = self.question(tx).await?;
        }
        if self.request() == Some(&Request::More) {
            known.second = self.second(tx).await?;
        }
        if let Some(Step::MoveConfirm { to }) = self.open.map(|open| &open.step) {
            known.may_move = self.may_move(tx, to).await?;
        }
        known.late = late;
        Ok(known)
    }

    fn request(&self) -> Option<&Request> {
        self.asked.map(|asked| &asked.request)
    }

    fn active(&self) -> Option<&Enrollment> {
        self.enrollments.iter().find(|one| one.state == EnrollmentState::Active)
    }

    /// The question that her last tip asked, while an answer is waited for.
    async fn question(&self, tx: &mut Tx) -> StoreResult<Option<String>> {
        let Some(active) = self.active() else { return Ok(None) };
        let Some(program) = self.edition.library.program(&active.program) else { return Ok(None) };
        if program.questions.is_empty() {
            return Ok(None);
        }
        let Some(last) = unread::last_tip(tx, active.id).await? else { return Ok(None) };
        let Some(asking) = program.question_of(&last.tip) else { return Ok(None) };
        let today = program.whereabouts(self.subscriber.zone()).date_at(self.now);
        if !asking.may_go(today, self.sender.carries()) {
            return Ok(None);
        }
        let open = today <= last.occurs_on + Days::new(u64::from(asking.question.open_days));
        if !open || surveys::is_answered(tx, active.id, &asking.question.id).await? {
            return Ok(None);
        }
        Ok(Some(asking.question.id.clone()))
    }

    /// Whether the last tip has a second text that may go to her.
    async fn second(&self, tx: &mut Tx) -> StoreResult<bool> {
        for enrollment in self.enrollments.iter().filter(|one| one.state == EnrollmentState::Active) {
            let Some(program) = self.edition.library.program(&enrollment.program) else { continue };
            let Some(last) = unread::last_tip(tx, enrollment.id).await? else { continue };
            let listener = Listener {
                language: enrollment.language,
                area: self.subscriber.area.as_deref(),
                reader: enrollment.terms().reader(),
                carries: self.sender.carries(),
            };
            let on = program.whereabouts(self.subscriber.zone()).date_at(self.now);
            let second = program.second_text(&last.tip, enrollment.anchor(), on, &listener);
            if second.is_some_and(|(tip, _)| self.edition.stands_by(tip)) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether a phone may be asked to take her texts: one that has not said STOP, gets nothing of its own, and has
    /// not been asked already.
    async fn may_move(&self, tx: &mut Tx, to: &PhoneNumber) -> StoreResult<bool> {
        if to.as_e164() == self.subscriber.number() || !self.sender.may_text(to) {
            return Ok(false);
        }
        let Some(there) = people::lock(tx, to).await? else { return Ok(true) };
        if there.stopped_at.is_some() || there.blocked_at.is_some() {
            return Ok(false);
        }
        let asked = crate::store::talk::open_question(tx, there.id).await?;
        if asked.is_some_and(|open| open.expires_at > self.now) {
            return Ok(false);
        }
        let enrolled = people::enrollments_of(tx, there.id).await?;
        Ok(enrolled.iter().all(|one| one.state != EnrollmentState::Active))
    }
}
