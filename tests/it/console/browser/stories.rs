//! What people come to the console for, from signing in to what a mother gets, on both engines.

use std::fs;

use tempfile::TempDir;

use super::{House, on_each_engine};
use crate::support::service::eventually;

const AMY: &str = "+12025550141";

/// She joins by texting, and is in the twentieth week or so.
pub async fn joins(house: &House, her: &str) {
    let due = (chrono::Utc::now() + chrono::TimeDelta::days(140)).format("%B %d, %Y").to_string();
    for (text, answers) in [("BABY", 1), (&*due, 2), ("yes", 3), ("10001", 4)] {
        house.text(her, text).await;
        eventually(&format!("an answer to {text}"), async || {
            (house.service.sent_to(her).await.len() >= answers).then_some(())
        })
        .await;
    }
}

#[tokio::test]
async fn somebody_answers_a_sign_of_danger() {
    on_each_engine(async |house| {
        joins(house, AMY).await;
        house.text(AMY, "I am bleeding a lot").await;
        house.let_in("Bea Ruiz", "bea", "en", "helpdesk");
        let ana = house.window("ana").await;
        let bea = house.window("bea").await;
        for window in [&ana, &bea] {
            window.goto("/console/inbox").await;
            window.see("I am bleeding a lot").await;
            window.press("I am bleeding a lot").await;
        }
        ana.press("Take it to answer").await;
        ana.see("You are answering").await;
        ana.fill("words", "Please call 911 now, or go to the nearest hospital. I’ll ring you.").await;
        // The dear character is named as she types, and gives way at a click.
        ana.see("These make it cost more").await;
        ana.press("write ' instead").await;
        ana.see("characters").await;
        // A note to the others leaves the half-typed answer as it is.
        ana.fill("note", "I will ring her at noon.").await;
        ana.press("Add the note").await;
        ana.see("I will ring her at noon.").await;
        // Who had the page open before is told, and does not answer too.
        bea.see("Somebody else has changed this item").await;
        ana.press("Send the answer").await;
        ana.see("Your answer is on its way to her.").await;
        bea.goto("/console/inbox").await;
        bea.see("Nobody is waiting for an answer.").await;
        eventually("the answer", async || {
            let sent = house.service.sent_to(AMY).await;
            sent.last().filter(|text| text.kind == "reply" && text.state() == "delivered").map(|_| ())
        })
        .await;
        ana.close().await;
        bea.close().await;
    })
    .await;
}

#[tokio::test]
async fn somebody_finds_out_why_she_got_nothing() {
    on_each_engine(async |house| {
        joins(house, AMY).await;
        let window = house.window("ana").await;
        window.goto("/console/mothers").await;
        // As she would say it; and no number stands in any address.
        window.fill("number", "202 555 0141").await;
        window.press("Find").await;
        window.see("+1202•••••41").await;
        let page = window.path().await;
        assert!(page.starts_with("/console/mothers/") && !page.contains("0141"), "{page}");
        window.see("BABY").await;
        let why = window.link(&format!("{page}/why")).await;
        window.goto(&why).await;
        // She joined today: her first tip is tomorrow's.
        window.see("tomorrow").await;
        window.close().await;
    })
    .await;
}

#[tokio::test]
async fn somebody_brings_a_list_of_women() {
    on_each_engine(async |house| {
        let folder = TempDir::new().expect("a temporary folder");
        let list = folder.path().join("clinic.csv");
        let due = (chrono::Utc::now() + chrono::TimeDelta::days(100)).format("%Y-%m-%d");
        // Where she lives it may be the day before yet.
        let agreed = (chrono::Utc::now() - chrono::TimeDelta::days(1)).format("%Y-%m-%d");
        let rows = format!(
            "phone,due date,consent date,consent how\n\
             (202) 555-0150,{due},{agreed},signed at the clinic\n\
             2.54E+11,{due},{agreed},signed at the clinic\n\
             202-555-0151,{due},,\n"
        );
        fs::write(&list, rows).expect("a list");
        let window = house.window("ana").await;
        window.goto("/console/enroll").await;
        window.press("Enroll many from a spreadsheet").await;
        window.choose_value("program", "text4baby-us").await;
        window.attach("file", &list).await;
        window.press("Check it").await;
        window.see("1 woman can be enrolled.").await;
        window.see("2.54E+11").await;
        assert_eq!(0, house.service.sent_to("+12025550150").await.len(), "nobody is texted by a look");
        window.press("Enroll 1 woman").await;
        eventually("her first text", async || {
            (!house.service.sent_to("+12025550150").await.is_empty()).then_some(())
        })
        .await;
        assert_eq!(0, house.service.sent_to("+12025550151").await.len(), "who did not agree is not texted");
        window.close().await;
    })
    .await;
}

#[tokio::test]
async fn somebody_warns_one_state_of_a_recall_and_stops_it() {
    on_each_engine(async |house| {
        for her in [AMY, "+12025550142", "+12025550143"] {
            joins(house, her).await;
        }
        house.let_in("Bea Ruiz", "bea", "en", "operator");
        let ana = house.window("ana").await;
        ana.goto("/console/broadcasts").await;
        ana.press("New broadcast").await;
        ana.fill("why", "the formula is recalled in New York").await;
        ana.choose_value("program", "text4baby-us").await;
        ana.fill("area", "NY").await;
        ana.press("Save and count").await;
        // Nothing is written yet: what is wrong is said, and what was typed is kept.
        ana.see("Write it in one language at least.").await;
        ana.fill("words-en", "Recall: do not feed your baby formula of lot 7. Call your clinic.").await;
        ana.press("Save and count").await;
        ana.see("3 people").await;
        ana.see("They leave one after the other over half an hour.").await;
        ana.see("It reaches more than 2").await;
        ana.press("Confirm 3 people, and ask a second person").await;
        ana.see("somebody else has to approve it").await;
        let page = ana.path().await;
        let bea = house.window("bea").await;
        bea.goto("/console/broadcasts").await;
        bea.press("the formula is recalled in New York").await;
        bea.press("Approve: send it to 3 people").await;
        bea.see("Stop it now").await;
        bea.see("The last leaves at about").await;
        bea.press("Stop it now").await;
        bea.see("stopped").await;
        ana.goto(&page).await;
        ana.see("stopped").await;
        ana.close().await;
        bea.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_tip_is_mended_reviewed_and_published() {
    on_each_engine(async |house| {
        house.let_in("Lena Gil", "lena", "en", "author");
        house.let_in("Rita Paz", "rita", "en", "reviewer");
        let tip = "us-preg-22-2-iron";
        let lena = house.window("lena").await;
        lena.goto("/console/library?program=text4baby-us").await;
        lena.goto(&format!("/console/library/tips/{tip}")).await;
        lena.press("Change it").await;
        lena.fill(
            "text-es",
            "Usted y su bebé necesitan hierro. Coma cada día carne magra, frijoles o espinacas.",
        )
        .await;
        lena.see("SMS").await;
        lena.press("Save").await;
        lena.see("It is sent once somebody has signed it").await;
        lena.press("Send it for review").await;
        lena.see("It waits for a reviewer now.").await;
        let rita = house.window("rita").await;
        rita.goto("/console/review").await;
        rita.press(tip).await;
        rita.see("frijoles o espinacas").await;
        rita.press("Sign it").await;
        rita.see("It goes out with the next edition").await;
        rita.goto("/console/review/publish").await;
        rita.fill("why", "plainer Spanish").await;
        rita.press("Publish what is ticked").await;
        rita.see("is published").await;
        // What is in force says it, and who may not sign does not.
        lena.goto(&format!("/console/library/tips/{tip}")).await;
        lena.see("frijoles o espinacas").await;
        lena.goto("/console/review/publish").await;
        lena.see("You may not do this").await;
        lena.close().await;
        rita.close().await;
    })
    .await;
}

#[tokio::test]
async fn without_scripts_it_can_still_be_read_and_done() {
    on_each_engine(async |house| {
        joins(house, AMY).await;
        house.text(AMY, "I am bleeding a lot").await;
        eventually("her answer", async || (house.service.sent_to(AMY).await.len() >= 5).then_some(())).await;
        let window = house.window("ana").await;
        window.scripts(false).await;
        for path in ["/console/overview", "/console/delivery", "/console/library", "/console/partners"] {
            window.goto(path).await;
            assert_eq!(path, window.path().await);
        }
        window.goto("/console/inbox").await;
        window.press("I am bleeding a lot").await;
        window.press("Take it to answer").await;
        window.fill("words", "Please call 911 now.").await;
        window.press("Send the answer").await;
        eventually("the answer", async || (house.service.sent_to(AMY).await.len() >= 6).then_some(())).await;
        window.close().await;
    })
    .await;
}
