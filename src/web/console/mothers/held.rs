//! The record around her conversation: what she agreed to and in which words, visits, what was promised, what a person
//! was to read, and what was done for her.

use chrono_tz::Tz;
use uuid::Uuid;

use super::named;
use crate::flows::{Exchange, Turn};
use crate::store::audits::{self, Sought};
use crate::store::{StoreResult, Tx, mothers as store, promises, talk, unread};
use crate::web::console::deeds;
use crate::web::console::tongue::Tongue;

/// So many of each are shown; all of them are in what is exported.
const MOST: usize = 20;

/// A record of consent.
pub struct Consent {
    /// When.
    pub at: String,
    /// What.
    pub what: &'static str,
    /// For which program.
    pub program: String,
    /// Through which sender.
    pub sender: String,
    /// The exact words, in order.
    pub turns: Vec<Turn>,
}

/// A line of a list: when, what, more, and how loud.
pub struct Line {
    /// When.
    pub at: String,
    /// What.
    pub what: String,
    /// What else there is to say.
    pub more: String,
    /// How loud it is.
    pub badge: &'static str,
}

/// What was done for her.
pub struct Deed {
    /// When.
    pub at: String,
    /// By whom.
    pub who: String,
    /// What.
    pub what: String,
    /// What else there is to say.
    pub detail: String,
}

/// All of it.
#[derive(Default)]
pub struct Held {
    /// Consent, the newest first.
    pub consents: Vec<Consent>,
    /// Visits.
    pub visits: Vec<Line>,
    /// What will be due by itself.
    pub promises: Vec<Line>,
    /// What a person was to read; the first is open if any is.
    pub helps: Vec<Line>,
    /// The open one: its id, and the sign of danger in it.
    pub open_help: Option<(Uuid, Option<&'static str>)>,
    /// How many texts wait until she says that she is alone.
    pub unread: usize,
    /// What was done for her.
    pub deeds: Vec<Deed>,
}

impl Held {
    /// Of a subscriber, times in her zone, but for what people did: that is in theirs.
    pub async fn of(tx: &mut Tx, her: Uuid, hers: Tz, theirs: Tz, tongue: Tongue) -> StoreResult<Self> {
        let mut consents = talk::consents_of(tx, her).await?;
        consents.reverse();
        let consents = consents.into_iter().take(MOST).map(|consent| Consent {
            at: tongue.moment(consent.at, hers),
            what: named::consent(tongue, &consent.action),
            program: consent.program.clone().unwrap_or_default(),
            sender: consent.sender.clone(),
            turns: Exchange::from_json(&consent.exchange).turns().to_vec(),
        });
        let visits = store::visits(tx, her).await?.into_iter().take(MOST).map(|visit| Line {
            at: format!("{} {}", tongue.weekday(visit.on_day), visit.at_time.unwrap_or_default()),
            what: named::visit(tongue, &visit.state).to_owned(),
            more: String::new(),
            badge: if visit.state == "noted" { "accent" } else { "" },
        });
        let visits = visits.collect();
        let promises = promises::of(tx, her).await?.into_iter().map(|promise| Line {
            at: tongue.moment(promise.due_at, hers),
            what: named::promise(tongue, &promise.kind).to_owned(),
            more: String::new(),
            badge: "",
        });
        let promises = promises.collect();
        let helps = store::help_items(tx, her).await?;
        let open_help = helps.iter().find(|item| item.state == "open");
        let open_help =
            open_help.map(|item| (item.id, item.sign.as_deref().map(|sign| named::sign(tongue, sign))));
        let helps = helps.into_iter().take(MOST).map(|item| Line {
            at: tongue.moment(item.opened_at, theirs),
            what: match &item.closed_by {
                Some(by) => format!("{}, {by}", named::help(tongue, &item.state)),
                None => named::help(tongue, &item.state).to_owned(),
            },
            more: item.sign.as_deref().map(|sign| named::sign(tongue, sign).to_owned()).unwrap_or_default(),
            badge: if item.state == "open" { "warn" } else { "" },
        });
        let helps = helps.collect();
        let sought = Sought { subscriber: Some(her), everybody: true, ..Sought::default() };
        let deeds = audits::list(tx, &sought, MOST as i64).await?.into_iter().map(|deed| Deed {
            at: tongue.exactly(deed.at, theirs),
            who: deeds::by_itself(tongue, &deed.actor),
            what: deeds::named(tongue, &deed.action),
            detail: deeds::detail(deed.detail),
        });
        let deeds = deeds.collect();
        let unread = unread::of(tx, her).await?.len();
        Ok(Self { consents: consents.collect(), visits, promises, helps, open_help, unread, deeds })
    }
}
