//! A poster: a code to scan that opens a text with the right words to the right number, the same in large letters, and in
//! plain words what she will get, what it costs and how it ends, which are the library's own.

use std::fmt::Write as _;

use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use axum::routing::get;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use qrcode::{Color, EcLevel, QrCode};
use serde::Deserialize;

use super::words::Words;
use crate::domain::language::Language;
use crate::domain::role::Right;
use crate::flows::enrolling;
use crate::flows::senders::{Audience, Sender};
use crate::library::Program;
use crate::web::Site;
use crate::web::console::access::Signed;
use crate::web::console::refusal::Refusal;
use crate::web::console::shell::Shell;
use crate::web::console::tongue::{Tongue, fill};
use crate::web::console::{Shown, page};

/// The white around a code, in its own squares: scanners need four.
const QUIET: usize = 4;
const KEPT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The page.
#[derive(Template)]
#[template(path = "web/console/partners/poster.html")]
struct Page {
    shell: Shell,
    words: &'static Words,
    program: String,
    fault: Option<&'static str>,
    sheets: Vec<Sheet>,
}

/// A sheet in one language.
struct Sheet {
    language: String,
    /// In the language of whoever reads it.
    words: &'static Words,
    name: String,
    partner: String,
    word: String,
    number: String,
    link: String,
    qr: Qr,
    label: String,
    terms: String,
    /// Why it must not be hung up.
    caution: Option<&'static str>,
}

/// A code to scan, as a drawing.
struct Qr {
    side: usize,
    path: String,
}

/// What is asked for.
#[derive(Deserialize, Default)]
struct Asked {
    #[serde(default)]
    code: String,
}

/// The addresses here.
pub fn routes() -> Router<Site> {
    Router::new().route("/console/partners/{program}/poster", get(show))
}

/// Where the poster for a code is.
pub fn place(program: &str, code: &str) -> String {
    format!("/console/partners/{program}/poster?code={}", utf8_percent_encode(code, KEPT))
}

async fn show(
    State(site): State<Site>,
    signed: Signed,
    Path(program): Path<String>,
    Query(asked): Query<Asked>,
) -> Shown {
    signed.need(Right::Count)?;
    let edition = site.service.shelf.edition();
    let program = edition.library.program(&program).ok_or(Refusal::NotFound)?;
    signed.reach(&site, Right::Count, &program.id, "poster").await?;
    let words = Words::of(signed.tongue);
    let code = enrolling::code(&asked.code);
    // As texting takes it: one that the library does not know has a figure in it.
    let sound = |code: &String| {
        let (figures, letters) =
            (code.chars().any(|c| c.is_ascii_digit()), code.chars().any(char::is_alphabetic));
        program.partners.contains_key(code) || figures && letters
    };
    let fault = (!asked.code.is_empty() && !code.as_ref().is_some_and(sound)).then_some(words.bad_code);
    let sender = sender_of(&site, program);
    let fitness = Fitness::of(sender.as_ref());
    let number = sender.map(|sender| sender.address).unwrap_or_default();
    let mut sheets = Vec::new();
    for language in program.languages.iter().filter(|_| fault.is_none()) {
        let today = program.whereabouts(None).date_at(site.service.now());
        let terms = enrolling::words_to_read(&edition, program, *language, today).unwrap_or_default();
        sheets.push(sheet(program, *language, code.as_deref(), (&number, fitness), terms)?);
    }
    let status = if fault.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let shown =
        page(&Page { shell: signed.shell(words.poster), words, program: program.id.clone(), fault, sheets })?;
    Ok((status, shown).into_response())
}

/// The sender that a poster is to name: one to the public, if there is one.
fn sender_of(site: &Site, program: &Program) -> Option<Sender> {
    let serves = |sender: &&std::sync::Arc<Sender>| sender.programs.contains(&program.id);
    let rank = |sender: &&std::sync::Arc<Sender>| match sender.audience {
        Audience::Public => 0,
        Audience::Trial(_) => 1,
        Audience::Rehearsal => 2,
    };
    site.service.senders.iter().filter(serves).min_by_key(rank).map(|sender| (**sender).clone())
}

/// Whether a poster may be hung up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fitness {
    /// Everybody who texts is answered.
    Fit,
    /// Nobody real is answered, whatever the address looks like.
    Rehearsal,
    /// Only the test numbers are answered.
    Trial,
    /// No phone can text the address.
    NoNumber,
}

impl Fitness {
    fn of(sender: Option<&Sender>) -> Self {
        match sender {
            None => Self::Rehearsal,
            Some(sender) => match sender.audience {
                Audience::Rehearsal => Self::Rehearsal,
                Audience::Trial(_) => Self::Trial,
                Audience::Public if is_number(&sender.address) => Self::Fit,
                Audience::Public => Self::NoNumber,
            },
        }
    }

    fn caution(self, words: &'static Words) -> Option<&'static str> {
        match self {
            Self::Fit => None,
            Self::Rehearsal => Some(words.rehearsal),
            Self::Trial => Some(words.trial),
            Self::NoNumber => Some(words.no_number),
        }
    }
}

fn is_number(address: &str) -> bool {
    let figures = address.strip_prefix('+').unwrap_or(address);
    !figures.is_empty() && figures.bytes().all(|byte| byte.is_ascii_digit())
}

fn sheet(
    program: &Program,
    language: Language,
    code: Option<&str>,
    (number, fitness): (&str, Fitness),
    terms: String,
) -> Result<Sheet, Refusal> {
    let words = Words::of(Tongue::named(language.as_str()).unwrap_or_default());
    let keyword = program.keyword(language).to_uppercase();
    let word = code.map_or(keyword.clone(), |code| format!("{keyword} {code}"));
    let link = link(number, &word);
    Ok(Sheet {
        language: language.to_string(),
        words,
        name: program.name(language).to_owned(),
        partner: code.and_then(|code| program.partners.get(code)).cloned().unwrap_or_default(),
        qr: drawn(&link)?,
        label: fill(words.qr, &[("word", &word), ("number", number)]),
        number: number.to_owned(),
        word,
        link,
        terms,
        caution: fitness.caution(words),
    })
}

/// A text with its words to a number. Phones read the query in two ways: those of Google look for what stands behind the
/// question mark, those of Apple for what stands behind the ampersand. Written so both find it.
fn link(number: &str, words: &str) -> String {
    format!("sms:{number}?&body={}", utf8_percent_encode(words, KEPT))
}

fn drawn(link: &str) -> Result<Qr, Refusal> {
    let code = QrCode::with_error_correction_level(link, EcLevel::M).map_err(Refusal::broken)?;
    let width = code.width();
    let mut path = String::new();
    for (place, color) in code.to_colors().into_iter().enumerate() {
        if color == Color::Dark {
            let _ = write!(path, "M{} {}h1v1h-1z", place % width + QUIET, place / width + QUIET);
        }
    }
    Ok(Qr { side: width + 2 * QUIET, path })
}

#[cfg(test)]
pub fn samples(tongue: Tongue) -> Vec<(&'static str, Box<dyn askama::DynTemplate>)> {
    let words = Words::of(tongue);
    let link = link("+12025550100", "BABY CLINIC7");
    let sheet = Sheet {
        language: tongue.code().to_owned(),
        words,
        name: "Text4baby".to_owned(),
        partner: "<López> clinic".to_owned(),
        word: "BABY CLINIC7".to_owned(),
        number: "+12025550100".to_owned(),
        qr: drawn(&link).expect("a code"),
        label: fill(words.qr, &[("word", "BABY"), ("number", "+12025550100")]),
        link,
        terms: "Text4baby: <López>".to_owned(),
        caution: Fitness::Trial.caution(words),
    };
    let page = |sheets, fault| Page {
        shell: Shell::sample(tongue, words.poster, "/console/partners"),
        words,
        program: "text4baby-us".to_owned(),
        fault,
        sheets,
    };
    vec![
        ("a poster", Box::new(page(vec![sheet], None))),
        ("no poster", Box::new(page(Vec::new(), Some(words.bad_code)))),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_kinds_of_phones_find_the_words() {
        let link = link("+12025550100", "МАМА K7 & co");
        assert!(link.starts_with("sms:+12025550100?&body="), "{link}");
        assert!(link.is_ascii() && link.ends_with("%20K7%20%26%20co"), "{link}");
    }

    #[test]
    fn a_code_is_drawn_with_white_around_it() {
        let qr = drawn("sms:21111?&body=BABY").expect("a code");
        // The corner of every code is a dark square of seven.
        assert!(qr.path.starts_with("M4 4h1v1h-1zM5 4h1v1h-1z"), "{}", qr.path);
        assert!(qr.side >= 21 + 8);
    }
}
