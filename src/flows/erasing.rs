//! Erasing a person: all that is held of her goes, but for the proof that she agreed and that she ended it.
//!
//! She is answered first: everything waits until nothing to her is on its way any more, and no longer than a day. The
//! proof stands under a keyed hash of her number ([`crate::domain::seal`]), so that a list imported later is held
//! against it: who asked to be erased is not enrolled again by anybody but herself.

use chrono::TimeDelta;

use super::Service;
use crate::domain::phone::PhoneNumber;
use crate::store::erasures::{self, Proof};
use crate::store::talk;
use crate::store::{StoreResult, Tx};

/// What is still on its way after so long is not waited for.
const PATIENCE: TimeDelta = TimeDelta::hours(24);

/// Erases whoever asked for it, once the answer is out; gives how many.
pub async fn erase(service: &Service, limit: i64) -> StoreResult<usize> {
    let now = service.now();
    let mut tx = service.database.begin().await?;
    let due = erasures::due(&mut tx, now - PATIENCE, limit).await?;
    for (subscriber, phone) in &due {
        let number = PhoneNumber::from_e164(phone.clone());
        let known_by = number.map(|number| (service.seal.digest(&number), number));
        let mut proofs = Vec::new();
        for consent in talk::consents_of(&mut tx, *subscriber).await? {
            proofs.push(Proof {
                action: consent.action,
                program: consent.program,
                sender: consent.sender,
                at: consent.at,
            });
        }
        let sender = proofs.last().map(|proof| proof.sender.clone()).unwrap_or_default();
        proofs.push(Proof { action: "erased".to_owned(), program: None, sender, at: now });
        if let Some((digest, number)) = known_by {
            for proof in &proofs {
                erasures::prove(&mut tx, service.id(), &digest, proof).await?;
            }
            erasures::hide(&mut tx, &digest, &number).await?;
        }
        erasures::erase(&mut tx, *subscriber, phone).await?;
    }
    tx.commit().await?;
    if !due.is_empty() {
        tracing::info!(people = due.len(), "erased at their own wish");
    }
    Ok(due.len())
}

/// Whether somebody with this number asked to be erased, or to get no more texts, and was erased since.
pub async fn is_known(service: &Service, tx: &mut Tx, phone: &PhoneNumber) -> StoreResult<bool> {
    erasures::is_known(tx, &service.seal.digest(phone)).await
}
