//! The words that requests are made of, as a language's file gives them.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::domain::keyword::KeywordWords;
use crate::domain::keyword::lexicon::RealWords;
use crate::domain::keyword::pattern::{Choice, Classes};

/// One language's `lexicons/<language>/requests.toml`. The file itself explains each list to its authors.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequestWords {
    #[serde(default)]
    pub(super) classes: Classes,
    pub(super) requests: Lists,
    #[serde(default)]
    pub(super) real_words: RealWords,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Lists {
    pub(super) born: Choice,
    pub(super) born_wording: Choice,
    pub(super) born_unless: Choice,
    /// Beside a birth: two are born, three are.
    pub(super) born_two: Choice,
    pub(super) born_three: Choice,
    pub(super) dates: Choice,
    pub(super) not_yet: Choice,
    pub(super) twins: Choice,
    pub(super) triplets: Choice,
    #[serde(default)]
    pub(super) several_unless: Choice,
    pub(super) less: Choice,
    pub(super) more: Choice,
    pub(super) pause: Choice,
    pub(super) resume: Choice,
    pub(super) time: Choice,
    pub(super) language: Choice,
    pub(super) language_names: BTreeMap<String, Choice>,
    #[serde(rename = "move")]
    pub(super) moves: Choice,
    pub(super) place: Choice,
    pub(super) wrong: Choice,
    pub(super) wrong_wording: Choice,
    #[serde(default)]
    pub(super) wrong_unless: Choice,
    #[serde(default)]
    pub(super) who: Choice,
    #[serde(default)]
    pub(super) visits: Choice,
    pub(super) details: Choice,
    pub(super) delete: Choice,
    pub(super) appointment: Choice,
    pub(super) move_appointment: Choice,
    pub(super) cancel_appointment: Choice,
    pub(super) safe: Choice,
    pub(super) safe_off: Choice,
    pub(super) undo: Choice,
    pub(super) partner: Choice,
    pub(super) grandparent: Choice,
    pub(super) worker: Choice,
    pub(super) mother: Choice,
    pub(super) all: Choice,
    pub(super) one: Choice,
    pub(super) read: Choice,
}

impl RequestWords {
    /// Faults that only show once the whole file is read, beside the keywords of its language.
    pub fn faults(&self, keywords: &KeywordWords) -> Vec<String> {
        let classes = self.classes(keywords);
        let named: BTreeSet<&str> = self.lists().flat_map(Choice::class_names).collect();
        let unknown = named.into_iter().filter(|name| !classes.contains_key(*name));
        unknown
            .map(|name| format!("a pattern names <{name}>, and neither this file nor keywords.toml has it"))
            .collect()
    }

    /// Its own classes and those of the keywords.
    pub(super) fn classes(&self, keywords: &KeywordWords) -> Classes {
        let mut classes = keywords.classes.clone();
        classes.extend(self.classes.clone());
        classes
    }

    pub(super) fn lists(&self) -> impl Iterator<Item = &Choice> {
        let l = &self.requests;
        let lists = [
            [&l.born, &l.born_wording, &l.born_unless, &l.not_yet, &l.twins, &l.triplets],
            [&l.several_unless, &l.less, &l.more, &l.pause, &l.resume, &l.time],
            [&l.language, &l.moves, &l.place, &l.wrong, &l.wrong_wording, &l.details],
            [&l.delete, &l.appointment, &l.cancel_appointment, &l.safe, &l.safe_off, &l.undo],
            [&l.partner, &l.grandparent, &l.worker, &l.mother, &l.all, &l.one],
        ];
        lists
            .into_iter()
            .flatten()
            .chain([
                &l.read,
                &l.wrong_unless,
                &l.dates,
                &l.born_two,
                &l.born_three,
                &l.move_appointment,
                &l.who,
                &l.visits,
            ])
            .chain(l.language_names.values())
            .chain(self.classes.values())
    }
}
