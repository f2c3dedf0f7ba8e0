//! What machines ask: is it alive, can it work, what does it count.

use std::time::Instant;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};

use super::Site;
use crate::domain::delivery::State as TextState;
use crate::flows::Service;
use crate::store::{StoreResult, helps, inbox, outbox};
use crate::telemetry::Measured;

/// The process answers.
pub async fn live() -> &'static str {
    "alive\n"
}

/// The database answers.
pub async fn ready(State(site): State<Site>) -> Response {
    match ask_database(&site.service).await {
        Ok(()) => "ready\n".into_response(),
        Err(error) => {
            tracing::warn!(%error, "not ready: the database does not answer");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n").into_response()
        }
    }
}

async fn ask_database(service: &Service) -> StoreResult<()> {
    let mut tx = service.database.read().await?;
    inbox::backlog(&mut tx).await.map(|_| ())
}

/// Counters and the state of the queues, for Prometheus.
pub async fn metrics(State(site): State<Site>) -> Response {
    let mut last = site.service.metrics.queues().await;
    let began = Instant::now();
    if last.is_none_or(|last| last.is_old(began)) {
        if let Err(error) = measure_queues(&site.service).await {
            tracing::warn!(%error, "the queues cannot be measured");
        }
        let at = Instant::now();
        *last = Some(Measured { at, took: at - began });
    }
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(header::CONTENT_TYPE, kind)], site.service.metrics.encode()).into_response()
}

/// How urgent what a person must read can be.
const URGENCIES: [(i16, &str); 4] = [(0, "danger"), (1, "loss"), (2, "question"), (3, "stranger")];

async fn measure_queues(service: &Service) -> StoreResult<()> {
    let now = service.now();
    let mut tx = service.database.read().await?;
    let (received, oldest) = inbox::backlog(&mut tx).await?;
    let depth = outbox::depth(&mut tx).await?;
    let doubts = outbox::doubts(&mut tx).await?;
    let helps = helps::waiting(&mut tx).await?;
    let metrics = &service.metrics;
    metrics.clear_queues();
    metrics.set_depth("inbox", "waiting", received);
    metrics.set_age("inbox", oldest.map_or(0, |since| (now - since).num_seconds().max(0)));
    for sender in service.senders.iter() {
        // None is a figure too: an alert compares it with what it was.
        metrics.set_doubts(&sender.name, 0);
    }
    for (sender, texts) in doubts {
        metrics.set_doubts(&sender, texts);
    }
    for (code, urgency) in URGENCIES {
        let items = helps.iter().find(|(open, _)| *open == code).map_or(0, |(_, items)| *items);
        metrics.set_helps(urgency, items);
    }
    for (state, lane, rows, oldest) in depth {
        let queue = match lane {
            outbox::ANSWERS => "answers",
            outbox::URGENT => "urgent",
            _ => "unasked",
        };
        let Some(state) = TextState::from_code(state) else { continue };
        metrics.set_depth(queue, state.name(), rows);
        if state == TextState::Queued {
            metrics.set_age(queue, oldest.map_or(0, |since| (now - since).num_seconds().max(0)));
        }
    }
    Ok(())
}

/// The first page beside a real gateway: the handset is never shown there.
pub async fn front() -> Html<&'static str> {
    Html(include_str!("front.html"))
}
