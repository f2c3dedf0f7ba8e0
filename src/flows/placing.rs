//! Where enrollments come from: by whose code, from which state or region. They are counted as they come, a month at a
//! time, so that no page counts a million of them; and told so that nobody can be known by them.
//!
//! A number below the smallest one is not told apart. What would be left of the whole could be reckoned where only one
//! number is hidden: so the small ones are told together, with the next larger one as well until they are two at least
//! and together large enough. Ranges are whole months, or two of them a day apart would tell that day.

use std::collections::BTreeMap;

use chrono::{Datelike as _, NaiveDate, TimeDelta};
use uuid::Uuid;

use super::Service;
use crate::ids::first_at;
use crate::store::arrivals::{self, By, More};
use crate::store::{StoreResult, service as facts};

/// Up to which enrollment they are counted.
const COUNTED: &str = "arrivals_counted";
/// What was enrolled a moment ago may still be being written down beside what comes later.
const SETTLED: TimeDelta = TimeDelta::minutes(2);

/// Counts some of the enrollments that have come; gives how many.
pub async fn gather(service: &Service, most: i64) -> StoreResult<usize> {
    let before = first_at(service.now() - SETTLED);
    let mut tx = service.database.begin().await?;
    let counted = facts::fact(&mut tx, COUNTED).await?;
    let counted = counted.and_then(|id| Uuid::parse_str(&id).ok()).unwrap_or(Uuid::nil());
    let new = arrivals::after(&mut tx, counted, before, most).await?;
    let Some(last) = new.last().map(|last| last.id) else { return Ok(0) };
    let mut more: BTreeMap<(String, By, NaiveDate, String), i64> = BTreeMap::new();
    for one in &new {
        let month = month_of(one.enrolled_on);
        for (by, place) in [(By::Code, &one.partner), (By::Area, &one.area)] {
            let place = place.clone().unwrap_or_default();
            *more.entry((one.program.clone(), by, month, place)).or_default() += 1;
        }
    }
    let more: Vec<More> = more
        .into_iter()
        .map(|((program, by, month, place), people)| (program, by, month, place, people))
        .collect();
    arrivals::add(&mut tx, &more).await?;
    facts::set_fact(&mut tx, COUNTED, &last.to_string()).await?;
    tx.commit().await?;
    Ok(new.len())
}

/// The first day of a month.
pub fn month_of(day: NaiveDate) -> NaiveDate {
    day.with_day(1).unwrap_or(day)
}

/// Numbers that may be told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// Each by itself, the largest first.
    pub apart: Vec<(String, i64)>,
    /// Those that are not told apart, in their order.
    pub together: Vec<String>,
    /// How many these are together; none: too few.
    pub of_those: Option<i64>,
    /// All; none: too few.
    pub all: Option<i64>,
}

/// What may be told of numbers of people, of which none may be known that is smaller than `smallest`.
pub fn told(mut numbers: Vec<(String, i64)>, smallest: i64) -> Told {
    numbers.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let all: i64 = numbers.iter().map(|(_, people)| people).sum();
    if all < smallest {
        let together = numbers.into_iter().map(|(name, _)| name).collect();
        return Told { together, ..Told::default() };
    }
    let mut apart = numbers.iter().filter(|(_, people)| *people >= smallest).count();
    let rest = |apart: usize| numbers[apart..].iter().map(|(_, people)| people).sum::<i64>();
    while apart > 0 && apart < numbers.len() && (numbers.len() - apart < 2 || rest(apart) < smallest) {
        apart -= 1;
    }
    let of_those = (apart < numbers.len()).then(|| rest(apart));
    let together = numbers.split_off(apart).into_iter().map(|(name, _)| name).collect();
    Told { apart: numbers, together, of_those, all: Some(all) }
}

/// What came to a program by months from one up to another, as it may be told. `also` are told of though nobody came.
pub async fn came(
    service: &Service,
    program: &str,
    by: By,
    months: (NaiveDate, NaiveDate),
    (also, smallest): (&[String], i64),
) -> StoreResult<Told> {
    let mut tx = service.database.read().await?;
    let mut numbers = arrivals::came(&mut tx, program, by, months).await?;
    for name in also {
        if numbers.iter().all(|(known, _)| known != name) {
            numbers.push((name.clone(), 0));
        }
    }
    Ok(told(numbers, smallest))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(numbers: &[i64]) -> Told {
        told((0..).zip(numbers).map(|(name, people)| (format!("{name}"), *people)).collect(), 10)
    }

    #[test]
    fn a_single_small_number_is_told_with_the_next() {
        let said = of(&[50, 3, 20]);
        assert_eq!(vec![("0".to_owned(), 50)], said.apart);
        assert_eq!((vec!["2".to_owned(), "1".to_owned()], Some(23)), (said.together, said.of_those));
        assert_eq!(Some(73), said.all);
    }

    #[test]
    fn several_small_numbers_are_told_together() {
        let said = of(&[50, 6, 7]);
        assert_eq!((1, Some(13)), (said.apart.len(), said.of_those));
        assert_eq!(None, of(&[3, 4]).all);
        assert_eq!(2, of(&[10, 11]).apart.len());
    }

    proptest! {
        #[test]
        fn no_small_number_can_be_reckoned(numbers in proptest::collection::vec(0i64..40, 0..12)) {
            let said = of(&numbers);
            prop_assert!(said.apart.iter().all(|(_, people)| *people >= 10));
            // What is hidden is two numbers at least, and together not small.
            if let Some(all) = said.all {
                let hidden = all - said.apart.iter().map(|(_, people)| people).sum::<i64>();
                prop_assert_eq!(hidden, said.of_those.unwrap_or(0));
                prop_assert!(said.together.is_empty() || said.together.len() >= 2 && hidden >= 10);
            }
        }
    }
}
