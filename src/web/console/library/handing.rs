//! What becomes of a tip that was written: handed to the reviewers, taken back from them, or thrown away.

use axum::extract::{Path, State as Extracted};
use axum::response::{IntoResponse as _, Redirect, Response};
use uuid::Uuid;

use super::editing::Words;
use super::{reached, refused};
use crate::domain::role::Right;
use crate::flows::authoring::{self, Refused};
use crate::web::Site;
use crate::web::console::access::Signed;
use crate::web::console::form::Typed;
use crate::web::console::refusal::Refusal;

/// Takes what was written from the desk.
pub async fn discard(
    Extracted(site): Extracted<Site>,
    signed: Signed,
    Path(tip): Path<String>,
    typed: Typed,
) -> super::Shown {
    let desk = super::desk(&site).await?;
    let leaf = reached(&site, &signed, Right::Author, &desk, &tip).await?;
    let there = desk.table.shelf_before.tip(&tip).is_some();
    let done = authoring::discard(&site.service, &signed.actor(), &tip, typed.get("seen")).await;
    let back = match there {
        true => format!("/console/library/tips/{tip}"),
        false => format!("/console/library?{}", super::query(&[("program", &leaf.program)])),
    };
    let back = if done.is_ok() { back } else { format!("/console/library/tips/{tip}") };
    told(&signed, done, Words::of(signed.tongue).discarded, &back).await
}

/// Gives it to be reviewed.
pub async fn submit(
    Extracted(site): Extracted<Site>,
    signed: Signed,
    Path(tip): Path<String>,
    typed: Typed,
) -> super::Shown {
    let desk = super::desk(&site).await?;
    reached(&site, &signed, Right::Author, &desk, &tip).await?;
    let reviewer = Uuid::parse_str(typed.get("reviewer")).ok();
    let read = (tip.as_str(), typed.get("seen"));
    let done = authoring::submit(&site.service, &signed.actor(), read, typed.get("words"), reviewer).await;
    let back = format!("/console/library/tips/{tip}");
    told(&signed, done, Words::of(signed.tongue).submitted, &back).await
}

/// Takes it back from the reviewers.
pub async fn withdraw(
    Extracted(site): Extracted<Site>,
    signed: Signed,
    Path(tip): Path<String>,
    _: Typed,
) -> super::Shown {
    let desk = super::desk(&site).await?;
    reached(&site, &signed, Right::Author, &desk, &tip).await?;
    let done = authoring::withdraw(&site.service, &signed.actor(), &tip).await;
    let back = format!("/console/library/tips/{tip}");
    told(&signed, done, Words::of(signed.tongue).withdrawn, &back).await
}

/// Says what came of something on the page that it leads to.
async fn told(signed: &Signed, done: Result<(), Refused>, well: &str, to: &str) -> Result<Response, Refusal> {
    let notice = match done {
        Ok(()) => well.to_owned(),
        Err(why) => refused::told(signed.tongue, why)?,
    };
    signed.tell(&notice).await?;
    Ok(Redirect::to(to).into_response())
}
