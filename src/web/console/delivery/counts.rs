//! The counts of a view: the way from due to delivered and where it leaks, how long it took, why texts failed and where.

use std::collections::BTreeMap;

use super::super::fates::explain;
use super::super::overview::Fates;
use super::super::refusal::Refusal;
use super::super::tongue::{Tongue, fill};
use super::filter::Filter;
use super::words::Words;
use crate::domain::pace;
use crate::ids::first_at;
use crate::store::queues::{self, Counted};
use crate::store::tallies::{self, Wanted};
use crate::store::{StoreResult, Tx};
use crate::web::Site;

/// Codes and beginnings of numbers: so many are listed.
const LISTED: usize = 10;

/// What is counted.
#[derive(Clone, Debug, Default)]
pub struct Counts {
    /// By what became of them.
    pub fates: Fates,
    /// Of those that failed, these had been taken by the gateway.
    pub lost: i64,
    /// Not ended yet; none: not known of such a view.
    pub unended: Option<Counted>,
    /// By how long they took.
    pub paces: Vec<(i16, i64)>,
    /// What failed, by gateway and code.
    pub codes: Vec<(String, String, i64)>,
    /// By the beginning of the number.
    pub prefixes: Vec<(String, Fates)>,
    /// When it was counted.
    pub counted_at: Option<chrono::DateTime<chrono::Utc>>,
}

impl Counts {
    /// Reads them.
    pub async fn read(tx: &mut Tx, filter: &Filter) -> Result<Self, Refusal> {
        let wanted = filter.of_any_state();
        let mut counts = Self::default();
        for (state, taken, texts) in tallies::by_state(tx, &wanted).await? {
            counts.fates.add(state, texts);
            if state == 7 && taken {
                counts.lost += texts;
            }
        }
        if filter.is_plain() {
            counts.unended = Some(unended(tx, filter).await?);
        }
        if wanted.prefix.is_none() {
            counts.paces = tallies::by_pace(tx, &Wanted { states: vec![6], ..wanted.clone() }).await?;
        }
        let failed = Wanted { states: vec![7], ..wanted.clone() };
        let codes = tallies::by_code(tx, &failed).await?;
        counts.codes = codes.into_iter().map(|(gateway, code, _, texts)| (gateway, code, texts)).collect();
        counts.codes.sort_by_key(|(.., texts)| std::cmp::Reverse(*texts));
        let mut prefixes: BTreeMap<String, Fates> = BTreeMap::new();
        for (prefix, state, texts) in tallies::by_prefix(tx, &wanted).await? {
            prefixes.entry(prefix).or_default().add(state, texts);
        }
        counts.prefixes = prefixes.into_iter().collect();
        counts.prefixes.sort_by_key(|(_, fates)| std::cmp::Reverse((fates.failed, fates.tried())));
        counts.counted_at = tallies::counted_at(tx, filter.period.from).await?;
        Ok(counts)
    }

    /// Taken by the gateway.
    pub fn taken(&self) -> i64 {
        self.fates.underway + self.fates.delivered + self.lost
    }

    /// All that should have gone.
    pub fn due(&self) -> i64 {
        self.fates.due() + self.unended.unwrap_or_default().texts
    }
}

async fn unended(tx: &mut Tx, filter: &Filter) -> StoreResult<Counted> {
    let ids = (first_at(filter.period.from), first_at(filter.period.to));
    let Some(programs) = filter.scope.programs() else { return queues::unended(tx, ids, None).await };
    let mut all = Counted::default();
    for program in programs {
        all += queues::unended(tx, ids, Some(&program)).await?;
    }
    Ok(all)
}

/// A step on the way.
pub struct Step {
    /// Its name.
    pub name: &'static str,
    /// How many came so far.
    pub texts: String,
    /// As a number, beside the most of any.
    pub value: i64,
    /// The most of any.
    pub most: i64,
    /// The share of the first.
    pub share: String,
    /// What was lost before it: what is said, and where these are.
    pub leaks: Vec<(String, String)>,
}

/// Why texts failed.
pub struct Cause {
    /// The gateway.
    pub gateway: String,
    /// The code.
    pub code: String,
    /// How many.
    pub texts: String,
    /// Of those given to a gateway.
    pub share: String,
    /// Whose matter it is.
    pub class: &'static str,
    /// The provider's meaning, in English.
    pub sentence: Option<&'static str>,
    /// Where these texts are.
    pub href: String,
}

/// Where texts failed.
pub struct Place {
    /// The beginning of the number.
    pub prefix: String,
    /// How many were given to a gateway.
    pub tried: String,
    /// How many failed.
    pub failed: String,
    /// Their share.
    pub share: String,
    /// Where these texts are.
    pub href: String,
}

/// The way from due to delivered.
pub fn steps(counts: &Counts, filter: &Filter, tongue: Tongue) -> Vec<Step> {
    let words = Words::of(tongue);
    let (due, fates, unended) = (counts.due(), counts.fates, counts.unended.unwrap_or_default());
    let leak = |texts: i64, form: &'static str, state: &str| {
        let n = tongue.at_least(texts, state == "open" && unended.more);
        (texts > 0).then(|| (fill(form, &[("n", &n)]), filter.with(&[("state", state)])))
    };
    let step = |name, texts: i64, leaks: Vec<Option<(String, String)>>| Step {
        name,
        texts: tongue.at_least(texts, name == words.due && unended.more),
        value: texts,
        most: due.max(1),
        share: if due > 0 { tongue.percent(texts as f64 / due as f64) } else { String::new() },
        leaks: leaks.into_iter().flatten().collect(),
    };
    vec![
        step(words.due, due, Vec::new()),
        step(
            words.taken,
            counts.taken(),
            vec![
                leak(unended.texts, words.leak_waiting, "open"),
                leak(fates.expired, words.leak_expired, "expired"),
                leak(fates.failed - counts.lost, words.leak_refused, "failed"),
            ],
        ),
        step(
            words.delivered,
            fates.delivered,
            vec![
                leak(counts.lost, words.leak_lost, "failed"),
                leak(fates.underway, words.leak_silent, "underway"),
            ],
        ),
    ]
}

/// Why texts failed, the commonest first.
pub fn causes(counts: &Counts, filter: &Filter, site: &Site, tongue: Tongue) -> Vec<Cause> {
    let cause = |(gateway, code, texts): &(String, String, i64)| {
        let explained = explain(&site.gateways, tongue, gateway, code);
        Cause {
            gateway: gateway.clone(),
            code: code.clone(),
            texts: tongue.number(*texts),
            share: tongue.percent(*texts as f64 / counts.fates.tried().max(1) as f64),
            class: explained.class,
            sentence: explained.sentence,
            href: filter.with(&[("state", "failed"), ("gateway", gateway), ("code", code)]),
        }
    };
    counts.codes.iter().take(LISTED).map(cause).collect()
}

/// Where texts failed, the worst first.
pub fn places(counts: &Counts, filter: &Filter, tongue: Tongue) -> Vec<Place> {
    let place = |(prefix, fates): &(String, Fates)| Place {
        prefix: prefix.clone(),
        tried: tongue.number(fates.tried()),
        failed: tongue.number(fates.failed),
        share: tongue.percent(fates.failed as f64 / fates.tried().max(1) as f64),
        href: filter.with(&[("state", "failed"), ("prefix", prefix)]),
    };
    counts.prefixes.iter().filter(|(_, fates)| fates.failed > 0).take(LISTED).map(place).collect()
}

/// How long half of the texts took, and all but the slowest twentieth.
pub fn paces(counts: &Counts, tongue: Tongue) -> Option<(String, String)> {
    let within = |share| {
        let seconds = pace::quantile(&counts.paces, share)?;
        Some(tongue.lasting(chrono::TimeDelta::seconds(seconds.ceil() as i64)))
    };
    Some((within(0.5)?, within(0.95)?))
}
