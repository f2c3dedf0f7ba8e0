//! Codes that a phone makes: TOTP (RFC 6238), six figures, thirty seconds, SHA-1, as every app of the kind has them.

use totp_rs::{Builder, Totp};

use super::{Account, Refused, actor, random};
use crate::flows::Service;
use crate::flows::auditing::{self, Object};
use crate::store::{accounts, sessions};

/// What an app is given.
pub struct NewCodes {
    /// The secret, to be kept until it is confirmed.
    pub secret: Vec<u8>,
    /// The secret as it is typed in.
    pub typed: String,
    /// The same as an address, for a QR code.
    pub url: String,
}

/// A new secret for an account, which is not in force before a code of it was given.
pub fn begin_codes(account: &Account) -> Option<NewCodes> {
    codes_of(account, random::<20>().to_vec())
}

/// What an app is given of a secret.
pub fn codes_of(account: &Account, secret: Vec<u8>) -> Option<NewCodes> {
    let totp = totp(account, secret.clone())?;
    Some(NewCodes { typed: totp.secret().to_base32(), url: totp.to_url().ok()?, secret })
}

/// Puts a secret in force, once a code of it was given. All other sessions end: one may be of who knew the password.
pub async fn confirm_codes(
    service: &Service,
    account: &Account,
    secret: &[u8],
    code: &str,
    session: &[u8],
) -> Result<(), Refused> {
    let totp = totp(account, secret.to_vec()).ok_or(Refused::WrongCode)?;
    let step = checked(&totp, code, service.now().timestamp()).ok_or(Refused::WrongCode)?;
    let sealed = service.seal.close(&random::<12>(), secret);
    let mut tx = service.database.begin().await?;
    if !accounts::set_totp(&mut tx, account.id, &sealed).await? {
        return Err(Refused::Coded);
    }
    accounts::use_step(&mut tx, account.id, step).await?;
    sessions::end_all(&mut tx, account.id, session).await?;
    auditing::note(service, &mut tx, &actor(account), "codes on", Object::default(), "").await?;
    Ok(tx.commit().await?)
}

/// A password is enough again.
pub async fn drop_codes(service: &Service, account: &Account) -> Result<(), Refused> {
    let mut tx = service.database.begin().await?;
    accounts::drop_totp(&mut tx, account.id).await?;
    auditing::note(service, &mut tx, &actor(account), "codes off", Object::default(), "").await?;
    Ok(tx.commit().await?)
}

/// The step whose code this is, if it is one of this moment.
pub(super) fn step(service: &Service, account: &Account, code: &str) -> Option<i64> {
    let secret = service.seal.open(account.totp.as_deref()?)?;
    checked(&totp(account, secret)?, code, service.now().timestamp())
}

fn checked(totp: &Totp, code: &str, now: i64) -> Option<i64> {
    let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    totp.check(&code, now.unsigned_abs()).and_then(|step| i64::try_from(step).ok())
}

fn totp(account: &Account, secret: Vec<u8>) -> Option<Totp> {
    Builder::new()
        .with_secret(secret)
        .with_issuer(Some("Motherline"))
        .with_account_name(account.email.as_str())
        .build()
        .ok()
}
