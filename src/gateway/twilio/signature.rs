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

pub(super) fn verify(
    call: &Call,
    auth_token: &Secret,
    shared_key: Option<&SharedKey>,
) -> Result<(), Rejection> {
    let signature = call.header(SIGNATURE).ok_or(Rejection::Forbidden("no signature"))?;
    let signature = STANDARD.decode(signature).map_err(|_| WRONG)?;
    let key = key(call.header(SETTINGS), auth_token, shared_key)?;
    let parameters = if is_form(call) {
        sorted_parameters(&call.body)?
    } else {
        check_body_hash(call)?;
        String::new()
    };
    // Twilio itself is not consistent about the port.
    let right =
        with_and_without_port(&call.public_url).iter().any(|url| key.signs(url, &parameters, &signature));
    if right { Ok(()) } else { Err(WRONG) }
}

/// Twilio posts forms; a GET or a JSON body has no parameters to sign.
pub(super) fn is_form(call: &Call) -> bool {
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
    /// `verify_slice` takes the same time wherever the difference lies.
    fn signs(&self, url: &str, parameters: &str, signature: &[u8]) -> bool {
        match self {
            Self::Sha1(key) => Hmac::<Sha1>::new_from_slice(key.reveal().as_bytes()).is_ok_and(|mac| {
                mac.chain_update(url).chain_update(parameters).verify_slice(signature).is_ok()
            }),
            Self::Sha256(key) => Hmac::<Sha256>::new_from_slice(key.reveal().as_bytes()).is_ok_and(|mac| {
                mac.chain_update(url).chain_update(parameters).verify_slice(signature).is_ok()
            }),
        }
    }
}

/// Each name with its value, sorted by the bytes of both; a pair that comes twice counts once.
fn sorted_parameters(body: &[u8]) -> Result<String, Rejection> {
    let fields = Fields::parse(body)?;
    let mut pairs: Vec<_> = fields.pairs().iter().collect();
    pairs.sort_unstable();
    pairs.dedup();
    Ok(pairs.iter().flat_map(|(name, value)| [&**name, &**value]).collect())
}

/// A body that is no form is signed by way of its hash in the address.
fn check_body_hash(call: &Call) -> Result<(), Rejection> {
    if call.body.is_empty() {
        return Ok(());
    }
    let query = Fields::parse(call.query.as_deref().unwrap_or_default().as_bytes())?;
    let promised = query.word("bodySHA256").ok_or(Rejection::Forbidden("the body is not signed"))?;
    let found = hex(&Sha256::digest(&call.body));
    if bool::from(found.as_bytes().ct_eq(promised.as_bytes())) { Ok(()) } else { Err(WRONG) }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The address without a port, and with the one it has or its scheme's own.
fn with_and_without_port(url: &str) -> [String; 2] {
    let Some((scheme, rest)) = url.split_once("://") else {
        return [url.to_owned(), url.to_owned()];
    };
    let (authority, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
    // The colons inside an IPv6 address's brackets are not the port's.
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => (host, port),
        _ if scheme == "https" => (authority, "443"),
        _ => (authority, "80"),
    };
    [format!("{scheme}://{host}{path}"), format!("{scheme}://{host}:{port}{path}")]
}
