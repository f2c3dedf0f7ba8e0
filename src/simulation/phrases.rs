//! What mothers text, in the words of their languages. Each phrase means what its topic says, and a test holds every one
//! of them against the library's own reading.

mod english;
mod russian;
mod spanish;

use chrono::{Datelike, NaiveDate};

use super::chance::Chance;
use crate::domain::language::Language;

/// What a text is about. Phrases with `{}` are filled with a date, a number, an hour or a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Topic {
    Yes,
    No,
    Skip,
    Begin,
    Due,
    BirthDate,
    Start,
    Help,
    Stop,
    Update,
    Born,
    BornDay,
    BornDays,
    NotYet,
    Twins,
    Miscarried,
    Stillborn,
    BabyDied,
    Undo,
    Less,
    More,
    Pause,
    PauseDays,
    Resume,
    Hour,
    Language,
    NewPhone,
    Place,
    Wrong,
    Details,
    Delete,
    Visit,
    CancelVisit,
    Safe,
    SafeOff,
    Danger,
    Question,
    Thanks,
    Junk,
    Machine,
}

impl Topic {
    /// Every topic.
    pub const ALL: [Self; 40] = [
        Self::Yes,
        Self::No,
        Self::Skip,
        Self::Begin,
        Self::Due,
        Self::BirthDate,
        Self::Start,
        Self::Help,
        Self::Stop,
        Self::Update,
        Self::Born,
        Self::BornDay,
        Self::BornDays,
        Self::NotYet,
        Self::Twins,
        Self::Miscarried,
        Self::Stillborn,
        Self::BabyDied,
        Self::Undo,
        Self::Less,
        Self::More,
        Self::Pause,
        Self::PauseDays,
        Self::Resume,
        Self::Hour,
        Self::Language,
        Self::NewPhone,
        Self::Place,
        Self::Wrong,
        Self::Details,
        Self::Delete,
        Self::Visit,
        Self::CancelVisit,
        Self::Safe,
        Self::SafeOff,
        Self::Danger,
        Self::Question,
        Self::Thanks,
        Self::Junk,
        Self::Machine,
    ];

    /// As a report names it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::Skip => "skip",
            Self::Begin => "start word",
            Self::Due => "due date",
            Self::BirthDate => "birth date",
            Self::Start => "START",
            Self::Help => "HELP",
            Self::Stop => "STOP",
            Self::Update => "UPDATE",
            Self::Born | Self::BornDay | Self::BornDays => "BORN",
            Self::NotYet => "NOT YET",
            Self::Twins => "TWINS",
            Self::Miscarried | Self::Stillborn | Self::BabyDied => "a loss",
            Self::Undo => "UNDO",
            Self::Less => "LESS",
            Self::More => "MORE",
            Self::Pause | Self::PauseDays => "PAUSE",
            Self::Resume => "RESUME",
            Self::Hour => "TIME",
            Self::Language => "another language",
            Self::NewPhone => "MOVE",
            Self::Place => "another place",
            Self::Wrong => "wrong number",
            Self::Details => "DETAILS",
            Self::Delete => "DELETE",
            Self::Visit => "APPT",
            Self::CancelVisit => "CANCEL APPT",
            Self::Safe => "SAFE",
            Self::SafeOff => "SAFE OFF",
            Self::Danger => "danger",
            Self::Question => "a question",
            Self::Thanks => "thanks",
            Self::Junk => "junk",
            Self::Machine => "an automatic answer",
        }
    }
}

/// The phrases of a topic in a language; English where the simulation has no words of its own.
pub fn phrases(topic: Topic, language: Language) -> &'static [&'static str] {
    match language.as_str() {
        "es" => spanish::phrases(topic),
        "ru" => russian::phrases(topic),
        _ => english::phrases(topic),
    }
}

/// One of them.
pub fn say(topic: Topic, language: Language, chance: &mut Chance) -> String {
    (*chance.pick(phrases(topic, language))).to_owned()
}

/// One of them, filled.
pub fn say_with(topic: Topic, language: Language, chance: &mut Chance, filling: &str) -> String {
    say(topic, language, chance).replace("{}", filling)
}

/// A date as people write it with the month's name: also as the service shows it.
pub fn date(on: NaiveDate, language: Language) -> String {
    let (day, month, year) = (on.day(), on.month0() as usize, on.year());
    match language.as_str() {
        "es" => format!("{day} de {} de {year}", spanish::MONTHS[month]),
        "ru" => format!("{day} {} {year}", russian::MONTHS[month]),
        _ => format!("{} {day}, {year}", english::MONTHS[month]),
    }
}

/// Whether a choice that we offer is the birth, or else the due date, and no last period.
pub fn offers(line: &str, birth: bool, language: Language) -> bool {
    let word = match (language.as_str(), birth) {
        ("es", true) => "nacido",
        ("es", false) => "fecha de parto",
        ("ru", true) => "родился",
        ("ru", false) => "срок родов",
        (_, true) => "born",
        (_, false) => "due date",
    };
    line.contains(word)
}
