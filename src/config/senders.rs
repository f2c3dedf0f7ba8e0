//! `[[sender]]`: our numbers.

use chrono_tz::Tz;

use super::gateways::{GatewayKind, GatewaySection};
use super::reader::Section;
use crate::domain::phone::PhoneNumber;
use crate::flows::senders::{Audience, Backup, Sender, StopConfirmation};

/// The words Twilio handles itself on long codes and toll-free numbers (its documentation of opt-out
/// keywords): compared whole, without case.
const TWILIO_STOPS: &[&str] =
    &["STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"];
/// Those that Telnyx handles itself ("Advanced opt-in/out management").
const TELNYX_STOPS: &[&str] = &["STOP", "STOPALL", "STOP ALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT"];
/// Segments a day unless the file says otherwise: enough for a pilot, too few for a runaway bill.
const DAILY_SEGMENTS: i64 = 20_000;

pub(super) fn read(top: &mut Section<'_>, gateways: &[GatewaySection]) -> Vec<Sender> {
    let mut names: Vec<String> = Vec::new();
    let mut addresses: Vec<(String, String)> = Vec::new();
    let senders = top.each("sender", |section| {
        let name = section.required("name", "a name for this number");
        if names.contains(&name) {
            section.fault("name", "expected a name that no other sender has".to_owned());
        }
        names.push(name.clone());
        let sender = sender(section, name, gateways);
        // What comes to an address must belong to one sender.
        let address = (sender.gateway.clone(), sender.address.trim_start_matches('+').to_owned());
        if !sender.address.is_empty() && addresses.contains(&address) {
            section
                .fault("address", "expected an address that no other sender of this gateway has".to_owned());
        }
        addresses.push(address);
        sender
    });
    if senders.is_empty() {
        for gateway in gateways.iter().filter(|g| !matches!(g.kind, GatewayKind::Rehearsal)) {
            top.fault("sender", format!("expected a [[sender]] for the gateway {}", gateway.name));
        }
        // Nothing is configured: the rehearsal gateway, for every program there is.
        return gateways.iter().filter(|g| matches!(g.kind, GatewayKind::Rehearsal)).map(rehearsal).collect();
    }
    senders
}

fn sender(section: &mut Section<'_>, name: String, gateways: &[GatewaySection]) -> Sender {
    let gateway = section.required("gateway", "the name of a [[gateway]]");
    let kind = gateways.iter().find(|known| known.name == gateway).map(|known| &known.kind);
    if kind.is_none() && !gateway.is_empty() {
        section.fault("gateway", "expected the name of a [[gateway]]".to_owned());
    }
    let programs = section.texts("programs").unwrap_or_default();
    if programs.is_empty() {
        section.fault("programs", "expected the ids of the programs this number serves".to_owned());
    }
    let trial = section.flag("trial").unwrap_or(false);
    let test_numbers = section.texts("test_numbers");
    if !trial && test_numbers.is_some() {
        section.fault("test_numbers", "expected only together with trial = true".to_owned());
    }
    let test_numbers = test_numbers.unwrap_or_default();
    if trial && test_numbers.is_empty() && !matches!(kind, Some(GatewayKind::Rehearsal)) {
        section.fault("test_numbers", "expected the numbers that this trial sender may text".to_owned());
    }
    let mut numbers = Vec::new();
    for text in test_numbers {
        match PhoneNumber::parse(&text, None) {
            Some(number) => numbers.push(number),
            None => {
                section.fault("test_numbers", "expected valid numbers with + and country code".to_owned())
            }
        }
    }
    let audience = match kind {
        Some(GatewayKind::Rehearsal) => Audience::Rehearsal,
        _ if trial => Audience::Trial(numbers),
        _ => Audience::Public,
    };
    let stops = match kind {
        Some(GatewayKind::Twilio(_)) => TWILIO_STOPS,
        Some(GatewayKind::Telnyx(_)) => TELNYX_STOPS,
        _ => &[],
    };
    let stop_confirmation = match section.text("stop_confirmed_by").as_deref() {
        Some("us") => StopConfirmation::Us,
        Some("provider") => StopConfirmation::Provider,
        None if stops.is_empty() => StopConfirmation::Us,
        None => StopConfirmation::Provider,
        Some(_) => {
            section.fault("stop_confirmed_by", "expected \"us\" or \"provider\"".to_owned());
            StopConfirmation::Us
        }
    };
    let address = section.required("address", "the number or short code as the gateway knows it");
    // As it is written there; where a pool chooses the number, any name will do.
    let written = match kind {
        Some(GatewayKind::Twilio(twilio)) if twilio.messaging_service_sid.is_none() => {
            "Twilio writes it, such as +12025550100"
        }
        Some(GatewayKind::Telnyx(telnyx)) if telnyx.messaging_profile_id.is_none() => {
            "Telnyx writes it, such as +12025550100"
        }
        Some(GatewayKind::Infobip(_)) => "Infobip writes it, such as 12025550100",
        _ => "",
    };
    let digits = address.strip_prefix('+').unwrap_or(&address).bytes().all(|byte| byte.is_ascii_digit());
    if !digits && !written.is_empty() {
        section.fault("address", format!("expected the number as {written}, or a short code"));
    }
    let class = Class::read(section);
    let backup = backup(section, &gateway, gateways);
    let day_zone = section.text("day_zone").map(|name| {
        name.parse().unwrap_or_else(|_| {
            section.fault("day_zone", "expected an IANA zone, such as \"America/Los_Angeles\"".to_owned());
            Tz::UTC
        })
    });
    let words = section.texts("provider_stop_words");
    let default_words = || stops.iter().copied().map(str::to_owned).collect();
    Sender {
        address,
        name,
        gateway,
        programs,
        audience,
        stop_confirmation,
        provider_stop_words: words.unwrap_or_else(default_words),
        segments_per_second: section
            .whole("segments_per_second", 1..=100_000)
            .and_then(|n| u32::try_from(n).ok())
            .unwrap_or(class.segments_per_second()),
        segments_per_day: section
            .whole("segments_per_day", 1..=1_000_000_000)
            .unwrap_or(class.segments_per_day()),
        day_zone: day_zone.unwrap_or(class.day_zone()),
        backup,
    }
}

/// What kind of number it is: carriers in the USA limit each kind in its own way. What a contract allows
/// beyond these figures is set by hand.
#[derive(Clone, Copy)]
enum Class {
    /// A ten-digit long code of a registered campaign. AT&T counts by the minute and campaign, 75 at the least;
    /// T-Mobile by the day and brand, 2,000 at the least, from midnight Pacific time.
    TenDlc,
    /// A verified toll-free number: 3 a second.
    TollFree,
    /// A short code: 100 a second.
    ShortCode,
    /// None of these, or not known.
    Other,
}

impl Class {
    fn read(section: &mut Section<'_>) -> Self {
        match section.text("class").as_deref() {
            None => Self::Other,
            Some("10dlc") => Self::TenDlc,
            Some("toll_free") => Self::TollFree,
            Some("short_code") => Self::ShortCode,
            Some(_) => {
                section.fault("class", "expected \"10dlc\", \"toll_free\" or \"short_code\"".to_owned());
                Self::Other
            }
        }
    }

    fn segments_per_second(self) -> u32 {
        match self {
            Self::TenDlc | Self::Other => 1,
            Self::TollFree => 3,
            Self::ShortCode => 100,
        }
    }

    fn segments_per_day(self) -> i64 {
        match self {
            Self::TenDlc => 2_000,
            Self::TollFree | Self::ShortCode | Self::Other => DAILY_SEGMENTS,
        }
    }

    fn day_zone(self) -> Tz {
        match self {
            Self::TenDlc => Tz::America__Los_Angeles,
            Self::TollFree | Self::ShortCode | Self::Other => Tz::UTC,
        }
    }
}

/// The gateway that takes over while the first one is away.
fn backup(section: &mut Section<'_>, gateway: &str, gateways: &[GatewaySection]) -> Option<Backup> {
    let name = section.text("backup_gateway");
    let address = section.text("backup_address");
    if name.is_none() && address.is_some() {
        section.fault("backup_address", "expected only together with backup_gateway".to_owned());
    }
    let name = name?;
    let kind_of = |name: &str| gateways.iter().find(|known| known.name == name).map(|known| &known.kind);
    let rehearsal = |name: &str| matches!(kind_of(name), Some(GatewayKind::Rehearsal));
    if name == gateway || kind_of(&name).is_none() {
        section.fault("backup_gateway", "expected the name of another [[gateway]]".to_owned());
    } else if rehearsal(&name) != rehearsal(gateway) {
        // What the one sends to real women the other would only pretend to send.
        section.fault("backup_gateway", "expected a gateway that sends as the first one does".to_owned());
    }
    if address.is_none() {
        section.fault("backup_address", "expected the number or short code at the backup gateway".to_owned());
    }
    Some(Backup { gateway: name, address: address.unwrap_or_default() })
}

fn rehearsal(gateway: &GatewaySection) -> Sender {
    Sender {
        name: gateway.name.clone(),
        address: gateway.name.clone(),
        gateway: gateway.name.clone(),
        // Filled in with every program of the library once it is read.
        programs: Vec::new(),
        audience: Audience::Rehearsal,
        stop_confirmation: StopConfirmation::Us,
        provider_stop_words: Vec::new(),
        segments_per_second: 1_000,
        segments_per_day: i64::MAX,
        day_zone: Tz::UTC,
        backup: None,
    }
}
