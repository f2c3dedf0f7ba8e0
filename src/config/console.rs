//! `[console]`: how long one stays signed in, what needs a second person, what is taken.

use chrono::TimeDelta;

use super::reader::Section;
use crate::domain::language::Language;
use crate::library::report::{Price, Prices};
use crate::web::console::Settings;

const MIB: usize = 1024 * 1024;

pub(super) fn read(section: &mut Section<'_>, public_url: Option<&str>) -> Settings {
    let usual = Settings::default();
    let minutes = section.whole("idle_minutes", 5..=1_440).map_or(usual.idle, TimeDelta::minutes);
    let hours = section.whole("absolute_hours", 1..=168).map_or(usual.absolute, TimeDelta::hours);
    let upload = section.whole("most_upload_mib", 1..=100).and_then(|mib| usize::try_from(mib).ok());
    Settings {
        idle: minutes.min(hours),
        absolute: hours,
        approve_above: section.whole("approve_above", 0..=1_000_000_000).unwrap_or(usual.approve_above),
        smallest_number: section.whole("smallest_number", 1..=1_000).unwrap_or(usual.smallest_number),
        most_upload: upload.map_or(usual.most_upload, |mib| mib * MIB),
        prices: prices(section),
        secure: public_url.is_some_and(|url| url.starts_with("https://")),
        behind_proxy: section.flag("behind_proxy").unwrap_or(usual.behind_proxy),
    }
}

/// `sms_prices = ["0.0083", "ru=0.05"]`, `currency = "USD"`: what an SMS costs, and in a language where it differs.
fn prices(section: &mut Section<'_>) -> Prices {
    let currency = section.text("currency").unwrap_or_else(|| "USD".to_owned());
    let mut prices = Prices { currency, ..Prices::default() };
    for text in section.texts("sms_prices").unwrap_or_default() {
        let read = match text.split_once('=') {
            None => text.parse::<Price>().map(|price| prices.each = Some(price)).is_ok(),
            Some((language, price)) => match (language.parse::<Language>(), price.parse::<Price>()) {
                (Ok(language), Ok(price)) => prices.of.insert(language, price).is_none(),
                _ => false,
            },
        };
        if !read {
            let expected = "expected prices such as \"0.0083\", or \"ru=0.05\" for one language";
            section.fault("sms_prices", expected.to_owned());
        }
    }
    prices
}
