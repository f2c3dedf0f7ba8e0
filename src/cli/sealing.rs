//! The key by which an erased number is known again: a file of its own, made at the first start.

use std::io::Write;
use std::path::Path;

use ring::rand::{SecureRandom, SystemRandom};

use crate::domain::phone::PhoneNumber;
use crate::domain::seal::Seal;
use crate::store::{Database, service as facts};

/// Bytes of a key.
const LENGTH: usize = 32;
/// The fact by which a database knows its key, without holding it.
const FACT: &str = "seal";
/// What is sealed to know the key by: a number that nobody has.
const SAMPLE: &str = "+999000000000000";

/// The seal of a file, made if there is none. A database that knows another key is not served: what was erased from it
/// would not be known again.
pub async fn seal(file: &Path, database: &Database) -> Result<Seal, Box<dyn std::error::Error>> {
    let mut tx = database.begin().await?;
    let known = facts::fact(&mut tx, FACT).await?;
    let other = || {
        let told = "this database was served with another key: put that file back, or name it in \
                    [privacy] key_file; every machine that serves one database needs the same one";
        format!("{}: {told}", file.display())
    };
    // A key is made for a database that knows none, and never beside one that is lost.
    if known.is_some() && !file.exists() {
        return Err(other().into());
    }
    let seal = Seal::new(&key(file).map_err(|error| format!("{}: {error}", file.display()))?);
    let Some(sample) = PhoneNumber::from_e164(SAMPLE) else { return Ok(seal) };
    let mark: String = seal.digest(&sample).iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    match known {
        Some(known) if known != mark => return Err(other().into()),
        Some(_) => {}
        None => facts::set_fact(&mut tx, FACT, &mark).await?,
    }
    tx.commit().await?;
    Ok(seal)
}

fn key(file: &Path) -> std::io::Result<Vec<u8>> {
    match read(file) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        found => return found,
    }
    let mut bytes = [0; LENGTH];
    SystemRandom::new()
        .fill(&mut bytes)
        .map_err(|_| std::io::Error::other("the machine gives no random bytes"))?;
    let key: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    if let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder)?;
    }
    // Written whole before it bears its name: two processes that start at once end up with one key.
    let whole = file.with_extension(format!("{}.new", std::process::id()));
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut new = options.open(&whole)?;
    new.write_all(key.as_bytes())?;
    new.sync_all()?;
    let named = std::fs::hard_link(&whole, file);
    std::fs::remove_file(&whole)?;
    match named {
        Ok(()) => {}
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => return read(file),
        Err(error) => return Err(error),
    }
    tracing::info!(file = %file.display(), "a new key was made, by which erased numbers are known: keep it, and keep it apart from the database");
    Ok(key.into_bytes())
}

fn read(file: &Path) -> std::io::Result<Vec<u8>> {
    let key = std::fs::read(file)?;
    if key.len() < LENGTH {
        return Err(std::io::Error::other("the key is too short: it was cut, or is another file"));
    }
    Ok(key)
}
