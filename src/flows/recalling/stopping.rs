//! A tip is stopped: first the words that go out now, then those of every other edition.

use std::collections::HashSet;

use chrono::NaiveDate;

use crate::flows::Service;
use crate::flows::auditing::{self, Actor, Object};
use crate::library::{Files, Library};
use crate::store::editions::{self, Recall, Signature};
use crate::store::{StoreError, StoreResult};

/// Stops a tip. Done again it changes nothing, and knows the words of editions published since.
///
/// What the edition in force says is stopped first, and at once. Texts that wait may have the words of another edition:
/// those follow, edition by edition, as fast as editions are read. Whoever asked for it need not wait: it is done to the
/// end.
pub async fn recall(
    service: &Service,
    tip: &str,
    by: impl Into<Actor>,
    why: &str,
) -> StoreResult<Option<Recall>> {
    let (service, tip, by, why) = (service.clone(), tip.to_owned(), by.into(), why.to_owned());
    let stopped = tokio::spawn(async move { stop(&service, &tip, &by, &why).await });
    stopped.await.map_err(|_| StoreError::WorkerCrashed)?
}

async fn stop(service: &Service, tip: &str, by: &Actor, why: &str) -> StoreResult<Option<Recall>> {
    let edition = service.shelf.edition();
    let mut known: HashSet<[u8; 32]> = said(&edition.library, tip).into_iter().collect();
    let mut read = HashSet::from([edition.library.hash.clone()]);
    let mut recall = match known.is_empty() {
        true => None,
        false => Some(begin(service, (tip, &known), by, why).await?),
    };
    // Somebody may publish meanwhile: it ends when there is no edition that was not read.
    loop {
        let mut tx = service.database.read().await?;
        let mut all = editions::all(&mut tx).await?.into_iter();
        let Some(next) = all.find(|edition| !read.contains(&edition.hash)) else { return Ok(recall) };
        let stored = editions::files(&mut tx, next.number).await?;
        drop(tx);
        read.insert(next.hash);
        let Some((_, json)) = stored else { continue };
        let (of, today) = (tip.to_owned(), service.now().date_naive());
        let found = tokio::task::spawn_blocking(move || said_in(&json, &of, today)).await;
        let found = found.map_err(|_| StoreError::WorkerCrashed)?;
        let new: HashSet<[u8; 32]> = found.into_iter().filter(|hash| !known.contains(hash)).collect();
        if new.is_empty() {
            continue;
        }
        match &recall {
            None => recall = Some(begin(service, (tip, &new), by, why).await?),
            // Somebody has lifted it meanwhile.
            Some(recall) if !add(service, recall, &new).await? => break,
            Some(_) => {}
        }
        known.extend(new);
    }
    Ok(recall)
}

/// Recalls a tip, with the first of its words.
async fn begin(
    service: &Service,
    (tip, words): (&str, &HashSet<[u8; 32]>),
    by: &Actor,
    why: &str,
) -> StoreResult<Recall> {
    let words: Vec<[u8; 32]> = words.iter().copied().collect();
    let mut tx = service.database.begin_first().await?;
    let signature = Signature { by: &by.name, why, at: service.now() };
    let recall = editions::recall(&mut tx, tip, signature).await?;
    editions::recall_words(&mut tx, tip, &words).await?;
    auditing::note(service, &mut tx, by, "recall", Object::default(), &format!("{tip}: {why}")).await?;
    tx.commit().await?;
    Ok(recall)
}

/// Adds words to a recall; false if it does not stand any more. Whoever lifts it waits until they are added, and takes
/// them back with it.
async fn add(service: &Service, recall: &Recall, words: &HashSet<[u8; 32]>) -> StoreResult<bool> {
    let words: Vec<[u8; 32]> = words.iter().copied().collect();
    let mut tx = service.database.begin_first().await?;
    // One that was lifted and made anew meanwhile is another's, who adds all words to it.
    let stands = editions::hold_recall(&mut tx, &recall.tip).await?.is_some_and(|one| one.at == recall.at);
    if stands {
        editions::recall_words(&mut tx, &recall.tip, &words).await?;
        tx.commit().await?;
    }
    Ok(stands)
}

/// What an edition's files give a tip to say.
fn said_in(json: &str, tip: &str, today: NaiveDate) -> Vec<[u8; 32]> {
    let library = serde_json::from_str::<Files>(json).ok();
    let library = library.and_then(|files| Library::read(&files, today).library);
    library.map_or_else(Vec::new, |library| said(&library, tip))
}

/// What a library gives a tip to say, in every language and region.
fn said(library: &Library, tip: &str) -> Vec<[u8; 32]> {
    let found = library.programs.values().filter_map(|program| program.find(tip));
    let texts = found.flat_map(|tip| tip.texts.values());
    let each = texts.flat_map(|words| std::iter::once(&words.national).chain(words.local.values()));
    each.map(|text| text.hash).collect()
}
