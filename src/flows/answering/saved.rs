//! Answers that are written once and used often: for one program, in one language, found by a title.

use uuid::Uuid;

use crate::domain::language::Language;
use crate::domain::wording::{self, Unfit};
use crate::flows::Service;
use crate::flows::auditing::{self, Actor, Object};
use crate::store::saved_replies::{self, SavedReply};
use crate::store::{StoreError, StoreResult};

/// A title is no longer: it stands on a button.
pub const LONGEST_TITLE: usize = 60;

/// What is to be kept.
#[derive(Clone, Debug)]
pub struct New<'a> {
    /// For which program.
    pub program: &'a str,
    /// In which language.
    pub language: Language,
    /// By which it is found.
    pub title: &'a str,
    /// The words.
    pub words: &'a str,
}

/// Why it was not kept.
#[derive(Debug, thiserror::Error)]
pub enum NotKept {
    /// It has no title, or one that is too long.
    #[error("a title has 1 to {LONGEST_TITLE} characters")]
    Title,
    /// There is one of this title.
    #[error("there is a reply of this title in this program and language")]
    Called,
    /// The words may not go out.
    #[error("the words may not go out as they are")]
    Unfit(Unfit),
    /// The program does not speak this language.
    #[error("the program does not speak this language")]
    Language,
    /// It is not there any more.
    #[error("it is not there any more")]
    Gone,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Keeps a reply: a new one, or another wording of an old one.
pub async fn keep(service: &Service, old: Option<Uuid>, new: New<'_>, by: &Actor) -> Result<Uuid, NotKept> {
    let title = new.title.trim();
    if title.is_empty() || title.chars().count() > LONGEST_TITLE {
        return Err(NotKept::Title);
    }
    let words = wording::fit(new.words).map_err(NotKept::Unfit)?;
    let edition = service.shelf.edition();
    let program = edition.library.program(new.program).ok_or(NotKept::Language)?;
    if !program.languages.contains(&new.language) {
        return Err(NotKept::Language);
    }
    let mut tx = service.database.begin().await?;
    if let Some(old) = old
        && saved_replies::find(&mut tx, old).await?.is_none()
    {
        return Err(NotKept::Gone);
    }
    let reply = SavedReply {
        id: old.unwrap_or_else(|| service.id()),
        program: new.program.to_owned(),
        language: new.language,
        title: title.to_owned(),
        body: words.to_owned(),
        changed_by: by.name.clone(),
        changed_at: service.now(),
    };
    if saved_replies::is_called(&mut tx, &reply).await? {
        return Err(NotKept::Called);
    }
    saved_replies::put(&mut tx, &reply).await.map_err(|error| match error {
        // Somebody else was faster with one of this title.
        StoreError::Database(inner) if inner.is_unique_violation() => NotKept::Called,
        other => NotKept::Store(other),
    })?;
    let action = if old.is_some() { "change saved reply" } else { "save reply" };
    let detail = format!("{} ({}): {}", reply.title, reply.language, reply.id);
    auditing::note(service, &mut tx, by, action, Object::program(&reply.program), &detail).await?;
    tx.commit().await?;
    Ok(reply.id)
}

/// Takes a reply away.
pub async fn remove(service: &Service, reply: &SavedReply, by: &Actor) -> StoreResult<()> {
    let mut tx = service.database.begin().await?;
    saved_replies::remove(&mut tx, reply.id).await?;
    let detail = format!("{} ({}): {}", reply.title, reply.language, reply.id);
    auditing::note(service, &mut tx, by, "remove saved reply", Object::program(&reply.program), &detail)
        .await?;
    tx.commit().await
}
