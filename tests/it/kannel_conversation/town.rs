//! The service, a real Kannel before it, and the handsets behind that.

use chrono::{DateTime, Datelike, Days, NaiveDate, TimeDelta, Utc, Weekday};
use chrono_tz::Tz;
use motherline::clock::Clock;
use motherline::domain::segment::Encoding;
use motherline::ids::Ids;
use motherline::store::outbox::{self, Kind, NewText, Words};
use uuid::Uuid;

use super::catalog::{Catalog, first_tip};
use super::{AMY, ANNA, NUMBER, SECRET, STRANGER};
use crate::support::kannel::Rig;
use crate::support::service::{Service, Settings, eventually, on_each, port};

/// A service, its Kannel, and the handsets behind it.
pub struct Town {
    pub service: Service,
    kannel: Rig,
}

impl Town {
    pub async fn open(database: String) -> Self {
        let port = port();
        let callbacks = format!("http://127.0.0.1:{port}");
        let kannel = Rig::start(&format!("{callbacks}/webhooks/kannel"), SECRET).await;
        let gateway = kannel.settings("", SECRET);
        let config = format!(
            r#"
            [[gateway]]
            name = "kannel"
            kind = "kannel"
            sendsms_url = "{sendsms}"
            username = "{username}"
            password = {{ env = "KANNEL_PASSWORD" }}
            callback_secret = {{ env = "KANNEL_CALLBACK_SECRET" }}
            callback_url = "{callbacks}"

            [[sender]]
            name = "short-code"
            gateway = "kannel"
            address = "{NUMBER}"
            programs = ["text4baby-us", "text4baby-russia"]
            trial = true
            test_numbers = ["{ANNA}", "{AMY}"]
            segments_per_second = 100
            "#,
            sendsms = gateway.sendsms_url,
            username = gateway.username,
        );
        let settings = Settings::new(config, database, port)
            .secret("KANNEL_PASSWORD", gateway.password.reveal())
            .secret("KANNEL_CALLBACK_SECRET", SECRET);
        Self { service: Service::start(settings).await, kannel }
    }

    /// What a handset shows, the oldest first.
    fn shown(&self, phone: &str) -> Vec<String> {
        let delivered = self.kannel.delivered().into_iter().filter(|text| text.to == phone);
        delivered.inspect(|text| assert_eq!(NUMBER, text.from)).map(|text| text.text).collect()
    }

    /// She types a text; gives the one answer.
    pub async fn says(&mut self, phone: &str, text: &str) -> String {
        let before = self.shown(phone).len();
        self.kannel.handset_sends(phone, NUMBER, text);
        self.next_shown(phone, before).await
    }

    /// Both type a text at about the same time; gives the one answer to each.
    pub async fn both_say(&mut self, anna: &str, amy: &str) -> [String; 2] {
        let before = [self.shown(ANNA).len(), self.shown(AMY).len()];
        self.kannel.handset_sends(ANNA, NUMBER, anna);
        self.kannel.handset_sends(AMY, NUMBER, amy);
        [self.next_shown(ANNA, before[0]).await, self.next_shown(AMY, before[1]).await]
    }

    async fn next_shown(&self, phone: &str, before: usize) -> String {
        let shown = eventually("a text on her handset", async || {
            Some(self.shown(phone)).filter(|shown| shown.len() > before)
        });
        let shown = shown.await;
        assert_eq!(before + 1, shown.len(), "one text at a time: {shown:?}");
        shown[before].clone()
    }

    pub async fn zone(&self, phone: &str) -> String {
        let select = "SELECT zone FROM subscribers WHERE phone = $1";
        on_each!(&self.service.database, |pool| sqlx::query_scalar(select).bind(phone).fetch_one(pool).await)
            .expect("her zone")
    }

    /// It is week 21, the starter pack is over, and her day's tip falls due now, in the middle of her day.
    pub async fn tips_come(&self) {
        let now = Clock::System.now();
        let zone = afternoon(now);
        let today = now.with_timezone(&zone).date_naive();
        let before = [self.shown(ANNA).len(), self.shown(AMY).len()];
        for (woman, weekdays) in
            [(ANNA, &[Weekday::Tue, Weekday::Fri][..]), (AMY, &[Weekday::Mon, Weekday::Wed, Weekday::Fri])]
        {
            // The last day of her cadence: its tip is still right today, for her week began with it.
            let on = (0..7).map(|back| today - Days::new(back)).find(|day| weekdays.contains(&day.weekday()));
            self.turn_dates(woman, on.expect("a day of the week"), zone, now).await;
        }
        // They are late, and have their own part of an hour: nobody waits for that here.
        eventually("both tips are planned", async || {
            let tips = "SELECT COUNT(*) FROM texts WHERE kind = 'tip'";
            let tips: i64 =
                on_each!(&self.service.database, |pool| sqlx::query_scalar(tips).fetch_one(pool).await)
                    .expect("a count");
            (tips == 2).then_some(())
        })
        .await;
        let now = Clock::System.now();
        let hurry =
            "UPDATE outbox SET next_try_at = $1 WHERE kind = 'tip' AND state = 0 AND next_try_at > $1";
        on_each!(&self.service.database, |pool| sqlx::query(hurry).bind(now).execute(pool).await.map(|_| ()))
            .expect("they hurry");
        let tip = first_tip("text4baby-russia/pregnancy/week-21.toml", "ru");
        assert_eq!(tip, self.next_shown(ANNA, before[0]).await);
        let tip = first_tip("text4baby-us/pregnancy/week-21.toml", "en");
        assert_eq!(tip, self.next_shown(AMY, before[1]).await);
        for woman in [ANNA, AMY] {
            self.service.until_states(woman, &["delivered"; 5]).await;
            let tip = self.service.sent_to(woman).await.pop().expect("her tip");
            assert_eq!("tip", tip.kind);
            assert!(tip.tip.is_some_and(|id| id.contains("-preg-21-1-")));
        }
    }

    async fn turn_dates(&self, phone: &str, on: NaiveDate, zone: Tz, now: DateTime<Utc>) {
        let moved = "UPDATE subscribers SET zone = $2 WHERE phone = $1";
        let aged = "UPDATE enrollments SET anchor_date = $2, enrolled_on = $3
                     WHERE subscriber_id = (SELECT id FROM subscribers WHERE phone = $1)";
        let noted =
            "UPDATE agenda SET anchor_date = $2, enrolled_on = $3, next_on = $4, next_at = $5, zone = $6
                      WHERE phone = $1";
        let due = on + Days::new(280 - 21 * 7);
        on_each!(&self.service.database, |pool| {
            let moved = sqlx::query(moved).bind(phone).bind(zone.name()).execute(pool).await;
            assert_eq!(1, moved.expect("she moves").rows_affected());
            let aged = sqlx::query(aged).bind(phone).bind(due).bind(on - Days::new(30)).execute(pool).await;
            assert_eq!(1, aged.expect("weeks go by").rows_affected());
            let query = sqlx::query(noted).bind(phone).bind(due).bind(on - Days::new(30)).bind(on);
            let noted = query.bind(now - TimeDelta::minutes(1)).bind(zone.name()).execute(pool).await;
            assert_eq!(1, noted.expect("her line is due").rows_affected());
        });
    }

    pub async fn stop_is_the_end(&mut self) {
        for woman in [ANNA, AMY] {
            self.queue_for_later(woman).await;
        }
        let anna = Catalog::of("ru").reply("stopped", &[("program", "СМС-маме")]);
        let amy = Catalog::of("en").reply("stopped", &[("program", "Text4baby")]);
        assert_eq!([anna, amy], self.both_say("СТОП", "Stop. Thank you").await);
        for woman in [ANNA, AMY] {
            let mut states = ["delivered"; 7];
            states[5] = "canceled";
            self.service.until_states(woman, &states).await;
            assert_eq!(["stopped"], *self.service.enrollments(woman).await);
        }
        // Another STOP, and even a plan that survived: neither brings her anything.
        self.kannel.handset_sends(ANNA, NUMBER, "стоп");
        assert_eq!("stop", self.service.heard_all(ANNA, 6).await[5]);
        let revived = "UPDATE agenda SET next_at = '2026-01-01T00:00:00+00:00'";
        on_each!(&self.service.database, |pool| sqlx::query(revived).execute(pool).await.map(|_| ()))
            .expect("a plan that survived");
        // Amy's answers come after whatever would have come to Anna by then.
        for question in ["HELP", "INFO"] {
            assert!(
                self.says(AMY, question).await.starts_with("Text4baby: health tips for pregnancy and baby")
            );
        }
        assert_eq!((6, 8), (self.shown(ANNA).len(), self.shown(AMY).len()));
        assert_eq!(7, self.service.sent_to(ANNA).await.len());
    }

    /// A text that waits for its hour.
    async fn queue_for_later(&self, phone: &str) {
        let now = Clock::System.now();
        let select = "SELECT id FROM subscribers WHERE phone = $1";
        let subscriber: Uuid = on_each!(&self.service.database, |pool| sqlx::query_scalar(select)
            .bind(phone)
            .fetch_one(pool)
            .await)
        .expect("her row");
        let waiting = NewText {
            id: Ids::System.text(now),
            subscriber,
            enrollment: None,
            answers: None,
            sender: "short-code".to_owned(),
            phone: phone.to_owned(),
            kind: Kind::Reminder,
            language: "en".parse().expect("a language"),
            words: Words::Own("must never arrive".to_owned()),
            encoding: Encoding::Gsm7,
            segments: 1,
            program: None,
            edition: None,
            tip: None,
            queued_at: now,
            due_at: now + TimeDelta::hours(1),
            not_after: now + TimeDelta::hours(5),
            window_closes_at: None,
        };
        let mut tx = self.service.database.begin().await.expect("a transaction");
        outbox::queue(&mut tx, &[waiting]).await.expect("it waits");
        tx.commit().await.expect("it waits");
    }

    pub async fn a_stranger_gets_nothing(&mut self) {
        self.kannel.handset_sends(STRANGER, NUMBER, "BABY");
        assert_eq!(["not_listed"], *self.service.heard_all(STRANGER, 1).await);
        assert!(self.says(AMY, "Help me please").await.starts_with("Text4baby: health tips"));
        assert!(self.shown(STRANGER).is_empty() && self.service.sent_to(STRANGER).await.is_empty());
        // Nor does anybody who only knows where to call.
        for secret in ["", "&secret=", "&secret=guessed"] {
            let call =
                format!("/webhooks/kannel/inbound?from=%2B12025550143&to={NUMBER}&id=1&text=STOP{secret}");
            assert_eq!(403, self.service.get(&call).await.expect("an answer").0);
        }
        let turned_away = r#"motherline_webhooks_rejected_total{gateway="kannel",status="403"}"#;
        assert_eq!(3.0, self.service.metric(turned_away).await);
        for secret in [ANNA, AMY, STRANGER, "12025550143", SECRET, "guessed", "Казань"] {
            assert!(!self.service.log().contains(secret), "{secret} is in the log");
        }
    }
}

/// A zone where it is two in the afternoon now, or a little later: inside every window, whatever the hour of
/// this run, and after the morning's tips.
fn afternoon(now: DateTime<Utc>) -> Tz {
    let hour = i64::from(now.format("%H").to_string().parse::<i8>().expect("an hour"));
    let ahead = (14 - hour + 12).rem_euclid(24) - 12;
    // In this family of names the sign is the other way round.
    format!("Etc/GMT{:+}", -ahead).parse().expect("a zone")
}
