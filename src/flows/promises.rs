//! Texts that fall due by themselves: has the baby come? the visit is tomorrow; did you get the shot?
//!
//! A promise is a row with its time. When that comes it is looked at again: is she still there, is it still right, is
//! her window open? Then its words are queued, and if they ask something the question is opened. One question is open at
//! a time, so what asks waits until she has answered what was asked before.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::exchange::Exchange;
use super::{Bell, Edition, Service};
use crate::domain::calendar::instant;
use crate::domain::conversation::{EnrollmentState, Fields, Reply, Step, Visit};
use crate::domain::gestation::Anchor;
use crate::domain::language::Language;
use crate::domain::named::named;
use crate::domain::plan::own_part;
use crate::library::{Program, Text, Voice};
use crate::store::outbox::{self, Kind as TextKind, NewText, Words};
use crate::store::people::{self, Enrollment, Subscriber};
use crate::store::promises::{self, Promise};
use crate::store::talk::{self, OpenQuestion};
use crate::store::{StoreResult, Tx, unread, visits};

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

/// Keeps what is due; gives how many promises were looked at.
pub async fn keep(service: &Service, limit: i64) -> StoreResult<usize> {
    let now = service.now();
    let mut tx = service.database.begin().await?;
    let due = promises::due(&mut tx, now, limit).await?;
    if due.is_empty() {
        return tx.commit().await.map(|()| 0);
    }
    let edition = service.shelf.edition();
    for promise in &due {
        one(service, &mut tx, &edition, promise).await?;
    }
    tx.commit().await?;
    service.bells.ring(Bell::Outbound);
    Ok(due.len())
}

async fn one(service: &Service, tx: &mut Tx, edition: &Edition, promise: &Promise) -> StoreResult<()> {
    let now = service.now();
    let her = people::lock_id(tx, promise.subscriber_id).await?.filter(|her| her.stopped_at.is_none());
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
    let (Some(enrollment), Some(program), false) = (active, program, promise.not_after <= now) else {
        return promises::forget(tx, promise.id).await;
    };
    let window = program.timetable.window.at_or_after(now, &program.whereabouts(her.zone()));
    let Some(window) = window.filter(|window| window.opens < promise.not_after) else {
        return promises::forget(tx, promise.id).await;
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

/// What a promise comes to.
struct Said {
    words: String,
    /// The question it opens, and for how long.
    step: Option<(Step, TimeDelta)>,
}

struct Keeping<'a> {
    service: &'a Service,
    edition: &'a Edition,
    program: &'a Program,
    her: &'a Subscriber,
    enrollment: &'a Enrollment,
    promise: &'a Promise,
    closes: DateTime<Utc>,
}

impl Keeping<'_> {
    fn language(&self) -> Language {
        self.enrollment.language
    }

    fn today(&self) -> NaiveDate {
        self.program.whereabouts(self.her.zone()).date_at(self.service.now())
    }

    fn reply(&self, reply: Reply, fields: &Fields) -> Option<String> {
        let (program, language) = (self.program, self.language());
        Voice { library: &self.edition.library, program, language, today: self.today() }.say(reply, fields)
    }

    /// The words, if they are still right.
    async fn words(&self, tx: &mut Tx, kind: Kind) -> StoreResult<Option<Said>> {
        let plain = |words: Option<String>| words.map(|words| Said { words, step: None });
        let asks =
            |words: Option<String>, step: Step| words.map(|words| Said { words, step: Some((step, OPEN)) });
        Ok(match kind {
            Kind::BirthNews => {
                if !matches!(self.enrollment.anchor(), Anchor::Due(_)) {
                    return Ok(None);
                }
                let step = Step::News { enrollment: self.enrollment.id };
                asks(self.reply(Reply::BirthNews, &Fields::default()), step)
            }
            Kind::StillPaused => {
                let paused = self.enrollment.terms().pause.is_some_and(|pause| pause.until.is_none());
                plain(self.reply(Reply::StillPaused, &Fields::default()).filter(|_| paused))
            }
            Kind::VisitSoon | Kind::VisitTomorrow | Kind::VisitAfter => {
                let Some(about) = self.promise.about else { return Ok(None) };
                let Some(visit) = visits::find(tx, about).await? else { return Ok(None) };
                let fields = Fields { when: Some(visit.when), ..Fields::default() };
                match kind {
                    Kind::VisitSoon => plain(self.reply(Reply::ApptSoon, &fields)),
                    Kind::VisitTomorrow => plain(self.reply(Reply::ApptTomorrow, &fields)),
                    _ => asks(self.reply(Reply::ApptAfter, &fields), Step::VisitAfter { visit: visit.id }),
                }
            }
            Kind::FollowUp => self.follow_up(),
            Kind::StillYou => asks(self.reply(Reply::StillYou, &Fields::default()), Step::StillYou),
        })
    }

    fn follow_up(&self) -> Option<Said> {
        let detail: FollowUp = serde_json::from_str(self.promise.detail.as_deref()?).ok()?;
        let carries = self.service.senders.get(&self.enrollment.sender)?.carries();
        let right = |id: &str| self.program.asking(id, self.today(), carries);
        if let Some(id) = detail.question {
            let asking = right(&id)?;
            let words = asking.words.get(&self.language())?.clone();
            let open = TimeDelta::days(i64::from(asking.question.open_days));
            return Some(Said { words, step: Some((Step::Question { question: id }, open)) });
        }
        let (id, outcome) = detail.of?;
        let words = right(&id)?.later.get(outcome)?.get(&self.language())?.clone();
        Some(Said { words, step: None })
    }

    async fn say(&self, tx: &mut Tx, kind: Kind, said: Said) -> StoreResult<()> {
        let (service, now) = (self.service, self.service.now());
        let id = service.text_id();
        // Whether it is still her is asked in words that give nothing away, so it need not wait until she is alone.
        let hidden = self.her.discreet && kind != Kind::StillYou;
        let shown = if hidden { self.reply(Reply::SafeNotice, &Fields::default()) } else { None };
        if shown.is_some() {
            let of_baby = kind != Kind::StillPaused;
            unread::keep(tx, id, self.her.id, (&said.words, of_baby), now).await?;
        }
        let text = Text::new(shown.as_deref().unwrap_or(&said.words));
        let reminds = matches!(kind, Kind::VisitSoon | Kind::VisitTomorrow | Kind::StillPaused);
        let new = NewText {
            id,
            subscriber: self.her.id,
            enrollment: Some(self.enrollment.id),
            answers: None,
            sender: self.enrollment.sender.clone(),
            phone: self.her.number().to_owned(),
            kind: if reminds { TextKind::Reminder } else { TextKind::Question },
            language: self.language(),
            words: Words::Own(text.body.to_string()),
            encoding: text.encoding,
            segments: text.segments,
            program: Some(self.program.id.clone()),
            edition: Some(self.edition.number),
            tip: None,
            queued_at: now,
            due_at: now,
            not_after: self.promise.not_after.min(now + TimeDelta::days(2)),
            window_closes_at: Some(self.closes),
        };
        outbox::queue(tx, &[new]).await?;
        if let Some((step, open)) = said.step {
            let mut exchange = Exchange::default();
            exchange.show(&said.words, now);
            let question = OpenQuestion {
                subscriber_id: self.her.id,
                sender: self.enrollment.sender.clone(),
                program: self.program.id.clone(),
                language: self.language().to_string(),
                step: serde_json::to_string(&step).unwrap_or_default(),
                exchange: exchange.to_json(),
                unread: false,
                opened_at: now,
                nudge_at: None,
                expires_at: now + open,
                late_until: Some(now + open + LATE),
            };
            talk::ask(tx, &question).await?;
        }
        if kind == Kind::BirthNews {
            let promising =
                Promising { service, program: self.program, subscriber: self.her.id, zone: self.her.zone() };
            promising.news(tx, self.enrollment.id, self.enrollment.anchor()).await?;
        }
        Ok(())
    }
}
