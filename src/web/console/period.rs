//! Spans of time as pages offer them: today, 24 hours, 7 and 30 days, or from one moment to another, in the zone of who
//! looks.

use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;

use super::form::{Faults, Typed};
use super::tongue::{Tongue, words};
use crate::domain::calendar::instant;

words! {
    /// What spans are called.
    pub Words {
        legend: "Period", "Período", "Период";
        today: "Today", "Hoy", "Сегодня";
        day: "24 hours", "24 horas", "24 часа";
        week: "7 days", "7 días", "7 дней";
        month: "30 days", "30 días", "30 дней";
        own: "Other dates", "Otras fechas", "Другие даты";
        from: "From", "Desde", "С";
        to: "To", "Hasta", "По";
        show: "Show", "Mostrar", "Показать";
        senseless: "Write the day and time as 2026-11-24 or 2026-11-24T10:00.", "Escriba el día y la hora como 2026-11-24 o 2026-11-24T10:00.", "Напишите день и время в виде 2026-11-24 или 2026-11-24T10:00.";
        reversed: "The end is before the beginning.", "El final es anterior al comienzo.", "Конец раньше начала.";
        too_long: "At most two years at once.", "Dos años como máximo.", "Не больше двух лет сразу.";
        hour_ago_week: "a week earlier", "una semana antes", "неделей раньше";
        same_weekday: "a week ago by this time", "hace una semana a esta hora", "неделю назад к этому часу";
        span_before: "the period before", "el período anterior", "предыдущий период";
    }
}

/// Longer than what is kept.
const LONGEST: TimeDelta = TimeDelta::days(731);

/// Which span.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Range {
    /// Since midnight.
    Today,
    /// The last 24 hours.
    Day,
    /// The last 7 days.
    Week,
    /// The last 30 days.
    Month,
    /// From one moment to another.
    Own,
}

impl Range {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Today, Self::Day, Self::Week, Self::Month, Self::Own];

    /// As it stands in an address.
    pub fn code(self) -> &'static str {
        match self {
            Self::Today => "today",
            Self::Day => "24h",
            Self::Week => "7d",
            Self::Month => "30d",
            Self::Own => "own",
        }
    }

    /// Its name.
    pub fn name(self, words: &Words) -> &'static str {
        match self {
            Self::Today => words.today,
            Self::Day => words.day,
            Self::Week => words.week,
            Self::Month => words.month,
            Self::Own => words.own,
        }
    }
}

/// A span of time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Period {
    /// Which.
    pub range: Range,
    /// From this moment on.
    pub from: DateTime<Utc>,
    /// Up to this moment.
    pub to: DateTime<Utc>,
    /// In whose zone days begin.
    pub zone: Tz,
}

impl Period {
    /// What was asked for; today if it makes no sense.
    pub fn read(
        typed: &Typed,
        (zone, tongue): (Tz, Tongue),
        now: DateTime<Utc>,
        faults: &mut Faults,
    ) -> Self {
        let words = Words::of(tongue);
        let asked = Range::ALL.into_iter().find(|range| range.code() == typed.get("range"));
        // Who types a span and leaves the choice alone wants the span.
        let typed_any = typed.is("from") || typed.is("to");
        let range = asked.unwrap_or(if typed_any { Range::Own } else { Range::Today });
        if range == Range::Own {
            match own(typed, zone, now, words, faults) {
                Some((from, to)) => return Self { range, from, to, zone },
                None => return Self { range, ..Self::of(Range::Today, zone, now) },
            }
        }
        Self::of(range, zone, now)
    }

    /// A span that ends now.
    pub fn of(range: Range, zone: Tz, now: DateTime<Utc>) -> Self {
        let today = now.with_timezone(&zone).date_naive();
        let from = match range {
            Range::Today | Range::Own => instant(zone, today.and_time(NaiveTime::MIN)),
            Range::Day => now - TimeDelta::hours(24),
            Range::Week => now - TimeDelta::days(7),
            Range::Month => now - TimeDelta::days(30),
        };
        // What is made in this very moment belongs to it.
        Self { range, from, to: now + TimeDelta::seconds(1), zone }
    }

    /// The span that it is compared with: the same a week before, or the one before it.
    pub fn before(&self) -> Self {
        let length = self.to - self.from;
        let back = match self.range {
            Range::Today => {
                let week_ago = |at: DateTime<Utc>| {
                    let local = at.with_timezone(&self.zone).naive_local();
                    instant(self.zone, local - Days::new(7))
                };
                return Self { from: week_ago(self.from), to: week_ago(self.to), ..self.clone() };
            }
            _ if length <= TimeDelta::days(7) => TimeDelta::days(7),
            _ => length,
        };
        Self { from: self.from - back, to: self.to - back, ..self.clone() }
    }

    /// What share of the running hour of the span before counts, where this span reaches up to now, and when that hour
    /// began: counts are by the hour, and the hour that runs is not over.
    pub fn running(&self, now: DateTime<Utc>) -> Option<(DateTime<Utc>, f64)> {
        if self.to <= crate::store::tallies::hour_of(now) {
            return None;
        }
        // Without the second that is added to what ends now.
        let end = self.before().to - TimeDelta::seconds(1);
        let hour = crate::store::tallies::hour_of(end);
        Some((hour, (end - hour).num_milliseconds() as f64 / 3_600_000.0))
    }

    /// What the span before is called.
    pub fn before_is(&self, words: &'static Words) -> &'static str {
        match self.range {
            Range::Today => words.same_weekday,
            _ if self.to - self.from <= TimeDelta::days(7) + TimeDelta::seconds(2) => words.hour_ago_week,
            _ => words.span_before,
        }
    }

    /// As it stands in an address.
    pub fn query(&self) -> Vec<(&'static str, String)> {
        let mut query = vec![("range", self.range.code().to_owned())];
        if self.range == Range::Own {
            query.push(("from", self.typed(self.from)));
            query.push(("to", self.typed(self.to)));
        }
        query
    }

    /// A moment as a field holds it.
    pub fn typed(&self, at: DateTime<Utc>) -> String {
        at.with_timezone(&self.zone).format("%Y-%m-%dT%H:%M").to_string()
    }

    /// Whether it is shown by hours, not by days.
    pub fn is_short(&self) -> bool {
        self.to - self.from <= TimeDelta::hours(49)
    }

    /// The parts it is drawn by: where each begins, in order.
    pub fn parts(&self) -> Vec<DateTime<Utc>> {
        let mut parts = Vec::new();
        if self.is_short() {
            let mut at = crate::store::tallies::hour_of(self.from);
            while at < self.to {
                parts.push(at);
                at += TimeDelta::hours(1);
            }
            return parts;
        }
        let mut day = self.from.with_timezone(&self.zone).date_naive();
        let step = Days::new(1 + (self.to - self.from).num_days().unsigned_abs() / 92);
        while instant(self.zone, day.and_time(NaiveTime::MIN)) < self.to {
            parts.push(instant(self.zone, day.and_time(NaiveTime::MIN)));
            day = day + step;
        }
        parts
    }

    /// What a part is called.
    pub fn part_name(&self, tongue: Tongue, at: DateTime<Utc>) -> String {
        let local = at.with_timezone(&self.zone);
        if self.is_short() {
            local.format("%H:%M").to_string()
        } else {
            tongue.short_weekday(local.date_naive())
        }
    }

    /// Where it begins and ends, for people.
    pub fn said(&self, tongue: Tongue) -> String {
        format!("{} – {}", tongue.moment(self.from, self.zone), tongue.moment(self.to, self.zone))
    }
}

fn own(
    typed: &Typed,
    zone: Tz,
    now: DateTime<Utc>,
    words: &'static Words,
    faults: &mut Faults,
) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    let from = moment(typed.get("from"), zone, false);
    let to = if typed.is("to") { moment(typed.get("to"), zone, true) } else { Some(now) };
    if from.is_none() {
        faults.add("from", words.senseless);
    }
    if to.is_none() {
        faults.add("to", words.senseless);
    }
    let (from, to) = (from?, to?.min(now));
    if from >= to {
        faults.add("to", words.reversed);
        return None;
    }
    if to - from > LONGEST {
        faults.add("from", words.too_long);
        return None;
    }
    // What is made in the last moment belongs to it.
    Some((from, to + TimeDelta::seconds(1)))
}

/// A month as 2026-11, by its first day; none: it is no month, or beyond any time of ours.
pub fn month(text: &str) -> Option<NaiveDate> {
    let day: NaiveDate = format!("{text}-01").parse().ok()?;
    (2000..2200).contains(&chrono::Datelike::year(&day)).then_some(day)
}

/// A day, or a moment of it, where somebody is; a day that ends a span is in it.
fn moment(text: &str, zone: Tz, ends: bool) -> Option<DateTime<Utc>> {
    let wall = match text.parse::<NaiveDate>() {
        Ok(day) if ends => day.succ_opt()?.and_time(NaiveTime::MIN),
        Ok(day) => day.and_time(NaiveTime::MIN),
        Err(_) => {
            let text = text.replace(' ', "T");
            let forms = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"];
            forms.iter().find_map(|form| NaiveDateTime::parse_from_str(&text, form).ok())?
        }
    };
    // Beyond any time of ours.
    (2000..2100).contains(&chrono::Datelike::year(&wall)).then(|| instant(zone, wall))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("a moment")
    }

    fn read(query: &str) -> (Period, Faults) {
        let mut faults = Faults::default();
        let zone = chrono_tz::America::New_York;
        let typed = Typed::parse(query.as_bytes());
        (Period::read(&typed, (zone, Tongue::En), at("2026-11-03T15:30:00Z"), &mut faults), faults)
    }

    #[test]
    fn today_begins_at_midnight_there_and_is_compared_with_the_same_weekday() {
        let (period, _) = read("");
        assert_eq!(at("2026-11-03T05:00:00Z"), period.from);
        // The clocks went back in between.
        let before = period.before();
        assert_eq!((at("2026-10-27T04:00:00Z"), at("2026-10-27T14:30:01Z")), (before.from, before.to));
        assert_eq!(11, period.parts().len());
    }

    #[test]
    fn a_month_is_one_of_ours() {
        assert_eq!(NaiveDate::from_ymd_opt(2026, 11, 1), month("2026-11"));
        for none in ["-200000-01", "1999-12", "9999-01", "2026-13", "tomorrow"] {
            assert_eq!(None, month(none), "{none}");
        }
    }

    #[test]
    fn a_span_of_ones_own() {
        let (period, faults) = read("range=own&from=2026-11-01&to=2026-11-01");
        assert!(faults.is_empty());
        assert_eq!(at("2026-11-01T04:00:00Z"), period.from);
        assert_eq!(at("2026-11-02T05:00:01Z"), period.to);
        let (_, faults) = read("from=2026-11-02&to=2026-11-01");
        assert!(faults.of("to").is_some());
        let (_, faults) = read("range=own&from=yesterday&to=9999999-01-01");
        assert!(faults.of("from").is_some() && faults.of("to").is_some());
    }
}
