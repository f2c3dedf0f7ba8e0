//! Texts that fall due by themselves: has the baby come? the visit is tomorrow; did you get the shot?
//!
//! A promise is a row with its time. When that comes it is looked at again: is she still there, is it still right, is
//! her window open? Then its words are queued, and if they ask something the question is opened. One question is open at
//! a time, so what asks waits until she has answered what was asked before.

mod clock;
mod keeping;

use chrono::{Days, NaiveDate, NaiveTime, TimeDelta};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub(super) use self::clock::NewClock;
use self::keeping::Keeping;
use super::{Bell, Edition, Service};
use crate::domain::calendar::instant;
use crate::domain::conversation::{EnrollmentState, Visit};
use crate::domain::gestation::Anchor;
use crate::domain::named::named;
use crate::domain::plan::own_part;
use crate::library::Program;
use crate::store::people::{self, Subscriber};
use crate::store::promises::{self, Promise};
use crate::store::{StoreResult, Tx, talk, visits};

named! {
    /// What was promised.
    pub enum Kind {
        /// Has the baby come?
        BirthNews = "birth_news",
        /// Still paused?
        StillPaused = "still_paused",
        /// A visit in three days.
        VisitSoon = "visit_soon",
        /// A visit tomorrow.
        VisitTomorrow = "visit_tomorrow",
        /// Did the visit take place?
        VisitAfter = "visit_after",
        /// A question or a text that follows an answer.
        FollowUp = "follow_up",
        /// Is it still her?
        StillYou = "still_you",
    }
}

/// Days past the due date on which she is asked whether the baby has come.
const NEWS_AFTER_DUE: [u64; 3] = [3, 10, 17];
/// A NOT YET is asked again after so many days.
const NEWS_AGAIN: u64 = 7;
/// An open-ended pause is mentioned once, after so many days.
const PAUSE_MENTIONED: u64 = 28;
/// The hour at which promises are kept, where her window has not opened later.
const HOUR: Option<NaiveTime> = NaiveTime::from_hms_opt(10, 0, 0);
/// Promises of one moment are spread over this time.
const SPREAD: TimeDelta = TimeDelta::minutes(60);
/// What asks waits so long while another question is open.
const LATER: TimeDelta = TimeDelta::hours(6);
/// A question is open so long, where the library does not say.
const OPEN: TimeDelta = TimeDelta::hours(72);
/// A late answer is understood so long after.
pub(super) const LATE: TimeDelta = TimeDelta::days(30);

/// What a follow-up needs to know.
#[derive(Serialize, Deserialize)]
struct FollowUp {
    /// The question that is asked.
    question: Option<String>,
    /// Or the question and the outcome whose later words are said.
    of: Option<(String, usize)>,
}

/// To whom promises are made.
pub(super) struct Promising<'a> {
    pub service: &'a Service,
    pub program: &'a Program,
    pub subscriber: Uuid,
    pub zone: Option<Tz>,
}

impl Promising<'_> {
    /// Her local date.
    fn today(&self) -> NaiveDate {
        self.program.whereabouts(self.zone).date_at(self.service.now())
    }

    async fn make(
        &self,
        tx: &mut Tx,
        kind: Kind,
        enrollment: Option<Uuid>,
        (on, last): (NaiveDate, NaiveDate),
        (about, detail): (Option<Uuid>, Option<String>),
    ) -> StoreResult<()> {
        let zone = self.zone.unwrap_or(self.program.home_zone);
        let at = instant(zone, on.and_time(HOUR.unwrap_or_default()));
        let due_at = at + own_part(enrollment.unwrap_or(self.subscriber), SPREAD);
        let not_after = instant(zone, (last + Days::new(1)).and_time(NaiveTime::MIN));
        if due_at < self.service.now() {
            return Ok(());
        }
        let promise = Promise {
            id: self.service.id(),
            subscriber_id: self.subscriber,
            enrollment_id: enrollment,
            kind: kind.name().to_owned(),
            about,
            detail,
            due_at,
            not_after,
        };
        promises::make(tx, &promise).await
    }

    /// Asks about the birth on the next of its days; what was to be asked before is not.
    pub async fn news(&self, tx: &mut Tx, enrollment: Uuid, anchor: Anchor) -> StoreResult<()> {
        promises::take_back(tx, self.subscriber, enrollment, Kind::BirthNews.name()).await?;
        let Anchor::Due(due) = anchor else { return Ok(()) };
        let today = self.today();
        let next = NEWS_AFTER_DUE.iter().map(|days| due + Days::new(*days)).find(|day| *day > today);
        let Some(on) = next else { return Ok(()) };
        self.make(tx, Kind::BirthNews, Some(enrollment), (on, on + Days::new(3)), (None, None)).await
    }

    /// Asks about the birth in a week, in place of what was to be asked.
    pub async fn news_later(&self, tx: &mut Tx, enrollment: Uuid) -> StoreResult<()> {
        promises::take_back(tx, self.subscriber, enrollment, Kind::BirthNews.name()).await?;
        let on = self.today() + Days::new(NEWS_AGAIN);
        self.make(tx, Kind::BirthNews, Some(enrollment), (on, on + Days::new(3)), (None, None)).await
    }

    /// Mentions an open-ended pause once; `paused`: it is one.
    pub async fn pause(&self, tx: &mut Tx, enrollment: Uuid, paused: bool) -> StoreResult<()> {
        promises::take_back(tx, self.subscriber, enrollment, Kind::StillPaused.name()).await?;
        if !paused {
            return Ok(());
        }
        let on = self.today() + Days::new(PAUSE_MENTIONED);
        self.make(tx, Kind::StillPaused, Some(enrollment), (on, on + Days::new(3)), (None, None)).await
    }

    /// Reminds of a visit three days and one day before, where that day is still to come, and asks about it the day after.
    pub async fn visit(&self, tx: &mut Tx, enrollment: Option<Uuid>, visit: &Visit) -> StoreResult<()> {
        promises::take_back_about(tx, self.subscriber, visit.id).await?;
        let on = visit.when.on;
        let days = [
            (Kind::VisitSoon, on - Days::new(3), on - Days::new(2)),
            (Kind::VisitTomorrow, on - Days::new(1), on - Days::new(1)),
            (Kind::VisitAfter, on + Days::new(1), on + Days::new(4)),
        ];
        let today = self.today();
        for (kind, day, last) in days.into_iter().filter(|(_, day, _)| *day > today) {
            self.make(tx, kind, enrollment, (day, last), (Some(visit.id), None)).await?;
        }
        Ok(())
    }

    /// What follows an answer, days later: a question, or the words of an outcome.
    pub async fn follow_up(
        &self,
        tx: &mut Tx,
        enrollment: Uuid,
        days: u32,
        question: Option<&str>,
        of: (&str, usize),
    ) -> StoreResult<()> {
        let of = question.is_none().then(|| (of.0.to_owned(), of.1));
        let detail = serde_json::to_string(&FollowUp { question: question.map(str::to_owned), of }).ok();
        let on = self.today() + Days::new(u64::from(days));
        self.make(tx, Kind::FollowUp, Some(enrollment), (on, on + Days::new(7)), (None, detail)).await
    }

    /// Asks whether it is still her, as soon as her window is open.
    pub async fn still_you(&self, tx: &mut Tx) -> StoreResult<()> {
        let on = self.today() + Days::new(1);
        self.make(tx, Kind::StillYou, None, (on, on + Days::new(7)), (None, None)).await
    }

    /// All that an enrollment is promised by what it is: after it came back, or moved.
    pub async fn renew(&self, tx: &mut Tx, enrollment: Uuid, anchor: Anchor) -> StoreResult<()> {
        self.news(tx, enrollment, anchor).await?;
        for visit in visits::noted(tx, self.subscriber, self.today()).await? {
            self.visit(tx, Some(enrollment), &visit).await?;
        }
        Ok(())
    }
}

/// Keeps what is due; gives how many promises were looked at. Each in a transaction of its own, which holds her first, as
/// a text of hers does: nobody waits for each other.
pub async fn keep(service: &Service, limit: i64) -> StoreResult<usize> {
    let now = service.now();
    let mut tx = service.database.read().await?;
    let due = promises::due(&mut tx, now, limit).await?;
    tx.commit().await?;
    let edition = service.shelf.edition();
    for promise in &due {
        let mut tx = service.database.begin().await?;
        let her = people::lock_id(&mut tx, promise.subscriber_id).await?;
        // Whatever she wrote meanwhile may have taken it back, or moved it.
        if let Some(promise) = promises::still_due(&mut tx, promise.id, now).await? {
            one(service, &mut tx, &edition, &promise, her).await?;
        }
        tx.commit().await?;
    }
    if !due.is_empty() {
        service.bells.ring(Bell::Outbound);
    }
    Ok(due.len())
}

async fn one(
    service: &Service,
    tx: &mut Tx,
    edition: &Edition,
    promise: &Promise,
    her: Option<Subscriber>,
) -> StoreResult<()> {
    let now = service.now();
    let her = her.filter(|her| her.id == promise.subscriber_id && her.stopped_at.is_none());
    let (Some(her), Some(kind)) = (her, Kind::named(&promise.kind)) else {
        return promises::forget(tx, promise.id).await;
    };
    let enrollments = people::enrollments_of(tx, her.id).await?;
    let hers = enrollments.iter().find(|enrollment| match promise.enrollment_id {
        Some(id) => enrollment.id == id,
        None => enrollment.state == EnrollmentState::Active,
    });
    // A visit that she noted is reminded of after her last tip as well: it was promised.
    let about_visit = matches!(kind, Kind::VisitSoon | Kind::VisitTomorrow | Kind::VisitAfter);
    let active = hers.filter(|enrollment| match enrollment.state {
        EnrollmentState::Active => true,
        EnrollmentState::Completed => about_visit,
        _ => false,
    });
    let program = active.and_then(|enrollment| edition.library.program(&enrollment.program));
    let (Some(enrollment), Some(program)) = (active, program) else {
        return promises::forget(tx, promise.id).await;
    };
    let window = program.timetable.window.at_or_after(now, &program.whereabouts(her.zone()));
    let window = window.filter(|window| window.opens < promise.not_after && promise.not_after > now);
    let Some(window) = window else {
        promises::forget(tx, promise.id).await?;
        // A question whether the baby has come that could not be asked makes room for the next.
        let promising = Promising { service, program, subscriber: her.id, zone: her.zone() };
        return match kind {
            Kind::BirthNews => promising.news(tx, enrollment.id, enrollment.anchor()).await,
            _ => Ok(()),
        };
    };
    if window.opens > now {
        let spread = SPREAD.min(window.closes - window.opens);
        return promises::postpone(tx, promise.id, window.opens + own_part(enrollment.id, spread)).await;
    }
    let keeping =
        Keeping { service, edition, program, her: &her, enrollment, promise, closes: window.closes };
    let Some(said) = keeping.words(tx, kind).await? else {
        return promises::forget(tx, promise.id).await;
    };
    if said.step.is_some() {
        let open = talk::open_question(tx, her.id).await?.filter(|open| open.expires_at > now);
        if open.is_some() {
            return promises::postpone(tx, promise.id, now + LATER).await;
        }
    }
    promises::forget(tx, promise.id).await?;
    keeping.say(tx, kind, said).await
}
