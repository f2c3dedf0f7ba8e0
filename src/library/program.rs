//! A program as the service uses it, and its tips ready to send.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use chrono::NaiveDate;
use chrono_tz::Tz;
use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization;

use super::places::PlaceKind;
use crate::domain::calendar::Whereabouts;
use crate::domain::gestation::Anchor;
use crate::domain::language::Language;
use crate::domain::plan::{Needs, Slot, Timetable};
use crate::domain::segment::{self, Encoding};

/// One service: its languages, its reach, its rhythm, its tips.
pub struct Program {
    /// Its id.
    pub id: String,
    /// Its languages; the first is the one used when nothing else tells.
    pub languages: Vec<Language>,
    /// ISO 3166 regions whose numbers it serves.
    pub countries: Vec<String>,
    /// The emergency number.
    pub emergency: String,
    /// How she says where she lives.
    pub place: PlaceKind,
    /// Whose calendar counts while her zone is not known.
    pub home_zone: Tz,
    /// Every zone it reaches.
    pub zones: Arc<[Tz]>,
    /// Its hours and cadences.
    pub timetable: Timetable,
    /// Its start words, with their language.
    pub keywords: Vec<(Language, String)>,
    pub(super) names: BTreeMap<Language, String>,
    pub(super) contacts: BTreeMap<Language, String>,
    pub(super) frequencies: BTreeMap<Language, String>,
    pub(super) tips: HashMap<Slot, Vec<Tip>>,
}

/// An authored message.
#[derive(Clone, Debug)]
pub struct Tip {
    /// Its id, for ever.
    pub id: Arc<str>,
    /// What it is about.
    pub topic: String,
    /// What must be true for it to be right.
    pub needs: Needs,
    /// 1 vital, 2 important, 3 nice to know.
    pub priority: u8,
    /// Until when a named reviewer stands for it; none while it is a draft.
    pub approved_until: Option<NaiveDate>,
    /// Its words.
    pub texts: BTreeMap<Language, Words>,
}

/// A tip's words in one language.
#[derive(Clone, Debug)]
pub struct Words {
    /// For everybody whose region has none of its own.
    pub national: Text,
    /// With the help of a region, by its code.
    pub local: BTreeMap<String, Text>,
    /// Whether they were translated from other words than those that stand in the program's first language now.
    pub stale: bool,
}

impl Words {
    /// As who lives in a region gets them.
    pub fn in_region(&self, region: Option<&str>) -> &Text {
        region.and_then(|code| self.local.get(code)).unwrap_or(&self.national)
    }
}

/// Words ready to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// The words, in Unicode's composed form.
    pub body: Arc<str>,
    /// SHA-256 of the words.
    pub hash: [u8; 32],
    /// How they travel.
    pub encoding: Encoding,
    /// How many SMS they take.
    pub segments: u32,
}

/// Which tips a sender may carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carries {
    /// Only what a reviewer stands for.
    Approved,
    /// Drafts too: the rehearsal gateway, and trial senders to their test numbers.
    Drafts,
}

impl Text {
    /// Prepares words for sending. Decomposed letters (й as и + breve) would cost double.
    pub fn new(words: &str) -> Self {
        let body: String = words.nfc().collect();
        let counted = segment::count(&body);
        let hash = Sha256::digest(body.as_bytes()).into();
        Self { body: body.into(), hash, encoding: counted.encoding, segments: counted.segments }
    }
}

impl Program {
    /// Its name in a language, else in its first one.
    pub fn name(&self, language: Language) -> &str {
        self.in_language(&self.names, language)
    }

    /// Where to turn for help.
    pub fn contact(&self, language: Language) -> &str {
        self.in_language(&self.contacts, language)
    }

    /// How often it texts.
    pub fn frequency(&self, language: Language) -> &str {
        self.in_language(&self.frequencies, language)
    }

    /// The word that starts an enrollment.
    pub fn keyword(&self, language: Language) -> &str {
        let own = self.keywords.iter().find(|(spoken, _)| *spoken == language);
        own.or_else(|| self.keywords.first()).map_or("", |(_, word)| word)
    }

    /// Where she is, as the planner wants to know.
    pub fn whereabouts(&self, zone: Option<Tz>) -> Whereabouts {
        match zone {
            Some(zone) => Whereabouts::Known(zone),
            None => Whereabouts::Unsure { home: self.home_zone, reach: self.zones.clone() },
        }
    }

    /// The tip for a slot: the first whose need is met, that the sender may carry, and that exists in her
    /// language. A tip missing in her language is missing: another language is never sent in its place.
    pub fn tip(
        &self,
        slot: Slot,
        anchor: Anchor,
        on: NaiveDate,
        carries: Carries,
        language: Language,
        region: Option<&str>,
    ) -> Option<(&Tip, &Text)> {
        self.tip_if(slot, anchor, on, carries, (language, region), |_| true)
    }

    /// The same of those tips alone that `stands` lets through.
    pub fn tip_if(
        &self,
        slot: Slot,
        anchor: Anchor,
        on: NaiveDate,
        carries: Carries,
        (language, region): (Language, Option<&str>),
        stands: impl Fn(&Tip) -> bool,
    ) -> Option<(&Tip, &Text)> {
        self.tips.get(&slot)?.iter().filter(|tip| stands(tip)).find_map(|tip| {
            let carried = carries == Carries::Drafts || tip.approved_until.is_some_and(|until| on <= until);
            let text = tip.texts.get(&language)?.in_region(region);
            (carried && tip.needs.met(anchor, on)).then_some((tip, text))
        })
    }

    /// All tips with their slots, in order.
    pub fn tips(&self) -> Vec<(Slot, &Tip)> {
        let mut tips: Vec<_> =
            self.tips.iter().flat_map(|(slot, tips)| tips.iter().map(|tip| (*slot, tip))).collect();
        tips.sort_by_key(|(slot, _)| *slot);
        tips
    }

    fn in_language<'a>(&'a self, words: &'a BTreeMap<Language, String>, language: Language) -> &'a str {
        words.get(&language).or_else(|| words.get(self.languages.first()?)).map_or("", String::as_str)
    }
}
