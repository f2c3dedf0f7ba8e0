//! What there is to tell of one text: which reports, in which order, and when.

use std::time::Duration;

use crate::domain::segment;
use crate::simulator::account::{Status, Taken};
use crate::simulator::chance::{Dice, Draw};
use crate::simulator::settings::Reports;
use crate::simulator::text::{Dialect, Text};

/// Twilio's codes for texts that do not arrive: out of reach, not in use, a landline; filtered, unknown.
const UNDELIVERED: [Status; 3] =
    [Status::Undelivered(30003), Status::Undelivered(30005), Status::Undelivered(30006)];
const FAILED: [Status; 2] = [Status::Failed(30007), Status::Failed(30008)];

/// All the news of one text: one report after the other.
pub struct News {
    pub taken: Taken,
    pub dialect: Dialect,
    pub account_sid: Box<str>,
    pub to: Box<str>,
    pub from: Box<str>,
    pub url: Box<str>,
    pub mask: u32,
    pub message_id: Box<str>,
    pub callback_data: Box<str>,
    /// As Infobip counts them; 0 elsewhere.
    pub segments: u32,
    /// Its reports are lost on purpose.
    pub lost: bool,
    /// Nobody is told: the text only comes further in the list.
    pub silent: bool,
    pub steps: Vec<Status>,
    pub step: usize,
    pub tries: u32,
    /// Whether the first report comes before the answer.
    pub early: bool,
    /// From the answer to the first report.
    pub delay: Duration,
}

impl News {
    /// Of a text that was just taken.
    pub fn new(settings: &Reports, text: &Text<'_>, taken: Taken, dice: Dice) -> Self {
        let mut steps = fate(dice, settings.undelivered);
        if dice.happens(Draw::Order, settings.out_of_order) {
            steps.reverse();
        }
        if dice.happens(Draw::Twice, settings.twice) {
            steps = steps.iter().flat_map(|step| [*step, *step]).collect();
        }
        let lost = dice.happens(Draw::Lost, settings.lost);
        let late = dice.happens(Draw::Late, settings.late);
        Self {
            taken,
            dialect: text.dialect,
            account_sid: text.account_sid.into(),
            to: (&*text.to).into(),
            from: (&*text.from).into(),
            url: (&*text.callback).into(),
            mask: text.mask,
            message_id: (&*text.echo.message_id).into(),
            callback_data: (&*text.echo.callback_data).into(),
            segments: match text.dialect {
                Dialect::Infobip => segment::count(&text.body).segments,
                Dialect::Twilio | Dialect::Kannel => 0,
            },
            lost,
            silent: lost || text.callback.is_empty(),
            steps,
            step: 0,
            tries: 0,
            early: !lost && !late && dice.happens(Draw::Early, settings.early),
            delay: settings.delay + if late { settings.late_by } else { Duration::ZERO },
        }
    }
}

/// What becomes of a text, step by step.
fn fate(dice: Dice, undelivered: f64) -> Vec<Status> {
    if !dice.happens(Draw::Fate, undelivered) {
        return vec![Status::Sent, Status::Delivered];
    }
    let cause = (dice.roll(Draw::Cause) * (UNDELIVERED.len() + FAILED.len()) as f64) as usize;
    match UNDELIVERED.get(cause) {
        Some(cause) => vec![Status::Sent, *cause],
        // The operator never takes it.
        None => vec![FAILED[cause % FAILED.len()]],
    }
}
