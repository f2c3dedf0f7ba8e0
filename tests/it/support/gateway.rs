//! The gateway simulator in a process of its own, as an operator would start it: it goes on while the service is
//! killed, and ends with the test.

use std::collections::HashMap;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use motherline::ids::text_of;
use uuid::Uuid;

/// The running simulator.
pub struct Simulator {
    /// Where it listens, without a final slash.
    pub url: String,
    http: reqwest::Client,
    child: Child,
}

/// What it says of one text of ours, all its tries together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Carried {
    /// How often it was asked for.
    pub asked: u64,
    /// How often it was taken: more than once is a text that she got twice.
    pub taken: u64,
}

impl Simulator {
    /// Starts it with these arguments, which signs its reports with `token`.
    pub fn start(arguments: &[&str], token: &str) -> Self {
        Self::start_at("127.0.0.1:0", arguments, token)
    }

    /// The same at an address that was settled before.
    pub fn start_at(address: &str, arguments: &[&str], token: &str) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_motherline"))
            .args(["gateway-simulator", "--listen", address, "--end-with-stdin"])
            .args(arguments)
            .env("MOTHERLINE_SIMULATOR_TOKEN", token)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the simulator starts");
        let mut said = BufReader::new(child.stdout.take().expect("its output"));
        let mut url = String::new();
        said.read_line(&mut url).expect("its address");
        let http = reqwest::Client::builder().timeout(Duration::from_secs(30)).build().expect("a client");
        Self { url: url.trim().to_owned(), http, child }
    }

    /// Its account in numbers, as JSON.
    pub async fn account(&self) -> serde_json::Value {
        serde_json::from_str(&self.read("/account").await).expect("an account")
    }

    /// Its account of each text of ours.
    pub async fn texts(&self) -> HashMap<Uuid, Carried> {
        let lines = self.read("/account/texts").await;
        let mut all: HashMap<Uuid, Carried> = HashMap::new();
        for line in lines.lines().skip(1) {
            let fields: Vec<&str> = line.split(',').collect();
            let number = |index: usize| fields[index].parse::<u64>().expect("a number");
            let reference: Uuid = fields[0].parse().expect("our name for a try");
            let text = all.entry(text_of(reference).0).or_default();
            text.asked += number(3);
            text.taken += number(4);
        }
        all
    }

    async fn read(&self, path: &str) -> String {
        let answer = self.http.get(format!("{}{path}", self.url)).send().await.expect("an answer");
        answer.text().await.expect("its words")
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        // Ended by closing its input.
        let _ = self.child.wait();
    }
}
