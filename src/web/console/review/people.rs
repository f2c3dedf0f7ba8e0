//! Who may review a program's texts.

use uuid::Uuid;

use crate::domain::role::Right;
use crate::store::accounts;
use crate::web::Site;
use crate::web::console::refusal::Refusal;

/// Somebody who may.
#[derive(Clone, Debug)]
pub struct Person {
    /// Their account.
    pub id: Uuid,
    /// Their name.
    pub name: String,
}

/// Everybody who may review a program's texts, by name.
pub async fn reviewers(site: &Site, program: &str) -> Result<Vec<Person>, Refusal> {
    let mut tx = site.service.database.read().await?;
    let mut found = Vec::new();
    for account in accounts::all(&mut tx).await? {
        if account.closed_at.is_some() {
            continue;
        }
        let grants = accounts::grants(&mut tx, account.id).await?;
        if grants.iter().any(|grant| grant.role.allows(Right::Review) && grant.covers(program)) {
            found.push(Person { id: account.id, name: account.name });
        }
    }
    Ok(found)
}

/// They as a choice, after nobody in particular.
pub fn choices(nobody: &str, people: impl Iterator<Item = Person>) -> Vec<(String, String)> {
    let nobody = std::iter::once((String::new(), nobody.to_owned()));
    nobody.chain(people.map(|person| (person.id.to_string(), person.name))).collect()
}
