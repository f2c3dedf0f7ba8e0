//! Whoever decides about a broadcast decides about what they were shown; and three people are told apart: who wrote it,
//! who confirmed it, who approved it.

use chrono::TimeDelta;
use motherline::flows::auditing::Actor;
use motherline::flows::broadcasting;

use super::{AMY, BEA, at_console, decide, enrolls, form, passes, seen, world, write};
use crate::conversation::US;
use crate::dispatcher::count;
use crate::support::engines::on_both;

#[tokio::test]
async fn nobody_sends_or_approves_words_that_they_were_not_shown() {
    on_both(async |database| {
        let mut world = world(&database).await;
        enrolls(&mut world, AMY, "10001").await;
        enrolls(&mut world, BEA, "10001").await;
        let mut ana = at_console(&world, "Ana", Some(US), 1).await;
        let mut bob = at_console(&world, "Bob", Some(US), 1).await;
        let place = write(&mut world, &mut ana, &[]).await;
        let [edit, confirm, approve] = ["edit", "confirm", "approve"].map(|part| format!("{place}/{part}"));
        let first = seen(&world, &place).await;
        assert!(ana.get(&place).await.ok().body.contains(&format!("name=\"shown\" value=\"{first}\"")));
        // The same number of people, and other words.
        bob.post(&edit, &form(&[("words-en", "Do not use Brand Y formula.")])).await.leads_to();
        world.settle().await.expect("it is counted");
        let refused = ana.post(&confirm, &[("people", "2"), ("shown", &first)]).await;
        assert_eq!(422, refused.status);
        let text = refused.text();
        assert!(text.contains("Bob changed it after this page was shown to you"), "{text}");
        assert!(text.contains("Do not use Brand Y formula."), "the page is the new one: {text}");
        // The same words to others are something else as well, and so are others at another hour.
        for more in [("area", "NY"), ("emergency", "yes")] {
            let before = seen(&world, &place).await;
            bob.post(&edit, &form(&[("words-en", "Do not use Brand Y formula."), more])).await.leads_to();
            world.settle().await.expect("it is counted");
            let said = [("people", "2"), ("shown", &*before), ("emergency", "yes")];
            assert_eq!(422, ana.post(&confirm, &said).await.status, "{more:?}");
        }
        // It waits for Bob; Ana writes it anew, and confirms the same number once more.
        let write_anew = [("words-en", "Do not use Brand X or Y.")];
        ana.post(&edit, &form(&write_anew)).await.leads_to();
        world.settle().await.expect("it is counted");
        decide(&world, &mut ana, &place, "confirm", &[("people", "2")]).await.leads_to();
        world.settle().await.expect("it is counted");
        let old = seen(&world, &place).await;
        ana.post(&edit, &form(&[("words-en", "Do not use Brand Z.")])).await.leads_to();
        world.settle().await.expect("it is counted");
        decide(&world, &mut ana, &place, "confirm", &[("people", "2")]).await.leads_to();
        world.settle().await.expect("it is counted");
        for shown in [&*old, ""] {
            let refused = bob.post(&approve, &[("people", "2"), ("shown", shown)]).await;
            assert_eq!(422, refused.status);
            assert!(refused.text().contains("Ana changed it"), "{}", refused.text());
        }
        assert!(passes(&mut world, TimeDelta::hours(1)).await.is_empty(), "nothing went");
    })
    .await;
}

#[tokio::test]
async fn neither_its_author_nor_who_confirmed_it_approves_it() {
    on_both(async |database| {
        let mut world = world(&database).await;
        enrolls(&mut world, AMY, "10001").await;
        let mut ana = at_console(&world, "Ana", Some(US), 0).await;
        let mut bob = at_console(&world, "Bob", Some(US), 0).await;
        let mut cleo = at_console(&world, "Cleo", Some(US), 0).await;
        let place = write(&mut world, &mut ana, &[]).await;
        decide(&world, &mut bob, &place, "confirm", &[("people", "1")]).await.leads_to();
        world.settle().await.expect("it is counted");
        let text = cleo.get(&place).await.ok().text();
        assert!(text.contains("Written by Ana") && text.contains("Bob confirmed 1 person"), "{text}");
        for own in [&mut ana, &mut bob] {
            assert!(!own.get(&place).await.ok().body.contains("/approve\""));
            let refused = decide(&world, own, &place, "approve", &[("people", "1")]).await;
            assert!(refused.status == 422 && refused.text().contains("somebody else has to approve it"));
        }
        decide(&world, &mut cleo, &place, "approve", &[("people", "1")]).await.leads_to();
        assert_eq!(1, passes(&mut world, TimeDelta::hours(1)).await.len());
        let text = ana.get(&place).await.ok().text();
        for (deed, name) in [("Written", "Ana"), ("Confirmed", "Bob"), ("Approved", "Cleo")] {
            assert!(text.contains(&format!("{deed} by {name}")), "{text}");
        }
    })
    .await;
}

#[tokio::test]
async fn what_has_not_begun_is_not_stopped() {
    on_both(async |database| {
        let mut world = world(&database).await;
        enrolls(&mut world, AMY, "10001").await;
        let mut ana = at_console(&world, "Ana", Some(US), 1_000).await;
        let place = write(&mut world, &mut ana, &[]).await;
        let id = place.rsplit('/').next().and_then(|id| id.parse().ok()).expect("its id");
        let stopped = broadcasting::stop(world.service(), id, &Actor::named("Bob")).await.expect("a look");
        assert_eq!((false, 0), stopped);
        assert_eq!(1, count(&database, "SELECT COUNT(*) FROM broadcasts WHERE state = 'draft'").await);
        // Nor does one that was given up count as one that was sent: the same goes at once.
        ana.post(&format!("{place}/withdraw"), &[]).await.leads_to();
        assert_eq!(
            (false, 0),
            broadcasting::stop(world.service(), id, &Actor::named("Bob")).await.expect("a look")
        );
        let place = write(&mut world, &mut ana, &[]).await;
        decide(&world, &mut ana, &place, "confirm", &[("people", "1")]).await.leads_to();
        assert_eq!(1, passes(&mut world, TimeDelta::hours(1)).await.len());
    })
    .await;
}
