//! All proposals of a file together, against the checks. What would leave the library with an error that it had not
//! before is refused: the row it is in, with the check's own words; or the whole, if no row can be blamed.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{Found, Note, Outcome, Proposal, Proposals, Shelf, Weighed, Why};
use crate::library::edit::{self, Change};
use crate::library::fault::{Fault, Severity};
use crate::library::files::Files;
use crate::library::{Library, checks, format};

/// Weighs them. `today` decides whether a review has expired.
pub fn weigh(files: &Files, shelf: &Shelf, proposals: Proposals, today: NaiveDate) -> Weighed {
    let Proposals { mut rows, notes } = proposals;
    if !rows.iter().any(|row| asked(row).is_some()) {
        return done(rows, notes, Some(files.clone()), Vec::new());
    }
    let before = faults_of(files, today);
    // Every round refuses a row at least, so there is a last one.
    loop {
        let changes: Vec<&Change> = rows.iter().filter_map(asked).collect();
        let after = match edit::apply(files, shelf, &changes) {
            Ok(after) => after,
            Err(fault) => {
                if blame(&mut rows, &BTreeMap::from([(None, vec![fault.clone()])]), shelf) {
                    continue;
                }
                return done(rows, notes, None, vec![fault]);
            }
        };
        if changes.is_empty() {
            return done(rows, notes, Some(after), Vec::new());
        }
        let new = new_ones(&before, faults_of(&after, today));
        let mut by_tip: BTreeMap<Option<String>, Vec<Fault>> = BTreeMap::new();
        let laid_out = Shelf::new(&after).ok();
        for fault in new {
            let tip = laid_out.as_ref().and_then(|shelf| shelf.tip_at(&fault.file, fault.line));
            by_tip.entry(tip.map(|tip| tip.id.clone())).or_default().push(fault);
        }
        let errors: Vec<Fault> = by_tip.values().flatten().filter(|f| is_error(f)).cloned().collect();
        if errors.is_empty() {
            warn(&mut rows, &by_tip);
            // What the checks let through must be of use as well, if it was before.
            let errors = new_ones(&before, Library::read(&after, today).faults).into_iter().filter(is_error);
            let errors: Vec<Fault> = errors.collect();
            let after = errors.is_empty().then_some(after);
            return done(rows, notes, after, errors);
        }
        if !blame(&mut rows, &by_tip, shelf) {
            return done(rows, notes, None, errors);
        }
    }
}

/// All faults of a library. Making it ready for use takes longer than all checks together, and comes last.
fn faults_of(files: &Files, today: NaiveDate) -> Vec<Fault> {
    let (drafts, mut faults) = format::load(files);
    faults.extend(checks::run(&drafts, today));
    faults
}

fn asked(proposal: &Proposal) -> Option<&Change> {
    proposal.change.as_ref().filter(|_| proposal.verdict.outcome != Outcome::Refused)
}

fn is_error(fault: &Fault) -> bool {
    fault.severity == Severity::Error
}

/// Refuses the rows whose tips have errors, or else those that change a file which has one; whether there were any.
fn blame(rows: &mut [Proposal], by_tip: &BTreeMap<Option<String>, Vec<Fault>>, shelf: &Shelf) -> bool {
    let mut blamed = false;
    for row in rows {
        let Some(change) = asked(row) else { continue };
        let own = by_tip.get(&Some(change.tip.clone()));
        let file = shelf.tip(&change.tip).map(|tip| tip.spot.file.clone());
        let file = file.or_else(|| edit::place_of_new(change));
        let of_file =
            by_tip.get(&None).into_iter().flatten().filter(|fault| Some(&fault.file) == file.as_ref());
        let faults = own.into_iter().flatten().chain(of_file).filter(|fault| is_error(fault));
        let why: Vec<Found> = faults.map(found).collect();
        for why in why {
            row.verdict.refuse(Why::Found(why));
            blamed = true;
        }
    }
    blamed
}

/// Tells the authors of rows what the checks would have them look at.
fn warn(rows: &mut [Proposal], by_tip: &BTreeMap<Option<String>, Vec<Fault>>) {
    for row in rows {
        let Some(change) = asked(row) else { continue };
        for fault in by_tip.get(&Some(change.tip.clone())).into_iter().flatten() {
            row.verdict.notes.push(Note::Found(found(fault)));
        }
    }
}

fn found(fault: &Fault) -> Found {
    Found { check: fault.check, message: fault.message.clone() }
}

/// Faults that were not there before, wherever they have moved to.
fn new_ones(before: &[Fault], after: Vec<Fault>) -> Vec<Fault> {
    let key = |fault: &Fault| (fault.check, fault.severity, fault.file.clone(), fault.message.clone());
    let mut known: BTreeMap<_, usize> = BTreeMap::new();
    for fault in before {
        *known.entry(key(fault)).or_default() += 1;
    }
    let mut is_new = |fault: &Fault| match known.get_mut(&key(fault)) {
        Some(left) if *left > 0 => {
            *left -= 1;
            false
        }
        _ => true,
    };
    after.into_iter().filter(|fault| is_new(fault)).collect()
}

fn done(rows: Vec<Proposal>, notes: Vec<Note>, after: Option<Files>, faults: Vec<Fault>) -> Weighed {
    Weighed { verdicts: rows.into_iter().map(|row| row.verdict).collect(), notes, after, faults }
}
