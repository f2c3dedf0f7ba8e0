//! Where enrollments come from: by whose code, from which state or region. They are counted as they come, a month at a
//! time, so that no page counts a million of them; and told so that nobody can be known by them.
//!
//! A number below the smallest one is not told apart. What would be left of the whole could be reckoned where only one
//! number is hidden: so the small ones are told together, with the next larger one as well until they are two at least
//! and together large enough. Ranges are whole months, or two of them a day apart would tell that day; and each month is
//! told for itself, and only what may be told is added, or two ranges a month apart would tell that month's small number.

use std::collections::{BTreeMap, BTreeSet};

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
    let fact = facts::fact(&mut tx, COUNTED).await?;
    let counted = fact.as_deref().and_then(|id| Uuid::parse_str(id).ok()).unwrap_or(Uuid::nil());
    let new = arrivals::after(&mut tx, counted, before, most).await?;
    let Some(last) = new.last().map(|last| last.id) else { return Ok(0) };
    // First, and only from where it stood: another process that counts the same meanwhile adds nothing.
    if !facts::move_fact(&mut tx, COUNTED, fact.as_deref(), &last.to_string()).await? {
        return Ok(0);
    }
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
    let named = |numbers: &[(String, i64)]| {
        // By their names: in the order of their numbers they would tell which is the largest.
        numbers.iter().map(|(name, _)| name.clone()).collect::<BTreeSet<_>>().into_iter().collect()
    };
    if all < smallest {
        return Told { together: named(&numbers), ..Told::default() };
    }
    // Where there is nobody there is nobody to hide: a zero hides no other number, and is told where nothing is hidden.
    let some = numbers.iter().filter(|(_, people)| *people > 0).count();
    let mut apart = numbers.iter().filter(|(_, people)| *people >= smallest).count();
    let rest = |apart: usize| numbers[apart..].iter().map(|(_, people)| people).sum::<i64>();
    while apart > 0 && apart < some && (some - apart < 2 || rest(apart) < smallest) {
        apart -= 1;
    }
    if apart >= some {
        return Told { apart: numbers, all: Some(all), ..Told::default() };
    }
    let of_those = Some(rest(apart));
    let together = named(&numbers[apart..]);
    numbers.truncate(apart);
    Told { apart: numbers, together, of_those, all: Some(all) }
}

/// The sum of what may be told of each month by itself. A month with too few in all is left out.
pub fn told_by_month(months: impl IntoIterator<Item = Vec<(String, i64)>>, smallest: i64) -> Told {
    let (mut apart, mut together, mut few) = (BTreeMap::new(), BTreeSet::new(), BTreeSet::new());
    let mut sum = Told::default();
    for said in months.into_iter().map(|numbers| told(numbers, smallest)) {
        let Some(all) = said.all else {
            few.extend(said.together);
            continue;
        };
        sum.all = Some(sum.all.unwrap_or(0) + all);
        if let Some(hidden) = said.of_those {
            sum.of_those = Some(sum.of_those.unwrap_or(0) + hidden);
        }
        together.extend(said.together);
        for (name, people) in said.apart {
            *apart.entry(name).or_insert(0) += people;
        }
    }
    let together = if sum.all.is_some() { together } else { few };
    // That there was nobody in one month says nothing of a name that is hidden in another.
    let shown = apart.into_iter().filter(|(name, people)| *people > 0 || !together.contains(name));
    sum.apart = shown.collect();
    sum.apart.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    sum.together = together.into_iter().collect();
    sum
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
    let mut numbers: BTreeMap<NaiveDate, BTreeMap<String, i64>> = BTreeMap::new();
    for (month, place, people) in arrivals::came(&mut tx, program, by, months).await? {
        numbers.entry(month).or_default().insert(place, people);
    }
    if numbers.is_empty() {
        numbers.insert(months.0, BTreeMap::new());
    }
    let known = numbers.into_values().map(|mut month| {
        for name in also {
            month.entry(name.clone()).or_insert(0);
        }
        month.into_iter().collect()
    });
    Ok(told_by_month(known, smallest))
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
        assert_eq!((vec!["1".to_owned(), "2".to_owned()], Some(23)), (said.together, said.of_those));
        assert_eq!(Some(73), said.all);
    }

    #[test]
    fn several_small_numbers_are_told_together() {
        let said = of(&[50, 6, 7]);
        assert_eq!((1, Some(13)), (said.apart.len(), said.of_those));
        assert_eq!(None, of(&[3, 4]).all);
        assert_eq!(2, of(&[10, 11]).apart.len());
    }

    #[test]
    fn a_zero_hides_no_other_number_and_nobody_hides_behind_it() {
        let said = of(&[50, 20, 0]);
        assert_eq!((3, None), (said.apart.len(), said.of_those));
        // The zero is no second number.
        let said = of(&[50, 20, 3, 0]);
        assert_eq!((1, Some(23)), (said.apart.len(), said.of_those));
        assert_eq!(["1", "2", "3"].as_slice(), said.together);
    }

    #[test]
    fn two_ranges_tell_no_month_between_them() {
        let month = |numbers: &[i64]| -> Vec<(String, i64)> {
            (0..).zip(numbers).map(|(name, people)| (format!("{name}"), *people)).collect()
        };
        let (before, last) = (month(&[40, 12, 30]), month(&[40, 3, 30]));
        let shorter = told_by_month([before.clone()], 10);
        let longer = told_by_month([before, last.clone()], 10);
        assert_eq!(Some(&("1".to_owned(), 12)), shorter.apart.iter().find(|(name, _)| name == "1"));
        // By the whole it would be 15.
        assert_eq!(Some(&("1".to_owned(), 12)), longer.apart.iter().find(|(name, _)| name == "1"));
        assert_eq!((vec!["1".to_owned(), "2".to_owned()], Some(33)), (longer.together, longer.of_those));
        assert_eq!((Some(82), Some(155)), (shorter.all, longer.all));
        // A month with too few is left out.
        let left_out = told_by_month([month(&[4, 3]), last], 10);
        assert_eq!(Some(73), left_out.all);
    }

    proptest! {
        #[test]
        fn no_small_number_can_be_reckoned(numbers in proptest::collection::vec(0i64..40, 0..12)) {
            let said = of(&numbers);
            let hides = !said.together.is_empty();
            prop_assert!(said.apart.iter().all(|(_, people)| *people >= 10 || *people == 0 && !hides));
            // What is hidden is two numbers at least, of some people each, and together not small.
            let some = numbers.iter().filter(|people| **people > 0).count();
            if let Some(all) = said.all {
                let hidden = all - said.apart.iter().map(|(_, people)| people).sum::<i64>();
                prop_assert_eq!(hidden, said.of_those.unwrap_or(0));
                prop_assert!(!hides || some - said.apart.len() >= 2 && hidden >= 10 || said.apart.is_empty());
            }
        }
    }
}
