//! Where `tower-sessions` keeps its sessions: in our database, under the digest of their names, so that who reads the
//! database cannot use them; with an end that no use puts off; and known by account, so that they can be listed and
//! ended.

use std::collections::HashMap;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta};
use serde_json::Value;
use sha2::{Digest, Sha256};
use tower_sessions::SessionStore;
use tower_sessions::cookie::time::OffsetDateTime;
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store::{Error, Result};
use uuid::Uuid;

use super::access::ACCOUNT;
use super::sign_in::HALF;
use crate::flows::Service;
use crate::store::StoreError;
use crate::store::sessions::{self, Session};

/// In a session: what the browser calls itself, and from where it was first used.
pub const AGENT: &str = "agent";
/// See [`AGENT`].
pub const ADDRESS: &str = "address";
/// In a session: when somebody signed in, in microseconds. Another name of the session gives it no more time.
pub const BEGAN: &str = "began";

/// The sessions of a service.
#[derive(Clone)]
pub struct Sessions {
    service: Service,
    /// Without use a session ends after so long.
    idle: TimeDelta,
    /// After so long a session ends, whatever is done in it.
    absolute: TimeDelta,
}

impl Sessions {
    /// Sessions that end after `idle` without use, and after `absolute`.
    pub fn new(service: Service, idle: TimeDelta, absolute: TimeDelta) -> Self {
        Self { service, idle, absolute }
    }

    fn row(&self, record: &Record) -> Result<Session> {
        let text = |key: &str| record.data.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        // Who owes a code is somebody already: whoever ends all sessions of an account ends this one.
        let account = record.data.get(ACCOUNT).or(record.data.get(HALF)).and_then(Value::as_str);
        let began = record.data.get(BEGAN).and_then(Value::as_i64).and_then(DateTime::from_timestamp_micros);
        let now = self.service.now();
        Ok(Session {
            id: digest(&record.id),
            account_id: account.and_then(|account| Uuid::parse_str(account).ok()),
            data: serde_json::to_string(&record.data).map_err(|error| Error::Encode(error.to_string()))?,
            agent: text(AGENT),
            address: text(ADDRESS),
            began_at: began.unwrap_or(now),
            seen_at: now,
            expires_at: now + self.idle,
        })
    }
}

impl std::fmt::Debug for Sessions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sessions")
    }
}

#[async_trait]
impl SessionStore for Sessions {
    async fn create(&self, record: &mut Record) -> Result<()> {
        let mut tx = self.service.database.begin().await.map_err(backend)?;
        while !sessions::begin(&mut tx, &self.row(record)?).await.map_err(backend)? {
            record.id = Id::default();
        }
        tx.commit().await.map_err(backend)
    }

    async fn save(&self, record: &Record) -> Result<()> {
        let mut tx = self.service.database.begin().await.map_err(backend)?;
        sessions::keep(&mut tx, &self.row(record)?).await.map_err(backend)?;
        tx.commit().await.map_err(backend)
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let now = self.service.now();
        let mut tx = self.service.database.read().await.map_err(backend)?;
        let found = sessions::find(&mut tx, &digest(id), now, now - self.absolute).await.map_err(backend)?;
        let Some(found) = found else { return Ok(None) };
        let data: HashMap<String, Value> =
            serde_json::from_str(&found.data).map_err(|error| Error::Decode(error.to_string()))?;
        let expiry_date = OffsetDateTime::from_unix_timestamp(found.expires_at.timestamp())
            .map_err(|error| Error::Decode(error.to_string()))?;
        Ok(Some(Record { id: *id, data, expiry_date }))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        let mut tx = self.service.database.begin().await.map_err(backend)?;
        sessions::end(&mut tx, &digest(id)).await.map_err(backend)?;
        tx.commit().await.map_err(backend)
    }
}

/// By which a session is known in the database.
pub fn digest(id: &Id) -> Vec<u8> {
    Sha256::digest(id.0.to_be_bytes()).to_vec()
}

/// Whether somebody is signed in by a session, and owes no code.
pub fn is_whole(session: &Session) -> bool {
    let data: Option<HashMap<String, Value>> = serde_json::from_str(&session.data).ok();
    data.is_some_and(|data| data.contains_key(ACCOUNT))
}

fn backend(error: StoreError) -> Error {
    Error::Backend(error.to_string())
}
