//! Stop, read generously: the law counts any wording that a reasonable person would understand.
//!
//! What is clear stops at once. What may mean something else ("stop?", "can I stop") is asked about. What
//! plainly means something else ("how do I stop smoking") is neither, because a question about bleeding
//! must not be answered with a question about texts.

use super::{
    lexicon::{KeywordWords, Keywords},
    message::{Message, Pause, Word},
    pattern::Pattern,
    whole::{Cores, core_of, only_word, says_only},
};

/// How surely a text means stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// It does not.
    No,
    /// Ask her.
    Doubt,
    /// It does.
    Stop,
}

/// How surely the text means stop, in whatever language.
pub fn verdict(message: &Message, cores: &Cores, keywords: &Keywords) -> Verdict {
    if is_keyword(cores, keywords) {
        return if message.asks() {
            Verdict::Doubt
        } else {
            Verdict::Stop
        };
    }
    let sentences = message
        .sentences()
        .map(|sentence| of_sentence(sentence, keywords));
    let clauses = message.clauses().map(|clause| of_clause(clause, keywords));
    sentences.chain(clauses).max().unwrap_or(Verdict::No)
}

/// The whole text is a stop word.
fn is_keyword(cores: &Cores, keywords: &Keywords) -> bool {
    let said = |words: &[Word]| {
        says_only(words, |l| &l.stop.words, keywords)
            || says_only(words, |l| &l.stop.alone, keywords)
    };
    let [_, bare] = cores.strict();
    cores.generous().into_iter().any(said)
        || only_word(bare, keywords).iter().any(|word| said(word))
}

/// A stop word between two marks speaks for itself: "Stop. My baby is born", "thank you, stop".
fn of_clause(clause: &[Word], keywords: &Keywords) -> Verdict {
    if !says_only(core_of(clause, keywords), |l| &l.stop.words, keywords) {
        return Verdict::No;
    }
    match clause.last() {
        Some(word) if word.pause == Pause::Question => Verdict::Doubt,
        _ => Verdict::Stop,
    }
}

fn of_sentence(sentence: &[Word], keywords: &Keywords) -> Verdict {
    let says = |list: fn(&KeywordWords) -> &[Pattern]| {
        keywords.lexicons().any(|l| l.says(list(l), sentence))
    };
    if says(|l| &l.stop.unless) {
        Verdict::No
    } else if says(|l| &l.stop.wording) {
        if says(|l| &l.stop.hedges) {
            Verdict::Doubt
        } else {
            Verdict::Stop
        }
    } else if says(|l| &l.stop.harmless) {
        Verdict::No
    } else if says(|l| &l.stop.doubt) || says(|l| &l.stop.words) {
        Verdict::Doubt
    } else {
        Verdict::No
    }
}
