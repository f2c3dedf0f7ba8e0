//! `motherline operator`: the first one is let in at the machine.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

use crate::support::engines::{postgres, sqlite};

fn operator(folder: &Path, address: &str, arguments: &[&str], typed: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_motherline"));
    command.arg("operator").args(arguments).args(["--database", address]);
    command.env_remove("MOTHERLINE_CONFIG").env_remove("MOTHERLINE_DATABASE");
    // The privacy key is made where the service would be started.
    command.current_dir(folder);
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("motherline runs");
    child.stdin.take().expect("its input").write_all(typed.as_bytes()).expect("typed");
    child.wait_with_output().expect("its end")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

#[tokio::test]
async fn the_first_one_is_let_in_at_the_machine() {
    let folder = TempDir::new().expect("a temporary folder");
    let mut address = sqlite(folder.path());
    for _ in 0..2 {
        let add = |more: &[&str], typed: &str| {
            let mut arguments = vec!["add", "ana@example.org", "--name", "Ana López"];
            arguments.extend(more);
            operator(folder.path(), &address, &arguments, typed)
        };
        let weak = add(&["--password-stdin"], "short\n");
        assert_eq!(
            (Some(2), true),
            (weak.status.code(), said(&weak).contains("15 characters")),
            "{}",
            said(&weak)
        );
        let unknown = add(&["--role", "queen"], "");
        assert!(said(&unknown).contains("there are viewer, operator"), "{}", said(&unknown));
        let nowhere = add(&["--role", "viewer:text4baby-usa"], "");
        assert!(said(&nowhere).contains("no program; there are text4baby-"), "{}", said(&nowhere));
        let link = said(&add(&[], ""));
        assert!(link.contains("It works once, for three days"), "{link}");
        let again = add(&[], "");
        assert!(
            said(&again).contains("there is an account for this e-mail address already"),
            "{}",
            said(&again)
        );
        let link = operator(folder.path(), &address, &["link", "Ana@Example.org"], "");
        let told = said(&link);
        let word = told.lines().find_map(|line| line.split_once("/console/welcome/")).expect("a link").1;
        assert_eq!(43, word.len(), "{told}");
        let roles = "viewer:text4baby-us,author";
        let bea = ["add", "bea@example.org", "--name", "Bea", "--role", roles, "--password-stdin"];
        let bea = operator(folder.path(), &address, &bea, "seven wet paper boats\n");
        assert!(said(&bea).contains("Bea can sign in as bea@example.org."), "{}", said(&bea));
        let list = said(&operator(folder.path(), &address, &["list"], ""));
        assert!(list.contains("ana@example.org  Ana López  administrator  invited until"), "{list}");
        assert!(list.contains("bea@example.org  Bea  author,viewer:text4baby-us  password"), "{list}");
        address = postgres();
    }
}
