//! The effects of a text, or of what she said at a desk, carried out in its transaction.
//!
//! One room a subject: `courses` changes what is planned, `terms` how, `ending` ends it; `saying` says, `hiding` covers what
//! others may not read, `texts` makes texts of it; `moving` moves between phones, `noting` keeps visits and answers,
//! `flagging` brings it before a person; `apart` keeps her programs apart where a person acts for some of them.

mod apart;
mod courses;
mod ending;
mod flagging;
mod hiding;
mod moving;
mod noting;
mod replanning;
mod saying;
mod terms;
mod texts;

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

pub(super) use self::hiding::waits;
pub(super) use self::saying::{ANSWERS, SPAN};
pub(super) use self::texts::good_hours;
use super::auditing::{self, Actor, Object};
use super::exchange::Exchange;
use super::promises::{Kind as Promised, LATE, Promising};
use super::senders::Sender;
use super::{Edition, Service};
use crate::domain::calendar::Span;
use crate::domain::conversation::{Conversation, Effect, Fields, Known, Reply, Step};
use crate::domain::phone::PhoneNumber;
use crate::library::Program;
use crate::store::inbox::Waiting;
use crate::store::outbox::{self, NewText};
use crate::store::people::{self, Enrollment, Mark, Subscriber};
use crate::store::talk::{self, Consent, OpenQuestion};
use crate::store::{StoreResult, Tx, erasures, promises};

/// An open question is kept so long.
const KEPT: TimeDelta = TimeDelta::hours(72);
/// She is reminded of a half-done enrollment once, after this time.
const NUDGE_AFTER: TimeDelta = TimeDelta::hours(24);

/// What one text brings about, or one visit to a desk.
pub(super) struct Carrying<'a> {
    pub service: &'a Service,
    pub edition: &'a Edition,
    pub sender: &'a Sender,
    pub subscriber: &'a Subscriber,
    pub phone: &'a PhoneNumber,
    /// Her text; none where a person does it for her, or it was said at a desk.
    pub text: Option<&'a Waiting>,
    /// Who does it for her; none: she does.
    pub by: Option<Acting<'a>>,
    /// What nobody waits for with the phone in her hand goes out in this window.
    pub window: Option<Span>,
    pub enrollments: &'a [Enrollment],
    pub open: Option<&'a OpenQuestion>,
    pub known: &'a Known,
    /// The program that it is about where nothing else tells.
    pub program: &'a Program,
    /// The provider took it for STOP: it blocks her.
    pub provider_stopped: bool,
    /// She has sent the same again and again, or too much altogether: nothing is answered but what must be.
    pub muted: bool,
    /// Automatic answers to her lately, this one not counted.
    pub answered: i32,
    /// A loss was told: her enrollments as they were read are no longer what they were.
    pub frozen: bool,
    pub exchange: Exchange,
    pub replies: Vec<NewText>,
    pub consents: Vec<(&'static str, Option<Uuid>, Option<String>)>,
    pub now: DateTime<Utc>,
}

/// A person who does for her what she might do by text.
#[derive(Clone, Copy)]
pub(super) struct Acting<'a> {
    /// Who.
    pub actor: &'a Actor,
    /// On what grounds.
    pub why: &'a str,
    /// The deed that is told of, where she wrote nothing; none: what was said at a desk goes behind answers to texts.
    pub deed: Option<Done<'a>>,
}

/// A deed at the console. She is told of it in her hours, as of all that she does not wait for.
#[derive(Clone, Copy)]
pub(super) struct Done<'a> {
    /// What the answers answer.
    pub id: Uuid,
    /// The enrollment that they speak of: where it changes before they have gone, they are taken back.
    pub enrollment: Option<Uuid>,
    /// The programs in which they may act.
    pub within: &'a [String],
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
            if let Step::MoveConfirm { to } = &conversation.step {
                erasures::mention(tx, &self.service.seal.digest(to), self.subscriber.id).await?;
            }
            talk::ask(tx, &self.question(&conversation)).await?;
        } else if closed {
            talk::close(tx, self.subscriber.id).await?;
        }
        outbox::queue(tx, &self.replies).await?;
        self.count(tx).await?;
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
            Effect::Born { enrollment, births } => self.born(tx, enrollment, births).await,
            Effect::AskLater { enrollment } => self.ask_later(tx, enrollment).await,
            Effect::Change { enrollment, terms, reason } => self.change(tx, enrollment, terms, reason).await,
            Effect::Stop => self.stop(tx).await,
            Effect::Freeze => self.freeze(tx).await,
            Effect::Unfreeze { only } => self.unfreeze(tx, only).await,
            Effect::Support { enrollment, loss } => self.support(tx, enrollment, loss).await,
            Effect::Speak(language) => self.speak(tx, language).await,
            Effect::Role(reader) => self.role(tx, reader).await,
            Effect::Place(place) => self.moved_house(tx, &place).await,
            Effect::OfferMove { to } => self.offer_move(tx, &to).await,
            Effect::MoveHere { from } => self.move_here(tx, from).await,
            Effect::Recycled => self.recycled(tx).await,
            Effect::Alive => {
                promises::take_back_kind(tx, id, Promised::StillYou.name()).await?;
                people::mark(tx, id, Mark::Recycled, None).await
            }
            Effect::Erase => self.erase(tx).await,
            Effect::NoteVisit(when) => self.note_visit(tx, when).await,
            Effect::CancelVisit(visit) => self.settle_visit(tx, visit, "canceled").await,
            Effect::VisitWas { visit, kept } => {
                self.settle_visit(tx, visit, if kept { "kept" } else { "missed" }).await
            }
            Effect::Answered { program, question, outcome } => {
                self.answered(tx, &program, &question, outcome).await
            }
            Effect::SendSecond => self.send_second(tx).await,
            Effect::Discreet(discreet) => self.discreet(tx, discreet).await,
            Effect::ShowWaiting { goes_on } => self.show_waiting(tx, goes_on).await,
            Effect::Flag { sign } => self.flag(tx, sign).await,
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

    /// The question as stored. She is reminded once in a whole enrollment, and only of an enrollment.
    fn question(&self, conversation: &Conversation) -> OpenQuestion {
        let begun = self.open.filter(|open| open.program == conversation.program);
        let half_done =
            begun.filter(|open| serde_json::from_str(&open.step).is_ok_and(|step: Step| step.enrolls()));
        let reminded = half_done.is_some_and(|open| open.nudge_at.is_none());
        // After STOP nothing unasked goes out, so nothing is to be recorded as shown either.
        let remind = conversation.step.enrolls() && !reminded && self.subscriber.stopped_at.is_none();
        let open_for = match &conversation.step {
            Step::Question { question } => {
                let asking = self.edition.library.program(&conversation.program);
                let asking = asking.and_then(|program| program.questions.get(question));
                asking.map_or(KEPT, |asking| TimeDelta::days(i64::from(asking.question.open_days)))
            }
            _ => KEPT,
        };
        let expires_at = self.now + open_for;
        OpenQuestion {
            subscriber_id: self.subscriber.id,
            sender: self.sender.name.clone(),
            program: conversation.program.clone(),
            language: conversation.language.to_string(),
            step: serde_json::to_string(&conversation.step).unwrap_or_default(),
            exchange: self.exchange_in(&conversation.program).to_json(),
            unread: conversation.unread,
            opened_at: begun.map_or(self.now, |open| open.opened_at),
            nudge_at: remind.then_some(self.now + NUDGE_AFTER),
            expires_at,
            late_until: conversation.step.outlives().then_some(expires_at + LATE),
        }
    }

    async fn record_consents(&self, tx: &mut Tx) -> StoreResult<()> {
        for (action, enrollment, program) in &self.consents {
            for of in self.filed(*enrollment, program.as_deref()) {
                let hears = of.and_then(|of| self.heard_by(of)).map(|one| &one.sender);
                let consent = Consent {
                    id: self.service.id(),
                    subscriber_id: self.subscriber.id,
                    enrollment_id: *enrollment,
                    program: program.as_deref().or(of).map(str::to_owned),
                    sender: hears.unwrap_or(&self.sender.name).clone(),
                    action: (*action).to_owned(),
                    exchange: of.map_or_else(|| self.exchange.clone(), |of| self.exchange_in(of)).to_json(),
                    at: self.now,
                };
                talk::record_consent(tx, &consent).await?;
            }
        }
        Ok(())
    }

    fn promising<'p>(&'p self, program: &'p Program, zone: Option<Tz>) -> Promising<'p> {
        Promising { service: self.service, program, subscriber: self.subscriber.id, zone }
    }

    fn enrollment(&self, id: Uuid) -> Option<&Enrollment> {
        self.enrollments.iter().find(|enrollment| enrollment.id == id)
    }

    async fn audit(&self, tx: &mut Tx, action: &str, detail: &str) -> StoreResult<()> {
        self.audit_in(tx, &self.program.id, action, detail).await
    }

    /// What a person does for her is filed under the program that it changes.
    async fn audit_in(&self, tx: &mut Tx, program: &str, action: &str, detail: &str) -> StoreResult<()> {
        let Some(by) = self.by else {
            let (herself, her) = (Actor::named("subscriber"), Object::mother(self.subscriber.id, None));
            return auditing::note(self.service, tx, &herself, action, her, detail).await;
        };
        let to = Object::mother(self.subscriber.id, Some(program));
        // The first words of a detail are the service's own, and are read again to say why she got nothing.
        let detail = match (detail, by.why) {
            (_, "") => detail.to_owned(),
            ("", why) => format!("“{why}”"),
            (_, why) => format!("{detail}; “{why}”"),
        };
        auditing::note(self.service, tx, by.actor, action, to, &detail).await
    }

    async fn alarm(&self, tx: &mut Tx, kind: &str, detail: &str) -> StoreResult<()> {
        let subject = self.subscriber.id.to_string();
        self.service.alarm(tx, kind, &subject, detail, TimeDelta::days(1)).await.map(|_| ())
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
        text: Some(text),
        by: None,
        window: None,
        enrollments: &[],
        open: None,
        known: &Known::default(),
        program,
        provider_stopped: false,
        muted: subscriber.stopped_at.is_some(),
        answered: 0,
        frozen: false,
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
