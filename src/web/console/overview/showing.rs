//! The live part of the overview, made of what is known.

use askama::Template;
use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;

use super::super::access::Signed;
use super::super::chart::Columns;
use super::super::delivery::address;
use super::super::fates::Words as FateWords;
use super::super::period::{Period, Range, Words as PeriodWords};
use super::super::tongue::{Tongue, fill};
use super::alarms::{Alarm, Words as AlarmWords, held_because};
use super::drawing::{Hour, Rate};
use super::enrolled::{self, Words as CensusWords};
use super::figures::{Fates, Figures, Line};
use super::intents::Words as IntentWords;
use super::words::{Kinds, Words};
use crate::domain::role::Right;
use crate::store::outbox::{ANSWERS, URGENT};

/// Counts older than this are told to be old.
const STALE: TimeDelta = TimeDelta::minutes(10);
/// What texts were taken for: so many are listed.
const INTENTS: usize = 12;

/// The live part.
#[derive(Template)]
#[template(path = "web/console/overview/live.html")]
pub struct Live {
    /// By which the browser tells what it has.
    pub seen: String,
    words: &'static Words,
    census: &'static CensusWords,
    notice: Option<&'static str>,
    nothing_wrong: &'static str,
    alarms: Vec<Alarm>,
    stats: Vec<Stat>,
    span: String,
    counted: String,
    oldest: Option<(String, String)>,
    waits: Vec<Wait>,
    chart: Columns,
    hours: Vec<Hour>,
    rates: Vec<Rate>,
    helps: Vec<Help>,
    inbox: bool,
    to_inbox: &'static str,
    /// Up to when what was written has been counted: what waits for an answer is known to this moment.
    inbound_as_of: String,
    inbound: Vec<Intent>,
    enrolled_all: String,
    stages: Vec<&'static str>,
    enrolled: Vec<enrolled::Line>,
    raised: Vec<Once>,
}

struct Stat {
    name: &'static str,
    figure: String,
    beside: Vec<String>,
    bad: bool,
    href: Option<String>,
}

struct Wait {
    sender: String,
    program: String,
    queue: &'static str,
    due: String,
    since: String,
    why: String,
}

struct Help {
    name: &'static str,
    items: String,
    since: String,
    age: String,
    /// What is said before and behind the age.
    waiting: (&'static str, &'static str),
}

struct Intent {
    name: String,
    texts: String,
    value: i64,
    most: i64,
}

struct Once {
    kind: String,
    times: String,
    last: String,
    subject: String,
    detail: String,
}

/// Who looks, and at what.
pub struct View<'a> {
    /// The language.
    pub tongue: Tongue,
    /// The zone in which times are told.
    pub zone: Tz,
    /// What the page says.
    pub words: &'static Words,
    /// The span.
    pub period: &'a Period,
    /// The chosen program, as it stands in an address.
    pub chosen: &'a [(&'static str, String)],
}

impl Live {
    /// Of what is known.
    pub fn new(
        signed: &Signed,
        period: &Period,
        chosen: &[(&'static str, String)],
        figures: &Figures,
        alarms: Vec<Alarm>,
    ) -> Self {
        let inbox = signed.may(Right::Answer);
        Self::made((signed.tongue, signed.zone), period, chosen, figures, alarms, inbox)
    }

    fn made(
        (tongue, zone): (Tongue, Tz),
        period: &Period,
        chosen: &[(&'static str, String)],
        figures: &Figures,
        alarms: Vec<Alarm>,
        inbox: bool,
    ) -> Self {
        let words = Words::of(tongue);
        let view = View { tongue, zone, words, period, chosen };
        let (chart, hours) = view.chart(figures);
        let today = figures.now.with_timezone(&zone).date_naive();
        let (enrolled, all) = enrolled::table(&figures.census, today, tongue);
        let at = |at: DateTime<Utc>| tongue.moment(at, zone);
        let notice = match figures.counted_at {
            None => Some(words.not_counted),
            Some(at) if figures.now - at > STALE => Some(words.stale),
            Some(_) => None,
        };
        let census = CensusWords::of(tongue);
        Self {
            seen: String::new(),
            words,
            census,
            notice,
            nothing_wrong: match figures.goes() {
                (_, true) => words.nothing_wrong,
                (true, false) => words.no_reports,
                (false, false) => words.nothing_sent,
            },
            alarms,
            stats: view.stats(figures),
            // The minute in which it was looked at is no news.
            span: match period.range {
                Range::Own => format!("{}.", period.said(tongue)),
                _ => fill(words.since_when, &[("at", &at(period.from))]),
            },
            counted: figures
                .counted_at
                .map(|time| fill(words.counted, &[("at", &at(time))]))
                .unwrap_or_default(),
            oldest: view.oldest(figures),
            waits: figures.lines.iter().map(|line| view.wait(figures, line)).collect(),
            chart,
            hours,
            rates: view.rates(&figures.routes),
            helps: figures.helps.iter().map(|help| view.help(figures.now, *help)).collect(),
            inbox,
            to_inbox: AlarmWords::of(tongue).look_inbox,
            inbound_as_of: view.inbound_as_of(figures),
            inbound: view.inbound(figures),
            enrolled_all: figures.census_at.map_or_else(String::new, |time| {
                fill(words.enrolled_all, &[("n", &tongue.number(all)), ("at", &at(time))])
            }),
            stages: enrolled::stages(census).to_vec(),
            enrolled,
            raised: view.raised(figures),
        }
    }
}

impl View<'_> {
    /// The texts of the span that have something else in common.
    pub fn link(&self, more: &[(&str, &str)]) -> String {
        let own = self.period.query();
        let mut query: Vec<(&str, &str)> =
            own.iter().chain(self.chosen).map(|(name, value)| (*name, value.as_str())).collect();
        query.extend(more);
        address(&query)
    }

    fn stats(&self, figures: &Figures) -> Vec<Stat> {
        let (words, texts, before) = (self.words, figures.texts, figures.before);
        let span = self.period.before_is(PeriodWords::of(self.tongue));
        let was = |then: i64| fill(words.was, &[("n", &self.tongue.number(then)), ("span", span)]);
        let share = |fates: Fates| {
            let share = fates.rate().map(|share| self.tongue.percent(share)).unwrap_or_default();
            if share.is_empty() { share } else { fill(words.of_sent, &[("share", &share)]) }
        };
        let delivered = [share(texts), was(before.delivered)];
        let delivered = delivered.into_iter().filter(|part| !part.is_empty()).collect();
        // A tenth more failures than usual, and enough of them, are marked.
        let failed = texts.failed + texts.expired;
        let usual = (before.failed + before.expired) as f64 / before.due().max(1) as f64;
        let now = failed as f64 / texts.due().max(1) as f64;
        let bad = failed >= 10 && now > 0.02 && now > usual * 1.5;
        let stat = |name, number: i64, beside: Vec<String>, state: &str| Stat {
            name,
            figure: self.tongue.number(number),
            beside,
            bad: false,
            href: Some(self.link(&[("state", state)])),
        };
        let unended = figures.unended;
        let mut stats = vec![
            stat(words.due, texts.due() + figures.unended.texts, vec![was(before.due())], ""),
            stat(words.sent, texts.tried(), vec![was(before.tried())], ""),
            stat(words.delivered, texts.delivered, delivered, "delivered"),
            Stat {
                bad,
                ..stat(words.failed, failed, vec![was(before.failed + before.expired)], "unarrived")
            },
            stat(words.waiting, unended.texts, Vec::new(), "open"),
            stat(words.canceled, texts.canceled, vec![was(before.canceled)], "canceled"),
        ];
        // Of a morning's millions not all are counted.
        stats[0].figure = self.tongue.at_least(texts.due() + unended.texts, unended.more);
        stats[4].figure = self.tongue.at_least(unended.texts, unended.more);
        stats
    }

    fn oldest(&self, figures: &Figures) -> Option<(String, String)> {
        let text = figures.oldest.as_ref()?;
        let kinds = FateWords::of(self.tongue);
        let values = [
            ("kind", kinds.kind(&text.kind)),
            ("program", if text.program.is_empty() { "–" } else { &text.program }),
            ("age", &*self.tongue.lasting(whole(figures.now - text.queued_at))),
            ("next", &*self.tongue.moment(text.next_try_at, self.zone)),
        ];
        Some((fill(self.words.oldest_is, &values), format!("/console/delivery/{}", text.id)))
    }

    fn wait(&self, figures: &Figures, line: &Line) -> Wait {
        let words = self.words;
        let mut why = Vec::new();
        let held = figures.keeping.iter().find(|kept| kept.sender == line.sender);
        let held = held.filter(|kept| kept.held_until.is_some_and(|until| until > figures.now));
        if line.waiting.due > 0 {
            why.push(if let Some(kept) = held {
                held_because(self.tongue, kept.hold_reason.as_deref()).map_or_else(
                    || words.why_held.to_owned(),
                    |reason| format!("{}: {reason}", words.why_held),
                )
            } else if figures.circuits.iter().any(|(sender, ..)| *sender == line.sender) {
                words.why_away.to_owned()
            } else {
                words.why_pace.to_owned()
            });
        }
        let more = line.waiting.more;
        for (code, texts) in &line.waiting.later {
            let n = self.tongue.at_least(*texts, more);
            why.push(match code.as_str() {
                "" => fill(words.why_window, &[("n", &n)]),
                code => fill(words.why_again, &[("n", &n), ("code", code)]),
            });
        }
        Wait {
            sender: line.sender.clone(),
            program: line.program.clone().unwrap_or_else(|| "–".to_owned()),
            queue: match line.lane {
                ANSWERS => words.answers,
                URGENT => words.urgent,
                _ => words.unasked,
            },
            due: self.tongue.at_least(line.waiting.due, more && line.waiting.due > 0),
            since: line
                .waiting
                .late_since()
                .map(|since| self.tongue.moment(since, self.zone))
                .unwrap_or_default(),
            why: why.join("; "),
        }
    }

    fn help(&self, now: DateTime<Utc>, (urgency, items, since): (i16, i64, DateTime<Utc>)) -> Help {
        Help {
            name: match urgency {
                0 => self.words.help_danger,
                1 => self.words.help_loss,
                2 => self.words.help_question,
                _ => self.words.help_stranger,
            },
            items: self.tongue.number(items),
            since: since.to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
            age: self.tongue.lasting(whole(now - since)),
            waiting: self.words.waiting_for.split_once("{age}").unwrap_or_default(),
        }
    }

    fn inbound(&self, figures: &Figures) -> Vec<Intent> {
        let intents = IntentWords::of(self.tongue);
        let most = figures.inbound.first().map_or(1, |(_, texts)| *texts);
        let intent = |(intent, texts): &(String, i64)| Intent {
            name: intents.intent(intent).to_owned(),
            texts: self.tongue.number(*texts),
            value: *texts,
            most,
        };
        figures.inbound.iter().take(INTENTS).map(intent).collect()
    }

    /// What is said beside the texts that came, or in their place.
    fn inbound_as_of(&self, figures: &Figures) -> String {
        let words = self.words;
        match figures.counted_at {
            // Of a day that has just begun nothing is counted yet.
            Some(at) if at > self.period.from => {
                let (whole, none) = (at >= self.period.to, figures.inbound.is_empty());
                let said = match (none, whole) {
                    (true, true) => words.no_inbound,
                    (true, false) => words.no_inbound_yet,
                    (false, true) => "",
                    (false, false) => words.inbound_at,
                };
                fill(said, &[("at", &self.tongue.moment(at, self.zone))])
            }
            _ => words.not_yet.to_owned(),
        }
    }

    /// What was raised, each kind once. A subject may be an id, which says nothing to anybody here.
    fn raised(&self, figures: &Figures) -> Vec<Once> {
        let (kinds, mut once) = (Kinds::of(self.tongue), Vec::<(String, i64, Once)>::new());
        for raised in &figures.raised {
            if let Some((_, times, _)) = once.iter_mut().find(|(kind, ..)| *kind == raised.kind) {
                *times += 1;
                continue;
            }
            let is_id = raised.subject.len() >= 36;
            let known = kinds.raised(&raised.kind) != raised.kind;
            let shown = Once {
                kind: kinds.raised(&raised.kind).to_owned(),
                times: String::new(),
                last: fill(self.words.last, &[("at", &self.tongue.moment(raised.at, self.zone))]),
                subject: if is_id { String::new() } else { raised.subject.clone() },
                detail: if known && is_id { String::new() } else { raised.detail.clone() },
            };
            once.push((raised.kind.clone(), 1, shown));
        }
        let counted = |(_, times, once): (String, i64, Once)| Once {
            times: self.tongue.counted(times, self.words.times),
            ..once
        };
        once.into_iter().map(counted).collect()
    }
}

/// To the minute: seconds would make a page new each time it is asked for.
fn whole(span: TimeDelta) -> TimeDelta {
    TimeDelta::minutes(span.num_minutes())
}

#[cfg(test)]
#[path = "sample.rs"]
mod sampling;
#[cfg(test)]
pub use self::sampling::sample;
