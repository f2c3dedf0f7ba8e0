//! Danger: answered at once, at any hour and in every state, by authored words; a person is to read it first of all.

use super::{Effect, Reply, Scene};
use crate::domain::danger::Sign;
use crate::domain::gestation::Anchor;

/// The answer to a text that tells of danger. The question that is open stays open.
pub(super) fn answer(scene: &Scene<'_>, sign: Sign) -> Vec<Effect> {
    vec![Effect::Flag { sign: Some(sign) }, scene.just_say(reply(scene, sign))]
}

fn reply(scene: &Scene<'_>, sign: Sign) -> Reply {
    match sign {
        Sign::SelfHarm => Reply::DangerMind,
        Sign::Violence => Reply::DangerViolence,
        Sign::Injury => Reply::DangerPoison,
        Sign::Waters => Reply::DangerLabor,
        // A baby that is born and does not move is another matter.
        Sign::Movements if born(scene) => Reply::DangerBaby,
        Sign::Movements => Reply::DangerMovements,
        Sign::BabyBreathing | Sign::BabyUnwell | Sign::BabyFever | Sign::BabyFeeding => Reply::DangerBaby,
        Sign::Convulsion
        | Sign::Breathing
        | Sign::Bleeding
        | Sign::Headache
        | Sign::Vision
        | Sign::Pain
        | Sign::Swelling
        | Sign::Fever => Reply::DangerMother,
    }
}

fn born(scene: &Scene<'_>) -> bool {
    scene.active().is_some_and(|enrolled| matches!(enrolled.anchor, Anchor::Born(_)))
}
