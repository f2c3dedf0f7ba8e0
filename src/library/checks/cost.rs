//! Checks over what a tip costs, the program's carrier and its reader.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{at, is_endless, program_of};
use crate::domain::language::Language;
use crate::domain::reading::reading;
use crate::domain::segment::{self, Culprit, Encoding};
use crate::library::fault::Fault;
use crate::library::format::Drafts;
use crate::library::help::Filling;

/// A tip takes at most so many segments.
const MOST_SEGMENTS: u32 = 3;

/// `length`, `costly`, `cost`, `reading`: of the words as they are sent, the longest of them where a place fills them.
pub fn cost(drafts: &Drafts, _: NaiveDate, faults: &mut Vec<Fault>) {
    let mut fillings = BTreeMap::new();
    for (owner, tip) in &drafts.tips {
        let Some(program) = program_of(drafts, owner) else { continue };
        let filling = fillings.entry(owner).or_insert_with(|| Filling::of(program, drafts));
        for (language, text) in &tip.value.text {
            let Ok(spoken) = language.parse::<Language>() else { continue };
            let spot = at(drafts, tip, text);
            if is_endless(text.as_ref()) {
                let message = format!("{language}: no tip is that long: {MOST_SEGMENTS} SMS are the most");
                faults.push(Fault::error("length", &spot, message));
                continue;
            }
            let words = filling.longest(spoken, text.as_ref());
            let counted = segment::count(&words);
            if counted.segments > MOST_SEGMENTS {
                let message =
                    format!("{language}: {} segments; a tip has {MOST_SEGMENTS} at most", counted.segments);
                faults.push(Fault::error("length", &spot, message));
            }
            // A letter of the language's own is the author's choice; a curly quote is an accident.
            let accident =
                |culprit: &&Culprit| !culprit.character.is_alphabetic() && culprit.substitute.is_some();
            let accidents: Vec<String> = counted
                .culprits
                .iter()
                .filter(accident)
                .map(|culprit| {
                    format!("{:?} (write {:?})", culprit.character, culprit.substitute.unwrap_or(""))
                })
                .collect();
            let only_accidents = accidents.len() == counted.culprits.len();
            if counted.encoding == Encoding::Ucs2 && only_accidents {
                let message = format!(
                    "{language}: {} make it UCS-2, {} segments",
                    accidents.join(", "),
                    counted.segments
                );
                faults.push(Fault::warning("costly", &spot, message));
            }
            // Where every costly letter has a plain one beside it, the language's alphabet is nearly GSM-7's.
            let plain_alphabet = counted.culprits.iter().all(|culprit| culprit.substitute.is_some());
            if counted.encoding == Encoding::Ucs2 && plain_alphabet && !only_accidents {
                let letters: String = counted.culprits.iter().map(|culprit| culprit.character).collect();
                let message = format!(
                    "{language}: {} SMS, {} units of UCS-2, for {letters}: other words may do without",
                    counted.segments, counted.units
                );
                faults.push(Fault::note("cost", &spot, message));
            }
            if let Some(read) = reading(spoken, &words).filter(|read| !read.plain) {
                let message = format!(
                    "{language}: harder than sixth grade ({} {:.1}): shorter words, shorter sentences",
                    read.method, read.value
                );
                faults.push(Fault::warning("reading", &spot, message));
            }
        }
    }
}
