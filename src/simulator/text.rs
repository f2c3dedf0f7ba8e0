//! A text as either dialect asks for it, and what the two can be told in common.

use std::borrow::Cow;

use uuid::Uuid;

/// Whose addresses and words are used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// Twilio's Messages.
    Twilio,
    /// Kannel's sendsms.
    Kannel,
}

/// A text that somebody asks to have sent.
pub struct Text<'a> {
    pub dialect: Dialect,
    /// As Twilio's address names it; empty in Kannel's.
    pub account_sid: &'a str,
    pub to: Cow<'a, str>,
    /// A number, a name, or the id of one of Twilio's messaging services.
    pub from: Cow<'a, str>,
    pub body: Cow<'a, str>,
    /// Where reports go; empty: nowhere.
    pub callback: Cow<'a, str>,
    /// Which reports are wanted, in Kannel's bits.
    pub mask: u32,
    /// Our name for it, if it has one.
    pub reference: Option<Uuid>,
}

impl Text<'_> {
    /// Whether Twilio's list has it.
    pub fn is_listed(&self) -> bool {
        self.dialect == Dialect::Twilio
    }
}

/// Our name for a text, from the address of its reports: the `m` in its query.
pub fn reference(callback: &str) -> Option<Uuid> {
    let (_, query) = callback.split_once('?')?;
    query.split('&').find_map(|pair| pair.strip_prefix("m=")).and_then(|m| m.parse().ok())
}

/// Why a text is not taken, in either dialect's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// An HTTP status.
    Status(u16),
    /// One of Twilio's codes.
    Code(u32),
    /// Something that is no answer of a gateway at all.
    Garbage,
}
