//! What a person does for her at the console, where she might have texted: the same effects, and refused where a text
//! would be. Nothing is read here; whoever asks was asked back and said yes.

use chrono::{Days, NaiveDate, NaiveTime};
use uuid::Uuid;

use super::dates::{DateKind, DateTaken};
use super::{Effect, Enrolled, EnrollmentState, Reply, Scene, births, losses, pace, person, respond, steps};
use crate::domain::gestation::Anchor;
use crate::domain::phone::PhoneNumber;

/// What is done for her.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Another due date, or another birthday.
    Date {
        /// Of which enrollment.
        enrollment: Uuid,
        /// The right one.
        anchor: Anchor,
    },
    /// Her baby, or babies, were born.
    Birth {
        /// Of which pregnancy.
        enrollment: Uuid,
        /// When.
        births: Vec<NaiveDate>,
    },
    /// She lost the pregnancy or baby.
    Loss(Lost),
    /// Only what is vital.
    Less,
    /// Everything again.
    All,
    /// Nothing until a day; none: until she asks.
    Pause(Option<NaiveDate>),
    /// Tips again after a pause.
    Resume,
    /// Her hour.
    Hour(NaiveTime),
    /// Another phone is asked whether it is hers.
    Move(PhoneNumber),
    /// Everything ends.
    Stop,
    /// All that is held of her goes.
    Erase,
}

/// What was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lost {
    /// All of it.
    All,
    /// One of several babies: that of a day, or one that is not born.
    One(Option<NaiveDate>),
}

/// Why something is not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotDone {
    /// She is enrolled in nothing that this could be done to.
    NotEnrolled,
    /// She has stopped: only her own START brings anything back.
    Stopped,
    /// She has told of a loss.
    AfterLoss,
    /// It is so already.
    Already,
    /// A due date more than 280 days ahead.
    TooFar,
    /// Too long ago.
    TooOld,
    /// A birth that is still to come.
    BornInFuture,
    /// No baby could live that was born so early by her due date.
    TooEarly,
    /// These are not births of one pregnancy.
    NotTogether,
    /// A due date for a baby that is born: that is another pregnancy, and another enrollment.
    AnotherPregnancy,
    /// A birth is told as a birth.
    TellTheBirth,
    /// A pause ends on a day to come, within half a year.
    PauseDay,
    /// No hour in which she may be texted; these are.
    OutsideHours(NaiveTime, NaiveTime),
    /// That phone cannot be asked: it is this one, it has stopped, it gets texts of its own, or it was asked already.
    MayNotMove,
    /// She has no such baby.
    NoSuchBaby,
}

/// What a deed brings about, or why it is not done. `scene` has no text and no open question.
pub fn done(scene: &Scene<'_>, deed: &Deed) -> Result<Vec<Effect>, NotDone> {
    match deed {
        Deed::Date { enrollment, anchor } => dates(scene, *enrollment, *anchor),
        Deed::Birth { enrollment, births } => born(scene, *enrollment, births),
        Deed::Loss(lost) => losses::recorded(scene, *lost),
        Deed::Less => {
            let enrolled = going_on(scene)?;
            if enrolled.terms.less {
                Err(NotDone::Already)
            } else {
                pace::less(scene).ok_or(NotDone::NotEnrolled)
            }
        }
        Deed::All => {
            let enrolled = going_on(scene)?;
            if !enrolled.terms.less && enrolled.terms.pause.is_none() {
                return Err(NotDone::Already);
            }
            pace::more(scene).ok_or(NotDone::NotEnrolled)
        }
        Deed::Pause(until) => {
            let enrolled = going_on(scene)?;
            let longest = scene.today + Days::new(pace::LONGEST_PAUSE);
            if until.is_some_and(|until| until <= scene.today || until > longest) {
                return Err(NotDone::PauseDay);
            }
            Ok(pace::pause_until(scene, enrolled, *until))
        }
        Deed::Resume => {
            going_on(scene)?;
            pace::resume(scene).ok_or(NotDone::Already)
        }
        Deed::Hour(time) => {
            let enrolled = going_on(scene)?;
            let (opens, closes) = scene.guide.hours(&enrolled.program);
            if !(opens..closes).contains(time) {
                return Err(NotDone::OutsideHours(opens, closes));
            }
            Ok(pace::at(scene, enrolled, *time))
        }
        Deed::Move(to) => {
            going_on(scene)?;
            if scene.known.may_move { Ok(person::offer_move(scene, to)) } else { Err(NotDone::MayNotMove) }
        }
        Deed::Stop if scene.stopped => Err(NotDone::Stopped),
        Deed::Stop => Ok(respond::stop(scene)),
        // She may be erased who has stopped long ago, and hears nothing of it then.
        Deed::Erase if scene.stopped => Ok(vec![Effect::Erase, Effect::Close]),
        Deed::Erase => Ok(vec![Effect::Stop, Effect::Erase, scene.just_say(Reply::Deleted), Effect::Close]),
    }
}

/// Her newest enrollment to which something can be done.
fn going_on<'a>(scene: &'a Scene<'_>) -> Result<&'a Enrolled, NotDone> {
    match scene.active() {
        _ if scene.stopped => Err(NotDone::Stopped),
        Some(active) => Ok(active),
        None if scene.after_loss().is_some() => Err(NotDone::AfterLoss),
        None => Err(NotDone::NotEnrolled),
    }
}

/// One that is named, if something can be done to it.
fn named<'a>(scene: &'a Scene<'_>, enrollment: Uuid) -> Result<&'a Enrolled, NotDone> {
    let enrolled = scene.enrolled(enrollment).ok_or(NotDone::NotEnrolled)?;
    match enrolled.state {
        EnrollmentState::Frozen | EnrollmentState::Supported => Err(NotDone::AfterLoss),
        _ if scene.stopped => Err(NotDone::Stopped),
        EnrollmentState::Active => Ok(enrolled),
        EnrollmentState::Stopped => Err(NotDone::Stopped),
        EnrollmentState::Replaced | EnrollmentState::Completed => Err(NotDone::NotEnrolled),
    }
}

fn dates(scene: &Scene<'_>, enrollment: Uuid, anchor: Anchor) -> Result<Vec<Effect>, NotDone> {
    let enrolled = named(scene, enrollment)?;
    if enrolled.anchor == anchor {
        return Err(NotDone::Already);
    }
    match (enrolled.anchor, anchor) {
        (Anchor::Born(_), Anchor::Due(_)) => return Err(NotDone::AnotherPregnancy),
        (Anchor::Due(_), Anchor::Born(_)) => return Err(NotDone::TellTheBirth),
        (Anchor::Due(_), Anchor::Due(date)) => {
            let taken = DateTaken { kind: DateKind::Due, date };
            if !taken.plausible(scene.today) {
                return Err(if date > scene.today { NotDone::TooFar } else { NotDone::TooOld });
            }
        }
        (Anchor::Born(_), Anchor::Born(date)) => can_be(scene, enrolled, date)?,
    }
    Ok(steps::retimed(scene, enrollment, anchor))
}

fn born(scene: &Scene<'_>, enrollment: Uuid, births: &[NaiveDate]) -> Result<Vec<Effect>, NotDone> {
    let enrolled = named(scene, enrollment)?;
    if matches!(enrolled.anchor, Anchor::Born(_)) || births.is_empty() {
        return Err(NotDone::Already);
    }
    for date in births {
        can_be(scene, enrolled, *date)?;
    }
    if births.len() > births::MOST || !births::together(births) {
        return Err(NotDone::NotTogether);
    }
    Ok(match births {
        [date] => births::settled(scene, enrollment, *date),
        several => births::settled_several(scene, enrolled, several),
    })
}

fn can_be(scene: &Scene<'_>, enrolled: &Enrolled, date: NaiveDate) -> Result<(), NotDone> {
    let taken = DateTaken { kind: DateKind::Born, date };
    match () {
        () if date > scene.today => Err(NotDone::BornInFuture),
        () if !taken.plausible(scene.today) => Err(NotDone::TooOld),
        () if !births::can_be(scene, enrolled, date) => Err(NotDone::TooEarly),
        () => Ok(()),
    }
}
