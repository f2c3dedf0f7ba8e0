//! What comes next, as the plan has it: several texts with their local times.

use chrono::{Days, NaiveDate};
use unicode_normalization::char::is_combining_mark;

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

/// How words begin: whole words, and a sign that there is more.
pub fn beginning(words: &str) -> String {
    let Some((most, _)) = words.char_indices().nth(LETTERS) else { return words.to_owned() };
    let spaces = words.char_indices().take_while(|(at, _)| *at <= most).filter(|(_, c)| c.is_whitespace());
    let whole = spaces.last().map(|(at, _)| words[..at].trim_end()).filter(|begun| !begun.is_empty());
    let begun = whole.unwrap_or_else(|| within(words, most));
    format!("{}…", begun.trim_end_matches([',', ';', ':', '.', '–', '—', ' ']))
}

/// A word that is too long by itself, up to here at most, with no sign parted from what belongs to it.
fn within(word: &str, most: usize) -> &str {
    let joins =
        |c: char| is_combining_mark(c) || matches!(c, '\u{200d}' | '\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}');
    let is_flag = |c: &char| matches!(c, '\u{1f1e6}'..='\u{1f1ff}');
    let ends = word.char_indices().map(|(at, _)| at).take_while(|at| *at <= most);
    let whole = ends.filter(|at| {
        let (before, after) = word.split_at(*at);
        let (last, next) = (before.chars().next_back(), after.chars().next());
        // Two letters are one flag.
        let parted =
            next.is_some_and(|c| is_flag(&c)) && before.chars().rev().take_while(is_flag).count() % 2 == 1;
        !parted && last != Some('\u{200d}') && !next.is_some_and(joins)
    });
    whole.last().filter(|at| *at > 0).map_or(word, |at| &word[..at])
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_begins_with_whole_words() {
        assert_eq!("Drink water.", beginning("Drink water."));
        let long = "Пейте воду, ".repeat(12);
        assert_eq!(format!("{}Пейте…", "Пейте воду, ".repeat(7)), beginning(&long));
        // A word that ends just there is whole, and no comma stands before the sign.
        let exact = format!("{} end and more", "a".repeat(86));
        assert_eq!(format!("{} end…", "a".repeat(86)), beginning(&exact));
        let comma = format!("{}, and {}", "a".repeat(80), "b".repeat(20));
        assert_eq!(format!("{}, and…", "a".repeat(80)), beginning(&comma));
        assert_eq!(format!("{}…", "a".repeat(88)), beginning(&format!("{}, and", "a".repeat(88))));
    }

    #[test]
    fn no_sign_is_parted_from_what_belongs_to_it() {
        let begun = |end: &str| beginning(&format!("{}{end}{}", "a".repeat(89), "b".repeat(20)));
        let whole = format!("{}…", "a".repeat(89));
        for together in ["e\u{301}", "👩\u{200d}👧", "👍\u{1f3fd}", "🇲🇽", "❤\u{fe0f}"] {
            assert_eq!(whole, begun(together), "{together}");
        }
        assert_eq!(format!("{}é…", "a".repeat(89)), begun("é"));
    }
}
