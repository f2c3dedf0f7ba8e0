//! How many SMS a reply takes with long values in its places: known only once a library is made ready, since dates,
//! ages and lists are written by their language's own rules.

use chrono::{Days, NaiveDate, NaiveTime};

use crate::domain::conversation::{DateKind, DateTaken, Fields, Guide, Line, Reply, When};
use crate::domain::gestation::{Anchor, PREGNANCY_DAYS};
use crate::domain::language::Language;
use crate::domain::segment;
use crate::library::fault::{Fault, Spot};
use crate::library::format::Drafts;
use crate::library::{Library, Program, Voice};

/// A reply takes at most so many SMS where the language's letters are cheap.
const MOST: u32 = 2;
/// And so many where they are not, as in Russian.
const MOST_IN_UCS2: u32 = 3;
/// From the example of a date that a reply gives, back to the day on which it is said.
const EXAMPLE_AHEAD: Days = Days::new(120);
/// A long name of a town, and a long number.
const PLACE: &str = "Rancho Santa Margarita";
const PHONE: &str = "+12025550143";
const ANSWERS: &str = "1, 2, 3, 4, 5";
/// Half past noon is written with the most letters.
const TIME: Option<NaiveTime> = NaiveTime::from_hms_opt(12, 30, 0);

/// `reply-length`.
pub fn replies(drafts: &Drafts, library: &Library, faults: &mut Vec<Fault>) {
    for (code, file) in &drafts.replies {
        let Ok(language) = code.parse::<Language>() else { continue };
        for reply in Reply::ALL {
            let speakers = library.programs.values().filter(|program| program.languages.contains(&language));
            let counted = speakers.filter_map(|program| longest(library, program, language, *reply));
            let Some(counted) = counted.max_by_key(|counted| counted.segments) else { continue };
            // A letter without a plain one beside it: the alphabet leaves no choice.
            let costly = |culprit: &segment::Culprit| {
                culprit.character.is_alphabetic() && culprit.substitute.is_none()
            };
            let most = if counted.culprits.iter().any(costly) { MOST_IN_UCS2 } else { MOST };
            if counted.segments > most {
                let name = reply.name();
                let message = format!(
                    "{name} takes {} SMS with long values in its places, {} units of {}: a reply has {most} at most",
                    counted.segments,
                    counted.units,
                    counted.encoding.name()
                );
                let line = file.value.get(name).map(|entry| drafts.spot(&file.spot.file, entry.span()));
                faults.push(Fault::warning(
                    "reply-length",
                    &line.unwrap_or_else(|| at_top(&file.spot)),
                    message,
                ));
            }
        }
    }
}

fn at_top(spot: &Spot) -> Spot {
    Spot { file: spot.file.clone(), line: 1 }
}

/// The reply as it is longest, of a pregnancy or of a baby.
fn longest(
    library: &Library,
    program: &Program,
    language: Language,
    reply: Reply,
) -> Option<segment::Segmentation> {
    let day = long_day(library, language);
    let today = day - EXAMPLE_AHEAD;
    let voice = Voice { library, program, language, today };
    // 26 weeks 6 days pregnant; 12 weeks 6 days old.
    let due = today + Days::new(PREGNANCY_DAYS.unsigned_abs() - (26 * 7 + 6));
    let born = today - Days::new(12 * 7 + 6);
    let said = [Anchor::Due(due), Anchor::Born(born)].into_iter().filter_map(|anchor| {
        let words = voice.say(reply, &fields(library, program, language, reply, day, anchor))?;
        Some(segment::count(&words))
    });
    said.max_by_key(|counted| counted.segments)
}

fn fields(
    library: &Library,
    program: &Program,
    language: Language,
    reply: Reply,
    day: NaiveDate,
    anchor: Anchor,
) -> Fields {
    let when = When { on: day, at: TIME };
    let taken = |kind| Line::Date(DateTaken { kind, date: day });
    let choices = match reply {
        Reply::LossWhich => vec![Line::Baby(day), Line::Baby(day), Line::All],
        Reply::LanguageAsk => library.languages(&program.id).iter().map(|one| Line::Language(*one)).collect(),
        Reply::ApptWhich | Reply::ApptSetSeveral | Reply::ApptList => vec![Line::Visit(when); 3],
        _ => vec![taken(DateKind::Due), taken(DateKind::Born)],
    };
    let name = |visit: &usize| program.visit_name(*visit, language).chars().count();
    Fields {
        date: Some(day),
        anchor: Some(anchor),
        choices,
        // Those of twins who came on either side of midnight.
        dates: vec![day, day + Days::new(1)],
        when: Some(when),
        time: TIME,
        opens: Some(program.timetable.window.opens),
        closes: TIME,
        n: Some(3),
        place: Some(PLACE.to_owned()),
        since: Some(day),
        phone: Some(PHONE.to_owned()),
        languages: program.languages.clone(),
        visit: (0..program.visits.len()).max_by_key(name),
        answers: Some(ANSWERS.to_owned()),
    }
}

/// A day that the language writes with many letters.
fn long_day(library: &Library, language: Language) -> NaiveDate {
    let dates = library.dates(language);
    let days = (1..=12).filter_map(|month| NaiveDate::from_ymd_opt(2027, month, 28));
    days.max_by_key(|day| dates.write(*day).chars().count()).unwrap_or_default()
}
