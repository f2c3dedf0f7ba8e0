//! A crowd of made-up mothers over all stages, languages and zones, for trials of load.

use chrono::{DateTime, Days, NaiveDate, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

use super::planning::{course, first_after};
use crate::clock::Clock;
use crate::domain::gestation::{Anchor, BABY_WEEKS, PREGNANCY_DAYS};
use crate::domain::plan::Terms;
use crate::ids::{Ids, stable_hash};
use crate::library::{Library, Program};
use crate::store::people::{self, NewEnrollment, NewSubscriber};
use crate::store::{Database, StoreError, service as facts};

/// The fact that marks a database of made-up people: no real gateway may serve it.
pub const POPULATED: &str = "populated";
/// Rows written in one transaction.
const BATCH: u64 = 1_000;
/// Area codes of large cities: with 555-0100 to 555-0199 each they give numbers reserved for fiction.
const AREA_CODES: [u16; 24] = [
    202, 206, 212, 213, 214, 215, 216, 303, 305, 312, 313, 404, 412, 415, 503, 512, 602, 612, 617, 702, 713,
    808, 901, 907,
];
const FICTION_PER_AREA: u64 = 100;

/// The crowd wanted.
pub struct Crowd<'a> {
    /// How many.
    pub mothers: u64,
    /// The same seed gives the same mothers.
    pub seed: u64,
    /// The sender they hear from.
    pub sender: &'a str,
}

/// The crowd cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum PopulateError {
    /// Somebody is there already.
    #[error("the database is not empty: made-up mothers are never mixed with real ones")]
    NotEmpty,
    /// The library has no program.
    #[error("the library has no program to enroll them in")]
    NoProgram,
    /// The database failed.
    #[error("the database failed: {0}")]
    Store(#[from] StoreError),
}

/// Fills an empty database.
pub async fn populate(
    database: &Database,
    clock: &Clock,
    library: &Library,
    crowd: &Crowd<'_>,
) -> Result<(), PopulateError> {
    let programs: Vec<&Program> = library.programs.values().collect();
    if programs.is_empty() {
        return Err(PopulateError::NoProgram);
    }
    let (now, ids) = (clock.now(), Ids::seeded(crowd.seed.wrapping_mul(0x0100_0000)));
    let mut tx = database.begin().await?;
    if !facts::is_empty(&mut tx).await? {
        return Err(PopulateError::NotEmpty);
    }
    facts::set_fact(&mut tx, POPULATED, &crowd.mothers.to_string()).await?;
    tx.commit().await?;
    let mut index = 0;
    while index < crowd.mothers {
        let mut subscribers = Vec::new();
        let mut enrollments = Vec::new();
        for mother in index..crowd.mothers.min(index + BATCH) {
            let id = ids.next(now);
            let mut chance = Chance(stable_hash(id));
            let program = programs[chance.below(programs.len() as u64) as usize];
            let zone = *chance.of(&program.zones);
            let language = *chance.of(&program.languages);
            subscribers.push(NewSubscriber {
                id,
                phone: number(mother, program),
                language,
                zone: Some(zone),
                at: now,
            });
            let enrollment = enrollment(&ids, id, program, zone, crowd.sender, now, &mut chance);
            enrollments.push(NewEnrollment { language, ..enrollment });
        }
        let mut tx = database.begin().await?;
        people::insert_all(&mut tx, &subscribers).await?;
        people::enroll(&mut tx, &enrollments).await?;
        tx.commit().await?;
        index += BATCH;
    }
    Ok(())
}

/// Numbers reserved for fiction first; beyond them the country code 999, which nobody has.
fn number(index: u64, program: &Program) -> String {
    let reserved = AREA_CODES.len() as u64 * FICTION_PER_AREA;
    if program.countries.iter().any(|country| country == "US") && index < reserved {
        let area = AREA_CODES[(index / FICTION_PER_AREA) as usize];
        return format!("+1{area}55501{:02}", index % FICTION_PER_AREA);
    }
    format!("+999{index:010}")
}

fn enrollment(
    ids: &Ids,
    subscriber: Uuid,
    program: &Program,
    zone: Tz,
    sender: &str,
    now: DateTime<Utc>,
    chance: &mut Chance,
) -> NewEnrollment {
    let id = ids.next(now);
    let today = now.with_timezone(&zone).date_naive();
    let (anchor, longest) = stage(today, chance);
    let on = today - Days::new(chance.below(longest.max(1)));
    let yesterday = today - Days::new(1);
    let next = first_after(&course(program, id, anchor, on, Some(zone)), yesterday, now, None);
    NewEnrollment {
        id,
        subscriber,
        program: program.id.clone(),
        sender: sender.to_owned(),
        language: program.languages[0],
        anchor,
        at: now,
        on,
        terms: Terms::default(),
        partner: None,
        next,
    }
}

/// Somewhere between the fourth week and the first birthday, and how long ago she can have enrolled.
fn stage(today: NaiveDate, chance: &mut Chance) -> (Anchor, u64) {
    let pregnancy = PREGNANCY_DAYS.unsigned_abs() - 28;
    let baby = BABY_WEEKS.unsigned_abs() * 7;
    let day = chance.below(pregnancy + baby);
    if day < pregnancy {
        (Anchor::Due(today + Days::new(pregnancy - day)), day)
    } else {
        (Anchor::Born(today - Days::new(day - pregnancy)), day - pregnancy)
    }
}

/// A stream of numbers fixed by its beginning.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = stable_hash(Uuid::from_u64_pair(self.0, limit));
        self.0 % limit
    }

    fn of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len() as u64) as usize]
    }
}
