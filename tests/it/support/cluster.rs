//! A throwaway PostgreSQL, made from the installed server programs in a temporary folder, on a free loopback port.
//! Tests and benchmarks share this file; what they want of the server differs. A missing server fails loudly.

use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// The server. It ends, and its folder goes, when this is dropped or this process ends, however that ends: the shell
/// that guards it ends it when our end of its standard input closes.
pub struct Cluster {
    programs: PathBuf,
    port: u16,
    guard: Child,
    _folder: TempDir,
}

impl Cluster {
    /// Starts a server with these settings, each as `name=value`.
    pub fn start(settings: &[&str]) -> Self {
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
        let settings: String = settings.iter().map(|setting| format!(" -c {setting}")).collect();
        let script = format!(
            "'{}' -D '{}' -p {port} -k '{folder}' -c listen_addresses=127.0.0.1{settings} >'{folder}/log' 2>&1 & \
             server=$!; read _; kill -INT $server; wait $server; rm -rf '{folder}'",
            programs.join("postgres").display(),
            data.display(),
            folder = folder.path().display(),
        );
        let guard = as_owner(Path::new("/bin/sh"), owner)
            .args(["-c", &script])
            .stdin(Stdio::piped())
            .spawn()
            .expect("the server starts");
        let cluster = Self { programs, port, guard, _folder: folder };
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

    /// Runs a statement as its owner; gives what it says.
    pub fn ask(&self, sql: &str) -> String {
        let done = self.psql(sql);
        assert!(done.status.success(), "{sql}: {}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8_lossy(&done.stdout).trim().to_owned()
    }

    fn psql(&self, sql: &str) -> std::process::Output {
        Command::new(self.programs.join("psql"))
            .args(["-X", "-q", "-A", "-t", "-d", &self.address("postgres"), "-c", sql])
            .output()
            .expect("psql runs")
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.guard.stdin.take());
        // Nothing more can be done if even this fails.
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
    versions.pop().expect(
        "PostgreSQL's server programs: install Debian's package postgresql (make test and make bench do)",
    )
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
