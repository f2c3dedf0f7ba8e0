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

mod carrying;
mod columns;
mod consents;
mod dates;
mod headings;
mod judging;
mod numbers;
mod said;
mod verdict;

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

use uuid::Uuid;

pub use self::carrying::{Begun, begin, carry_on, discard, forget_old, goes_on};
pub use self::columns::Column;
use self::columns::Columns;
use self::judging::Judge;
pub use self::said::Said;
pub use self::verdict::{Group, Note, Verdict};
use super::Service;
use super::auditing::{self, Actor, Object};
use super::enrolling::{Held, Past, against};
use crate::domain::conversation::EnrollmentState;
use crate::domain::language::Language;
use crate::domain::phone::PhoneNumber;
use crate::library::exchange::Damaged;
use crate::library::spreadsheet::{self, Sheet};
use crate::store::imports::{self, Import, Row};
use crate::store::{StoreError, StoreResult, Tx};

/// A list has no more rows: more is brought in parts.
pub const MOST_ROWS: usize = 20_000;
/// Numbers held against the database at once.
const AT_ONCE: usize = 500;
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
    #[error(transparent)]
    Damaged(#[from] Damaged),
    /// No row has a heading for the number.
    #[error("there is no heading for the phone number")]
    NoHeading,
    /// Columns are missing.
    #[error("columns are missing")]
    Missing(Vec<Column>),
    /// Two headings say the same of what decides, and nobody knows which of the two is meant.
    #[error("{0:?} are headings of one column")]
    Doubled([String; 2]),
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
    let (bytes, name) = (brought.bytes.to_vec(), brought.name.to_owned());
    let sheets = super::sheets::in_turn(move || spreadsheet::sheets(&bytes, &name)).await??;
    let (mut rows, said) = judge(service, brought, &sheets)?;
    drop(sheets);
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
        said: said.to_json(),
        people: i64::try_from(rows.len()).unwrap_or(i64::MAX),
        made_at: now,
        began_at: None,
        began_by: None,
        began_account: None,
        began_reach: None,
        ended_at: None,
    };
    let mut tx = service.database.begin().await?;
    imports::add(&mut tx, &import).await?;
    imports::add_rows(&mut tx, import.id, &rows).await?;
    let good = rows.iter().filter(|row| row.waits).count();
    let detail = format!("{}: {} rows, {good} good", import.id, rows.len());
    auditing::note(service, &mut tx, by, "import checked", Object::program(brought.program), &detail).await?;
    // Of whom they learn here that she said STOP, or told of a loss, is written down as it is at the desk.
    let told = rows.iter().filter_map(|row| Some((row.subscriber_id?, row.verdict.as_str())));
    let told: Vec<(Uuid, &str)> = told.collect();
    auditing::note_all(service, &mut tx, by, "enroll refused", brought.program, &told).await?;
    tx.commit().await?;
    Ok(import.id)
}

/// The sheet that is read: the first that people see and that has all headings, or else the first that has any; and the
/// names of those that look like it and are not read.
fn choose(sheets: &[Sheet]) -> Option<(&Sheet, Columns, Vec<String>)> {
    let found = sheets.iter().filter(|sheet| !sheet.hidden);
    let mut found: Vec<(&Sheet, Columns)> =
        found.filter_map(|sheet| Columns::find(sheet).map(|columns| (sheet, columns))).collect();
    let whole = found.iter().position(|(_, columns)| columns.missing().is_empty()).unwrap_or(0);
    if found.is_empty() {
        return None;
    }
    let (sheet, columns) = found.remove(whole);
    // An explanation has a word of the headings here and there, and a list two of them in a row.
    let lists = found.iter().filter(|(sheet, columns)| {
        columns.found.len() > 1 && sheet.rows.range(columns.heading + 1..).next().is_some()
    });
    let others = lists.map(|(sheet, _)| sheet.name.clone()).collect();
    Some((sheet, columns, others))
}

/// Each row judged by itself and beside the others; and what is to be said of the file as a whole.
fn judge(service: &Service, brought: &Brought<'_>, sheets: &[Sheet]) -> Result<(Vec<Row>, Said), Unreadable> {
    let empty = sheets.iter().all(|sheet| sheet.rows.is_empty());
    let none = if empty { Unreadable::Empty } else { Unreadable::NoHeading };
    let (sheet, columns, others) = choose(sheets).ok_or(none)?;
    let missing = columns.missing();
    if !missing.is_empty() {
        return Err(Unreadable::Missing(missing));
    }
    if let Some(both) = columns.contradicted() {
        return Err(Unreadable::Doubled(both.clone()));
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
    let rows = rows.collect();
    let said = Said {
        unread: columns.unread.clone(),
        doubled: columns.doubled.iter().map(|(_, both)| both.clone()).collect(),
        sheet: sheet.name.clone(),
        sheets: others,
    };
    Ok((rows, said))
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
    let ids: Vec<Uuid> = known.iter().map(|known| known.id).collect();
    let mut enrollments: HashMap<Uuid, Vec<Past>> = HashMap::new();
    for imports::Enrolled { subscriber_id, program, state, enrolled_at, settled } in
        imports::enrolled(tx, &ids).await?
    {
        if let Some(state) = EnrollmentState::named(&state) {
            let past = Past { program, state, enrolled_at, settled };
            enrollments.entry(subscriber_id).or_default().push(past);
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
        .map(|imports::Known { phone, id, stopped, blocked, lost }| {
            let enrollments = enrollments.remove(&id).unwrap_or_default();
            (phone, Held { subscriber: id, stopped, blocked, lost, enrollments })
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
