//! A tip is reviewed: submitted by who wrote it, and signed or sent back by somebody else.

use chrono::{Days, NaiveDate};
use uuid::Uuid;

use super::{Desk, Progress, Refused, Sheet, held, lay, look, reason, row, said, spoken, writers};
use crate::flows::Service;
use crate::flows::auditing::{self, Actor, Object};
use crate::library::Field;
use crate::store::{Tx, desk};

/// A signature holds so long at most.
const LONGEST: Days = Days::new(5 * 366);

/// The tip that somebody has read, held for a change; refused if it is another by now.
async fn read(tx: &mut Tx, desk: &Desk, tip: &str, seen: &str) -> Result<Sheet, Refused> {
    let sheet = held(tx, desk, tip).await?;
    if sheet.now.mark() != seen {
        return Err(Refused::Overtaken(Box::new(sheet.now)));
    }
    Ok(sheet)
}

async fn note(
    service: &Service,
    tx: &mut Tx,
    by: &Actor,
    action: &str,
    sheet: &Sheet,
) -> Result<(), Refused> {
    let (program, tip) = (&sheet.now.program, &sheet.now.tip);
    Ok(auditing::note(service, tx, by, action, Object::program(program), tip).await?)
}

/// Gives a tip to be reviewed, as it is: what was written, or a draft of the edition that nobody has signed yet. Who
/// gives it counts among those who wrote it.
pub async fn submit(
    service: &Service,
    by: &Actor,
    (tip, seen): (&str, &str),
    words: &str,
    reviewer: Option<Uuid>,
) -> Result<(), Refused> {
    let words = spoken(words)?;
    let desk = look(service).await?;
    super::check(&desk.table).await?;
    if desk.table.is_broken(tip) {
        return Err(Refused::Faulty);
    }
    let mut tx = service.database.begin().await?;
    let sheet = read(&mut tx, &desk, tip, seen).await?;
    if sheet.conflict() {
        return Err(Refused::Conflict);
    }
    if matches!(sheet.progress(), Some(Progress::Waiting | Progress::Approved)) {
        return Err(Refused::NotNow);
    }
    let mut hands = sheet.standing.as_ref().map(writers).unwrap_or_default();
    hands.extend(by.account);
    if reviewer.is_some_and(|account| hands.contains(&account)) {
        return Err(Refused::Own);
    }
    let mut row = row(&sheet, Progress::Waiting, &hands, by, service.now());
    row.standing.submitted_at = Some(service.now());
    row.standing.reviewer = reviewer;
    lay(&mut tx, &sheet, &row).await?;
    said(service, &mut tx, by, tip, "submitted", words).await?;
    note(service, &mut tx, by, "submit tip", &sheet).await?;
    Ok(tx.commit().await?)
}

/// Takes it back from the reviewers.
pub async fn withdraw(service: &Service, by: &Actor, tip: &str) -> Result<(), Refused> {
    let desk = look(service).await?;
    let mut tx = service.database.begin().await?;
    let sheet = held(&mut tx, &desk, tip).await?;
    let standing = sheet.standing.as_ref().ok_or(Refused::NotNow)?;
    if sheet.progress() != Some(Progress::Waiting) {
        return Err(Refused::NotNow);
    }
    // A draft of the edition that was only given to be reviewed does not lie here for anything else.
    if sheet.edition.as_ref() == Some(&sheet.now) {
        desk::take(&mut tx, tip).await?;
    } else {
        let mut row = row(&sheet, Progress::Writing, &writers(standing), by, service.now());
        row.standing.submitted_at = None;
        lay(&mut tx, &sheet, &row).await?;
    }
    said(service, &mut tx, by, tip, "withdrawn", "").await?;
    note(service, &mut tx, by, "withdraw tip", &sheet).await?;
    Ok(tx.commit().await?)
}

/// Asks somebody to review it; nobody: whoever may.
pub async fn assign(
    service: &Service,
    by: &Actor,
    tip: &str,
    reviewer: Option<(Uuid, &str)>,
) -> Result<(), Refused> {
    let desk = look(service).await?;
    let mut tx = service.database.begin().await?;
    let sheet = held(&mut tx, &desk, tip).await?;
    let standing = sheet.standing.as_ref().ok_or(Refused::NotNow)?;
    if sheet.progress() != Some(Progress::Waiting) {
        return Err(Refused::NotNow);
    }
    let hands = writers(standing);
    if reviewer.is_some_and(|(account, _)| hands.contains(&account)) {
        return Err(Refused::Own);
    }
    let mut row = row(&sheet, Progress::Waiting, &hands, by, service.now());
    // Who asks for a review has changed nothing of the tip.
    row.standing.changed_by.clone_from(&standing.changed_by);
    row.standing.changed_at = standing.changed_at;
    row.standing.reviewer = reviewer.map(|(account, _)| account);
    lay(&mut tx, &sheet, &row).await?;
    let to = reviewer.map_or("", |(_, name)| name);
    let detail = format!("{tip}: {to}");
    let object = Object::program(&sheet.now.program);
    auditing::note(service, &mut tx, by, "assign review", object, &detail).await?;
    Ok(tx.commit().await?)
}

/// Says something about a tip, whatever state it is in.
pub async fn remark(service: &Service, by: &Actor, tip: &str, words: &str) -> Result<(), Refused> {
    let words = reason(words)?;
    let desk = look(service).await?;
    let program = desk.leaf(tip).ok_or(Refused::Gone)?.program;
    let mut tx = service.database.begin().await?;
    said(service, &mut tx, by, tip, "remark", words).await?;
    auditing::note(service, &mut tx, by, "remark", Object::program(&program), tip).await?;
    Ok(tx.commit().await?)
}

/// Sends it back to who wrote it, with the reason.
pub async fn send_back(
    service: &Service,
    by: &Actor,
    (tip, seen): (&str, &str),
    words: &str,
) -> Result<(), Refused> {
    let words = reason(words)?;
    let desk = look(service).await?;
    let mut tx = service.database.begin().await?;
    let sheet = read(&mut tx, &desk, tip, seen).await?;
    let standing = sheet.standing.as_ref().ok_or(Refused::NotNow)?;
    if !matches!(sheet.progress(), Some(Progress::Waiting | Progress::Approved)) {
        return Err(Refused::NotNow);
    }
    let mut row = row(&sheet, Progress::Returned, &writers(standing), by, service.now());
    row.standing.changed_by.clone_from(&standing.changed_by);
    row.standing.changed_at = standing.changed_at;
    row.standing.submitted_at = None;
    lay(&mut tx, &sheet, &row).await?;
    said(service, &mut tx, by, tip, "returned", words).await?;
    note(service, &mut tx, by, "send tip back", &sheet).await?;
    Ok(tx.commit().await?)
}

/// Signs a tip: it is approved under the reviewer's name, from today until a day. Nobody signs what they wrote, or
/// anything that somebody has changed since they read it.
pub async fn approve(
    service: &Service,
    by: &Actor,
    (tip, seen): (&str, &str),
    words: &str,
    until: NaiveDate,
) -> Result<(), Refused> {
    let (words, today) = (spoken(words)?, service.now().date_naive());
    if until <= today || until > today + LONGEST {
        return Err(Refused::Until);
    }
    let desk = look(service).await?;
    super::check(&desk.table).await?;
    let mut tx = service.database.begin().await?;
    let mut sheet = read(&mut tx, &desk, tip, seen).await?;
    let hands = sheet.standing.as_ref().map(writers).ok_or(Refused::NotNow)?;
    if sheet.progress() != Some(Progress::Waiting) {
        return Err(Refused::NotNow);
    }
    if by.account.is_none_or(|account| hands.contains(&account)) {
        return Err(Refused::Own);
    }
    if sheet.conflict() {
        return Err(Refused::Conflict);
    }
    if desk.table.is_broken(tip) {
        return Err(Refused::Faulty);
    }
    if !sheet.now.value(Field::Stale).is_empty() {
        return Err(Refused::Stale);
    }
    let signature = [
        (Field::State, "approved".to_owned()),
        (Field::Reviewer, by.name.clone()),
        (Field::ReviewedOn, today.to_string()),
        (Field::ExpiresOn, until.to_string()),
    ];
    sheet.now.values.extend(signature);
    let mut row = row(&sheet, Progress::Approved, &hands, by, service.now());
    if let Some(standing) = &sheet.standing {
        row.standing.changed_by.clone_from(&standing.changed_by);
        row.standing.changed_at = standing.changed_at;
    }
    lay(&mut tx, &sheet, &row).await?;
    said(service, &mut tx, by, tip, "approved", words).await?;
    note(service, &mut tx, by, "approve tip", &sheet).await?;
    Ok(tx.commit().await?)
}
