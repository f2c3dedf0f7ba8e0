//! Lists of texts, the newest first, by what they have in common. The history has no index but its ids, since each would
//! be written with every text: where few texts are wanted among many, the counts ([`super::super::tallies`]) tell the
//! hours in which there are any, and only these are walked through; those that did not arrive are found by `unarrived`,
//! those to few numbers by whose these are.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::{FromRow, QueryBuilder};
use uuid::Uuid;

use super::few;
use super::strides::strides;
use crate::ids::{first_at, made_at};
use crate::store::tallies::{self, Wanted, hour_of, narrow};
use crate::store::{Sql, StoreResult, Tx, on};

/// Where a text's state and number stand. A walk goes along the ids, whatever index there is by state.
const COLUMNS: (&str, &str) = ("state + 0", "phone");
/// States of texts that have not ended.
pub const OPEN: [i16; 3] = [0, 2, 3];
/// States of texts that did not arrive.
pub const UNARRIVED: [i16; 3] = [7, 8, 9];
/// No look at a page walks through more, nor longer; who asks on, goes on from there.
const FURTHEST: i64 = 80_000;
const LONGEST: Duration = Duration::from_millis(40);
/// Hours are looked up so many at a time: few at first, because there may be enough in them.
const NEAR: TimeDelta = TimeDelta::days(2);
const FAR: TimeDelta = TimeDelta::days(32);

/// A text in a list.
#[derive(Clone, Debug, FromRow)]
pub struct Listed {
    /// It.
    pub id: Uuid,
    /// Of which program.
    pub program: Option<String>,
    /// By which sender.
    pub sender: String,
    /// By which gateway it was tried last.
    pub gateway: Option<String>,
    /// To which number.
    pub phone: String,
    /// What it is.
    pub kind: String,
    /// In which language.
    pub language: String,
    /// The tip it carries.
    pub tip: Option<String>,
    /// From which edition.
    pub edition: Option<i64>,
    /// How many SMS it takes.
    pub segments: i32,
    /// Its state.
    pub state: i16,
    /// How often it was tried.
    pub tries: i16,
    /// The provider's code.
    pub code: Option<String>,
    /// As a plain sentence.
    pub reason: Option<String>,
    /// When it was queued.
    pub queued_at: DateTime<Utc>,
    /// When the first try began, if there was another.
    pub first_began_at: Option<DateTime<Utc>>,
    /// When the last try began.
    pub began_at: Option<DateTime<Utc>>,
    /// When the last thing known of it became known; none: it has not ended.
    pub ended_at: Option<DateTime<Utc>>,
    /// The provider's name for it.
    pub provider_id: Option<String>,
}

/// A page of a list.
#[derive(Clone, Debug, Default)]
pub struct Listing {
    /// The texts.
    pub texts: Vec<Listed>,
    /// Before which id to go on; none: there are no more.
    pub before: Option<Uuid>,
}

/// Along the index by what they have in common. PostgreSQL is asked by both columns at once: it might else go along all
/// ids, and of a state in which there is nobody it would find that out at the end.
const BY_STATE: Sql = Sql::pair(
    "SELECT id FROM unarrived WHERE state = $1 AND id >= $2 AND id < $3 ORDER BY id DESC LIMIT $4",
    "SELECT id FROM unarrived WHERE (state, id) >= ($1, $2) AND (state, id) < ($1, $3)
      ORDER BY state DESC, id DESC LIMIT $4",
);
const BY_CODE: Sql = Sql::pair(
    "SELECT id FROM unarrived WHERE code = $1 AND id >= $2 AND id < $3 AND state + 0 IN ($5, $6, $7)
      ORDER BY id DESC LIMIT $4",
    "SELECT id FROM unarrived WHERE (code, id) >= ($1, $2) AND (code, id) < ($1, $3) AND state + 0 IN ($5, $6, $7)
      ORDER BY code DESC, id DESC LIMIT $4",
);
const FROM_OUTBOX: &str =
    "SELECT id, program, sender, gateway, phone, kind, language, tip, edition, segments, state, tries, code, reason,
            queued_at, NULL AS first_began_at, began_at, NULL AS ended_at, NULL AS provider_id FROM outbox WHERE id >= ";
const FROM_HISTORY: &str =
    "SELECT id, program, sender, gateway, phone, kind, language, tip, edition, segments, state, tries, code, reason,
            queued_at, CASE WHEN tries > 1 THEN (SELECT a.began_at FROM attempts a WHERE a.text_id = history.id
                                                     AND a.number = 1) END AS first_began_at, began_at, ended_at, provider_id FROM history WHERE id >= ";

/// The texts that fit, before an id, at most `limit`.
pub async fn list(
    tx: &mut Tx,
    wanted: &Wanted,
    before: Option<Uuid>,
    limit: usize,
    now: DateTime<Utc>,
) -> StoreResult<Listing> {
    // Of what has ended only that has a code which did not arrive.
    let failed = Wanted { states: [OPEN, UNARRIVED].concat(), ..wanted.clone() };
    let wanted = if wanted.code.is_some() && wanted.states.is_empty() { &failed } else { wanted };
    let lowest = first_at(wanted.from);
    let highest = before.map_or(first_at(wanted.to), |before| before.min(first_at(wanted.to)));
    let open = wanted.states.is_empty() || wanted.states.iter().any(|state| OPEN.contains(state));
    let ended = wanted.states.is_empty() || wanted.states.iter().any(|state| !OPEN.contains(state));
    // One more than is wanted tells whether there are any.
    let most = limit + 1;
    let mut texts = Vec::new();
    let mut looked_to = None;
    if open {
        if is_narrow(wanted) {
            looked_to = furthest(tx, (lowest, highest)).await?;
        }
        let range = (looked_to.unwrap_or(lowest), highest);
        texts = walk(tx, FROM_OUTBOX, wanted, range, most).await?;
        if texts.len() >= most {
            looked_to = None;
        }
    }
    if ended {
        let mut search = Search { wanted, most, now, found: Vec::new(), walked: 0 };
        looked_to = looked_to.max(search.run(tx, lowest, highest).await?);
        texts.extend(search.found);
    }
    // What has ended between the two looks was found by both: as it ended it counts.
    texts.sort_by_key(|text| (std::cmp::Reverse(text.id), text.ended_at.is_none()));
    texts.dedup_by_key(|text| text.id);
    // What is open and older than where the search stopped comes when it goes on.
    if let Some(place) = looked_to {
        texts.retain(|text| text.id >= place);
    }
    let more = texts.len() > limit;
    texts.truncate(limit);
    let before = if more { texts.last().map(|text| text.id) } else { looked_to };
    Ok(Listing { texts, before })
}

/// How far texts that have not ended are walked through: a morning's millions may hold none that fits. None: all of them.
async fn furthest(tx: &mut Tx, (lowest, highest): (Uuid, Uuid)) -> StoreResult<Option<Uuid>> {
    let select = "SELECT id FROM outbox WHERE id >= $1 AND id < $2 ORDER BY id DESC LIMIT 1 OFFSET $3";
    on!(tx, select, |conn, sql| sqlx::query_scalar(sql)
        .bind(lowest)
        .bind(highest)
        .bind(FURTHEST)
        .fetch_optional(conn)
        .await)
}

/// Looking for texts that have ended.
struct Search<'a> {
    wanted: &'a Wanted,
    most: usize,
    now: DateTime<Utc>,
    found: Vec<Listed>,
    /// How many were walked through.
    walked: i64,
}

impl Search<'_> {
    /// Gives where it stopped, if that is not the end.
    async fn run(&mut self, tx: &mut Tx, lowest: Uuid, highest: Uuid) -> StoreResult<Option<Uuid>> {
        let wanted = self.wanted;
        if !is_narrow(wanted) {
            self.found = walk(tx, FROM_HISTORY, wanted, (lowest, highest), self.most).await?;
            return Ok(None);
        }
        if is_led_to(wanted) {
            self.look(tx, (lowest, highest)).await?;
            return Ok(None);
        }
        if let Some(beginning) = &wanted.prefix
            && let Some(ids) = few::texts(tx, beginning, (lowest, highest)).await?
        {
            for some in ids.chunks(500) {
                self.found.extend(by_ids(tx, wanted, some).await?);
                if self.found.len() >= self.most {
                    break;
                }
            }
            return Ok(None);
        }
        let began = Instant::now();
        let (mut until, mut reach) = (highest, NEAR);
        while until > lowest {
            let end = made_at(until);
            let since = hour_of((end - reach).max(wanted.from));
            reach = (reach * 4).min(FAR);
            let hours = self.hours(tx, since, end + TimeDelta::milliseconds(1)).await?;
            for part in strides(&hours, self.most as i64) {
                let range = (first_at(part.from).max(lowest), first_at(part.to).min(until));
                self.look(tx, range).await?;
                self.walked += part.all;
                if self.found.len() >= self.most {
                    return Ok(None);
                }
                if self.walked > FURTHEST || began.elapsed() > LONGEST {
                    return Ok(Some(range.0).filter(|place| *place > lowest));
                }
            }
            until = first_at(since);
        }
        Ok(None)
    }

    /// The hours in which there may be such texts, the last first: how many, and how many texts in all.
    async fn hours(
        &self,
        tx: &mut Tx,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> StoreResult<Vec<(DateTime<Utc>, i64, i64)>> {
        let narrow = Wanted { from, to, ..self.wanted.clone() };
        let wide = Wanted { from, to, ..Wanted::default() };
        let mut fits: HashMap<_, _> = tallies::hours_with(tx, &narrow).await?.into_iter().collect();
        let all = tallies::hours_with(tx, &wide).await?;
        let known = tallies::counted_since(tx, from).await?;
        let all: HashMap<_, _> = all.into_iter().collect();
        let mut hours = Vec::new();
        let mut hour = hour_of(to);
        while hour >= from {
            // What was counted long ago, or never, may hold any.
            let fresh = known.contains_key(&hour) && self.now - hour >= TimeDelta::hours(2);
            match fits.remove(&hour) {
                Some(count) => hours.push((hour, count, all.get(&hour).copied().unwrap_or(count))),
                None if !fresh => hours.push((hour, 0, all.get(&hour).copied().unwrap_or(0))),
                None => {}
            }
            hour -= TimeDelta::hours(1);
        }
        Ok(hours)
    }

    async fn look(&mut self, tx: &mut Tx, range: (Uuid, Uuid)) -> StoreResult<()> {
        let left = self.most - self.found.len();
        let states = &self.wanted.states;
        let ended = || states.iter().copied().filter(|state| !OPEN.contains(state));
        if !states.is_empty() && ended().all(|state| UNARRIVED.contains(&state)) {
            let wanted = Wanted { states: ended().collect(), ..self.wanted.clone() };
            let found = unarrived(tx, &wanted, range, left).await?;
            self.found.extend(found);
        } else {
            let found = walk(tx, FROM_HISTORY, self.wanted, range, left).await?;
            self.found.extend(found);
        }
        Ok(())
    }
}

fn is_narrow(wanted: &Wanted) -> bool {
    wanted.programs.is_some()
        || wanted.sender.is_some()
        || wanted.gateway.is_some()
        || wanted.code.is_some()
        || wanted.prefix.is_some()
        || !wanted.states.is_empty()
}

/// Whether nothing but that they did not arrive, and why, is asked of those that have ended: `unarrived` leads to them.
fn is_led_to(wanted: &Wanted) -> bool {
    let mut ended = wanted.states.iter().filter(|state| !OPEN.contains(state));
    let elsewhere = [&wanted.sender, &wanted.gateway, &wanted.prefix].into_iter().any(Option::is_some);
    !wanted.states.is_empty()
        && ended.all(|state| UNARRIVED.contains(state))
        && wanted.programs.is_none()
        && !elsewhere
}

/// Texts of a range of ids that fit, the last first.
async fn walk(
    tx: &mut Tx,
    select: &'static str,
    wanted: &Wanted,
    (from, to): (Uuid, Uuid),
    limit: usize,
) -> StoreResult<Vec<Listed>> {
    on!(tx, select, |conn, sql| {
        let mut query = QueryBuilder::new(sql);
        query.push_bind(from).push(" AND id < ").push_bind(to);
        narrow(&mut query, wanted, COLUMNS);
        query.push(" ORDER BY id DESC LIMIT ").push_bind(limit as i64);
        query.build_query_as().fetch_all(conn).await
    })
}

/// The same of those that did not arrive: their ids first, then each by its id.
async fn unarrived(
    tx: &mut Tx,
    wanted: &Wanted,
    (from, to): (Uuid, Uuid),
    limit: usize,
) -> StoreResult<Vec<Listed>> {
    let mut found = Vec::new();
    let mut before = to;
    while found.len() < limit {
        // Where more is asked of them than that they failed, many are passed for one that fits.
        let size = if is_led_to(wanted) { (limit * 2).clamp(100, 1000) } else { 1000 };
        let mut ids: Vec<Uuid> = Vec::new();
        if let Some(code) = &wanted.code {
            let state = |place: usize| wanted.states.get(place).or(wanted.states.first()).copied();
            ids = on!(tx, BY_CODE, |conn, sql| sqlx::query_scalar(sql)
                .bind(code)
                .bind(from)
                .bind(before)
                .bind(size as i64)
                .bind(state(0))
                .bind(state(1))
                .bind(state(2))
                .fetch_all(conn)
                .await)?;
        } else {
            for state in &wanted.states {
                let some: Vec<Uuid> = on!(tx, BY_STATE, |conn, sql| sqlx::query_scalar(sql)
                    .bind(*state)
                    .bind(from)
                    .bind(before)
                    .bind(size as i64)
                    .fetch_all(conn)
                    .await)?;
                ids.extend(some);
            }
        }
        ids.sort_unstable_by(|one, other| other.cmp(one));
        ids.truncate(size);
        let Some(last) = ids.last().copied() else { break };
        found.extend(by_ids(tx, wanted, &ids).await?);
        before = last;
        if ids.len() < size {
            break;
        }
    }
    found.truncate(limit);
    Ok(found)
}

async fn by_ids(tx: &mut Tx, wanted: &Wanted, ids: &[Uuid]) -> StoreResult<Vec<Listed>> {
    match tx {
        Tx::Sqlite(tx) => {
            let mut query = QueryBuilder::new(FROM_HISTORY);
            query.push_bind(ids.last().copied().unwrap_or(Uuid::nil())).push(" AND id IN (");
            for (place, id) in ids.iter().enumerate() {
                query.push(if place == 0 { "" } else { ", " }).push_bind(*id);
            }
            query.push(")");
            narrow(&mut query, wanted, COLUMNS);
            query.push(" ORDER BY id DESC");
            query.build_query_as().persistent(false).fetch_all(&mut **tx).await
        }
        // One value: its plan is made once.
        Tx::Postgres(tx) => {
            let mut query = QueryBuilder::new(FROM_HISTORY);
            query.push_bind(ids.last().copied().unwrap_or(Uuid::nil()));
            query.push(" AND id = ANY(").push_bind(ids.to_vec()).push(")");
            narrow(&mut query, wanted, COLUMNS);
            query.push(" ORDER BY id DESC");
            query.build_query_as().fetch_all(&mut **tx).await
        }
    }
}
