//! Whom a broadcast reaches: each woman once, by the newest of her enrollments that it is for.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Corrects, Message};
use crate::domain::calendar::Span;
use crate::domain::conversation::EnrollmentState;
use crate::domain::gestation::{Track, stage_on};
use crate::domain::language::Language;
use crate::domain::named::named;
use crate::domain::plan::{Reader, own_part};
use crate::flows::{Edition, Service};
use crate::library::{Program, Text};
use crate::store::broadcasts::{Candidate, Silent};
use crate::store::outbox::{Kind, NewText, Words};

/// A broadcast goes out over so much of a window.
pub(super) const SPREAD: TimeDelta = TimeDelta::minutes(30);
/// One that could not go within this time is not news any more.
const LIFE: TimeDelta = TimeDelta::days(3);
/// Nor is a correction after this.
const CORRECTION_LIFE: TimeDelta = TimeDelta::days(7);
/// Nor is an emergency after this.
const EMERGENCY_LIFE: TimeDelta = TimeDelta::hours(24);

/// Whom a broadcast is for: all of what is named must be so.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Segment {
    /// Of one program.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub program: Option<String>,
    /// Who read one language.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
    /// Who are pregnant, or have their baby.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub track: Option<Track>,
    /// From which completed week of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from_week: Option<i64>,
    /// Up to which, inclusive.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to_week: Option<i64>,
    /// Who live in one state or region.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub area: Option<String>,
    /// Who came by one partner's code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Whose ZIP code, postcode or town begins so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// Who are this to the baby.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reader: Option<Reader>,
    /// Where a state, a region or a place is named: those as well of whom nobody knows where they live.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub also_unplaced: bool,
    /// Those as well who have told of a loss.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub also_after_loss: bool,
    /// Who got a tip that was recalled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub corrects: Option<Corrects>,
}

named! {
    /// Why a broadcast does not reach a woman whom it is for.
    pub enum Unreached {
        /// It has been queued to her.
        Already = "already",
        /// She has told of a loss.
        AfterLoss = "after_loss",
        /// She has asked for a pause.
        Paused = "paused",
        /// Her program is not there any more, or her place has no hours.
        NoWay = "no_way",
        /// Nobody knows whether she lives there.
        Unplaced = "unplaced",
        /// She has texted STOP.
        Stopped = "stopped",
        /// Her provider refuses.
        Blocked = "blocked",
        /// Her number is somebody else's by now.
        Recycled = "recycled",
        /// What a correction needs is not so any more.
        NotHers = "not_hers",
    }
}

impl Unreached {
    /// As a plain clause.
    pub fn why(self) -> &'static str {
        match self {
            Self::Already => "have it queued already",
            Self::AfterLoss => "have told of a loss: --also-after-loss reaches them too",
            Self::Paused => "have asked for a pause: only an emergency reaches them",
            Self::NoWay => "have no program or no hours any more",
            Self::Unplaced => "live nobody knows where: --also-unplaced reaches them too",
            Self::Stopped => "have texted STOP",
            Self::Blocked => "have stopped at their provider, which refuses our texts",
            Self::Recycled => "have numbers that are somebody else's by now",
            Self::NotHers => "are past it: what the correction needs is not so any more",
        }
    }
}

impl Message {
    fn life(&self) -> TimeDelta {
        match &self.segment.corrects {
            _ if self.emergency => EMERGENCY_LIFE,
            Some(_) => CORRECTION_LIFE,
            None => LIFE,
        }
    }
}

/// Whether it is for somebody.
#[derive(Clone, Copy, PartialEq, Eq)]
enum For {
    Her,
    /// It would be, if she lived there, which nobody knows.
    Perhaps,
    Others,
}

impl Segment {
    /// Whether it is for those as well who tell of a loss.
    fn is_after_loss(&self) -> bool {
        self.also_after_loss || self.corrects.as_ref().is_some_and(|corrects| !corrects.of_baby())
    }

    /// Whether it is for a woman by an enrollment, as that was at `at`.
    fn holds(&self, program: &Program, her: &Candidate, at: DateTime<Utc>) -> For {
        let same = |wanted: &Option<String>, has: Option<&str>| {
            wanted.as_deref().is_none_or(|wanted| has.is_some_and(|has| has.eq_ignore_ascii_case(wanted)))
        };
        let fits = self.language.is_none_or(|language| language == her.language)
            && same(&self.code, her.partner.as_deref())
            && self.reader.is_none_or(|reader| reader == her.terms().reader())
            && self.track.is_none_or(|track| self.holds_stage(track, program, her, at));
        if !fits {
            return For::Others;
        }
        let lives = |has: Option<&str>| has.map(str::to_lowercase);
        let area =
            self.area.as_ref().map(|area| lives(her.area.as_deref()).map(|has| has == area.to_lowercase()));
        let place = self
            .place
            .as_ref()
            .map(|place| lives(her.place.as_deref()).map(|has| has.starts_with(&place.to_lowercase())));
        match (area, place) {
            (Some(Some(false)), _) | (_, Some(Some(false))) => For::Others,
            (Some(None), _) | (_, Some(None)) if !self.also_unplaced => For::Perhaps,
            _ => For::Her,
        }
    }

    fn holds_stage(&self, track: Track, program: &Program, her: &Candidate, at: DateTime<Utc>) -> bool {
        let on = program.whereabouts(zone(her)).date_at(at);
        stage_on(her.anchor(), on).is_some_and(|stage| {
            stage.track == track
                && self.from_week.is_none_or(|from| stage.week >= from)
                && self.to_week.is_none_or(|to| stage.week <= to)
        })
    }
}

fn zone(her: &Candidate) -> Option<chrono_tz::Tz> {
    her.zone.as_deref().and_then(|zone| zone.parse().ok())
}

/// A woman whom a broadcast reaches.
pub(super) struct Reached<'a> {
    /// By which of her enrollments.
    pub her: &'a Candidate,
    /// The window it is placed in; none: at any hour.
    pub window: Option<Span>,
}

/// Whether a broadcast reaches a woman, who is there by these enrollments, the newest first; none: it is not for her.
pub(super) fn reach<'a>(
    message: &Message,
    edition: &Edition,
    hers: &'a [Candidate],
    (counted_at, now): (DateTime<Utc>, DateTime<Utc>),
) -> Option<Result<Reached<'a>, Unreached>> {
    let segment = &message.segment;
    let named = |her: &&Candidate| segment.program.as_ref().is_none_or(|program| *program == her.program);
    let mut verdict = None;
    for her in hers.iter().filter(named) {
        let one = match edition.library.program(&her.program) {
            Some(program) => match segment.holds(program, her, counted_at) {
                For::Her => by_one(message, program, her, (counted_at, now)),
                For::Perhaps => Err(Unreached::Unplaced),
                For::Others => continue,
            },
            None => Err(Unreached::NoWay),
        };
        match one {
            Ok(reached) => return Some(Ok(reached)),
            Err(why) => verdict = verdict.or(Some(why)),
        }
    }
    verdict.map(Err)
}

/// Why a woman is not reached who may not be texted any more; none: it is not for her anyway.
pub(super) fn unreached(
    message: &Message,
    edition: &Edition,
    hers: &[Silent],
    at: DateTime<Utc>,
) -> Option<Unreached> {
    let segment = &message.segment;
    hers.iter().find_map(|silent| {
        let program = edition.library.program(&silent.her.program)?;
        let named = segment.program.as_ref().is_none_or(|program| *program == silent.her.program);
        if !named || segment.holds(program, &silent.her, at) != For::Her {
            return None;
        }
        Some(match (silent.recycled, silent.blocked) {
            (true, _) => Unreached::Recycled,
            (_, true) => Unreached::Blocked,
            _ => Unreached::Stopped,
        })
    })
}

fn by_one<'a>(
    message: &Message,
    program: &Program,
    her: &'a Candidate,
    (counted_at, now): (DateTime<Utc>, DateTime<Utc>),
) -> Result<Reached<'a>, Unreached> {
    if her.queued {
        return Err(Unreached::Already);
    }
    let whereabouts = program.whereabouts(zone(her));
    let today = whereabouts.date_at(counted_at);
    match &message.segment.corrects {
        Some(corrects) => match her.enrollment_state {
            EnrollmentState::Stopped => return Err(Unreached::Stopped),
            EnrollmentState::Frozen | EnrollmentState::Supported if corrects.of_baby() => {
                return Err(Unreached::AfterLoss);
            }
            _ if !corrects.needs.met(her.anchor(), today) => return Err(Unreached::NotHers),
            _ => {}
        },
        None if message.segment.also_after_loss => {}
        None if her.lost || her.enrollment_state != EnrollmentState::Active => {
            return Err(Unreached::AfterLoss);
        }
        None => {}
    }
    if message.emergency {
        return Ok(Reached { her, window: None });
    }
    // What is wrong with a tip that she got she is told in a pause as well.
    let tells = message.segment.corrects.is_some();
    if !tells && her.terms().pause.is_some_and(|pause| pause.until.is_none_or(|until| today < until)) {
        return Err(Unreached::Paused);
    }
    let window = program.timetable.window.at_or_after(now, &whereabouts).ok_or(Unreached::NoWay)?;
    Ok(Reached { her, window: Some(window) })
}

impl Reached<'_> {
    /// The broadcast as a text to her: its words, or for one who is read over her shoulder `cover`.
    pub(super) fn text(
        &self,
        service: &Service,
        message: &Message,
        edition: &Edition,
        words: &Text,
        cover: Option<&Text>,
    ) -> NewText {
        let (her, now) = (self.her, service.now());
        let shown = cover.unwrap_or(words);
        let due_at = self.window.map_or(now, |window| {
            let start = window.opens.max(now);
            start + own_part(her.subscriber, SPREAD.min(window.closes - start))
        });
        NewText {
            id: service.text_id(),
            subscriber: her.subscriber,
            // A loss that she tells of while it waits is asked about by this name, unless it is for her all the same.
            enrollment: Some(her.enrollment).filter(|_: &Uuid| !message.segment.is_after_loss()),
            answers: None,
            sender: her.sender.clone(),
            phone: her.phone.clone(),
            kind: if message.segment.corrects.is_some() { Kind::Correction } else { Kind::Broadcast },
            language: her.language,
            words: match cover {
                Some(cover) => Words::Own(cover.body.to_string()),
                None => Words::Shared(words.hash),
            },
            encoding: shown.encoding,
            segments: shown.segments,
            program: Some(her.program.clone()),
            edition: Some(edition.number),
            tip: None,
            queued_at: now,
            due_at,
            not_after: now + message.life(),
            window_closes_at: self.window.map(|window| window.closes),
        }
    }
}
