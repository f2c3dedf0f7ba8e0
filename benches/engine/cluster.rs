//! A throwaway PostgreSQL like the tests' (`tests/it/support/engines.rs`), with one difference that forbids
//! sharing it: commits here wait for the disk, as they do in service.

use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// The server; gone, with its folder, when dropped.
pub struct Cluster {
    programs: PathBuf,
    port: u16,
    // The shell that guards the server ends it when our end of its standard input closes.
    guard: Child,
    folder: TempDir,
}

impl Cluster {
    /// Starts a server.
    pub fn start() -> Self {
        let (programs, owner) = (programs(), owner());
        let folder = TempDir::new().expect("a temporary folder");
        let data = folder.path().join("data");
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
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("its number").port();
        drop(listener);
        let script = format!(
            "'{}' -D '{}' -p {port} -k '{folder}' -c listen_addresses=127.0.0.1 >'{folder}/log' 2>&1 & \
             server=$!; echo $server >'{folder}/pid'; read _; kill -INT $server; wait $server",
            programs.join("postgres").display(),
            data.display(),
            folder = folder.path().display(),
        );
        let guard = as_owner(Path::new("/bin/sh"), owner)
            .args(["-c", &script])
            .stdin(Stdio::piped())
            .spawn()
            .expect("the server starts");
        let cluster = Self { programs, port, guard, folder };
        let patience = Instant::now() + Duration::from_secs(30);
        while !cluster.psql("SELECT 1").status.success() {
            assert!(Instant::now() < patience, "PostgreSQL did not start");
            std::thread::sleep(Duration::from_millis(50));
        }
        cluster
    }

    /// The address of one of its databases.
    pub fn address(&self, database: &str) -> String {
        format!("postgres://motherline@127.0.0.1:{}/{database}", self.port)
    }

    /// Runs a statement as its owner.
    pub fn sql(&self, sql: &str) {
        let done = self.psql(sql);
        assert!(done.status.success(), "{sql}: {}", String::from_utf8_lossy(&done.stderr));
    }

    /// Whether it has a database of that name.
    pub fn has(&self, database: &str) -> bool {
        let asked = self.psql(&format!("SELECT 'it is there' FROM pg_database WHERE datname = '{database}'"));
        String::from_utf8_lossy(&asked.stdout).contains("it is there")
    }

    /// The server's first process, whose children do the work.
    pub fn pid(&self) -> u32 {
        let written = std::fs::read_to_string(self.folder.path().join("pid")).expect("its process id");
        written.trim().parse().expect("a process id")
    }

    fn psql(&self, sql: &str) -> std::process::Output {
        Command::new(self.programs.join("psql"))
            .args(["-X", "-q", "-d", &self.address("postgres"), "-c", sql])
            .output()
            .expect("psql runs")
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.guard.stdin.take());
        // Ended by closing its input; the folder goes after it.
        let _ = self.guard.wait();
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
        .expect("PostgreSQL's server programs: install Debian's package postgresql (make bench does)")
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
