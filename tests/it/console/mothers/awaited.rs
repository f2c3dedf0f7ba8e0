//! What she writes after a person wrote to her is for that person; and what she was being asked is not lost by it.

use motherline::domain::role::Role;
use motherline::flows::answering::{self, Fate};
use motherline::flows::auditing::Actor;
use motherline::worker::rehearsal::World;

use super::acting::{does, told};
use super::{AMY, BEA, CAT, enrollments, enrolls, found, id_of, until, world, writes};
use crate::support::console::Browser;
use crate::support::engines::on_both;

/// The last words of each open item.
async fn open(world: &World) -> Vec<String> {
    let listed = answering::list(&world.service().database, Fate::Open, 10).await.expect("a list");
    listed.into_iter().filter_map(|listed| listed.words).collect()
}

async fn hears(world: &mut World, her: &str, text: &str) -> Vec<String> {
    world.settle().await.expect("what waited goes");
    world.take_lines();
    writes(world, her, &[text]).await;
    world.settle().await.expect("a moment");
    told(world, her)
}

#[tokio::test]
async fn a_short_answer_to_a_person_comes_to_the_inbox() {
    on_both(async |database| {
        let mut world = world(&database).await;
        for her in [AMY, BEA] {
            enrolls(&mut world, her, "April 12 2027").await;
        }
        let mut browser = Browser::signed_in(world.service(), &[Role::Operator]).await;
        let (amy, bea) = (id_of(&world, AMY).await, id_of(&world, BEA).await);
        let asks = [("words", "Has the bleeding stopped? Yes or no")];
        does(&mut browser, amy, "send", &asks).await;
        let said = hears(&mut world, AMY, "NO").await;
        assert!(said.len() == 1 && said[0].contains("we got your text"), "{said:?}");
        assert_eq!(["NO"], *open(&world).await);
        // The answer to it, and hers to that.
        let item = answering::list(&database, Fate::Open, 10).await.expect("a list").remove(0).item;
        let prepared = answering::prepare(world.service(), &item, "Is it much?").await.expect("prepared");
        answering::answer(world.service(), &prepared, &Actor::named("Ana")).await.expect("answered");
        assert!(open(&world).await.is_empty());
        writes(&mut world, AMY, &["yes"]).await;
        assert_eq!(["yes"], *open(&world).await);
        // STOP stays STOP, and what she asks for in one word is done.
        does(&mut browser, bea, "send", &asks).await;
        writes(&mut world, BEA, &["LESS"]).await;
        assert!(enrollments(&world, BEA).await[0].terms().less);
        writes(&mut world, BEA, &["STOP"]).await;
        assert!(found(&world, BEA).await.expect("she is known").stopped_at.is_some());
        assert_eq!(["yes"], *open(&world).await);
    })
    .await;
}

#[tokio::test]
async fn what_she_is_answering_is_not_lost_by_what_is_done_here() {
    on_both(async |database| {
        let mut world = world(&database).await;
        enrolls(&mut world, AMY, "April 12 2027").await;
        enrolls(&mut world, BEA, "December 1 2026").await;
        // She begins anew while something is done for what she has.
        writes(&mut world, AMY, &["BABY", "YES", "April 20 2027", "YES"]).await;
        writes(&mut world, CAT, &["BABY", "April 12 2027", "YES"]).await;
        let mut browser = Browser::signed_in(world.service(), &[Role::Operator]).await;
        let (amy, bea, cat) = (id_of(&world, AMY).await, id_of(&world, BEA).await, id_of(&world, CAT).await);
        does(&mut browser, amy, "hour", &[("time", "18:00")]).await;
        writes(&mut world, AMY, &["10001"]).await;
        assert_eq!(2, enrollments(&world, AMY).await.len());
        // A person asks her something else: her YES is for them, and she is asked once more where she lives.
        does(&mut browser, cat, "send", &[("words", "Are you at home today?")]).await;
        let said = hears(&mut world, CAT, "YES").await;
        assert!(said.len() == 1 && said[0].contains("ZIP"), "{said:?}");
        assert_eq!(["YES"], *open(&world).await);
        writes(&mut world, CAT, &["10001"]).await;
        assert_eq!("active", enrollments(&world, CAT).await[0].state.name());
        // What is settled by it is asked no more.
        until(&mut world, "2026-12-04T12:00:00-05:00").await;
        browser.enter("operator@example.org").await;
        does(&mut browser, bea, "birth", &[("born", "2026-12-02")]).await;
        let said = hears(&mut world, BEA, "YES").await;
        assert!(said.iter().all(|text| !text.contains("born")), "{said:?}");
    })
    .await;
}
