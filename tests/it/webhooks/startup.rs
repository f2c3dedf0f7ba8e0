//! What keeps it from starting, and what does not: a faulty configuration, a faulty library.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use super::house::{ACCOUNT, AMY, House, TOKEN, settings};
use super::twilio::Twilio;
use crate::support::engines;
use crate::support::service::{Settings, port};

#[test]
fn every_fault_of_a_configuration_is_told_at_once() {
    let config = r#"
        [server]
        listen = "everywhere"
        public_url = "https://tips.example.org"

        [database]
        url = "postgres://motherline:hunter2@db/motherline"

        [dispatch]
        concurrency = "many"

        [[gateway]]
        name = "twilio"
        kind = "twilio"
        auth_token = "written-here-by-mistake"
        acount_sid = "AC1"

        [[gateway]]
        name = "kannel"
        kind = "kannel"
        sendsms_url = "http://127.0.0.1:13013/cgi-bin/sendsms"
        username = "motherline"
        password = { env = "NOBODY_SET_THIS" }
        callback_secret = { file = "/nowhere/secret" }

        [[gateway]]
        name = "infobip"
        kind = "infobip"
        base_url = "api.infobip.com"
        api_key = { file = "key with spaces" }

        [[gateway]]
        name = "telnyx"
        kind = "telnyx"
        public_key = "hunter2"

        [[sender]]
        name = "long-code"
        gateway = "twillio"
        address = "+12025550100"
        programs = ["text4baby-us"]
        trial = true
        test_numbers = ["555"]
    "#;
    let (code, said) = Settings::new(config, "sqlite::memory:", port()).refused();
    assert_eq!(2, code, "{said}");
    let faults = [
        "server.listen: expected an address and a port, such as 127.0.0.1:8080",
        "database.url: expected no password here: put the whole address in url_secret",
        "dispatch.concurrency: expected a whole number from 1 to 1024",
        "gateway[1].auth_token: expected { env = \"NAME\" } or { file = \"/path\" }, never the secret itself",
        "gateway[1].account_sid: expected the account's SID, AC and 32 digits",
        "gateway[1].acount_sid: there is no such setting here",
        "gateway[2].password: expected a secret in the environment variable NOBODY_SET_THIS, which is missing or empty",
        "gateway[2].callback_secret: expected a secret in the file /nowhere/secret, which is missing or empty",
        "gateway[3].base_url: expected the account's own, such as https://xxxxx.api.infobip.com",
        "gateway[3].api_key: expected a secret in the file key with spaces, which is missing or empty",
        "gateway[3].callback_secret: expected { env = \"NAME\" } or { file = \"/path\" } of the secret",
        "gateway[4].public_key: expected the public key of the account, 44 letters of base64, as Telnyx's portal shows it",
        "gateway[4].api_key: expected { env = \"NAME\" } or { file = \"/path\" } of the secret",
        "sender[1].gateway: expected the name of a [[gateway]]",
        "sender[1].test_numbers: expected valid numbers with + and country code",
    ];
    for fault in faults {
        assert!(said.contains(&format!("motherline.toml: {fault}\n")), "{fault} is not in:\n{said}");
    }
    assert_eq!(faults.len(), said.lines().count(), "each fault once and nothing else:\n{said}");
    for secret in ["hunter2", "written-here-by-mistake"] {
        assert!(!said.contains(secret), "{said}");
    }
}

#[test]
fn a_file_that_is_no_toml_is_told_with_its_line_and_without_its_words() {
    let config = "[server]\nlisten = \"127.0.0.1:1\"\n[[gateway]]\nauth_token = hunter2 or not\n";
    let (code, said) = Settings::new(config, "sqlite::memory:", port()).refused();
    assert_eq!(2, code);
    assert!(said.contains("motherline.toml: line 4: ") && !said.contains("hunter2"), "{said}");
}

/// Numbers that could not be told apart, and settings that would leave everybody without a text.
#[test]
fn settings_that_cannot_work_together_are_faults() {
    let sender = |name: &str, more: &str| {
        format!(
            "[[sender]]\nname = \"{name}\"\ngateway = \"kannel\"\naddress = \"511411\"\n\
             programs = [\"text4baby-us\"]\n{more}\n"
        )
    };
    let gateway = "[[gateway]]\nname = \"kannel\"\nkind = \"kannel\"\nusername = \"u\"\n\
                   sendsms_url = \"http://127.0.0.1:1/\"\ncallback_url = \"http://127.0.0.1:2\"\n\
                   password = { env = \"A\" }\ncallback_secret = { env = \"A\" }\n";
    for (config, fault) in [
        (
            format!("{gateway}{}{}", sender("a", ""), sender("b", "")),
            "sender[2].address: expected an address that no other sender of this gateway has",
        ),
        (
            format!(
                "[server]\npublic_url = \"https://h\"\n[[gateway]]\nname = \"kannel\"\nkind = \"twilio\"\n\
                 account_sid = \"{ACCOUNT}\"\nauth_token = {{ env = \"A\" }}\n{}",
                sender("a", "").replace("511411", "+1 (202) 555-0100")
            ),
            "sender[1].address: expected the number as Twilio writes it, such as +12025550100, or a short code",
        ),
        (
            format!(
                "[[gateway]]\nname = \"kannel\"\nkind = \"telnyx\"\napi_key = {{ env = \"A\" }}\n\
                 public_key = \"6kpsY+KcUgq+9VB7Ey7F+ZVHdq6+vnuSQh7qaRRG0iw=\"\n{}",
                sender("a", "")
            ),
            "gateway[1].kind: expected server.public_url to be set: Telnyx is told with each text where to report it",
        ),
        (
            format!(
                "[server]\npublic_url = \"https://h\"\n[[gateway]]\nname = \"kannel\"\nkind = \"infobip\"\n\
                 base_url = \"https://x.api.infobip.com\"\napi_key = {{ env = \"A\" }}\n\
                 callback_secret = {{ env = \"A\" }}\n{}",
                sender("a", "").replace("511411", "Text4baby")
            ),
            "sender[1].address: expected the number as Infobip writes it, such as 12025550100, or a short code",
        ),
        (
            format!("{gateway}{}", sender("a", "trial = true")),
            "sender[1].test_numbers: expected the numbers that this trial sender may text",
        ),
        (gateway.to_owned(), "sender: expected a [[sender]] for the gateway kannel"),
        (
            "[[gateway]]\nname = \"g\"\nkind = \"twillio\"\nacount_sid = \"AC1\"\n".to_owned(),
            "gateway[1].kind: expected \"rehearsal\", \"twilio\", \"kannel\", \"infobip\" or \"telnyx\"",
        ),
    ] {
        let (code, said) = Settings::new(config, "sqlite::memory:", port()).secret("A", "s").refused();
        assert_eq!(2, code, "{said}");
        assert!(said.contains(&format!("motherline.toml: {fault}\n")), "{fault} is not in:\n{said}");
        assert_eq!(1, said.lines().count(), "{said}");
    }
}

#[tokio::test]
async fn a_broken_library_leaves_the_last_good_edition_in_force() {
    let folder = TempDir::new().expect("a folder");
    let library = folder.path().join("library");
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("message-library"), &library);
    let twilio = Twilio::open().await;
    let settings = settings(&twilio, &engines::sqlite(folder.path()), "").library(&library);
    let mut house = House::of(twilio, settings, folder).await;
    let good = house.says(AMY, "HELP").await;

    let replies = library.join("replies/en.toml");
    let words = fs::read_to_string(&replies).expect("the replies");
    fs::write(&replies, words.replace("help = \"{program}", "help = \"{progam}")).expect("a slip of the pen");
    assert_eq!(0, house.service.stop().await);
    house.service.start_again().await;
    let log = house.service.log();
    assert!(log.contains("the last good edition stays in force"), "{log}");
    assert!(log.contains("replies/en.toml:"), "the fault and its place:\n{log}");
    assert_eq!(good.body(), house.says(AMY, "INFO").await.body());

    // With no earlier edition there is nothing to send, and it says why.
    let empty = TempDir::new().expect("a folder");
    let (code, said) = Settings::new("", engines::sqlite(empty.path()), port()).library(&library).refused();
    assert_eq!(2, code);
    assert!(said.contains("there is no earlier edition to fall back on"), "{said}");
    assert!(said.contains("replies/en.toml:"), "the fault itself is told: {said}");
    assert!(!house.service.log().contains(TOKEN));
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("a file");
        }
    }
}
