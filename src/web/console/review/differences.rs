//! How a tip differs from another state of it, laid out for a page.

use super::library::names;
use super::library::wording::changed;
use crate::library::Field;
use crate::library::book::language_name;
use crate::library::desk::Leaf;
use crate::web::console::tongue::Tongue;

/// How a tip differs.
pub struct Difference {
    /// Which tip.
    pub tip: String,
    /// Its words, by language: the code, its name, how they changed.
    pub words: Vec<(String, String, String)>,
    /// Its fields: the name, the old value, the new one.
    pub fields: Vec<(&'static str, String, String)>,
}

/// From one state of a tip to another; with none before it is new.
pub fn between(tongue: Tongue, before: Option<&Leaf>, after: &Leaf) -> Difference {
    let names = names::Words::of(tongue);
    let change = after.change(before.map(Leaf::flat).as_ref());
    let old = |code: &str| before.map_or("", |before| before.said(code));
    let words = change.words.iter().map(|(code, new)| {
        (code.clone(), language_name(code).to_owned(), changed(tongue, code, old(code), new))
    });
    // Who signed and when is told elsewhere.
    let fields = change.values.iter().filter(|(field, _)| !field.is_signature());
    let fields = fields.map(|(field, new)| {
        let old = before.map_or("", |before| before.value(*field));
        (names.field(*field), names.value(*field, old), names.value(*field, new))
    });
    Difference { tip: after.tip.clone(), words: words.collect(), fields: fields.collect() }
}

/// The languages in which a tip's words are other than an edition's.
pub fn languages(before: Option<&Leaf>, after: &Leaf) -> Vec<String> {
    after.change(before.map(Leaf::flat).as_ref()).words.into_keys().collect()
}

/// Whether anything but the signature differs.
pub fn any(before: Option<&Leaf>, after: &Leaf) -> bool {
    let change = after.change(before.map(Leaf::flat).as_ref());
    !change.words.is_empty() || change.values.keys().any(|field: &Field| !field.is_signature())
}
