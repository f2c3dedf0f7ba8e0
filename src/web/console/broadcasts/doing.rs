//! What is decided about a broadcast: counted anew, confirmed, approved, given up, stopped.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect};
use uuid::Uuid;

use super::reach;
use super::show::{Tried, again};
use super::words::Words;
use crate::flows::broadcasting::{self, Confirmed, NotDone, Submitted};
use crate::web::Site;
use crate::web::console::Shown;
use crate::web::console::access::Signed;
use crate::web::console::form::Typed;

/// Its page again: with what was done, or with what was refused.
async fn ended(
    site: &Site,
    signed: &Signed,
    id: Uuid,
    typed: Typed,
    done: Result<Option<&'static str>, NotDone>,
) -> Shown {
    match done {
        Ok(said) => {
            if let Some(said) = said {
                signed.tell(said).await?;
            }
            Ok(Redirect::to(&format!("/console/broadcasts/{id}")).into_response())
        }
        Err(NotDone::Store(error)) => Err(error.into()),
        Err(refused) => again(site, signed, id, Tried { typed, refused: Some(refused) }).await,
    }
}

fn confirmed(typed: &Typed) -> Confirmed<'_> {
    Confirmed {
        shown: typed.get("shown"),
        people: typed.get("people").parse().unwrap_or(-1),
        emergency: typed.is("emergency"),
        again: typed.is("again"),
    }
}

pub(super) async fn count(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Uuid>,
    typed: Typed,
) -> Shown {
    reach(&site, &signed, id).await?;
    let done = broadcasting::count_anew(&site.service, id).await.map(|()| None);
    ended(&site, &signed, id, typed, done).await
}

pub(super) async fn confirm(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Uuid>,
    typed: Typed,
) -> Shown {
    reach(&site, &signed, id).await?;
    let (words, above) = (Words::of(signed.tongue), site.console.approve_above);
    let done = broadcasting::submit(&site.service, id, confirmed(&typed), above, &signed.actor()).await;
    let done = done.map(|done| match done {
        Submitted::Sending => Some(words.done_sending),
        Submitted::Waiting => Some(words.done_waiting),
    });
    ended(&site, &signed, id, typed, done).await
}

pub(super) async fn approve(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Uuid>,
    typed: Typed,
) -> Shown {
    reach(&site, &signed, id).await?;
    let words = Words::of(signed.tongue);
    let done = broadcasting::approve(&site.service, id, confirmed(&typed), &signed.actor()).await;
    ended(&site, &signed, id, typed, done.map(|()| Some(words.done_sending))).await
}

pub(super) async fn withdraw(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Uuid>,
    typed: Typed,
) -> Shown {
    reach(&site, &signed, id).await?;
    let words = Words::of(signed.tongue);
    let done = broadcasting::withdraw(&site.service, id, &signed.actor()).await;
    ended(&site, &signed, id, typed, done.map(|()| Some(words.done_withdrawn))).await
}

/// One press: in an emergency there is no time to be asked again.
pub(super) async fn stop(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Uuid>,
    typed: Typed,
) -> Shown {
    let broadcast = reach(&site, &signed, id).await?;
    let words = Words::of(signed.tongue);
    let done = if broadcast.is_begun() {
        let stopped = broadcasting::halt(&site.service, id, &signed.actor()).await?;
        Ok(Some(if stopped { words.done_stopped } else { words.was_stopped }))
    } else {
        Err(NotDone::State(broadcast.state))
    };
    ended(&site, &signed, id, typed, done).await
}
