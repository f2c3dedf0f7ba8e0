//! The console in a real browser, on the real program and both engines: what a person who has never seen it does there.

mod furnishing;
mod looking;
mod stories;

use std::io::Write as _;
use std::process::{Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;

use crate::support::chromium::Window;
use crate::support::engines::{postgres, sqlite};
use crate::support::service::{Service, Settings, port};

const PASSWORD: &str = "four quiet blue herons";

/// A service with people at its console.
pub struct House {
    pub service: Service,
    address: String,
    folder: TempDir,
}

impl House {
    /// Opens one on an engine.
    pub async fn open(address: String, folder: TempDir) -> Self {
        let settings = Settings::new("[console]\napprove_above = 2\n", &address, port());
        let service = Service::start(settings).await;
        let house = Self { service, address, folder };
        house.let_in("Ana López", "ana", "en", "administrator");
        house
    }

    /// Lets somebody in by the command line.
    pub fn let_in(&self, name: &str, email: &str, language: &str, roles: &str) {
        self.add(name, email, &["--role", roles, "--language", language, "--password-stdin"]);
    }

    /// Lets somebody in by a link; gives where it leads.
    pub fn invite(&self, name: &str, email: &str) -> String {
        let said = self.add(name, email, &["--role", "viewer"]);
        let place = said.find("/console/welcome/").expect("a link");
        said[place..].split_whitespace().next().expect("a link").to_owned()
    }

    fn add(&self, name: &str, email: &str, more: &[&str]) -> String {
        let mut command = Command::new(env!("CARGO_BIN_EXE_motherline"));
        command.args(["operator", "add", &format!("{email}@example.org"), "--name", name]);
        command.args(more).args(["--database", &self.address]);
        command.env_remove("MOTHERLINE_CONFIG").env_remove("MOTHERLINE_DATABASE");
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("motherline runs");
        let mut input = child.stdin.take().expect("its input");
        // Who is let in by a link has none yet, and may not wait for it.
        let _ = input.write_all(PASSWORD.as_bytes());
        drop(input);
        let done = child.wait_with_output().expect("its end");
        assert!(done.status.success(), "{name} is let in");
        String::from_utf8_lossy(&done.stdout).into_owned()
    }

    /// A window at which somebody is signed in.
    pub async fn window(&self, email: &str) -> Window {
        let window = Window::open(&self.service.url).await;
        window.sign_in(&format!("{email}@example.org"), PASSWORD).await;
        window
    }

    /// She texts.
    pub async fn text(&self, from: &str, body: &str) {
        use std::sync::atomic::{AtomicU32, Ordering};
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let id = NEXT.fetch_add(1, Ordering::Relaxed).to_string();
        let form = [("from", from), ("to", "rehearsal"), ("id", &id), ("body", body)];
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        // As a provider does, it comes again where it is told to.
        for _ in 0..50 {
            match self.service.post("/webhooks/rehearsal/inbound", &[], body.clone()).await {
                503 => tokio::time::sleep(Duration::from_millis(200)).await,
                status => return assert_eq!(200, status),
            }
        }
        panic!("a text is not taken");
    }
}

/// Runs a story on SQLite, then on PostgreSQL.
pub async fn on_each_engine(story: impl AsyncFn(&House)) {
    let folder = TempDir::new().expect("a temporary folder");
    let house = House::open(sqlite(folder.path()), folder).await;
    story(&house).await;
    drop(house);
    let house = House::open(postgres(), TempDir::new().expect("a temporary folder")).await;
    story(&house).await;
}
