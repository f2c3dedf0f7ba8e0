//! The configuration: the example as it is given, and the limits that each kind of number sets.

use chrono_tz::Tz;
use motherline::config::Config;
use tempfile::TempDir;

use crate::support::engines;
use crate::support::service::{Service, Settings, port};

const EXAMPLE: &str = include_str!("../../deploy/config.example.toml");

/// Whoever copies it and gives the secrets has a service.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_example_starts() {
    let folder = TempDir::new().expect("a folder");
    let settings = Settings::new(EXAMPLE, engines::sqlite(folder.path()), port())
        .secret("TWILIO_AUTH_TOKEN", &"0".repeat(32))
        .secret("KANNEL_PASSWORD", "a password")
        .secret("KANNEL_CALLBACK_SECRET", &"0".repeat(32))
        .secret("INFOBIP_API_KEY", "a-key")
        .secret("INFOBIP_CALLBACK_SECRET", &"0".repeat(32))
        .secret("TELNYX_API_KEY", "KEY0");
    assert_eq!(0, Service::start(settings).await.stop().await);
}

/// 10DLC: AT&T's least pace and T-Mobile's least day, which begins at midnight Pacific time.
#[test]
fn each_kind_of_number_has_its_limits() {
    let los_angeles = Tz::America__Los_Angeles;
    for (class, limits) in [
        ("", (1, 20_000, Tz::UTC)),
        (r#"class = "10dlc""#, (1, 2_000, los_angeles)),
        (r#"class = "toll_free""#, (3, 20_000, Tz::UTC)),
        (r#"class = "short_code""#, (100, 20_000, Tz::UTC)),
        // A contract says more.
        (
            "class = \"10dlc\"\nsegments_per_second = 75\nsegments_per_day = 200000",
            (75, 200_000, los_angeles),
        ),
        ("segments_per_second = 100000", (100_000, 20_000, Tz::UTC)),
    ] {
        let text = format!(
            "[[gateway]]\nname = \"r\"\nkind = \"rehearsal\"\n[[sender]]\nname = \"s\"\ngateway = \"r\"\n\
             address = \"100\"\nprograms = [\"text4baby-us\"]\n{class}\n"
        );
        let config = Config::parse("a test", &text).expect("a configuration");
        let sender = &config.senders[0];
        assert_eq!(limits, (sender.segments_per_second, sender.segments_per_day, sender.day_zone), "{class}");
    }
}
