//! Who works at the console, what each may do, and which tries to sign in failed.

use chrono::{DateTime, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use super::{Sql, StoreResult, Tx, on};
use crate::domain::role::{Grant, Role};

pub use self::tries::{
    Failures, failed, failures, forget, forget_failures, forgive, forgive_all, lock_tries,
};

mod tries;

/// Every program, as a grant writes it.
const EVERY: &str = "*";
/// What changes of roles lock.
const ROLES: i64 = 0x726f_6c65;

/// A person who works at the console.
#[derive(Clone, FromRow)]
pub struct Account {
    /// Its id.
    pub id: Uuid,
    /// By which they sign in, in lower case.
    pub email: String,
    /// As it stands beside what they did.
    pub name: String,
    /// The console's language for them.
    pub language: String,
    /// The IANA zone in which they are shown times.
    pub zone: String,
    /// Argon2id in PHC form; none: the invitation is not taken up yet.
    pub password: Option<String>,
    /// The secret of their codes, sealed.
    pub totp: Option<Vec<u8>>,
    /// The last step whose code was used.
    pub totp_step: i64,
    /// Until when their link is good.
    pub invite_until: Option<DateTime<Utc>>,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// By whom.
    pub made_by: String,
    /// Since when they may not sign in.
    pub closed_at: Option<DateTime<Utc>>,
}

macro_rules! accounts {
    ($which:literal) => {
        concat!(
            "SELECT id, email, name, language, zone, password, totp, totp_step, invite_until, made_at, made_by, closed_at
               FROM accounts ",
            $which
        )
    };
}

/// One, by its id.
pub async fn find(tx: &mut Tx, id: Uuid) -> StoreResult<Option<Account>> {
    let select = accounts!("WHERE id = $1");
    on!(tx, select, |conn, sql| sqlx::query_as(sql).bind(id).fetch_optional(conn).await)
}

const BY_EMAIL: Sql = Sql::pair(accounts!("WHERE email = $1"), accounts!("WHERE email = $1 FOR UPDATE"));

/// One, by its address in lower case, locked until the transaction ends.
pub async fn by_email(tx: &mut Tx, email: &str) -> StoreResult<Option<Account>> {
    on!(tx, BY_EMAIL, |conn, sql| sqlx::query_as(sql).bind(email).fetch_optional(conn).await)
}

/// One whose name somebody else wants.
pub async fn by_name(tx: &mut Tx, name: &str) -> StoreResult<Option<Account>> {
    let select = accounts!("WHERE name = $1");
    on!(tx, select, |conn, sql| sqlx::query_as(sql).bind(name).fetch_optional(conn).await)
}

/// One, by the digest of the word in its link, while that is good.
pub async fn invited(tx: &mut Tx, digest: &[u8], now: DateTime<Utc>) -> StoreResult<Option<Account>> {
    let select = accounts!("WHERE invite = $1 AND invite_until > $2");
    on!(tx, select, |conn, sql| sqlx::query_as(sql).bind(digest).bind(now).fetch_optional(conn).await)
}

/// All of them, by name.
pub async fn all(tx: &mut Tx) -> StoreResult<Vec<Account>> {
    let select = accounts!("ORDER BY name");
    on!(tx, select, |conn, sql| sqlx::query_as(sql).fetch_all(conn).await)
}

/// Changes of who may do what wait for each other from here to the end of the transaction: what each of two decides by
/// the other may not change.
pub async fn lock(tx: &mut Tx) -> StoreResult<()> {
    wait_for(tx, ROLES).await
}

/// PostgreSQL's lock of this key, until the transaction ends. SQLite has one writer.
async fn wait_for(tx: &mut Tx, key: i64) -> StoreResult<()> {
    match tx {
        Tx::Sqlite(_) => Ok(()),
        Tx::Postgres(tx) => {
            let lock = sqlx::query("SELECT pg_advisory_xact_lock($1)").bind(key);
            lock.execute(&mut **tx).await.map(|_| ())
        }
    }
}

/// Adds one whose address and name nobody has.
pub async fn add(tx: &mut Tx, account: &Account) -> StoreResult<()> {
    let insert = "INSERT INTO accounts (id, email, name, language, zone, made_at, made_by)
                  VALUES ($1, $2, $3, $4, $5, $6, $7)";
    on!(tx, insert, |conn, sql| sqlx::query(sql)
        .bind(account.id)
        .bind(&account.email)
        .bind(&account.name)
        .bind(&account.language)
        .bind(&account.zone)
        .bind(account.made_at)
        .bind(&account.made_by)
        .execute(conn)
        .await
        .map(|_| ()))
}

/// Gives a link until `until`: whoever has its word may choose a password, once. An earlier one is void.
pub async fn invite(tx: &mut Tx, id: Uuid, digest: &[u8], until: DateTime<Utc>) -> StoreResult<()> {
    let update = "UPDATE accounts SET invite = $2, invite_until = $3 WHERE id = $1";
    on!(tx, update, |conn, sql| sqlx::query(sql)
        .bind(id)
        .bind(digest)
        .bind(until)
        .execute(conn)
        .await
        .map(|_| ()))
}

/// Sets the password in place of the one that is known, and takes the link back; false if it was another one by now.
pub async fn set_password(tx: &mut Tx, id: Uuid, known: Option<&str>, password: &str) -> StoreResult<bool> {
    let update = "UPDATE accounts SET password = $3, invite = NULL, invite_until = NULL
                   WHERE id = $1 AND password = $2";
    on!(tx, update, |conn, sql| sqlx::query(sql)
        .bind(id)
        .bind(known)
        .bind(password)
        .execute(conn)
        .await
        .map(|done| done.rows_affected() == 1))
}

/// Takes a link up: its password is set, and the link is gone; false if it was gone before.
pub async fn take_up(tx: &mut Tx, id: Uuid, digest: &[u8], password: &str) -> StoreResult<bool> {
    let update = "UPDATE accounts SET password = $3, invite = NULL, invite_until = NULL
                   WHERE id = $1 AND invite = $2 AND closed_at IS NULL";
    on!(tx, update, |conn, sql| sqlx::query(sql)
        .bind(id)
        .bind(digest)
        .bind(password)
        .execute(conn)
        .await
        .map(|done| done.rows_affected() == 1))
}

/// Takes away all by which they sign in.
pub async fn strip(tx: &mut Tx, id: Uuid) -> StoreResult<()> {
    let update = "UPDATE accounts SET password = NULL, totp = NULL, totp_step = 0 WHERE id = $1";
    on!(tx, update, |conn, sql| sqlx::query(sql).bind(id).execute(conn).await.map(|_| ()))
}

/// Sets the sealed secret of their codes, and takes the link back; false if they have one already, or no password.
pub async fn set_totp(tx: &mut Tx, id: Uuid, secret: &[u8]) -> StoreResult<bool> {
    let update = "UPDATE accounts SET totp = $2, totp_step = 0, invite = NULL, invite_until = NULL
                   WHERE id = $1 AND totp IS NULL AND password IS NOT NULL";
    on!(tx, update, |conn, sql| sqlx::query(sql)
        .bind(id)
        .bind(secret)
        .execute(conn)
        .await
        .map(|done| done.rows_affected() == 1))
}

/// Takes the secret of their codes away.
pub async fn drop_totp(tx: &mut Tx, id: Uuid) -> StoreResult<()> {
    let update = "UPDATE accounts SET totp = NULL, totp_step = 0 WHERE id = $1";
    on!(tx, update, |conn, sql| sqlx::query(sql).bind(id).execute(conn).await.map(|_| ()))
}

/// Uses up the code of a step; false if it, or a later one, was used before.
pub async fn use_step(tx: &mut Tx, id: Uuid, step: i64) -> StoreResult<bool> {
    let update = "UPDATE accounts SET totp_step = $2 WHERE id = $1 AND totp_step < $2";
    on!(tx, update, |conn, sql| sqlx::query(sql)
        .bind(id)
        .bind(step)
        .execute(conn)
        .await
        .map(|done| done.rows_affected() == 1))
}

/// Sets what they are shown in.
pub async fn prefer(tx: &mut Tx, id: Uuid, language: &str, zone: &str) -> StoreResult<()> {
    let update = "UPDATE accounts SET language = $2, zone = $3 WHERE id = $1";
    on!(tx, update, |conn, sql| sqlx::query(sql)
        .bind(id)
        .bind(language)
        .bind(zone)
        .execute(conn)
        .await
        .map(|_| ()))
}

/// Closes an account, or opens it again.
pub async fn close(tx: &mut Tx, id: Uuid, at: Option<DateTime<Utc>>) -> StoreResult<()> {
    let update = "UPDATE accounts SET closed_at = $2, invite = NULL, invite_until = NULL WHERE id = $1";
    on!(tx, update, |conn, sql| sqlx::query(sql).bind(id).bind(at).execute(conn).await.map(|_| ()))
}

/// What each account may do, as written.
#[derive(FromRow)]
struct Granted {
    account_id: Uuid,
    #[sqlx(try_from = "String")]
    role: Role,
    program: String,
}

impl Granted {
    fn grant(self) -> Grant {
        Grant { role: self.role, program: (self.program != EVERY).then_some(self.program) }
    }
}

/// What one may do.
pub async fn grants(tx: &mut Tx, id: Uuid) -> StoreResult<Vec<Grant>> {
    let select = "SELECT account_id, role, program FROM grants WHERE account_id = $1 ORDER BY role, program";
    let rows: Vec<Granted> = on!(tx, select, |conn, sql| sqlx::query_as(sql).bind(id).fetch_all(conn).await)?;
    Ok(rows.into_iter().map(Granted::grant).collect())
}

/// What all may do.
pub async fn all_grants(tx: &mut Tx) -> StoreResult<Vec<(Uuid, Grant)>> {
    let select = "SELECT account_id, role, program FROM grants ORDER BY account_id, role, program";
    let rows: Vec<Granted> = on!(tx, select, |conn, sql| sqlx::query_as(sql).fetch_all(conn).await)?;
    Ok(rows.into_iter().map(|row| (row.account_id, row.grant())).collect())
}

/// Sets all that one may do.
pub async fn set_grants(tx: &mut Tx, id: Uuid, grants: &[Grant]) -> StoreResult<()> {
    let delete = "DELETE FROM grants WHERE account_id = $1";
    on!(&mut *tx, delete, |conn, sql| sqlx::query(sql).bind(id).execute(conn).await.map(|_| ()))?;
    let insert = "INSERT INTO grants (account_id, role, program) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    for grant in grants {
        on!(&mut *tx, insert, |conn, sql| sqlx::query(sql)
            .bind(id)
            .bind(grant.role.name())
            .bind(grant.program.as_deref().unwrap_or(EVERY))
            .execute(conn)
            .await
            .map(|_| ()))?;
    }
    Ok(())
}
