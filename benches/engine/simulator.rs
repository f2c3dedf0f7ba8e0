//! A gateway on loopback, in a process of its own: takes any POST, answers 201 with a message's id in Twilio's
//! shape, and counts. It is this same program, started with [`ARGUMENT`], and ends when its standard input does,
//! so it never outlives the benchmark, however that ends.

use std::fmt::Write;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::get;
use axum::serve::ListenerExt;
use motherline::gateway::Http;
use motherline::gateway::http::Address;
use tokio::net::TcpListener;

/// What makes this program the simulator.
pub const ARGUMENT: &str = "gateway-simulator";

/// The running simulator.
pub struct Simulator {
    /// Where it listens, without a final slash.
    pub url: String,
    process: Child,
}

impl Simulator {
    /// Starts it.
    pub fn start() -> Self {
        let program = std::env::current_exe().expect("this program's path");
        let mut process = Command::new(program)
            .arg(ARGUMENT)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the simulator starts");
        let mut url = String::new();
        let said = process.stdout.take().expect("its output");
        BufReader::new(said).read_line(&mut url).expect("its address");
        Self { url: url.trim().to_owned(), process }
    }

    /// When it took texts to numbers that begin with [`HERS`], since this was last asked.
    pub async fn answers(&self, http: &Http) -> Vec<(String, Duration)> {
        let address = Address::parse(&format!("{}/answers", self.url)).expect("an address");
        let answer = http.exchange(address.get()).await.expect("the simulator answers");
        let lines = String::from_utf8(answer.body.into()).expect("its answers");
        let line = |line: &str| {
            let (number, micros) = line.split_once(' ')?;
            Some((number.to_owned(), Duration::from_micros(micros.parse().ok()?)))
        };
        lines.lines().filter_map(line).collect()
    }

    /// How many texts it has taken since it started.
    pub async fn count(&self, http: &Http) -> u64 {
        let address = Address::parse(&self.url).expect("its address");
        let answer = http.exchange(address.get()).await.expect("the simulator answers");
        String::from_utf8(answer.body.into()).expect("its count").parse().expect("a number")
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
pub fn run() {
    std::thread::spawn(|| {
        let mut nothing = Vec::new();
        let _ = std::io::stdin().read_to_end(&mut nothing);
        std::process::exit(0);
    });
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        println!("http://{}", listener.local_addr().expect("an address"));
        let app = Router::new().route("/", get(tell)).route("/answers", get(tell_answers));
        let app = app.fallback(take).with_state(Arc::default());
        let listener = listener.tap_io(|stream| {
            stream.set_nodelay(true).expect("no delay");
        });
        axum::serve(listener, app).await.expect("it serves");
    });
}

/// What it remembers.
#[derive(Default)]
struct Taken {
    texts: AtomicU64,
    /// The lines that are told of answers.
    answers: Mutex<String>,
}

async fn take(State(taken): State<Arc<Taken>>, form: Bytes) -> impl IntoResponse {
    if let Some(to) = form.strip_prefix(b"To=%2B").filter(|to| to.starts_with(&HERS.as_bytes()[1..])) {
        let at = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_micros();
        let digits: String =
            to.iter().take_while(|byte| byte.is_ascii_digit()).map(|byte| *byte as char).collect();
        let _ = writeln!(taken.answers.lock().expect("the answers"), "+{digits} {at}");
    }
    // The form has been read whole; what else it says does not matter here.
    let (number, length) = (taken.texts.fetch_add(1, Ordering::Relaxed) + 1, form.len());
    let body = format!(
        r#"{{"sid":"SM{number:032x}","account_sid":"{ACCOUNT}","api_version":"2010-04-01","status":"queued","direction":"outbound-api","num_segments":"1","num_media":"0","error_code":null,"error_message":null,"form_bytes":{length}}}"#
    );
    (StatusCode::CREATED, [(CONTENT_TYPE, "application/json")], body)
}

async fn tell(State(taken): State<Arc<Taken>>) -> String {
    taken.texts.load(Ordering::Relaxed).to_string()
}

async fn tell_answers(State(taken): State<Arc<Taken>>) -> String {
    std::mem::take(&mut taken.answers.lock().expect("the answers"))
}

/// An account that nobody has.
pub const ACCOUNT: &str = "AC00000000000000000000000000000000";
/// The beginning of the numbers of women who write: a country code that nobody has.
pub const HERS: &str = "+999";
