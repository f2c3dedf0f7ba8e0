//! Every page, looked at: axe-core finds nothing wrong in any language, and nothing is wider than the smallest phone.
//! `make screenshots` keeps a picture of each, at two widths, light and dark.

use std::path::Path;

use tempfile::TempDir;

use super::House;
use super::stories::joins;
use crate::support::chromium::Window;
use crate::support::engines::sqlite;
use crate::support::service::eventually;

/// The smallest phone, and a desk.
const PHONE: (u32, u32) = (360, 740);
const DESK: (u32, u32) = (1600, 1000);
const LANGUAGES: [&str; 3] = ["en", "es", "ru"];

/// Pages by name and address.
const PAGES: [(&str, &str); 27] = [
    ("overview", "/console/overview"),
    ("overview-week", "/console/overview?period=7d"),
    ("delivery", "/console/delivery"),
    ("find", "/console/mothers"),
    ("inbox", "/console/inbox"),
    ("replies", "/console/inbox/replies"),
    ("broadcasts", "/console/broadcasts"),
    ("broadcast-new", "/console/broadcasts/new"),
    ("enroll", "/console/enroll"),
    ("imports", "/console/enroll/imports"),
    ("partners", "/console/partners"),
    ("library", "/console/library?program=text4baby-us"),
    ("library-list", "/console/library/list?program=text4baby-us"),
    ("tip", "/console/library/tips/us-preg-22-2-iron"),
    ("tip-edit", "/console/library/tips/us-preg-22-2-iron/edit"),
    ("tip-history", "/console/library/tips/us-preg-22-2-iron/history"),
    ("preview", "/console/library/preview?program=text4baby-us"),
    ("exchange", "/console/library/exchange"),
    ("review", "/console/review"),
    ("publish", "/console/review/publish"),
    ("editions", "/console/review/editions"),
    ("recalls", "/console/review/recalls"),
    ("book", "/console/review/book"),
    ("questions", "/console/questions"),
    ("account", "/console/me"),
    ("people", "/console/accounts"),
    ("audit", "/console/audit?who=all"),
];

/// Those, and the pages of one woman, one text, one item, one person, found by the links that lead there.
async fn pages(window: &Window) -> Vec<(&'static str, String)> {
    let mut pages: Vec<_> = PAGES.map(|(name, path)| (name, path.to_owned())).to_vec();
    window.goto("/console/inbox").await;
    window.press("I am bleeding a lot").await;
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

async fn furnished() -> House {
    let folder = TempDir::new().expect("a temporary folder");
    let house = House::open(sqlite(folder.path()), folder).await;
    house.let_in("Елена Петрова", "elena", "ru", "author,reviewer");
    house.let_in("Everybody", "all", "en", "administrator,author,reviewer");
    joins(&house, "+12025550141").await;
    house.text("+12025550141", "I am bleeding a lot").await;
    let answered = async || (house.service.sent_to("+12025550141").await.len() >= 5).then_some(());
    eventually("her answer", answered).await;
    house
}

#[tokio::test]
async fn no_page_shuts_anybody_out() {
    let house = furnished().await;
    let window = house.window("all").await;
    let mut faults = Vec::new();
    for (name, path) in pages(&window).await {
        for language in LANGUAGES {
            window.language(language).await;
            window.size(PHONE.0, PHONE.1).await;
            window.goto(&path).await;
            let wider = window.overflow().await;
            if wider > 0 {
                faults.push(format!("{name}, {language}: {wider} px wider than a phone"));
            }
            faults.extend(on(&window, name, language, "phone").await);
            window.size(DESK.0, DESK.1).await;
            window.scheme("dark").await;
            faults.extend(on(&window, name, language, "desk, dark").await);
            window.scheme("light").await;
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    window.close().await;
}

/// That it would see a fault: one is made.
#[tokio::test]
async fn a_page_that_shuts_somebody_out_is_seen() {
    let house = furnished().await;
    let window = house.window("all").await;
    window
        .run("document.documentElement.removeAttribute('lang'); document.querySelector('label').remove()")
        .await;
    let faults = window.faults().await.join("\n");
    assert!(faults.contains("html-has-lang") && faults.contains("label"), "{faults}");
    window.close().await;
}

async fn on(window: &Window, name: &str, language: &str, how: &str) -> Vec<String> {
    let found = window.faults().await;
    found.into_iter().map(|fault| format!("{name}, {language}, {how}: {fault}")).collect()
}

/// Not part of the tests: `make screenshots` runs it.
#[tokio::test]
#[ignore = "makes pictures: make screenshots"]
async fn screenshots() {
    let house = furnished().await;
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/screenshots");
    std::fs::create_dir_all(&folder).expect("a folder");
    let window = house.window("all").await;
    for (name, path) in pages(&window).await {
        for language in LANGUAGES {
            window.language(language).await;
            for ((width, height), scheme) in
                [(PHONE, "light"), (PHONE, "dark"), (DESK, "light"), (DESK, "dark")]
            {
                window.size(width, height).await;
                window.scheme(scheme).await;
                window.goto(&path).await;
                let file = folder.join(format!("{name}-{language}-{width}-{scheme}.png"));
                std::fs::write(file, window.picture().await).expect("a picture");
            }
        }
    }
    window.close().await;
}
