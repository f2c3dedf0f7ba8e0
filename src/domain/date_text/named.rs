//! Dates with the month's name: `3 марта`, `Mar-3-27`, `March the 3rd, 2027`, `3 de marzo del 27`, `2027 Mar 3`.

use std::ops::Range;

use chrono::NaiveDate;

use super::Candidate;
use super::candidate::exists;
use super::lexicon::Order;
use super::mention::Mention;
use super::tokens::{Number, Token, group, spend};
use super::words::DateWords;
use super::year::{Year, full_year, is_full_year, year_at};

/// Signs that may stand between day, month and year.
const BETWEEN: &str = ".,-/':_\\";
/// How many signs and words may: "3rd of the month of March".
const FARTHEST: usize = 5;
/// The tokens of a group of two numbers; a longer group is a date or a telephone number of its own.
const TWO_NUMBERS: usize = 3;

/// Finds and spends the dates with a month's name.
pub(super) fn find(tokens: &mut [Token], words: &DateWords, today: NaiveDate) -> Vec<Mention> {
    let mut found = Vec::new();
    for at in 0..tokens.len() {
        let named = words.month(&tokens[at]).and_then(|month| {
            let reader = Reader { tokens, words, today, month_at: at, month };
            reader.mention()
        });
        if let Some(mention) = named {
            spend(tokens, mention.span.clone());
            found.push(mention);
        }
    }
    found
}

/// One month's name and what stands around it.
struct Reader<'a> {
    tokens: &'a [Token],
    words: &'a DateWords,
    today: NaiveDate,
    month_at: usize,
    month: u32,
}

impl Reader<'_> {
    fn mention(&self) -> Option<Mention> {
        let (day_at, year_at, year) = self.day_and_year()?;
        let day = self.tokens[day_at].number()?.value;
        let places = [Some(self.month_at), Some(day_at), year_at];
        let (first, last) = (places.iter().flatten().min()?, places.iter().flatten().max()?);
        let mut mention = Mention { span: *first..last + 1, day_at, readings: Vec::new() };
        let date = Candidate { day, month: self.month, year: year.given() };
        if year != Year::Absurd
            && exists(date.day, date.month, date.year)
            && !mention.is_vague(self.tokens, self.words)
        {
            mention.readings.push(date);
        }
        Some(mention)
    }

    /// Where the day is, and the year if there is one.
    fn day_and_year(&self) -> Option<(usize, Option<usize>, Year)> {
        let before = self.number_before(self.month_at);
        let after = self.number_after(self.month_at);
        let is_short = |at: &usize| self.number(*at).is_some_and(Number::is_short);
        let day_after = after.filter(|at| is_short(at) && !self.is_called_year(*at));
        match (before, day_after) {
            (Some(year), Some(day)) if self.number(year).is_some_and(is_full_year) => {
                Some((day, Some(year), self.year(year)))
            }
            (Some(day), right)
                if is_short(&day) && !right.is_some_and(|right| self.right_is_day(day, right)) =>
            {
                Some(self.with_year(day, self.month_at))
            }
            (_, Some(day)) => Some(self.with_year(day, day)),
            _ => None,
        }
    }

    /// Whether the words beside a number make it a year: "marzo del 27", "март 27 года".
    fn is_called_year(&self, at: usize) -> bool {
        self.year(at) != Year::Missing
            && (self.words.before_year.ends_at(self.tokens, at)
                || self.words.after_year.at(self.tokens, at + 1).is_some())
    }

    /// With a number on either side of the month, whether the right one is the day: "I have 2, March 3".
    fn right_is_day(&self, left: usize, right: usize) -> bool {
        let right_is_year = self.number(right).is_some_and(|number| full_year(number, self.today).is_some());
        let belongs_to_next = self.words.month_follows(self.tokens, right + 1);
        let parted = self.tokens[left..self.month_at].iter().any(|token| token.sign() == Some(','));
        !right_is_year && !belongs_to_next && (parted || self.words.order == Order::MonthFirst)
    }

    /// The day with the year that comes after `from`, the later one of day and month.
    fn with_year(&self, day: usize, from: usize) -> (usize, Option<usize>, Year) {
        let place = self.number_after(from).filter(|at| self.year_may_stand(day, from, *at));
        match place.map(|at| (at, self.year(at))) {
            Some((at, year)) if year != Year::Missing => (day, Some(at), year),
            _ => (day, None, Year::Missing),
        }
    }

    /// A year may not be bound to numbers of another date, and a dash before it must be the habit of the
    /// whole date: `Mar-3-27` has a year, `March 3-27` names two days.
    fn year_may_stand(&self, day: usize, from: usize, year: usize) -> bool {
        let own = group(self.tokens, year);
        let bound_elsewhere = own.len() > 1 && own != (day..year + 1);
        let dash = |span: Range<usize>| self.tokens[span].iter().any(|token| token.sign() == Some('-'));
        let inside = day.min(self.month_at)..day.max(self.month_at);
        let dash_fits = !dash(from..year) || dash(inside) || self.number(year).is_some_and(is_full_year);
        !bound_elsewhere && dash_fits
    }

    fn year(&self, at: usize) -> Year {
        year_at(self.tokens, at, self.words, self.today)
    }

    fn number(&self, at: usize) -> Option<Number> {
        self.tokens[at].number()
    }

    fn number_after(&self, from: usize) -> Option<usize> {
        let mut at = from + 1;
        while at <= from + FARTHEST {
            if self.number_to_use(at) {
                return Some(at);
            }
            at = self.past_between(at)?;
        }
        None
    }

    fn number_before(&self, from: usize) -> Option<usize> {
        let nearest = (from.saturating_sub(FARTHEST)..from).rev().find(|at| self.number_to_use(*at))?;
        let mut at = nearest + 1;
        while at < from {
            at = self.past_between(at)?;
        }
        Some(nearest)
    }

    fn number_to_use(&self, at: usize) -> bool {
        self.tokens.get(at).is_some_and(|token| token.number().is_some())
            && group(self.tokens, at).len() <= TWO_NUMBERS
    }

    /// The place after a sign or word that may stand inside a date; none if something else stands at `at`.
    fn past_between(&self, at: usize) -> Option<usize> {
        let token = self.tokens.get(at)?;
        if let Some(sign) = token.sign() {
            let ends_sentence = sign == '.'
                && self.number(at - 1).is_some()
                && self.tokens.get(at + 1).is_some_and(|next| next.spaced);
            return (BETWEEN.contains(sign) && !ends_sentence).then_some(at + 1);
        }
        let is_either = token.spaced && self.words.either.at(self.tokens, at).is_some();
        let ending = self.words.ordinal_endings.at(self.tokens, at).filter(|_| !is_either);
        ending.or_else(|| self.words.joins.at(self.tokens, at)).map(|(end, ())| end)
    }
}
