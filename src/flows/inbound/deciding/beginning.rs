//! A text that begins with a start word, and what stands behind it: a code, who she is, the date.

use chrono::NaiveDate;

use crate::domain::conversation::Guide;
use crate::domain::date_text;
use crate::domain::keyword::{self, Intent, Parsed};
use crate::domain::plan::Reader;
use crate::domain::request::Request;
use crate::flows::Edition;
use crate::flows::senders::Sender;
use crate::store::people::{self, Subscriber};
use crate::store::{StoreResult, Tx};

/// A partner's code has no more letters and figures, in as many words.
const LONGEST_CODE: usize = 20;
/// Words behind a start word that belong to it.
const FEW_WORDS: usize = 2;

/// What came with the start word: who she is to the baby, or by whose code she came.
pub(super) enum CameBy {
    /// By itself, or with words that say nothing more.
    Itself,
    Role(Reader),
    Code(String),
}

impl CameBy {
    /// Kept until she is enrolled.
    pub async fn noted(self, tx: &mut Tx, subscriber: Subscriber) -> StoreResult<Subscriber> {
        match self {
            Self::Itself => return Ok(subscriber),
            Self::Role(reader) => people::set_reader(tx, subscriber.id, Some(reader)).await?,
            Self::Code(code) => people::set_partner(tx, subscriber.id, Some(&code)).await?,
        }
        let again = people::lock_id(tx, subscriber.id).await?;
        Ok(again.unwrap_or(subscriber))
    }
}

/// A text that may begin with a start word.
pub(super) struct Beginning<'a> {
    pub edition: &'a Edition,
    pub sender: &'a Sender,
    pub text: &'a str,
    /// It tells of danger.
    pub danger: bool,
    /// She is enrolled, or talks with us: her words may be about anything.
    pub knows_us: bool,
    /// Any date: only whether there is one counts.
    pub today: NaiveDate,
}

impl Beginning<'_> {
    /// BABY CLINIC7, BABY DAD: the start word with a code or a role behind it is the start word. A code that the library
    /// does not know has a figure in it, or any second word would be one, and tells of no danger ("baby fever 104"); it is
    /// kept all the same. From a stranger a word or two more, or the date, keep nobody out: "BABY due April 12".
    pub fn came_by(&self, parsed: &mut Parsed) -> Option<CameBy> {
        if parsed.intent.is_some() {
            return None;
        }
        let library = &self.edition.library;
        let (mut start, rest) = keyword::start_and_rest(self.text, &library.keywords)?;
        start.retain(|(program, _)| self.sender.programs.contains(program));
        let (program, language) = start.first()?;
        let code = rest.to_uppercase().replace(' ', "");
        let known = library.program(program)?.partners.contains_key(&code);
        let asked = library.requests.read(&rest, language).map(|asked| asked.request);
        let came_by = match asked {
            _ if known => CameBy::Code(code),
            Some(Request::Role(reader)) => CameBy::Role(reader),
            _ if !self.knows_us && self.is_date(&rest, language) => CameBy::Itself,
            _ if self.is_code(&rest, &code) => CameBy::Code(code),
            _ if self.is_few_words(&rest, language) => CameBy::Itself,
            _ => return None,
        };
        (parsed.intent, parsed.start, parsed.answer) = (Some(Intent::Baby), start, None);
        Some(came_by)
    }

    fn is_code(&self, rest: &str, code: &str) -> bool {
        !self.danger
            && rest.chars().any(|c| c.is_ascii_digit())
            && rest.split(' ').count() <= FEW_WORDS
            && code.chars().count() <= LONGEST_CODE
            && code.chars().any(char::is_alphabetic)
    }

    /// A stranger's word or two that say nothing else.
    fn is_few_words(&self, rest: &str, language: &str) -> bool {
        let asked = self.edition.library.requests.read(self.text, language).map(|asked| asked.request);
        let of_another = matches!(
            asked,
            Some(
                Request::Born
                    | Request::Dates
                    | Request::NotYet
                    | Request::Several(_)
                    | Request::Wrong
                    | Request::Delete
                    | Request::Details
            )
        );
        !self.knows_us && !self.danger && !of_another && rest.split(' ').count() <= FEW_WORDS
    }

    fn is_date(&self, rest: &str, language: &str) -> bool {
        let Ok(language) = language.parse() else { return false };
        let words = self.edition.library.dates(language);
        !date_text::read(rest, words, self.today).candidates.is_empty()
    }
}
