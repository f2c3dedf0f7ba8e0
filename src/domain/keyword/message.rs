//! A text as words and sentences.

use std::ops::Range;

use super::{
    fold::{Script, fold, is_dropped, script_of},
    lookalike,
    spelling::Spelling,
};

/// A text longer than this is no message from a mother; only so much of it is read.
pub const LONGEST: usize = 1000;

/// Single letters in a row that make a word: "S T O P".
const SPELLED_OUT: usize = 4;

/// What follows a word, from the weakest break to the strongest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Pause {
    None,
    /// A comma, a dash, an emoji.
    Clause,
    /// A full stop, an exclamation mark, a new line.
    Sentence,
    /// A question mark.
    Question,
}

/// One word in all the ways it may be read.
#[derive(Clone, Debug)]
pub struct Word {
    /// As typed, then as its look-alikes.
    pub typed: Vec<String>,
    /// Words of the lexicons that it may be a slip of.
    pub near: Vec<String>,
    pub pause: Pause,
    /// Which of the text's words it is, counted as they stand there; several, where it was spelled out or said again.
    pub place: Range<usize>,
}

/// A text taken apart.
#[derive(Clone, Debug)]
pub struct Message {
    pub words: Vec<Word>,
    /// No letter of our alphabets and no digit; its signs stand as words, so that 👍 can be an answer.
    pub only_signs: bool,
    /// It was cut at [`LONGEST`].
    pub too_long: bool,
    /// The alphabet most of its letters belong to.
    pub script: Script,
}

impl Word {
    /// A word that is exactly this.
    pub fn exactly(word: &str) -> Self {
        Self { typed: vec![word.to_owned()], near: Vec::new(), pause: Pause::None, place: 0..0 }
    }

    /// All readings.
    pub fn readings(&self) -> impl Iterator<Item = &str> {
        self.typed.iter().chain(&self.near).map(String::as_str)
    }

    /// Its value, if it is a number.
    pub fn number(&self) -> Option<u32> {
        self.typed[0].parse().ok()
    }
}

impl Message {
    /// Takes a text apart.
    pub fn read(text: &str, spelling: &Spelling) -> Self {
        let too_long = text.chars().nth(LONGEST).is_some();
        let folded = fold(&text.chars().take(LONGEST).collect::<String>());
        let only_signs = !folded.chars().any(is_readable);
        let split = if only_signs { signs(&folded) } else { words(&folded) };
        let words = without_echo(join_spelled_out(&split))
            .into_iter()
            .map(|piece| read_word(piece, spelling))
            .collect();
        Self { words, only_signs, too_long, script: super::fold::main_script(&folded) }
    }

    /// Its sentences; patterns look for their words within one.
    pub fn sentences(&self) -> impl Iterator<Item = &[Word]> {
        self.words.split_inclusive(|word| word.pause >= Pause::Sentence)
    }

    /// The parts between any marks.
    pub fn clauses(&self) -> impl Iterator<Item = &[Word]> {
        self.words.split_inclusive(|word| word.pause > Pause::None)
    }

    /// Whether it has a question mark.
    pub fn asks(&self) -> bool {
        self.words.iter().any(|word| word.pause == Pause::Question)
    }
}

/// Where the words of a text stand in it, in bytes, counted as in [`Word::place`]; nothing where that cannot be told.
pub fn places(text: &str) -> Vec<Range<usize>> {
    let end = text.char_indices().nth(LONGEST).map_or(text.len(), |(at, _)| at);
    let text = &text[..end];
    let inside = |c: char| c.is_alphanumeric() || is_dropped(c);
    let mut places: Vec<Range<usize>> = Vec::new();
    let mut begun: Option<usize> = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match begun {
            None if inside(c) => begun = Some(at),
            Some(from) if !inside(c) => {
                // One sign may be read as several words: ½.
                let folded = words(&fold(&text[from..at]));
                places.extend(folded.iter().map(|_| from..at));
                begun = None;
            }
            _ => {}
        }
    }
    if places.len() == words(&fold(text)).len() { places } else { Vec::new() }
}

fn read_word(piece: Piece, spelling: &Spelling) -> Word {
    let Piece { word, pause, place } = piece;
    let typed = lookalike::readings(&word);
    let near = if typed.iter().any(|reading| spelling.knows(reading)) {
        Vec::new()
    } else {
        typed.iter().flat_map(|reading| spelling.near_in_sentence(reading)).map(str::to_owned).collect()
    };
    Word { typed, near, pause, place }
}

/// A word on its way to be read.
#[derive(Clone, Debug)]
struct Piece {
    word: String,
    pause: Pause,
    place: Range<usize>,
}

fn is_readable(c: char) -> bool {
    c.is_ascii_digit() || matches!(script_of(c), Script::Latin | Script::Cyrillic)
}

fn words(folded: &str) -> Vec<(String, Pause)> {
    let mut words: Vec<(String, Pause)> = Vec::new();
    let (mut inside, mut digit) = (false, false);
    let mut chars = folded.chars().peekable();
    while let Some(c) = chars.next() {
        if c.is_alphanumeric() {
            if !inside {
                words.push((String::new(), Pause::None));
            }
            if let Some((word, _)) = words.last_mut() {
                word.push(c);
            }
        } else if let Some((_, pause)) = words.last_mut() {
            // A hyphen inside a word parts two words and nothing more, "opt-out"; so does a point inside a figure: "8.40".
            let next = chars.peek().copied();
            let hyphen = c == '-' && inside && next.is_some_and(char::is_alphanumeric);
            let figure = c == '.' && digit && next.is_some_and(|next| next.is_ascii_digit());
            *pause = (*pause).max(if hyphen || figure { Pause::None } else { pause_at(c) });
        }
        (inside, digit) = (c.is_alphanumeric(), c.is_ascii_digit());
    }
    words
}

fn pause_at(c: char) -> Pause {
    match c {
        '?' => Pause::Question,
        '.' | '!' | '\n' | '\r' | '。' => Pause::Sentence,
        ',' | ';' | '-' | '(' | ')' => Pause::Clause,
        // Quotes, slashes and spaces only part words; dashes and emoji part clauses.
        _ if c.is_ascii() || c.is_whitespace() || matches!(c, '«' | '»' | '“' | '”' | '„' | '¿' | '¡') => {
            Pause::None
        }
        _ => Pause::Clause,
    }
}

fn signs(folded: &str) -> Vec<(String, Pause)> {
    folded.chars().filter(|c| !c.is_whitespace()).map(|c| (c.to_string(), Pause::None)).collect()
}

/// Puts "S T O P" and "s.t.o.p" together: four letters in a row, or three if there is nothing else.
fn join_spelled_out(words: &[(String, Pause)]) -> Vec<Piece> {
    let needed = SPELLED_OUT.min(words.len()).max(SPELLED_OUT - 1);
    let single =
        |(word, _): &(String, Pause)| word.chars().count() == 1 && word.chars().all(char::is_alphabetic);
    let mut pieces = Vec::with_capacity(words.len());
    let mut at = 0;
    for run in words.chunk_by(|a, b| single(a) && single(b)) {
        match run {
            [.., (_, pause)] if run.len() >= needed && single(&run[0]) => {
                let word = run.iter().map(|(letter, _)| letter.as_str()).collect();
                pieces.push(Piece { word, pause: *pause, place: at..at + run.len() });
            }
            _ => pieces.extend(run.iter().zip(at..).map(|((word, pause), at)| Piece {
                word: word.clone(),
                pause: *pause,
                place: at..at + 1,
            })),
        }
        at += run.len();
    }
    pieces
}

/// Says a word once that was said several times in a row: "STOP STOP STOP".
fn without_echo(mut words: Vec<Piece>) -> Vec<Piece> {
    words.dedup_by(|again, first| {
        let echo = again.word == first.word;
        if echo {
            first.pause = again.pause;
            first.place.end = again.place.end;
        }
        echo
    });
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(String, Pause)> {
        let message = Message::read(text, &Spelling::default());
        message.words.into_iter().map(|mut word| (word.typed.remove(0), word.pause)).collect()
    }

    fn plain(text: &str) -> Vec<String> {
        read(text).into_iter().map(|(word, _)| word).collect()
    }

    #[test]
    fn marks_part_sentences_and_clauses() {
        assert_eq!(
            read("Opt-out, please. Now?"),
            [
                ("opt".to_owned(), Pause::None),
                ("out".to_owned(), Pause::Clause),
                ("please".to_owned(), Pause::Sentence),
                ("now".to_owned(), Pause::Question),
            ]
        );
    }

    #[test]
    fn spelled_out_and_repeated_words_are_said_once() {
        assert_eq!(plain("S.T.O.P"), ["stop"]);
        assert_eq!(plain("e n d"), ["end"]);
        assert_eq!(plain("s t o p now"), ["stop", "now"]);
        assert_eq!(plain("stop STOP Stop!"), ["stop"]);
        assert_eq!(plain("i a m 5 weeks"), ["i", "a", "m", "5", "weeks"]);
    }

    #[test]
    fn a_text_of_signs_is_read_sign_by_sign() {
        assert_eq!(plain("👍🏽👍"), ["👍"]);
        assert_eq!(plain("ok 👍"), ["ok"]);
    }
}
