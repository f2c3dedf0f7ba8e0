//! What was measured, and the table it is printed in.

use std::fmt;
use std::time::{Duration, Instant};

/// Linux counts a process's time in hundredths of a second.
const TICK: Duration = Duration::from_millis(10);

/// One measurement.
#[derive(Clone, Copy)]
pub struct Sample {
    rows: u64,
    of: u64,
    took: Duration,
    /// This process's time on the processors.
    own: Duration,
    /// The database server's.
    database: Duration,
}

/// A measurement under way.
pub struct Watch {
    begun: Instant,
    own: Duration,
    server: Option<u32>,
    database: Duration,
}

impl Watch {
    /// Begins; `server` is the first process of the database, if it has any of its own.
    pub fn start(server: Option<u32>) -> Self {
        let (own, database) = (used("self"), server.map(used_by_children).unwrap_or_default());
        Self { begun: Instant::now(), own, server, database }
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
            own: used("self") - self.own,
            database: database.saturating_sub(self.database),
        }
    }
}

/// What a process has used so far, all its threads together.
fn used(process: &str) -> Duration {
    stat(process).map_or(Duration::ZERO, |(_, ticks)| TICK * ticks)
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
    fn rate(&self) -> f64 {
        self.rows as f64 / self.took.as_secs_f64()
    }

    /// Microseconds of processor time a row.
    fn each(&self, time: Duration) -> f64 {
        time.as_secs_f64() * 1e6 / self.rows.max(1) as f64
    }
}

impl fmt::Display for Sample {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} in {:.2} s, {}/s", self.rows, self.took.as_secs_f64(), grouped(self.rate()))
    }
}

/// A line of the table: ours, and what ran beside it in the same rounds.
pub struct Row {
    /// What was measured.
    pub what: String,
    unit: &'static str,
    beside: &'static str,
    rounds: Vec<(Sample, Sample)>,
}

impl Row {
    /// A line without rounds yet.
    pub fn new(what: String, unit: &'static str, beside: &'static str) -> Self {
        Self { what, unit, beside, rounds: Vec::new() }
    }

    /// One round.
    pub fn add(&mut self, ours: Sample, beside: Sample) {
        self.rounds.push((ours, beside));
    }

    fn cells(&self) -> [String; 5] {
        let of = |value: fn(&(Sample, Sample)) -> f64| Spread::of(self.rounds.iter().map(value).collect());
        let (ours, beside) = (of(|round| round.0.rate()), of(|round| round.1.rate()));
        let ratio = of(|round| round.0.rate() / round.1.rate());
        let cut = self.rounds.iter().any(|(ours, beside)| ours.rows < ours.of || beside.rows < beside.of);
        let [own, database] =
            [of(|round| round.0.each(round.0.own)), of(|round| round.0.each(round.0.database))];
        [
            format!("{}{}", self.what, if cut { " (cut at the limit)" } else { "" }),
            format!("{} ({}–{}) {}", grouped(ours.middle), grouped(ours.low), grouped(ours.high), self.unit),
            format!(
                "{} ({}–{}) {}",
                grouped(beside.middle),
                grouped(beside.low),
                grouped(beside.high),
                self.beside
            ),
            format!("{:.1} + {:.1}", own.middle, database.middle),
            format!("{:.3} ({:.3}–{:.3})", ratio.middle, ratio.low, ratio.high),
        ]
    }
}

struct Spread {
    low: f64,
    middle: f64,
    high: f64,
}

impl Spread {
    fn of(mut values: Vec<f64>) -> Self {
        values.sort_by(f64::total_cmp);
        let middle = (values[(values.len() - 1) / 2] + values[values.len() / 2]) / 2.0;
        Self { low: values[0], middle, high: values[values.len() - 1] }
    }
}

/// Prints the table.
pub fn print(rows: &[Row], load: &str) {
    let head = ["what", "ours, a second", "beside it, a second", "CPU µs each, ours + database", "ratio"]
        .map(str::to_owned);
    let table: Vec<[String; 5]> = std::iter::once(head).chain(rows.iter().map(Row::cells)).collect();
    let width = |column: usize| table.iter().map(|row| row[column].chars().count()).max().unwrap_or_default();
    let widths: [usize; 5] = std::array::from_fn(width);
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let rounds = rows.first().map_or(0, |row| row.rounds.len());
    println!("\n{cores} cores, load {load} before; medians of {rounds} interleaved rounds (lowest–highest);");
    println!("a ratio is the median of the rounds' own ratios. Counted when recorded, not when sent.\n");
    for (number, row) in table.iter().enumerate() {
        let cells: Vec<String> =
            row.iter().zip(widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
        println!("{}", cells.join("  ").trim_end());
        if number == 0 {
            println!("{}", widths.map(|width| "─".repeat(width)).join("  "));
        }
    }
}

/// Thousands apart: 20,000.
pub fn grouped(number: f64) -> String {
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
