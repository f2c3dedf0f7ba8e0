//! What operators read: structured logs, and counters for Prometheus. Neither ever holds a phone number or
//! the words of a text.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;
use tokio::sync::{Mutex, MutexGuard};
use tracing_subscriber::EnvFilter;

/// Logs: text on a terminal, one JSON object a line otherwise. `RUST_LOG` chooses what is told.
pub fn start_logging() {
    let filter = EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn,hyper=warn,hyper_util=warn"));
    let logs = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if std::io::stderr().is_terminal() {
        logs.with_target(false).init();
    } else {
        logs.json().flatten_event(true).init();
    }
    // What a panic says of itself may quote a text; where it happened does not.
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "a part of the service broke: this is a bug, and worth telling us");
    }));
}

type Labels = Vec<(&'static str, String)>;

/// What is counted.
pub struct Metrics {
    registry: Registry,
    inbound: Family<Labels, Counter>,
    rejected: Family<Labels, Counter>,
    sends: Family<Labels, Counter>,
    reports: Family<Labels, Counter>,
    alarms: Family<Labels, Counter>,
    depth: Family<Labels, Gauge>,
    age: Family<Labels, Gauge>,
    doubts: Family<Labels, Gauge>,
    helps: Family<Labels, Gauge>,
    open: Family<Labels, Gauge>,
    in_flight: Family<Labels, Gauge>,
    limit: Family<Labels, Gauge>,
    queues: Mutex<Option<Measured>>,
}

/// A measurement of the queues.
#[derive(Clone, Copy, Debug)]
pub struct Measured {
    /// When it ended.
    pub at: Instant,
    /// How long it took.
    pub took: Duration,
}

impl Measured {
    /// Measuring may take a twentieth of the time: to count millions of rows takes seconds, and who looks every few
    /// seconds must not keep the database at it.
    const SHARE: u32 = 20;

    /// Whether it is time to measure anew.
    pub fn is_old(&self, now: Instant) -> bool {
        now.saturating_duration_since(self.at) >= self.took * Self::SHARE
    }
}

/// What is shown of one route, by whoever works on it.
#[derive(Clone, Debug, Default)]
pub struct Route {
    /// 1 while the gateway is left alone because of trouble.
    pub open: Gauge,
    /// Texts on the wire.
    pub in_flight: Gauge,
    /// How many may be.
    pub limit: Gauge,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("motherline");
        let counter = |registry: &mut Registry, name: &str, help: &str| {
            let family = Family::<Labels, Counter>::default();
            registry.register(name, help, family.clone());
            family
        };
        let inbound = counter(&mut registry, "inbound_texts", "Texts handled, by what they were taken for");
        let rejected =
            counter(&mut registry, "webhooks_rejected", "Webhook calls turned away, by gateway and status");
        let sends = counter(&mut registry, "sends", "Attempts ended, by sender, outcome and provider code");
        let reports = counter(&mut registry, "delivery_reports", "Delivery reports, by gateway and meaning");
        let alarms = counter(&mut registry, "alarms", "Alarms raised, by kind");
        let gauge = |registry: &mut Registry, name: &str, help: &str| {
            let family = Family::<Labels, Gauge>::default();
            registry.register(name, help, family.clone());
            family
        };
        let depth = gauge(&mut registry, "queue_depth", "Rows not yet at their end, by queue and state");
        let age =
            gauge(&mut registry, "queue_age_seconds", "How long the oldest due row has waited, by queue");
        let doubts =
            gauge(&mut registry, "texts_in_doubt", "Texts that may have been sent, unproved, by sender");
        let helps = gauge(&mut registry, "help_items_open", "What a person must read and answer, by urgency");
        let open = gauge(
            &mut registry,
            "gateway_circuit_open",
            "1 while this process leaves the gateway alone because of trouble",
        );
        let in_flight = gauge(&mut registry, "gateway_in_flight", "Texts that this process has on the wire");
        let limit = gauge(
            &mut registry,
            "gateway_in_flight_limit",
            "How many texts this process lets onto the wire at present",
        );
        Self {
            registry,
            inbound,
            rejected,
            sends,
            reports,
            alarms,
            depth,
            age,
            doubts,
            helps,
            open,
            in_flight,
            limit,
            queues: Mutex::default(),
        }
    }
}

impl Metrics {
    /// A text was handled.
    pub fn inbound(&self, intent: &str) {
        self.inbound.get_or_create(&vec![("intent", intent.to_owned())]).inc();
    }

    /// A webhook call was turned away.
    pub fn rejected(&self, gateway: &str, status: u16) {
        self.rejected
            .get_or_create(&vec![("gateway", gateway.to_owned()), ("status", status.to_string())])
            .inc();
    }

    /// So many attempts ended in this way.
    pub fn sends(&self, sender: &str, outcome: &str, code: Option<&str>, times: u64) {
        let labels = vec![
            ("sender", sender.to_owned()),
            ("outcome", outcome.to_owned()),
            ("code", code.unwrap_or_default().to_owned()),
        ];
        self.sends.get_or_create(&labels).inc_by(times);
    }

    /// So many delivery reports came that mean this.
    pub fn reports(&self, gateway: &str, meaning: &str, times: u64) {
        self.reports
            .get_or_create(&vec![("gateway", gateway.to_owned()), ("meaning", meaning.to_owned())])
            .inc_by(times);
    }

    /// An alarm was raised.
    pub fn alarm(&self, kind: &str) {
        self.alarms.get_or_create(&vec![("kind", kind.to_owned())]).inc();
    }

    /// How many rows of a queue are in a state.
    pub fn set_depth(&self, queue: &str, state: &str, rows: i64) {
        self.depth.get_or_create(&vec![("queue", queue.to_owned()), ("state", state.to_owned())]).set(rows);
    }

    /// How long the oldest due row of a queue has waited, in seconds.
    pub fn set_age(&self, queue: &str, seconds: i64) {
        self.age.get_or_create(&vec![("queue", queue.to_owned())]).set(seconds);
    }

    /// How many items of an urgency wait for a person.
    pub fn set_helps(&self, urgency: &str, items: i64) {
        self.helps.get_or_create(&vec![("urgency", urgency.to_owned())]).set(items);
    }

    /// How many texts of a sender are in doubt.
    pub fn set_doubts(&self, sender: &str, texts: i64) {
        self.doubts.get_or_create(&vec![("sender", sender.to_owned())]).set(texts);
    }

    /// What is shown of a sender's route by a gateway.
    pub fn route(&self, sender: &str, gateway: &str) -> Route {
        let labels = vec![("sender", sender.to_owned()), ("gateway", gateway.to_owned())];
        let of = |family: &Family<Labels, Gauge>| family.get_or_create(&labels).clone();
        Route { open: of(&self.open), in_flight: of(&self.in_flight), limit: of(&self.limit) }
    }

    /// The last measurement of the queues. Whoever measures or shows them holds it: nobody sees half of one.
    pub async fn queues(&self) -> MutexGuard<'_, Option<Measured>> {
        self.queues.lock().await
    }

    /// Forgets depths and ages, before they are measured anew.
    pub fn clear_queues(&self) {
        self.depth.clear();
        self.age.clear();
    }

    /// All of it in the text format of OpenMetrics.
    pub fn encode(&self) -> String {
        let mut text = String::new();
        match encode(&mut text, &self.registry) {
            Ok(()) => text,
            Err(_) => String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_took_long_to_measure_is_measured_less_often() {
        let at = Instant::now();
        for (took, old) in [(0, 0), (5, 100), (2000, 40_000)]
            .map(|(took, old)| (Duration::from_millis(took), Duration::from_millis(old)))
        {
            let measured = Measured { at, took };
            assert!(measured.is_old(at + old));
            assert!(old.is_zero() || !measured.is_old(at + old - Duration::from_millis(1)));
        }
    }
}
