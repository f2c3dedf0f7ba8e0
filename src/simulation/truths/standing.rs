//! What a phone may expect of us, known from her side: what she told, and what we answered.

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;

use super::{Told, Truths};
use crate::domain::conversation::Reply;
use crate::simulation::live::Claim;

/// A visit that was noted.
#[derive(Clone, Debug)]
pub struct Noted {
    /// The day.
    pub day: NaiveDate,
    /// Her day when she noted it.
    pub on: NaiveDate,
    /// Reminded three days before.
    pub soon: bool,
    /// Reminded the day before.
    pub tomorrow: bool,
    /// Something came between: it need not be reminded of.
    pub void: bool,
}

/// Days after NOT YET until she is asked again.
const NOT_YET: u64 = 7;
/// A visit that was told so many texts ago, of all mothers, is not confirmed any more.
const SOON_AFTER: u64 = 4_096;

/// A phone's standing.
#[derive(Clone, Debug)]
pub struct Standing {
    /// Whose it is.
    pub mother: u32,
    /// Her country's place.
    pub country: usize,
    /// The zone she told.
    pub zone: Option<Tz>,
    /// Since when she has said STOP, and as which of all texts.
    pub stopped: Option<(DateTime<Utc>, u64)>,
    /// The last text after that STOP.
    pub silent_from: DateTime<Utc>,
    /// She told of a loss.
    pub lost: bool,
    /// Her due date, while she is pregnant for all that we were told.
    pub due: Option<NaiveDate>,
    /// The births she told, the eldest first.
    pub born: Vec<NaiveDate>,
    /// She asked to be left unseen.
    pub discreet: bool,
    /// She asked for a pause without an end.
    pub paused: bool,
    /// She gets tips.
    pub enrolled: bool,
    /// The last tip: her day, and when.
    pub last_tip: Option<(NaiveDate, DateTime<Utc>)>,
    /// The visits she noted.
    pub visits: Vec<Noted>,
    /// Her days of the questions whether the baby has come.
    pub news: Vec<NaiveDate>,
    /// Having said that the baby has not come, the day from which she may be asked again: she was told so.
    pub asked_from: Option<NaiveDate>,
    /// When she joined.
    pub joined: Option<DateTime<Utc>>,
    /// When she told of the birth.
    pub told: Option<DateTime<Utc>>,
    /// What she wants is so plain that all of it can be foretold.
    pub plain: bool,
    /// The due date that she joined with.
    pub first_due: Option<NaiveDate>,
    /// Her phone takes nothing at some time, so that we may have given her up.
    pub unreachable: bool,
    /// She asked to be erased, and was told that she is.
    pub erased: Option<DateTime<Utc>>,
    /// What was told of her since then.
    pub wrote_since: bool,
    /// The other phone of hers, if there is one.
    pub other: u32,
    dates: Option<Claim>,
    lives: Option<Tz>,
    /// Visits that she told of and that were not confirmed yet, each with its text's place among all: she may tell of
    /// several in one breath.
    visits_told: Vec<(u64, NaiveDate)>,
    paced: u64,
}

impl Standing {
    /// A phone that has not written yet.
    pub fn new(mother: u32, country: usize, other: u32, plain: bool) -> Self {
        Self {
            mother,
            country,
            zone: None,
            stopped: None,
            silent_from: DateTime::<Utc>::MIN_UTC,
            lost: false,
            due: None,
            born: Vec::new(),
            discreet: false,
            paused: false,
            enrolled: false,
            last_tip: None,
            visits: Vec::new(),
            news: Vec::new(),
            asked_from: None,
            joined: None,
            told: None,
            plain,
            first_due: None,
            unreachable: false,
            erased: None,
            wrote_since: false,
            other,
            dates: None,
            lives: None,
            visits_told: Vec::new(),
            paced: 0,
        }
    }

    /// She said STOP, as this of all texts.
    pub fn stop(&mut self, at: DateTime<Utc>, order: u64) {
        if self.stopped.is_none() {
            self.silent_from = at;
        }
        // A later one, before she has come back, may be confirmed as well; nothing older may be answered.
        self.stopped = Some((at, order));
        self.void();
    }

    pub(super) fn lose(&mut self) {
        self.lost = true;
        self.void();
    }

    pub(super) fn claims(&mut self, claim: Claim, order: u64) {
        match claim {
            Claim::Due(_) | Claim::Born(_) => self.dates = Some(claim),
            Claim::Lives(zone) => self.lives = Some(zone),
            Claim::Visit(day) => self.visits_told.push((order, day)),
        }
    }

    /// The visit that this text told of; those of earlier texts were not taken.
    fn visit_of(&mut self, order: u64) -> Option<NaiveDate> {
        let at = self.visits_told.iter().rposition(|(told, _)| *told <= order)?;
        let (_, day) = self.visits_told.remove(at);
        self.visits_told.retain(|(told, _)| told + SOON_AFTER > order);
        Some(day)
    }

    pub(super) fn forget_claim(&mut self) {
        self.dates = None;
    }

    /// Visits need not be reminded of any more.
    fn void(&mut self) {
        for visit in &mut self.visits {
            visit.void = true;
        }
    }

    /// An answer that was tried again may come after the one to a later text.
    fn pause(&mut self, paused: bool, order: u64) {
        if order >= self.paced {
            (self.paused, self.paced) = (paused, order);
        }
    }

    fn come_back(&mut self) -> Option<TimeDelta> {
        let (since, _) = self.stopped.take()?;
        Some(self.silent_from - since)
    }

    /// The dates she has just told are in force.
    fn dates_hold(&mut self) {
        if self.dates.is_some() {
            self.asked_from = None;
        }
        match self.dates.take() {
            Some(Claim::Due(due)) => (self.due, self.born) = (Some(due), Vec::new()),
            Some(Claim::Born(mut born)) => {
                born.sort_unstable();
                (self.due, self.born) = (None, born);
            }
            _ => {}
        }
    }
}

impl Truths {
    /// What an answer of ours says is so from here on; `told`: the text that it answers.
    pub(super) fn follow(&mut self, phone: u32, reply: Reply, at: DateTime<Utc>, told: Told) {
        let Told { at: heard, order, undoes } = told;
        let Standing { country, zone, .. } = self.standings[phone as usize];
        let today = self.homes[country].day(zone, at);
        let told_on = self.homes[country].day(zone, heard);
        let standing = &mut self.standings[phone as usize];
        let mut silence = None;
        match reply {
            Reply::EnrolledDue | Reply::EnrolledBorn | Reply::EnrolledFamily => {
                silence = standing.come_back();
                standing.zone = standing.lives.take().or(standing.zone);
                standing.void();
                standing.dates_hold();
                standing.joined = Some(heard);
                standing.first_due = standing.due;
                (standing.told, standing.lost) = (None, false);
                standing.pause(false, order);
                standing.enrolled = true;
                standing.erased = None;
            }
            Reply::Resumed => {
                silence = standing.come_back();
                standing.dates_hold();
                standing.pause(false, order);
            }
            Reply::UpdatedDue => standing.dates_hold(),
            Reply::UpdatedBorn | Reply::BirthsDone => {
                standing.dates_hold();
                standing.told = Some(heard);
            }
            Reply::SeveralBorn => {
                if let [only] = standing.born[..] {
                    standing.born.push(only);
                }
            }
            Reply::Undone => standing.lost = false,
            // What she takes back after STOP is answered with the question whether to go on.
            Reply::StartDue | Reply::StartBorn if undoes => standing.lost = false,
            Reply::NotYet => standing.asked_from = Some(told_on + Days::new(NOT_YET)),
            Reply::LossOne => {
                standing.lost = false;
                if standing.born.len() > 1 {
                    standing.born.remove(0);
                }
            }
            // From here on a reminder is covered like everything else.
            Reply::SafeOn => {
                standing.discreet = true;
                standing.void();
            }
            Reply::SafeOff => standing.discreet = false,
            Reply::Paused => standing.pause(true, order),
            Reply::PausedUntil | Reply::MoreBack => standing.pause(false, order),
            Reply::PlaceSet => standing.zone = standing.lives.take().or(standing.zone),
            // Nobody we know: what she wrote is not kept for when she joins.
            Reply::FreeTextStranger => standing.lives = None,
            Reply::ApptSet | Reply::ApptSetDay | Reply::ApptSetSoon => {
                if let Some(day) = standing.visit_of(order) {
                    standing.visits.retain(|noted| noted.day != day);
                    // Whose place is unknown has a narrow hour, and the clock may stand beside it.
                    let void = standing.discreet || standing.zone.is_none();
                    standing.visits.push(Noted { day, on: today, soon: false, tomorrow: false, void });
                }
            }
            Reply::ApptCanceled => standing.void(),
            Reply::Deleted => {
                standing.erased = Some(at);
                standing.wrote_since = false;
                // With all that she had told: should she come again, she is as new as anybody.
                standing.discreet = false;
                (standing.zone, standing.lives) = (None, None);
                standing.visits.clear();
            }
            Reply::Moved => self.moved(phone),
            _ => {}
        }
        self.silences.extend(silence);
    }

    /// All that the other phone got comes to this one.
    fn moved(&mut self, phone: u32) {
        let other = self.standings[phone as usize].other;
        let old = self.standings[other as usize].clone();
        let mut here = Standing { other, stopped: None, plain: false, ..old };
        here.void();
        self.standings[phone as usize] = here;
        let left = &mut self.standings[other as usize];
        left.enrolled = false;
        left.plain = false;
        left.void();
    }
}
