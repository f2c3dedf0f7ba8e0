//! A changed library to disk. Every file is written whole beside its place and flushed; only when all of them lie
//! there is the first one renamed into its place. A full disk or a crash before that changes nothing.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::files::Files;

/// A changed library could not be written.
#[derive(Debug, thiserror::Error)]
pub enum SaveError {
    /// Something went wrong before any file was changed.
    #[error("cannot write {path}: {error}. No file was changed")]
    Untouched {
        /// Which.
        path: String,
        /// Why.
        error: io::Error,
    },
    /// Somebody else changed a file meanwhile.
    #[error("{path} was changed by somebody else meanwhile: begin anew. No file was changed")]
    Overtaken {
        /// Which.
        path: String,
    },
    /// Some files are changed and some are not.
    #[error("cannot write {path}: {error}. These files are changed already: {done}. Import again: what is done is \
             then the same, and the rest follows", done = if .done.is_empty() { "none".to_owned() } else { .done.join(", ") })]
    Halfway {
        /// At which file it stopped.
        path: String,
        /// Why.
        error: io::Error,
        /// Those before it.
        done: Vec<String>,
    },
}

/// Writes those files that differ into the library's folder, and names them.
pub fn save(folder: &Path, before: &Files, after: &Files) -> Result<Vec<String>, SaveError> {
    let changed: Vec<(&String, &String)> =
        after.0.iter().filter(|(path, content)| before.0.get(*path) != Some(*content)).collect();
    let mut waiting: Vec<(&String, PathBuf, PathBuf)> = Vec::new();
    let written = changed.iter().try_for_each(|(path, content)| {
        let untouched = |error| SaveError::Untouched { path: (*path).clone(), error };
        let place = folder.join(path);
        // A link stays one: what it points to is replaced.
        let place = fs::canonicalize(&place).unwrap_or(place);
        match fs::read(&place) {
            Ok(now) if before.0.get(*path).is_some_and(|old| old.as_bytes() == now) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound && !before.0.contains_key(*path) => {}
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(untouched(error)),
            _ => return Err(SaveError::Overtaken { path: (*path).clone() }),
        }
        let beside = beside(&place);
        waiting.push((path, beside.clone(), place.clone()));
        write_whole(&beside, &place, content.as_bytes()).map_err(untouched)
    });
    if let Err(error) = written {
        for (_, beside, _) in &waiting {
            // What cannot be taken away again is not read by anybody either: its name does not end in .toml.
            let _ = fs::remove_file(beside);
        }
        return Err(error);
    }
    let mut done = Vec::new();
    for (path, beside, place) in waiting {
        if let Err(error) = fs::rename(&beside, &place) {
            return Err(SaveError::Halfway { path: path.clone(), error, done });
        }
        done.push(path.clone());
    }
    Ok(done)
}

/// Writes one file whole: it is the old one or the new one, never a part.
pub fn save_file(place: &Path, content: &[u8]) -> io::Result<()> {
    let place = fs::canonicalize(place).unwrap_or_else(|_| place.to_owned());
    let beside = beside(&place);
    let written = write_whole(&beside, &place, content).and_then(|()| fs::rename(&beside, &place));
    if written.is_err() {
        let _ = fs::remove_file(&beside);
    }
    written
}

fn beside(place: &Path) -> PathBuf {
    let name = place.file_name().unwrap_or_default().to_string_lossy();
    place.with_file_name(format!(".{name}.new"))
}

fn write_whole(beside: &Path, place: &Path, content: &[u8]) -> io::Result<()> {
    if let Some(folder) = place.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::create_dir_all(folder)?;
    }
    let mut file = File::create(beside)?;
    file.write_all(content)?;
    if let Ok(old) = fs::metadata(place) {
        file.set_permissions(old.permissions())?;
    }
    file.sync_all()
}
