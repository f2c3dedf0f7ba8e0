//! Erasing a person: all that is held of her goes, but for the proof that she agreed and that she ended it.
//!
//! She is answered first: everything waits until nothing to her is on its way any more, and no longer than a day. The
//! proof stands under a keyed hash of her number ([`crate::domain::seal`]), so that a list imported later is held
//! against it: who asked to be erased is not enrolled again by anybody but herself.
//!
//! What gateways reported of her texts has no index by text, since that would be written with every report. It is looked
//! for behind her, in one walk through the reports for all who were erased meanwhile, in short parts beside everybody's
//! work. What is reported later of a text that is gone is kept without any number ([`super::receipts`]).

use std::collections::HashSet;

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::Service;
use crate::domain::phone::PhoneNumber;
use crate::ids::{first_at, made_at, text_of};
use crate::store::erasures::{self, Proof};
use crate::store::people::{self, Subscriber};
use crate::store::{StoreResult, Tx};
use crate::store::{mothers, service as facts, talk};

/// What is still on its way after so long is not waited for.
const PATIENCE: TimeDelta = TimeDelta::hours(24);

/// Where the walk through the reports is: until when erased women are looked for, and the last report looked at.
const WALK: &str = "reports of the erased";
/// Reports looked at in one go.
const PART: i64 = 10_000;
/// So many parts one after the other; the next time it goes on.
const PARTS: usize = 40;

/// Erases whoever asked for it, once the answer is out; gives how many. Each in a transaction of its own, which holds her
/// first: a text of hers is handled before it, and goes with her, or after it, and makes her known anew.
pub async fn erase(service: &Service, limit: i64) -> StoreResult<usize> {
    let patience = service.now() - PATIENCE;
    let mut tx = service.database.read().await?;
    let due = erasures::due(&mut tx, patience, limit).await?;
    tx.commit().await?;
    let mut erased = 0;
    for subscriber in due {
        let mut tx = service.database.begin().await?;
        let Some(her) = people::lock_id(&mut tx, subscriber).await? else { continue };
        if erasures::is_due(&mut tx, subscriber, patience).await? {
            one(service, &mut tx, &her).await?;
            erased += 1;
        }
        tx.commit().await?;
    }
    if erased > 0 {
        tracing::info!(people = erased, "erased at their own wish");
    }
    for _ in 0..PARTS {
        if !forget_reports(service).await? {
            break;
        }
    }
    Ok(erased)
}

/// Looks at a part of the reports for what tells of women who were erased; whether any are left to look at.
async fn forget_reports(service: &Service) -> StoreResult<bool> {
    let mut tx = service.database.read().await?;
    let walk = facts::fact(&mut tx, WALK).await?.filter(|walk| !walk.is_empty());
    let (until, after) = match walk.as_deref().and_then(place) {
        Some(going) => going,
        None => {
            let now = service.now();
            match erasures::texts(&mut tx, now).await?.first() {
                // Nothing is reported of a text before it is; clocks differ a little.
                Some(oldest) => (now, first_at(made_at(*oldest) - TimeDelta::hours(1))),
                None => return Ok(false),
            }
        }
    };
    let texts: HashSet<Uuid> = erasures::texts(&mut tx, until).await?.into_iter().collect();
    let part = erasures::reports_after(&mut tx, after, PART).await?;
    drop(tx);
    let hers = |attempt: &Option<Uuid>| attempt.is_some_and(|name| texts.contains(&text_of(name).0));
    let found: Vec<Uuid> = part.iter().filter(|(_, of)| hers(of)).map(|(id, _)| *id).collect();
    let mut tx = service.database.begin().await?;
    erasures::forget_reports(&mut tx, &found).await?;
    let last = part.last().map(|(id, _)| *id).filter(|_| part.len() as i64 == PART);
    match last {
        Some(last) => facts::set_fact(&mut tx, WALK, &format!("{} {last}", until.to_rfc3339())).await?,
        None => {
            erasures::texts_are_gone(&mut tx, until).await?;
            facts::set_fact(&mut tx, WALK, "").await?;
        }
    }
    tx.commit().await?;
    Ok(last.is_some())
}

fn place(walk: &str) -> Option<(DateTime<Utc>, Uuid)> {
    let (until, after) = walk.split_once(' ')?;
    Some((DateTime::parse_from_rfc3339(until).ok()?.to_utc(), Uuid::parse_str(after).ok()?))
}

async fn one(service: &Service, tx: &mut Tx, her: &Subscriber) -> StoreResult<()> {
    let mut proofs = Vec::new();
    for consent in talk::consents_of(tx, her.id).await? {
        proofs.push(Proof {
            action: consent.action,
            program: consent.program,
            sender: consent.sender,
            at: consent.at,
        });
    }
    let sender = proofs.last().map(|proof| proof.sender.clone()).unwrap_or_default();
    proofs.push(Proof { action: "erased".to_owned(), program: None, sender, at: service.now() });
    if let Some(number) = PhoneNumber::from_e164(her.number()) {
        let digest = service.seal.digest(&number);
        for proof in &proofs {
            erasures::prove(tx, service.id(), &digest, proof).await?;
        }
        erasures::hide(tx, &digest, &number).await?;
    }
    erasures::erase(tx, her.id, her.number(), service.now()).await
}

/// Whether somebody with this number asked to be erased, or to get no more texts, and was erased since.
pub async fn is_known(service: &Service, tx: &mut Tx, phone: &PhoneNumber) -> StoreResult<bool> {
    erasures::is_known(tx, &service.seal.digest(phone)).await
}

/// What is proved of who had this number and was erased; nothing of anybody else.
pub async fn proofs(service: &Service, tx: &mut Tx, phone: &PhoneNumber) -> StoreResult<Vec<Proof>> {
    if !is_known(service, tx, phone).await? {
        return Ok(Vec::new());
    }
    mothers::proofs(tx, &service.seal.digest(phone)).await
}
