//! Dates of nothing but numbers: `3/3`, `03.03.27`, `2027-03-03`, `3 3 27`, `03032027`.

use chrono::NaiveDate;

use super::Candidate;
use super::candidate::{both_orders, exists};
use super::figures::{Figure, Joint, run_from, tight_parts};
use super::mention::Mention;
use super::tokens::{Number, Token, spend};
use super::words::DateWords;
use super::year::{Year, full_year, is_full_year, year_at};

/// Signs that part day and month in any company; with the others a word after them may say that it is a count.
const STRONG: &str = "/\\";

/// Finds and spends the dates of numbers.
pub(super) fn find(tokens: &mut [Token], words: &DateWords, today: NaiveDate) -> Vec<Mention> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let run = run_from(tokens, at, words);
        let reader = Reader { tokens, words, today };
        found.extend(reader.dates(&run));
        at = run.last().map_or(at, |last| last.at) + 1;
    }
    for mention in &found {
        spend(tokens, mention.span.clone());
    }
    found
}

struct Reader<'a> {
    tokens: &'a [Token],
    words: &'a DateWords,
    today: NaiveDate,
}

impl Reader<'_> {
    fn dates(&self, run: &[Figure]) -> Vec<Mention> {
        let parts: Vec<&[Figure]> = tight_parts(run).collect();
        if parts.len() > 1 && parts.iter().all(|part| part.len() == 1) {
            return self.spread(run).into_iter().collect();
        }
        let with_next = parts.iter().enumerate().map(|(place, part)| (part, parts.get(place + 1)));
        with_next.filter_map(|(part, next)| self.part(part, next.copied())).collect()
    }

    /// Numbers that all stand apart: `3 3 27`, `3 / 3`. More than three are a telephone number.
    fn spread(&self, run: &[Figure]) -> Option<Mention> {
        match run {
            [a, b, c] => self.triple(a, b, c),
            [a, b] => match b.joint {
                Joint::Loose(sign) if STRONG.contains(sign) || sign == '-' => self.pair(a, b, None),
                // Two bare numbers are a date only when nothing else is said.
                Joint::Space if self.words.all_familiar(self.tokens, &[a.at, b.at]) => self.pair(a, b, None),
                _ => None,
            },
            _ => None,
        }
    }

    /// Numbers bound together, and what stands next to them: in `3/3 2027` the year.
    fn part(&self, part: &[Figure], next: Option<&[Figure]>) -> Option<Mention> {
        match (part, next) {
            ([a], _) => self.glued(a),
            ([a, b], Some([year])) => self.pair(a, b, Some(year)),
            ([a, b], _) => self.pair(a, b, None),
            ([a, b, c], _) => self.triple(a, b, c),
            _ => None,
        }
    }

    fn triple(&self, a: &Figure, b: &Figure, c: &Figure) -> Option<Mention> {
        let readings = if a.number.digits == 4 && b.number.is_short() && c.number.is_short() {
            year_first(full_year(a.number, self.today)?, b.number.value, c.number.value)
        } else if a.number.is_short() && b.number.is_short() {
            self.in_order(a.number.value, b.number.value, Some(full_year(c.number, self.today)?))
        } else {
            return None;
        };
        self.mention(&[*a, *b, *c], readings)
    }

    fn pair(&self, a: &Figure, b: &Figure, next: Option<&Figure>) -> Option<Mention> {
        let next = next.filter(|next| next.joint != Joint::Tight('-'));
        let year = next.map_or(Year::Missing, |next| year_at(self.tokens, next.at, self.words, self.today));
        let strong = matches!(b.joint, Joint::Tight(sign) | Joint::Loose(sign) if STRONG.contains(sign));
        let counts = !strong && self.words.stranger_at(self.tokens, b.at + 1);
        if !a.number.is_short() || !b.number.is_short() || counts || year == Year::Absurd {
            return None;
        }
        let readings = self.in_order(a.number.value, b.number.value, year.given());
        match next {
            Some(next) if year != Year::Missing => self.mention(&[*a, *b, *next], readings),
            _ => self.mention(&[*a, *b], readings),
        }
    }

    /// One number without anything between: `03032027`, `20270303`, and when nothing else is said `030327`, `0303`.
    fn glued(&self, figure: &Figure) -> Option<Mention> {
        let Number { value, digits } = figure.number;
        let readings = match digits {
            8 => match (self.year(value % 10_000, 4), self.year(value / 10_000, 4)) {
                (Some(year), _) => self.in_order(value / 1_000_000, value / 10_000 % 100, Some(year)),
                (None, Some(year)) => year_first(year, value / 100 % 100, value % 100),
                (None, None) => return None,
            },
            6 if self.alone(figure) => {
                let year = self.year(value % 100, 2)?;
                self.in_order(value / 10_000, value / 100 % 100, Some(year))
            }
            4 if !is_full_year(figure.number) && self.alone(figure) => {
                self.in_order(value / 100, value % 100, None)
            }
            _ => return None,
        };
        self.mention(&[*figure], readings)
    }

    fn alone(&self, figure: &Figure) -> bool {
        self.words.all_familiar(self.tokens, &[figure.at])
    }

    fn year(&self, value: u32, digits: usize) -> Option<i32> {
        full_year(Number { value, digits }, self.today)
    }

    fn in_order(&self, first: u32, second: u32, year: Option<i32>) -> Vec<Candidate> {
        both_orders(self.words.order, first, second, year)
    }

    fn mention(&self, figures: &[Figure], readings: Vec<Candidate>) -> Option<Mention> {
        let (first, last) = (figures.first()?, figures.last()?);
        let is_day = |figure: &&Figure| readings.first().is_some_and(|date| date.day == figure.number.value);
        let day_at = figures.iter().find(is_day).unwrap_or(first).at;
        let mut mention = Mention { span: first.at..last.at + 1, day_at, readings };
        if mention.is_vague(self.tokens, self.words) {
            mention.readings.clear();
        }
        Some(mention)
    }
}

/// Year, month and day as ISO 8601 has them; day and month the other way round only if they cannot be meant so.
fn year_first(year: i32, month: u32, day: u32) -> Vec<Candidate> {
    let date = |day, month| Candidate { day, month, year: Some(year) };
    let meant = [date(day, month), date(month, day)];
    meant.into_iter().filter(|date| exists(date.day, date.month, date.year)).take(1).collect()
}
