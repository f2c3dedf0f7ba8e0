//! What a run came to, in figures: of one world, or of several added up.

use std::collections::BTreeMap;

use chrono::TimeDelta;

use super::truths::{Broken, Truth};

/// What a text was, for the plots.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Sort {
    /// A tip.
    Tip,
    /// A question, a reminder, a correction: unasked, and no tip.
    Other,
    /// An answer.
    Answer,
}

/// The figures.
#[derive(Default)]
pub struct Account {
    /// Mothers.
    pub mothers: u64,
    /// Worlds.
    pub worlds: u64,
    /// Mothers by program and language.
    pub speakers: BTreeMap<(String, String), u64>,
    /// Lives by kind; a life may be of several.
    pub kinds: BTreeMap<&'static str, u64>,
    /// What mothers set out to do.
    pub wishes: BTreeMap<&'static str, u64>,
    /// What their texts meant.
    pub topics: BTreeMap<&'static str, u64>,
    /// Texts that came twice.
    pub repeated: u64,
    /// Texts begun by week of the run and sort.
    pub weeks: BTreeMap<(i64, Sort), u64>,
    /// Unasked texts by the hour of her clock.
    pub unasked_hours: [u64; 24],
    /// Answers by the hour of her clock.
    pub answer_hours: [u64; 24],
    /// Which answers were given.
    pub answers: BTreeMap<&'static str, u64>,
    /// How texts ended, by kind and state.
    pub ends: BTreeMap<(String, &'static str), u64>,
    /// What the gateway did.
    pub deeds: BTreeMap<&'static str, u64>,
    /// What else was done to the service.
    pub mischief: Vec<String>,
    /// What was said between us and the mother who is followed.
    pub transcript: Vec<String>,
    /// Moments at which something was done.
    pub moments: u64,
    /// From STOP to the last text after it.
    pub silences: Vec<TimeDelta>,
    /// How often each truth was checked.
    pub checked: BTreeMap<Truth, u64>,
    /// What was broken: in which world, and the evidence.
    pub broken: Vec<(u64, Broken)>,
}

impl Account {
    /// Adds another.
    pub fn add(&mut self, other: Self) {
        self.mothers += other.mothers;
        self.worlds += other.worlds;
        add(&mut self.speakers, other.speakers);
        add(&mut self.kinds, other.kinds);
        add(&mut self.wishes, other.wishes);
        add(&mut self.topics, other.topics);
        self.repeated += other.repeated;
        add(&mut self.weeks, other.weeks);
        for hour in 0..24 {
            self.unasked_hours[hour] += other.unasked_hours[hour];
            self.answer_hours[hour] += other.answer_hours[hour];
        }
        add(&mut self.answers, other.answers);
        add(&mut self.ends, other.ends);
        add(&mut self.deeds, other.deeds);
        for line in other.mischief {
            if !self.mischief.contains(&line) {
                self.mischief.push(line);
            }
        }
        self.transcript.extend(other.transcript);
        self.moments += other.moments;
        self.silences.extend(other.silences);
        add(&mut self.checked, other.checked);
        self.broken.extend(other.broken);
    }

    /// Texts of one sort.
    pub fn said(&self, sort: Sort) -> u64 {
        self.weeks.iter().filter(|((_, of), _)| *of == sort).map(|(_, count)| count).sum()
    }

    /// Texts from mothers.
    pub fn heard(&self) -> u64 {
        self.topics.values().sum()
    }

    /// How often a truth was broken.
    pub fn broken(&self, truth: Truth) -> usize {
        self.broken.iter().filter(|(_, broken)| broken.truth == truth).count()
    }
}

fn add<K: Ord>(into: &mut BTreeMap<K, u64>, from: BTreeMap<K, u64>) {
    for (key, count) in from {
        *into.entry(key).or_default() += count;
    }
}
