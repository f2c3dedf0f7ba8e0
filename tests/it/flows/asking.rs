//! Questions with answers, by a sender to the public: what nobody has signed is not asked, and no answer to it is taken.

use std::sync::LazyLock;

use motherline::library::Files;
use motherline::store::Database;
use motherline::worker::rehearsal::{Script, World};

use super::{START, at, count, tips};
use crate::conversation::FILES;
use crate::support::engines::on_both;

const FLU: &str = "questions/text4baby-us/flu.toml";
/// It asks the question `us-flu-1`, on the Friday of week 25.
const ASKS: &str = "us-preg-25-3-flu-question";
/// A number of the country, or a sender to the public would text nobody.
const HER: &str = "+12025550143";
const OTHER: &str = "+12025550144";

/// The American library with all its tips signed, and of its questions those about flu alone: each signed until the day
/// that `until` gives, or a draft.
fn script(until: impl Fn(&str) -> Option<&'static str>) -> Script {
    let signed = |until: &str| {
        format!("state = \"approved\"\nreviewer = \"Dr. A\"\nreviewed_on = 2026-11-20\nexpires_on = {until}")
    };
    let draft = "state = \"draft\"";
    let Files(mut files) = FILES.clone();
    files.retain(|path, _| {
        let other = path.contains("russia") || path.starts_with("questions/") || path.contains("/baby/");
        !other && !path.ends_with("/more.toml") || path == FLU
    });
    for (path, text) in &mut files {
        if path.starts_with("tips/") {
            *text = text.replace(draft, &signed("2028-11-20"));
        }
        if path == FLU {
            let questions = text.split_inclusive("[[question]]\n").map(|question| {
                let id = question.lines().find_map(|line| line.strip_prefix("id = \"")?.strip_suffix('"'));
                let day = id.and_then(&until);
                day.map_or_else(|| question.to_owned(), |day| question.replace(draft, &signed(day)))
            });
            *text = questions.collect();
        }
    }
    Script::read(&Files(files), at(START).date_naive()).expect("a sound library")
}

static DRAFTS: LazyLock<Script> = LazyLock::new(|| script(|_| None));
/// The first question and what is asked at once after the answer 3 are signed; what comes a month later is not.
static FIRST: LazyLock<Script> =
    LazyLock::new(|| script(|id| ["us-flu-1"].contains(&id).then_some("2028-11-20")));
/// Both signatures end on the day on which the tip asks.
static EXPIRING: LazyLock<Script> =
    LazyLock::new(|| script(|id| ["us-flu-1", "us-flu-pay"].contains(&id).then_some("2026-12-04")));

/// 24+0 on the day she enrolls, so that the tip comes on Friday, December 4.
async fn enrolled(database: &Database, script: &Script, public: bool) -> World {
    let world = World::new(database.clone(), script, vec!["text4baby-us".to_owned()], at(START), 7).await;
    let mut world = world.expect("a world");
    if public {
        world = world.public();
    }
    for her in [HER, OTHER] {
        for body in ["BABY", "March 15, 2027", "YES", "10001"] {
            world.text(her, body).await.expect("a text");
        }
    }
    world.take_lines();
    world.advance_to(at("2026-12-04T20:30:00-05:00")).await.expect("time");
    world
}

/// What she is answered.
async fn says(world: &mut World, her: &str, text: &str) -> Vec<String> {
    world.take_lines();
    world.text(her, text).await.expect("a text");
    let out = world.take_lines().into_iter().filter(|line| line.direction == "out");
    out.map(|line| line.body).collect()
}

async fn answers(database: &Database) -> i64 {
    count(database, "SELECT COUNT(*) FROM answers").await
}

#[tokio::test]
async fn a_draft_is_not_asked_and_its_answer_is_not_taken() {
    on_both(async |database| {
        let mut world = enrolled(&database, &DRAFTS, true).await;
        let lines = world.take_lines();
        let got = tips(&lines);
        assert!(got.contains(&"us-starter-1-welcome"), "signed tips go out: {got:?}");
        assert!(!got.contains(&ASKS), "nobody is asked what nobody has signed");
        let gap = "SELECT COUNT(*) FROM planned WHERE outcome = 'no_tip' AND occurs_on = '2026-12-04'";
        assert_eq!(2, count(&database, gap).await, "and the record says so");
        for answer in ["1", "3"] {
            let said = says(&mut world, HER, answer).await;
            assert!(
                said.iter().all(|words| !words.contains("The shot") && !words.contains("211")),
                "{said:?}"
            );
        }
        assert_eq!(0, answers(&database).await);
    })
    .await;
}

/// The same library with a sender that carries drafts: there it is asked and answered.
#[tokio::test]
async fn a_rehearsal_asks_drafts() {
    let database = Database::in_memory().await.expect("a database");
    let mut world = enrolled(&database, &DRAFTS, false).await;
    assert!(tips(&world.take_lines()).contains(&ASKS));
    let said = says(&mut world, HER, "1").await;
    assert!(said.len() == 1 && said[0].starts_with("Great. The shot protects you"), "{said:?}");
    assert_eq!(1, answers(&database).await);
}

#[tokio::test]
async fn a_signed_question_is_asked_and_no_draft_follows_it() {
    on_both(async |database| {
        let mut world = enrolled(&database, &FIRST, true).await;
        assert!(tips(&world.take_lines()).contains(&ASKS));
        let said = says(&mut world, HER, "3").await;
        assert_eq!(1, said.len(), "{said:?}");
        assert!(said[0].starts_with("Many women pay nothing for it."), "{said:?}");
        assert!(!said[0].contains("How do you pay"), "the question after it is a draft: {said:?}");
        assert_eq!(1, answers(&database).await);
        let said = says(&mut world, HER, "1").await;
        assert!(said.iter().all(|words| !words.contains("Medicaid")), "nothing is open: {said:?}");
        assert_eq!(1, answers(&database).await);
        world.advance_to(at("2027-01-15T20:00:00-05:00")).await.expect("time");
        let later: Vec<_> =
            world.take_lines().into_iter().filter(|line| line.body.contains("Last month")).collect();
        assert!(later.is_empty(), "what follows a month later is a draft: {later:?}");
    })
    .await;
}

#[tokio::test]
async fn an_answer_after_the_signature_has_run_out_is_not_taken() {
    on_both(async |database| {
        let mut world = enrolled(&database, &EXPIRING, true).await;
        assert!(tips(&world.take_lines()).contains(&ASKS));
        let said = says(&mut world, HER, "3").await;
        assert!(said.len() == 1 && said[0].contains("How do you pay for care?"), "{said:?}");
        assert_eq!(1, answers(&database).await);
        world.advance_to(at("2026-12-05T10:00:00-05:00")).await.expect("time");
        // To the question that is open, and to the one that the tip asked.
        for (her, answer) in [(HER, "1"), (OTHER, "1")] {
            let said = says(&mut world, her, answer).await;
            let unsigned =
                |words: &String| words.contains("With Medicaid") || words.contains("Great. The shot");
            assert!(!said.iter().any(unsigned), "{said:?}");
        }
        assert_eq!(1, answers(&database).await, "nor is it counted");
    })
    .await;
}
