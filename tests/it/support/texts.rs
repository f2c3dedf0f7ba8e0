//! Texts that fall due without a plan.

use chrono::TimeDelta;
use motherline::clock::Clock;
use motherline::domain::segment::Encoding;
use motherline::ids::Ids;
use motherline::store::outbox::{self, Kind, NewText, Words};

use super::service::Service;

/// A text of one segment that nobody asked for, by the sender `short`, due now and right for a day.
pub fn reminder(phone: String, words: String, program: &str) -> NewText {
    let now = Clock::System.now();
    NewText {
        id: Ids::System.text(now),
        subscriber: Ids::System.next(now),
        enrollment: None,
        answers: None,
        sender: "short".to_owned(),
        phone,
        kind: Kind::Reminder,
        language: "en".parse().expect("a language"),
        words: Words::Own(words),
        encoding: Encoding::Gsm7,
        segments: 1,
        program: Some(program.to_owned()),
        edition: None,
        tip: None,
        queued_at: now,
        due_at: now,
        not_after: now + TimeDelta::days(1),
        window_closes_at: None,
    }
}

/// Queues texts as the planner would.
pub async fn queue(service: &Service, texts: &[NewText]) {
    let mut tx = service.database.begin().await.expect("a transaction");
    outbox::queue(&mut tx, texts).await.expect("they wait");
    tx.commit().await.expect("they wait");
}
