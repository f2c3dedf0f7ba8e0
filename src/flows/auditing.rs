//! Who did or saw what. Whatever a person does at the console is written down in the transaction that does it; what they
//! only see, when it is one mother's, is written down before it is shown.

use uuid::Uuid;

use super::Service;
use crate::store::audits::{self, Deed};
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

/// Writes a deed down. Its detail holds no number and no words of a mother.
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
        detail: detail.to_owned(),
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
        detail: (*detail).to_owned(),
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
