//! The nine truths of ARCHITECTURE.md, held against everything that was said.
//!
//! The arithmetic is this room's own: which week she is in, what her clock shows, whether her hours are open. What she
//! told is known from her side ([`Standing`]), and what the service made of it from the words it answered.

mod foretold;
mod hours;
mod once;
mod right;
mod standing;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

pub use self::foretold::Foretold;
pub use self::hours::Home;
pub use self::standing::Standing;
use super::phrases::Topic;
use super::witness::{Heard, Said};
use super::words::{Says, Words};
use crate::store::witness::Seen;

/// What must always be true.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Truth {
    Silence,
    Once,
    Ends,
    Hours,
    Right,
    Fresh,
    Unknown,
    Heard,
    Promised,
    Approved,
    OneAnswer,
    Unseen,
    Recalled,
    Erased,
}

impl Truth {
    /// Each, in the order of a report.
    pub const ALL: &[Self] = &[
        Self::Silence,
        Self::Once,
        Self::Ends,
        Self::Hours,
        Self::Right,
        Self::Fresh,
        Self::Unknown,
        Self::Heard,
        Self::Promised,
        Self::Approved,
        Self::OneAnswer,
        Self::Unseen,
        Self::Recalled,
        Self::Erased,
    ];

    /// Its number in ARCHITECTURE.md; none for what follows from them.
    pub fn number(self) -> Option<u8> {
        match self {
            Self::Silence => Some(1),
            Self::Once | Self::Ends => Some(2),
            Self::Hours => Some(3),
            Self::Right => Some(4),
            Self::Fresh => Some(5),
            Self::Unknown => Some(6),
            Self::Heard | Self::Promised => Some(8),
            Self::Approved => Some(9),
            Self::OneAnswer | Self::Unseen | Self::Recalled | Self::Erased => None,
        }
    }

    /// As a sentence.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Silence => {
                "After STOP nothing goes out but its one confirmation, and answers to what she writes after it"
            }
            Self::Once => "No tip comes twice to one enrollment, and never two tips on one of her days",
            Self::Ends => "Every tip that was due has an end, and one that did not arrive says why",
            Self::Hours => "What nobody asked for comes only inside her program's hours, by her own clock",
            Self::Right => {
                "After a loss nothing speaks of pregnancy or baby, before a birth is told nothing speaks of a baby, and from 37 weeks on nothing takes the pregnancy for granted"
            }
            Self::Fresh => {
                "Nothing is sent that is too late to be right: each tip comes in the week that it is about"
            }
            Self::Unknown => {
                "What a gateway says in words that nobody knows is kept, brought before a person, and never guessed"
            }
            Self::Heard => "No text from a mother is lost: each is written down, and handled once",
            Self::Promised => {
                "What was promised comes: the question about the birth, the reminders of a visit"
            }
            Self::Approved => "A public number carries no tip and no question that no reviewer stands for",
            Self::OneAnswer => "A text of hers is answered once at most",
            Self::Unseen => "Who asked to be left unseen gets unasked only words that give nothing away",
            Self::Recalled => "A tip that was recalled is not sent any more",
            Self::Erased => "Who asked to be erased is found in no table any more",
        }
    }
}

/// A truth that was broken, with the evidence.
#[derive(Clone, Debug)]
pub struct Broken {
    /// Which.
    pub truth: Truth,
    /// For which mother, if for one.
    pub mother: Option<u32>,
    /// When.
    pub at: DateTime<Utc>,
    /// What was wrong.
    pub what: String,
    /// The text, if it was one.
    pub words: String,
}

/// What an answer of ours depends on in the text that it answers.
#[derive(Clone, Copy)]
struct Told {
    /// When it reached us.
    at: DateTime<Utc>,
    /// Which of all texts it was.
    order: u64,
    /// It takes a loss back.
    undoes: bool,
}

/// A text of hers that may still be answered.
struct Asked {
    text: Told,
    answered: BTreeMap<u32, Uuid>,
}

/// Everything that the truths are held against.
pub struct Truths {
    /// What can be said.
    pub words: Words,
    /// By phone.
    pub standings: Vec<Standing>,
    /// By country.
    pub homes: Vec<Home>,
    /// The sender is a public one: nothing unapproved may go.
    pub public: bool,
    /// How often each was checked.
    pub checked: BTreeMap<Truth, u64>,
    /// What was broken.
    pub broken: Vec<Broken>,
    /// Texts that nobody asked for, by the hour of her clock as far as it is known.
    pub unasked_hours: [u64; 24],
    /// From STOP to the last text after it.
    pub silences: Vec<TimeDelta>,
    order: u64,
    asked: HashMap<Uuid, Asked>,
    tips: HashSet<(Uuid, Arc<str>)>,
    taken: HashMap<Uuid, i16>,
    recalled: HashMap<Arc<str>, DateTime<Utc>>,
}

/// A text of hers is answered within this time, or not any more.
const ANSWERABLE: TimeDelta = TimeDelta::days(10);

impl Truths {
    /// Before anything was said.
    pub fn new(words: Words, homes: Vec<Home>, standings: Vec<Standing>, public: bool) -> Self {
        Self {
            words,
            standings,
            homes,
            public,
            checked: BTreeMap::new(),
            broken: Vec::new(),
            unasked_hours: [0; 24],
            silences: Vec::new(),
            order: 0,
            asked: HashMap::new(),
            tips: HashSet::new(),
            taken: HashMap::new(),
            recalled: HashMap::new(),
        }
    }

    /// A tip is recalled from here on.
    pub fn recall(&mut self, tip: &str, at: DateTime<Utc>) {
        self.recalled.insert(Arc::from(tip), at);
    }

    /// She wrote.
    pub fn hear(&mut self, heard: &Heard) {
        self.order += 1;
        if self.order.is_multiple_of(4_096) {
            let before = heard.at - ANSWERABLE;
            self.asked.retain(|_, asked| asked.text.at >= before);
        }
        let text = Told { at: heard.reached, order: self.order, undoes: heard.topic == Topic::Undo };
        self.asked.insert(heard.id, Asked { text, answered: BTreeMap::new() });
        let standing = &mut self.standings[heard.phone as usize];
        standing.wrote_since = true;
        match heard.topic {
            Topic::Stop | Topic::Wrong | Topic::Delete => standing.stop(heard.at, self.order),
            Topic::Miscarried | Topic::Stillborn | Topic::BabyDied => standing.lose(),
            Topic::Start => standing.forget_claim(),
            _ => {}
        }
        if let Some(claim) = &heard.claim {
            standing.claims(claim.clone(), self.order);
        }
    }

    /// The provider says that she opted out there: as good as a STOP.
    pub fn opted_out(&mut self, phone: u32, at: DateTime<Utc>) {
        self.order += 1;
        let standing = &mut self.standings[phone as usize];
        standing.stop(at, self.order);
        standing.plain = false;
    }

    /// We began to send; `seen`: what the row says of the text.
    pub fn said(&mut self, said: &Said, seen: Option<&Seen>) {
        let Some(seen) = seen else {
            return self.fail(Truth::Ends, said, "it was sent, and there is no row of it".to_owned());
        };
        self.silence(said, seen);
        self.one_answer(said, seen);
        self.once(said, seen);
        self.hours(said);
        self.right(said, seen);
        self.fresh(said, seen);
        self.unseen(said);
        self.unrecalled(said, seen);
        self.approved(said, seen);
        if let Says::Reply(reply) = said.says {
            // An answer may leave on the day after.
            let asked = seen.inbox_id.and_then(|id| self.asked.get(&id));
            let unasked = Told { at: said.at, order: self.order, undoes: false };
            self.follow(said.phone, reply, said.at, asked.map_or(unasked, |asked| asked.text));
        }
    }

    fn silence(&mut self, said: &Said, seen: &Seen) {
        let Some((since, order)) = self.standings[said.phone as usize].stopped else { return };
        self.check(Truth::Silence);
        let asked = seen.inbox_id.and_then(|id| self.asked.get(&id));
        match asked {
            Some(asked) if said.answer && asked.text.order >= order => {
                let standing = &mut self.standings[said.phone as usize];
                if asked.text.order == order {
                    standing.silent_from = said.at.max(since);
                }
            }
            Some(_) if said.answer => {
                self.fail(Truth::Silence, said, "it answers a text from before her STOP".to_owned());
            }
            _ => {
                self.fail(Truth::Silence, said, format!("she said STOP at {since}, and nobody asked for it"))
            }
        }
    }

    fn one_answer(&mut self, said: &Said, seen: &Seen) {
        let Some(inbox) = seen.inbox_id else { return };
        self.check(Truth::OneAnswer);
        let Some(asked) = self.asked.get_mut(&inbox) else { return };
        let answer = *asked.answered.entry(said.phone).or_insert(said.id);
        if answer != said.id {
            self.fail(Truth::OneAnswer, said, "her text had been answered already".to_owned());
        }
    }

    fn unseen(&mut self, said: &Said) {
        use crate::domain::conversation::Reply;
        if said.answer || !self.standings[said.phone as usize].discreet {
            return;
        }
        self.check(Truth::Unseen);
        let neutral = [Reply::SafeNotice, Reply::StillYou, Reply::MoveOffer];
        if !neutral.iter().any(|reply| said.says == Says::Reply(*reply)) {
            self.fail(Truth::Unseen, said, "it gives away what she wants nobody to read".to_owned());
        }
    }

    fn unrecalled(&mut self, said: &Said, seen: &Seen) {
        let Some(tip) = &seen.tip else { return };
        if self.recalled.is_empty() {
            return;
        }
        self.check(Truth::Recalled);
        if self.recalled.get(tip.as_str()).is_some_and(|since| *since <= said.at) {
            self.fail(Truth::Recalled, said, format!("the tip {tip} was recalled before"));
        }
    }

    fn approved(&mut self, said: &Said, seen: &Seen) {
        if !self.public {
            return;
        }
        self.check(Truth::Approved);
        let tip = seen.tip.as_deref().and_then(|id| self.words.tip(id));
        let draft = tip.is_some_and(|place| !self.words.tips[place as usize].approved);
        if draft || matches!(said.says, Says::Question(_)) {
            self.fail(Truth::Approved, said, "no reviewer stands for it".to_owned());
        }
    }

    /// Counts a check.
    pub fn check(&mut self, truth: Truth) {
        *self.checked.entry(truth).or_default() += 1;
    }

    fn fail(&mut self, truth: Truth, said: &Said, what: String) {
        let mother = Some(self.standings[said.phone as usize].mother);
        self.broken.push(Broken { truth, mother, at: said.at, what, words: said.body.to_string() });
    }

    /// Writes down that one was broken by something that is no text.
    pub fn find(&mut self, truth: Truth, mother: Option<u32>, at: DateTime<Utc>, what: String) {
        self.broken.push(Broken { truth, mother, at, what, words: String::new() });
    }
}
