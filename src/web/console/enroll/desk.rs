//! What a clerk typed, read: the number, the date, the place; what is wrong stands beside its field.

use chrono::{DateTime, NaiveDate, Utc};

use super::words::Words;
use crate::domain::conversation::dates::take;
use crate::domain::conversation::{DateProblem, DateTaken, Guide as _, Place};
use crate::domain::date_text::{self, Candidate, Hint, Reading};
use crate::domain::language::Language;
use crate::domain::plan::Reader;
use crate::flows::enrolling::{self, Refused, Wish};
use crate::flows::{Edition, Service};
use crate::library::{PlaceKind, Program, name_of_language};
use crate::web::console::form::{Faults, Field, Kind, Typed};
use crate::web::console::tongue::{Tongue, fill};

/// The fields that the read-back carries along.
pub const CARRIED: [&str; 10] =
    ["program", "number", "language", "what", "date", "day", "reading", "place", "reader", "partner"];

/// A form as it was read.
pub struct Read {
    /// What it asks for; none: something is wrong.
    pub wish: Option<Wish>,
    /// How the date was taken.
    pub taken: Option<DateTaken>,
    /// What is wrong.
    pub faults: Faults,
    /// The days that the date can mean, where it can mean several.
    pub readings: Vec<NaiveDate>,
}

/// Whoever reads: in which language, by which library.
pub struct Desk<'a> {
    /// The service.
    pub service: &'a Service,
    /// The edition in force.
    pub edition: &'a Edition,
    /// The clerk's language.
    pub tongue: Tongue,
    /// The present moment.
    pub now: DateTime<Utc>,
}

impl Desk<'_> {
    /// Reads a form about a program.
    pub fn read(&self, program: &Program, typed: &Typed) -> Read {
        let words = Words::of(self.tongue);
        let mut faults = Faults::default();
        let phone = enrolling::number(self.service, program, typed.get("number"));
        if typed.get("number").is_empty() {
            faults.add("number", words.number_missing);
        } else if phone.is_none() {
            faults.add("number", words.number_unread);
        } else if let Some(Err(refused)) =
            phone.as_ref().map(|phone| enrolling::sender_for(self.service, program, phone))
        {
            faults.add("number", why(&refused, words));
        }
        let language = typed.get("language").parse::<Language>().ok();
        let language = language.filter(|language| program.languages.contains(language));
        if language.is_none() {
            faults.add("language", words.language_unknown);
        }
        let place = self.place(program, typed, &mut faults);
        let today = program.whereabouts(place.as_ref().map(|place| place.zone)).date_at(self.now);
        let mut readings = Vec::new();
        let taken = self.date(typed, today, &mut faults, &mut readings);
        let partner = enrolling::code(typed.get("partner"));
        if partner.is_none() && !typed.get("partner").is_empty() {
            faults.add("partner", words.code_unread);
        }
        let wish = match (phone, language, taken) {
            (Some(phone), Some(language), Some(taken)) if faults.is_empty() => Some(Wish {
                program: program.id.clone(),
                language,
                phone,
                anchor: taken.anchor(),
                place,
                reader: Reader::named(typed.get("reader")).unwrap_or(Reader::Mother),
                partner,
            }),
            _ => None,
        };
        Read { wish, taken, faults, readings }
    }

    fn place(&self, program: &Program, typed: &Typed, faults: &mut Faults) -> Option<Place> {
        let text = typed.get("place");
        let place = self.edition.library.place(&program.id, text).filter(|_| !text.is_empty());
        if place.is_none() && !text.is_empty() {
            faults.add("place", Words::of(self.tongue).place_unread);
        }
        place
    }

    fn date(
        &self,
        typed: &Typed,
        today: NaiveDate,
        faults: &mut Faults,
        readings: &mut Vec<NaiveDate>,
    ) -> Option<DateTaken> {
        let words = Words::of(self.tongue);
        let hint = match typed.get("what") {
            "born" => Hint::Born,
            "lmp" => Hint::LastPeriod,
            _ => Hint::Due,
        };
        let (text, day) = (typed.get("date"), typed.get("day").parse::<NaiveDate>().ok());
        // An old browser lets anything be written here.
        if day.is_none() && !typed.get("day").is_empty() {
            faults.add("day", words.day_unread);
            return None;
        }
        let reading = match (text.is_empty(), day) {
            (true, None) => {
                faults.add("date", words.date_missing);
                return None;
            }
            (true, Some(day)) => Reading {
                candidates: vec![Candidate::from(day)],
                hint: None,
                several: false,
                gestation_weeks: None,
            },
            (false, _) => {
                let language = self.tongue.code().parse::<Language>().ok()?;
                date_text::read(text, self.edition.library.dates(language), today)
            }
        };
        let reading = Reading { hint: Some(hint), ..reading };
        match take(&reading, hint == Hint::LastPeriod, today) {
            Err(problem) => {
                faults.add("date", self.problem(problem));
                None
            }
            Ok(ways) => {
                let chosen = typed.get("reading").parse::<NaiveDate>().ok();
                // The chosen day says which of the readings is meant.
                let said = chosen.or(day.filter(|_| !text.is_empty()));
                match (ways.as_slice(), said) {
                    (_, Some(said)) if ways.iter().any(|way| way.date == said) => {
                        ways.into_iter().find(|way| way.date == said)
                    }
                    ([_], Some(_)) if chosen.is_none() => {
                        faults.add("day", words.date_differs);
                        None
                    }
                    ([only], _) => Some(*only),
                    _ => {
                        readings.extend(ways.iter().map(|way| way.date));
                        faults.add("date", words.date_two);
                        None
                    }
                }
            }
        }
    }

    fn problem(&self, problem: DateProblem) -> String {
        let words = Words::of(self.tongue);
        let (said, date) = match problem {
            DateProblem::Unreadable => return words.date_unread.to_owned(),
            DateProblem::Several => return words.date_several.to_owned(),
            DateProblem::TooFar(date) => (words.date_far, date),
            DateProblem::TooOld(date) => (words.date_old, date),
            DateProblem::BornInFuture(date) => (words.date_future, date),
            DateProblem::LastPeriodImpossible(date) => (words.date_lmp, date),
        };
        fill(said, &[("date", &self.tongue.day(date))])
    }
}

/// Why she is not enrolled, as a person reads it.
pub fn why(refused: &Refused, words: &Words) -> &'static str {
    match refused {
        Refused::NoSender => words.no_sender,
        Refused::Country(_) => words.country,
        Refused::NotListed => words.not_listed,
        Refused::Enrolled(_) => words.enrolled,
        Refused::Stopped(_) => words.stopped,
        Refused::Blocked(_) => words.blocked,
        Refused::Lost(_) => words.lost,
        Refused::Closed => words.closed,
        Refused::Date => words.date_unread,
    }
}

/// Who gets the texts, as a choice.
pub fn readers(words: &Words) -> Vec<(String, String)> {
    let named = |reader: Reader| match reader {
        Reader::Mother => words.mother,
        Reader::Partner => words.partner_reader,
        Reader::Grandparent => words.grandparent,
        Reader::Worker => words.worker,
    };
    Reader::ALL.iter().map(|reader| (reader.name().to_owned(), named(*reader).to_owned())).collect()
}

/// The fields of the form, filled in with what was typed.
pub fn fields(
    edition: &Edition,
    programs: &[String],
    tongue: Tongue,
    typed: &Typed,
    (faults, readings): (&Faults, &[NaiveDate]),
) -> Vec<Field> {
    let words = Words::of(tongue);
    let all: Vec<&Program> = programs.iter().filter_map(|id| edition.library.program(id)).collect();
    let speaks: Vec<Language> = {
        let mut speaks: Vec<Language> = Vec::new();
        for language in all.iter().flat_map(|program| &program.languages) {
            if !speaks.contains(language) {
                speaks.push(*language);
            }
        }
        speaks
    };
    let named = |language: &Language| (language.to_string(), name_of_language(language.as_str()).to_owned());
    let whats = [("due", words.due), ("born", words.born), ("lmp", words.lmp)];
    let zip = all.iter().all(|program| program.place == PlaceKind::UsZip);
    let mut fields = vec![
        Field::choice("program", words.program, named_programs(&all, tongue)),
        Field::new(Kind::Line("tel"), "number", words.number).hint(words.number_hint),
        Field::choice("language", words.language, speaks.iter().map(named).collect()),
        Field::choice(
            "what",
            words.what,
            whats.map(|(value, name)| (value.to_owned(), name.to_owned())).to_vec(),
        ),
        Field::line("date", words.date).hint(words.date_hint).optional(),
    ];
    if !readings.is_empty() {
        let mut choices = vec![(String::new(), words.choose.to_owned())];
        choices.extend(readings.iter().map(|day| (day.to_string(), tongue.weekday(*day))));
        fields.push(Field::choice("reading", words.reading, choices));
    }
    fields.push(Field::new(Kind::Line("date"), "day", words.day).optional());
    let place = if zip { words.place_zip } else { words.place_postcode };
    fields.push(Field::line("place", place).hint(words.place_hint).spare(tongue));
    fields.push(Field::choice("reader", words.reader, readers(words)));
    fields.push(Field::line("partner", words.code).hint(words.code_hint).spare(tongue));
    fields.into_iter().map(|field| field.filled(typed, faults)).collect()
}

/// Of the programs in which a clerk may act, the first that speaks their language.
pub fn usual_program(edition: &Edition, programs: &[String], tongue: Tongue) -> String {
    let language = tongue.code().parse::<Language>().ok();
    let speaks = |id: &&String| {
        let program = edition.library.program(id);
        program.zip(language).is_some_and(|(program, language)| program.languages.contains(&language))
    };
    programs.iter().find(speaks).or(programs.first()).cloned().unwrap_or_default()
}

/// Programs as a choice: by their names in the clerk's language.
pub fn named_programs(programs: &[&Program], tongue: Tongue) -> Vec<(String, String)> {
    let language = tongue.code().parse::<Language>().ok();
    let name = |program: &Program| {
        let name = language.map_or(program.id.as_str(), |language| program.name(language));
        format!("{name} ({})", program.id)
    };
    programs.iter().map(|program| (program.id.clone(), name(program))).collect()
}
