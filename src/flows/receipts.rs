//! What gateways say of our texts afterwards: kept raw, matched to an attempt, merged into the text's state.

use chrono::TimeDelta;
use uuid::Uuid;

use super::Service;
use super::dispatch::mark_blocked;
use crate::domain::conversation::EnrollmentState;
use crate::domain::delivery::{Evidence, State};
use crate::gateway::Report;
use crate::store::attempts::{self, Found};
use crate::store::outbox::{self, Cancel};
use crate::store::people::{self, Mark};
use crate::store::reports::{self, Kept};
use crate::store::{StoreResult, Tx, service as facts};

/// Keeps a report and lets it count. Reports may come in any order, early, late, twice.
pub async fn receive(service: &Service, gateway: &str, report: &Report) -> StoreResult<()> {
    let now = service.now();
    let mut tx = service.database.begin().await?;
    let found = attempts::find(&mut tx, gateway, report.reference, report.provider_id.as_deref()).await?;
    let kept = Kept {
        id: service.id(),
        gateway: gateway.to_owned(),
        attempt_id: found.as_ref().map(|attempt| attempt.id),
        reference: report.reference,
        provider_id: report.provider_id.clone(),
        status: report.status.clone(),
        evidence: report.evidence.map(|evidence| name(evidence).to_owned()),
        code: report.code.clone(),
        opted_out: report.opted_out,
        raw: report.raw.clone(),
        received_at: now,
    };
    reports::insert(&mut tx, &kept).await?;
    match (&found, report.evidence) {
        (Some(attempt), Some(evidence)) => {
            let why = (report.code.as_deref(), report.sentence.as_deref());
            merge(service, &mut tx, gateway, attempt, evidence, why, report.opted_out).await?;
        }
        (_, None) => {
            // A word nobody taught us is kept and shown to a person, never guessed. Only its letters go into
            // the alarm: who knows what else a provider might put there.
            let word: String =
                report.status.chars().filter(|c| c.is_alphabetic() || *c == '_').take(40).collect();
            let detail = "the gateway used a status that Motherline does not know";
            let subject = format!("{gateway} {word}");
            service.alarm(&mut tx, "unknown_status", &subject, detail, TimeDelta::days(1)).await?;
        }
        (None, Some(_)) => tracing::debug!(gateway, "a report matches no text of ours yet: kept"),
    }
    tx.commit().await?;
    service.metrics.report(gateway, report.evidence.map_or("unknown", name));
    Ok(())
}

/// Lets reports count that came before the gateway's own answer to the send.
pub(super) async fn adopt(
    service: &Service,
    tx: &mut Tx,
    gateway: &str,
    attempt: &Found,
    provider_id: &str,
) -> StoreResult<()> {
    for early in reports::adopt(tx, gateway, provider_id, attempt.id).await? {
        if let Some(evidence) = early.evidence.as_deref().and_then(named) {
            let why = (early.code.as_deref(), None);
            merge(service, tx, gateway, attempt, evidence, why, early.opted_out).await?;
        }
    }
    Ok(())
}

async fn merge(
    service: &Service,
    tx: &mut Tx,
    gateway: &str,
    attempt: &Found,
    evidence: Evidence,
    (code, sentence): (Option<&str>, Option<&str>),
    opted_out: bool,
) -> StoreResult<()> {
    let Some(standing) = reports::standing(tx, attempt.outbox_id).await? else {
        return Ok(());
    };
    let Some(state) = State::from_code(standing.state) else {
        return Ok(());
    };
    if opted_out {
        provider_opt_out(service, tx, standing.subscriber_id, gateway).await?;
    }
    // An earlier try that failed says nothing about the one under way.
    let superseded = evidence == Evidence::Failed && attempt.number < standing.tries;
    let merged = state.merge(evidence);
    if superseded || merged == state {
        return Ok(());
    }
    let why = (merged == State::Failed).then_some((code, sentence));
    let (code, sentence) = why.unwrap_or((None, None));
    reports::advance(tx, attempt.outbox_id, merged.code(), code, sentence, service.now()).await
}

/// The provider says that she opted out there: as good as a STOP, without a confirmation from us.
pub(super) async fn provider_opt_out(
    service: &Service,
    tx: &mut Tx,
    subscriber: Uuid,
    via: &str,
) -> StoreResult<()> {
    let (now, reason) = (service.now(), "the provider says she opted out there");
    people::mark(tx, subscriber, Mark::Stopped, Some(now)).await?;
    people::stopped_by(tx, subscriber, "provider").await?;
    mark_blocked(service, tx, subscriber).await?;
    people::leave(tx, subscriber, None, EnrollmentState::Stopped, reason, now).await?;
    outbox::cancel(tx, subscriber, Cancel::All, reason, now).await?;
    facts::audit(tx, service.id(), now, "provider", "provider_opt_out", Some(subscriber), via).await
}

fn name(evidence: Evidence) -> &'static str {
    match evidence {
        Evidence::Accepted => "accepted",
        Evidence::Sent => "sent",
        Evidence::Failed => "failed",
        Evidence::Delivered => "delivered",
    }
}

fn named(name: &str) -> Option<Evidence> {
    [Evidence::Accepted, Evidence::Sent, Evidence::Failed, Evidence::Delivered]
        .into_iter()
        .find(|evidence| self::name(*evidence) == name)
}
