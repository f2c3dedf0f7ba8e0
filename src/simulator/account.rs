//! The account: what was asked for, what was taken, what was answered and reported, and what was taken twice.
//!
//! Every text is kept by our reference, whose last 16 bits number the tries of one text: the double that
//! matters is the same text taken under two tries.

mod index;
mod ledger;
mod messages;
mod summary;

use std::collections::BTreeMap;

pub use self::ledger::HEADER;
use self::ledger::Ledger;
pub use self::messages::{Listed, Status};
use self::messages::{Messages, Rows};
use self::summary::Counts;
pub use self::summary::{Again, Summary, Told};
use super::text::Text;

/// All that is remembered.
pub struct Account {
    counts: Counts,
    books: Option<Box<Books>>,
    /// Counts the beginnings: what is told of a text from before the last one is not heard.
    era: u32,
    /// How many texts were taken in all eras; what names them.
    taken_ever: u64,
}

#[derive(Default)]
struct Books {
    ledger: Ledger,
    messages: Messages,
    /// The number of the first message.
    first: u64,
}

impl Rows for Ledger {
    fn to(&self, row: u32) -> u64 {
        Self::to(self, row)
    }

    fn hash(&self, what: &str) -> u64 {
        Self::hash(self, what)
    }
}

/// A text that is asked for.
#[derive(Clone, Copy)]
pub struct Asked {
    row: Option<u32>,
    /// How often its reference was asked for before; without an account, 0.
    pub before: u32,
    /// How many texts were asked for before.
    pub number: u64,
}

/// A text that was taken.
#[derive(Clone, Copy)]
pub struct Taken {
    /// Its number among all that were ever taken.
    pub number: u64,
    row: Option<u32>,
    era: u32,
}

/// How a report was met.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Met {
    /// With 2xx.
    Acknowledged,
    /// With something that no further try would change.
    Refused,
    /// With 5xx, or nobody was there; it is tried again.
    Again,
    /// The same, for the last time.
    GivenUp,
}

impl Account {
    /// An empty one, or one that only counts.
    pub fn new(kept: bool) -> Self {
        let books = kept.then(Box::default);
        Self { counts: Counts::default(), books, era: 0, taken_ever: 0 }
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        let era = self.era + 1;
        let fresh = Self::new(self.books.is_some());
        *self = Self { era, taken_ever: self.taken_ever, ..fresh };
        if let Some(books) = &mut self.books {
            books.first = self.taken_ever;
        }
    }

    /// A text is asked for.
    pub fn ask(&mut self, text: &Text<'_>) -> Asked {
        let number = self.counts.asked;
        self.counts.asked += 1;
        let found = self.books.as_mut().map(|books| {
            let (to, body) = (books.ledger.hash(&text.to), books.ledger.hash(&text.body));
            books.ledger.ask(text.reference, to, body)
        });
        Asked { row: found.map(|(row, _)| row), before: found.map_or(0, |(_, before)| before), number }
    }

    /// Something was asked for that is no text.
    pub fn ask_nonsense(&mut self) {
        self.counts.asked += 1;
        self.refuse("malformed");
    }

    /// Whether it was taken before under its name, by a gateway that takes each name once.
    pub fn has_taken(&self, asked: Asked) -> bool {
        self.books.as_ref().zip(asked.row).is_some_and(|(books, row)| books.ledger.is_taken_once(row))
    }

    /// What was asked for is not taken.
    pub fn refuse(&mut self, why: &str) {
        count(&mut self.counts.refused, why);
    }

    /// What was asked for is taken, at this second since 1970; its answer may be spoiled.
    pub fn take(&mut self, asked: Asked, text: &Text<'_>, second: u32, spoiled: Option<&str>) -> Taken {
        let number = self.taken_ever;
        self.taken_ever += 1;
        self.counts.taken += 1;
        if let Some(spoiled) = spoiled {
            count(&mut self.counts.spoiled, spoiled);
        }
        if let (Some(books), Some(row)) = (&mut self.books, asked.row) {
            books.ledger.take(row, text.is_taken_once());
            let listed = text.is_listed().then_some((&*text.body, &*text.from));
            books.messages.add(&books.ledger, row, second, listed);
        }
        Taken { number, row: asked.row, era: self.era }
    }

    /// Its answer went out whole.
    pub fn answered(&mut self, taken: Taken) {
        if taken.era == self.era {
            self.counts.answered += 1;
            if let (Some(books), Some(row)) = (&mut self.books, taken.row) {
                books.ledger.answered(row);
            }
        }
    }

    /// It has come further.
    pub fn advance(&mut self, taken: Taken, status: Status) {
        if let Some(books) = self.books.as_mut().filter(|_| taken.era == self.era) {
            books.messages.advance((taken.number - books.first) as usize, status);
        }
    }

    /// A report on it was offered.
    pub fn reported(&mut self, taken: Taken, met: Met) {
        if taken.era != self.era {
            return;
        }
        self.counts.reports_offered += 1;
        self.counts.reports_acknowledged += u64::from(met == Met::Acknowledged);
        self.counts.reports_refused += u64::from(met == Met::Refused);
        self.counts.reports_given_up += u64::from(met == Met::GivenUp);
        if let (Some(books), Some(row)) = (&mut self.books, taken.row) {
            books.ledger.reported(row, met == Met::Acknowledged);
        }
    }

    /// The reports on a text are lost on purpose.
    pub fn withheld(&mut self) {
        self.counts.reports_withheld += 1;
    }

    /// The list was asked for.
    pub fn looked_up(&mut self) {
        self.counts.lookups += 1;
    }

    /// A recipient's texts before one of them, newest first; none without an account.
    pub fn list(&self, to: &str, before: Option<u64>) -> Option<impl Iterator<Item = (u64, Listed<'_>)>> {
        let books = self.books.as_ref()?;
        // A text from before the beginning has none before it.
        let before =
            before.map(|number| number.checked_sub(books.first).map_or(u32::MAX, |index| index as u32));
        let texts = books.messages.list(&books.ledger, books.ledger.hash(to), before);
        Some(texts.map(|listed| (books.first + u64::from(listed.index), listed)))
    }

    /// How many texts were taken.
    pub fn taken(&self) -> u64 {
        self.counts.taken
    }

    /// The era, for [`Account::write`].
    pub fn era(&self) -> u32 {
        self.era
    }

    /// Writes rows of the table; false when there are no more, or it was cleared meanwhile.
    pub fn write(&self, era: u32, first: usize, rows: usize, out: &mut String) -> bool {
        let books = self.books.as_ref().filter(|_| era == self.era);
        books.is_some_and(|books| books.ledger.write(first, rows, out))
    }

    /// All in numbers.
    pub fn summary(&self, waiting: u64) -> Summary {
        let doubles = self.books.as_ref().map(|books| books.ledger.doubles);
        Summary::new(&self.counts, doubles, waiting)
    }
}

fn count(counts: &mut BTreeMap<String, u64>, what: &str) {
    match counts.get_mut(what) {
        Some(count) => *count += 1,
        None => {
            counts.insert(what.to_owned(), 1);
        }
    }
}
