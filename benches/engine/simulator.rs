//! The gateway: the product's own simulator, in a process of its own, keeping its account. It is this same program,
//! started with [`ARGUMENT`], and ends when its standard input does, so it never outlives the benchmark, however
//! that ends.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use motherline::gateway::Http;
use motherline::gateway::http::Address;
use motherline::simulator::{Latency, Settings, serve};
use serde_json::Value;
use tokio::net::TcpListener;

/// What makes this program the simulator; after it stands how long an answer takes, in milliseconds.
pub const ARGUMENT: &str = "gateway-simulator";
/// An account that nobody has.
pub const ACCOUNT: &str = "AC00000000000000000000000000000000";

/// The running simulator.
pub struct Simulator {
    /// Where it listens, without a final slash.
    pub url: String,
    http: Http,
    process: Child,
}

/// What it took since its account began.
pub struct Account {
    /// Texts.
    pub taken: u64,
    /// Of these, texts that it had taken before.
    pub again: u64,
}

impl Simulator {
    /// Starts one that answers after so long.
    pub fn start(latency: Duration) -> Self {
        let program = std::env::current_exe().expect("this program's path");
        let mut process = Command::new(program)
            .args([ARGUMENT, &latency.as_millis().to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the simulator starts");
        let mut url = String::new();
        let said = process.stdout.take().expect("its output");
        BufReader::new(said).read_line(&mut url).expect("its address");
        let http = Http::new(Duration::from_secs(10)).expect("a client");
        Self { url: url.trim().to_owned(), http, process }
    }

    /// Begins a new account.
    pub async fn clear(&self) {
        let address = Address::parse(&format!("{}/account/reset", self.url)).expect("an address");
        self.http.exchange(address.post("")).await.expect("a new account");
    }

    /// The account.
    pub async fn account(&self) -> Account {
        let address = Address::parse(&format!("{}/account", self.url)).expect("an address");
        let account = self.http.exchange(address.get()).await.expect("its account");
        let account: Value = account.json().expect("its numbers");
        let number = |name: &str| account.pointer(name).and_then(Value::as_u64).expect("a number");
        Account { taken: number("/taken"), again: number("/doubles/texts_again") }
    }

    /// Its account must say what our database says, and nothing twice.
    pub async fn agrees(&self, recorded: u64) {
        let account = self.account().await;
        assert_eq!(account.taken, recorded, "what the gateway took is not what was recorded");
        assert_eq!(0, account.again, "the gateway took texts twice");
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        // Ended by closing its input; nothing more can be done if even this fails.
        let _ = self.process.wait();
    }
}

/// The simulator's own life.
pub fn run(latency: &str) {
    end_with_input();
    let latency: Latency = latency.parse().expect("milliseconds");
    let settings = Settings { latency, reports: None, ..Settings::default() };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        println!("http://{}", listener.local_addr().expect("an address"));
        serve(listener, settings, std::future::pending()).await.expect("it serves");
    });
}

/// Ends this process when its standard input ends.
fn end_with_input() {
    std::thread::spawn(|| {
        let mut nothing = Vec::new();
        let _ = std::io::stdin().read_to_end(&mut nothing);
        std::process::exit(0);
    });
}
