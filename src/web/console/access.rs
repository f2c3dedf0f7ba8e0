//! Who is signed in, and what they may see. Every page of the console asks for a [`Signed`], and every thing of a program
//! is reached through it.

use std::collections::BTreeSet;

use axum::extract::FromRequestParts;
use axum::http::{Method, header, request::Parts};
use chrono_tz::Tz;
use tower_sessions::Session;
use uuid::Uuid;

use super::counting;
use super::form::{TOKEN, proof};
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
    /// Where the page is found again, with what stands behind the question mark: what a form leads to may have no page.
    pub here: String,
    /// What is to be said on this page, once.
    pub notice: Option<String>,
    /// scheme://host by which the console is reached.
    pub base: String,
}

impl FromRequestParts<Site> for Signed {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Refusal> {
        let here = here(parts);
        let next = || here.clone().unwrap_or_else(|| "/console".to_owned());
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
        // Whoever types is there.
        if !live || path == counting::LIVE {
            used(&session, site).await?;
        }
        let token: Option<String> = session.get(TOKEN).await?;
        let told = !live && parts.method == Method::GET;
        // What is taken out is written to the database: only where there is something.
        let notice = match session.get::<String>(NOTICE).await?.filter(|_| told) {
            Some(_) => session.remove(NOTICE).await?,
            None => None,
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
            here: here.unwrap_or_else(|| path.clone()),
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

/// Where somebody is: the page that they ask for, or from which a form or a part of it was asked for; none: it is not said.
fn here(parts: &Parts) -> Option<String> {
    let live = parts.headers.contains_key("hx-request");
    if parts.method == Method::GET && !live {
        return parts.uri.path_and_query().map(|path| path.as_str().to_owned());
    }
    let said = parts.headers.get(if live { "hx-current-url" } else { header::REFERER.as_str() });
    of_ours(said?.to_str().ok()?).map(str::to_owned)
}

/// The path and the query of an address of this console.
fn of_ours(address: &str) -> Option<&str> {
    let (_, rest) = address.split_once("://")?;
    let place = rest[rest.find('/')?..].split('#').next()?;
    let ours =
        place.strip_prefix("/console").is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']));
    ours.then_some(place)
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

    /// The programs of the library in which they may do this, in the order of their names.
    pub fn programs(&self, site: &Site, right: Right) -> Vec<String> {
        let edition = site.service.shelf.edition();
        edition.library.programs.keys().filter(|program| self.may_in(right, program)).cloned().collect()
    }

    /// Of which programs they may reach what is kept, in the order of their names; none: of every one. Programs that have
    /// left the library are among them: their mothers write all the same.
    pub fn reaches(&self, right: Right) -> Option<Vec<String>> {
        if self.may_everywhere(right) {
            return None;
        }
        let may = self.grants.iter().filter(|grant| grant.role.allows(right));
        let programs: BTreeSet<String> = may.filter_map(|grant| grant.program.clone()).collect();
        Some(programs.into_iter().collect())
    }

    /// Lets them reach something of a program. To who may not, it is not there; that they tried is written down.
    pub async fn reach(&self, site: &Site, right: Right, program: &str, what: &str) -> Result<(), Refusal> {
        if self.may_in(right, program) {
            return Ok(());
        }
        let of = if program.is_empty() { Object::default() } else { Object::program(program) };
        auditing::saw(&site.service, &self.actor(), "refused", of, what).await?;
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

    /// Goes on under another name of the session and another proof of forms: who took the cookie has it for nothing.
    pub async fn renew(&self) -> Result<(), Refusal> {
        self.session.cycle_id().await?;
        Ok(self.session.insert(TOKEN, proof::renewed(&self.token)).await?)
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
