//! How a tip stands in a language, at a glance: a sign, a word and a colour for each, never a colour alone.

use chrono::{Days, NaiveDate};

use crate::domain::named::named;
use crate::flows::authoring::{Desk, Progress, progress};
use crate::library::desk::Leaf;
use crate::library::{Field, Severity};
use crate::web::console::tongue::words;

/// A review that ends within so many days is said to end soon.
pub const SOON: Days = Days::new(60);

words! {
    /// The states in words.
    pub Words {
        missing: "missing", "falta", "нет текста";
        recalled: "recalled", "retirado", "отозвано";
        faulty: "has an error", "tiene un error", "есть ошибка";
        conflict: "changed elsewhere", "cambiado en otro lugar", "изменено в другом месте";
        returned: "sent back", "devuelto", "возвращено";
        writing: "being written", "en redacción", "пишется";
        waiting: "in review", "en revisión", "на проверке";
        ready: "signed, not published", "firmado, sin publicar", "подписано, не опубликовано";
        stale: "translation left behind", "traducción atrasada", "перевод отстал";
        draft: "not signed", "sin firmar", "не подписано";
        expired: "review expired", "revisión vencida", "срок проверки истёк";
        expiring: "review ends soon", "la revisión vence pronto", "срок проверки истекает";
        approved: "approved", "aprobado", "одобрено";
    }
}

named! {
    /// How a tip stands in a language: the first of these that is true.
    pub enum State {
        /// There are no words.
        Missing = "missing",
        /// It is not sent any more.
        Recalled = "recalled",
        /// An edition changed it while it was being written.
        Conflict = "conflict",
        /// It has an error.
        Faulty = "faulty",
        /// A reviewer sent it back.
        Returned = "returned",
        /// Somebody writes it.
        Writing = "writing",
        /// It waits for a reviewer.
        Waiting = "waiting",
        /// It is signed and not published.
        Ready = "ready",
        /// It was translated from other words.
        Stale = "stale",
        /// Nobody has signed it.
        Draft = "draft",
        /// The signature has run out.
        Expired = "expired",
        /// The signature runs out soon.
        Expiring = "expiring",
        /// Somebody stands for it.
        Approved = "approved",
    }
}

/// Whether the signature of a tip has run out, or does soon: it may be reviewed anew.
pub fn runs_out(leaf: &Leaf, today: NaiveDate) -> bool {
    leaf.value(Field::ExpiresOn).parse::<NaiveDate>().is_ok_and(|ends| ends <= today + SOON)
}

impl State {
    /// How a tip stands in a language. Errors are looked for only where the checks have run.
    pub fn of(desk: &Desk, leaf: &Leaf, language: &str, today: NaiveDate, checked: bool) -> Self {
        let standing = desk.standings.get(&leaf.tip);
        let ends = leaf.value(Field::ExpiresOn).parse::<NaiveDate>().ok();
        let broken = || {
            standing.is_some()
                && checked
                && desk.table.faults_of(&leaf.tip).iter().any(|fault| fault.severity == Severity::Error)
        };
        match standing.and_then(progress) {
            _ if leaf.said(language).is_empty() => Self::Missing,
            _ if desk.recalled.contains(&leaf.tip) => Self::Recalled,
            Some(_) if desk.conflict(&leaf.tip) => Self::Conflict,
            Some(_) if broken() => Self::Faulty,
            Some(Progress::Returned) => Self::Returned,
            Some(Progress::Waiting) => Self::Waiting,
            Some(Progress::Approved) => Self::Ready,
            _ if leaf.is_stale(language) => Self::Stale,
            Some(Progress::Writing) => Self::Writing,
            None if leaf.value(Field::State) != "approved" => Self::Draft,
            None => match ends {
                Some(ends) if ends < today => Self::Expired,
                Some(ends) if ends <= today + SOON => Self::Expiring,
                _ => Self::Approved,
            },
        }
    }

    /// The sign that stands for it.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Missing => "∅",
            Self::Recalled => "⊘",
            Self::Conflict => "⇄",
            Self::Faulty => "!",
            Self::Returned => "↩",
            Self::Writing => "✎",
            Self::Waiting => "?",
            Self::Ready => "➤",
            Self::Stale => "≠",
            Self::Draft => "○",
            Self::Expired => "✕",
            Self::Expiring => "◔",
            Self::Approved => "●",
        }
    }

    /// The class of its colour.
    pub fn class(self) -> &'static str {
        match self {
            Self::Missing | Self::Recalled | Self::Conflict | Self::Faulty | Self::Expired => "bad",
            Self::Returned | Self::Stale | Self::Expiring => "warn",
            Self::Writing | Self::Waiting | Self::Ready => "accent",
            Self::Draft => "",
            Self::Approved => "good",
        }
    }

    /// Its name.
    pub fn word(self, words: &Words) -> &'static str {
        match self {
            Self::Missing => words.missing,
            Self::Recalled => words.recalled,
            Self::Conflict => words.conflict,
            Self::Faulty => words.faulty,
            Self::Returned => words.returned,
            Self::Writing => words.writing,
            Self::Waiting => words.waiting,
            Self::Ready => words.ready,
            Self::Stale => words.stale,
            Self::Draft => words.draft,
            Self::Expired => words.expired,
            Self::Expiring => words.expiring,
            Self::Approved => words.approved,
        }
    }
}

/// A state as it is shown.
#[derive(Clone, Debug)]
pub struct Shown {
    /// Its sign.
    pub sign: &'static str,
    /// The class of its colour.
    pub class: &'static str,
    /// Its name.
    pub word: &'static str,
    /// Its name in addresses.
    pub name: &'static str,
}

impl Shown {
    /// A state in words.
    pub fn of(state: State, words: &Words) -> Self {
        Self { sign: state.sign(), class: state.class(), word: state.word(words), name: state.name() }
    }
}
