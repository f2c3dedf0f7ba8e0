//! Answers to questions that the library's authors asked.

use super::{Conversation, Effect, Fields, Reply, Scene, Step};

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

/// The question that the last tip asked: nothing was opened for it, and its answer is understood all the same.
pub(super) fn answer_tip(scene: &Scene<'_>) -> Option<Vec<Effect>> {
    let enrolled = scene.active()?;
    let id = scene.known.question.as_deref()?;
    answer(scene, &enrolled.program, id)
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
