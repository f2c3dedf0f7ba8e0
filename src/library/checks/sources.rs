//! Checks over where the facts of a tip or a question come from.

use chrono::NaiveDate;
use toml::Spanned;

use crate::library::fault::{Fault, Spot};
use crate::library::format::{Drafts, SourceEntry};

/// `source`, `link`: of every tip.
pub fn sources(drafts: &Drafts, _: NaiveDate, faults: &mut Vec<Fault>) {
    for (_, tip) in &drafts.tips {
        source(drafts, &tip.spot, tip.value.source.as_ref(), faults);
    }
}

/// The same of one tip or question, which begins at `owner`.
pub fn source(drafts: &Drafts, owner: &Spot, source: Option<&Spanned<SourceEntry>>, faults: &mut Vec<Fault>) {
    let Some(source) = source else {
        let message = "say where its facts come from: a table source with organization, title, url and year";
        faults.push(Fault::error("source", owner, message));
        return;
    };
    let spot = drafts.spot(&owner.file, source.span());
    let entry = source.as_ref();
    let blank = |text: &Option<Spanned<String>>| text.as_ref().is_none_or(|t| t.as_ref().trim().is_empty());
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
            faults.push(Fault::error("link", &drafts.spot(&owner.file, url.span()), message));
        }
    }
}

/// A whole address of a page, reached safely.
pub(super) fn is_link(address: &str) -> bool {
    url::Url::parse(address)
        .is_ok_and(|url| url.scheme() == "https" && url.host_str().is_some_and(|host| host.contains('.')))
}
