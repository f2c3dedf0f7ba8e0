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
    let one = scene.parsed.answer == Some(Answer::Number(1));
    match (asked || one, scene.known.waiting) {
        (true, true) => Some(vec![Effect::ShowWaiting { goes_on: true }]),
        (true, false) if asked => Some(vec![scene.just_say(Reply::SafeNone)]),
        _ => None,
    }
}
