//! Who is signed in, and what they may see. Every page of the console asks for a [`Signed`], and every thing of a program
//! is reached through it.

use axum::extract::FromRequestParts;
use axum::http::{Method, header, request::Parts};
use chrono_tz::Tz;
use tower_sessions::Session;
use uuid::Uuid;

use super::form::TOKEN;
use super::refusal::Refusal;
use super::shell::Shell;
use super::tongue::Tongue;
use crate::domain::role::{Grant, Right};
use crate::flows::accounts;
use crate::flows::auditing::{self, Actor, Object};
use crate::store::accounts::{self as store, Account};
use crate::web::Site;

/// In a session: whose it is; when it was last used, in minutes; what is to be said on the next page.
pub const ACCOUNT: &str = "account";
const SEEN: &str = "seen";
const NOTICE: &str = "notice";

/// Somebody who is signed in, and the request that they make.
pub struct Signed {
    /// Their account.
    pub account: Account,
    /// What they may do.
    pub grants: Vec<Grant>,
    /// Their session.
    pub session: Session,
    /// What proves a form of theirs.
    pub token: String,
    /// The language of the page.
    pub tongue: Tongue,
    /// In which they are shown times.
    pub zone: Tz,
    /// The address asked for.
    pub path: String,
    /// What is to be said on this page, once.
    pub notice: Option<String>,
    /// scheme://host by which the console is reached.
    pub base: String,
}

impl FromRequestParts<Site> for Signed {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Refusal> {
        let next = || match parts.method {
            Method::GET => parts.uri.path_and_query().map_or("/console", |path| path.as_str()).to_owned(),
            _ => "/console".to_owned(),
        };
        let session = parts.extensions.get::<Session>().cloned().ok_or(Refusal::SignIn(next()))?;
        let id: Option<Uuid> = session.get(ACCOUNT).await?;
        let id = id.ok_or_else(|| Refusal::SignIn(next()))?;
        let mut tx = site.service.database.read().await?;
        let account = store::find(&mut tx, id).await?.filter(|account| account.closed_at.is_none());
        let account = account.ok_or_else(|| Refusal::SignIn(next()))?;
        let grants = store::grants(&mut tx, id).await?;
        drop(tx);
        let path = parts.uri.path().to_owned();
        let live = is_live(&path);
        if !live {
            used(&session, site).await?;
        }
        let token: Option<String> = session.get(TOKEN).await?;
        let notice = match live || parts.method != Method::GET {
            true => None,
            false => session.remove(NOTICE).await?,
        };
        let host = parts.headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
        Ok(Self {
            base: site.public_url.clone().unwrap_or_else(|| format!("http://{host}")),
            tongue: Tongue::asked(&parts.headers),
            zone: account.zone.parse().unwrap_or(Tz::UTC),
            token: token.unwrap_or_default(),
            account,
            grants,
            session,
            path,
            notice,
        })
    }
}

/// Parts of a page that ask again by themselves end so. They are no sign that anybody sits before it: a console left
/// open overnight is signed out all the same.
pub fn is_live(path: &str) -> bool {
    path.ends_with("/live")
}

/// Writes down that a session is used, once a minute.
async fn used(session: &Session, site: &Site) -> Result<(), Refusal> {
    let minute = site.service.now().timestamp() / 60;
    let seen: Option<i64> = session.get(SEEN).await?;
    if seen != Some(minute) {
        session.insert(SEEN, minute).await?;
    }
    Ok(())
}

impl Signed {
    /// Whether they may do this, in any program.
    pub fn may(&self, right: Right) -> bool {
        self.grants.iter().any(|grant| grant.role.allows(right))
    }

    /// Whether they may do this in a program.
    pub fn may_in(&self, right: Right, program: &str) -> bool {
        self.grants.iter().any(|grant| grant.role.allows(right) && grant.covers(program))
    }

    /// Whether they may do this in every program.
    pub fn may_everywhere(&self, right: Right) -> bool {
        self.grants.iter().any(|grant| grant.role.allows(right) && grant.program.is_none())
    }

    /// Refuses who may not do this in any program.
    pub fn need(&self, right: Right) -> Result<(), Refusal> {
        if self.may(right) { Ok(()) } else { Err(Refusal::Forbidden) }
    }

    /// The programs in which they may do this, in the order of their names.
    pub fn programs(&self, site: &Site, right: Right) -> Vec<String> {
        let edition = site.service.shelf.edition();
        edition.library.programs.keys().filter(|program| self.may_in(right, program)).cloned().collect()
    }

    /// Lets them reach something of a program. To who may not, it is not there; that they tried is written down.
    pub async fn reach(&self, site: &Site, right: Right, program: &str, what: &str) -> Result<(), Refusal> {
        if self.may_in(right, program) {
            return Ok(());
        }
        auditing::saw(&site.service, &self.actor(), "refused", Object::program(program), what).await?;
        Err(Refusal::NotFound)
    }

    /// The same for a thing of several programs, such as a mother enrolled in two: one of them is enough.
    pub async fn reach_any<'a>(
        &self,
        site: &Site,
        right: Right,
        programs: impl IntoIterator<Item = &'a str>,
        what: &str,
    ) -> Result<(), Refusal> {
        let mut first = None;
        for program in programs {
            if self.may_in(right, program) {
                return Ok(());
            }
            first = first.or(Some(program));
        }
        // Of no program at all: who may do it everywhere may.
        match first {
            None if self.may_everywhere(right) => Ok(()),
            None => self.reach(site, right, "", what).await,
            Some(program) => self.reach(site, right, program, what).await,
        }
    }

    /// Who does what they do.
    pub fn actor(&self) -> Actor {
        accounts::actor(&self.account)
    }

    /// Says something on the next page, once.
    pub async fn tell(&self, notice: &str) -> Result<(), Refusal> {
        Ok(self.session.insert(NOTICE, notice).await?)
    }

    /// What surrounds a page of theirs.
    pub fn shell(&self, title: &str) -> Shell {
        Shell::new(self, title)
    }
}
