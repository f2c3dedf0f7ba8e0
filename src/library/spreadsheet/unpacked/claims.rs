//! What a part of a workbook would ask for as it is read, counted before: a few bytes can ask for hundreds. The bytes of
//! a tag are looked for wherever they stand, so that nothing can hide them; what is counted for none costs nothing.

use std::io::{self, Write};

use crate::library::exchange::{Damaged, TooMuch};

/// So many texts of cells, or cells made one.
const MOST_CELLS: usize = 1_000_000;
/// So many forms of one kind, names and links: spreadsheet programs allow hardly more.
const MOST_FORMS: usize = 65_536;
/// Those of cells and those of named styles stand in one part, under one name.
const MOST_OF_TWO_KINDS: usize = 2 * MOST_FORMS;
/// So many sheets.
const MOST_SHEETS: usize = 1_000;
/// Each of these is kept as it is read, before any cell is.
const TAGS: [(&[u8], TooMuch); 10] = [
    (b"si", TooMuch::Cells(MOST_CELLS)),
    (b"mergeCell", TooMuch::Cells(MOST_CELLS)),
    (b"xf", TooMuch::Forms(MOST_OF_TWO_KINDS)),
    (b"font", TooMuch::Forms(MOST_FORMS)),
    (b"fill", TooMuch::Forms(MOST_FORMS)),
    (b"border", TooMuch::Forms(MOST_FORMS)),
    (b"numFmt", TooMuch::Forms(MOST_FORMS)),
    (b"definedName", TooMuch::Forms(MOST_FORMS)),
    (b"Relationship", TooMuch::Forms(MOST_FORMS)),
    (b"sheet", TooMuch::Forms(MOST_SHEETS)),
];
/// The parts that name sheets, ranges and links have so many bytes at most: each name is kept several times.
const LARGEST_OF_NAMES: u64 = 16 * 1024 * 1024;
/// How a file says how many texts there are: room is made for as many.
const HOW_MANY: &[u8] = b"uniqueCount";
/// Words that are copied for each form: of a number, and of a font.
const COPIED: [&[u8]; 2] = [b"formatCode", b"val"];
/// So many bytes behind a name its value must have ended.
const AHEAD: usize = 2048;
/// No name that is looked for is longer.
const LONGEST: usize = 16;

/// What a part is read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The texts of all cells.
    Shared,
    /// The forms of cells.
    Styles,
    /// The names of sheets, ranges and links.
    Names,
    /// Any other.
    Other,
}

/// Passes a part on to nothing, and looks at what it would ask for.
pub struct Claims {
    part: Part,
    /// What was not looked at yet, behind the byte before: a name may be torn in two.
    tail: Vec<u8>,
    counts: [usize; TAGS.len()],
    size: u64,
    damaged: Option<Damaged>,
}

impl Claims {
    /// Of a part.
    pub fn of(part: Part) -> Self {
        Self { part, tail: Vec::new(), counts: [0; TAGS.len()], size: 0, damaged: None }
    }

    /// Whether it may be read.
    pub fn ended(mut self) -> Result<(), Damaged> {
        self.look(self.tail.len());
        if self.part == Part::Names && self.size > LARGEST_OF_NAMES {
            self.damaged.get_or_insert(Damaged::TooMuch(TooMuch::Forms(MOST_FORMS)));
        }
        self.damaged.map_or(Ok(()), Err)
    }

    fn look(&mut self, until: usize) {
        let tail = std::mem::take(&mut self.tail);
        for (at, byte) in tail[..until].iter().enumerate() {
            let behind = &tail[at + 1..];
            if matches!(byte, b'<' | b':') {
                self.count(behind);
            } else if self.part == Part::Shared && *byte == HOW_MANY[0] {
                self.claim(&tail[at..]);
            } else if self.part == Part::Styles && matches!(byte, b'f' | b'v') {
                self.copy(&tail[at..]);
            }
        }
        self.tail = tail;
        self.tail.drain(..until);
    }

    fn count(&mut self, behind: &[u8]) {
        for ((tag, most), count) in TAGS.iter().zip(&mut self.counts) {
            let ends = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'/' | b'>');
            if behind.starts_with(tag) && behind.get(tag.len()).is_none_or(ends) {
                *count += 1;
                let (TooMuch::Cells(allowed) | TooMuch::Rows(allowed) | TooMuch::Forms(allowed)) = most
                else {
                    return;
                };
                if *count > *allowed {
                    self.damaged.get_or_insert(Damaged::TooMuch(*most));
                }
                return;
            }
        }
    }

    fn claim(&mut self, behind: &[u8]) {
        let Some(value) = behind.strip_prefix(HOW_MANY) else { return };
        if number(value).is_none_or(|many| many > MOST_CELLS as u64) {
            self.damaged.get_or_insert(Damaged::Boastful);
        }
    }

    fn copy(&mut self, behind: &[u8]) {
        let Some(value) = COPIED.iter().find_map(|name| behind.strip_prefix(*name)) else { return };
        if quoted(value) == Some(None) {
            self.damaged.get_or_insert(Damaged::TooMuch(TooMuch::Forms(MOST_FORMS)));
        }
    }
}

impl Write for Claims {
    fn write(&mut self, part: &[u8]) -> io::Result<usize> {
        self.size += part.len() as u64;
        self.tail.extend_from_slice(part);
        self.look(self.tail.len().saturating_sub(LONGEST + AHEAD));
        if self.damaged.is_some() {
            return Err(io::ErrorKind::InvalidData.into());
        }
        Ok(part.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What stands in ` = "12"`; none inside: it does not end; none at all: this is no value.
fn quoted(behind: &[u8]) -> Option<Option<&[u8]>> {
    let behind = &behind[..behind.len().min(AHEAD)];
    let value = behind.trim_ascii_start();
    if value.is_empty() {
        return (behind.len() == AHEAD).then_some(None);
    }
    let value = value.strip_prefix(b"=")?.trim_ascii_start();
    let Some(quote) = value.first() else { return Some(None) };
    if !matches!(quote, b'"' | b'\'') {
        return None;
    }
    let end = value[1..].iter().position(|byte| byte == quote);
    Some(end.map(|end| &value[1..=end]))
}

/// The number in ` = "12"`.
fn number(behind: &[u8]) -> Option<u64> {
    let value = quoted(behind)??;
    // A longer one is a trick.
    (value.len() <= 64).then(|| std::str::from_utf8(value).ok()?.trim().parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asks(part: Part, text: &str, torn: usize) -> Result<(), Damaged> {
        let mut claims = Claims::of(part);
        for piece in text.as_bytes().chunks(torn) {
            if claims.write_all(piece).is_err() {
                break;
            }
        }
        claims.ended()
    }

    #[test]
    fn no_file_asks_for_more_room_than_it_can_need() {
        let zeros = "0".repeat(70);
        for (text, sound) in [
            ("<sst uniqueCount=\"12\" count='3'><si><t>a</t></si></sst>", true),
            ("<sst count=\"99999999999\"/>", true),
            ("<sst uniqueCount = '1000000'>", true),
            ("<sst uniqueCount=\"99999999999\">", false),
            ("<sst uniqueCount = \n '18446744073709551615'>", false),
            (&*format!("<sst uniqueCount=\"{zeros}9\">"), false),
        ] {
            for torn in 1..text.len() {
                let expected = if sound { Ok(()) } else { Err(Damaged::Boastful) };
                assert_eq!(expected, asks(Part::Shared, text, torn), "{text}");
            }
        }
    }

    #[test]
    fn what_is_kept_as_it_is_read_is_counted_before() {
        let cells = Err(Damaged::TooMuch(TooMuch::Cells(MOST_CELLS)));
        let forms = |most| Err(Damaged::TooMuch(TooMuch::Forms(most)));
        for (part, tag, most, refused) in [
            (Part::Shared, "<si>", MOST_CELLS, cells.clone()),
            (Part::Shared, "<x:si/>", MOST_CELLS, cells.clone()),
            (Part::Other, "<mergeCell ref='A1'/>", MOST_CELLS, cells),
            (Part::Styles, "<xf/>", MOST_OF_TWO_KINDS, forms(MOST_OF_TWO_KINDS)),
            (Part::Names, "<x:definedName\n", MOST_FORMS, forms(MOST_FORMS)),
            (Part::Names, "<sheet name='a' r:id='b'/>", MOST_SHEETS, forms(MOST_SHEETS)),
        ] {
            // Torn wherever it can be, if it is not too long.
            let torn = if most > MOST_FORMS { 509 } else { tag.len() + 1 };
            assert_eq!(Ok(()), asks(part, &tag.repeat(most), torn), "{tag}");
            assert_eq!(refused, asks(part, &tag.repeat(most + 1), torn), "{tag}");
            assert_eq!(refused, asks(part, &tag.repeat(most + 1), 8192), "{tag}");
        }
        assert_eq!(Ok(()), asks(Part::Other, &"<six/><sheetData></si>".repeat(100_000), 8192));
    }

    #[test]
    fn names_are_few_and_what_a_linked_workbook_keeps_may_be_much() {
        let size = usize::try_from(LARGEST_OF_NAMES).expect("a size");
        let much = format!("<definedName name='a'/>{}", "<cell/>".repeat(size / 7));
        assert_eq!(Ok(()), asks(Part::Other, &much, 8192));
        let forms = Err(Damaged::TooMuch(TooMuch::Forms(MOST_FORMS)));
        assert_eq!(forms, asks(Part::Names, &much, 8192));
    }

    #[test]
    fn no_word_that_is_copied_for_each_form_is_long() {
        let long = "0".repeat(3000);
        for (text, sound) in [
            ("<numFmt numFmtId='1' formatCode=\"[>100]0.00\"/><name val='Arial'/>".to_owned(), true),
            (format!("<numFmt formatCode=\"{long}\"/>"), false),
            (format!("<name val = '{long}'/>"), false),
            (format!("<name val{}='x'/>", " ".repeat(3000)), false),
            (format!("<a>valid formatCode {long}</a>"), true),
        ] {
            let expected = if sound { Ok(()) } else { Err(Damaged::TooMuch(TooMuch::Forms(MOST_FORMS))) };
            for torn in [1, 7, 8192] {
                assert_eq!(expected, asks(Part::Styles, &text, torn), "{text}");
            }
        }
    }
}
