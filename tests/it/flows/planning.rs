//! A slot is planned once, whatever is restarted; what is too late is recorded and not sent.

use motherline::flows::planning;

use super::{HER, at, count, enroll, execute, tips, world};
use crate::support::engines::on_both;

#[tokio::test]
async fn the_starter_pack_then_the_week_she_is_in() {
    on_both(async |database| {
        let mut world = world(database).await;
        enroll(&mut world).await;
        world.advance_to(at("2026-12-04T23:00:00-05:00")).await.expect("time");
        let lines = world.take_lines();
        let got = tips(&lines);
        assert_eq!(9, got.len(), "six days of the pack, then Monday, Wednesday, Friday: {got:?}");
        assert!(got[..6].iter().all(|tip| tip.contains("starter")));
        assert!(lines.iter().all(|line| line.segments == 1), "every text of these is one SMS");
        let weeks: Vec<_> = lines.iter().filter_map(|line| line.week).collect();
        assert_eq!(vec![21, 21, 21], weeks, "20+0 on the day she enrolled, so 21 in the second week");
    })
    .await;
}

#[tokio::test]
async fn planning_the_same_moment_again_adds_nothing() {
    on_both(async |database| {
        let mut world = world(database.clone()).await;
        enroll(&mut world).await;
        world.advance_to(at("2026-11-24T10:30:00-05:00")).await.expect("time");
        let before = count(&database, "SELECT COUNT(*) FROM texts").await;
        // As if the transaction that moved her on had never been: a restart from an old backup, a bug.
        execute(&database, "UPDATE agenda SET next_on = enrolled_on, next_at = '2026-11-01T00:00:00+00:00'")
            .await;
        for _ in 0..3 {
            planning::plan(world.service(), 100).await.expect("planned");
        }
        assert_eq!(before, count(&database, "SELECT COUNT(*) FROM texts").await);
        assert_eq!(
            0,
            count(
                &database,
                "SELECT COUNT(*) FROM (SELECT enrollment_id, occurs_on FROM planned
                                        GROUP BY enrollment_id, occurs_on HAVING COUNT(*) > 1) AS twice"
            )
            .await
        );
    })
    .await;
}

#[tokio::test]
async fn after_a_week_without_service_only_what_is_right_goes_out() {
    on_both(async |database| {
        let mut world = world(database.clone()).await;
        enroll(&mut world).await;
        world.advance_to(at("2026-11-30T12:00:00-05:00")).await.expect("time");
        world.take_lines();
        // The service was down from Monday noon to the Thursday of the next week: nothing stepped.
        let motherline::clock::Clock::Manual(hands) = &world.service().clock else {
            panic!("a manual clock")
        };
        hands.advance_to(at("2026-12-10T15:00:00-05:00"));
        world.advance_to(at("2026-12-10T16:00:00-05:00")).await.expect("time");
        let lines = world.take_lines();
        assert_eq!(
            1,
            tips(&lines).len(),
            "of four slots missed, only Wednesday's is still right on Thursday"
        );
        assert_eq!(3, count(&database, "SELECT COUNT(*) FROM planned WHERE outcome = 'expired'").await);
    })
    .await;
}

#[tokio::test]
async fn a_text_that_missed_its_window_waits_for_the_morning() {
    on_both(async |database| {
        let mut world = world(database.clone()).await;
        enroll(&mut world).await;
        let refuse = motherline::gateway::rehearsal::Fault {
            from: at("2026-11-24T00:00:00-05:00"),
            until: at("2026-11-24T21:30:00-05:00"),
            kind: motherline::gateway::rehearsal::FaultKind::Refuse,
        };
        world.add_fault(refuse);
        world.advance_to(at("2026-11-25T09:05:00-05:00")).await.expect("time");
        // Its successor's day has begun: the first text is too late, and says so.
        assert!(world.take_lines().is_empty(), "nothing goes out in quiet hours, and nothing stale after");
        assert_eq!(1, count(&database, "SELECT COUNT(*) FROM texts WHERE state = 8").await);
        world.advance_to(at("2026-11-25T23:00:00-05:00")).await.expect("time");
        assert_eq!(1, tips(&world.take_lines()).len());
    })
    .await;
}

#[tokio::test]
async fn stop_takes_back_what_is_queued() {
    on_both(async |database| {
        let mut world = world(database.clone()).await;
        enroll(&mut world).await;
        world.add_fault(motherline::gateway::rehearsal::Fault {
            from: at("2026-11-24T00:00:00-05:00"),
            until: at("2026-11-24T11:59:00-05:00"),
            kind: motherline::gateway::rehearsal::FaultKind::Refuse,
        });
        world.advance_to(at("2026-11-24T11:58:59-05:00")).await.expect("time");
        assert_eq!(1, count(&database, "SELECT COUNT(*) FROM texts WHERE state = 0").await, "a tip waits");
        world.advance_to(at("2026-11-24T11:59:00-05:00")).await.expect("time");
        world.take_lines();
        execute(&database, "UPDATE outbox SET state = 0, next_try_at = not_after WHERE kind = 'tip'").await;
        world.text(HER, "stop").await.expect("a text");
        world.advance_to(at("2027-01-10T12:00:00-05:00")).await.expect("time");
        let said: Vec<String> = world
            .take_lines()
            .into_iter()
            .filter(|line| line.direction == "out")
            .map(|line| line.body)
            .collect();
        assert_eq!(1, said.len(), "the confirmation and nothing after it: {said:?}");
        assert_eq!(1, count(&database, "SELECT COUNT(*) FROM texts WHERE state = 9").await);
    })
    .await;
}

#[tokio::test]
async fn after_an_outage_of_ours_tips_are_spread_over_what_is_left_of_the_window() {
    on_both(async |database| {
        let mut world = world(database.clone()).await;
        enroll(&mut world).await;
        let motherline::clock::Clock::Manual(hands) = &world.service().clock else { panic!("a manual clock") };
        // Her first tip was due in the morning; a million others' were too.
        hands.advance_to(at("2026-11-24T15:00:00-05:00"));
        planning::plan(world.service(), 100).await.expect("planned");
        let between = "SELECT COUNT(*) FROM outbox WHERE kind = 'tip'
                          AND next_try_at > '2026-11-24T20:00:00+00:00' AND next_try_at < '2026-11-24T21:00:00+00:00'";
        assert_eq!(1, count(&database, between).await, "at her own part of an hour");
        world.advance_to(at("2026-11-24T16:00:00-05:00")).await.expect("time");
        assert_eq!(1, tips(&world.take_lines()).len());
    })
    .await;
}

#[tokio::test]
async fn a_line_that_cannot_be_read_stops_nobody_else() {
    on_both(async |database| {
        let mut world = world(database.clone()).await;
        enroll(&mut world).await;
        let motherline::clock::Clock::Manual(hands) = &world.service().clock else { panic!("a manual clock") };
        hands.advance_to(at("2026-11-24T15:00:00-05:00"));
        // Three lines before hers and two after it, as no program writes them.
        for (n, when) in [(1, "01"), (2, "02"), (3, "03"), (4, "25"), (5, "26")] {
            let line = format!(
                "INSERT INTO agenda (next_at, enrollment_id, version, next_on, subscriber_id, phone, zone, program, sender,
                                     language, anchor_kind, anchor_date, enrolled_on)
                 SELECT {at}, {id}, version, next_on, subscriber_id, phone, zone, program, sender, 'XX', anchor_kind,
                        anchor_date, enrolled_on
                   FROM agenda WHERE language <> 'XX'",
                at = match database.is_embedded() {
                    true => format!("'2026-11-{when}T00:00:00+00:00'"),
                    false => format!("'2026-11-{when} 00:00:00+00'"),
                },
                id = match database.is_embedded() {
                    true => format!("x'0000000000000000000000000000000{n}'"),
                    false => format!("'00000000-0000-0000-0000-00000000000{n}'"),
                },
            );
            execute(&database, Box::leak(line.into_boxed_str())).await;
        }
        hands.advance_to(at("2026-11-26T15:00:00-05:00"));
        for batch in [1, 2, 100] {
            planning::plan_all(world.service(), batch).await.expect("planned");
        }
        let planned = "SELECT COUNT(*) FROM planned";
        assert!(count(&database, planned).await > 0, "she has her tips");
        assert_eq!(5, count(&database, "SELECT COUNT(*) FROM agenda WHERE language = 'XX'").await);
        assert_eq!(5, count(&database, "SELECT COUNT(*) FROM alarms WHERE kind = 'line_unreadable'").await);
    })
    .await;
}
