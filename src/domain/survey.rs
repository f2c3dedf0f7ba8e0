//! Questions that a tip may ask, and what an answer to one comes to. Their words are the library's.

use super::keyword::{Answer, Parsed, fold};

/// A question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Its id, for ever.
    pub id: String,
    /// The tip that asks it; none: another question leads to it.
    pub tip: Option<String>,
    /// For how many days an answer is waited for.
    pub open_days: u32,
    /// What answers come to.
    pub outcomes: Vec<Outcome>,
}

/// What an answer comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Counted under this name.
    pub name: String,
    /// The answers that come to it.
    pub answers: Vec<Accepts>,
    /// The question asked at once, with the reply.
    pub next: Option<String>,
    /// What comes days later.
    pub later: Option<Later>,
}

/// An answer that is understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Accepts {
    /// Yes.
    Yes,
    /// No.
    No,
    /// A number from one to another, both included.
    Between(u32, u32),
    /// A letter, folded.
    Letter(String),
}

/// What comes days later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Later {
    /// How many days.
    pub days: u32,
    /// The question asked then; none: a text.
    pub question: Option<String>,
}

impl Question {
    /// The outcome of an answer, by its place; none if it is no answer to this, or could be two.
    pub fn outcome(&self, text: &str, parsed: &Parsed) -> Option<usize> {
        let said = Said::read(text, parsed);
        let mut fitting = self
            .outcomes
            .iter()
            .enumerate()
            .filter(|(_, outcome)| outcome.answers.iter().any(|answer| said.is(answer)));
        let (place, _) = fitting.next()?;
        fitting.next().is_none().then_some(place)
    }

    /// The answers as she may give them: 1, 2, 3.
    pub fn answers(&self) -> String {
        let shown = |accepts: &Accepts| match accepts {
            Accepts::Yes | Accepts::No => None,
            Accepts::Between(from, to) if from == to => Some(from.to_string()),
            Accepts::Between(from, to) => Some(format!("{from}-{to}")),
            Accepts::Letter(letter) => Some(letter.to_uppercase()),
        };
        let mut shown: Vec<String> =
            self.outcomes.iter().flat_map(|outcome| &outcome.answers).filter_map(shown).collect();
        shown.sort_by_key(|answer| (answer.len(), answer.clone()));
        shown.join(", ")
    }
}

/// More words are a text of their own: "can I take 2 pills for my back".
const FEW_WORDS: usize = 4;

/// What a text says, as far as it can answer a question.
struct Said {
    answer: Option<Answer>,
    /// The one number it names.
    number: Option<u32>,
    /// Its words, if there are few: a longer text is no letter.
    words: Vec<String>,
}

impl Said {
    fn read(text: &str, parsed: &Parsed) -> Self {
        let folded = fold(text);
        let words: Vec<String> = folded
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect();
        let mut numbers = words.iter().filter_map(|word| word.parse().ok());
        let number = numbers.next().filter(|first| numbers.all(|other: u32| other == *first));
        Self { answer: parsed.answer, number, words }
    }

    fn is(&self, answer: &Accepts) -> bool {
        match answer {
            Accepts::Yes => self.answer == Some(Answer::Yes),
            Accepts::No => self.answer == Some(Answer::No),
            Accepts::Between(from, to) => {
                self.words.len() <= FEW_WORDS
                    && self.number.is_some_and(|number| (*from..=*to).contains(&number))
            }
            Accepts::Letter(letter) => self.words.len() <= FEW_WORDS && self.words.contains(letter),
        }
    }
}
