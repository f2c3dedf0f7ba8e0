//! Answers to questions that the library's authors asked.

use super::{Conversation, Effect, Fields, Reply, Scene, Step};

/// More words than this are no attempt at a number.
const FEW_WORDS: usize = 4;

/// The answer to a question that is open, or that the last tip asked.
pub(super) fn answer(scene: &Scene<'_>, program: &str, id: &str) -> Option<Vec<Effect>> {
    let question = scene.guide.question(program, id)?;
    let outcome = question.outcome(scene.text, scene.parsed)?;
    let answered = Effect::Answered { program: program.to_owned(), question: id.to_owned(), outcome };
    let next = question.outcomes[outcome].next.as_ref();
    let after = match next.filter(|next| scene.guide.question(program, next).is_some()) {
        Some(next) => scene.ask(Step::Question { question: next.clone() }),
        None => Effect::Close,
    };
    Some(vec![answered, after])
}

/// The question that one of her last tips asked: nothing was opened for it, and its answer is understood all the same.
/// One whose time is over is meant only where the answer fits no other.
pub(super) fn answer_tip(scene: &Scene<'_>) -> Option<Vec<Effect>> {
    let program = &scene.active()?.program;
    let fits = |(id, open): &(String, bool)| Some((answer(scene, program, id)?, *open));
    let fitting: Vec<(Vec<Effect>, bool)> = scene.known.questions.iter().filter_map(fits).collect();
    match fitting.as_slice() {
        [(effects, _)] => Some(effects.clone()),
        several => several.iter().find(|(_, open)| *open).map(|(effects, _)| effects.clone()),
    }
}

/// A figure, or two of them, where the last tip asked and takes others: she is told which, once a day. Not where a
/// question of ours is open and was put once more already: the figure answers that one, and help is given once.
pub(super) fn tip_again(scene: &Scene<'_>) -> Option<Vec<Effect>> {
    if scene.conversation.is_some_and(|open| open.unread) {
        return None;
    }
    let enrolled = scene.active()?;
    let (id, _) = scene.known.questions.iter().find(|(_, open)| *open)?;
    let question = scene.guide.question(&enrolled.program, id)?;
    let figures = scene.text.split_whitespace().count() <= FEW_WORDS
        && scene.text.contains(|c: char| c.is_ascii_digit());
    if !figures || scene.hinted || question.answers().is_empty() {
        return None;
    }
    let fields = Fields { answers: Some(question.answers()), ..Fields::default() };
    Some(vec![scene.say_of(enrolled, Reply::QuestionAgain, fields), Effect::MarkHinted])
}

/// An answer that is none of those.
pub(super) fn again(scene: &Scene<'_>, open: &Conversation, id: &str) -> Option<Vec<Effect>> {
    let question = scene.guide.question(&open.program, id)?;
    // Words are no attempt at a number or a letter: they are heard as what they are.
    let attempt = scene.parsed.answer.is_some() && !question.answers().is_empty();
    if open.unread || !attempt {
        return None;
    }
    let fields = Fields { answers: Some(question.answers()), ..Fields::default() };
    Some(vec![scene.say(Reply::QuestionAgain, fields), Effect::MarkUnread])
}
