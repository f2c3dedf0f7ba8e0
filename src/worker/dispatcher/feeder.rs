//! The one who puts texts on the wire as places become free.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use tokio::sync::mpsc;

use super::BACKOFF;
use super::line::Ticket;
use super::recorder::Landed;
use super::shift::{FEEDER, FEWEST_AHEAD, Shift};
use super::wire::{Held, News};
use crate::flows::Service;
use crate::flows::dispatch::{self, LEAVE_LIMIT};
use crate::flows::senders::Sender;
use crate::worker::carry;
use crate::worker::loops::in_time;

/// A text that stood in line for longer than this came too early.
const LONG_IN_LINE: Duration = Duration::from_millis(300);
/// To spread what is late is tried so often, should the database be away: meanwhile no tip goes.
const SPREADINGS: u32 = 10;

impl Shift {
    /// Puts texts on the wire until the line is closed.
    pub async fn feed(&self, landed: mpsc::Sender<Landed>) {
        tracing::debug!(sender = %self.post.sender.name, part = FEEDER, "begins");
        let mut waiting = 0_u32;
        while let Some(Ticket { text, wire, asks }) = self.line.next().await {
            let Ok(unrecorded) = self.unrecorded.clone().acquire_owned().await else { return };
            let slot = wire.slot().await;
            let stood = (self.post.service.now() - text.began_at).to_std().unwrap_or_default();
            waiting = if stood > LONG_IN_LINE { waiting + 1 } else { 0 };
            if waiting > 32 {
                waiting = 0;
                let fewer = (self.ahead.load(Ordering::Relaxed) * 3 / 4).max(FEWEST_AHEAD);
                self.ahead.store(fewer, Ordering::Relaxed);
            }
            // What was true when it began must still be true when it leaves.
            if stood > LEAVE_LIMIT || (wire.is_open() && !asks) {
                drop(slot);
                if stood > LEAVE_LIMIT {
                    // Claims take too long for so many.
                    tracing::warn!(sender = %self.post.sender.name, seconds = stood.as_secs(), "texts stood in line for too long: they are taken back");
                    let fewer = (self.ahead.load(Ordering::Relaxed) / 2).max(FEWEST_AHEAD);
                    self.ahead.store(fewer, Ordering::Relaxed);
                }
                let mut late = vec![Ticket { text, wire, asks }];
                late.extend(self.line.take_all());
                self.take_back(late).await;
                continue;
            }
            let (service, http) = (self.post.service.clone(), self.post.http.clone());
            let (sender, landed) = (self.post.sender.clone(), landed.clone());
            tokio::spawn(async move {
                let began = Instant::now();
                let outcome = carry::send(&service, &http, &wire.gateway, &wire.address, &text).await;
                let news = wire.heard(&outcome, began.elapsed(), service.now());
                drop(slot);
                let gateway = wire.gateway.clone();
                // Fails only when the recorder is gone; the try then stays open and comes into doubt.
                let _ = landed.send(Landed { text, outcome, wire, unrecorded }).await;
                if let Some(news) = news {
                    // Seldom, and larger than all the rest, which is copied for each text.
                    Box::pin(tell(&service, &sender, &gateway.name, news)).await;
                }
            });
        }
    }
}

/// A gateway has gone away or come back: a person must know of the first.
async fn tell(service: &Service, sender: &Sender, gateway: &str, news: News) {
    if let News::Answers = news {
        // Another dispatcher that is gone, or was wrong, may have written that it does not.
        if let Err(error) = in_time(dispatch::gateway_back(service, sender, gateway)).await {
            tracing::warn!(sender = %sender.name, gateway, %error, "old trouble of it stays written down");
        }
        return;
    }
    if let News::StillAway(since) = news {
        if let Err(error) = in_time(dispatch::gateway_still_away(service, sender, gateway, since)).await {
            tracing::warn!(sender = %sender.name, gateway, %error, "that it is still away cannot be written down");
        }
        return;
    }
    if let News::Back(after, held) = news {
        tracing::warn!(sender = %sender.name, gateway, seconds = after.num_seconds(), "the gateway is back");
        if let Err(error) = in_time(dispatch::gateway_back(service, sender, gateway)).await {
            tracing::error!(sender = %sender.name, gateway, %error, "that it is back cannot be written down");
        }
        if let Some(held) = held {
            spread(service, sender, held).await;
        }
        return;
    }
    tracing::warn!(sender = %sender.name, gateway, "the gateway does not answer: it is left alone for a while");
    if let Err(error) = in_time(dispatch::gateway_away(service, sender, gateway)).await {
        tracing::error!(sender = %sender.name, gateway, %error, "the alarm cannot be raised");
    }
}

/// Spreads what has become late, so that it does not leave in one flood; until then tips are held.
pub async fn spread(service: &Service, sender: &Sender, _held: Held) {
    for _ in 0..SPREADINGS {
        match in_time(dispatch::spread_again(service, sender)).await {
            Ok(texts) => {
                tracing::warn!(sender = %sender.name, texts, "what is late is spread again");
                return;
            }
            Err(error) => {
                tracing::error!(sender = %sender.name, %error, "what is late cannot be spread again");
                tokio::time::sleep(BACKOFF).await;
            }
        }
    }
}
