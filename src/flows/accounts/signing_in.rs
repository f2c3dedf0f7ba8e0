//! Signing in, and what slows down who guesses.
//!
//! Every try is counted before it is weighed, in one transaction that no other try of the account or the place passes:
//! however many come at once, no more are weighed than may fail. One that was right is struck out again.
//!
//! Who only wants to keep somebody out by failing in their name does not keep out the browsers in which they have signed in
//! before: these hold a sealed word, and are counted each by itself.

use std::net::IpAddr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::TimeDelta;
use uuid::Uuid;

use super::{Account, actor, codes, password, random};
use crate::flows::Service;
use crate::flows::auditing::{self, Actor, Object};
use crate::store::{StoreError, accounts};

/// Tries that failed are counted over so long.
const COUNTED: TimeDelta = TimeDelta::minutes(15);
/// Of one account from one place, so many may fail in that time,
const MOST_HERE: i64 = 6;
/// of one account from anywhere so many,
const MOST_OF_ACCOUNT: i64 = 40;
/// of its codes from anywhere so many: who is asked for one knows the password,
const MOST_CODES: i64 = 12;
/// and from one place so many, whichever account they were for.
const MOST_FROM_PLACE: i64 = 30;
/// What a sealed word begins with: nothing else that is sealed does.
const KNOWN: &[u8] = b"a browser that is known\n";

/// Nobody was signed in.
#[derive(Debug, thiserror::Error)]
pub enum NotIn {
    /// The address, the password or the code is wrong; which, is not said.
    #[error("the e-mail address or the password is wrong")]
    Wrong,
    /// Too many tries failed.
    #[error("too many tries failed: try again in a quarter of an hour")]
    TooMany,
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// From where somebody tries.
#[derive(Clone, Debug)]
pub struct Whence {
    address: String,
    /// Whose browser it is, by what it showed: e-mail address, and the browser's own name.
    known: Option<(String, String)>,
}

impl Whence {
    /// An IP address, and the word that the browser keeps ([`known_browser`]).
    pub fn new(service: &Service, address: &str, word: Option<&str>) -> Self {
        let open = |word: &str| {
            let plain = service.seal.open(&URL_SAFE_NO_PAD.decode(word).ok()?)?;
            let said = String::from_utf8(plain.strip_prefix(KNOWN)?.to_vec()).ok()?;
            said.split_once('\n').map(|(name, email)| (email.to_owned(), name.to_owned()))
        };
        Self { address: address.to_owned(), known: word.and_then(open) }
    }

    /// As what its tries for this account are counted, and whether it is a browser of theirs.
    fn place(&self, email: &str) -> (String, bool) {
        match &self.known {
            Some((whose, name)) if whose == email => (format!("browser {name}"), true),
            _ => (network(&self.address), false),
        }
    }
}

/// Who is given one address of IPv6 is given a whole /64 of them.
fn network(address: &str) -> String {
    match address.parse() {
        Ok(IpAddr::V6(six)) => {
            let [a, b, c, d, ..] = six.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
        _ => address.to_owned(),
    }
}

/// A word for a browser in which somebody signed in, by which it is known again.
pub fn known_browser(service: &Service, account: &Account) -> String {
    let name = URL_SAFE_NO_PAD.encode(random::<12>());
    let plain = [KNOWN, name.as_bytes(), b"\n", account.email.as_bytes()].concat();
    URL_SAFE_NO_PAD.encode(service.seal.close(&random::<12>(), &plain))
}

/// Who signs in by these. Where they have codes, one is still to be given (`check_code`).
pub async fn sign_in(
    service: &Service,
    email: &str,
    password: &str,
    whence: &Whence,
) -> Result<Account, NotIn> {
    let email = super::email(email).map_err(|_| NotIn::Wrong)?;
    let tried = Try::begin(service, (&email, &email), MOST_OF_ACCOUNT, whence).await?;
    let mut tx = service.database.read().await?;
    let account = accounts::by_email(&mut tx, &email).await?;
    drop(tx);
    let usable = account.filter(|account| account.closed_at.is_none());
    let kept = usable.as_ref().and_then(|account| account.password.clone());
    if !password::fits(password, kept).await {
        // Whose it is may be nobody's: it is written down under no account.
        return tried.failed(service, &Actor::named("console"), whence).await;
    }
    let account = usable.ok_or(NotIn::Wrong)?;
    match account.totp {
        None => tried.entered(service, &account, whence).await?,
        Some(_) => tried.right(service).await?,
    }
    Ok(account)
}

/// Takes the code of somebody whose password was right.
pub async fn check_code(
    service: &Service,
    account: &Account,
    code: &str,
    whence: &Whence,
) -> Result<(), NotIn> {
    // No address has a space in it: codes are counted apart.
    let counted = format!("{} code", account.email);
    let tried = Try::begin(service, (&account.email, &counted), MOST_CODES, whence).await?;
    let good = match codes::step(service, account, code) {
        Some(step) => {
            let mut tx = service.database.begin().await?;
            let good = accounts::use_step(&mut tx, account.id, step).await?;
            tx.commit().await?;
            good
        }
        None => false,
    };
    if !good {
        return tried.failed(service, &Actor::named("console"), whence).await;
    }
    tried.entered(service, account, whence).await
}

/// Whether somebody who is signed in knows their password: who found a browser open guesses no more often than at the
/// door.
pub async fn prove(
    service: &Service,
    account: &Account,
    password: &str,
    whence: &Whence,
) -> Result<(), NotIn> {
    let tried = Try::begin(service, (&account.email, &account.email), MOST_OF_ACCOUNT, whence).await?;
    if !password::fits(password, account.password.clone()).await {
        return tried.failed(service, &actor(account), whence).await;
    }
    tried.right(service).await
}

/// A try that is being weighed. It counts as one that failed, until it was right.
struct Try {
    id: Uuid,
    email: String,
    place: String,
}

impl Try {
    /// Writes one down, unless too many failed before. What it is counted as may be another than the address.
    async fn begin(
        service: &Service,
        (email, counted): (&str, &str),
        most_of_account: i64,
        whence: &Whence,
    ) -> Result<Self, NotIn> {
        let now = service.now();
        let (place, known) = whence.place(email);
        let mut tx = service.database.begin().await?;
        accounts::lock_tries(&mut tx, counted, &place).await?;
        let failures = accounts::failures(&mut tx, counted, &place, now - COUNTED).await?;
        let strange = failures.of_account >= most_of_account || failures.from_place >= MOST_FROM_PLACE;
        if failures.here >= MOST_HERE || (!known && strange) {
            service.metrics.alarm("sign_in_limited");
            return Err(NotIn::TooMany);
        }
        let id = service.id();
        accounts::failed(&mut tx, id, counted, &place, now).await?;
        tx.commit().await?;
        Ok(Self { id, email: email.to_owned(), place })
    }

    /// It was wrong.
    async fn failed<T>(self, service: &Service, by: &Actor, whence: &Whence) -> Result<T, NotIn> {
        let mut tx = service.database.begin().await?;
        let detail = format!("from {}", whence.address);
        auditing::note(service, &mut tx, by, "sign-in failed", Object::default(), &detail).await?;
        tx.commit().await?;
        Err(NotIn::Wrong)
    }

    /// It was right, and lets nobody in by itself.
    async fn right(self, service: &Service) -> Result<(), NotIn> {
        let mut tx = service.database.begin().await?;
        accounts::forget(&mut tx, self.id).await?;
        Ok(tx.commit().await?)
    }

    /// It was right, and somebody is in.
    async fn entered(self, service: &Service, account: &Account, whence: &Whence) -> Result<(), NotIn> {
        let mut tx = service.database.begin().await?;
        accounts::forget(&mut tx, self.id).await?;
        accounts::forgive(&mut tx, &self.email, &self.place).await?;
        let detail = format!("from {}", whence.address);
        auditing::note(service, &mut tx, &actor(account), "sign in", Object::default(), &detail).await?;
        Ok(tx.commit().await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_of_ipv6_is_one_place() {
        assert_eq!("192.0.2.1", network("192.0.2.1"));
        assert_eq!("2001:db8:0:7::/64", network("2001:db8:0:7::1"));
        assert_eq!(network("2001:db8:0:7::1"), network("2001:db8:0:7:ffff::2"));
        assert_ne!(network("2001:db8:0:7::1"), network("2001:db8:0:8::1"));
    }
}
