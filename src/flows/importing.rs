//! Many enrolled from a list that a clinic brings: checked row by row, shown, and then the good ones enrolled, each once.
//!
//! ```text
//! file ─► sheets ─► columns ─► judging (numbers, dates) ─► held against the database ─► import_rows: a verdict each
//!                                                                                          │ somebody has them enrolled
//!                              enrolling::enroll_in, a few in a transaction ◄──────────────┘
//! ```
//!
//! What a row came to is written in the transaction that enrolls: a crash or a second press enrolls nobody twice. Each is
//! weighed again then, since much may have changed since the list was checked. First texts wait for each woman's window,
//! behind the answers to what mothers write.

mod columns;
mod dates;
mod judging;
mod numbers;
mod verdict;

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

pub use self::columns::Column;
use self::columns::Columns;
use self::judging::Judge;
pub use self::verdict::{Group, Note, Verdict};
use super::auditing::{self, Actor, Object};
use super::enrolling::{Consent, Held, Welcome, Wish, against, enroll_in};
use super::{Bell, Service};
use crate::domain::conversation::{EnrollmentState, Guide as _};
use crate::domain::gestation::Anchor;
use crate::domain::language::Language;
use crate::domain::phone::PhoneNumber;
use crate::domain::plan::Reader;
use crate::ids::first_at;
use crate::library::spreadsheet::{self, Sheet};
use crate::store::failure::is_away;
use crate::store::imports::{self, Import, Row};
use crate::store::{StoreError, StoreResult, Tx};

/// A list has no more rows: more is brought in parts.
pub const MOST_ROWS: usize = 20_000;
/// Numbers held against the database at once.
const AT_ONCE: usize = 500;
/// A list that nobody had enrolled is kept so long, one that was enrolled the longer time.
const KEPT_UNBEGUN: TimeDelta = TimeDelta::days(7);
const KEPT: TimeDelta = TimeDelta::days(30);
/// A file's name is kept no longer.
const LONGEST_NAME: usize = 120;

/// A list as it was brought.
pub struct Brought<'a> {
    /// The file.
    pub bytes: &'a [u8],
    /// What it was called.
    pub name: &'a str,
    /// In which program.
    pub program: &'a str,
    /// The language of rows that name none.
    pub language: Language,
    /// The clerk's language.
    pub clerk: Language,
}

/// A list cannot be checked.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// It is damaged, or no spreadsheet.
    #[error("{0}")]
    Damaged(String),
    /// No row has a heading for the number.
    #[error("there is no heading for the phone number")]
    NoHeading,
    /// Columns are missing.
    #[error("columns are missing")]
    Missing(Vec<Column>),
    /// There is nobody in it.
    #[error("there is nobody in it")]
    Empty,
    /// There are too many.
    #[error("there are more than {MOST_ROWS} rows")]
    TooMany(usize),
    /// The program is gone.
    #[error("there is no such program")]
    NoProgram,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Checks a list and keeps it with a verdict for each row; nobody is enrolled. Gives its id.
pub async fn check(
    service: &Service,
    brought: &Brought<'_>,
    by: &Actor,
    mine: &[String],
) -> Result<Uuid, Unreadable> {
    let (mut rows, unread) = judge(service, brought)?;
    let mut tx = service.database.read().await?;
    for part in rows.chunks_mut(AT_ONCE) {
        hold_against(service, &mut tx, part, brought.program, mine).await?;
    }
    drop(tx);
    let now = service.now();
    let import = Import {
        id: service.id(),
        program: brought.program.to_owned(),
        language: brought.language.to_string(),
        file: brought.name.chars().filter(|c| !c.is_control()).take(LONGEST_NAME).collect(),
        made_by: by.name.clone(),
        account_id: by.account,
        reach: serde_json::to_string(mine).unwrap_or_default(),
        state: imports::CHECKED.to_owned(),
        said: serde_json::to_string(&unread).unwrap_or_default(),
        people: i64::try_from(rows.len()).unwrap_or(i64::MAX),
        made_at: now,
        began_at: None,
        ended_at: None,
    };
    let mut tx = service.database.begin().await?;
    imports::add(&mut tx, &import).await?;
    imports::add_rows(&mut tx, import.id, &rows).await?;
    let good = rows.iter().filter(|row| row.waits).count();
    let detail = format!("{}: {} rows, {good} good", import.id, rows.len());
    auditing::note(service, &mut tx, by, "import checked", Object::program(brought.program), &detail).await?;
    tx.commit().await?;
    Ok(import.id)
}

/// Each row judged by itself and beside the others; and the headings that nothing was read under.
fn judge(service: &Service, brought: &Brought<'_>) -> Result<(Vec<Row>, Vec<String>), Unreadable> {
    let sheets = spreadsheet::sheets(brought.bytes, brought.name);
    let sheets = sheets.map_err(|damaged| Unreadable::Damaged(damaged.to_string()))?;
    let found = |sheet: &Sheet| Columns::find(sheet).filter(|_| !sheet.hidden);
    let (sheet, columns) = sheets
        .iter()
        .find_map(|sheet| found(sheet).map(|columns| (sheet, columns)))
        .ok_or(if sheets.iter().all(|sheet| sheet.rows.is_empty()) {
            Unreadable::Empty
        } else {
            Unreadable::NoHeading
        })?;
    let missing = columns.missing();
    if !missing.is_empty() {
        return Err(Unreadable::Missing(missing));
    }
    let edition = service.shelf.edition();
    let program = edition.library.program(brought.program).ok_or(Unreadable::NoProgram)?;
    let judge = Judge {
        service,
        edition: &edition,
        program,
        language: brought.language,
        clerk: brought.clerk,
        today: program.whereabouts(None).date_at(service.now()),
        columns: &columns,
        shown: Judge::look(sheet, &columns),
        known: RefCell::default(),
    };
    let count = sheet.rows.range(columns.heading + 1..).count();
    match count {
        0 => return Err(Unreadable::Empty),
        _ if count > MOST_ROWS => return Err(Unreadable::TooMany(count)),
        _ => {}
    }
    let mut first: HashMap<String, i32> = HashMap::new();
    let rows = sheet.rows.range(columns.heading + 1..).map(|(place, cells)| {
        let mut row = judge.row(*place, cells);
        if let Some(phone) = &row.phone {
            match first.get(phone) {
                Some(before) => refuse(&mut row, Note::new(Verdict::Twice, [before.to_string()])),
                // A row that is refused leaves room for a better one of the same number.
                None if row.waits => {
                    first.insert(phone.clone(), row.place);
                }
                None => {}
            }
        }
        row
    });
    Ok((rows.collect(), columns.unread.clone()))
}

/// What forbids a row is said first.
fn refuse(row: &mut Row, note: Note) {
    let mut notes = Note::all_from_json(&row.notes);
    row.verdict.clone_from(&note.0);
    notes.insert(0, note);
    row.notes = Note::all_to_json(&notes);
    row.waits = false;
}

/// Holds numbers against what the database knows of them.
async fn hold_against(
    service: &Service,
    tx: &mut Tx,
    rows: &mut [Row],
    program: &str,
    mine: &[String],
) -> StoreResult<()> {
    let numbers: Vec<PhoneNumber> =
        rows.iter().filter_map(|row| PhoneNumber::from_e164(row.phone.clone()?)).collect();
    let phones: Vec<&str> = numbers.iter().map(PhoneNumber::as_e164).collect();
    let known = imports::known(tx, &phones).await?;
    let ids: Vec<Uuid> = known.iter().map(|(_, id, ..)| *id).collect();
    let mut enrollments: HashMap<Uuid, Vec<(String, EnrollmentState)>> = HashMap::new();
    for (id, program, state) in imports::enrolled(tx, &ids).await? {
        if let Some(state) = EnrollmentState::named(&state) {
            enrollments.entry(id).or_default().push((program, state));
        }
    }
    let digests: Vec<Vec<u8>> = numbers.iter().map(|number| service.seal.digest(number).to_vec()).collect();
    let erased: HashSet<Vec<u8>> = imports::erased(tx, &digests).await?.into_iter().collect();
    let erased: HashSet<&str> = phones
        .iter()
        .zip(&digests)
        .filter(|(_, digest)| erased.contains(*digest))
        .map(|(phone, _)| *phone)
        .collect();
    let held: HashMap<String, Held> = known
        .into_iter()
        .map(|(phone, subscriber, stopped, blocked)| {
            let enrollments = enrollments.remove(&subscriber).unwrap_or_default();
            (phone, Held { subscriber, stopped, blocked, enrollments })
        })
        .collect();
    for row in rows {
        let Some(phone) = row.phone.clone() else { continue };
        let refused = against(held.get(&phone), erased.contains(phone.as_str()), program, mine);
        if let Some(refused) = refused.filter(|_| row.verdict != Verdict::Twice.name()) {
            row.subscriber_id = refused.her();
            refuse(row, Note::plain(Verdict::of(&refused)));
        }
    }
    Ok(())
}

/// Has the good rows of a list enrolled; false: somebody has before.
pub async fn begin(service: &Service, import: &Import, by: &Actor) -> StoreResult<bool> {
    let mut tx = service.database.begin().await?;
    let begun = imports::begin(&mut tx, import.id, service.now()).await?;
    if begun {
        let detail = import.id.to_string();
        auditing::note(service, &mut tx, by, "import", Object::program(&import.program), &detail).await?;
        tx.commit().await?;
    }
    Ok(begun)
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

/// Enrolls some more of the list that is first in line; gives how much was done, 0 when none is.
pub async fn carry_on(service: &Service, most: i64) -> StoreResult<usize> {
    let mut tx = service.database.read().await?;
    let going = imports::going(&mut tx).await?;
    drop(tx);
    let Some(import) = going else { return Ok(0) };
    match some(service, import, most).await {
        Err(error) if is_away(&error) => Err(error),
        // One of them breaks it: each goes by itself, and that one is left to a person.
        Err(_) => match some(service, import, 1).await {
            Err(error) if is_away(&error) => Err(error),
            Err(error) => {
                tracing::error!(%error, %import, "a row of a list breaks its enrolling: set aside");
                set_aside(service, import).await
            }
            done => done,
        },
        done => done,
    }
}

async fn some(service: &Service, id: Uuid, most: i64) -> StoreResult<usize> {
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
    let by = Actor { name: import.made_by.clone(), account: import.account_id };
    let mine: Vec<String> = serde_json::from_str(&import.reach).unwrap_or_default();
    for row in &rows {
        let notes = Note::all_from_json(&row.notes);
        let (verdict, her) = match wish(service, &import, row) {
            None => (Verdict::NumberUnread, None),
            Some((wish, consent)) => {
                match enroll_in(service, &mut tx, &wish, &consent, (&by, &mine), Welcome::InWindow).await? {
                    Ok(her) => (Verdict::Enrolled, Some(her)),
                    Err(refused) => (Verdict::of(&refused), refused.her()),
                }
            }
        };
        let notes = match verdict {
            Verdict::Enrolled => notes,
            refused => [vec![Note::plain(refused)], notes].concat(),
        };
        let settled = (verdict.name(), &*Note::all_to_json(&notes));
        imports::settle(&mut tx, id, row.place, settled, her).await?;
    }
    tx.commit().await?;
    service.bells.ring(Bell::Outbound);
    Ok(rows.len())
}

async fn set_aside(service: &Service, id: Uuid) -> StoreResult<usize> {
    let mut tx = service.database.begin().await?;
    imports::hold(&mut tx, id).await?;
    let Some(row) = imports::waiting(&mut tx, id, 1).await?.pop() else { return Ok(1) };
    let notes = Note::all_to_json(&[Note::plain(Verdict::Broke)]);
    imports::settle(&mut tx, id, row.place, (Verdict::Broke.name(), &notes), None).await?;
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

/// A list that somebody looks at.
pub async fn find(service: &Service, id: Uuid) -> StoreResult<Option<Import>> {
    let mut tx = service.database.read().await?;
    imports::find(&mut tx, id).await
}

/// A language by its code, if the program speaks it.
pub fn speaks(service: &Service, program: &str, language: &str) -> Option<Language> {
    let edition = service.shelf.edition();
    let language = language.parse::<Language>().ok()?;
    edition.library.program(program)?.languages.contains(&language).then_some(language)
}
