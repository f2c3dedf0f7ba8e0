//! The words in which an open question is put once more.

use super::fields::Line;
use super::{DateKind, DateTaken, Effect, Fields, Purpose, Reply, Scene, Step, births};
use crate::domain::gestation::Anchor;

/// Asks the question of a step again; none if what it was about is gone, or it is not ours to repeat.
pub(super) fn again(scene: &Scene<'_>, step: &Step) -> Option<Effect> {
    let (reply, fields) = match step {
        Step::Date { last_period: true, .. } => (Reply::AskLastPeriod, Fields::default()),
        Step::Date { purpose: Purpose::Enroll, .. } => (Reply::AskDate, Fields::default()),
        Step::Date { purpose: Purpose::Birth(_), .. } | Step::Birth { .. } => {
            (Reply::AskBirth, Fields::default())
        }
        Step::Date { purpose: Purpose::Retime(_), .. } => (Reply::AskUpdate, Fields::default()),
        Step::Confirm { taken, purpose, .. } => read_back(*taken, scene, *purpose),
        Step::Choose { choices, .. } => (Reply::ChooseAgain, Fields::readings(choices)),
        Step::Place { .. } => {
            let program = scene.conversation.map_or(scene.fallback.0, |open| open.program.as_str());
            (ask_place(scene, program), Fields::default())
        }
        Step::NewOne => already(scene.active()?.anchor),
        Step::StopUnsure { .. } => (Reply::StopUnsure, Fields::default()),
        Step::Resume { enrollment } => resume(scene.enrolled(*enrollment)?.anchor),
        Step::Births { born, .. } => {
            (Reply::ConfirmBirths, Fields { dates: births::each_once(born), ..Fields::default() })
        }
        Step::News { .. } => (Reply::BirthNews, Fields::default()),
        Step::Time => (Reply::TimeAsk, Fields::default()),
        Step::Language { choices } => {
            let choices = choices.iter().map(|language| Line::Language(*language)).collect();
            (Reply::LanguageAsk, Fields { choices, ..Fields::default() })
        }
        Step::Move => (Reply::MoveAsk, Fields::default()),
        Step::MoveConfirm { to } => {
            (Reply::MoveConfirm, Fields { phone: Some(to.as_e164().to_owned()), ..Fields::default() })
        }
        Step::NewPlace => (Reply::PlaceAsk, Fields::default()),
        Step::Visit => (Reply::ApptAsk, Fields::default()),
        Step::VisitWhich { visits } => {
            let choices = visits.iter().map(|(_, when)| Line::Visit(*when)).collect();
            (Reply::ApptWhich, Fields { choices, ..Fields::default() })
        }
        // These are hard enough to read once.
        Step::LossWhich { .. } | Step::Support { .. } => return None,
        Step::Erase => (Reply::DeleteSure, Fields::default()),
        Step::MoveOffer { .. }
        | Step::StillYou
        | Step::VisitAfter { .. }
        | Step::Question { .. }
        | Step::Person { .. } => return None,
    };
    Some(scene.say(reply, fields))
}

/// Reads a date back, and what it was taken for.
pub(super) fn read_back(taken: DateTaken, scene: &Scene<'_>, purpose: Purpose) -> (Reply, Fields) {
    let expected = match purpose {
        Purpose::Birth(enrollment) => {
            scene.enrolled(enrollment).map(|enrolled| enrolled.terms.babies()).filter(|babies| *babies > 1)
        }
        Purpose::Enroll | Purpose::Retime(_) => None,
    };
    let reply = match (taken.kind, expected) {
        (DateKind::Due, _) => Reply::ConfirmDue,
        (DateKind::Born, Some(_)) => Reply::ConfirmBornSeveral,
        (DateKind::Born, None) if taken.date == scene.today => Reply::ConfirmBornToday,
        (DateKind::Born, None) => Reply::ConfirmBorn,
        (DateKind::LastPeriod, _) => Reply::ConfirmLastPeriod,
    };
    let fields =
        Fields { date: Some(taken.date), anchor: Some(taken.anchor()), n: expected, ..Fields::default() };
    (reply, fields)
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
