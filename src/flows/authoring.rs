//! The desk: tips are written, reviewed by somebody else, and published; until then they lie beside the edition in force.
//!
//! What lies on the desk is kept tip by tip, each with the tip as the edition had it when it was begun. Laid over the
//! newest edition ([`Table`]) it is the library as it would be. Two who change one tip at once are told so, and nothing
//! of either is lost: whoever changes says which state they have seen ([`Leaf::mark`]). The same holds for an edition
//! that is published from elsewhere meanwhile: a tip that it changed is a conflict ([`Sheet::conflict`]) until somebody
//! has looked at both sides.

mod bringing;
mod going_out;
mod looking_back;
mod reviewing;
mod writing;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock, Mutex};

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

pub use self::bringing::{Brought, bring, take_over};
pub use self::going_out::{Chosen, publish, roll_back};
pub use self::looking_back::{Past, history};
pub use self::reviewing::{approve, assign, remark, send_back, submit, withdraw};
pub use self::writing::{Saved, Seen, begin, close, discard, open, save};

use super::Service;
use super::auditing::Actor;
use super::publishing::{self, NotPublished};
use crate::domain::named::named;
use crate::library::Files;
use crate::library::desk::{Leaf, Table};
use crate::library::exchange::{Damaged, NoShelf};
use crate::store::desk::{self, Row, Standing};
use crate::store::{StoreError, StoreResult, Tx, editions};

/// Whose form was there within this time is still at it: a form that is open says so every half minute.
pub const AT_IT: TimeDelta = TimeDelta::minutes(2);
/// A remark or a reason has so many characters at most.
pub const LONGEST_SAID: usize = 2000;
/// So many tables are kept at hand: the last ones of the desk, and of what was brought in.
const TABLES: usize = 3;

named! {
    /// How far a tip on the desk has come.
    pub enum Progress {
        /// Somebody writes it.
        Writing = "writing",
        /// It waits for a reviewer.
        Waiting = "waiting",
        /// A reviewer sent it back with a remark.
        Returned = "returned",
        /// A reviewer signed it: it may be published.
        Approved = "approved",
    }
}

/// It was not done.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// Somebody changed it meanwhile: what stands there now.
    #[error("somebody else has changed it meanwhile")]
    Overtaken(Box<Leaf>),
    /// An edition changed it, and they have not seen that: what the edition has, if it has it.
    #[error("an edition has changed it since it was read")]
    Unseen(Option<Box<Leaf>>),
    /// It belongs to a program that is not theirs.
    #[error("it belongs to a program that is not theirs")]
    NotTheirs,
    /// There is no such tip.
    #[error("there is no such tip")]
    Gone,
    /// It is not at the point at which this can be done.
    #[error("it is not at that point")]
    NotNow,
    /// The id is used already.
    #[error("a tip of that name is there already")]
    Taken,
    /// Who wrote it may not sign it.
    #[error("who wrote words does not sign them")]
    Own,
    /// It has errors.
    #[error("the checks find errors in it")]
    Faulty,
    /// It is stale in these languages.
    #[error("translations of other words are left in it")]
    Stale,
    /// The edition has changed it meanwhile.
    #[error("the edition in force has changed it meanwhile")]
    Conflict,
    /// The signature would have run out already, or holds too long.
    #[error("the day until which the review counts is missing, past or too far off")]
    Until,
    /// Nothing was said.
    #[error("say it in a word or two")]
    Wordless,
    /// Too much was said.
    #[error("that is too long")]
    Lengthy,
    /// Nothing was chosen.
    #[error("nothing was chosen")]
    Nothing,
    /// The library's files cannot be read.
    #[error(transparent)]
    NoShelf(#[from] NoShelf),
    /// It cannot be published.
    #[error(transparent)]
    Unpublished(#[from] NotPublished),
    /// The file's author has to mend something in it before it can be changed here.
    #[error("{0}")]
    Unchangeable(String),
    /// A file that was brought cannot be read.
    #[error(transparent)]
    Damaged(#[from] Damaged),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What is being written, over the newest edition.
#[derive(Clone)]
pub struct Desk {
    /// The newest edition's number.
    pub edition: i64,
    /// The library as it would be.
    pub table: Arc<Table>,
    /// What lies on the desk, by tip.
    pub standings: Arc<BTreeMap<String, Standing>>,
    /// Tips that are not sent any more.
    pub recalled: Arc<BTreeSet<String>>,
}

/// A tip as whoever opens it sees it.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// As it is meant to be.
    pub now: Leaf,
    /// As the newest edition has it; none: it is new.
    pub edition: Option<Leaf>,
    /// As the edition had it when it was begun, where that is known.
    pub base: Option<Leaf>,
    /// How it stands on the desk; none: it does not lie there.
    pub standing: Option<Standing>,
    /// The mark under which it lies on the desk.
    lies: Option<String>,
}

impl Sheet {
    /// A tip that does not lie on the desk.
    fn unwritten(now: Leaf, edition: Option<Leaf>) -> Self {
        Self { now, edition, base: None, standing: None, lies: None }
    }

    /// The marks of what whoever opens it has before them: of the tip, and of what the edition has.
    pub fn seen(&self) -> String {
        let edition = self.edition.as_ref().map(Leaf::mark).unwrap_or_default();
        format!("{} {edition}", self.now.mark())
    }

    /// Whether an edition has changed it since it was begun.
    pub fn conflict(&self) -> bool {
        self.standing.as_ref().is_some_and(|standing| conflicts(standing, self.edition.as_ref(), &self.now))
    }

    /// How far it has come.
    pub fn progress(&self) -> Option<Progress> {
        self.standing.as_ref().and_then(progress)
    }
}

/// How far something on the desk has come.
pub fn progress(standing: &Standing) -> Option<Progress> {
    Progress::named(&standing.state)
}

/// The accounts that wrote it since it was last signed.
pub fn writers(standing: &Standing) -> BTreeSet<Uuid> {
    serde_json::from_str(&standing.writers).unwrap_or_default()
}

/// Whether an edition changed a tip since somebody began to write it, and not to the same.
pub fn conflicts(standing: &Standing, edition: Option<&Leaf>, now: &Leaf) -> bool {
    let mark = edition.map(Leaf::mark);
    mark != standing.base_mark && edition != Some(now)
}

impl Desk {
    /// A tip as it is now.
    pub fn leaf(&self, tip: &str) -> Option<Leaf> {
        self.table.leaf(tip)
    }

    /// Whether an edition changed a tip since it was begun.
    pub fn conflict(&self, tip: &str) -> bool {
        let Some(standing) = self.standings.get(tip) else { return false };
        let before = self.table.shelf_before.tip(tip).map(Leaf::of);
        self.leaf(tip).is_some_and(|now| conflicts(standing, before.as_ref(), &now))
    }
}

/// The desk as it is.
pub async fn look(service: &Service) -> Result<Desk, Refused> {
    let mut tx = service.database.read().await?;
    let newest = editions::newest(&mut tx).await?.ok_or(Refused::Gone)?;
    let standings = desk::all(&mut tx).await?;
    let recalled = editions::recalls(&mut tx).await?.into_iter().map(|recall| recall.tip).collect();
    let today = service.now().date_naive();
    let begun = format!("{} {today}", newest.hash);
    let written = standings.iter().filter(|standing| standing.is_written());
    let key = key_of(&begun, written.map(|standing| (&standing.tip, &standing.mark)));
    let table = match remembered(&key) {
        Some(table) => table,
        None => {
            let files = publishing::stored_files(&mut tx, newest.number).await?.ok_or(Refused::Gone)?;
            let contents = desk::contents(&mut tx).await?;
            drop(tx);
            // Somebody may have written since the standings were read: it is named by what was read.
            let key = key_of(&begun, contents.iter().map(|(tip, mark, _)| (tip, mark)));
            let leaves = contents.iter().filter_map(|(.., content)| Leaf::from_json(content)).collect();
            let table = apart(move || Table::lay(files, leaves, today)).await??;
            remember(key, Arc::new(table))
        }
    };
    let standings = standings.into_iter().map(|standing| (standing.tip.clone(), standing)).collect();
    Ok(Desk { edition: newest.number, table, standings: Arc::new(standings), recalled: Arc::new(recalled) })
}

/// The name of a table by what lies on it.
fn key_of<'a>(begun: &str, written: impl Iterator<Item = (&'a String, &'a String)>) -> String {
    written.fold(begun.to_owned(), |key, (tip, mark)| key + &format!(" {tip} {mark}"))
}

/// The checks' findings take a while the first time: they are made ready beside the pages that others ask for.
pub async fn check(table: &Arc<Table>) -> StoreResult<()> {
    let table = table.clone();
    apart(move || {
        table.faults();
    })
    .await
}

/// A tip with all its sides; none if there is no such tip.
pub async fn sheet(service: &Service, desk: &Desk, tip: &str) -> StoreResult<Option<Sheet>> {
    let mut tx = service.database.read().await?;
    Ok(sheet_of(desk::find(&mut tx, tip).await?, desk, tip))
}

/// How a tip stands on the desk, whatever can be read of it there; none: it does not lie there.
pub async fn standing(service: &Service, tip: &str) -> StoreResult<Option<Standing>> {
    let mut tx = service.database.read().await?;
    Ok(desk::find(&mut tx, tip).await?.map(|row| row.standing))
}

fn sheet_of(row: Option<Row>, desk: &Desk, tip: &str) -> Option<Sheet> {
    let edition = desk.table.shelf_before.tip(tip).map(Leaf::of);
    let Some(row) = row else {
        return edition.map(|edition| Sheet::unwritten(edition.clone(), Some(edition)));
    };
    let lies = Some(row.standing.mark.clone());
    // What only waits for its signature is what the edition says by now.
    if let Some(edition) = edition.as_ref().filter(|_| !row.standing.is_written()) {
        let mark = edition.mark();
        let standing = Standing { base_mark: Some(mark.clone()), mark, ..row.standing };
        let (now, base) = (edition.clone(), Some(edition.clone()));
        return Some(Sheet { now, edition: Some(edition.clone()), base, standing: Some(standing), lies });
    }
    let now = Leaf::from_json(&row.content)?;
    let base = row.base.as_deref().and_then(Leaf::from_json);
    Some(Sheet { now, edition, base, standing: Some(row.standing), lies })
}

/// The same within a transaction that goes on to change it.
async fn held(tx: &mut Tx, desk: &Desk, tip: &str) -> Result<Sheet, Refused> {
    sheet_of(desk::hold(tx, tip).await?, desk, tip).ok_or(Refused::Gone)
}

/// Lays a row in the place of what was held; refused where somebody was faster.
async fn lay(tx: &mut Tx, sheet: &Sheet, row: &Row) -> Result<(), Refused> {
    if desk::put(tx, row, sheet.lies.as_deref()).await? {
        return Ok(());
    }
    let theirs = desk::find(tx, &row.standing.tip).await?.and_then(|row| Leaf::from_json(&row.content));
    Err(Refused::Overtaken(Box::new(theirs.unwrap_or_else(|| sheet.now.clone()))))
}

/// A row for a tip in a state.
fn row(sheet: &Sheet, state: Progress, writers: &BTreeSet<Uuid>, by: &Actor, at: DateTime<Utc>) -> Row {
    let standing = sheet.standing.as_ref();
    let (base, base_mark) = match standing {
        Some(standing) => (sheet.base.as_ref(), standing.base_mark.clone()),
        None => (sheet.edition.as_ref(), sheet.edition.as_ref().map(Leaf::mark)),
    };
    Row {
        standing: Standing {
            tip: sheet.now.tip.clone(),
            program: sheet.now.program.clone(),
            base_mark,
            mark: sheet.now.mark(),
            state: state.name().to_owned(),
            writers: serde_json::to_string(writers).unwrap_or_default(),
            reviewer: standing.and_then(|standing| standing.reviewer),
            changed_by: by.name.clone(),
            changed_at: at,
            submitted_at: standing.and_then(|standing| standing.submitted_at),
        },
        base: base.map(Leaf::to_json),
        content: sheet.now.to_json(),
    }
}

/// What was said, unless it is too long.
fn spoken(words: &str) -> Result<&str, Refused> {
    let words = words.trim();
    if words.chars().count() > LONGEST_SAID { Err(Refused::Lengthy) } else { Ok(words) }
}

/// The same where something has to be said.
fn reason(words: &str) -> Result<&str, Refused> {
    Some(spoken(words)?).filter(|words| !words.is_empty()).ok_or(Refused::Wordless)
}

/// Says something about a tip.
async fn said(
    service: &Service,
    tx: &mut Tx,
    by: &Actor,
    tip: &str,
    kind: &str,
    body: &str,
) -> StoreResult<()> {
    let remark = desk::Remark {
        id: service.id(),
        tip: tip.to_owned(),
        made_by: by.name.clone(),
        at: service.now(),
        kind: kind.to_owned(),
        body: body.trim().to_owned(),
    };
    desk::remark(tx, &remark).await
}

/// Runs what reckons for long where it holds up nobody.
async fn apart<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> StoreResult<T> {
    tokio::task::spawn_blocking(work).await.map_err(|_| StoreError::WorkerCrashed)
}

/// Tables by what they are made of: the same edition with the same leaves is the same table, whoever asks.
static TABLES_AT_HAND: LazyLock<Mutex<Vec<Named>>> = LazyLock::new(Mutex::default);

/// A table by what it is made of.
type Named = (String, Arc<Table>);

fn remembered(key: &str) -> Option<Arc<Table>> {
    let mut tables = TABLES_AT_HAND.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let place = tables.iter().position(|(known, _)| known == key)?;
    // The one used last is forgotten last.
    let found = tables.remove(place);
    let table = found.1.clone();
    tables.push(found);
    Some(table)
}

fn remember(key: String, table: Arc<Table>) -> Arc<Table> {
    let mut tables = TABLES_AT_HAND.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if tables.len() >= TABLES {
        tables.remove(0);
    }
    tables.push((key, table.clone()));
    table
}

/// An edition's files; none if there is no such edition.
pub async fn files_of(service: &Service, edition: i64) -> StoreResult<Option<Files>> {
    publishing::edition_files(&service.database, edition).await
}
