//! A sample of the live part, with values that would do harm if they were not escaped.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

use super::*;
use crate::store::queues::{Counted, Keeping, Oldest, Raised, Waiting};
use crate::store::tallies::Group;

/// With everything that can be wrong, or empty.
pub fn sample(tongue: Tongue, full: bool) -> Live {
    let now = DateTime::UNIX_EPOCH + TimeDelta::days(20_000);
    let period = Period::of(Range::Day, Tz::UTC, now);
    if !full {
        let figures = Figures { now, ..Figures::default() };
        return Live::made((tongue, Tz::UTC), &period, &[], &figures, Vec::new(), false);
    }
    let figures = figures(now);
    let alarm = |grave| Alarm {
        grave,
        said: "5% of <fast> failed".to_owned(),
        beside: "Her phone".to_owned(),
        quoted: "the account is <empty>".to_owned(),
        link: Some(("Look", "/console/delivery?code=<López>".to_owned())),
    };
    let chosen = [("program", "<b>@".to_owned())];
    Live::made((tongue, Tz::UTC), &period, &chosen, &figures, vec![alarm(true), alarm(false)], true)
}

fn figures(now: DateTime<Utc>) -> Figures {
    let fates = Fates { underway: 10, delivered: 80, failed: 9, expired: 1, canceled: 3 };
    let hour = now - TimeDelta::hours(3);
    let hours = [(hour, 6, 80), (hour, 4, 10), (hour, 7, 9), (hour, 9, 3)];
    let buckets: BTreeMap<DateTime<Utc>, Fates> =
        (0..5).map(|hours| (now - TimeDelta::hours(hours), fates)).collect();
    Figures {
        now,
        counted_at: Some(now - TimeDelta::hours(1)),
        texts: fates,
        unended: Counted { texts: 10_000, more: true },
        before: fates,
        hours: hours.to_vec(),
        routes: [(("us<López>".to_owned(), "twilio".to_owned()), buckets)].into(),
        lines: vec![Line {
            sender: "us<López>".to_owned(),
            program: Some("text4baby-us".to_owned()),
            lane: 1,
            waiting: Waiting {
                due: 12,
                since: Some(hour),
                later: vec![(String::new(), 4), ("30003<fast>".to_owned(), 5)],
                tried_since: None,
                more: true,
            },
        }],
        oldest: Some(Oldest {
            id: Uuid::nil(),
            kind: "tip".to_owned(),
            program: "<López>".to_owned(),
            sender: "us".to_owned(),
            queued_at: hour,
            next_try_at: now,
            reason: None,
        }),
        keeping: vec![Keeping {
            sender: "us<López>".to_owned(),
            held_until: Some(now + TimeDelta::hours(1)),
            hold_reason: Some("<b>@ no".to_owned()),
            segments: 5,
            day: NaiveDate::default(),
        }],
        raised: vec![Raised {
            kind: "text_refused".to_owned(),
            subject: "us <fast>".to_owned(),
            detail: "<b>@".to_owned(),
            at: hour,
        }],
        helps: vec![(0, 2, hour), (2, 9, hour)],
        inbound: vec![("stop".to_owned(), 9), ("<fast>".to_owned(), 2)],
        census: vec![(
            Group {
                program: "<López>".to_owned(),
                language: "en".to_owned(),
                state: "active".to_owned(),
                anchor_kind: "due".to_owned(),
                anchor_date: NaiveDate::default(),
            },
            7,
        )],
        census_at: Some(hour),
        ..Figures::default()
    }
}
