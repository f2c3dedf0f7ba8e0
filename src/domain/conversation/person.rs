//! Who she is and where she can be reached: MOVE, WRONG, ZIP, DETAILS, DELETE, and those who care for her.

use uuid::Uuid;

use super::{Effect, EnrollmentState, Fields, Reply, Scene, Step};
use crate::domain::gestation::Anchor;
use crate::domain::keyword::Answer;
use crate::domain::phone::PhoneNumber;
use crate::domain::plan::Reader;
use crate::domain::request::Request;

/// MOVE, from the phone that is left. A phone we do not know is told how.
pub(super) fn moving(scene: &Scene<'_>, rest: &str) -> Option<Vec<Effect>> {
    // Words behind it make it another matter: "move the crib".
    let figures = rest.chars().any(|c| c.is_ascii_digit());
    if !rest.is_empty() && !figures {
        return None;
    }
    if scene.active().is_none() {
        return Some(vec![scene.just_say(Reply::MoveUnknown)]);
    }
    let ask = || vec![scene.ask(Step::Move), scene.just_say(Reply::MoveAsk)];
    Some(if figures { to_number(scene, rest).unwrap_or_else(ask) } else { ask() })
}

/// The answer to which number, read back.
pub(super) fn to_number(scene: &Scene<'_>, text: &str) -> Option<Vec<Effect>> {
    let (program, _) = scene.voice();
    let to = scene.guide.phone(&program, text)?;
    let fields = Fields { phone: Some(to.as_e164().to_owned()), ..Fields::default() };
    Some(vec![scene.ask(Step::MoveConfirm { to }), scene.say(Reply::MoveConfirm, fields)])
}

/// Yes or no to the new number as read back: the new phone is asked next, and nothing moves before it says yes.
pub(super) fn confirm_move(scene: &Scene<'_>, to: &PhoneNumber) -> Option<Vec<Effect>> {
    let fields = Fields { phone: Some(to.as_e164().to_owned()), ..Fields::default() };
    match scene.parsed.answer {
        Some(Answer::Yes) if scene.known.may_move => Some(offer_move(scene, to)),
        Some(Answer::Yes) => Some(vec![scene.say(Reply::MoveNot, fields), Effect::Close]),
        Some(Answer::No) => Some(vec![scene.ask(Step::Move), scene.just_say(Reply::MoveAsk)]),
        _ => to_number(scene, scene.text),
    }
}

/// The new phone is asked, and the old one told so.
pub(super) fn offer_move(scene: &Scene<'_>, to: &PhoneNumber) -> Vec<Effect> {
    let fields = Fields { phone: Some(to.as_e164().to_owned()), ..Fields::default() };
    vec![Effect::OfferMove { to: to.clone() }, scene.say(Reply::MoveSent, fields), Effect::Close]
}

/// On the new phone: yes brings everything here. Anything else leaves it where it is.
pub(super) fn accept_move(scene: &Scene<'_>, from: Uuid) -> Option<Vec<Effect>> {
    match scene.parsed.answer {
        // The other phone may have stopped since.
        Some(Answer::Yes) if !scene.known.may_move => {
            Some(vec![scene.just_say(Reply::HowToJoin), Effect::Close])
        }
        Some(Answer::Yes) => {
            Some(vec![Effect::MoveHere { from }, scene.just_say(Reply::Moved), Effect::Close])
        }
        Some(Answer::No) => Some(vec![Effect::Close]),
        _ => None,
    }
}

/// Somebody else has this number now: it stops at once, and a person is told.
pub(super) fn wrong(scene: &Scene<'_>) -> Vec<Effect> {
    if scene.silent() {
        return Vec::new();
    }
    let mut effects = vec![Effect::Stop, Effect::Recycled, Effect::Close];
    if !scene.provider_confirms {
        effects.push(scene.just_say(scene.danger().map_or(Reply::Wrong, |_| Reply::DangerStop)));
    }
    effects
}

/// The answer to whether it is still her.
pub(super) fn still_you(scene: &Scene<'_>) -> Option<Vec<Effect>> {
    let mother = scene.request() == Some(&Request::Role(Reader::Mother));
    match scene.parsed.answer {
        Some(Answer::Yes | Answer::StillHer) => Some(alive(scene)),
        None if mother => Some(alive(scene)),
        Some(Answer::No) => Some(wrong(scene)),
        _ => None,
    }
}

/// It is still her, and she wants our texts.
pub(super) fn alive(scene: &Scene<'_>) -> Vec<Effect> {
    vec![Effect::Alive, scene.just_say(Reply::StillYouYes), Effect::Close]
}

/// "Who is this?" is asked by whoever has the number now, or a mother who does not know us by our number. Where others
/// read along, our name would give her away; a stranger is told how to join.
pub(super) fn who(scene: &Scene<'_>) -> Option<Vec<Effect>> {
    let knows_us = scene.active().is_some() || scene.conversation.is_some();
    (knows_us && !scene.known.discreet).then(|| vec![scene.just_say(Reply::Help)])
}

/// ZIP 94110: she moved.
pub(super) fn place(scene: &Scene<'_>, rest: &str) -> Option<Vec<Effect>> {
    let enrolled = scene.active()?;
    if rest.is_empty() {
        let ask = scene.ask_of(enrolled, Step::NewPlace);
        return Some(vec![ask, scene.say_of(enrolled, Reply::PlaceAsk, Fields::default())]);
    }
    let found = scene.guide.place(&enrolled.program, rest)?;
    Some(settle_place(scene, found))
}

/// The answer to where she lives now.
pub(super) fn answer_place(scene: &Scene<'_>) -> Option<Vec<Effect>> {
    if matches!(scene.parsed.answer, Some(Answer::Skip | Answer::No)) {
        return Some(vec![scene.just_say(Reply::Unchanged), Effect::Close]);
    }
    let enrolled = scene.active()?;
    let found = scene.guide.place(&enrolled.program, scene.text)?;
    Some(settle_place(scene, found))
}

fn settle_place(scene: &Scene<'_>, found: super::Place) -> Vec<Effect> {
    let fields = Fields { place: Some(found.name.clone()), ..Fields::default() };
    vec![Effect::Place(found), scene.say(Reply::PlaceSet, fields), Effect::Close]
}

/// DETAILS: what we hold, in one text.
pub(super) fn details(scene: &Scene<'_>) -> Vec<Effect> {
    let kept = |state| state == EnrollmentState::Active || state == EnrollmentState::Stopped;
    let Some(enrolled) = scene.enrollments.iter().find(|enrolled| kept(enrolled.state)) else {
        let reply = if scene.enrollments.is_empty() { Reply::DetailsNone } else { Reply::DetailsLost };
        return vec![scene.just_say(reply)];
    };
    let reply = match enrolled.anchor {
        Anchor::Due(_) => Reply::DetailsDue,
        Anchor::Born(_) => Reply::DetailsBorn,
    };
    let fields = Fields {
        place: scene.known.place.clone(),
        since: Some(enrolled.since),
        ..Fields::of(enrolled.anchor)
    };
    vec![scene.say_of(enrolled, reply, fields)]
}

/// DELETE stops everything at once, and asks whether all shall be erased as well.
pub(super) fn delete(scene: &Scene<'_>) -> Vec<Effect> {
    let asked = scene.conversation.is_some_and(|open| open.step == Step::Erase);
    let stop = Some(Effect::Stop).filter(|_| !asked && !scene.silent());
    stop.into_iter().chain([scene.ask(Step::Erase), scene.just_say(Reply::DeleteSure)]).collect()
}

/// The answer to whether all shall be erased.
pub(super) fn answer_erase(scene: &Scene<'_>) -> Option<Vec<Effect>> {
    match scene.parsed.answer {
        Some(Answer::Yes) => Some(vec![Effect::Erase, scene.just_say(Reply::Deleted), Effect::Close]),
        Some(Answer::No) => Some(vec![scene.just_say(Reply::DeleteNo), Effect::Close]),
        _ => None,
    }
}

/// Who the reader is to the baby changes which tips come.
pub(super) fn role(scene: &Scene<'_>, reader: Reader) -> Option<Vec<Effect>> {
    if scene.active().is_none() && scene.joining().is_none() {
        return None;
    }
    let reply = match reader {
        Reader::Mother => Reply::PersonMother,
        Reader::Partner | Reader::Grandparent => Reply::PersonFamily,
        Reader::Worker => Reply::PersonWorker,
    };
    Some(vec![Effect::Role(reader), scene.just_say(reply)])
}
