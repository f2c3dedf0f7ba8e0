//! What a recall comes to, in words: who got the tip and who did not.

use super::Words;
use crate::domain::plan::Needs;
use crate::flows::recalling::Survey;
use crate::library::book::language_name;
use crate::web::console::tongue::{Tongue, fill};

/// What was counted.
pub struct Counted {
    /// Who got it.
    pub got: Vec<String>,
    /// Whom it did not reach.
    pub rest: Vec<String>,
}

/// A need by its name.
pub fn needs(name: &str) -> Option<Needs> {
    Some(match name {
        "pregnancy" => Needs::Pregnancy,
        "baby" => Needs::Baby,
        "mother" => Needs::Mother,
        "neutral" => Needs::Neutral,
        "either" => Needs::Either,
        _ => return None,
    })
}

/// A survey in words.
pub fn counted(tongue: Tongue, survey: &Survey) -> Counted {
    let words = Words::of(tongue);
    let women = |count: usize| tongue.counted(count as i64, words.women);
    let got = survey.got.iter().map(|((program, language), got)| {
        let (first, last) = (tongue.day(got.first), tongue.day(got.last));
        let filled = [
            ("program", program.as_str()),
            ("language", language_name(language.as_str())),
            ("n", &women(got.women)),
            ("first", &first),
            ("last", &last),
        ];
        let told = fill(words.got_line, &filled);
        match got.perhaps {
            0 => told,
            some => format!("{told}, {}", fill(words.perhaps, &[("n", &tongue.number(some as i64))])),
        }
    });
    let rest = [(survey.waiting, words.waiting), (survey.missed, words.missed)];
    let rest = rest.into_iter().filter(|(count, _)| *count > 0);
    Counted {
        got: got.collect(),
        rest: rest.map(|(count, told)| fill(told, &[("n", &tongue.number(count as i64))])).collect(),
    }
}
