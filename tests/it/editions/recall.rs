//! A tip proves wrong.

mod changes;
mod lifted;

use std::collections::BTreeMap;

use motherline::domain::plan::Needs;
use motherline::flows::auditing::Actor;
use motherline::flows::broadcasting::{self, Counted, Unreached};
use motherline::flows::publishing;
use motherline::flows::recalling::{self, Correction};
use motherline::library::Text;
use motherline::store::Database;
use motherline::store::editions::{self, Recall};
use motherline::worker::rehearsal::World;

use super::{HER, enroll, only_plan, publish, with, world};
use crate::conversation::{US, at};
use crate::dispatcher::execute;
use crate::support::engines::{count, on_both};
use crate::support::racing::all_wait;
use crate::support::service::eventually;

const TIP: &str = "us-starter-1-welcome";

async fn recall(world: &World) -> Recall {
    let recall = recalling::recall(world.service(), TIP, "Ana", "a wrong number").await.expect("a recall");
    recall.expect("there is such a tip")
}

fn correction(needs: Needs) -> Correction {
    let words = ["en", "es"].map(|language| {
        (
            language.parse().expect("a language"),
            Text::new("We sent you a wrong number. The right one is 211."),
        )
    });
    Correction { words: BTreeMap::from(words), needs }
}

/// Whom a correction would reach.
async fn weighed(world: &World, recall: &Recall, right: &Correction) -> Counted {
    let message = right.message(recall, Some(US));
    broadcasting::count(world.service(), &message, None).await.expect("counted")
}

async fn told(world: &mut World, until: &str) -> Vec<(String, String)> {
    world.advance_to(at(until)).await.expect("time");
    let lines = world.take_lines().into_iter().filter(|line| line.kind.as_deref() == Some("correction"));
    let mut told: Vec<_> = lines.map(|line| (line.to.unwrap_or_default(), line.body)).collect();
    told.sort();
    told
}

async fn ends(database: &Database) -> Vec<(i16, Option<String>)> {
    let select = "SELECT state, reason FROM history WHERE kind = 'tip' ORDER BY id";
    match database {
        Database::Sqlite { read, .. } => sqlx::query_as(select).fetch_all(read).await.expect("the ends"),
        Database::Postgres(pool) => sqlx::query_as(select).fetch_all(pool).await.expect("the ends"),
    }
}

#[tokio::test]
async fn what_is_queued_does_not_leave_even_where_nobody_has_heard() {
    on_both(async |database| {
        let mut world = world(&database).await;
        enroll(&mut world, HER, "10001").await;
        only_plan(&world, at("2026-11-24T11:00:00-05:00")).await;
        recall(&world).await;
        // This process has not looked: its edition still has the tip.
        assert!(world.service().shelf.edition().recalled.is_empty());
        world.advance_to(at("2026-11-24T20:00:00-05:00")).await.expect("time");
        assert!(world.take_lines().is_empty(), "it did not leave");
        assert_eq!(vec![(9, Some("its tip was recalled".to_owned()))], ends(&database).await);
        let nobody = recalling::survey(world.service(), &recall(&world).await).await.expect("a survey");
        assert!(nobody.got.is_empty() && nobody.missed == 1, "{nobody:?}");
    })
    .await;
}

/// Whoever recalls a tip and goes away has recalled it: the words in force first, those of older editions after them.
#[tokio::test]
async fn it_is_stopped_in_every_edition_whoever_waits_for_it() {
    on_both(async |database| {
        let world = world(&database).await;
        publish(&world, &with("Second.")).await;
        let recalling = recalling::recall(world.service(), TIP, "Ana", "a wrong number");
        let left = tokio::time::timeout(std::time::Duration::ZERO, recalling).await;
        assert!(left.is_err(), "nobody waits");
        let words = "SELECT COUNT(DISTINCT hash) FROM recalled_words WHERE tip = 'us-starter-1-welcome'";
        // English of both editions, Spanish as it was.
        eventually("every word is stopped", async || (count(&database, words).await == 3).then_some(()))
            .await;
        assert_eq!(1, recalling::list(&database).await.expect("recalls").len());
    })
    .await;
}

#[tokio::test]
async fn planners_leave_a_recalled_tip_out_until_it_is_lifted() {
    on_both(async |database| {
        let mut world = world(&database).await;
        enroll(&mut world, HER, "10001").await;
        recall(&world).await;
        let (service, files) = (world.service(), &crate::conversation::FILES);
        let started = publishing::start(&database, &service.clock, files, false).await.expect("a start");
        assert!(started.edition.recalled.contains(TIP), "who starts now knows it at once");
        assert!(publishing::look(world.service()).await.expect("a look"));
        world.advance_to(at("2026-11-24T20:00:00-05:00")).await.expect("time");
        assert!(world.take_lines().is_empty(), "the slot stays empty");
        // Who enrolls later gets it again.
        assert!(recalling::lift(world.service(), TIP, "Ana", "it was right").await.expect("lifted"));
        assert!(
            !recalling::lift(world.service(), TIP, "Ana", "it was right").await.expect("no more to lift")
        );
        assert!(publishing::look(world.service()).await.expect("a look"));
        enroll(&mut world, "+12025550144", "10001").await;
        world.advance_to(at("2026-11-25T20:00:00-05:00")).await.expect("time");
        let lines = world.take_lines();
        let hers: Vec<_> = lines.iter().filter_map(|line| line.tip.as_deref()).collect();
        assert!(hers.contains(&TIP), "{hers:?}");
    })
    .await;
}

#[tokio::test]
async fn exactly_those_who_got_it_and_can_be_told_are_told_once() {
    on_both(async |database| {
        let mut world = world(&database).await;
        let women = ["+12025550141", "+12025550142", "+12025550143", "+12025550144"];
        for her in women {
            enroll(&mut world, her, "10001").await;
        }
        world.advance_to(at("2026-11-24T20:00:00-05:00")).await.expect("time");
        assert_eq!(4, world.take_lines().len());
        // One stops, one loses her baby, and one comes too late to have got it.
        world.text(women[1], "STOP").await.expect("a text");
        world.text(women[2], "I lost my baby").await.expect("a text");
        enroll(&mut world, "+12025550145", "10001").await;
        world.take_lines();
        let recall = recall(&world).await;
        let right = correction(Needs::Pregnancy);
        let survey = recalling::survey(world.service(), &recall).await.expect("a survey");
        assert_eq!(vec![(4, 0)], survey.got.values().map(|got| (got.women, got.perhaps)).collect::<Vec<_>>());
        let counted = weighed(&world, &recall, &right).await;
        let untold = BTreeMap::from([(Unreached::Stopped, 1), (Unreached::AfterLoss, 1)]);
        assert_eq!((2, untold), (counted.people(), counted.unreached));
        let signed = ("Ana", "a wrong number");
        let told = recalling::correct(world.service(), &recall, &right, signed).await.expect("queued");
        let again = recalling::correct(world.service(), &recall, &right, signed).await.expect("queued");
        assert_eq!((2, 0), (told, again), "each once, however often it is said");
        world.advance_to(at("2026-11-25T20:00:00-05:00")).await.expect("time");
        let lines = world.take_lines();
        let corrections = lines.iter().filter(|line| line.kind.as_deref() == Some("correction"));
        let mut to: Vec<_> = corrections.filter_map(|line| line.to.clone()).collect();
        to.sort();
        assert_eq!(vec![women[0].to_owned(), women[3].to_owned()], to, "exactly those, in the next hours");
        let counted = weighed(&world, &recall, &right).await;
        assert_eq!((0, Some(&2)), (counted.people(), counted.unreached.get(&Unreached::Already)));
    })
    .await;
}

#[tokio::test]
async fn a_loss_after_it_was_queued_takes_a_correction_back() {
    on_both(async |database| {
        let mut world = world(&database).await;
        enroll(&mut world, HER, "10001").await;
        world.advance_to(at("2026-11-24T21:00:00-05:00")).await.expect("time");
        world.take_lines();
        let recall = recall(&world).await;
        let right = correction(Needs::Pregnancy);
        let signed = ("Ana", "a wrong number");
        assert_eq!(1, recalling::correct(world.service(), &recall, &right, signed).await.expect("queued"));
        world.text(HER, "I lost my baby").await.expect("a text");
        world.advance_to(at("2026-11-27T20:00:00-05:00")).await.expect("time");
        let kinds: Vec<_> = world.take_lines().into_iter().filter_map(|line| line.kind).collect();
        assert_eq!(vec!["reply"], kinds, "the answer to her, and nothing else");
    })
    .await;
}

#[tokio::test]
async fn who_hides_reads_a_correction_when_she_is_alone() {
    on_both(async |database| {
        let mut world = world(&database).await;
        let women = ["+12025550141", "+12025550142", "+12025550143"];
        for her in women {
            enroll(&mut world, her, "10001").await;
        }
        world.advance_to(at("2026-11-24T20:00:00-05:00")).await.expect("time");
        // One hides before it is queued and one while it waits; one waits in the lane of before corrections were broadcasts.
        world.text(women[0], "SAFE").await.expect("a text");
        let (recall, right) = (recall(&world).await, correction(Needs::Pregnancy));
        let counted = weighed(&world, &recall, &right).await;
        assert_eq!(
            vec![(3, 1)],
            counted.reached.values().map(|all| (all.women, all.covered)).collect::<Vec<_>>()
        );
        let signed = ("Ana", "a wrong number");
        assert_eq!(3, recalling::correct(world.service(), &recall, &right, signed).await.expect("queued"));
        for her in &women[1..] {
            world.text(her, "SAFE").await.expect("a text");
        }
        execute(&database, "UPDATE outbox SET lane = 1 WHERE kind = 'correction' AND phone = '+12025550143'")
            .await;
        world.take_lines();
        let told = told(&mut world, "2026-11-25T20:00:00-05:00").await;
        let notice = "You have a message. Reply 1 when it is a good time.".to_owned();
        assert_eq!(women.map(|her| (her.to_owned(), notice.clone())).to_vec(), told);
        for her in &women[..2] {
            world.text(her, "1").await.expect("a text");
            let read = world.take_lines();
            assert!(read.iter().any(|line| line.body.contains("The right one is 211.")), "{read:?}");
        }
        // It takes a pregnancy for granted: after a loss she never reads it.
        world.text(women[2], "I lost my baby").await.expect("a text");
        world.text(women[2], "1").await.expect("a text");
        let read = world.take_lines();
        assert!(read.iter().all(|line| !line.body.contains("The right one is 211.")), "{read:?}");
    })
    .await;
}

#[tokio::test]
async fn who_was_not_told_by_one_that_was_stopped_is_told_by_the_next() {
    on_both(async |database| {
        let mut world = world(&database).await;
        enroll(&mut world, HER, "10001").await;
        world.advance_to(at("2026-11-24T21:00:00-05:00")).await.expect("time");
        world.take_lines();
        let (recall, mut right) = (recall(&world).await, correction(Needs::Neutral));
        let signed = ("Ana", "a wrong number");
        assert_eq!(1, recalling::correct(world.service(), &recall, &right, signed).await.expect("queued"));
        let (first, _) = broadcasting::list(&database).await.expect("a list").remove(0);
        assert_eq!((Some(TIP), Some(US)), (first.corrects.as_deref(), first.program.as_deref()));
        let stopped =
            broadcasting::stop(world.service(), first.id, &Actor::named("Bob")).await.expect("stopped");
        assert_eq!((true, 1), stopped);
        let better = Text::new("The right number is 211, free at any hour.");
        right.words.values_mut().for_each(|words| *words = better.clone());
        assert_eq!(1, recalling::correct(world.service(), &recall, &right, signed).await.expect("queued"));
        let told = told(&mut world, "2026-11-25T20:00:00-05:00").await;
        assert_eq!(vec![(HER.to_owned(), better.body.to_string())], told);
        assert_eq!(0, recalling::correct(world.service(), &recall, &right, signed).await.expect("no more"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn recalled_and_lifted_by_many_at_once_no_words_are_left_without_a_recall() {
    on_both(async |database| {
        let world = world(&database).await;
        // Another edition has other words: they are added to a recall that stands.
        publish(&world, &with("Anew.")).await;
        let left = "SELECT COUNT(*) FROM recalled_words WHERE tip NOT IN (SELECT tip FROM recalls)";
        let words = "SELECT COUNT(*) FROM recalled_words";
        let stands = recall(&world).await;
        // Whoever adds words is waited for.
        let mut adds = database.begin().await.expect("a transaction");
        let held = editions::hold_recall(&mut adds, TIP).await.expect("a look");
        assert_eq!(Some(stands), held);
        editions::recall_words(&mut adds, TIP, &[[7; 32]]).await.expect("added");
        let service = world.service().clone();
        let lifting =
            tokio::spawn(async move { recalling::lift(&service, TIP, "Bob", "it was right").await });
        all_wait(&database, 1).await;
        adds.commit().await.expect("written");
        assert!(lifting.await.expect("it ends").expect("lifted"));
        assert_eq!(0, count(&database, words).await);
        for round in 0..2 {
            let both = (0..6).map(|nth| {
                let service = world.service().clone();
                tokio::spawn(async move {
                    for _ in 0..round * nth {
                        tokio::task::yield_now().await;
                    }
                    if nth % 2 == 0 {
                        recalling::recall(&service, TIP, "Ana", "a wrong number").await.expect("a recall");
                    } else {
                        recalling::lift(&service, TIP, "Bob", "it was right").await.expect("lifted");
                    }
                })
            });
            for one in both.collect::<Vec<_>>() {
                one.await.expect("it ends");
            }
            assert_eq!(0, count(&database, left).await, "round {round}");
        }
        recalling::lift(world.service(), TIP, "Bob", "it was right").await.expect("lifted");
        assert_eq!(0, count(&database, words).await);
        // Nor does one that was broken off leave a word out: done again, it knows all of them.
        recall(&world).await;
        assert!(count(&database, words).await > 1);
    })
    .await;
}
