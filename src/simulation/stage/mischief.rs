//! What else befalls a service in 21 months: a gateway that is away for hours, a planner that sleeps for a day, editions
//! published in between, a tip that proves wrong.

use chrono::{DateTime, TimeDelta, Utc};

use super::Stage;
use crate::domain::plan::Needs;
use crate::flows::broadcasting::NotBegun;
use crate::flows::publishing;
use crate::flows::recalling::{self, Correction};
use crate::library::Text;
use crate::simulation::carrier::{Forecast, Weather};
use crate::simulation::chance::Chance;
use crate::simulation::life::Span;
use crate::simulation::{Setting, SimulationError};

/// A recall reads all editions again; one world of so many has it.
const RECALLS: u64 = 4;
/// What was wrong with the recalled tip.
const CORRECTIONS: [(&str, &str); 3] = [
    (
        "en",
        "A text you got from us was wrong. Please do not go by it. Ask your doctor if you have questions.",
    ),
    ("es", "Un mensaje que le mandamos estaba mal. No lo siga. Si tiene dudas, pregunte a su doctor."),
    ("ru", "В одном СМС от нас была ошибка. Пожалуйста, не следуйте ему. Спросите врача."),
];

/// What is going to happen, and what is remembered of it.
pub struct Mischief {
    /// Chance of its own.
    pub chance: Chance,
    /// Texts have failed at phones since somebody last looked.
    pub failures: bool,
    storms: Vec<(DateTime<Utc>, DateTime<Utc>, Weather)>,
    no_list: Vec<(DateTime<Utc>, DateTime<Utc>)>,
    sleeps: Option<(DateTime<Utc>, DateTime<Utc>)>,
    publishes: Option<DateTime<Utc>>,
    recalls: Option<DateTime<Utc>>,
}

impl Mischief {
    /// What befalls a world; nothing where faults are left out, or a time is too short for them.
    pub fn of(setting: &Setting, span: Span, world: u64) -> Self {
        let length = span.until - span.from;
        let at = |part: i32, hour: i64| {
            let day = (span.from + length * part / 100).date_naive();
            day.and_time(chrono::NaiveTime::MIN).and_utc() + TimeDelta::hours(hour)
        };
        let storm = |part, hour, minutes, weather| {
            let from = at(part, hour);
            (from, from + TimeDelta::minutes(minutes), weather)
        };
        let (mut storms, mut no_list, mut sleeps) = (Vec::new(), Vec::new(), None);
        if setting.faults {
            storms = vec![
                storm(20, 13, 300, Weather::Refuses),
                storm(21, 7, 95, Weather::Silent),
                storm(34, 15, 45, Weather::Silent),
                storm(35, 16, 70, Weather::LosesAnswers),
                storm(50, 14, 150, Weather::Throttles),
                storm(62, 5, 400, Weather::Refuses),
                storm(80, 14, 1_500, Weather::Refuses),
            ];
            no_list = vec![(at(30, 0), at(40, 0))];
            sleeps = Some((at(45, 3), at(45, 29)));
        }
        Self {
            chance: Chance::of(setting.seed, 0x6d69_7363_6869_6566),
            failures: false,
            storms,
            no_list,
            sleeps,
            publishes: setting.changed.as_ref().filter(|_| setting.faults).map(|_| at(25, 12)),
            recalls: setting
                .recalled
                .as_ref()
                .filter(|_| setting.faults && world.is_multiple_of(RECALLS))
                .map(|_| at(55, 14)),
        }
    }

    /// What the gateway does.
    pub fn forecast(&self) -> Forecast {
        Forecast { storms: self.storms.clone(), keeps_no_list: self.no_list.clone() }
    }

    /// When the planner wakes; none while it is awake.
    pub fn planner_wakes(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.sleeps.filter(|(from, until)| *from <= now && now < *until).map(|(_, until)| until)
    }

    /// When something happens next that nobody expects.
    pub fn next(&self) -> Option<DateTime<Utc>> {
        self.publishes.into_iter().chain(self.recalls).min()
    }

    /// All of it in words.
    fn told(&self, span: Span) -> Vec<String> {
        let day = |at: DateTime<Utc>| format!("day {}", (at - span.from).num_days());
        let hours = |from: DateTime<Utc>, until: DateTime<Utc>| {
            let minutes = (until - from).num_minutes();
            if minutes < 120 { format!("{minutes} minutes") } else { format!("{} hours", minutes / 60) }
        };
        let storm = |(from, until, weather): &(DateTime<Utc>, DateTime<Utc>, Weather)| {
            let what = match weather {
                Weather::Refuses => "the gateway cannot be reached",
                Weather::Silent => "the gateway takes nothing and never answers",
                Weather::LosesAnswers => "the gateway sends, and its answers are lost",
                Weather::Throttles => "the gateway asks for a slower pace",
            };
            format!("On {} {what} for {}.", day(*from), hours(*from, *until))
        };
        let mut told: Vec<String> = self.storms.iter().map(storm).collect();
        told.extend(self.no_list.iter().map(|(from, until)| {
            format!(
                "From {} to {} the gateway keeps no list that could be asked about a text.",
                day(*from),
                day(*until)
            )
        }));
        told.extend(
            self.sleeps.map(|(from, until)| {
                format!("On {} the planner sleeps for {}.", day(from), hours(from, until))
            }),
        );
        told.extend(
            self.publishes
                .map(|at| format!("On {} another edition is published, with tips reworded.", day(at))),
        );
        told.extend(
            self.recalls.map(|at| format!("On {} a tip is recalled, and who got it is told.", day(at))),
        );
        told
    }
}

impl Stage<'_> {
    /// Says what is going to happen.
    pub(super) fn tell_mischief(&mut self) {
        self.account.mischief = self.mischief.told(self.span);
    }

    /// What is to happen now does.
    pub(super) async fn make_mischief(&mut self) -> Result<(), SimulationError> {
        let now = self.service.now();
        if self.mischief.publishes.is_some_and(|at| at <= now) {
            self.mischief.publishes = None;
            if let Some(library) = &self.setting.changed {
                let edition =
                    publishing::put_in_force(&self.service.database, &self.service.clock, library.clone())
                        .await?;
                self.service.shelf.replace(edition);
                self.truths.words.learn(library);
            }
        }
        if self.mischief.recalls.is_some_and(|at| at <= now) {
            self.mischief.recalls = None;
            self.recall().await?;
        }
        Ok(())
    }

    async fn recall(&mut self) -> Result<(), SimulationError> {
        let Some(tip) = &self.setting.recalled else { return Ok(()) };
        let (by, why) = ("the simulation", "it proves wrong");
        let Some(recall) = recalling::recall(&self.service, tip, by, why).await? else { return Ok(()) };
        publishing::look(&self.service).await?;
        self.truths.recall(tip, self.service.now());
        let words = CORRECTIONS
            .iter()
            .filter_map(|(language, words)| Some((language.parse().ok()?, Text::new(words))));
        let correction = Correction { words: words.collect(), needs: Needs::Mother };
        match recalling::correct(&self.service, &recall, &correction, (by, why)).await {
            // Whoever reads a language without words keeps it from everybody: that is right, and nothing is sent.
            Ok(_) | Err(NotBegun::NoWords(_) | NotBegun::Lately(_) | NotBegun::Lifted) => {}
            Err(NotBegun::Store(error)) => return Err(error.into()),
        }
        Ok(())
    }
}
