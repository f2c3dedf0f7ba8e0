//! What gateways say of our texts afterwards: kept raw, matched to a try, merged into the text's state.
//!
//! Reports come in any order, early, late, twice, and many at once: [`receive`] takes as many as there are and
//! writes them in one transaction.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::Service;
use super::auditing::{self, Actor, Object};
use super::dispatch::mark_blocked;
use crate::domain::conversation::EnrollmentState;
use crate::domain::delivery::{Evidence, State};
use crate::domain::phone;
use crate::domain::reason;
use crate::gateway::{Report, blames_phone};
use crate::ids::{text_of, try_name};
use crate::store::outbox::{self, Cancel, End};
use crate::store::people::{self, Mark};
use crate::store::reports::{self, Advance, Kept};
use crate::store::standing::{Among, Standing, standing};
use crate::store::{StoreResult, Tx, failing, promises};

/// The clocks of two machines may differ by so much.
const SKEW: TimeDelta = TimeDelta::minutes(1);
/// The code of a text that was given up in doubt: any evidence still counts for it.
pub(super) const IN_DOUBT: &str = "in_doubt";

/// Keeps reports, each with the name of its gateway, and lets them count.
pub async fn receive(service: &Service, news: &[(String, Report)]) -> StoreResult<()> {
    let mut tx = service.database.begin().await?;
    let mut about = Vec::with_capacity(news.len());
    for (gateway, report) in news {
        about.push(match (report.reference, &report.provider_id) {
            (Some(reference), _) => Some(text_of(reference)),
            (None, Some(name)) => reports::by_provider(&mut tx, gateway, name).await?,
            (None, None) => None,
        });
    }
    let mut standings =
        Standings::of(&mut tx, about.iter().flatten().map(|(text, _)| *text).collect()).await?;
    let mut kept = Vec::with_capacity(news.len());
    let mut unknown = BTreeSet::new();
    for ((gateway, report), about) in news.iter().zip(about) {
        let told = Told {
            gateway,
            evidence: report.evidence,
            code: report.code.as_deref(),
            sentence: report.sentence.as_deref(),
            opted_out: report.opted_out,
            provider_id: report.provider_id.as_deref(),
        };
        let attempt_id = match about {
            Some((text, number)) if standings.hear(text, number, &told) => Some(try_name(text, number)),
            _ => None,
        };
        kept.push(Kept {
            id: service.id(),
            gateway,
            attempt_id,
            reference: report.reference,
            provider_id: told.provider_id,
            status: &report.status,
            evidence: report.evidence.map(name),
            code: told.code,
            opted_out: report.opted_out,
            // Who was erased is not told of by a report that comes late.
            raw: match attempt_id {
                Some(_) => Cow::Borrowed(&*report.raw),
                None => Cow::Owned(phone::hidden_in(&report.raw)),
            },
        });
        if report.evidence.is_none() {
            unknown.insert((gateway.as_str(), letters(&report.status)));
        }
    }
    for (gateway, word) in unknown {
        flag(service, &mut tx, gateway, &word).await?;
    }
    standings.write(service, &mut tx, &kept).await?;
    tx.commit().await?;
    count(service, &kept);
    Ok(())
}

fn count(service: &Service, kept: &[Kept<'_>]) {
    let mut meanings: BTreeMap<_, u64> = BTreeMap::new();
    for report in kept {
        *meanings.entry((report.gateway, report.evidence.unwrap_or("unknown"))).or_default() += 1;
    }
    for ((gateway, meaning), times) in meanings {
        service.metrics.reports(gateway, meaning, times);
    }
}

/// All of a status that goes into an alarm: who knows what else a provider might put there.
fn letters(status: &str) -> String {
    status.chars().filter(|c| c.is_alphabetic() || *c == '_').take(40).collect()
}

/// A word nobody taught us is kept and shown to a person, never guessed.
async fn flag(service: &Service, tx: &mut Tx, gateway: &str, word: &str) -> StoreResult<()> {
    let detail = "the gateway used a status that Motherline does not know";
    service.alarm(tx, "unknown_status", &format!("{gateway} {word}"), detail, TimeDelta::days(1)).await?;
    Ok(())
}

/// A try whose name at the provider has just become known.
pub(super) struct Tried<'a> {
    pub text: Uuid,
    pub number: i16,
    pub began_at: DateTime<Utc>,
    pub provider_id: Option<&'a str>,
}

/// Lets reports count that came before the provider's name for the tries they are about was known, and that
/// named them by nothing else.
pub(super) async fn adopt(
    service: &Service,
    tx: &mut Tx,
    gateway: &str,
    tries: &[Tried<'_>],
) -> StoreResult<()> {
    let Some(since) = tries.iter().map(|tried| tried.began_at).min() else { return Ok(()) };
    let parked = reports::parked(tx, gateway, since - SKEW).await?;
    if parked.is_empty() {
        return Ok(());
    }
    let by_text: HashMap<Uuid, &Tried<'_>> = tries.iter().map(|tried| (tried.text, tried)).collect();
    let by_provider: HashMap<&str, &Tried<'_>> =
        tries.iter().filter_map(|tried| Some((tried.provider_id?, tried))).collect();
    let mut ours = Vec::new();
    for report in &parked {
        let named = report.reference.map(text_of).filter(|(text, _)| by_text.contains_key(text));
        let known = || {
            let tried = by_provider.get(report.provider_id.as_deref()?)?;
            Some((tried.text, tried.number))
        };
        if let Some((text, number)) = named.or_else(known) {
            ours.push((report.id, text, number));
        }
    }
    adopt_these(service, tx, &ours).await
}

async fn adopt_these(service: &Service, tx: &mut Tx, ours: &[(Uuid, Uuid, i16)]) -> StoreResult<()> {
    if ours.is_empty() {
        return Ok(());
    }
    let mut standings = Standings::of(tx, ours.iter().map(|(_, text, _)| *text).collect()).await?;
    for (report, text, number) in ours {
        let Some(early) = reports::adopt(tx, *report, try_name(*text, *number)).await? else { continue };
        let told = Told {
            gateway: &early.gateway,
            evidence: early.evidence.as_deref().and_then(named),
            code: early.code.as_deref(),
            sentence: None,
            opted_out: early.opted_out,
            provider_id: early.provider_id.as_deref(),
        };
        standings.hear(*text, *number, &told);
    }
    standings.write(service, tx, &[]).await
}

/// What a report says.
struct Told<'a> {
    gateway: &'a str,
    evidence: Option<Evidence>,
    code: Option<&'a str>,
    sentence: Option<&'a str>,
    opted_out: bool,
    provider_id: Option<&'a str>,
}

/// Where the texts stand that reports are about, and what the reports make of them.
struct Standings {
    texts: HashMap<Uuid, Text>,
    opted_out: BTreeSet<(Uuid, String)>,
}

struct Text {
    standing: Standing,
    state: State,
    changed: bool,
    code: Option<String>,
    reason: Option<String>,
    provider_id: Option<String>,
}

impl Standings {
    /// Of these texts, locked.
    async fn of(tx: &mut Tx, texts: Vec<Uuid>) -> StoreResult<Self> {
        let mut found = HashMap::with_capacity(texts.len());
        for standing in standing(tx, texts).await? {
            // In the outbox such a text waits to be repeated, and is queued.
            let given_up = standing.among == Among::History && standing.code.as_deref() == Some(IN_DOUBT);
            let state = if given_up { Some(State::InDoubt) } else { State::from_code(standing.state) };
            let Some(state) = state else { continue };
            let text = Text { state, changed: false, code: None, reason: None, provider_id: None, standing };
            found.insert(text.standing.id, text);
        }
        Ok(Self { texts: found, opted_out: BTreeSet::new() })
    }

    /// Lets a report count; false if its text is unknown. Evidence ends a text whose try is still open: what the
    /// gateway answers to that try afterwards only adds its name for it.
    fn hear(&mut self, text: Uuid, number: i16, told: &Told<'_>) -> bool {
        let Some(text) = self.texts.get_mut(&text) else { return false };
        if told.opted_out {
            self.opted_out.insert((text.standing.subscriber_id, told.gateway.to_owned()));
        }
        let Some(evidence) = told.evidence else { return true };
        // An earlier try that failed says nothing about the later ones. One that waits to be handed over again under
        // its name is ahead of what is counted, and is no earlier one.
        let waits = text.standing.among == Among::Outbox && text.state == State::Queued;
        let superseded = evidence == Evidence::Failed
            && (number < text.standing.tries || (waits && number == text.standing.tries));
        let merged = text.state.merge(evidence);
        if superseded || merged == text.state {
            return true;
        }
        text.changed = true;
        text.state = merged;
        let failed = merged == State::Failed;
        text.code = told.code.filter(|_| failed).map(str::to_owned);
        text.reason = told.sentence.filter(|_| failed).map(str::to_owned);
        text.provider_id = told.provider_id.map(str::to_owned);
        true
    }

    /// Writes the reports down and what they come to.
    async fn write(self, service: &Service, tx: &mut Tx, kept: &[Kept<'_>]) -> StoreResult<()> {
        let (mut advances, mut ends, mut unreached) = (Vec::new(), Vec::new(), Vec::new());
        for text in self.texts.into_values().filter(|text| text.changed) {
            if text.state == State::Failed && blames_phone(text.code.as_deref()) {
                unreached.push((text.standing.id, text.standing.subscriber_id));
            }
            let (id, state, code, reason) = (text.standing.id, text.state, text.code, text.reason);
            match text.standing.among {
                Among::History => advances.push(Advance { id, state, code, reason }),
                Among::Outbox => ends.push(End {
                    id,
                    tries: text.standing.tries,
                    state,
                    code,
                    reason,
                    provider_id: text.provider_id,
                    named_by_provider: false,
                }),
            }
        }
        reports::keep(tx, kept, &advances, service.now()).await?;
        outbox::end(tx, &ends, service.now()).await?;
        failing::note(tx, &unreached, service.now()).await?;
        for (subscriber, gateway) in self.opted_out {
            provider_opt_out(service, tx, subscriber, &gateway).await?;
        }
        Ok(())
    }
}

/// The provider says that she opted out there: as good as a STOP, without a confirmation from us.
pub(super) async fn provider_opt_out(
    service: &Service,
    tx: &mut Tx,
    subscriber: Uuid,
    via: &str,
) -> StoreResult<()> {
    let (now, reason) = (service.now(), reason::OPTED_OUT);
    people::mark(tx, subscriber, Mark::Stopped, Some(now)).await?;
    people::stopped_by(tx, subscriber, "provider").await?;
    mark_blocked(service, tx, subscriber).await?;
    people::leave(tx, subscriber, None, EnrollmentState::Stopped, reason, now).await?;
    promises::take_back_all(tx, subscriber).await?;
    outbox::cancel(tx, subscriber, Cancel::All, reason, now).await?;
    let her = Object::mother(subscriber, None);
    auditing::note(service, tx, &Actor::named("provider"), "provider_opt_out", her, via).await
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
