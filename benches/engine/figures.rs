//! What was measured: rows, time, and the processors' time that they took.

use std::time::{Duration, Instant};

/// Linux counts a process's time in hundredths of a second.
const TICK: Duration = Duration::from_millis(10);

/// One measurement.
#[derive(Clone, Copy)]
pub struct Sample {
    rows: u64,
    of: u64,
    took: Duration,
    /// Our processes' time on the processors.
    own: Duration,
    /// The database server's.
    database: Duration,
}

/// A measurement under way.
pub struct Watch {
    begun: Instant,
    ours: Vec<u32>,
    own: Duration,
    server: Option<u32>,
    database: Duration,
}

impl Watch {
    /// Begins; `server` is the first process of the database, if it has any of its own.
    pub fn start(server: Option<u32>) -> Self {
        Self::over(vec![std::process::id()], server)
    }

    /// The same over other processes than this.
    pub fn over(ours: Vec<u32>, server: Option<u32>) -> Self {
        let (own, database) = (used_by(&ours), server.map(used_by_children).unwrap_or_default());
        Self { begun: Instant::now(), ours, own, server, database }
    }

    /// How long it has run.
    pub fn elapsed(&self) -> Duration {
        self.begun.elapsed()
    }

    /// Ends with `rows` done of those there were.
    pub fn stop(self, rows: u64, of: u64) -> Sample {
        let took = self.begun.elapsed();
        let database = self.server.map(used_by_children).unwrap_or_default();
        Sample {
            rows,
            of,
            took,
            own: used_by(&self.ours).saturating_sub(self.own),
            database: database.saturating_sub(self.database),
        }
    }
}

/// What processes have used so far, all their threads together.
fn used_by(processes: &[u32]) -> Duration {
    TICK * processes.iter().filter_map(|process| Some(stat(&process.to_string())?.1)).sum::<u32>()
}

/// What the living children of a process have used so far.
fn used_by_children(parent: u32) -> Duration {
    let processes = std::fs::read_dir("/proc").expect("the processes");
    let ticks = processes.filter_map(|entry| {
        let (of, ticks) = stat(entry.ok()?.file_name().to_str()?)?;
        (of == parent).then_some(ticks)
    });
    TICK * ticks.sum::<u32>()
}

/// A process's parent and its ticks, proc(5): the fields after the name, which may hold anything.
fn stat(process: &str) -> Option<(u32, u32)> {
    let line = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    let fields: Vec<&str> = line[line.rfind(')')? + 2..].split(' ').collect();
    let number = |index: usize| fields.get(index)?.parse::<u32>().ok();
    Some((number(1)?, number(11)? + number(12)?))
}

impl Sample {
    /// Both, one after the other.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            rows: self.rows + other.rows,
            of: self.of + other.of,
            took: self.took + other.took,
            own: self.own + other.own,
            database: self.database + other.database,
        }
    }

    /// Milliseconds for so many rows.
    pub fn millis_for(&self, rows: u64) -> f64 {
        self.took.as_secs_f64() * 1e3 * rows as f64 / self.rows.max(1) as f64
    }

    fn rate(&self) -> f64 {
        self.rows as f64 / self.took.as_secs_f64()
    }

    /// Microseconds of processor time a row.
    fn each(&self, time: Duration) -> f64 {
        time.as_secs_f64() * 1e6 / self.rows.max(1) as f64
    }
}

/// A number of the table.
#[derive(Clone, Copy)]
pub struct Figure {
    /// Itself: a rate, milliseconds, megabytes.
    pub value: f64,
    /// Microseconds of our processors' time a row; not a number where it was not measured.
    pub own: f64,
    /// The same of the database server.
    pub database: f64,
    /// Whether it was cut at the limit.
    pub cut: bool,
}

impl From<f64> for Figure {
    fn from(value: f64) -> Self {
        Self { value, own: f64::NAN, database: f64::NAN, cut: false }
    }
}

/// The rate.
impl From<Sample> for Figure {
    fn from(sample: Sample) -> Self {
        Self {
            value: sample.rate(),
            own: sample.each(sample.own),
            database: sample.each(sample.database),
            cut: sample.rows < sample.of,
        }
    }
}

/// Thousands apart: 20,000; small numbers with a digit after the point.
pub fn grouped(number: f64) -> String {
    if number < 100.0 {
        return format!("{number:.1}");
    }
    let digits = format!("{number:.0}");
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
