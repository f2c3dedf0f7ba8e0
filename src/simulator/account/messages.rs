//! What was taken, text by text, as Twilio's list shows it: newest first, by recipient.

use super::index::Index;

const NONE: u32 = u32::MAX;
/// Words beyond so many bytes are not kept, and the list has none for their texts. A message library's wordings,
/// each sent to thousands, take a small part of it.
const MOST_WORDS: usize = 128 << 20;

/// How far a text has come. Ordered, so that a report out of order takes nothing back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// Taken.
    Queued,
    /// The operator has it.
    Sent,
    /// The handset was not reached; with Twilio's code.
    Undelivered(u16),
    /// It was refused; with Twilio's code.
    Failed(u16),
    /// The handset has it.
    Delivered,
}

/// All texts taken, in order.
#[derive(Default)]
pub struct Messages {
    all: Vec<Message>,
    /// The newest of each recipient.
    newest: Index,
    words: Vec<Box<str>>,
    words_by_hash: Index,
    words_bytes: usize,
    senders: Vec<Box<str>>,
}

struct Message {
    /// Its row in the ledger, which knows the recipient.
    row: u32,
    /// The one before it to the same recipient.
    previous: u32,
    /// Seconds since 1970.
    created: u32,
    words: u32,
    sender: u16,
    status: Status,
}

/// A text as the list shows it.
pub struct Listed<'a> {
    pub index: u32,
    pub sender: &'a str,
    /// Unless they were too many to keep.
    pub words: Option<&'a str>,
    pub created: u32,
    pub status: Status,
}

/// What only the ledger can say of a row.
pub trait Rows {
    fn to(&self, row: u32) -> u64;
    fn hash(&self, what: &str) -> u64;
}

impl Messages {
    /// Adds a text; one that is listed carries its words and its sender.
    pub fn add(&mut self, rows: &impl Rows, row: u32, created: u32, listed: Option<(&str, &str)>) {
        let index = self.all.len() as u32;
        let mut message =
            Message { row, previous: NONE, created, words: NONE, sender: u16::MAX, status: Status::Queued };
        if let Some((words, sender)) = listed {
            let to = rows.to(row);
            message.words = self.keep_words(rows, words);
            message.sender = self.keep_sender(sender);
            let all = &self.all;
            let is = |index: u32| rows.to(all[index as usize].row) == to;
            message.previous = self.newest.find(to, is).unwrap_or(NONE);
            self.newest.put(to, index, is, |index| rows.to(all[index as usize].row));
        }
        self.all.push(message);
    }

    /// A text has come further.
    pub fn advance(&mut self, index: usize, status: Status) {
        if let Some(message) = self.all.get_mut(index) {
            message.status = message.status.max(status);
        }
    }

    /// A recipient's texts before the one with this index, newest first.
    pub fn list(&self, rows: &impl Rows, to: u64, before: Option<u32>) -> impl Iterator<Item = Listed<'_>> {
        let is = |index: u32| rows.to(self.all[index as usize].row) == to;
        let first = match before {
            Some(before) => {
                self.all.get(before as usize).filter(|_| is(before)).map(|message| message.previous)
            }
            None => self.newest.find(to, is),
        };
        let previous = |index: &u32| Some(self.all[*index as usize].previous).filter(|index| *index != NONE);
        std::iter::successors(first.filter(|index| *index != NONE), previous).map(|index| {
            let message = &self.all[index as usize];
            Listed {
                index,
                sender: self.senders.get(usize::from(message.sender)).map_or("", |sender| sender),
                words: self.words.get(message.words as usize).map(|words| &**words),
                created: message.created,
                status: message.status,
            }
        })
    }

    fn keep_words(&mut self, rows: &impl Rows, words: &str) -> u32 {
        let hash = rows.hash(words);
        let all = &self.words;
        if let Some(known) = self.words_by_hash.find(hash, |index| *all[index as usize] == *words) {
            return known;
        }
        if self.words_bytes + words.len() > MOST_WORDS {
            return NONE;
        }
        let index = all.len() as u32;
        self.words_by_hash.put(hash, index, |_| false, |index| rows.hash(&all[index as usize]));
        self.words_bytes += words.len();
        self.words.push(words.into());
        index
    }

    fn keep_sender(&mut self, sender: &str) -> u16 {
        let known = self.senders.iter().position(|known| **known == *sender);
        let index = known.unwrap_or_else(|| {
            self.senders.push(sender.into());
            self.senders.len() - 1
        });
        index.try_into().unwrap_or(u16::MAX)
    }
}
