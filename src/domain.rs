//! Values and pure functions: what a text says, where she is in her pregnancy, what is due and when, how
//! reports merge. No async, no I/O, no SQL, no clock: time and chance are arguments.

pub mod calendar;
pub mod conversation;
pub mod danger;
pub mod date_text;
pub mod delivery;
pub mod gestation;
pub mod keyword;
pub mod language;
pub(crate) mod named;
pub mod pace;
pub mod phone;
pub mod plan;
pub mod reading;
pub mod reason;
pub mod request;
pub mod retry;
pub mod role;
pub mod seal;
pub mod segment;
pub mod survey;
pub mod time_text;
pub mod why;
pub mod wording;
