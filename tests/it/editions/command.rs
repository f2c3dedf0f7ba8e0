//! The same by the command line, on a database that a service would have open.

use std::path::Path;
use std::process::{Command, Output};

use motherline::library::Files;
use motherline::store::Database;
use tempfile::TempDir;

use super::{HER, STARTER, enroll, with, world};
use crate::conversation::at;
use crate::support::engines;

fn written(files: &Files, folder: &Path) {
    for (path, text) in &files.0 {
        let path = folder.join(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(path, text).expect("written");
    }
}

/// `motherline library` on a database.
struct Library<'a> {
    folder: &'a Path,
    address: &'a str,
    library: String,
}

impl Library<'_> {
    fn run(&self, arguments: &[&str]) -> (Option<i32>, String) {
        let output = Command::new(env!("CARGO_BIN_EXE_motherline"))
            .env_remove("MOTHERLINE_CONFIG")
            .current_dir(self.folder)
            .args(["library", "--database", self.address, "--library", &self.library])
            .args(arguments)
            .stdin(std::process::Stdio::null())
            .output()
            .expect("motherline runs");
        (output.status.code(), said(&output))
    }
}

fn said(output: &Output) -> String {
    let both = [output.stdout.as_slice(), output.stderr.as_slice()].concat();
    String::from_utf8_lossy(&both).into_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn published_compared_rolled_back_and_recalled() {
    let folder = TempDir::new().expect("a folder");
    let address = engines::sqlite(folder.path());
    let database = Database::open(&address, 2).await.expect("a database");
    let mut world = world(&database).await;
    enroll(&mut world, HER, "10001").await;
    world.advance_to(at("2026-11-24T20:00:00-05:00")).await.expect("time");
    let library = folder.path().join("library");
    written(&with("Anew."), &library);
    let library =
        Library { folder: folder.path(), address: &address, library: library.display().to_string() };
    let run = |arguments: &[&str]| library.run(arguments);
    let (code, unsigned) = run(&["publish"]);
    assert!(code == Some(2) && unsigned.contains("--by"), "nobody publishes without a name: {unsigned}");
    let (code, published) = run(&["publish", "--by", "Ana", "--why", "a warmer welcome"]);
    assert!(code == Some(0) && published.contains("Edition 2 is published"), "{published}");
    let (code, diff) = run(&["diff", "1", "2"]);
    assert_eq!(Some(0), code);
    assert!(diff.contains("~ text4baby-us us-starter-1-welcome") && diff.contains("en + Anew."), "{diff}");
    let (code, back) = run(&["rollback", "1", "--by", "Ana", "--why", "the old one was shorter"]);
    assert!(code == Some(0) && back.contains("Edition 3"), "{back}");
    let (_, list) = run(&["editions"]);
    assert!(list.lines().next().is_some_and(|line| line.contains("says the same as 1")), "{list}");

    let recall = ["recall", "us-starter-1-welcome", "--by", "Ana", "--why", "a wrong number"];
    let words = ["--say", "en=The right number is 211.", "--say", "es=El numero correcto es 211."];
    let (code, stopped) = run(&recall);
    assert!(code == Some(0) && stopped.contains("1 women got it in text4baby-us (en)"), "{stopped}");
    let (code, half) = run(&[&recall[..], &words[..2]].concat());
    assert!(code == Some(2) && half.contains("no words in es"), "{half}");
    let (code, unconfirmed) = run(&[&recall[..], &words[..]].concat());
    assert!(code == Some(1) && unconfirmed.contains("Type 1 to tell 1 women"), "{unconfirmed}");
    let (code, wrong) = run(&[&recall[..], &words[..], &["--confirm", "2"]].concat());
    assert!(code == Some(1) && wrong.contains("Nobody was told"), "{wrong}");
    let (code, told) = run(&[&recall[..], &words[..], &["--confirm", "1"]].concat());
    assert!(code == Some(0) && told.contains("queued to 1 women"), "{told}");
    let (code, nothing) = run(&["recall", "no-such-tip", "--by", "Ana", "--why", "a slip"]);
    assert!(code == Some(2) && nothing.contains("no edition has a tip"), "{nothing}");
    let (code, listed) = run(&["recall", "--list"]);
    assert!(code == Some(0) && listed.contains("a wrong number"), "{listed}");
    database.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn saved_into_a_folder_without_loss_of_what_was_not_published() {
    let folder = TempDir::new().expect("a folder");
    let address = engines::sqlite(folder.path());
    let database = Database::open(&address, 2).await.expect("a database");
    // The first edition.
    world(&database).await;
    let library = folder.path().join("library");
    written(&with("Anew."), &library);
    let work = Library { folder: folder.path(), address: &address, library: library.display().to_string() };
    let (code, published) = work.run(&["publish", "--by", "Ana", "--why", "a warmer welcome"]);
    assert_eq!(Some(0), code, "{published}");
    let own = folder.path().join("own");
    let to = own.display().to_string();
    let starter = own.join(STARTER);
    let read = || std::fs::read_to_string(&starter).expect("the starter pack");
    let (code, saved) = work.run(&["save", &to]);
    assert!(code == Some(0) && saved.contains("Edition 2:") && read().contains("Anew. "), "{saved}");
    let (code, again) = work.run(&["save", &to]);
    assert!(code == Some(0) && again.contains("Edition 2: 0 files written"), "{again}");
    // What an edition had is written over; what none had is not, before it is said.
    let (code, first) = work.run(&["save", &to, "--edition", "1"]);
    assert!(code == Some(0) && first.contains("Edition 1: 1 files written"), "{first}");
    std::fs::write(&starter, read().replace("text.en = \"", "text.en = \"Unpublished. ")).expect("written");
    std::fs::write(own.join("notes.txt"), "mine").expect("written");
    let (code, refused) = work.run(&["save", &to]);
    assert!(code != Some(0) && refused.contains(STARTER), "{refused}");
    assert!(read().contains("Unpublished. "), "nothing is lost");
    let (code, over) = work.run(&["save", &to, "--over"]);
    assert!(code == Some(0) && !read().contains("Unpublished. ") && read().contains("Anew. "), "{over}");
    assert_eq!("mine", std::fs::read_to_string(own.join("notes.txt")).expect("a file"));
    let (code, unknown) = work.run(&["save", &to, "--edition", "9"]);
    assert!(code != Some(0) && unknown.contains("there is no edition 9"), "{unknown}");
    database.close().await;
}
