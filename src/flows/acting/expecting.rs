//! A person wrote to her: whatever she writes next is for them.

use chrono::TimeDelta;

use crate::domain::conversation::Step;
use crate::flows::Service;
use crate::flows::exchange::Exchange;
use crate::store::outbox::NewText;
use crate::store::talk::{self, OpenQuestion};
use crate::store::{StoreResult, Tx};

/// Her answer to a person is waited for so long.
const AWAITED: TimeDelta = TimeDelta::hours(72);

/// Remembers a person's text to her, of these words, as what is open. The question that was open waits beneath it.
pub(in crate::flows) async fn expect(
    service: &Service,
    tx: &mut Tx,
    text: &NewText,
    words: &str,
) -> StoreResult<()> {
    let now = service.now();
    let until = text.due_at + AWAITED;
    let understood = |open: &OpenQuestion| open.late_until.unwrap_or(open.expires_at) > now;
    let open = talk::open_question(tx, text.subscriber).await?.filter(understood);
    let step = open.as_ref().and_then(|open| serde_json::from_str::<Step>(&open.step).ok());
    let before = match step {
        Some(Step::Person { before }) => before,
        step => step.map(Box::new),
    };
    let step = serde_json::to_string(&Step::Person { before }).unwrap_or_default();
    let mut exchange = open.as_ref().map(|open| Exchange::from_json(&open.exchange)).unwrap_or_default();
    exchange.show(words, now);
    let exchange = exchange.to_json();
    let question = match open {
        Some(open) => OpenQuestion {
            step,
            exchange,
            unread: false,
            expires_at: open.expires_at.max(until),
            late_until: None,
            ..open
        },
        None => OpenQuestion {
            subscriber_id: text.subscriber,
            sender: text.sender.clone(),
            program: text.program.clone().unwrap_or_default(),
            language: text.language.to_string(),
            step,
            exchange,
            unread: false,
            opened_at: now,
            nudge_at: None,
            expires_at: until,
            late_until: None,
        },
    };
    talk::ask(tx, &question).await
}
