//! A text as any dialect asks for it, and what they can be told in common.

use std::borrow::Cow;

use uuid::Uuid;

/// Whose addresses and words are used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// Twilio's Messages.
    Twilio,
    /// Kannel's sendsms.
    Kannel,
    /// Infobip's SMS v3.
    Infobip,
}

/// A text that somebody asks to have sent.
pub struct Text<'a> {
    pub dialect: Dialect,
    /// As Twilio's address names it; empty elsewhere.
    pub account_sid: &'a str,
    pub to: Cow<'a, str>,
    /// A number, a name, or the id of one of Twilio's messaging services.
    pub from: Cow<'a, str>,
    pub body: Cow<'a, str>,
    /// Where reports go; empty: nowhere.
    pub callback: Cow<'a, str>,
    /// Which reports are wanted, in Kannel's bits; in Infobip's dialect 1 stands for those before the last.
    pub mask: u32,
    /// What Infobip gives back.
    pub echo: Echo<'a>,
    /// Our name for it, if it has one.
    pub reference: Option<Uuid>,
}

/// What is given back in answers and reports as it came.
#[derive(Default)]
pub struct Echo<'a> {
    /// Its name, from which the reference is read; empty: the gateway gives it one.
    pub message_id: Cow<'a, str>,
    pub callback_data: Cow<'a, str>,
}

impl Text<'_> {
    /// Whether Twilio's list has it.
    pub fn is_listed(&self) -> bool {
        self.dialect == Dialect::Twilio
    }

    /// Whether its gateway takes nothing a second time under the same name.
    pub fn is_taken_once(&self) -> bool {
        self.dialect == Dialect::Infobip
    }
}

/// Our name for a text, from the address of its reports: the `m` in its query.
pub fn reference(callback: &str) -> Option<Uuid> {
    let (_, query) = callback.split_once('?')?;
    query.split('&').find_map(|pair| pair.strip_prefix("m=")).and_then(|m| m.parse().ok())
}

/// Why a text is not taken, in any dialect's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// An HTTP status.
    Status(u16),
    /// One of Twilio's codes.
    Code(u32),
    /// Something that is no answer of a gateway at all.
    Garbage,
}
