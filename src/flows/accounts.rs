//! The people of the console: invited, given rights, signed in, closed.
//!
//! Passwords are kept as Argon2id (RFC 9106) with the crate's own parameters, which are those of OWASP's password
//! storage cheat sheet. Codes are TOTP (RFC 6238). Tries that fail are counted by account and by address in the
//! database, so that a second process does not begin to count anew.

mod codes;
mod password;
mod sealing;
mod signing_in;

pub use self::codes::{NewCodes, begin_codes, codes_of, confirm_codes, drop_codes};
pub use self::password::{SHORTEST, Weak, weigh};
pub use self::sealing::{closed, opened};
pub use self::signing_in::{NotIn, Whence, check_code, known_browser, prove, sign_in};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::TimeDelta;
use ring::rand::{SecureRandom, SystemRandom};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::Service;
use super::auditing::{self, Actor, Object};
use super::publishing::START;
use crate::domain::role::{Grant, Right};
use crate::store::accounts::{self, Account};
use crate::store::{StoreError, StoreResult, Tx, sessions};

/// A link to choose a password is good so long.
pub const INVITED_FOR: TimeDelta = TimeDelta::days(3);

/// How deeds name who is no person of the console; nobody is called so.
const NOBODY: [&str; 6] = ["subscriber", "service", "provider", "command line", "console", START];

/// Who is to be let in.
#[derive(Clone, Debug)]
pub struct Invitation {
    /// By which they will sign in.
    pub email: String,
    /// As it will stand beside what they do.
    pub name: String,
    /// The console's language for them: en, es, ru.
    pub language: String,
    /// The IANA zone in which they are shown times.
    pub zone: String,
    /// What they may do.
    pub grants: Vec<Grant>,
}

/// It was not done.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// There is an account of that address.
    #[error("there is an account for this e-mail address already")]
    EmailTaken,
    /// There is an account of that name.
    #[error("somebody is called so already: what they did must be told apart")]
    NameTaken,
    /// It is no e-mail address.
    #[error("this is no e-mail address")]
    NoEmail,
    /// There is no name.
    #[error("a name is needed: it stands beside what they do")]
    NoName,
    /// Nothing is allowed.
    #[error("choose at least one role")]
    NoRole,
    /// The link is not good any more.
    #[error("this link has been used, or is too old")]
    Stale,
    /// The password will not do.
    #[error(transparent)]
    Weak(#[from] Weak),
    /// Nobody would be left who can let others in.
    #[error("nobody would be left who can let others in")]
    LastAdministrator,
    /// There is no such account.
    #[error("there is no such account")]
    Gone,
    /// Codes are asked for already.
    #[error("codes are on already: turn them off first")]
    Coded,
    /// The password could not be made into what is kept.
    #[error("the password could not be kept")]
    Unkept,
    /// The code is wrong.
    #[error("the code is wrong, or was used already")]
    WrongCode,
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Makes an account and its link's word, which is told once and kept nowhere.
pub async fn invite(
    service: &Service,
    invitation: &Invitation,
    by: &Actor,
) -> Result<(Account, String), Refused> {
    let email = email(&invitation.email)?;
    let name = invitation.name.trim();
    if name.is_empty() {
        return Err(Refused::NoName);
    }
    if invitation.grants.is_empty() {
        return Err(Refused::NoRole);
    }
    let mut tx = service.database.begin().await?;
    // Of two who invite one person at once, the second sees all that the first did.
    accounts::lock(&mut tx).await?;
    if accounts::by_email(&mut tx, &email).await?.is_some() {
        return Err(Refused::EmailTaken);
    }
    if is_nobody(name) || accounts::by_name(&mut tx, name).await?.is_some() {
        return Err(Refused::NameTaken);
    }
    let account = Account {
        id: service.id(),
        email,
        name: name.to_owned(),
        language: invitation.language.clone(),
        zone: invitation.zone.clone(),
        password: None,
        totp: None,
        totp_step: 0,
        invite_until: None,
        made_at: service.now(),
        made_by: by.name.clone(),
        closed_at: None,
    };
    accounts::add(&mut tx, &account).await?;
    accounts::set_grants(&mut tx, account.id, &invitation.grants).await?;
    let word = give_link(service, &mut tx, account.id).await?;
    let detail = format!("{}: {}", account.name, told(&invitation.grants));
    auditing::note(service, &mut tx, by, "invite", Object::default(), &detail).await?;
    tx.commit().await?;
    Ok((account, word))
}

/// Gives an account a new link: for who forgot the password or lost the phone with the codes, or lost them to somebody.
/// The password and the codes are taken away, and all its sessions end. At the console nobody strips the last one who
/// lets others in; at the machine that is what is left to do.
pub async fn invite_anew(service: &Service, id: Uuid, by: &Actor) -> Result<String, Refused> {
    let mut tx = service.database.begin().await?;
    accounts::lock(&mut tx).await?;
    let account = accounts::find(&mut tx, id).await?.ok_or(Refused::Gone)?;
    let before = somebody_administers(&mut tx).await?;
    let word = give_link(service, &mut tx, id).await?;
    accounts::strip(&mut tx, id).await?;
    if before && by.account.is_some() && !somebody_administers(&mut tx).await? {
        return Err(Refused::LastAdministrator);
    }
    sessions::end_all(&mut tx, id, &[]).await?;
    auditing::note(service, &mut tx, by, "new link", Object::default(), &account.name).await?;
    tx.commit().await?;
    Ok(word)
}

async fn give_link(service: &Service, tx: &mut Tx, id: Uuid) -> StoreResult<String> {
    let word = secret_word();
    accounts::invite(tx, id, &digest(&word), service.now() + INVITED_FOR).await?;
    Ok(word)
}

/// Whose link this is, while it is good.
pub async fn welcome(service: &Service, word: &str) -> StoreResult<Option<Account>> {
    let mut tx = service.database.read().await?;
    let account = accounts::invited(&mut tx, &digest(word), service.now()).await?;
    Ok(account.filter(|account| account.closed_at.is_none()))
}

/// Takes a link up: the password is chosen, the link is used.
pub async fn take_up(service: &Service, word: &str, password: &str) -> Result<Account, Refused> {
    let account = welcome(service, word).await?.ok_or(Refused::Stale)?;
    weigh(password, &account.email, &account.name)?;
    let hash = password::hash(password).await.ok_or(Refused::Unkept)?;
    let mut tx = service.database.begin().await?;
    // Of two who take it up at once, one does.
    if !accounts::take_up(&mut tx, account.id, &digest(word), &hash).await? {
        return Err(Refused::Stale);
    }
    accounts::forgive_all(&mut tx, &account.email).await?;
    sessions::end_all(&mut tx, account.id, &[]).await?;
    auditing::note(service, &mut tx, &actor(&account), "choose password", Object::default(), "").await?;
    tx.commit().await?;
    Ok(account)
}

/// Another password, for who knows the present one. All other sessions end.
pub async fn change_password(
    service: &Service,
    account: &Account,
    password: &str,
    session: &[u8],
) -> Result<(), Refused> {
    weigh(password, &account.email, &account.name)?;
    let hash = password::hash(password).await.ok_or(Refused::Unkept)?;
    let mut tx = service.database.begin().await?;
    // A new link, given meanwhile, is not undone by who is being shut out.
    if !accounts::set_password(&mut tx, account.id, account.password.as_deref(), &hash).await? {
        return Err(Refused::Stale);
    }
    sessions::end_all(&mut tx, account.id, session).await?;
    auditing::note(service, &mut tx, &actor(account), "change password", Object::default(), "").await?;
    Ok(tx.commit().await?)
}

/// Says what somebody may do from here on: what is given, and what they may already that stays.
pub async fn grant(
    service: &Service,
    id: Uuid,
    stays: impl Fn(&Grant) -> bool + Send,
    given: &[Grant],
    by: &Actor,
) -> Result<(), Refused> {
    let mut tx = service.database.begin().await?;
    accounts::lock(&mut tx).await?;
    let account = accounts::find(&mut tx, id).await?.ok_or(Refused::Gone)?;
    let mut grants = accounts::grants(&mut tx, id).await?;
    grants.retain(stays);
    grants.extend_from_slice(given);
    if grants.is_empty() {
        return Err(Refused::NoRole);
    }
    let before = somebody_administers(&mut tx).await?;
    accounts::set_grants(&mut tx, id, &grants).await?;
    if before && !somebody_administers(&mut tx).await? {
        return Err(Refused::LastAdministrator);
    }
    let detail = format!("{}: {}", account.name, told(&grants));
    auditing::note(service, &mut tx, by, "grant", Object::default(), &detail).await?;
    Ok(tx.commit().await?)
}

/// Closes an account: nobody signs in by it, and its sessions end. What it did stays.
pub async fn close(service: &Service, id: Uuid, by: &Actor) -> Result<(), Refused> {
    let mut tx = service.database.begin().await?;
    accounts::lock(&mut tx).await?;
    let account = accounts::find(&mut tx, id).await?.ok_or(Refused::Gone)?;
    let before = somebody_administers(&mut tx).await?;
    accounts::close(&mut tx, id, Some(service.now())).await?;
    sessions::end_all(&mut tx, id, &[]).await?;
    if before && !somebody_administers(&mut tx).await? {
        return Err(Refused::LastAdministrator);
    }
    auditing::note(service, &mut tx, by, "close account", Object::default(), &account.name).await?;
    Ok(tx.commit().await?)
}

/// Opens a closed account again.
pub async fn reopen(service: &Service, id: Uuid, by: &Actor) -> Result<(), Refused> {
    let mut tx = service.database.begin().await?;
    let account = accounts::find(&mut tx, id).await?.ok_or(Refused::Gone)?;
    accounts::close(&mut tx, id, None).await?;
    auditing::note(service, &mut tx, by, "open account", Object::default(), &account.name).await?;
    Ok(tx.commit().await?)
}

/// Ends a session of one's own, or another's.
pub async fn end_session(service: &Service, session: &[u8], of: &Account, by: &Actor) -> StoreResult<()> {
    let mut tx = service.database.begin().await?;
    sessions::end(&mut tx, session).await?;
    auditing::note(service, &mut tx, by, "end session", Object::default(), &of.name).await?;
    tx.commit().await
}

/// What an account shows itself in.
pub async fn prefer(service: &Service, id: Uuid, language: &str, zone: &str) -> StoreResult<()> {
    let mut tx = service.database.begin().await?;
    accounts::prefer(&mut tx, id, language, zone).await?;
    tx.commit().await
}

/// The person of an account.
pub fn actor(account: &Account) -> Actor {
    Actor { name: account.name.clone(), account: Some(account.id) }
}

/// An address as it is kept.
pub fn email(typed: &str) -> Result<String, Refused> {
    let email = typed.trim().to_lowercase();
    let parts = email.split_once('@');
    let sound = parts.is_some_and(|(local, host)| {
        !local.is_empty() && !host.is_empty() && !host.contains('@') && email.len() <= 254
    });
    if sound && !email.contains(|c: char| c.is_whitespace() || c.is_control()) {
        Ok(email)
    } else {
        Err(Refused::NoEmail)
    }
}

/// Whether anybody who can sign in says who may do what in every program.
async fn somebody_administers(tx: &mut Tx) -> StoreResult<bool> {
    let grants = accounts::all_grants(tx).await?;
    let all = accounts::all(tx).await?;
    let enters = |account: &Account| account.closed_at.is_none() && account.password.is_some();
    let open = |id: Uuid| all.iter().any(|account| account.id == id && enters(account));
    let administers = |grant: &Grant| grant.program.is_none() && grant.role.allows(Right::Administer);
    Ok(grants.iter().any(|(id, grant)| administers(grant) && open(*id)))
}

/// Whether deeds would read as if this person had not done them.
fn is_nobody(name: &str) -> bool {
    let name = name.to_lowercase();
    NOBODY.contains(&&*name)
}

fn told(grants: &[Grant]) -> String {
    let one = |grant: &Grant| match &grant.program {
        Some(program) => format!("{} of {program}", grant.role.name()),
        None => grant.role.name().to_owned(),
    };
    grants.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// 256 random bits, as they stand in a link, a cookie or a form.
pub fn secret_word() -> String {
    URL_SAFE_NO_PAD.encode(random::<32>())
}

#[expect(clippy::expect_used, reason = "without randomness nobody may be let in")]
fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    SystemRandom::new().fill(&mut bytes).expect("the system's randomness");
    bytes
}

fn digest(word: &str) -> [u8; 32] {
    Sha256::digest(word.as_bytes()).into()
}
