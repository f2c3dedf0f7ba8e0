//! What is done with an item: taken, answered, handed on, closed. Each is one flow; what it refuses is said on the item's
//! page, which keeps what was typed.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use uuid::Uuid;

use super::fields::{Read, Typing};
use super::item::{again, kept, reach};
use super::words::{self, Words};
use crate::domain::wording::{MOST_SEGMENTS, Unfit, fit};
use crate::flows::answering::{self, Refused, Why};
use crate::store::helps::Item;
use crate::store::saved_replies;
use crate::web::Site;
use crate::web::console::Shown;
use crate::web::console::access::Signed;
use crate::web::console::form::{Faults, Typed};
use crate::web::console::tongue::{Tongue, fill};

const LIST: &str = "/console/inbox";

fn to(place: &str) -> Shown {
    Ok(Redirect::to(place).into_response())
}

/// It is done, and said in the list.
async fn done(signed: &Signed, said: &str) -> Shown {
    signed.tell(said).await?;
    to(LIST)
}

/// Its page after something was done that ends nothing. Where more was typed than that, it is still there.
async fn its_page(site: &Site, signed: &Signed, id: Uuid, typed: Typed) -> Shown {
    let typing = Typing::of(typed);
    if typing.is_written() { kept(site, signed, id, typing).await } else { to(&format!("{LIST}/{id}")) }
}

/// The page again, with what was refused.
async fn refuse(site: &Site, signed: &Signed, id: Uuid, typed: Typed, refused: Refused) -> Shown {
    if let Refused::Store(error) = refused {
        return Err(error.into());
    }
    again(site, signed, id, Typing { refused: Some(refused), ..Typing::of(typed) }).await
}

/// The page again, with what is wrong.
async fn faulty(site: &Site, signed: &Signed, id: Uuid, typed: Typed, faults: Faults) -> Shown {
    again(site, signed, id, Typing { faults, ..Typing::of(typed) }).await
}

pub(super) async fn take(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Uuid>,
    typed: Typed,
) -> Shown {
    reach(&site, &signed, id).await?;
    let from = Uuid::parse_str(typed.get("from")).ok();
    match answering::take(&site.service, id, from, &signed.actor()).await {
        Ok(()) => its_page(&site, &signed, id, typed).await,
        Err(refused) => refuse(&site, &signed, id, typed, refused).await,
    }
}

/// Somebody types: it stays theirs.
pub(super) async fn here(State(site): State<Site>, signed: Signed, Path(id): Path<Uuid>, _: Typed) -> Shown {
    reach(&site, &signed, id).await?;
    answering::keep(&site.service, id, &signed.actor()).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

pub(super) async fn put_back(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Uuid>,
    typed: Typed,
) -> Shown {
    reach(&site, &signed, id).await?;
    match answering::put_back(&site.service, id, &signed.actor()).await {
        Ok(()) => done(&signed, Words::of(signed.tongue).done_back).await,
        Err(refused) => refuse(&site, &signed, id, typed, refused).await,
    }
}

/// What is wrong with words that are to go out.
pub(in crate::web::console) fn unfit(tongue: Tongue, fault: Unfit) -> String {
    let words = Words::of(tongue);
    match fault {
        Unfit::Empty => words.no_words.to_owned(),
        Unfit::Placeholder => fill(words.no_placeholder, &[("braces", "{…}")]),
        Unfit::TooLong(segments) => {
            let (segments, most) = (segments.to_string(), MOST_SEGMENTS.to_string());
            fill(words.too_long, &[("n", &segments), ("most", &most)])
        }
    }
}

pub(super) async fn answer(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Uuid>,
    mut typed: Typed,
) -> Shown {
    let item = reach(&site, &signed, id).await?;
    if typed.get("do") == "insert" {
        let mut tx = site.service.database.read().await?;
        let saved = saved_replies::of(&mut tx, &item.program, item.language).await?;
        drop(tx);
        let chosen = saved.into_iter().find(|one| one.id.to_string() == typed.get("reply"));
        let joined = format!("{}\n{}", typed.get("words"), chosen.map(|one| one.body).unwrap_or_default());
        typed.set("words", joined.trim());
        return again(&site, &signed, id, Typing::of(typed)).await;
    }
    let words = match fit(typed.get("words")) {
        Ok(words) => words.to_owned(),
        Err(fault) => {
            let mut faults = Faults::default();
            faults.add("words", unfit(signed.tongue, fault));
            return faulty(&site, &signed, id, typed, faults).await;
        }
    };
    let sent = send(&site, &signed, &item, &words, Read::of(&typed)).await;
    match sent {
        Ok(()) => done(&signed, Words::of(signed.tongue).done_answered).await,
        // Sent twice, it went once.
        Err(Refused::Ended(..))
            if answering::is_answered(&site.service.database, id, &words, &signed.actor()).await? =>
        {
            done(&signed, Words::of(signed.tongue).done_answered).await
        }
        Err(refused) => refuse(&site, &signed, id, typed, refused).await,
    }
}

/// Answers what was read, and nothing that came after it.
async fn send(
    site: &Site,
    signed: &Signed,
    item: &Item,
    words: &str,
    read: Option<Read>,
) -> Result<(), Refused> {
    let prepared = answering::prepare(&site.service, item, words).await?;
    if read.is_none_or(|read| read.last_at != prepared.item.last_at) {
        return Err(Refused::WroteAgain);
    }
    answering::answer(&site.service, &prepared, &signed.actor()).await
}

pub(super) async fn note(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Uuid>,
    mut typed: Typed,
) -> Shown {
    reach(&site, &signed, id).await?;
    let mut faults = Faults::default();
    if typed.get("note").is_empty() {
        faults.add("note", Words::of(signed.tongue).no_remark);
        return faulty(&site, &signed, id, typed, faults).await;
    }
    match answering::note(&site.service, id, typed.get("note"), &signed.actor()).await {
        Ok(()) => {
            typed.set("note", "");
            its_page(&site, &signed, id, typed).await
        }
        Err(refused) => refuse(&site, &signed, id, typed, refused).await,
    }
}

pub(super) async fn hand_on(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Uuid>,
    typed: Typed,
) -> Shown {
    reach(&site, &signed, id).await?;
    let words = Words::of(signed.tongue);
    let mut faults = Faults::default();
    let person = Uuid::parse_str(typed.get("to")).ok();
    if person.is_none() {
        faults.add("to", words.no_person);
    }
    if typed.get("hand-note").is_empty() {
        faults.add("hand-note", words.no_remark);
    }
    let Some(person) = person.filter(|_| faults.is_empty()) else {
        return faulty(&site, &signed, id, typed, faults).await;
    };
    let handed = (person, typed.get("hand-note"));
    match answering::hand_on(&site.service, id, handed, &signed.actor()).await {
        Ok(person) => done(&signed, &fill(words.done_handed, &[("name", &person.name)])).await,
        Err(Refused::NotTheirs) => {
            faults.add("to", words.no_person);
            faulty(&site, &signed, id, typed, faults).await
        }
        Err(refused) => refuse(&site, &signed, id, typed, refused).await,
    }
}

pub(super) async fn close(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Uuid>,
    typed: Typed,
) -> Shown {
    reach(&site, &signed, id).await?;
    let words = Words::of(signed.tongue);
    let mut faults = Faults::default();
    let (why, remark) = (Why::named(typed.get("why")), typed.get("close-note").to_owned());
    if why.is_none() {
        faults.add("why", words.no_why);
    }
    if why == Some(Why::Other) && remark.is_empty() {
        faults.add("close-note", words.no_remark);
    }
    if !faults.is_empty() {
        return faulty(&site, &signed, id, typed, faults).await;
    }
    // They close what they have read, and nothing that came after it.
    let Some(read) = Read::of(&typed) else {
        return refuse(&site, &signed, id, typed, Refused::WroteAgain).await;
    };
    let (service, by) = (&site.service, signed.actor());
    match answering::close(service, (id, read.last_at), (why, &remark), &by).await {
        Ok(()) => done(&signed, words.done_closed).await,
        Err(Refused::Ended(..)) if answering::is_closed(&service.database, id, why, &by).await? => {
            done(&signed, words.done_closed).await
        }
        Err(refused) => refuse(&site, &signed, id, typed, refused).await,
    }
}

/// Why a saved reply was not kept, in plain words, and at which field.
pub(super) fn not_kept(tongue: Tongue, refused: &answering::saved::NotKept) -> (&'static str, String) {
    use answering::saved::{LONGEST_TITLE, NotKept};
    let words = super::saved::Words::of(tongue);
    match refused {
        NotKept::Title => ("title", fill(words.no_title, &[("most", &LONGEST_TITLE.to_string())])),
        NotKept::Called => ("title", words.called.to_owned()),
        NotKept::Unfit(fault) => ("words", unfit(tongue, *fault)),
        NotKept::Language => ("for", words.no_language.to_owned()),
        NotKept::Gone | NotKept::Store(_) => ("words", words::Words::of(tongue).nothing.to_owned()),
    }
}
