//! A text as a row of a file.

use chrono::{DateTime, SecondsFormat, Utc};
use chrono_tz::Tz;

use super::super::access::Signed;
use super::super::fates::Words as FateWords;
use super::super::tongue::Tongue;
use super::words::Words;
use super::{provider_name, took};
use crate::domain::phone::masked;
use crate::store::texts::Listed;

/// For whom a file is written.
pub struct Writer {
    /// In which language.
    pub tongue: Tongue,
    zone: Tz,
}

impl Writer {
    /// For who is signed in.
    pub fn of(signed: &Signed) -> Self {
        Self { tongue: signed.tongue, zone: signed.zone }
    }
}

/// The columns that hold numbers to reckon with: segments, tries, seconds.
pub fn is_number(column: u16) -> bool {
    matches!(column, 9 | 11 | 16)
}

/// The columns' names.
pub fn names(tongue: Tongue) -> Vec<String> {
    let words = Words::of(tongue);
    [
        words.id,
        words.queued,
        words.program,
        words.sender,
        words.gateway,
        words.number,
        words.what,
        words.language,
        words.tip,
        "SMS",
        words.state,
        words.tries,
        words.code,
        words.explained,
        words.began,
        words.ended_at,
        words.seconds,
        words.provider_name,
    ]
    .map(str::to_owned)
    .to_vec()
}

/// A text's cells, in their order.
pub fn cells(writer: &Writer, text: &Listed) -> Vec<String> {
    let fates = FateWords::of(writer.tongue);
    let time = |at: DateTime<Utc>| at.with_timezone(&writer.zone).to_rfc3339_opts(SecondsFormat::Secs, false);
    let kept = |value: &Option<String>| value.clone().unwrap_or_default();
    vec![
        text.id.to_string(),
        time(text.queued_at),
        kept(&text.program),
        text.sender.clone(),
        kept(&text.gateway),
        masked(&text.phone),
        fates.kind(&text.kind).to_owned(),
        text.language.clone(),
        kept(&text.tip),
        text.segments.to_string(),
        fates.state(text.state).to_owned(),
        text.tries.to_string(),
        kept(&text.code),
        kept(&text.reason),
        text.began_at.map(time).unwrap_or_default(),
        text.ended_at.map(time).unwrap_or_default(),
        took(text).map(|took| took.num_seconds().to_string()).unwrap_or_default(),
        text.provider_id.as_deref().map(|name| provider_name(name, &text.phone)).unwrap_or_default(),
    ]
}
