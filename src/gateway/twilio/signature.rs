//! Whether a webhook comes from Twilio: `X-Twilio-Signature` over the address and its form.
//!
//! Twilio's "Webhooks security" page; where it is silent, its Python library 9.13 decides:
//! repeated names, the port, `X-Twilio-Webhooks-Signature-Settings`.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use http::Method;
use http::header::CONTENT_TYPE;
use sha1::Sha1;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::super::fields::Fields;
use super::super::{Call, Rejection, Secret};

const SIGNATURE: &str = "x-twilio-signature";
/// `key=<id>,algorithm=HMAC_SHA256`: signed with a shared key instead of the auth token.
const SETTINGS: &str = "x-twilio-webhooks-signature-settings";

const WRONG: Rejection = Rejection::Forbidden("the signature is wrong");

/// A key kept for webhooks alone, so that the auth token need not be.
#[derive(Clone)]
pub struct SharedKey {
    pub id: String,
    pub secret: Secret,
}

enum Key<'a> {
    Sha1(&'a Secret),
    Sha256(&'a Secret),
}

/// The fields that a call brings, once its signature is found right; until then nothing of them is believed.
pub(super) fn verified<'a>(
    call: &'a Call,
    auth_token: &Secret,
    shared_key: Option<&SharedKey>,
) -> Result<Fields<'a>, Rejection> {
    let signature = call.header(SIGNATURE).ok_or(Rejection::Forbidden("no signature"))?;
    let signature = STANDARD.decode(signature).map_err(|_| WRONG)?;
    let key = key(call.header(SETTINGS), auth_token, shared_key)?;
    let form = is_form(call);
    let encoded = if form { &*call.body } else { call.query.as_deref().unwrap_or_default().as_bytes() };
    let fields = Fields::parse(encoded)?;
    let parameters = if form {
        sorted_parameters(&fields)
    } else {
        check_body_hash(call, &fields)?;
        Vec::new()
    };
    // Twilio itself is not consistent about the port.
    let right = without_and_with_port(&call.public_url)
        .iter()
        .any(|url| key.signs(url.iter().chain(&parameters).copied(), &signature));
    if right { Ok(fields) } else { Err(WRONG) }
}

/// Twilio posts forms; a GET or a JSON body has no parameters to sign.
fn is_form(call: &Call) -> bool {
    let kind = call.header(CONTENT_TYPE.as_str()).unwrap_or_default();
    call.method == Method::POST && kind.starts_with("application/x-www-form-urlencoded")
}

fn key<'a>(
    settings: Option<&str>,
    auth_token: &'a Secret,
    shared_key: Option<&'a SharedKey>,
) -> Result<Key<'a>, Rejection> {
    let setting = |wanted| {
        let pairs = settings.unwrap_or_default().split(',');
        pairs
            .filter_map(|pair| pair.split_once('='))
            .find_map(|(name, value)| (name.trim() == wanted).then(|| value.trim()))
    };
    match (setting("algorithm"), shared_key) {
        (None | Some("HMAC_SHA1"), _) => Ok(Key::Sha1(auth_token)),
        (Some("HMAC_SHA256"), Some(shared)) if setting("key") == Some(&shared.id) => {
            Ok(Key::Sha256(&shared.secret))
        }
        (Some("HMAC_SHA256"), _) => {
            Err(Rejection::Forbidden("signed with a shared key that is not configured"))
        }
        _ => Err(Rejection::Forbidden("signed by an unknown algorithm")),
    }
}

impl Key<'_> {
    /// Whether these pieces, one after the other, have that signature.
    fn signs<'a>(&self, pieces: impl Iterator<Item = &'a str>, signature: &[u8]) -> bool {
        match self {
            Self::Sha1(key) => is_signed::<Hmac<Sha1>>(key, pieces, signature),
            Self::Sha256(key) => is_signed::<Hmac<Sha256>>(key, pieces, signature),
        }
    }
}

/// `verify_slice` takes the same time wherever the difference lies.
fn is_signed<'a, M: Mac + KeyInit>(
    key: &Secret,
    pieces: impl Iterator<Item = &'a str>,
    signature: &[u8],
) -> bool {
    <M as KeyInit>::new_from_slice(key.reveal().as_bytes()).is_ok_and(|mut mac| {
        pieces.for_each(|piece| mac.update(piece.as_bytes()));
        mac.verify_slice(signature).is_ok()
    })
}

/// Each name with its value, sorted by the bytes of both; a pair that comes twice counts once.
fn sorted_parameters<'a>(fields: &'a Fields<'_>) -> Vec<&'a str> {
    let mut pairs: Vec<_> = fields.pairs().iter().collect();
    pairs.sort_unstable();
    pairs.dedup();
    pairs.iter().flat_map(|(name, value)| [&**name, &**value]).collect()
}

/// A body that is no form is signed by way of its hash in the address.
fn check_body_hash(call: &Call, query: &Fields<'_>) -> Result<(), Rejection> {
    if call.body.is_empty() {
        return Ok(());
    }
    let promised = query.word("bodySHA256").ok_or(Rejection::Forbidden("the body is not signed"))?;
    let found = hex(&Sha256::digest(&call.body));
    if bool::from(found.as_bytes().ct_eq(promised.as_bytes())) { Ok(()) } else { Err(WRONG) }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The address without a port, and with the one it has or its scheme's own; in pieces.
fn without_and_with_port(url: &str) -> [[&str; 3]; 2] {
    let Some(authority) = url.find("://").map(|colon| colon + 3) else {
        return [[url, "", ""]; 2];
    };
    let path = url[authority..].find(['/', '?']).map_or(url.len(), |length| authority + length);
    let (before, after) = url.split_at(path);
    // The colons inside an IPv6 address's brackets are not the port's.
    let (before, port) = match before[authority..].rfind(':').map(|colon| before.split_at(authority + colon))
    {
        Some((before, port)) if port[1..].bytes().all(|byte| byte.is_ascii_digit()) => (before, port),
        _ if url.starts_with("https://") => (before, ":443"),
        _ => (before, ":80"),
    };
    [[before, "", after], [before, port, after]]
}
