//! Infobip's SMS API, version 3.
//!
//! Sources: Infobip's OpenAPI document 3.210 of 2026-07 (requests, replies, webhooks), its page "Response status and
//! error codes" of the same month (ids), its page "Receive outbound SMS message reports" (a hundred reports a call).
//! No account was at hand: nothing here has met Infobip itself yet.

pub(super) mod codes;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::TimeDelta;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use uuid::Uuid;

use self::codes::{Fault, Status};
use super::fields::{Fields, is_word, word};
use super::http::{Address, JSON, Reply, bad_address, json, push_field};
use super::meaning::Meaning;
use super::{Brought, Call, Http, Outcome, Parcel, ReceivedText, Rejection, Report, Routes, Secret};

/// Infobip packs up to a hundred reports into a call, unless the subscription says otherwise.
pub const ROUTES: Routes = Routes { longest_call: 1024 * 1024, ..Routes::PLAIN };

/// A `messageId` given once more is refused (`REJECTED_DUPLICATE_MESSAGE_ID`). For how long it is known, Infobip does
/// not say; it keeps its log of a message, and by default the message itself, for 48 hours. A quarter of that is
/// relied on: beyond it an outage is so long that a tip had better be given up than doubled.
pub const REMEMBERS: TimeDelta = TimeDelta::hours(12);

/// What the configuration says of an account.
#[derive(Clone)]
pub struct Settings {
    /// The account's own, such as `https://xxxxx.api.infobip.com`, without a final slash.
    pub base_url: String,
    /// May send SMS; nothing else is needed.
    pub api_key: Secret,
    /// With the secret, what Infobip proves itself by where it uses HTTP basic authentication.
    pub callback_user: String,
    /// Known to Infobip and us alone, and carried by each of its calls: as that password, or in the address.
    pub callback_secret: Secret,
    /// Where our webhooks for this gateway are reached from outside, without a final slash.
    pub callback_url: String,
}

/// An account at Infobip, with all that its sends have in common written once.
pub struct Infobip {
    settings: Settings,
    /// None if the base URL is not one.
    messages: Option<Address>,
    /// Where reports go. Without credentials in its head, because none can be given for one message's address.
    reports: String,
    /// The user and the secret as basic authentication writes them.
    basic: Secret,
}

impl Infobip {
    /// Makes it ready. A base URL that is none shows in each send.
    pub fn new(settings: Settings) -> Self {
        let messages = Address::parse(&format!("{}/sms/3/messages", settings.base_url));
        let key = format!("App {}", settings.api_key.reveal());
        let messages = messages.map(|page| page.with(CONTENT_TYPE, JSON).proved(key));
        let secret = settings.callback_secret.reveal();
        let mut reports = format!("{}/{}", settings.callback_url, ROUTES.report);
        push_field(&mut reports, "?secret=", secret);
        let basic = match secret {
            "" => String::new(),
            _ => STANDARD.encode(format!("{}:{secret}", settings.callback_user)),
        };
        Self { settings, messages, reports, basic: Secret::new(basic) }
    }
}

// Form

/// As long as Infobip keeps a text waiting.
const LONGEST_VALIDITY_MINUTES: u64 = 48 * 60;
/// More than the number, the sender, the reference, the validity and the names of all take.
const REST_OF_BODY: usize = 512;

#[derive(Serialize)]
struct Order<'a> {
    messages: [Message<'a>; 1],
}

#[derive(Serialize)]
struct Message<'a> {
    sender: &'a str,
    destinations: [Destination<'a>; 1],
    content: Content<'a>,
    options: Options,
    webhooks: Webhooks<'a>,
}

#[derive(Serialize)]
struct Destination<'a> {
    to: &'a str,
    #[serde(rename = "messageId")]
    message_id: Uuid,
}

#[derive(Serialize)]
struct Content<'a> {
    text: &'a str,
}

#[derive(Serialize)]
struct Options {
    #[serde(rename = "validityPeriod")]
    validity_period: Period,
}

#[derive(Serialize)]
struct Period {
    amount: u64,
    #[serde(rename = "timeUnit")]
    time_unit: &'static str,
}

#[derive(Serialize)]
struct Webhooks<'a> {
    delivery: Delivery<'a>,
    #[serde(rename = "contentType")]
    content_type: &'static str,
}

#[derive(Serialize)]
struct Delivery<'a> {
    url: &'a str,
}

impl Infobip {
    /// Infobip writes numbers without a plus sign. It chooses the coding by the letters.
    fn order(&self, parcel: &Parcel<'_>) -> Vec<u8> {
        let minutes = parcel.valid_for.as_secs() / 60;
        let order = Order {
            messages: [Message {
                sender: parcel.from.trim_start_matches('+'),
                destinations: [Destination {
                    to: parcel.to.as_e164().trim_start_matches('+'),
                    message_id: parcel.reference,
                }],
                content: Content { text: parcel.body },
                options: Options {
                    validity_period: Period {
                        amount: minutes.clamp(1, LONGEST_VALIDITY_MINUTES),
                        time_unit: "MINUTES",
                    },
                },
                webhooks: Webhooks {
                    delivery: Delivery { url: &self.reports },
                    content_type: "application/json",
                },
            }],
        };
        json(&order, parcel.body.len() + self.reports.len() + REST_OF_BODY)
    }
}

// Status table: the codes

#[derive(Deserialize)]
struct Taken {
    messages: Vec<Answered>,
}

#[derive(Deserialize)]
struct Answered {
    #[serde(rename = "messageId")]
    message_id: String,
    status: Status,
}

/// 200 says no more than that Infobip has read the order; what it made of the text is its status.
fn outcome(reply: &Reply, reference: Uuid) -> Outcome {
    if !reply.status.is_success() {
        return codes::refusal(reply);
    }
    let taken: Option<Taken> = reply.json();
    let mut answered = taken.into_iter().flat_map(|taken| taken.messages);
    match answered.find(|answered| answered.message_id.parse() == Ok(reference)) {
        Some(answered) => codes::outcome(&answered.status),
        None => Meaning::Unsure.outcome(
            reply.status.as_str(),
            "Infobip answered that all is well, and nothing of this text.",
            None,
        ),
    }
}

// Send. In doubt a text is handed over again: `REMEMBERS`.

impl Infobip {
    /// Sends one text.
    pub async fn send(&self, http: &Http, parcel: &Parcel<'_>) -> Outcome {
        let Some(messages) = &self.messages else { return bad_address() };
        match http.exchange(messages.post(self.order(parcel)).by(parcel.leaves_by)).await {
            Ok(reply) => outcome(&reply, parcel.reference),
            Err(end) => end,
        }
    }
}

// Inbound, report

#[derive(Deserialize)]
struct Results<'a> {
    #[serde(borrow)]
    results: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
struct Arrived {
    #[serde(rename = "messageId")]
    message_id: Option<String>,
    from: Option<String>,
    to: Option<String>,
    text: Option<String>,
}

#[derive(Deserialize)]
struct Told {
    #[serde(rename = "messageId")]
    message_id: Option<String>,
    status: Status,
    error: Option<Fault>,
}

impl Infobip {
    /// As `MO_JSON_2`, Infobip's usual form, has it.
    pub fn inbound(&self, call: &Call) -> Result<Brought<ReceivedText>, Rejection> {
        self.verify(call)?;
        each(&call.body, |result| {
            let arrived: Arrived = serde_json::from_str(result.get())
                .map_err(|_| Rejection::Malformed("a result that is no text"))?;
            Ok(ReceivedText {
                provider_id: word(arrived.message_id, "no messageId")?,
                from: word(arrived.from, "no from")?,
                to: word(arrived.to, "no to")?,
                // What is not text comes without it, and someone sent it all the same.
                body: arrived.text.unwrap_or_default(),
                provider_handled: None,
            })
        })
    }

    /// Its `description`s are left unread: they may quote the number.
    pub fn report(&self, call: &Call) -> Result<Brought<Report>, Rejection> {
        self.verify(call)?;
        each(&call.body, |result| {
            let told: Told = serde_json::from_str(result.get())
                .map_err(|_| Rejection::Malformed("a result that is no report"))?;
            let reference = told.message_id.as_deref().and_then(|id| id.parse().ok());
            let said = codes::said(&told.status, told.error.as_ref());
            Ok(Report {
                // Their name for the text is ours. One of somebody else's has another.
                provider_id: match reference {
                    Some(_) => None,
                    None => told.message_id.filter(|id| is_word(id)),
                },
                reference,
                status: told
                    .status
                    .name
                    .filter(|name| is_word(name))
                    .unwrap_or_else(|| told.status.id.to_string()),
                evidence: said.evidence,
                code: said.code,
                sentence: said.sentence,
                opted_out: said.opted_out,
                raw: result.get().to_owned(),
            })
        })
    }

    /// Signature: Infobip signs nothing that it calls for one message, so the secret stands for one. What is set up in
    /// its web interface may give it as the password of basic authentication instead.
    fn verify(&self, call: &Call) -> Result<(), Rejection> {
        let offered = call.header(AUTHORIZATION.as_str()).and_then(|proof| proof.split_once(' '));
        let basic = offered.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("basic"));
        if basic.is_some_and(|(_, credentials)| self.basic.is_known_by(credentials.trim())) {
            return Ok(());
        }
        let query = Fields::parse(call.query.as_deref().unwrap_or_default().as_bytes())?;
        match query.word("secret") {
            Some(offered) if self.settings.callback_secret.is_known_by(offered) => Ok(()),
            None if basic.is_none() => Err(Rejection::Forbidden("neither a password nor the secret")),
            _ => Err(Rejection::Forbidden("the password or secret is wrong")),
        }
    }
}

/// Reads each result by itself: one that cannot be read takes no other with it.
fn each<T>(body: &[u8], read: impl Fn(&RawValue) -> Result<T, Rejection>) -> Result<Brought<T>, Rejection> {
    // One letter that is none spoils that letter, not the call.
    let body = String::from_utf8_lossy(body);
    let call: Results<'_> =
        serde_json::from_str(&body).map_err(|_| Rejection::Malformed("no list of results"))?;
    let (mut all, mut unread) = (Vec::with_capacity(call.results.len()), None);
    for result in call.results {
        match read(result) {
            Ok(one) => all.push(one),
            Err(why) => unread = unread.or(Some(why)),
        }
    }
    match unread {
        Some(why) if all.is_empty() => Err(why),
        unread => Ok(Brought::Several { all, unread }),
    }
}
