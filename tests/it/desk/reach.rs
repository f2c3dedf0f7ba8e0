//! Whom a broadcast reaches, counted before it goes.

use std::collections::BTreeMap;

use motherline::domain::gestation::Track;
use motherline::domain::plan::Reader;
use motherline::flows::broadcasting::{self, Message, NotBegun, Segment, Tally, Unreached};
use motherline::store::people::{self, NewSubscriber};

use super::{AMY, BEA, BY, CAT, DORA, count, enrolls, enrolls_in_spanish, language, message, world, writes};
use crate::conversation::US;
use crate::dispatcher::execute;
use crate::support::engines::on_both;

fn only(segment: Segment) -> Message {
    Message { segment, ..message(false) }
}

#[tokio::test]
async fn each_woman_is_counted_once_by_language_and_sms() {
    on_both(async |database| {
        let mut world = world(&database).await;
        enrolls(&mut world, AMY, "April 12, 2027").await;
        enrolls_in_spanish(&mut world, BEA).await;
        let talk = ["МАМА", "12.04.2027", "ДА", "Москва"];
        assert_eq!(4, writes(&mut world, DORA, &talk).await.len());
        // Who enrolls anew is still one woman; who only wrote once is none of ours; who stopped is not either.
        enrolls(&mut world, CAT, "April 12, 2027").await;
        writes(&mut world, CAT, &["BABY", "YES", "May 3, 2027", "YES", "10001"]).await;
        writes(&mut world, "+12025550144", &["HELP"]).await;
        enrolls(&mut world, "+12025550145", "April 12, 2027").await;
        writes(&mut world, "+12025550145", &["STOP"]).await;
        let counted = count(&world, &message(false)).await;
        let tally = |women, segments| Tally { women, covered: 0, segments };
        assert_eq!(
            BTreeMap::from([
                (language("en"), tally(2, 2)),
                (language("es"), tally(1, 1)),
                (language("ru"), tally(1, 1))
            ]),
            counted.reached
        );
        assert_eq!((4, 4), (counted.people(), counted.segments()));
        assert_eq!(BTreeMap::from([(Unreached::Stopped, 1)]), counted.unreached);
        // A blocked number is not reached.
        execute(&database, "UPDATE subscribers SET blocked_at = created_at WHERE phone = '+79161234567'")
            .await;
        let counted = count(&world, &message(false)).await;
        let silent = BTreeMap::from([(Unreached::Stopped, 1), (Unreached::Blocked, 1)]);
        assert_eq!((3, silent), (counted.people(), counted.unreached));
    })
    .await;
}

#[tokio::test]
async fn it_is_for_those_of_whom_all_is_so() {
    on_both(async |database| {
        let mut world = world(&database).await;
        // 20+0 today, 30+0, and a baby of one week who came by a code.
        enrolls(&mut world, AMY, "April 12, 2027").await;
        enrolls(&mut world, BEA, "February 1, 2027").await;
        writes(&mut world, CAT, &["BABY CLINIC7", "born nov 16", "YES", "60601"]).await;
        enrolls_in_spanish(&mut world, "+12025550144").await;
        let weeks = |track, from_week, to_week| {
            only(Segment { track: Some(track), from_week, to_week, ..Segment::default() })
        };
        for (number, message) in [
            (4, only(Segment { program: Some(US.to_owned()), ..Segment::default() })),
            (0, only(Segment { program: Some("text4baby-russia".to_owned()), ..Segment::default() })),
            (1, only(Segment { language: Some(language("es")), ..Segment::default() })),
            (3, weeks(Track::Pregnancy, None, None)),
            (1, weeks(Track::Baby, None, None)),
            (2, weeks(Track::Pregnancy, Some(20), Some(20))),
            (1, weeks(Track::Pregnancy, Some(21), None)),
            (0, weeks(Track::Pregnancy, Some(31), None)),
            (1, weeks(Track::Baby, None, Some(1))),
            (0, weeks(Track::Baby, Some(2), None)),
            (3, only(Segment { area: Some("NY".to_owned()), ..Segment::default() })),
            (1, only(Segment { area: Some("il".to_owned()), ..Segment::default() })),
            (1, only(Segment { code: Some("clinic7".to_owned()), ..Segment::default() })),
            (0, only(Segment { code: Some("CLINIC8".to_owned()), ..Segment::default() })),
            (3, only(Segment { place: Some("100".to_owned()), ..Segment::default() })),
            (4, only(Segment { reader: Some(Reader::Mother), ..Segment::default() })),
            (0, only(Segment { reader: Some(Reader::Partner), ..Segment::default() })),
        ] {
            let counted = count(&world, &message).await;
            assert_eq!(number, counted.people(), "{:?}", message.segment);
        }
    })
    .await;
}

#[tokio::test]
async fn nobody_after_a_loss_unless_it_is_said_and_in_a_pause_only_for_an_emergency() {
    on_both(async |database| {
        let mut world = world(&database).await;
        for her in [AMY, BEA, CAT] {
            enrolls(&mut world, her, "April 12, 2027").await;
        }
        writes(&mut world, AMY, &["I lost my baby"]).await;
        writes(&mut world, BEA, &["PAUSE"]).await;
        let after_loss = Segment { also_after_loss: true, ..Segment::default() };
        for (emergency, segment, people, unreached) in [
            (false, Segment::default(), 1, vec![(Unreached::AfterLoss, 1), (Unreached::Paused, 1)]),
            (true, Segment::default(), 2, vec![(Unreached::AfterLoss, 1)]),
            (false, after_loss.clone(), 2, vec![(Unreached::Paused, 1)]),
            (true, after_loss, 3, vec![]),
        ] {
            let counted = count(&world, &Message { segment, ..message(emergency) }).await;
            assert_eq!((people, unreached.into_iter().collect()), (counted.people(), counted.unreached));
        }
    })
    .await;
}

#[tokio::test]
async fn nothing_is_sent_where_a_language_has_no_words() {
    on_both(async |database| {
        let mut world = world(&database).await;
        enrolls(&mut world, AMY, "April 12, 2027").await;
        enrolls_in_spanish(&mut world, BEA).await;
        let mut english = message(true);
        english.words.retain(|spoken, _| *spoken == language("en"));
        let counted = count(&world, &english).await;
        assert_eq!(vec![language("es")], broadcasting::without_words(&english, &counted));
        let refused = broadcasting::begin(world.service(), &english, &counted, BY, false).await;
        let refused = refused.expect_err("refused");
        assert!(matches!(&refused, NotBegun::NoWords(missing) if *missing == [language("es")]));
        assert!(refused.to_string().contains("no words in es"), "{refused}");
        assert!(broadcasting::list(&database).await.expect("a list").is_empty());
    })
    .await;
}

#[tokio::test]
async fn who_was_made_up_without_an_enrollment_is_not_reached() {
    on_both(async |database| {
        let world = world(&database).await;
        let nobody = NewSubscriber {
            id: world.service().id(),
            phone: AMY.to_owned(),
            language: language("en"),
            zone: None,
            at: world.now(),
        };
        let mut tx = database.begin().await.expect("a transaction");
        people::insert_all(&mut tx, &[nobody]).await.expect("written");
        tx.commit().await.expect("written");
        assert_eq!(0, count(&world, &message(true)).await.people());
    })
    .await;
}
