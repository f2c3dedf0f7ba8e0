//! A number that is held no more is still known again: by a keyed hash of it, whose key is not in the database.
//!
//! HMAC-SHA-256 (RFC 2104). Without the key the few billion numbers there are cannot be tried one by one.

use std::fmt;
use std::sync::Arc;

use hmac::{Hmac, KeyInit, Mac};
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, Nonce, UnboundKey};
use sha2::Sha256;

use super::phone::PhoneNumber;

/// The key, and what it seals with it.
#[derive(Clone)]
pub struct Seal(Arc<[u8]>);

impl Seal {
    /// With a key; 32 random bytes are right.
    pub fn new(key: &[u8]) -> Self {
        Self(key.into())
    }

    /// What a number is known by.
    pub fn digest(&self, phone: &PhoneNumber) -> Vec<u8> {
        self.of(phone.as_e164())
    }

    /// Something that must be read again, closed: who has the database alone cannot. The nonce of 12 bytes is never
    /// used twice. ChaCha20-Poly1305 (RFC 8439), under a key of its own.
    pub fn close(&self, nonce: &[u8; 12], plain: &[u8]) -> Vec<u8> {
        let mut closed = plain.to_vec();
        let Some(key) = self.key() else { return Vec::new() };
        let nonce_of = Nonce::assume_unique_for_key(*nonce);
        if key.seal_in_place_append_tag(nonce_of, Aad::empty(), &mut closed).is_err() {
            return Vec::new();
        }
        [&nonce[..], &closed].concat()
    }

    /// What was closed; none: under another key, or changed since.
    pub fn open(&self, closed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, rest) = closed.split_first_chunk::<12>()?;
        let mut rest = rest.to_vec();
        let plain =
            self.key()?.open_in_place(Nonce::assume_unique_for_key(*nonce), Aad::empty(), &mut rest).ok()?;
        Some(plain.to_vec())
    }

    fn key(&self) -> Option<LessSafeKey> {
        // No number is this text, so no digest is this key.
        let bytes = self.of("what is closed");
        UnboundKey::new(&CHACHA20_POLY1305, &bytes).ok().map(LessSafeKey::new)
    }

    fn of(&self, e164: &str) -> Vec<u8> {
        // HMAC takes keys of any length.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.0) else { return Vec::new() };
        mac.update(e164.as_bytes());
        mac.finalize().into_bytes().to_vec()
    }
}

impl fmt::Debug for Seal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Seal(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_number_is_known_again_and_by_this_key_alone() {
        let phone = PhoneNumber::from_e164("+12025550143").expect("a number");
        let other = PhoneNumber::from_e164("+12025550144").expect("a number");
        let seal = Seal::new(b"a key");
        assert_eq!(seal.digest(&phone), seal.digest(&phone));
        assert_ne!(seal.digest(&phone), seal.digest(&other));
        assert_ne!(seal.digest(&phone), Seal::new(b"another").digest(&phone));
        assert_eq!(32, seal.digest(&phone).len());
    }

    #[test]
    fn what_is_closed_opens_by_this_key_alone() {
        let seal = Seal::new(b"a key");
        let closed = seal.close(&[7; 12], b"a secret");
        assert_eq!(Some(b"a secret".to_vec()), seal.open(&closed));
        assert_eq!(None, Seal::new(b"another").open(&closed));
        let mut changed = closed.clone();
        changed[15] ^= 1;
        assert_eq!(None, seal.open(&changed));
        assert_eq!(None, seal.open(b"short"));
    }
}
