//! Whether a webhook comes from Telnyx: an Ed25519 signature over the time and the raw body.
//!
//! Telnyx's page "Receiving webhooks for messaging" and its Python library 4.189, which gives five minutes.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::signature::{ED25519, UnparsedPublicKey};

use super::super::{Call, Rejection};

const SIGNATURE: &str = "telnyx-signature-ed25519";
/// When it was signed, in seconds.
const TIMESTAMP: &str = "telnyx-timestamp";
/// An older call may be one that was overheard and is made again.
const TOLERANCE_SECONDS: u64 = 300;

/// By which an account's webhooks are verified. It is no secret.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PublicKey([u8; 32]);

impl PublicKey {
    /// Reads it as Telnyx's portal shows it: base64 of 32 bytes.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = STANDARD.decode(text.trim()).ok()?;
        Some(Self(bytes.try_into().ok()?))
    }
}

pub(super) fn verify(call: &Call, key: &PublicKey) -> Result<(), Rejection> {
    let signature = call.header(SIGNATURE).ok_or(Rejection::Forbidden("no signature"))?;
    let timestamp = call.header(TIMESTAMP).ok_or(Rejection::Forbidden("no timestamp"))?;
    let wrong = Rejection::Forbidden("the signature is wrong");
    let signature = STANDARD.decode(signature).map_err(|_| wrong)?;
    let mut signed = Vec::with_capacity(timestamp.len() + 1 + call.body.len());
    signed.extend_from_slice(timestamp.as_bytes());
    signed.push(b'|');
    signed.extend_from_slice(&call.body);
    UnparsedPublicKey::new(&ED25519, key.0).verify(&signed, &signature).map_err(|_| wrong)?;
    // Telnyx itself said so, now it may be believed.
    let signed_at: i64 = timestamp.parse().map_err(|_| wrong)?;
    if call.received_at.timestamp().abs_diff(signed_at) > TOLERANCE_SECONDS {
        return Err(Rejection::Forbidden(
            "it was signed more than five minutes from now: is our clock right?",
        ));
    }
    Ok(())
}
