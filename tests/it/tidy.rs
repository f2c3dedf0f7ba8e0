//! The house in order: floors, first lines, sizes.

use std::fs;
use std::path::{Path, PathBuf};

/// The floors from the ground up; a room may use those before it and its own.
const FLOORS: [&[&str]; 10] = [
    &["clock", "ids", "telemetry"],
    &["domain"],
    &["library"],
    &["gateway"],
    &["store", "simulator"],
    &["flows"],
    &["worker"],
    &["simulation"],
    &["web", "config"],
    &["cli"],
];
/// A file rarely has more lines: then it is two rooms.
const LONGEST: usize = 400;

fn sources() -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    collect(Path::new(env!("CARGO_MANIFEST_DIR")).join("src").as_path(), &mut found);
    found
}

fn collect(folder: &Path, found: &mut Vec<(PathBuf, String)>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).expect("a source");
            let name = path.strip_prefix(env!("CARGO_MANIFEST_DIR")).expect("inside").to_owned();
            found.push((name, text));
        }
    }
}

fn floor(room: &str) -> Option<usize> {
    FLOORS.iter().position(|rooms| rooms.contains(&room))
}

#[test]
fn no_room_uses_a_room_above_it() {
    let mut faults = Vec::new();
    for (path, text) in sources() {
        let room = path.iter().nth(1).expect("a room").to_string_lossy().trim_end_matches(".rs").to_owned();
        let Some(own) = floor(&room) else { continue };
        for (number, line) in text.lines().enumerate() {
            for used in line.split("crate::").skip(1) {
                let used: String = used.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                if floor(&used).is_some_and(|other| other > own) {
                    faults.push(format!("{}:{}: {room} uses {used}", path.display(), number + 1));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_domain_is_pure() {
    for (path, text) in sources().into_iter().filter(|(path, _)| path.starts_with("src/domain")) {
        for word in ["async ", ".await", "sqlx", "Utc::now", "std::fs", "std::net", "tokio"] {
            assert!(!text.contains(word), "{}: {word:?} has no place in a pure room", path.display());
        }
    }
}

#[test]
fn only_the_clock_and_the_ids_ask_the_machine() {
    for (path, text) in sources() {
        let asks =
            text.contains("Utc::now()") || text.contains("Uuid::now_v7()") || text.contains("Uuid::new_v4()");
        let may = path.ends_with("clock.rs") || path.ends_with("ids.rs");
        assert!(!asks || may, "{}: time and chance are arguments", path.display());
    }
}

#[test]
fn every_module_says_first_what_it_is_for() {
    for (path, text) in sources() {
        assert!(text.starts_with("//!"), "{} does not open with //!", path.display());
    }
}

#[test]
fn no_file_is_a_warehouse() {
    for (path, text) in sources() {
        let lines = text.lines().count();
        assert!(lines <= LONGEST, "{} has {lines} lines", path.display());
    }
}
