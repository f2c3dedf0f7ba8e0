//! Loss: everything about pregnancy and baby has stopped before anything is asked. Then one gentle text.

use chrono::NaiveDate;
use uuid::Uuid;

use super::fields::Line;
use super::{Effect, Enrolled, EnrollmentState, Fields, Lost, NotDone, Reply, Scene, Step, alert, question};
use crate::domain::danger::Sign;
use crate::domain::gestation::{Anchor, Loss, stage_on};
use crate::domain::keyword::Answer;
use crate::domain::plan::Terms;
use crate::domain::request::Request;

/// So many days after a loss its words may have been a misunderstanding; later "my baby is fine" is of another baby.
pub const UNDONE_WITHIN: i64 = 30;

/// A loss after STOP is heard, so that START brings no pregnancy back, and not answered, unless she is in danger.
pub(super) fn told(scene: &Scene<'_>) -> Vec<Effect> {
    let danger = endangers(scene);
    let flag = Effect::Flag { sign: scene.signs.first().copied() };
    if let Some(Step::LossWhich { enrollment, born }) = scene.conversation.map(|open| &open.step)
        && !scene.silent()
        && scene.active().is_none()
        && !danger
        && let Some(enrolled) = scene.enrolled(*enrollment)
    {
        // She says again that she lost one, or both: that is the answer, or she is asked again.
        return answer_which(scene, *enrollment, born).unwrap_or_else(|| which(scene, enrolled));
    }
    if scene.silent() {
        let answer = [flag, scene.just_say(Reply::LossDanger)].into_iter().filter(|_| danger);
        return std::iter::once(Effect::Freeze).chain(answer).collect();
    }
    let mut effects = vec![Effect::Freeze, flag];
    // Nobody is told twice how sorry we are. Somebody else may have told us before, and she have heard nothing.
    if scene.active().is_none() && scene.known.consoled && !danger {
        // Of a question about a pregnancy or a baby nothing is left to ask.
        let asks = scene.conversation.is_some_and(|open| !matches!(open.step, Step::Support { .. }));
        effects.extend(Some(Effect::Close).filter(|_| asks));
        return effects;
    }
    effects.push(Effect::MarkHinted);
    if let Some(enrolled) = scene.active().filter(|enrolled| enrolled.terms.babies() > 1 && !danger) {
        effects.extend(which(scene, enrolled));
        return effects;
    }
    let lost = scene.active().or_else(|| scene.after_loss());
    match lost {
        Some(lost) => effects.extend(offer(scene, lost)),
        None => effects.extend([Effect::Close, scene.just_say(words(scene))]),
    }
    effects
}

/// A loss that somebody told us of for her. After STOP it is recorded without a word, as it is when she tells it; but
/// nothing that is asked stays open, or her YES would be to a pregnancy that is no more.
pub(super) fn recorded(scene: &Scene<'_>, lost: Lost) -> Result<Vec<Effect>, NotDone> {
    let Some(enrolled) = scene.active() else {
        return match scene.newest(EnrollmentState::Stopped) {
            Some(_) if lost == Lost::All => Ok(vec![Effect::Freeze, Effect::Close]),
            Some(_) => Err(NotDone::Stopped),
            None if scene.after_loss().is_some() => Err(NotDone::AfterLoss),
            None => Err(NotDone::NotEnrolled),
        };
    };
    let mut effects = vec![Effect::Freeze];
    effects.extend(match lost {
        Lost::All => offer(scene, enrolled),
        Lost::One(_) if enrolled.terms.babies() < 2 => return Err(NotDone::NoSuchBaby),
        Lost::One(day) => {
            let born = births(enrolled);
            if day.is_some_and(|day| !born.contains(&day))
                || day.is_none() && born.iter().any(|day| *day != born[0])
            {
                return Err(NotDone::NoSuchBaby);
            }
            one(scene, enrolled, day)
        }
    });
    Ok(effects)
}

/// UNDO: it was no loss. Only after one, soon, and where nothing new has begun.
pub(super) fn undo(scene: &Scene<'_>) -> Option<Vec<Effect>> {
    let lost = scene.after_loss()?;
    if scene.active().is_some() || (scene.today - lost.state_on).num_days() > UNDONE_WITHIN {
        return None;
    }
    let unfreeze = Effect::Unfreeze { only: None };
    if scene.stopped {
        // She had said STOP too, and that stands until she says otherwise.
        let (reply, fields) = question::resume(lost.anchor);
        let resume = Step::Resume { enrollment: lost.id };
        return Some(vec![unfreeze, scene.ask_of(lost, resume), scene.say_of(lost, reply, fields)]);
    }
    Some(vec![unfreeze, scene.say_of(lost, Reply::Undone, Fields::default()), Effect::Close])
}

fn words(scene: &Scene<'_>) -> Reply {
    if endangers(scene) { Reply::LossDanger } else { Reply::Loss }
}

/// Whether more than the loss itself is told, in this text or in one before it that nothing was said to yet. Blood
/// belongs to it, and the gentle words name the emergency number for much of it.
fn endangers(scene: &Scene<'_>) -> bool {
    let before = scene.known.unwarned.filter(|sign| alert::endangers_her(*sign));
    scene.signs.iter().chain(&before).any(|sign| *sign != Sign::Bleeding)
}

/// Sorry; would she like a few texts of support?
fn offer(scene: &Scene<'_>, lost: &Enrolled) -> Vec<Effect> {
    let step = Step::Support { enrollment: lost.id, loss: kind(scene, lost) };
    vec![scene.ask_of(lost, step), scene.say_of(lost, words(scene), Fields::default())]
}

/// What was lost, by the calendar of her country: nobody asks her.
fn kind(scene: &Scene<'_>, lost: &Enrolled) -> Loss {
    match lost.anchor {
        Anchor::Born(_) => Loss::Baby,
        Anchor::Due(_) => {
            let week = stage_on(lost.anchor, scene.today).map_or(0, |stage| stage.week);
            if week < scene.guide.stillbirth_from(&lost.program) {
                Loss::Miscarriage
            } else {
                Loss::Stillbirth
            }
        }
    }
}

/// Of several babies, which one?
fn which(scene: &Scene<'_>, enrolled: &Enrolled) -> Vec<Effect> {
    let mut born = births(enrolled);
    born.dedup();
    // Twins have one birthday: a day tells nothing of which it was, and she need not say.
    if born.len() == 1 {
        born.clear();
    }
    let mut choices: Vec<Line> = born.iter().map(|date| Line::Baby(*date)).collect();
    if born.is_empty() {
        choices.push(Line::One);
    }
    choices.push(Line::All);
    let step = Step::LossWhich { enrollment: enrolled.id, born };
    let fields = Fields { choices, ..Fields::default() };
    vec![scene.ask_of(enrolled, step), scene.say_of(enrolled, Reply::LossWhich, fields)]
}

/// The births of her babies, the eldest first; none while she is pregnant.
fn births(enrolled: &Enrolled) -> Vec<NaiveDate> {
    let Anchor::Born(first) = enrolled.anchor else { return Vec::new() };
    let mut births = vec![first];
    births.extend(&enrolled.terms.siblings);
    births.sort_unstable();
    births
}

/// The answer to which baby was lost. Until it comes nothing goes on.
pub(super) fn answer_which(scene: &Scene<'_>, enrollment: Uuid, born: &[NaiveDate]) -> Option<Vec<Effect>> {
    let enrolled = scene.enrolled(enrollment)?;
    let choices = born.len().max(1) + 1;
    let all = || Some(offer(scene, enrolled));
    match (scene.request(), scene.number(choices)) {
        (Some(Request::All), _) => all(),
        (_, Some(number)) if number + 1 == choices => all(),
        (Some(Request::One), _) if born.is_empty() => Some(one(scene, enrolled, None)),
        (_, Some(number)) => Some(one(scene, enrolled, born.get(number).copied())),
        _ => None,
    }
}

/// One baby was lost: the others go on.
fn one(scene: &Scene<'_>, enrolled: &Enrolled, lost: Option<NaiveDate>) -> Vec<Effect> {
    let mut left = births(enrolled);
    let at = match lost {
        Some(lost) => left.iter().position(|born| *born == lost),
        None => Some(0).filter(|_| !left.is_empty()),
    };
    if let Some(at) = at {
        left.remove(at);
    }
    let (anchor, terms) = match left.split_first() {
        Some((eldest, others)) => {
            (Anchor::Born(*eldest), Terms { siblings: others.to_vec(), ..enrolled.terms.clone() })
        }
        None => {
            let expecting = Some(enrolled.terms.babies() - 1).filter(|babies| *babies > 1);
            (enrolled.anchor, Terms { expecting, ..enrolled.terms.clone() })
        }
    };
    let go_on = Effect::Unfreeze { only: Some((enrolled.id, anchor, terms)) };
    vec![go_on, scene.say_of(enrolled, Reply::LossOne, Fields::default()), Effect::Close]
}

/// The answer to whether she would like a few texts.
pub(super) fn answer_support(scene: &Scene<'_>, enrollment: Uuid, loss: Loss) -> Option<Vec<Effect>> {
    match scene.parsed.answer {
        Some(Answer::Yes) => {
            let support = Effect::Support { enrollment, loss };
            Some(vec![support, scene.just_say(Reply::SupportYes), Effect::Close])
        }
        Some(Answer::No | Answer::Skip) => Some(vec![scene.just_say(Reply::SupportNo), Effect::Close]),
        _ => None,
    }
}
