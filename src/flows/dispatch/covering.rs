//! A broadcast or a correction that shows its words to a woman who has asked that nothing be shown: she is told that
//! there is something to read, and its words are kept until she is alone.

use super::Desk;
use crate::domain::conversation::{Fields, Reply};
use crate::flows::Edition;
use crate::library::{Text, Voice};
use crate::store::outbox::{self, Claimed};
use crate::store::{StoreResult, Tx, unread};

use chrono::{DateTime, Utc};

/// Covers the words of a text that was just looked at, and lets it wait on; false: there are no words to cover it with.
pub(super) async fn cover(
    tx: &mut Tx,
    edition: &Edition,
    text: &Claimed,
    desk: &Desk,
    now: DateTime<Utc>,
) -> StoreResult<bool> {
    let Some((program, language, of_baby)) = outbox::speaks(tx, text.id).await? else { return Ok(false) };
    let Some(notice) = notice(edition, &program, &language, now) else { return Ok(false) };
    let words = desk.words(text.wording.as_ref())?;
    // What is not for her after a loss she never reads then, however long it has waited.
    unread::keep(tx, text.id, text.subscriber_id, (&words, of_baby), now).await?;
    outbox::reword(tx, text.id, &notice.body, notice.encoding, notice.segments).await?;
    Ok(true)
}

fn notice(edition: &Edition, program: &str, language: &str, now: DateTime<Utc>) -> Option<Text> {
    let (program, language) = edition.library.program(program).zip(language.parse().ok())?;
    let voice = Voice { library: &edition.library, program, language, today: now.date_naive() };
    voice.say(Reply::SafeNotice, &Fields::default()).map(|words| Text::new(&words))
}
