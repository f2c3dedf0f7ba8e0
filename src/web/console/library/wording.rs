//! Words in a language as they are shown: what they cost, how they read, and how they differ from others.

use askama::Template;

use crate::domain::reading::reading;
use crate::library::book::language_name;
use crate::library::diff::wording::{Kind, by_word};
use crate::library::exchange::Shelf;
use crate::web::console::tongue::{Tongue, fill, words};

words! {
    /// What is said of words.
    pub Words {
        segments: "{n} SMS|{n} SMS", "{n} SMS|{n} SMS", "{n} SMS|{n} SMS|{n} SMS";
        thousand: "{n} SMS for each 1,000 women", "{n} SMS por cada 1000 mujeres", "{n} SMS на каждую 1000 женщин";
        longest: "with the longest help of a region", "con la ayuda regional más larga", "с самой длинной региональной справкой";
        plain: "easy to read", "fácil de leer", "читается легко";
        hard: "hard to read: shorter words, shorter sentences", "difícil de leer: palabras y frases más cortas", "читается трудно: нужны слова и предложения короче";
        grade: "{method} {value}", "{method} {value}", "{method} {value}";
        gone: "taken out: ", "quitado: ", "убрано: ";
        new: "put in: ", "añadido: ", "добавлено: ";
        none: "There are no words.", "No hay palabras.", "Текста нет.";
    }
}

/// Words in a language.
#[derive(Clone, Debug)]
pub struct Said {
    /// The language's code.
    pub code: String,
    /// Its own name.
    pub language: String,
    /// The words, as she gets them.
    pub words: String,
    /// How many SMS.
    pub segments: String,
    /// What a sending to many takes.
    pub cost: String,
    /// The reading level; empty where there is no formula.
    pub reading: String,
    /// Whether that is beyond six years of school.
    pub hard: bool,
}

/// Words of a program's language, looked at.
pub fn said(tongue: Tongue, shelf: &Shelf, program: &str, code: &str, template: &str) -> Said {
    let words = Words::of(tongue);
    let sent = shelf.filled(program, code, None, template);
    let counted = shelf.counted(program, code, template);
    let level = code.parse().ok().and_then(|language| reading(language, &sent));
    let level_told = level.map_or_else(String::new, |level| {
        let (value, judged) =
            (tongue.decimal(level.value), if level.plain { words.plain } else { words.hard });
        format!("{}: {judged}", fill(words.grade, &[("method", level.method), ("value", &value)]))
    });
    let mut cost = tongue.number(i64::from(counted.segments) * 1000);
    cost = fill(words.thousand, &[("n", &cost)]);
    if sent != template && template.contains("{place.") {
        cost = format!("{cost}, {}", words.longest);
    }
    Said {
        code: code.to_owned(),
        language: language_name(code).to_owned(),
        segments: format!(
            "{}, {}",
            tongue.counted(i64::from(counted.segments), words.segments),
            counted.encoding.name()
        ),
        cost,
        reading: level_told,
        hard: level.is_some_and(|level| !level.plain),
        words: sent,
    }
}

/// How words changed, with what is gone and what is new told apart for eye and ear.
#[derive(Template)]
#[template(path = "web/console/library/wording.html")]
struct Changed {
    words: &'static Words,
    code: String,
    runs: Vec<(Kind, String)>,
}

/// The words of a change, as a part of a page.
pub fn changed(tongue: Tongue, code: &str, before: &str, after: &str) -> String {
    let runs = by_word(before, after).into_iter().map(|run| (run.kind, run.words)).collect();
    let changed = Changed { words: Words::of(tongue), code: code.to_owned(), runs };
    changed.render().unwrap_or_default()
}

/// Words for a sample.
#[cfg(test)]
pub fn sample(words: &str) -> Said {
    Said {
        code: "en".to_owned(),
        language: "English".to_owned(),
        words: words.to_owned(),
        segments: "2 SMS, UCS-2".to_owned(),
        cost: "2,000 SMS".to_owned(),
        reading: "Flesch-Kincaid 7.2".to_owned(),
        hard: true,
    }
}
