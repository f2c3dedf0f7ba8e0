//! What is written or caused at the console goes in her hours, and is taken back or covered like all that nobody waits for.

use motherline::domain::role::Role;

use super::acting::{does, told};
use super::{AMY, BEA, CAT, enrolls, id_of, until, world, writes};
use crate::dispatcher::execute;
use crate::support::console::Browser;
use crate::support::engines::on_both;

#[tokio::test]
async fn what_missed_her_hours_waits_for_the_next() {
    on_both(async |database| {
        let mut world = world(&database).await;
        enrolls(&mut world, AMY, "April 12 2027").await;
        until(&mut world, "2026-11-24T20:50:00-05:00").await;
        let amy = id_of(&world, AMY).await;
        let mut browser = Browser::signed_in(world.service(), &[Role::Operator]).await;
        execute(&database, "UPDATE sender_accounts SET held_until = '2026-11-25T04:30:00+00:00'").await;
        does(&mut browser, amy, "send", &[("words", "Your results are fine.")]).await;
        world.take_lines();
        until(&mut world, "2026-11-25T08:50:00-05:00").await;
        assert!(told(&mut world, AMY).is_empty(), "nothing goes at night");
        until(&mut world, "2026-11-25T12:00:00-05:00").await;
        let texts = told(&mut world, AMY);
        assert_eq!(1, texts.iter().filter(|text| *text == "Your results are fine.").count(), "{texts:?}");
    })
    .await;
}

#[tokio::test]
async fn what_waits_is_covered_or_taken_back_by_what_she_texts_meanwhile() {
    on_both(async |database| {
        let mut world = world(&database).await;
        enrolls(&mut world, AMY, "December 1 2026").await;
        for her in [BEA, CAT] {
            enrolls(&mut world, her, "April 12 2027").await;
        }
        until(&mut world, "2026-11-25T23:00:00-05:00").await;
        let [amy, bea, cat] = [id_of(&world, AMY).await, id_of(&world, BEA).await, id_of(&world, CAT).await];
        let mut browser = Browser::signed_in(world.service(), &[Role::Operator]).await;
        world.take_lines();
        does(&mut browser, bea, "send", &[("words", "Your results are fine.")]).await;
        does(&mut browser, cat, "stop", &[("why", "she phoned")]).await;
        let shown = does(&mut browser, amy, "resend", &[]).await;
        assert!(shown.contains("at 26 Nov 2026, 09:00, her time"), "{shown}");
        until(&mut world, "2026-11-26T02:00:00-05:00").await;
        writes(&mut world, BEA, &["SAFE"]).await;
        writes(&mut world, AMY, &["BORN November 25", "YES"]).await;
        until(&mut world, "2026-11-26T08:00:00-05:00").await;
        writes(&mut world, CAT, &["START", "YES"]).await;
        world.settle().await.expect("a moment");
        world.take_lines();
        until(&mut world, "2026-11-26T09:02:00-05:00").await;
        let lines = world.take_lines();
        let to = |her: &str| {
            let hers = lines.iter().filter(|line| line.to.as_deref() == Some(her));
            hers.map(|line| line.body.as_str()).collect::<Vec<_>>()
        };
        assert!(to(AMY).is_empty(), "a tip of her pregnancy: {lines:?}");
        assert!(to(CAT).is_empty(), "that she has stopped: {lines:?}");
        assert!(to(BEA).len() == 1 && !to(BEA)[0].contains("results"), "{lines:?}");
        writes(&mut world, BEA, &["READ"]).await;
        let read = told(&mut world, BEA);
        assert!(read.iter().any(|text| text.contains("Your results are fine.")), "{read:?}");
    })
    .await;
}
