//! A long list of wordings, sifted: of some thousand patterns only those are tried of which a text has a word.
//!
//! Each wording has a part that it cannot do without: a word, the beginning or end of one, or one of several. The words
//! of a text name the wordings whose part they are; all others cannot fit.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::message::Word;
use super::pattern::{Choice, Classes, Node, Pattern};

/// A class that holds classes is followed so deep.
const DEEPEST: usize = 6;

/// A list with what its wordings cannot do without.
#[derive(Clone, Debug, Default)]
pub struct Sieve {
    words: HashSet<String>,
    patterns: Vec<Pattern>,
    by_word: HashMap<String, Vec<usize>>,
    by_beginning: Vec<(String, usize)>,
    by_end: Vec<(String, usize)>,
    /// Those that have no such part: a number, or nothing but what may be left out.
    always: Vec<usize>,
}

/// What a wording cannot do without: one of these.
#[derive(Clone, Debug, Default)]
struct Part<'a> {
    words: Vec<&'a str>,
    beginnings: Vec<&'a str>,
    ends: Vec<&'a str>,
}

impl Sieve {
    /// Sifts a list, whose classes are these.
    pub fn of(list: Choice, classes: &Classes) -> Self {
        let (words, patterns) = list.into_wordings();
        let mut sieve = Self { words: words.into_iter().collect(), ..Self::default() };
        for (index, pattern) in patterns.iter().enumerate() {
            match needed(pattern, classes, 0) {
                None => sieve.always.push(index),
                Some(part) => {
                    for word in part.words {
                        sieve.by_word.entry(word.to_owned()).or_default().push(index);
                    }
                    sieve.by_beginning.extend(part.beginnings.iter().map(|stem| ((*stem).to_owned(), index)));
                    sieve.by_end.extend(part.ends.iter().map(|tail| ((*tail).to_owned(), index)));
                }
            }
        }
        sieve.patterns = patterns;
        sieve
    }

    /// Whether the words say one of the list's wordings anywhere.
    pub fn is_in(&self, words: &[Word], classes: &Classes) -> bool {
        let mut tried = HashSet::new();
        let mut fits = |index: usize| tried.insert(index) && self.patterns[index].is_in(words, classes);
        for reading in words.iter().flat_map(Word::readings) {
            if self.words.contains(reading)
                || self.by_word.get(reading).into_iter().flatten().any(|index| fits(*index))
            {
                return true;
            }
            let begins = self.by_beginning.iter().filter(|(stem, _)| reading.starts_with(stem.as_str()));
            let ends = self.by_end.iter().filter(|(tail, _)| reading.ends_with(tail.as_str()));
            if begins.chain(ends).any(|(_, index)| fits(*index)) {
                return true;
            }
        }
        self.always.iter().any(|index| fits(*index))
    }
}

impl Sieve {
    /// Where the words say one of the list's wordings.
    pub fn places(&self, words: &[Word], classes: &Classes) -> Vec<Range<usize>> {
        let alone = words.iter().enumerate();
        let alone = alone.filter(|(_, word)| word.readings().any(|reading| self.words.contains(reading)));
        let mut places: Vec<Range<usize>> = alone.map(|(at, _)| at..at + 1).collect();
        let longer = self.patterns.iter().filter(|pattern| pattern.is_in(words, classes));
        places.extend(longer.flat_map(|pattern| pattern.places(words, classes)));
        places
    }
}

/// The part of a wording that the fewest words can be.
fn needed<'a>(pattern: &'a Pattern, classes: &'a Classes, depth: usize) -> Option<Part<'a>> {
    pattern.0.iter().filter_map(|node| of_node(node, classes, depth)).min_by_key(Part::size)
}

fn of_node<'a>(node: &'a Node, classes: &'a Classes, depth: usize) -> Option<Part<'a>> {
    match node {
        Node::Word(word) => Some(Part { words: vec![word], ..Part::default() }),
        Node::Begins(stem) => Some(Part { beginnings: vec![stem], ..Part::default() }),
        Node::Ends(tail) => Some(Part { ends: vec![tail], ..Part::default() }),
        Node::Choice(choice) => of_choice(choice, classes, depth),
        Node::Class(name) => of_choice(classes.get(name)?, classes, depth + 1),
        Node::Number | Node::Maybe(_) | Node::Gap | Node::First | Node::Last => None,
    }
}

/// One of several: whatever any of them needs; none if one of them needs nothing.
fn of_choice<'a>(choice: &'a Choice, classes: &'a Classes, depth: usize) -> Option<Part<'a>> {
    if depth > DEEPEST {
        return None;
    }
    let mut part =
        Part { words: choice.single_words().iter().map(String::as_str).collect(), ..Part::default() };
    for pattern in choice.longer() {
        let one = needed(pattern, classes, depth)?;
        part.words.extend(one.words);
        part.beginnings.extend(one.beginnings);
        part.ends.extend(one.ends);
    }
    Some(part)
}

impl Part<'_> {
    /// Beginnings and ends are looked for one by one, and count for more.
    fn size(&self) -> usize {
        self.words.len() + 20 * (self.beginnings.len() + self.ends.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choice(patterns: &[&str]) -> Choice {
        Choice::from(
            patterns.iter().map(|pattern| pattern.parse().expect("a pattern")).collect::<Vec<Pattern>>(),
        )
    }

    #[test]
    fn a_sifted_list_says_what_the_list_says() {
        let classes = Classes::from([
            ("blood".to_owned(), choice(&["blood", "bleed*", "red stuff"])),
            ("much".to_owned(), choice(&["a lot", "<blood>", "[so] much"])),
        ]);
        let list = choice(&[
            "<much> <blood>",
            "# pads",
            "[very] *ache",
            "(no|less) [more] movement",
            "help",
            "^ # $",
            "i ... <blood>",
        ]);
        let sieve = Sieve::of(list.clone(), &classes);
        for text in [
            "so much blood",
            "a lot bleeding",
            "3 pads",
            "headache",
            "very tired",
            "no more movement",
            "movement",
            "help",
            "helps",
            "12",
            "i see red stuff",
            "i see red",
            "",
            "much",
            "blood",
            "less movement today",
        ] {
            let words: Vec<Word> = text.split_whitespace().map(Word::exactly).collect();
            assert_eq!(list.is_in(&words, &classes), sieve.is_in(&words, &classes), "{text:?}");
        }
    }
}
