//! What a tip said in each edition that changed it.

use super::Refused;
use crate::flows::Service;
use crate::library::desk::Leaf;
use crate::store::editions::{self, EditionRow};

/// An edition that changed a tip.
#[derive(Clone, Debug)]
pub struct Past {
    /// Which.
    pub edition: EditionRow,
    /// As it was before; none: it was not there.
    pub before: Option<Leaf>,
    /// As it was from then on; none: it was gone.
    pub after: Option<Leaf>,
}

/// The editions that changed a tip, the newest first, of so many editions before a number; and the number before which
/// to look on, where there are older ones.
pub async fn history(
    service: &Service,
    (program, tip): (&str, &str),
    before: Option<i64>,
    most: usize,
) -> Result<(Vec<Past>, Option<i64>), Refused> {
    let mut tx = service.database.read().await?;
    let all = editions::all(&mut tx).await?;
    let mut all = all.into_iter().filter(|one| before.is_none_or(|before| one.number < before)).peekable();
    let mut past = Vec::new();
    let mut newer: Option<(EditionRow, Option<Leaf>)> = None;
    for _ in 0..=most {
        let Some(edition) = all.next() else { break };
        let leaf = match &newer {
            // One that says the same as the one after it needs no reading.
            Some((known, leaf)) if known.hash == edition.hash => leaf.clone(),
            _ => {
                let stored = editions::files(&mut tx, edition.number).await?;
                stored.and_then(|(_, json)| Leaf::in_stored(&json, program, tip))
            }
        };
        if let Some((known, after)) = newer.take()
            && after != leaf
        {
            past.push(Past { edition: known, before: leaf.clone(), after });
        }
        newer = Some((edition, leaf));
    }
    let on = all.peek().and(newer.as_ref()).map(|(edition, _)| edition.number + 1);
    if on.is_none()
        && let Some((edition, after @ Some(_))) = newer
    {
        past.push(Past { edition, before: None, after });
    }
    Ok((past, on))
}
