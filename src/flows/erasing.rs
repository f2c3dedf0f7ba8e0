//! Erasing a person: all that is held of her goes, but for the proof that she agreed and that she ended it.
//!
//! She is answered first: everything waits until nothing to her is on its way any more, and no longer than a day. The
//! proof stands under a keyed hash of her number ([`crate::domain::seal`]), so that a list imported later is held
//! against it: who asked to be erased is not enrolled again by anybody but herself.

use chrono::TimeDelta;

use super::Service;
use crate::domain::phone::PhoneNumber;
use crate::store::erasures::{self, Proof};
use crate::store::people::{self, Subscriber};
use crate::store::{StoreResult, Tx};
use crate::store::{mothers, talk};

/// What is still on its way after so long is not waited for.
const PATIENCE: TimeDelta = TimeDelta::hours(24);

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
    Ok(erased)
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
    erasures::erase(tx, her.id, her.number()).await
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
