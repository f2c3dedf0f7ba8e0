//! What proves a form: a word that only the session knows, and behind it, closed, for whom the page was made. The session
//! ends and its word with it; whose the form was is known all the same.

use uuid::Uuid;

use crate::flows::Service;
use crate::flows::accounts::{closed, opened, secret_word};

const USE: &str = "whose form it is";

/// For a session of theirs that begins.
pub fn new(service: &Service, account: Uuid) -> String {
    format!("{}.{}", secret_word(), closed(service, USE, account.as_bytes()))
}

/// Another for the same person.
pub fn renewed(proof: &str) -> String {
    let whose = proof.split_once('.').map_or("", |(_, whose)| whose);
    format!("{}.{whose}", secret_word())
}

/// For whom a form with this proof was made, whether or not their session goes on.
pub fn whose(service: &Service, proof: &str) -> Option<Uuid> {
    let (_, whose) = proof.split_once('.')?;
    Uuid::from_slice(&opened(service, USE, whose)?).ok()
}
