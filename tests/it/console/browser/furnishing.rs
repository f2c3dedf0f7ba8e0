//! A console with something on every page, to be looked at: women who wrote, texts that failed, a list half good, a
//! broadcast that waits for a second person, a tip that waits for a reviewer, one that was recalled.

use std::fs;

use chrono::{TimeDelta, Utc};
use motherline::ids::Ids;
use motherline::store::Database;
use tempfile::TempDir;

use super::House;
use super::stories::joins;
use crate::console::texts::{self, Ended};
use crate::support::chromium::Window;
use crate::support::engines::sqlite;
use crate::support::service::eventually;

const US: &str = "text4baby-us";
const AMY: &str = "+12025550141";
/// The tip that waits for a reviewer.
const IRON: &str = "us-preg-22-2-iron";

/// Pages by name and address.
const PAGES: [(&str, &str); 35] = [
    ("overview", "/console/overview"),
    ("overview-week", "/console/overview?range=7d"),
    ("delivery", "/console/delivery?range=7d"),
    ("delivery-failed", "/console/delivery?range=30d&state=failed"),
    ("find", "/console/mothers"),
    ("inbox", "/console/inbox"),
    ("replies", "/console/inbox/replies"),
    ("broadcasts", "/console/broadcasts"),
    ("broadcast-new", "/console/broadcasts/new"),
    ("enroll", "/console/enroll"),
    ("imports", "/console/enroll/imports"),
    ("partners", "/console/partners"),
    ("poster", "/console/partners/text4baby-us/poster?code=CLINIC7"),
    ("library", "/console/library?program=text4baby-us"),
    ("library-list", "/console/library/list?program=text4baby-us"),
    ("library-new", "/console/library/new"),
    ("library-files", "/console/library/files"),
    ("tip", "/console/library/tips/us-preg-22-2-iron"),
    ("tip-edit", "/console/library/tips/us-preg-20-2-first-movements/edit"),
    ("tip-history", "/console/library/tips/us-preg-22-2-iron/history"),
    ("preview", "/console/library/preview?program=text4baby-us"),
    ("exchange", "/console/library/exchange"),
    ("review", "/console/review"),
    ("signing", "/console/review/tips/us-preg-22-2-iron"),
    ("publish", "/console/review/publish"),
    ("editions", "/console/review/editions"),
    ("edition", "/console/review/editions/1"),
    ("recalls", "/console/review/recalls"),
    ("book", "/console/review/book"),
    ("questions", "/console/questions"),
    ("question", "/console/questions/text4baby-us/us-danger-1"),
    ("account", "/console/me"),
    ("people", "/console/accounts"),
    ("audit", "/console/audit?who=all"),
    ("not-found", "/console/mothers/018f0000-0000-7000-8000-000000000000"),
];

/// Opens it.
pub async fn furnished() -> House {
    let folder = TempDir::new().expect("a temporary folder");
    let address = sqlite(folder.path());
    let database = Database::open(&address, 2).await.expect("a database");
    let ago = |minutes| Utc::now() - TimeDelta::minutes(minutes);
    let mut sent: Vec<Ended> = (1..900).map(|n| Ended::delivered(ago(n * 17))).collect();
    sent.extend((1..60).map(|n| Ended::failed(ago(n * 240), "30003")));
    sent.extend((1..9).map(|n| Ended::failed(ago(n * 9), "30007")));
    texts::write(&database, &Ids::seeded(1), &sent).await;
    database.close().await;
    let house = House::open(address, folder).await;
    house.let_in("Елена Петрова", "elena", "ru", "author,reviewer");
    house.let_in("Everybody", "all", "en", "administrator,author,reviewer");
    for her in [AMY, "+12025550142", "+12025550143"] {
        joins(&house, her).await;
    }
    house.text(AMY, "I am bleeding a lot").await;
    let answered = async || (house.service.sent_to(AMY).await.len() >= 5).then_some(());
    eventually("her answer", answered).await;
    house
}

/// Every page, and those of one woman, one text, one item, one person and the like: somebody who may do everything does
/// what leads there.
pub async fn pages(house: &House, window: &Window) -> Vec<(&'static str, String)> {
    let mut pages: Vec<_> = PAGES.map(|(name, path)| (name, path.to_owned())).to_vec();
    tip_to_review(window).await;
    pages.push(("import", list(house, window).await));
    pages.push(("broadcast", broadcast(window).await));
    window.goto("/console/review/recalls").await;
    window.fill("id", "us-preg-08-2-fish").await;
    window.fill("why", "the dose is wrong").await;
    window.press("Stop it now").await;
    window.see("us-preg-08-2-fish").await;
    pages.push(("recall", window.path().await));
    window.goto("/console/inbox").await;
    window.press("I am bleeding a lot").await;
    window.press("Take it to answer").await;
    window.see("You are answering").await;
    pages.push(("item", window.path().await));
    let mother = window.link("/console/mothers/").await;
    for (name, more) in [("mother", ""), ("why", "/why")] {
        pages.push((name, format!("{mother}{more}")));
    }
    window.goto(&mother).await;
    pages.push(("text", window.link("/console/delivery/").await));
    window.goto("/console/accounts").await;
    pages.push(("person", window.link("/console/accounts/").await));
    pages
}

/// Pages for who is not signed in yet.
pub fn doors(house: &House) -> Vec<(&'static str, String)> {
    let welcome = house.invite("Ивонн Núñez", "ivonne");
    vec![("sign-in", "/console/sign-in".to_owned()), ("welcome", welcome)]
}

async fn tip_to_review(window: &Window) {
    window.goto(&format!("/console/library/tips/{IRON}/edit")).await;
    window
        .fill("text-es", "Usted y su bebé necesitan hierro. Coma cada día carne magra, frijoles o espinacas.")
        .await;
    window.press("Save").await;
    window.see("It is sent once somebody has signed it").await;
    window.press("Send it for review").await;
    window.see("It waits for a reviewer now.").await;
}

async fn list(house: &House, window: &Window) -> String {
    let file = house.folder.path().join("clinic.csv");
    let due = (Utc::now() + TimeDelta::days(100)).format("%Y-%m-%d");
    // Where she lives it may be the day before yet.
    let agreed = (Utc::now() - TimeDelta::days(1)).format("%Y-%m-%d");
    let rows = format!(
        "phone,due date,consent date,consent how\n\
         (202) 555-0150,{due},{agreed},signed at the clinic\n\
         2.54E+11,{due},{agreed},signed at the clinic\n\
         202-555-0141,{due},{agreed},signed at the clinic\n\
         202-555-0152,03/04/27,{agreed},signed at the clinic\n\
         202-555-0151,{due},,\n"
    );
    fs::write(&file, rows).expect("a list");
    window.goto("/console/enroll").await;
    window.press("Enroll many from a spreadsheet").await;
    window.choose_value("program", US).await;
    window.attach("file", &file).await;
    window.press("Check it").await;
    window.see("1 woman can be enrolled.").await;
    window.path().await
}

async fn broadcast(window: &Window) -> String {
    window.goto("/console/broadcasts/new").await;
    window.fill("why", "the formula is recalled in New York").await;
    window.choose_value("program", US).await;
    window.fill("area", "NY").await;
    window.fill("words-en", "Recall: do not feed your baby formula of lot 7. Call your clinic.").await;
    window.press("Save and count").await;
    window.see("3 people").await;
    window.press("Confirm 3 people, and ask a second person").await;
    window.see("somebody else has to approve it").await;
    window.path().await
}
