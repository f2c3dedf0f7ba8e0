//! A broadcast that waits for a woman who has asked meanwhile that nothing be shown: she is told that there is something
//! to read, and its words are kept until she is alone.

use uuid::Uuid;

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
    let Some(notice) = notice(tx, edition, text.id, now).await? else { return Ok(false) };
    let words = desk.words(text.wording.as_ref())?;
    unread::keep(tx, text.id, text.subscriber_id, (&words, false), now).await?;
    outbox::reword(tx, text.id, &notice.body, notice.encoding, notice.segments).await?;
    Ok(true)
}

async fn notice(tx: &mut Tx, edition: &Edition, text: Uuid, now: DateTime<Utc>) -> StoreResult<Option<Text>> {
    let Some((program, language)) = outbox::speaks(tx, text).await? else { return Ok(None) };
    let Some((program, language)) = edition.library.program(&program).zip(language.parse().ok()) else {
        return Ok(None);
    };
    let voice = Voice { library: &edition.library, program, language, today: now.date_naive() };
    Ok(voice.say(Reply::SafeNotice, &Fields::default()).map(|words| Text::new(&words)))
}
