//! Enrolling at a desk: what is read back, what she agreed to, who is never brought back.

use motherline::domain::phone::PhoneNumber;
use motherline::domain::role::{Grant, Role};
use motherline::store::{Database, people, talk};
use motherline::worker::rehearsal::World;

use super::writes;
use crate::conversation::{RUSSIA, US, at};
use crate::support::console::{Browser, Page};
use crate::support::engines::on_both;

/// A Monday morning in New York.
pub const START: &str = "2026-11-23T09:00:00-05:00";
const AMY: &str = "+12025550141";
const DORA: &str = "+79161234567";

pub async fn world(database: &Database) -> World {
    super::world_at(database, START).await
}

/// Somebody who may act in one program only.
pub async fn clerk(world: &World, program: &str) -> Browser {
    let grants = vec![Grant { role: Role::Operator, program: Some(program.to_owned()) }];
    Browser::granted(world.service(), &format!("Clerk of {program}"), grants).await
}

/// What is typed, with other values for some fields.
fn typed<'a>(other: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let usual = [
        ("program", US),
        ("number", "(202) 555-0141"),
        ("language", "en"),
        ("what", "due"),
        ("date", "April 12, 2027"),
        ("day", ""),
        ("place", "10001"),
        ("reader", "mother"),
        ("partner", ""),
        ("step", "check"),
    ];
    let changed = |(name, value)| {
        let other = other.iter().find(|(known, _)| *known == name);
        (name, other.map_or(value, |(_, value)| *value))
    };
    let mut fields: Vec<_> = usual.into_iter().map(changed).collect();
    fields.extend(
        other
            .iter()
            .filter(|(name, _)| fields.iter().all(|(known, _)| known != name))
            .copied()
            .collect::<Vec<_>>(),
    );
    fields
}

/// What stands in a hidden field of a page.
#[track_caller]
pub fn hidden(page: &Page, name: &str) -> String {
    let after = page.body.split(&format!("name=\"{name}\" value=\"")).nth(1).expect("a field");
    after.split('"').next().expect("a value").to_owned()
}

/// Has it read back, and says yes.
async fn enroll(browser: &mut Browser, other: &[(&str, &str)]) -> Page {
    let back = browser.post("/console/enroll", &typed(other)).await;
    if back.status != 200 {
        return back;
    }
    let words = hidden(&back, "words");
    let mut fields = typed(other);
    fields.retain(|(name, _)| *name != "step");
    fields.extend([("step", "enroll"), ("yes", "yes"), ("words", words.as_str())]);
    browser.post("/console/enroll", &fields).await
}

fn said(world: &mut World) -> Vec<(String, String)> {
    let lines = world.take_lines().into_iter().filter(|line| line.direction == "out");
    lines.map(|line| (line.to.expect("a number"), line.body)).collect()
}

#[tokio::test]
async fn what_is_typed_is_read_back_and_done_as_by_text() {
    on_both(async |database| {
        let mut world = world(&database).await;
        // What texting says, to hold the desk against it.
        writes(&mut world, "+12025550199", &["BABY", "April 12, 2027", "YES", "10001"]).await;
        let by_text = said(&mut world).pop().expect("a welcome").1;
        let mut browser = clerk(&world, US).await;
        let form = browser.get("/console/enroll").await.ok();
        assert!(!form.body.contains(RUSSIA), "another program is offered");
        let back = browser.post("/console/enroll", &typed(&[("partner", "clinic 7")])).await.ok();
        let text = back.text();
        for shown in [
            "+12025550141",
            "(202) 555-0141",
            "Mon 12 Apr 2027",
            "20+0 weeks of pregnancy today",
            "Tue 24 Nov 2026, about 10:00",
            "10001, NY",
            "CLINIC7",
            &by_text,
            "Msg & data rates may apply",
            "3 msgs/week",
            "Heard by Clerk of text4baby-us",
        ] {
            assert!(text.contains(shown), "{shown} is not in {text}");
        }
        assert!(said(&mut world).is_empty());
        // Without her yes nothing is done.
        let words = hidden(&back, "words");
        let mut fields = typed(&[("step", "enroll"), ("words", words.as_str())]);
        let page = browser.post("/console/enroll", &fields).await;
        assert_eq!(422, page.status);
        assert!(page.text().contains("Without her yes nobody is enrolled."));
        fields.push(("yes", "yes"));
        let place = browser.post("/console/enroll", &fields).await.leads_to();
        assert!(place.starts_with("/console/enroll?program=text4baby-us&language=en"), "{place}");
        assert!(browser.get(&place).await.ok().text().contains("She is enrolled"));
        world.settle().await.expect("sent");
        assert_eq!(vec![(AMY.to_owned(), by_text)], said(&mut world));
        // Twice pressed: it is done, and done once.
        assert_eq!(place, browser.post("/console/enroll", &fields).await.leads_to());
        let mut other = Browser::signed_in(world.service(), &[Role::Operator]).await;
        assert_eq!(
            422,
            other.post("/console/enroll", &fields).await.status,
            "it was not they who enrolled her"
        );
        world.settle().await.expect("nothing");
        assert!(said(&mut world).is_empty());
        world.advance_to(at("2026-11-23T09:10:00-05:00")).await.expect("time passes");
        let again = browser.post("/console/enroll", &fields).await;
        assert_eq!(422, again.status);
        assert!(again.text().contains("gets the program’s texts already"));
        again.link("/console/mothers/");
        // The first tip comes as it does to who texted.
        world.advance_to(at("2026-11-24T11:30:00-05:00")).await.expect("time passes");
        let tips: Vec<_> = said(&mut world);
        assert_eq!(2, tips.len());
        assert_eq!(tips[0].1, tips[1].1);
        let mut tx = database.read().await.expect("a transaction");
        let number = PhoneNumber::from_e164(AMY).expect("a number");
        let her = people::lock(&mut tx, &number).await.expect("her").expect("her");
        let consents = talk::consents_of(&mut tx, her.id).await.expect("her consents");
        assert_eq!(["opt_in"], *consents.iter().map(|one| one.action.as_str()).collect::<Vec<_>>());
        let kept: serde_json::Value = serde_json::from_str(&consents[0].exchange).expect("JSON");
        assert!(kept[0]["shown"].as_str().expect("words").contains("Msg & data rates may apply. Reply STOP"));
        assert_eq!("Clerk of text4baby-us", kept[0]["vouched"]["by"]);
        assert_eq!("She has heard this and said yes", kept[0]["answered"]);
        assert!(kept[1]["shown"].as_str().expect("words").starts_with("You are in!"));
        drop(tx);
    })
    .await;
}

#[tokio::test]
async fn in_her_language_whatever_the_clerks() {
    on_both(async |database| {
        let mut world = world(&database).await;
        let mut browser = Browser::signed_in(world.service(), &[Role::Operator]).await;
        let page = enroll(&mut browser, &[("language", "es")]).await;
        page.leads_to();
        let russian = [
            ("program", RUSSIA),
            ("number", "8 916 123-45-67"),
            ("language", "ru"),
            ("place", "Казань"),
            ("what", "born"),
            ("date", "November 3"),
            ("reader", "grandparent"),
        ];
        let back = browser.post("/console/enroll", &typed(&russian)).await.ok();
        assert!(back.text().contains("the baby is 2+6 weeks old today"), "{}", back.text());
        assert!(back.text().contains("Отписаться: СТОП"), "{}", back.text());
        enroll(&mut browser, &russian).await.leads_to();
        world.settle().await.expect("sent");
        let said = said(&mut world);
        assert!(said[0].1.starts_with("¡Listo! Text4baby: desde mañana 6 consejos"), "{said:?}");
        assert_eq!(DORA, said[1].0);
        // To who is not the mother.
        assert!(said[1].1.contains("потом реже"), "{said:?}");
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_is_said_beside_its_field_and_kept() {
    on_both(async |database| {
        let world = world(&database).await;
        let mut browser = clerk(&world, US).await;
        for (other, said) in [
            (vec![("number", "")], "Write her number."),
            (vec![("number", "12345")], "This is no phone number of a country"),
            (vec![("number", "8 916 123-45-67")], "This is no phone number"),
            (vec![("number", "+7 916 123-45-67")], "does not serve the country"),
            (vec![("date", "some day")], "No date can be read here."),
            (vec![("date", "April 12 2027 or May 3 2027")], "There are two dates here."),
            (vec![("date", "April 12 2029")], "12 Apr 2029 is too far ahead"),
            (vec![("date", "April 12 2027"), ("what", "born")], "12 Apr 2027 is still to come"),
            (vec![("date", "")], "Write the date, or choose the day."),
            (vec![("date", "April 12 2027"), ("day", "2027-04-13")], "are not the same"),
            (vec![("day", "soon"), ("date", "")], "This is no day."),
            (vec![("day", "12/04/27")], "This is no day."),
            (vec![("place", "Nowhere-on-Sea")], "This place is not known."),
            (vec![("partner", "<b>clinic</b>")], "letters and figures only"),
            (vec![("language", "ru")], "does not speak this language"),
        ] {
            let page = browser.post("/console/enroll", &typed(&other)).await;
            assert_eq!(422, page.status, "{other:?}");
            assert!(page.text().contains(said), "{other:?}: {}", page.text());
            let kept = other[0].1.replace('<', "&#60;").replace('>', "&#62;");
            assert!(page.body.contains(&kept) && !page.body.contains("<b>clinic"), "{other:?}");
        }
        // A date that can be two days is refused with both of them to choose from.
        let page = browser.post("/console/enroll", &typed(&[("date", "03/04/2027")])).await;
        assert_eq!(422, page.status);
        let text = page.text();
        assert!(text.contains("Thu 4 Mar 2027") && text.contains("Sat 3 Apr 2027"), "{text}");
        let chosen = [("date", "03/04/2027"), ("reading", "2027-04-03")];
        let back = browser.post("/console/enroll", &typed(&chosen)).await.ok();
        assert!(back.text().contains("Sat 3 Apr 2027"), "{}", back.text());
        let page = browser.post("/console/enroll", &typed(&[("program", RUSSIA)])).await;
        assert_eq!(404, page.status);
        let mut viewer = Browser::signed_in(world.service(), &[Role::Helpdesk]).await;
        assert_eq!(403, viewer.get("/console/enroll").await.status);
        assert_eq!(403, viewer.post("/console/enroll", &typed(&[])).await.status);
    })
    .await;
}

#[tokio::test]
async fn nobody_is_brought_back() {
    on_both(async |database| {
        let mut world = world(&database).await;
        let joins = ["BABY", "April 12, 2027", "YES", "10001"];
        let [stopped, lost, erased, elsewhere, before] =
            ["+12025550101", "+12025550102", "+12025550103", "+12025550104", "+12025550105"];
        // Told before she was enrolled in anything.
        writes(&mut world, before, &["BABY", "I had a miscarriage"]).await;
        for her in [stopped, lost, erased, elsewhere] {
            writes(&mut world, her, &joins).await;
        }
        writes(&mut world, stopped, &["STOP"]).await;
        writes(&mut world, lost, &["I lost my baby"]).await;
        writes(&mut world, erased, &["DELETE", "YES"]).await;
        world.settle().await.expect("erased");
        said(&mut world);
        let mut browser = clerk(&world, US).await;
        for (number, told) in [
            (stopped, "She has said STOP. Only she can come back"),
            (lost, "She has told us of a loss. Be gentle."),
            (erased, "This number takes no texts from here."),
            (before, "This number takes no texts from here."),
        ] {
            let page = enroll(&mut browser, &[("number", number)]).await;
            assert_eq!(422, page.status, "{number}");
            assert!(page.text().contains(told), "{}", page.text());
        }
        world.settle().await.expect("nothing");
        assert!(said(&mut world).is_empty());
        // She herself begins anew.
        writes(&mut world, before, &joins).await;
        let page = enroll(&mut browser, &[("number", before)]).await;
        assert!(page.text().contains("gets the program’s texts already"), "{}", page.text());
        // That they tried is written down, without the number.
        let mut administrator = Browser::signed_in(world.service(), &[Role::Administrator]).await;
        let audit = administrator.get("/console/audit").await.ok();
        assert!(audit.text().contains("tried to enroll her, and it was refused"), "{}", audit.text());
        assert!(!audit.body.contains("5550101"));
    })
    .await;
}

#[tokio::test]
async fn whose_phone_others_read_is_welcomed_unseen() {
    on_both(async |database| {
        let mut world = world(&database).await;
        writes(&mut world, AMY, &["hello"]).await;
        let update = "UPDATE subscribers SET discreet = TRUE";
        match &database {
            Database::Sqlite { write, .. } => sqlx::query(update).execute(write).await.map(|_| ()),
            Database::Postgres(pool) => sqlx::query(update).execute(pool).await.map(|_| ()),
        }
        .expect("marked");
        said(&mut world);
        let mut browser = clerk(&world, US).await;
        enroll(&mut browser, &[]).await.leads_to();
        world.settle().await.expect("sent");
        let shown = said(&mut world);
        assert_eq!(1, shown.len());
        assert!(!shown[0].1.contains("Text4baby") && !shown[0].1.contains("tips"), "{shown:?}");
        // Alone, she asks for it.
        writes(&mut world, AMY, &["READ"]).await;
        assert!(said(&mut world)[0].1.contains("You are in! Text4baby"), "it was not kept");
    })
    .await;
}

#[tokio::test]
async fn what_she_had_begun_by_text_is_done() {
    on_both(async |database| {
        let mut world = world(&database).await;
        writes(&mut world, AMY, &["BABY"]).await;
        let mut browser = clerk(&world, US).await;
        enroll(&mut browser, &[]).await.leads_to();
        world.settle().await.expect("sent");
        said(&mut world);
        // Nobody reminds her to send her date.
        world.advance_to(at("2026-11-24T09:30:00-05:00")).await.expect("time passes");
        assert!(said(&mut world).is_empty());
    })
    .await;
}
