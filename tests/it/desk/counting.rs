//! Answers to the library's questions, and who came by a partner's code, counted.

use chrono::{NaiveDate, TimeDelta};
use motherline::flows::counting::{self, Number};
use motherline::library::Files;
use motherline::store::surveys::{self, Given};
use motherline::worker::rehearsal::{Script, World};

use super::{AMY, at, enrolls, writes};
use crate::conversation::{FILES, MONDAY, US};
use crate::support::engines::on_both;

/// The library with one partner.
fn with_partner() -> Script {
    let Files(mut files) = FILES.clone();
    let partner = "[[partner]]\ncode = \"clinic7\"\nname = \"The clinic on Main Street\"\n";
    files.insert(format!("partners/{US}.toml"), partner.to_owned());
    Script::read(&Files(files), at(MONDAY).date_naive()).expect("a sound library")
}

#[tokio::test]
async fn enrollments_are_counted_by_code_and_small_numbers_are_not_told() {
    let script = with_partner();
    on_both(async |database| {
        let mut world = World::new(database.clone(), &script, vec![US.to_owned()], at(super::START), 7)
            .await
            .expect("a world");
        let by_code = async |world: &mut World, her: &str, code: &str| {
            let answers = writes(world, her, &[code, "April 12, 2027", "YES", "10001"]).await;
            assert_eq!(4, answers.len(), "{answers:?}");
        };
        for number in 0..6 {
            by_code(&mut world, &format!("+1202555010{number}"), "BABY clinic7").await;
        }
        by_code(&mut world, "+12025550110", "BABY WIC9").await;
        enrolls(&mut world, AMY, "April 12, 2027").await;
        // One has stopped, one has her baby, one has lost it.
        writes(&mut world, "+12025550100", &["STOP"]).await;
        writes(&mut world, "+12025550101", &["BORN Nov 20", "YES"]).await;
        writes(&mut world, "+12025550102", &["I lost my baby"]).await;
        let edition = world.service().shelf.edition();
        let counted = async |since: Option<&str>, exact| {
            let since = since.map(|day| day.parse::<NaiveDate>().expect("a day"));
            let all = counting::partners(&database, &edition, since, exact).await.expect("counted");
            all.into_iter()
                .map(|one| (one.code, one.name, one.enrolled, one.active, one.births))
                .collect::<Vec<_>>()
        };
        let clinic = ("CLINIC7".to_owned(), Some("The clinic on Main Street".to_owned()));
        let wic = ("WIC9".to_owned(), None);
        assert_eq!(
            vec![
                (clinic.0.clone(), clinic.1.clone(), Number::Of(6), Number::Few, Number::Few),
                (wic.0.clone(), wic.1.clone(), Number::Few, Number::Few, Number::Few),
            ],
            counted(None, false).await
        );
        assert_eq!(
            vec![
                (clinic.0.clone(), clinic.1.clone(), Number::Of(6), Number::Of(4), Number::Of(1)),
                (wic.0, wic.1, Number::Of(1), Number::Of(1), Number::Of(0)),
            ],
            counted(Some("2026-11-23"), true).await
        );
        // The library's own partner is listed even where nobody came.
        assert_eq!(
            vec![(clinic.0, clinic.1, Number::Of(0), Number::Of(0), Number::Of(0))],
            counted(Some("2026-11-24"), true).await
        );
    })
    .await;
}

#[tokio::test]
async fn answers_are_counted_with_their_part_of_the_whole() {
    on_both(async |database| {
        let world = super::world(&database).await;
        let mut tx = database.begin().await.expect("a transaction");
        for (outcome, language, people) in [("had", "en", 2), ("not-yet", "en", 1), ("had", "es", 1)] {
            for _ in 0..people {
                let given = Given {
                    enrollment: world.service().id(),
                    question: "flu-shot",
                    outcome,
                    program: US,
                    language,
                    edition: 1,
                    at: world.now(),
                };
                surveys::answer(&mut tx, &given).await.expect("noted");
            }
        }
        tx.commit().await.expect("noted");
        let shares = counting::answers(&database).await.expect("counted");
        let seen: Vec<_> = shares
            .iter()
            .map(|share| {
                let count = &share.count;
                (count.language.as_str(), count.outcome.as_str(), count.people, share.percent)
            })
            .collect();
        assert_eq!(vec![("en", "had", 2, 66.7), ("en", "not-yet", 1, 33.3), ("es", "had", 1, 100.0)], seen);
    })
    .await;
}

/// Whoever answers again, on another day, counts once; who is erased counts no more. Counted or not yet, the numbers are
/// the same.
#[tokio::test]
async fn answers_are_counted_by_the_day_and_counted_anew_when_they_change() {
    on_both(async |database| {
        let world = super::world(&database).await;
        let service = world.service();
        let women: Vec<_> = (0..5).map(|_| service.id()).collect();
        let answer = async |woman: usize, outcome: &str, days: i64| {
            let mut tx = database.begin().await.expect("a transaction");
            let given = Given {
                enrollment: women[woman],
                question: "flu-shot",
                outcome,
                program: US,
                language: "en",
                edition: 1,
                at: world.now() - TimeDelta::days(days),
            };
            surveys::answer(&mut tx, &given).await.expect("noted");
            tx.commit().await.expect("noted");
        };
        let counted = async || {
            let mut tx = database.read().await.expect("a look");
            let day = |days: i64| (world.now() - TimeDelta::days(days)).date_naive();
            let all =
                surveys::counts_of(&mut tx, US, Some("flu-shot"), (day(40), day(-1))).await.expect("counts");
            let late =
                surveys::counts_of(&mut tx, US, Some("flu-shot"), (day(1), day(-1))).await.expect("counts");
            let told = |counts: Vec<(String, surveys::Count)>| {
                counts
                    .into_iter()
                    .map(|(_, count)| format!("{} {}", count.outcome, count.people))
                    .collect::<Vec<_>>()
            };
            (told(all), told(late))
        };
        for woman in 0..5 {
            answer(woman, "had", 30).await;
        }
        let first = (vec!["had 5".to_owned()], Vec::new());
        assert_eq!(first, counted().await);
        assert_eq!(1, counting::gather(service, 100).await.expect("gathered"));
        assert_eq!(first, counted().await);
        assert_eq!(0, counting::gather(service, 100).await.expect("gathered"), "nothing has changed");
        // One finds another day's answer better: both days are counted anew.
        answer(0, "not-yet", 0).await;
        let second = (vec!["had 4".to_owned(), "not-yet 1".to_owned()], vec!["not-yet 1".to_owned()]);
        assert_eq!(second, counted().await);
        assert_eq!(2, counting::gather(service, 100).await.expect("gathered"));
        assert_eq!(second, counted().await);
    })
    .await;
}
