//! `[numbers]`: when a number is taken for somebody else's, or for nobody's.

use chrono::TimeDelta;

use super::reader::Section;
use crate::flows::silence::Patience;

pub(super) fn read(section: &mut Section<'_>) -> Patience {
    let failures = section.whole("stop_after_failures", 2..=50).unwrap_or(5);
    let days = section.whole("ask_after_silent_days", 14..=730).unwrap_or(90);
    Patience { failures: usize::try_from(failures).unwrap_or(5), silent: TimeDelta::days(days) }
}
