//! The parse of one text: the ways of reading, in their order of precedence.

use super::{
    Intent, Keywords, Parsed, loss,
    message::Message,
    stop::{self, Verdict},
    whole::{self, Cores},
};

/// Reads one text. Total: it answers for any string, and never panics.
///
/// `language` is the one she is spoken to in, an ISO 639-1 code. It decides what an answer means that two
/// languages share; keywords, stop and loss are understood in all of them alike.
pub fn parse(text: &str, language: &str, keywords: &Keywords) -> Parsed {
    let message = Message::read(text, &keywords.spelling);
    let cores = Cores::of(&message.words, keywords);
    let verdict = stop::verdict(&message, &cores, keywords);
    let loss = loss::is_told(&message, &cores, keywords);
    let (intent, start) = match verdict {
        Verdict::Stop => (Some(Intent::Stop), Vec::new()),
        _ if loss && stop::stands_beside(&message, keywords) => (Some(Intent::Stop), Vec::new()),
        _ if loss => (Some(Intent::Loss), Vec::new()),
        _ => keyword(&cores, keywords),
    };
    let answer = if intent.is_none() { whole::answer(&cores, language, keywords) } else { None };
    let understood = intent.is_some() || answer.is_some();
    Parsed {
        intent,
        start,
        loss,
        answer,
        stop_in_doubt: verdict == Verdict::Doubt,
        courtesy: cores.says_nothing(),
        junk: message.too_long || message.only_signs && !understood,
        script: message.script,
    }
}

/// A start word with something behind it: a code, or who she is. Gives the programs and languages, and what is behind.
pub fn start_and_rest(text: &str, keywords: &Keywords) -> Option<(Vec<(String, String)>, String)> {
    let message = Message::read(text, &keywords.spelling);
    let (first, rest) = message.words.split_first()?;
    let start = whole::start(&Cores::of(std::slice::from_ref(first), keywords), keywords);
    let rest: Vec<&str> = rest.iter().map(|word| word.typed[0].as_str()).collect();
    (!start.is_empty() && !rest.is_empty()).then(|| (start, rest.join(" ")))
}

/// The keyword that the text is, and for a start word its programs. A program's own word goes before ours,
/// and what was written before what was nearly written.
fn keyword(cores: &Cores, keywords: &Keywords) -> (Option<Intent>, Vec<(String, String)>) {
    let baby = |start: Vec<_>| if start.is_empty() { None } else { Some((Some(Intent::Baby), start)) };
    let ours = |intent: Option<Intent>| intent.map(|intent| (Some(intent), Vec::new()));
    baby(whole::start(cores, keywords))
        .or_else(|| ours(whole::keyword(cores, keywords)))
        .or_else(|| baby(whole::near_start(cores, keywords)))
        .or_else(|| ours(whole::near_keyword(cores, keywords)))
        .unwrap_or_default()
}
