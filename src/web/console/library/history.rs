//! A tip's history: how its words were in each edition that changed them, word by word.

use askama::Template;
use axum::extract::{Path, Query, State as Extracted};
use serde::Deserialize;

use super::wording::changed;
use super::{names, reached};
use crate::domain::role::Right;
use crate::flows::authoring::{self, Past};
use crate::library::Field;
use crate::library::book::language_name;
use crate::web::Site;
use crate::web::console::access::Signed;
use crate::web::console::deeds;
use crate::web::console::heading::Heading;
use crate::web::console::page;
use crate::web::console::shell::Shell;
#[cfg(test)]
use crate::web::console::tongue::Tongue;
use crate::web::console::tongue::{fill, words};

/// So many editions are read for a page.
const EDITIONS: usize = 12;

words! {
    /// What the page says.
    pub Words {
        title: "History of {tip}", "Historial de {tip}", "История {tip}";
        back: "To the tip", "Al consejo", "К совету";
        edition: "Edition {n}", "Edición {n}", "Издание {n}";
        by: "{at}, by {who}: {why}", "{at}, por {who}: {why}", "{at}, {who}: {why}";
        began: "The tip was new.", "El consejo era nuevo.", "Новый совет.";
        gone: "The tip was taken out.", "El consejo se quitó.", "Совет убран.";
        none: "None of these editions changed it.", "Ninguna de estas ediciones lo cambió.", "Ни одно из этих изданий его не меняло.";
        older: "Older editions", "Ediciones anteriores", "Более ранние издания";
    }
}

/// An edition that changed it.
struct Entry {
    edition: String,
    about: String,
    note: &'static str,
    words: Vec<(String, String, String)>,
    fields: Vec<(&'static str, String, String)>,
}

/// The page.
#[derive(Template)]
#[template(path = "web/console/library/history.html")]
struct Page {
    shell: Shell,
    heading: Heading,
    words: &'static Words,
    tip: String,
    entries: Vec<Entry>,
    older: Option<String>,
}

/// What is asked for.
#[derive(Deserialize, Default)]
pub struct Asked {
    before: Option<i64>,
}

/// Shows it.
pub async fn show(
    Extracted(site): Extracted<Site>,
    signed: Signed,
    Path(tip): Path<String>,
    Query(asked): Query<Asked>,
) -> super::Shown {
    signed.need(Right::Browse)?;
    let desk = super::desk(&site).await?;
    let leaf = reached(&site, &signed, Right::Browse, &desk, &tip).await?;
    let words = Words::of(signed.tongue);
    let read = authoring::history(&site.service, (&leaf.program, &tip), asked.before, EDITIONS).await;
    let (past, on) = read.map_err(super::refusal)?;
    let older = on.map(|on| format!("/console/library/tips/{tip}/history?before={on}"));
    let entries = past.into_iter().map(|past| entry(&signed, words, past)).collect();
    let title = fill(words.title, &[("tip", &tip)]);
    let heading = Heading::of(words.title, &tip);
    page(&Page { shell: signed.shell(&title), heading, words, tip, entries, older })
}

fn entry(signed: &Signed, words: &Words, past: Past) -> Entry {
    let (tongue, names) = (signed.tongue, names::Words::of(signed.tongue));
    let number = tongue.number(past.edition.number);
    let at = tongue.moment(past.edition.made_at, signed.zone);
    let (who, why) =
        (deeds::by_itself(tongue, &past.edition.made_by), deeds::by_itself(tongue, &past.edition.reason));
    let either = past.after.as_ref().or(past.before.as_ref());
    let mut languages: Vec<&String> = Vec::new();
    for leaf in [&past.before, &past.after].into_iter().flatten() {
        languages.extend(leaf.words.keys());
    }
    languages.sort_unstable();
    languages.dedup();
    let said = |leaf: &Option<crate::library::desk::Leaf>, code: &str| {
        leaf.as_ref().map(|leaf| leaf.said(code).to_owned()).unwrap_or_default()
    };
    let value = |leaf: &Option<crate::library::desk::Leaf>, field| {
        leaf.as_ref().map(|leaf| leaf.value(field).to_owned()).unwrap_or_default()
    };
    let texts = languages.into_iter().filter_map(|code| {
        let (old, new) = (said(&past.before, code), said(&past.after, code));
        (old != new)
            .then(|| (code.clone(), language_name(code).to_owned(), changed(tongue, code, &old, &new)))
    });
    let texts: Vec<_> = texts.collect();
    let fields = Field::ALL.into_iter().filter_map(|field| {
        let (old, new) = (value(&past.before, field), value(&past.after, field));
        let both = past.before.is_some() && past.after.is_some();
        (both && old != new).then(|| (names.field(field), old, new))
    });
    Entry {
        edition: fill(words.edition, &[("n", &number)]),
        about: fill(words.by, &[("at", &at), ("who", &who), ("why", &why)]),
        note: match (&past.before, &past.after, either) {
            (None, Some(_), _) => words.began,
            (Some(_), None, _) => words.gone,
            _ => "",
        },
        fields: fields.collect(),
        words: texts,
    }
}

#[cfg(test)]
pub(super) fn samples(tongue: Tongue) -> Vec<(&'static str, Box<dyn askama::DynTemplate>)> {
    let words = Words::of(tongue);
    let entry = Entry {
        edition: "Edition 3".to_owned(),
        about: "today, by Ana <López>: the flu".to_owned(),
        note: words.began,
        words: vec![(
            "en".to_owned(),
            "English".to_owned(),
            changed(tongue, "en", "a <López> b", "a <b>@ b"),
        )],
        fields: vec![("Topic", "<López>".to_owned(), String::new())],
    };
    vec![(
        "history",
        Box::new(Page {
            shell: Shell::sample(tongue, words.back, "/console/library/tips/a/history"),
            heading: Heading::of(words.title, "a<López>"),
            words,
            tip: "a".to_owned(),
            entries: vec![entry],
            older: Some("/console/library/tips/a/history?before=3".to_owned()),
        }),
    )]
}
