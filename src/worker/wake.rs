//! Bells across processes: where several share a PostgreSQL, whoever rings here is heard there as well, so that
//! an answer queued by a web process is not slept through by a dispatcher of another.
//!
//! What is rung is told after its commit and outside of it, from one task that gathers what is rung meanwhile:
//! no transaction ever waits for the lock that NOTIFY takes. A word that is lost costs what the workers' own
//! looking about costs, a second.

use std::time::Duration;

use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::flows::{Bell, Bells, Service};
use crate::store::{StoreError, StoreResult, signals};

/// Others are told so often at most.
const BREATH: Duration = Duration::from_millis(10);
/// A database that takes longer to tell them is away.
const PATIENCE: Duration = Duration::from_secs(5);
/// The first wait after the connection is lost, and the longest.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(8);

/// Joins this process's bells to those of all others on the same database.
pub fn join_bells(service: &Service, loops: &mut JoinSet<()>, stop: &CancellationToken) {
    if service.database.is_embedded() {
        return;
    }
    let me = service.id();
    let (teller, stopped) = (service.clone(), stop.clone());
    loops.spawn(async move {
        tokio::select! { () = tell(&teller, me) => {} () = stopped.cancelled() => {} }
    });
    let (listener, stopped) = (service.clone(), stop.clone());
    loops.spawn(async move {
        tokio::select! { () = listen(&listener, me) => {} () = stopped.cancelled() => {} }
    });
}

/// Tells what is rung here.
async fn tell(service: &Service, me: Uuid) {
    loop {
        let mut words = me.to_string();
        for bell in service.bells.untold().await {
            words.push(' ');
            words.push_str(bell.name());
        }
        let told = tokio::time::timeout(PATIENCE, signals::tell(&service.database, &words)).await;
        if let Err(error) = told.unwrap_or(Err(StoreError::PoolTimedOut)) {
            tracing::debug!(%error, "other processes cannot be told: they look by themselves");
        }
        tokio::time::sleep(BREATH).await;
    }
}

/// Rings here what is told elsewhere, for ever.
async fn listen(service: &Service, me: Uuid) {
    let mut pause = FIRST_PAUSE;
    loop {
        if let Err(error) = listen_until_lost(service, me, &mut pause).await {
            tracing::debug!(%error, "other processes cannot be heard: this one looks by itself");
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

async fn listen_until_lost(service: &Service, me: Uuid, pause: &mut Duration) -> StoreResult<()> {
    let Some(mut listener) = signals::Listener::open(&service.database).await? else { return Ok(()) };
    *pause = FIRST_PAUSE;
    // Nobody heard what was rung before.
    for bell in Bell::ALL {
        service.bells.ring_here(*bell);
    }
    loop {
        heard(&service.bells, me, &listener.next().await?);
    }
}

fn heard(bells: &Bells, me: Uuid, words: &str) {
    let mut words = words.split(' ');
    if words.next().is_none_or(|who| who == me.to_string()) {
        return;
    }
    for bell in words.filter_map(Bell::named) {
        bells.ring_here(bell);
    }
}
