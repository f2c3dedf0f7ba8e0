//! A tip falls due: lines of the agenda whose moment has come, decided in memory, written in one transaction.
//!
//! While one batch is written, the next is read and decided, and on PostgreSQL two are written at once: one waits
//! for the disk while the other writes. Nothing is locked from the reading to the writing. What changed meanwhile
//! shows then: a version that was revoked is left out, and a batch that another planner was faster with is dropped
//! whole.

mod deciding;
mod reading;
mod writing;

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use tokio::sync::{Mutex, mpsc};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use self::deciding::{Decided, decide};
use self::writing::write;
use super::Service;
use crate::domain::gestation::Anchor;
use crate::domain::plan::{self, Course, Next, NextDue, Occurrence, Terms};
use crate::library::Program;
use crate::store::agenda::{BEGINNING, Place};
use crate::store::apart::apart;
use crate::store::{StoreError, StoreResult, service as facts};

/// Batches written at once where the database can.
const WRITERS: usize = 2;
/// No batch takes longer to read, or to write: beyond it the database was lost without notice.
const LONGEST: Duration = Duration::from_secs(30);
/// Only one process plans at a time: others would decide the same in vain. A dead one is waited for so long.
const DUTY: &str = "planning";
const DUTY_HELD: TimeDelta = TimeDelta::seconds(15);

/// Plans everybody whose moment has come, so many in a transaction; gives how many there were.
pub async fn plan_all(service: &Service, batch: i64) -> StoreResult<usize> {
    plan_until(service, batch, &CancellationToken::new()).await
}

/// The same, until told to stop: what is decided by then is written.
pub async fn plan_until(service: &Service, batch: i64, stop: &CancellationToken) -> StoreResult<usize> {
    let planner = Planner::new(service, batch, stop.clone());
    let first = planner.read(BEGINNING).await?;
    // Most of the time nobody is due, or few.
    let planned = match first {
        None => return Ok(0),
        Some(first) if first.last => in_time(write(service, first)).await,
        Some(first) => planner.all(first).await,
    };
    planner.leave(planned).await
}

/// Plans up to `limit` lines whose moment has come; gives how many there were.
pub async fn plan(service: &Service, limit: i64) -> StoreResult<usize> {
    let planner = Planner::new(service, limit, CancellationToken::new());
    let Some(decided) = planner.read(BEGINNING).await? else { return Ok(0) };
    let planned = in_time(write(service, decided)).await;
    planner.leave(planned).await
}

/// One run over all that is due.
#[derive(Clone)]
struct Planner {
    service: Service,
    batch: i64,
    holder: Uuid,
    stop: CancellationToken,
}

type Batches = Arc<Mutex<mpsc::Receiver<Decided>>>;

impl Planner {
    fn new(service: &Service, batch: i64, stop: CancellationToken) -> Self {
        // Nobody shares an embedded database, and the ids of a rehearsal are counted.
        let holder = if service.database.is_embedded() { Uuid::nil() } else { service.id() };
        Self { service: service.clone(), batch, holder, stop }
    }

    /// Reads the lines that come after a place and decides them; none if there are none, or another process plans.
    async fn read(&self, after: Place) -> StoreResult<Option<Decided>> {
        let (service, now) = (&self.service, self.service.now());
        let reading = async {
            let mut tx = service.database.read().await?;
            let lines = reading::lines(&mut tx, now, after, self.batch).await?;
            let ours = lines.due.is_empty() || service.database.is_embedded() || {
                facts::hold_duty(&mut tx, DUTY, self.holder, now, now + DUTY_HELD).await?
            };
            tx.commit().await?;
            reading::tell(service, &lines.unreadable).await?;
            Ok(Some(lines).filter(|lines| ours && !lines.due.is_empty()))
        };
        let Some(lines) = in_time(reading).await? else { return Ok(None) };
        Ok(Some(decide(service, &service.shelf.edition(), &lines.due, now, lines.last)))
    }

    /// Lets another process plan, and the next run of this one, whatever this run came to.
    async fn leave(&self, planned: StoreResult<usize>) -> StoreResult<usize> {
        if self.service.database.is_embedded() {
            return planned;
        }
        let leaving = async {
            let mut tx = self.service.database.begin().await?;
            facts::leave_duty(&mut tx, DUTY, self.holder).await?;
            tx.commit().await
        };
        let left = in_time(leaving).await;
        planned.and_then(|lines| left.map(|()| lines))
    }

    /// Reads on and writes at the same time; gives how many lines were planned.
    async fn all(&self, first: Decided) -> StoreResult<usize> {
        let writers = if self.service.database.is_embedded() { 1 } else { WRITERS };
        let (way, batches) = mpsc::channel(1);
        let batches: Batches = Arc::new(Mutex::new(batches));
        let reading = apart(self.clone().read_on(first, way));
        let writing: Vec<_> =
            (0..writers).map(|_| apart(write_all(self.service.clone(), batches.clone()))).collect();
        // If all writers fail, the reader must not wait for one.
        drop(batches);
        let mut planned = 0;
        let mut failed = None;
        for writer in writing {
            match writer.await {
                Ok(Ok(lines)) => planned += lines,
                Ok(Err(error)) => failed = Some(error),
                Err(_) => failed = Some(StoreError::WorkerCrashed),
            }
        }
        reading.await.unwrap_or(Err(StoreError::WorkerCrashed))?;
        failed.map_or(Ok(planned), Err)
    }

    async fn read_on(self, first: Decided, way: mpsc::Sender<Decided>) -> StoreResult<()> {
        let mut decided = first;
        loop {
            let (end, last) = (decided.end, decided.last || self.stop.is_cancelled());
            // Fails when the writers have.
            if way.send(decided).await.is_err() || last {
                return Ok(());
            }
            match self.read(end).await? {
                None => return Ok(()),
                Some(next) => decided = next,
            }
        }
    }
}

async fn write_all(service: Service, batches: Batches) -> StoreResult<usize> {
    let mut planned = 0;
    loop {
        let Some(decided) = batches.lock().await.recv().await else { return Ok(planned) };
        planned += in_time(write(&service, decided)).await?;
    }
}

async fn in_time<T>(step: impl Future<Output = StoreResult<T>>) -> StoreResult<T> {
    tokio::time::timeout(LONGEST, step).await.unwrap_or(Err(StoreError::PoolTimedOut))
}

/// The first occurrence after a local day that is still to come at `now`; or that of the day `owed`, whatever its hour.
pub(super) fn first_after(
    course: &Course<'_>,
    after: NaiveDate,
    now: DateTime<Utc>,
    owed: Option<NaiveDate>,
) -> NextDue {
    let mut after = after;
    loop {
        let Next::Due(occurrence) = plan::next(course, after) else {
            return None;
        };
        let at = moment(course, &occurrence);
        if at >= now || owed == Some(occurrence.on) {
            return Some((occurrence.on, at));
        }
        after = occurrence.on;
    }
}

/// The course of an enrollment that departs in nothing from its program.
pub fn course(
    program: &Program,
    enrollment: Uuid,
    anchor: Anchor,
    enrolled_on: NaiveDate,
    zone: Option<Tz>,
) -> Course<'_> {
    let whereabouts = program.whereabouts(zone);
    let (timetable, terms) = (&program.timetable, Terms::default());
    Course { enrollment, anchor, enrolled_on, whereabouts, timetable, terms }
}

/// When an occurrence is looked at: its sending time, or the beginning of a day that has no window.
fn moment(course: &Course<'_>, occurrence: &Occurrence) -> DateTime<Utc> {
    occurrence.at.unwrap_or_else(|| course.whereabouts.start_of(occurrence.on))
}
