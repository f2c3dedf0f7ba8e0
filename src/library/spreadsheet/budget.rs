//! What a file may cost in memory, counted as it is read: a small one can ask for very much. One text that stands in a
//! million cells is unpacked a million times, and every row costs something, however little is in it.

use crate::library::exchange::{Damaged, TooMuch};

/// So many rows in all. A list of people has a fifth of them, a library fewer.
const MOST_ROWS: usize = 100_000;
/// So many cells in all: a library of two programs has some twenty thousand.
const MOST_CELLS: usize = 1_000_000;
/// So many bytes of text in all.
const MOST_TEXT: usize = 64 * 1024 * 1024;

/// What is left of it for the rest of a file.
pub struct Budget {
    rows: usize,
    cells: usize,
    text: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self { rows: MOST_ROWS, cells: MOST_CELLS, text: MOST_TEXT }
    }
}

impl Budget {
    /// One row more.
    pub fn row(&mut self) -> Result<(), Damaged> {
        self.rows = self.rows.checked_sub(1).ok_or(Damaged::TooMuch(TooMuch::Rows(MOST_ROWS)))?;
        Ok(())
    }

    /// One cell more, with so many bytes of text.
    pub fn cell(&mut self, text: usize) -> Result<(), Damaged> {
        self.cells = self.cells.checked_sub(1).ok_or(Damaged::TooMuch(TooMuch::Cells(MOST_CELLS)))?;
        let excess = Damaged::TooMuch(TooMuch::Megabytes(MOST_TEXT / 1024 / 1024));
        self.text = self.text.checked_sub(text).ok_or(excess)?;
        Ok(())
    }
}
