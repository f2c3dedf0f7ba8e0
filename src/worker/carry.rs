//! The moment on the network: a text whose attempt is written, and what the gateway says.

use std::time::{Duration, Instant};

use crate::domain::phone::PhoneNumber;
use crate::domain::segment;
use crate::flows::Service;
use crate::flows::dispatch::{self, LEAVE_LIMIT, Ready, SEND_LIMIT};
use crate::flows::doubt;
use crate::gateway::{Gateway, Http, Lookup, Outcome, Parcel};
use crate::ids::try_name;
use crate::store::StoreResult;
use crate::store::failure::is_away;
use crate::worker::Gateways;

/// The code of a text that was not handed over again, because its gateway would take it for another by now: it says
/// nothing of the gateway.
pub const TOO_LATE: &str = "too-late-to-repeat";

/// Sends a text. Whatever goes wrong on the way has its outcome; a send that outlasts its limit may have
/// arrived, and is ambiguous.
pub async fn send(service: &Service, http: &Http, gateway: &Gateway, from: &str, text: &Ready) -> Outcome {
    let now = service.now();
    if text.repeats && gateway.has_forgotten(text.first_began_at, now) {
        // It has waited too long in the queue, and would be another text to its gateway by now.
        return Outcome::Transient {
            code: TOO_LATE.to_owned(),
            sentence: "It waited until its gateway no longer knows its name; it was not handed over again."
                .to_owned(),
            retry_after: None,
        };
    }
    let left = (text.not_after - now).to_std().unwrap_or_default();
    let stood = (now - text.began_at).to_std().unwrap_or_default();
    let parcel = Parcel {
        reference: text.reference(),
        from,
        to: &text.phone,
        body: &text.body,
        encoding: text.encoding,
        segments: text.segments,
        valid_for: left.max(Duration::from_secs(1)),
        leaves_by: Instant::now() + LEAVE_LIMIT.saturating_sub(stood),
    };
    tokio::time::timeout(SEND_LIMIT, gateway.send(http, &parcel)).await.unwrap_or_else(|_| {
        Outcome::Ambiguous {
            code: "timeout".to_owned(),
            sentence: "The gateway did not answer in time; the text may have been sent.".to_owned(),
        }
    })
}

/// Asks the gateways about up to `limit` texts in doubt; gives how many there were.
pub async fn settle_doubts(
    service: &Service,
    http: &Http,
    gateways: &Gateways,
    limit: i64,
) -> StoreResult<usize> {
    let doubtful = doubt::waiting(service, limit).await?;
    for (text, body) in &doubtful {
        let sender = service.senders.get(&text.sender);
        let gateway = gateways.get(&text.gateway);
        let lookup = match (sender, gateway, PhoneNumber::from_e164(text.phone.clone())) {
            (Some(sender), Some(gateway), Some(phone)) => {
                let counted = segment::count(body);
                let parcel = Parcel {
                    reference: try_name(text.id, text.tries),
                    from: sender.address_at(&text.gateway),
                    to: &phone,
                    body,
                    encoding: counted.encoding,
                    segments: counted.segments,
                    valid_for: SEND_LIMIT,
                    leaves_by: Instant::now(),
                };
                gateway.lookup(http, &parcel, text.began_at, service.now()).await
            }
            _ => Lookup::CannotTell,
        };
        match doubt::settle(service, text, &lookup).await {
            Err(error) if is_away(&error) => return Err(error),
            // One that cannot be settled must not keep the others in doubt.
            Err(error) => {
                let what = dispatch::what_broke(&error);
                tracing::error!(text = %text.id, what, "a doubt cannot be settled");
            }
            Ok(()) => {}
        }
    }
    Ok(doubtful.len())
}
