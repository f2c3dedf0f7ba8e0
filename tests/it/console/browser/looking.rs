//! Every page, looked at: axe-core finds nothing wrong in any language, and nothing is wider than the smallest phone.
//! `make screenshots` keeps a picture of each, at two widths, light and dark.

use std::path::Path;

use super::furnishing::{doors, furnished, pages};
use crate::support::chromium::Window;

/// The smallest phone, and a desk.
const PHONE: (u32, u32) = (360, 740);
const DESK: (u32, u32) = (1600, 1000);
const LANGUAGES: [&str; 3] = ["en", "es", "ru"];

#[tokio::test]
async fn no_page_shuts_anybody_out() {
    let house = furnished().await;
    let window = house.window("all").await;
    let mut faults = Vec::new();
    for (name, path) in pages(&house, &window).await {
        faults.extend(what_shuts_out(&window, name, &path).await);
    }
    let stranger = Window::open(&house.service.url).await;
    for (name, path) in doors(&house) {
        faults.extend(what_shuts_out(&stranger, name, &path).await);
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    window.close().await;
    stranger.close().await;
}

/// What is wrong with a page, in each language.
async fn what_shuts_out(window: &Window, name: &str, path: &str) -> Vec<String> {
    let mut faults = Vec::new();
    for language in LANGUAGES {
        window.language(language).await;
        window.size(PHONE.0, PHONE.1).await;
        window.goto(path).await;
        let wider = window.overflow().await;
        if wider > 0 {
            faults.push(format!("{name}, {language}: {wider} px wider than a phone"));
        }
        for word in window.broken_headings().await {
            faults.push(format!("{name}, {language}: a heading breaks within {word}"));
        }
        faults.extend(on(window, name, language, "phone").await);
        window.size(DESK.0, DESK.1).await;
        window.scheme("dark").await;
        faults.extend(on(window, name, language, "desk, dark").await);
        window.scheme("light").await;
    }
    faults
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
    for (name, path) in pages(&house, &window).await {
        pictures(&window, &folder, name, &path).await;
    }
    let stranger = Window::open(&house.service.url).await;
    for (name, path) in doors(&house) {
        pictures(&stranger, &folder, name, &path).await;
    }
    window.close().await;
    stranger.close().await;
}

async fn pictures(window: &Window, folder: &Path, name: &str, path: &str) {
    for language in LANGUAGES {
        window.language(language).await;
        for ((width, height), scheme) in [(PHONE, "light"), (PHONE, "dark"), (DESK, "light"), (DESK, "dark")]
        {
            window.size(width, height).await;
            window.scheme(scheme).await;
            window.goto(path).await;
            let file = folder.join(format!("{name}-{language}-{width}-{scheme}.png"));
            std::fs::write(file, window.picture().await).expect("a picture");
        }
    }
}
