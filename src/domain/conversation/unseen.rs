//! A phone that others read: from SAFE on, texts that nobody asked for say only that there is something to read.

use super::{Effect, Reply, Scene};
use crate::domain::keyword::Answer;
use crate::domain::request::Request;

/// SAFE, HIDE.
pub(super) fn on(scene: &Scene<'_>) -> Vec<Effect> {
    vec![Effect::Discreet(true), scene.just_say(Reply::SafeOn)]
}

/// SAFE OFF. What still waits is shown, the most pressing of it: there is no asking for it any more.
pub(super) fn off(scene: &Scene<'_>) -> Option<Vec<Effect>> {
    if !scene.known.discreet {
        return None;
    }
    let said = if scene.known.waiting {
        Effect::ShowWaiting { goes_on: false }
    } else {
        scene.just_say(Reply::SafeOff)
    };
    Some(vec![Effect::Discreet(false), said])
}

/// "1", or READ: she is alone, and what waits is shown.
pub(super) fn read(scene: &Scene<'_>) -> Option<Vec<Effect>> {
    if !scene.known.discreet {
        return None;
    }
    let asked = scene.request() == Some(&Request::Read);
    let one = scene.parsed.answer == Some(Answer::Number(1)) || scene.request() == Some(&Request::One);
    match (asked || one, scene.known.waiting) {
        (true, true) => Some(vec![Effect::ShowWaiting { goes_on: true }]),
        (true, false) if asked => Some(vec![scene.just_say(Reply::SafeNone)]),
        _ => None,
    }
}

/// What waits may be the very question that is open: whoever holds the phone answers YES to a notice that gives nothing
/// away, and must be told nothing by it. She reads first.
pub(super) fn unshown(scene: &Scene<'_>) -> Option<Vec<Effect>> {
    let unread = scene.known.discreet
        && if scene.conversation.is_some() { scene.known.unshown } else { scene.known.waiting };
    let answers = scene.parsed.answer.is_some() || scene.parsed.courtesy;
    if !unread || !answers || scene.silent() {
        return None;
    }
    let notice = || {
        let said = [scene.just_say(Reply::SafeNotice), Effect::MarkHinted];
        said.into_iter().filter(|_| !scene.hinted).collect()
    };
    Some(read(scene).unwrap_or_else(notice))
}
