//! The phones that an enrollment had before it came to this one (MOVE). What was agreed to and asked for there holds here
//! as well. They are found by the seal of the number that was written to us there, and known by their records of consent
//! for the very enrollment: whoever else wrote that number has none.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::Service;
use crate::domain::phone::PhoneNumber;
use crate::store::people::Subscriber;
use crate::store::talk::{self, Consent};
use crate::store::{StoreResult, Tx, mothers};

/// So many phones are followed back.
const MOST: usize = 8;

/// A phone from before.
#[derive(Clone, Debug)]
pub struct Before {
    /// Whoever has it.
    pub her: Subscriber,
    /// What was recorded there for these enrollments, the oldest first.
    pub consents: Vec<Consent>,
    /// When they left it.
    pub until: DateTime<Utc>,
}

/// The phones from before that some enrollments of hers had, the last one first.
pub async fn before(
    service: &Service,
    tx: &mut Tx,
    her: &Subscriber,
    enrollments: &[Uuid],
) -> StoreResult<Vec<Before>> {
    let of_these = |consent: &Consent| consent.enrollment_id.is_some_and(|id| enrollments.contains(&id));
    let mut found: Vec<Before> = Vec::new();
    let mut seen = vec![her.id];
    let mut phones = vec![her.clone()];
    while let Some(phone) = phones.pop().filter(|_| found.len() < MOST) {
        let here = talk::consents_of(tx, phone.id).await?;
        let Some(until) = here.iter().filter(|consent| of_these(consent)).map(|consent| consent.at).min()
        else {
            continue;
        };
        let Some(number) = PhoneNumber::from_e164(phone.number()) else { continue };
        for id in mothers::mentioned_by(tx, &service.seal.digest(&number)).await? {
            if seen.contains(&id) {
                continue;
            }
            seen.push(id);
            let mut consents = talk::consents_of(tx, id).await?;
            consents.retain(of_these);
            if consents.is_empty() {
                continue;
            }
            if let Some(earlier) = mothers::find(tx, id).await? {
                phones.push(earlier.clone());
                found.push(Before { her: earlier, consents, until });
            }
        }
    }
    Ok(found)
}
