//! The named checks over people's content. Each looks at everything and tells every fault it finds; each
//! is documented for authors in `message-library/README.md`.

mod cost;
mod coverage;
mod helps;
mod lengths;
mod lexicons;
mod programs;
mod questions;
mod replies;
mod review;
mod sources;
mod stale;
mod tips;
mod words;

use std::collections::BTreeSet;

use chrono::NaiveDate;
use toml::Spanned;

use super::fault::{Fault, Spot};
use super::format::{At, Drafts, ProgramFile, TipEntry};
use crate::domain::gestation::{Loss, Track};
use crate::domain::plan::Needs;

type Check = fn(&Drafts, NaiveDate, &mut Vec<Fault>);

/// Every check, by the name of its file's subject; names of single faults are in the faults.
const CHECKS: &[Check] = &[
    programs::identity,
    programs::reach,
    programs::rhythm,
    programs::words,
    programs::visits,
    programs::partners,
    replies::complete,
    lexicons::missing,
    lexicons::sound,
    replies::places,
    tips::shape,
    tips::identity,
    tips::needs,
    tips::second_texts,
    questions::questions,
    stale::stale,
    words::words,
    words::glossary,
    words::claims,
    words::later_claims,
    sources::sources,
    review::reviews,
    cost::cost,
    helps::helps,
    coverage::slots,
    coverage::starter,
    coverage::others,
];

pub use self::lengths::replies as reply_lengths;

/// Runs them all.
pub fn run(drafts: &Drafts, today: NaiveDate) -> Vec<Fault> {
    let mut faults = Vec::new();
    for check in CHECKS {
        check(drafts, today, &mut faults);
    }
    faults
}

/// The track a tip stands in; none if it names none, or a loss that is none.
pub fn track(tip: &TipEntry) -> Option<Track> {
    let lost = || {
        let name = tip.loss.as_ref()?.as_ref();
        Loss::ALL.into_iter().find(|loss| loss.name() == name)
    };
    Some(match tip.track.as_ref()?.as_ref().as_str() {
        "starter" => Track::Starter,
        "pregnancy" => Track::Pregnancy,
        "baby" => Track::Baby,
        "farewell" => Track::Farewell,
        "loss" => Track::Loss(lost()?),
        "more" => Track::More,
        _ => return None,
    })
}

/// The need of that name.
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

/// A TOML date without a time.
pub fn date(value: &toml::value::Datetime) -> Option<NaiveDate> {
    let date = value.date?;
    NaiveDate::from_ymd_opt(date.year.into(), date.month.into(), date.day.into())
}

/// Every language that a program speaks.
fn languages(drafts: &Drafts) -> BTreeSet<String> {
    drafts.programs.iter().flat_map(|program| program.value.languages.as_ref().clone()).collect()
}

/// The program of a tips' folder.
fn program_of<'a>(drafts: &'a Drafts, id: &str) -> Option<&'a ProgramFile> {
    drafts.programs.iter().map(|program| &program.value).find(|program| program.id.as_ref() == id)
}

/// Where a value of a tip stands.
fn at<T>(drafts: &Drafts, tip: &At<TipEntry>, value: &Spanned<T>) -> Spot {
    drafts.spot(&tip.spot.file, value.span())
}

/// Whether a text is so long that something went wrong in an editor. It is told once, and not looked into.
fn is_endless(text: &str) -> bool {
    text.len() > 10_000
}
