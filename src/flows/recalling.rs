//! A tip proves wrong: it is stopped at once, everywhere; who got it is counted; exactly those are told, by a broadcast of
//! its own ([`super::broadcasting`]): counted before it goes, approved, followed and stopped as every other.
//!
//! From the commit of a recall on, no try of a text with the tip's words begins: the claim looks at `recalled_words`
//! itself, in every process. What waits with them ends as canceled when its turn comes; planners leave the tip out
//! within seconds ([`super::publishing::look`]).

mod stopping;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use uuid::Uuid;

pub use self::stopping::recall;

use super::Service;
use super::auditing::{self, Actor, Object};
use super::broadcasting::{self, Before, Begun, Corrects, Message, NotBegun, Segment};
use crate::domain::delivery::State;
use crate::domain::language::Language;
use crate::domain::plan::Needs;
use crate::library::Text;
use crate::store::editions::{self, Recall};
use crate::store::recipients;
use crate::store::{Database, StoreResult};

/// Lets a tip be sent again, as the edition in force has it, and tells nobody any more that it was wrong; false if it was
/// not recalled.
pub async fn lift(service: &Service, tip: &str, by: impl Into<Actor>, why: &str) -> StoreResult<bool> {
    let by = by.into();
    let mut tx = service.database.begin().await?;
    let was = editions::lift(&mut tx, tip).await?;
    if was {
        broadcasting::call_off(service, &mut tx, tip, &by).await?;
        let detail = format!("{tip}: {why}");
        auditing::note(service, &mut tx, &by, "lift recall", Object::default(), &detail).await?;
    }
    tx.commit().await?;
    Ok(was)
}

/// Every recall that stands.
pub async fn list(database: &Database) -> StoreResult<Vec<Recall>> {
    let mut tx = database.read().await?;
    editions::recalls(&mut tx).await
}

/// What is known of everybody for whom the tip was queued.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Survey {
    /// It reached her gateway or may have, by program and language: how many women, from which day to which.
    pub got: BTreeMap<(String, Language), Got>,
    /// It waits and will not go.
    pub waiting: usize,
    /// It did not go or did not arrive.
    pub missed: usize,
}

/// Women who got a tip.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Got {
    /// How many.
    pub women: usize,
    /// Of these, how many may have got it, and nothing proves it.
    pub perhaps: usize,
    /// Her local day of the first.
    pub first: NaiveDate,
    /// Of the last.
    pub last: NaiveDate,
}

/// What to tell, and to whom it is right.
#[derive(Clone, Debug)]
pub struct Correction {
    /// The words, by language.
    pub words: BTreeMap<Language, Text>,
    /// What must be true for them to be right.
    pub needs: Needs,
}

/// Counts who got a recalled tip.
pub async fn survey(service: &Service, recall: &Recall) -> StoreResult<Survey> {
    let mut survey = Survey::default();
    let mut after = Uuid::nil();
    loop {
        let mut tx = service.database.read().await?;
        let Some(end) = recipients::part_end(&mut tx, after).await? else { return Ok(survey) };
        for her in recipients::of_part(&mut tx, &recall.tip, (after, end)).await? {
            let Some(sure) = broadcasting::got(her.text_state, her.code.as_deref()) else {
                let waits = her.text_state.and_then(State::from_code) == Some(State::Queued);
                *(if waits { &mut survey.waiting } else { &mut survey.missed }) += 1;
                continue;
            };
            let entry = survey.got.entry((her.program, her.language)).or_insert(Got {
                women: 0,
                perhaps: 0,
                first: her.on,
                last: her.on,
            });
            entry.women += 1;
            entry.perhaps += usize::from(!sure);
            (entry.first, entry.last) = (entry.first.min(her.on), entry.last.max(her.on));
        }
        after = end;
    }
}

impl Correction {
    /// It as a broadcast to exactly those who got the tip; `program`: to those of one program.
    pub fn message(&self, recall: &Recall, program: Option<&str>) -> Message {
        let corrects = Corrects { tip: recall.tip.clone(), recalled_at: recall.at, needs: self.needs };
        let program = program.map(str::to_owned);
        let segment = Segment { program, corrects: Some(corrects), ..Segment::default() };
        Message { segment, words: self.words.clone(), emergency: false }
    }
}

/// The program that has a tip, as the edition in force says.
pub fn program_of(service: &Service, tip: &str) -> Option<String> {
    let edition = service.shelf.edition();
    let mut programs = edition.library.programs.values();
    programs.find(|program| program.find(tip).is_some()).map(|program| program.id.clone())
}

/// Queues a correction to exactly those who got the tip and can be told, each once; gives how many. Broken off, it goes on
/// where it stopped when it is done again. Nobody counts and confirms here: who does, begins the broadcast of
/// [`Correction::message`].
pub async fn correct(
    service: &Service,
    recall: &Recall,
    correction: &Correction,
    begun: impl Into<Begun<'_>>,
) -> Result<usize, NotBegun> {
    let message = correction.message(recall, program_of(service, &recall.tip).as_deref());
    let goes_on = match broadcasting::before(service, &message).await? {
        Some(Before::Unfinished(broadcast)) => Some(broadcast),
        _ => None,
    };
    let counted = broadcasting::count(service, &message, goes_on.as_ref()).await?;
    if counted.people() == 0 && goes_on.is_none() {
        return Ok(0);
    }
    let broadcast = broadcasting::begin(service, &message, &counted, begun, false).await?;
    Ok(broadcasting::queue(service, &message, &broadcast).await?.people)
}
