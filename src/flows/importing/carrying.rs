//! What is done with a list once it is checked: the good ones enrolled, each once; or all of it forgotten.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::consents::kept;
use super::judging::no_yes;
use super::verdict::{Note, Verdict};
use crate::domain::conversation::Guide as _;
use crate::domain::gestation::Anchor;
use crate::domain::phone::PhoneNumber;
use crate::domain::plan::Reader;
use crate::flows::auditing::{self, Actor, Object};
use crate::flows::enrolling::{Consent, Welcome, Wish, enroll_in};
use crate::flows::{Bell, Service};
use crate::ids::first_at;
use crate::store::StoreResult;
use crate::store::failure::is_no_fault;
use crate::store::imports::{self, Beginner, Import, Row};

/// A list that nobody had enrolled is kept so long, one that was enrolled the longer time.
const KEPT_UNBEGUN: TimeDelta = TimeDelta::days(7);
const KEPT: TimeDelta = TimeDelta::days(30);

/// What came of having a list enrolled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begun {
    /// It is begun.
    Now,
    /// Somebody had it enrolled before.
    Before,
    /// The list is gone.
    Gone,
}

/// Has the good rows of a list enrolled by somebody; `mine` are the programs whose women they may know of.
pub async fn begin(service: &Service, import: &Import, by: &Actor, mine: &[String]) -> StoreResult<Begun> {
    let mut tx = service.database.begin().await?;
    let reach = serde_json::to_string(mine).unwrap_or_default();
    let beginner = Beginner { name: &by.name, account: by.account, reach: &reach };
    if imports::begin(&mut tx, import.id, &beginner, service.now()).await? {
        let detail = import.id.to_string();
        auditing::note(service, &mut tx, by, "import", Object::program(&import.program), &detail).await?;
        tx.commit().await?;
        return Ok(Begun::Now);
    }
    let there = imports::find(&mut tx, import.id).await?.is_some();
    Ok(if there { Begun::Before } else { Begun::Gone })
}

/// Forgets a list that nobody is being enrolled from.
pub async fn discard(service: &Service, import: &Import, by: &Actor) -> StoreResult<bool> {
    let mut tx = service.database.begin().await?;
    match imports::hold(&mut tx, import.id).await? {
        Some(now) if now.state != imports::ENROLLING => {}
        _ => return Ok(false),
    }
    imports::forget(&mut tx, import.id).await?;
    let detail = import.id.to_string();
    auditing::note(service, &mut tx, by, "import forgotten", Object::program(&import.program), &detail)
        .await?;
    tx.commit().await?;
    Ok(true)
}

/// Whether any list is being enrolled.
pub async fn goes_on(service: &Service) -> StoreResult<bool> {
    let mut tx = service.database.read().await?;
    Ok(imports::going(&mut tx).await?.is_some())
}

/// Enrolls some more of the list that is first in line; gives how much was done, 0 when none is.
pub async fn carry_on(service: &Service, most: i64) -> StoreResult<usize> {
    let mut tx = service.database.read().await?;
    let going = imports::going(&mut tx).await?;
    drop(tx);
    let Some(import) = going else { return Ok(0) };
    // A database that is away, or a row that somebody else holds, is no fault of any woman's: the same is tried again.
    match some(service, import, most, &mut None).await {
        Err(error) if is_no_fault(&error) => return Err(error),
        Err(_) => {}
        done => return done,
    }
    // One of them breaks it: each goes by itself, and that one is left to a person.
    let mut at = None;
    match some(service, import, 1, &mut at).await {
        Err(error) if is_no_fault(&error) => Err(error),
        Err(error) => match at {
            Some(place) => {
                tracing::error!(%error, %import, place, "a row of a list breaks its enrolling: set aside");
                set_aside(service, import, place).await
            }
            None => Err(error),
        },
        done => done,
    }
}

/// Enrolls so many rows in a transaction; `at` is the place of the one that it was at when it broke.
async fn some(service: &Service, id: Uuid, most: i64, at: &mut Option<i32>) -> StoreResult<usize> {
    let mut tx = service.database.begin().await?;
    // Held: of two processes that carry on, one waits, and then finds the other's work done.
    let Some(import) = imports::hold(&mut tx, id).await?.filter(|now| now.state == imports::ENROLLING) else {
        return Ok(1);
    };
    let rows = imports::waiting(&mut tx, id, most).await?;
    if rows.is_empty() {
        imports::end(&mut tx, id, service.now()).await?;
        tx.commit().await?;
        return Ok(1);
    }
    let by = enroller(&import);
    let mine = reach(&import);
    for row in &rows {
        *at = Some(row.place);
        let notes = Note::all_from_json(&row.notes);
        // What an older version took for a yes, or somebody's words that are weighed more carefully by now.
        let no_yes = no_yes(kept(&row.agreed_how), &row.agreed_how);
        let (refused, her) = match (no_yes, wish(service, &import, row)) {
            (Some(note), _) => (Some(note), None),
            (None, None) => (Some(Note::plain(Verdict::NumberUnread)), None),
            (None, Some((wish, consent))) => {
                match enroll_in(service, &mut tx, &wish, &consent, (&by, &mine), Welcome::InWindow).await? {
                    Ok(her) => (None, Some(her)),
                    Err(refused) => {
                        if let Some(her) = refused.her() {
                            let her = Object::mother(her, Some(&import.program));
                            auditing::note(service, &mut tx, &by, "enroll refused", her, refused.name())
                                .await?;
                        }
                        (Some(Note::plain(Verdict::of(&refused))), refused.her())
                    }
                }
            }
        };
        let verdict = refused.as_ref().map_or(Verdict::Enrolled.name(), |note| &*note.0).to_owned();
        let notes: Vec<Note> = refused.into_iter().chain(notes).collect();
        let settled = (&*verdict, &*Note::all_to_json(&notes));
        imports::settle(&mut tx, id, row.place, settled, her).await?;
    }
    tx.commit().await?;
    service.bells.ring(Bell::Outbound);
    Ok(rows.len())
}

/// Who enrolls them: whoever said so. Of lists begun by an older version only who brought them was kept.
fn enroller(import: &Import) -> Actor {
    match &import.began_by {
        Some(name) => Actor { name: name.clone(), account: import.began_account },
        None => bringer(import),
    }
}

fn bringer(import: &Import) -> Actor {
    Actor { name: import.made_by.clone(), account: import.account_id }
}

/// Of which programs' women a row may tell: those that whoever has them enrolled may know of, and no others than the list
/// was checked for, since what is told then stands beside what is told now.
fn reach(import: &Import) -> Vec<String> {
    let of = |json: &str| -> Vec<String> { serde_json::from_str(json).unwrap_or_default() };
    let mut reach = of(&import.reach);
    if let Some(began) = &import.began_reach {
        let began = of(began);
        reach.retain(|program| began.contains(program));
    }
    reach
}

/// A row that breaks is left to a person; if it was enrolled meanwhile by another process, it stays so.
async fn set_aside(service: &Service, id: Uuid, place: i32) -> StoreResult<usize> {
    let mut tx = service.database.begin().await?;
    imports::hold(&mut tx, id).await?;
    let notes = Note::all_to_json(&[Note::plain(Verdict::Broke)]);
    imports::settle(&mut tx, id, place, (Verdict::Broke.name(), &notes), None).await?;
    tx.commit().await?;
    Ok(1)
}

/// What a row asks for.
fn wish(service: &Service, import: &Import, row: &Row) -> Option<(Wish, Consent)> {
    let edition = service.shelf.edition();
    let date = row.anchor_date?;
    let anchor =
        if row.anchor_kind.as_deref() == Some("born") { Anchor::Born(date) } else { Anchor::Due(date) };
    let place = Some(&row.lives_in).filter(|place| !place.is_empty());
    let wish = Wish {
        program: import.program.clone(),
        language: row.language.parse().ok()?,
        phone: PhoneNumber::from_e164(row.phone.clone()?)?,
        anchor,
        place: place.and_then(|place| edition.library.place(&import.program, place)),
        reader: Reader::named(&row.reader).unwrap_or(Reader::Mother),
        partner: row.partner.clone(),
    };
    let consent = Consent {
        read: None,
        answered: row.agreed_how.clone(),
        how: format!("a list brought in, row {}: {}", row.place, row.agreed_how),
        on: row.agreed_on,
        vouched: Some(bringer(import)),
    };
    Some((wish, consent))
}

/// Forgets the list that is too old to be kept, if there is one; gives how many.
pub async fn forget_old(service: &Service, now: DateTime<Utc>) -> StoreResult<u64> {
    let mut tx = service.database.begin().await?;
    let old = match imports::oldest(&mut tx, first_at(now - KEPT), false).await? {
        None => imports::oldest(&mut tx, first_at(now - KEPT_UNBEGUN), true).await?,
        old => old,
    };
    let Some(old) = old else { return Ok(0) };
    imports::forget(&mut tx, old).await?;
    tx.commit().await?;
    Ok(1)
}
