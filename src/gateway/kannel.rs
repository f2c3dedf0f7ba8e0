//! Kannel, the open SMS and WAP gateway, as its `sendsms` address and its callbacks behave.
//!
//! Sources: the Kannel User Guide 1.4.5, chapters "SMS Push" and "Delivery reports"; where the
//! guide and the program differ, what Debian's 1.4.5 was seen to do. What its own configuration
//! needs is in `deploy/kannel.conf.example`.

pub(super) mod codes;

use std::fmt::Write;
use std::net::IpAddr;

use percent_encoding::percent_decode_str;

use super::fields::Fields;
use super::http::{Address, bad_address, push_field};
use super::{Call, Http, Outcome, Parcel, ReceivedText, Rejection, Report, Routes, Secret};
use crate::domain::delivery::Evidence;
use crate::domain::segment::Encoding;

/// Kannel looks at the status only, provided `max-messages = 0` keeps it from texting her a body.
pub const ROUTES: Routes = Routes::PLAIN;

/// What the configuration says of a Kannel.
#[derive(Clone)]
pub struct Settings {
    /// Such as `http://127.0.0.1:13013/cgi-bin/sendsms`.
    pub sendsms_url: String,
    /// As in Kannel's `sendsms-user` group.
    pub username: String,
    /// As in the same group.
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

/// A Kannel, with all that its sends have in common written once.
pub struct Kannel {
    settings: Settings,
    /// None if the address is not one.
    sendsms: Option<Address>,
    /// Path and query, up to the sender's name.
    opening: String,
    /// The reports we want, up to our reference.
    reports: String,
    /// What follows the reference.
    closing: String,
}

/// Every report there is: 1 delivered, 2 failed, 4 buffered, 8 taken by the SMSC, 16 refused by it.
const ALL_REPORTS: &str = "31";

impl Kannel {
    /// Makes it ready. An address that is none shows in each send.
    pub fn new(settings: Settings) -> Self {
        let sendsms = Address::parse(&settings.sendsms_url);
        let mut opening = sendsms.as_ref().map_or("", Address::target).to_owned();
        let first = if opening.contains('?') { "&username=" } else { "?username=" };
        push_field(&mut opening, first, &settings.username);
        push_field(&mut opening, "&password=", settings.password.reveal());
        // Kannel fills in what begins with a percent sign (%d the kind of report, %F the SMSC's id
        // for the text, %A its answer), so a percent sign of our own is written twice.
        let mut ours = format!("{}/{}", settings.callback_url, ROUTES.report);
        push_field(&mut ours, "?secret=", settings.callback_secret.reveal());
        let mut reports = format!("&dlr-mask={ALL_REPORTS}");
        push_field(&mut reports, "&dlr-url=", &format!("{}&m=", ours.replace('%', "%%")));
        let mut closing = String::new();
        push_field(&mut closing, "", "&type=%d&id=%F&answer=%A");
        if let Some(smsc) = &settings.smsc {
            push_field(&mut closing, "&smsc=", smsc);
        }
        Self { settings, sendsms, opening, reports, closing }
    }
}

// Form

/// Kannel counts in minutes; a week is as long as common SMSCs keep a text.
const LONGEST_VALIDITY_MINUTES: u64 = 7 * 24 * 60;
/// More than the number, the sender, the reference, the validity and the fields' names take.
const REST_OF_QUERY: usize = 256;

impl Kannel {
    /// Path and query.
    fn target(&self, parcel: &Parcel<'_>) -> String {
        // Unless told 2, Kannel takes Cyrillic, answers "Accepted" and sends "??????".
        let coding = match parcel.encoding {
            Encoding::Gsm7 => "0",
            Encoding::Ucs2 => "2",
        };
        let minutes = parcel.valid_for.as_secs() / 60;
        let validity = minutes.clamp(1, LONGEST_VALIDITY_MINUTES);
        let ours = self.opening.len() + self.reports.len() + self.closing.len();
        // A byte that must be escaped becomes three.
        let mut target = String::with_capacity(ours + 3 * parcel.body.len() + REST_OF_QUERY);
        target.push_str(&self.opening);
        push_field(&mut target, "&from=", parcel.from);
        push_field(&mut target, "&to=", parcel.to.as_e164());
        push_field(&mut target, "&text=", parcel.body);
        let (reports, reference, closing) = (&self.reports, parcel.reference, &self.closing);
        // Writing to a String cannot fail.
        let _ =
            write!(target, "&charset=UTF-8&coding={coding}&validity={validity}{reports}{reference}{closing}");
        target
    }
}

// Send. Kannel keeps no list to look a text up in.

impl Kannel {
    /// Sends one text.
    pub async fn send(&self, http: &Http, parcel: &Parcel<'_>) -> Outcome {
        let request = self.sendsms.as_ref().and_then(|sendsms| sendsms.get_at(self.target(parcel)));
        let Some(request) = request else { return bad_address() };
        match http.exchange(request.by(parcel.leaves_by)).await {
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

    /// As [`Kannel::new`] asks for it.
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
    fn verified<'a>(&self, call: &'a Call) -> Result<(&'a str, Fields<'a>), Rejection> {
        if !self.settings.peers.contains(&call.peer.to_canonical()) {
            return Err(Rejection::Forbidden("from an address that is not Kannel's"));
        }
        let query = call.query.as_deref().unwrap_or_default();
        let fields = Fields::parse(query.as_bytes())?;
        let offered = fields.word("secret").unwrap_or_default();
        if !self.settings.callback_secret.is_known_by(offered) {
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
