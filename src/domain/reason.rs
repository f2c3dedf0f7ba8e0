//! Why a text or an enrollment ended, as the service writes it down: all of its own sentences, in one place. The console
//! says each of them in the language of who reads it, and a test walks [`ALL`] so that none is forgotten there. Whatever
//! else stands as a reason, a gateway or a person has written.

use chrono::NaiveDate;

macro_rules! reasons {
    ($($name:ident = $words:literal;)*) => {
        $(#[doc = $words] pub const $name: &str = $words;)*
        /// All of them.
        pub const ALL: &[&str] = &[$($name),*];
    };
}

reasons! {
    // What she said, or what was done for her.
    STOP = "she texted STOP";
    STOP_AT_CONSOLE = "she asked for STOP, and it was done at the console";
    LOSS = "she told of a loss";
    NO_LOSS = "it was no loss, or of another baby";
    SUPPORT = "she said yes to support";
    DATES = "her dates changed";
    BORN = "her baby was born";
    BABIES = "she told how many babies";
    LESS = "she asked for less";
    MORE = "she asked for more";
    PAUSE = "she asked for a pause";
    AGAIN = "she asked for tips again";
    HOUR = "she chose her hour";
    READER = "she told who she is to the baby";
    UNSEEN = "she asked to be left unseen, or not any more";
    LANGUAGE = "another language";
    HOUSE = "she moved";
    PHONE = "she moved to another phone";
    OTHER_PHONE = "another phone moved here";
    ANEW = "she enrolled anew";

    // What had changed when a text was to go.
    HAD_STOPPED = "she had stopped";
    HAD_LOST = "she had told of a loss";
    HAD_HIDDEN = "she had asked that nothing be shown";
    OTHER_PLAN = "what it was planned from had changed";
    RECALLED = "its tip was recalled";
    BROADCAST = "its broadcast was stopped";

    // What came of sending.
    LATE = "its time had passed before it could be sent";
    LATE_IN_DOUBT = "it may have been sent, and its time passed before its gateway could say";
    NOT_ALLOWED = "this sender may not text that number: it is not a listed test number, or its country is not served";
    BREAKS = "the service broke when it began to send it";
    BROKE = "the service broke each time it began to send it: a person must look";
    OPTED_OUT = "the provider says she opted out there";
    UNREACHABLE = "texts in a row could not be delivered";
    NEVER_LEFT = "it was never sent: it is tried again";
    NEVER_SENT = "it was never sent, and its time has passed";
    WAITS_FOR_REPORT = "it may have been sent: waiting for a report";
    PROVIDER_SILENT = "it may have been sent: its provider does not say just now";
    PROVIDER_LATE = "it may have been sent; its provider did not say until it was too late";
    HANDED_AGAIN = "it may have been sent: it is handed over again under its name, which its gateway takes once";
    ANSWERED_AGAIN = "it may have been sent, but no report ever came: an answer is repeated";
    NOT_REPEATED = "it may have been sent, but no report ever came: it is not repeated";
}

/// A pause with its end, as a deed keeps it.
pub fn pause(until: Option<NaiveDate>) -> String {
    until.map_or_else(|| PAUSE.to_owned(), |day| format!("{PAUSE} until {day}"))
}

/// The end of a pause, where a deed has one.
pub fn pause_end(kept: &str) -> Option<NaiveDate> {
    kept.strip_prefix(PAUSE)?.strip_prefix(" until ")?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_keeps_its_end() {
        let day = NaiveDate::from_ymd_opt(2027, 1, 5);
        assert_eq!(day, pause_end(&pause(day)));
        assert_eq!(None, pause_end(&pause(None)));
        assert_eq!(None, pause_end("“until 2027-01-05”"));
    }
}
