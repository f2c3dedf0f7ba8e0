//! How hard a text is to read, by the formula that is used for its language.
//!
//! | language | formula | sixth grade or easier |
//! |---|---|---|
//! | English | Flesch-Kincaid grade (Kincaid et al. 1975): 0.39 w/s + 11.8 y/w - 15.59 | below 7 |
//! | Spanish | Fernández Huerta (1959, as corrected by G. Law): 206.84 - 60 y/w - 1.02 w/s | 70 and more |
//! | Russian | Flesch-Kincaid fitted to texts of Russian school years (plainrussian.ru): 0.318 w/s + 14.2 y/w - 30.5 | below 7 |
//!
//! w/s: words a sentence; y/w: syllables a word. Figures, telephone numbers and addresses are no words. A text
//! message is short for such formulas: one word more or less moves it by half a grade, so a single text is judged
//! with patience, and a whole library by its mean.

mod syllables;

use serde::Serialize;

use self::syllables::{english, russian, spanish};
use super::language::Language;

/// What a formula says of a text.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Reading {
    /// The formula's name.
    pub method: &'static str,
    /// Its value: a school grade, or with Fernández Huerta an ease from 0 to 100 and beyond.
    pub value: f64,
    /// Whether six years of school are enough.
    pub plain: bool,
}

/// Reads a text by its language's formula; none where the language has none here, or the text no words.
pub fn reading(language: Language, text: &str) -> Option<Reading> {
    let counted = |syllables: fn(&str) -> u32| Counted::of(text, syllables);
    Some(match language.as_str() {
        "en" => {
            let c = counted(english)?;
            grade("Flesch-Kincaid", 0.39 * c.words_a_sentence + 11.8 * c.syllables_a_word - 15.59)
        }
        "es" => {
            let c = counted(spanish)?;
            let value = 206.84 - 60.0 * c.syllables_a_word - 1.02 * c.words_a_sentence;
            Reading { method: "Fernández Huerta", value, plain: value >= 70.0 }
        }
        "ru" => {
            #[expect(clippy::approx_constant, reason = "the formula's constant, and no circle's")]
            const A_WORD_MORE: f64 = 0.318;
            let c = counted(russian)?;
            grade("plainrussian.ru", A_WORD_MORE * c.words_a_sentence + 14.2 * c.syllables_a_word - 30.5)
        }
        _ => return None,
    })
}

fn grade(method: &'static str, value: f64) -> Reading {
    Reading { method, value, plain: value < 7.0 }
}

struct Counted {
    words_a_sentence: f64,
    syllables_a_word: f64,
}

impl Counted {
    fn of(text: &str, syllables: fn(&str) -> u32) -> Option<Self> {
        let (mut sentences, mut words, mut total) = (0_u32, 0_u32, 0_u32);
        for sentence in sentences_of(text) {
            let before = words;
            for word in words_of(sentence) {
                words += 1;
                total += syllables(word);
            }
            sentences += u32::from(words > before);
        }
        (words > 0).then(|| Self {
            words_a_sentence: f64::from(words) / f64::from(sentences),
            syllables_a_word: f64::from(total) / f64::from(words),
        })
    }
}

/// The sentences of a text: a stop counts where a space or the end follows, so neither "fns.usda.gov" nor "100.4"
/// is cut.
pub fn sentences_of(text: &str) -> impl Iterator<Item = &str> {
    let mut ends: Vec<usize> = Vec::new();
    let mut letters = text.char_indices().peekable();
    while let Some((at, c)) = letters.next() {
        let followed = letters.peek().is_none_or(|(_, next)| next.is_whitespace() || "\"»)".contains(*next));
        if c == '\n' || ("!?…".contains(c) || c == '.') && followed {
            ends.push(at + c.len_utf8());
        }
    }
    ends.push(text.len());
    let mut from = 0;
    ends.into_iter().map(move |end| {
        let sentence = &text[from..end];
        from = end;
        sentence
    })
}

/// The words of a sentence: runs of letters, with the hyphens and apostrophes inside them. What holds a figure, or
/// looks like an address, is none.
fn words_of(sentence: &str) -> impl Iterator<Item = &str> {
    sentence.split_whitespace().flat_map(|chunk| {
        let chunk = chunk.trim_matches(|c: char| !c.is_alphanumeric());
        let address = chunk.contains(|c: char| c.is_numeric())
            || chunk.contains(['/', '@'])
            || chunk.split('.').filter(|part| part.chars().count() > 1).count() > 1;
        let parts = if address { "" } else { chunk };
        parts
            .split(|c: char| !c.is_alphabetic() && !"'’-".contains(c))
            .filter(|word| word.contains(|c: char| c.is_alphabetic()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(language: &str, text: &str) -> f64 {
        reading(language.parse().expect("a language"), text).expect("words").value
    }

    #[test]
    fn a_sentence_ends_where_a_space_follows() {
        let cut: Vec<_> = sentences_of("Is it 100.4 F? Call! See fns.usda.gov/wic.").map(str::trim).collect();
        assert_eq!(vec!["Is it 100.4 F?", "Call!", "See fns.usda.gov/wic.", ""], cut);
    }

    #[test]
    fn figures_and_addresses_are_no_words() {
        let words: Vec<_> =
            words_of("Call 1-800-784-8669 or see fns.usda.gov/wic, don't wait (now).").collect();
        assert_eq!(vec!["Call", "or", "see", "don't", "wait", "now"], words);
    }

    #[test]
    fn each_formula_as_published() {
        // Six words of one syllable in one sentence: 0.39 · 6 + 11.8 - 15.59.
        assert!((value("en", "The cat sat on the mat.") - -1.45).abs() < 1e-9);
        // La casa es de mi ma-dre: 6 words, 8 syllables.
        assert!(
            (value("es", "La casa es de mi madre.") - (206.84 - 60.0 * 8.0 / 6.0 - 1.02 * 6.0)).abs() < 1e-9
        );
        // Ма-ма мы-ла ра-му: 3 words, 6 syllables.
        assert!((value("ru", "Мама мыла раму.") - (318.0 * 3.0 / 1000.0 + 14.2 * 2.0 - 30.5)).abs() < 1e-9);
        assert_eq!(None, reading("en".parse().expect("a language"), "988 911"));
    }
}
