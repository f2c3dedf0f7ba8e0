//! Texts just claimed, told apart: those that go, those that have another window, those that are at their end.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::budget::Budget;
use super::covering::cover;
use super::{DAY_IS_FULL, Desk, Ready, hold};
use crate::domain::delivery::State;
use crate::domain::phone::PhoneNumber;
use crate::domain::plan::own_part;
use crate::domain::reason;
use crate::domain::segment::Encoding;
use crate::flows::Service;
use crate::flows::receipts::IN_DOUBT;
use crate::flows::senders::{Audience, Sender};
use crate::store::outbox::{self, End};
use crate::store::{StoreResult, Tx, attempts, planned};

/// Texts that missed their window are spread over so much of the next morning, not sent in one second.
pub(super) const MORNING: TimeDelta = TimeDelta::minutes(60);
/// What another gateway alone may carry is looked at again after this time, should that gateway be back.
const ELSEWHERE_AGAIN: TimeDelta = TimeDelta::minutes(1);

/// Texts just claimed, being told apart.
pub(super) struct Batch<'a> {
    service: &'a Service,
    sender: &'a Sender,
    now: DateTime<Utc>,
    budget: &'a mut Budget,
    pub(super) settled: usize,
    /// Unasked texts have used their part of the day.
    pub(super) day_is_full: bool,
}

impl<'a> Batch<'a> {
    /// Nothing of it has been looked at.
    pub(super) fn new(
        service: &'a Service,
        sender: &'a Sender,
        now: DateTime<Utc>,
        budget: &'a mut Budget,
    ) -> Self {
        Self { service, sender, now, budget, settled: 0, day_is_full: false }
    }

    /// Those that go, with their words; the others are dealt with.
    pub(super) async fn sort(
        &mut self,
        tx: &mut Tx,
        texts: Vec<outbox::Claimed>,
        answers: bool,
        desk: &Desk,
    ) -> StoreResult<Vec<Ready>> {
        let (mut ready, mut ends, mut late, mut beyond) =
            (Vec::with_capacity(texts.len()), Vec::new(), Vec::new(), Vec::new());
        let mut regions = HashMap::new();
        let (mut revoked, mut elsewhere, mut uncovered) = (Vec::new(), Vec::new(), Vec::new());
        for text in texts {
            match State::from_code(text.state) {
                Some(State::Sending) => {}
                Some(State::Queued) => {
                    late.push(text);
                    continue;
                }
                Some(State::Expired) if is_doubtful(&text) => {
                    let reason = reason::LATE_IN_DOUBT;
                    ends.push(End::plain(text.id, text.tries, State::Failed, Some(IN_DOUBT), reason));
                    continue;
                }
                Some(State::Expired) => {
                    let reason = reason::LATE;
                    ends.push(End::plain(text.id, text.tries, State::Expired, None, reason));
                    continue;
                }
                _ if text.state == outbox::REVOKED => {
                    let reason = reason::OTHER_PLAN;
                    ends.push(End::plain(text.id, text.tries, State::Canceled, None, reason));
                    revoked.push(text.id);
                    continue;
                }
                _ if text.state == outbox::RECALLED => {
                    ends.push(taken_back(&text, reason::RECALLED));
                    continue;
                }
                _ if text.state == outbox::CALLED_OFF => {
                    ends.push(taken_back(&text, reason::BROADCAST));
                    continue;
                }
                _ if text.state == outbox::BEREAVED => {
                    ends.push(taken_back(&text, reason::HAD_LOST));
                    continue;
                }
                _ if text.state == outbox::UNCOVERED => {
                    uncovered.push(text);
                    continue;
                }
                _ if text.state == outbox::ELSEWHERE => {
                    elsewhere.push(text.id);
                    continue;
                }
                _ => {
                    ends.push(End::plain(text.id, text.tries, State::Canceled, None, reason::HAD_STOPPED));
                    continue;
                }
            }
            let repeats = is_doubtful(&text);
            let Some(phone) =
                PhoneNumber::from_e164(text.phone).filter(|phone| self.may_text(phone, &mut regions))
            else {
                let reason = reason::NOT_ALLOWED;
                ends.push(End::plain(text.id, text.tries, State::Failed, Some("not_allowed"), reason));
                continue;
            };
            let segments = i64::from(text.segments.max(1));
            if !self.budget.take(segments, answers) {
                beyond.push((text.id, text.tries));
                continue;
            }
            let first = if repeats { attempts::began(tx, text.id, text.tries).await? } else { None };
            ready.push(Ready {
                id: text.id,
                subscriber: text.subscriber_id,
                number: text.tries,
                repeats,
                began_at: self.now,
                first_began_at: first.unwrap_or(self.now),
                phone,
                body: match text.body {
                    Some(body) => body.into(),
                    None => desk.words(text.wording.as_ref())?,
                },
                encoding: if text.encoding == Encoding::Gsm7.name() {
                    Encoding::Gsm7
                } else {
                    Encoding::Ucs2
                },
                segments: text.segments.unsigned_abs(),
                not_after: text.not_after,
            });
        }
        let edition = self.service.shelf.edition();
        for text in &uncovered {
            // One that waits to be handed over again goes as it was, or not at all.
            if is_doubtful(text) || !cover(tx, &edition, text, desk, self.now).await? {
                ends.push(taken_back(text, reason::HAD_HIDDEN));
            }
        }
        self.settled += ends.len() + late.len() + beyond.len() + elsewhere.len() + uncovered.len();
        outbox::end(tx, &ends, self.now).await?;
        planned::free(tx, &revoked).await?;
        self.place_again(tx, late).await?;
        for text in elsewhere {
            outbox::leave_to_another(tx, text, self.now + ELSEWHERE_AGAIN).await?;
        }
        if !beyond.is_empty() {
            let tomorrow = self.sender.day_after(self.now);
            outbox::take_back(tx, &beyond, tomorrow).await?;
            if answers {
                hold(self.service, tx, self.sender, tomorrow, "daily_cap", DAY_IS_FULL).await?;
            } else {
                self.day_is_full = true;
                self.tell_that_tips_rest(tx).await?;
            }
        }
        Ok(ready)
    }

    async fn tell_that_tips_rest(&self, tx: &mut Tx) -> StoreResult<()> {
        let subject = format!("{} unasked", self.sender.name);
        let detail = "it has sent as many segments today as unasked texts may use: they wait for the next day, \
                      and the rest of the day's cap is kept for answers";
        self.service.alarm(tx, "daily_cap", &subject, detail, TimeDelta::hours(1)).await.map(|_| ())
    }

    /// Whether this sender may text a number: it is on a trial sender's list, and in a country that one of its
    /// programs lists. Either may have been otherwise when the text was queued.
    fn may_text(&self, phone: &PhoneNumber, regions: &mut HashMap<String, bool>) -> bool {
        if !self.sender.may_text(phone) {
            return false;
        }
        let Some(region) = phone.region() else {
            return self.sender.audience == Audience::Rehearsal;
        };
        if let Some(known) = regions.get(&region) {
            return *known;
        }
        let edition = self.service.shelf.edition();
        let programs = self.sender.programs.iter().filter_map(|id| edition.library.program(id));
        let serves = programs.into_iter().any(|program| program.countries.contains(&region));
        regions.insert(region, serves);
        serves
    }

    /// Puts texts whose window has closed into the next one.
    async fn place_again(&self, tx: &mut Tx, texts: Vec<outbox::Claimed>) -> StoreResult<()> {
        let edition = self.service.shelf.edition();
        for text in texts {
            let place = outbox::window_of(tx, text.id).await?;
            let window = place.and_then(|(program, zone)| {
                let program = edition.library.program(&program)?;
                let whereabouts = program.whereabouts(zone.and_then(|name| name.parse().ok()));
                program.timetable.window.at_or_after(self.now, &whereabouts)
            });
            // Without a window before it is too late, it waits for its end and expires there.
            let (at, closes) = window.map_or((text.not_after, text.not_after), |window| {
                let start = window.opens.max(self.now);
                (start + own_part(text.id, MORNING.min(window.closes - start)), window.closes)
            });
            outbox::place(tx, text.id, at.min(text.not_after), closes).await?;
        }
        Ok(())
    }
}

/// Whether it waits to be handed over again: it may have arrived.
fn is_doubtful(text: &outbox::Claimed) -> bool {
    text.code.as_deref() == Some(outbox::REPEAT)
}

/// The end of a text that may not go any more.
fn taken_back(text: &outbox::Claimed, reason: &str) -> End {
    let (state, code) =
        if is_doubtful(text) { (State::Failed, Some(IN_DOUBT)) } else { (State::Canceled, None) };
    End::plain(text.id, text.tries, state, code, reason)
}
