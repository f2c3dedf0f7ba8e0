//! Which edition of the library is in force.

use std::path::Path;
use std::sync::Arc;

use super::Edition;
use crate::clock::Clock;
use crate::library::files::FilesError;
use crate::library::{Checked, Fault, Files, Library, Severity};
use crate::store::{Database, StoreError, service as facts};

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

/// The edition in force, and the faults found on the way to it.
pub struct Published {
    /// What is in force.
    pub edition: Edition,
    /// Errors (then it is an earlier edition) and warnings.
    pub faults: Vec<Fault>,
    /// Whether the library as it lies there could not be used.
    pub fell_back: bool,
}

/// The folder used when none is named.
const DEFAULT_FOLDER: &str = "message-library";

/// The library's files: those of the folder that is named, which must be there; without one, those of
/// `./message-library` if it is there, else the copy built into the program.
pub fn files(folder: Option<&Path>) -> Result<Files, FilesError> {
    match folder {
        Some(folder) => Files::from_folder(folder),
        None if Path::new(DEFAULT_FOLDER).is_dir() => Files::from_folder(Path::new(DEFAULT_FOLDER)),
        None => Ok(Files::built_in()),
    }
}

/// Puts the library of `files` in force; if it has errors, the last good edition of this database.
pub async fn publish(database: &Database, clock: &Clock, files: &Files) -> Result<Published, NoEdition> {
    let today = clock.now().date_naive();
    let Checked { library, faults } = Library::read(files, today);
    if let Some(library) = library {
        let edition = put_in_force(database, clock, files, Arc::new(library)).await?;
        return Ok(Published { edition, faults, fell_back: false });
    }
    let mut tx = database.read().await?;
    let last = facts::newest_edition(&mut tx).await?;
    let edition = last.and_then(|(number, stored)| {
        let files: Files = serde_json::from_str(&stored).ok()?;
        let library = Arc::new(Library::read(&files, today).library?);
        Some(Edition { number, library })
    });
    match edition {
        Some(edition) => Ok(Published { edition, faults, fell_back: true }),
        None => {
            Err(NoEdition::Faulty(faults.into_iter().filter(|f| f.severity == Severity::Error).collect()))
        }
    }
}

/// Stores a library that was read from `files` as an edition of this database; the same one keeps its number.
pub async fn put_in_force(
    database: &Database,
    clock: &Clock,
    files: &Files,
    library: Arc<Library>,
) -> Result<Edition, StoreError> {
    let stored = serde_json::to_string(files).unwrap_or_default();
    let mut tx = database.begin().await?;
    let number = facts::edition(&mut tx, &library.hash, &stored, clock.now()).await?;
    tx.commit().await?;
    Ok(Edition { number, library })
}
