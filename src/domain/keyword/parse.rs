//! The parse of one text: the three ways of reading, in their order of precedence.

use super::{
    Intent, Keywords, Parsed, loss,
    message::Message,
    stop::{self, Verdict},
    whole::{self, Cores},
};

/// Reads one text. Total: it answers for any string, and never panics.
///
/// `language` is the one she is spoken to in, an ISO 639-1 code. It decides what a word means that two
/// languages share; the words of all others are understood too.
pub fn parse(text: &str, language: &str, keywords: &Keywords) -> Parsed {
    let message = Message::read(text, &keywords.spelling);
    let cores = Cores::of(&message.words, keywords);
    let order = keywords.hers_first(language);

    let verdict = stop::verdict(&message, &cores, keywords);
    let mut start = Vec::new();
    let intent = if verdict == Verdict::Stop {
        Some(Intent::Stop)
    } else if loss::is_told(&message, &cores, keywords) {
        Some(Intent::Loss)
    } else {
        start = whole::start(&cores, keywords);
        let keyword = whole::intent(&cores, &order, keywords);
        // An exact keyword of ours before a start word that is only a near miss would be rarer than a
        // program that chooses one of our words as its own; a program's word therefore goes first.
        if start.is_empty() {
            keyword
        } else {
            Some(Intent::Baby)
        }
    };
    let answer = if intent.is_none() {
        whole::answer(&cores, &order, keywords)
    } else {
        None
    };
    Parsed {
        intent,
        start,
        answer,
        stop_in_doubt: verdict == Verdict::Doubt,
        junk: whole::is_junk(&message, answer, intent),
        script: message.script,
    }
}
