//! What is heard in every state: STOP, HELP, START, UPDATE, start words, words of loss; then the open question.

use super::dates::DateTaken;
use super::{
    Conversation, Effect, Enrolled, EnrollmentState, Fields, Purpose, Reply, Scene, Step, question, steps,
};
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
    effects.extend(kept(scene, &effects));
    effects
}

/// A question that stays open keeps what was said beside it: the record of consent has every word.
fn kept(scene: &Scene<'_>, effects: &[Effect]) -> Option<Effect> {
    let said = effects.iter().any(|effect| matches!(effect, Effect::Say { .. }));
    let settled =
        effects.iter().any(|effect| matches!(effect, Effect::Ask(_) | Effect::MarkUnread | Effect::Close));
    scene.conversation.filter(|_| said && !settled).map(|open| Effect::Ask(open.clone()))
}

/// STOP takes effect whatever else is going on, and is confirmed exactly once: again only if she had begun
/// to talk with us again, or the provider blocks her from now on.
fn stop(scene: &Scene<'_>) -> Vec<Effect> {
    if scene.silent() {
        let newly_blocked = scene.provider_stopped && !scene.blocked;
        return if newly_blocked { vec![Effect::Stop] } else { Vec::new() };
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

/// A loss after STOP is heard, so that START brings no pregnancy back, and not answered.
fn loss(scene: &Scene<'_>) -> Vec<Effect> {
    if scene.silent() {
        return vec![Effect::Freeze];
    }
    let already = scene.active().is_none() && scene.newest(EnrollmentState::Frozen).is_some();
    if already && scene.hinted {
        return Vec::new();
    }
    vec![Effect::Freeze, Effect::Close, scene.say(Reply::Loss, Fields::default()), Effect::MarkHinted]
}

/// START resumes the last program once she has said that its date still holds. While she joins, it asks the
/// open question again; after a loss nothing resumes; a pregnancy or first year that is over begins anew.
fn start(scene: &Scene<'_>) -> Vec<Effect> {
    if let Some(active) = scene.active() {
        return vec![scene.say_of(active, Reply::Help, Fields::default())];
    }
    if let Some(asked) = scene.joining().and_then(|step| question::again(scene, step)) {
        return vec![asked];
    }
    let last = scene
        .enrollments
        .iter()
        .find(|enrolled| matches!(enrolled.state, EnrollmentState::Stopped | EnrollmentState::Frozen));
    match last {
        None => vec![scene.say(Reply::HowToJoin, Fields::default())],
        Some(last) if last.state == EnrollmentState::Frozen => {
            vec![scene.say_of(last, Reply::Frozen, Fields::default())]
        }
        Some(last) if outgrown(last.anchor, scene) => {
            let step = Step::Date { last_period: false, purpose: Purpose::Enroll };
            vec![scene.ask_of(last, step), scene.say_of(last, Reply::AskDate, Fields::default())]
        }
        Some(last) => {
            let (reply, fields) = question::resume(last.anchor);
            let step = Step::Resume { enrollment: last.id };
            vec![scene.ask_of(last, step), scene.say_of(last, reply, fields)]
        }
    }
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

/// UPDATE asks the new date; while she joins or comes back, the date is asked that is then in question.
fn update(scene: &Scene<'_>) -> Vec<Effect> {
    if let Some(active) = scene.active() {
        return ask_date_of(scene, active);
    }
    match scene.conversation.and_then(|open| open.step.beneath()) {
        Some(Step::Resume { enrollment }) => {
            steps::ask_date(scene, Purpose::Retime(*enrollment), Reply::AskUpdate)
        }
        Some(Step::Confirm { purpose, .. } | Step::Choose { purpose, .. } | Step::Date { purpose, .. }) => {
            steps::ask_date(scene, *purpose, Reply::AskUpdate)
        }
        Some(Step::Place { .. }) => steps::ask_date(scene, Purpose::Enroll, Reply::AskUpdate),
        Some(Step::NewOne | Step::StopUnsure { .. }) | None => not_enrolled(scene),
    }
}

fn not_enrolled(scene: &Scene<'_>) -> Vec<Effect> {
    if scene.silent() {
        return Vec::new();
    }
    let frozen = scene.newest(EnrollmentState::Frozen).is_some();
    let reply = if frozen { Reply::Frozen } else { Reply::HowToJoin };
    vec![scene.say(reply, Fields::default())]
}

fn ask_date_of(scene: &Scene<'_>, enrolled: &Enrolled) -> Vec<Effect> {
    let step = Step::Date { last_period: false, purpose: Purpose::Retime(enrolled.id) };
    vec![scene.ask_of(enrolled, step), scene.say_of(enrolled, Reply::AskUpdate, Fields::default())]
}

/// A start word opens the questions, or, from somebody whose enrollment is not over, asks whether she means
/// a new pregnancy or baby.
fn begin(scene: &Scene<'_>) -> Vec<Effect> {
    if scene.blocked {
        return vec![Effect::ReportBlocked];
    }
    let (program, language) = scene.started();
    let going_on = scene
        .enrollments
        .iter()
        .find(|e| e.program == program && e.state == EnrollmentState::Active && !outgrown(e.anchor, scene));
    let (step, reply, fields) = match going_on {
        Some(active) => {
            let (reply, fields) = question::already(active.anchor);
            (Step::NewOne, reply, fields)
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
    if scene.parsed.stop_in_doubt && !scene.silent() {
        let before = match scene.conversation.map(|open| &open.step) {
            // Asked whether she means stop, she says so half again: that is enough.
            Some(Step::StopUnsure { .. }) => return stop(scene),
            step => step.map(|step| Box::new(step.clone())),
        };
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
    /// She said STOP and has not begun to talk with us since: only HELP, START and start words are answered.
    pub(super) fn silent(&self) -> bool {
        self.stopped && self.conversation.is_none()
    }

    /// The open question, if it is one on the way to an enrollment.
    fn joining(&self) -> Option<&Step> {
        self.conversation?.step.beneath().filter(|step| match step {
            Step::Date { purpose, .. } | Step::Confirm { purpose, .. } | Step::Choose { purpose, .. } => {
                *purpose == Purpose::Enroll
            }
            Step::Place { .. } => true,
            Step::NewOne | Step::StopUnsure { .. } | Step::Resume { .. } => false,
        })
    }

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
