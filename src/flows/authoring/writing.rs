//! A tip is written: opened, changed, taken back.

use chrono::NaiveDate;

use super::{AT_IT, Desk, Progress, Refused, Sheet, apart, held, lay, look, row, sheet, writers};
use crate::flows::Service;
use crate::flows::auditing::{self, Actor, Object};
use crate::library::desk::Leaf;
use crate::library::edit::Change;
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

/// The marks of what somebody had before them when they wrote ([`Sheet::seen`]).
#[derive(Clone, Copy, Debug)]
pub struct Seen<'a> {
    /// Of the tip.
    pub tip: &'a str,
    /// Of what the edition had; empty: it did not have it.
    pub edition: &'a str,
}

impl<'a> Seen<'a> {
    /// As a form carries them.
    pub fn of(marks: &'a str) -> Self {
        let (tip, edition) = marks.split_once(' ').unwrap_or((marks, ""));
        Self { tip, edition }
    }
}

/// Notes that somebody has a tip's form open, now as before; gives who else has.
pub async fn open(service: &Service, tip: &str, by: &Actor) -> StoreResult<Vec<String>> {
    let Some(account) = by.account else { return Ok(Vec::new()) };
    let now = service.now();
    let mut tx = service.database.begin().await?;
    desk::open(&mut tx, tip, account, &by.name, now).await?;
    let others = desk::opened(&mut tx, tip, account, now - AT_IT).await?;
    tx.commit().await?;
    Ok(others)
}

/// Notes that somebody is done with it.
pub async fn close(service: &Service, tip: &str, by: &Actor) -> StoreResult<()> {
    let Some(account) = by.account else { return Ok(()) };
    let mut tx = service.database.begin().await?;
    desk::close(&mut tx, tip, account).await?;
    tx.commit().await
}

/// Changes a tip. `seen` is what whoever changes it has read: where the tip is another by now, nothing is changed, and
/// they get what stands there; likewise where an edition changed it and they have not seen that. What follows from a
/// change of words follows ([`Change::settled`]); and a tip that somebody signed on the desk is to be signed anew,
/// whatever of it changed.
pub async fn save(service: &Service, by: &Actor, change: Change, seen: Seen<'_>) -> Result<Saved, Refused> {
    let desk = look(service).await?;
    let before = sheet(service, &desk, &change.tip).await?.ok_or(Refused::Gone)?;
    if before.now.mark() != seen.tip {
        return Err(Refused::Overtaken(Box::new(before.now)));
    }
    // Whoever looked at both sides has settled what an edition changed meanwhile; nobody else has.
    let settles = before.conflict();
    if settles && before.edition.as_ref().map(Leaf::mark).unwrap_or_default() != seen.edition {
        return Err(Refused::Unseen(before.edition.map(Box::new)));
    }
    let after = changed(&desk, &before, change);
    if after == before.now && !settles {
        return Ok(Saved::Same);
    }
    tried(&desk, std::slice::from_ref(&after)).await?;
    let mut tx = service.database.begin().await?;
    let sheet = held(&mut tx, &desk, &after.tip).await?;
    if sheet.now != before.now {
        return Err(Refused::Overtaken(Box::new(sheet.now)));
    }
    put(service, &mut tx, by, sheet, after).await?;
    tx.commit().await?;
    Ok(Saved::OnDesk)
}

/// A tip as it becomes by a change, with what follows.
pub(super) fn changed(desk: &Desk, sheet: &Sheet, change: Change) -> Leaf {
    let languages = desk.table.shelf_before.languages(&sheet.now.program).unwrap_or_default();
    sheet.now.with(&change.settled(&sheet.now.flat(), languages))
}

/// Whether tips can be written into their files as they are, and be read again. It takes its time: nobody who writes
/// waits for it.
pub(super) async fn tried(desk: &Desk, leaves: &[Leaf]) -> Result<(), Refused> {
    for leaf in leaves {
        sound(desk, leaf)?;
    }
    let (table, leaves) = (desk.table.clone(), leaves.to_vec());
    let borne = apart(move || table.bears(&leaves.iter().collect::<Vec<_>>())).await?;
    borne.map_err(|fault| Refused::Unchangeable(fault.message))
}

/// Puts a tip that was tried on the desk as it is to be from here on; takes it from there where it says what the edition
/// says.
pub(super) async fn put(
    service: &Service,
    tx: &mut Tx,
    by: &Actor,
    sheet: Sheet,
    after: Leaf,
) -> Result<(), Refused> {
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
        lay(tx, &sheet, &row).await?;
    }
    auditing::note(service, tx, by, "write tip", Object::program(&program), &tip).await?;
    Ok(())
}

/// Begins a tip that is not there yet.
pub async fn begin(service: &Service, by: &Actor, change: Change) -> Result<(), Refused> {
    let desk = look(service).await?;
    if desk.leaf(&change.tip).is_some() {
        return Err(Refused::Taken);
    }
    let fresh = Leaf::fresh(&change.program, &change.tip);
    let mut now = fresh.with(&change);
    now.values.insert(Field::State, "draft".to_owned());
    for field in [Field::Reviewer, Field::ReviewedOn, Field::ExpiresOn] {
        now.values.remove(&field);
    }
    tried(&desk, std::slice::from_ref(&now)).await?;
    let mut tx = service.database.begin().await?;
    let there = desk::hold(&mut tx, &now.tip).await?.is_some();
    if there || desk::was(&mut tx, &now.program, &now.tip).await? {
        return Err(Refused::Taken);
    }
    let put = put(service, &mut tx, by, Sheet::unwritten(now.clone(), None), now).await;
    put.map_err(|refused| match refused {
        Refused::Overtaken(_) => Refused::Taken,
        other => other,
    })?;
    Ok(tx.commit().await?)
}

/// Takes what was written from the desk: the tip is again what the edition says. Nothing else is looked at: what cannot
/// even be read goes like anything else.
pub async fn discard(service: &Service, by: &Actor, tip: &str, seen: &str) -> Result<(), Refused> {
    let mut tx = service.database.begin().await?;
    let row = desk::hold(&mut tx, tip).await?.ok_or(Refused::NotNow)?;
    let (standing, now) = (&row.standing, Leaf::from_json(&row.content));
    let now = now.unwrap_or_else(|| Leaf::fresh(&standing.program, tip));
    if standing.mark != seen && now.mark() != seen {
        return Err(Refused::Overtaken(Box::new(now)));
    }
    desk::take(&mut tx, tip).await?;
    auditing::note(service, &mut tx, by, "discard draft", Object::program(&standing.program), tip).await?;
    Ok(tx.commit().await?)
}

/// Whether a tip can be written into a file as it is: numbers are numbers, days are days, and the program speaks the
/// languages. What it says is for the checks.
fn sound(desk: &Desk, leaf: &Leaf) -> Result<(), Refused> {
    let spoilt = ['\0', char::REPLACEMENT_CHARACTER];
    let refuse = |what: &str, value: &str| Err(Refused::Unchangeable(format!("{what}: {value:?}")));
    let Some(languages) = desk.table.shelf_before.languages(&leaf.program) else {
        return refuse("program", &leaf.program);
    };
    for (field, value) in &leaf.values {
        let fits = match field.kind() {
            FieldKind::Number => value.parse::<u16>().is_ok(),
            FieldKind::Date => value.parse::<NaiveDate>().is_ok(),
            FieldKind::Languages | FieldKind::Choice | FieldKind::Text => !value.contains(spoilt),
        };
        if !fits {
            return refuse(field.name(), value);
        }
    }
    match leaf.words.iter().find(|(language, words)| !languages.contains(language) || words.contains(spoilt))
    {
        Some((language, _)) => refuse("language", language),
        None => Ok(()),
    }
}
