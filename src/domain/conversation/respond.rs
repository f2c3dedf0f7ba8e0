//! What is heard in every state: STOP, HELP, START, UPDATE, start words, words of loss; then the open question.

use super::dates::DateTaken;
use super::{Conversation, Effect, Enrolled, EnrollmentState, Fields, Purpose, Reply, Scene, Step, steps};
use crate::domain::gestation::{Anchor, BABY_WEEKS, stage_on};
use crate::domain::keyword::{Answer, Intent};
use crate::domain::language::Language;

/// Decides what to do about a text. Total: every text in every state has its effects, perhaps none.
pub fn respond(scene: &Scene<'_>) -> Vec<Effect> {
    if scene.provider_stopped || scene.parsed.intent == Some(Intent::Stop) {
        return stop(scene);
    }
    let mut effects = Vec::new();
    if scene.blocked && unblocks(scene) {
        effects.push(Effect::Unblock);
    }
    if scene.provider_answered {
        return effects;
    }
    match scene.parsed.intent {
        Some(Intent::Loss) => effects.extend(loss(scene)),
        Some(Intent::Help) => effects.push(scene.say(Reply::Help, Fields::default())),
        Some(Intent::Start) => effects.extend(start(scene)),
        Some(Intent::Update) => effects.extend(update(scene)),
        Some(Intent::Baby) => effects.extend(begin(scene)),
        Some(Intent::Stop) | None => effects.extend(in_step(scene)),
    }
    effects
}

/// STOP takes effect whatever else is going on, and is confirmed exactly once.
fn stop(scene: &Scene<'_>) -> Vec<Effect> {
    if scene.stopped {
        return Vec::new();
    }
    let mut effects = vec![Effect::Stop, Effect::Close];
    if !scene.provider_confirms {
        effects.push(scene.say(Reply::Stopped, Fields::default()));
    }
    effects
}

/// The words that lift a provider's own block (Twilio: START, YES, UNSTOP).
fn unblocks(scene: &Scene<'_>) -> bool {
    scene.parsed.intent == Some(Intent::Start) || scene.parsed.answer == Some(Answer::Yes)
}

fn loss(scene: &Scene<'_>) -> Vec<Effect> {
    if scene.stopped {
        return Vec::new();
    }
    let already = scene.active().is_none() && scene.newest(EnrollmentState::Frozen).is_some();
    if already && scene.hinted {
        return Vec::new();
    }
    vec![Effect::Freeze, Effect::Close, scene.say(Reply::Loss, Fields::default()), Effect::MarkHinted]
}

/// START resumes the last program once she has said that its date still holds.
fn start(scene: &Scene<'_>) -> Vec<Effect> {
    if let Some(active) = scene.active() {
        return vec![scene.say_of(active, Reply::Help, Fields::default())];
    }
    let Some(last) = scene.newest(EnrollmentState::Stopped) else {
        let frozen = scene.newest(EnrollmentState::Frozen).is_some();
        let reply = if frozen { Reply::Frozen } else { Reply::HowToJoin };
        return vec![scene.say(reply, Fields::default())];
    };
    if outgrown(last.anchor, scene) {
        return ask_date_of(scene, last);
    }
    let reply = match last.anchor {
        Anchor::Due(_) => Reply::StartDue,
        Anchor::Born(_) => Reply::StartBorn,
    };
    vec![
        scene.ask_of(last, Step::Resume { enrollment: last.id }),
        scene.say_of(last, reply, Fields::of(last.anchor)),
    ]
}

/// Whether nothing is left to send under this date: the due date is long past, or the baby is one.
fn outgrown(anchor: Anchor, scene: &Scene<'_>) -> bool {
    match anchor {
        Anchor::Due(date) => {
            !DateTaken { kind: super::DateKind::Due, date }.plausible(scene.today) && date < scene.today
        }
        Anchor::Born(_) => stage_on(anchor, scene.today).is_some_and(|stage| stage.week >= BABY_WEEKS),
    }
}

fn update(scene: &Scene<'_>) -> Vec<Effect> {
    match scene.active() {
        Some(active) => ask_date_of(scene, active),
        None if scene.newest(EnrollmentState::Frozen).is_some() => {
            vec![scene.say(Reply::Frozen, Fields::default())]
        }
        None => vec![scene.say(Reply::HowToJoin, Fields::default())],
    }
}

fn ask_date_of(scene: &Scene<'_>, enrolled: &Enrolled) -> Vec<Effect> {
    let step = Step::Date { last_period: false, purpose: Purpose::Retime(enrolled.id) };
    vec![scene.ask_of(enrolled, step), scene.say_of(enrolled, Reply::AskUpdate, Fields::default())]
}

/// A start word opens the questions, or, from somebody enrolled, asks whether she means a new baby.
fn begin(scene: &Scene<'_>) -> Vec<Effect> {
    if scene.blocked {
        return vec![Effect::ReportBlocked];
    }
    let (program, language) = scene.started();
    let active =
        scene.enrollments.iter().find(|e| e.program == program && e.state == EnrollmentState::Active);
    let (step, reply, fields) = match active {
        Some(active) => {
            let reply = match active.anchor {
                Anchor::Due(_) => Reply::AlreadyDue,
                Anchor::Born(_) => Reply::AlreadyBorn,
            };
            (Step::NewOne, reply, Fields::of(active.anchor))
        }
        None => {
            (Step::Date { last_period: false, purpose: Purpose::Enroll }, Reply::AskDate, Fields::default())
        }
    };
    let conversation = Conversation { program: program.clone(), language, step, unread: false };
    vec![Effect::Ask(conversation), Effect::Say { reply, program, language, fields }]
}

/// No keyword: an answer to the open question, or a text out of the blue.
fn in_step(scene: &Scene<'_>) -> Vec<Effect> {
    if scene.parsed.stop_in_doubt && !scene.stopped {
        let before = scene.conversation.map(|open| Box::new(open.step.clone()));
        return vec![scene.ask(Step::StopUnsure { before }), scene.say(Reply::StopUnsure, Fields::default())];
    }
    let answered = scene.conversation.and_then(|open| steps::answer(scene, open));
    answered.unwrap_or_else(|| out_of_the_blue(scene))
}

/// Somebody wrote without being asked: help once, then not again for a while. After STOP, silence.
fn out_of_the_blue(scene: &Scene<'_>) -> Vec<Effect> {
    if scene.stopped || scene.hinted {
        return Vec::new();
    }
    let reply = if scene.active().is_some() {
        if scene.parsed.answer.is_some() { Reply::NothingAsked } else { Reply::FreeTextEnrolled }
    } else if scene.newest(EnrollmentState::Frozen).is_some() {
        Reply::Frozen
    } else {
        Reply::FreeTextStranger
    };
    vec![scene.say(reply, Fields::default()), Effect::MarkHinted]
}

impl Scene<'_> {
    /// Her newest active enrollment.
    pub(super) fn active(&self) -> Option<&Enrolled> {
        self.newest(EnrollmentState::Active)
    }

    fn newest(&self, state: EnrollmentState) -> Option<&Enrolled> {
        self.enrollments.iter().find(|enrolled| enrolled.state == state)
    }

    /// The program of the start word she used: in the language she speaks where the word is in several.
    fn started(&self) -> (String, Language) {
        let words = &self.parsed.start;
        let spoken = |language: &str| self.enrollments.iter().any(|e| e.language.as_str() == language);
        words
            .iter()
            .find(|(_, language)| spoken(language))
            .or_else(|| words.first())
            .and_then(|(program, language)| Some((program.clone(), language.parse().ok()?)))
            .unwrap_or_else(|| (self.fallback.0.to_owned(), self.fallback.1))
    }

    /// The program and language to answer in: the open question's, else her newest enrollment's.
    fn voice(&self) -> (String, Language) {
        self.conversation
            .map(|open| (open.program.clone(), open.language))
            .or_else(|| {
                let enrolled = self.active().or_else(|| self.enrollments.first())?;
                Some((enrolled.program.clone(), enrolled.language))
            })
            .unwrap_or_else(|| (self.fallback.0.to_owned(), self.fallback.1))
    }

    /// A reply in the voice that fits.
    pub(super) fn say(&self, reply: Reply, fields: Fields) -> Effect {
        let (program, language) = self.voice();
        Effect::Say { reply, program, language, fields }
    }

    fn say_of(&self, enrolled: &Enrolled, reply: Reply, fields: Fields) -> Effect {
        Effect::Say { reply, program: enrolled.program.clone(), language: enrolled.language, fields }
    }

    /// A question in the voice that fits.
    pub(super) fn ask(&self, step: Step) -> Effect {
        let (program, language) = self.voice();
        Effect::Ask(Conversation { program, language, step, unread: false })
    }

    fn ask_of(&self, enrolled: &Enrolled, step: Step) -> Effect {
        let (program, language) = (enrolled.program.clone(), enrolled.language);
        Effect::Ask(Conversation { program, language, step, unread: false })
    }
}
