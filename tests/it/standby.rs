//! Of several dispatchers on one PostgreSQL one works for a sender while it keeps up; the others go on where it is
//! gone, help when texts are late, and send answers at any time.

use chrono::{NaiveDate, TimeDelta};
use motherline::flows::dispatch::{self, Claimed, Desk, Room};
use motherline::flows::senders::Sender;
use motherline::store::outbox;
use motherline::store::service::charge;

use crate::dispatcher::{House, text};
use crate::support::engines::on_both;

/// So many in a second.
const MANY: usize = 1000;
/// So many even if texts are late.
const VERY_MANY: usize = 4000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_works_while_it_keeps_up() {
    on_both(async |database| {
        let house = House::begin(&database, "another", |_| {}).await;
        let service = house.service().clone();
        let sender = Sender {
            name: "busy".to_owned(),
            segments_per_second: 1_000_000,
            segments_per_day: 1_000_000,
            ..(*house.sender).clone()
        };
        let wait = async |texts: usize, answers: bool| {
            let texts: Vec<_> =
                (0..texts).map(|_| text(&service, &sender.name, "+12025550143", answers)).collect();
            let mut tx = database.begin().await.expect("a transaction");
            outbox::queue(&mut tx, &texts).await.expect("they wait");
            tx.commit().await.expect("they wait");
        };
        let claim = async |desk: &mut Desk, unasked: usize, pressing: bool| -> Claimed {
            // The pace goes on.
            house.wait(TimeDelta::milliseconds(1));
            let room = Room { answers: 10, unasked, pressing };
            dispatch::claim(&service, &sender, "rehearsal", room, desk).await.expect("claimed")
        };
        let (mut one, mut other) = (Desk::default(), Desk::default());
        let embedded = database.is_embedded();
        wait(10_000, false).await;
        // Whoever claims little leaves room for others.
        assert_eq!(MANY - 1, claim(&mut one, MANY - 1, false).await.unasked.len());
        assert_eq!(5, claim(&mut other, 5, false).await.unasked.len());
        // Whoever has claimed much within a second, in however small parts, is left alone, and goes on.
        assert_eq!(1, claim(&mut one, 1, false).await.unasked.len());
        for _ in 0..2 {
            let left = claim(&mut other, 5, false).await;
            assert_eq!(if embedded { 5 } else { 0 }, left.unasked.len());
            assert_eq!(embedded, left.stands_by_until.is_none());
        }
        assert_eq!(1, claim(&mut one, 1, false).await.unasked.len());
        // An answer is not left to it, and the tips beside it are.
        wait(2, true).await;
        let claimed = claim(&mut other, 5, true).await;
        assert_eq!((2, if embedded { 5 } else { 0 }), (claimed.answers.len(), claimed.unasked.len()));
        assert_eq!(embedded, claim(&mut other, 5, false).await.stands_by_until.is_none());
        // If it sends an answer meanwhile, it is at work all the same.
        wait(1, true).await;
        assert_eq!(1, claim(&mut one, 0, true).await.answers.len());
        assert_eq!(embedded, claim(&mut other, 5, false).await.stands_by_until.is_none());
        // Once it is gone, others go on.
        house.wait(TimeDelta::seconds(1));
        assert_eq!(MANY, claim(&mut other, MANY, false).await.unasked.len());
        assert_eq!(embedded, claim(&mut one, MANY, false).await.stands_by_until.is_none());
        // Or once it does little.
        house.wait(TimeDelta::seconds(1));
        assert_eq!(1, claim(&mut other, 1, false).await.unasked.len());
        assert_eq!(1, claim(&mut one, 1, false).await.unasked.len());
        // One whose clock was an hour ahead is not waited for.
        let ahead = house.world.now() + TimeDelta::hours(1);
        let mut tx = database.begin().await.expect("a transaction");
        charge(
            &mut tx,
            &sender.name,
            house.world.now(),
            (NaiveDate::default(), 0),
            Some((service.id(), ahead)),
        )
        .await
        .expect("charged");
        tx.commit().await.expect("charged");
        assert_eq!(1, claim(&mut one, 1, false).await.unasked.len());
        // When texts are late, everybody helps.
        house.wait(TimeDelta::seconds(61));
        for desk in [&mut one, &mut other] {
            assert_eq!(MANY, claim(desk, MANY, false).await.unasked.len());
        }
        // Unless one does what can be done.
        assert_eq!(VERY_MANY - MANY, claim(&mut one, VERY_MANY - MANY, false).await.unasked.len());
        assert_eq!(embedded, claim(&mut other, 5, false).await.stands_by_until.is_none());
        house.end().await;
    })
    .await;
}
