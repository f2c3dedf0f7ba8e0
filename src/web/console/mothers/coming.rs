//! What comes next, as the plan has it: several texts with their local times.

use chrono::{Days, NaiveDate};

use super::named;
use crate::domain::conversation::EnrollmentState;
use crate::domain::gestation::Track;
use crate::domain::plan::{self, Course, Next, Occurrence};
use crate::flows::planning::course;
use crate::flows::{Edition, Service};
use crate::library::{Carries, Listener, Program};
use crate::store::people::{Enrollment, Subscriber};
use crate::store::{StoreResult, Tx, planned};
use crate::web::console::stages;
use crate::web::console::tongue::{Tongue, fill};

/// So many are shown.
const MOST: usize = 5;
/// So many places of a plan are looked at: of those that want only what is vital many are empty.
const LOOKED_AT: usize = 40;
/// Of a text's words so much is shown.
const LETTERS: usize = 90;

/// A text that will come.
pub struct Coming {
    /// Her local time.
    pub at: String,
    /// Its place: pregnancy 26, first tip.
    pub place: String,
    /// How it begins.
    pub words: String,
    /// In which language.
    pub language: String,
}

/// What is to come on one course.
pub struct Ahead {
    /// The texts.
    pub texts: Vec<Coming>,
    /// Nothing until she tells of the birth, or until she ends the pause.
    pub held: bool,
}

/// The next texts of an enrollment.
pub async fn of(
    service: &Service,
    tx: &mut Tx,
    edition: &Edition,
    her: &Subscriber,
    enrollment: &Enrollment,
    tongue: Tongue,
) -> StoreResult<Option<Ahead>> {
    let planned = matches!(enrollment.state, EnrollmentState::Active | EnrollmentState::Supported);
    let Some(program) = edition.library.program(&enrollment.program).filter(|_| planned) else {
        return Ok(None);
    };
    let course = planned_course(program, her, enrollment);
    let now = service.now();
    let yesterday = course.whereabouts.date_at(now) - Days::new(1);
    let mut after = planned::last_day(tx, enrollment.id).await?.map_or(yesterday, |last| last.max(yesterday));
    let carries = carries(service, enrollment);
    let mut ahead = Ahead { texts: Vec::new(), held: false };
    for _ in 0..LOOKED_AT {
        let occurrence = match plan::next(&course, after) {
            Next::Due(occurrence) => occurrence,
            Next::Held => {
                ahead.held = ahead.texts.is_empty();
                break;
            }
            Next::Complete => break,
        };
        after = occurrence.on;
        let Some(at) = occurrence.at.filter(|at| *at >= now) else { continue };
        let Some((_, words)) = chosen(edition, program, her, enrollment, carries, &occurrence) else {
            continue;
        };
        let local = at.with_timezone(&course.whereabouts.zone());
        ahead.texts.push(Coming {
            at: format!("{}, {}", tongue.weekday(local.date_naive()), local.format("%H:%M")),
            place: place(tongue, occurrence.slot.track.name(), occurrence.slot.week, occurrence.slot.number),
            words,
            language: enrollment.language.to_string(),
        });
        if ahead.texts.len() == MOST {
            break;
        }
    }
    Ok(Some(ahead))
}

/// The course of an enrollment as it is.
pub fn planned_course<'a>(program: &'a Program, her: &Subscriber, enrollment: &Enrollment) -> Course<'a> {
    let from = course(program, enrollment.id, enrollment.anchor(), enrollment.enrolled_on, her.zone());
    Course { terms: enrollment.terms(), ..from }
}

/// What the sender of an enrollment may carry.
pub fn carries(service: &Service, enrollment: &Enrollment) -> Carries {
    service.senders.get(&enrollment.sender).map_or(Carries::Approved, |sender| sender.carries())
}

/// The tip of an occurrence, and how its words begin.
pub fn chosen(
    edition: &Edition,
    program: &Program,
    her: &Subscriber,
    enrollment: &Enrollment,
    carries: Carries,
    occurrence: &Occurrence,
) -> Option<(String, String)> {
    let listener = Listener {
        language: enrollment.language,
        area: her.area.as_deref(),
        reader: enrollment.terms().reader(),
        carries,
    };
    let (tip, words) = program.choose(occurrence, &listener, |tip| edition.stands_by(tip))?;
    Some((tip.id.to_string(), beginning(&words.body)))
}

/// How words begin.
pub fn beginning(words: &str) -> String {
    if words.chars().count() <= LETTERS {
        return words.to_owned();
    }
    let mut begun: String = words.chars().take(LETTERS).collect();
    begun.push('…');
    begun
}

/// A place in a track: pregnancy, week 26, 2.
pub fn place(tongue: Tongue, track: &str, week: i64, number: u32) -> String {
    let weekly = [Track::Pregnancy, Track::Baby].iter().any(|known| known.name() == track);
    let name = named::track(tongue, track);
    if !weekly {
        return format!("{name}, {number}");
    }
    let words = match tongue {
        Tongue::En => "{track}, week {week}, no. {n}",
        Tongue::Es => "{track}, semana {week}, n.º {n}",
        Tongue::Ru => "{track}, неделя {week}, № {n}",
    };
    fill(words, &[("track", name), ("week", &week.to_string()), ("n", &number.to_string())])
}

/// Where she is on a day: pregnancy 26+3.
pub fn stage(tongue: Tongue, enrollment: &Enrollment, on: NaiveDate) -> Option<String> {
    let stage = crate::domain::gestation::stage_on(enrollment.anchor(), on)?;
    Some(format!(
        "{}, {}",
        named::track(tongue, stage.track.name()),
        stages::age(tongue, stage.week, stage.day)
    ))
}
