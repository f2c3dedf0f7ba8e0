//! One mother: found by her number, her conversation, and why she got something or did not.
//!
//! `find` finds her; `page` shows what is held of her, `talk` her conversation, `coming` what comes next, `held` the
//! record around it, and `sight` what of all that somebody may see; `why` answers why she got something or did not, day by
//! day; `acts` does for her what she might do by text, `export` gives out all that is held of her.

mod act_forms;
mod act_words;
mod acts;
mod coming;
mod export;
mod find;
mod held;
pub(super) mod named;
mod page;
mod readable;
pub(super) mod reasons;
mod sight;
mod talk;
mod terms;
mod verdicts;
mod why;
mod words;

use axum::Router;
use axum::routing::{get, post};
use chrono_tz::Tz;
use uuid::Uuid;

use super::access::Signed;
use super::refusal::Refusal;
use super::tongue::Tongue;
use crate::domain::role::Right;
use crate::domain::why::Verdict;
use crate::flows::Edition;
use crate::flows::auditing::{self, Object};
use crate::library::Program;
use crate::store::people::{self, Enrollment, Subscriber};
use crate::store::{StoreResult, Tx, mothers as store};
use crate::web::Site;

/// The addresses here.
pub fn routes() -> Router<Site> {
    Router::new()
        .route("/console/mothers", get(find::form).post(find::find))
        .route("/console/mothers/{id}", get(page::show))
        .route("/console/mothers/{id}/number", post(page::reveal))
        .route("/console/mothers/{id}/why", get(why::show))
        .route("/console/mothers/{id}/export", get(export::form).post(export::give))
        .route("/console/mothers/{id}/do/{act}", get(acts::form).post(acts::asked))
}

/// What a thing that is done for her is called, by its name in an address.
pub fn called(tongue: Tongue, act: &str) -> Option<&'static str> {
    acts::Act::named(act).map(|act| act_words::called(act_words::Words::of(tongue), act).0)
}

/// A mother whom somebody may look at.
#[derive(Clone)]
struct Mother {
    her: Subscriber,
    /// Her enrollments in programs in which they may, the newest first.
    enrollments: Vec<Enrollment>,
    /// The programs that she belongs to, and in which they may.
    programs: Vec<String>,
    /// She is enrolled in others as well, which they are not shown.
    elsewhere: bool,
}

impl Mother {
    /// Lets somebody reach her. To who may not, she is not there; that they tried is written down.
    async fn reach(site: &Site, signed: &Signed, id: Uuid, right: Right) -> Result<Self, Refusal> {
        signed.need(right)?;
        let mut tx = site.service.database.read().await?;
        let mother = Self::load(site, &mut tx, id).await?;
        drop(tx);
        let mother = mother.ok_or(Refusal::NotFound)?;
        signed.reach_any(site, right, mother.programs.iter().map(String::as_str), "a mother").await?;
        Ok(mother.within(signed, right))
    }

    /// Of her what is of programs in which somebody may. What concerns her phone as a whole, they see: that she stopped,
    /// that she is erased.
    fn within(mut self, signed: &Signed, right: Right) -> Self {
        let all = self.enrollments.len();
        self.enrollments.retain(|enrollment| signed.may_in(right, &enrollment.program));
        self.programs.retain(|program| signed.may_in(right, program));
        self.elsewhere |= self.enrollments.len() < all;
        self
    }

    async fn load(site: &Site, tx: &mut Tx, id: Uuid) -> StoreResult<Option<Self>> {
        let Some(her) = store::find(tx, id).await? else { return Ok(None) };
        Self::of(site, tx, her).await.map(Some)
    }

    /// Her programs are those she is enrolled in; of a stranger, those of the senders that she wrote to.
    async fn of(site: &Site, tx: &mut Tx, her: Subscriber) -> StoreResult<Self> {
        let enrollments = people::enrollments_of(tx, her.id).await?;
        let mut programs: Vec<String> = Vec::new();
        let mut belongs = |program: &String| {
            if !programs.contains(program) {
                programs.push(program.clone());
            }
        };
        for enrollment in &enrollments {
            belongs(&enrollment.program);
        }
        if enrollments.is_empty() {
            for sender in store::senders_of(tx, her.number()).await? {
                let sender = site.service.senders.get(&sender);
                sender.into_iter().flat_map(|sender| &sender.programs).for_each(&mut belongs);
            }
        }
        Ok(Self { her, enrollments, programs, elsewhere: false })
    }

    /// What stands beside what is done to her.
    fn object(&self) -> Object<'_> {
        Object::mother(self.her.id, self.programs.first().map(String::as_str))
    }

    /// Writes down that somebody saw something of her.
    async fn seen(&self, site: &Site, signed: &Signed, action: &str, detail: &str) -> Result<(), Refusal> {
        Ok(auditing::saw(&site.service, &signed.actor(), action, self.object(), detail).await?)
    }

    /// The program that speaks for her.
    fn program<'a>(&self, edition: &'a Edition) -> Option<&'a Program> {
        self.programs.iter().find_map(|program| edition.library.program(program))
    }

    /// Whose clock is hers.
    fn zone(&self, edition: &Edition) -> Tz {
        let home = || self.program(edition).map_or(Tz::UTC, |program| program.home_zone);
        self.her.zone().unwrap_or_else(home)
    }

    /// Where she is found.
    fn path(&self) -> String {
        format!("/console/mothers/{}", self.her.id)
    }
}

/// Why she got something on a day, or did not, in English: at the command line it is said as it is here.
pub fn verdict(zone: Tz, verdict: &Verdict) -> String {
    verdicts::sentence(Tongue::En, zone, verdict)
}

#[cfg(test)]
pub(super) fn samples(tongue: Tongue) -> Vec<(&'static str, Box<dyn askama::DynTemplate>)> {
    let mut all = find::samples(tongue);
    all.extend(page::samples(tongue));
    all.extend(why::samples(tongue));
    all.extend(acts::samples(tongue));
    all.extend(export::samples(tongue));
    all
}
