//! Gateways that take each name of ours once: how long a text in doubt may be handed over again.

use chrono::{DateTime, TimeDelta, Utc};
use motherline::gateway::{Gateway, Lookup, Provider};

use crate::{RUSSIAN, client, her_number, infobip, kannel, parcel, telnyx};

fn gateway(provider: Provider) -> Gateway {
    Gateway { name: "one".to_owned(), provider }
}

#[tokio::test]
async fn a_text_is_repeated_as_long_as_its_name_is_known() {
    let nowhere = "http://unused.invalid";
    let infobip = gateway(Provider::Infobip(infobip::infobip(nowhere)));
    let telnyx = gateway(Provider::Telnyx(telnyx::telnyx(nowhere)));
    let kannel = gateway(Provider::Kannel(kannel::kannel(nowhere)));
    let began: DateTime<Utc> = "2026-11-21T20:00:00Z".parse().expect("a time");
    let (hours, second) = (TimeDelta::hours, TimeDelta::seconds(1));
    for (name, gateway, after, expected) in [
        ("infobip", &infobip, TimeDelta::minutes(2), Lookup::Repeat),
        ("infobip", &infobip, hours(12) - second, Lookup::Repeat),
        ("infobip", &infobip, hours(12), Lookup::CannotTell),
        ("infobip", &infobip, hours(200), Lookup::CannotTell),
        ("telnyx", &telnyx, TimeDelta::minutes(2), Lookup::Repeat),
        ("telnyx", &telnyx, hours(23) - second, Lookup::Repeat),
        ("telnyx", &telnyx, hours(23), Lookup::CannotTell),
        // A clock that was put back.
        ("telnyx", &telnyx, hours(-24), Lookup::CannotTell),
        ("kannel", &kannel, TimeDelta::minutes(2), Lookup::CannotTell),
    ] {
        let (to, now) = (her_number(), began + after);
        let told = gateway.lookup(&client(), &parcel(&to, RUSSIAN), began, now).await;
        assert_eq!(expected, told, "{name} {after}");
        let forgotten = expected == Lookup::CannotTell && name != "kannel";
        assert_eq!(forgotten, gateway.has_forgotten(began, now), "{name} {after}");
        assert!(gateway.reports_by_our_name());
    }
}
