//! `lexicons/<language>/glossary.toml`: words that authors avoid, and words that take something for granted.

use serde::Deserialize;

use crate::domain::keyword::fold;

/// The file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GlossaryFile {
    /// Words to write otherwise.
    #[serde(default)]
    pub avoid: Vec<AvoidEntry>,
    /// Phrases that take a birth and a living baby for granted.
    #[serde(default)]
    pub birth: Vec<String>,
    /// Phrases that take a pregnancy for granted.
    #[serde(default)]
    pub pregnancy: Vec<String>,
    /// Words that make such a phrase a condition, when they stand in the same sentence: "if", "whether".
    #[serde(default)]
    pub conditions: Vec<String>,
}

/// Words to write otherwise.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AvoidEntry {
    /// Each a word or a phrase; `*` at the end of a word stands for any ending.
    pub words: Vec<String>,
    /// What to write.
    pub instead: Option<String>,
    /// Why.
    pub why: Option<String>,
    /// Only in these tracks; without it, in all.
    pub tracks: Option<Vec<String>>,
}

/// A glossary ready to be asked.
pub struct Glossary {
    avoid: Vec<(Vec<Phrase>, AvoidEntry)>,
    birth: Vec<Phrase>,
    pregnancy: Vec<Phrase>,
    conditions: Vec<Phrase>,
}

/// What a text may take for granted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// That the baby is born and lives.
    Birth,
    /// That she is pregnant.
    Pregnancy,
}

/// A word that was found and should not stand there.
pub struct Avoided {
    /// As the glossary writes it.
    pub found: String,
    /// What to write.
    pub instead: Option<String>,
    /// Why.
    pub why: Option<String>,
}

/// A text as words to be compared: no accents, small letters.
pub struct Sought(Vec<String>);

struct Phrase {
    written: String,
    words: Vec<(String, bool)>,
}

impl Sought {
    /// Cuts a text into words.
    pub fn new(text: &str) -> Self {
        let folded = fold(text);
        let words = folded.split(|c: char| !c.is_alphanumeric() && c != '*');
        Self(words.filter(|word| !word.is_empty()).map(str::to_owned).collect())
    }

    /// Its words.
    pub fn words(&self) -> &[String] {
        &self.0
    }

    fn holds(&self, phrase: &Phrase) -> bool {
        let length = phrase.words.len();
        length > 0
            && self.0.windows(length).any(|run| {
                run.iter().zip(&phrase.words).all(|(word, (wanted, open))| {
                    if *open { word.starts_with(wanted.as_str()) } else { word == wanted }
                })
            })
    }

    fn first<'a>(&self, phrases: &'a [Phrase]) -> Option<&'a Phrase> {
        phrases.iter().find(|phrase| self.holds(phrase))
    }
}

impl Phrase {
    fn new(written: &str) -> Self {
        let words = Sought::new(written).0.into_iter();
        let words = words.map(|word| (word.trim_end_matches('*').to_owned(), word.ends_with('*'))).collect();
        Self { written: written.to_owned(), words }
    }
}

impl Glossary {
    /// Makes it ready.
    pub fn new(file: &GlossaryFile) -> Self {
        let phrases = |written: &[String]| written.iter().map(|one| Phrase::new(one)).collect();
        Self {
            avoid: file.avoid.iter().map(|entry| (phrases(&entry.words), entry.clone())).collect(),
            birth: phrases(&file.birth),
            pregnancy: phrases(&file.pregnancy),
            conditions: phrases(&file.conditions),
        }
    }

    /// Every word of a text that should be another one, in a track.
    pub fn avoided(&self, text: &Sought, track: &str) -> Vec<Avoided> {
        let there = |entry: &AvoidEntry| {
            entry.tracks.as_ref().is_none_or(|tracks| tracks.iter().any(|named| named == track))
        };
        self.avoid
            .iter()
            .filter(|(_, entry)| there(entry))
            .filter_map(|(phrases, entry)| {
                let found = text.first(phrases)?.written.clone();
                Some(Avoided { found, instead: entry.instead.clone(), why: entry.why.clone() })
            })
            .collect()
    }

    /// The phrase by which a sentence takes something for granted; none if it says it as a condition.
    pub fn claimed(&self, sentence: &Sought, claim: Claim) -> Option<&str> {
        let phrases = match claim {
            Claim::Birth => &self.birth,
            Claim::Pregnancy => &self.pregnancy,
        };
        let found = sentence.first(phrases)?;
        sentence.first(&self.conditions).is_none().then_some(found.written.as_str())
    }
}
