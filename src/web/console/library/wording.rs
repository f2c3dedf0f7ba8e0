//! Words in a language as they are shown: what they cost, how they read, and how they differ from others.

use askama::Template;

use crate::domain::reading::reading;
use crate::domain::segment::Encoding;
use crate::library::book::language_name;
use crate::library::diff::wording::{Kind, by_word};
use crate::library::exchange::Shelf;
use crate::web::console::Prices;
use crate::web::console::tongue::{Tongue, fill, words};

words! {
    /// What is said of words.
    pub Words {
        segments: "{n} SMS|{n} SMS", "{n} SMS|{n} SMS", "{n} SMS|{n} SMS|{n} SMS";
        thousand: "{n} SMS for each 1,000 women", "{n} SMS por cada 1,000 mujeres", "{n} SMS на каждые 1000 женщин";
        thousand_worth: "{n} SMS for each 1,000 women: {worth}", "{n} SMS por cada 1,000 mujeres: {worth}", "{n} SMS на каждые 1000 женщин: {worth}";
        dear: "“{sign}” makes it cost more", "«{sign}» lo encarece", "дороже из-за «{sign}»";
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
    /// Whether it takes more than one.
    pub many: bool,
    /// The first sign for which it costs more; empty: there is none.
    pub dear: String,
    /// What a sending to many takes.
    pub cost: String,
    /// The reading level; empty where there is no formula.
    pub reading: String,
    /// Whether that is beyond six years of school.
    pub hard: bool,
}

/// Words of a program's language, looked at.
pub fn said(
    (tongue, prices): (Tongue, &Prices),
    shelf: &Shelf,
    program: &str,
    code: &str,
    template: &str,
) -> Said {
    let words = Words::of(tongue);
    let sent = shelf.filled(program, code, None, template);
    let counted = shelf.counted(program, code, template);
    let level = code.parse().ok().and_then(|language| reading(language, &sent));
    let level_told = level.map_or_else(String::new, |level| {
        let (value, judged) =
            (tongue.decimal(level.value), if level.plain { words.plain } else { words.hard });
        format!("{}: {judged}", fill(words.grade, &[("method", level.method), ("value", &value)]))
    });
    let thousand = counted.segments.saturating_mul(1000);
    let sms = tongue.number(i64::from(thousand));
    let price = code.parse().ok().and_then(|language| prices.of(language));
    let mut cost = match price {
        Some(price) => {
            let worth = tongue.money(&prices.currency, price.times(thousand).amount());
            fill(words.thousand_worth, &[("n", &sms), ("worth", &worth)])
        }
        None => fill(words.thousand, &[("n", &sms)]),
    };
    if sent != template && template.contains("{place.") {
        cost = format!("{cost}, {}", words.longest);
    }
    Said {
        code: code.to_owned(),
        language: language_name(code).to_owned(),
        segments: tongue.counted(i64::from(counted.segments), words.segments),
        many: counted.segments > 1,
        dear: match counted.culprits.first().filter(|_| counted.encoding == Encoding::Ucs2) {
            // Russian is always written so.
            Some(culprit) if culprit.substitute.is_some() => {
                fill(words.dear, &[("sign", &culprit.character.to_string())])
            }
            _ => String::new(),
        },
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
        segments: "2 SMS".to_owned(),
        many: true,
        dear: "“í” makes it cost more".to_owned(),
        cost: "2,000 SMS".to_owned(),
        reading: "Flesch-Kincaid 7.2".to_owned(),
        hard: true,
    }
}
