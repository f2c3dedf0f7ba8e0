//! The last text to her once more, as long as it is right.

use chrono::{DateTime, Days, TimeDelta, Utc};
use uuid::Uuid;

use super::case::Case;
use super::writing::{Place, may_be_texted, place};
use super::{NotAgain, Refused, Whom};
use crate::domain::conversation::{EnrollmentState, Fields, Reply};
use crate::domain::delivery::State;
use crate::flows::auditing::{self, Actor, Object};
use crate::flows::exchange::Exchange;
use crate::flows::{Bell, Service};
use crate::library::{Text, Voice};
use crate::store::audits::{self, Sought};
use crate::store::mothers::{self, Said};
use crate::store::outbox::{self, Kind, NewText, TipPlace, Words};
use crate::store::{StoreResult, Tx, people, visits};

/// What went out so long ago does not go again.
const OLDEST: TimeDelta = TimeDelta::days(30);
/// What was done in the moment of a text is what it tells of.
const MOMENT: TimeDelta = TimeDelta::seconds(5);
/// Texts among which the last of their program is looked for.
const TEXTS: i64 = 30;
/// Deeds that are looked through.
const DEEDS: i64 = 200;
/// A visit is reminded of before it, so that no older one is looked at.
const VISITS_BACK: Days = Days::new(1);

/// The last text to her, which may go once more.
#[derive(Clone, Debug)]
pub struct Last {
    /// The text.
    pub text: Said,
    /// When it goes.
    pub at: DateTime<Utc>,
    place: Place,
}

/// The last text that may go once more, or why none may.
pub async fn last(service: &Service, whom: Whom<'_>) -> Result<Last, Refused> {
    let mut tx = service.database.read().await?;
    let her = mothers::find(&mut tx, whom.id).await?.ok_or(Refused::Gone)?;
    newest(service, &mut tx, (her, whom.within)).await.map(|(last, _)| last)
}

async fn newest(
    service: &Service,
    tx: &mut Tx,
    (her, within): (people::Subscriber, &[String]),
) -> Result<(Last, people::Subscriber), Refused> {
    let edition = service.shelf.edition();
    let case = Case::of(service, tx, &edition, her, (within, None)).await?;
    may_be_texted(&case)?;
    let now = case.now;
    let mut texts = mothers::personal(tx, case.her.id, now + TimeDelta::seconds(1), TEXTS).await?;
    for enrollment in case.theirs() {
        let day = now.date_naive() + Days::new(1);
        texts.extend(mothers::tips(tx, enrollment.id, day, 1).await?);
    }
    texts.retain(|text| {
        let theirs = text.program.as_deref().is_some_and(|program| case.is_within(program));
        theirs && text.subscriber_id == case.her.id && now - text.queued_at < OLDEST
    });
    let not = |why| Err(Refused::NothingToResend(why));
    if case.her.discreet {
        return not(NotAgain::Discreet);
    }
    let Some(text) = texts.into_iter().max_by_key(|text| (text.queued_at, text.id)) else {
        return not(NotAgain::None);
    };
    match State::from_code(text.state) {
        Some(State::Queued | State::Sending | State::InDoubt) => return not(NotAgain::OnItsWay),
        // What was taken back, or came too late, was not right to go.
        Some(State::Canceled | State::Expired) | None => return not(NotAgain::NotRight),
        Some(State::Accepted | State::Sent | State::Delivered | State::Failed) => {}
    }
    let lost = case.all().iter().find(|one| {
        matches!(one.state, EnrollmentState::Frozen | EnrollmentState::Supported)
            && text.queued_at < one.state_since
    });
    if lost.is_some() {
        return not(NotAgain::AfterLoss);
    }
    let place = place(service, tx, &case).await?;
    if !is_right(tx, &case, &text, place.at).await? {
        return not(NotAgain::NotRight);
    }
    Ok((Last { text, at: place.at, place }, case.her))
}

/// Whether a text would still be right at a moment.
async fn is_right(tx: &mut Tx, case: &Case<'_>, text: &Said, at: DateTime<Utc>) -> StoreResult<bool> {
    if text.tip.is_some() {
        return Ok(tip_is_right(case, text));
    }
    Ok(match Kind::named(&text.kind) {
        // One that was stopped was wrong.
        Some(Kind::Broadcast) => !mothers::is_called_off(tx, text.id).await?,
        Some(Kind::Correction) => at < text.not_after && !mothers::is_called_off(tx, text.id).await?,
        Some(Kind::Reminder) => at < text.not_after && reminds(tx, case, text).await?,
        // What asks goes again as long as it is what is open.
        Some(Kind::Question | Kind::Nudge) => {
            let shows = |body: &String| {
                case.open().is_some_and(|open| Exchange::from_json(&open.exchange).shows(body))
            };
            at < text.not_after && text.body.as_ref().is_some_and(shows)
        }
        Some(Kind::Reply) => !is_overtaken(tx, case, text).await?,
        Some(Kind::Tip) | None => false,
    })
}

fn tip_is_right(case: &Case<'_>, text: &Said) -> bool {
    let (Some(tip), theirs) = (&text.tip, case.theirs()) else { return false };
    let enrollment = theirs.iter().find(|one| Some(one.id) == text.enrollment_id).or(theirs.first());
    enrollment.is_some_and(|enrollment| {
        let Some(program) = case.edition.library.program(&enrollment.program) else { return false };
        let today = program.whereabouts(case.her.zone()).date_at(case.now);
        program.find(tip).is_some_and(|tip| {
            case.edition.stands_by(tip)
                && tip.needs.met(enrollment.anchor(), today)
                && tip.may_go(today, case.sender.carries())
        })
    })
}

/// Whether what a text reminds of still stands: a visit that is to come, a pause without an end. By its words, since it
/// keeps nothing else of what it was about.
async fn reminds(tx: &mut Tx, case: &Case<'_>, text: &Said) -> StoreResult<bool> {
    let enrollment = case.theirs().iter().find(|one| Some(one.id) == text.enrollment_id);
    let Some(enrollment) = enrollment else { return Ok(false) };
    let Some(program) = case.edition.library.program(&enrollment.program) else { return Ok(false) };
    let today = program.whereabouts(case.her.zone()).date_at(case.now);
    let voice = Voice { library: &case.edition.library, program, language: enrollment.language, today };
    let is = |reply, fields: &Fields| {
        let words = voice.say(reply, fields).map(|words| Text::new(&words).body.to_string());
        words.is_some() && words == text.body
    };
    let paused = enrollment.terms().pause.is_some_and(|pause| pause.until.is_none());
    if paused && is(Reply::StillPaused, &Fields::default()) {
        return Ok(true);
    }
    let to_come = visits::noted(tx, case.her.id, today - VISITS_BACK).await?;
    Ok(to_come.iter().any(|visit| {
        let fields = Fields { when: Some(visit.when), ..Fields::default() };
        is(Reply::ApptSoon, &fields) || is(Reply::ApptTomorrow, &fields)
    }))
}

/// Whether something was changed for her after the service had written: what it said, or asked, may not be so any more.
/// What a person wrote is judged by who sends it again.
async fn is_overtaken(tx: &mut Tx, case: &Case<'_>, text: &Said) -> StoreResult<bool> {
    const CHANGES: [&str; 10] =
        ["enroll", "retime", "birth", "terms", "unfreeze", "support", "role", "place", "language", "move"];
    let sought = Sought { subscriber: Some(case.her.id), everybody: true, ..Sought::default() };
    let deeds = audits::list(tx, &sought, DEEDS).await?;
    let id = text.id.to_string();
    let sent = deeds.iter().any(|deed| deed.action == "send text" && deed.detail.starts_with(&id));
    let answers = mothers::written_by(tx, case.her.id).await?;
    if sent || answers.iter().any(|(id, _)| *id == text.id) {
        return Ok(false);
    }
    let later = |deed: &audits::Deed| deed.at - text.queued_at > MOMENT;
    Ok(deeds.iter().any(|deed| CHANGES.contains(&deed.action.as_str()) && later(deed)))
}

/// Sends the last text once more, if it is still that one.
pub async fn resend(service: &Service, whom: Whom<'_>, text: Uuid, by: &Actor) -> Result<(), Refused> {
    let mut tx = service.database.begin().await?;
    let her = people::lock_id(&mut tx, whom.id).await?.ok_or(Refused::Gone)?;
    let (last, her) = newest(service, &mut tx, (her, whom.within)).await?;
    let said = last.text;
    if said.id != text {
        return Err(Refused::Changed);
    }
    let language = said.language.parse().map_err(|_| Refused::NothingToResend(NotAgain::NotRight))?;
    let hash = said.wording.as_deref().and_then(|hash| <[u8; 32]>::try_from(hash).ok());
    let body = said.body.clone().unwrap_or_default();
    let words = Text::new(&body);
    // Words that are shared go by their hash, so that a recall stops them on their way.
    let tip =
        said.tip.clone().zip(said.occurs_on).map(|(tip, on)| TipPlace { tip, track: "more", week: 0, on });
    let blank = last.place.blank(service, &her, language);
    let timely = matches!(
        Kind::named(&said.kind),
        Some(Kind::Reminder | Kind::Question | Kind::Nudge | Kind::Correction)
    );
    let again = NewText {
        enrollment: said.enrollment_id,
        not_after: if timely { blank.not_after.min(said.not_after) } else { blank.not_after },
        sender: said.sender.clone(),
        words: hash.map_or(Words::Own(body), Words::Shared),
        encoding: words.encoding,
        segments: words.segments,
        program: said.program.clone(),
        edition: said.edition,
        tip,
        ..blank
    };
    let (id, program) = (again.id, again.program.clone());
    outbox::queue(&mut tx, &[again]).await?;
    let to = Object::mother(her.id, program.as_deref());
    auditing::note(service, &mut tx, by, "resend", to, &format!("{} as {id}", said.id)).await?;
    tx.commit().await?;
    service.bells.ring(Bell::Answers);
    Ok(())
}
