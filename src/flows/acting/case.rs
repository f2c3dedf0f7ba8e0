//! She as she is, and what a deed comes to for her.

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::Refused;
use crate::domain::conversation::{
    Deed, Effect, Enrolled, EnrollmentState, Known, Lost, NotDone, Scene, Step, done,
};
use crate::domain::keyword::Parsed;
use crate::domain::plan::Reader;
use crate::flows::effects::{Acting, Carrying};
use crate::flows::exchange::{Exchange, Vouched};
use crate::flows::inbound::may_move;
use crate::flows::senders::Sender;
use crate::flows::{Edition, Service};
use crate::library::{Allowed, Program, Voice};
use crate::store::people::{self, Enrollment, Subscriber};
use crate::store::talk::{self, OpenQuestion};
use crate::store::{StoreResult, Tx, mothers};

/// Her, as she is.
pub(super) struct Case<'a> {
    service: &'a Service,
    pub edition: &'a Edition,
    pub her: Subscriber,
    /// The programs in which whoever acts may act.
    within: &'a [String],
    /// Her enrollments: first those in which they may act, each part with the newest first.
    enrollments: Vec<Enrollment>,
    /// So many of them are theirs to change.
    theirs: usize,
    /// What is done is a matter of her phone, whatever she is enrolled in.
    whole: bool,
    /// The enrollment that is spoken of: one of theirs.
    pub enrollment: Option<Uuid>,
    /// What was asked of her last, as long as an answer is understood.
    open: Option<OpenQuestion>,
    pub sender: std::sync::Arc<Sender>,
    pub program: &'a Program,
    pub now: DateTime<Utc>,
}

impl<'a> Case<'a> {
    pub async fn of(
        service: &'a Service,
        tx: &mut Tx,
        edition: &'a Edition,
        her: Subscriber,
        (within, deed): (&'a [String], Option<&Deed>),
    ) -> Result<Self, Refused> {
        let now = service.now();
        let (enrollments, theirs) = split(people::enrollments_of(tx, her.id).await?, within);
        let whole = matches!(deed, Some(Deed::Stop | Deed::Loss(Lost::All) | Deed::Erase));
        let reached = &enrollments[..theirs];
        let named = match deed {
            Some(Deed::Date { enrollment, .. } | Deed::Birth { enrollment, .. }) => {
                let named = reached.iter().find(|one| one.id == *enrollment);
                Some(named.ok_or(Refused::NotDone(NotDone::NotEnrolled))?)
            }
            _ => None,
        };
        let active = |one: &&Enrollment| one.state == EnrollmentState::Active;
        let spoken_of = named.or(reached.iter().find(active)).or(reached.first());
        if spoken_of.is_none() && !enrollments.is_empty() {
            return Err(Refused::NotDone(NotDone::NotEnrolled));
        }
        // Of what is done to all that she gets she hears where she gets it.
        let hears = enrollments.iter().filter(|_| whole).find(active).or(spoken_of);
        let wrote_to = match hears {
            Some(one) => vec![one.sender.clone()],
            None => mothers::senders_of(tx, her.number()).await?,
        };
        let sender = wrote_to.iter().find_map(|name| service.senders.get(name)).ok_or(Refused::NoSender)?;
        let of_sender = || {
            let programs = &sender.programs;
            programs.iter().find(|program| within.contains(program)).or(programs.first())
        };
        let program = spoken_of.map(|one| &one.program).or_else(of_sender);
        let program =
            program.and_then(|program| edition.library.program(program)).ok_or(Refused::NoSender)?;
        let understood = |open: &OpenQuestion| open.late_until.unwrap_or(open.expires_at) > now;
        let open = talk::open_question(tx, her.id).await?.filter(understood);
        let (sender, enrollment) = (sender.clone(), spoken_of.map(|one| one.id));
        Ok(Self {
            service,
            edition,
            her,
            within,
            enrollments,
            theirs,
            whole,
            enrollment,
            open,
            sender,
            program,
            now,
        })
    }

    /// Her enrollments once more: something was done to them.
    pub async fn look_again(&mut self, tx: &mut Tx) -> StoreResult<()> {
        let again = people::enrollments_of(tx, self.her.id).await?;
        (self.enrollments, self.theirs) = split(again, self.within);
        Ok(())
    }

    /// What she is enrolled in, as far as it is theirs to change.
    pub fn theirs(&self) -> &[Enrollment] {
        if self.whole { &self.enrollments } else { &self.enrollments[..self.theirs] }
    }

    /// All that she is enrolled in.
    pub fn all(&self) -> &[Enrollment] {
        &self.enrollments
    }

    /// Whether whoever acts may act in a program.
    pub fn is_within(&self, program: &str) -> bool {
        self.within.iter().any(|known| known == program)
    }

    /// The question that is open now.
    pub fn open(&self) -> Option<&OpenQuestion> {
        self.open.as_ref().filter(|open| open.expires_at > self.now)
    }

    /// What changes whenever what is done for her may come to something else.
    pub fn seen(&self) -> String {
        let mut digest = Sha256::new();
        digest.update(format!("{:?} {:?} {}", self.her.stopped_at, self.her.blocked_at, self.her.discreet));
        for one in &self.enrollments {
            digest.update(format!(" {} {} {}", one.id, one.version, one.state.name()));
        }
        digest.update(format!(" {:?}", self.open.as_ref().map(|open| &open.step)));
        digest.finalize().iter().take(12).map(|byte| format!("{byte:02x}")).collect()
    }

    pub async fn effects(&self, tx: &mut Tx, deed: &Deed, tell: bool) -> Result<Vec<Effect>, Refused> {
        let her = &self.her;
        let mut known = Known {
            discreet: her.discreet,
            cares: her.reader().is_some_and(|reader| reader != Reader::Mother),
            place: her.place.clone(),
            zone_known: her.zone().is_some(),
            ..Known::default()
        };
        if let Deed::Move(to) = deed {
            known.may_move = may_move(self.service, tx, (&self.sender, her), to, self.now).await?;
        }
        let enrolled: Vec<Enrolled> = self.theirs().iter().map(Enrollment::told).collect();
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
        // She did not write: only what is settled by it is asked no more.
        effects.retain(|effect| *effect != Effect::Close);
        let asks = effects.iter().any(|effect| matches!(effect, Effect::Ask(_)));
        if !asks && self.open.is_some() && self.left(deed).is_none() {
            effects.push(Effect::Close);
        }
        Ok(effects)
    }

    /// What is left of the open question once a deed is done; none: nothing.
    fn left(&self, deed: &Deed) -> Option<Step> {
        let step: Step = serde_json::from_str(&self.open.as_ref()?.step).ok()?;
        match deed {
            Deed::Stop | Deed::Loss(_) | Deed::Erase => None,
            Deed::Date { enrollment, .. } | Deed::Birth { enrollment, .. } => {
                step.without(&|step| step.about() == Some(*enrollment))
            }
            Deed::Hour(_) => step.without(&|step| *step == Step::Time),
            Deed::Move(_) => step.without(&|step| matches!(step, Step::Move | Step::MoveConfirm { .. })),
            Deed::Less | Deed::All | Deed::Pause(_) | Deed::Resume => Some(step),
        }
    }

    /// Of a question that stood in front of another one, which is settled, that one alone is left.
    pub async fn leave_open(&self, tx: &mut Tx, deed: &Deed) -> StoreResult<()> {
        let (Some(open), Some(left)) = (&self.open, self.left(deed)) else { return Ok(()) };
        let step = serde_json::to_string(&left).unwrap_or_default();
        if step == open.step { Ok(()) } else { talk::ask(tx, &OpenQuestion { step, ..open.clone() }).await }
    }

    /// Whether she is told anything of what is done here.
    fn is_told(&self) -> bool {
        self.her.stopped_at.is_none() && self.her.blocked_at.is_none() && !self.her.discreet
    }

    /// The program in whose words an effect tells her something.
    pub fn speaker(&self, effect: &Effect) -> Option<&'a Program> {
        let Effect::Say { program, .. } = effect else { return None };
        self.edition.library.program(program)
    }

    /// The words of an effect.
    pub fn words(&self, effect: &Effect) -> Option<String> {
        let Effect::Say { reply, language, fields, .. } = effect else { return None };
        let program = self.speaker(effect)?;
        let today = program.whereabouts(self.her.zone()).date_at(self.now);
        Voice { library: &self.edition.library, program, language: *language, today }.say(*reply, fields)
    }

    pub async fn carry(&self, tx: &mut Tx, effects: &[Effect], by: Acting<'_>) -> Result<(), Refused> {
        let phone = self.her.phone().ok_or(Refused::Gone)?;
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
            open: self.open(),
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

/// Those of the programs in which they may act first; and how many these are.
fn split(enrollments: Vec<Enrollment>, within: &[String]) -> (Vec<Enrollment>, usize) {
    let (mut all, others): (Vec<_>, Vec<_>) =
        enrollments.into_iter().partition(|one| within.contains(&one.program));
    let theirs = all.len();
    all.extend(others);
    (all, theirs)
}
