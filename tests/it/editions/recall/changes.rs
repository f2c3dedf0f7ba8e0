//! What becomes of a correction where her life has gone on: a loss, a birth, new dates, another pregnancy; and who has been
//! told by one that was stopped.

use chrono::TimeDelta;
use motherline::clock::Clock;
use motherline::domain::plan::Needs;
use motherline::flows::auditing::Actor;
use motherline::flows::broadcasting::{self, Unreached};
use motherline::flows::dispatch::{self, Desk, Room};
use motherline::flows::recalling;
use motherline::store::Database;
use motherline::worker::rehearsal::World;

use super::{HER, correction, recall, told, weighed, world};
use crate::conversation::at;
use crate::dispatcher::execute;
use crate::support::engines::on_both;

const WOMEN: [&str; 6] =
    ["+12025550141", "+12025550142", "+12025550143", "+12025550144", "+12025550145", "+12025550146"];
const NIGHT: &str = "2026-11-24T21:00:00-05:00";
const MORNING: &str = "2026-11-25T20:00:00-05:00";
const SIGNED: (&str, &str) = ("Ana", "a wrong number");
/// She is in her 35th week when she gets the tip.
const BEGINS: [&str; 4] = ["BABY", "December 25, 2026", "YES", "10001"];
const ANEW: [&str; 5] = ["BABY", "January 8, 2027", "YES", "YES", "10001"];
const LOST: &str = "I lost my baby";
/// Of the last of them all is over; of the third, what goes on is frozen.
const OVER: &str = "UPDATE enrollments SET state = 'completed' WHERE subscriber_id =
                        (SELECT id FROM subscribers WHERE phone = '+12025550146')";
const FROZEN: &str = "UPDATE enrollments SET state = 'frozen' WHERE state = 'active' AND subscriber_id =
                          (SELECT id FROM subscribers WHERE phone = '+12025550143')";

async fn writes(world: &mut World, her: &str, texts: &[&str]) -> Vec<String> {
    for text in texts {
        world.text(her, text).await.expect("a text");
    }
    world.take_lines().into_iter().map(|line| line.body).collect()
}

/// They have enrolled, and got the tip.
async fn with(women: &[&str], database: &Database) -> World {
    let mut world = world(database).await;
    for her in women {
        writes(&mut world, her, &BEGINS).await;
    }
    world.advance_to(at(NIGHT)).await.expect("time");
    assert_eq!(women.len(), world.take_lines().len());
    world
}

async fn corrects(world: &World, needs: Needs) -> usize {
    let recall = recall(world).await;
    recalling::correct(world.service(), &recall, &correction(needs), SIGNED).await.expect("queued")
}

async fn rows(database: &Database, select: &'static str) -> Vec<(String, String)> {
    match database {
        Database::Sqlite { read, .. } => sqlx::query_as(select).fetch_all(read).await.expect("rows"),
        Database::Postgres(pool) => sqlx::query_as(select).fetch_all(pool).await.expect("rows"),
    }
}

/// Why corrections did not go.
async fn untold(database: &Database) -> Vec<(String, String)> {
    let select = "SELECT phone, reason FROM history WHERE kind = 'correction' AND state = 9 ORDER BY phone";
    rows(database, select).await
}

fn to(told: &[(String, String)]) -> Vec<&str> {
    told.iter().map(|(to, _)| to.as_str()).collect()
}

#[tokio::test]
async fn what_she_tells_while_it_waits_takes_a_correction_back() {
    on_both(async |database| {
        let mut world = with(&WOMEN, &database).await;
        let [born, dates, anew, replaced, nothing, over] = WOMEN;
        // By another enrollment than the one that got it she is one to tell as well.
        writes(&mut world, replaced, &ANEW).await;
        writes(&mut world, born, &["SAFE"]).await;
        assert_eq!(6, corrects(&world, Needs::Pregnancy).await);
        writes(&mut world, born, &["Born 11/24 at home", "YES"]).await;
        writes(&mut world, dates, &["UPDATE", "December 28, 2026", "YES"]).await;
        writes(&mut world, anew, &ANEW).await;
        writes(&mut world, replaced, &[LOST]).await;
        // Of one it is known and nothing was taken back.
        execute(&database, OVER).await;
        execute(&database, "UPDATE subscribers SET lost_at = created_at WHERE phone = '+12025550146'").await;
        let all = told(&mut world, MORNING).await;
        assert_eq!(vec![dates, anew, nothing], to(&all), "still pregnant, and not near the birth");
        let why = [
            (born, "her baby was born"),
            (replaced, "she had told of a loss"),
            (over, "she had told of a loss"),
        ];
        assert_eq!(why.map(|(her, why)| (her.to_owned(), why.to_owned())).to_vec(), untold(&database).await);
        let read = writes(&mut world, born, &["1"]).await;
        assert!(read.iter().all(|words| !words.contains("211")), "nor is it kept for her: {read:?}");
        // Who was not told may be told by another, if it is right: after a loss what says nothing of a baby.
        assert_eq!(0, corrects(&world, Needs::Pregnancy).await);
        assert_eq!(3, corrects(&world, Needs::Neutral).await);
        assert_eq!(3, told(&mut world, "2026-11-26T20:00:00-05:00").await.len());
    })
    .await;
}

#[tokio::test]
async fn what_is_right_all_the_same_is_told() {
    on_both(async |database| {
        let mut world = with(&WOMEN[..4], &database).await;
        let [born, misread, lost, near, ..] = WOMEN;
        assert_eq!(4, corrects(&world, Needs::Either).await);
        writes(&mut world, born, &["Born 11/24 at home", "YES"]).await;
        // What was taken for a loss was none.
        for her in [misread, lost] {
            writes(&mut world, her, &[LOST]).await;
        }
        writes(&mut world, misread, &["UNDO"]).await;
        writes(&mut world, near, &["UPDATE", "December 2, 2026", "YES"]).await;
        assert_eq!(vec![born, misread, near], to(&told(&mut world, MORNING).await));
    })
    .await;
}

#[tokio::test]
async fn what_takes_a_pregnancy_for_granted_is_not_told_near_the_birth() {
    on_both(async |database| {
        let mut world = with(&WOMEN[..2], &database).await;
        let [near, far, ..] = WOMEN;
        assert_eq!(2, corrects(&world, Needs::Pregnancy).await);
        writes(&mut world, near, &["UPDATE", "December 2, 2026", "YES"]).await;
        writes(&mut world, far, &["UPDATE", "January 2, 2027", "YES"]).await;
        assert_eq!(vec![far], to(&told(&mut world, MORNING).await));
        assert_eq!(vec![(near.to_owned(), "her dates changed".to_owned())], untold(&database).await);
    })
    .await;
}

#[tokio::test]
async fn by_an_enrollment_that_is_over_she_is_told_unless_a_loss_came_after_it() {
    on_both(async |database| {
        let mut world = world(&database).await;
        let [mother, lost, known, other, ..] = WOMEN;
        for her in [mother, lost, known] {
            writes(&mut world, her, &["BABY", "born november 20", "YES", "10001"]).await;
        }
        writes(&mut world, other, &BEGINS).await;
        world.advance_to(at(NIGHT)).await.expect("time");
        let next = ["BABY", "July 8, 2027", "YES", "YES", "10001"];
        for her in [mother, lost, known, other] {
            writes(&mut world, her, &next).await;
        }
        assert_eq!(3, corrects(&world, Needs::Baby).await, "whose baby was born");
        // It names an enrollment that no loss freezes. Of one it is known and nothing was taken back.
        writes(&mut world, lost, &[LOST]).await;
        execute(&database, FROZEN).await;
        assert_eq!(vec![mother], to(&told(&mut world, MORNING).await));
        let recall = recall(&world).await;
        let counted = weighed(&world, &recall, &correction(Needs::Baby)).await;
        assert_eq!((0, Some(&2)), (counted.people(), counted.unreached.get(&Unreached::AfterLoss)));
    })
    .await;
}

#[tokio::test]
async fn a_loss_says_nothing_of_what_has_begun_since_and_all_of_what_was_before() {
    on_both(async |database| {
        let mut world = world(&database).await;
        let [again, before, twice, .., over] = WOMEN;
        // She lost one and is pregnant again when she gets the tip.
        writes(&mut world, again, &BEGINS).await;
        writes(&mut world, again, &[LOST, "no"]).await;
        writes(&mut world, again, &["BABY", "January 8, 2027", "YES", "10001"]).await;
        for her in [before, twice, over] {
            writes(&mut world, her, &BEGINS).await;
        }
        world.advance_to(at(NIGHT)).await.expect("time");
        // These got it for the one that is lost, or by what another pregnancy had replaced; and one told of it when all
        // was over.
        writes(&mut world, twice, &ANEW).await;
        for her in [before, twice] {
            writes(&mut world, her, &[LOST, "no"]).await;
            writes(&mut world, her, &["BABY", "January 9, 2027", "YES", "10001"]).await;
        }
        execute(&database, OVER).await;
        writes(&mut world, over, &[LOST]).await;
        let recall = recall(&world).await;
        let counted = weighed(&world, &recall, &correction(Needs::Either)).await;
        assert_eq!((1, Some(&3)), (counted.people(), counted.unreached.get(&Unreached::AfterLoss)));
        assert_eq!(1, corrects(&world, Needs::Either).await);
        assert_eq!(vec![again], to(&told(&mut world, MORNING).await));
    })
    .await;
}

#[tokio::test]
async fn what_comes_back_of_a_stopped_one_has_told_nobody() {
    on_both(async |database| {
        let mut world = with(&[HER], &database).await;
        assert_eq!(1, corrects(&world, Needs::Neutral).await);
        let (first, _) = broadcasting::list(&database).await.expect("a list").remove(0);
        let Clock::Manual(hands) = &world.service().clock else { panic!("a manual clock") };
        hands.advance_to(at("2026-11-25T09:45:00-05:00"));
        let (service, room) = (world.service(), Room { answers: 0, unasked: 10, pressing: false });
        let sender = service.senders.get("rehearsal").cloned().expect("a sender");
        let claimed = dispatch::claim(service, &sender, "rehearsal", room, &mut Desk::default()).await;
        let under_way = claimed.expect("claimed").unasked;
        assert_eq!(1, under_way.len());
        let stopped = broadcasting::stop(service, first.id, &Actor::named("Bob")).await.expect("stopped");
        assert_eq!((true, 0), stopped, "nothing waits");
        assert_eq!(0, corrects(&world, Needs::Neutral).await, "it may arrive");
        dispatch::take_back(service, &sender, &under_way).await.expect("it has not left");
        let now = world.now();
        assert!(told_until(&mut world, now + TimeDelta::minutes(5)).await.is_empty());
        assert_eq!(vec![(HER.to_owned(), "its broadcast was stopped".to_owned())], untold(&database).await);
        assert_eq!(1, corrects(&world, Needs::Neutral).await);
        let now = world.now();
        assert_eq!(1, told_until(&mut world, now + TimeDelta::hours(2)).await.len());
        assert_eq!(0, corrects(&world, Needs::Neutral).await, "once");
    })
    .await;
}

async fn told_until(world: &mut World, then: chrono::DateTime<chrono::Utc>) -> Vec<(String, String)> {
    told(world, &then.to_rfc3339()).await
}
