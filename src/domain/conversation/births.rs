//! Birth: told in plain words or by BORN, read back, and on YES the baby's clock begins. Nothing is taken for a birth
//! that she has not confirmed.

use chrono::NaiveDate;
use uuid::Uuid;

use super::dates::{DateKind, DateProblem, DateTaken, take};
use super::{Effect, Enrolled, Fields, Purpose, Reply, Scene, Step, question, respond, steps};
use crate::domain::date_text;
use crate::domain::gestation::{Anchor, EITHER_FROM_DAY};
use crate::domain::keyword::Answer;
use crate::domain::request::Request;

/// A start word so many days past the due date is a new beginning, not the news of a birth.
const TOLD_LATE: i64 = 84;
/// A day before these days of pregnancy (12 weeks) is no birth: nobody is born alive before 21 weeks, and no date is further
/// wrong than nine.
const VIABLE: i64 = 84;
/// Twins may be born weeks apart (delayed interval delivery), and no further.
const APART: i64 = 60;
/// More babies than this are read for a slip.
const MOST: usize = 6;

/// BORN, with or without a date. None while she joins: there a birth is one of the dates she may give.
pub(super) fn born(scene: &Scene<'_>) -> Option<Vec<Effect>> {
    if scene.joining().is_some() {
        return None;
    }
    let Some(enrolled) = scene.active() else {
        return Some(not_pregnant_here(scene));
    };
    Some(told(scene, enrolled).unwrap_or_else(|| match enrolled.anchor {
        Anchor::Due(_) => ask(scene, enrolled),
        Anchor::Born(_) => {
            let (reply, fields) = question::already(enrolled.anchor);
            vec![scene.ask_of(enrolled, Step::NewOne), scene.say_of(enrolled, reply, fields)]
        }
    }))
}

/// UPDATE and what means it, with the date at once. None if no date follows: those are words like any others.
pub(super) fn dated(scene: &Scene<'_>) -> Option<Vec<Effect>> {
    if scene.joining().is_some() {
        return None;
    }
    told(scene, scene.active()?)
}

/// A start word from a woman whose baby may have come: it is the birth that she tells.
pub(super) fn start_word_tells_birth(scene: &Scene<'_>, enrolled: &Enrolled) -> bool {
    let Anchor::Due(due) = enrolled.anchor else { return false };
    let days = (scene.today - enrolled.anchor.day_zero()).num_days();
    days >= EITHER_FROM_DAY && (scene.today - due).num_days() <= TOLD_LATE
}

/// Asks a woman whose baby may have come: it may have, and it may be otherwise.
pub(super) fn ask_news(scene: &Scene<'_>, enrolled: &Enrolled) -> Vec<Effect> {
    let step = Step::News { enrollment: enrolled.id };
    vec![scene.ask_of(enrolled, step), scene.say_of(enrolled, Reply::BirthNews, Fields::default())]
}

/// Asks when the baby came.
pub(super) fn ask(scene: &Scene<'_>, enrolled: &Enrolled) -> Vec<Effect> {
    let step = Step::Birth { enrollment: enrolled.id };
    vec![scene.ask_of(enrolled, step), scene.say_of(enrolled, Reply::AskBirth, Fields::default())]
}

/// The same once more: what was read back was wrong.
pub(super) fn ask_again(scene: &Scene<'_>, enrollment: Uuid) -> Vec<Effect> {
    scene.enrolled(enrollment).map_or_else(|| vec![Effect::Close], |enrolled| ask(scene, enrolled))
}

/// Another day, where a birth was to be confirmed.
pub(super) fn again(scene: &Scene<'_>, enrollment: Uuid) -> Vec<Effect> {
    let told = scene.enrolled(enrollment).and_then(|enrolled| told(scene, enrolled));
    told.unwrap_or_else(|| ask_again(scene, enrollment))
}

/// Whether she is so far on that the baby may be there.
pub(super) fn may_have_come(scene: &Scene<'_>) -> bool {
    let at_term = |enrolled: &Enrolled| {
        let days = (scene.today - enrolled.anchor.day_zero()).num_days();
        matches!(enrolled.anchor, Anchor::Due(_)) && days >= EITHER_FROM_DAY
    };
    scene.all_active().any(at_term)
}

/// NOT YET moves the asking, not the dates.
pub(super) fn not_yet(scene: &Scene<'_>) -> Option<Vec<Effect>> {
    let pregnant = scene.all_active().find(|enrolled| matches!(enrolled.anchor, Anchor::Due(_)))?;
    Some(vec![
        Effect::AskLater { enrollment: pregnant.id },
        scene.say_of(
            pregnant,
            Reply::NotYet,
            Fields { date: Some(pregnant.anchor.date()), ..Fields::default() },
        ),
        Effect::Close,
    ])
}

/// TWINS: one pregnancy, several babies.
pub(super) fn several(scene: &Scene<'_>, babies: u32) -> Option<Vec<Effect>> {
    let enrolled = scene.active()?;
    let mut terms = enrolled.terms.clone();
    let fields = Fields { n: Some(babies), ..Fields::default() };
    let reply = match enrolled.anchor {
        Anchor::Due(_) => {
            terms.expecting = Some(babies);
            Reply::SeveralDue
        }
        Anchor::Born(born) => {
            // All on one day, until she says otherwise by BORN and the dates.
            terms.siblings.resize(babies as usize - 1, born);
            Reply::SeveralBorn
        }
    };
    let change = Effect::Change { enrollment: enrolled.id, terms, reason: "she told how many babies" };
    Some(vec![change, scene.say_of(enrolled, reply, fields)])
}

/// The answer to when the baby came.
pub(super) fn answer(scene: &Scene<'_>, enrollment: Uuid) -> Option<Vec<Effect>> {
    let enrolled = scene.enrolled(enrollment)?;
    if scene.request() == Some(&Request::NotYet) {
        return not_yet(scene);
    }
    if scene.no() {
        return Some(vec![scene.just_say(Reply::Unchanged), Effect::Close]);
    }
    told(scene, enrolled)
}

/// The answer to whether the baby has come.
pub(super) fn news(scene: &Scene<'_>, enrollment: Uuid) -> Option<Vec<Effect>> {
    let enrolled = scene.enrolled(enrollment).filter(|enrolled| matches!(enrolled.anchor, Anchor::Due(_)))?;
    if let Some(told) = told(scene, enrolled) {
        return Some(told);
    }
    match scene.parsed.answer {
        Some(Answer::Yes) => Some(ask(scene, enrolled)),
        Some(Answer::No) => not_yet(scene),
        _ => None,
    }
}

/// The answer to whether several births were read right.
pub(super) fn confirm_several(
    scene: &Scene<'_>,
    enrollment: Uuid,
    born: &[NaiveDate],
) -> Option<Vec<Effect>> {
    let enrolled = scene.enrolled(enrollment)?;
    match scene.parsed.answer {
        Some(Answer::Yes) => {
            let fields = Fields { dates: born.to_vec(), ..Fields::default() };
            let born = Effect::Born { enrollment, births: born.to_vec() };
            Some(vec![born, scene.say_of(enrolled, Reply::BirthsDone, fields), Effect::Close])
        }
        Some(Answer::No) => Some(ask(scene, enrolled)),
        _ => told(scene, enrolled),
    }
}

/// She said yes to a birth: of twins, if she expects twins and gave one day.
pub(super) fn settled(scene: &Scene<'_>, enrollment: Uuid, date: NaiveDate) -> Vec<Effect> {
    let babies = scene.enrolled(enrollment).map_or(1, |enrolled| enrolled.terms.babies());
    let births = vec![date; babies as usize];
    let (reply, fields) = if babies > 1 {
        (Reply::BirthsDone, Fields { dates: vec![date], ..Fields::default() })
    } else {
        (Reply::UpdatedBorn, Fields::of(Anchor::Born(date)))
    };
    vec![Effect::Born { enrollment, births }, scene.say(reply, fields), Effect::Close]
}

/// A birth, or several, or, where it can be nothing else, another due date; none if she gave no date.
fn told(scene: &Scene<'_>, enrolled: &Enrolled) -> Option<Vec<Effect>> {
    let reading = date_text::read(scene.text, scene.guide.dates(enrolled.language), scene.today);
    if reading.several {
        let days = reading.candidates.iter().map(|day| day.last_on_or_before(scene.today));
        let births: Option<Vec<NaiveDate>> =
            days.map(|day| day.filter(|day| can_be(scene, enrolled, *day))).collect();
        let Some(births) = births.filter(|births| births.len() <= MOST && together(births)) else {
            return Some(vec![scene.just_say(Reply::AskOneDate)]);
        };
        let step = Step::Births { enrollment: enrolled.id, born: births.clone() };
        let fields = Fields { dates: births, ..Fields::default() };
        return Some(vec![
            scene.ask_of(enrolled, step),
            scene.say_of(enrolled, Reply::ConfirmBirths, fields),
        ]);
    }
    if reading.candidates.is_empty() {
        return None;
    }
    let mut ways = match take(&reading, false, scene.today) {
        Ok(ways) => ways,
        Err(problem) => return Some(vec![steps::what_is_wrong(scene, problem)]),
    };
    ways.retain(|way| way.kind != DateKind::Born || can_be(scene, enrolled, way.date));
    let of = |kind| ways.iter().filter(move |way| way.kind == kind).copied().collect::<Vec<DateTaken>>();
    let (born, due) = (of(DateKind::Born), of(DateKind::Due));
    // What is to be changed is her due date, unless the day fits a birth better.
    let changes = matches!(scene.request(), Some(Request::Dates | Request::NotYet))
        && matches!(enrolled.anchor, Anchor::Due(_))
        && ways.first().is_some_and(|way| way.kind == DateKind::Due);
    if born.is_empty() || changes {
        // A day to come is no birth; if it can be a due date, it is the new one.
        if due.is_empty() || scene.request() == Some(&Request::Born) {
            let date = reading.candidates.first()?.next_on_or_after(scene.today)?;
            return Some(vec![steps::what_is_wrong(scene, DateProblem::BornInFuture(date))]);
        }
        return Some(steps::read_back(scene, &due, Purpose::Retime(enrolled.id)));
    }
    let purpose = match enrolled.anchor {
        Anchor::Due(_) => Purpose::Birth(enrolled.id),
        Anchor::Born(_) => Purpose::Retime(enrolled.id),
    };
    Some(steps::read_back(scene, &born, purpose))
}

/// Whether a baby of this enrollment can have been born on a day: within a year, and, while it is a pregnancy for all that
/// we know, not before it could live.
fn can_be(scene: &Scene<'_>, enrolled: &Enrolled, day: NaiveDate) -> bool {
    let lives = match enrolled.anchor {
        Anchor::Due(_) => (day - enrolled.anchor.day_zero()).num_days() >= VIABLE,
        Anchor::Born(_) => true,
    };
    lives && DateTaken { kind: DateKind::Born, date: day }.plausible(scene.today)
}

/// Whether these are births of one pregnancy.
fn together(births: &[NaiveDate]) -> bool {
    let (first, last) = (births.iter().min(), births.iter().max());
    first.zip(last).is_some_and(|(first, last)| (*last - *first).num_days() <= APART)
}

/// BORN from somebody who gets nothing about a pregnancy: after a loss nothing is taken for a birth; anybody else
/// begins to join with it.
fn not_pregnant_here(scene: &Scene<'_>) -> Vec<Effect> {
    if scene.silent() || scene.after_loss().is_some() {
        return respond::not_enrolled(scene);
    }
    let step = Step::Date { last_period: false, purpose: Purpose::Enroll };
    let reading = date_text::read(scene.text, scene.guide.dates(scene.voice().1), scene.today);
    match take(&reading, false, scene.today) {
        Ok(ways) => steps::read_back(scene, &ways, Purpose::Enroll),
        Err(_) => vec![scene.ask(step), scene.just_say(Reply::AskDate)],
    }
}
