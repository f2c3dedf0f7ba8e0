//! The sizes, from the environment; the table of them stands in the first lines of `main.rs`.

use std::time::Duration;

use crate::world::Engine;

/// The sizes.
pub struct Settings {
    pub texts: u64,
    pub many: u64,
    pub in_flight: Vec<usize>,
    pub latency: Duration,
    pub window: Duration,
    pub shared: u64,
    pub full: u64,
    pub drain: Duration,
    pub mothers: u64,
    pub batches: Vec<usize>,
    pub due: u64,
    pub enrolled: u64,
    pub queued: u64,
    pub rate: u64,
    pub seconds: u64,
    pub calls: u64,
    pub connections: usize,
    pub rounds: usize,
    pub limit: Duration,
    pub postgres: String,
    only: Option<String>,
}

impl Settings {
    /// From the environment.
    pub fn read() -> Self {
        Self {
            texts: size("BENCH_TEXTS", 50_000),
            many: size("BENCH_MANY", 500_000),
            in_flight: sizes("BENCH_IN_FLIGHT", "64,256"),
            latency: Duration::from_millis(size("BENCH_LATENCY", 50).max(1)),
            window: Duration::from_secs(size("BENCH_WINDOW", 8).max(1)),
            shared: size("BENCH_SHARED", 300_000),
            full: size("BENCH_FULL", 5_000_000),
            drain: Duration::from_secs(size("BENCH_DRAIN", 6)),
            mothers: size("BENCH_MOTHERS", 200_000),
            batches: sizes("BENCH_BATCHES", "4096"),
            due: size("BENCH_DUE", 10_000),
            enrolled: size("BENCH_ENROLLED", 1_000_000),
            queued: size("BENCH_QUEUED", 1_000_000),
            rate: size("BENCH_RATE", 100).max(1),
            seconds: size("BENCH_SECONDS", 10).max(1),
            calls: size("BENCH_CALLS", 20_000),
            connections: size("BENCH_CONNECTIONS", 256) as usize,
            rounds: size("BENCH_ROUNDS", 5).max(1) as usize,
            limit: Duration::from_secs(size("BENCH_LIMIT", 60)),
            postgres: std::env::var("BENCH_POSTGRES").unwrap_or_default(),
            only: std::env::var("BENCH_ENGINE").ok(),
        }
    }

    /// The engines to measure.
    pub fn engines(&self) -> impl Iterator<Item = Engine> {
        let wanted =
            |engine: &Engine| self.only.as_ref().is_none_or(|only| engine.name().eq_ignore_ascii_case(only));
        Engine::BOTH.into_iter().filter(wanted)
    }

    /// The rounds, counted from one.
    pub fn rounds(&self) -> impl Iterator<Item = usize> {
        1..=self.rounds
    }
}

fn size(name: &str, default: u64) -> u64 {
    let given = std::env::var(name).ok();
    given.map_or(default, |text| text.parse().unwrap_or_else(|_| panic!("{name} is not a number: {text}")))
}

fn sizes(name: &str, default: &str) -> Vec<usize> {
    let given = std::env::var(name).unwrap_or_else(|_| default.to_owned());
    let number =
        |text: &str| text.trim().parse().unwrap_or_else(|_| panic!("{name} is not a list of numbers"));
    given.split(',').map(number).collect()
}
