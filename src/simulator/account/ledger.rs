//! One row for each of our references: how often it was asked for, taken, answered, reported.
//!
//! Numbers and words are kept as keyed hashes, whose key dies with the simulator: from what it prints no
//! number can be worked out. Built for millions of rows: 56 bytes each, about a hundred with indexes and list.

use std::fmt::Write;
use std::hash::{BuildHasher, RandomState};

use uuid::Uuid;

use super::index::Index;
use crate::ids::{stable_hash, text_of};

const NONE: u32 = u32::MAX;
/// The first line of [`Ledger::write`].
pub const HEADER: &str =
    "reference,to_hash,body_hash,asked,taken,answered,reports,acknowledged,text_taken,pair_taken\n";

/// All rows.
pub struct Ledger {
    key: RandomState,
    rows: Vec<Row>,
    /// The first try of each text.
    texts: Index,
    /// The first row with the same words to the same woman.
    pairs: Index,
    /// Counted as they come.
    pub doubles: Doubles,
}

/// What was taken more than once.
#[derive(Clone, Copy, Default)]
pub struct Doubles {
    /// Texts taken at all.
    pub texts: u64,
    /// Texts taken again, under another try or the same.
    pub texts_again: u64,
    /// References asked for again, taken or not.
    pub references_offered_again: u64,
    /// References taken again.
    pub references_again: u64,
    /// The same words to the same number, under whatever reference.
    pub pairs_again: u64,
}

struct Row {
    /// Our reference, or the two hashes where a text came without one.
    reference: [u64; 2],
    to: u64,
    body: u64,
    /// The next try of this text.
    next: u32,
    asked: u32,
    taken: u32,
    answered: u16,
    /// How often the whole text was taken; kept on its first row.
    text_taken: u16,
    /// How often these words were taken to this number; kept on the first row that has them.
    pair_taken: u16,
    reports: u8,
    acknowledged: u8,
    named: bool,
    /// It was taken by a gateway that takes each name once.
    taken_once: bool,
}

impl Row {
    /// Its reference without the number of the try.
    fn text(&self) -> [u64; 2] {
        let [high, low] = self.reference;
        if self.named {
            text_of(Uuid::from_u64_pair(high, low)).0.as_u64_pair().into()
        } else {
            self.reference
        }
    }

    fn text_hash(&self) -> u64 {
        hash(self.text())
    }

    fn pair_hash(&self) -> u64 {
        hash([self.to, self.body])
    }
}

fn hash([high, low]: [u64; 2]) -> u64 {
    stable_hash(Uuid::from_u64_pair(high, low))
}

impl Default for Ledger {
    fn default() -> Self {
        Self {
            key: RandomState::new(),
            rows: Vec::new(),
            texts: Index::default(),
            pairs: Index::default(),
            doubles: Doubles::default(),
        }
    }
}

impl Ledger {
    /// The keyed hash of a number or of words.
    pub fn hash(&self, what: &str) -> u64 {
        self.key.hash_one(what)
    }

    /// The recipient of a row.
    pub fn to(&self, row: u32) -> u64 {
        self.rows[row as usize].to
    }

    /// Finds or opens the row of a text that is asked for; how often it was asked for before.
    pub fn ask(&mut self, reference: Option<Uuid>, to: u64, body: u64) -> (u32, u32) {
        let asked = Row {
            reference: reference.map_or([to, body], |reference| reference.as_u64_pair().into()),
            to,
            body,
            next: NONE,
            asked: 1,
            taken: 0,
            answered: 0,
            text_taken: 0,
            pair_taken: 0,
            reports: 0,
            acknowledged: 0,
            named: reference.is_some(),
            taken_once: false,
        };
        let first = self.first_of_text(&asked);
        let next = |row: &u32| Some(self.rows[*row as usize].next).filter(|row| *row != NONE);
        let mut tries = std::iter::successors(first, next);
        if let Some(row) = tries.find(|row| self.rows[*row as usize].reference == asked.reference) {
            let known = &mut self.rows[row as usize];
            known.asked += 1;
            self.doubles.references_offered_again += u64::from(known.named);
            return (row, known.asked - 1);
        }
        let row = self.rows.len() as u32;
        let hash = asked.text_hash();
        self.rows.push(asked);
        match first {
            Some(first) => {
                self.rows[row as usize].next = self.rows[first as usize].next;
                self.rows[first as usize].next = row;
            }
            None => {
                let rows = &self.rows;
                self.texts.put(hash, row, |_| false, |row| rows[row as usize].text_hash());
            }
        }
        (row, 0)
    }

    /// Whether the text of a row was taken by a gateway that takes its name once.
    pub fn is_taken_once(&self, row: u32) -> bool {
        self.rows[row as usize].taken_once
    }

    /// The text of a row is taken; `once`: by a gateway that takes its name once.
    pub fn take(&mut self, row: u32, once: bool) {
        self.rows[row as usize].taken += 1;
        // A text without a name has nothing to be known again by.
        self.rows[row as usize].taken_once |= once && self.rows[row as usize].named;
        let taken = &self.rows[row as usize];
        // A text without a reference cannot be told from another with the same words.
        if taken.named {
            self.doubles.references_again += u64::from(taken.taken > 1);
            let first = self.first_of_text(taken).unwrap_or(row);
            let times = raise(&mut self.rows[first as usize].text_taken);
            self.doubles.texts += u64::from(times == 1);
            self.doubles.texts_again += u64::from(times > 1);
        }
        let Row { to, body, .. } = self.rows[row as usize];
        let first = self.first_of_pair(to, body).unwrap_or_else(|| {
            let rows = &self.rows;
            self.pairs.put(hash([to, body]), row, |_| false, |row| rows[row as usize].pair_hash());
            row
        });
        let times = raise(&mut self.rows[first as usize].pair_taken);
        self.doubles.pairs_again += u64::from(times > 1);
    }

    /// The answer went out whole.
    pub fn answered(&mut self, row: u32) {
        raise(&mut self.rows[row as usize].answered);
    }

    /// A report was offered, and perhaps acknowledged.
    pub fn reported(&mut self, row: u32, acknowledged: bool) {
        let row = &mut self.rows[row as usize];
        row.reports = row.reports.saturating_add(1);
        row.acknowledged = row.acknowledged.saturating_add(u8::from(acknowledged));
    }

    /// Writes up to `count` rows from `first` on as lines of a table; false when there are no more.
    pub fn write(&self, first: usize, count: usize, out: &mut String) -> bool {
        for row in self.rows.iter().skip(first).take(count) {
            let [high, low] = row.reference;
            if row.named {
                // Writing to a String cannot fail.
                let _ = write!(out, "{}", Uuid::from_u64_pair(high, low));
            }
            let Row { to, body, asked, taken, answered, reports, acknowledged, .. } = row;
            let text = self.first_of_text(row).map_or(0, |first| self.rows[first as usize].text_taken);
            let pair = self.first_of_pair(*to, *body).map_or(0, |first| self.rows[first as usize].pair_taken);
            let _ = writeln!(
                out,
                ",{to:016x},{body:016x},{asked},{taken},{answered},{reports},{acknowledged},{text},{pair}"
            );
        }
        first + count < self.rows.len()
    }

    fn first_of_text(&self, of: &Row) -> Option<u32> {
        let is = |row: u32| {
            self.rows[row as usize].text() == of.text() && self.rows[row as usize].named == of.named
        };
        self.texts.find(of.text_hash(), is)
    }

    fn first_of_pair(&self, to: u64, body: u64) -> Option<u32> {
        let is = |row: u32| self.rows[row as usize].to == to && self.rows[row as usize].body == body;
        self.pairs.find(hash([to, body]), is)
    }
}

fn raise(count: &mut u16) -> u16 {
    *count = count.saturating_add(1);
    *count
}
