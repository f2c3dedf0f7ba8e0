//! Both database engines, so that every test of a flow runs on each.
//!
//! PostgreSQL is a throwaway cluster made from the installed server programs, one a test run, in a temporary
//! folder, on a free loopback port; each test gets a new, empty database. A missing server fails
//! loudly.

use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{LazyLock, Mutex};
use std::time::{Duration, Instant};

use motherline::store::Database;
use tempfile::TempDir;

/// Runs a test on SQLite, then on PostgreSQL.
pub async fn on_both(test: impl AsyncFn(Database)) {
    let folder = TempDir::new().expect("a temporary folder");
    for address in [sqlite(folder.path()), postgres()] {
        eprintln!("on {}", address.split(':').next().unwrap_or_default());
        let database = Database::open(&address, 8).await.expect("a database");
        test(database.clone()).await;
        database.close().await;
    }
}

/// The address of a new SQLite database in a folder.
pub fn sqlite(folder: &Path) -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    format!("sqlite:{}", folder.join(format!("motherline-{number}.db")).display())
}

/// The address of a new database on the throwaway cluster.
pub fn postgres() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let cluster = CLUSTER.lock().expect("the cluster");
    let name = format!("test_{}", NEXT.fetch_add(1, Ordering::Relaxed));
    cluster.sql(&format!("CREATE DATABASE {name}"));
    cluster.address(&name)
}

static CLUSTER: LazyLock<Mutex<Cluster>> = LazyLock::new(|| Mutex::new(Cluster::start()));

struct Cluster {
    programs: PathBuf,
    port: u16,
    // Held open: the shell that guards the server ends it when this end of the pipe closes, however the
    // test run ends.
    _guard: Child,
    _folder: TempDir,
}

impl Cluster {
    fn start() -> Self {
        let programs = programs();
        let folder = TempDir::new().expect("a temporary folder");
        let data = folder.path().join("data");
        let owner = owner();
        if let Some((user, group)) = owner {
            std::os::unix::fs::chown(folder.path(), Some(user), Some(group)).expect("the folder's owner");
        }
        let initdb = as_owner(&programs.join("initdb"), owner)
            .args([
                "--auth=trust",
                "--username=motherline",
                "--encoding=UTF8",
                "--no-sync",
                "--locale=C",
                "-D",
            ])
            .arg(&data)
            .output()
            .expect("initdb runs");
        assert!(initdb.status.success(), "initdb: {}", String::from_utf8_lossy(&initdb.stderr));
        let port = free_port();
        let script = format!(
            "'{}' -D '{}' -p {port} -k '{}' -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=200 \
             >'{}' 2>&1 & server=$!; read _; kill -INT $server; wait $server; rm -rf '{}'",
            programs.join("postgres").display(),
            data.display(),
            folder.path().display(),
            folder.path().join("log").display(),
            folder.path().display(),
        );
        let guard = as_owner(Path::new("/bin/sh"), owner)
            .args(["-c", &script])
            .stdin(Stdio::piped())
            .spawn()
            .expect("the server starts");
        let cluster = Self { programs, port, _guard: guard, _folder: folder };
        let patience = Instant::now() + Duration::from_secs(30);
        while !cluster.answers() {
            assert!(Instant::now() < patience, "PostgreSQL did not start");
            std::thread::sleep(Duration::from_millis(50));
        }
        cluster
    }

    fn address(&self, database: &str) -> String {
        format!("postgres://motherline@127.0.0.1:{}/{database}", self.port)
    }

    fn answers(&self) -> bool {
        self.psql("SELECT 1").status.success()
    }

    fn sql(&self, sql: &str) {
        let done = self.psql(sql);
        assert!(done.status.success(), "{sql}: {}", String::from_utf8_lossy(&done.stderr));
    }

    fn psql(&self, sql: &str) -> std::process::Output {
        Command::new(self.programs.join("psql"))
            .args(["-X", "-q", "-d", &self.address("postgres"), "-c", sql])
            .output()
            .expect("psql runs")
    }
}

/// The newest installed server's programs.
fn programs() -> PathBuf {
    let mut versions: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .map(|entries| entries.filter_map(|entry| Some(entry.ok()?.path().join("bin"))).collect())
        .unwrap_or_default();
    versions.retain(|path| path.join("postgres").exists());
    versions.sort();
    versions
        .pop()
        .expect("PostgreSQL's server programs: install Debian's package postgresql (make test does)")
}

/// PostgreSQL refuses to run as root; Debian's package brings a user for it.
fn owner() -> Option<(u32, u32)> {
    let me = std::fs::metadata("/proc/self").ok()?;
    if std::os::unix::fs::MetadataExt::uid(&me) != 0 {
        return None;
    }
    let users = std::fs::read_to_string("/etc/passwd").ok()?;
    let line = users.lines().find(|line| line.starts_with("postgres:"))?;
    let mut ids = line.split(':').skip(2);
    Some((ids.next()?.parse().ok()?, ids.next()?.parse().ok()?))
}

fn as_owner(program: &Path, owner: Option<(u32, u32)>) -> Command {
    let mut command = Command::new(program);
    command.current_dir("/");
    if let Some((user, group)) = owner {
        command.gid(group).uid(user);
    }
    command
}

/// A loopback port that is free now.
pub fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())
        .expect("a free port")
        .port()
}
