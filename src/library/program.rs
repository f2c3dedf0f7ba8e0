//! A program as the service uses it, and its tips ready to send.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use chrono::NaiveDate;
use chrono_tz::Tz;
use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization;

use super::places::PlaceKind;
use super::questions::Asking;
use crate::domain::calendar::Whereabouts;
use crate::domain::gestation::{Anchor, Track};
use crate::domain::language::Language;
use crate::domain::plan::{Needs, Occurrence, Pick, ReadBy, Reader, Slot, Timetable};
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
    /// The highest slot of any week.
    pub(super) longest_week: u32,
    /// Where the second texts of tips stand.
    pub(super) seconds: HashMap<String, Slot>,
    /// When a person reads what mothers write.
    pub(super) hours: BTreeMap<Language, String>,
    /// Numbers that answers to danger name: crisis, women, poison.
    pub(super) lines: BTreeMap<String, String>,
    /// From which completed week on a loss before birth is a stillbirth.
    pub stillbirth_from: i64,
    /// Its schedule of visits, in order of time within each track.
    pub visits: Vec<Visit>,
    /// Its questions, by id.
    pub questions: BTreeMap<String, Asking>,
    /// Which question a tip asks.
    pub(super) asked_by: HashMap<String, String>,
    /// Codes by which clinics and partners send women to it, in capitals, with their names.
    pub partners: BTreeMap<String, String>,
}

/// A visit that a program's schedule has.
#[derive(Clone, Debug)]
pub struct Visit {
    /// In pregnancy or after birth.
    pub track: Track,
    /// In which completed week.
    pub week: i64,
    /// What it is called.
    pub name: BTreeMap<Language, String>,
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
    /// Whom its words are for.
    pub reader: ReadBy,
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

/// Who a tip is chosen for, and by whom it is carried.
#[derive(Clone, Copy, Debug)]
pub struct Listener<'a> {
    /// Her language.
    pub language: Language,
    /// The region she lives in, if it is known.
    pub area: Option<&'a str>,
    /// Who she is to the baby.
    pub reader: Reader,
    /// What her sender may carry.
    pub carries: Carries,
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

impl Tip {
    /// Whether a sender may carry its words on a day; [`Program::may_go`] looks at the question it asks as well.
    pub fn may_go(&self, on: NaiveDate, carries: Carries) -> bool {
        carries == Carries::Drafts || self.approved_until.is_some_and(|until| on <= until)
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

    /// When a person reads what mothers write.
    pub fn hours(&self, language: Language) -> &str {
        self.in_language(&self.hours, language)
    }

    /// A number for those in need: `crisis`, `women`, `poison`; where the country has none, the emergency number.
    pub fn line(&self, key: &str) -> &str {
        self.lines.get(key).map_or(&self.emergency, String::as_str)
    }

    /// What a visit of its schedule is called.
    pub fn visit_name(&self, visit: usize, language: Language) -> &str {
        self.visits.get(visit).map_or("", |visit| self.in_language(&visit.name, language))
    }

    /// The first visit of its schedule later than a day: its place in it, and the day its week begins.
    pub fn next_visit(&self, anchor: Anchor, after: NaiveDate) -> Option<(usize, NaiveDate)> {
        let track = match anchor {
            Anchor::Due(_) => Track::Pregnancy,
            Anchor::Born(_) => Track::Baby,
        };
        let on = |visit: &Visit| anchor.day_zero() + chrono::Days::new(7 * visit.week.unsigned_abs());
        let coming =
            self.visits.iter().enumerate().filter(|(_, visit)| visit.track == track && on(visit) > after);
        coming.min_by_key(|(_, visit)| visit.week).map(|(place, visit)| (place, on(visit)))
    }

    /// One of its questions, if a sender may ask it on a day.
    pub fn asking(&self, question: &str, on: NaiveDate, carries: Carries) -> Option<&Asking> {
        self.questions.get(question).filter(|asking| asking.may_go(on, carries))
    }

    /// The question that a tip asks.
    pub fn question_of(&self, tip: &str) -> Option<&Asking> {
        self.questions.get(self.asked_by.get(tip)?)
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

    /// The tip for a slot as the mother gets it: the first whose need is met, that the sender may carry, and that
    /// exists in her language. A tip missing in her language is missing: another language is never sent in its place.
    pub fn tip(
        &self,
        slot: Slot,
        anchor: Anchor,
        on: NaiveDate,
        carries: Carries,
        language: Language,
        area: Option<&str>,
    ) -> Option<(&Tip, &Text)> {
        let listener = Listener { language, area, reader: Reader::Mother, carries };
        self.of_slot(slot, anchor, on, &listener).next()
    }

    /// The tip of an occurrence, of those alone that `stands` lets through.
    pub fn choose(
        &self,
        due: &Occurrence,
        listener: &Listener<'_>,
        stands: impl Fn(&Tip) -> bool,
    ) -> Option<(&Tip, &Text)> {
        let of_slot = |slot| self.of_slot(slot, due.anchor, due.on, listener).filter(|(tip, _)| stands(tip));
        let of_week = || {
            let slots = (1..=self.longest_week).map(|number| Slot { number, ..due.slot });
            slots.flat_map(of_slot).min_by_key(|(tip, _)| tip.priority)
        };
        match due.pick {
            Pick::OfSlot => of_slot(due.slot).next(),
            Pick::OfWeek => of_week(),
            Pick::VitalOfWeek => of_week().filter(|(tip, _)| tip.priority == 1),
        }
    }

    fn of_slot<'a>(
        &'a self,
        slot: Slot,
        anchor: Anchor,
        on: NaiveDate,
        listener: &Listener<'_>,
    ) -> impl Iterator<Item = (&'a Tip, &'a Text)> {
        let Listener { language, area, reader, carries } = *listener;
        let area = area.map(str::to_owned);
        self.tips.get(&slot).into_iter().flatten().filter_map(move |tip| {
            let text = tip.texts.get(&language)?.in_region(area.as_deref());
            let right = tip.needs.met(anchor, on) && tip.reader.reaches(reader);
            (right && self.may_go(tip, on, carries)).then_some((tip, text))
        })
    }

    /// Whether a sender may carry a tip on a day. One that asks a question goes only where that may be asked, or
    /// nothing would come of her answer.
    pub fn may_go(&self, tip: &Tip, on: NaiveDate, carries: Carries) -> bool {
        tip.may_go(on, carries) && self.question_of(&tip.id).is_none_or(|asking| asking.may_go(on, carries))
    }

    /// The second text of a tip, if it has one that may go on a day.
    pub fn second_text(
        &self,
        tip: &str,
        anchor: Anchor,
        on: NaiveDate,
        listener: &Listener<'_>,
    ) -> Option<(&Tip, &Text)> {
        self.of_slot(*self.seconds.get(tip)?, anchor, on, listener).next()
    }

    /// The tip of an id.
    pub fn find(&self, id: &str) -> Option<&Tip> {
        self.tips.values().flatten().find(|tip| &*tip.id == id)
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
