//! Signs of danger, found in whatever she writes.
//!
//! The signs are those of WHO's guides for pregnancy, childbirth and the newborn (*Pregnancy, childbirth, postpartum
//! and newborn care*, third edition, 2015; SMART guidelines for antenatal care, danger signs), and with them a wish
//! to die, violence, accidents and poison. Every word lies in `message-library/lexicons/<language>/danger.toml`.
//!
//! A sign counts where it is said of now. Within one sentence its own `unless` takes it back ("no bleeding"), and so
//! does what is `calm` about the whole sentence ("what do I do if …"). Words of the list `turns` ("but") begin a new
//! sentence. What is `settled` ("the nurse said it is normal") speaks of the sentence before as well.
//!
//! How well this finds danger, and how seldom it cries wolf, is measured: `motherline explain danger` and
//! `make bench` (texts in `tests/danger/`).

use std::collections::{BTreeSet, HashSet};
use std::ops::Range;

use serde::Deserialize;

use super::keyword::fold;
use super::keyword::lexicon::RealWords;
use super::keyword::message::{self, Message, Word};
use super::keyword::pattern::{Choice, Classes};
use super::keyword::sieve::Sieve;
use super::keyword::spelling::Spelling;
use super::language::Language;
use super::named::named;

named! {
    /// A sign of danger; of several the first in this order decides the answer.
    pub enum Sign {
        /// She wants to die, or to hurt herself or the baby.
        SelfHarm = "self-harm",
        /// A baby is blue, does not breathe or breathes hard.
        BabyBreathing = "baby-breathing",
        /// A baby is limp, does not wake, has fits, is yellow all over.
        BabyUnwell = "baby-unwell",
        /// She has fits.
        Convulsion = "convulsion",
        /// She cannot breathe, faints, her heart races.
        Breathing = "breathing",
        /// Blood from the vagina.
        Bleeding = "bleeding",
        /// A fall, an accident, poison, too many pills; hers or a baby's.
        Injury = "injury",
        /// Somebody hurts or threatens her.
        Violence = "violence",
        /// A baby's fever, or a cold baby.
        BabyFever = "baby-fever",
        /// A newborn does not feed, or keeps nothing down.
        BabyFeeding = "baby-feeding",
        /// Waters or contractions before their time.
        Waters = "waters",
        /// The unborn baby moves less, or not at all.
        Movements = "movements",
        /// Severe headache.
        Headache = "headache",
        /// Blurred sight, spots, flashes.
        Vision = "vision",
        /// Severe pain.
        Pain = "pain",
        /// Sudden swelling of face or hands.
        Swelling = "swelling",
        /// Her fever.
        Fever = "fever",
    }
}

/// One language's `lexicons/<language>/danger.toml`. The file itself explains each list to its authors.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DangerWords {
    #[serde(default)]
    classes: Classes,
    turns: Choice,
    calm: Choice,
    settled: Choice,
    sign: Vec<SignWords>,
    #[serde(default)]
    real_words: RealWords,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SignWords {
    name: Sign,
    says: Choice,
    #[serde(default)]
    unless: Choice,
}

impl DangerWords {
    /// Faults that only show once the whole file is read: classes that are not there, signs without words.
    pub fn faults(&self) -> Vec<String> {
        let named: BTreeSet<&str> = self.lists().flat_map(Choice::class_names).collect();
        let unknown = named.into_iter().filter(|name| !self.classes.contains_key(*name));
        let unknown =
            unknown.map(|name| format!("a pattern names <{name}>, but [classes] has no list of that name"));
        let told: BTreeSet<Sign> = self.sign.iter().map(|sign| sign.name).collect();
        let silent = Sign::ALL.iter().filter(|sign| !told.contains(sign));
        unknown.chain(silent.map(|sign| format!("the sign {} has no words", sign.name()))).collect()
    }

    fn lists(&self) -> impl Iterator<Item = &Choice> {
        let signs = self.sign.iter().flat_map(|sign| [&sign.says, &sign.unless]);
        [&self.turns, &self.calm, &self.settled].into_iter().chain(signs).chain(self.classes.values())
    }
}

/// What a text tells of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// The signs, the gravest first.
    pub signs: Vec<Sign>,
    /// In which language it is told.
    pub language: Option<Language>,
}

/// One language, sifted.
#[derive(Clone, Debug)]
struct Ready {
    language: Language,
    /// The words that no other language's lists have.
    own: HashSet<String>,
    classes: Classes,
    turns: Choice,
    calm: Sieve,
    settled: Sieve,
    signs: Vec<ReadySign>,
}

/// A sign of one language, sifted.
#[derive(Clone, Debug)]
struct ReadySign {
    name: Sign,
    says: Sieve,
    unless: Sieve,
}

/// A part of a text, and the signs that it tells of, each in a language.
type Telling<'m> = (&'m [Word], BTreeSet<(Sign, Language)>);

/// The words of danger of all languages, ready for look-up.
#[derive(Clone, Debug, Default)]
pub struct Dangers {
    languages: Vec<Ready>,
    spelling: Spelling,
}

impl Ready {
    fn of(language: Language, words: DangerWords, own: HashSet<String>) -> Self {
        let classes = words.classes;
        let sifted = |list: Choice| Sieve::of(list, &classes);
        let sign = |sign: SignWords| ReadySign {
            name: sign.name,
            says: sifted(sign.says),
            unless: sifted(sign.unless),
        };
        Self {
            language,
            own,
            turns: words.turns,
            calm: sifted(words.calm),
            settled: sifted(words.settled),
            signs: words.sign.into_iter().map(sign).collect(),
            classes,
        }
    }
}

impl Dangers {
    /// Makes the lexicons ready.
    pub fn new(languages: impl IntoIterator<Item = (Language, DangerWords)>) -> Self {
        let languages: Vec<(Language, DangerWords)> = languages.into_iter().collect();
        let lists = languages.iter().flat_map(|(_, words)| words.lists());
        let vocabulary = lists.flat_map(Choice::vocabulary).map(str::to_owned).collect();
        let real = languages.iter().flat_map(|(_, words)| words.real_words.iter());
        let spelling = Spelling::new(vocabulary, real.map(fold).collect());
        let known: Vec<HashSet<&str>> =
            languages.iter().map(|(_, words)| words.lists().flat_map(Choice::vocabulary).collect()).collect();
        let own = |at: usize| -> HashSet<String> {
            let elsewhere = |word: &str| {
                known.iter().enumerate().any(|(other, words)| other != at && words.contains(word))
            };
            known[at].iter().filter(|word| !elsewhere(word)).map(|word| (*word).to_owned()).collect()
        };
        let owned: Vec<HashSet<String>> = (0..languages.len()).map(own).collect();
        let ready =
            languages.into_iter().zip(owned).map(|((language, words), own)| Ready::of(language, words, own));
        Self { languages: ready.collect(), spelling }
    }

    /// Makes ready what is otherwise made when it is first asked.
    pub fn warm(&self) {
        self.spelling.warm();
    }

    /// The signs that a text tells of. Total: it answers for any text, in whatever language, and for those that mix
    /// two: what one language takes back is taken back, whichever told it.
    pub fn find(&self, text: &str) -> Told {
        let message = Message::read(text, &self.spelling);
        let found: BTreeSet<(Sign, Language)> =
            self.telling(&message).into_iter().flat_map(|(_, told)| told).collect();
        let language = self.spoken(&message, &found.iter().map(|(_, language)| *language).collect());
        let mut signs: Vec<Sign> = found.into_iter().map(|(sign, _)| sign).collect();
        signs.dedup();
        Told { signs, language }
    }

    /// Where a text tells of danger: the places of the words, in bytes, in their order, none within another.
    pub fn spans(&self, text: &str) -> Vec<Range<usize>> {
        let message = Message::read(text, &self.spelling);
        let places = message::places(text);
        let mut spans: Vec<Range<usize>> = Vec::new();
        for (part, told) in self.telling(&message) {
            for ready in &self.languages {
                let signs = ready.signs.iter().filter(|sign| told.contains(&(sign.name, ready.language)));
                for place in signs.flat_map(|sign| sign.says.places(part, &ready.classes)) {
                    let (first, last) = (&part[place.start].place, &part[place.end - 1].place);
                    let ends = places.get(first.start).zip(places.get(last.end.saturating_sub(1)));
                    spans.extend(ends.map(|(from, to)| from.start..to.end));
                }
            }
        }
        spans.sort_by_key(|span| (span.start, span.end));
        spans.dedup_by(|next, last| {
            let together = next.start <= last.end;
            if together {
                last.end = last.end.max(next.end);
            }
            together
        });
        spans
    }

    /// The parts of a text that tell of danger, and what each tells: without those that a later one settles.
    fn telling<'m>(&self, message: &'m Message) -> Vec<Telling<'m>> {
        let (mut found, mut before) = (Vec::new(), None);
        for part in message.sentences().flat_map(|sentence| self.parts(sentence)) {
            if self.any(part, |words| &words.settled) {
                before = None;
                continue;
            }
            found.extend(before.take());
            before = Some((part, self.told(part)));
        }
        found.extend(before);
        found
    }

    /// The language of a text, of those that told something: the one most of whose own words are in it. Words that
    /// two lexicons know tell nothing; where no word tells, the first language is meant.
    fn spoken(&self, message: &Message, told: &BTreeSet<Language>) -> Option<Language> {
        let words = || message.sentences().flatten().flat_map(|word| word.typed.first());
        let mut best: Option<(usize, Language)> = None;
        for ready in self.languages.iter().filter(|ready| told.contains(&ready.language)) {
            let own = words().filter(|word| ready.own.contains(*word)).count();
            if best.is_none_or(|(most, _)| own > most) {
                best = Some((own, ready.language));
            }
        }
        best.map(|(_, language)| language)
    }

    /// The signs of one part of a sentence and the languages that told them, unless it is calm.
    fn told(&self, part: &[Word]) -> BTreeSet<(Sign, Language)> {
        let signs = |which: fn(&ReadySign) -> &Sieve| {
            let each =
                self.languages.iter().flat_map(|words| words.signs.iter().map(move |sign| (words, sign)));
            each.filter(move |(words, sign)| which(sign).is_in(part, &words.classes))
                .map(|(words, sign)| (sign.name, words.language))
        };
        let mut told: BTreeSet<(Sign, Language)> = signs(|sign| &sign.says).collect();
        if told.is_empty() {
            return told;
        }
        for (taken_back, _) in signs(|sign| &sign.unless) {
            told.retain(|(sign, _)| *sign != taken_back);
        }
        if told.is_empty() || self.any(part, |words| &words.calm) { BTreeSet::new() } else { told }
    }

    fn any(&self, part: &[Word], list: fn(&Ready) -> &Sieve) -> bool {
        self.languages.iter().any(|words| list(words).is_in(part, &words.classes))
    }

    /// A sentence cut at its turns: "no pain but I bleed".
    fn parts<'w>(&self, sentence: &'w [Word]) -> Vec<&'w [Word]> {
        let mut parts = Vec::new();
        let mut rest = sentence;
        // A sentence that begins with such a word turns away from the one before, not within itself.
        let turn = |words: &[Word]| {
            let turns = self.languages.iter().filter_map(|ready| ready.turns.first_in(words, &ready.classes));
            turns.min()
        };
        while let Some(at) = rest.get(1..).and_then(turn) {
            let (part, tail) = rest.split_at(at + 1);
            parts.push(part);
            rest = tail;
        }
        parts.push(rest);
        parts
    }
}
