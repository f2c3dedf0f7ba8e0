//! What is looked up for one text, beside what every text needs: only where its words ask for it, because each look is
//! a question to the database while she waits.

use std::collections::HashSet;

use chrono::{DateTime, Days, TimeDelta, Utc};

use super::HINT_PAUSE;
use crate::domain::conversation::{Conversation, EnrollmentState, Fields, Fresh, Known, Reply, Step};
use crate::domain::danger::Sign;
use crate::domain::delivery::State;
use crate::domain::keyword::{Intent, Parsed};
use crate::domain::phone::PhoneNumber;
use crate::domain::plan::Reader;
use crate::domain::request::{Asked, Request};
use crate::flows::effects::waits;
use crate::flows::exchange::Exchange;
use crate::flows::senders::Sender;
use crate::flows::{Edition, Service, erasing};
use crate::library::{Listener, Program, Text, Voice};
use crate::store::people::{self, Enrollment, Subscriber};
use crate::store::{StoreResult, Tx, helps, mothers, outbox, planned, surveys, unread, visits};

/// Visits are looked at from so long ago on.
const VISITS_BACK: Days = Days::new(7);

/// An answer to a tip's question is understood so long after the tip, where it can be meant for no other.
const LATEST_ANSWER: Days = Days::new(45);
/// What she was answered so long ago still stands before her eyes.
const JUST_NOW: TimeDelta = TimeDelta::minutes(10);
/// Tips that are looked through for a question.
const MOST_TIPS: i64 = 60;

/// Texts to her among which the words of sorrow are looked for.
const MOST_SAID: i64 = 20;

/// What the looking depends on.
pub(super) struct Looking<'a> {
    pub service: &'a Service,
    pub edition: &'a Edition,
    pub sender: &'a Sender,
    pub program: &'a Program,
    pub subscriber: &'a Subscriber,
    pub enrollments: &'a [Enrollment],
    pub parsed: &'a Parsed,
    pub asked: Option<&'a Asked>,
    pub open: Option<&'a Conversation>,
    /// What was shown and answered about the open question.
    pub exchange: &'a Exchange,
    pub late: Option<Conversation>,
    pub now: DateTime<Utc>,
}

impl Looking<'_> {
    pub async fn known(mut self, tx: &mut Tx) -> StoreResult<Known> {
        let her = self.subscriber;
        let late = self.late.take();
        let mut known = Known {
            discreet: her.discreet,
            cares: her.reader().is_some_and(|reader| reader != Reader::Mother),
            place: her.place.clone(),
            zone_known: her.zone().is_some(),
            ..Known::default()
        };
        let about_visits = |conversation: &Conversation| matches!(conversation.step, Step::VisitAfter { .. });
        let visits = matches!(
            self.request(),
            Some(
                Request::Appointment
                    | Request::MoveAppointment
                    | Request::CancelAppointment
                    | Request::Visits
            )
        );
        if visits || self.open.is_some_and(about_visits) || late.as_ref().is_some_and(about_visits) {
            let today = self.program.whereabouts(her.zone()).date_at(self.now);
            known.visits = visits::noted(tx, her.id, today - VISITS_BACK).await?;
        }
        let reads = matches!(self.request(), Some(Request::Read | Request::One | Request::SafeOff));
        if her.discreet && (self.parsed.answer.is_some() || self.parsed.courtesy || reads) {
            known.waiting = waits(tx, her.id, self.enrollments, self.now).await?;
            if self.open.is_some() {
                let unread = unread::of(tx, her.id).await?;
                known.unshown = unread.iter().any(|(_, words)| self.exchange.shows(words));
            }
        }
        // Some of what she may ask for may be an answer too: "1" shows what waits, and is the first of three choices.
        let may_answer = matches!(self.request(), None | Some(Request::Read | Request::All | Request::One));
        if self.parsed.intent.is_none() && may_answer {
            known.item = helps::open_of(tx, her.id)
                .await?
                .map(|item| if self.now - item.last_at < JUST_NOW { Fresh::Now } else { Fresh::Before });
            known.questions = self.questions(tx).await?;
        }
        let ends = matches!(self.parsed.intent, Some(Intent::Stop | Intent::Loss))
            || matches!(self.request(), Some(Request::Wrong | Request::Delete))
            || self.open.is_some_and(|open| matches!(open.step, Step::StopUnsure { .. }));
        if ends {
            known.unwarned = self.unwarned(tx).await?;
        }
        if self.request() == Some(&Request::More) {
            known.second = self.second(tx).await?;
        }
        if let Some(Step::MoveConfirm { to }) = self.open.map(|open| &open.step) {
            let here = (self.sender, self.subscriber);
            known.may_move = may_move(self.service, tx, here, to, self.now).await?;
        }
        if let Some(Step::MoveOffer { from }) = self.open.map(|open| &open.step) {
            let there = people::enrollments_of(tx, *from).await?;
            known.may_move = there.iter().any(|one| one.state == EnrollmentState::Active);
        }
        if self.parsed.intent == Some(Intent::Loss) && self.active().is_none() {
            known.consoled = self.consoled(tx).await?;
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

    /// The questions that her last tips asked and she has not answered, the latest first.
    async fn questions(&self, tx: &mut Tx) -> StoreResult<Vec<(String, bool)>> {
        let mut asked = Vec::new();
        let Some(active) = self.active() else { return Ok(asked) };
        let Some(program) = self.edition.library.program(&active.program) else { return Ok(asked) };
        if program.questions.is_empty() {
            return Ok(asked);
        }
        let today = program.whereabouts(self.subscriber.zone()).date_at(self.now);
        for sent in planned::sent(tx, active.id, today - LATEST_ANSWER, MOST_TIPS).await? {
            let Some(asking) = program.question_of(&sent.tip) else { continue };
            let id = &asking.question.id;
            let may_go = asking.may_go(sent.occurs_on, self.sender.carries());
            if may_go && !surveys::is_answered(tx, active.id, id).await? {
                let open = today <= sent.occurs_on + Days::new(u64::from(asking.question.open_days));
                // Once its time is over, whatever she wrote since then lies between it and this.
                let wrote = self.subscriber.echo_at;
                if open || wrote.is_none_or(|wrote| wrote < sent.planned_at) {
                    asked.push((id.clone(), open));
                }
            }
        }
        Ok(asked)
    }

    /// The danger that she told of, where an answer of ours has not left.
    async fn unwarned(&self, tx: &mut Tx) -> StoreResult<Option<Sign>> {
        if !outbox::answer_waits(tx, self.subscriber.id).await? {
            return Ok(None);
        }
        let item = helps::open_of(tx, self.subscriber.id).await?;
        Ok(item.and_then(|item| Sign::named(&item.sign?)))
    }

    /// Whether she was told lately how sorry we are. What has not left tells her nothing: a loss takes it back, and it is
    /// said anew; nor does what failed, or what was covered.
    async fn consoled(&self, tx: &mut Tx) -> StoreResult<bool> {
        let mut sorry = HashSet::new();
        let library = &self.edition.library;
        let hers = self.enrollments.iter().filter_map(|one| library.program(&one.program));
        for program in hers.chain([self.program]) {
            let today = program.whereabouts(self.subscriber.zone()).date_at(self.now);
            for language in &program.languages {
                let voice = Voice { library, program, language: *language, today };
                let said = [Reply::Loss, Reply::LossDanger, Reply::StoppedLoss]
                    .map(|reply| voice.say(reply, &Fields::default()));
                sorry.extend(said.into_iter().flatten().map(|words| Text::new(&words).body.to_string()));
            }
        }
        let a_moment = TimeDelta::seconds(1);
        let said = mothers::personal(tx, self.subscriber.id, self.now + a_moment, MOST_SAID).await?;
        Ok(said.iter().any(|text| {
            let left = matches!(
                State::from_code(text.state),
                Some(State::Sending | State::InDoubt | State::Accepted | State::Sent | State::Delivered)
            );
            let lately = self.now - text.queued_at < HINT_PAUSE;
            left && lately && text.body.as_ref().is_some_and(|body| sorry.contains(body))
        }))
    }

    /// Whether the last tip has a second text that may go to her.
    async fn second(&self, tx: &mut Tx) -> StoreResult<bool> {
        for enrollment in self.enrollments.iter().filter(|one| one.state == EnrollmentState::Active) {
            let Some(program) = self.edition.library.program(&enrollment.program) else { continue };
            let Some(last) = planned::last_sent(tx, enrollment.id).await? else { continue };
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
}

/// Whether a phone may be asked to take her texts: one that has not said STOP, was not erased, gets nothing of its own,
/// has told of no loss, and has not been asked already.
pub(in crate::flows) async fn may_move(
    service: &Service,
    tx: &mut Tx,
    (sender, her): (&Sender, &Subscriber),
    to: &PhoneNumber,
    now: DateTime<Utc>,
) -> StoreResult<bool> {
    if to.as_e164() == her.number() || !sender.may_text(to) || erasing::is_known(service, tx, to).await? {
        return Ok(false);
    }
    let Some(there) = people::lock(tx, to).await? else { return Ok(true) };
    // A loss told by whoever is enrolled in nothing, or after all was over, no enrollment shows.
    if there.stopped_at.is_some() || there.blocked_at.is_some() || there.lost_at.is_some() {
        return Ok(false);
    }
    let asked = crate::store::talk::open_question(tx, there.id).await?;
    if asked.is_some_and(|open| open.expires_at > now) {
        return Ok(false);
    }
    let enrolled = people::enrollments_of(tx, there.id).await?;
    let at_rest = |state| {
        !matches!(state, EnrollmentState::Active | EnrollmentState::Frozen | EnrollmentState::Supported)
    };
    Ok(enrolled.iter().all(|one| at_rest(one.state)))
}
