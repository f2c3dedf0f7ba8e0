//! The words in which an open question is put once more.

use super::{DateKind, DateTaken, Effect, Fields, Purpose, Reply, Scene, Step};
use crate::domain::gestation::Anchor;

/// Asks the question of a step again; none if what it was about is gone.
pub(super) fn again(scene: &Scene<'_>, step: &Step) -> Option<Effect> {
    let (reply, fields) = match step {
        Step::Date { last_period: true, .. } => (Reply::AskLastPeriod, Fields::default()),
        Step::Date { purpose: Purpose::Enroll, .. } => (Reply::AskDate, Fields::default()),
        Step::Date { purpose: Purpose::Retime(_), .. } => (Reply::AskUpdate, Fields::default()),
        Step::Confirm { taken, .. } => read_back(*taken),
        Step::Choose { choices, .. } => {
            (Reply::ChooseAgain, Fields { choices: choices.clone(), ..Fields::default() })
        }
        Step::Place { .. } => {
            let program = scene.conversation.map_or(scene.fallback.0, |open| open.program.as_str());
            (ask_place(scene, program), Fields::default())
        }
        Step::NewOne => already(scene.active()?.anchor),
        Step::StopUnsure { .. } => (Reply::StopUnsure, Fields::default()),
        Step::Resume { enrollment } => {
            resume(scene.enrollments.iter().find(|enrolled| enrolled.id == *enrollment)?.anchor)
        }
    };
    Some(scene.say(reply, fields))
}

/// Reads a date back, and what it was taken for.
pub(super) fn read_back(taken: DateTaken) -> (Reply, Fields) {
    let reply = match taken.kind {
        DateKind::Due => Reply::ConfirmDue,
        DateKind::Born => Reply::ConfirmBorn,
        DateKind::LastPeriod => Reply::ConfirmLastPeriod,
    };
    (reply, Fields { date: Some(taken.date), anchor: Some(taken.anchor()), choices: Vec::new() })
}

/// Reads the enrollment back that START would resume.
pub(super) fn resume(anchor: Anchor) -> (Reply, Fields) {
    let reply = match anchor {
        Anchor::Due(_) => Reply::StartDue,
        Anchor::Born(_) => Reply::StartBorn,
    };
    (reply, Fields::of(anchor))
}

/// Reads the enrollment back that she has, before another may take its place.
pub(super) fn already(anchor: Anchor) -> (Reply, Fields) {
    let reply = match anchor {
        Anchor::Due(_) => Reply::AlreadyDue,
        Anchor::Born(_) => Reply::AlreadyBorn,
    };
    (reply, Fields::of(anchor))
}

/// Where she lives, as her program asks it.
pub(super) fn ask_place(scene: &Scene<'_>, program: &str) -> Reply {
    if scene.guide.asks_zip(program) { Reply::AskZip } else { Reply::AskPostcode }
}
