//! A workbook unpacked into nothing before it is believed: so its sizes are true, every checksum is right, no end is
//! missing, and it asks for no more room than it can need.

use std::io::{self, Cursor, Write};

use zip::ZipArchive;

use crate::library::exchange::Damaged;

/// More than this is no library and no list of people, however small the file is.
const LARGEST_UNPACKED: u64 = 200 * 1024 * 1024;
/// How files begin that are named or taken for .xlsx: those of old Excel, and new ones with a password.
const COMPOUND: &[u8] = &[0xd0, 0xcf, 0x11, 0xe0];
/// Where the texts of all cells are kept once, and how the file says how many they are: room is made for as many.
const SHARED: &str = "sharedstrings.xml";
const HOW_MANY: &[u8] = b"uniqueCount";
const MOST_SHARED: u64 = 1_000_000;
/// So many bytes behind the name its value must have ended.
const AHEAD: usize = 64;

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
        let shared = part.name().is_ok_and(|name| name.to_lowercase().ends_with(SHARED));
        let mut claims = Claims::default();
        // What it says of its own size may be a lie.
        let mut part = io::Read::take(part, left + 1);
        let read =
            if shared { io::copy(&mut part, &mut claims) } else { io::copy(&mut part, &mut io::sink()) };
        let size = read.map_err(|error| Damaged::Broken(error.to_string()))?;
        left = left.checked_sub(size).ok_or_else(too_large)?;
        if !claims.sound() {
            return Err(Damaged::Boastful);
        }
    }
    Ok(())
}

/// Passes a part on to nothing, and looks at what it says of how many texts there are.
#[derive(Default)]
struct Claims {
    /// What was not looked at yet: a name may be torn in two.
    tail: Vec<u8>,
    absurd: bool,
}

impl Claims {
    fn look(&mut self, until: usize) {
        let starts = (0..until).filter(|at| self.tail[*at..].starts_with(HOW_MANY));
        let claims: Vec<usize> = starts.collect();
        for at in claims {
            let behind = &self.tail[at + HOW_MANY.len()..];
            self.absurd |= how_many(behind).is_none_or(|many| many > MOST_SHARED);
        }
        self.tail.drain(..until);
    }

    fn sound(mut self) -> bool {
        self.look(self.tail.len());
        !self.absurd
    }
}

impl Write for Claims {
    fn write(&mut self, part: &[u8]) -> io::Result<usize> {
        self.tail.extend_from_slice(part);
        let until = self.tail.len().saturating_sub(HOW_MANY.len() + AHEAD);
        self.look(until);
        Ok(part.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The number in ` = "12"`.
fn how_many(behind: &[u8]) -> Option<u64> {
    let text: String = behind.iter().take(AHEAD).map(|byte| char::from(*byte)).collect();
    let value = text.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let (number, _) = value[1..].split_once(quote)?;
    number.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_file_asks_for_more_room_than_it_can_need() {
        for (part, sound) in [
            ("<sst uniqueCount=\"12\" count='3'><si><t>a</t></si></sst>", true),
            ("<sst count=\"99999999999\"/>", true),
            ("<sst uniqueCount = '1000000'>", true),
            ("<sst uniqueCount=\"99999999999\">", false),
            ("<sst uniqueCount = \n '18446744073709551615'>", false),
            (
                "<sst uniqueCount=\"00000000000000000000000000000000000000000000000000000000000000000000009\">",
                false,
            ),
        ] {
            for torn in 1..part.len() {
                let mut claims = Claims::default();
                for piece in part.as_bytes().chunks(torn) {
                    claims.write_all(piece).expect("written");
                }
                assert_eq!(sound, claims.sound(), "{part}");
            }
        }
    }
}
