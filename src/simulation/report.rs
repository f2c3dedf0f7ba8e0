//! The report of a run, as a page that people can read, print and check: no script, no font, no picture beside it.
//!
//! [`Page`] is a plain account of what stands on it; `report.html` lays it out, `plot` draws.

mod plot;

use askama::Template;
use chrono::TimeDelta;

use self::plot::{Column, Plot};
use super::account::Sort;
use super::truths::{Broken, Truth};
use super::{Account, Plan, Setting};
use crate::simulation::truths::Home;

/// So much of the evidence stands on the page.
const EVIDENCE: usize = 60;
/// The states in which texts end, as the page shows them.
const STATES: [(&str, &str); 6] = [
    ("delivered", "Delivered"),
    ("sent", "Sent"),
    ("accepted", "Accepted, no report"),
    ("failed", "Failed"),
    ("expired", "Expired"),
    ("canceled", "Taken back"),
];
/// How long it was from STOP to silence: up to so many seconds.
const SPANS: [(i64, &str); 5] = [
    (60, "within a minute"),
    (3_600, "within an hour"),
    (6 * 3_600, "within six hours"),
    (24 * 3_600, "within a day"),
    (i64::MAX, "later"),
];

/// The page.
#[derive(Template)]
#[template(path = "simulation/report/report.html")]
pub struct Page {
    mothers: String,
    worlds: String,
    months: u32,
    first: String,
    last: String,
    edition: String,
    clock: String,
    command: String,
    held: bool,
    checks: String,
    texts_from: String,
    texts_to: String,
    repeated: String,
    truths: Vec<TruthLine>,
    evidence: Vec<Evidence>,
    more_evidence: usize,
    speakers: Vec<Row>,
    kinds: Vec<Row>,
    wishes: Vec<Row>,
    answers: Vec<Row>,
    weeks: String,
    weeks_told: String,
    hours: String,
    hours_told: String,
    answer_hours: String,
    states: Vec<&'static str>,
    ends: Vec<Ends>,
    silences: Vec<Row>,
    silence_told: String,
    mischief: Vec<String>,
    deeds: Vec<Row>,
}

struct TruthLine {
    number: String,
    sentence: &'static str,
    checked: String,
    verdict: String,
    held: bool,
}

struct Evidence {
    truth: &'static str,
    who: String,
    when: String,
    what: String,
    words: String,
}

struct Row {
    name: String,
    count: String,
}

struct Ends {
    kind: String,
    counts: Vec<String>,
    all: String,
}

impl Page {
    /// Of a run.
    pub fn of(setting: &Setting, plan: &Plan, account: &Account) -> Self {
        let (from, until) = setting.span();
        let minutes = plan.step.num_minutes();
        let together = plan.together.map_or_else(String::new, |count| format!(" --together {count}"));
        let calm = if plan.faults { "" } else { " --calm" };
        Self {
            mothers: figures(account.mothers),
            worlds: figures(account.worlds),
            months: plan.months,
            first: from.format("%B %-d, %Y").to_string(),
            last: until.format("%B %-d, %Y").to_string(),
            edition: setting.edition().to_owned(),
            clock: match minutes {
                0 => "every moment at which something was due".to_owned(),
                _ => format!("every {minutes} minutes"),
            },
            command: format!(
                "motherline simulate --mothers {} --seed {} --months {} --minutes {minutes}{together}{calm}",
                plan.mothers, plan.seed, plan.months
            ),
            held: account.broken.is_empty(),
            checks: figures(account.checked.values().sum()),
            texts_from: figures(account.heard()),
            texts_to: figures(account.weeks.values().sum()),
            repeated: figures(account.repeated),
            truths: Truth::ALL.iter().map(|truth| line(*truth, account)).collect(),
            evidence: account
                .broken
                .iter()
                .take(EVIDENCE)
                .map(|(world, broken)| evidence(*world, broken))
                .collect(),
            more_evidence: account.broken.len().saturating_sub(EVIDENCE),
            speakers: account
                .speakers
                .iter()
                .map(|((program, language), count)| row(format!("{program}, {language}"), *count))
                .collect(),
            kinds: rows(account.kinds.iter().map(|(kind, count)| (*kind, *count))),
            wishes: rows(account.wishes.iter().map(|(wish, count)| (*wish, *count))),
            answers: rows(account.answers.iter().map(|(answer, count)| (*answer, *count))),
            weeks: weeks(account),
            weeks_told: weeks_told(account),
            hours: hours(
                &account.unasked_hours,
                setting,
                "Texts that nobody asked for, by the hour of her clock",
            ),
            hours_told: hours_told(&account.unasked_hours, setting),
            answer_hours: answer_hours(&account.answer_hours),
            states: STATES.iter().map(|(_, name)| *name).collect(),
            ends: ends(account),
            silences: silences(&account.silences),
            silence_told: silence_told(&account.silences),
            mischief: account.mischief.clone(),
            deeds: rows(account.deeds.iter().map(|(deed, count)| (*deed, *count))),
        }
    }

    /// The page.
    pub fn html(&self) -> Result<String, askama::Error> {
        self.render()
    }
}

fn line(truth: Truth, account: &Account) -> TruthLine {
    let checked = account.checked.get(&truth).copied().unwrap_or_default();
    let broken = account.broken(truth);
    TruthLine {
        number: truth.number().map_or_else(String::new, |number| number.to_string()),
        sentence: truth.sentence(),
        checked: figures(checked),
        verdict: match (broken, checked) {
            (0, 0) => "never came up".to_owned(),
            (0, _) => "held".to_owned(),
            (times, _) => format!("broken {} times", figures(times as u64)),
        },
        held: broken == 0,
    }
}

fn evidence(world: u64, broken: &Broken) -> Evidence {
    Evidence {
        truth: broken.truth.sentence(),
        who: match broken.mother {
            Some(mother) => format!("Mother {mother} of world {world}"),
            None => format!("World {world}"),
        },
        when: broken.at.format("%Y-%m-%d %H:%M:%S UTC").to_string(),
        what: broken.what.clone(),
        words: broken.words.clone(),
    }
}

fn row(name: String, count: u64) -> Row {
    Row { name, count: figures(count) }
}

/// The most first.
fn rows(counts: impl Iterator<Item = (&'static str, u64)>) -> Vec<Row> {
    let mut counts: Vec<_> = counts.collect();
    counts.sort_by_key(|(name, count)| (std::cmp::Reverse(*count), *name));
    counts.into_iter().map(|(name, count)| row(name.to_owned(), count)).collect()
}

fn weeks(account: &Account) -> String {
    let last = account.weeks.keys().map(|(week, _)| *week).max().unwrap_or(0);
    let of = |week, sort| account.weeks.get(&(week, sort)).copied().unwrap_or_default();
    let columns = (0..=last).map(|week| Column {
        label: if week % 13 == 0 { format!("week {week}") } else { String::new() },
        parts: vec![of(week, Sort::Tip), of(week, Sort::Other), of(week, Sort::Answer)],
        shaded: false,
    });
    Plot {
        title: "Texts begun in each week, by kind",
        names: vec!["tips", "questions and reminders", "answers"],
        columns: columns.collect(),
    }
    .svg()
}

fn weeks_told(account: &Account) -> String {
    let most =
        account.weeks.iter().filter(|((_, sort), _)| *sort == Sort::Tip).max_by_key(|(_, count)| **count);
    let busiest = most.map_or_else(String::new, |((week, _), count)| {
        format!(" In the busiest week, week {week}, {} tips were begun.", figures(*count))
    });
    format!(
        "{} tips, {} questions, reminders and corrections that nobody asked for, and {} answers.{busiest}",
        figures(account.said(Sort::Tip)),
        figures(account.said(Sort::Other)),
        figures(account.said(Sort::Answer)),
    )
}

/// The first and the last hour in which any program may text.
fn open(setting: &Setting) -> (usize, usize) {
    let homes: Vec<Home> = setting.library().programs.values().map(Home::of).collect();
    let opens = homes.iter().map(|home| home.shown().0).min().unwrap_or(0);
    let closes = homes.iter().map(|home| home.shown().1).max().unwrap_or(24);
    (opens as usize, closes as usize)
}

fn hours(counts: &[u64; 24], setting: &Setting, title: &'static str) -> String {
    let (opens, closes) = open(setting);
    let columns = counts.iter().enumerate().map(|(hour, count)| Column {
        label: if hour % 3 == 0 { format!("{hour}:00") } else { String::new() },
        parts: vec![*count],
        shaded: !(opens..closes).contains(&hour),
    });
    Plot { title, names: vec!["texts"], columns: columns.collect() }.svg()
}

fn hours_told(counts: &[u64; 24], setting: &Setting) -> String {
    let (opens, closes) = open(setting);
    let quiet: u64 = counts
        .iter()
        .enumerate()
        .filter(|(hour, _)| !(opens..closes).contains(hour))
        .map(|(_, count)| count)
        .sum();
    format!(
        "Between {opens}:00 and {closes}:00: {}. In the quiet hours, shaded: {}. The hours are those of the clock on \
         her wall, wherever she lives, whether or not she told us.",
        figures(counts.iter().sum::<u64>() - quiet),
        figures(quiet),
    )
}

fn answer_hours(counts: &[u64; 24]) -> String {
    let columns = counts.iter().enumerate().map(|(hour, count)| Column {
        label: if hour % 3 == 0 { format!("{hour}:00") } else { String::new() },
        parts: vec![*count],
        shaded: false,
    });
    Plot {
        title: "Answers to what she wrote, by the hour of her clock",
        names: vec!["answers"],
        columns: columns.collect(),
    }
    .svg()
}

fn ends(account: &Account) -> Vec<Ends> {
    let mut kinds: Vec<&String> = account.ends.keys().map(|(kind, _)| kind).collect();
    kinds.dedup();
    let of = |kind: &str, state: &'static str| {
        account.ends.get(&(kind.to_owned(), state)).copied().unwrap_or_default()
    };
    let each = kinds.into_iter().map(|kind| {
        let all = account.ends.iter().filter(|((of, _), _)| of == kind).map(|(_, count)| count).sum();
        Ends {
            kind: kind.clone(),
            counts: STATES.iter().map(|(state, _)| figures(of(kind, state))).collect(),
            all: figures(all),
        }
    });
    each.collect()
}

fn silences(silences: &[TimeDelta]) -> Vec<Row> {
    let mut from = i64::MIN;
    let each = SPANS.iter().map(|(until, name)| {
        let within =
            silences.iter().filter(|silence| (from..*until).contains(&silence.num_seconds())).count();
        from = *until;
        row((*name).to_owned(), within as u64)
    });
    each.collect()
}

fn silence_told(silences: &[TimeDelta]) -> String {
    let mut sorted = silences.to_vec();
    sorted.sort_unstable();
    match (sorted.get(sorted.len() / 2), sorted.last()) {
        (Some(middle), Some(longest)) => format!(
            "Of {} women who said STOP and came back or were watched to the end, half had their last text within {} seconds, \
             and the longest waited {} minutes for the confirmation, because the gateway was away.",
            figures(sorted.len() as u64),
            middle.num_seconds().max(1),
            longest.num_minutes(),
        ),
        _ => "Nobody said STOP.".to_owned(),
    }
}

/// 12,345.
fn figures(count: u64) -> String {
    let digits = count.to_string();
    let mut shown = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    shown
}
