//! The account in numbers, for programs and for people.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

use super::ledger::Doubles;

/// What is counted whether or not texts are kept account of.
#[derive(Default)]
pub struct Counts {
    pub asked: u64,
    pub taken: u64,
    pub answered: u64,
    pub refused: BTreeMap<String, u64>,
    pub spoiled: BTreeMap<String, u64>,
    pub lookups: u64,
    pub reports_offered: u64,
    pub reports_acknowledged: u64,
    pub reports_refused: u64,
    pub reports_given_up: u64,
    pub reports_withheld: u64,
}

/// The account in numbers. `asked` is `taken` and all that was `refused`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Texts that somebody asked to have sent.
    pub asked: u64,
    /// Of these, taken: they reach her.
    pub taken: u64,
    /// Of these, not taken, by the reason.
    pub refused: BTreeMap<String, u64>,
    /// Taken, but with an answer that does not say so plainly, by the fault.
    pub spoiled: BTreeMap<String, u64>,
    /// Taken, and the whole answer was written out.
    pub answered: u64,
    /// Taken, and not or not yet answered to the end.
    pub replies_lost: u64,
    /// What was taken more than once; none without an account.
    pub doubles: Option<Again>,
    /// How often Twilio's list was asked for.
    pub lookups: u64,
    /// The reports.
    pub reports: Told,
}

/// What was taken more than once, and how often beyond the first time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Again {
    /// Different texts taken, by our references without the number of the try.
    pub texts: u64,
    /// The same text taken again, under whatever try: she got it twice.
    pub texts_again: u64,
    /// The same reference asked for again, taken or not.
    pub references_offered_again: u64,
    /// The same reference taken again.
    pub references_again: u64,
    /// The same words to the same number, under whatever reference.
    pub to_and_body_again: u64,
}

/// What was reported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Told {
    /// Calls made, repeated ones too.
    pub offered: u64,
    /// Answered with 2xx.
    pub acknowledged: u64,
    /// Answered with something that no further try would change.
    pub refused: u64,
    /// Not taken by the last try.
    pub given_up: u64,
    /// Texts whose reports are lost on purpose.
    pub withheld: u64,
    /// Texts whose reports are not all given yet.
    pub waiting: u64,
}

impl Summary {
    pub(super) fn new(counts: &Counts, doubles: Option<Doubles>, waiting: u64) -> Self {
        Self {
            asked: counts.asked,
            taken: counts.taken,
            refused: counts.refused.clone(),
            spoiled: counts.spoiled.clone(),
            answered: counts.answered,
            replies_lost: counts.taken.saturating_sub(counts.answered),
            doubles: doubles.map(|doubles| Again {
                texts: doubles.texts,
                texts_again: doubles.texts_again,
                references_offered_again: doubles.references_offered_again,
                references_again: doubles.references_again,
                to_and_body_again: doubles.pairs_again,
            }),
            lookups: counts.lookups,
            reports: Told {
                offered: counts.reports_offered,
                acknowledged: counts.reports_acknowledged,
                refused: counts.reports_refused,
                given_up: counts.reports_given_up,
                withheld: counts.reports_withheld,
                waiting,
            },
        }
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut line = |what: &str, count: u64| writeln!(f, "{what:<44} {count:>12}");
        line("texts asked for", self.asked)?;
        line("  taken", self.taken)?;
        for (why, count) in &self.refused {
            line(&format!("  not taken: {why}"), *count)?;
        }
        line("answered to the end, of those taken", self.answered)?;
        line("not answered to the end", self.replies_lost)?;
        for (fault, count) in &self.spoiled {
            line(&format!("  taken, with the fault: {fault}"), *count)?;
        }
        if let Some(again) = &self.doubles {
            line("different texts taken", again.texts)?;
            line("  the same text taken again", again.texts_again)?;
            line("  the same reference asked for again", again.references_offered_again)?;
            line("  the same reference taken again", again.references_again)?;
            line("  the same words to the same number again", again.to_and_body_again)?;
        }
        line("looked up in the list", self.lookups)?;
        line("reports offered", self.reports.offered)?;
        line("  acknowledged", self.reports.acknowledged)?;
        line("  refused", self.reports.refused)?;
        line("  given up", self.reports.given_up)?;
        line("texts whose reports are lost on purpose", self.reports.withheld)?;
        line("texts whose reports are not all given", self.reports.waiting)
    }
}
