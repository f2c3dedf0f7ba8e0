//! `[retention]`: how long what is no longer needed is kept.

use chrono::TimeDelta;

use super::reader::Section;
use crate::flows::retention::Retention;

pub(super) fn read(section: &mut Section<'_>) -> Retention {
    let mut days = |key: &str, default: i64| {
        // A tip's account must outlive the tip; a century is for ever.
        let days = section.whole(key, 30..=36_500).unwrap_or(default);
        TimeDelta::days(days)
    };
    Retention {
        texts: days("texts_days", 730),
        reports: days("reports_days", 90),
        inbox: days("inbox_days", 730),
    }
}
