//! Checks over what stands behind a tip: its source, its review.

use chrono::NaiveDate;
use toml::Spanned;

use super::{at, date};
use crate::library::fault::Fault;
use crate::library::format::Drafts;

/// `source`, `link`.
pub fn sources(drafts: &Drafts, _: NaiveDate, faults: &mut Vec<Fault>) {
    for (_, tip) in &drafts.tips {
        let Some(source) = &tip.value.source else {
            faults.push(Fault::error("source", &tip.spot, "say where its facts come from: [tip.source]"));
            continue;
        };
        let spot = at(drafts, tip, source);
        let entry = source.as_ref();
        let blank =
            |text: &Option<Spanned<String>>| text.as_ref().is_none_or(|t| t.as_ref().trim().is_empty());
        let fields = [
            ("organization", blank(&entry.organization)),
            ("title", blank(&entry.title)),
            ("url", blank(&entry.url)),
            ("year", entry.year.is_none()),
        ];
        for (field, _) in fields.into_iter().filter(|(_, missing)| *missing) {
            faults.push(Fault::error("source", &spot, format!("source.{field} is missing")));
        }
        if let Some(url) = &entry.url {
            let address = url.as_ref();
            if !is_link(address) {
                let message = format!("{address:?} is not an address of the form https://…");
                faults.push(Fault::error("link", &at(drafts, tip, url), message));
            }
        }
    }
}

/// `review`, `review-expired`.
pub fn reviews(drafts: &Drafts, today: NaiveDate, faults: &mut Vec<Fault>) {
    for (_, tip) in &drafts.tips {
        let state = tip.value.review.as_ref().and_then(|review| review.as_ref().state.as_ref());
        let (Some(review), Some(state)) = (&tip.value.review, state) else {
            faults.push(Fault::error(
                "review",
                &tip.spot,
                "say who stands for it: [tip.review] state = \"draft\"",
            ));
            continue;
        };
        let spot = at(drafts, tip, state);
        let entry = review.as_ref();
        match state.as_ref().as_str() {
            "draft" => {}
            "approved" => {
                let signed = entry.reviewer.as_ref().is_some_and(|name| !name.as_ref().trim().is_empty());
                if !signed || entry.reviewed_on.is_none() || entry.expires_on.is_none() {
                    let message = "an approved tip names its reviewer, reviewed_on and expires_on";
                    faults.push(Fault::error("review", &spot, message));
                }
                if entry.expires_on.as_ref().is_some_and(|on| date(on.as_ref()).is_none_or(|on| on < today)) {
                    let message = "the review has expired: the tip is not sent to the public any more";
                    faults.push(Fault::warning("review-expired", &spot, message));
                }
            }
            other => {
                let message = format!("{other:?} is no review state: draft or approved");
                faults.push(Fault::error("review", &spot, message));
            }
        }
    }
}

/// A whole address of a page, reached safely.
pub(super) fn is_link(address: &str) -> bool {
    url::Url::parse(address)
        .is_ok_and(|url| url.scheme() == "https" && url.host_str().is_some_and(|host| host.contains('.')))
}
