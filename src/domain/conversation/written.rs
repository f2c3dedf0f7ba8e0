//! A person of ours wrote to her: whatever she writes next is for them, however short it is.

use super::{Conversation, Effect, Fresh, Reply, Scene, Step, question, steps, unseen};

/// What she writes next. The question that was open before is open again, and is put again, unless what she wrote can be
/// nothing but its answer: a YES or a figure can be either's.
pub(super) fn answer(scene: &Scene<'_>, open: &Conversation, before: Option<&Step>) -> Option<Vec<Effect>> {
    // She has yet to read what she is to answer.
    if unseen::read(scene).is_some() {
        return None;
    }
    let flag = Effect::Flag { sign: None };
    // Behind thanks an answer may follow.
    if scene.parsed.courtesy && scene.parsed.answer.is_none() {
        return Some(vec![flag]);
    }
    let Some(before) = before.filter(|before| !scene.is_of_the_lost(before)) else {
        return Some([flag, Effect::Close].into_iter().chain(receipt(scene)).collect());
    };
    let earlier = Conversation { step: before.clone(), unread: false, ..open.clone() };
    let answered =
        steps::answer(scene, &earlier).filter(|effects| scene.parsed.answer.is_none() && settles(effects));
    if let Some(effects) = answered {
        return Some(flagged(effects));
    }
    let again = question::again(scene, before).or_else(|| receipt(scene));
    Some([flag, Effect::Ask(earlier)].into_iter().chain(again).collect())
}

/// What she asks for within a longer text is done, and a person reads the whole.
pub(super) fn beside(scene: &Scene<'_>, effects: Vec<Effect>) -> Vec<Effect> {
    let awaited = scene.conversation.is_some_and(|open| matches!(open.step, Step::Person { .. }));
    let command = scene.asked.is_some_and(|asked| asked.alone);
    if awaited && !command { flagged(effects) } else { effects }
}

fn flagged(mut effects: Vec<Effect>) -> Vec<Effect> {
    if !effects.iter().any(|effect| matches!(effect, Effect::Flag { .. })) {
        effects.insert(0, Effect::Flag { sign: None });
    }
    effects
}

/// Whether a question was answered, and not only put once more.
fn settles(effects: &[Effect]) -> bool {
    effects.iter().any(|effect| matches!(effect, Effect::Ask(_) | Effect::Close))
}

/// What she can expect. Thanks, and a text behind another, need no answer.
fn receipt(scene: &Scene<'_>) -> Option<Effect> {
    let says_nothing = scene.parsed.courtesy || !scene.text.contains(char::is_alphanumeric);
    let reply = match scene.known.item {
        _ if says_nothing => return None,
        Some(Fresh::Now) => return None,
        Some(Fresh::Before) => Reply::HelpAdded,
        None if scene.active().is_none() && scene.after_loss().is_some() => Reply::FreeTextFrozen,
        None => Reply::FreeTextEnrolled,
    };
    Some(scene.just_say(reply))
}
