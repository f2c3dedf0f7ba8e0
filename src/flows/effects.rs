//! The effects of a text, carried out in its transaction.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

use super::exchange::Exchange;
use super::planning::first_after;
use super::senders::Sender;
use super::{Edition, Service};
use crate::domain::conversation::{
    Conversation, Effect, EnrollmentState, Fields, Place, Purpose, Reply, Step,
};
use crate::domain::gestation::Anchor;
use crate::domain::language::Language;
use crate::domain::phone::PhoneNumber;
use crate::library::{Program, Text, Voice};
use crate::store::inbox::Waiting;
use crate::store::outbox::{self, Cancel, Kind, NewText, Words};
use crate::store::people::{self, Enrollment, Mark, NewEnrollment, Subscriber};
use crate::store::planned;
use crate::store::talk::{self, Consent, OpenQuestion};
use crate::store::{StoreResult, Tx, service as facts};

/// An open question is kept so long.
const KEPT: TimeDelta = TimeDelta::hours(72);
/// She is reminded of a half-done enrollment once, after this time.
const NUDGE_AFTER: TimeDelta = TimeDelta::hours(24);
/// An answer that could not go out for so long answers nothing any more.
const REPLY_LIFE: TimeDelta = TimeDelta::hours(24);

/// What one text brings about.
pub(super) struct Carrying<'a> {
    pub service: &'a Service,
    pub edition: &'a Edition,
    pub sender: &'a Sender,
    pub subscriber: &'a Subscriber,
    pub phone: &'a PhoneNumber,
    pub text: &'a Waiting,
    pub enrollments: &'a [Enrollment],
    pub open: Option<&'a OpenQuestion>,
    /// The provider took it for STOP: it blocks her.
    pub provider_stopped: bool,
    /// She has sent the same again and again: nothing is answered.
    pub muted: bool,
    pub exchange: Exchange,
    pub replies: Vec<NewText>,
    pub consents: Vec<(&'static str, Option<Uuid>, Option<String>)>,
    pub now: DateTime<Utc>,
}

impl Carrying<'_> {
    /// Carries all effects out, in their order; then what was said is queued and consent recorded.
    pub async fn out(&mut self, tx: &mut Tx, effects: Vec<Effect>) -> StoreResult<()> {
        let mut question = None;
        let mut closed = false;
        for effect in effects {
            match effect {
                Effect::Say { reply, program, language, fields } => {
                    self.say(tx, reply, &program, language, &fields).await?;
                }
                Effect::Ask(conversation) => question = Some(conversation),
                Effect::Close => closed = true,
                effect => self.one(tx, effect).await?,
            }
        }
        if let Some(conversation) = question {
            talk::ask(tx, &self.question(&conversation)).await?;
        } else if closed {
            talk::close(tx, self.subscriber.id).await?;
        }
        outbox::queue(tx, &self.replies).await?;
        self.record_consents(tx).await
    }

    async fn one(&mut self, tx: &mut Tx, effect: Effect) -> StoreResult<()> {
        let id = self.subscriber.id;
        match effect {
            Effect::Enroll { program, language, anchor, place } => {
                self.enroll(tx, &program, language, anchor, place).await
            }
            Effect::Retime { enrollment, anchor } => self.retime(tx, enrollment, Some(anchor)).await,
            Effect::Resume { enrollment } => self.retime(tx, enrollment, None).await,
            Effect::Stop => self.stop(tx).await,
            Effect::Freeze => self.freeze(tx).await,
            Effect::Unblock => people::mark(tx, id, Mark::Blocked, None).await,
            Effect::MarkHinted => people::mark(tx, id, Mark::Hinted, Some(self.now)).await,
            Effect::ReportBlocked => {
                let detail = "she texts to come back, and the provider blocks her since her STOP there: \
                              only START, YES or UNSTOP from her phone lifts it";
                self.alarm(tx, "blocked_at_provider", detail).await
            }
            Effect::MarkUnread => {
                let Some(open) = self.open else { return Ok(()) };
                let exchange = self.exchange.to_json();
                talk::ask(tx, &OpenQuestion { unread: true, exchange, ..open.clone() }).await
            }
            Effect::Say { .. } | Effect::Ask(_) | Effect::Close => Ok(()),
        }
    }

    async fn enroll(
        &mut self,
        tx: &mut Tx,
        program: &str,
        language: Language,
        anchor: Anchor,
        place: Option<Place>,
    ) -> StoreResult<()> {
        let Some(program) = self.edition.library.program(program) else { return Ok(()) };
        let subscriber = self.subscriber.id;
        let zone = place.as_ref().map(|place| place.zone).or(self.subscriber.zone());
        if let Some(place) = &place {
            people::set_place(tx, subscriber, place).await?;
            self.follow(tx, &program.id, place).await?;
        }
        people::set_language(tx, subscriber, language).await?;
        people::mark(tx, subscriber, Mark::Stopped, None).await?;
        let reason = "she enrolled anew";
        let left =
            people::leave(tx, subscriber, Some(&program.id), EnrollmentState::Replaced, reason, self.now)
                .await?;
        for old in left {
            outbox::cancel(tx, subscriber, Cancel::UnaskedOf(old), reason, self.now).await?;
        }
        let id = self.service.id();
        let on = program.whereabouts(zone).date_at(self.now);
        let next = first_after(program, id, anchor, on, zone, on, self.now);
        let new = NewEnrollment {
            id,
            subscriber,
            program: program.id.clone(),
            sender: self.sender.name.clone(),
            language,
            anchor,
            at: self.now,
            on,
            next,
        };
        people::enroll(tx, &[new]).await?;
        self.consents.push(("opt_in", Some(id), Some(program.id.clone())));
        self.audit(tx, "enroll", &program.id).await
    }

    /// She has told where she lives: what else she is enrolled in keeps her new hours, and names her new help.
    async fn follow(&mut self, tx: &mut Tx, other_than: &str, place: &Place) -> StoreResult<()> {
        let zone = Some(place.zone);
        if zone == self.subscriber.zone() && place.area == self.subscriber.area {
            return Ok(());
        }
        for enrollment in self.enrollments {
            if enrollment.state == EnrollmentState::Active && enrollment.program != other_than {
                self.plan_anew(tx, enrollment, enrollment.anchor(), zone, "she moved").await?;
            }
        }
        Ok(())
    }

    /// New dates, or the old ones again after a STOP.
    async fn retime(&mut self, tx: &mut Tx, id: Uuid, anchor: Option<Anchor>) -> StoreResult<()> {
        let Some(enrollment) = self.enrollments.iter().find(|enrollment| enrollment.id == id) else {
            return Ok(());
        };
        let anchor = anchor.unwrap_or_else(|| enrollment.anchor());
        if !self.plan_anew(tx, enrollment, anchor, self.subscriber.zone(), "her dates changed").await? {
            return Ok(());
        }
        let program = enrollment.program.clone();
        if enrollment.state == EnrollmentState::Stopped {
            people::mark(tx, self.subscriber.id, Mark::Stopped, None).await?;
            self.consents.push(("opt_in", Some(id), Some(program.clone())));
        }
        self.audit(tx, "retime", &program).await
    }

    /// Takes back what waits for an enrollment and begins it again from today; false: its program is gone.
    async fn plan_anew(
        &self,
        tx: &mut Tx,
        enrollment: &Enrollment,
        anchor: Anchor,
        zone: Option<Tz>,
        reason: &str,
    ) -> StoreResult<bool> {
        let Some(program) = self.edition.library.program(&enrollment.program) else { return Ok(false) };
        let id = enrollment.id;
        let taken_back =
            outbox::cancel(tx, self.subscriber.id, Cancel::UnaskedOf(id), reason, self.now).await?;
        planned::free(tx, &taken_back).await?;
        let today = program.whereabouts(zone).date_at(self.now);
        let yesterday = today.pred_opt().unwrap_or(today);
        let after = planned::last_day(tx, id).await?.map_or(yesterday, |last| last.max(yesterday));
        let next = first_after(program, id, anchor, enrollment.enrolled_on, zone, after, self.now);
        people::retime(tx, id, anchor, next, self.now).await?;
        Ok(true)
    }

    async fn stop(&mut self, tx: &mut Tx) -> StoreResult<()> {
        let (id, by) = (self.subscriber.id, if self.provider_stopped { "provider" } else { "keyword" });
        people::mark(tx, id, Mark::Stopped, Some(self.now)).await?;
        people::stopped_by(tx, id, by).await?;
        if self.provider_stopped {
            people::mark(tx, id, Mark::Blocked, Some(self.now)).await?;
        }
        let reason = "she texted STOP";
        people::leave(tx, id, None, EnrollmentState::Stopped, reason, self.now).await?;
        outbox::cancel(tx, id, Cancel::All, reason, self.now).await?;
        self.consents.push(("opt_out", None, None));
        self.audit(tx, "stop", by).await
    }

    async fn freeze(&mut self, tx: &mut Tx) -> StoreResult<()> {
        let (id, reason) = (self.subscriber.id, "she told of a loss");
        let left = people::leave(tx, id, None, EnrollmentState::Frozen, reason, self.now).await?;
        outbox::cancel(tx, id, Cancel::All, reason, self.now).await?;
        for enrollment in left {
            self.consents.push(("freeze", Some(enrollment), None));
        }
        self.alarm(tx, "loss", "a woman told of a loss: all tips to her are frozen; a person should look")
            .await?;
        self.audit(tx, "freeze", "").await
    }

    async fn say(
        &mut self,
        tx: &mut Tx,
        reply: Reply,
        program: &str,
        language: Language,
        fields: &Fields,
    ) -> StoreResult<()> {
        if self.muted && !confirms(reply) {
            return Ok(());
        }
        let Some(program) = self.edition.library.program(program) else { return Ok(()) };
        let today = program.whereabouts(self.subscriber.zone()).date_at(self.now);
        let voice = Voice { library: &self.edition.library, program, language, today };
        let Some(words) = voice.say(reply, fields) else { return Ok(()) };
        self.exchange.show(&words, self.now);
        people::set_language(tx, self.subscriber.id, language).await?;
        let text = self.reply(&words, program, language);
        self.replies.push(text);
        Ok(())
    }

    fn reply(&self, words: &str, program: &Program, language: Language) -> NewText {
        let text = Text::new(words);
        NewText {
            id: self.service.text_id(),
            subscriber: self.subscriber.id,
            enrollment: None,
            answers: Some(self.text.id),
            sender: self.sender.name.clone(),
            phone: self.phone.as_e164().to_owned(),
            kind: Kind::Reply,
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

    /// The question as stored. She is reminded once in a whole enrollment, and only of an enrollment.
    fn question(&self, conversation: &Conversation) -> OpenQuestion {
        let begun = self.open.filter(|open| open.program == conversation.program);
        let half_done =
            begun.filter(|open| serde_json::from_str(&open.step).is_ok_and(|step| enrolling(&step)));
        let reminded = half_done.is_some_and(|open| open.nudge_at.is_none());
        // After STOP nothing unasked goes out, so nothing is to be recorded as shown either.
        let remind = enrolling(&conversation.step) && !reminded && self.subscriber.stopped_at.is_none();
        OpenQuestion {
            subscriber_id: self.subscriber.id,
            sender: self.sender.name.clone(),
            program: conversation.program.clone(),
            language: conversation.language.to_string(),
            step: serde_json::to_string(&conversation.step).unwrap_or_default(),
            exchange: self.exchange.to_json(),
            unread: conversation.unread,
            opened_at: begun.map_or(self.now, |open| open.opened_at),
            nudge_at: remind.then_some(self.now + NUDGE_AFTER),
            expires_at: self.now + KEPT,
        }
    }

    async fn record_consents(&self, tx: &mut Tx) -> StoreResult<()> {
        for (action, enrollment, program) in &self.consents {
            let consent = Consent {
                id: self.service.id(),
                subscriber_id: self.subscriber.id,
                enrollment_id: *enrollment,
                program: program.clone(),
                sender: self.sender.name.clone(),
                action: (*action).to_owned(),
                exchange: self.exchange.to_json(),
                at: self.now,
            };
            talk::record_consent(tx, &consent).await?;
        }
        Ok(())
    }

    async fn audit(&self, tx: &mut Tx, action: &str, detail: &str) -> StoreResult<()> {
        facts::audit(tx, self.service.id(), self.now, "subscriber", action, Some(self.subscriber.id), detail)
            .await
    }

    async fn alarm(&self, tx: &mut Tx, kind: &str, detail: &str) -> StoreResult<()> {
        let subject = self.subscriber.id.to_string();
        self.service.alarm(tx, kind, &subject, detail, TimeDelta::days(1)).await.map(|_| ())
    }
}

/// What changes something for her is confirmed even to somebody who repeats herself.
fn confirms(reply: Reply) -> bool {
    matches!(
        reply,
        Reply::Stopped
            | Reply::Loss
            | Reply::EnrolledDue
            | Reply::EnrolledBorn
            | Reply::UpdatedDue
            | Reply::UpdatedBorn
            | Reply::Resumed
    )
}

/// Whether a question belongs to a half-done enrollment, of which she is reminded once.
fn enrolling(step: &Step) -> bool {
    match step {
        Step::Date { purpose, .. } | Step::Confirm { purpose, .. } | Step::Choose { purpose, .. } => {
            *purpose == Purpose::Enroll
        }
        Step::Place { .. } => true,
        Step::Resume { .. } | Step::NewOne | Step::StopUnsure { .. } => false,
    }
}

/// Tells her, once, that the program she asked for does not serve her country.
pub(super) async fn tell_refused(
    service: &Service,
    tx: &mut Tx,
    edition: &Edition,
    sender: &Sender,
    subscriber: &Subscriber,
    program: &Program,
    text: &Waiting,
) -> StoreResult<()> {
    let now = service.now();
    let Some(phone) = subscriber.phone() else { return Ok(()) };
    let mut carrying = Carrying {
        service,
        edition,
        sender,
        subscriber,
        phone: &phone,
        text,
        enrollments: &[],
        open: None,
        provider_stopped: false,
        muted: subscriber.stopped_at.is_some(),
        exchange: Exchange::default(),
        replies: Vec::new(),
        consents: Vec::new(),
        now,
    };
    let effect = Effect::Say {
        reply: Reply::CountryNotServed,
        program: program.id.clone(),
        language: program.languages[0],
        fields: Fields::default(),
    };
    carrying.out(tx, vec![effect]).await
}
