//! What hides a broadcast's words from whoever reads over her shoulder.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use crate::domain::conversation::{Fields, Reply};
use crate::domain::language::Language;
use crate::flows::Edition;
use crate::library::{Text, Voice};
use crate::store::broadcasts::Candidate;

/// What hides the words from who reads over her shoulder, by program and language.
pub(super) struct Covers<'a> {
    edition: &'a Edition,
    now: DateTime<Utc>,
    known: BTreeMap<(String, Language), Option<Text>>,
}

pub(super) enum Cover<'a> {
    /// She reads the words.
    None,
    /// She reads this.
    Some(&'a Text),
    /// There is nothing that gives nothing away.
    Missing,
}

impl<'a> Covers<'a> {
    /// For one edition, at one moment.
    pub fn new(edition: &'a Edition, now: DateTime<Utc>) -> Self {
        Self { edition, now, known: BTreeMap::new() }
    }

    /// What hides them from who reads over hers.
    pub fn of(&mut self, her: &Candidate) -> Cover<'_> {
        if !her.discreet {
            return Cover::None;
        }
        let (edition, now) = (self.edition, self.now);
        let key = (her.program.clone(), her.language);
        let known = self.known.entry(key).or_insert_with(|| cover(edition, &her.program, her.language, now));
        known.as_ref().map_or(Cover::Missing, Cover::Some)
    }
}

/// What says in a program's language only that there is something to read.
pub fn cover(edition: &Edition, program: &str, language: Language, now: DateTime<Utc>) -> Option<Text> {
    let program = edition.library.program(program)?;
    let voice = Voice { library: &edition.library, program, language, today: now.date_naive() };
    voice.say(Reply::SafeNotice, &Fields::default()).map(|words| Text::new(&words))
}
