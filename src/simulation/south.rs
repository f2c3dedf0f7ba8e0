//! A program of the southern hemisphere, where summer time begins in spring as well, and that is in September: made from
//! the library's own first program for the simulation alone.
//!
//! Its tips are copies under other ids, its zones have every oddity there is: half an hour of summer time (Lord Howe),
//! quarters of an hour (Chatham), and days on which Chile and Australia have no hour in common.

use toml_edit::{Array, DocumentMut, value};

use crate::library::Files;

/// The program.
pub const PROGRAM: &str = "simulated-south";
/// Whose copy it is.
const ORIGINAL: &str = "text4baby-us";

/// Each zone, with beginnings of its postcodes and a town.
const ZONES: [(&str, &str, &str); 9] = [
    ("America/Santiago", "01", "Santiago"),
    ("America/Punta_Arenas", "02", "Punta Arenas"),
    ("America/Asuncion", "03", "Asuncion"),
    ("Atlantic/Stanley", "04", "Stanley"),
    ("Australia/Sydney", "05", "Sydney"),
    ("Australia/Adelaide", "06", "Adelaide"),
    ("Australia/Lord_Howe", "07", "Lord Howe"),
    ("Pacific/Auckland", "08", "Auckland"),
    ("Pacific/Chatham", "09", "Waitangi"),
];

/// The files with the southern program beside the others; the same files where its original is not among them.
pub fn with_south(files: &Files) -> Files {
    let mut all = files.clone();
    let Some(program) = files.0.get(&format!("programs/{ORIGINAL}.toml")) else { return all };
    let Some(program) = program_of(program) else { return all };
    for folder in ["tips", "questions", "partners"] {
        let prefix = format!("{folder}/{ORIGINAL}/");
        for (path, content) in files.0.iter().filter(|(path, _)| path.starts_with(&prefix)) {
            let copy = format!("{folder}/{PROGRAM}/{}", &path[prefix.len()..]);
            all.0.insert(copy, content.replace("\"us-", "\"south-"));
        }
    }
    all.0.insert(format!("programs/{PROGRAM}.toml"), program);
    all.0.insert(format!("places/{PROGRAM}.toml"), places());
    if let Some(help) = files.0.get("places/us-zip/help.toml").and_then(|help| help_of(help)) {
        all.0.insert(format!("places/{PROGRAM}/help.toml"), help);
    }
    all
}

/// The program under its own name, in its own zones.
fn program_of(original: &str) -> Option<String> {
    let mut program: DocumentMut = original.parse().ok()?;
    program["id"] = value(PROGRAM);
    program["countries"] = value(Array::from_iter(["AU"]));
    program["place"] = value(PROGRAM);
    program["home_zone"] = value("America/Santiago");
    program["zones"] = value(ZONES.iter().map(|(zone, ..)| *zone).collect::<Array>());
    // A word starts one program.
    let starts = program.get_mut("keywords")?.as_table_like_mut()?;
    starts.insert("en", value(Array::from_iter(["SOUTHERN"])));
    starts.insert("es", value(Array::from_iter(["AUSTRAL"])));
    // Were Sunday to open at noon, no Sunday would have an hour in common.
    program.get_mut("window")?.as_table_like_mut()?.insert("sunday_opens", value("09:00"));
    Some(program.to_string())
}

fn places() -> String {
    let zones: String = ZONES
        .iter()
        .map(|(zone, start, town)| {
            format!("[[zone]]\nname = \"{zone}\"\npostcodes = [\"{start}\"]\ncities = [\"{town}\"]\n\n")
        })
        .collect();
    format!("digits = 4\n\n{zones}")
}

/// The national numbers alone: the regions are another country's.
fn help_of(original: &str) -> Option<String> {
    let mut help: DocumentMut = original.parse().ok()?;
    help.remove("region");
    for entry in help.get_mut("help")?.as_array_of_tables_mut()?.iter_mut() {
        entry.remove("local");
    }
    Some(help.to_string())
}
