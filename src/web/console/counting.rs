//! How a text travels, as it is typed: segments, encoding, and the characters that make it dear. One page part, asked for
//! by every field of words (`Field::counted`), so that there is one way of counting, the sender's own.

use askama::Template;
use axum::Router;
use axum::routing::post;

use super::access::Signed;
use super::form::Typed;
use super::tongue::{Tongue, words};
use super::{Shown, page};
use crate::domain::segment::{self, Encoding};
use crate::web::Site;

words! {
    /// What is said of a text.
    pub Words {
        segments: "{n} SMS|{n} SMS", "{n} SMS|{n} SMS", "{n} SMS|{n} SMS|{n} SMS";
        characters: "{n} character|{n} characters", "{n} carácter|{n} caracteres", "{n} знак|{n} знака|{n} знаков";
        dear: "These make it cost more:", "Lo encarecen:", "Из-за них дороже:";
        replace: "write {sign} instead", "escribir {sign}", "заменить на {sign}";
    }
}

/// What stands under a field.
#[derive(Template)]
#[template(path = "web/console/counting/count.html")]
struct Count {
    words: &'static Words,
    /// The field whose words are counted.
    field: String,
    segments: String,
    characters: String,
    encoding: &'static str,
    /// Nothing is written yet.
    empty: bool,
    dear: bool,
    culprits: Vec<Culprit>,
}

/// A character that makes a text dear.
struct Culprit {
    sign: char,
    substitute: Option<&'static str>,
    replace: String,
}

/// The addresses here.
pub fn routes() -> Router<Site> {
    Router::new().route("/console/segments/live", post(count))
}

async fn count(signed: Signed, typed: Typed) -> Shown {
    let field = typed.get("counted").to_owned();
    page(&counted(signed.tongue, &field, typed.get(&field)))
}

fn counted(tongue: Tongue, field: &str, text: &str) -> Count {
    let words = Words::of(tongue);
    let counted = segment::count(text);
    let mut culprits: Vec<Culprit> = Vec::new();
    for culprit in &counted.culprits {
        if culprits.iter().all(|known| known.sign != culprit.character) {
            let substitute = culprit.substitute;
            let replace = super::tongue::fill(words.replace, &[("sign", substitute.unwrap_or_default())]);
            culprits.push(Culprit { sign: culprit.character, substitute, replace });
        }
    }
    Count {
        words,
        field: field.to_owned(),
        segments: tongue.counted(i64::from(counted.segments), words.segments),
        characters: tongue.counted(text.chars().count() as i64, words.characters),
        encoding: counted.encoding.name(),
        empty: text.is_empty(),
        dear: counted.encoding == Encoding::Ucs2 && !culprits.is_empty(),
        culprits,
    }
}

#[cfg(test)]
pub(super) fn samples(tongue: Tongue) -> Vec<(&'static str, Box<dyn askama::DynTemplate>)> {
    vec![("count", Box::new(counted(tongue, "words", "Your baby’s heart “beats” <fast>.")))]
}
