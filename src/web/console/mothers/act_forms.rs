//! The form of each thing that is done for her, and what is read from it.

use chrono::{NaiveDate, NaiveTime};

use super::Mother;
use super::act_words::Words;
use super::acts::Act;
use crate::domain::conversation::{Deed, EnrollmentState, Guide as _, Lost};
use crate::domain::gestation::Anchor;
use crate::flows::Edition;
use crate::store::people::Enrollment;
use crate::web::console::form::{Faults, Field, Kind, Typed};
use crate::web::console::tongue::{Tongue, fill};

/// Babies beside the first that one form tells of.
const MORE: [&str; 2] = ["born2", "born3"];
/// A reason has so many letters at least.
const SHORTEST: usize = 4;
/// No text of a person is longer.
const LONGEST: usize = 1_600;

/// The fields of a form.
pub fn fields(
    act: Act,
    mother: &Mother,
    edition: &Edition,
    tongue: Tongue,
    (typed, faults): (&Typed, &Faults),
) -> Vec<Field> {
    let words = Words::of(tongue);
    let day = |name: &str, label: &str| Field::new(Kind::Line("date"), name, label);
    let mut fields = Vec::new();
    if matches!(act, Act::Date | Act::Birth) {
        let choices: Vec<(String, String)> = open_to(act, mother)
            .map(|enrollment| {
                let program = edition.library.program(&enrollment.program);
                let name = program.map_or(&*enrollment.program, |program| program.name(enrollment.language));
                let date = tongue.day(enrollment.anchor().date());
                (enrollment.id.to_string(), format!("{name}, {date}"))
            })
            .collect();
        if choices.len() > 1 {
            fields.push(Field::choice("enrollment", words.enrollment, choices));
        }
    }
    match act {
        Act::Date => fields.push(day("date", words.right_date)),
        Act::Birth => {
            fields.push(day("born", words.born).hint(words.born_hint));
            fields.extend(MORE.map(|name| day(name, words.born_more).optional()));
        }
        Act::Loss => fields.extend(lost_field(mother, words, tongue)),
        Act::Pause => fields.push(day("until", words.until).hint(words.until_hint).optional()),
        Act::Hour => fields.push(Field::new(Kind::Line("time"), "time", words.time)),
        Act::Move => fields.push(Field::new(Kind::Line("tel"), "number", words.number)),
        Act::Send => {
            let language = mother.enrollments.first().map(|newest| newest.language.to_string());
            let field = Field::new(Kind::Lines(5), "words", words.words_).counted();
            fields.push(field.lang(&language.unwrap_or_default()));
        }
        Act::Less | Act::All | Act::Resume | Act::Stop | Act::Resend | Act::Erase => {}
    }
    if !matches!(act, Act::Send | Act::Resend) {
        let why = Field::line("why", words.why).hint(words.why_hint);
        fields.push(if needs_reason(act) { why } else { why.optional() });
    }
    if offers_silence(act) {
        fields.push(Field::new(Kind::Tick, "tell", words.tell).optional());
    }
    fields.into_iter().map(|field| field.filled(typed, faults)).collect()
}

/// Of several babies, which one?
fn lost_field(mother: &Mother, words: &Words, tongue: Tongue) -> Option<Field> {
    let active = mother.enrollments.iter().find(|one| one.state == EnrollmentState::Active)?;
    let terms = active.terms();
    if terms.babies() < 2 {
        return None;
    }
    let mut choices = vec![("all".to_owned(), words.lost_all.to_owned())];
    let mut born = match active.anchor() {
        Anchor::Born(first) => vec![first],
        Anchor::Due(_) => Vec::new(),
    };
    born.extend(&terms.siblings);
    born.sort_unstable();
    born.dedup();
    if born.len() > 1 {
        choices.extend(
            born.iter().map(|day| (day.to_string(), fill(words.lost_baby, &[("day", &tongue.day(*day))]))),
        );
    } else {
        choices.push(("one".to_owned(), words.lost_one.to_owned()));
    }
    Some(Field::choice("lost", words.lost, choices))
}

/// What can be done for her as she is; of the rest a form says why not.
pub fn possible(mother: &Mother) -> Vec<Act> {
    let active = mother.enrollments.iter().find(|one| one.state == EnrollmentState::Active);
    let stopped = mother.her.stopped_at.is_some();
    let enrolled = !mother.enrollments.is_empty();
    let terms = active.map(|one| one.terms()).unwrap_or_default();
    let possible = |act: &Act| match act {
        Act::Erase => true,
        Act::Stop => !stopped,
        Act::Send | Act::Resend => !stopped && mother.her.blocked_at.is_none(),
        Act::Loss if stopped => enrolled,
        _ if stopped => false,
        Act::Birth => active.is_some_and(|one| matches!(one.anchor(), Anchor::Due(_))),
        Act::Less => active.is_some() && !terms.less,
        Act::All => active.is_some() && (terms.less || terms.pause.is_some()),
        Act::Resume => active.is_some() && terms.pause.is_some(),
        Act::Date | Act::Loss | Act::Pause | Act::Hour | Act::Move => active.is_some(),
    };
    Act::ALL.iter().copied().filter(possible).collect()
}

/// Whether it is not done without a reason.
pub fn needs_reason(act: Act) -> bool {
    matches!(act, Act::Loss | Act::Stop | Act::Erase)
}

/// Whether it may be done without telling her. STOP is always confirmed once, and so is the end of all that is held.
pub fn offers_silence(act: Act) -> bool {
    !matches!(act, Act::Stop | Act::Erase | Act::Send | Act::Resend)
}

/// The enrollments to which it can be done.
fn open_to(act: Act, mother: &Mother) -> impl Iterator<Item = &Enrollment> {
    mother.enrollments.iter().filter(move |one| {
        let due = matches!(one.anchor(), Anchor::Due(_));
        one.state == EnrollmentState::Active && (act == Act::Date || due)
    })
}

/// What a form asks for.
pub enum Wanted {
    /// Something that she might do by text.
    Deed(Deed),
    /// A text.
    Send(String),
    /// The last one again.
    Resend,
}

/// Reads a form; none: something is wrong with it, as `faults` say.
pub fn read(
    act: Act,
    mother: &Mother,
    edition: &Edition,
    words: &Words,
    typed: &Typed,
    faults: &mut Faults,
) -> Option<Wanted> {
    let why = typed.get("why");
    if needs_reason(act) && why.chars().count() < SHORTEST {
        faults.add("why", words.no_reason);
    }
    let wanted = match act {
        Act::Date => {
            let enrollment = which(act, mother, typed, words, faults);
            let date = day(typed, "date", words, faults);
            enrollment.zip(date).map(|(enrollment, date)| {
                let anchor = match enrollment.anchor() {
                    Anchor::Due(_) => Anchor::Due(date),
                    Anchor::Born(_) => Anchor::Born(date),
                };
                Wanted::Deed(Deed::Date { enrollment: enrollment.id, anchor })
            })
        }
        Act::Birth => {
            let enrollment = which(act, mother, typed, words, faults);
            let mut births: Vec<NaiveDate> = day(typed, "born", words, faults).into_iter().collect();
            for name in MORE {
                if !typed.get(name).is_empty() {
                    births.extend(day(typed, name, words, faults));
                }
            }
            enrollment.map(|enrollment| Wanted::Deed(Deed::Birth { enrollment: enrollment.id, births }))
        }
        Act::Loss => {
            let lost = match typed.get("lost") {
                "" | "all" => Some(Lost::All),
                "one" => Some(Lost::One(None)),
                day => day.parse().ok().map(|day| Lost::One(Some(day))),
            };
            if lost.is_none() {
                faults.add("lost", words.no_date);
            }
            lost.map(|lost| Wanted::Deed(Deed::Loss(lost)))
        }
        Act::Less => Some(Wanted::Deed(Deed::Less)),
        Act::All => Some(Wanted::Deed(Deed::All)),
        Act::Pause => {
            let until = match typed.get("until") {
                "" => None,
                _ => Some(day(typed, "until", words, faults)?),
            };
            Some(Wanted::Deed(Deed::Pause(until)))
        }
        Act::Resume => Some(Wanted::Deed(Deed::Resume)),
        Act::Hour => {
            let time = ["%H:%M", "%H:%M:%S"];
            let time = time.iter().find_map(|way| NaiveTime::parse_from_str(typed.get("time"), way).ok());
            if time.is_none() {
                faults.add("time", words.no_time);
            }
            time.map(|time| Wanted::Deed(Deed::Hour(time)))
        }
        Act::Move => {
            let program = mother.enrollments.iter().find(|one| one.state == EnrollmentState::Active);
            let program = program.or(mother.enrollments.first());
            let number = program.and_then(|one| edition.library.phone(&one.program, typed.get("number")));
            if number.is_none() {
                faults.add("number", words.no_number);
            }
            number.map(|number| Wanted::Deed(Deed::Move(number)))
        }
        Act::Stop => Some(Wanted::Deed(Deed::Stop)),
        Act::Erase => Some(Wanted::Deed(Deed::Erase)),
        Act::Resend => Some(Wanted::Resend),
        Act::Send => {
            let said = typed.get("words");
            match said.chars().count() {
                0 => faults.add("words", words.no_words),
                many if many > LONGEST => faults.add("words", words.too_long),
                _ => {}
            }
            Some(Wanted::Send(said.to_owned()))
        }
    };
    wanted.filter(|_| faults.is_empty())
}

/// The enrollment that is meant: the only one, or the one that was chosen. Of several none is guessed.
fn which<'a>(
    act: Act,
    mother: &'a Mother,
    typed: &Typed,
    words: &Words,
    faults: &mut Faults,
) -> Option<&'a Enrollment> {
    let chosen = typed.get("enrollment");
    let mut open = open_to(act, mother);
    if !chosen.is_empty() {
        return open.find(|one| one.id.to_string() == chosen);
    }
    let first = open.next();
    if open.next().is_some() {
        faults.add("enrollment", words.no_enrollment);
        return None;
    }
    first
}

fn day(typed: &Typed, name: &str, words: &Words, faults: &mut Faults) -> Option<NaiveDate> {
    let day = typed.get(name).parse().ok();
    if day.is_none() {
        faults.add(name, words.no_date);
    }
    day
}

/// The field beside which it is said why a thing is not done.
pub fn field_of(act: Act) -> &'static str {
    match act {
        Act::Date => "date",
        Act::Birth => "born",
        Act::Loss => "lost",
        Act::Pause => "until",
        Act::Hour => "time",
        Act::Move => "number",
        Act::Send => "words",
        Act::Less | Act::All | Act::Resume | Act::Stop | Act::Erase | Act::Resend => "",
    }
}
