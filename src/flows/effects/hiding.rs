//! A phone that others read: what waits is covered and kept, and shown when she says that she is alone.

use chrono::{DateTime, Days, Utc};
use uuid::Uuid;

use super::Carrying;
use crate::domain::conversation::{EnrollmentState, Fields, Reply};
use crate::library::{Text, Voice};
use crate::store::outbox;
use crate::store::people::Enrollment;
use crate::store::planned::{self, Sent};
use crate::store::{StoreResult, Tx, unread};

/// So many of the texts that wait are shown in one.
const SHOWN: usize = 3;
/// A tip waits so long to be shown.
const NEWS: Days = Days::new(21);
/// No more of them are looked at.
const MOST_UNSEEN: i64 = 30;

impl Carrying<'_> {
    /// From here on nothing is to be seen: what waits to go out unasked is covered, and kept until she is alone.
    pub(super) async fn cover_waiting(&self, tx: &mut Tx) -> StoreResult<()> {
        for (text, program, words) in outbox::waiting_words(tx, self.subscriber.id).await? {
            let Some(program) = self.edition.library.program(&program) else { continue };
            let language = self.subscriber.language().unwrap_or(program.languages[0]);
            let today = program.whereabouts(self.subscriber.zone()).date_at(self.now);
            let voice = Voice { library: &self.edition.library, program, language, today };
            let notice = voice.say(Reply::SafeNotice, &Fields::default());
            // One that is covered already told her of what she has read since.
            let Some(notice) = notice.filter(|notice| *notice != words) else { continue };
            let notice = Text::new(&notice);
            unread::keep(tx, text, self.subscriber.id, (&words, true), self.now).await?;
            outbox::reword(tx, text, &notice.body, notice.encoding, notice.segments).await?;
        }
        Ok(())
    }

    /// She is alone: what waited is shown in one text, a few at a time; the latest of what was kept, then the oldest tips.
    pub(super) async fn show_waiting(&mut self, tx: &mut Tx, goes_on: bool) -> StoreResult<()> {
        if self.muted {
            return Ok(());
        }
        let (program, language) = match self.enrollments.first() {
            Some(newest) => (self.edition.library.program(&newest.program), newest.language),
            None => (None, self.program.languages[0]),
        };
        // What cannot be shown stays kept.
        let Some(program) = program else { return Ok(()) };
        let id = self.subscriber.id;
        let seen = unread::seen_at(tx, id).await?;
        let mut tips = Vec::new();
        for enrollment in self.enrollments {
            for sent in unseen(tx, enrollment, seen, self.now).await? {
                tips.extend(self.words_of(enrollment, &sent).map(|words| (sent.planned_at, words)));
            }
        }
        tips.sort_by_key(|(at, _)| *at);
        // A warning, a visit tomorrow, an answer: tips can wait for it.
        let kept = unread::of(tx, id).await?;
        let (now, later) = kept.split_at(kept.len().min(SHOWN));
        for (text, _) in now {
            unread::shown(tx, *text).await?;
        }
        let mut words: Vec<String> = now.iter().map(|(_, words)| words.clone()).collect();
        if words.len() < SHOWN {
            // What came at the same moment is shown together, or the later half of it would be taken for seen.
            let last = tips.get(SHOWN - words.len() - 1).map(|(at, _)| *at);
            let shown = last.map_or(tips.len(), |last| tips.partition_point(|(at, _)| *at <= last));
            unread::seen(tx, id, last.filter(|_| shown < tips.len()).unwrap_or(self.now)).await?;
            words.extend(tips.drain(..shown).map(|(_, words)| words));
        }
        if goes_on && words.is_empty() {
            return Ok(());
        }
        let today = program.whereabouts(self.subscriber.zone()).date_at(self.now);
        let voice = Voice { library: &self.edition.library, program, language, today };
        if !goes_on {
            words.splice(0..0, voice.say(Reply::SafeOff, &Fields::default()));
        } else if !(later.is_empty() && tips.is_empty()) {
            words.extend(voice.say(Reply::SafeMore, &Fields::default()));
        }
        self.tell(&words.join("\n"), program, language);
        Ok(())
    }

    /// The words of a tip that went out, if they are still right.
    fn words_of(&self, enrollment: &Enrollment, last: &Sent) -> Option<String> {
        if !matches!(enrollment.state, EnrollmentState::Active | EnrollmentState::Supported) {
            return None;
        }
        let program = self.edition.library.program(&enrollment.program)?;
        let tip = program.find(&last.tip).filter(|tip| self.edition.stands_by(tip))?;
        let listener = self.listener(enrollment);
        let right = tip.needs.met(enrollment.anchor(), last.occurs_on)
            && program.may_go(tip, last.occurs_on, listener.carries);
        let words = tip.texts.get(&enrollment.language)?.in_region(listener.area);
        right.then(|| words.body.to_string())
    }
}

/// The texts of one enrollment that wait for her to be alone.
pub(in crate::flows) async fn waits(
    tx: &mut Tx,
    subscriber: Uuid,
    enrollments: &[Enrollment],
    now: DateTime<Utc>,
) -> StoreResult<bool> {
    if !unread::of(tx, subscriber).await?.is_empty() {
        return Ok(true);
    }
    let seen = unread::seen_at(tx, subscriber).await?;
    for enrollment in enrollments {
        if !unseen(tx, enrollment, seen, now).await?.is_empty() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The tips of an enrollment that she has not been shown yet, as long as they may still be news.
async fn unseen(
    tx: &mut Tx,
    enrollment: &Enrollment,
    seen: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> StoreResult<Vec<Sent>> {
    if !matches!(enrollment.state, EnrollmentState::Active | EnrollmentState::Supported) {
        return Ok(Vec::new());
    }
    let mut sent = planned::sent(tx, enrollment.id, now.date_naive() - NEWS, MOST_UNSEEN).await?;
    sent.retain(|sent| seen.is_none_or(|seen| sent.planned_at > seen));
    Ok(sent)
}
