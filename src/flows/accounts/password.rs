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
/// What is left of a password without what anybody would guess has so many characters at least,
const WORTH: usize = 8;
/// and so many different ones.
const DIFFERENT: usize = 5;
/// Words that others would try first.
const USUAL: &[&str] = &[
    "password",
    "passw0rd",
    "passwort",
    "passphrase",
    "motherline",
    "text4baby",
    "smsmame",
    "contraseña",
    "contrasena",
    "пароль",
    "letmein",
    "welcome",
    "iloveyou",
    "admin",
    "administrator",
    "bienvenido",
    "teamo",
    "привет",
    "люблю",
];
/// Keys that lie in a row.
const ROWS: &[&str] =
    &["1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю"];

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
    let mut known: Vec<String> = USUAL.iter().map(|word| (*word).to_owned()).collect();
    let parts = [email, name].into_iter().flat_map(|word| word.split(|c: char| !c.is_alphanumeric()));
    let hers = email.split('@').chain(parts);
    known.extend(hers.filter(|word| word.chars().count() >= 4).map(str::to_lowercase));
    // The longest first: what is left of a longer one is no word of its own.
    known.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
    let mut folded = password.to_lowercase();
    for word in &known {
        folded = folded.replace(word, " ");
    }
    let left = unforeseen(&folded);
    let mut different = left.clone();
    different.sort_unstable();
    different.dedup();
    if left.len() < WORTH || different.len() < DIFFERENT { Err(Weak::Guessable) } else { Ok(()) }
}

/// The characters that those before them do not foretell: no third of a run along the alphabet or a row of keys, in either
/// direction or on the spot, and nothing that was just said already.
fn unforeseen(text: &str) -> Vec<char> {
    let signs: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).collect();
    let step = |from: char, to: char| {
        let row = |row: &str| {
            let at = |sign| row.chars().position(|known| known == sign);
            Some(at(to)? as i32 - at(from)? as i32)
        };
        let apart = |from: char, to: char| to as i32 - from as i32;
        let near = |step: &i32| step.abs() <= 1;
        let rows = ROWS.iter().filter_map(|keys| row(keys)).find(near);
        rows.or_else(|| Some(apart(from, to)).filter(near))
    };
    let mut left = Vec::new();
    let mut place = 0;
    while let Some(sign) = signs.get(place) {
        // The same again, of three signs or more: "heronheron".
        let again = (3..=place).rev().find(|length| {
            signs.get(place..place + length).is_some_and(|next| *next == signs[place - length..place])
        });
        if let Some(length) = again {
            place += length;
            continue;
        }
        let run = place >= 2 && {
            let (before, now) = (step(signs[place - 2], signs[place - 1]), step(signs[place - 1], *sign));
            before.is_some() && before == now
        };
        if !run {
            left.push(*sign);
        }
        place += 1;
    }
    left
}

/// A password as it is kept; none: that failed. It takes a while, and a thread of its own.
pub async fn hash(password: &str) -> Option<String> {
    let password = password.to_owned();
    apart(move || hash_now(&password)).await
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
    let turn = TURNS.acquire().await.ok()?;
    let work = move || {
        // Who asked may have hung up: the turn is given back when the work is done, and not before.
        let _turn = turn;
        work()
    };
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
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[tokio::test]
    async fn a_password_is_known_again_and_no_other() {
        let kept = hash("four quiet blue herons").await.expect("a hash");
        assert!(kept.starts_with("$argon2id$"), "{kept}");
        assert!(fits("four quiet blue herons", Some(kept.clone())).await);
        assert!(!fits("four quiet blue heron", Some(kept)).await);
        assert!(!fits("nobody's password", None).await);
    }

    #[tokio::test]
    async fn who_hangs_up_takes_no_turn_from_those_who_wait() {
        let begun = Arc::new(AtomicUsize::new(0));
        let (go, wait) = std::sync::mpsc::channel::<()>();
        let wait = Arc::new(std::sync::Mutex::new(wait));
        for _ in 0..AT_ONCE * 3 {
            let (begun, wait) = (begun.clone(), wait.clone());
            let work = move || {
                begun.fetch_add(1, Ordering::SeqCst);
                let _ = wait.lock().expect("a channel").recv_timeout(std::time::Duration::from_secs(5));
            };
            // Hangs up at once.
            let _ = tokio::time::timeout(std::time::Duration::from_millis(20), apart(work)).await;
        }
        assert!(begun.load(Ordering::SeqCst) <= AT_ONCE, "{} at once", begun.load(Ordering::SeqCst));
        drop(go);
    }

    #[test]
    fn what_others_would_try_first_will_not_do() {
        let ana = |password: &str| weigh(password, "ana.lopez@example.org", "Ana López");
        for password in [
            "123456789012345",
            "passwordpassword",
            "qwertyuiop123456",
            "password12345678",
            "aaaaaaaaaaaaaaaaaaaa",
            "abcdefghijklmnopqrstuvwxyz",
            "ana.lopez@example",
            "Motherline-Motherline",
            "йцукенгшщзхъ1234",
            "herons herons herons",
            "López López López 1",
        ] {
            assert_eq!(Err(Weak::Guessable), ana(password), "{password}");
        }
        for password in [
            "four quiet blue herons",
            "seven wet paper boats",
            "quvm7-tk2wd-9xhrp",
            "четыре тихие синие цапли",
            "cuatro garzas azules y quietas",
            "password of four quiet herons",
        ] {
            assert_eq!(Ok(()), ana(password), "{password}");
        }
        assert_eq!(Err(Weak::Short), ana("ñ"));
    }
}
