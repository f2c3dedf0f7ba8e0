//! A tip proves wrong.

use std::collections::BTreeMap;

use motherline::domain::plan::Needs;
use motherline::flows::publishing;
use motherline::flows::recalling::{self, Correction, Untold};
use motherline::library::Text;
use motherline::store::Database;
use motherline::store::editions::Recall;
use motherline::worker::rehearsal::World;

use super::{HER, enroll, only_plan, world};
use crate::conversation::at;
use crate::support::engines::on_both;

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
        let nobody = recalling::survey(world.service(), &recall(&world).await, None).await.expect("a survey");
        assert!(nobody.got.is_empty() && nobody.missed == 1, "{nobody:?}");
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
        let survey = recalling::survey(world.service(), &recall, Some(&right)).await.expect("a survey");
        let got: Vec<_> = survey.got.values().map(|got| (got.women, got.perhaps)).collect();
        assert_eq!((vec![(4, 0)], 2), (got, survey.to_tell));
        assert_eq!(BTreeMap::from([(Untold::Stopped, 1), (Untold::AfterLoss, 1)]), survey.untold);
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
        let survey = recalling::survey(world.service(), &recall, Some(&right)).await.expect("a survey");
        assert_eq!((0, Some(&2)), (survey.to_tell, survey.untold.get(&Untold::Already)));
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
