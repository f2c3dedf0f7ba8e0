//! The console's own languages, and how each writes numbers, times and counted things.
//!
//! What the console says stands beside the page that says it, all three languages in one place (`words!`): a missing one
//! does not compile.

use axum::extract::FromRequestParts;
use axum::http::{HeaderMap, header, request::Parts};
use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;

/// The cookie in which a browser's choice is kept.
pub const COOKIE: &str = "motherline_language";

/// A language of the console.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tongue {
    /// English.
    #[default]
    En,
    /// Spanish.
    Es,
    /// Russian.
    Ru,
}

/// Declares what a page says: `words! { pub Words { title: "Overview", "Resumen", "Обзор"; } }` gives the structure,
/// and `Words::of(tongue)`.
macro_rules! words {
    ($(#[$doc:meta])* pub $name:ident { $($field:ident: $en:literal, $es:literal, $ru:literal;)* }) => {
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $name {
            $(
                #[doc = $en]
                pub $field: &'static str,
            )*
        }

        impl $name {
            /// These words in a language.
            pub fn of(tongue: $crate::web::console::tongue::Tongue) -> &'static Self {
                static EN: $name = $name { $($field: $en),* };
                static ES: $name = $name { $($field: $es),* };
                static RU: $name = $name { $($field: $ru),* };
                match tongue {
                    $crate::web::console::tongue::Tongue::En => &EN,
                    $crate::web::console::tongue::Tongue::Es => &ES,
                    $crate::web::console::tongue::Tongue::Ru => &RU,
                }
            }
        }
    };
}
pub(crate) use words;

const MONTHS: [[&str; 12]; 3] = [
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
    ["ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sept", "oct", "nov", "dic"],
    ["янв.", "февр.", "мар.", "апр.", "мая", "июн.", "июл.", "авг.", "сент.", "окт.", "нояб.", "дек."],
];

const DAYS: [[&str; 7]; 3] = [
    ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
    ["lun", "mar", "mié", "jue", "vie", "sáb", "dom"],
    ["пн", "вт", "ср", "чт", "пт", "сб", "вс"],
];

impl Tongue {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::En, Self::Es, Self::Ru];

    /// By its code.
    pub fn named(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tongue| tongue.code() == code)
    }

    /// Its ISO 639 code.
    pub fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Es => "es",
            Self::Ru => "ru",
        }
    }

    /// What it calls itself.
    pub fn name(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::Es => "Español",
            Self::Ru => "Русский",
        }
    }

    /// What a language is called in this one; of others its code.
    pub fn language(self, code: &str) -> String {
        const NAMES: [[&str; 3]; 3] = [
            ["English", "Spanish", "Russian"],
            ["inglés", "español", "ruso"],
            ["английский", "испанский", "русский"],
        ];
        Self::named(code)
            .map_or_else(|| code.to_owned(), |other| NAMES[self as usize][other as usize].to_owned())
    }

    /// What a browser asks for: its own choice here, else the first language that it accepts and we have.
    pub fn asked(headers: &HeaderMap) -> Self {
        let cookies = headers.get_all(header::COOKIE).into_iter().filter_map(|cookies| cookies.to_str().ok());
        let chosen = cookies
            .flat_map(|cookies| cookies.split(';'))
            .filter_map(|cookie| cookie.trim().split_once('='))
            .find(|(name, _)| *name == COOKIE)
            .and_then(|(_, code)| Self::named(code));
        let accepted = || {
            let accepted = headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?;
            let mut codes = accepted.split(',').filter_map(|part| part.trim().get(..2));
            codes.find_map(|code| Self::named(&code.to_lowercase()))
        };
        chosen.or_else(accepted).unwrap_or_default()
    }

    /// A number, its thousands set apart: 12,345, 12,345, 12 345.
    pub fn number(self, number: i64) -> String {
        let figures = number.unsigned_abs().to_string();
        // Spanish as in Mexico and the United States; Russian leaves four figures together.
        let apart = match self {
            Self::En | Self::Es => ",",
            Self::Ru if figures.len() < 5 => "",
            Self::Ru => "\u{a0}",
        };
        let mut written = String::new();
        if number < 0 {
            written.push('−');
        }
        for (place, figure) in figures.chars().enumerate() {
            if place > 0 && (figures.len() - place).is_multiple_of(3) {
                written.push_str(apart);
            }
            written.push(figure);
        }
        written
    }

    /// A number that may be larger: ≥ 20,000.
    pub fn at_least(self, number: i64, more: bool) -> String {
        let number = self.number(number);
        if more { format!("≥\u{a0}{number}") } else { number }
    }

    /// A number with one decimal.
    pub fn decimal(self, number: f64) -> String {
        let written = format!("{number:.1}");
        match self {
            Self::En | Self::Es => written,
            Self::Ru => written.replace('.', ","),
        }
    }

    /// A share of one, in percent.
    pub fn percent(self, share: f64) -> String {
        let written = self.decimal(share * 100.0);
        match self {
            Self::En | Self::Es => format!("{written}%"),
            Self::Ru => format!("{written}\u{a0}%"),
        }
    }

    /// An amount of money: USD 1.50.
    pub fn money(self, currency: &str, amount: f64) -> String {
        let written = format!("{amount:.2}");
        let (whole, rest) = written.split_once('.').unwrap_or((&written, "00"));
        let whole = self.number(whole.parse().unwrap_or_default());
        let point = if self == Self::Ru { "," } else { "." };
        format!("{whole}{point}{rest}\u{a0}{currency}")
    }

    /// A day: 24 Nov 2026.
    pub fn day(self, day: NaiveDate) -> String {
        format!("{} {} {}", day.day(), self.month(day), day.year())
    }

    /// A day with its weekday: Tue 24 Nov 2026.
    pub fn weekday(self, day: NaiveDate) -> String {
        let name = DAYS[self as usize][day.weekday().num_days_from_monday() as usize];
        format!("{name} {}", self.day(day))
    }

    /// A moment where somebody lives: 24 Nov 2026, 14:05.
    pub fn moment(self, at: DateTime<Utc>, zone: Tz) -> String {
        let local = at.with_timezone(&zone);
        format!("{}, {}", self.day(local.date_naive()), local.format("%H:%M"))
    }

    /// The same to the second.
    pub fn to_the_second(self, at: DateTime<Utc>, zone: Tz) -> String {
        let local = at.with_timezone(&zone);
        format!("{}, {}", self.day(local.date_naive()), local.format("%H:%M:%S"))
    }

    /// A day of this year or the last, with its weekday: Tue 24 Nov.
    pub fn short_weekday(self, day: NaiveDate) -> String {
        let name = DAYS[self as usize][day.weekday().num_days_from_monday() as usize];
        format!("{name} {} {}", day.day(), self.month(day))
    }

    /// The same to the second, with the zone's name.
    pub fn exactly(self, at: DateTime<Utc>, zone: Tz) -> String {
        let local = at.with_timezone(&zone);
        format!("{}, {}", self.day(local.date_naive()), local.format("%H:%M:%S %Z"))
    }

    /// How long something takes: 45 s, 12 min, 3 h 20 min, 2 d 4 h.
    pub fn lasting(self, span: TimeDelta) -> String {
        let [days, hours, minutes, seconds] = match self {
            Self::En | Self::Es => ["d", "h", "min", "s"],
            Self::Ru => ["д", "ч", "мин", "с"],
        };
        let all = span.max(TimeDelta::zero()).num_seconds();
        match (all / 86_400, all / 3_600 % 24, all / 60 % 60) {
            (0, 0, 0) => format!("{all}\u{a0}{seconds}"),
            (0, 0, m) => format!("{m}\u{a0}{minutes}"),
            (0, h, 0) => format!("{h}\u{a0}{hours}"),
            (0, h, m) => format!("{h}\u{a0}{hours} {m}\u{a0}{minutes}"),
            (d, 0, _) => format!("{d}\u{a0}{days}"),
            (d, h, _) => format!("{d}\u{a0}{days} {h}\u{a0}{hours}"),
        }
    }

    /// Of the forms `one|more` (Russian: `one|few|many`), the one that goes with a number, `{n}` filled in.
    pub fn counted(self, number: i64, forms: &str) -> String {
        let forms: Vec<&str> = forms.split('|').collect();
        let (ten, hundred) = (number.unsigned_abs() % 10, number.unsigned_abs() % 100);
        let which = match self {
            Self::En | Self::Es => usize::from(number != 1),
            Self::Ru if ten == 1 && hundred != 11 => 0,
            Self::Ru if (2..=4).contains(&ten) && !(12..=14).contains(&hundred) => 1,
            Self::Ru => 2,
        };
        let form = forms.get(which).or(forms.last()).copied().unwrap_or_default();
        form.replace("{n}", &self.number(number))
    }

    fn month(self, day: NaiveDate) -> &'static str {
        MONTHS[self as usize][day.month0() as usize]
    }
}

/// A time zone as people read it: America / New York. A narrow column breaks it between its parts.
pub fn zone_name(zone: &str) -> String {
    zone.replace('_', " ").replace('/', " / ")
}

/// Words with what stands in `{braces}` filled in.
pub fn fill(words: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(words.len() + 16);
    let mut rest = words;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let Some((name, behind)) = after.split_once('}') else { break };
        // What is filled in is never read again: a value may hold braces.
        match values.iter().find(|(known, _)| *known == name) {
            Some((_, value)) => filled.push_str(value),
            None => filled.push_str(&format!("{{{name}}}")),
        }
        rest = behind;
    }
    filled.push_str(rest);
    filled
}

impl<S: Send + Sync> FromRequestParts<S> for Tongue {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self::asked(&parts.headers))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_each_language_writes_them() {
        assert_eq!("1,234,567", Tongue::En.number(1_234_567));
        assert_eq!(("1,234", "97.5%"), (&*Tongue::Es.number(1_234), &*Tongue::Es.percent(0.975)));
        assert_eq!("1234", Tongue::Ru.number(1_234));
        assert_eq!("12\u{a0}345", Tongue::Ru.number(12_345));
        assert_eq!("97,5\u{a0}%", Tongue::Ru.percent(0.975));
    }

    #[test]
    fn counted_things() {
        let forms = "{n} текст|{n} текста|{n} текстов";
        for (number, said) in [(1, "1 текст"), (3, "3 текста"), (11, "11 текстов"), (22, "22 текста")]
        {
            assert_eq!(said, Tongue::Ru.counted(number, forms));
        }
        assert_eq!("0 texts", Tongue::En.counted(0, "{n} text|{n} texts"));
    }

    #[test]
    fn a_zone_as_people_read_it() {
        assert_eq!("America / Argentina / Buenos Aires", zone_name("America/Argentina/Buenos_Aires"));
        assert_eq!("UTC", zone_name("UTC"));
    }

    #[test]
    fn what_is_filled_in_is_not_read_again() {
        assert_eq!("{b} and 2", fill("{a} and {b}", &[("a", "{b}"), ("b", "2")]));
    }
}
