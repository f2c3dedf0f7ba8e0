//! Kannel, the open SMS and WAP gateway, as its `sendsms` address and its callbacks behave.
//!
//! Sources: the Kannel User Guide 1.4.5, chapters "SMS Push" and "Delivery reports"; where the
//! guide and the program differ, what Debian's 1.4.5 was seen to do. What its own configuration
//! needs is in `deploy/kannel.conf.example`.

mod codes;

use std::net::IpAddr;

use percent_encoding::percent_decode_str;
use uuid::Uuid;

use super::fields::Fields;
use super::{Call, Http, Outcome, Parcel, ReceivedText, Rejection, Report, Routes, Secret};
use crate::domain::delivery::Evidence;
use crate::domain::segment::Encoding;

/// Kannel looks at the status only, provided `max-messages = 0` keeps it from texting her a body.
pub const ROUTES: Routes =
    Routes { inbound: "inbound", report: "report", content_type: "text/plain", thanks: "" };

#[derive(Clone)]
pub struct Kannel {
    /// Such as `http://127.0.0.1:13013/cgi-bin/sendsms`.
    pub sendsms_url: String,
    pub username: String,
    pub password: Secret,
    /// Known to Kannel and us alone, and carried by each of its callbacks.
    pub callback_secret: Secret,
    /// Kannel signs nothing: its callbacks must also come from one of these.
    pub peers: Vec<IpAddr>,
    /// Routes through one SMSC; Kannel heeds it only if each has an `allowed-smsc-id`.
    pub smsc: Option<String>,
    /// Where Kannel reaches our webhooks for this gateway, without a final slash.
    pub callback_url: String,
}

// Form

/// Kannel counts in minutes; a week is as long as common SMSCs keep a text.
const LONGEST_VALIDITY_MINUTES: u64 = 7 * 24 * 60;
/// Every report there is: 1 delivered, 2 failed, 4 buffered, 8 taken by the SMSC, 16 refused by it.
const ALL_REPORTS: &str = "31";

impl Kannel {
    fn form(&self, parcel: &Parcel<'_>) -> Vec<(&'static str, String)> {
        // Unless told 2, Kannel takes Cyrillic, answers "Accepted" and sends "??????".
        let coding = match parcel.encoding {
            Encoding::Gsm7 => "0",
            Encoding::Ucs2 => "2",
        };
        let minutes = parcel.valid_for.as_secs() / 60;
        let validity = minutes.clamp(1, LONGEST_VALIDITY_MINUTES);
        let mut form = vec![
            ("username", self.username.clone()),
            ("password", self.password.reveal().to_owned()),
            ("from", parcel.from.to_owned()),
            ("to", parcel.to.as_e164().to_owned()),
            ("text", parcel.body.to_owned()),
            ("charset", "UTF-8".to_owned()),
            ("coding", coding.to_owned()),
            ("validity", validity.to_string()),
            ("dlr-mask", ALL_REPORTS.to_owned()),
            ("dlr-url", self.report_url(parcel.reference)),
        ];
        if let Some(smsc) = &self.smsc {
            form.push(("smsc", smsc.clone()));
        }
        form
    }

    /// Kannel fills in what begins with a percent sign (%d the kind of report, %F the SMSC's id
    /// for the text, %A its answer), so a percent sign of our own is written twice.
    fn report_url(&self, reference: Uuid) -> String {
        let ours = form_urlencoded::Serializer::new(String::new())
            .append_pair("secret", self.callback_secret.reveal())
            .append_pair("m", &reference.to_string())
            .finish();
        let ours = format!("{}/{}?{ours}", self.callback_url, ROUTES.report).replace('%', "%%");
        format!("{ours}&type=%d&id=%F&answer=%A")
    }
}

// Send. Kannel keeps no list to look a text up in.

impl Kannel {
    pub async fn send(&self, http: &Http, parcel: &Parcel<'_>) -> Outcome {
        let request = http.get(&self.sendsms_url).query(&self.form(parcel));
        match http.exchange(request).await {
            Ok(reply) => codes::outcome(&reply),
            Err(end) => end,
        }
    }
}

// Inbound, report

impl Kannel {
    /// As the `get-url` of `deploy/kannel.conf.example` sends it:
    /// `from=%p&to=%P&id=%I&text=%b&charset=%C&secret=…`.
    pub fn inbound(&self, call: &Call) -> Result<ReceivedText, Rejection> {
        let (query, fields) = self.verified(call)?;
        let body = match fields.word("charset") {
            // Kannel without mo-recode. Misconfigured, but her STOP must not be lost for it.
            Some("UTF-16BE") => utf16(query, "text"),
            _ => fields.text("text").map(str::to_owned),
        };
        Ok(ReceivedText {
            provider_id: fields.required("id", "no id")?,
            from: fields.required("from", "no sender")?,
            to: fields.required("to", "no recipient")?,
            body: body.ok_or(Rejection::Malformed("no text"))?,
            provider_handled: None,
        })
    }

    /// As [`Kannel::report_url`] asks for it.
    pub fn report(&self, call: &Call) -> Result<Report, Rejection> {
        let (query, fields) = self.verified(call)?;
        let status = fields.required("type", "no type")?;
        let kind = status.parse().map_err(|_| Rejection::Malformed("the type is no number"))?;
        let (evidence, sentence) = codes::evidence(kind).unzip();
        let answer = fields.text("answer").unwrap_or_default();
        Ok(Report {
            reference: fields.word("m").and_then(|m| m.parse().ok()),
            provider_id: fields.word("id").map(str::to_owned),
            status,
            evidence,
            code: match evidence {
                Some(Evidence::Failed) => codes::operator_code(answer),
                _ => None,
            },
            sentence: sentence.flatten().map(str::to_owned),
            opted_out: false,
            raw: without_secret(query),
        })
    }

    /// Signature: Kannel has none, so the right peer and the right secret stand for one.
    fn verified<'a>(&self, call: &'a Call) -> Result<(&'a str, Fields), Rejection> {
        if !self.peers.contains(&call.peer.to_canonical()) {
            return Err(Rejection::Forbidden("from an address that is not Kannel's"));
        }
        let query = call.query.as_deref().unwrap_or_default();
        let fields = Fields::parse(query.as_bytes())?;
        let offered = fields.word("secret").unwrap_or_default();
        if !self.callback_secret.is_known_by(offered) {
            return Err(Rejection::Forbidden("the secret is wrong"));
        }
        Ok((query, fields))
    }
}

/// Kannel escapes the bytes of %b one by one, whatever charset they are in.
fn utf16(query: &str, name: &str) -> Option<String> {
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let (_, value) = pairs.find(|(known, _)| *known == name)?;
    let bytes: Vec<u8> = percent_decode_str(&value.replace('+', "%20")).collect();
    let pairs = bytes.chunks_exact(2);
    let units: Vec<_> = pairs.map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
    Some(String::from_utf16_lossy(&units))
}

fn without_secret(query: &str) -> String {
    let kept: Vec<_> = query.split('&').filter(|pair| !pair.starts_with("secret=")).collect();
    kept.join("&")
}
