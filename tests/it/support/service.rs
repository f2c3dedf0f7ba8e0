//! The real program, `motherline serve`, started as an operator would: a configuration file, secrets in the
//! environment, a database of its own. Everything it leaves behind is looked at from outside.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::{Duration, Instant};

use motherline::domain::delivery::State;
use motherline::gateway::Http;
use motherline::gateway::http::Address;
use motherline::store::Database;
use sqlx::FromRow;
use tempfile::TempDir;

/// What should happen at once may take so long on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);
/// In which it must have stopped: well before systemd would kill it, after 60 seconds (`deploy/motherline.service`).
const STOPS: Duration = Duration::from_secs(20);

/// How it is started.
#[derive(Clone)]
pub struct Settings {
    /// The text of the configuration file.
    pub config: String,
    /// Environment variables: the secrets that the configuration names.
    pub secrets: Vec<(&'static str, String)>,
    /// The database's address.
    pub database: String,
    /// The database's address for the test itself, where something stands between it and the service.
    pub looked_at: Option<String>,
    /// The port it listens on; see [`port`].
    pub port: u16,
    /// The message library's folder; none: the one of this checkout.
    pub library: Option<PathBuf>,
    /// The parts it runs, as `--only` takes them; none: all.
    pub only: Option<&'static str>,
    /// What a shell does before it becomes the program.
    pub before: Option<&'static str>,
}

impl Settings {
    pub fn new(config: impl Into<String>, database: impl Into<String>, port: u16) -> Self {
        let (config, database) = (config.into(), database.into());
        Self {
            config,
            secrets: Vec::new(),
            database,
            looked_at: None,
            port,
            library: None,
            only: None,
            before: None,
        }
    }

    #[must_use]
    pub fn secret(mut self, name: &'static str, value: &str) -> Self {
        self.secrets.push((name, value.to_owned()));
        self
    }

    #[must_use]
    pub fn library(mut self, folder: &Path) -> Self {
        self.library = Some(folder.to_owned());
        self
    }

    fn command(&self, folder: &Path) -> Command {
        let config = folder.join("motherline.toml");
        fs::write(&config, &self.config).expect("its configuration");
        let program = env!("CARGO_BIN_EXE_motherline");
        let mut command = match self.before {
            Some(before) => {
                let mut shell = Command::new("/bin/sh");
                shell.args(["-c", &format!("{before}; exec \"$0\" \"$@\""), program]);
                shell
            }
            None => Command::new(program),
        };
        command.args(["serve", "--config"]).arg(config);
        command.args(["--listen", &format!("127.0.0.1:{}", self.port), "--database", &self.database]);
        if let Some(library) = &self.library {
            command.arg("--library").arg(library);
        }
        if let Some(parts) = self.only {
            command.args(["--only", parts]);
        }
        command.env_remove("MOTHERLINE_CONFIG").env_remove("MOTHERLINE_DATABASE");
        command.env("RUST_LOG", "info,motherline=debug,sqlx=warn,hyper=warn,hyper_util=warn");
        command.envs(self.secrets.iter().map(|(name, value)| (name, value))).stdin(Stdio::null());
        command
    }

    /// Starts it where it must not start: its exit code, and what it said.
    pub fn refused(&self) -> (i32, String) {
        let folder = TempDir::new().expect("a temporary folder");
        let said = folder.path().join("log");
        let log = File::create(&said).expect("its log");
        let mut command = self.command(folder.path());
        command.stdout(log.try_clone().expect("its log")).stderr(log);
        let mut child = command.spawn().expect("motherline runs");
        let deadline = Instant::now() + PATIENCE;
        let code = loop {
            if let Some(status) = child.try_wait().expect("its state") {
                break status.code().expect("an exit code");
            }
            if Instant::now() > deadline {
                let _ = child.kill();
                let _ = child.wait();
                panic!("it runs on: {}", fs::read_to_string(&said).unwrap_or_default());
            }
            std::thread::sleep(Duration::from_millis(20));
        };
        (code, fs::read_to_string(&said).expect("what it said"))
    }
}

/// A running service; ended by its own process id when dropped.
pub struct Service {
    settings: Settings,
    /// `http://127.0.0.1:PORT`.
    pub url: String,
    /// For a look at what it wrote, and for moving dates.
    pub database: Database,
    http: Http,
    child: Child,
    folder: TempDir,
}

impl Service {
    /// Starts it and waits until it is ready.
    pub async fn start(settings: Settings) -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        let url = format!("http://127.0.0.1:{}", settings.port);
        let child = spawn(&settings, folder.path());
        let http = Http::new(Duration::from_secs(30)).expect("a client");
        // The service makes the tables; two that make them at once would be another test.
        let database = Database::in_memory().await.expect("a placeholder");
        let mut service = Self { settings, url, database, http, child, folder };
        service.until_ready().await;
        let address = service.settings.looked_at.as_ref().unwrap_or(&service.settings.database);
        service.database = Database::open(address, 3).await.expect("its database");
        service
    }

    async fn until_ready(&mut self) {
        let deadline = Instant::now() + PATIENCE;
        while self.get("/health/ready").await.is_none_or(|(status, _)| status != 200) {
            let ended = self.child.try_wait().expect("its state");
            assert!(ended.is_none() && Instant::now() < deadline, "{ended:?}: {}", self.log());
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// A page: its status and its words; none if nothing answers.
    pub async fn get(&self, path: &str) -> Option<(u16, String)> {
        let address = Address::parse(&format!("{}{path}", self.url)).expect("an address");
        let answer = self.http.exchange(address.get()).await.ok()?;
        Some((answer.status.as_u16(), String::from_utf8(answer.body.into()).ok()?))
    }

    /// Posts a form; gives the status.
    pub async fn post(&self, path: &str, headers: &[(&str, &str)], body: String) -> u16 {
        let form = [("content-type", "application/x-www-form-urlencoded")];
        let mut address = Address::parse(&format!("{}{path}", self.url)).expect("an address");
        for (name, value) in form.iter().chain(headers) {
            let name = name.parse().expect("a header's name");
            address = address.with(name, value.parse().expect("a header's value"));
        }
        self.http.exchange(address.post(body)).await.expect("an answer").status.as_u16()
    }

    /// The value of a series in `/metrics`, by the beginning of its line; 0 while it is not counted.
    pub async fn metric(&self, series: &str) -> f64 {
        let (_, page) = self.get("/metrics").await.expect("metrics");
        let line = page.lines().find(|line| line.starts_with(series));
        line.and_then(|line| line.rsplit(' ').next()?.parse().ok()).unwrap_or(0.0)
    }

    /// Everything it has said so far, on both outputs.
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).expect("its log")
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// kill -9.
    pub fn kill(&mut self) {
        self.child.kill().expect("it ran");
        self.child.wait().expect("its end");
    }

    /// SIGTERM; gives the exit code.
    pub async fn stop(&mut self) -> i32 {
        let id = self.child.id().to_string();
        let sent = Command::new("kill").args(["-TERM", &id]).status().expect("kill");
        assert!(sent.success(), "SIGTERM to {id}");
        let deadline = Instant::now() + STOPS;
        loop {
            if let Some(status) = self.child.try_wait().expect("its state") {
                return status.code().expect("an exit code, not a signal");
            }
            assert!(Instant::now() < deadline, "it does not stop: {}", self.log());
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Starts it again after [`Service::kill`] or [`Service::stop`], on the same database.
    pub async fn start_again(&mut self) {
        self.child = spawn(&self.settings, self.folder.path());
        self.until_ready().await;
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // Fails only for one that has ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
        if std::thread::panicking() {
            eprintln!("The service said:\n{}", self.log());
        }
    }
}

fn spawn(settings: &Settings, folder: &Path) -> Child {
    let log = File::options().create(true).append(true).open(folder.join("log")).expect("its log");
    let mut command = settings.command(folder);
    command.stdout(log.try_clone().expect("its log")).stderr(log);
    command.spawn().expect("motherline runs")
}

/// A free port below those that the system hands out to connections by itself, so that nothing takes it
/// between now and the start.
pub fn port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let process = u16::try_from(std::process::id() % 90).expect("small");
    for _ in 0..1000 {
        let port = 20_000 + process * 100 + NEXT.fetch_add(1, Ordering::Relaxed) % 100;
        if std::net::TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
    panic!("no free port");
}

/// Waits until there is something to see.
pub async fn eventually<T>(what: &str, look: impl AsyncFn() -> Option<T>) -> T {
    eventually_within(PATIENCE, what, look).await
}

/// Waits longer than usual until there is something to see.
pub async fn eventually_within<T>(patience: Duration, what: &str, look: impl AsyncFn() -> Option<T>) -> T {
    let deadline = Instant::now() + patience;
    loop {
        if let Some(seen) = look().await {
            return seen;
        }
        assert!(Instant::now() < deadline, "after {patience:?} still not: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

// What it wrote

/// Runs the same statement on whichever engine it is: `on_each!(database, |pool| …)`.
macro_rules! on_each {
    ($database:expr, |$pool:ident| $body:expr) => {
        match $database {
            motherline::store::Database::Sqlite { write: $pool, .. } => $body,
            motherline::store::Database::Postgres($pool) => $body,
        }
    };
}
pub(crate) use on_each;

/// A text to her, as its row stands.
#[derive(Clone, Debug, FromRow)]
pub struct Sent {
    pub kind: String,
    #[sqlx(rename = "state")]
    code_of_state: i16,
    pub tries: i16,
    pub tip: Option<String>,
    pub code: Option<String>,
    pub reason: Option<String>,
}

impl Sent {
    pub fn state(&self) -> &'static str {
        State::from_code(self.code_of_state).expect("a state").name()
    }
}

/// An alarm.
#[derive(Clone, Debug, FromRow)]
pub struct Alarm {
    pub subject: String,
    pub detail: String,
}

impl Service {
    /// All texts to a number, in the order in which they were queued.
    pub async fn sent_to(&self, phone: &str) -> Vec<Sent> {
        let select = "SELECT kind, state, tries, tip, code, reason
                        FROM texts
                       WHERE phone = $1 ORDER BY queued_at, id";
        on_each!(&self.database, |pool| sqlx::query_as(select).bind(phone).fetch_all(pool).await)
            .expect("the outbox")
    }

    /// The states of all texts to a number.
    pub async fn states(&self, phone: &str) -> Vec<&'static str> {
        self.sent_to(phone).await.iter().map(Sent::state).collect()
    }

    /// Waits until the texts to a number are in these states.
    pub async fn until_states(&self, phone: &str, states: &[&str]) {
        eventually(&format!("texts that are {states:?}"), async || {
            (self.states(phone).await == states).then_some(())
        })
        .await;
    }

    /// Every alarm of a kind.
    pub async fn alarms(&self, kind: &str) -> Vec<Alarm> {
        let select = "SELECT subject, detail FROM alarms WHERE kind = $1 ORDER BY at";
        on_each!(&self.database, |pool| sqlx::query_as(select).bind(kind).fetch_all(pool).await)
            .expect("the alarms")
    }

    /// What the texts of a number were taken for; none: not handled yet.
    pub async fn heard(&self, phone: &str) -> Vec<Option<String>> {
        let select = "SELECT intent FROM inbox WHERE phone = $1 ORDER BY received_at, id";
        on_each!(&self.database, |pool| sqlx::query_scalar(select).bind(phone).fetch_all(pool).await)
            .expect("the inbox")
    }

    /// Waits until all texts of a number are handled, and there are that many.
    pub async fn heard_all(&self, phone: &str, count: usize) -> Vec<String> {
        eventually("her texts are handled", async || {
            let heard: Option<Vec<String>> = self.heard(phone).await.into_iter().collect();
            heard.filter(|heard| heard.len() == count)
        })
        .await
    }

    /// The states of a number's enrollments.
    pub async fn enrollments(&self, phone: &str) -> Vec<String> {
        let select = "SELECT e.state FROM enrollments e JOIN subscribers s ON s.id = e.subscriber_id
                       WHERE s.phone = $1 ORDER BY e.enrolled_at, e.id";
        on_each!(&self.database, |pool| sqlx::query_scalar(select).bind(phone).fetch_all(pool).await)
            .expect("the enrollments")
    }

    /// Whether a number has stopped, and whether its provider blocks it.
    pub async fn stopped_and_blocked(&self, phone: &str) -> (bool, bool) {
        let select =
            "SELECT stopped_at IS NOT NULL, blocked_at IS NOT NULL FROM subscribers WHERE phone = $1";
        on_each!(&self.database, |pool| sqlx::query_as(select).bind(phone).fetch_one(pool).await)
            .expect("the subscriber")
    }
}
