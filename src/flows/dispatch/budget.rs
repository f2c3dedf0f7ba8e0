//! What a sender may still use, now and today, in segments. A last part of the day is kept for answers: a morning's
//! tips never keep the confirmation of a STOP waiting until the next day.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::standby::AtWork;
use crate::flows::senders::Sender;
use crate::store::service::{self as facts, Account};
use crate::store::{StoreResult, Tx};

/// The pace is kept in steps of this length: so much of it may be used at once, and so much of what was left
/// unused while nobody claimed.
const STEP: TimeDelta = TimeDelta::milliseconds(100);
/// Clocks of several machines are less apart, and no claim waits longer for another.
const SKEW: TimeDelta = TimeDelta::minutes(1);
/// Nobody is held for longer than until the next day, which may have 25 hours. What is later was written by a clock
/// that was wrong.
pub(super) const LONGEST_HOLD: TimeDelta = TimeDelta::hours(26);

pub(super) struct Budget {
    pub(super) closed_until: Option<DateTime<Utc>>,
    /// Left of the day's cap.
    day: i64,
    /// Left of the part that anybody may use.
    open: i64,
    /// Left of this step of its pace.
    step: i64,
    used: i64,
}

impl Budget {
    pub(super) fn of(sender: &Sender, account: &Account, now: DateTime<Utc>) -> Self {
        let held = account.held_until.filter(|until| *until > now && *until <= now + LONGEST_HOLD);
        // A pace is kept on average: what a long text took too much is waited for afterwards.
        let paced = Some(paced_until(account, now)).filter(|until| *until > now);
        let step = i64::from(sender.segments_per_second) * STEP.num_milliseconds() / 1000;
        let day = sender.segments_per_day.saturating_sub(spent(sender, account, now));
        let open = day.saturating_sub(sender.kept_for_answers());
        Self { closed_until: held.or(paced), day, open, step: step.max(1), used: 0 }
    }

    /// How many answers may be claimed at most: each takes a segment or more. At the end of the day's cap one is
    /// still claimed, to find out whether anything waits.
    pub(super) fn answers(&self, room: usize) -> i64 {
        whole(room).min(self.step).min(self.day.max(1))
    }

    /// The same for unasked texts, beside so many answers.
    pub(super) fn unasked(&self, room: usize, answers: usize) -> i64 {
        let answers = whole(answers);
        whole(room).min(self.step - answers).min((self.open - answers).max(1))
    }

    /// Takes segments for one text; false if there are not so many.
    pub(super) fn take(&mut self, segments: i64, answers: bool) -> bool {
        let left = if answers { self.day } else { self.open };
        if segments > left {
            return false;
        }
        self.day -= segments;
        self.open -= segments;
        self.used += segments;
        true
    }

    /// Writes down what was taken, and who is at work.
    pub(super) async fn charge(
        &self,
        tx: &mut Tx,
        sender: &Sender,
        account: &Account,
        now: DateTime<Utc>,
        at_work: Option<AtWork>,
    ) -> StoreResult<()> {
        let micros = self.used.saturating_mul(1_000_000) / i64::from(sender.segments_per_second.max(1));
        let from = paced_until(account, now).max(now - STEP);
        let spent = spent(sender, account, now) + self.used;
        let paced_until = from + TimeDelta::microseconds(micros);
        facts::charge(tx, &sender.name, paced_until, (day(sender, account, now), spent), at_work).await
    }
}

/// Up to when its pace is used up. One claim uses seconds of it: what is later was written by a clock that was wrong,
/// and must silence nobody.
fn paced_until(account: &Account, now: DateTime<Utc>) -> DateTime<Utc> {
    if account.paced_until <= now + SKEW { account.paced_until } else { now - STEP }
}

/// The day that is charged: about midnight the account may have begun the next one already.
fn day(sender: &Sender, account: &Account, now: DateTime<Utc>) -> NaiveDate {
    let ahead = sender.day_of(now + SKEW);
    if account.day == ahead { ahead } else { sender.day_of(now) }
}

fn spent(sender: &Sender, account: &Account, now: DateTime<Utc>) -> i64 {
    if account.day == day(sender, account, now) { account.segments } else { 0 }
}

fn whole(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
