//! `[[gateway]]`: the providers that carry texts.

use super::reader::Section;
use crate::gateway::telnyx::PublicKey;
use crate::gateway::twilio::Auth;
use crate::gateway::{Secret, infobip, kannel, telnyx, twilio};

/// One gateway.
#[derive(Debug)]
pub struct GatewaySection {
    /// Its name: in the address of its webhooks, and in the database.
    pub name: String,
    /// What it is.
    pub kind: GatewayKind,
}

/// The providers, told but for the address of their callbacks, which the service knows.
pub enum GatewayKind {
    /// Sends nothing.
    Rehearsal,
    /// Twilio Programmable Messaging.
    Twilio(twilio::Settings),
    /// Kannel; its `callback_url` is empty where the public address serves.
    Kannel(kannel::Settings),
    /// Infobip's SMS API.
    Infobip(infobip::Settings),
    /// Telnyx Messaging.
    Telnyx(telnyx::Settings),
}

impl std::fmt::Debug for GatewayKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Rehearsal => "Rehearsal",
            Self::Twilio(_) => "Twilio",
            Self::Kannel(_) => "Kannel",
            Self::Infobip(_) => "Infobip",
            Self::Telnyx(_) => "Telnyx",
        })
    }
}

pub(super) fn read(top: &mut Section<'_>, public_url: Option<&str>) -> Vec<GatewaySection> {
    let mut names: Vec<String> = Vec::new();
    let gateways = top.each("gateway", |section| {
        let name = section.required("name", "a name in small letters, such as \"twilio\"");
        if !name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-') {
            section.fault("name", "expected small letters, digits and hyphens".to_owned());
        }
        if names.contains(&name) {
            section.fault("name", "expected a name that no other gateway has".to_owned());
        }
        names.push(name.clone());
        GatewaySection { kind: kind(section, public_url), name }
    });
    if gateways.is_empty() {
        return vec![GatewaySection { name: "rehearsal".to_owned(), kind: GatewayKind::Rehearsal }];
    }
    gateways
}

const KINDS: &str = "\"rehearsal\", \"twilio\", \"kannel\", \"infobip\" or \"telnyx\"";

fn kind(section: &mut Section<'_>, public_url: Option<&str>) -> GatewayKind {
    match section.required("kind", KINDS).as_str() {
        "twilio" => GatewayKind::Twilio(twilio(section, public_url)),
        "kannel" => GatewayKind::Kannel(kannel(section, public_url)),
        "infobip" => GatewayKind::Infobip(infobip(section, public_url)),
        "telnyx" => GatewayKind::Telnyx(telnyx(section, public_url)),
        "rehearsal" => GatewayKind::Rehearsal,
        unknown => {
            // One that is missing was told by now.
            if !unknown.is_empty() {
                section.fault("kind", format!("expected {KINDS}"));
            }
            section.ignore_rest();
            GatewayKind::Rehearsal
        }
    }
}

fn twilio(section: &mut Section<'_>, public_url: Option<&str>) -> twilio::Settings {
    needs_public_url(section, public_url, "Twilio signs the address it calls");
    let auth_token = section.secret("auth_token");
    let auth = match section.text("api_key_sid") {
        None => Auth::AuthToken,
        Some(sid) => Auth::ApiKey { sid, secret: section.secret("api_key_secret") },
    };
    let what = "the account's SID, AC and 32 digits";
    let account_sid = section.required("account_sid", what);
    if !account_sid.is_empty() && !is_account_sid(&account_sid) {
        section.fault("account_sid", format!("expected {what}"));
    }
    twilio::Settings {
        account_sid,
        auth,
        auth_token,
        shared_key: None,
        messaging_service_sid: section.text("messaging_service_sid"),
        base_url: base_url(section, twilio::API),
        callback_url: String::new(),
    }
}

fn kannel(section: &mut Section<'_>, public_url: Option<&str>) -> kannel::Settings {
    let what = "scheme://host by which Kannel reaches this service";
    if !section.has("callback_url") && public_url.is_none() {
        section.fault("callback_url", format!("expected {what}"));
    }
    let callback_url = section.url("callback_url", what);
    let peers = section.texts("peers").unwrap_or_else(|| vec!["127.0.0.1".to_owned()]);
    let peers = peers.iter().filter_map(|text| {
        let peer = text.parse().ok();
        if peer.is_none() {
            section.fault("peers", "expected IP addresses, such as [\"127.0.0.1\"]".to_owned());
        }
        peer
    });
    let peers = peers.collect();
    kannel::Settings {
        sendsms_url: section.required_url("sendsms_url", "http://host:13013/cgi-bin/sendsms"),
        username: section.required("username", "the name of Kannel's sendsms-user"),
        password: section.secret("password"),
        callback_secret: section.secret("callback_secret"),
        peers,
        smsc: section.text("smsc"),
        callback_url: callback_url.unwrap_or_default(),
    }
}

fn infobip(section: &mut Section<'_>, public_url: Option<&str>) -> infobip::Settings {
    needs_public_url(section, public_url, "Infobip is told with each text where to report it");
    let base_url =
        section.required_url("base_url", "the account's own, such as https://xxxxx.api.infobip.com");
    infobip::Settings {
        base_url: base_url.trim_end_matches('/').to_owned(),
        api_key: key(section),
        callback_user: section.text("callback_user").unwrap_or_else(|| "infobip".to_owned()),
        callback_secret: section.secret("callback_secret"),
        callback_url: String::new(),
    }
}

fn telnyx(section: &mut Section<'_>, public_url: Option<&str>) -> telnyx::Settings {
    needs_public_url(section, public_url, "Telnyx is told with each text where to report it");
    let what = "the public key of the account, 44 letters of base64, as Telnyx's portal shows it";
    let written = section.required("public_key", what);
    let public_key = PublicKey::parse(&written);
    if public_key.is_none() && !written.is_empty() {
        section.fault("public_key", format!("expected {what}"));
    }
    telnyx::Settings {
        api_key: key(section),
        // With a fault nothing starts.
        public_key: public_key.unwrap_or_default(),
        messaging_profile_id: section.text("messaging_profile_id"),
        base_url: base_url(section, telnyx::API),
        callback_url: String::new(),
    }
}

fn needs_public_url(section: &mut Section<'_>, public_url: Option<&str>, because: &str) {
    if public_url.is_none() {
        section.fault("kind", format!("expected server.public_url to be set: {because}"));
    }
}

/// Where the provider's API is, unless it is the usual place.
fn base_url(section: &mut Section<'_>, usual: &str) -> String {
    let url = section.url("base_url", usual);
    url.as_deref().unwrap_or(usual).trim_end_matches('/').to_owned()
}

/// An API key that a header can carry.
fn key(section: &mut Section<'_>) -> Secret {
    let key = section.secret("api_key");
    if !key.reveal().bytes().all(|byte| byte.is_ascii_graphic()) {
        section.fault("api_key", "expected a key of letters, digits and signs, without spaces".to_owned());
    }
    key
}

fn is_account_sid(text: &str) -> bool {
    text.strip_prefix("AC")
        .is_some_and(|digits| digits.len() == 32 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
}
