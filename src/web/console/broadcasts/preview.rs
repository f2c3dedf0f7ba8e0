//! A broadcast before it goes: how many it reaches, in which languages and zones, what each reads, what it costs, until
//! when it takes, and whom it does not reach.

use chrono::{DateTime, Utc};

use super::words::{self, Words};
use crate::domain::gestation::stage_on;
use crate::domain::language::Language;
use crate::domain::phone::masked;
use crate::domain::segment;
use crate::flows::broadcasting::{self, Counted, FRESH, Message, Unreached};
use crate::library::report::{Price, Prices};
use crate::store::broadcasts::{self, Broadcast, Candidate};
use crate::web::Site;
use crate::web::console::access::Signed;
use crate::web::console::inbox::stage_words;
use crate::web::console::refusal::Refusal;
use crate::web::console::tongue::{Tongue, fill, zone_name};

/// More zones than these are shown together.
const ZONES: usize = 12;

/// The count, as it is shown.
pub(super) struct Preview {
    pub people: i64,
    pub people_words: String,
    pub sms: String,
    pub cost: String,
    /// Nobody has said what an SMS costs.
    pub priceless: bool,
    pub leaves: String,
    /// They leave little by little.
    pub spreads: bool,
    pub tight: bool,
    pub asleep: String,
    pub at: String,
    pub fresh: bool,
    pub missing: Vec<String>,
    pub languages: Vec<Spoken>,
    pub zones: Vec<(String, String)>,
    pub sample: Vec<Seen>,
    pub unreached: Vec<(&'static str, String)>,
}

/// A language, and what is read in it.
pub(super) struct Spoken {
    pub name: String,
    pub code: String,
    pub women: String,
    pub covered: String,
    pub sms: String,
    pub each: String,
    pub words: Option<String>,
    pub cover: Option<String>,
}

/// One of those whom it reaches.
pub(super) struct Seen {
    pub number: String,
    pub language: String,
    pub zone: String,
    pub stage: String,
}

/// What was counted, ready to be shown; none: it has not been counted yet.
pub(super) async fn preview(
    site: &Site,
    signed: &Signed,
    broadcast: &Broadcast,
) -> Result<Option<Preview>, Refusal> {
    let Some(counted) = broadcasting::counted(broadcast) else { return Ok(None) };
    let Ok(message) = broadcasting::message(broadcast) else { return Ok(None) };
    let (words, tongue, now) = (Words::of(signed.tongue), signed.tongue, site.service.now());
    let people = i64::try_from(counted.people()).unwrap_or(i64::MAX);
    let number = |number: usize| tongue.number(i64::try_from(number).unwrap_or(i64::MAX));
    let (leaves, tight) = match counted.finishes(&site.service.senders) {
        Some((at, tight)) => (tongue.moment(at, signed.zone), tight),
        None if people == 0 => ("–".to_owned(), false),
        None => (words.no_pace.to_owned(), false),
    };
    let missing = broadcasting::without_words(&message, &counted).into_iter().map(|code| {
        let women = counted.reached.get(&code).map_or(0, |tally| tally.women);
        let women = tongue.counted(i64::try_from(women).unwrap_or(i64::MAX), words.persons);
        fill(words.missing, &[("language", &tongue.language(code.as_str())), ("n", &women)])
    });
    Ok(Some(Preview {
        people,
        people_words: tongue.number(people),
        sms: tongue.number(i64::try_from(counted.segments()).unwrap_or(i64::MAX)),
        priceless: !site.console.prices.any(),
        cost: cost(words, tongue, &site.console.prices, &counted),
        leaves,
        spreads: !broadcast.emergency && people > 0,
        tight,
        asleep: number(counted.asleep),
        at: fill(words.counted_at, &[("time", &tongue.moment(counted.at, signed.zone))]),
        fresh: is_fresh(&counted, now),
        missing: missing.collect(),
        languages: spoken(site, tongue, &message, &counted),
        zones: zones(words, tongue, &counted),
        sample: sample(site, signed, &counted).await?,
        unreached: counted
            .unreached
            .iter()
            .map(|(why, women): (&Unreached, &usize)| (words::unreached(words, *why), number(*women)))
            .collect(),
    }))
}

/// Whether a count is good to decide by.
pub(super) fn is_fresh(counted: &Counted, now: DateTime<Utc>) -> bool {
    now - counted.at < FRESH
}

fn cost(words: &Words, tongue: Tongue, prices: &Prices, counted: &Counted) -> String {
    let mut sum = 0.0;
    for (language, tally) in &counted.reached {
        let Some(price) = prices.of(*language) else { return words.no_price.to_owned() };
        sum += worth(price, tally.segments);
    }
    if prices.any() { tongue.money(&prices.currency, sum) } else { words.no_price.to_owned() }
}

fn worth(price: Price, segments: u64) -> f64 {
    price.times(u32::try_from(segments).unwrap_or(u32::MAX)).amount()
}

fn spoken(site: &Site, tongue: Tongue, message: &Message, counted: &Counted) -> Vec<Spoken> {
    let number = |number: usize| tongue.number(i64::try_from(number).unwrap_or(i64::MAX));
    let edition = site.service.shelf.edition();
    let program = message.segment.program.as_deref();
    let program = program.or(edition.library.programs.keys().next().map(String::as_str));
    let cover = |language: Language| {
        broadcasting::cover_of(&edition, program?, language, site.service.now())
            .map(|text| text.body.to_string())
    };
    // Those it reaches first, then languages that it has words for and nobody needs.
    let mut languages: Vec<Language> = counted.reached.keys().copied().collect();
    languages.extend(message.words.keys().filter(|code| !counted.reached.contains_key(code)));
    let one = |code: Language| {
        let tally = counted.reached.get(&code).copied().unwrap_or_default();
        let text = message.words.get(&code);
        let each = text.map(|text| {
            let count = segment::count(&text.body);
            format!("{} SMS, {}", tongue.number(i64::from(count.segments)), count.encoding.name())
        });
        Spoken {
            name: tongue.language(code.as_str()),
            code: code.to_string(),
            women: number(tally.women),
            covered: number(tally.covered),
            sms: tongue.number(i64::try_from(tally.segments).unwrap_or(i64::MAX)),
            each: each.unwrap_or_default(),
            words: text.map(|text| text.body.to_string()),
            cover: Some(()).filter(|()| tally.covered > 0).and_then(|()| cover(code)),
        }
    };
    languages.into_iter().map(one).collect()
}

fn zones(words: &Words, tongue: Tongue, counted: &Counted) -> Vec<(String, String)> {
    let number = |number: usize| tongue.number(i64::try_from(number).unwrap_or(i64::MAX));
    let mut zones: Vec<(&String, usize)> = counted.zones.iter().map(|(zone, women)| (zone, *women)).collect();
    zones.sort_by_key(|(zone, women)| (std::cmp::Reverse(*women), *zone));
    let rest: usize = zones.iter().skip(ZONES).map(|(_, women)| women).sum();
    let name = |zone: &String| match zone.as_str() {
        "" => words.zone_unsure.to_owned(),
        zone => zone_name(zone),
    };
    let mut shown: Vec<_> =
        zones.into_iter().take(ZONES).map(|(zone, women)| (name(zone), number(women))).collect();
    if rest > 0 {
        shown.push((words.other_zones.to_owned(), number(rest)));
    }
    shown
}

async fn sample(site: &Site, signed: &Signed, counted: &Counted) -> Result<Vec<Seen>, Refusal> {
    let mut tx = site.service.database.read().await?;
    let mut seen = Vec::new();
    for enrollment in &counted.sample {
        // Who has been erased since is not there any more.
        if let Some(her) = broadcasts::by_enrollment(&mut tx, *enrollment).await? {
            seen.push(one(site, signed, &her));
        }
    }
    Ok(seen)
}

fn one(site: &Site, signed: &Signed, her: &Candidate) -> Seen {
    let words = Words::of(signed.tongue);
    let edition = site.service.shelf.edition();
    let zone = her.zone.as_deref().and_then(|zone| zone.parse().ok());
    let stage = edition.library.program(&her.program).and_then(|program| {
        let today = program.whereabouts(zone).date_at(site.service.now());
        let stage = stage_on(her.anchor(), today)?;
        Some(format!("{} {}+{}", stage.track.name(), stage.week, stage.day))
    });
    Seen {
        number: masked(&her.phone),
        language: signed.tongue.language(her.language.as_str()),
        zone: her.zone.as_deref().map_or_else(|| words.zone_unsure.to_owned(), zone_name),
        stage: stage.map_or_else(|| "–".to_owned(), |stage| stage_words(signed.tongue, &stage)),
    }
}
