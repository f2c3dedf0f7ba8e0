//! The named checks over people's content. Each looks at everything and tells every fault it finds; each
//! is documented for authors in `message-library/README.md`.

mod coverage;
mod programs;
mod replies;
mod tips;

use chrono::NaiveDate;

use super::fault::Fault;
use super::format::Drafts;
use crate::domain::gestation::Track;
use crate::domain::plan::Needs;

type Check = fn(&Drafts, NaiveDate, &mut Vec<Fault>);

/// Every check, by the name of its file's subject; names of single faults are in the faults.
const CHECKS: &[Check] = &[
    programs::identity,
    programs::reach,
    programs::rhythm,
    programs::words,
    replies::complete,
    replies::lexicons,
    replies::places,
    tips::shape,
    tips::identity,
    tips::words,
    tips::needs,
    tips::sources,
    tips::reviews,
    tips::cost,
    coverage::slots,
    coverage::starter,
];

/// Runs them all.
pub fn run(drafts: &Drafts, today: NaiveDate) -> Vec<Fault> {
    let mut faults = Vec::new();
    for check in CHECKS {
        check(drafts, today, &mut faults);
    }
    faults
}

/// The track of that name.
pub fn track(name: &str) -> Option<Track> {
    [Track::Starter, Track::Pregnancy, Track::Baby, Track::Loss]
        .into_iter()
        .find(|track| track.name() == name)
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
