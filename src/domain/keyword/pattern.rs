//! Patterns: the small language in which a lexicon describes a wording.
//!
//! | written | means |
//! |---|---|
//! | `stop texting` | these words, one after the other |
//! | `(my\|our) baby` | one of several |
//! | `[please] stop` | may be there or not |
//! | `<messages>` | any entry of the list of that name under `[classes]` |
//! | `потеря*`, `*ing` | a word that begins, or ends, so |
//! | `stop ... texts` | up to four words in between |
//! | `#` | a number |
//! | `^`, `$` | here the sentence begins, or ends |
//!
//! Matching keeps the set of places reached so far, so its cost grows with text and pattern, never beyond.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde::Deserialize;

use super::{fold::fold, message::Word};

/// Words that `...` may stand for.
const GAP: usize = 4;

/// The named lists of a lexicon.
pub type Classes = BTreeMap<String, Choice>;

/// A described wording.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "String")]
pub struct Pattern(Vec<Node>);

/// One of several wordings. Single words, which are most of them, are looked up rather than tried in turn.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(from = "Vec<Pattern>")]
pub struct Choice {
    words: HashSet<String>,
    longer: Vec<Pattern>,
}

#[derive(Clone, Debug)]
enum Node {
    Word(String),
    Begins(String),
    Ends(String),
    Number,
    Choice(Choice),
    Maybe(Choice),
    Class(String),
    Gap,
    First,
    Last,
}

type Places = BTreeSet<usize>;

impl Pattern {
    /// Whether the words say this anywhere.
    pub fn is_in(&self, words: &[Word], classes: &Classes) -> bool {
        !self
            .advance(words, classes, (0..=words.len()).collect())
            .is_empty()
    }

    /// Whether the words say this and nothing else.
    pub fn is_all_of(&self, words: &[Word], classes: &Classes) -> bool {
        !words.is_empty()
            && self
                .advance(words, classes, Places::from([0]))
                .contains(&words.len())
    }

    /// How many words at the beginning say this.
    pub fn leads(&self, words: &[Word], classes: &Classes) -> usize {
        self.advance(words, classes, Places::from([0]))
            .last()
            .copied()
            .unwrap_or(0)
    }

    /// How many words at the end say this.
    pub fn trails(&self, words: &[Word], classes: &Classes) -> usize {
        let reaches_end = |from: &usize| {
            self.advance(words, classes, Places::from([*from]))
                .contains(&words.len())
        };
        words.len() - (0..words.len()).find(reaches_end).unwrap_or(words.len())
    }

    /// Where this is first said.
    pub fn first_in(&self, words: &[Word], classes: &Classes) -> Option<usize> {
        (0..words.len()).find(|&from| {
            !self
                .advance(words, classes, Places::from([from]))
                .is_empty()
        })
    }

    /// Every word written out in this pattern.
    pub fn vocabulary(&self) -> Vec<&str> {
        self.0.iter().flat_map(Node::vocabulary).collect()
    }

    /// Every class this pattern names.
    pub fn class_names(&self) -> Vec<&str> {
        self.0.iter().flat_map(Node::class_names).collect()
    }

    fn advance(&self, words: &[Word], classes: &Classes, from: Places) -> Places {
        self.0.iter().fold(from, |from, node| {
            if from.is_empty() {
                from
            } else {
                node.advance(words, classes, from)
            }
        })
    }
}

impl Choice {
    /// Every word written out in this choice.
    pub fn vocabulary(&self) -> Vec<&str> {
        self.words
            .iter()
            .map(String::as_str)
            .chain(self.longer.iter().flat_map(Pattern::vocabulary))
            .collect()
    }

    /// Every class this choice names.
    pub fn class_names(&self) -> Vec<&str> {
        self.longer.iter().flat_map(Pattern::class_names).collect()
    }

    fn advance(&self, words: &[Word], classes: &Classes, from: &Places) -> Places {
        let mut reached = step(words, from, |word| {
            word.readings().any(|reading| self.words.contains(reading))
        });
        for pattern in &self.longer {
            reached.append(&mut pattern.advance(words, classes, from.clone()));
        }
        reached
    }
}

impl Node {
    fn advance(&self, words: &[Word], classes: &Classes, from: Places) -> Places {
        match self {
            Self::Word(this) => step(words, &from, |word| {
                word.readings().any(|reading| reading == this)
            }),
            Self::Begins(stem) => step(words, &from, |word| {
                word.readings().any(|reading| reading.starts_with(stem))
            }),
            Self::Ends(tail) => step(words, &from, |word| {
                word.readings().any(|reading| reading.ends_with(tail))
            }),
            Self::Number => step(words, &from, Word::is_number),
            Self::Choice(choice) => choice.advance(words, classes, &from),
            Self::Maybe(choice) => {
                let mut reached = choice.advance(words, classes, &from);
                reached.extend(from);
                reached
            }
            Self::Class(name) => classes
                .get(name)
                .map(|class| class.advance(words, classes, &from))
                .unwrap_or_default(),
            Self::Gap => from
                .iter()
                .flat_map(|&at| at..=(at + GAP).min(words.len()))
                .collect(),
            Self::First => from.into_iter().filter(|&at| at == 0).collect(),
            Self::Last => from.into_iter().filter(|&at| at == words.len()).collect(),
        }
    }

    fn vocabulary(&self) -> Vec<&str> {
        match self {
            Self::Word(word) => vec![word],
            Self::Choice(choice) | Self::Maybe(choice) => choice.vocabulary(),
            _ => Vec::new(),
        }
    }

    fn class_names(&self) -> Vec<&str> {
        match self {
            Self::Class(name) => vec![name],
            Self::Choice(choice) | Self::Maybe(choice) => choice.class_names(),
            _ => Vec::new(),
        }
    }
}

fn step(words: &[Word], from: &Places, fits: impl Fn(&Word) -> bool) -> Places {
    from.iter()
        .filter(|&&at| words.get(at).is_some_and(&fits))
        .map(|at| at + 1)
        .collect()
}

impl From<Vec<Pattern>> for Choice {
    fn from(patterns: Vec<Pattern>) -> Self {
        let mut choice = Self::default();
        for pattern in patterns {
            match pattern.0.as_slice() {
                [Node::Word(word)] => {
                    choice.words.insert(word.clone());
                }
                _ => choice.longer.push(pattern),
            }
        }
        choice
    }
}

impl TryFrom<String> for Pattern {
    type Error = String;

    fn try_from(written: String) -> Result<Self, String> {
        written.parse()
    }
}

impl std::str::FromStr for Pattern {
    type Err = String;

    fn from_str(written: &str) -> Result<Self, String> {
        let mut rest = written;
        let pattern = sequence(&mut rest).and_then(|pattern| match rest.chars().next() {
            Some(extra) => Err(format!("`{extra}` has nothing to close or part")),
            None if pattern.0.is_empty() => Err("it is empty".to_owned()),
            None => Ok(pattern),
        });
        pattern.map_err(|fault| format!("pattern `{written}`: {fault}"))
    }
}

/// Reads up to the end, or to a mark that belongs to the bracket around.
fn sequence(rest: &mut &str) -> Result<Pattern, String> {
    let mut nodes = Vec::new();
    loop {
        *rest = rest.trim_start();
        let Some(first) = rest.chars().next() else {
            break;
        };
        match first {
            ')' | ']' | '|' => break,
            '(' => nodes.push(Node::Choice(choice(rest, ')')?)),
            '[' => nodes.push(Node::Maybe(choice(rest, ']')?)),
            '<' => {
                let (name, after) = rest[1..].split_once('>').ok_or("`<` is never closed")?;
                nodes.push(Node::Class(name.to_owned()));
                *rest = after;
            }
            _ => nodes.append(&mut plain(rest)?),
        }
    }
    Ok(Pattern(nodes))
}

fn choice(rest: &mut &str, close: char) -> Result<Choice, String> {
    let mut branches = Vec::new();
    loop {
        *rest = &rest[1..]; // the opening bracket or the bar, one byte each
        let branch = sequence(rest)?;
        if branch.0.is_empty() {
            return Err("a choice has an empty branch".to_owned());
        }
        branches.push(branch);
        match rest.chars().next() {
            Some('|') => {}
            Some(end) if end == close => break,
            _ => return Err(format!("a bracket is never closed by `{close}`")),
        }
    }
    *rest = &rest[1..];
    Ok(Choice::from(branches))
}

/// Reads one piece without brackets: a word with or without a star, `...`, `#`, `^`, `$`, or a sign.
fn plain(rest: &mut &str) -> Result<Vec<Node>, String> {
    let end = rest
        .find(|c: char| c.is_whitespace() || "()[]<>|".contains(c))
        .unwrap_or(rest.len());
    let (piece, after) = rest.split_at(end);
    *rest = after;
    let folded = fold(piece);
    match folded.as_str() {
        "..." => return Ok(vec![Node::Gap]),
        "#" => return Ok(vec![Node::Number]),
        "^" => return Ok(vec![Node::First]),
        "$" => return Ok(vec![Node::Last]),
        "" => return Err(format!("`{piece}` says nothing")),
        _ => {}
    }
    if let Some(stem) = folded.strip_suffix('*') {
        return Ok(vec![Node::Begins(stem.to_owned())]);
    }
    if let Some(tail) = folded.strip_prefix('*') {
        return Ok(vec![Node::Ends(tail.to_owned())]);
    }
    let words: Vec<Node> = folded
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(|word| Node::Word(word.to_owned()))
        .collect();
    Ok(if words.is_empty() {
        vec![Node::Word(folded)]
    } else {
        words
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn says(pattern: &str, text: &str) -> bool {
        let classes = Classes::from([(
            "texts".to_owned(),
            Choice::from(vec![
                "texts".parse().unwrap(),
                "text messages".parse().unwrap(),
            ]),
        )]);
        let words: Vec<Word> = text.split_whitespace().map(Word::exactly).collect();
        pattern.parse::<Pattern>().unwrap().is_in(&words, &classes)
    }

    #[test]
    fn each_mark_means_what_the_table_says() {
        assert!(says(
            "stop [all] [the|these] <texts>",
            "please stop these text messages now"
        ));
        assert!(says("stop ... <texts>", "stop a b c d texts"));
        assert!(!says("stop ... <texts>", "stop a b c d e texts"));
        assert!(says("^ (no more|enough) $", "no more"));
        assert!(!says("^ no more $", "no more nausea"));
        assert!(says("потеря* #", "потеряла 2"));
        assert!(says("stop *ing", "stop smoking"));
        assert!(says("don't opt-out", "dont opt out"));
        assert!(!says("<unheard-of>", "stop"));
    }

    #[test]
    fn a_faulty_pattern_is_told_with_its_text() {
        for faulty in ["", "(a|b", "a)", "[a|]", "<a", "\u{200b}"] {
            let told = faulty.parse::<Pattern>().unwrap_err();
            assert!(told.contains(faulty), "{told}");
        }
    }
}
