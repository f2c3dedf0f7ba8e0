//! A workbook unpacked into nothing before it is believed: so its sizes are true, every checksum is right, no end is
//! missing, and it asks for no more room than it can need.

mod claims;

use std::io::{self, Cursor};

use zip::ZipArchive;

use self::claims::{Claims, Part};
use crate::library::exchange::Damaged;

/// More than this is no library and no list of people, however small the file is.
const LARGEST_UNPACKED: u64 = 200 * 1024 * 1024;
/// How files begin that are named or taken for .xlsx: those of old Excel, and new ones with a password.
const COMPOUND: &[u8] = &[0xd0, 0xcf, 0x11, 0xe0];
/// Where the texts of all cells are kept once.
const SHARED: &str = "sharedstrings.xml";
/// Where the forms of cells are kept: a copy of the longest of their words for each of them.
const STYLES: &str = "styles.xml";
/// Where sheets, ranges and links are named.
const NAMES: [&str; 2] = ["workbook.xml", ".rels"];

/// Refuses what is no workbook, or a dangerous one.
pub fn measure(bytes: &[u8]) -> Result<(), Damaged> {
    if bytes.starts_with(COMPOUND) {
        return Err(Damaged::OldWorkbook);
    }
    if bytes.is_empty() || !bytes.starts_with(b"PK") {
        return Err(Damaged::NoWorkbook);
    }
    let mut archive =
        ZipArchive::new(Cursor::new(bytes)).map_err(|error| Damaged::Broken(error.to_string()))?;
    let too_large = || Damaged::LargeUnpacked(LARGEST_UNPACKED / 1024 / 1024);
    let declared: u64 = (0..archive.len())
        .map(|index| archive.by_index_raw(index).map_or(0, |part| part.size()))
        .fold(0, u64::saturating_add);
    if declared > LARGEST_UNPACKED {
        return Err(too_large());
    }
    let mut left = LARGEST_UNPACKED;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|error| Damaged::Broken(error.to_string()))?;
        let name = part.name().map(|name| name.to_lowercase()).unwrap_or_default();
        let mut claims = Claims::of(match () {
            () if name.ends_with(SHARED) => Part::Shared,
            () if name.ends_with(STYLES) => Part::Styles,
            () if NAMES.iter().any(|names| name.ends_with(names)) => Part::Names,
            () => Part::Other,
        });
        // What it says of its own size may be a lie.
        let mut part = io::Read::take(part, left + 1);
        let read = io::copy(&mut part, &mut claims);
        let size = match (read, claims.ended()) {
            (_, Err(damaged)) => return Err(damaged),
            (read, Ok(())) => read.map_err(|error| Damaged::Broken(error.to_string()))?,
        };
        left = left.checked_sub(size).ok_or_else(too_large)?;
    }
    Ok(())
}
