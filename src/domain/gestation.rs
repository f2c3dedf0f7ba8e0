//! How far along she is: the stage a date gives, computed from the anchor each time and kept nowhere.
//!
//! Due date = first day of the last period + 280 days, and weeks are completed weeks: the convention of
//! WHO's SMART guidelines for antenatal care. (Naegele's calendar rule differs by up to three days.)

use chrono::{Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};

/// Days from the first day of the last period to the due date.
pub const PREGNANCY_DAYS: i64 = 280;
/// From this day of gestation (37+0) a birth is no surprise, so no text may assume either way.
pub const EITHER_FROM_DAY: i64 = 37 * 7;
/// Days after the due date (43+0) from which nothing is sent until she tells of the birth.
pub const HELD_AFTER_DUE_DAYS: i64 = 21;
/// Baby tips run over this many completed weeks.
pub const BABY_WEEKS: i64 = 52;

/// The date from which everything is timed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "date", rename_all = "snake_case")]
pub enum Anchor {
    /// The expected date of delivery.
    Due(NaiveDate),
    /// The baby's date of birth, confirmed by her.
    Born(NaiveDate),
}

impl Anchor {
    /// The anchor that the first day of the last period gives.
    pub fn from_last_period(first_day: NaiveDate) -> Self {
        Self::Due(first_day + Days::new(PREGNANCY_DAYS.unsigned_abs()))
    }

    /// Its date.
    pub fn date(self) -> NaiveDate {
        match self {
            Self::Due(date) | Self::Born(date) => date,
        }
    }

    /// The day on which day 0 of the track falls: the last period's first day, or the birth.
    pub fn day_zero(self) -> NaiveDate {
        match self {
            Self::Due(due) => due - Days::new(PREGNANCY_DAYS.unsigned_abs()),
            Self::Born(born) => born,
        }
    }
}

/// A sequence of tips.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Track {
    /// The first days after enrolling.
    Starter,
    /// By week of gestation.
    Pregnancy,
    /// By week of the baby's life.
    Baby,
    /// The day before the first birthday: one text.
    Farewell,
    /// After a loss: a few texts, by what was lost.
    Loss(Loss),
    /// Second texts, for who asks for more: on no day by themselves.
    More,
}

/// What was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Loss {
    /// The pregnancy, before the baby could live.
    Miscarriage,
    /// The baby, before or in birth.
    Stillbirth,
    /// The baby, after birth.
    Baby,
}

impl Loss {
    /// Each, in order of time.
    pub const ALL: [Self; 3] = [Self::Miscarriage, Self::Stillbirth, Self::Baby];

    /// Its name in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Miscarriage => "miscarriage",
            Self::Stillbirth => "stillbirth",
            Self::Baby => "baby",
        }
    }
}

impl Track {
    /// Its name in files, in the database and in transcripts.
    pub fn name(self) -> &'static str {
        match self {
            Self::Starter => "starter",
            Self::Pregnancy => "pregnancy",
            Self::Baby => "baby",
            Self::Farewell => "farewell",
            Self::Loss(Loss::Miscarriage) => "loss-miscarriage",
            Self::Loss(Loss::Stillbirth) => "loss-stillbirth",
            Self::Loss(Loss::Baby) => "loss-baby",
            Self::More => "more",
        }
    }
}

/// Where she is on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Stage {
    /// Pregnancy or baby.
    pub track: Track,
    /// Completed weeks.
    pub week: i64,
    /// Days into the week, 0 to 6.
    pub day: i64,
}

/// The stage on a day; none before day 0.
pub fn stage_on(anchor: Anchor, on: NaiveDate) -> Option<Stage> {
    let days = (on - anchor.day_zero()).num_days();
    let track = match anchor {
        Anchor::Due(_) => Track::Pregnancy,
        Anchor::Born(_) => Track::Baby,
    };
    (days >= 0).then_some(Stage { track, week: days / 7, day: days % 7 })
}

/// The day before the first birthday. Who was born on February 29 has the birthday on the 28th.
pub fn farewell_on(born: NaiveDate) -> NaiveDate {
    born + Months::new(12) - Days::new(1)
}
