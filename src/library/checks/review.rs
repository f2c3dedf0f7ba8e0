//! Checks over who stands for the words of a tip or a question.

use chrono::NaiveDate;
use toml::Spanned;

use super::date;
use crate::library::fault::{Fault, Spot};
use crate::library::format::{Drafts, ReviewEntry};

/// `review`, `review-expired`: of every tip.
pub fn reviews(drafts: &Drafts, today: NaiveDate, faults: &mut Vec<Fault>) {
    for (_, tip) in &drafts.tips {
        review(drafts, &tip.spot, tip.value.review.as_ref(), today, faults);
    }
}

/// The same of one tip or question, which begins at `owner`.
pub fn review(
    drafts: &Drafts,
    owner: &Spot,
    review: Option<&Spanned<ReviewEntry>>,
    today: NaiveDate,
    faults: &mut Vec<Fault>,
) {
    let state = review.and_then(|review| review.as_ref().state.as_ref());
    let (Some(review), Some(state)) = (review, state) else {
        let message = "say who stands for it: a table review with state = \"draft\"";
        faults.push(Fault::error("review", owner, message));
        return;
    };
    let spot = drafts.spot(&owner.file, state.span());
    let entry = review.as_ref();
    match state.as_ref().as_str() {
        "draft" => {}
        "approved" => {
            let signed = entry.reviewer.as_ref().is_some_and(|name| !name.as_ref().trim().is_empty());
            if !signed || entry.reviewed_on.is_none() || entry.expires_on.is_none() {
                let message = "what is approved names its reviewer, reviewed_on and expires_on";
                faults.push(Fault::error("review", &spot, message));
            }
            if entry.expires_on.as_ref().is_some_and(|on| date(on.as_ref()).is_none_or(|on| on < today)) {
                let message = "the review has expired: it is not sent to the public any more";
                faults.push(Fault::warning("review-expired", &spot, message));
            }
        }
        other => {
            let message = format!("{other:?} is no review state: draft or approved");
            faults.push(Fault::error("review", &spot, message));
        }
    }
}

/// Whether somebody has signed.
pub fn is_approved(review: &Spanned<ReviewEntry>) -> bool {
    review.as_ref().state.as_ref().is_some_and(|state| state.as_ref() == "approved")
}
