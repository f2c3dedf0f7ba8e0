//! How one enrollment departs from its program's rhythm, because of who she is or what she asked for. Most depart
//! in nothing, and keep no terms at all.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Course, Next, Occurrence, Pick, Slot, own_part};
use crate::domain::calendar::Local;
use crate::domain::gestation::{Loss, Track};
use crate::domain::named::named;

named! {
    /// Who the reader is to the baby.
    pub enum Reader {
        /// Its mother: every tip may speak of her body.
        Mother = "mother",
        /// The father, or whoever shares the mother's life.
        Partner = "partner",
        /// A grandparent or another relative.
        Grandparent = "grandparent",
        /// Somebody whose work it is to care for mothers.
        Worker = "worker",
    }
}

named! {
    /// Whom a tip's words are for.
    pub enum ReadBy {
        /// The mother alone: they speak of her body, or to her as the mother.
        Mother = "mother",
        /// Those who care for her: they speak of her.
        Family = "family",
        /// Whoever cares for the baby.
        Anyone = "anyone",
    }
}

impl ReadBy {
    /// Whether a tip for these is right for a reader.
    pub fn reaches(self, reader: Reader) -> bool {
        match self {
            Self::Mother => reader == Reader::Mother,
            Self::Family => reader != Reader::Mother,
            Self::Anyone => true,
        }
    }
}

/// Nothing comes for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pause {
    /// Her first local day with tips again; none: until she asks for them.
    pub until: Option<NaiveDate>,
}

/// The few texts after a loss that she said yes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Support {
    /// What was lost.
    pub loss: Loss,
    /// Her local day when she said yes; the first text comes the day after.
    pub from: NaiveDate,
}

/// How an enrollment departs from its program's rhythm.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Terms {
    /// LESS: only vital tips, one a week.
    #[serde(skip_serializing_if = "is_false")]
    pub less: bool,
    /// TIME: the local time at which tips come.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hour: Option<NaiveTime>,
    /// PAUSE.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pause: Option<Pause>,
    /// SAFE: unasked texts say only that there is something to read.
    #[serde(skip_serializing_if = "is_false")]
    pub discreet: bool,
    /// Who reads; none: the mother.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reader: Option<Reader>,
    /// How many babies a pregnancy is to bring, if more than one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expecting: Option<u32>,
    /// The births of the living babies beside the one that the anchor is of; twins have one day twice.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub siblings: Vec<NaiveDate>,
    /// Her local day when she told of a birth after a pregnancy with us; none if it was long ago then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birth_told: Option<NaiveDate>,
    /// After a loss.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub support: Option<Support>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_false(flag: &bool) -> bool {
    !flag
}

/// Days after a yes on which the texts of support come: close together at first, then further apart; beyond these
/// one a week.
const SUPPORT_DAYS: [u64; 5] = [1, 4, 8, 15, 22];

impl Terms {
    /// As an enrollment keeps them; none where it departs in nothing.
    pub fn to_json(&self) -> Option<String> {
        if *self == Self::default() { None } else { serde_json::to_string(self).ok() }
    }

    /// As kept. What cannot be read departs in nothing: tips go on.
    pub fn from_json(kept: Option<&str>) -> Self {
        kept.and_then(|kept| serde_json::from_str(kept).ok()).unwrap_or_default()
    }

    /// Who reads.
    pub fn reader(&self) -> Reader {
        self.reader.unwrap_or(Reader::Mother)
    }

    /// How many babies there are, or are to come.
    pub fn babies(&self) -> u32 {
        self.expecting.unwrap_or(1).max(1 + self.siblings.len() as u32)
    }

    /// Which tips of a track come. Those who care for her get one a week while she is pregnant.
    pub(super) fn pick(&self, track: Track) -> Pick {
        match track {
            Track::Pregnancy | Track::Baby if self.less => Pick::VitalOfWeek,
            Track::Pregnancy if self.reader() != Reader::Mother => Pick::OfWeek,
            _ => Pick::OfSlot,
        }
    }
}

/// The first text of support on a local day later than `after`.
pub(super) fn support(local: &mut Local, course: &Course<'_>, support: Support, after: NaiveDate) -> Next {
    let texts = u64::from(course.timetable.support_texts);
    let on = |number: u64| {
        let days = SUPPORT_DAYS.get(number as usize).copied();
        let last = SUPPORT_DAYS.len() as u64 - 1;
        support.from + Days::new(days.unwrap_or_else(|| SUPPORT_DAYS[last as usize] + 7 * (number - last)))
    };
    let Some(number) = (0..texts).find(|number| on(*number) > after) else { return Next::Complete };
    let day = on(number);
    let slot = Slot { track: Track::Loss(support.loss), week: 0, number: number as u32 + 1 };
    let at = course.wall(slot.track, day, 0).zip(local.on(day)).map(|(wall, window)| {
        let earliest =
            local.instant(wall).max(window.opens).min(window.closes - chrono::TimeDelta::milliseconds(1));
        earliest + own_part(course.enrollment, course.spread().min(window.closes - earliest))
    });
    // Nothing in these texts is bound to a day: a late one is right until the next.
    let next = if number + 1 < texts { on(number + 1) } else { day + Days::new(7) };
    let not_after: DateTime<Utc> = local.start_of(next);
    Next::Due(Occurrence { on: day, slot, at, not_after, anchor: course.anchor, pick: Pick::OfSlot })
}
