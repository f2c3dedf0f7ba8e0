//! The library's files, wherever they come from: a folder, the copy built into the program, a stored edition.

use std::collections::BTreeMap;
use std::path::Path;

use include_dir::{Dir, include_dir};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

static BUILT_IN: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/message-library");

/// Path within the library → content. Only `.toml` files in its folders count; what lies at the top, such
/// as the examples, is for people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Files(pub BTreeMap<String, String>);

/// A library could not be read from disk.
#[derive(Debug, thiserror::Error)]
pub enum FilesError {
    /// The folder or a file in it cannot be read.
    #[error("cannot read {path}: {error}")]
    Unreadable {
        /// Which.
        path: String,
        /// Why.
        error: std::io::Error,
    },
}

impl Files {
    /// The copy built into the program.
    pub fn built_in() -> Self {
        let mut files = BTreeMap::new();
        collect_built_in(&BUILT_IN, &mut files);
        Self(files)
    }

    /// Reads a folder.
    pub fn from_folder(folder: &Path) -> Result<Self, FilesError> {
        let mut files = BTreeMap::new();
        collect(folder, folder, &mut files)?;
        Ok(Self(files))
    }

    /// SHA-256 over paths and contents, in hexadecimal.
    pub fn hash(&self) -> String {
        let mut hasher = Sha256::new();
        for (path, content) in &self.0 {
            for part in [path, content] {
                hasher.update((part.len() as u64).to_be_bytes());
                hasher.update(part);
            }
        }
        hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

fn counts(path: &str) -> bool {
    path.contains('/') && path.ends_with(".toml")
}

fn collect_built_in(dir: &Dir<'_>, files: &mut BTreeMap<String, String>) {
    for file in dir.files() {
        let path = file.path().to_string_lossy().into_owned();
        if let Some(content) = file.contents_utf8().filter(|_| counts(&path)) {
            files.insert(path, content.to_owned());
        }
    }
    for inner in dir.dirs() {
        collect_built_in(inner, files);
    }
}

fn collect(root: &Path, folder: &Path, files: &mut BTreeMap<String, String>) -> Result<(), FilesError> {
    let unreadable = |path: &Path, error| FilesError::Unreadable { path: path.display().to_string(), error };
    for entry in std::fs::read_dir(folder).map_err(|error| unreadable(folder, error))? {
        let path = entry.map_err(|error| unreadable(folder, error))?.path();
        if path.is_dir() {
            collect(root, &path, files)?;
            continue;
        }
        let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
        if counts(&name) {
            // A file that is not UTF-8 is kept, with its bad bytes marked, so that the checks can name it.
            let bytes = std::fs::read(&path).map_err(|error| unreadable(&path, error))?;
            files.insert(name, String::from_utf8_lossy(&bytes).into_owned());
        }
    }
    Ok(())
}
