//! Editions: published by hand, never changed, one of them in force.
//!
//! The first start on a database publishes the library it finds. From then on a service takes the newest edition, and
//! another one only when somebody publishes it, with a name and a reason; it takes it without a restart. A service
//! that has none but rehearsal gateways publishes what lies in the folder at each start, for whoever writes tips and
//! tries them; but not what was an edition before, or a start would undo a rollback.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use chrono::{NaiveDate, TimeDelta};

use super::{Edition, Service};
use crate::clock::Clock;
use crate::library::diff::{self, QuestionChange, TipChange};
use crate::library::files::FilesError;
use crate::library::{Checked, Fault, Files, Library, Severity};
use crate::store::editions::{self, EditionRow, Signature};
use crate::store::{Database, StoreError, StoreResult, Tx};

/// Who published what a start of the service publishes.
pub const START: &str = "start of the service";
/// The folder used when none is named.
const DEFAULT_FOLDER: &str = "message-library";

/// No edition can be put in force.
#[derive(Debug, thiserror::Error)]
pub enum NoEdition {
    /// The library has errors and this database has no earlier edition.
    #[error("the message library cannot be used, and there is no earlier edition to fall back on:\n{}",
            .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Faulty(Vec<Fault>),
    /// The database failed.
    #[error("the database failed: {0}")]
    Store(#[from] StoreError),
}

/// What a start found.
pub struct Started {
    /// What is in force.
    pub edition: Edition,
    /// The faults of the library as it lies there.
    pub faults: Vec<Fault>,
    /// How that library stands to the edition in force.
    pub lies_there: LiesThere,
}

/// How the library that lies there stands to the edition in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LiesThere {
    /// It says the same.
    Same,
    /// It says something else, and nobody has published it.
    Unpublished,
    /// It has errors.
    Faulty,
}

/// The library's files: those of the folder that is named, which must be there; without one, those of
/// `./message-library` if it is there, else the copy built into the program.
pub fn files(named: Option<&Path>) -> Result<Files, FilesError> {
    folder(named).map_or_else(|| Ok(Files::built_in()), Files::from_folder)
}

/// The folder that [`files`] reads; none if it is the copy built into the program, which nobody can write.
pub fn folder(named: Option<&Path>) -> Option<&Path> {
    named.or_else(|| Some(Path::new(DEFAULT_FOLDER)).filter(|folder| folder.is_dir()))
}

/// The edition to begin with. `rehearsing`: nothing can reach anybody.
pub async fn start(
    database: &Database,
    clock: &Clock,
    files: &Files,
    rehearsing: bool,
) -> Result<Started, NoEdition> {
    let today = clock.now().date_naive();
    let Checked { library, faults } = Library::read(files, today);
    let mut tx = database.begin().await?;
    let newest = editions::newest(&mut tx).await?;
    let known = editions::with_hash(&mut tx, &files.hash()).await?.is_some();
    let library = library.map(Arc::new);
    let in_force = match (&newest, &library) {
        (None, _) => None,
        // What lies there was read just now.
        (Some(row), Some(library)) if row.hash == library.hash => Some((row.number, library.clone())),
        (Some(row), _) => stored(&mut tx, row.number, today).await?.map(|library| (row.number, library)),
    };
    let (number, library) = match (in_force, library) {
        (in_force, Some(library)) if in_force.is_none() || rehearsing && !known => {
            let why = match (&newest, in_force) {
                (None, _) => "the first edition".to_owned(),
                (Some(row), None) => {
                    format!("edition {} cannot be used by this version any more", row.number)
                }
                (Some(_), Some(_)) => "the library's files have changed".to_owned(),
            };
            (add(&mut tx, clock, files, &library.hash, (START, &why)).await?, library)
        }
        (Some(in_force), _) => in_force,
        (None, _) => {
            return Err(NoEdition::Faulty(
                faults.into_iter().filter(|f| f.severity == Severity::Error).collect(),
            ));
        }
    };
    let edition = Edition { number, library, recalled: recalled(&mut tx).await? };
    tx.commit().await?;
    let lies_there = if faults.iter().any(|fault| fault.severity == Severity::Error) {
        LiesThere::Faulty
    } else if edition.library.hash == files.hash() {
        LiesThere::Same
    } else {
        LiesThere::Unpublished
    };
    Ok(Started { edition, faults, lies_there })
}

/// Why nothing was published.
#[derive(Debug, thiserror::Error)]
pub enum NotPublished {
    /// The library has errors.
    #[error("the message library has errors, and nothing was published:\n{}",
            .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Faulty(Vec<Fault>),
    /// It says what is in force.
    #[error("edition {0} says the same already: there is nothing to publish")]
    Same(i64),
    /// Words were changed after somebody had signed for them.
    #[error("changed since the review that it still names: {}. Have each reviewed again, or write state = \"draft\"",
            .0.join(", "))]
    Unsigned(Vec<String>),
    /// There is no such edition.
    #[error("there is no edition {0}")]
    Unknown(i64),
    /// The edition was made for another version of the program.
    #[error("edition {0} cannot be used by this version any more")]
    Unusable(i64),
    /// A sender needs a program that it lacks.
    #[error("the configuration's senders need the program {0:?}, which it lacks")]
    ProgramMissing(String),
    /// Somebody else published at the same moment.
    #[error("somebody else has published just now: look at it, and try again")]
    Outrun,
    /// The database failed.
    #[error("the database failed: {0}")]
    Store(StoreError),
}

impl From<StoreError> for NotPublished {
    fn from(error: StoreError) -> Self {
        match &error {
            StoreError::Database(inner) if inner.is_unique_violation() => Self::Outrun,
            _ => Self::Store(error),
        }
    }
}

/// Who publishes, and why.
pub type By<'a> = (&'a str, &'a str);

/// Publishes the library of `files` as the next edition; gives its number. `programs` are those that senders serve.
pub async fn publish(
    database: &Database,
    clock: &Clock,
    files: &Files,
    by: By<'_>,
    programs: &BTreeSet<String>,
) -> Result<i64, NotPublished> {
    let library = ready(files, clock.now().date_naive())?;
    let mut tx = database.begin().await?;
    let number = put(&mut tx, clock, &library, by, programs).await?;
    tx.commit().await?;
    Ok(number)
}

/// The library of `files`, if it can be published. It takes its time: nobody writes meanwhile.
pub(super) fn ready(files: &Files, today: NaiveDate) -> Result<Library, NotPublished> {
    let Checked { library, faults } = Library::read(files, today);
    library.ok_or_else(|| {
        NotPublished::Faulty(faults.into_iter().filter(|fault| fault.severity == Severity::Error).collect())
    })
}

/// Makes a library the next edition.
async fn put(
    tx: &mut Tx,
    clock: &Clock,
    library: &Library,
    by: By<'_>,
    programs: &BTreeSet<String>,
) -> Result<i64, NotPublished> {
    let files = &library.files;
    if let Some(newest) = editions::newest(tx).await? {
        if newest.hash == library.hash {
            return Err(NotPublished::Same(newest.number));
        }
        if let Some(before) = stored_files(tx, newest.number).await? {
            outran(&before, files, &BTreeSet::new())?;
        }
    }
    serves(library, programs)?;
    Ok(add(tx, clock, files, &library.hash, by).await?)
}

/// Whether words were changed after somebody had signed for them. `signed_anew` are tips that are known to have been
/// signed after that: a signature of the same day by the same person looks like the old one.
pub(super) fn outran(
    before: &Files,
    after: &Files,
    signed_anew: &BTreeSet<String>,
) -> Result<(), NotPublished> {
    let tips = diff::tips(before, after).into_iter().filter(TipChange::outran_its_review);
    let tips = tips.map(|change| change.tip).filter(|tip| !signed_anew.contains(tip));
    let questions = diff::questions(before, after).into_iter().filter(QuestionChange::outran_its_review);
    let unsigned: Vec<String> = tips.chain(questions.map(|change| change.question)).collect();
    if unsigned.is_empty() { Ok(()) } else { Err(NotPublished::Unsigned(unsigned)) }
}

/// Makes an earlier edition the next one; gives its new number.
pub async fn roll_back(
    database: &Database,
    clock: &Clock,
    number: i64,
    by: By<'_>,
    programs: &BTreeSet<String>,
) -> Result<i64, NotPublished> {
    let mut tx = database.begin().await?;
    let newest = editions::newest(&mut tx).await?;
    let Some(files) = stored_files(&mut tx, number).await? else {
        return Err(NotPublished::Unknown(number));
    };
    if let Some(newest) = newest.filter(|newest| newest.hash == files.hash()) {
        return Err(NotPublished::Same(newest.number));
    }
    let library = Library::read(&files, clock.now().date_naive()).library;
    let library = library.ok_or(NotPublished::Unusable(number))?;
    serves(&library, programs)?;
    let next = add(&mut tx, clock, &files, &library.hash, by).await?;
    tx.commit().await?;
    Ok(next)
}

pub(super) fn serves(library: &Library, programs: &BTreeSet<String>) -> Result<(), NotPublished> {
    match programs.iter().find(|program| library.program(program).is_none()) {
        Some(missing) => Err(NotPublished::ProgramMissing(missing.clone())),
        None => Ok(()),
    }
}

/// The newest edition that this version can use; none if nothing is published.
pub async fn in_force(database: &Database, clock: &Clock) -> StoreResult<Option<Edition>> {
    let mut tx = database.read().await?;
    match editions::newest(&mut tx).await? {
        None => Ok(None),
        Some(newest) => {
            let library = stored(&mut tx, newest.number, clock.now().date_naive()).await?;
            let recalled = recalled(&mut tx).await?;
            Ok(library.map(|library| Edition { number: newest.number, library, recalled }))
        }
    }
}

/// Every edition, the newest first.
pub async fn list(database: &Database) -> StoreResult<Vec<EditionRow>> {
    let mut tx = database.read().await?;
    editions::all(&mut tx).await
}

/// The files of an edition; none if there is no such edition.
pub async fn edition_files(database: &Database, number: i64) -> StoreResult<Option<Files>> {
    let mut tx = database.read().await?;
    stored_files(&mut tx, number).await
}

/// Takes what was published or recalled since the service last looked; true if anything was. An edition that this
/// version cannot use, or that lacks a program its senders serve, raises an alarm and is not taken.
pub async fn look(service: &Service) -> StoreResult<bool> {
    let current = service.shelf.edition();
    let mut tx = service.database.read().await?;
    let newest = editions::newest(&mut tx).await?.map_or(current.number, |row| row.number);
    let recalled = recalled(&mut tx).await?;
    if newest == current.number && recalled == current.recalled {
        return Ok(false);
    }
    let mut edition = Edition { number: current.number, library: current.library.clone(), recalled };
    let mut refused = None;
    if newest != current.number {
        let needed = service.senders.iter().flat_map(|sender| sender.programs.iter().cloned()).collect();
        match stored(&mut tx, newest, service.now().date_naive()).await? {
            Some(new) => match serves(&new, &needed) {
                Ok(()) => (edition.number, edition.library) = (newest, new),
                Err(why) => refused = Some(format!("edition {newest} is not taken: {why}")),
            },
            None => refused = Some(format!("edition {newest} is not taken: this version cannot use it")),
        }
    }
    drop(tx);
    if let Some(detail) = refused {
        let mut tx = service.database.begin().await?;
        service.alarm(&mut tx, "edition", "library", &detail, TimeDelta::hours(1)).await?;
        tx.commit().await?;
        if edition.recalled == current.recalled {
            return Ok(false);
        }
    }
    tracing::info!(
        edition = edition.number,
        recalled = edition.recalled.len(),
        "the message library has changed"
    );
    edition.library.warm();
    service.shelf.replace(edition);
    Ok(true)
}

/// Puts a library in force in a database of its own, as rehearsals have.
pub async fn put_in_force(
    database: &Database,
    clock: &Clock,
    library: Arc<Library>,
) -> Result<Edition, StoreError> {
    let mut tx = database.begin().await?;
    let number = add(&mut tx, clock, &library.files, &library.hash, (START, "a rehearsal")).await?;
    tx.commit().await?;
    Ok(Edition { number, library, recalled: BTreeSet::new() })
}

pub(super) async fn add(
    tx: &mut Tx,
    clock: &Clock,
    files: &Files,
    hash: &str,
    (by, why): By<'_>,
) -> StoreResult<i64> {
    let stored = serde_json::to_string(files).unwrap_or_default();
    editions::add(tx, hash, &stored, Signature { by, why, at: clock.now() }).await
}

/// The library of an edition; none if there is no such edition, or this version cannot use it.
async fn stored(tx: &mut Tx, number: i64, today: NaiveDate) -> StoreResult<Option<Arc<Library>>> {
    let files = stored_files(tx, number).await?;
    Ok(files.and_then(|files| Library::read(&files, today).library).map(Arc::new))
}

pub(super) async fn stored_files(tx: &mut Tx, number: i64) -> StoreResult<Option<Files>> {
    let stored = editions::files(tx, number).await?;
    Ok(stored.and_then(|(_, json)| serde_json::from_str::<BTreeMap<String, String>>(&json).ok()).map(Files))
}

async fn recalled(tx: &mut Tx) -> StoreResult<BTreeSet<String>> {
    Ok(editions::recalls(tx).await?.into_iter().map(|recall| recall.tip).collect())
}
