//! A gateway goes away under load: a second one takes over and gives back, and nobody gets a text twice.

use std::time::Duration;

use tempfile::TempDir;

use crate::killed::{TOKEN, config, count};
use crate::support::engines;
use crate::support::gateway::Simulator;
use crate::support::service::{Service, Settings, eventually_within, port};
use crate::throttle::fall_due;

const TEXTS: usize = 560;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_gateway_takes_over_and_gives_back() {
    let folder = TempDir::new().expect("a folder");
    let place = format!("127.0.0.1:{}", port());
    let second = Simulator::start(&["--no-reports", "--latency-ms", "10"], TOKEN);
    let port = port();
    let with_backup = format!(
        r#"
        [[gateway]]
        name = "second"
        kind = "twilio"
        account_sid = "AC11111111111111111111111111111111"
        auth_token = {{ env = "KILLED_TOKEN" }}
        base_url = "{}"
        {}
        backup_gateway = "second"
        backup_address = "+12125550100"
        "#,
        second.url,
        config(port, &format!("http://{place}"))
            .replace("segments_per_second = 1000", "segments_per_second = 20"),
    );
    let settings = Settings::new(with_backup, engines::sqlite(folder.path()), port);
    let mut service = Service::start(settings.secret("KILLED_TOKEN", TOKEN)).await;
    // Away from its sixth second to its sixteenth: its port is closed, what is open is cut. Its clock starts when the
    // service is up, however long that took.
    let away = ["--outage", "6..16", "--no-reports", "--latency-ms", "10"];
    let first = Simulator::start_at(&place, &away, TOKEN);
    fall_due(&service, "text4baby-us", TEXTS).await;
    eventually_within(Duration::from_secs(120), "every text is accepted", async || {
        let accepted = count(&service, "SELECT COUNT(*) FROM history WHERE state = 4").await;
        // What was on the wire when the gateway went away is in doubt, and minutes would settle it.
        let doubtful = count(&service, "SELECT COUNT(*) FROM outbox WHERE state = 3").await;
        (accepted + doubtful == TEXTS as i64 && doubtful < 40).then_some(())
    })
    .await;
    let by = |gateway: &'static str| match gateway {
        "second" => "SELECT COUNT(*) FROM history WHERE gateway = 'second'",
        _ => "SELECT COUNT(*) FROM history WHERE gateway = 'twilio'",
    };
    let (ours_first, ours_second) =
        (count(&service, by("twilio")).await, count(&service, by("second")).await);
    assert!(ours_first > 40 && ours_second > 40, "{ours_first} by the first, {ours_second} by the second");
    let late = "SELECT COUNT(*) FROM history h WHERE h.gateway = 'twilio'
                   AND h.began_at > (SELECT MAX(began_at) FROM history WHERE gateway = 'second')";
    assert!(count(&service, late).await > 10, "the first one carries again when it is back");
    let (mut carried, others) = (first.texts().await, second.texts().await);
    for (text, theirs) in others {
        carried.entry(text).or_default().taken += theirs.taken;
    }
    assert!(carried.values().all(|text| text.taken <= 1), "one text by both gateways");
    let alarms = "SELECT COUNT(*) FROM alarms WHERE kind = 'gateway_away'";
    assert_eq!(1, count(&service, alarms).await, "a person is told, once");
    assert!(service.log().contains("another gateway carries this sender's texts"));
    assert_eq!(0, service.stop().await);
}
