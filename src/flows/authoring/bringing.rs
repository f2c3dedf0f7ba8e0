//! Spreadsheets and translators' files come back: first it is told what each row would change, then whoever brought the
//! file says yes, and it lies on the desk like anything else that was written.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::writing::{changed, put, tried};
use super::{Desk, Refused, Sheet, look, sheet_of};
use crate::flows::Service;
use crate::flows::auditing::Actor;
use crate::flows::sheets::in_turn;
use crate::library::desk::Leaf;
use crate::library::exchange::{self, Damaged, Proposals, Shelf, Weighed};
use crate::library::{Field, Files};
use crate::store::desk;

/// What was brought and not taken over is forgotten after this.
const KEPT: TimeDelta = TimeDelta::days(1);

/// What a file would change.
pub struct Brought {
    /// By which it is taken over; none: it changes nothing that could be.
    pub id: Option<Uuid>,
    /// What each row comes to.
    pub weighed: Weighed,
    /// How many tips it would change.
    pub tips: usize,
}

/// A tip as a file would have it.
#[derive(Serialize, Deserialize)]
struct Offered {
    /// The mark of what it was weighed against; empty: it is new.
    seen: String,
    /// As it would be.
    leaf: String,
}

/// Weighs what a file proposes against the desk, and keeps what it would change. Tips of programs that `allowed` does
/// not name are left out.
pub async fn bring(
    service: &Service,
    by: &Actor,
    name: &str,
    propose: impl FnOnce(&Shelf) -> Result<Proposals, Damaged> + Send + 'static,
    allowed: &[String],
) -> Result<Brought, Refused> {
    let account = by.account.ok_or(Refused::NotNow)?;
    let (desk, today) = (look(service).await?, service.now().date_naive());
    let table = desk.table.clone();
    let weighed = in_turn(move || {
        let proposals = propose(&table.shelf)?;
        Ok::<_, Damaged>(exchange::weigh(&table.files, &table.shelf, proposals, today))
    })
    .await??;
    let offered = match &weighed.after {
        Some(after) => offers(&desk, after, allowed)?,
        None => Vec::new(),
    };
    let (id, tips) = (service.id(), offered.len());
    if tips == 0 {
        return Ok(Brought { id: None, weighed, tips });
    }
    let now = service.now();
    let kept = serde_json::to_string(&offered).unwrap_or_default();
    let mut tx = service.database.begin().await?;
    desk::bring(&mut tx, id, account, (now, now - KEPT), name, &kept).await?;
    tx.commit().await?;
    Ok(Brought { id: Some(id), weighed, tips })
}

/// The tips that files have otherwise than the desk. A signature is never brought: it is given here.
fn offers(desk: &Desk, after: &Files, allowed: &[String]) -> Result<Vec<Offered>, Refused> {
    let after = Shelf::new(after)?;
    let mut offered = Vec::new();
    for program in after.programs().into_iter().filter(|program| allowed.iter().any(|one| one == program)) {
        for tip in after.tips_of(program) {
            let stands = desk.table.shelf.tip(&tip.id).map(Leaf::of);
            let mut leaf = Leaf::of(tip);
            leaf.values.retain(|field, _| !field.is_signature());
            if let Some(stands) = &stands {
                let signature = stands.values.iter().filter(|(field, _)| field.is_signature());
                leaf.values.extend(signature.map(|(field, value)| (*field, value.clone())));
            } else {
                leaf.values.insert(Field::State, "draft".to_owned());
            }
            if stands.as_ref() != Some(&leaf) {
                let seen = stands.as_ref().map(Leaf::mark).unwrap_or_default();
                offered.push(Offered { seen, leaf: leaf.to_json() });
            }
        }
    }
    Ok(offered)
}

/// Puts on the desk what a file would change, all of it or nothing; gives how many tips. Every one of them must be of a
/// program that `allowed` names: rights are looked at again.
pub async fn take_over(
    service: &Service,
    by: &Actor,
    id: Uuid,
    allowed: &[String],
) -> Result<usize, Refused> {
    let account = by.account.ok_or(Refused::NotNow)?;
    let desk = look(service).await?;
    let mut tx = service.database.read().await?;
    let (whose, kept) = desk::brought(&mut tx, id).await?.ok_or(Refused::NotNow)?;
    if whose != account {
        return Err(Refused::Gone);
    }
    let offered: Vec<Offered> = serde_json::from_str(&kept).map_err(|_| Refused::Gone)?;
    let mut afters = Vec::new();
    for offer in &offered {
        let leaf = Leaf::from_json(&offer.leaf).ok_or(Refused::Gone)?;
        let sheet = weighed_against(desk::find(&mut tx, &leaf.tip).await?, &desk, &leaf, &offer.seen)?;
        if [&leaf.program, &sheet.now.program].into_iter().any(|program| !allowed.contains(program)) {
            return Err(Refused::NotTheirs);
        }
        // Whoever brought the file saw one side only.
        if sheet.conflict() {
            return Err(Refused::Conflict);
        }
        let stands = !offer.seen.is_empty();
        afters.push(if stands { changed(&desk, &sheet, leaf.change(Some(&sheet.now.flat()))) } else { leaf });
    }
    drop(tx);
    let count = afters.len();
    tried(&desk, &afters).await?;
    let mut tx = service.database.begin().await?;
    if !desk::taken_over(&mut tx, id).await? {
        return Err(Refused::NotNow);
    }
    for (offer, after) in offered.into_iter().zip(afters) {
        let sheet = weighed_against(desk::hold(&mut tx, &after.tip).await?, &desk, &after, &offer.seen)?;
        put(service, &mut tx, by, sheet, after).await?;
    }
    tx.commit().await?;
    Ok(count)
}

/// A tip that still is what an offer was weighed against.
fn weighed_against(row: Option<desk::Row>, desk: &Desk, leaf: &Leaf, seen: &str) -> Result<Sheet, Refused> {
    let found = sheet_of(row, desk, &leaf.tip);
    let stands = found.as_ref().map(|sheet| sheet.now.mark()).unwrap_or_default();
    let sheet = found.unwrap_or_else(|| Sheet::unwritten(Leaf::fresh(&leaf.program, &leaf.tip), None));
    if stands == seen { Ok(sheet) } else { Err(Refused::Overtaken(Box::new(sheet.now))) }
}
