//! What a person does for her at the console: the effects of a text of hers, without the text. It is shown before it is
//! done, and not done if she has changed meanwhile.
//!
//! She is told of it in her hours, in the words that a text of hers would be answered with. Who has stopped, whose
//! provider blocks her, or whose phone others read is told nothing.
//!
//! `case` is she as she is, and what a deed comes to for her; `writing` sends a text of theirs, `expecting` remembers that
//! her answer is for them; `again` sends the last text once more, if it is still right.

mod again;
mod case;
mod expecting;
mod writing;

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

pub use self::again::{Last, last, resend};
use self::case::Case;
pub(super) use self::expecting::expect;
pub use self::writing::{Written, prepare, send};

use super::auditing::Actor;
use super::effects::{Acting, Done, good_hours};
use super::{Bell, Service};
use crate::domain::conversation::{Deed, Effect, NotDone};
use crate::store::mothers::{self, Said};
use crate::store::outbox::Kind;
use crate::store::people::{self, Subscriber};
use crate::store::{StoreError, StoreResult, Tx};

/// A woman, as far as whoever acts for her may reach her.
#[derive(Clone, Copy, Debug)]
pub struct Whom<'a> {
    /// She.
    pub id: Uuid,
    /// The programs of hers in which they may act. What is a matter of her phone, such as STOP, is done in all.
    pub within: &'a [String],
}

/// Why something was not done.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// A text would be refused as well.
    #[error("it is not possible: {0:?}")]
    NotDone(NotDone),
    /// Nothing is held of her.
    #[error("nothing is held of her")]
    Gone,
    /// She wrote, or somebody did something for her.
    #[error("she has changed meanwhile")]
    Changed,
    /// Her sender or her program is not there any more.
    #[error("her sender or her program is not in use any more")]
    NoSender,
    /// She has stopped.
    #[error("she has stopped")]
    Stopped,
    /// Her provider blocks her.
    #[error("her provider refuses texts from us")]
    Blocked,
    /// There are no words.
    #[error("there are no words")]
    Empty,
    /// The library has no words that give nothing away.
    #[error("the library has no words in her language that give nothing away")]
    NoCover,
    /// There is no text that could go again.
    #[error("there is no text that could go again: {0:?}")]
    NothingToResend(NotAgain),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why the last text does not go again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotAgain {
    /// There is none.
    None,
    /// It is still on its way.
    OnItsWay,
    /// It was before her loss.
    AfterLoss,
    /// Others may read her phone: she asks herself for what waits.
    Discreet,
    /// It is not right any more, or its tip was recalled.
    NotRight,
}

/// What would be done.
#[derive(Clone, Debug)]
pub struct Preview {
    /// As she is: what is done is done to her as she was shown.
    pub seen: String,
    /// The words she gets, as far as they are of programs within reach; none: she is told nothing, or it is hidden.
    pub said: Vec<String>,
    /// She is told in the words of a program that is out of reach.
    pub hidden: bool,
    /// When they go.
    pub at: DateTime<Utc>,
    /// How many texts that wait are taken back.
    pub taken_back: usize,
}

/// Looks at what would be done, and does nothing.
pub async fn look(service: &Service, whom: Whom<'_>, deed: &Deed, tell: bool) -> Result<Preview, Refused> {
    let mut tx = service.database.read().await?;
    let her = mothers::find(&mut tx, whom.id).await?.ok_or(Refused::Gone)?;
    let edition = service.shelf.edition();
    let case = Case::of(service, &mut tx, &edition, her, (whom.within, Some(deed))).await?;
    let effects = case.effects(&mut tx, deed, tell).await?;
    let waiting = mothers::waiting(&mut tx, whom.id).await?;
    let said = effects.iter().filter_map(|effect| Some((case.speaker(effect)?, case.words(effect)?)));
    let (shown, hidden): (Vec<_>, Vec<_>) = said.partition(|(program, _)| case.is_within(&program.id));
    let speaker = shown.iter().chain(&hidden).next().map_or(case.program, |(program, _)| program);
    Ok(Preview {
        seen: case.seen(),
        at: good_hours(speaker, &case.her, case.now).opens,
        said: shown.into_iter().map(|(_, words)| words).collect(),
        hidden: !hidden.is_empty(),
        taken_back: waiting.iter().filter(|text| takes_back(deed, text)).count(),
    })
}

/// Does it, unless she is not what she was when it was shown.
pub async fn carry_out(
    service: &Service,
    (whom, seen): (Whom<'_>, &str),
    (deed, tell): (&Deed, bool),
    (by, why): (&Actor, &str),
) -> Result<(), Refused> {
    let edition = service.shelf.edition();
    let mut tx = service.database.begin().await?;
    let her = people::lock_id(&mut tx, whom.id).await?.ok_or(Refused::Gone)?;
    let why = her.hidden_in(why.trim());
    let mut case = Case::of(service, &mut tx, &edition, her, (whom.within, Some(deed))).await?;
    if case.seen() != seen {
        return Err(Refused::Changed);
    }
    let told_of = Done { id: service.id(), enrollment: case.enrollment, within: whom.within };
    let by = Acting { actor: by, why: &why, deed: Some(told_of) };
    let effects = case.effects(&mut tx, deed, tell).await?;
    // A loss of one of several babies: what goes on is taken from what the loss has made of it.
    let freezes = effects.iter().position(|effect| *effect == Effect::Freeze);
    let (first, then) = match freezes {
        Some(place) => effects.split_at(place + 1),
        None => (&effects[..], &[][..]),
    };
    case.carry(&mut tx, first, by).await?;
    if !then.is_empty() {
        case.look_again(&mut tx).await?;
        case.carry(&mut tx, then, by).await?;
    }
    case.leave_open(&mut tx, deed).await?;
    tx.commit().await?;
    service.bells.ring(Bell::Answers);
    service.bells.ring(Bell::Outbound);
    Ok(())
}

/// Which of the texts that wait a deed takes back.
fn takes_back(deed: &Deed, text: &Said) -> bool {
    let kind = Kind::named(&text.kind);
    let tip = kind == Some(Kind::Tip);
    let to_many = matches!(kind, Some(Kind::Broadcast | Kind::Correction));
    let waited_for = text.window_closes_at.is_none();
    match deed {
        Deed::Stop | Deed::Erase => true,
        Deed::Loss(_) => !to_many,
        Deed::Date { enrollment, .. } | Deed::Birth { enrollment, .. } => {
            !waited_for && !to_many && text.enrollment_id == Some(*enrollment)
        }
        Deed::Less | Deed::All | Deed::Pause(_) | Deed::Resume | Deed::Hour(_) => tip,
        Deed::Move(_) => false,
    }
}

/// A text of a person that could not go out for so long tells her nothing any more.
const LIFE: TimeDelta = TimeDelta::hours(24);

/// Her newest text, if she wrote one lately: an answer to it is waited for.
async fn wrote_lately(
    tx: &mut Tx,
    her: &Subscriber,
    now: DateTime<Utc>,
) -> StoreResult<Option<(Uuid, bool)>> {
    const LATELY: TimeDelta = TimeDelta::hours(1);
    let last = mothers::heard(tx, her.number(), now + TimeDelta::seconds(1), 1).await?;
    Ok(last.first().map(|last| (last.id, now - last.received_at < LATELY)))
}
