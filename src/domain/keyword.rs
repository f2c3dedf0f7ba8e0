//! What a mother's text asks for: stop, help, a new date, a loss; and her short answers.
//!
//! Every word lives in `message-library/lexicons/<language>/keywords.toml`; the code knows only how to
//! compare. A text walks through the rooms in this order:
//!
//! 1. `fold`: case, accents, full-width and invisible characters;
//! 2. `lookalike`: words mixed from two alphabets, digits that stand for letters;
//! 3. `message`: words and sentences, "S T O P" put together, near spellings (`spelling`);
//! 4. `pattern`: wordings as the lexicons describe them, in the `notation` of their authors;
//! 5. `stop`, `loss`, `whole`: the three ways a text is read, brought together by `parse`.
//!
//! **Stop always stops.** A text that tells of a loss and asks for silence is [`Intent::Stop`], and
//! [`Parsed::loss`] stands beside it: START must not bring the pregnancy back. Loss comes next, because going
//! on as before would hurt. All other intents need the whole text, so that "help my baby has fever" stays free text.

mod fold;
pub(in crate::domain) mod lexicon;
mod lookalike;
mod loss;
pub(in crate::domain) mod message;
mod notation;
mod parse;
pub(in crate::domain) mod pattern;
pub(in crate::domain) mod sieve;
pub(in crate::domain) mod spelling;
mod stop;
mod whole;

pub use fold::{Script, fold};
pub use lexicon::{KeywordWords, Keywords};
pub use parse::{parse, start_and_rest};

/// A program's own word (BABY, BEBE, МАМА), with the language it chooses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StartWord {
    /// The program's id.
    pub program: String,
    /// ISO 639-1 code of the language that this word stands for.
    pub language: String,
    /// The word as the program's file has it.
    pub word: String,
}

/// What a text asks for, whatever is being talked about at the moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Intent {
    /// No more texts. Wins over everything else.
    Stop,
    /// Texts again, please.
    Start,
    /// Who are you, and how do I reach you?
    Help,
    /// The due date changed, or the baby was born.
    Update,
    /// A program's own start word.
    Baby,
    /// The pregnancy or the baby was lost.
    Loss,
}

impl Intent {
    /// The name `motherline explain` prints.
    pub fn name(self) -> &'static str {
        match self {
            Self::Stop => "stop",
            Self::Start => "start",
            Self::Help => "help",
            Self::Update => "update",
            Self::Baby => "baby",
            Self::Loss => "loss",
        }
    }
}

/// A short answer to an open question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Answer {
    /// Right, go on.
    Yes,
    /// Wrong, or no thank you.
    No,
    /// She would rather not say.
    Skip,
    /// She does not know her date; ask for her last period instead.
    LastPeriod,
    /// It is still she who has this number.
    StillHer,
    /// A bare small number: a choice from a list.
    Number(u32),
}

/// Everything one text says by itself, before the conversation gives it a context.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parsed {
    /// What she asks for; `None` for free text and for answers.
    pub intent: Option<Intent>,
    /// Programs and languages whose start word the text is; empty unless the intent is [`Intent::Baby`].
    pub start: Vec<(String, String)>,
    /// It tells of a loss. Can stand beside [`Intent::Stop`]: "I lost my baby. Stop".
    pub loss: bool,
    /// Her answer, if the text is one; `None` whenever there is an intent.
    pub answer: Option<Answer>,
    /// It may mean stop, and she should be asked. Can stand beside an intent other than stop.
    pub stop_in_doubt: bool,
    /// Thanks, a greeting, "ok": nothing that needs an answer.
    pub courtesy: bool,
    /// Nothing here to answer: no word in an alphabet we read, or an absurdly long text.
    pub junk: bool,
    /// The alphabet most of its letters belong to.
    pub script: Script,
}

impl Parsed {
    /// What no words at all say.
    pub fn nothing() -> Self {
        Self {
            intent: None,
            start: Vec::new(),
            loss: false,
            answer: None,
            stop_in_doubt: false,
            courtesy: false,
            junk: false,
            script: Script::Latin,
        }
    }
}
