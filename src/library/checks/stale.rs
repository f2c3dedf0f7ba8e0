//! Checks over translations that their source has left behind.

use chrono::NaiveDate;

use super::{at, program_of};
use crate::library::fault::Fault;
use crate::library::format::Drafts;

/// `stale`: a translation was made from other words than those that stand in the source language now.
pub fn stale(drafts: &Drafts, _: NaiveDate, faults: &mut Vec<Fault>) {
    for (owner, tip) in &drafts.tips {
        let Some(stale) = &tip.value.stale else { continue };
        let spot = at(drafts, tip, stale);
        let languages = program_of(drafts, owner).map_or(&[][..], |program| program.languages.as_ref());
        for language in stale.as_ref() {
            let translated = languages.iter().skip(1).any(|spoken| spoken == language);
            faults.push(if translated {
                let message = format!(
                    "text.{language} was translated from other words: look it over, then take {language:?} out of stale"
                );
                Fault::warning("stale", &spot, message)
            } else {
                let message = format!("{language:?} is no language into which this program is translated");
                Fault::error("stale", &spot, message)
            });
        }
    }
}
