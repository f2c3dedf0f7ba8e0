//! Texts for the pages that watch delivery: made up, by the hundred, as they stand when they have ended.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use motherline::flows::tallying;
use motherline::ids::Ids;
use motherline::store::Database;
use motherline::worker::rehearsal::World;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::conversation::US;
use crate::support::service::on_each;

/// A Monday morning in New York.
pub const START: &str = "2026-11-23T09:00:00-05:00";
pub const AMY: &str = "+12025550141";
pub const DORA: &str = "+79161234567";

pub async fn world(database: &Database) -> World {
    super::world_at(database, START).await
}

/// Counts everything that is to be counted.
pub async fn counted(world: &World) {
    let service = world.service();
    let kept = TimeDelta::days(730);
    tallying::tally(service, Uuid::nil(), kept, &CancellationToken::new()).await.expect("counted");
}

/// A text that has ended.
#[derive(Clone, Copy)]
pub struct Ended {
    pub at: DateTime<Utc>,
    pub program: &'static str,
    pub gateway: &'static str,
    pub phone: &'static str,
    pub state: i16,
    pub code: Option<&'static str>,
    /// Seconds from the beginning of its try.
    pub took: i64,
    /// The provider gave it a name.
    pub named: bool,
}

impl Ended {
    /// Delivered in five seconds.
    pub fn delivered(at: DateTime<Utc>) -> Self {
        Self { at, program: US, gateway: "rehearsal", phone: AMY, state: 6, code: None, took: 5, named: true }
    }

    /// Failed on its way with this code.
    pub fn failed(at: DateTime<Utc>, code: &'static str) -> Self {
        Self { state: 7, code: Some(code), ..Self::delivered(at) }
    }
}

/// Writes texts as they stand in the history; gives their ids.
pub async fn write(database: &Database, ids: &Ids, texts: &[Ended]) -> Vec<Uuid> {
    let insert = "INSERT INTO history (id, subscriber_id, sender, phone, lane, kind, language, body, encoding, segments,
                                       program, queued_at, not_after, tries, gateway, began_at, state, ended_at, code,
                                       provider_id)
                  VALUES ($1, (SELECT s.id FROM subscribers s WHERE s.phone = $2), 'rehearsal', $2, 1, 'reminder', 'en',
                          'Hers alone', 'GSM-7', 1, $3, $4, $5, 1, $6, $4, $7, $8, $9, $10)";
    let person =
        "INSERT INTO subscribers (id, phone, created_at) VALUES ($1, $2, $3) ON CONFLICT (phone) DO NOTHING";
    let phones: BTreeMap<&str, DateTime<Utc>> = texts.iter().map(|text| (text.phone, text.at)).collect();
    for (phone, at) in phones {
        on_each!(database, |pool| sqlx::query(person)
            .bind(Uuid::now_v7())
            .bind(phone)
            .bind(at)
            .execute(pool)
            .await
            .map(|_| ()))
        .expect("whoever gets it");
    }
    let mut written = Vec::new();
    for text in texts {
        let id = ids.text(text.at);
        written.push(id);
        let (later, ended) = (text.at + TimeDelta::days(1), text.at + TimeDelta::seconds(text.took));
        on_each!(database, |pool| sqlx::query(insert)
            .bind(id)
            .bind(text.phone)
            .bind(text.program)
            .bind(text.at)
            .bind(later)
            .bind(text.gateway)
            .bind(text.state)
            .bind(ended)
            .bind(text.code)
            .bind(text.named.then_some("SM1"))
            .execute(pool)
            .await
            .map(|_| ()))
        .expect("a text");
    }
    written
}
