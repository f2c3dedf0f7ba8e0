//! What the book says in plain words, so that nobody needs to know the words of the files.

use chrono::NaiveDate;

use crate::domain::gestation::{HELD_AFTER_DUE_DAYS, Loss, PREGNANCY_DAYS, Track};
use crate::domain::plan::{Needs, ReadBy};
use crate::domain::reading::Reading;
use crate::domain::segment::{Encoding, Segmentation};
use crate::library::state::State;

/// The last day of pregnancy on which a tip is sent.
const LAST_DAY: i64 = PREGNANCY_DAYS + HELD_AFTER_DUE_DAYS;

/// A language's own name, or its code where it is not listed here.
pub fn language(code: &str) -> &str {
    match code {
        "ar" => "العربية",
        "en" => "English",
        "es" => "Español",
        "fr" => "Français",
        "hi" => "हिन्दी",
        "ht" => "Kreyòl ayisyen",
        "kk" => "Қазақша",
        "ky" => "Кыргызча",
        "pt" => "Português",
        "ru" => "Русский",
        "tg" => "Тоҷикӣ",
        "uk" => "Українська",
        "uz" => "Oʻzbekcha",
        "vi" => "Tiếng Việt",
        "zh" => "中文",
        _ => code,
    }
}

/// A track's title, and when its tips are sent.
pub fn track(track: Track) -> (&'static str, &'static str) {
    match track {
        Track::Starter => (
            "Starter texts",
            "One text a day, from the day after she joins, in whatever week she is. Where there are choices, she \
             gets the first that fits her.",
        ),
        Track::Pregnancy => (
            "Pregnancy",
            "By completed weeks from the first day of the last period; the due date is 40+0. From 37+0 on a tip is \
             worded to be right whether or not the baby has come.",
        ),
        Track::Baby => {
            ("Baby’s first year", "By completed weeks of the baby’s life, once she has told of the birth.")
        }
        Track::Farewell => ("Farewell", "The last text, on the day before the first birthday."),
        Track::Loss(_) => (
            "After a loss",
            "Only for a woman who told of her loss and said yes to these texts. Nothing else is sent to her.",
        ),
        Track::More => (
            "Second texts",
            "Only for who answers MORE to the tip that each belongs to, and while it is right.",
        ),
    }
}

/// A section's name in the table of contents, its title, and what that time is.
pub fn section(track: Track, week: i64, number: u32) -> (String, String, String) {
    match track {
        Track::Starter => {
            let when = match number {
                1 => "the day after she joined".to_owned(),
                _ => format!("{number} days after she joined"),
            };
            (number.to_string(), format!("Starter text {number}"), when)
        }
        Track::Pregnancy if week == LAST_DAY / 7 => (
            week.to_string(),
            format!("Week {week}"),
            format!("{week}+{}, the last day with a tip", LAST_DAY % 7),
        ),
        Track::Pregnancy => (week.to_string(), format!("Week {week}"), format!("{week}+0 to {week}+6")),
        Track::Baby => {
            let (first, last) = (week * 7, week * 7 + 6);
            (week.to_string(), format!("Week {week} of the baby’s life"), format!("days {first} to {last}"))
        }
        Track::Farewell => (
            "farewell".to_owned(),
            "The last text".to_owned(),
            "the day before the first birthday".to_owned(),
        ),
        Track::Loss(loss) => {
            let (title, span) = match loss {
                Loss::Miscarriage => ("After a miscarriage", "the pregnancy ended early"),
                Loss::Stillbirth => ("After a stillbirth", "the baby died before or in birth"),
                Loss::Baby => ("After the death of a baby", "the baby died after birth"),
            };
            (title.to_lowercase(), title.to_owned(), span.to_owned())
        }
        Track::More => second(week),
    }
}

/// The section of second texts to the tips of a track, which goes by its place in [`FIRSTS`].
fn second(place: i64) -> (String, String, String) {
    let (short, of) = match usize::try_from(place).ok().and_then(|place| FIRSTS.get(place)) {
        Some(Track::Pregnancy) => ("pregnancy", "to tips of pregnancy"),
        Some(Track::Baby) => ("baby", "to tips of the baby’s first year"),
        _ => ("others", "to other tips"),
    };
    (short.to_owned(), format!("Second texts {of}"), "for who answers MORE".to_owned())
}

/// The tracks to whose tips second texts are printed together; those of all others stand behind them.
pub const FIRSTS: [Track; 2] = [Track::Pregnancy, Track::Baby];

/// What those get who care for her: a track's title, and when its tips are sent.
pub fn family(track: Track) -> (&'static str, &'static str) {
    match track {
        Track::Starter => (
            "Starter texts for who cares for her",
            "One text a day, from the day after joining, in whatever week she is.",
        ),
        Track::Pregnancy => (
            "Pregnancy, for who cares for her",
            "One a week, for a partner, a grandparent or another person who cares for the mother. From 37+0 on a tip \
             is worded to be right whether or not the baby has come.",
        ),
        _ => ("For who cares for her", "In place of what the mother gets in the same track."),
    }
}

/// Where a tip stands: "Pregnancy, week 4, tip 3".
pub fn place(track: Track, week: i64, number: u32) -> String {
    let (title, _) = self::track(track);
    match track {
        Track::Pregnancy | Track::Baby => format!("{title}, week {week}, tip {number}"),
        _ => format!("{title}, text {number}"),
    }
}

/// Whom a tip is for, where it is not for the mother alone.
pub fn reader(reader: ReadBy) -> &'static str {
    match reader {
        ReadBy::Mother => "",
        ReadBy::Family => "for who cares for her, never to the mother herself",
        ReadBy::Anyone => "for the mother, and for who cares for her",
    }
}

/// How a question is answered.
pub fn kind(kind: &str) -> &'static str {
    match kind {
        "yes_no" => "answered with YES or NO",
        "number" => "answered with a number",
        _ => "answered with a letter or a number",
    }
}

/// Which tip of its section: "Tip 2 of 3", "Choice 1 of 2".
pub fn slot(track: Track, number: u32, choice: usize, choices: usize) -> String {
    if track == Track::More {
        return "Second text".to_owned();
    }
    let noun = if matches!(track, Track::Pregnancy | Track::Baby) { "Tip" } else { "Text" };
    if choices > 1 {
        format!("{noun} {number}, choice {choice} of {choices}")
    } else {
        format!("{noun} {number}")
    }
}

/// To whom a tip is sent.
pub fn needs(needs: Needs) -> &'static str {
    match needs {
        Needs::Pregnancy => "only while she is pregnant (before 37+0)",
        Needs::Baby => "only after a confirmed birth, if the baby lives",
        Needs::Either => "right whether or not the baby has come",
        Needs::Mother => "about her alone: right before, during and after",
        Needs::Neutral => "right for anyone",
    }
}

/// How important a tip is.
pub fn priority(priority: u8) -> String {
    match priority {
        1 => "vital".to_owned(),
        2 => "important".to_owned(),
        3 => "nice to know".to_owned(),
        other => format!("priority {other}"),
    }
}

/// What makes a text costly; nothing where it is not, or where its alphabet leaves no choice.
pub fn cost(counted: &Segmentation) -> String {
    if counted.encoding == Encoding::Gsm7 {
        return String::new();
    }
    // Cyrillic has no cheap form, so naming each letter of it would help nobody.
    if counted
        .culprits
        .iter()
        .any(|culprit| culprit.character.is_alphabetic() && culprit.substitute.is_none())
    {
        return "its alphabet needs UCS-2".to_owned();
    }
    let signs: Vec<String> = counted.culprits.iter().map(|culprit| culprit.character.to_string()).collect();
    format!("costly for {}", signs.join(" "))
}

/// A reading level.
pub fn reading(read: Reading) -> String {
    let level = match read.method {
        // Its scale runs the other way: more is easier.
        "Fernández Huerta" => format!("reading ease {:.0}", read.value),
        // The formulas go below zero for the simplest texts, and there is no such grade.
        _ if read.value < 1.0 => "reading grade below 1".to_owned(),
        _ => format!("reading grade {:.1}", read.value),
    };
    if read.plain { level } else { format!("{level}: harder than sixth grade") }
}

/// A review state, with who signed and until when.
pub fn mark(state: State, reviewer: &str, on: Option<NaiveDate>, until: Option<NaiveDate>) -> String {
    let day = |date: Option<NaiveDate>| date.map_or_else(|| "no date".to_owned(), |date| date.to_string());
    match state {
        State::Draft => "DRAFT: not reviewed".to_owned(),
        State::Approved => format!("APPROVED by {reviewer} on {}, until {}", day(on), day(until)),
        State::Expired => format!("EXPIRED on {}: reviewed by {reviewer} on {}", day(until), day(on)),
    }
}
