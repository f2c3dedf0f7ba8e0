//! `motherline serve`: everything in one process, or the parts of it that `--only` names.

use std::fs::File;
use std::net::SocketAddr;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::{Args, ValueEnum};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::sealing::seal;
use super::{Common, Done, clock};
use crate::config::{Config, GatewayKind, GatewaySection};
use crate::flows::dispatch::SEND_LIMIT;
use crate::flows::publishing::{self, LiesThere, Started};
use crate::flows::senders::{Audience, Senders};
use crate::flows::{Bells, Service, Shelf, doubt};
use crate::gateway::{
    Gateway, Http, Infobip, Kannel, Provider, Rehearsal, Telnyx, Twilio, infobip, kannel, telnyx, twilio,
};
use crate::ids::Ids;
use crate::library::{Library, Severity};
use crate::store::{Database, StoreResult, accounts, service as facts};
use crate::telemetry::{Metrics, start_logging};
use crate::web::handset::Worlds;
use crate::web::{Site, router};
use crate::worker::loops::Crew;
use crate::worker::{Gateways, wake};

/// On a stop signal, what is on the wire is waited for so long.
const DRAIN: Duration = Duration::from_secs(35);

/// The service.
#[derive(Args, Default)]
pub struct Serve {
    /// Run only these parts, separated by commas
    #[arg(long, value_delimiter = ',', value_name = "PARTS")]
    only: Vec<Part>,
    /// Address and port, in place of the configuration's
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<SocketAddr>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Part {
    /// Webhooks, probes, the first page; handles what was received
    Web,
    /// Plans tips
    Scheduler,
    /// Sends
    Dispatcher,
}

impl Serve {
    /// Runs until told to stop.
    pub async fn run(&self, common: &Common) -> Done {
        start_logging();
        let mut config = common.config()?;
        if let Some(listen) = self.listen {
            config.server.listen = listen;
        }
        let _alone = alone(config.database.url.reveal())?;
        let database = Database::open(config.database.url.reveal(), config.database.connections).await?;
        let files = publishing::files(config.library.as_deref())?;
        let gateways = Gateways::new(config.gateways.iter().map(|section| gateway(section, &config)));
        let published = publishing::start(&database, &clock(), &files, gateways.all_rehearsal()).await?;
        tell_library(&published);
        published.edition.library.warm();
        let seal = seal(&config.privacy.key_file, &database).await?;
        let service = Service {
            seal,
            senders: Arc::new(senders(&config, &published.edition.library)),
            database,
            clock: clock(),
            ids: Ids::System,
            shelf: Shelf::new(published.edition),
            bells: Arc::new(Bells::default()),
            metrics: Arc::new(Metrics::default()),
        };
        refuse_populated(&service, &gateways).await?;
        if service.database.is_embedded() {
            doubt::recover_at_start(&service).await?;
        }
        check_programs(&service)?;
        let crew = Crew {
            service: service.clone(),
            gateways: gateways.clone(),
            http: Arc::new(Http::new(SEND_LIMIT)?),
            concurrency: config.concurrency,
            retention: config.retention,
            patience: config.patience,
        };
        self.until_stopped(crew, &config).await
    }

    async fn until_stopped(&self, crew: Crew, config: &Config) -> Done {
        let (service, gateways) = (crew.service.clone(), crew.gateways.clone());
        let stop = CancellationToken::new();
        let mut loops = JoinSet::new();
        wake::join_bells(&service, &mut loops, &stop);
        crew.follow_the_library(&mut loops, &stop);
        if self.runs(Part::Web) {
            crew.hear(&mut loops, &stop);
        }
        if self.runs(Part::Scheduler) {
            crew.schedule(&mut loops, &stop);
        }
        if self.runs(Part::Dispatcher) {
            crew.dispatch(&mut loops, &stop);
        }
        // Probes are answered whatever part runs; webhooks only where they belong, and harmlessly elsewhere.
        let worlds = match gateways.all_rehearsal() {
            true => Some(Arc::new(Worlds::new(service.shelf.clone(), clock(), Ids::System))),
            false => None,
        };
        let site = Site {
            service: service.clone(),
            gateways,
            public_url: config.server.public_url.clone(),
            worlds: worlds.clone(),
            console: Arc::new(config.console.clone()),
        };
        let listener = TcpListener::bind(config.server.listen)
            .await
            .map_err(|error| format!("cannot listen on {}: {error}", config.server.listen))?;
        greet(listener.local_addr()?, &service, worlds.is_some()).await?;
        let app = router(site).into_make_service_with_connect_info::<SocketAddr>();
        let stopped = stop.clone();
        let server = tokio::spawn(async move {
            axum::serve(listener, app).with_graceful_shutdown(stopped.cancelled_owned()).await
        });
        wait_for_signal().await?;
        eprintln!("Stopping: what is on its way is waited for.");
        stop.cancel();
        let drained = tokio::time::timeout(DRAIN, async { while loops.join_next().await.is_some() {} });
        if drained.await.is_err() {
            tracing::warn!("some work did not end in time; it is in doubt and settled at the next start");
        }
        // Idle keep-alive connections must not hold up the end.
        let _ = tokio::time::timeout(Duration::from_secs(2), server).await;
        // A database that hangs does not either.
        let _ = tokio::time::timeout(Duration::from_secs(2), service.database.close()).await;
        Ok(ExitCode::SUCCESS)
    }

    fn runs(&self, part: Part) -> bool {
        self.only.is_empty() || self.only.contains(&part)
    }
}

/// SQLite has one process: a second one on the same file would take the first one's texts for orphaned. The lock
/// goes when its holder does, however it ends.
pub(super) fn alone(address: &str) -> Result<Option<File>, String> {
    let Some(path) = address.strip_prefix("sqlite:") else { return Ok(None) };
    let lock = format!("{}.lock", path.trim_start_matches("//"));
    if let Some(folder) = Path::new(&lock).parent() {
        std::fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    let file = File::create(&lock).map_err(|error| format!("{lock}: {error}"))?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(_) => Err(format!(
            "another motherline serves {address} already: SQLite is for one process; several share a PostgreSQL"
        )),
    }
}

fn gateway(section: &GatewaySection, config: &Config) -> Gateway {
    let public_url = config.server.public_url.clone().unwrap_or_default();
    let ours = |base: &str| format!("{}/webhooks/{}", base.trim_end_matches('/'), section.name);
    let provider = match &section.kind {
        GatewayKind::Rehearsal => Provider::Rehearsal(Rehearsal::new(clock())),
        GatewayKind::Twilio(settings) => {
            let callback_url = ours(&public_url);
            Provider::Twilio(Twilio::new(twilio::Settings { callback_url, ..settings.clone() }))
        }
        GatewayKind::Kannel(settings) => {
            let base = if settings.callback_url.is_empty() { &public_url } else { &settings.callback_url };
            let callback_url = ours(base);
            Provider::Kannel(Kannel::new(kannel::Settings { callback_url, ..settings.clone() }))
        }
        GatewayKind::Infobip(settings) => {
            let callback_url = ours(&public_url);
            Provider::Infobip(Infobip::new(infobip::Settings { callback_url, ..settings.clone() }))
        }
        GatewayKind::Telnyx(settings) => {
            let callback_url = ours(&public_url);
            Provider::Telnyx(Telnyx::new(telnyx::Settings { callback_url, ..settings.clone() }))
        }
    };
    Gateway { name: section.name.clone(), provider }
}

/// The configured senders; one without programs (the built-in rehearsal) serves them all.
pub(super) fn senders(config: &Config, library: &Library) -> Senders {
    let all: Vec<String> = library.programs.keys().cloned().collect();
    Senders::new(config.senders.iter().cloned().map(|mut sender| {
        if sender.programs.is_empty() {
            sender.programs = all.clone();
        }
        sender
    }))
}

fn tell_library(published: &Started) {
    let count = |severity| published.faults.iter().filter(|fault| fault.severity == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    let edition = published.edition.number;
    match published.lies_there {
        LiesThere::Faulty => {
            tracing::error!(
                errors,
                edition,
                "the message library has errors: the last good edition stays in force"
            );
            for fault in published.faults.iter().filter(|fault| fault.severity == Severity::Error) {
                tracing::error!("{fault}");
            }
        }
        LiesThere::Unpublished => tracing::warn!(
            warnings,
            edition,
            "the message library says something else than the edition in force: `motherline library publish` \
             makes it the next one"
        ),
        LiesThere::Same => tracing::info!(warnings, edition, "the message library is in force"),
    }
}

/// A sender whose program does not exist would answer nobody, so nothing starts. One to the public carries
/// approved tips only: what is missing for it is said loudly.
fn check_programs(service: &Service) -> Result<(), String> {
    let edition = service.shelf.edition();
    let mut unknown = Vec::new();
    for sender in service.senders.iter() {
        for id in &sender.programs {
            let Some(program) = edition.library.program(id) else {
                unknown.push(format!("sender {}: the message library has no program {id:?}", sender.name));
                continue;
            };
            let tips = program.tips();
            let approved = tips.iter().filter(|(_, tip)| tip.approved_until.is_some()).count();
            if sender.audience == Audience::Public && (approved < tips.len() || tips.is_empty()) {
                tracing::warn!(sender = %sender.name, program = %id, approved, tips = tips.len(),
                    "this sender texts the public and carries approved tips only: slots without one stay empty");
            }
            let signed = program.questions.values().filter(|asking| asking.approved_until.is_some()).count();
            if sender.audience == Audience::Public && signed < program.questions.len() {
                tracing::warn!(sender = %sender.name, program = %id, approved = signed, questions = program.questions.len(),
                    "this sender texts the public and asks approved questions only: tips that ask others stay away");
            }
        }
    }
    if unknown.is_empty() { Ok(()) } else { Err(unknown.join("\n")) }
}

/// Made-up people are never texted by a real gateway.
async fn refuse_populated(service: &Service, gateways: &Gateways) -> Result<(), Box<dyn std::error::Error>> {
    let mut tx = service.database.read().await?;
    if facts::fact(&mut tx, super::populate::POPULATED).await?.is_some() && !gateways.all_rehearsal() {
        return Err("this database was filled by `motherline populate` with made-up people: only the rehearsal gateway may serve it".into());
    }
    Ok(())
}

async fn greet(address: SocketAddr, service: &Service, handset: bool) -> StoreResult<()> {
    println!("Motherline is running on {}.", service.database.engine());
    if handset {
        println!("  Try it:      http://{address}/   a handset: nothing is sent to anybody");
    } else {
        println!("  First page:  http://{address}/");
    }
    let mut tx = service.database.read().await?;
    let nobody = accounts::all(&mut tx).await?.is_empty();
    println!("  Console:     http://{address}/console");
    if nobody {
        println!("               nobody can sign in there yet; let yourself in from another terminal:");
        println!("               motherline operator add YOU@EXAMPLE.ORG --name \"Your Name\"");
    }
    println!("  Health:      http://{address}/health/ready");
    println!("  Metrics:     http://{address}/metrics");
    println!("Ctrl-C stops it.");
    Ok(())
}

async fn wait_for_signal() -> std::io::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        done = tokio::signal::ctrl_c() => done,
        _ = terminate.recv() => Ok(()),
    }
}
