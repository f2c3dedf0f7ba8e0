//! A tip that was recalled proves right: nobody is told any more that it was wrong.

use motherline::domain::plan::Needs;
use motherline::flows::auditing::Actor;
use motherline::flows::broadcasting::{self, Confirmed, NotBegun, NotDone};
use motherline::flows::recalling;
use motherline::store::broadcasts::{self, Broadcast, STOPPED, WITHDRAWN};
use motherline::worker::rehearsal::World;
use uuid::Uuid;

use super::{TIP, correction, recall, told};
use crate::conversation::{US, at};
use crate::editions::{enroll, world};
use crate::support::engines::on_both;

async fn found(world: &World, id: Uuid) -> Broadcast {
    let mut tx = world.service().database.read().await.expect("a look");
    broadcasts::find(&mut tx, id).await.expect("a look").expect("a broadcast")
}

#[tokio::test]
async fn once_it_is_lifted_nobody_is_told_that_the_tip_was_wrong() {
    on_both(async |database| {
        let mut world = world(&database).await;
        for her in ["+12025550141", "+12025550142"] {
            enroll(&mut world, her, "10001").await;
        }
        world.advance_to(at("2026-11-24T20:00:00-05:00")).await.expect("time");
        world.take_lines();
        let recalled = recall(&world).await;
        let wrong = correction(Needs::Neutral);
        let message = wrong.message(&recalled, Some(US));
        // One lies written, another goes in the morning.
        let by = Actor::named("Ana");
        let written =
            broadcasting::draft(world.service(), None, &message, "wrong", &by).await.expect("written");
        let queued = recalling::correct(world.service(), &recalled, &wrong, ("Ana", "wrong")).await;
        assert_eq!(2, queued.expect("queued"));
        let all = broadcasting::list(&database).await.expect("all");
        let going = all.iter().find(|(one, _)| one.id != written).expect("the other").0.id;
        assert!(recalling::lift(world.service(), TIP, "Bea", "it was right").await.expect("lifted"));
        assert_eq!(WITHDRAWN, found(&world, written).await.state);
        assert_eq!(STOPPED, found(&world, going).await.state);
        // Who had either open does not send it.
        let shown = broadcasting::shown(&found(&world, written).await);
        let sure = Confirmed { people: 2, shown: &shown, emergency: false, again: true };
        let refused = broadcasting::approve(world.service(), written, sure, &by).await;
        assert!(matches!(refused, Err(NotDone::Lifted)), "{refused:?}");
        let refused = broadcasting::draft(world.service(), None, &message, "wrong", &by).await;
        assert!(matches!(refused, Err(NotDone::Lifted)), "{refused:?}");
        assert!(told(&mut world, "2026-11-25T20:00:00-05:00").await.is_empty());
        let refused = recalling::correct(world.service(), &recalled, &wrong, ("Ana", "wrong")).await;
        assert!(matches!(refused, Err(NotBegun::Lifted)), "{refused:?}");
        // Recalled once more, each is told once.
        let recalled = recall(&world).await;
        let queued = recalling::correct(world.service(), &recalled, &wrong, ("Ana", "wrong")).await;
        assert_eq!(2, queued.expect("queued"));
        assert_eq!(2, told(&mut world, "2026-11-26T20:00:00-05:00").await.len());
    })
    .await;
}
