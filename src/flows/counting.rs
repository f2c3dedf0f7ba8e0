//! What operators count: answers to the library's questions, and who came by a partner's code. Nothing here writes.

mod results;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;

pub use self::results::{Asked, Group, asked, results};
use super::{Edition, Service};
use crate::store::surveys::{self, Count};
use crate::store::{Database, StoreResult, partners};

/// A smaller number would tell of a few women, who could be known.
pub const FEWEST: i64 = 5;

/// How often an outcome was given, and its part of all answers to the same question in the same edition and language.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Share {
    /// The count.
    #[serde(flatten)]
    pub count: Count,
    /// In hundredths, to one decimal.
    pub percent: f64,
}

/// Counts days anew on which answers came; gives how many there were. Each in a transaction of its own: whoever answers
/// meanwhile waits no longer than that.
pub async fn gather(service: &Service, most: i64) -> StoreResult<usize> {
    let mut tx = service.database.read().await?;
    let marked = surveys::marked(&mut tx, most).await?;
    drop(tx);
    for day in &marked {
        let mut tx = service.database.begin().await?;
        surveys::count_day(&mut tx, day).await?;
        tx.commit().await?;
    }
    Ok(marked.len())
}

/// All answers counted, by question, edition, language and outcome.
pub async fn answers(database: &Database) -> StoreResult<Vec<Share>> {
    let mut tx = database.read().await?;
    let counts = surveys::counts(&mut tx).await?;
    let mut all: BTreeMap<_, i64> = BTreeMap::new();
    for count in &counts {
        *all.entry(group(count)).or_default() += count.people;
    }
    let share = |count: &Count| {
        let all = all.get(&group(count)).copied().unwrap_or(count.people).max(1);
        Share { count: count.clone(), percent: (count.people as f64 * 1000.0 / all as f64).round() / 10.0 }
    };
    Ok(counts.iter().map(share).collect())
}

/// What is counted together: a question as one edition put it in one language.
pub fn group(count: &Count) -> (String, String, i64, String) {
    (count.program.clone(), count.question.clone(), count.edition, count.language.clone())
}

/// What came by one code to one program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Partner {
    /// The code.
    pub code: String,
    /// Whose it is; none: the library does not know it.
    pub name: Option<String>,
    /// The program.
    pub program: String,
    /// Enrollments.
    pub enrolled: Number,
    /// Women who get its tips now.
    pub active: Number,
    /// Enrollments in which a birth was told.
    pub births: Number,
}

/// A number of people, told only if it is not small.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Number {
    /// So many.
    Of(i64),
    /// Fewer than [`FEWEST`], perhaps none.
    Few,
}

impl Number {
    fn of(people: i64, exact: bool) -> Self {
        if exact || people >= FEWEST { Self::Of(people) } else { Self::Few }
    }
}

/// Every code: those that the library knows, whether or not anybody came by them, and those that it does not. `exact`
/// tells small numbers as well.
pub async fn partners(
    database: &Database,
    edition: &Edition,
    since: Option<NaiveDate>,
    exact: bool,
) -> StoreResult<Vec<Partner>> {
    let mut tx = database.read().await?;
    let mut came: BTreeMap<_, (i64, i64, i64)> = BTreeMap::new();
    for program in edition.library.programs.values() {
        for code in program.partners.keys() {
            came.insert((program.id.clone(), code.clone()), (0, 0, 0));
        }
    }
    for row in partners::came(&mut tx, since).await? {
        came.insert((row.program, row.partner), (row.enrolled, row.active, row.births));
    }
    let name = |program: &str, code: &str| {
        edition.library.program(program).and_then(|program| program.partners.get(code)).cloned()
    };
    let partner =
        |((program, code), (enrolled, active, births)): ((String, String), (i64, i64, i64))| Partner {
            name: name(&program, &code),
            code,
            program,
            enrolled: Number::of(enrolled, exact),
            active: Number::of(active, exact),
            births: Number::of(births, exact),
        };
    Ok(came.into_iter().map(partner).collect())
}
