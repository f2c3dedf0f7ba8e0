//! `motherline gateway-simulator`, the real program.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use http::HeaderValue;
use http::header::CONTENT_TYPE;
use motherline::gateway::Http;
use motherline::gateway::http::Address;

use super::{ACCOUNT, HER};

/// Starts it; its address.
fn start(arguments: &[&str]) -> (Child, BufReader<std::process::ChildStdout>, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_motherline"))
        .args(["gateway-simulator", "--listen", "127.0.0.1:0", "--end-with-stdin", "--no-reports"])
        .args(arguments)
        .env_remove("MOTHERLINE_CONFIG")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("motherline runs");
    let mut said = BufReader::new(child.stdout.take().expect("its output"));
    let mut url = String::new();
    said.read_line(&mut url).expect("its address");
    assert!(url.starts_with("http://127.0.0.1:"), "{url}");
    (child, said, url.trim().to_owned())
}

async fn text(url: &str) -> u16 {
    let http = Http::new(Duration::from_secs(5)).expect("a client");
    let address = Address::parse(&format!("{url}/2010-04-01/Accounts/{ACCOUNT}/Messages.json"));
    let form = format!("To={}&From=%2B12025550100&Body=a+secret", HER.replace('+', "%2B"));
    let kind = HeaderValue::from_static("application/x-www-form-urlencoded");
    let address = address.expect("an address").with(CONTENT_TYPE, kind);
    http.exchange(address.post(form)).await.expect("an answer").status.as_u16()
}

#[tokio::test]
async fn it_tells_its_account_when_its_input_ends() {
    for threads in ["1", "2"] {
        let (mut child, mut said, url) = start(&["--threads", threads, "--errors", "21610=1"]);
        assert_eq!(400, text(&url).await);
        drop(child.stdin.take());
        assert!(child.wait().expect("its end").success());
        let mut account = String::new();
        said.read_to_string(&mut account).expect("its account");
        let figures = |line: &str| line.split_whitespace().last().map(str::to_owned);
        let found = account.lines().find(|line| line.contains("not taken: 21610")).and_then(figures);
        assert_eq!(Some("1".to_owned()), found, "{account}");
        assert!(!account.contains(&HER[2..]) && !account.contains("a secret"));
    }
}

#[tokio::test]
async fn it_tells_its_account_when_it_is_stopped() {
    let (mut child, mut said, url) = start(&[]);
    assert_eq!(201, text(&url).await);
    let stopped = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().expect("kill");
    assert!(stopped.success() && child.wait().expect("its end").success());
    let mut account = String::new();
    said.read_to_string(&mut account).expect("its account");
    assert!(account.starts_with("texts asked for") && account.contains("different texts taken"), "{account}");
}

#[test]
fn it_does_not_start_with_what_it_cannot_read() {
    for arguments in [["--errors", "500=2"], ["--outage", "20..10"], ["--latency-p50-ms", "20"]] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_motherline"));
        let output = command.arg("gateway-simulator").args(arguments).output().expect("motherline runs");
        assert_eq!(Some(2), output.status.code(), "{arguments:?}");
    }
}
