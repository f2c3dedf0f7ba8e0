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

fn its_page(id: Uuid) -> Shown {
    Ok(Redirect::to(&format!("/console/broadcasts/{id}")).into_response())
}

async fn refuse(site: &Site, signed: &Signed, id: Uuid, typed: Typed, refused: NotDone) -> Shown {
    match refused {
        NotDone::Store(error) => Err(error.into()),
        refused => again(site, signed, id, Tried { typed, refused: Some(refused) }).await,
    }
}

fn confirmed(typed: &Typed) -> Confirmed {
    Confirmed {
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
    match broadcasting::count_anew(&site.service, id).await {
        Ok(()) => its_page(id),
        Err(refused) => refuse(&site, &signed, id, typed, refused).await,
    }
}

pub(super) async fn confirm(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Uuid>,
    typed: Typed,
) -> Shown {
    reach(&site, &signed, id).await?;
    let above = site.console.approve_above;
    match broadcasting::submit(&site.service, id, confirmed(&typed), above, &signed.actor()).await {
        Ok(done) => {
            let words = Words::of(signed.tongue);
            let said = if done == Submitted::Sending { words.done_sending } else { words.done_waiting };
            signed.tell(said).await?;
            its_page(id)
        }
        Err(refused) => refuse(&site, &signed, id, typed, refused).await,
    }
}

pub(super) async fn approve(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Uuid>,
    typed: Typed,
) -> Shown {
    reach(&site, &signed, id).await?;
    match broadcasting::approve(&site.service, id, confirmed(&typed), &signed.actor()).await {
        Ok(()) => {
            signed.tell(Words::of(signed.tongue).done_sending).await?;
            its_page(id)
        }
        Err(refused) => refuse(&site, &signed, id, typed, refused).await,
    }
}

pub(super) async fn withdraw(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Uuid>,
    typed: Typed,
) -> Shown {
    reach(&site, &signed, id).await?;
    match broadcasting::withdraw(&site.service, id, &signed.actor()).await {
        Ok(()) => {
            signed.tell(Words::of(signed.tongue).done_withdrawn).await?;
            its_page(id)
        }
        Err(refused) => refuse(&site, &signed, id, typed, refused).await,
    }
}

/// One press: in an emergency there is no time to be asked again.
pub(super) async fn stop(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Uuid>,
    typed: Typed,
) -> Shown {
    let broadcast = reach(&site, &signed, id).await?;
    if !broadcast.is_begun() {
        let refused = NotDone::State(broadcast.state);
        return refuse(&site, &signed, id, typed, refused).await;
    }
    let stopped = broadcasting::halt(&site.service, id, &signed.actor()).await?;
    let words = Words::of(signed.tongue);
    signed.tell(if stopped { words.done_stopped } else { words.was_stopped }).await?;
    its_page(id)
}
