//! All that an answer depends on.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use uuid::Uuid;

use super::visits::Visit;
use super::{Conversation, Effect, EnrollmentState, Fields, Reply, Step};
use crate::domain::calendar::Whereabouts;
use crate::domain::danger::Sign;
use crate::domain::date_text::DateWords;
use crate::domain::gestation::Anchor;
use crate::domain::keyword::{Answer, Parsed};
use crate::domain::language::Language;
use crate::domain::phone::PhoneNumber;
use crate::domain::plan::Terms;
use crate::domain::request::{Asked, Request};
use crate::domain::survey::Question;
use crate::domain::time_text::TimeWords;

/// What the conversation needs to know of an enrollment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enrolled {
    /// Its id.
    pub id: Uuid,
    /// Its program.
    pub program: String,
    /// Its language.
    pub language: Language,
    /// Its state.
    pub state: EnrollmentState,
    /// Its due date or birth.
    pub anchor: Anchor,
    /// How it departs from its program's rhythm.
    pub terms: Terms,
    /// Since when, on her calendar.
    pub since: NaiveDate,
    /// Since when it is in its state, in UTC.
    pub state_on: NaiveDate,
}

impl Enrolled {
    /// A loss has closed it.
    pub(super) fn is_lost(&self) -> bool {
        matches!(self.state, EnrollmentState::Frozen | EnrollmentState::Supported)
    }
}

/// Where she lives, as far as she told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// As she gave it, tidied.
    pub name: String,
    /// Its IANA zone.
    pub zone: chrono_tz::Tz,
    /// The state or region it lies in, as the library's help knows it.
    pub area: Option<String>,
}

/// What a program's people know: implemented by an edition of the library.
pub trait Guide: Sync {
    /// The language's way with dates.
    fn dates(&self, language: Language) -> &DateWords;
    /// The language's way with times of day.
    fn times(&self, language: Language) -> &TimeWords;
    /// The place she names, if the program can tell.
    fn place(&self, program: &str, text: &str) -> Option<Place>;
    /// Whether the program asks for a ZIP code (otherwise for a postcode or city).
    fn asks_zip(&self, program: &str) -> bool;
    /// The languages it speaks.
    fn languages(&self, program: &str) -> &[Language];
    /// The hours of an ordinary day in which it may text.
    fn hours(&self, program: &str) -> (NaiveTime, NaiveTime);
    /// From which completed week on a loss before birth is a stillbirth.
    fn stillbirth_from(&self, program: &str) -> i64;
    /// The first visit of its schedule later than a day: its place in the schedule, and its day.
    fn next_visit(&self, program: &str, anchor: Anchor, after: NaiveDate) -> Option<(usize, NaiveDate)>;
    /// One of its questions.
    fn question(&self, program: &str, id: &str) -> Option<&Question>;
    /// A number as she wrote it, in a country that the program serves.
    fn phone(&self, program: &str, text: &str) -> Option<PhoneNumber>;
}

/// What was looked up for this text, and only where its words ask for it.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// She asked to be left unseen.
    pub discreet: bool,
    /// She is not the mother: she cares for her.
    pub cares: bool,
    /// Where she lives, as she gave it.
    pub place: Option<String>,
    /// Her zone is known.
    pub zone_known: bool,
    /// Her visits to come, and those lately past, the earliest first.
    pub visits: Vec<Visit>,
    /// The questions that her last tips asked and she has not answered, the latest first; `true`: an answer is still
    /// waited for.
    pub questions: Vec<(String, bool)>,
    /// The last tip has a second text that may go.
    pub second: bool,
    /// Something waits until she asks for it.
    pub waiting: bool,
    /// The open question itself waits so: she has not read it.
    pub unshown: bool,
    /// A question of ours whose time is over.
    pub late: Option<Conversation>,
    /// A person is to read what she wrote before; and whether she wrote the last of it only just now.
    pub item: Option<Fresh>,
    /// A danger that she told of, where the answer to it has not left: STOP and a loss take that answer back.
    pub unwarned: Option<Sign>,
    /// The number she confirmed can be asked whether it wants her texts.
    pub may_move: bool,
    /// She was told lately how sorry we are, and those words have left.
    pub consoled: bool,
}

/// How long ago she wrote the last text that a person is to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fresh {
    /// So lately that she still has what she was answered before her eyes.
    Now,
    /// Longer ago.
    Before,
}

/// All that the answer depends on.
pub struct Scene<'a> {
    /// Her local date.
    pub today: NaiveDate,
    /// Her local time.
    pub now: NaiveDateTime,
    /// What she wrote.
    pub text: &'a str,
    /// What its words mean.
    pub parsed: &'a Parsed,
    /// What else they ask for.
    pub asked: Option<&'a Asked>,
    /// The signs of danger they tell of.
    pub signs: &'a [Sign],
    /// The provider took it for STOP and blocks her from now on.
    pub provider_stopped: bool,
    /// The provider answers this very STOP itself, so we must not.
    pub provider_confirms: bool,
    /// The provider already answered it (its own HELP).
    pub provider_answered: bool,
    /// She said STOP and has not come back.
    pub stopped: bool,
    /// The provider refuses to text her until she writes START, YES or UNSTOP.
    pub blocked: bool,
    /// A text that answered no question was already met with help lately.
    pub hinted: bool,
    /// The open question.
    pub conversation: Option<&'a Conversation>,
    /// Her enrollments, the newest first.
    pub enrollments: &'a [Enrolled],
    /// The program and language to speak of and in when nothing else tells.
    pub fallback: (&'a str, Language),
    /// What else was looked up.
    pub known: &'a Known,
    /// The library.
    pub guide: &'a dyn Guide,
}

impl Scene<'_> {
    /// She said STOP and has not begun to talk with us since: only HELP, START and start words are answered.
    pub(super) fn silent(&self) -> bool {
        self.stopped && self.conversation.is_none()
    }

    /// The open question, if it is one on the way to an enrollment.
    pub(super) fn joining(&self) -> Option<&Step> {
        self.conversation?.step.beneath().filter(|step| step.enrolls())
    }

    /// The danger to be named in the one answer to a STOP: told of in this text, or so lately that nothing was said to
    /// it yet.
    pub(super) fn danger(&self) -> Option<Sign> {
        self.signs.first().copied().or(self.known.unwarned)
    }

    /// What she asks for beside the keywords.
    pub(super) fn request(&self) -> Option<&Request> {
        self.asked.map(|asked| &asked.request)
    }

    /// Her newest active enrollment.
    pub(super) fn active(&self) -> Option<&Enrolled> {
        self.newest(EnrollmentState::Active)
    }

    /// Her active enrollments.
    pub(super) fn all_active(&self) -> impl Iterator<Item = &Enrolled> {
        self.enrollments.iter().filter(|enrolled| enrolled.state == EnrollmentState::Active)
    }

    pub(super) fn newest(&self, state: EnrollmentState) -> Option<&Enrolled> {
        self.enrollments.iter().find(|enrolled| enrolled.state == state)
    }

    /// The newest one that a loss has closed.
    pub(super) fn after_loss(&self) -> Option<&Enrolled> {
        self.newest(EnrollmentState::Frozen).or_else(|| self.newest(EnrollmentState::Supported))
    }

    pub(super) fn enrolled(&self, id: Uuid) -> Option<&Enrolled> {
        self.enrollments.iter().find(|enrolled| enrolled.id == id)
    }

    /// The program of the start word she used: in the language she speaks where the word is in several.
    pub(super) fn started(&self) -> (String, Language) {
        let words = &self.parsed.start;
        let spoken = |language: &str| self.enrollments.iter().any(|e| e.language.as_str() == language);
        words
            .iter()
            .find(|(_, language)| spoken(language))
            .or_else(|| words.first())
            .and_then(|(program, language)| Some((program.clone(), language.parse().ok()?)))
            .unwrap_or_else(|| (self.fallback.0.to_owned(), self.fallback.1))
    }

    /// The program and language to answer in: the open question's, else her newest enrollment's.
    pub(super) fn voice(&self) -> (String, Language) {
        self.conversation
            .map(|open| (open.program.clone(), open.language))
            .or_else(|| {
                let enrolled = self.active().or_else(|| self.enrollments.first())?;
                Some((enrolled.program.clone(), enrolled.language))
            })
            .unwrap_or_else(|| (self.fallback.0.to_owned(), self.fallback.1))
    }

    /// A reply in the voice that fits.
    pub(super) fn say(&self, reply: Reply, fields: Fields) -> Effect {
        let (program, language) = self.voice();
        Effect::Say { reply, program, language, fields }
    }

    /// A reply without anything to fill in.
    pub(super) fn just_say(&self, reply: Reply) -> Effect {
        self.say(reply, Fields::default())
    }

    pub(super) fn say_of(&self, enrolled: &Enrolled, reply: Reply, fields: Fields) -> Effect {
        Effect::Say { reply, program: enrolled.program.clone(), language: enrolled.language, fields }
    }

    /// A question in the voice that fits.
    pub(super) fn ask(&self, step: Step) -> Effect {
        let (program, language) = self.voice();
        Effect::Ask(Conversation { program, language, step, unread: false })
    }

    pub(super) fn ask_of(&self, enrolled: &Enrolled, step: Step) -> Effect {
        let (program, language) = (enrolled.program.clone(), enrolled.language);
        Effect::Ask(Conversation { program, language, step, unread: false })
    }

    /// Whether a question is about a pregnancy or a baby that she has lost since.
    pub(super) fn is_of_the_lost(&self, step: &Step) -> bool {
        step.about().and_then(|id| self.enrolled(id)).is_some_and(Enrolled::is_lost)
    }

    /// A clear no.
    pub(super) fn no(&self) -> bool {
        self.parsed.answer == Some(Answer::No)
    }

    /// A choice from a list of so many, from 1.
    pub(super) fn number(&self, of: usize) -> Option<usize> {
        match self.parsed.answer {
            Some(Answer::Number(n)) if (1..=of).contains(&(n as usize)) => Some(n as usize - 1),
            _ => None,
        }
    }
}

/// The local date in the zone of `whereabouts` is what "today" means to her.
pub fn today(whereabouts: &Whereabouts, now: DateTime<Utc>) -> NaiveDate {
    whereabouts.date_at(now)
}
