//! What mothers write that a person must read: in order, whole, answered once, and never after STOP.

use chrono::TimeDelta;
use motherline::flows::answering::{self, Fate, Refused, Who};
use motherline::flows::auditing::Actor;
use motherline::store::Database;
use motherline::store::helps::Item;
use motherline::worker::rehearsal::World;

use super::{AMY, BEA, CAT, enrolls, passes, said, world, writes};
use crate::dispatcher::{count, execute};
use crate::support::engines::on_both;

const DUE: &str = "April 12, 2027";

async fn open(database: &Database) -> Vec<Item> {
    let listed = answering::list(database, Fate::Open, 100).await.expect("a list");
    listed.into_iter().map(|listed| listed.item).collect()
}

/// She is enrolled and asks something that no machine answers.
async fn asks(world: &mut World, her: &str) -> Item {
    enrolls(world, her, DUE).await;
    writes(world, her, &["Where can I get a crib for free in my town?"]).await;
    let open = open(&world.service().database).await;
    open.into_iter().max_by_key(|item| item.opened_at).expect("an item")
}

#[tokio::test]
async fn danger_is_at_the_top_and_then_who_waits_longest() {
    on_both(async |database| {
        let mut world = world(&database).await;
        for her in [AMY, BEA, CAT] {
            enrolls(&mut world, her, DUE).await;
        }
        writes(&mut world, AMY, &["Where can I get a crib for free in my town?"]).await;
        passes(&mut world, TimeDelta::minutes(5)).await;
        writes(&mut world, BEA, &["Can my sister come with me to the clinic on Friday"]).await;
        passes(&mut world, TimeDelta::minutes(5)).await;
        // Who writes again does not wait less for it.
        writes(&mut world, AMY, &["Does the county have a list of them somewhere"]).await;
        passes(&mut world, TimeDelta::minutes(5)).await;
        writes(&mut world, CAT, &["I am bleeding a lot"]).await;
        let listed = answering::list(&database, Fate::Open, 100).await.expect("a list");
        let seen: Vec<_> = listed
            .iter()
            .map(|listed| {
                let sign = listed.item.sign.as_deref();
                (listed.phone.as_deref(), listed.item.urgency, sign, listed.words.as_deref())
            })
            .collect();
        assert_eq!(
            vec![
                (Some(CAT), 0, Some("bleeding"), Some("I am bleeding a lot")),
                (Some(AMY), 2, None, Some("Does the county have a list of them somewhere")),
                (Some(BEA), 2, None, Some("Can my sister come with me to the clinic on Friday")),
            ],
            seen
        );
        assert_eq!("pregnancy 20+0", listed[0].item.stage);
    })
    .await;
}

#[tokio::test]
async fn what_she_writes_after_it_does_not_hide_a_danger() {
    on_both(async |database| {
        let mut world = world(&database).await;
        enrolls(&mut world, AMY, DUE).await;
        for text in ["I want to die", "I have a bad headache", "Where can I get a crib for free in my town?"]
        {
            writes(&mut world, AMY, &[text]).await;
            passes(&mut world, TimeDelta::minutes(20)).await;
        }
        let listed = answering::list(&database, Fate::Open, 100).await.expect("a list");
        let [listed] = &listed[..] else { panic!("one item, not {listed:?}") };
        assert_eq!((0, Some("self-harm")), (listed.item.urgency, listed.item.sign.as_deref()));
        assert_eq!((Some("I want to die"), 3), (listed.words.as_deref(), listed.texts));
        let exchange = answering::exchange(&database, &listed.item).await.expect("an exchange");
        let hers = exchange.iter().filter(|entry| entry.who == Who::Her);
        let signs: Vec<_> = hers.map(|entry| entry.sign.as_deref()).collect();
        assert_eq!(vec![Some("self-harm"), Some("headache"), None], signs);
    })
    .await;
}

#[tokio::test]
async fn an_answer_goes_at_once_and_ends_the_item() {
    on_both(async |database| {
        let mut world = world(&database).await;
        let item = asks(&mut world, AMY).await;
        let automatic = "SELECT COUNT(*) FROM history WHERE kind = 'reply'";
        let before = count(&database, automatic).await;
        // At night: an answer to what she wrote waits for nothing.
        passes(&mut world, TimeDelta::hours(14)).await;
        let service = world.service();
        let prepared =
            answering::prepare(service, &item, "Try the county’s office.").await.expect("prepared");
        assert_eq!("Where can I get a crib for free in my town?", prepared.to.body);
        assert_eq!(("UCS-2", 1), (prepared.shown.encoding.name(), prepared.shown.segments), "the ’ is dear");
        answering::answer(service, &prepared, &Actor::named("Ana")).await.expect("answered");
        passes(&mut world, TimeDelta::seconds(1)).await;
        assert_eq!(before + 1, count(&database, automatic).await, "it is a reply like any other");
        passes(&mut world, TimeDelta::minutes(1)).await;
        assert!(open(&database).await.is_empty());
        let item = answering::find(&database, &item.id.to_string()).await.expect("it is found");
        assert_eq!(("answered", Some("Ana")), (item.state.as_str(), item.closed_by.as_deref()));
        let exchange = answering::exchange(&database, &item).await.expect("the exchange");
        let whole: Vec<_> = exchange
            .iter()
            .map(|entry| (&entry.who, entry.fate.as_ref().map(|(state, _)| state.name())))
            .collect();
        let ana = Who::Person("Ana".to_owned());
        assert_eq!(
            vec![(&Who::Her, None), (&Who::Service, Some("delivered")), (&ana, Some("delivered"))],
            whole
        );
        assert_eq!("Try the county’s office.", exchange[2].body);
        // Nobody answers twice, and nobody ends what has ended.
        let again = answering::answer(world.service(), &prepared, &Actor::named("Bob")).await;
        assert!(
            matches!(&again, Err(Refused::Ended(state, by)) if state == "answered" && by == "Ana"),
            "{again:?}"
        );
        assert!(matches!(
            answering::close(world.service(), (item.id, item.last_at), (None, ""), &Actor::named("Bob"))
                .await,
            Err(Refused::Ended(..))
        ));
        let audited = "SELECT COUNT(*) FROM audit WHERE actor = 'Ana' AND action = 'help answered'";
        assert_eq!(1, count(&database, audited).await);
        // What she writes next is another item.
        writes(&mut world, AMY, &["Thank you! And is the office open on the weekend?"]).await;
        assert_eq!(1, open(&database).await.len());
    })
    .await;
}

#[tokio::test]
async fn who_has_stopped_gets_no_answer_whoever_writes_it() {
    on_both(async |database| {
        let mut world = world(&database).await;
        let item = asks(&mut world, AMY).await;
        let prepared = answering::prepare(world.service(), &item, "Try 211.").await.expect("prepared");
        writes(&mut world, AMY, &["STOP"]).await;
        let refused =
            answering::answer(world.service(), &prepared, &Actor::named("Ana")).await.expect_err("refused");
        assert!(matches!(refused, Refused::Stopped));
        assert!(refused.to_string().contains("nothing was"), "{refused}");
        assert!(matches!(
            answering::prepare(world.service(), &item, "Try 211.").await,
            Err(Refused::Stopped)
        ));
        assert!(passes(&mut world, TimeDelta::hours(1)).await.is_empty());
        assert_eq!(1, open(&database).await.len(), "it is still there for whoever can call her");
        let read = (item.id, item.last_at);
        answering::close(world.service(), read, (None, ""), &Actor::named("Ana")).await.expect("closed");
        assert!(open(&database).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_stop_between_the_answer_and_its_sending_stops_it() {
    on_both(async |database| {
        let mut world = world(&database).await;
        let item = asks(&mut world, AMY).await;
        let prepared = answering::prepare(world.service(), &item, "Try 211.").await.expect("prepared");
        answering::answer(world.service(), &prepared, &Actor::named("Ana")).await.expect("answered");
        // Nobody has sent it yet.
        execute(&database, "UPDATE subscribers SET stopped_at = '2026-11-24T14:00:01+00:00'").await;
        assert!(passes(&mut world, TimeDelta::hours(1)).await.is_empty());
        let canceled = "SELECT COUNT(*) FROM history WHERE kind = 'reply' AND state = 9 AND tries = 0";
        assert_eq!(1, count(&database, canceled).await);
    })
    .await;
}

#[tokio::test]
async fn who_is_read_over_her_shoulder_is_told_that_there_is_something() {
    on_both(async |database| {
        let mut world = world(&database).await;
        let item = asks(&mut world, AMY).await;
        writes(&mut world, AMY, &["SAFE"]).await;
        let prepared =
            answering::prepare(world.service(), &item, "The shelter is open.").await.expect("prepared");
        assert_eq!(Some("The shelter is open."), prepared.kept.as_deref());
        answering::answer(world.service(), &prepared, &Actor::named("Ana")).await.expect("answered");
        let shown: Vec<_> =
            passes(&mut world, TimeDelta::minutes(1)).await.into_iter().map(|line| line.body).collect();
        assert_eq!(vec!["You have a message. Reply 1 when it is a good time."], shown);
        assert_eq!(vec!["The shelter is open."], writes(&mut world, AMY, &["1"]).await);
    })
    .await;
}

#[tokio::test]
async fn nobody_answers_what_they_have_not_read() {
    on_both(async |database| {
        let mut world = world(&database).await;
        let item = asks(&mut world, AMY).await;
        let prepared = answering::prepare(world.service(), &item, "Try 211.").await.expect("prepared");
        passes(&mut world, TimeDelta::minutes(1)).await;
        writes(&mut world, AMY, &["Never mind, I have found one at the church"]).await;
        said(&mut world);
        let refused = answering::answer(world.service(), &prepared, &Actor::named("Ana")).await;
        assert!(matches!(refused, Err(Refused::WroteAgain)), "{refused:?}");
        assert!(passes(&mut world, TimeDelta::minutes(5)).await.is_empty());
        assert_eq!(1, open(&database).await.len());
    })
    .await;
}

#[tokio::test]
async fn an_item_is_known_by_the_end_of_its_id() {
    on_both(async |database| {
        let mut world = world(&database).await;
        let item = asks(&mut world, AMY).await;
        let figures = item.id.simple().to_string();
        for name in [&figures[26..], &figures[20..].to_uppercase(), &item.id.to_string()] {
            assert_eq!(item.id, answering::find(&database, name).await.expect("it is found").id, "{name}");
        }
        for short in ["", &figures[27..], "item 1", "%%%%%%"] {
            assert!(matches!(answering::find(&database, short).await, Err(Refused::NoName(_))), "{short}");
        }
        let other = if figures.ends_with("000000") { "111111" } else { "000000" };
        assert!(matches!(answering::find(&database, other).await, Err(Refused::Unknown(_))));
    })
    .await;
}

#[tokio::test]
async fn the_answer_follows_her_to_another_phone() {
    on_both(async |database| {
        let mut world = world(&database).await;
        let item = asks(&mut world, AMY).await;
        writes(&mut world, AMY, &["MOVE +12025550177", "YES"]).await;
        writes(&mut world, "+12025550177", &["YES"]).await;
        let prepared = answering::prepare(world.service(), &item, "Try 211.").await.expect("prepared");
        answering::answer(world.service(), &prepared, &Actor::named("Ana")).await.expect("answered");
        let lines = passes(&mut world, TimeDelta::seconds(1)).await;
        let to: Vec<_> = lines.iter().map(|line| (line.to.as_deref(), line.body.as_str())).collect();
        assert_eq!(vec![(Some("+12025550177"), "Try 211.")], to);
    })
    .await;
}
