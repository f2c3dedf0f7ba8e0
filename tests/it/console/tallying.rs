//! What pages show is counted beside the service, whoever is killed and however many count.

use std::time::Duration;

use chrono::TimeDelta;
use motherline::domain::role::Role;
use motherline::flows::tallying;
use motherline::ids::Ids;
use motherline::store::tallies;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::overview::wait;
use super::texts::{Ended, counted, world, write};
use crate::support::console::Browser;
use crate::support::engines::on_both;
use crate::support::service::on_each;

#[tokio::test]
async fn an_hour_that_is_counted_while_its_day_is_made_is_of_the_day() {
    on_both(async |database| {
        let world = world(&database).await;
        let old = world.now() - TimeDelta::days(12);
        write(&database, &Ids::seeded(1), &vec![Ended::delivered(old); 40]).await;
        counted(&world).await;
        let (day, hour) = (tallies::day_of(old), tallies::hour_of(old));
        let mut tx = database.read().await.expect("a transaction");
        let of_hour = tallies::hour(&mut tx, hour).await.expect("an hour");
        drop(tx);
        // The day waits to be made, from before. Another process counts one of its hours, to nothing for plainness.
        let mut tx = database.begin().await.expect("a transaction");
        tallies::mark_day(&mut tx, day).await.expect("marked");
        tx.commit().await.expect("committed");
        let mut other = database.begin().await.expect("a transaction");
        let none = tallies::Bucket::default();
        tallies::replace(&mut other, tallies::HOUR, hour, &none, &of_hour).await.expect("replaced");
        tallies::mark_day(&mut other, day).await.expect("marked");
        wait(&world, TimeDelta::minutes(1));
        let makes = async {
            let (kept, stop) = (TimeDelta::days(730), CancellationToken::new());
            tallying::tally(world.service(), Uuid::nil(), kept, &stop).await.expect("made");
        };
        let commits = async {
            tokio::time::sleep(Duration::from_millis(400)).await;
            other.commit().await.expect("committed");
        };
        tokio::join!(makes, commits);
        counted(&world).await;
        let mut tx = database.read().await.expect("a transaction");
        let made = tallies::day(&mut tx, tallies::DAY, day).await.expect("a day");
        assert!(made.texts.is_empty(), "the hour has come to the day");
        assert!(tallies::marked_days(&mut tx).await.expect("days").is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_day_is_counted_though_whoever_counted_its_hours_was_killed() {
    on_both(async |database| {
        let world = world(&database).await;
        let old = world.now() - TimeDelta::days(12);
        write(&database, &Ids::seeded(1), &vec![Ended::delivered(old); 40]).await;
        // Between the hours and the day something ends it.
        let [ban, lift] = match database.is_embedded() {
            true => [
                "CREATE TRIGGER no_days BEFORE INSERT ON tallies WHEN NEW.hours = 24
                 BEGIN SELECT RAISE(ABORT, 'killed'); END",
                "DROP TRIGGER no_days",
            ],
            false => [
                "ALTER TABLE tallies ADD CONSTRAINT no_days CHECK (hours <> 24)",
                "ALTER TABLE tallies DROP CONSTRAINT no_days",
            ],
        };
        on_each!(&database, |pool| sqlx::query(ban).execute(pool).await.map(|_| ())).expect("banned");
        let (kept, stop) = (TimeDelta::days(730), CancellationToken::new());
        let killed = tallying::tally(world.service(), Uuid::nil(), kept, &stop).await;
        assert!(killed.is_err(), "the day was made");
        on_each!(&database, |pool| sqlx::query(lift).execute(pool).await.map(|_| ())).expect("lifted");
        // Hours so old are not counted again.
        wait(&world, TimeDelta::minutes(1));
        counted(&world).await;
        let mut browser = Browser::signed_in(world.service(), &[Role::Viewer]).await;
        let page = browser.get("/console/overview?range=30d").await.ok().text();
        assert!(page.contains("Delivered 40 100.0%"), "{page}");
    })
    .await;
}

#[tokio::test]
async fn what_is_kept_no_more_stays_counted() {
    on_both(async |database| {
        let world = world(&database).await;
        let old = world.now() - TimeDelta::days(5);
        write(
            &database,
            &Ids::seeded(1),
            &[vec![Ended::delivered(old); 7], vec![Ended::delivered(world.now())]].concat(),
        )
        .await;
        counted(&world).await;
        let delete = "DELETE FROM history WHERE began_at < $1";
        let before = world.now() - TimeDelta::days(2);
        on_each!(&database, |pool| sqlx::query(delete).bind(before).execute(pool).await.map(|_| ()))
            .expect("deleted");
        wait(&world, TimeDelta::days(1));
        let stop = CancellationToken::new();
        tallying::tally(world.service(), Uuid::nil(), TimeDelta::days(2), &stop).await.expect("counted");
        let mut browser = Browser::signed_in(world.service(), &[Role::Viewer]).await;
        let page = browser.get("/console/overview?range=7d").await.ok().text();
        assert!(page.contains("Delivered 8 100.0%"), "{page}");
        // Who counts again although another holds the duty changes nothing and breaks nothing.
        let other = Uuid::from_u128(9);
        tallying::tally(world.service(), other, TimeDelta::days(2), &stop).await.expect("left to the other");
    })
    .await;
}
