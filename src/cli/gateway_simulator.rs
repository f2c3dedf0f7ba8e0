//! `motherline gateway-simulator`: a gateway for trials.

use std::io::{Read, Write};
use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::oneshot;

use super::Done;
use crate::gateway::Secret;
use crate::simulator::{Errors, Latency, Outage, Reports, Settings, probability, serve};

/// The simulated gateway. It has the addresses of all three at once: Twilio's Messages, Kannel's sendsms, and Infobip's
/// SMS v3, which takes nothing twice under one name.
#[derive(Args)]
pub struct GatewaySimulator {
    /// Where it listens; its address is the first line it prints
    #[arg(long, default_value = "127.0.0.1:0", value_name = "ADDRESS")]
    listen: SocketAddr,
    /// Ends when its standard input does
    #[arg(long)]
    end_with_stdin: bool,
    /// How many threads serve; one is the cheapest
    #[arg(long, default_value = "1", value_name = "N")]
    threads: NonZeroUsize,
    /// The same seed and the same texts meet the same luck
    #[arg(long, default_value_t = 1, value_name = "S")]
    seed: u64,
    /// Only counts; without an account there is no list to look texts up in, and no name is known again
    #[arg(long)]
    no_account: bool,

    /// How long answers take: 50, or anything from 20..200
    #[arg(long, value_name = "MS", conflicts_with = "latency_p50_ms")]
    latency_ms: Option<Latency>,
    /// Half of all answers take longer (log-normal)
    #[arg(long, value_name = "MS", requires = "latency_p99_ms", value_parser = clap::value_parser!(u64).range(1..))]
    latency_p50_ms: Option<u64>,
    /// One answer in a hundred takes longer
    #[arg(long, value_name = "MS", requires = "latency_p50_ms", value_parser = clap::value_parser!(u64).range(1..))]
    latency_p99_ms: Option<u64>,

    /// Faults with their probabilities: 500=0.01,lost=0.02. Not taken: an HTTP status, a code of Twilio's such as
    /// 21610, reset, garbage. Taken: lost, late, drip, and a status or garbage with -taken, as in 500-taken
    #[arg(long, default_value = "", hide_default_value = true, value_name = "FAULTS")]
    errors: Errors,
    /// How long a late answer takes
    #[arg(long, default_value_t = 35.0, value_name = "S", value_parser = seconds)]
    late_seconds: f64,
    /// The pause after each byte of an answer that drips
    #[arg(long, default_value_t = 20, value_name = "MS")]
    drip_ms: u64,
    /// The Retry-After of a 429
    #[arg(long, default_value_t = 1, value_name = "S")]
    retry_after: u32,
    /// Away, in seconds since the start: 10..20 with its port closed, 10..20:503 answering that; may be repeated
    #[arg(long, value_name = "FROM..TO")]
    outage: Vec<Outage>,
    /// Refuses with 429 beyond this pace, and counts the segments of each second
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    segments_per_second: Option<u32>,

    #[command(flatten)]
    reports: ReportArguments,
}

/// How it reports.
#[derive(Args)]
struct ReportArguments {
    /// Never reports
    #[arg(long)]
    no_reports: bool,
    /// Signs Twilio's reports; a service believes no others
    #[arg(long, env = "MOTHERLINE_SIMULATOR_TOKEN", hide_env_values = true, value_name = "TOKEN")]
    auth_token: Option<String>,
    /// From the answer to the first report, and from each to the next
    #[arg(long, default_value_t = 0, value_name = "MS")]
    report_delay_ms: u64,
    /// Of texts, whose reports begin later
    #[arg(long, default_value_t = 0.0, value_name = "P", value_parser = probability)]
    reports_late: f64,
    /// By so much
    #[arg(long, default_value_t = 10_000, value_name = "MS")]
    reports_late_by_ms: u64,
    /// Of texts, each of whose reports comes twice
    #[arg(long, default_value_t = 0.0, value_name = "P", value_parser = probability)]
    reports_twice: f64,
    /// Of texts, whose last report comes first
    #[arg(long, default_value_t = 0.0, value_name = "P", value_parser = probability)]
    reports_out_of_order: f64,
    /// Of texts, whose first report comes before the answer
    #[arg(long, default_value_t = 0.0, value_name = "P", value_parser = probability)]
    reports_early: f64,
    /// Of texts, on which no report comes
    #[arg(long, default_value_t = 0.0, value_name = "P", value_parser = probability)]
    reports_lost: f64,
    /// Of texts, that do not arrive
    #[arg(long, default_value_t = 0.0, value_name = "P", value_parser = probability)]
    undelivered: f64,
    /// How often a report is offered that the service does not take
    #[arg(long, default_value_t = 10, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    report_tries: u32,
    /// Between the first two tries; doubled each time, up to 15 seconds
    #[arg(long, default_value_t = 1000, value_name = "MS")]
    report_pause_ms: u64,
    /// How many reports are under way at once
    #[arg(long, default_value = "32", value_name = "N")]
    reports_at_once: NonZeroUsize,
}

impl GatewaySimulator {
    /// Serves until told to stop, then prints the account.
    pub async fn run(&self) -> Done {
        let (listen, settings, stdin) = (self.listen, self.settings(), self.end_with_stdin);
        let runtime = runtime(self.threads)?;
        // A runtime of its own: one thread does it with the least trouble, and the command line's has many.
        let summary = tokio::task::spawn_blocking(move || {
            runtime.block_on(async {
                let listener = TcpListener::bind(listen)
                    .await
                    .map_err(|error| format!("cannot listen on {listen}: {error}"))?;
                let address = listener.local_addr().map_err(|error| error.to_string())?;
                if !address.ip().is_loopback() {
                    eprintln!(
                        "motherline: whoever reaches {address} can use the simulator and read its account"
                    );
                }
                println!("http://{address}");
                let stop = stop(stdin).map_err(|error| error.to_string())?;
                serve(listener, settings, stop).await.map_err(|error| error.to_string())
            })
        })
        .await??;
        // Whoever started it may have gone.
        let _ = write!(std::io::stdout(), "{summary}");
        Ok(ExitCode::SUCCESS)
    }

    fn settings(&self) -> Settings {
        let latency = match (self.latency_p50_ms, self.latency_p99_ms) {
            (Some(p50), Some(p99)) => Latency::LogNormal {
                p50: Duration::from_millis(p50),
                p99: Duration::from_millis(p99.max(p50)),
            },
            _ => self.latency_ms.unwrap_or_default(),
        };
        Settings {
            seed: self.seed,
            account: !self.no_account,
            latency,
            errors: self.errors.clone(),
            late: Duration::from_secs_f64(self.late_seconds),
            drip: Duration::from_millis(self.drip_ms),
            retry_after: self.retry_after,
            outages: self.outage.clone(),
            segments_per_second: self.segments_per_second,
            reports: self.reports.settings(),
            ..Settings::default()
        }
    }
}

impl ReportArguments {
    fn settings(&self) -> Option<Reports> {
        let reports = Reports {
            auth_token: self.auth_token.clone().map(Secret::new),
            delay: Duration::from_millis(self.report_delay_ms),
            late: self.reports_late,
            late_by: Duration::from_millis(self.reports_late_by_ms),
            twice: self.reports_twice,
            out_of_order: self.reports_out_of_order,
            early: self.reports_early,
            lost: self.reports_lost,
            undelivered: self.undelivered,
            tries: self.report_tries,
            pause: Duration::from_millis(self.report_pause_ms),
            at_once: self.reports_at_once.get(),
        };
        (!self.no_reports).then_some(reports)
    }
}

fn runtime(threads: NonZeroUsize) -> std::io::Result<Runtime> {
    match threads.get() {
        1 => Builder::new_current_thread().enable_all().build(),
        threads => Builder::new_multi_thread().worker_threads(threads).enable_all().build(),
    }
}

fn seconds(text: &str) -> Result<f64, String> {
    let seconds = text.parse().ok().filter(|seconds| Duration::try_from_secs_f64(*seconds).is_ok());
    seconds.ok_or(format!("{text:?}: write seconds"))
}

/// Done at SIGINT, at SIGTERM, or when standard input ends.
fn stop(with_stdin: bool) -> std::io::Result<impl Future<Output = ()>> {
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    let (ended, end) = oneshot::channel::<()>();
    let mut held = Some(ended);
    if with_stdin {
        let ended = held.take();
        std::thread::spawn(move || {
            let mut input = std::io::stdin().lock();
            while matches!(input.read(&mut [0; 1024]), Ok(1..)) {}
            drop(ended);
        });
    }
    Ok(async move {
        // Where it is not the input's, this end stays open.
        let _held = held;
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            _ = end => {}
        }
    })
}
