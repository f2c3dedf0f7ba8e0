//! How a text travels, as it is typed: segments, encoding, and the characters that make it dear. One page part, asked for
//! by every field of words (`Field::counted`), so that there is one way of counting, the sender's own.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::routing::post;

use super::access::Signed;
use super::form::Typed;
use super::tongue::{Tongue, words};
use super::{Prices, Shown, page};
use crate::domain::role::Right;
use crate::domain::segment::{self, Encoding, Segmentation};
use crate::web::Site;

/// Where it is asked for, whenever somebody types.
pub const LIVE: &str = "/console/segments/live";
/// The field of a form that says for which program its words are.
pub const FOR: &str = "counted-for";

words! {
    /// What is said of a text.
    pub Words {
        segments: "{n} SMS|{n} SMS", "{n} SMS|{n} SMS", "{n} SMS|{n} SMS|{n} SMS";
        characters: "{n} character|{n} characters", "{n} carácter|{n} caracteres", "{n} знак|{n} знака|{n} знаков";
        worth: "{worth} for each 1,000 women", "{worth} por cada 1,000 mujeres", "{worth} на каждые 1000 женщин";
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
    /// What that costs, where it is for many and a price is known.
    worth: String,
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
    Router::new().route(LIVE, post(count))
}

async fn count(State(site): State<Site>, signed: Signed, typed: Typed) -> Shown {
    let field = typed.get("counted").to_owned();
    let (text, program) = (typed.get(&field), typed.get(FOR));
    // A tip's is counted as it will be filled in, for her who gets the longest.
    let filled = match field.strip_prefix("text-").filter(|_| !program.is_empty()) {
        Some(language) => {
            signed.reach(&site, Right::Author, program, "a count").await?;
            super::library::desk(&site).await?.table.shelf.counted(program, language, text)
        }
        None => segment::count(text),
    };
    page(&counted((signed.tongue, &site.console.prices), &field, text, &filled))
}

fn counted((tongue, prices): (Tongue, &Prices), field: &str, text: &str, counted: &Segmentation) -> Count {
    let words = Words::of(tongue);
    let mut culprits: Vec<Culprit> = Vec::new();
    for culprit in &counted.culprits {
        if culprits.iter().all(|known| known.sign != culprit.character) {
            let substitute = culprit.substitute;
            let replace = super::tongue::fill(words.replace, &[("sign", substitute.unwrap_or_default())]);
            culprits.push(Culprit { sign: culprit.character, substitute, replace });
        }
    }
    // Fields of texts for many are called by their language.
    let language = field.rsplit_once('-').and_then(|(_, code)| code.parse().ok());
    let worth = language.and_then(|language| prices.of(language)).map(|price| {
        let many = price.times(counted.segments.saturating_mul(1000)).amount();
        super::tongue::fill(words.worth, &[("worth", &tongue.money(&prices.currency, many))])
    });
    Count {
        words,
        worth: worth.unwrap_or_default(),
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
    let text = "Your baby’s heart “beats” <fast>.";
    let filled = segment::count(text);
    vec![("count", Box::new(counted((tongue, &Prices::default()), "words", text, &filled)))]
}
