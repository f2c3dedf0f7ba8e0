//! What was said about a tip between who writes and who reviews it.

use super::tip::Words;
use crate::store::desk::{self, Remark};
use crate::web::Site;
use crate::web::console::access::Signed;
use crate::web::console::refusal::Refusal;

/// So many remarks are shown at most.
const REMARKS: i64 = 50;
/// And so many bytes of them: a page stays light on a slow line.
const TALK: usize = 40 * 1024;

/// Something that was said.
pub struct Talked {
    /// Who.
    pub who: String,
    /// What they did.
    pub did: &'static str,
    /// When.
    pub at: String,
    /// In their words.
    pub body: String,
}

/// The last things said about a tip, as many as a page bears.
pub async fn remarks(site: &Site, tip: &str) -> Result<Vec<Remark>, Refusal> {
    let mut tx = site.service.database.read().await?;
    let all = desk::remarks(&mut tx, tip, REMARKS).await?;
    let mut bytes = 0;
    let fitting = all.iter().rev().take_while(|remark| {
        bytes += remark.body.len();
        bytes <= TALK
    });
    let fitting = fitting.count().max(1).min(all.len());
    Ok(all.into_iter().rev().take(fitting).rev().collect())
}

/// A remark as it is shown.
pub fn talked(signed: &Signed, words: &Words, remark: Remark) -> Talked {
    let did = match remark.kind.as_str() {
        "submitted" => words.submitted,
        "withdrawn" => words.withdrawn,
        "returned" => words.returned,
        "approved" => words.approved,
        "published" => words.published,
        _ => words.remarked,
    };
    Talked { who: remark.made_by, did, at: signed.tongue.moment(remark.at, signed.zone), body: remark.body }
}
