//! A loss that somebody else told us of: nothing is left open that takes her baby for granted, and she is heard when she
//! tells it herself.

use motherline::domain::role::Role;
use motherline::worker::rehearsal::World;

use super::acting::{does, refused, told};
use super::{AMY, BEA, CAT, enrollments, enrolls, found, id_of, until, world, writes};
use crate::dispatcher::execute;
use crate::support::console::Browser;
use crate::support::engines::on_both;

const EVE: &str = "+12025550145";
const FAY: &str = "+12025550146";
const UNTOLD: &[(&str, &str)] = &[("why", "her clinic told us")];
const TOLD: &[(&str, &str)] = &[("why", "her clinic told us"), ("tell", "yes")];

async fn hears(world: &mut World, her: &str, text: &str) -> Vec<String> {
    world.take_lines();
    writes(world, her, &[text]).await;
    world.settle().await.expect("a moment");
    told(world, her)
}

#[tokio::test]
async fn recorded_untold_it_leaves_nothing_open_and_her_own_words_are_answered() {
    on_both(async |database| {
        let mut world = world(&database).await;
        for her in [AMY, BEA, CAT] {
            enrolls(&mut world, her, "December 1 2026").await;
        }
        world.take_lines();
        until(&mut world, "2026-12-04T12:00:00-05:00").await;
        assert!(told(&mut world, AMY).iter().any(|text| text.contains("born")), "she was asked");
        writes(&mut world, BEA, &["BORN"]).await;
        writes(&mut world, CAT, &["STOP", "START"]).await;
        let mut browser = Browser::signed_in(world.service(), &[Role::Operator]).await;
        for her in [AMY, BEA, CAT] {
            let id = id_of(&world, her).await;
            let shown = does(&mut browser, id, "loss", UNTOLD).await;
            assert!(shown.contains("She is told nothing by text."), "{shown}");
        }
        assert!(hears(&mut world, AMY, "YES").await.is_empty(), "no birth is asked after");
        let said = hears(&mut world, BEA, "December 2").await;
        assert!(said.iter().all(|text| text.contains("Thank you for writing")), "{said:?}");
        assert!(hears(&mut world, CAT, "YES").await.is_empty(), "nothing comes again");
        for her in [AMY, BEA, CAT] {
            assert_eq!("frozen", enrollments(&world, her).await[0].state.name(), "{her}");
        }
        // She tells it herself, and is told how sorry we are: once.
        let said = hears(&mut world, AMY, "I lost my baby").await;
        assert!(said.len() == 1 && said[0].contains("sorry"), "{said:?}");
        assert!(hears(&mut world, AMY, "My baby died").await.is_empty());
        writes(&mut world, AMY, &["YES"]).await;
        assert_eq!("supported", enrollments(&world, AMY).await[0].state.name());
    })
    .await;
}

#[tokio::test]
async fn who_tells_it_before_the_morning_is_answered_at_once_and_only_once() {
    on_both(async |database| {
        let mut world = world(&database).await;
        enrolls(&mut world, AMY, "April 12 2027").await;
        until(&mut world, "2026-11-24T22:00:00-05:00").await;
        let amy = id_of(&world, AMY).await;
        let mut browser = Browser::signed_in(world.service(), &[Role::Operator]).await;
        does(&mut browser, amy, "loss", TOLD).await;
        world.settle().await.expect("a moment");
        world.take_lines();
        until(&mut world, "2026-11-25T02:00:00-05:00").await;
        assert!(told(&mut world, AMY).is_empty(), "it waits for the morning");
        let said = hears(&mut world, AMY, "I lost my baby").await;
        assert!(said.len() == 1 && said[0].contains("sorry"), "{said:?}");
        until(&mut world, "2026-11-25T12:00:00-05:00").await;
        assert!(told(&mut world, AMY).is_empty(), "what waited is taken back");
        writes(&mut world, AMY, &["YES"]).await;
        assert_eq!("supported", enrollments(&world, AMY).await[0].state.name());
    })
    .await;
}

#[tokio::test]
async fn who_was_erased_or_told_of_a_loss_is_not_asked_to_take_another_womans_texts() {
    on_both(async |database| {
        let mut world = world(&database).await;
        for her in [AMY, BEA, CAT, FAY] {
            enrolls(&mut world, her, "April 12 2027").await;
        }
        writes(&mut world, BEA, &["DELETE", "YES"]).await;
        // Before she was enrolled in anything, and when all was over.
        writes(&mut world, EVE, &["BABY", "I had a miscarriage"]).await;
        let over = "UPDATE enrollments SET state = 'completed'
                     WHERE subscriber_id = (SELECT id FROM subscribers WHERE phone = '+12025550146')";
        execute(&database, over).await;
        writes(&mut world, FAY, &["I lost my baby"]).await;
        writes(&mut world, CAT, &["I lost my baby"]).await;
        until(&mut world, "2026-11-25T12:00:00-05:00").await;
        assert!(found(&world, BEA).await.is_none(), "she is erased");
        let amy = id_of(&world, AMY).await;
        let mut browser = Browser::signed_in(world.service(), &[Role::Operator]).await;
        world.take_lines();
        for other in [BEA, CAT, EVE, FAY] {
            let text = refused(&mut browser, amy, "move", &[("number", other)]).await;
            assert!(text.contains("That phone cannot be asked"), "{text}");
            writes(&mut world, AMY, &[&format!("MOVE {other}"), "YES"]).await;
        }
        world.settle().await.expect("a moment");
        let lines = world.take_lines();
        let to_others = lines.iter().filter(|line| line.to.as_deref().is_some_and(|to| to != AMY));
        assert_eq!(0, to_others.count(), "{lines:?}");
    })
    .await;
}

#[tokio::test]
async fn a_loss_told_from_the_new_phone_ends_only_with_what_really_comes_there() {
    on_both(async |database| {
        let mut world = world(&database).await;
        // Offered before the loss was written down there, as an older version did.
        let offered = async |world: &mut World, her: &str, to: &str| {
            enrolls(world, her, "April 12 2027").await;
            writes(world, her, &[&format!("MOVE {to}"), "YES"]).await;
        };
        offered(&mut world, AMY, EVE).await;
        offered(&mut world, CAT, FAY).await;
        let told =
            "UPDATE subscribers SET lost_at = created_at WHERE phone IN ('+12025550145', '+12025550146')";
        execute(&database, told).await;
        // Her program is served no more.
        let gone = "UPDATE enrollments SET program = 'gone'
                     WHERE subscriber_id = (SELECT id FROM subscribers WHERE phone = '+12025550141')";
        execute(&database, gone).await;
        for new in [EVE, FAY] {
            writes(&mut world, new, &["YES"]).await;
        }
        assert!(enrollments(&world, EVE).await.is_empty(), "nothing came");
        assert!(found(&world, EVE).await.expect("she is known").lost_at.is_some(), "it stays");
        assert_eq!("active", enrollments(&world, FAY).await[0].state.name());
        assert!(found(&world, FAY).await.expect("she is known").lost_at.is_none(), "she has begun something");
    })
    .await;
}
