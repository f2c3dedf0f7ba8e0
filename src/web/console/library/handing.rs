//! What becomes of a tip that was written: handed to the reviewers, taken back from them, or thrown away.

use axum::extract::{Path, State as Extracted};
use axum::response::{IntoResponse as _, Redirect, Response};

use super::editing::Words;
use super::tip::Again;
use super::{allowed, reached, refused};
use crate::domain::role::Right;
use crate::flows::authoring::{self, Refused};
use crate::web::Site;
use crate::web::console::access::Signed;
use crate::web::console::form::Typed;
use crate::web::console::refusal::Refusal;
use crate::web::console::review::people::{self, reviewers};

/// Takes what was written from the desk. It is asked for by what is kept there alone: what cannot be laid over the
/// edition, or not even be read, can be thrown away as well.
pub async fn discard(
    Extracted(site): Extracted<Site>,
    signed: Signed,
    Path(tip): Path<String>,
    typed: Typed,
) -> super::Shown {
    let standing = authoring::standing(&site.service, &tip).await?;
    let page = format!("/console/library/tips/{tip}");
    let back = match &standing {
        Some(standing) => {
            allowed(&site, &signed, Right::Author, &standing.program, &tip).await?;
            let grid = format!("/console/library?{}", super::query(&[("program", &standing.program)]));
            if standing.base_mark.is_some() { page.clone() } else { grid }
        }
        None => {
            let desk = super::desk(&site).await?;
            reached(&site, &signed, Right::Author, &desk, &tip).await?;
            page.clone()
        }
    };
    let done = authoring::discard(&site.service, &signed.actor(), &tip, typed.get("seen")).await;
    let back = if done.is_ok() { back } else { page };
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
    let leaf = reached(&site, &signed, Right::Author, &desk, &tip).await?;
    let (tongue, words) = (signed.tongue, Words::of(signed.tongue));
    let people = reviewers(&site, &leaf.program).await?;
    let mut again = Again { typed, ..Again::default() };
    let no_reviewer = super::tip::Words::of(tongue).no_reviewer;
    let Ok(reviewer) = people::chosen(&people, again.typed.get("reviewer")) else {
        again.faults.add("reviewer", no_reviewer);
        return super::tip::again(&site, &signed, tip, again).await;
    };
    let (read, reviewer) = ((tip.as_str(), again.typed.get("seen")), reviewer.map(|person| person.id));
    let said = again.typed.get("words");
    match authoring::submit(&site.service, &signed.actor(), read, said, reviewer).await {
        Ok(()) => {
            signed.tell(words.submitted).await?;
            return Ok(Redirect::to(&format!("/console/library/tips/{tip}")).into_response());
        }
        Err(Refused::Own) => again.faults.add("reviewer", no_reviewer),
        Err(Refused::Lengthy) => again.faults.add("words", refused::told(tongue, Refused::Lengthy)?),
        Err(why) => again.caution = Some(refused::told(tongue, why)?),
    }
    super::tip::again(&site, &signed, tip, again).await
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
