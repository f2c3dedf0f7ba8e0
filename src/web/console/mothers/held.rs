//! The record around her conversation: what she agreed to and in which words, visits, what was promised, what a person
//! was to read, and what was done for her.

use uuid::Uuid;

use super::named;
use super::sight::{Sight, consented_by_name};
use crate::flows::exporting::Shown as _;
use crate::flows::{Exchange, Turn, moved};
use crate::store::audits::{self, Sought};
use crate::store::{StoreResult, Tx, mothers as store, promises, talk, unread};
use crate::web::console::deeds;

/// So many of each are shown; all of them are in what is exported.
const MOST: usize = 20;
/// So many of the last deeds are looked at for those that somebody may see.
const LOOKED_AT: i64 = 200;

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
    /// The page of the phone on which it was, where that is another one.
    pub other_phone: Option<String>,
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
    /// What somebody may see of it, times in her zone, but for what people did: that is in theirs.
    pub async fn of(tx: &mut Tx, sight: &Sight<'_>) -> StoreResult<Self> {
        let (tongue, hers, theirs) = (sight.tongue(), sight.zone, sight.signed.zone);
        let her = sight.mother.her.id;
        let mut consents = talk::consents_of(tx, her).await?;
        let enrollments: Vec<Uuid> = sight.mother.enrollments.iter().map(|one| one.id).collect();
        // What was agreed to on a phone from before is proved here as well.
        for before in moved::before(&sight.site.service, tx, &sight.mother.her, &enrollments).await? {
            consents.extend(before.consents);
        }
        consents.sort_by_key(|consent| std::cmp::Reverse((consent.at, consent.id)));
        consents.retain(|consent| sight.program(consent.program.as_deref()));
        let edition = sight.site.service.shelf.edition();
        let by_name = |program: &str| consented_by_name(tongue, &edition.library, program);
        let consents = consents.into_iter().take(MOST).map(|consent| Consent {
            at: tongue.moment(consent.at, hers),
            what: named::consent(tongue, &consent.action),
            program: consent.program.as_deref().map_or_else(String::new, by_name),
            sender: consent.sender.clone(),
            turns: Exchange::from_json(&consent.exchange).turns().to_vec(),
            other_phone: Some(consent.subscriber_id)
                .filter(|whose| *whose != her)
                .map(|whose| format!("/console/mothers/{whose}")),
        });
        let visits = store::visits(tx, her).await?.into_iter();
        let visits = visits.filter(|visit| visit.enrollment_id.is_none_or(|id| sight.enrollment(id)));
        let visits = visits.take(MOST).map(|visit| Line {
            at: format!("{} {}", tongue.weekday(visit.on_day), visit.at_time.unwrap_or_default()),
            what: named::visit(tongue, &visit.state).to_owned(),
            more: String::new(),
            badge: if visit.state == "noted" { "accent" } else { "" },
        });
        let visits = visits.collect();
        let promises = promises::of(tx, her).await?.into_iter();
        let promises = promises.filter(|promise| promise.enrollment_id.is_none_or(|id| sight.enrollment(id)));
        let promises = promises.map(|promise| Line {
            at: tongue.moment(promise.due_at, hers),
            what: named::promise(tongue, &promise.kind).to_owned(),
            more: String::new(),
            badge: "",
        });
        let promises = promises.collect();
        let mut helps = store::help_items(tx, her).await?;
        helps.retain(|item| sight.program(Some(&item.program)));
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
        let deeds = audits::list(tx, &sought, LOOKED_AT).await?.into_iter();
        let deeds = deeds.filter(|deed| sight.deed(deed)).take(MOST).map(|deed| Deed {
            at: tongue.exactly(deed.at, theirs),
            who: deeds::by_itself(tongue, &deed.actor),
            what: deeds::named(tongue, &deed.action),
            detail: deeds::detail(tongue, &deed.action, &deed.detail),
        });
        let deeds = deeds.collect();
        let unread = unread::of(tx, her).await?.len();
        Ok(Self { consents: consents.collect(), visits, promises, helps, open_help, unread, deeds })
    }
}
