//! A tip is written: opened, changed, taken back.

use chrono::{DateTime, NaiveDate, Utc};

use super::{AT_IT, Desk, Progress, Refused, Sheet, held, look, row, writers};
use crate::flows::Service;
use crate::flows::auditing::{self, Actor, Object};
use crate::library::desk::Leaf;
use crate::library::edit::{self, Change};
use crate::library::{Field, FieldKind};
use crate::store::desk;
use crate::store::{StoreResult, Tx};

/// What became of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Saved {
    /// It lies on the desk.
    OnDesk,
    /// It says what stood there already.
    Same,
}

/// Notes that somebody has a tip's form open; gives who else has.
pub async fn open(service: &Service, tip: &str, by: &Actor) -> StoreResult<Vec<(String, DateTime<Utc>)>> {
    let Some(account) = by.account else { return Ok(Vec::new()) };
    let now = service.now();
    let mut tx = service.database.begin().await?;
    desk::open(&mut tx, tip, account, &by.name, now).await?;
    let others = desk::opened(&mut tx, tip, account, now - AT_IT).await?;
    tx.commit().await?;
    Ok(others)
}

/// Who else has a tip's form open.
pub async fn others(service: &Service, tip: &str, by: &Actor) -> StoreResult<Vec<(String, DateTime<Utc>)>> {
    let Some(account) = by.account else { return Ok(Vec::new()) };
    let mut tx = service.database.read().await?;
    desk::opened(&mut tx, tip, account, service.now() - AT_IT).await
}

/// Notes that somebody is done with it.
pub async fn close(service: &Service, tip: &str, by: &Actor) -> StoreResult<()> {
    let Some(account) = by.account else { return Ok(()) };
    let mut tx = service.database.begin().await?;
    desk::close(&mut tx, tip, account).await?;
    tx.commit().await
}

/// Changes a tip. `seen` is the mark of the tip that whoever changes it has read: where it is another by now, nothing is
/// changed, and they get what stands there. What follows from a change of words follows ([`Change::settled`]); and a
/// tip that somebody signed on the desk is to be signed anew, whatever of it changed.
pub async fn save(service: &Service, by: &Actor, change: Change, seen: &str) -> Result<Saved, Refused> {
    let desk = look(service).await?;
    let mut tx = service.database.begin().await?;
    let sheet = held(&mut tx, &desk, &change.tip).await?;
    if sheet.now.mark() != seen {
        return Err(Refused::Overtaken(Box::new(sheet.now)));
    }
    // Whoever looked at both sides has settled what an edition changed meanwhile.
    let settles = sheet.conflict();
    let after = changed(&desk, &sheet, change);
    if after == sheet.now && !settles {
        return Ok(Saved::Same);
    }
    put(service, &mut tx, &desk, by, sheet, after).await?;
    tx.commit().await?;
    Ok(Saved::OnDesk)
}

/// A tip as it becomes by a change, with what follows.
pub(super) fn changed(desk: &Desk, sheet: &Sheet, change: Change) -> Leaf {
    let languages = desk.table.shelf_before.languages(&sheet.now.program).unwrap_or_default();
    sheet.now.with(&change.settled(&sheet.now.flat(), languages))
}

/// Puts a tip on the desk as it is to be from here on; takes it from there where it says what the edition says.
pub(super) async fn put(
    service: &Service,
    tx: &mut Tx,
    desk: &Desk,
    by: &Actor,
    sheet: Sheet,
    after: Leaf,
) -> Result<(), Refused> {
    sound(desk, &after)?;
    let trial = after.change(desk.table.shelf_before.tip(&after.tip));
    edit::apply(&desk.table.before, &desk.table.shelf_before, &[&trial])
        .map_err(|fault| Refused::Unchangeable(fault.message))?;
    let (tip, program) = (after.tip.clone(), after.program.clone());
    // What somebody signed, somebody stands for: only who writes from here on may not sign.
    let signed = sheet.progress() == Some(Progress::Approved);
    let mut hands = sheet.standing.as_ref().filter(|_| !signed).map(writers).unwrap_or_default();
    hands.extend(by.account);
    let sheet = match sheet.conflict() {
        // What they saw is what they began from now.
        true => Sheet { standing: None, now: after, ..sheet },
        false => Sheet { now: after, ..sheet },
    };
    if sheet.edition.as_ref() == Some(&sheet.now) {
        desk::take(tx, &tip).await?;
    } else {
        let mut row = row(&sheet, Progress::Writing, &hands, by, service.now());
        row.standing.submitted_at = None;
        desk::put(tx, &row).await?;
    }
    auditing::note(service, tx, by, "write tip", Object::program(&program), &tip).await?;
    Ok(())
}

/// Begins a tip that is not there yet.
pub async fn begin(service: &Service, by: &Actor, change: Change) -> Result<(), Refused> {
    let desk = look(service).await?;
    let mut tx = service.database.begin().await?;
    let known =
        desk.table.shelf.tip(&change.tip).is_some() || desk::hold(&mut tx, &change.tip).await?.is_some();
    if known {
        return Err(Refused::Taken);
    }
    let fresh = Leaf::fresh(&change.program, &change.tip);
    let mut now = fresh.with(&change);
    now.values.insert(Field::State, "draft".to_owned());
    for field in [Field::Reviewer, Field::ReviewedOn, Field::ExpiresOn] {
        now.values.remove(&field);
    }
    let sheet = Sheet { now: now.clone(), edition: None, base: None, standing: None };
    put(service, &mut tx, &desk, by, sheet, now).await?;
    Ok(tx.commit().await?)
}

/// Takes what was written from the desk: the tip is again what the edition says.
pub async fn discard(service: &Service, by: &Actor, tip: &str, seen: &str) -> Result<(), Refused> {
    let desk = look(service).await?;
    let mut tx = service.database.begin().await?;
    let sheet = held(&mut tx, &desk, tip).await?;
    let standing = sheet.standing.as_ref().ok_or(Refused::NotNow)?;
    if standing.mark != seen {
        return Err(Refused::Overtaken(Box::new(sheet.now)));
    }
    desk::take(&mut tx, tip).await?;
    auditing::note(service, &mut tx, by, "discard draft", Object::program(&standing.program), tip).await?;
    Ok(tx.commit().await?)
}

/// Whether a tip can be written into a file as it is: numbers are numbers, days are days, and the program speaks the
/// languages. What it says is for the checks.
fn sound(desk: &Desk, leaf: &Leaf) -> Result<(), Refused> {
    let refuse = |what: &str, value: &str| Err(Refused::Unchangeable(format!("{what}: {value:?}")));
    let Some(languages) = desk.table.shelf_before.languages(&leaf.program) else {
        return refuse("program", &leaf.program);
    };
    for (field, value) in &leaf.values {
        let fits = match field.kind() {
            FieldKind::Number => value.parse::<u16>().is_ok(),
            FieldKind::Date => value.parse::<NaiveDate>().is_ok(),
            FieldKind::Languages | FieldKind::Choice | FieldKind::Text => !value.contains('\0'),
        };
        if !fits {
            return refuse(field.name(), value);
        }
    }
    match leaf.words.iter().find(|(language, words)| !languages.contains(language) || words.contains('\0')) {
        Some((language, _)) => refuse("language", language),
        None => Ok(()),
    }
}
