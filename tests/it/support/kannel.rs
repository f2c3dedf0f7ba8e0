//! A real Kannel on loopback: Debian's bearerbox and smsbox, and their fakesmsc for a phone.
//!
//! `apt-get install kannel kannel-extras`. It is ready in a tenth of a second. What fakesmsc of
//! 1.4.5 does shapes this file: it gives up at once unless the SMSC's port is open; it asks
//! whether there is input before it looks into its buffer, so its input must be unbuffered; while
//! it waits for input it reads no text of ours for up to a second; and it prints what it got to
//! standard error.

use std::fs;
use std::io::Write;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use motherline::gateway::Secret;
use motherline::gateway::kannel::Settings;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep};

use super::kannel_phone::{self, Delivered};

const FAKESMSC: &str = "/usr/lib/kannel/test/fakesmsc";
const PATIENCE: Duration = Duration::from_secs(30);

/// Its programs end when it is dropped, before their folder goes.
pub struct Rig {
    phone: Program,
    _smsbox: Program,
    _bearerbox: Program,
    ports: Ports,
    folder: TempDir,
}

/// Ended by its own process id, and waited for, whatever becomes of the test.
struct Program(Child);

#[derive(Clone, Copy)]
struct Ports {
    admin: u16,
    smsbox: u16,
    smsc: u16,
    sendsms: u16,
}

impl Rig {
    /// `callback_url` is where our webhooks for this gateway are, without a final slash.
    pub async fn start(callback_url: &str, secret: &str) -> Self {
        // Ports are free when chosen; another test may still be quicker to take one.
        for _ in 0..3 {
            if let Some(rig) = Self::try_start(callback_url, secret).await {
                return rig;
            }
        }
        panic!("Kannel did not start on three sets of ports: is apt's kannel-extras installed?");
    }

    async fn try_start(callback_url: &str, secret: &str) -> Option<Self> {
        let folder = TempDir::new().expect("a folder");
        let ports = Ports::choose();
        let config = folder.path().join("kannel.conf");
        let text = ports.config(folder.path(), callback_url, secret);
        fs::write(&config, text).expect("its configuration");

        let mut bearerbox = Program::start(Command::new("/usr/sbin/bearerbox").arg(&config));
        ports.until_status_has("<status>connecting", &mut bearerbox).await?;
        let mut smsbox = Program::start(Command::new("/usr/sbin/smsbox").arg(&config));
        let mut phone = Program::phone(ports.smsc, &phone_log(folder.path()));
        ports.until_status_has("<status>online", &mut phone).await?;
        ports.until_status_has("<type>smsbox", &mut smsbox).await?;
        ports.until_sendsms_listens(&mut smsbox).await?;
        Some(Self { phone, _smsbox: smsbox, _bearerbox: bearerbox, ports, folder })
    }

    /// What a gateway must know of this Kannel.
    pub fn settings(&self, callback_url: &str, secret: &str) -> Settings {
        Settings {
            sendsms_url: format!("http://127.0.0.1:{}/cgi-bin/sendsms", self.ports.sendsms),
            username: "motherline".to_owned(),
            password: Secret::new("rig"),
            callback_secret: Secret::new(secret),
            peers: vec!["127.0.0.1".parse().expect("an address")],
            smsc: None,
            callback_url: callback_url.to_owned(),
        }
    }

    /// Someone types a text. What is not plain ASCII goes as UCS-2, as a phone would send it.
    pub fn handset_sends(&mut self, from: &str, to: &str, text: &str) {
        let plain = text.bytes().all(|byte| (b' '..=b'~').contains(&byte));
        let typed = if plain {
            format!("text {text}")
        } else {
            let octets = text.encode_utf16().flat_map(u16::to_be_bytes);
            let escaped: String = octets.map(|octet| format!("%{octet:02X}")).collect();
            format!("ucs2 {escaped}")
        };
        let mut keys = self.phone.0.stdin.as_ref().expect("its keys");
        writeln!(keys, "{from} {to} {typed}").expect("a phone");
    }

    /// What the phone got so far, in order of arrival.
    pub fn delivered(&self) -> Vec<Delivered> {
        let log = fs::read(phone_log(self.folder.path())).expect("the phone's log");
        kannel_phone::delivered(&String::from_utf8_lossy(&log))
    }

    /// Waits until that many texts arrived, and gives all there are.
    pub async fn delivered_once(&self, count: usize) -> Vec<Delivered> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let delivered = self.delivered();
            if delivered.len() >= count {
                return delivered;
            }
            assert!(Instant::now() < deadline, "after {PATIENCE:?} only {delivered:?}");
            sleep(Duration::from_millis(10)).await;
        }
    }
}

// Starting

impl Ports {
    /// All held at once, so that they differ.
    fn choose() -> Self {
        let held = [(); 4].map(|()| TcpListener::bind("127.0.0.1:0").expect("a free port"));
        let [admin, smsbox, smsc, sendsms] =
            held.each_ref().map(|port| port.local_addr().expect("an address").port());
        Self { admin, smsbox, smsc, sendsms }
    }

    /// As `deploy/kannel.conf.example`, with a phone for an operator and no patience.
    fn config(self, folder: &Path, callback_url: &str, secret: &str) -> String {
        let Self { admin, smsbox, smsc, sendsms } = self;
        let folder = folder.display();
        let secret: String = form_urlencoded::byte_serialize(secret.as_bytes()).collect();
        let secret = secret.replace('%', "%%");
        format!(
            r#"group = core
admin-port = {admin}
admin-interface = 127.0.0.1
admin-password = rig
smsbox-port = {smsbox}
smsbox-interface = 127.0.0.1
store-type = spool
store-location = "{folder}"
dlr-storage = internal
log-file = "{folder}/bearerbox.log"
log-level = 0

group = smsc
smsc = fake
smsc-id = phone
port = {smsc}
connect-allow-ip = 127.0.0.1

group = smsbox
bearerbox-host = 127.0.0.1
bearerbox-port = {smsbox}
sendsms-port = {sendsms}
sendsms-interface = 127.0.0.1
mo-recode = true
http-request-retry = 5
http-queue-delay = 1
log-file = "{folder}/smsbox.log"
log-level = 0

group = sendsms-user
username = motherline
password = rig
concatenation = true
max-messages = 10

group = sms-service
keyword = default
catch-all = true
max-messages = 0
get-url = "{callback_url}/inbound?from=%p&to=%P&id=%I&text=%b&charset=%C&coding=%c&time=%T&secret={secret}"
"#
        )
    }

    /// None when the process ended instead, as it does when a port was taken meanwhile.
    async fn until_status_has(self, words: &str, program: &mut Program) -> Option<()> {
        let deadline = Instant::now() + PATIENCE;
        while !self.status().await.unwrap_or_default().contains(words) {
            if program.has_ended() || Instant::now() > deadline {
                return None;
            }
            sleep(Duration::from_millis(10)).await;
        }
        Some(())
    }

    async fn status(self) -> std::io::Result<String> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.admin)).await?;
        stream.write_all(b"GET /status.xml HTTP/1.0\r\n\r\n").await?;
        let mut page = String::new();
        stream.read_to_string(&mut page).await?;
        Ok(page)
    }

    async fn until_sendsms_listens(self, program: &mut Program) -> Option<()> {
        let deadline = Instant::now() + PATIENCE;
        while TcpStream::connect(("127.0.0.1", self.sendsms)).await.is_err() {
            if program.has_ended() || Instant::now() > deadline {
                return None;
            }
            sleep(Duration::from_millis(10)).await;
        }
        Some(())
    }
}

impl Program {
    fn start(command: &mut Command) -> Self {
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        Self(command.spawn().expect("apt-get install kannel kannel-extras"))
    }

    fn phone(port: u16, log: &Path) -> Self {
        let mut command = Command::new("stdbuf");
        command.args(["-i0", FAKESMSC, "-H", "127.0.0.1", "-r"]).arg(port.to_string());
        // Seconds between two texts; by itself it takes one.
        command.args(["-i", "0.01"]);
        let log = fs::File::create(log).expect("the phone's log");
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(log);
        Self(command.spawn().expect("coreutils' stdbuf"))
    }

    fn has_ended(&mut self) -> bool {
        self.0.try_wait().expect("its state").is_some()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // Fails only for one that has ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn phone_log(folder: &Path) -> PathBuf {
    folder.join("phone.log")
}
