//! A number that is held no more is still known again: by a keyed hash of it, whose key is not in the database.
//!
//! HMAC-SHA-256 (RFC 2104). Without the key the few billion numbers there are cannot be tried one by one.

use std::fmt;
use std::sync::Arc;

use hmac::{Hmac, KeyInit, Mac};
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
}
