//! `[[gateway]]`: the providers that carry texts.

use super::reader::Section;
use crate::gateway::twilio::{API, Auth};
use crate::gateway::{kannel, twilio};

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
}

impl std::fmt::Debug for GatewayKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Rehearsal => "Rehearsal",
            Self::Twilio(_) => "Twilio",
            Self::Kannel(_) => "Kannel",
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

fn kind(section: &mut Section<'_>, public_url: Option<&str>) -> GatewayKind {
    match section.required("kind", "\"rehearsal\", \"twilio\" or \"kannel\"").as_str() {
        "twilio" => {
            if public_url.is_none() {
                section.fault(
                    "kind",
                    "expected server.public_url to be set: Twilio signs the address it calls".to_owned(),
                );
            }
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
            GatewayKind::Twilio(twilio::Settings {
                account_sid,
                auth,
                auth_token,
                shared_key: None,
                messaging_service_sid: section.text("messaging_service_sid"),
                base_url: section
                    .url("base_url", API)
                    .unwrap_or_else(|| API.to_owned())
                    .trim_end_matches('/')
                    .to_owned(),
                callback_url: String::new(),
            })
        }
        "kannel" => {
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
            GatewayKind::Kannel(kannel::Settings {
                sendsms_url: section.required_url("sendsms_url", "http://host:13013/cgi-bin/sendsms"),
                username: section.required("username", "the name of Kannel's sendsms-user"),
                password: section.secret("password"),
                callback_secret: section.secret("callback_secret"),
                peers,
                smsc: section.text("smsc"),
                callback_url: callback_url.unwrap_or_default(),
            })
        }
        "rehearsal" => GatewayKind::Rehearsal,
        unknown => {
            // One that is missing was told by now.
            if !unknown.is_empty() {
                section.fault("kind", "expected \"rehearsal\", \"twilio\" or \"kannel\"".to_owned());
            }
            section.ignore_rest();
            GatewayKind::Rehearsal
        }
    }
}

fn is_account_sid(text: &str) -> bool {
    text.strip_prefix("AC")
        .is_some_and(|digits| digits.len() == 32 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
}
