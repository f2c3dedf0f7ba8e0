//! Loss, told in plain words.
//!
//! Freezing the texts of a woman who lost nothing is soon undone; a cheerful tip after a loss is not. So a
//! statement about herself or her baby counts. A question, a fear, somebody else's loss, or one of years
//! ago does not.

use super::{
    lexicon::Keywords,
    message::{Message, Pause, Word},
    whole::{Cores, says_only},
};

/// Whether the text tells of a loss, in whatever language.
pub fn is_told(message: &Message, cores: &Cores, keywords: &Keywords) -> bool {
    let as_a_whole = |core: &&[Word]| says_only(core, |l| &l.loss.words, keywords);
    message.sentences().any(|sentence| is_stated(sentence, keywords))
        || !message.asks() && cores.strict().iter().any(as_a_whole)
}

fn is_stated(sentence: &[Word], keywords: &Keywords) -> bool {
    let statement = statement(sentence, keywords);
    let told =
        keywords.lexicons().any(|l| l.says(&l.loss.wording, statement) || l.says(&l.loss.asked, sentence));
    told && !keywords.lexicons().any(|l| l.says(&l.loss.unless, statement))
}

/// The part of a sentence that states something: what comes before a question.
///
/// "I lost my baby what do I do" begins with a statement. Where no word shows the beginning of the question,
/// it is the last clause that the question mark belongs to.
fn statement<'w>(sentence: &'w [Word], keywords: &Keywords) -> &'w [Word] {
    let question = keywords.lexicons().filter_map(|l| l.questions.first_in(sentence, &l.classes)).min();
    if let Some(question) = question {
        return &sentence[..question];
    }
    match sentence {
        [before @ .., last] if last.pause == Pause::Question => {
            let clause = before.iter().rposition(|word| word.pause == Pause::Clause);
            &sentence[..clause.map_or(0, |end| end + 1)]
        }
        _ => sentence,
    }
}
