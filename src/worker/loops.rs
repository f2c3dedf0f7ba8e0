//! The loops of a running service, by the part of it that runs them.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::dispatcher::Dispatcher;
use super::whole::whole;
use super::{Gateways, carry};
use crate::flows::retention::{self, Retention};
use crate::flows::silence::{self, Patience};
use crate::flows::{
    Service, broadcasting, counting, doubt, erasing, importing, inbound, placing, planning, promises,
    publishing, receipts, tallying, tip_figures, upkeep,
};
use crate::gateway::{Http, Provider};
use crate::store::apart::apart;
use crate::store::{StoreError, StoreResult, service as facts};

/// Texts handled in one transaction: it holds up whoever else writes for some milliseconds.
const INBOUND: i64 = 25;
/// Enrollments planned in one transaction: it holds up whoever else writes for some hundredths of a second.
const PLANNED: i64 = 4096;
/// Doubts and open questions looked at in one go.
const LOOKED_AT: i64 = 500;
/// The planner's beat. Texts of one occurrence are spread over minutes, so a second is soon enough.
const PLAN_BEAT: Duration = Duration::from_secs(1);
/// The beat of whatever is not urgent.
const UPKEEP_BEAT: Duration = Duration::from_secs(15);
/// A new edition is taken, and a recalled tip planned no more, so soon. None that was recalled leaves meanwhile: the
/// claim looks for itself.
const LIBRARY_BEAT: Duration = Duration::from_secs(2);
/// The pages' counts are made anew so often.
const TALLY_BEAT: Duration = Duration::from_secs(30);
/// How often what is too old is looked for, and the pause between two batches of it.
const RETENTION_BEAT: Duration = Duration::from_secs(3600);
const BREATH: Duration = Duration::from_millis(100);
/// How often texts that have settled are added to their tips' figures, and how many in one go.
const FIGURES_BEAT: Duration = Duration::from_secs(60);
const FIGURES: i64 = 2_000;
/// A duty is held so long beyond its beat.
const DUTY: TimeDelta = TimeDelta::seconds(60);
/// How soon inbound is looked at when nobody rang.
const INBOUND_BEAT: Duration = Duration::from_secs(1);
/// The rehearsal gateway's reports are fetched so often.
const REPORT_BEAT: Duration = Duration::from_millis(500);
/// No step of work takes longer.
const LONGEST_STEP: Duration = Duration::from_secs(120);
/// The wait after the database failed.
const BACKOFF: Duration = Duration::from_secs(2);

/// What the loops run on.
#[derive(Clone)]
pub struct Crew {
    /// The service.
    pub service: Service,
    /// Its gateways.
    pub gateways: Gateways,
    /// The one HTTP client.
    pub http: Arc<Http>,
    /// Texts in flight, a sender.
    pub concurrency: usize,
    /// How long what has ended is kept.
    pub retention: Retention,
    /// When a number is taken for nobody's.
    pub patience: Patience,
}

impl Crew {
    /// The loop of every part: what was published or recalled elsewhere is taken here.
    pub fn follow_the_library(&self, loops: &mut JoinSet<()>, stop: &CancellationToken) {
        let service = self.service.clone();
        loops.spawn(beat("the message library", LIBRARY_BEAT, stop.clone(), move || {
            let service = service.clone();
            async move { publishing::look(&service).await.map(|_| ()) }
        }));
    }

    /// The loops of the web part: what webhooks wrote is handled where it was written, and anywhere else.
    pub fn hear(&self, loops: &mut JoinSet<()>, stop: &CancellationToken) {
        let (service, stop) = (self.service.clone(), stop.clone());
        loops.spawn(async move {
            // A text that came before this may be what ended the last process.
            let mut since = service.now();
            while !stop.is_cancelled() {
                let bell = service.bells.inbound.notified();
                let hearer = service.clone();
                let step =
                    apart(async move { in_time(inbound::handle_trusting(&hearer, since, INBOUND)).await });
                // What breaks in it must not end the hearing.
                match step.await {
                    Ok(Ok(0)) => {
                        tokio::select! {
                            () = bell => {}
                            () = tokio::time::sleep(INBOUND_BEAT) => {}
                            () = stop.cancelled() => {}
                        }
                    }
                    Ok(Ok(_)) => {}
                    Ok(Err(error)) => pause("texts received", &error, &stop).await,
                    // What it says of itself may quote her words.
                    Err(_) => {
                        tracing::error!("the handling of a text broke");
                        since = service.now();
                    }
                }
            }
        });
    }

    /// The loops of the scheduler: planning, and what time itself brings.
    pub fn schedule(&self, loops: &mut JoinSet<()>, stop: &CancellationToken) {
        let (service, stopped) = (self.service.clone(), stop.clone());
        // A morning of millions takes longer than a step may: planning limits each of its batches itself.
        loops.spawn(run("planning", PLAN_BEAT, stop.clone(), move || {
            let (service, stop) = (service.clone(), stopped.clone());
            async move { planning::plan_until(&service, PLANNED, &stop).await.map(|_| ()) }
        }));
        let (service, retention, stopped) = (self.service.clone(), self.retention, stop.clone());
        loops.spawn(run("retention", RETENTION_BEAT, stop.clone(), move || {
            let (service, stop) = (service.clone(), stopped.clone());
            // A few rows at a time, so that a new policy on an old table holds nobody up; and all of them, so that
            // a table does not grow faster than it is thinned.
            async move {
                while !stop.is_cancelled() && in_time(retention::forget(&service, &retention)).await? > 0 {
                    tokio::time::sleep(BREATH).await;
                }
                Ok(())
            }
        }));
        let (service, holder, kept, stopped) =
            (self.service.clone(), self.service.id(), self.retention.texts, stop.clone());
        loops.spawn(beat("tallying", TALLY_BEAT, stop.clone(), move || {
            let (service, stop) = (service.clone(), stopped.clone());
            async move { tallying::tally(&service, holder, kept, &stop).await }
        }));
        let (service, holder, stopped) = (self.service.clone(), self.service.id(), stop.clone());
        loops.spawn(run("lists of women to enroll", LIBRARY_BEAT, stop.clone(), move || {
            let (service, stop) = (service.clone(), stopped.clone());
            // One process at a time: two would only wait for each other, row by row.
            async move {
                while !stop.is_cancelled()
                    && importing::goes_on(&service).await?
                    && held(&service, "lists", holder, DUTY * 3).await?
                    && in_time(importing::carry_on(&service, INBOUND)).await? > 0
                {}
                Ok(())
            }
        }));
        let (service, holder, stopped) = (self.service.clone(), self.service.id(), stop.clone());
        loops.spawn(run("tip figures", FIGURES_BEAT, stop.clone(), move || {
            let (service, stop) = (service.clone(), stopped.clone());
            // A long history is walked a few texts at a time: whoever sends is never held up by it.
            async move {
                while !stop.is_cancelled()
                    && held(&service, "tip figures", holder, DUTY * 2).await?
                    && in_time(tip_figures::add(&service, FIGURES)).await? > 0
                {
                    tokio::time::sleep(BREATH).await;
                }
                Ok(())
            }
        }));
        let (service, holder) = (self.service.clone(), self.service.id());
        // One to a million is queued in as many parts as it takes: each is a short transaction.
        loops.spawn(run("broadcasts", PLAN_BEAT, stop.clone(), move || {
            let service = service.clone();
            async move { broadcasting::carry_on(&service, holder).await.map(|_| ()) }
        }));
        let (service, holder, patience) = (self.service.clone(), self.service.id(), self.patience);
        loops.spawn(beat("upkeep", UPKEEP_BEAT, stop.clone(), move || {
            let service = service.clone();
            async move {
                if held(&service, "upkeep", holder, DUTY).await? {
                    upkeep::expire(&service).await?;
                    upkeep::converse(&service, LOOKED_AT).await?;
                    while promises::keep(&service, LOOKED_AT).await? > 0 {}
                    erasing::erase(&service, LOOKED_AT).await?;
                    silence::look(&service, patience, LOOKED_AT).await?;
                    while held(&service, "upkeep", holder, DUTY).await?
                        && placing::gather(&service, PLANNED).await? > 0
                    {}
                    counting::gather(&service, LOOKED_AT).await?;
                }
                Ok(())
            }
        }));
    }

    /// The loops of the dispatcher: one a sender, and what settles doubt.
    pub fn dispatch(&self, loops: &mut JoinSet<()>, stop: &CancellationToken) {
        for sender in self.service.senders.iter() {
            let backup = sender.backup.iter().map(|backup| (&backup.gateway, &backup.address));
            let routes: Vec<_> = std::iter::once((&sender.gateway, &sender.address))
                .chain(backup)
                .filter_map(|(gateway, address)| Some((self.gateways.get(gateway)?.clone(), address.clone())))
                .collect();
            if routes.is_empty() {
                continue;
            }
            let (service, http) = (self.service.clone(), self.http.clone());
            let dispatcher = Dispatcher::new(service, http, routes, sender.clone(), self.concurrency);
            loops.spawn(dispatcher.run(stop.clone()));
        }
        let crew = self.clone();
        loops.spawn(beat("doubts", UPKEEP_BEAT, stop.clone(), move || {
            let crew = crew.clone();
            async move {
                doubt::recover(&crew.service).await?;
                carry::settle_doubts(&crew.service, &crew.http, &crew.gateways, LOOKED_AT).await?;
                Ok(())
            }
        }));
        let crew = self.clone();
        loops.spawn(beat("rehearsed reports", REPORT_BEAT, stop.clone(), move || {
            let crew = crew.clone();
            async move { rehearsed_reports(&crew.service, &crew.gateways).await.map(|_| ()) }
        }));
    }
}

/// Lets the rehearsal gateways' own reports count; gives how many there were.
pub(super) async fn rehearsed_reports(service: &Service, gateways: &Gateways) -> StoreResult<usize> {
    let mut count = 0;
    for gateway in gateways.iter() {
        if let Provider::Rehearsal(rehearsal) = &gateway.provider {
            for report in rehearsal.take_reports() {
                receipts::receive(service, &[(gateway.name.clone(), report)]).await?;
                count += 1;
            }
        }
    }
    Ok(count)
}

/// Does a step of work again and again until told to stop; a failure is told and tried again.
async fn beat<W, F>(what: &'static str, every: Duration, stop: CancellationToken, work: W)
where
    W: Fn() -> F,
    F: Future<Output = StoreResult<()>>,
{
    run(what, every, stop, || in_time(work())).await;
}

/// The same for work that limits its own steps.
async fn run<W, F>(what: &'static str, every: Duration, stop: CancellationToken, work: W)
where
    W: Fn() -> F,
    F: Future<Output = StoreResult<()>>,
{
    while !stop.is_cancelled() {
        match whole(work()).await {
            Some(Ok(())) => {}
            Some(Err(error)) => pause(what, &error, &stop).await,
            // What it says of itself may quote her words; where it happened is logged there.
            None => tracing::error!(what, "this broke, and is tried again"),
        }
        tokio::select! { () = tokio::time::sleep(every) => {} () = stop.cancelled() => {} }
    }
}

/// Holds a duty, or holds it on; whether it is ours. Work of many steps asks anew before each.
async fn held(service: &Service, name: &str, holder: Uuid, long: TimeDelta) -> StoreResult<bool> {
    let now = service.now();
    let mut tx = service.database.begin().await?;
    let mine = facts::hold_duty(&mut tx, name, holder, now, now + long).await?;
    tx.commit().await?;
    Ok(mine)
}

/// A step of work that takes longer has lost its database without noticing: its transaction is dropped.
pub(super) async fn in_time<T>(step: impl Future<Output = StoreResult<T>>) -> StoreResult<T> {
    tokio::time::timeout(LONGEST_STEP, step).await.unwrap_or(Err(StoreError::PoolTimedOut))
}

async fn pause(what: &str, error: &StoreError, stop: &CancellationToken) {
    tracing::error!(what, %error, "the database fails: trying again");
    tokio::select! { () = tokio::time::sleep(BACKOFF) => {} () = stop.cancelled() => {} }
}
