//! Passwords: which will do, and how they are kept.

use std::sync::LazyLock;

use argon2::Argon2;
use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use tokio::sync::Semaphore;

/// A password has so many characters at least: what NIST SP 800-63B-4 asks for where a password alone may be enough. No
/// rules of composition, which it advises against.
pub const SHORTEST: usize = 15;
/// And so many at most.
const LONGEST: usize = 200;
/// Each hash takes 19 MiB for a moment: so many at once.
const AT_ONCE: usize = 4;

static TURNS: Semaphore = Semaphore::const_new(AT_ONCE);
/// What is tried where there is no account, so that it takes as long.
static NOBODY: LazyLock<String> = LazyLock::new(|| hash_now("nobody's password"));

/// Why a password will not do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Weak {
    /// It is too short.
    #[error("{SHORTEST} characters at least: several words are easy to remember and hard to guess")]
    Short,
    /// It is too long.
    #[error("{LONGEST} characters at most")]
    Long,
    /// It is what others would try first.
    #[error("others would try this first: choose words that have nothing to do with you or this service")]
    Guessable,
}

/// Whether a password will do for who has this e-mail address and name.
pub fn weigh(password: &str, email: &str, name: &str) -> Result<(), Weak> {
    let length = password.chars().count();
    if length < SHORTEST {
        return Err(Weak::Short);
    }
    if length > LONGEST {
        return Err(Weak::Long);
    }
    let folded = password.to_lowercase();
    let mut different: Vec<char> = folded.chars().collect();
    different.sort_unstable();
    different.dedup();
    let user = email.split('@').next().unwrap_or_default();
    let hers = [user, &name.to_lowercase()].into_iter().any(|word| {
        // What is left beside the name must be worth something by itself.
        word.chars().count() >= 4 && folded.contains(word) && length - word.chars().count() < 8
    });
    let usual = ["password", "motherline", "contraseña", "пароль", "123456", "qwerty"];
    let usual = usual.into_iter().any(|word| folded.contains(word) && length < word.chars().count() + 8);
    if different.len() < 5 || hers || usual { Err(Weak::Guessable) } else { Ok(()) }
}

/// A password as it is kept. It takes a while, and a thread of its own.
pub async fn hash(password: &str) -> String {
    let password = password.to_owned();
    apart(move || hash_now(&password)).await.unwrap_or_default()
}

/// Whether a password is the one that is kept; none is kept: no, after as long.
pub async fn fits(password: &str, kept: Option<String>) -> bool {
    let password = password.to_owned();
    let fits = apart(move || {
        let real = kept.is_some();
        let kept = kept.unwrap_or_else(|| NOBODY.clone());
        let parsed = PasswordHash::new(&kept);
        parsed.is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok()) && real
    });
    fits.await.unwrap_or(false)
}

async fn apart<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    let _turn = TURNS.acquire().await.ok()?;
    tokio::task::spawn_blocking(work).await.ok()
}

#[expect(clippy::expect_used, reason = "the parameters are constants")]
fn hash_now(password: &str) -> String {
    let salt = super::random::<16>();
    let hasher = Argon2::default();
    hasher.hash_password_with_salt(password.as_bytes(), &salt).expect("a hash").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_is_known_again_and_no_other() {
        let kept = hash("four quiet blue herons").await;
        assert!(kept.starts_with("$argon2id$"), "{kept}");
        assert!(fits("four quiet blue herons", Some(kept.clone())).await);
        assert!(!fits("four quiet blue heron", Some(kept)).await);
        assert!(!fits("nobody's password", None).await);
    }
}
