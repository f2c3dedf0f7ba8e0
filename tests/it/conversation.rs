//! Whole conversations, as a mother has them on her phone: what she writes, what comes back, what comes
//! by itself later. Most run on SQLite in memory; `engines` runs a cross-section on both engines.

mod beside;
mod coming_back;
mod dates;
mod days;
mod engines;
mod half_done;
mod joining;
mod laws;
mod life;
mod loss;
mod new_dates;
mod noise;
mod numbers;
mod place;
mod plain_words;
mod stopping;

use std::collections::HashMap;
use std::path::Path;
use std::sync::LazyLock;

use chrono::{DateTime, TimeDelta, Utc};
use motherline::domain::phone::PhoneNumber;
use motherline::library::{Files, Library};
use motherline::store::talk::Consent;
use motherline::store::{Database, people, talk};
use motherline::worker::rehearsal::{Line, Script, World};

pub const US: &str = "text4baby-us";
pub const RUSSIA: &str = "text4baby-russia";
/// A Monday: morning in New York, late afternoon in Moscow.
pub const MONDAY: &str = "2026-11-23T09:00:00-05:00";
/// What she leaves between two texts.
const PAUSE: TimeDelta = TimeDelta::seconds(20);

/// The authored library.
pub static FILES: LazyLock<Files> = LazyLock::new(|| {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/message-library"));
    Files::from_folder(folder).expect("the message library")
});

/// The library, read once for all worlds of the tests.
pub static SCRIPT: LazyLock<Script> =
    LazyLock::new(|| Script::read(&FILES, at(MONDAY).date_naive()).expect("a sound library"));

/// The library as its own code sees it.
pub static LIBRARY: LazyLock<Library> =
    LazyLock::new(|| Library::read(&FILES, at(MONDAY).date_naive()).library.expect("a sound library"));

/// The authored replies, by language and key.
static REPLIES: LazyLock<HashMap<&'static str, toml::Table>> = LazyLock::new(|| {
    ["en", "es", "ru"]
        .map(|language| {
            let file = FILES.0.get(&format!("replies/{language}.toml")).expect("its replies");
            (language, file.parse().expect("TOML"))
        })
        .into()
});

/// A phone in her hand: what she writes, and what it shows. One number of ours serves both programs.
pub struct Phone {
    pub world: World,
    pub number: String,
    pub language: &'static str,
    /// What came while she was writing, unasked.
    pub unasked: Vec<Line>,
}

impl Phone {
    /// An English-speaking woman's, in a world of its own.
    pub async fn new() -> Self {
        Self::on(Database::in_memory().await.expect("a database")).await
    }

    /// The same on another database.
    pub async fn on(database: Database) -> Self {
        let programs = vec![US.to_owned(), RUSSIA.to_owned()];
        let world = World::new(database, &SCRIPT, programs, at(MONDAY), 7).await.expect("a world");
        Self { world, number: "+12025550143".to_owned(), language: "en", unasked: Vec::new() }
    }

    /// A woman who speaks this language takes part from here on.
    pub fn speak(&mut self, language: &'static str) {
        self.language = language;
        self.take(match language {
            "en" => "+12025550143",
            "es" => "+12025550144",
            _ => "+79161234567",
        });
    }

    /// Another phone takes part from here on.
    pub fn take(&mut self, number: &str) {
        self.number = number.to_owned();
    }

    /// She writes; gives what is answered at once.
    pub async fn says(&mut self, text: &str) -> Vec<String> {
        let unasked = self.wait(PAUSE).await;
        self.unasked.extend(unasked);
        self.world.text(&self.number, text).await.expect("her text is heard");
        self.out().into_iter().map(|line| line.body).collect()
    }

    /// She writes and gets one answer, which is this reply; gives its words.
    pub async fn hears(&mut self, text: &str, reply: &str) -> String {
        let mut answers = self.says(text).await;
        assert_eq!(1, answers.len(), "to {text:?}, one {reply}, not {answers:#?}");
        let answer = answers.remove(0);
        assert!(self.is(&answer, reply), "to {text:?}, {reply}, not {answer:?}");
        answer
    }

    /// She writes several texts and gets one answer to each.
    pub async fn goes(&mut self, talk: &[(&str, &str)]) {
        for (text, reply) in talk {
            self.hears(text, reply).await;
        }
    }

    /// She writes, and nothing comes back.
    pub async fn silence(&mut self, text: &str) {
        assert_eq!(Vec::<String>::new(), self.says(text).await, "to {text:?}");
    }

    /// Time passes; gives what comes.
    pub async fn wait(&mut self, time: TimeDelta) -> Vec<Line> {
        self.world.advance_to(self.world.now() + time).await.expect("time passes");
        self.out()
    }

    /// Time passes until then; gives what comes.
    pub async fn until(&mut self, then: &str) -> Vec<Line> {
        self.world.advance_to(at(then)).await.expect("time passes");
        self.out()
    }

    /// Whether these are the words of a reply, whatever fills its placeholders.
    pub fn is(&self, words: &str, reply: &str) -> bool {
        let template = REPLIES[self.language][reply].as_str().expect("words");
        let mut pieces =
            template.split('{').map(|piece| piece.split_once('}').map_or(piece, |(_, rest)| rest));
        let first = pieces.next().unwrap_or_default();
        let Some(mut rest) = words.strip_prefix(first) else { return false };
        let mut last = first;
        for piece in pieces {
            let Some(found) = rest.find(piece) else { return false };
            (rest, last) = (&rest[found + piece.len()..], piece);
        }
        last.is_empty() || rest.is_empty()
    }

    /// The proofs of consent of this phone, the oldest first.
    pub async fn consents(&self) -> Vec<Consent> {
        let mut tx = self.world.service().database.begin().await.expect("a transaction");
        let her = people::lock(&mut tx, &self.phone()).await.expect("a look").expect("she is known");
        talk::consents_of(&mut tx, her.id).await.expect("a look")
    }

    /// The states of her enrollments, the newest first.
    pub async fn enrollments(&self) -> Vec<&'static str> {
        let mut tx = self.world.service().database.begin().await.expect("a transaction");
        let Some(her) = people::lock(&mut tx, &self.phone()).await.expect("a look") else {
            return Vec::new();
        };
        let all = people::enrollments_of(&mut tx, her.id).await.expect("a look");
        all.iter().map(|enrollment| enrollment.state.name()).collect()
    }

    /// Enrolled, 20+0 today, in the zone of her program's home.
    pub async fn enrolls(&mut self) {
        let talk = match self.language {
            "en" => ["BABY", "April 12, 2027", "YES", "10001"],
            "es" => ["BEBE", "12 de abril de 2027", "SI", "10001"],
            _ => ["МАМА", "12.04.2027", "ДА", "Москва"],
        };
        for text in talk {
            assert_eq!(1, self.says(text).await.len(), "to {text:?}");
        }
        assert_eq!(Some(&"active"), self.enrollments().await.first());
    }

    fn phone(&self) -> PhoneNumber {
        PhoneNumber::from_e164(self.number.clone()).expect("a number")
    }

    fn out(&mut self) -> Vec<Line> {
        self.world.take_lines().into_iter().filter(|line| line.direction == "out").collect()
    }
}

/// A woman enrolled at 20+0, in a world of her own.
pub async fn enrolled(language: &'static str) -> Phone {
    let mut phone = Phone::new().await;
    phone.speak(language);
    phone.enrolls().await;
    phone
}

pub fn at(time: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(time).expect("a time").with_timezone(&Utc)
}

/// The tips among lines, by id.
pub fn tips(lines: &[Line]) -> Vec<&str> {
    lines.iter().filter_map(|line| line.tip.as_deref()).collect()
}

/// Fails unless all of these stand in the words.
#[track_caller]
pub fn assert_says(words: &str, all: &[&str]) {
    for part in all {
        assert!(words.contains(part), "{part:?} is missing in {words:?}");
    }
}
