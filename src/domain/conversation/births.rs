//! Birth: told in plain words or by BORN, read back, and on YES the baby's clock begins. Nothing is taken for a birth
//! that she has not confirmed.

use chrono::NaiveDate;
use uuid::Uuid;

use super::dates::{DateKind, DateProblem, DateTaken, take};
use super::{Effect, Enrolled, Fields, Purpose, Reply, Scene, Step, question, respond, steps, unseen};
use crate::domain::date_text::{self, Near};
use crate::domain::gestation::{Anchor, EITHER_FROM_DAY};
use crate::domain::keyword::Answer;
use crate::domain::plan::Terms;
use crate::domain::reason;
use crate::domain::request::Request;

/// A start word so many days past the due date is a new beginning, not the news of a birth.
const TOLD_LATE: i64 = 84;
/// A day before these days of pregnancy (12 weeks) is no birth: nobody is born alive before 21 weeks, and no date is further
/// wrong than nine.
const VIABLE: i64 = 84;
/// Twins may be born weeks apart (delayed interval delivery), and no further.
const APART: i64 = 60;
/// A day so few days ahead, from a woman who has just told of a birth, is no due date but a slip.
const SLIP: i64 = 14;
/// More babies than this are read for a slip.
pub(super) const MOST: usize = 6;

/// BORN, with or without a date. None while she joins: there a birth is one of the dates she may give.
pub(super) fn born(scene: &Scene<'_>) -> Option<Vec<Effect>> {
    if scene.joining().is_some() {
        return None;
    }
    let Some(enrolled) = scene.active() else {
        return Some(not_pregnant_here(scene));
    };
    Some(told(scene, enrolled).unwrap_or_else(|| match enrolled.anchor {
        Anchor::Due(_) => expecting(scene, enrolled).into_iter().chain(ask(scene, enrolled)).collect(),
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

/// NOT YET moves the asking, not the dates, unless a new date stands beside it.
pub(super) fn not_yet(scene: &Scene<'_>) -> Option<Vec<Effect>> {
    let pregnant = scene.all_active().find(|enrolled| matches!(enrolled.anchor, Anchor::Due(_)))?;
    if let Some(dated) = told(scene, pregnant).filter(|_| scene.asked.is_some_and(|a| !a.rest.is_empty())) {
        return Some(dated);
    }
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
    if let Some(born) = several_born(scene, enrolled, babies) {
        return Some(born);
    }
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
    let change = Effect::Change { enrollment: enrolled.id, terms, reason: reason::BABIES };
    Some(vec![change, scene.say_of(enrolled, reply, fields)])
}

/// How many there are, told where their birth is being told.
fn several_born(scene: &Scene<'_>, enrolled: &Enrolled, babies: u32) -> Option<Vec<Effect>> {
    if !matches!(enrolled.anchor, Anchor::Due(_)) {
        return None;
    }
    match &scene.conversation?.step {
        // "Yes, but it's twins."
        Step::Confirm {
            taken: DateTaken { kind: DateKind::Born, date }, purpose: Purpose::Birth(_), ..
        } => Some(born_together(scene, enrolled, *date, babies)),
        // "Yes, twins."
        Step::Birth { .. } | Step::News { .. } => {
            Some(told(scene, enrolled).unwrap_or_else(|| {
                expecting(scene, enrolled).into_iter().chain(ask(scene, enrolled)).collect()
            }))
        }
        _ => None,
    }
}

/// How many babies she tells of in this text, where she had not told it before.
fn more_babies(scene: &Scene<'_>, enrolled: &Enrolled) -> Option<u32> {
    let told = match scene.request()? {
        Request::Several(babies) => Some(*babies),
        _ => scene.asked?.babies,
    };
    told.filter(|babies| *babies > enrolled.terms.babies())
}

/// Notes how many they are, so that whatever she is asked next is asked of all of them.
fn expecting(scene: &Scene<'_>, enrolled: &Enrolled) -> Option<Effect> {
    let babies = more_babies(scene, enrolled)?;
    let terms = Terms { expecting: Some(babies), ..enrolled.terms.clone() };
    Some(Effect::Change { enrollment: enrolled.id, terms, reason: reason::BABIES })
}

/// Several babies of one day: read back as such.
fn born_together(scene: &Scene<'_>, enrolled: &Enrolled, date: NaiveDate, babies: u32) -> Vec<Effect> {
    let step = Step::Births { enrollment: enrolled.id, born: vec![date; babies as usize] };
    let fields = Fields { date: Some(date), n: Some(babies), ..Fields::default() };
    let asked = [scene.ask_of(enrolled, step), scene.say_of(enrolled, Reply::ConfirmBornSeveral, fields)];
    expecting(scene, enrolled).into_iter().chain(asked).collect()
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
    if scene.request() == Some(&Request::NotYet) {
        return not_yet(scene);
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
        Some(Answer::Yes) => Some(settled_several(scene, enrolled, born)),
        Some(Answer::No) => Some(ask(scene, enrolled)),
        _ => told(scene, enrolled),
    }
}

/// She said yes to several births.
pub(super) fn settled_several(scene: &Scene<'_>, enrolled: &Enrolled, born: &[NaiveDate]) -> Vec<Effect> {
    let fields = Fields { dates: each_once(born), ..Fields::default() };
    let born = Effect::Born { enrollment: enrolled.id, births: born.to_vec() };
    vec![born, scene.say_of(enrolled, Reply::BirthsDone, fields), Effect::Close]
}

/// Days without those that are told already: twins have one birthday.
pub(super) fn each_once(days: &[NaiveDate]) -> Vec<NaiveDate> {
    let mut days = days.to_vec();
    days.dedup();
    days
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
        let date = near(scene, enrolled).filter(|date| can_be(scene, enrolled, *date))?;
        let born = DateTaken { kind: DateKind::Born, date };
        return Some(read_back(scene, enrolled, &[born]));
    }
    let mut ways = match take(&reading, false, scene.today) {
        Ok(ways) => ways,
        Err(problem) => return Some(vec![steps::what_is_wrong(scene, problem)]),
    };
    // Too early for the due date that we know: with its year it is no slip, and it is the due date that was wrong.
    let dated = reading.candidates.iter().any(|day| day.year.is_some());
    ways.retain(|way| way.kind != DateKind::Born || dated || can_be(scene, enrolled, way.date));
    let of = |kind| ways.iter().filter(move |way| way.kind == kind).copied().collect::<Vec<DateTaken>>();
    let (mut born, due) = (of(DateKind::Born), of(DateKind::Due));
    if scene.request() == Some(&Request::NotYet) {
        born.clear();
    }
    // What is to be changed is her due date, unless the day fits a birth better.
    let changes = matches!(scene.request(), Some(Request::Dates | Request::NotYet))
        && matches!(enrolled.anchor, Anchor::Due(_))
        && ways.first().is_some_and(|way| way.kind == DateKind::Due);
    if born.is_empty() || changes {
        // A day to come is no birth; if it can be a due date, it is the new one.
        let date = reading.candidates.first()?.next_on_or_after(scene.today)?;
        let asked = scene.conversation.is_some_and(|open| matches!(open.step, Step::Birth { .. }));
        let slip = asked && !changes && (0..=SLIP).contains(&(date - scene.today).num_days());
        if due.is_empty() || slip || scene.request() == Some(&Request::Born) {
            let gone = date <= scene.today;
            let problem = if gone { DateProblem::TooOld(date) } else { DateProblem::BornInFuture(date) };
            return Some(vec![steps::what_is_wrong(scene, problem)]);
        }
        return Some(steps::read_back(scene, &due, Purpose::Retime(enrolled.id)));
    }
    Some(read_back(scene, enrolled, &born))
}

/// A day of birth, or several ways to read it, is read back.
fn read_back(scene: &Scene<'_>, enrolled: &Enrolled, born: &[DateTaken]) -> Vec<Effect> {
    match (enrolled.anchor, more_babies(scene, enrolled), born.first()) {
        (Anchor::Due(_), Some(babies), Some(first)) => born_together(scene, enrolled, first.date, babies),
        (Anchor::Due(_), ..) => steps::read_back(scene, born, Purpose::Birth(enrolled.id)),
        (Anchor::Born(_), ..) => steps::read_back(scene, born, Purpose::Retime(enrolled.id)),
    }
}

/// Whether she names such a day in place of the one that was read back.
pub(super) fn names_a_day(scene: &Scene<'_>, enrollment: Uuid) -> bool {
    scene.enrolled(enrollment).and_then(|enrolled| near(scene, enrolled)).is_some()
}

/// "On Tuesday", "the 20th": the last such day, from a woman who tells of a birth or has been asked for it. A bare figure is
/// a day only where the day was asked, and not where it shows her what waits.
fn near(scene: &Scene<'_>, enrolled: &Enrolled) -> Option<NaiveDate> {
    let figure = matches!(scene.parsed.answer, Some(Answer::Number(_)));
    let asked = scene.conversation.is_some_and(|open| match &open.step {
        Step::Birth { .. } => !figure || unseen::read(scene).is_none(),
        Step::Births { .. } => !figure,
        Step::Confirm { purpose, .. } => !figure && matches!(purpose, Purpose::Birth(_)),
        _ => false,
    });
    if !asked && scene.request() != Some(&Request::Born) {
        return None;
    }
    Near::read(scene.text, scene.guide.dates(enrolled.language), scene.today)?.last_on_or_before(scene.today)
}

/// Whether a baby of this enrollment can have been born on a day: within a year, and, while it is a pregnancy for all that
/// we know, not before it could live.
pub(super) fn can_be(scene: &Scene<'_>, enrolled: &Enrolled, day: NaiveDate) -> bool {
    let lives = match enrolled.anchor {
        Anchor::Due(_) => (day - enrolled.anchor.day_zero()).num_days() >= VIABLE,
        Anchor::Born(_) => true,
    };
    lives && DateTaken { kind: DateKind::Born, date: day }.plausible(scene.today)
}

/// Whether these are births of one pregnancy.
pub(super) fn together(births: &[NaiveDate]) -> bool {
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
