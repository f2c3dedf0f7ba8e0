//! `motherline library preview`: the calendar of everything one mother would get.

use std::process::ExitCode;

use chrono::{Days, NaiveDate};
use chrono_tz::Tz;
use clap::Args;
use serde_json::json;
use uuid::Uuid;

use super::{Common, Done, clock};
use crate::domain::calendar::Whereabouts;
use crate::domain::conversation::Guide;
use crate::domain::gestation::{Anchor, PREGNANCY_DAYS, Track, stage_on};
use crate::domain::language::Language;
use crate::domain::plan::{Occurrence, occurrences};
use crate::flows::{planning, publishing};
use crate::library::{Carries, Library, Program, Text, Tip};

/// Most tips begin in this week.
const FIRST_WEEK: u64 = 4;

/// One mother, and what she would get.
#[derive(Args)]
pub struct Preview {
    /// The program's id
    #[arg(long)]
    program: String,
    /// Her due date, as 2027-04-12
    #[arg(long, value_name = "DATE", required_unless_present = "born")]
    due: Option<NaiveDate>,
    /// The baby's birth
    #[arg(long, value_name = "DATE")]
    born: Option<NaiveDate>,
    /// Her language; without one, the program's first
    #[arg(long)]
    language: Option<Language>,
    /// The day she enrolls; without one, week 4 of the pregnancy, or the day before the birth
    #[arg(long, value_name = "DATE")]
    enrolled: Option<NaiveDate>,
    /// Where she lives, as she would text it: a ZIP code, a postcode, a city
    #[arg(long, value_name = "WORDS")]
    place: Option<String>,
    /// Only what a reviewer has signed for, as the public gets it
    #[arg(long)]
    approved: bool,
    /// One JSON object a text
    #[arg(long)]
    json: bool,
}

impl Preview {
    /// Prints it.
    pub fn run(&self, common: &Common) -> Done {
        let files = publishing::files(common.library.as_deref())?;
        let library = Library::read(&files, clock().now().date_naive()).library;
        let library = library.ok_or("the message library has errors: see `motherline library check`")?;
        let program = library.program(&self.program).ok_or_else(|| {
            let known: Vec<_> = library.programs.keys().map(String::as_str).collect();
            format!("there is no program {:?}: there are {}", self.program, known.join(", "))
        })?;
        let language = self.language.unwrap_or(program.languages[0]);
        if !program.languages.contains(&language) {
            return Err(format!("{} does not speak {language}", program.id).into());
        }
        let place = match &self.place {
            Some(words) => {
                let place = library.place(&program.id, words);
                Some(place.ok_or_else(|| {
                    format!(
                        "nobody would find {words:?}: texts would go out in the hours that all zones share"
                    )
                })?)
            }
            None => None,
        };
        let area = place.as_ref().and_then(|place| place.area.clone());
        let mut total = Total::default();
        for life in self.lives() {
            let course = planning::course(
                program,
                Uuid::nil(),
                life.anchor,
                life.enrolled_on,
                place.as_ref().map(|p| p.zone),
            );
            let hers = occurrences(&course, life.after);
            for due in hers.take_while(|due| life.until.is_none_or(|birth| due.on < birth)) {
                let carries = if self.approved { Carries::Approved } else { Carries::Drafts };
                let tip = program.tip(due.slot, life.anchor, due.on, carries, language, area.as_deref());
                let zone = match &course.whereabouts {
                    Whereabouts::Known(zone) => *zone,
                    Whereabouts::Unsure { home, .. } => *home,
                };
                self.show(program, life.anchor, &due, tip, zone)?;
                total.count(tip);
            }
        }
        if !self.json {
            let Total { texts, segments, empty } = total;
            say!("{texts} texts, {segments} SMS; {empty} slots without a tip");
        }
        Ok(ExitCode::SUCCESS)
    }

    /// Her pregnancy up to the birth and the baby's year after it, or the one that was asked for.
    fn lives(&self) -> Vec<Life> {
        let yesterday = |day: NaiveDate| day - Days::new(1);
        let enrolled_on = self.enrolled.unwrap_or(match (self.due, self.born) {
            (Some(due), _) => {
                yesterday(due - Days::new(PREGNANCY_DAYS.unsigned_abs()) + Days::new(FIRST_WEEK * 7))
            }
            (None, Some(born)) => yesterday(born),
            (None, None) => return Vec::new(),
        });
        let pregnancy = self.due.map(|due| Life {
            anchor: Anchor::Due(due),
            enrolled_on,
            after: enrolled_on,
            until: self.born,
        });
        // Who was texted before the birth has had her starter pack.
        let year = self.born.map(|born| Life {
            anchor: Anchor::Born(born),
            enrolled_on,
            after: if self.due.is_some() { yesterday(born) } else { enrolled_on },
            until: None,
        });
        pregnancy.into_iter().chain(year).collect()
    }

    fn show(
        &self,
        program: &Program,
        anchor: Anchor,
        due: &Occurrence,
        tip: Option<(&Tip, &Text)>,
        zone: Tz,
    ) -> std::io::Result<()> {
        let stage = stage_on(anchor, due.on);
        let at = due.at.map(|at| at.with_timezone(&zone));
        if self.json {
            let line = json!({
                "on": due.on, "at": at.map(|at| at.to_rfc3339()), "track": due.slot.track.name(), "week": due.slot.week,
                "slot": due.slot.number, "stage": stage, "tip": tip.map(|(tip, _)| &*tip.id),
                "segments": tip.map(|(_, text)| text.segments), "text": tip.map(|(_, text)| &*text.body),
                "approved_until": tip.and_then(|(tip, _)| tip.approved_until), "program": program.id,
            });
            say!("{line}");
            return Ok(());
        }
        let hour = at.map_or_else(|| "no hours".to_owned(), |at| at.format("%H:%M").to_string());
        let age = stage.map_or_else(String::new, |stage| format!("{}+{}", stage.week, stage.day));
        let track = match due.slot.track {
            Track::Pregnancy | Track::Baby => format!("{} {age}", due.slot.track.name()),
            other => format!("{} ({age})", other.name()),
        };
        match tip {
            Some((tip, text)) => {
                let draft = if tip.approved_until.is_none() { ", draft" } else { "" };
                say!(
                    "{} {hour}  {track}  {} [{} SMS{draft}]",
                    due.on.format("%a %Y-%m-%d"),
                    tip.id,
                    text.segments
                );
                say!("    {}", text.body);
            }
            None => {
                say!("{} {hour}  {track}  slot {}: no tip", due.on.format("%a %Y-%m-%d"), due.slot.number)
            }
        }
        Ok(())
    }
}

/// A stretch of what she would get, timed from one date.
struct Life {
    anchor: Anchor,
    enrolled_on: NaiveDate,
    /// The day after which it begins.
    after: NaiveDate,
    /// The day from which another anchor counts.
    until: Option<NaiveDate>,
}

#[derive(Default)]
struct Total {
    texts: u32,
    segments: u32,
    empty: u32,
}

impl Total {
    fn count(&mut self, tip: Option<(&Tip, &Text)>) {
        match tip {
            Some((_, text)) => {
                self.texts += 1;
                self.segments += text.segments;
            }
            None => self.empty += 1,
        }
    }
}
