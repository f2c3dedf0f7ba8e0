//! Stop, read generously: the law counts any wording that a reasonable person would understand.
//!
//! What is clear stops at once. What may mean something else ("stop?", "can I stop") is asked about. What
//! plainly means something else ("how do I stop smoking") is neither, because a question about bleeding
//! must not be answered with a question about texts.

use super::{
    lexicon::{KeywordWords, Keywords},
    message::{Message, Pause, Word},
    pattern::Choice,
    whole::{self, Cores, says_only},
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
    // A program's own word stands as it is written, however near to a stop word it lies.
    let nearly = || {
        whole::start(cores, keywords).is_empty()
            && cores.meant(keywords).iter().any(|meant| is_keyword(&meant.word, keywords))
    };
    if cores.generous().iter().any(|core| is_keyword(core, keywords)) || nearly() {
        return if message.asks() { Verdict::Doubt } else { Verdict::Stop };
    }
    let sentences = message.sentences().map(|sentence| of_sentence(sentence, keywords));
    let clauses = message.clauses().map(|clause| of_clause(clause, keywords));
    sentences.chain(clauses).max().unwrap_or(Verdict::No)
}

/// Whether a clear stop word begins or ends what else is told, with no mark between: "STOP I lost my baby".
pub fn stands_beside(message: &Message, keywords: &Keywords) -> bool {
    message.sentences().any(|sentence| {
        let means_else =
            |l: &KeywordWords| l.says(&l.stop.unless, sentence) || l.says(&l.stop.harmless, sentence);
        let ends = [sentence.first(), sentence.last()].into_iter().flatten();
        !message.asks()
            && ends.map(std::slice::from_ref).any(|word| is_clear_keyword(word, keywords))
            && !keywords.lexicons().any(means_else)
    })
}

/// The words are a stop word and nothing else.
fn is_keyword(words: &[Word], keywords: &Keywords) -> bool {
    is_clear_keyword(words, keywords) || says_only(words, |l| &l.stop.alone, keywords)
}

/// The words are a stop word that has no other use.
fn is_clear_keyword(words: &[Word], keywords: &Keywords) -> bool {
    says_only(words, |l| &l.stop.words, keywords)
}

/// Between two marks only a clear stop word speaks for itself: "thank you, stop".
fn of_clause(clause: &[Word], keywords: &Keywords) -> Verdict {
    let cores = Cores::of(clause, keywords);
    alone(clause, cores.generous().iter().any(|core| is_clear_keyword(core, keywords)))
}

fn of_sentence(sentence: &[Word], keywords: &Keywords) -> Verdict {
    let says = |list: fn(&KeywordWords) -> &Choice| keywords.lexicons().any(|l| l.says(list(l), sentence));
    if says(|l| &l.stop.unless) {
        return Verdict::No;
    }
    if says(|l| &l.stop.wording) {
        return if says(|l| &l.stop.hedges) { Verdict::Doubt } else { Verdict::Stop };
    }
    // A sentence of its own may be any stop word: "I moved away. Cancel."
    let cores = Cores::of(sentence, keywords);
    let keyword = alone(sentence, cores.strict().iter().any(|core| is_keyword(core, keywords)));
    let doubtful = !says(|l| &l.stop.harmless) && (says(|l| &l.stop.doubt) || says(|l| &l.stop.words));
    keyword.max(if doubtful { Verdict::Doubt } else { Verdict::No })
}

/// The verdict on a part of a text that is, or is not, nothing but a stop word.
fn alone(part: &[Word], is_keyword: bool) -> Verdict {
    match part.last() {
        Some(last) if is_keyword && last.pause == Pause::Question => Verdict::Doubt,
        Some(_) if is_keyword => Verdict::Stop,
        _ => Verdict::No,
    }
}
