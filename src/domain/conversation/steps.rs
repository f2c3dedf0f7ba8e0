//! The answer to an open question, step by step.
//!
//! A text that makes no sense as an answer is met with help once a step; a date that can be read but
//! cannot be is told so each time, because the next one may be right.

use uuid::Uuid;

use super::dates::{DateKind, DateProblem, DateTaken, take};
use super::question::{self, ask_place};
use super::{
    Conversation, Effect, EnrollmentState, Fields, Place, Purpose, Reply, Scene, Step, births, losses, pace,
    person, surveys, unseen, visits, written,
};
use crate::domain::date_text;
use crate::domain::gestation::Anchor;
use crate::domain::keyword::Answer;
use crate::domain::language::Language;

/// More words than these, beside a question that asks for words, are a text of their own.
const FEW_WORDS: usize = 3;

/// The effects of an answer; none if the text is no matter of this question at all.
pub(super) fn answer(scene: &Scene<'_>, open: &Conversation) -> Option<Vec<Effect>> {
    // What was lost meanwhile is asked about no more, by whomever it was told.
    if scene.is_of_the_lost(&open.step) {
        return None;
    }
    let effects = match &open.step {
        Step::Person { before } => return written::answer(scene, open, before.as_deref()),
        Step::Date { last_period, purpose } => date(scene, open, *last_period, *purpose),
        Step::Confirm { taken, others, purpose } => confirm(scene, open, *taken, others, *purpose),
        Step::Choose { choices, purpose } => choose(scene, open, choices, *purpose),
        Step::Place { anchor } => place(scene, open, *anchor),
        Step::StopUnsure { before } => return stop_unsure(scene, before.as_deref()),
        step => return other(scene, open, step),
    };
    Some(effects)
}

/// The answer to a question beside those of joining; what is no answer to it is heard for what it is. A word or two that
/// can be nothing but an answer are met with the question, once.
fn other(scene: &Scene<'_>, open: &Conversation, step: &Step) -> Option<Vec<Effect>> {
    let answered = answered(scene, open, step);
    let asks_for_words = matches!(
        step,
        Step::Birth { .. }
            | Step::Move
            | Step::Time
            | Step::Language { .. }
            | Step::NewPlace
            | Step::Erase
            | Step::Visit
            | Step::VisitWhich { .. }
    );
    let few = scene.text.split_whitespace().count() <= FEW_WORDS && !scene.text.contains('?');
    let reads = unseen::read(scene).is_some();
    let answers = scene.asked.is_none() && !reads && (few || scene.parsed.answer.is_some());
    answered.or_else(|| {
        let again = question::again(scene, step).filter(|_| asks_for_words && answers && !open.unread)?;
        Some(vec![again, Effect::MarkUnread])
    })
}

fn answered(scene: &Scene<'_>, open: &Conversation, step: &Step) -> Option<Vec<Effect>> {
    match step {
        Step::NewOne => new_one(scene, open),
        Step::Resume { enrollment } => resume(scene, open, *enrollment),
        Step::Birth { enrollment } => births::answer(scene, *enrollment),
        Step::Births { enrollment, born } => births::confirm_several(scene, *enrollment, born),
        Step::News { enrollment } => births::news(scene, *enrollment),
        Step::LossWhich { enrollment, born } => losses::answer_which(scene, *enrollment, born),
        Step::Support { enrollment, loss } => losses::answer_support(scene, *enrollment, *loss),
        Step::Time => pace::answer_time(scene),
        Step::Language { choices } => pace::answer_language(scene, choices),
        Step::Move => person::to_number(scene, scene.text),
        Step::MoveConfirm { to } => person::confirm_move(scene, to),
        Step::MoveOffer { from } => person::accept_move(scene, *from),
        Step::StillYou => person::still_you(scene),
        Step::NewPlace => person::answer_place(scene),
        Step::Erase => person::answer_erase(scene),
        Step::Visit => visits::answer_when(scene),
        Step::VisitWhich { visits } => visits::answer_which(scene, visits),
        Step::VisitAfter { visit } => visits::answer_after(scene, *visit),
        Step::Question { question } => {
            surveys::answer(scene, &open.program, question).or_else(|| surveys::again(scene, open, question))
        }
        Step::Date { .. }
        | Step::Confirm { .. }
        | Step::Choose { .. }
        | Step::Place { .. }
        | Step::StopUnsure { .. }
        | Step::Person { .. } => None,
    }
}

fn date(scene: &Scene<'_>, open: &Conversation, last_period: bool, purpose: Purpose) -> Vec<Effect> {
    if scene.parsed.answer == Some(Answer::LastPeriod) && !last_period {
        return vec![
            scene.ask(Step::Date { last_period: true, purpose }),
            scene.say(Reply::AskLastPeriod, Fields::default()),
        ];
    }
    let reading = date_text::read(scene.text, scene.guide.dates(open.language), scene.today);
    match take(&reading, last_period, scene.today) {
        Ok(ways) => read_back(scene, &ways, purpose),
        Err(DateProblem::Unreadable) => {
            once(scene, open, if last_period { Reply::AskLastPeriodAgain } else { Reply::AskDateAgain })
        }
        Err(problem) => vec![what_is_wrong(scene, problem)],
    }
}

pub(super) fn read_back(scene: &Scene<'_>, ways: &[DateTaken], purpose: Purpose) -> Vec<Effect> {
    let Some((taken, others)) = ways.split_first() else {
        return Vec::new();
    };
    let (reply, fields) = question::read_back(*taken, scene, purpose);
    vec![
        scene.ask(Step::Confirm { taken: *taken, others: others.to_vec(), purpose }),
        scene.say(reply, fields),
    ]
}

pub(super) fn what_is_wrong(scene: &Scene<'_>, problem: DateProblem) -> Effect {
    let (reply, date) = match problem {
        DateProblem::Unreadable => (Reply::AskDateAgain, None),
        DateProblem::Several => (Reply::AskOneDate, None),
        DateProblem::TooFar(date) => (Reply::DateTooFar, Some(date)),
        DateProblem::TooOld(date) => (Reply::DateTooOld, Some(date)),
        DateProblem::BornInFuture(date) => (Reply::BornInFuture, Some(date)),
        DateProblem::LastPeriodImpossible(date) => (Reply::LastPeriodImpossible, Some(date)),
    };
    scene.say(reply, Fields { date, ..Fields::default() })
}

fn confirm(
    scene: &Scene<'_>,
    open: &Conversation,
    taken: DateTaken,
    others: &[DateTaken],
    purpose: Purpose,
) -> Vec<Effect> {
    match scene.parsed.answer {
        Some(Answer::Yes) => settled(scene, taken.anchor(), purpose),
        Some(Answer::No) if others.is_empty() && taken.kind == DateKind::LastPeriod => vec![
            scene.ask(Step::Date { last_period: true, purpose }),
            scene.say(Reply::AskLastPeriod, Fields::default()),
        ],
        Some(Answer::No) if others.is_empty() => match purpose {
            Purpose::Birth(enrollment) => births::ask_again(scene, enrollment),
            _ => ask_date(scene, purpose, Reply::AskUpdate),
        },
        Some(Answer::No) => {
            let choices = others.to_vec();
            vec![
                scene.ask(Step::Choose { choices: choices.clone(), purpose }),
                scene.say(Reply::OfferOthers, Fields::readings(others)),
            ]
        }
        Some(Answer::LastPeriod) => date(scene, open, false, purpose),
        _ if has_date(scene, open) => match purpose {
            Purpose::Birth(enrollment) => births::again(scene, enrollment),
            _ => date(scene, open, taken.kind == DateKind::LastPeriod, purpose),
        },
        _ => match purpose {
            Purpose::Birth(enrollment) if births::names_a_day(scene, enrollment) => {
                births::again(scene, enrollment)
            }
            _ => {
                once_with(scene, open, Reply::YesOrNo, Fields { date: Some(taken.date), ..Fields::default() })
            }
        },
    }
}

fn choose(scene: &Scene<'_>, open: &Conversation, choices: &[DateTaken], purpose: Purpose) -> Vec<Effect> {
    match scene.parsed.answer {
        Some(Answer::Number(n)) if (1..=choices.len()).contains(&(n as usize)) => {
            settled(scene, choices[n as usize - 1].anchor(), purpose)
        }
        // With one other reading, YES says as much as its number.
        Some(Answer::Yes) if choices.len() == 1 => settled(scene, choices[0].anchor(), purpose),
        Some(Answer::No) => ask_date(scene, purpose, Reply::AskUpdate),
        Some(Answer::LastPeriod) => date(scene, open, false, purpose),
        _ if has_date(scene, open) => date(scene, open, false, purpose),
        _ => once_with(scene, open, Reply::ChooseAgain, Fields::readings(choices)),
    }
}

/// She said yes to a date.
fn settled(scene: &Scene<'_>, anchor: Anchor, purpose: Purpose) -> Vec<Effect> {
    match purpose {
        Purpose::Enroll => {
            let program = scene.conversation.map_or(scene.fallback.0, |open| open.program.as_str());
            let reply = ask_place(scene, program);
            vec![scene.ask(Step::Place { anchor }), scene.say(reply, Fields::default())]
        }
        Purpose::Retime(enrollment) => retimed(scene, enrollment, anchor),
        Purpose::Birth(enrollment) => match anchor {
            Anchor::Born(date) => births::settled(scene, enrollment, date),
            Anchor::Due(_) => retimed(scene, enrollment, anchor),
        },
    }
}

/// New dates. A due date after a birth is another pregnancy, and that is another enrollment.
pub(super) fn retimed(scene: &Scene<'_>, enrollment: Uuid, anchor: Anchor) -> Vec<Effect> {
    let before = scene.enrollments.iter().find(|enrolled| enrolled.id == enrollment);
    if let (Some(before), Anchor::Due(_)) = (before, anchor)
        && matches!(before.anchor, Anchor::Born(_))
    {
        return enroll(scene, &before.program, before.language, anchor, None);
    }
    // A birth after a due date closes the pregnancy, whichever word she told it by.
    if let (Some(EnrollmentState::Active), Some(Anchor::Due(_)), Anchor::Born(date)) =
        (before.map(|before| before.state), before.map(|before| before.anchor), anchor)
    {
        return births::settled(scene, enrollment, date);
    }
    let reply = match (before.map(|before| before.state), anchor) {
        // She comes back: what she agrees to is said again.
        (Some(EnrollmentState::Stopped), _) => Reply::Resumed,
        (_, Anchor::Due(_)) => Reply::UpdatedDue,
        (_, Anchor::Born(_)) => Reply::UpdatedBorn,
    };
    vec![Effect::Retime { enrollment, anchor }, scene.say(reply, Fields::of(anchor)), Effect::Close]
}

fn place(scene: &Scene<'_>, open: &Conversation, anchor: Anchor) -> Vec<Effect> {
    if matches!(scene.parsed.answer, Some(Answer::Skip | Answer::No)) {
        return enroll(scene, &open.program, open.language, anchor, None);
    }
    match scene.guide.place(&open.program, scene.text) {
        Some(found) => enroll(scene, &open.program, open.language, anchor, Some(found)),
        // She confirmed her date: a place we cannot find must not keep her out.
        None if open.unread => enroll(scene, &open.program, open.language, anchor, None),
        // Another date in place of it is the right one, and is read back first.
        None if has_date(scene, open) => date(scene, open, false, Purpose::Enroll),
        None => {
            let zip = scene.guide.asks_zip(&open.program);
            once(scene, open, if zip { Reply::ZipAgain } else { Reply::PostcodeAgain })
        }
    }
}

fn enroll(
    scene: &Scene<'_>,
    program: &str,
    language: Language,
    anchor: Anchor,
    place: Option<Place>,
) -> Vec<Effect> {
    let reply = match anchor {
        _ if scene.known.cares => Reply::EnrolledFamily,
        Anchor::Due(_) => Reply::EnrolledDue,
        Anchor::Born(_) => Reply::EnrolledBorn,
    };
    let say = scene.say(reply, Fields::of(anchor));
    vec![Effect::Enroll { program: program.to_owned(), language, anchor, place }, say, Effect::Close]
}

/// START was answered with her dates: do they still hold?
fn resume(scene: &Scene<'_>, open: &Conversation, enrollment: Uuid) -> Option<Vec<Effect>> {
    let last = scene.enrollments.iter().find(|enrolled| enrolled.id == enrollment)?;
    let again = Purpose::Retime(enrollment);
    Some(match scene.parsed.answer {
        Some(Answer::Yes) => {
            vec![Effect::Resume { enrollment }, scene.say(Reply::Resumed, Fields::default()), Effect::Close]
        }
        Some(Answer::No) => ask_date(scene, again, Reply::AskUpdate),
        Some(Answer::LastPeriod) => date(scene, open, false, again),
        // A date instead of YES is the new date.
        _ if has_date(scene, open) => date(scene, open, false, again),
        _ => once_with(scene, open, Reply::YesOrNo, Fields::of(last.anchor)),
    })
}

fn new_one(scene: &Scene<'_>, open: &Conversation) -> Option<Vec<Effect>> {
    match scene.parsed.answer {
        Some(Answer::Yes) => Some(ask_date(scene, Purpose::Enroll, Reply::AskDate)),
        Some(Answer::No) => Some(vec![scene.say(Reply::Unchanged, Fields::default()), Effect::Close]),
        // A date says that it is a new one, and which.
        _ if has_date(scene, open) => Some(date(scene, open, false, Purpose::Enroll)),
        _ => None,
    }
}

fn stop_unsure(scene: &Scene<'_>, before: Option<&Step>) -> Option<Vec<Effect>> {
    let open = scene.conversation?;
    let before = before.filter(|before| !scene.is_of_the_lost(before));
    match (scene.parsed.answer, before) {
        (Some(Answer::Yes), _) => {
            let reply = scene.danger().map_or(Reply::Stopped, |_| Reply::DangerStop);
            Some(vec![Effect::Stop, Effect::Close, scene.just_say(reply)])
        }
        // The question before is open again, and asked again.
        (Some(Answer::No), Some(before)) => {
            let mut effects = vec![scene.ask(before.clone())];
            effects.extend(question::again(scene, before));
            Some(effects)
        }
        (Some(Answer::No), None) => {
            let reply = if scene.active().is_some() { Reply::Unchanged } else { Reply::HowToJoin };
            Some(vec![scene.say(reply, Fields::default()), Effect::Close])
        }
        // She went on with the question before, and this is its answer.
        (_, Some(before)) => {
            let earlier = Conversation { step: before.clone(), unread: false, ..open.clone() };
            let mut effects = answer(scene, &earlier)?;
            if let Some(unread) = effects.iter_mut().find(|effect| **effect == Effect::MarkUnread) {
                *unread = Effect::Ask(Conversation { unread: true, ..earlier });
            }
            Some(effects)
        }
        (_, None) => None,
    }
}

pub(super) fn ask_date(scene: &Scene<'_>, purpose: Purpose, reply: Reply) -> Vec<Effect> {
    let step = Step::Date { last_period: false, purpose };
    vec![scene.ask(step), scene.say(reply, Fields::default())]
}

fn has_date(scene: &Scene<'_>, open: &Conversation) -> bool {
    let reading = date_text::read(scene.text, scene.guide.dates(open.language), scene.today);
    reading.several || !reading.candidates.is_empty()
}

fn once(scene: &Scene<'_>, open: &Conversation, reply: Reply) -> Vec<Effect> {
    once_with(scene, open, reply, Fields::default())
}

/// Help, at most once a step.
fn once_with(scene: &Scene<'_>, open: &Conversation, reply: Reply, fields: Fields) -> Vec<Effect> {
    if open.unread { Vec::new() } else { vec![scene.say(reply, fields), Effect::MarkUnread] }
}
