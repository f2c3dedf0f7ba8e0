//! Signing in, and what slows down who guesses.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Account, actor, codes, password};
use crate::flows::Service;
use crate::flows::auditing::{self, Actor, Object};
use crate::store::{StoreError, accounts};

/// Tries that failed are counted over so long.
const COUNTED: TimeDelta = TimeDelta::minutes(15);
/// Of one account, so many may fail in that time,
const MOST_OF_ACCOUNT: i64 = 6;
/// and from one address so many, whichever account they were for.
const MOST_FROM_ADDRESS: i64 = 30;

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

/// Who signs in by these. Where they have codes, one is still to be given (`check_code`).
pub async fn sign_in(
    service: &Service,
    email: &str,
    password: &str,
    address: &str,
) -> Result<Account, NotIn> {
    let email = super::email(email).map_err(|_| NotIn::Wrong)?;
    let now = service.now();
    let mut tx = service.database.read().await?;
    refuse_too_many(service, &mut tx, &email, address, now).await?;
    let account = accounts::by_email(&mut tx, &email).await?;
    drop(tx);
    let usable = account.filter(|account| account.closed_at.is_none());
    let kept = usable.as_ref().and_then(|account| account.password.clone());
    if !password::fits(password, kept).await {
        fail(service, &email, address).await?;
        return Err(NotIn::Wrong);
    }
    let account = usable.ok_or(NotIn::Wrong)?;
    if account.totp.is_none() {
        succeed(service, &account, address).await?;
    }
    Ok(account)
}

/// Takes the code of somebody whose password was right.
pub async fn check_code(
    service: &Service,
    account: &Account,
    code: &str,
    address: &str,
) -> Result<(), NotIn> {
    let now = service.now();
    let mut tx = service.database.begin().await?;
    refuse_too_many(service, &mut tx, &account.email, address, now).await?;
    let step = codes::step(service, account, code);
    let good = match step {
        Some(step) => accounts::use_step(&mut tx, account.id, step).await?,
        None => false,
    };
    tx.commit().await?;
    if !good {
        fail(service, &account.email, address).await?;
        return Err(NotIn::Wrong);
    }
    succeed(service, account, address).await
}

async fn refuse_too_many(
    service: &Service,
    tx: &mut crate::store::Tx,
    email: &str,
    address: &str,
    now: DateTime<Utc>,
) -> Result<(), NotIn> {
    let (account, from) = accounts::failures(tx, email, address, now - COUNTED).await?;
    if account >= MOST_OF_ACCOUNT || from >= MOST_FROM_ADDRESS {
        service.metrics.alarm("sign_in_limited");
        return Err(NotIn::TooMany);
    }
    Ok(())
}

async fn fail(service: &Service, email: &str, address: &str) -> Result<(), NotIn> {
    let mut tx = service.database.begin().await?;
    accounts::failed(&mut tx, service.id(), email, address, service.now()).await?;
    // Whose it is may be nobody's: it is written down under no account.
    let nobody = Actor::named("console");
    let detail = format!("from {address}");
    auditing::note(service, &mut tx, &nobody, "sign-in failed", Object::default(), &detail).await?;
    Ok(tx.commit().await?)
}

async fn succeed(service: &Service, account: &Account, address: &str) -> Result<(), NotIn> {
    let mut tx = service.database.begin().await?;
    accounts::forgive(&mut tx, &account.email).await?;
    let detail = format!("from {address}");
    auditing::note(service, &mut tx, &actor(account), "sign in", Object::default(), &detail).await?;
    Ok(tx.commit().await?)
}
