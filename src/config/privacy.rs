//! `[privacy]`: by which a number is known that is not held any more.

use std::path::{Path, PathBuf};

use super::reader::Section;

/// The section.
#[derive(Debug)]
pub struct PrivacySection {
    /// The file of the key, made at the first start. Never in the database, nor in its backups.
    pub key_file: PathBuf,
}

pub(super) fn read(section: &mut Section<'_>, database: &str) -> PrivacySection {
    let beside = || {
        let file = database.strip_prefix("sqlite:").filter(|file| *file != ":memory:").map(Path::new);
        let folder = file.and_then(Path::parent).unwrap_or(Path::new("data"));
        folder.join("motherline.key")
    };
    PrivacySection { key_file: section.text("key_file").map_or_else(beside, PathBuf::from) }
}
