//! Spreadsheets and translators' files come back: first it is told what each row would change, then whoever brought the
//! file says yes, and it lies on the desk like anything else that was written.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::writing::{changed, put};
use super::{Desk, Refused, apart, held, look};
use crate::flows::Service;
use crate::flows::auditing::Actor;
use crate::library::desk::Leaf;
use crate::library::exchange::{self, Proposals, Shelf, Weighed};
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
    propose: impl FnOnce(&Shelf) -> Result<Proposals, String> + Send + 'static,
    allowed: &[String],
) -> Result<Brought, Refused> {
    let account = by.account.ok_or(Refused::NotNow)?;
    let (desk, today) = (look(service).await?, service.now().date_naive());
    let table = desk.table.clone();
    let weighed = apart(move || {
        let proposals = propose(&table.shelf)?;
        Ok::<_, String>(exchange::weigh(&table.files, &table.shelf, proposals, today))
    })
    .await?
    .map_err(Refused::Unchangeable)?;
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

/// The name of the file that an account brought under this id.
pub async fn brought(service: &Service, by: &Actor, id: Uuid) -> Result<Option<String>, Refused> {
    let mut tx = service.database.read().await?;
    let Some(account) = by.account else { return Ok(None) };
    Ok(desk::brought(&mut tx, id, account).await?.map(|(name, _)| name))
}

/// Puts on the desk what a file would change, all of it or nothing; gives how many tips.
pub async fn take_over(service: &Service, by: &Actor, id: Uuid) -> Result<usize, Refused> {
    let account = by.account.ok_or(Refused::NotNow)?;
    let desk = look(service).await?;
    let mut tx = service.database.begin().await?;
    let (_, kept) = desk::brought(&mut tx, id, account).await?.ok_or(Refused::Gone)?;
    let offered: Vec<Offered> = serde_json::from_str(&kept).map_err(|_| Refused::Gone)?;
    let mut count = 0;
    for offer in offered {
        let leaf = Leaf::from_json(&offer.leaf).ok_or(Refused::Gone)?;
        let sheet = match held(&mut tx, &desk, &leaf.tip).await {
            Ok(sheet) => sheet,
            Err(Refused::Gone) => super::Sheet {
                now: Leaf::fresh(&leaf.program, &leaf.tip),
                edition: None,
                base: None,
                standing: None,
            },
            Err(other) => return Err(other),
        };
        let stands = sheet.standing.is_some() || sheet.edition.is_some();
        let mark = if stands { sheet.now.mark() } else { String::new() };
        if mark != offer.seen {
            return Err(Refused::Overtaken(Box::new(sheet.now)));
        }
        let after = if stands { changed(&desk, &sheet, leaf.change(Some(&sheet.now.flat()))) } else { leaf };
        put(service, &mut tx, &desk, by, sheet, after).await?;
        count += 1;
    }
    desk::taken_over(&mut tx, id).await?;
    tx.commit().await?;
    Ok(count)
}
