//! The report as a terminal shows it: aligned figures, at most 80 columns.

use super::{Mother, ProgramReport, Report, TrackWeeks, WeekSlots};
use crate::domain::gestation::Loss;
use crate::domain::gestation::Track;
use crate::library::state::State;

/// The columns of the topics' table. All losses share one; second texts and those for the family have their own.
const TRACKS: [(&str, usize); 7] = [
    ("starter", 8),
    ("pregnancy", 10),
    ("baby", 5),
    ("farewell", 9),
    ("loss", 5),
    ("more", 5),
    ("family", 7),
];
/// How wide the first column is.
const FIRST: usize = 30;
/// And that of the topics' table, which has many columns.
const FIRST_OF_TOPICS: usize = 25;
/// How wide that table's column of sums is.
const ALL: usize = 6;

impl Report {
    /// The report in lines for people.
    pub fn lines(&self) -> String {
        let mut sheet = Sheet(String::new());
        for program in &self.programs {
            sheet.line(format!("{} ({}): {} tips", program.name, program.program, program.tips));
            sheet.line(format!("edition {}, as of {}", &self.hash[..12], self.on));
            sheet.topics(program);
            sheet.weeks(&program.weeks);
            sheet.languages(program);
            sheet.mothers(&program.mothers, self.currency.as_deref());
            sheet.line("");
        }
        sheet.0
    }
}

struct Sheet(String);

impl Sheet {
    fn line(&mut self, words: impl AsRef<str>) {
        self.0.push_str(words.as_ref().trim_end());
        self.0.push('\n');
    }

    fn title(&mut self, words: &str) {
        self.line("");
        self.line(words);
    }

    /// A line of a table: its name at the left, its cells at the right of their columns.
    fn row(&mut self, name: &str, cells: &[(String, usize)]) {
        self.row_from(FIRST, name, cells);
    }

    fn row_from(&mut self, first: usize, name: &str, cells: &[(String, usize)]) {
        let mut name = format!("  {name}");
        // A name that is too long has a line of its own.
        if name.chars().count() > first {
            self.line(&name);
            name = String::new();
        }
        let cells: String = cells.iter().map(|(cell, width)| format!("{cell:>width$}")).collect();
        self.line(format!("{name:<first$}{cells}"));
    }

    fn topics(&mut self, program: &ProgramReport) {
        self.title("Tips by topic and track (more: second texts; family: for who cares for her)");
        let names = TRACKS.iter().map(|(name, width)| ((*name).to_owned(), *width));
        let heads: Vec<_> = names.chain([("all".to_owned(), ALL)]).collect();
        self.row_from(FIRST_OF_TOPICS, "", &heads);
        let mut totals = [0; TRACKS.len()];
        for (topic, tracks) in &program.topics {
            let counts = TRACKS.map(|(column, _)| {
                tracks
                    .iter()
                    .filter(|(track, _)| column_of(track) == column)
                    .map(|(_, count)| count)
                    .sum::<u32>()
            });
            for (total, count) in totals.iter_mut().zip(counts) {
                *total += count;
            }
            self.row_from(FIRST_OF_TOPICS, topic, &figures(counts));
        }
        self.row_from(FIRST_OF_TOPICS, "all", &figures(totals));
    }

    fn weeks(&mut self, tracks: &[TrackWeeks]) {
        self.title("Weeks of the mother: # has a tip in each slot, a figure in so many, . in none");
        let mut gaps = Vec::new();
        for TrackWeeks { track, weeks } in tracks {
            let first = weeks.first().map_or(0, |week| week.week);
            let last = weeks.last().map_or(0, |week| week.week);
            self.line(format!("  {:<12}{}", "", ruler(first, last)));
            self.line(format!("  {track:<12}{}", weeks.iter().map(mark).collect::<String>()));
            let open = weeks.iter().filter(|week| week.filled < week.due);
            gaps.extend(open.map(|week| format!("{track} {} ({} of {})", week.week, week.filled, week.due)));
        }
        if gaps.is_empty() {
            self.line("  no gap");
        }
        for some in gaps.chunks(3) {
            self.line(format!("  gap: {}", some.join(", ")));
        }
    }

    fn languages(&mut self, program: &ProgramReport) {
        self.title("Languages and review");
        let states = State::ALL.map(|state| (state.name().to_owned(), 10));
        let stale = vec![("stale".to_owned(), 10)];
        self.row("", &[vec![("tips".to_owned(), 8)], states.into(), stale].concat());
        for language in &program.languages {
            let states = language.states.values().map(|count| (count.to_string(), 10));
            let stale = (language.stale.to_string(), 10);
            let cells = std::iter::once((language.tips.to_string(), 8)).chain(states).chain([stale]);
            self.row(language.language.as_str(), &cells.collect::<Vec<_>>());
        }
        self.title("Questions by state of review");
        let states = State::ALL.map(|state| (state.name().to_owned(), 10));
        self.row("", &[vec![("all".to_owned(), 8)], states.into()].concat());
        let states = program.questions.values().map(|count| (count.to_string(), 10));
        let all = program.questions.values().sum::<u32>();
        let cells = std::iter::once((all.to_string(), 8)).chain(states);
        self.row("in every language", &cells.collect::<Vec<_>>());
        self.title("Priority");
        let name = |priority: &u8| match priority {
            1 => "1 vital".to_owned(),
            2 => "2 important".to_owned(),
            3 => "3 nice to know".to_owned(),
            other => other.to_string(),
        };
        for (priority, count) in &program.priorities {
            self.row(&name(priority), &[(count.to_string(), 8)]);
        }
        self.title("SMS a text");
        let heads = ["average", "GSM-7", "UCS-2", "1 SMS", "2 SMS", "3 SMS"];
        self.row("", &heads.map(|head| (head.to_owned(), 8)));
        for language in &program.languages {
            let segments = &language.segments;
            let of = |count: u32| segments.by_count.get(&count).copied().unwrap_or(0);
            let counts =
                [segments.gsm7, segments.ucs2, of(1), of(2), of(3)].map(|count| (count.to_string(), 8));
            let average = std::iter::once((format!("{:.2}", segments.average), 8));
            self.row(language.language.as_str(), &average.chain(counts).collect::<Vec<_>>());
        }
        self.title("Reading level");
        self.row(
            "",
            &[("formula", 20), ("mean", 8), ("beyond 6th grade", 20)].map(|(head, w)| (head.to_owned(), w)),
        );
        for language in &program.languages {
            let cells = language.reading.as_ref().map_or_else(
                || [("none".to_owned(), 20), (String::new(), 8), (String::new(), 20)],
                |read| {
                    let beyond = format!("{} of {}", read.beyond_sixth_grade, read.texts);
                    [(read.method.to_owned(), 20), (format!("{:.1}", read.mean), 8), (beyond, 20)]
                },
            );
            self.row(language.language.as_str(), &cells);
        }
    }

    fn mothers(&mut self, mothers: &[Mother], currency: Option<&str>) {
        self.title("What one mother gets who joins today, with a birth on the due date:");
        self.line("all tips, drafts too, in their national form, without answers to what she writes");
        let mut heads = vec![("texts".to_owned(), 7), ("no tip".to_owned(), 8), ("SMS".to_owned(), 7)];
        if let Some(currency) = currency {
            heads.extend([(format!("{currency} an SMS"), 14), (currency.to_owned(), 12)]);
        }
        self.row("", &heads);
        for mother in mothers {
            self.line(format!("  {}", mother.course));
            for her in &mother.languages {
                let mut cells = vec![
                    (her.texts.to_string(), 7),
                    (her.without_tip.to_string(), 8),
                    (her.segments.to_string(), 7),
                ];
                if currency.is_some() {
                    let none = || "-".to_owned();
                    cells.push((her.price.map_or_else(none, |price| price.to_string()), 14));
                    cells.push((her.cost.map_or_else(none, |cost| cost.rounded()), 12));
                }
                self.row(&format!("  {}", her.language), &cells);
            }
        }
    }
}

/// The column of a track.
fn column_of(track: &str) -> &str {
    if Loss::ALL.iter().any(|loss| Track::Loss(*loss).name() == track) { "loss" } else { track }
}

/// Counts and their sum; nothing is shown as a point, so that the eye finds what is there.
fn figures(counts: [u32; TRACKS.len()]) -> Vec<(String, usize)> {
    let shown = |count: u32| if count == 0 { ".".to_owned() } else { count.to_string() };
    let cells = counts.into_iter().zip(TRACKS).map(|(count, (_, width))| (shown(count), width));
    cells.chain([(counts.iter().sum::<u32>().to_string(), ALL)]).collect()
}

fn mark(week: &WeekSlots) -> char {
    match week.filled {
        0 => '.',
        filled if filled >= week.due => '#',
        filled => char::from_digit(filled, 10).unwrap_or('+'),
    }
}

/// The weeks' numbers above a strip: the first, and each tenth.
fn ruler(first: i64, last: i64) -> String {
    let mut ruler = String::new();
    for week in first..=last {
        let at = (week - first).unsigned_abs() as usize;
        if (week == first || week % 10 == 0) && ruler.len() <= at {
            ruler = format!("{ruler:<at$}{week}");
        }
    }
    ruler
}
