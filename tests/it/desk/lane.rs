//! The lane of broadcasts: behind answers and ahead of tips, within the same pace and cap, and cheap while it is empty.

use std::time::Duration;

use chrono::TimeDelta;
use motherline::flows::Bell;
use motherline::flows::dispatch::{self, Claimed, Desk, Room};
use motherline::flows::senders::Sender;
use motherline::store::Database;
use motherline::store::outbox::{self, Kind, NewText, URGENT};

use crate::dispatcher::{House, execute, text};
use crate::support::engines::on_both;
use crate::support::service::eventually;

const HER: &str = "+12025550143";
const SENT: &str = "SELECT COUNT(*) FROM history WHERE state = 4";
const BROADCASTS: &str = "SELECT COUNT(*) FROM history WHERE state = 4 AND lane = 2";

fn broadcast(house: &House, sender: &str) -> NewText {
    NewText { kind: Kind::Broadcast, ..text(house.service(), sender, HER, false) }
}

async fn wait(house: &House, texts: &[NewText]) {
    let mut tx = house.database.begin().await.expect("a transaction");
    outbox::queue(&mut tx, texts).await.expect("they wait");
    tx.commit().await.expect("they wait");
}

async fn claim(house: &House, sender: &Sender, desk: &mut Desk, room: (usize, usize)) -> Claimed {
    let room = Room { answers: room.0, unasked: room.1, pressing: false };
    dispatch::claim(house.service(), sender, "rehearsal", room, desk).await.expect("claimed")
}

/// What each text that was claimed is: its lane, in the order in which they are to leave.
async fn lanes(database: &Database, claimed: &Claimed) -> Vec<i16> {
    let mut lanes = Vec::new();
    for text in claimed.answers.iter().chain(&claimed.unasked) {
        let select = "SELECT lane FROM outbox WHERE id = $1";
        lanes.push(
            match database {
                Database::Sqlite { read, .. } => {
                    sqlx::query_scalar(select).bind(text.id).fetch_one(read).await
                }
                Database::Postgres(pool) => sqlx::query_scalar(select).bind(text.id).fetch_one(pool).await,
            }
            .expect("its lane"),
        );
    }
    lanes
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn behind_answers_and_ahead_of_tips() {
    on_both(async |database| {
        let house = House::begin(&database, "another", |_| {}).await;
        let sender = Sender { name: "busy".to_owned(), ..(*house.sender).clone() };
        // Tips have waited longest, then broadcasts; the answers come last.
        let tips: Vec<_> = (0..5).map(|_| text(house.service(), "busy", HER, false)).collect();
        wait(&house, &tips).await;
        house.wait(TimeDelta::seconds(5));
        wait(&house, &[broadcast(&house, "busy"), broadcast(&house, "busy"), broadcast(&house, "busy")])
            .await;
        house.wait(TimeDelta::seconds(5));
        wait(&house, &[text(house.service(), "busy", HER, true)]).await;
        let mut desk = Desk::default();
        let first = claim(&house, &sender, &mut desk, (10, 2)).await;
        assert_eq!(vec![0, URGENT, URGENT], lanes(&database, &first).await);
        let then = claim(&house, &sender, &mut desk, (10, 10)).await;
        assert_eq!(vec![URGENT, 1, 1, 1, 1, 1], lanes(&database, &then).await);
        house.end().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whether_any_waits_is_looked_up_once_a_second() {
    on_both(async |database| {
        let house = House::begin(&database, "another", |_| {}).await;
        let sender = Sender { name: "busy".to_owned(), ..(*house.sender).clone() };
        let mut desk = Desk::default();
        assert!(claim(&house, &sender, &mut desk, (10, 10)).await.is_empty());
        wait(&house, &[broadcast(&house, "busy")]).await;
        for _ in 0..3 {
            assert!(claim(&house, &sender, &mut desk, (10, 10)).await.is_empty(), "nobody asks for it yet");
        }
        house.wait(TimeDelta::seconds(1));
        assert_eq!(1, claim(&house, &sender, &mut desk, (10, 10)).await.unasked.len());
        // While some wait, each claim goes on where the last one ended, and comes back to what was put off.
        wait(&house, &(0..7).map(|_| broadcast(&house, "busy")).collect::<Vec<_>>()).await;
        house.wait(TimeDelta::seconds(1));
        for number in [3, 3, 1, 0] {
            assert_eq!(number, claim(&house, &sender, &mut desk, (10, 3)).await.unasked.len());
        }
        // A clock that is put back keeps nobody from looking.
        wait(&house, &[broadcast(&house, "busy")]).await;
        house.wait(TimeDelta::hours(1));
        assert_eq!(1, claim(&house, &sender, &mut desk, (10, 3)).await.unasked.len());
        house.end().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_broadcast_leaves_a_part_of_the_day_to_answers() {
    on_both(async |database| {
        let house = House::begin(&database, "capped", |sender| sender.segments_per_day = 100).await;
        wait(&house, &(0..120).map(|_| broadcast(&house, "capped")).collect::<Vec<_>>()).await;
        house.queue(&[HER; 10], false).await;
        house.wait(TimeDelta::seconds(1));
        house.until(95, SENT).await;
        assert_eq!(95, house.count(BROADCASTS).await, "and no tip before them");
        house.until(1, "SELECT COUNT(*) FROM alarms WHERE kind = 'daily_cap'").await;
        house.queue(&[HER; 5], true).await;
        house.until(100, SENT).await;
        house.wait(TimeDelta::days(1));
        house.until(100 + 25 + 10, SENT).await;
        house.end().await;
    })
    .await;
}

/// Tips that have become late are spread over an hour; what is urgent is not, and does not wait for that either.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_hold_a_broadcast_goes_and_tips_are_spread() {
    on_both(async |database| {
        let house = House::begin(&database, "held", |_| {}).await;
        house.queue(&[HER], false).await;
        house.until(1, SENT).await;
        let hold =
            "UPDATE sender_accounts SET held_until = '2026-11-23T14:20:00+00:00' WHERE sender = 'held'";
        execute(&database, hold).await;
        let late = |mut text: NewText| {
            text.window_closes_at = Some(text.queued_at + TimeDelta::hours(4));
            text
        };
        let tips: Vec<_> = (0..600).map(|_| late(text(house.service(), "held", HER, false))).collect();
        let urgent: Vec<_> = (0..20).map(|_| late(broadcast(&house, "held"))).collect();
        wait(&house, &[tips, urgent].concat()).await;
        house.service().bells.ring(Bell::Outbound);
        tokio::time::sleep(Duration::from_millis(200)).await;
        assert_eq!(0, house.count(BROADCASTS).await);
        house.wait(TimeDelta::minutes(21));
        house.until(20, BROADCASTS).await;
        let tips = "SELECT COUNT(*) FROM history WHERE state = 4 AND lane = 1";
        eventually("the tips are spread", async || {
            let waits = "SELECT COUNT(DISTINCT next_try_at) FROM outbox WHERE lane = 1";
            (house.count(waits).await > 300).then_some(())
        })
        .await;
        assert!(house.count(tips).await < 100, "tips do not leave in one flood");
        house.end().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_that_breaks_every_claim_holds_up_no_other() {
    on_both(async |database| {
        let house = House::begin(&database, "spoiled", |_| {}).await;
        house.queue(&[HER], true).await;
        house.until(1, SENT).await;
        let hold = "UPDATE sender_accounts SET held_until = '2026-11-24T00:00:00+00:00'";
        execute(&database, hold).await;
        let mut bad = broadcast(&house, "spoiled");
        bad.phone = "+12025550199".to_owned();
        wait(&house, &[broadcast(&house, "spoiled"), bad, broadcast(&house, "spoiled")]).await;
        let spoil = match &database {
            Database::Sqlite { .. } => "UPDATE outbox SET not_after = 'soon' WHERE phone = '+12025550199'",
            Database::Postgres(_) => "UPDATE outbox SET not_after = 'infinity' WHERE phone = '+12025550199'",
        };
        execute(&database, spoil).await;
        execute(&database, "UPDATE sender_accounts SET held_until = NULL").await;
        house.wait(TimeDelta::seconds(1));
        house.until(2, BROADCASTS).await;
        let set_aside = "SELECT COUNT(*) FROM history WHERE state = 7 AND phone = '+12025550199'";
        eventually("it is set aside", async || {
            house.queue(&[HER], true).await;
            house.wait(TimeDelta::seconds(5));
            (house.count(set_aside).await == 1).then_some(())
        })
        .await;
        assert_eq!(0, house.count("SELECT COUNT(*) FROM alarms WHERE kind = 'dispatcher_broke'").await);
        house.end().await;
    })
    .await;
}
