//! Passwords and tokens, kept out of every log and compared without telling by time.

use std::fmt;

use subtle::ConstantTimeEq;

#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    pub fn new(secret: impl Into<String>) -> Self {
        Self(secret.into())
    }

    /// The word itself, for the request that must carry it.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Whether a caller knows it. An empty secret is known by nobody: it is one nobody has set.
    pub fn is_known_by(&self, offered: &str) -> bool {
        !self.0.is_empty() && bool::from(self.0.as_bytes().ct_eq(offered.as_bytes()))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}
