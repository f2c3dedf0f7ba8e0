//! The agenda: what she changes counts at once for all that was planned before, wherever it stands, and any number
//! of planners plan everybody once.

use std::time::Duration;

use motherline::flows::planning;
use motherline::flows::populating::{Crowd, populate};
use motherline::store::{Database, Tx};
use motherline::worker::rehearsal::World;
use tempfile::TempDir;
use tokio::task::JoinSet;

use super::{HER, at, count, enroll, execute, tips, world};
use crate::support::engines::{self, on_both};

async fn moves_to(world: &mut World, time: &str) {
    let motherline::clock::Clock::Manual(hands) = &world.service().clock else { panic!("a manual clock") };
    hands.advance_to(at(time));
}

#[tokio::test]
async fn a_line_of_other_dates_is_struck_when_it_comes_up() {
    on_both(async |database| {
        let mut world = world(database.clone()).await;
        enroll(&mut world).await;
        for body in ["UPDATE", "April 1, 2027", "YES"] {
            world.text(HER, body).await.expect("a text");
        }
        assert_eq!(2, count(&database, "SELECT COUNT(*) FROM agenda").await, "the old one stays where it is");
        assert_eq!(1, count(&database, "SELECT COUNT(*) FROM revoked").await);
        world.advance_to(at("2026-12-05T23:00:00-05:00")).await.expect("time");
        assert_eq!(9, tips(&world.take_lines()).len(), "as many as without it");
        assert_eq!(1, count(&database, "SELECT COUNT(*) FROM agenda").await);
        assert_eq!(0, count(&database, "SELECT COUNT(*) FROM revoked").await);
    })
    .await;
}

#[tokio::test]
async fn a_tip_planned_while_she_changed_something_does_not_leave() {
    on_both(async |database| {
        let mut world = world(database.clone()).await;
        enroll(&mut world).await;
        moves_to(&mut world, "2026-11-24T10:59:00-05:00").await;
        planning::plan(world.service(), 100).await.expect("planned");
        assert_eq!(1, count(&database, "SELECT COUNT(*) FROM outbox WHERE kind = 'tip'").await);
        // Another process let her change count, and did not see the tip, which was being written.
        let revoke = "INSERT INTO revoked (enrollment_id, version, at)
                      SELECT id, version, '2026-11-24T15:58:59+00:00' FROM enrollments";
        execute(&database, revoke).await;
        world.advance_to(at("2026-11-24T23:00:00-05:00")).await.expect("time");
        assert!(tips(&world.take_lines()).is_empty());
        let canceled = "SELECT COUNT(*) FROM history WHERE state = 9 AND reason LIKE '%had changed'";
        assert_eq!(1, count(&database, canceled).await, "and says why");
        let freed = "SELECT COUNT(*) FROM planned WHERE outcome = 'queued'";
        assert_eq!(0, count(&database, freed).await, "her day and the tip are free for what holds now");
    })
    .await;
}

/// SQLite's one writer makes it easy to be between the reading and the writing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_revoked_after_it_was_read_is_not_written() {
    let folder = TempDir::new().expect("a folder");
    let database = Database::open(&engines::sqlite(folder.path()), 8).await.expect("a database");
    let mut world = world(database.clone()).await;
    enroll(&mut world).await;
    moves_to(&mut world, "2026-11-24T10:59:00-05:00").await;
    let Tx::Sqlite(mut she) = database.begin().await.expect("she writes") else {
        unreachable!("it is SQLite")
    };
    let service = world.service().clone();
    let planner = tokio::spawn(async move { planning::plan(&service, 100).await.expect("planned") });
    // It has read by now, and waits to write; if not, it reads what follows and does the same.
    tokio::time::sleep(Duration::from_millis(300)).await;
    let revoke = "INSERT INTO revoked (enrollment_id, version, at)
                  SELECT id, version, '2026-11-24T15:59:00+00:00' FROM enrollments";
    sqlx::query(revoke).execute(&mut *she).await.expect("she changed something");
    Tx::Sqlite(she).commit().await.expect("a commit");
    planner.await.expect("a planner");
    for nothing in ["SELECT COUNT(*) FROM outbox", "SELECT COUNT(*) FROM planned"] {
        assert_eq!(0, count(&database, nothing).await, "{nothing}");
    }
    planning::plan(world.service(), 100).await.expect("planned");
    assert_eq!(0, count(&database, "SELECT COUNT(*) FROM agenda").await, "her line is struck");
    database.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_planners_plan_everybody_once() {
    const MOTHERS: i64 = 3000;
    on_both(async |database| {
        let mut world = world(database.clone()).await;
        let service = world.service().clone();
        execute(&database, "DELETE FROM agenda").await;
        let crowd = Crowd { mothers: MOTHERS as u64, seed: 5, sender: "rehearsal" };
        populate(&database, &service.clock, &service.shelf.edition().library, &crowd).await.expect("a crowd");
        moves_to(&mut world, "2026-12-01T12:00:00-05:00").await;
        let late =
            count(&database, "SELECT COUNT(*) FROM agenda WHERE next_at <= '2026-12-01T17:00:00+00:00'");
        let late = late.await;
        assert!(late > MOTHERS / 2, "most have something to come: {late}");
        let mut planners = JoinSet::new();
        for _ in 0..6 {
            let service = service.clone();
            // Alone each takes many batches; a planner that was slower than another begins again.
            planners.spawn(async move {
                for _ in 0..20 {
                    planning::plan_all(&service, 50).await.expect("planned");
                }
            });
        }
        planners.join_all().await;
        let left = "SELECT COUNT(*) FROM agenda WHERE next_at <= '2026-12-01T17:00:00+00:00'";
        assert_eq!(0, count(&database, left).await, "nobody is left out");
        let twice = "SELECT COUNT(*) FROM (SELECT enrollment_id, tip FROM outbox
                                            GROUP BY enrollment_id, tip HAVING COUNT(*) > 1) AS twice";
        assert_eq!(0, count(&database, twice).await);
        let (queued, texts) = (
            count(&database, "SELECT COUNT(*) FROM planned WHERE outcome = 'queued'").await,
            count(&database, "SELECT COUNT(*) FROM outbox").await,
        );
        assert_eq!(queued, texts, "each has its one text");
    })
    .await;
}

/// A planner on another machine took the duty and died: it is waited for, and not for ever.
#[tokio::test]
async fn a_planner_that_died_is_waited_for_a_moment() {
    let database = Database::open(&engines::postgres(), 8).await.expect("a database");
    let mut world = world(database.clone()).await;
    enroll(&mut world).await;
    let dead = "INSERT INTO duties (name, holder, until)
                VALUES ('planning', '00000000-0000-0000-0000-000000000001', '2026-11-24T15:59:15+00:00')";
    execute(&database, dead).await;
    moves_to(&mut world, "2026-11-24T10:59:14-05:00").await;
    assert_eq!(0, planning::plan_all(world.service(), 100).await.expect("a look"));
    moves_to(&mut world, "2026-11-24T10:59:16-05:00").await;
    assert_eq!(1, planning::plan_all(world.service(), 100).await.expect("planned"));
    assert_eq!(
        0,
        count(&database, "SELECT COUNT(*) FROM duties WHERE name = 'planning'").await,
        "given back"
    );
    database.close().await;
}
