//! What a person does for her at the console: the effects of a text of hers, without the text. It is shown before it is
//! done, and not done if she has changed meanwhile.
//!
//! She is told of it in her hours, in the words that a text of hers would be answered with. Who has stopped, whose
//! provider blocks her, or whose phone others read is told nothing.

mod writing;

use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest, Sha256};
use uuid::Uuid;

pub use self::writing::{Last, Written, last, prepare, resend, send};

use super::auditing::Actor;
use super::effects::{Acting, Carrying, good_hour};
use super::exchange::{Exchange, Vouched};
use super::inbound::may_move;
use super::senders::Sender;
use super::{Bell, Edition, Service};
use crate::domain::conversation::{Deed, Effect, Enrolled, EnrollmentState, Known, NotDone, Scene, done};
use crate::domain::keyword::Parsed;
use crate::domain::phone::hidden_in;
use crate::domain::plan::Reader;
use crate::library::{Allowed, Program, Voice};
use crate::store::mothers::{self, Said};
use crate::store::outbox::Kind;
use crate::store::people::{self, Enrollment, Subscriber};
use crate::store::{StoreError, StoreResult, Tx, talk};

/// Why something was not done.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// A text would be refused as well.
    #[error("it is not possible: {0:?}")]
    NotDone(NotDone),
    /// Nothing is held of her.
    #[error("nothing is held of her")]
    Gone,
    /// She wrote, or somebody did something for her.
    #[error("she has changed meanwhile")]
    Changed,
    /// Her sender or her program is not there any more.
    #[error("her sender or her program is not in use any more")]
    NoSender,
    /// She has stopped.
    #[error("she has stopped")]
    Stopped,
    /// Her provider blocks her.
    #[error("her provider refuses texts from us")]
    Blocked,
    /// There are no words.
    #[error("there are no words")]
    Empty,
    /// The library has no words that give nothing away.
    #[error("the library has no words in her language that give nothing away")]
    NoCover,
    /// There is no text that could go again.
    #[error("there is no text that could go again: {0:?}")]
    NothingToResend(NotAgain),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why the last text does not go again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotAgain {
    /// There is none.
    None,
    /// It is still on its way.
    OnItsWay,
    /// It was before her loss.
    AfterLoss,
    /// Others may read her phone: she asks herself for what waits.
    Discreet,
    /// It is not right any more, or its tip was recalled.
    NotRight,
}

/// What would be done.
#[derive(Clone, Debug)]
pub struct Preview {
    /// As she is: what is done is done to her as she was shown.
    pub seen: String,
    /// The words she gets; none: she is told nothing.
    pub said: Vec<String>,
    /// When they go.
    pub at: DateTime<Utc>,
    /// How many texts that wait are taken back.
    pub taken_back: usize,
}

/// Looks at what would be done, and does nothing.
pub async fn look(service: &Service, subscriber: Uuid, deed: &Deed, tell: bool) -> Result<Preview, Refused> {
    let mut tx = service.database.read().await?;
    let her = mothers::find(&mut tx, subscriber).await?.ok_or(Refused::Gone)?;
    let edition = service.shelf.edition();
    let case = Case::of(service, &mut tx, &edition, her).await?;
    let effects = case.effects(&mut tx, deed, tell).await?;
    let waiting = mothers::waiting(&mut tx, subscriber).await?;
    Ok(Preview {
        seen: case.seen(),
        said: effects.iter().filter_map(|effect| case.words(effect)).collect(),
        at: good_hour(case.program, &case.her, case.now),
        taken_back: waiting.iter().filter(|text| takes_back(deed, text)).count(),
    })
}

/// Does it, unless she is not what she was when it was shown.
pub async fn carry_out(
    service: &Service,
    (subscriber, seen): (Uuid, &str),
    (deed, tell): (&Deed, bool),
    (by, why): (&Actor, &str),
) -> Result<(), Refused> {
    let edition = service.shelf.edition();
    let why = hidden_in(why.trim());
    let by = Acting { actor: by, why: &why, deed: Some(service.id()) };
    let mut tx = service.database.begin().await?;
    let her = people::lock_id(&mut tx, subscriber).await?.ok_or(Refused::Gone)?;
    let mut case = Case::of(service, &mut tx, &edition, her).await?;
    if case.seen() != seen {
        return Err(Refused::Changed);
    }
    let effects = case.effects(&mut tx, deed, tell).await?;
    // A loss of one of several babies: what goes on is taken from what the loss has made of it.
    let freezes = effects.iter().position(|effect| *effect == Effect::Freeze);
    let (first, then) = match freezes {
        Some(place) => effects.split_at(place + 1),
        None => (&effects[..], &[][..]),
    };
    case.carry(&mut tx, first, by).await?;
    if !then.is_empty() {
        case.enrollments = people::enrollments_of(&mut tx, subscriber).await?;
        case.carry(&mut tx, then, by).await?;
    }
    tx.commit().await?;
    service.bells.ring(Bell::Answers);
    service.bells.ring(Bell::Outbound);
    Ok(())
}

/// Which of the texts that wait a deed takes back.
fn takes_back(deed: &Deed, text: &Said) -> bool {
    let tip = text.kind == Kind::Tip.name();
    let asked_for = text.inbox_id.is_some();
    match deed {
        Deed::Stop | Deed::Erase => true,
        Deed::Loss(_) => text.kind != Kind::Broadcast.name(),
        Deed::Date { enrollment, .. } | Deed::Birth { enrollment, .. } => {
            !asked_for && text.enrollment_id == Some(*enrollment)
        }
        Deed::Less | Deed::All | Deed::Pause(_) | Deed::Resume | Deed::Hour(_) => tip,
        Deed::Move(_) => false,
    }
}

/// Her, as she is.
struct Case<'a> {
    service: &'a Service,
    edition: &'a Edition,
    her: Subscriber,
    enrollments: Vec<Enrollment>,
    sender: std::sync::Arc<Sender>,
    program: &'a Program,
    now: DateTime<Utc>,
}

impl<'a> Case<'a> {
    async fn of(
        service: &'a Service,
        tx: &mut Tx,
        edition: &'a Edition,
        her: Subscriber,
    ) -> Result<Self, Refused> {
        let enrollments = people::enrollments_of(tx, her.id).await?;
        let active = enrollments.iter().find(|one| one.state == EnrollmentState::Active);
        let newest = active.or(enrollments.first());
        let wrote_to = match newest {
            Some(newest) => vec![newest.sender.clone()],
            None => mothers::senders_of(tx, her.number()).await?,
        };
        let sender = wrote_to.iter().find_map(|name| service.senders.get(name)).ok_or(Refused::NoSender)?;
        let program = newest.map(|newest| &newest.program).or(sender.programs.first());
        let program =
            program.and_then(|program| edition.library.program(program)).ok_or(Refused::NoSender)?;
        let (sender, now) = (sender.clone(), service.now());
        Ok(Self { service, edition, her, enrollments, sender, program, now })
    }

    /// What changes whenever what is done for her may come to something else.
    fn seen(&self) -> String {
        let mut digest = Sha256::new();
        digest.update(format!("{:?} {:?} {}", self.her.stopped_at, self.her.blocked_at, self.her.discreet));
        for one in &self.enrollments {
            digest.update(format!(" {} {} {}", one.id, one.version, one.state.name()));
        }
        digest.finalize().iter().take(12).map(|byte| format!("{byte:02x}")).collect()
    }

    async fn effects(&self, tx: &mut Tx, deed: &Deed, tell: bool) -> Result<Vec<Effect>, Refused> {
        let her = &self.her;
        let mut known = Known {
            discreet: her.discreet,
            cares: her.reader().is_some_and(|reader| reader != Reader::Mother),
            place: her.place.clone(),
            zone_known: her.zone().is_some(),
            ..Known::default()
        };
        if let Deed::Move(to) = deed {
            known.may_move = may_move(tx, &self.sender, her, to, self.now).await?;
        }
        let enrolled: Vec<Enrolled> = self.enrollments.iter().map(Enrollment::told).collect();
        let language = her.language().unwrap_or(self.program.languages[0]);
        let today = self.program.whereabouts(her.zone()).date_at(self.now);
        let zone = her.zone().unwrap_or(self.program.home_zone);
        let carries = self.sender.carries();
        let parsed = Parsed::nothing();
        let guide = Allowed { library: &self.edition.library, carries, on: today };
        let scene = Scene {
            today,
            now: self.now.with_timezone(&zone).naive_local(),
            text: "",
            parsed: &parsed,
            asked: None,
            signs: &[],
            known: &known,
            provider_stopped: false,
            provider_confirms: false,
            provider_answered: false,
            stopped: her.stopped_at.is_some(),
            blocked: her.blocked_at.is_some(),
            hinted: false,
            conversation: None,
            enrollments: &enrolled,
            fallback: (&self.program.id, language),
            guide: &guide,
        };
        let mut effects = done(&scene, deed).map_err(Refused::NotDone)?;
        if !tell || !self.is_told() {
            // What is not said asks nothing either.
            effects.retain(|effect| !matches!(effect, Effect::Say { .. } | Effect::Ask(_)));
        }
        Ok(effects)
    }

    /// Whether she is told anything of what is done here.
    fn is_told(&self) -> bool {
        self.her.stopped_at.is_none() && self.her.blocked_at.is_none() && !self.her.discreet
    }

    /// The words of an effect.
    fn words(&self, effect: &Effect) -> Option<String> {
        let Effect::Say { reply, program, language, fields } = effect else { return None };
        let program = self.edition.library.program(program)?;
        let today = program.whereabouts(self.her.zone()).date_at(self.now);
        Voice { library: &self.edition.library, program, language: *language, today }.say(*reply, fields)
    }

    async fn carry(&self, tx: &mut Tx, effects: &[Effect], by: Acting<'_>) -> Result<(), Refused> {
        let phone = self.her.phone().ok_or(Refused::Gone)?;
        let open = talk::open_question(tx, self.her.id).await?.filter(|open| open.expires_at > self.now);
        let mut exchange = Exchange::default();
        let (name, account, how) = (by.actor.name.clone(), by.actor.account, by.why.to_owned());
        exchange.done_for_her(Vouched { by: name, account, how, on: None }, self.now);
        let mut carrying = Carrying {
            service: self.service,
            edition: self.edition,
            sender: &self.sender,
            subscriber: &self.her,
            phone: &phone,
            text: None,
            by: Some(by),
            window: None,
            enrollments: &self.enrollments,
            open: open.as_ref(),
            known: &Known::default(),
            program: self.program,
            provider_stopped: false,
            muted: false,
            answered: 0,
            frozen: false,
            exchange,
            replies: Vec::new(),
            consents: Vec::new(),
            now: self.now,
        };
        Ok(carrying.out(tx, effects.to_vec()).await?)
    }
}

/// A text of a person that could not go out for so long tells her nothing any more.
const LIFE: TimeDelta = TimeDelta::hours(24);

/// Her newest text, if she wrote one lately: an answer to it is waited for.
async fn wrote_lately(
    tx: &mut Tx,
    her: &Subscriber,
    now: DateTime<Utc>,
) -> StoreResult<Option<(Uuid, bool)>> {
    const LATELY: TimeDelta = TimeDelta::hours(1);
    let last = mothers::heard(tx, her.number(), now + TimeDelta::seconds(1), 1).await?;
    Ok(last.first().map(|last| (last.id, now - last.received_at < LATELY)))
}
