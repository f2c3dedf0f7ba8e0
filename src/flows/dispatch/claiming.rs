//! Claiming: as many texts as there is room for on the wire, in the second and in the day, answers first,
//! programs in turn.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::budget::{Budget, LONGEST_HOLD};
use super::{Desk, Due, Ready, hold};
use crate::domain::delivery::State;
use crate::domain::phone::PhoneNumber;
use crate::domain::plan::own_part;
use crate::domain::segment::Encoding;
use crate::flows::Service;
use crate::flows::senders::{Audience, Sender};
use crate::store::outbox::{self, Claim, End, Place};
use crate::store::service as facts;
use crate::store::{StoreResult, Tx, planned};

/// Texts that missed their window are spread over so much of the next morning, not sent in one second.
pub(super) const MORNING: TimeDelta = TimeDelta::minutes(60);
/// How often queues are claimed from their beginnings.
const LOOK_BACK: TimeDelta = TimeDelta::seconds(1);

/// How many texts there is room for.
#[derive(Clone, Copy, Debug)]
pub struct Room {
    /// Answers.
    pub answers: usize,
    /// Everything unasked.
    pub unasked: usize,
    /// Somebody waits for an answer: the claim goes before whatever else is to be written and can wait.
    pub pressing: bool,
}

/// What a claim came to.
#[derive(Default)]
pub struct Claimed {
    /// Answers to be sent at once.
    pub answers: Vec<Ready>,
    /// Unasked texts to be sent at once.
    pub unasked: Vec<Ready>,
    /// Texts that were due and did not go: placed in another window, or at their end.
    pub settled: usize,
    /// Nothing more may be claimed before.
    pub wait_until: Option<DateTime<Utc>>,
    /// Unasked texts are left to another dispatcher until then.
    pub stands_by_until: Option<DateTime<Utc>>,
}

impl Claimed {
    /// Whether nothing at all was due.
    pub fn is_empty(&self) -> bool {
        self.answers.is_empty() && self.unasked.is_empty() && self.settled == 0
    }
}

/// Begins the tries of texts that are due, by one gateway. What may not go any more is ended with its reason;
/// what missed its window is placed in the next one. What would pass the part of the day's cap that unasked texts
/// may use waits for the next day, and answers still go; what would pass the cap itself stops the sender until
/// then. Both raise an alarm.
///
/// The sender's account is locked from its first reading to the end of the transaction, so that several
/// processes share one pace and one cap exactly.
pub async fn claim(
    service: &Service,
    sender: &Sender,
    gateway: &str,
    room: Room,
    desk: &mut Desk,
) -> StoreResult<Claimed> {
    claim_these(service, sender, gateway, Which::Due(room), desk).await
}

/// The same with one text alone, whether or not it is due.
pub async fn claim_one(
    service: &Service,
    sender: &Sender,
    gateway: &str,
    text: Due,
    desk: &mut Desk,
) -> StoreResult<Claimed> {
    claim_these(service, sender, gateway, Which::One(text), desk).await
}

enum Which {
    Due(Room),
    One(Due),
}

async fn claim_these(
    service: &Service,
    sender: &Sender,
    gateway: &str,
    which: Which,
    desk: &mut Desk,
) -> StoreResult<Claimed> {
    let now = service.now();
    let database = &service.database;
    let pressing = matches!(which, Which::Due(Room { pressing: true, .. }));
    let mut tx = if pressing { database.begin_first().await? } else { database.begin().await? };
    let can_wait = !pressing && matches!(which, Which::Due(_));
    let left_to_another = |until| Claimed { stands_by_until: Some(until), ..Claimed::default() };
    if can_wait && let Some(until) = desk.stands_by(&mut tx, &sender.name, now).await? {
        return Ok(left_to_another(until));
    }
    let account = facts::account(&mut tx, &sender.name, now).await?;
    // What waited for the account begins here: the time that it waited is no part of the try.
    let now = service.now();
    let at_work = account.worker.zip(account.worker_until);
    let other = desk.other(at_work, now);
    desk.stands_by = other.is_some();
    if can_wait && let Some(until) = other {
        return Ok(left_to_another(until));
    }
    let mut budget = Budget::of(sender, &account, now);
    if let Some(until) = budget.closed_until {
        return Ok(Claimed { wait_until: Some(until), ..Claimed::default() });
    }
    let claim = Claim { sender: &sender.name, gateway, now };
    let (answers, unasked) = match which {
        Which::Due(room) => {
            let answers = match budget.answers(room.answers) {
                0 => Vec::new(),
                limit => outbox::claim_answers(&mut tx, &claim, limit).await?,
            };
            let limit = budget.unasked(room.unasked, answers.len());
            let unasked = match desk.unasked_rest_until {
                Some(until) if until > now && until <= now + LONGEST_HOLD => Vec::new(),
                _ if other.is_some() => Vec::new(),
                _ => take_turns(&mut tx, &claim, limit, desk).await?,
            };
            (answers, unasked)
        }
        Which::One(text) => {
            let one = outbox::claim_one(&mut tx, &claim, text.id).await?.into_iter().collect();
            if text.is_answer { (one, Vec::new()) } else { (Vec::new(), one) }
        }
    };
    if answers.is_empty() && unasked.is_empty() {
        return Ok(Claimed::default());
    }
    let mut batch = Batch { service, sender, now, budget: &mut budget, settled: 0, day_is_full: false };
    let hashes = answers.iter().chain(&unasked).filter_map(|text| text.wording.as_ref());
    desk.fetch(&mut tx, hashes).await?;
    let at_work = match other {
        Some(_) => at_work,
        None => desk.at_work(service, &unasked, now),
    };
    let answers = batch.sort(&mut tx, answers, true, desk).await?;
    let unasked = batch.sort(&mut tx, unasked, false, desk).await?;
    let (settled, day_is_full) = (batch.settled, batch.day_is_full);
    budget.charge(&mut tx, sender, &account, now, at_work).await?;
    let claimed = (answers.len(), unasked.len());
    desk.unsure = (answers, unasked);
    tx.commit().await?;
    let (answers, unasked) = std::mem::take(&mut desk.unsure);
    if day_is_full {
        desk.unasked_rest_until = Some(sender.day_after(now));
    }
    tracing::debug!(answers = claimed.0, unasked = claimed.1, settled, "claimed");
    Ok(Claimed { answers, unasked, settled, ..Claimed::default() })
}

/// Unasked texts of a sender, its programs in turn. Which programs have any is asked now and then, and when those
/// that had some have too few: to ask means to pass by everything that has left the queue and is not yet forgotten.
async fn take_turns(
    tx: &mut Tx,
    claim: &Claim<'_>,
    limit: i64,
    desk: &mut Desk,
) -> StoreResult<Vec<outbox::Claimed>> {
    let mut texts = Vec::new();
    if limit <= 0 {
        return Ok(texts);
    }
    // A clock that was put back must not keep anybody from looking.
    let lately = |at| (TimeDelta::zero()..LOOK_BACK).contains(&(claim.now - at));
    let anew = !desk.from_the_beginning.is_some_and(lately);
    if anew {
        desk.reached.clear();
        desk.from_the_beginning = Some(claim.now);
        desk.programs = outbox::programs_waiting(tx, claim.sender).await?;
    }
    let programs = desk.programs.clone();
    share_out(tx, claim, limit, programs, desk, &mut texts).await?;
    if !anew && (texts.len() as i64) < limit {
        let waiting = outbox::programs_waiting(tx, claim.sender).await?;
        let known = std::mem::replace(&mut desk.programs, waiting.clone());
        let others = waiting.into_iter().filter(|program| !known.contains(program)).collect();
        share_out(tx, claim, limit, others, desk, &mut texts).await?;
    }
    Ok(texts)
}

/// To each program first its share of what is left, then what the others do not use.
async fn share_out(
    tx: &mut Tx,
    claim: &Claim<'_>,
    limit: i64,
    mut programs: Vec<String>,
    desk: &mut Desk,
    texts: &mut Vec<outbox::Claimed>,
) -> StoreResult<()> {
    if programs.is_empty() {
        return Ok(());
    }
    desk.turn = desk.turn.wrapping_add(1);
    let first = desk.turn % programs.len();
    programs.rotate_left(first);
    let left = limit - texts.len() as i64;
    let share = left.div_euclid(programs.len() as i64).max(1);
    for most in [share, limit] {
        let mut hungry = Vec::new();
        for program in programs {
            let left = limit - texts.len() as i64;
            if left <= 0 {
                break;
            }
            let wanted = most.min(left);
            let taken = take(tx, claim, &program, wanted, desk).await?;
            if taken.len() as i64 == wanted {
                hungry.push(program);
            }
            texts.extend(taken);
        }
        programs = hungry;
    }
    Ok(())
}

/// Texts of one program, from where the last claim ended; at the end of the queue once more from its beginning.
async fn take(
    tx: &mut Tx,
    claim: &Claim<'_>,
    program: &str,
    limit: i64,
    desk: &mut Desk,
) -> StoreResult<Vec<outbox::Claimed>> {
    const BEGINNING: Place = (DateTime::UNIX_EPOCH, Uuid::nil());
    let reached = desk.reached.get(program).copied();
    let mut texts = outbox::claim_unasked(tx, claim, program, reached.unwrap_or(BEGINNING), limit).await?;
    let left = limit - texts.len() as i64;
    if left > 0 && reached.is_some() {
        texts.extend(outbox::claim_unasked(tx, claim, program, BEGINNING, left).await?);
    }
    if let Some(last) = texts.iter().map(|text| (text.next_try_at, text.id)).max() {
        desk.reached.insert(program.to_owned(), last);
    }
    Ok(texts)
}

/// Texts just claimed, being told apart.
struct Batch<'a> {
    service: &'a Service,
    sender: &'a Sender,
    now: DateTime<Utc>,
    budget: &'a mut Budget,
    settled: usize,
    /// Unasked texts have used their part of the day.
    day_is_full: bool,
}

impl Batch<'_> {
    /// Those that go, with their words; the others are dealt with.
    async fn sort(
        &mut self,
        tx: &mut Tx,
        texts: Vec<outbox::Claimed>,
        answers: bool,
        desk: &Desk,
    ) -> StoreResult<Vec<Ready>> {
        let (mut ready, mut ends, mut late, mut beyond) =
            (Vec::with_capacity(texts.len()), Vec::new(), Vec::new(), Vec::new());
        let mut regions = HashMap::new();
        let mut revoked = Vec::new();
        for text in texts {
            match State::from_code(text.state) {
                Some(State::Sending) => {}
                Some(State::Queued) => {
                    late.push(text);
                    continue;
                }
                Some(State::Expired) => {
                    let reason = "its time had passed before it could be sent";
                    ends.push(End::plain(text.id, text.tries, State::Expired, None, reason));
                    continue;
                }
                _ if text.state == outbox::REVOKED => {
                    let reason = "what it was planned from had changed";
                    ends.push(End::plain(text.id, text.tries, State::Canceled, None, reason));
                    revoked.push(text.id);
                    continue;
                }
                _ => {
                    ends.push(End::plain(text.id, text.tries, State::Canceled, None, "she had stopped"));
                    continue;
                }
            }
            let Some(phone) =
                PhoneNumber::from_e164(text.phone).filter(|phone| self.may_text(phone, &mut regions))
            else {
                let reason = "this sender may not text that number: it is not a listed test number, or its \
                              country is not served";
                ends.push(End::plain(text.id, text.tries, State::Failed, Some("not_allowed"), reason));
                continue;
            };
            let segments = i64::from(text.segments.max(1));
            if !self.budget.take(segments, answers) {
                beyond.push((text.id, text.tries));
                continue;
            }
            ready.push(Ready {
                id: text.id,
                subscriber: text.subscriber_id,
                number: text.tries,
                began_at: self.now,
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
        self.settled += ends.len() + late.len() + beyond.len();
        outbox::end(tx, &ends, self.now).await?;
        planned::free(tx, &revoked).await?;
        self.place_again(tx, late).await?;
        if !beyond.is_empty() {
            let tomorrow = self.sender.day_after(self.now);
            outbox::take_back(tx, &beyond, tomorrow).await?;
            if answers {
                let reason = "it has sent as many segments today as it may";
                hold(self.service, tx, self.sender, tomorrow, "daily_cap", reason).await?;
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
