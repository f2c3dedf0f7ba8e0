//! A tip laid flat: each of its fields as plain text, by name, as spreadsheets and translators' files carry it.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};
use toml::Spanned;
use toml::value::Datetime;

use super::fault::Spot;
use super::format::{Drafts, TipEntry};

/// A field of a tip, beside its id and its words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// Its track.
    Track,
    /// Which loss, in the track of that name.
    Loss,
    /// Which tip it is the second text of, in the track of second texts.
    Of,
    /// Its week, in tracks with weeks.
    Week,
    /// Its place in the week or the pack.
    Slot,
    /// What it is about.
    Topic,
    /// What must be true.
    Needs,
    /// Whom its words are for.
    Reader,
    /// 1 to 3.
    Priority,
    /// The languages whose words were translated from other words.
    Stale,
    /// Who says so.
    Organization,
    /// On which page.
    Title,
    /// Where that is.
    Url,
    /// As of which year.
    Year,
    /// Draft or approved.
    State,
    /// Who signed.
    Reviewer,
    /// When.
    ReviewedOn,
    /// Until when that counts.
    ExpiresOn,
}

/// How a field is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Words, as they are.
    Text,
    /// One of a few words, always in small letters.
    Choice,
    /// A whole number.
    Number,
    /// A date: 2026-11-28.
    Date,
    /// Language codes with commas between them.
    Languages,
}

impl Field {
    /// Each, in the order of the authors' files.
    pub const ALL: [Self; 18] = [
        Self::Track,
        Self::Loss,
        Self::Of,
        Self::Week,
        Self::Slot,
        Self::Topic,
        Self::Needs,
        Self::Reader,
        Self::Priority,
        Self::Stale,
        Self::Organization,
        Self::Title,
        Self::Url,
        Self::Year,
        Self::State,
        Self::Reviewer,
        Self::ReviewedOn,
        Self::ExpiresOn,
    ];

    /// Where it stands in a tip: its key, or a table and the key in it.
    pub fn path(self) -> &'static [&'static str] {
        match self {
            Self::Track => &["track"],
            Self::Loss => &["loss"],
            Self::Of => &["of"],
            Self::Week => &["week"],
            Self::Slot => &["slot"],
            Self::Topic => &["topic"],
            Self::Needs => &["needs"],
            Self::Reader => &["reader"],
            Self::Priority => &["priority"],
            Self::Stale => &["stale"],
            Self::Organization => &["source", "organization"],
            Self::Title => &["source", "title"],
            Self::Url => &["source", "url"],
            Self::Year => &["source", "year"],
            Self::State => &["review", "state"],
            Self::Reviewer => &["review", "reviewer"],
            Self::ReviewedOn => &["review", "reviewed_on"],
            Self::ExpiresOn => &["review", "expires_on"],
        }
    }

    /// What people call it: a column of a spreadsheet.
    pub fn name(self) -> &'static str {
        match self {
            Self::Organization => "source organization",
            Self::Title => "source title",
            Self::Url => "source url",
            Self::Year => "source year",
            other => other.path().last().copied().unwrap_or_default(),
        }
    }

    /// How it is written.
    pub fn kind(self) -> Kind {
        match self {
            Self::Track | Self::Loss | Self::Needs | Self::Reader | Self::State => Kind::Choice,
            Self::Week | Self::Slot | Self::Priority | Self::Year => Kind::Number,
            Self::ReviewedOn | Self::ExpiresOn => Kind::Date,
            Self::Stale => Kind::Languages,
            Self::Of | Self::Topic | Self::Organization | Self::Title | Self::Url | Self::Reviewer => {
                Kind::Text
            }
        }
    }

    /// Whether no tip can be without it.
    pub fn required(self) -> bool {
        !matches!(
            self,
            Self::Loss
                | Self::Of
                | Self::Week
                | Self::Slot
                | Self::Reader
                | Self::Stale
                | Self::Reviewer
                | Self::ReviewedOn
                | Self::ExpiresOn
        )
    }

    /// Whether it tells how people stand to the words, and not what the tip is.
    pub fn is_standing(self) -> bool {
        self.is_signature() || self == Self::Stale
    }

    /// Whether it belongs to the reviewer's signature.
    pub fn is_signature(self) -> bool {
        matches!(self, Self::State | Self::Reviewer | Self::ReviewedOn | Self::ExpiresOn)
    }
}

/// A tip as it lies in the library, flat.
#[derive(Clone, Debug)]
pub struct FlatTip {
    /// Its program's id.
    pub program: String,
    /// Where it begins.
    pub spot: Spot,
    /// Its id.
    pub id: String,
    /// Its fields; those that it does not have are missing.
    pub values: BTreeMap<Field, String>,
    /// Its words, by language.
    pub words: BTreeMap<String, String>,
}

impl FlatTip {
    /// All tips with an id, in the order of the files.
    pub fn all(drafts: &Drafts) -> Vec<Self> {
        drafts
            .tips
            .iter()
            .filter_map(|(program, tip)| {
                Some(Self {
                    program: program.clone(),
                    spot: tip.spot.clone(),
                    id: tip.value.id.as_ref()?.as_ref().clone(),
                    values: values(&tip.value),
                    words: words(&tip.value),
                })
            })
            .collect()
    }

    /// A field as text; empty if it is not there.
    pub fn value(&self, field: Field) -> &str {
        self.values.get(&field).map_or("", String::as_str)
    }

    /// The languages whose words are stale.
    pub fn stale(&self) -> Vec<&str> {
        self.value(Field::Stale).split(", ").filter(|language| !language.is_empty()).collect()
    }

    /// What the tip is and says, in short: an export carries it, so that an import can tell whether somebody
    /// changed the tip in between. How people stand to it (its review, what is stale) is not part of it.
    pub fn fingerprint(&self) -> String {
        let mut hasher = Sha256::new();
        let fields = self.values.iter().filter(|(field, _)| !field.is_standing());
        let fields = fields.map(|(field, value)| (field.name(), value.as_str()));
        let words = self.words.iter().map(|(language, words)| (language.as_str(), words.as_str()));
        for (name, value) in fields.chain(words) {
            for part in [name, value] {
                hasher.update((part.len() as u64).to_be_bytes());
                hasher.update(part);
            }
        }
        // The letter in front keeps spreadsheet programs from reading a number.
        hasher.finalize().iter().take(5).fold("v".to_owned(), |text, byte| text + &format!("{byte:02x}"))
    }
}

fn words(tip: &TipEntry) -> BTreeMap<String, String> {
    tip.text.iter().map(|(language, text)| (language.clone(), text.as_ref().clone())).collect()
}

fn values(tip: &TipEntry) -> BTreeMap<Field, String> {
    let text = |value: &Option<Spanned<String>>| value.as_ref().map(|value| value.as_ref().clone());
    let number = |value: &Option<Spanned<i64>>| value.as_ref().map(|value| value.as_ref().to_string());
    let date = |value: &Option<Spanned<Datetime>>| value.as_ref().map(|value| value.as_ref().to_string());
    let source = tip.source.as_ref().map(Spanned::as_ref);
    let review = tip.review.as_ref().map(Spanned::as_ref);
    let fields = [
        (Field::Track, text(&tip.track)),
        (Field::Loss, text(&tip.loss)),
        (Field::Of, text(&tip.of)),
        (Field::Week, number(&tip.week)),
        (Field::Slot, number(&tip.slot)),
        (Field::Topic, text(&tip.topic)),
        (Field::Needs, text(&tip.needs)),
        (Field::Reader, text(&tip.reader)),
        (Field::Priority, number(&tip.priority)),
        (Field::Stale, tip.stale.as_ref().map(|stale| stale.as_ref().join(", "))),
        (Field::Organization, source.and_then(|source| text(&source.organization))),
        (Field::Title, source.and_then(|source| text(&source.title))),
        (Field::Url, source.and_then(|source| text(&source.url))),
        (Field::Year, source.and_then(|source| number(&source.year))),
        (Field::State, review.and_then(|review| text(&review.state))),
        (Field::Reviewer, review.and_then(|review| text(&review.reviewer))),
        (Field::ReviewedOn, review.and_then(|review| date(&review.reviewed_on))),
        (Field::ExpiresOn, review.and_then(|review| date(&review.expires_on))),
    ];
    let there = fields.into_iter().filter_map(|(field, value)| Some((field, value?)));
    there.filter(|(_, value)| !value.is_empty()).collect()
}
