//! The configuration: a TOML file, read whole, every fault told at once with its key and what is expected.
//!
//! Secrets never stand in the file: it names an environment variable or a file that holds them. Everything
//! here becomes constructor arguments in `cli::serve`; nothing below names it.

mod console;
mod database;
mod gateways;
mod numbers;
mod privacy;
mod reader;
mod retention;
mod senders;
mod server;

use std::path::{Path, PathBuf};

pub use self::database::DatabaseSection;
pub use self::gateways::{GatewayKind, GatewaySection};
pub use self::privacy::PrivacySection;
pub use self::reader::ConfigFault;
pub use self::server::ServerSection;

use self::reader::Section;
use crate::flows::retention::Retention;
use crate::flows::senders::Sender;
use crate::flows::silence::Patience;
use crate::web::console::Settings;

/// The whole configuration.
#[derive(Debug)]
pub struct Config {
    /// Where it listens, and how it is reached.
    pub server: ServerSection,
    /// Where everything is kept.
    pub database: DatabaseSection,
    /// The message library's folder; none: `./message-library`, or the copy built into the program.
    pub library: Option<PathBuf>,
    /// Texts in flight, a sender.
    pub concurrency: usize,
    /// The gateways.
    pub gateways: Vec<GatewaySection>,
    /// The senders.
    pub senders: Vec<Sender>,
    /// How long what has ended is kept.
    pub retention: Retention,
    /// By which erased numbers are known.
    pub privacy: PrivacySection,
    /// When a number is taken for nobody's.
    pub patience: Patience,
    /// How the console is run.
    pub console: Settings,
}

/// The configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("{file}: cannot be read: {error}")]
    Unreadable {
        /// Which.
        file: String,
        /// Why.
        error: std::io::Error,
    },
    /// It has faults.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Faults(Vec<ConfigFault>),
}

impl Config {
    /// Reads a file.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let file = path.display().to_string();
        let text = std::fs::read_to_string(path)
            .map_err(|error| ConfigError::Unreadable { file: file.clone(), error })?;
        Self::parse(&file, &text).map_err(ConfigError::Faults)
    }

    /// What is used when there is no file: SQLite in `./data`, the rehearsal gateway, every program.
    pub fn without_file() -> Result<Self, ConfigError> {
        Self::parse("built-in configuration", "").map_err(ConfigError::Faults)
    }

    /// Reads the text of a file.
    pub fn parse(file: &str, text: &str) -> Result<Self, Vec<ConfigFault>> {
        let table: toml::Table = match text.parse() {
            Ok(table) => table,
            Err(error) => return Err(vec![reader::syntax(file, text, &error)]),
        };
        let mut faults = Vec::new();
        let mut top = Section::top(file, table, &mut faults);
        let server = server::read(&mut top.section("server"));
        let database = database::read(&mut top.section("database"));
        let library = top.section("library").text("path").map(PathBuf::from);
        let concurrency = top.section("dispatch").whole("concurrency", 1..=1024).unwrap_or(64);
        let gateways = gateways::read(&mut top, server.public_url.as_deref());
        let senders = senders::read(&mut top, &gateways);
        let retention = retention::read(&mut top.section("retention"));
        let privacy = privacy::read(&mut top.section("privacy"), database.url.reveal());
        let patience = numbers::read(&mut top.section("numbers"));
        let console = console::read(&mut top.section("console"), server.public_url.as_deref());
        top.finish();
        if faults.is_empty() {
            let concurrency = usize::try_from(concurrency).unwrap_or(64);
            Ok(Self {
                server,
                database,
                library,
                concurrency,
                gateways,
                senders,
                retention,
                privacy,
                patience,
                console,
            })
        } else {
            Err(faults)
        }
    }
}
