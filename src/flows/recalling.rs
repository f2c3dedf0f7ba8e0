//! A tip proves wrong: it is stopped at once, everywhere; who got it is counted; exactly those are told.
//!
//! From the commit of a recall on, no try of a text with the tip's words begins: the claim looks at `recalled_words`
//! itself, in every process. What waits with them ends as canceled when its turn comes; planners leave the tip out
//! within seconds ([`super::publishing::look`]).

use std::collections::{BTreeMap, BTreeSet, HashSet};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use uuid::Uuid;

use super::auditing::{self, Actor, Object};
use super::receipts::IN_DOUBT;
use super::{Bell, Service};
use crate::domain::conversation::EnrollmentState;
use crate::domain::delivery::State;
use crate::domain::language::Language;
use crate::domain::plan::{Needs, own_part};
use crate::library::{Files, Library, Text};
use crate::store::editions::{self, Recall, Signature};
use crate::store::outbox::{self, Kind, NewText, Words};
use crate::store::recipients::{self, Recipient};
use crate::store::{Database, StoreError, StoreResult, Tx};

/// Corrections go out over so much of a window.
const SPREAD: TimeDelta = TimeDelta::minutes(60);
/// A correction that could not go within this time is not news any more.
const VALID: TimeDelta = TimeDelta::days(7);

/// Stops a tip. Done again it changes nothing, and knows the words of editions published since.
pub async fn recall(
    service: &Service,
    tip: &str,
    by: impl Into<Actor>,
    why: &str,
) -> StoreResult<Option<Recall>> {
    let (by, now) = (by.into(), service.now());
    // Reading every edition takes its time: nobody who writes waits for it.
    let mut words = Known::default();
    let mut tx = service.database.read().await?;
    words_of(&mut tx, tip, now, &mut words).await?;
    drop(tx);
    let mut tx = service.database.begin().await?;
    words_of(&mut tx, tip, now, &mut words).await?;
    let hashes: Vec<[u8; 32]> = words.hashes.into_iter().collect();
    if hashes.is_empty() {
        return Ok(None);
    }
    let recall = editions::recall(&mut tx, tip, Signature { by: &by.name, why, at: now }).await?;
    editions::recall_words(&mut tx, tip, &hashes).await?;
    auditing::note(service, &mut tx, &by, "recall", Object::default(), &format!("{tip}: {why}")).await?;
    tx.commit().await?;
    Ok(Some(recall))
}

/// Lets a tip be sent again, as the edition in force has it; false if it was not recalled.
pub async fn lift(service: &Service, tip: &str, by: impl Into<Actor>, why: &str) -> StoreResult<bool> {
    let by = by.into();
    let mut tx = service.database.begin().await?;
    let was = editions::lift(&mut tx, tip).await?;
    if was {
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

/// The words that editions gave a tip, and which editions were read.
#[derive(Default)]
struct Known {
    hashes: BTreeSet<[u8; 32]>,
    read: HashSet<String>,
}

/// Adds the words that every edition not read yet gave the tip, in every language and region.
async fn words_of(tx: &mut Tx, tip: &str, now: DateTime<Utc>, words: &mut Known) -> StoreResult<()> {
    for edition in editions::all(tx).await? {
        if !words.read.insert(edition.hash) {
            continue;
        }
        let Some((_, json)) = editions::files(tx, edition.number).await? else { continue };
        let (tip, today) = (tip.to_owned(), now.date_naive());
        let read = tokio::task::spawn_blocking(move || said(&json, &tip, today));
        words.hashes.extend(read.await.map_err(|_| StoreError::WorkerCrashed)?);
    }
    Ok(())
}

/// What an edition's files give a tip to say.
fn said(json: &str, tip: &str, today: NaiveDate) -> Vec<[u8; 32]> {
    let library = serde_json::from_str::<Files>(json).ok();
    let Some(library) = library.and_then(|files| Library::read(&files, today).library) else {
        return Vec::new();
    };
    let found = library.programs.values().filter_map(|program| program.find(tip));
    let texts = found.flat_map(|tip| tip.texts.values());
    let each = texts.flat_map(|words| std::iter::once(&words.national).chain(words.local.values()));
    each.map(|text| text.hash).collect()
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
    /// How many can be told.
    pub to_tell: usize,
    /// How many cannot, and why.
    pub untold: BTreeMap<Untold, usize>,
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

/// Why somebody who got a tip is not told what was wrong with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Untold {
    /// She has been told.
    Already,
    /// She has stopped, or her provider refuses.
    Stopped,
    /// She has told of a loss since.
    AfterLoss,
    /// What the correction needs is not so any more.
    NotHers,
    /// There are no words in her language.
    NoWords,
    /// Her program is not there any more, or her place has no hours.
    NoWay,
}

impl Untold {
    /// As a plain clause.
    pub fn why(self) -> &'static str {
        match self {
            Self::Already => "have been told already",
            Self::Stopped => "have stopped, or their provider refuses",
            Self::AfterLoss => "have told of a loss since",
            Self::NotHers => "are past it: what the correction needs is not so any more",
            Self::NoWords => "read a language for which there are no words",
            Self::NoWay => "have no program or no hours any more",
        }
    }
}

/// What to tell, and to whom it is right.
#[derive(Clone, Debug)]
pub struct Correction {
    /// The words, by language.
    pub words: BTreeMap<Language, Text>,
    /// What must be true for them to be right.
    pub needs: Needs,
}

/// Counts who got a recalled tip, and who of them a correction would go to.
pub async fn survey(
    service: &Service,
    recall: &Recall,
    correction: Option<&Correction>,
) -> StoreResult<Survey> {
    let mut survey = Survey::default();
    let mut reached = HashSet::new();
    let mut after = Uuid::nil();
    loop {
        let mut tx = service.database.read().await?;
        let Some(end) = recipients::part_end(&mut tx, after).await? else { return Ok(survey) };
        for her in recipients::of_part(&mut tx, &recall.tip, recall.at, (after, end)).await? {
            let Some(sure) = got(&her) else {
                let waits = her.text_state.and_then(State::from_code) == Some(State::Queued);
                *(if waits { &mut survey.waiting } else { &mut survey.missed }) += 1;
                continue;
            };
            let entry = survey.got.entry((her.program.clone(), her.language)).or_insert(Got {
                women: 0,
                perhaps: 0,
                first: her.on,
                last: her.on,
            });
            entry.women += 1;
            entry.perhaps += usize::from(!sure);
            (entry.first, entry.last) = (entry.first.min(her.on), entry.last.max(her.on));
            let Some(correction) = correction else { continue };
            match placed(service, &her, correction) {
                // A woman with two enrollments is told once.
                Ok(_) if reached.insert(her.subscriber) => survey.to_tell += 1,
                Ok(_) => {}
                Err(why) => *survey.untold.entry(why).or_default() += 1,
            }
        }
        after = end;
    }
}

/// Queues a correction to exactly those who got the tip and can be told, each once, a part of them in a transaction;
/// gives how many. Broken off, it goes on where it stopped when it is done again.
pub async fn correct(
    service: &Service,
    recall: &Recall,
    correction: &Correction,
    (by, why): (impl Into<Actor>, &str),
) -> StoreResult<usize> {
    let by = by.into();
    let mut all = 0;
    let mut after = Uuid::nil();
    loop {
        let mut tx = service.database.begin().await?;
        let Some(end) = recipients::part_end(&mut tx, after).await? else { break };
        let mut texts = Vec::new();
        for her in recipients::of_part(&mut tx, &recall.tip, recall.at, (after, end)).await? {
            let (Some(_), Ok(text)) = (got(&her), placed(service, &her, correction)) else { continue };
            if recipients::tell(&mut tx, &recall.tip, recall.at, her.subscriber, text.id).await? {
                texts.push(text);
            }
        }
        if !texts.is_empty() {
            let words = correction.words.values();
            let shared: Vec<_> =
                words.map(|text| (&text.hash, &*text.body, text.encoding, text.segments)).collect();
            outbox::share_words(&mut tx, &shared).await?;
            outbox::queue(&mut tx, &texts).await?;
            let detail = format!("{}: {} women are told: {why}", recall.tip, texts.len());
            auditing::note(service, &mut tx, &by, "correct", Object::default(), &detail).await?;
        }
        tx.commit().await?;
        all += texts.len();
        after = end;
    }
    service.bells.ring(Bell::Outbound);
    Ok(all)
}

/// Whether she got the tip, and whether that is sure; none: she did not. Where it is so long ago that the text is not
/// kept any more, she may have.
fn got(her: &Recipient) -> Option<bool> {
    match her.text_state.map(State::from_code) {
        Some(Some(State::Accepted | State::Sent | State::Delivered)) => Some(true),
        None | Some(Some(State::Sending | State::InDoubt)) => Some(false),
        Some(Some(State::Failed)) if her.code.as_deref() == Some(IN_DOUBT) => Some(false),
        _ => None,
    }
}

/// The correction as a text to her, in her next hours.
fn placed(service: &Service, her: &Recipient, correction: &Correction) -> Result<NewText, Untold> {
    let now = service.now();
    if her.told {
        return Err(Untold::Already);
    }
    let left = matches!(her.enrollment_state, EnrollmentState::Stopped);
    if left || her.stopped_at.is_some() || her.blocked_at.is_some() {
        return Err(Untold::Stopped);
    }
    if her.enrollment_state == EnrollmentState::Frozen
        && !matches!(correction.needs, Needs::Mother | Needs::Neutral)
    {
        return Err(Untold::AfterLoss);
    }
    let words = correction.words.get(&her.language).ok_or(Untold::NoWords)?;
    let edition = service.shelf.edition();
    let program = edition.library.program(&her.program).ok_or(Untold::NoWay)?;
    let zone = her.zone.as_deref().and_then(|zone| zone.parse().ok());
    let whereabouts = program.whereabouts(zone);
    if !correction.needs.met(her.anchor(), whereabouts.date_at(now)) {
        return Err(Untold::NotHers);
    }
    let window = program.timetable.window.at_or_after(now, &whereabouts).ok_or(Untold::NoWay)?;
    let start = window.opens.max(now);
    let due_at = start + own_part(her.subscriber, SPREAD.min(window.closes - start));
    Ok(NewText {
        id: service.text_id(),
        subscriber: her.subscriber,
        enrollment: Some(her.enrollment),
        answers: None,
        sender: her.sender.clone(),
        phone: her.phone.clone(),
        kind: Kind::Correction,
        language: her.language,
        words: Words::Shared(words.hash),
        encoding: words.encoding,
        segments: words.segments,
        program: Some(her.program.clone()),
        edition: Some(edition.number),
        tip: None,
        queued_at: now,
        due_at,
        not_after: now + VALID,
        window_closes_at: Some(window.closes),
    })
}
