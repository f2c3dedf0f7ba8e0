//! Who may review a program's texts.

use std::collections::BTreeMap;

use uuid::Uuid;

use crate::domain::role::{Grant, Right};
use crate::store::accounts;
use crate::web::Site;
use crate::web::console::refusal::Refusal;

/// Somebody with an account.
#[derive(Clone, Debug)]
pub struct Person {
    /// Their account.
    pub id: Uuid,
    /// Their name.
    pub name: String,
    grants: Vec<Grant>,
}

impl Person {
    /// Whether they may review a program's texts.
    pub fn reviews(&self, program: &str) -> bool {
        self.grants.iter().any(|grant| grant.role.allows(Right::Review) && grant.covers(program))
    }
}

/// Everybody whose account is open, by name.
pub async fn everybody(site: &Site) -> Result<Vec<Person>, Refusal> {
    let mut tx = site.service.database.read().await?;
    let accounts = accounts::all(&mut tx).await?;
    let mut grants: BTreeMap<Uuid, Vec<Grant>> = BTreeMap::new();
    for (account, grant) in accounts::all_grants(&mut tx).await? {
        grants.entry(account).or_default().push(grant);
    }
    let open = accounts.into_iter().filter(|account| account.closed_at.is_none());
    Ok(open
        .map(|account| Person {
            grants: grants.remove(&account.id).unwrap_or_default(),
            id: account.id,
            name: account.name,
        })
        .collect())
}

/// Everybody who may review a program's texts, by name.
pub async fn reviewers(site: &Site, program: &str) -> Result<Vec<Person>, Refusal> {
    let mut all = everybody(site).await?;
    all.retain(|person| person.reviews(program));
    Ok(all)
}

/// The one of them that a form names; none: it names nobody. It may name somebody who is not among them.
pub fn chosen<'a>(people: &'a [Person], named: &str) -> Result<Option<&'a Person>, Nobody> {
    if named.is_empty() {
        return Ok(None);
    }
    let id = Uuid::parse_str(named).ok();
    people.iter().find(|person| Some(person.id) == id).map(Some).ok_or(Nobody)
}

/// Nobody of that id may.
pub struct Nobody;

/// They as a choice, after nobody in particular.
pub fn choices(nobody: &str, people: impl Iterator<Item = Person>) -> Vec<(String, String)> {
    let nobody = std::iter::once((String::new(), nobody.to_owned()));
    nobody.chain(people.map(|person| (person.id.to_string(), person.name))).collect()
}
