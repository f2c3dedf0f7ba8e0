//! Editions: published by hand, taken by a running service, rolled back; and tips that are recalled.

mod command;
mod recall;

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use motherline::clock::Clock;
use motherline::flows::planning;
use motherline::flows::publishing::{self, LiesThere, NotPublished};
use motherline::library::{Files, Severity, diff};
use motherline::store::Database;
use motherline::worker::rehearsal::World;

use crate::conversation::{FILES, SCRIPT, US, at};
use crate::support::engines::on_both;

const HER: &str = "+12025550143";
/// A Monday in New York.
const START: &str = "2026-11-23T09:00:00-05:00";
const BY: (&str, &str) = ("Ana", "a test");
const STARTER: &str = "tips/text4baby-us/starter.toml";

async fn world(database: &Database) -> World {
    World::new(database.clone(), &SCRIPT, vec![US.to_owned()], at(START), 7).await.expect("a world")
}

/// She enrolls at once, in New York or with another ZIP code.
async fn enroll(world: &mut World, her: &str, zip: &str) {
    for body in ["BABY", "April 12, 2027", "YES", zip] {
        world.text(her, body).await.expect("a text");
    }
    let confirmation = world.take_lines().pop().expect("a confirmation");
    assert!(confirmation.body.contains("STOP"), "not enrolled: {}", confirmation.body);
}

/// Time passes, and nothing is done but planning.
async fn only_plan(world: &World, until: DateTime<Utc>) {
    let Clock::Manual(hands) = &world.service().clock else { panic!("a manual clock") };
    hands.advance_to(until);
    planning::plan(world.service(), 100).await.expect("planned");
}

/// The library with every text of the starter pack begun otherwise.
fn with(beginning: &str) -> Files {
    let Files(mut files) = FILES.clone();
    let starter = files.get_mut(STARTER).expect("the starter pack");
    *starter = starter.replace("text.en = \"", &format!("text.en = \"{beginning} "));
    Files(files)
}

async fn publish(world: &World, files: &Files) -> i64 {
    let service = world.service();
    let programs = BTreeSet::from([US.to_owned()]);
    publishing::publish(&service.database, &service.clock, files, BY, &programs).await.expect("an edition")
}

#[tokio::test]
async fn a_running_service_takes_a_new_edition_and_what_is_queued_keeps_its_words() {
    on_both(async |database| {
        let mut world = world(&database).await;
        enroll(&mut world, HER, "10001").await;
        only_plan(&world, at("2026-11-24T11:00:00-05:00")).await;
        assert_eq!(2, publish(&world, &with("Anew.")).await);
        assert!(publishing::look(world.service()).await.expect("a look"), "it is taken");
        assert!(!publishing::look(world.service()).await.expect("a look"), "once");
        world.advance_to(at("2026-11-25T20:00:00-05:00")).await.expect("time");
        let lines = world.take_lines();
        assert_eq!(2, lines.len(), "{lines:?}");
        assert!(!lines[0].body.starts_with("Anew."), "queued before: {}", lines[0].body);
        assert!(lines[1].body.starts_with("Anew."), "planned after: {}", lines[1].body);
    })
    .await;
}

#[tokio::test]
async fn an_earlier_edition_becomes_the_next_one_and_a_start_does_not_undo_it() {
    on_both(async |database| {
        let world = world(&database).await;
        let service = world.service();
        let programs = BTreeSet::from([US.to_owned()]);
        let new = with("Anew.");
        assert_eq!(2, publish(&world, &new).await);
        let same = publishing::publish(&database, &service.clock, &new, BY, &programs).await;
        assert!(matches!(same, Err(NotPublished::Same(2))));
        let back =
            publishing::roll_back(&database, &service.clock, 1, BY, &programs).await.expect("an edition");
        assert_eq!(3, back);
        let all = publishing::list(&database).await.expect("the editions");
        let said: Vec<_> = all.iter().map(|edition| (edition.number, edition.made_by.as_str())).collect();
        assert_eq!(vec![(3, "Ana"), (2, "Ana"), (1, publishing::START)], said);
        assert_eq!((&all[0].hash, &all[0].reason), (&all[2].hash, &"a test".to_owned()));
        // The folder still holds what was rolled back.
        for rehearsing in [true, false] {
            let started =
                publishing::start(&database, &service.clock, &new, rehearsing).await.expect("a start");
            assert_eq!((3, LiesThere::Unpublished), (started.edition.number, started.lies_there));
        }
        let unknown = publishing::roll_back(&database, &service.clock, 9, BY, &programs).await;
        assert!(matches!(unknown, Err(NotPublished::Unknown(9))));
    })
    .await;
}

#[tokio::test]
async fn only_a_rehearsal_publishes_by_itself() {
    on_both(async |database| {
        let clock = Clock::System;
        let first = publishing::start(&database, &clock, &FILES, false).await.expect("the first edition");
        assert_eq!((1, LiesThere::Same), (first.edition.number, first.lies_there));
        let changed = with("Anew.");
        let public = publishing::start(&database, &clock, &changed, false).await.expect("a start");
        assert_eq!((1, LiesThere::Unpublished), (public.edition.number, public.lies_there));
        let rehearsed = publishing::start(&database, &clock, &changed, true).await.expect("a start");
        assert_eq!((2, LiesThere::Same), (rehearsed.edition.number, rehearsed.lies_there));
        // A faulty library changes nothing.
        let Files(mut files) = FILES.clone();
        files.insert(STARTER.to_owned(), "[[tip".to_owned());
        let faulty =
            publishing::start(&database, &clock, &Files(files.clone()), true).await.expect("a start");
        assert_eq!((2, LiesThere::Faulty), (faulty.edition.number, faulty.lies_there));
        assert!(faulty.faults.iter().any(|fault| fault.severity == Severity::Error));
        let refused = publishing::publish(&database, &clock, &Files(files), BY, &BTreeSet::new()).await;
        assert!(matches!(refused, Err(NotPublished::Faulty(_))));
    })
    .await;
}

#[tokio::test]
async fn words_changed_under_a_signature_are_not_published() {
    let signature =
        "state = \"approved\"\nreviewer = \"A. Reviewer\"\nreviewed_on = 2026-11-20\nexpires_on = 2028-11-20";
    let approved = |files: Files| {
        let Files(mut files) = files;
        let starter = files.get_mut(STARTER).expect("the starter pack");
        *starter = starter.replace("state = \"draft\"", signature);
        Files(files)
    };
    let database = Database::in_memory().await.expect("a database");
    let world = world(&database).await;
    let service = world.service();
    let programs = BTreeSet::from([US.to_owned()]);
    assert_eq!(2, publish(&world, &approved(FILES.clone())).await);
    let changed = approved(with("Anew."));
    match publishing::publish(&database, &service.clock, &changed, BY, &programs).await {
        Err(NotPublished::Unsigned(tips)) => {
            assert!(tips.contains(&"us-starter-1-welcome".to_owned()), "{tips:?}")
        }
        other => panic!("{other:?}"),
    }
    // Signed anew, on another day.
    let Files(mut files) = changed;
    let starter = files.get_mut(STARTER).expect("the starter pack");
    *starter = starter.replace("reviewed_on = 2026-11-20", "reviewed_on = 2026-11-23");
    assert_eq!(3, publish(&world, &Files(files)).await);
}

#[tokio::test]
async fn a_question_changed_under_a_signature_is_not_published() {
    const FLU: &str = "questions/text4baby-us/flu.toml";
    let signature =
        "state = \"approved\"\nreviewer = \"A. Reviewer\"\nreviewed_on = 2026-11-20\nexpires_on = 2028-11-20";
    let with = |change: &dyn Fn(&str) -> String| {
        let Files(mut files) = FILES.clone();
        let flu = files.get_mut(FLU).expect("the questions");
        *flu = change(&flu.replace("state = \"draft\"", signature));
        Files(files)
    };
    let database = Database::in_memory().await.expect("a database");
    let world = world(&database).await;
    let service = world.service();
    let programs = BTreeSet::from([US.to_owned()]);
    let signed = with(&str::to_owned);
    assert_eq!(2, publish(&world, &signed).await);
    // The words of a reply, and which answer it is said to.
    for (old, new) in
        [("reply.en = \"Great.", "reply.en = \"Fine."), ("answers = [\"1\", \"yes\"]", "answers = [\"9\"]")]
    {
        let changed = with(&|text| text.replacen(old, new, 1));
        match publishing::publish(&database, &service.clock, &changed, BY, &programs).await {
            Err(NotPublished::Unsigned(questions)) => assert_eq!(vec!["us-flu-1".to_owned()], questions),
            other => panic!("{other:?}"),
        }
        let [change] = &diff::questions(&signed, &changed)[..] else { panic!("one question changed") };
        assert_eq!((diff::Kind::Changed, "us-flu-1"), (change.kind, change.question.as_str()));
        assert_eq!(1, change.words.len() + change.outcomes.len(), "{change:?}");
        assert!(diff::tips(&signed, &changed).is_empty() && diff::other_files(&signed, &changed).is_empty());
    }
    // Signed anew, on another day.
    let again = with(&|text| {
        let (first, rest) = text.split_once("reviewed_on = 2026-11-20").expect("a signature");
        format!(
            "{}reviewed_on = 2026-11-23{rest}",
            first.replacen("reply.en = \"Great.", "reply.en = \"Fine.", 1)
        )
    });
    assert_eq!(3, publish(&world, &again).await);
}

#[tokio::test]
async fn an_edition_without_a_program_that_is_served_is_not_taken() {
    let database = Database::in_memory().await.expect("a database");
    let world = world(&database).await;
    let service = world.service();
    let Files(files) = FILES.clone();
    let russian: Files =
        Files(files.into_iter().filter(|(name, _)| !name.contains("text4baby-us")).collect());
    let programs = BTreeSet::from([US.to_owned()]);
    let refused = publishing::publish(&database, &service.clock, &russian, BY, &programs).await;
    assert!(matches!(refused, Err(NotPublished::ProgramMissing(_))), "{refused:?}");
    // Published by somebody whose configuration serves nothing, a running service still does not take it.
    publishing::publish(&database, &service.clock, &russian, BY, &BTreeSet::new()).await.expect("an edition");
    assert!(!publishing::look(service).await.expect("a look"));
    assert_eq!(1, service.shelf.edition().number);
}
