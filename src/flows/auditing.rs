//! Who did or saw what. Whatever a person does at the console is written down in the transaction that does it; what they
//! only see, when it is one mother's, is written down before it is shown.

use uuid::Uuid;

use super::Service;
use crate::domain::phone::hidden_in;
use crate::store::audits::{self, Deed, Sought};
use crate::store::{StoreResult, Tx};

/// A person at work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// As it stands beside what they do.
    pub name: String,
    /// Their account at the console; none: the command line.
    pub account: Option<Uuid>,
}

impl Actor {
    /// Somebody at the command line.
    pub fn named(name: &str) -> Self {
        Self { name: name.to_owned(), account: None }
    }
}

impl From<&str> for Actor {
    fn from(name: &str) -> Self {
        Self::named(name)
    }
}

impl From<&Actor> for Actor {
    fn from(actor: &Actor) -> Self {
        actor.clone()
    }
}

/// What it was done to.
#[derive(Clone, Copy, Debug, Default)]
pub struct Object<'a> {
    /// Whose.
    pub subscriber: Option<Uuid>,
    /// In which program.
    pub program: Option<&'a str>,
}

impl<'a> Object<'a> {
    /// Something in a program.
    pub fn program(program: &'a str) -> Self {
        Self { subscriber: None, program: Some(program) }
    }

    /// A mother, in a program.
    pub fn mother(subscriber: Uuid, program: Option<&'a str>) -> Self {
        Self { subscriber: Some(subscriber), program }
    }
}

/// Writes a deed down. Its detail holds no words of a mother, and no number: one that somebody typed into a reason would
/// outlive her erasure.
pub async fn note(
    service: &Service,
    tx: &mut Tx,
    by: &Actor,
    action: &str,
    to: Object<'_>,
    detail: &str,
) -> StoreResult<()> {
    let deed = Deed {
        id: service.id(),
        at: service.now(),
        actor: by.name.clone(),
        action: action.to_owned(),
        subscriber_id: to.subscriber,
        detail: hidden_in(detail),
        account_id: by.account,
        program: to.program.map(str::to_owned),
    };
    audits::add(tx, &deed).await
}

/// Writes down the same done or tried with many mothers, each with a word of its own.
pub async fn note_all(
    service: &Service,
    tx: &mut Tx,
    by: &Actor,
    action: &str,
    program: &str,
    mothers: &[(Uuid, &str)],
) -> StoreResult<()> {
    let deeds = mothers.iter().map(|(subscriber, detail)| Deed {
        id: service.id(),
        at: service.now(),
        actor: by.name.clone(),
        action: action.to_owned(),
        subscriber_id: Some(*subscriber),
        detail: hidden_in(detail),
        account_id: by.account,
        program: Some(program.to_owned()),
    });
    audits::add_all(tx, &deeds.collect::<Vec<_>>()).await
}

/// Writes down by itself what somebody saw or tried.
pub async fn saw(
    service: &Service,
    by: &Actor,
    action: &str,
    to: Object<'_>,
    detail: &str,
) -> StoreResult<()> {
    let mut tx = service.database.begin().await?;
    note(service, &mut tx, by, action, to, detail).await?;
    tx.commit().await
}

/// So many deeds are walked at a time,
const STRIDE: i64 = 500;
/// and so often for one page.
const STRIDES: usize = 20;

/// Which deeds somebody may read who does not administer every program.
#[derive(Clone, Debug, Default)]
pub struct Reach {
    /// Deeds of these programs, and of the mothers in them.
    pub programs: Vec<String>,
    /// What these do by themselves: they work for these programs and for no other.
    pub accounts: Vec<Uuid>,
}

impl Reach {
    /// Whether a deed is within reach that is `ours` by its program or its mother.
    fn covers(&self, deed: &Deed, ours: bool) -> bool {
        if deed.program.is_some() || deed.subscriber_id.is_some() {
            // Of a woman of two programs each sees its own.
            let told = told_program(&deed.action, &deed.detail);
            return ours && told.is_none_or(|told| self.programs.iter().any(|own| own == told));
        }
        deed.account_id.is_some_and(|account| self.accounts.contains(&account))
    }
}

/// The last deeds that fit and are within reach, at most `limit`, the newest first; and before which one to go on, if there
/// may be more. A page walks along the index of what is sought and no further than a bounded way: where little is within
/// reach it may hold little, or nothing, and lead on.
pub async fn within(
    tx: &mut Tx,
    sought: &Sought,
    reach: Option<&Reach>,
    limit: usize,
) -> StoreResult<(Vec<Deed>, Option<Uuid>)> {
    let Some(reach) = reach else {
        // One more than is shown tells whether there are older ones.
        let mut deeds = audits::list(tx, sought, limit as i64 + 1).await?;
        let more = deeds.len() > limit;
        deeds.truncate(limit);
        let last = deeds.last().map(|deed| deed.id);
        return Ok((deeds, last.filter(|_| more)));
    };
    let mut sought = sought.clone();
    let mut deeds = Vec::new();
    for _ in 0..STRIDES {
        let walked = audits::walk(tx, &sought, &reach.programs, STRIDE).await?;
        let ended = (walked.len() as i64) < STRIDE;
        sought.before = walked.last().map(|last| last.deed.id).or(sought.before);
        for one in walked {
            if !reach.covers(&one.deed, one.ours) {
                continue;
            }
            if deeds.len() == limit {
                let last = deeds.last().map(|deed: &Deed| deed.id);
                return Ok((deeds, last));
            }
            deeds.push(one.deed);
        }
        if ended {
            return Ok((deeds, None));
        }
    }
    Ok((deeds, sought.before))
}

/// The program that a deed names in its detail, where it tells of what was planned.
pub fn told_program<'a>(action: &str, detail: &'a str) -> Option<&'a str> {
    let names = matches!(action, "enroll" | "retime" | "birth");
    names.then(|| detail.split([',', ';']).next().unwrap_or_default()).filter(|program| !program.is_empty())
}
