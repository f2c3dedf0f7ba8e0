//! The handset: a phone on the first page, in a world of its own (see `worker::rehearsal`). Every visitor's
//! world has its own database in memory and its own clock; the oldest are forgotten.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use chrono::{DateTime, FixedOffset, TimeDelta};
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::sync::Mutex;

use super::Site;
use crate::clock::Clock;
use crate::domain::phone::PhoneNumber;
use crate::flows::Shelf;
use crate::ids::{Ids, stable_hash};
use crate::library::{Library, Program};
use crate::store::Database;
use crate::worker::rehearsal::{Line, NAME, RehearsalError, Script, World};

/// So many worlds are kept; the one unused longest makes room.
const MOST_WORLDS: usize = 64;
/// Numbers for the stage: reserved for fiction where the numbering plan has such.
const ACTRESS_NANP: &str = "+12025550143";
const ACTRESS_RUSSIA: &str = "+79000000143";
/// A text longer than any handset sends.
const LONGEST_TEXT: usize = 2_000;
/// "Next text" looks no further ahead.
const FARTHEST: TimeDelta = TimeDelta::days(400);

/// All worlds.
pub struct Worlds {
    shelf: Shelf,
    clock: Clock,
    ids: Ids,
    kept: Mutex<BTreeMap<String, Arc<Mutex<Stage>>>>,
}

/// A world with its actress.
struct Stage {
    world: World,
    phone: String,
    program: String,
    used_at: DateTime<chrono::Utc>,
}

impl Worlds {
    /// Worlds that play what this shelf has in force when they begin.
    pub fn new(shelf: Shelf, clock: Clock, ids: Ids) -> Self {
        Self { shelf, clock, ids, kept: Mutex::default() }
    }

    async fn open(
        &self,
        program: &str,
        phone: &str,
        days_ago: u8,
    ) -> Result<(String, Arc<Mutex<Stage>>), RehearsalError> {
        let now = self.clock.now();
        let begins = now - TimeDelta::days(i64::from(days_ago));
        let id = self.ids.next(now);
        let world = World::new(
            Database::in_memory().await?,
            &Script::of(&self.shelf),
            vec![program.to_owned()],
            begins,
            stable_hash(id),
        )
        .await?;
        let stage = Stage { world, phone: phone.to_owned(), program: program.to_owned(), used_at: now };
        let stage = Arc::new(Mutex::new(stage));
        let name = format!("{:016x}", stable_hash(id));
        let mut kept = self.kept.lock().await;
        if kept.len() >= MOST_WORLDS {
            let mut oldest = None;
            for (name, stage) in kept.iter() {
                // One that is busy right now is not the one unused longest.
                let Ok(stage) = stage.try_lock() else { continue };
                if oldest.as_ref().is_none_or(|(used_at, _)| stage.used_at < *used_at) {
                    oldest = Some((stage.used_at, name.clone()));
                }
            }
            if let Some((_, name)) = oldest {
                kept.remove(&name);
            }
        }
        kept.insert(name.clone(), stage.clone());
        Ok((name, stage))
    }

    async fn find(&self, name: &str) -> Option<Arc<Mutex<Stage>>> {
        self.kept.lock().await.get(name).cloned()
    }
}

/// The handset's addresses.
pub fn routes() -> Router<Site> {
    Router::new()
        .route("/", get(|| async { page("text/html; charset=utf-8", include_str!("handset/handset.html")) }))
        .route(
            "/handset.css",
            get(|| async { page("text/css; charset=utf-8", include_str!("handset/handset.css")) }),
        )
        .route(
            "/handset.js",
            get(|| async { page("text/javascript; charset=utf-8", include_str!("handset/handset.js")) }),
        )
        .route("/handset/programs", get(programs))
        .route("/handset/worlds", post(open))
        .route("/handset/worlds/{world}/texts", post(text))
        .route("/handset/worlds/{world}/clock", post(clock))
}

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
                      img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

fn page(kind: &'static str, body: &'static str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-cache"),
    ];
    (headers, body).into_response()
}

/// A program one can begin with.
#[derive(Serialize)]
struct Offer {
    id: String,
    starts: Vec<Start>,
    phone: &'static str,
    address: &'static str,
}

/// A word that begins it.
#[derive(Serialize)]
struct Start {
    language: String,
    keyword: String,
    name: String,
}

async fn programs(State(site): State<Site>) -> Json<Vec<Offer>> {
    let edition = site.service.shelf.edition();
    let offer = |program: &Program| Offer {
        id: program.id.clone(),
        starts: program
            .languages
            .iter()
            .map(|language| Start {
                language: language.to_string(),
                keyword: program.keyword(*language).to_owned(),
                name: program.name(*language).to_owned(),
            })
            .collect(),
        phone: actress(program),
        address: NAME,
    };
    Json(edition.library.programs.values().map(offer).collect())
}

/// A made-up number of a country the program serves.
fn actress(program: &Program) -> &'static str {
    if program.countries.iter().any(|country| country == "RU") { ACTRESS_RUSSIA } else { ACTRESS_NANP }
}

#[derive(Deserialize)]
struct Opening {
    program: String,
    /// Her world begins so many days before now, so that she can be in the midst of a week when now comes.
    #[serde(default)]
    days_ago: u8,
}

#[derive(Deserialize)]
struct Typed {
    body: String,
}

#[derive(Deserialize)]
struct Forward {
    forward: Step,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Step {
    Text,
    Day,
    Week,
}

/// What the page is shown after each call.
#[derive(Serialize)]
struct View {
    #[serde(skip_serializing_if = "Option::is_none")]
    world: Option<String>,
    now: DateTime<FixedOffset>,
    zone: String,
    lines: Vec<Line>,
    next: Option<DateTime<FixedOffset>>,
}

async fn open(State(site): State<Site>, Json(opening): Json<Opening>) -> Response {
    let edition = site.service.shelf.edition();
    let (Some(worlds), Some(program)) = (&site.worlds, edition.library.program(&opening.program)) else {
        return failure(StatusCode::NOT_FOUND, "There is no such program.");
    };
    match worlds.open(&program.id, actress(program), opening.days_ago).await {
        Ok((name, stage)) => {
            let mut stage = stage.lock().await;
            match stage.view(&edition.library, Some(name)).await {
                Ok(view) => (StatusCode::CREATED, Json(view)).into_response(),
                Err(error) => broken(&error),
            }
        }
        Err(error) => broken(&error),
    }
}

async fn text(State(site): State<Site>, Path(world): Path<String>, Json(typed): Json<Typed>) -> Response {
    if typed.body.chars().count() > LONGEST_TEXT {
        return failure(StatusCode::PAYLOAD_TOO_LARGE, "That is longer than a handset can send.");
    }
    play(&site, &world, async move |stage| {
        let phone = stage.phone.clone();
        // A text takes a moment; so two lines never have the same time and answers come after questions.
        let next = stage.world.now() + TimeDelta::seconds(5);
        stage.world.text(&phone, &typed.body).await?;
        stage.world.advance_to(next).await
    })
    .await
}

async fn clock(State(site): State<Site>, Path(world): Path<String>, Json(step): Json<Forward>) -> Response {
    play(&site, &world, async move |stage| match step.forward {
        Step::Day => stage.world.advance_to(stage.world.now() + TimeDelta::days(1)).await,
        Step::Week => stage.world.advance_to(stage.world.now() + TimeDelta::weeks(1)).await,
        Step::Text => stage.play_to_next_text().await,
    })
    .await
}

async fn play<W>(site: &Site, world: &str, work: W) -> Response
where
    W: AsyncFnOnce(&mut Stage) -> Result<(), RehearsalError>,
{
    let Some(stage) = (match &site.worlds {
        Some(worlds) => worlds.find(world).await,
        None => None,
    }) else {
        return failure(StatusCode::NOT_FOUND, "This rehearsal has been forgotten.");
    };
    let edition = site.service.shelf.edition();
    let mut stage = stage.lock().await;
    stage.used_at = site.service.now();
    let played = work(&mut stage).await;
    match played {
        Ok(()) => match stage.view(&edition.library, None).await {
            Ok(view) => Json(view).into_response(),
            Err(error) => broken(&error),
        },
        Err(error) => broken(&error),
    }
}

impl Stage {
    /// Lets time pass until something arrives on her phone.
    async fn play_to_next_text(&mut self) -> Result<(), RehearsalError> {
        let end = self.world.now() + FARTHEST;
        while let Some(next) = self.world.next_moment().await?.filter(|next| *next <= end) {
            self.world.advance_to(next.max(self.world.now() + TimeDelta::seconds(1))).await?;
            if self.world.has_lines() {
                break;
            }
        }
        Ok(())
    }

    async fn view(&mut self, library: &Library, world: Option<String>) -> Result<View, RehearsalError> {
        let home = library.program(&self.program).map_or(chrono_tz::Tz::UTC, |program| program.home_zone);
        let phone = PhoneNumber::from_e164(self.phone.clone());
        let zone = match phone {
            Some(phone) => self.world.zone_of(&phone).await?.unwrap_or(home),
            None => home,
        };
        let local = |at: DateTime<chrono::Utc>| at.with_timezone(&zone).fixed_offset();
        Ok(View {
            world,
            now: local(self.world.now()),
            zone: zone.name().to_owned(),
            lines: self.world.take_lines(),
            next: self.world.next_text().await?.map(local),
        })
    }
}

fn failure(status: StatusCode, sentence: &str) -> Response {
    (status, Json(json!({ "error": sentence }))).into_response()
}

fn broken(error: &RehearsalError) -> Response {
    tracing::error!(%error, "a rehearsal broke");
    failure(StatusCode::INTERNAL_SERVER_ERROR, "The rehearsal broke; please start again.")
}
