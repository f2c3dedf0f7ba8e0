//! Counts for the pages: texts that have ended by the hour in which they were queued, texts received, tips that were
//! skipped, who is enrolled. A duty beside the others, and in nobody's way: it reads beside the writer, in short ranges of
//! ids, and writes a bucket only when it has changed.
//!
//! | what | counted anew |
//! |---|---|
//! | the hour that runs and the last one | each half minute |
//! | the last six hours | each two minutes |
//! | the last three days, because reports come late | each quarter of an hour |
//! | the last week | each day |
//! | what is older | once, when it is first come by |
//! | who is enrolled | each quarter of an hour |
//!
//! A bucket is always counted anew as a whole and put in the place of what stood there: what happens twice, late or
//! between two steps cannot make it drift. What is in the outbox is not counted here: that is few, and looked at live.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::Service;
use crate::ids::{first_at, made_at};
use crate::store::tallies::{self, Bucket, hour_of};
use crate::store::{StoreResult, Tx, service as facts};

/// The name of the duty.
const NAME: &str = "tallying";
/// It is held so long.
const HELD: TimeDelta = TimeDelta::seconds(180);
/// The fact that tells when the last census was taken.
const CENSUS: &str = "census";
/// A census is taken so often.
const CENSUS_EACH: TimeDelta = TimeDelta::minutes(15);
/// One beat works no longer at what is not of the last two hours.
const LONGEST: Duration = Duration::from_secs(20);
/// Texts read in one go.
const SLICE: i64 = 10_000;
/// Others come between two steps.
const BREATH: Duration = Duration::from_millis(5);
/// So many are forgotten in one go.
const FORGOTTEN: i64 = 500;

/// Counts what is due to be counted. `kept` is how long texts are kept: what may have been deleted is not counted anew.
pub async fn tally(
    service: &Service,
    holder: Uuid,
    kept: TimeDelta,
    stop: &CancellationToken,
) -> StoreResult<()> {
    let now = service.now();
    let mut tx = service.database.begin().await?;
    let mine = facts::hold_duty(&mut tx, NAME, holder, now, now + HELD).await?;
    tx.commit().await?;
    if !mine {
        return Ok(());
    }
    let began = Instant::now();
    for hour in due(service, kept).await? {
        let is_new = now - hour < TimeDelta::hours(2);
        if stop.is_cancelled() || (!is_new && began.elapsed() > LONGEST) {
            break;
        }
        count(service, hour).await?;
        tokio::time::sleep(BREATH).await;
    }
    let mut tx = service.database.read().await?;
    // Also those whose hours were counted by somebody who came no further.
    let days = tallies::marked_days(&mut tx).await?;
    drop(tx);
    for day in days {
        refresh(service, day).await?;
    }
    census(service, stop).await?;
    forget(service).await
}

/// The hours to be counted, the newest first.
async fn due(service: &Service, kept: TimeDelta) -> StoreResult<Vec<DateTime<Utc>>> {
    let now = service.now();
    let mut tx = service.database.read().await?;
    let oldest = tallies::oldest(&mut tx).await?.into_iter().flatten().min();
    // Where nothing was ever sent or received, that is known of the hour that runs.
    let oldest = oldest.map(made_at).filter(|oldest| *oldest <= now).unwrap_or(now);
    // Of an hour in which something may have been deleted already what was counted stays.
    let since = hour_of(oldest);
    let known = tallies::counted_since(&mut tx, since).await?;
    let mut due = Vec::new();
    let mut hour = hour_of(now);
    while hour >= since {
        let is_due = match known.get(&hour) {
            None => true,
            Some(_) if now - hour > kept - TimeDelta::hours(1) => false,
            // Counted by a clock that was ahead: as good as not at all.
            Some(at) => *at > now || stale_after(now - hour).is_some_and(|after| now - *at >= after),
        };
        if is_due {
            due.push(hour);
        }
        hour -= TimeDelta::hours(1);
    }
    Ok(due)
}

/// How old a count may be of an hour that began so long ago; none: it is not made anew.
fn stale_after(age: TimeDelta) -> Option<TimeDelta> {
    match age {
        _ if age < TimeDelta::hours(2) => Some(TimeDelta::seconds(25)),
        _ if age < TimeDelta::hours(6) => Some(TimeDelta::minutes(2)),
        _ if age < TimeDelta::days(3) => Some(TimeDelta::minutes(15)),
        _ if age < TimeDelta::days(7) => Some(TimeDelta::days(1)),
        _ => None,
    }
}

/// Counts an hour. If that changed anything, its day is to be made anew as well.
async fn count(service: &Service, hour: DateTime<Utc>) -> StoreResult<()> {
    let now = service.now();
    let end = hour + TimeDelta::hours(1);
    let (first, last) = (first_at(hour), first_at(end));
    let mut new = Bucket::default();
    let mut tx = service.database.read().await?;
    tallies::count_inbound(&mut tx, (first, last), &mut new.inbound).await?;
    tallies::count_skipped(&mut tx, (hour, end), &mut new.skipped).await?;
    drop(tx);
    let (mut gone, mut come) = (Vec::new(), Vec::new());
    let mut from = first;
    while from < last {
        let mut tx = service.database.read().await?;
        let to = tallies::step(&mut tx, from, last, SLICE).await?.unwrap_or(last);
        tallies::count_texts(&mut tx, (from, to), &mut new.texts).await?;
        tallies::count_prefixes(&mut tx, (from, to), &mut new.prefixes).await?;
        let known = tallies::known_unarrived(&mut tx, from, to).await?;
        let unarrived = tallies::unarrived(&mut tx, from, to).await?;
        drop(tx);
        if known != unarrived {
            let known: BTreeSet<_> = known.into_iter().collect();
            let unarrived: BTreeSet<_> = unarrived.into_iter().collect();
            gone.extend(known.difference(&unarrived).map(|(id, ..)| *id));
            come.extend(unarrived.difference(&known).cloned());
        }
        from = to;
        tokio::task::yield_now().await;
    }
    let mut tx = service.database.read().await?;
    let old = tallies::hour(&mut tx, hour).await?;
    drop(tx);
    let mut tx = service.database.begin().await?;
    tallies::replace(&mut tx, tallies::HOUR, hour, &new, &old).await?;
    tallies::note_unarrived(&mut tx, &gone, &come).await?;
    if new != old {
        tallies::mark_day(&mut tx, tallies::day_of(hour)).await?;
    }
    tallies::counted(&mut tx, hour, now).await?;
    tx.commit().await
}

/// Makes a day of its hours. The mark is taken away before these are read: an hour that another process counts meanwhile
/// either is read here or marks the day again.
async fn refresh(service: &Service, day: DateTime<Utc>) -> StoreResult<()> {
    let mut tx = service.database.begin().await?;
    tallies::unmark_day(&mut tx, day).await?;
    let new = tallies::day(&mut tx, tallies::HOUR, day).await?;
    let old = tallies::day(&mut tx, tallies::DAY, day).await?;
    tallies::replace(&mut tx, tallies::DAY, day, &new, &old).await?;
    tx.commit().await
}

/// Takes a census if the last one is old.
async fn census(service: &Service, stop: &CancellationToken) -> StoreResult<()> {
    let now = service.now();
    let mut tx = service.database.read().await?;
    let last = taken_at(&mut tx).await?;
    drop(tx);
    if last.is_some_and(|last| last <= now && now - last < CENSUS_EACH) {
        return Ok(());
    }
    let mut sums = BTreeMap::new();
    let mut after = Some(Uuid::nil());
    while let Some(place) = after {
        if stop.is_cancelled() {
            return Ok(());
        }
        let mut tx = service.database.read().await?;
        after = tallies::count_enrolled(&mut tx, place, &mut sums).await?;
        drop(tx);
        tokio::time::sleep(BREATH).await;
    }
    let mut tx = service.database.begin().await?;
    tallies::take_census(&mut tx, &sums).await?;
    facts::set_fact(&mut tx, CENSUS, &now.to_rfc3339()).await?;
    tx.commit().await
}

/// When the last census was taken.
pub async fn taken_at(tx: &mut Tx) -> StoreResult<Option<DateTime<Utc>>> {
    let fact = facts::fact(tx, CENSUS).await?;
    Ok(fact.and_then(|at| DateTime::parse_from_rfc3339(&at).ok()).map(|at| at.to_utc()))
}

/// Forgets where texts lay that are kept no more.
async fn forget(service: &Service) -> StoreResult<()> {
    let mut tx = service.database.read().await?;
    let [oldest, _] = tallies::oldest(&mut tx).await?;
    drop(tx);
    let Some(oldest) = oldest else { return Ok(()) };
    let mut tx = service.database.begin().await?;
    if tallies::forget_unarrived(&mut tx, oldest, FORGOTTEN).await? > 0 {
        tx.commit().await?;
    }
    Ok(())
}
