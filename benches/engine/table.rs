//! The table that everything is printed in.

use crate::figures::{Figure, grouped};

/// Lines, and what is said below them.
#[derive(Default)]
pub struct Table {
    rows: Vec<Row>,
    notes: Vec<String>,
}

/// What is wanted of a line's last column.
#[derive(Clone, Copy)]
pub enum Goal {
    /// Nothing: it is there for comparison.
    Open,
    /// A ratio, or more.
    AtLeast(f64),
    /// A ratio of one or more, or less by no more than chance.
    NotLess {
        /// How far such a ratio comes from one by chance, where a thing is measured beside itself: two standard errors.
        chance: f64,
    },
    /// A ratio, or less.
    AtMost(f64),
    /// A difference, or less; the last column is the difference.
    Within(f64),
}

/// A line: ours, and what ran beside it in the same rounds.
pub struct Row {
    /// What was measured.
    pub what: String,
    unit: &'static str,
    beside: String,
    goal: Goal,
    rounds: Vec<(Figure, Figure)>,
}

impl Row {
    /// A line without rounds yet.
    pub fn new(what: String, unit: &'static str, beside: impl Into<String>, goal: Goal) -> Self {
        Self { what, unit, beside: beside.into(), goal, rounds: Vec::new() }
    }

    /// The same line with another goal.
    pub fn with(self, goal: Goal) -> Self {
        Self { goal, ..self }
    }

    /// One round.
    pub fn add(&mut self, ours: impl Into<Figure>, beside: impl Into<Figure>) {
        let (ours, beside) = (ours.into(), beside.into());
        eprintln!("{}: {} beside {} {}", self.what, grouped(ours.value), grouped(beside.value), self.beside);
        self.rounds.push((ours, beside));
    }

    /// How far ours and what ran beside it are apart, as a part: the median of the rounds.
    pub fn apart(&self) -> f64 {
        let apart =
            self.rounds.iter().map(|(ours, beside)| (ours.value / beside.value - 1.0).abs()).collect();
        Spread::of(apart).map_or(0.0, |apart| apart.middle)
    }

    fn cells(&self) -> [String; 5] {
        let of = |value: &dyn Fn(&(Figure, Figure)) -> f64| {
            Spread::of(self.rounds.iter().map(value).filter(|value| value.is_finite()).collect())
        };
        let ours = of(&|round| round.0.value);
        let beside = of(&|round| round.1.value);
        let cut = self.rounds.iter().any(|(ours, beside)| ours.cut || beside.cut);
        let cpu = match (of(&|round| round.0.own), of(&|round| round.0.database)) {
            (Some(own), Some(database)) => format!("{:.1} + {:.1}", own.middle, database.middle),
            _ => String::new(),
        };
        let last = match self.goal {
            Goal::Within(_) => of(&|round| round.0.value - round.1.value),
            _ => of(&|round| round.0.value / round.1.value),
        };
        let ratio = match self.goal {
            Goal::Within(_) => Spread::tell(last.as_ref(), |value| format!("{value:+.1}")),
            _ => Spread::tell(last.as_ref(), |value| format!("{value:.3}")),
        };
        [
            format!("{}{}", self.what, if cut { " (cut at the limit)" } else { "" }),
            format!("{} {}", Spread::tell(ours.as_ref(), grouped), self.unit),
            format!("{} {}", Spread::tell(beside.as_ref(), grouped), self.beside),
            cpu,
            format!("{ratio}{}", self.goal.told(last.map_or(f64::NAN, |last| last.middle))),
        ]
    }
}

impl Goal {
    fn told(self, middle: f64) -> String {
        let (words, holds) = match self {
            Self::Open => return String::new(),
            Self::AtLeast(least) => (format!("≥ {least:.2}"), middle >= least),
            Self::NotLess { chance } => {
                let words = format!("≥ 1.00, by chance ± {chance:.3}");
                (words, middle >= 1.0 - chance)
            }
            Self::AtMost(most) => (format!("≤ {most:.2}"), middle <= most),
            Self::Within(most) => (format!("≤ {most:+.1}"), middle <= most),
        };
        format!(", wanted {words}{}", if holds { "" } else { ": missed" })
    }
}

struct Spread {
    low: f64,
    middle: f64,
    high: f64,
}

impl Spread {
    fn of(mut values: Vec<f64>) -> Option<Self> {
        values.sort_by(f64::total_cmp);
        let (low, high) = (*values.first()?, *values.last()?);
        let middle = (values[(values.len() - 1) / 2] + values[values.len() / 2]) / 2.0;
        Some(Self { low, middle, high })
    }

    /// The median, and where it is not all there is, the lowest and the highest.
    fn tell(spread: Option<&Self>, number: impl Fn(f64) -> String) -> String {
        match spread {
            None => "–".to_owned(),
            Some(Self { low, middle, high }) if low >= high => number(*middle),
            Some(Self { low, middle, high }) => {
                format!("{} ({}–{})", number(*middle), number(*low), number(*high))
            }
        }
    }
}

impl Table {
    /// Adds lines.
    pub fn add(&mut self, rows: impl IntoIterator<Item = Row>) {
        self.rows.extend(rows);
    }

    /// Says something below the table.
    pub fn note(&mut self, note: String) {
        eprintln!("{note}");
        self.notes.push(note);
    }

    /// Prints it.
    pub fn print(&self, load: &str) {
        let head = ["what", "ours", "beside it", "CPU µs each, ours + database", "ratio"].map(str::to_owned);
        let table: Vec<[String; 5]> = std::iter::once(head).chain(self.rows.iter().map(Row::cells)).collect();
        let width =
            |column: usize| table.iter().map(|row| row[column].chars().count()).max().unwrap_or_default();
        let widths: [usize; 5] = std::array::from_fn(width);
        let cores = std::thread::available_parallelism().map_or(0, usize::from);
        let rounds = self.rows.iter().map(|row| row.rounds.len()).max().unwrap_or_default();
        println!(
            "\n{cores} cores, load {load} before; medians of {rounds} interleaved rounds (lowest–highest),"
        );
        println!("memory once; a ratio is the median of the rounds' own ratios, of megabytes a difference.");
        println!("Counted when recorded, not when sent.\n");
        for (number, row) in table.iter().enumerate() {
            let cells: Vec<String> =
                row.iter().zip(widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
            println!("{}", cells.join("  ").trim_end());
            if number == 0 {
                println!("{}", widths.map(|width| "─".repeat(width)).join("  "));
            }
        }
        for note in &self.notes {
            println!("{note}");
        }
    }
}
