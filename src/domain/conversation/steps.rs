//! The answer to an open question, step by step.
//!
//! A text that makes no sense as an answer is met with help once a step; a date that can be read but
//! cannot be is told so each time, because the next one may be right.

use super::dates::{DateKind, DateProblem, DateTaken, take};
use super::{Conversation, Effect, Fields, Place, Purpose, Reply, Scene, Step};
use crate::domain::date_text;
use crate::domain::gestation::Anchor;
use crate::domain::keyword::Answer;

/// The effects of an answer; none if the text is no matter of this question at all.
pub(super) fn answer(scene: &Scene<'_>, open: &Conversation) -> Option<Vec<Effect>> {
    let effects = match &open.step {
        Step::Date { last_period, purpose } => date(scene, open, *last_period, *purpose),
        Step::Confirm { taken, others, purpose } => confirm(scene, open, *taken, others, *purpose),
        Step::Choose { choices, purpose } => choose(scene, open, choices, *purpose),
        Step::Place { anchor } => place(scene, open, *anchor),
        Step::NewOne => new_one(scene, open)?,
        Step::StopUnsure { before } => return stop_unsure(scene, before.as_deref()),
        Step::Resume { enrollment } => match scene.parsed.answer {
            Some(Answer::Yes) => vec![
                Effect::Resume { enrollment: *enrollment },
                scene.say(Reply::Resumed, Fields::default()),
                Effect::Close,
            ],
            Some(Answer::No) => ask_date(scene, Purpose::Retime(*enrollment), Reply::AskUpdate),
            // A date instead of YES is the new date.
            _ if has_date(scene, open) => date(scene, open, false, Purpose::Retime(*enrollment)),
            _ => return None,
        },
    };
    Some(effects)
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

fn read_back(scene: &Scene<'_>, ways: &[DateTaken], purpose: Purpose) -> Vec<Effect> {
    let Some((taken, others)) = ways.split_first() else {
        return Vec::new();
    };
    let reply = match taken.kind {
        DateKind::Due => Reply::ConfirmDue,
        DateKind::Born => Reply::ConfirmBorn,
        DateKind::LastPeriod => Reply::ConfirmLastPeriod,
    };
    let fields = Fields { date: Some(taken.date), anchor: Some(taken.anchor()), choices: Vec::new() };
    vec![
        scene.ask(Step::Confirm { taken: *taken, others: others.to_vec(), purpose }),
        scene.say(reply, fields),
    ]
}

fn what_is_wrong(scene: &Scene<'_>, problem: DateProblem) -> Effect {
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
        Some(Answer::No) if others.is_empty() => ask_date(scene, purpose, Reply::AskUpdate),
        Some(Answer::No) => {
            let choices = others.to_vec();
            vec![
                scene.ask(Step::Choose { choices: choices.clone(), purpose }),
                scene.say(Reply::OfferOthers, Fields { choices, ..Fields::default() }),
            ]
        }
        Some(Answer::LastPeriod) => date(scene, open, false, purpose),
        _ if has_date(scene, open) => date(scene, open, taken.kind == DateKind::LastPeriod, purpose),
        _ => once_with(scene, open, Reply::YesOrNo, Fields { date: Some(taken.date), ..Fields::default() }),
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
        _ => {
            let fields = Fields { choices: choices.to_vec(), ..Fields::default() };
            once_with(scene, open, Reply::ChooseAgain, fields)
        }
    }
}

/// She said yes to a date.
fn settled(scene: &Scene<'_>, anchor: Anchor, purpose: Purpose) -> Vec<Effect> {
    match purpose {
        Purpose::Enroll => {
            let program = scene.conversation.map_or(scene.fallback.0, |open| open.program.as_str());
            let reply = if scene.guide.asks_zip(program) { Reply::AskZip } else { Reply::AskPostcode };
            vec![scene.ask(Step::Place { anchor }), scene.say(reply, Fields::default())]
        }
        Purpose::Retime(enrollment) => {
            let reply = match anchor {
                Anchor::Due(_) => Reply::UpdatedDue,
                Anchor::Born(_) => Reply::UpdatedBorn,
            };
            let say = scene.say(reply, Fields::of(anchor));
            vec![Effect::Retime { enrollment, anchor }, say, Effect::Close]
        }
    }
}

fn place(scene: &Scene<'_>, open: &Conversation, anchor: Anchor) -> Vec<Effect> {
    if matches!(scene.parsed.answer, Some(Answer::Skip | Answer::No)) {
        return enroll(scene, open, anchor, None);
    }
    match scene.guide.place(&open.program, scene.text) {
        Some(found) => enroll(scene, open, anchor, Some(found)),
        // She confirmed her date: a place we cannot find must not keep her out.
        None if open.unread => enroll(scene, open, anchor, None),
        None => {
            let zip = scene.guide.asks_zip(&open.program);
            once(scene, open, if zip { Reply::ZipAgain } else { Reply::PostcodeAgain })
        }
    }
}

fn enroll(scene: &Scene<'_>, open: &Conversation, anchor: Anchor, place: Option<Place>) -> Vec<Effect> {
    let reply = match anchor {
        Anchor::Due(_) => Reply::EnrolledDue,
        Anchor::Born(_) => Reply::EnrolledBorn,
    };
    let (program, language) = (open.program.clone(), open.language);
    let say = scene.say(reply, Fields::of(anchor));
    vec![Effect::Enroll { program, language, anchor, place }, say, Effect::Close]
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
    let back = before.map_or(Effect::Close, |step| scene.ask(step.clone()));
    match scene.parsed.answer {
        Some(Answer::Yes) => {
            Some(vec![Effect::Stop, Effect::Close, scene.say(Reply::Stopped, Fields::default())])
        }
        Some(Answer::No) => Some(vec![back, scene.say(Reply::Unchanged, Fields::default())]),
        // She went on with the question before: it is open again and this is its answer.
        _ => {
            let open = scene.conversation?;
            let earlier = Conversation { step: before?.clone(), unread: false, ..open.clone() };
            let mut effects = vec![back];
            effects.extend(answer(scene, &earlier)?);
            Some(effects)
        }
    }
}

fn ask_date(scene: &Scene<'_>, purpose: Purpose, reply: Reply) -> Vec<Effect> {
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
    if open.unread { Vec::new() } else { vec![Effect::MarkUnread, scene.say(reply, fields)] }
}
