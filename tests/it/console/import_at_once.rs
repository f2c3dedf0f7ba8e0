//! Two processes that enroll from the same list at once, and one that is killed at whatever it does: each woman is
//! enrolled once, and nobody is lost.

use std::time::Duration;

use motherline::flows::{Service, importing};
use motherline::store::failure::is_no_fault;
use motherline::store::{Database, imports};
use motherline::worker::rehearsal::World;

use super::enrolling::{clerk, world};
use crate::conversation::{US, at};
use crate::support::engines::{count, on_both};
use crate::support::racing::{all_wait, killed_after};

/// A list of so many women that somebody has had enrolled; the last stands in it twice.
async fn confirmed(world: &World, women: u32) -> String {
    let mut csv = String::from("phone,due date,place,consent date,consent how\n");
    for number in (0..women).chain([women - 1]) {
        let number = format!("+1 {} 555 01{:02}", [202, 212][number as usize / 100], number % 100);
        csv.push_str(&format!("{number},2027-03-25,10001,2026-11-20,on paper\n"));
    }
    let mut browser = clerk(world, US).await;
    let fields = [("program", US), ("language", "en")];
    let place = browser.upload("/console/enroll/imports", &fields, ("list.csv", csv.as_bytes())).await;
    let place = place.leads_to();
    browser.post(&format!("{place}/enroll"), &[]).await.leads_to();
    place
}

/// What a process does until nothing is left. Where a database is slow, or gives one of two the way, it is tried again.
async fn carries_on(service: Service, most: i64) {
    loop {
        match importing::carry_on(&service, most).await {
            Ok(0) => return,
            Ok(_) => {}
            Err(error) => {
                assert!(is_no_fault(&error), "{error}");
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
    }
}

/// Of each row that was enrolled there is one of everything, at any moment: how much is missing or too much.
async fn amiss(database: &Database) -> i64 {
    let sql = "SELECT SUM(ABS(done - things)) FROM
                 (SELECT (SELECT COUNT(*) FROM import_rows WHERE verdict = 'enrolled') AS done) AS d,
                 (SELECT COUNT(*) AS things FROM enrollments
                  UNION ALL SELECT COUNT(DISTINCT subscriber_id) FROM enrollments
                  UNION ALL SELECT COUNT(*) FROM subscribers
                  UNION ALL SELECT COUNT(*) FROM consents
                  UNION ALL SELECT COUNT(*) FROM agenda
                  UNION ALL SELECT COUNT(*) FROM outbox
                  UNION ALL SELECT COUNT(DISTINCT phone) FROM outbox
                  UNION ALL SELECT COUNT(*) FROM audit WHERE action = 'enroll'
                  UNION ALL SELECT COUNT(*) FROM import_rows r JOIN subscribers s ON s.id = r.subscriber_id
                             WHERE r.verdict = 'enrolled' AND s.phone = r.phone AND NOT r.waits) AS t";
    // PostgreSQL sums to another type.
    match database {
        Database::Sqlite { .. } => count(database, sql).await,
        Database::Postgres(pool) => {
            let sql = sqlx::AssertSqlSafe(format!("SELECT CAST(({sql}) AS BIGINT)"));
            sqlx::query_scalar(sql).fetch_one(pool).await.expect("a count")
        }
    }
}

/// All of a list is done, and each woman gets her first text once.
async fn all_is_done(world: &mut World, women: i64) {
    let database = world.service().database.clone();
    assert_eq!(0, amiss(&database).await);
    assert_eq!(women, count(&database, "SELECT COUNT(*) FROM enrollments").await);
    let others = "SELECT COUNT(*) FROM import_rows WHERE verdict = 'twice' OR waits";
    assert_eq!(1, count(&database, others).await, "each verdict stands, and none waits");
    assert_eq!(1, count(&database, "SELECT COUNT(*) FROM imports WHERE state = 'done'").await);
    world.take_lines();
    world.advance_to(at("2026-11-23T20:00:00-05:00")).await.expect("time passes");
    let mut told: Vec<String> = world.take_lines().into_iter().filter_map(|line| line.to).collect();
    let texts = told.len();
    told.sort_unstable();
    told.dedup();
    assert_eq!((women, texts), (told.len() as i64, told.len()), "each is texted, and once");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_who_enroll_from_a_list_one_enrolls_each() {
    on_both(async |database| {
        let mut world = world(&database).await;
        let place = confirmed(&world, 40).await;
        let id = place.rsplit('/').next().and_then(|id| id.parse().ok()).expect("its id");
        // Both stand before the same rows.
        let mut held = database.begin().await.expect("a transaction");
        imports::hold(&mut held, id).await.expect("held").expect("a list");
        let both = [3, 4].map(|most| tokio::spawn(carries_on(world.service().clone(), most)));
        all_wait(&database, 2).await;
        drop(held);
        for one in both {
            one.await.expect("it came to an end");
        }
        all_is_done(&mut world, 40).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_one_is_killed_nothing_is_lost_and_the_other_goes_on() {
    on_both(async |database| {
        let mut world = world(&database).await;
        confirmed(&world, 90).await;
        let (mut steps, mut killed) = (1, 0);
        while importing::goes_on(world.service()).await.expect("a look") {
            let service = world.service().clone();
            let other = tokio::spawn(async move { importing::carry_on(&service, 1).await });
            if killed_after(steps, importing::carry_on(world.service(), 5)).await.is_none() {
                killed += 1;
            }
            let other = other.await.expect("the other is not killed");
            assert!(other.as_ref().err().is_none_or(is_no_fault), "{other:?}");
            assert_eq!(0, amiss(&database).await, "killed after {steps} steps");
            steps += 7;
        }
        assert!(killed > 5, "at other places each time: {killed}");
        all_is_done(&mut world, 90).await;
    })
    .await;
}
