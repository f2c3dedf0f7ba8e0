//! Enrolling somebody at a desk, by form or by list: what texting does, with a person who vouches for her yes.
//!
//! Nobody is brought back who has said STOP, told of a loss or asked to be erased: only she can, from her own phone. What
//! is said of a number tells no more than whoever asks may know: of a woman of another program only that she is not to be
//! had.

mod weighing;

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

pub use self::weighing::{Held, Past, Refused, against, number, sender_for};
use self::weighing::{weigh, zone_of};
use super::auditing::{self, Actor, Object};
use super::effects::{Acting, Carrying, SPAN};
use super::exchange::{Exchange, Turn, Vouched};
use super::planning::{course, first_after};
use super::senders::Sender;
use super::{Bell, Edition, Service};
use crate::domain::conversation::{Effect, EnrollmentState, Fields, Known, Place, Reply, Step};
use crate::domain::gestation::Anchor;
use crate::domain::language::Language;
use crate::domain::phone::PhoneNumber;
use crate::domain::plan::Reader;
use crate::library::{Program, Text, Voice};
use crate::store::people::{self, Enrollment, Subscriber};
use crate::store::{StoreError, StoreResult, Tx, outbox, talk, unread};

/// A form that is sent again within so long was sent by one who pressed twice.
const PRESSED_TWICE: TimeDelta = TimeDelta::minutes(2);
/// A partner's code has no more letters and figures.
const LONGEST_CODE: usize = 20;

/// A partner's code as it is kept; none: it is none.
pub fn code(typed: &str) -> Option<String> {
    let code = typed.to_uppercase().replace(char::is_whitespace, "");
    let sound = code.chars().count() <= LONGEST_CODE && code.chars().all(char::is_alphanumeric);
    (sound && !code.is_empty()).then_some(code)
}

/// Whom to enroll, in what.
#[derive(Clone, Debug)]
pub struct Wish {
    /// The program.
    pub program: String,
    /// Her language.
    pub language: Language,
    /// Her number.
    pub phone: PhoneNumber,
    /// The due date or birth.
    pub anchor: Anchor,
    /// Where she lives, if she told.
    pub place: Option<Place>,
    /// Who she is to the baby.
    pub reader: Reader,
    /// By whose code she comes.
    pub partner: Option<String>,
}

/// How she agreed.
#[derive(Clone, Debug)]
pub struct Consent {
    /// The exact words that were read to her; none: as the list says that was brought in.
    pub read: Option<String>,
    /// What she answered, as it was written down.
    pub answered: String,
    /// How: aloud, on paper.
    pub how: String,
    /// On which day, where it was another than today.
    pub on: Option<NaiveDate>,
    /// Who vouches for it, where that is another than whoever enrolls her.
    pub vouched: Option<Actor>,
}

/// When the first text goes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Welcome {
    /// Now: she stands at the desk.
    Now,
    /// In the hours in which unasked texts may go.
    InWindow,
}

/// What speaks against a number, as it stands now.
pub async fn look(
    service: &Service,
    wish: &Wish,
    mine: &[String],
) -> StoreResult<Result<Arc<Sender>, Refused>> {
    let edition = service.shelf.edition();
    let Some(program) = edition.library.program(&wish.program) else { return Ok(Err(Refused::NoSender)) };
    let mut tx = service.database.read().await?;
    let her = people::lock(&mut tx, &wish.phone).await?;
    Ok(weigh(service, &mut tx, program, wish, her.as_ref(), mine).await?.map(|(sender, _)| sender))
}

/// The first tip's moment, about: each has a minute of her own.
pub fn first_tip(
    program: &Program,
    anchor: Anchor,
    zone: Option<Tz>,
    now: DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    let on = program.whereabouts(zone).date_at(now);
    first_after(&course(program, Uuid::nil(), anchor, on, zone), on, now, None).map(|(_, at)| at)
}

/// What is read to her before she says yes: what it is, how often, what it costs, how it ends.
pub fn words_to_read(
    edition: &Edition,
    program: &Program,
    language: Language,
    today: NaiveDate,
) -> Option<String> {
    let voice = Voice { library: &edition.library, program, language, today };
    voice.say(Reply::Help, &Fields::default())
}

/// What she is texted first.
pub fn welcome(edition: &Edition, wish: &Wish, today: NaiveDate) -> Option<String> {
    let program = edition.library.program(&wish.program)?;
    let voice = Voice { library: &edition.library, program, language: wish.language, today };
    voice.say(first_reply(wish), &Fields::of(wish.anchor))
}

fn first_reply(wish: &Wish) -> Reply {
    match wish.anchor {
        _ if wish.reader != Reader::Mother => Reply::EnrolledFamily,
        Anchor::Due(_) => Reply::EnrolledDue,
        Anchor::Born(_) => Reply::EnrolledBorn,
    }
}

/// A number was not enrolled.
#[derive(Debug, thiserror::Error)]
pub enum NotEnrolled {
    /// It is not to be.
    #[error("not enrolled: {}", .0.name())]
    Refused(Refused),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Enrolls her, and gives who she is. `mine`: the programs of whoever does it.
pub async fn enroll(
    service: &Service,
    wish: &Wish,
    consent: &Consent,
    by: &Actor,
    mine: &[String],
) -> Result<Uuid, NotEnrolled> {
    let mut tx = service.database.begin_first().await?;
    match enroll_in(service, &mut tx, wish, consent, (by, mine), Welcome::Now).await? {
        Ok(id) => {
            tx.commit().await?;
            service.bells.ring(Bell::Outbound);
            Ok(id)
        }
        // Pressed twice: it is done, and by them.
        Err(Refused::Enrolled(id)) if just_enrolled(service, &mut tx, (id, wish), by).await? => Ok(id),
        Err(refused) => {
            // Who tries one number after the other to learn who is enrolled is seen in the record.
            drop(tx);
            note_refused(service, wish, &refused, by).await?;
            Err(NotEnrolled::Refused(refused))
        }
    }
}

/// Whether she was enrolled a moment ago at this very desk, as the form asks for it again.
async fn just_enrolled(
    service: &Service,
    tx: &mut Tx,
    (her, wish): (Uuid, &Wish),
    by: &Actor,
) -> StoreResult<bool> {
    let now = service.now();
    let enrollments = people::enrollments_of(tx, her).await?;
    let active = |one: &&Enrollment| one.program == wish.program && one.state == EnrollmentState::Active;
    let Some(new) = enrollments.iter().find(active) else { return Ok(false) };
    if now - new.enrolled_at > PRESSED_TWICE || new.anchor() != wish.anchor || new.language != wish.language {
        return Ok(false);
    }
    let consents = talk::consents_of(tx, her).await?;
    let of_it =
        |consent: &&talk::Consent| consent.enrollment_id == Some(new.id) && consent.action == "opt_in";
    let by_them =
        |turn: &Turn| turn.vouched.as_ref().is_some_and(|who| who.by == by.name && who.account == by.account);
    Ok(consents
        .iter()
        .find(of_it)
        .is_some_and(|consent| Exchange::from_json(&consent.exchange).turns().iter().any(by_them)))
}

/// Writes down who was told that a number is not to be enrolled.
pub async fn note_refused(service: &Service, wish: &Wish, refused: &Refused, by: &Actor) -> StoreResult<()> {
    let her = Object { subscriber: refused.her(), program: Some(&wish.program) };
    auditing::saw(service, by, "enroll refused", her, refused.name()).await
}

/// Enrolls her in a transaction: exactly what her own texts would bring about.
pub(super) async fn enroll_in(
    service: &Service,
    tx: &mut Tx,
    wish: &Wish,
    consent: &Consent,
    (by, mine): (&Actor, &[String]),
    welcome: Welcome,
) -> StoreResult<Result<Uuid, Refused>> {
    let now = service.now();
    let edition = service.shelf.edition();
    let Some(program) = edition.library.program(&wish.program) else { return Ok(Err(Refused::NoSender)) };
    // Nobody is made known who is refused; and whoever was made known by another meanwhile is weighed as she is then.
    let before = people::lock(tx, &wish.phone).await?;
    if let Err(refused) = weigh(service, tx, program, wish, before.as_ref(), mine).await? {
        return Ok(Err(refused));
    }
    let region = wish.phone.region();
    let her = people::lock_or_insert(tx, service.id(), &wish.phone, region.as_deref(), now).await?;
    let (sender, enrollments) = match weigh(service, tx, program, wish, Some(&her), mine).await? {
        Ok(found) => found,
        Err(refused) => return Ok(Err(refused)),
    };
    let reader = Some(wish.reader).filter(|reader| *reader != Reader::Mother);
    people::set_reader(tx, her.id, reader).await?;
    people::set_partner(tx, her.id, wish.partner.as_deref()).await?;
    let her = people::lock_id(tx, her.id).await?.unwrap_or(her);
    // Nobody has proved that the phone is hers: what another program texts to it keeps its clock.
    let elsewhere = enrollments.iter().any(|one| one.state == EnrollmentState::Active);
    let place = wish.place.clone().filter(|_| !elsewhere || her.zone().is_none());
    let whereabouts = program.whereabouts(zone_of(Some(&her), wish));
    let window = match welcome {
        Welcome::Now => None,
        Welcome::InWindow => program.timetable.window.at_or_after(now, &whereabouts),
    };
    let open = talk::open_question(tx, her.id).await?;
    let joining = open
        .as_ref()
        .is_some_and(|open| serde_json::from_str::<Step>(&open.step).is_ok_and(|step| step.enrolls()));
    let mut effects = vec![Effect::Enroll {
        program: program.id.clone(),
        language: wish.language,
        anchor: wish.anchor,
        place,
    }];
    if !her.discreet {
        effects.push(Effect::Say {
            reply: first_reply(wish),
            program: program.id.clone(),
            language: wish.language,
            fields: Fields::of(wish.anchor),
        });
    }
    // What she had half done by text is done.
    effects.extend(Some(Effect::Close).filter(|_| joining));
    let lately = her.answers_since.is_some_and(|since| now - since < SPAN);
    let known = Known::default();
    let mut carrying = Carrying {
        service,
        edition: &edition,
        sender: &sender,
        subscriber: &her,
        phone: &wish.phone,
        text: None,
        by: Some(Acting { actor: by, why: "", deed: None }),
        window,
        enrollments: &enrollments,
        open: open.as_ref(),
        known: &known,
        program,
        provider_stopped: false,
        muted: false,
        answered: if lately { her.answers } else { 0 },
        frozen: false,
        exchange: said_at_desk(consent, by, now),
        replies: Vec::new(),
        consents: Vec::new(),
        now,
    };
    carrying.out(tx, effects).await?;
    if her.discreet {
        carrying.cover(tx, (&her, program), wish).await?;
    }
    Ok(Ok(her.id))
}

fn said_at_desk(consent: &Consent, by: &Actor, now: DateTime<Utc>) -> Exchange {
    let by = consent.vouched.as_ref().unwrap_or(by);
    let mut exchange = Exchange::default();
    exchange.heard(Turn {
        shown: consent.read.clone(),
        shown_at: consent.read.is_some().then_some(now),
        answered: Some(consent.answered.clone()),
        answered_at: Some(now),
        vouched: Some(Vouched {
            by: by.name.clone(),
            account: by.account,
            how: consent.how.clone(),
            on: consent.on,
        }),
    });
    exchange
}

impl Carrying<'_> {
    /// Others read her phone: the welcome waits until she is alone.
    async fn cover(
        &self,
        tx: &mut Tx,
        (her, program): (&Subscriber, &Program),
        wish: &Wish,
    ) -> StoreResult<()> {
        let today = program.whereabouts(her.zone()).date_at(self.now);
        let voice = Voice { library: &self.edition.library, program, language: wish.language, today };
        let words = voice.say(first_reply(wish), &Fields::of(wish.anchor));
        let notice = voice.say(Reply::SafeNotice, &Fields::default());
        let (Some(words), Some(notice)) = (words, notice) else { return Ok(()) };
        let text = self.reply(&Text::new(&notice), program, wish.language);
        unread::keep(tx, text.id, her.id, (&words, true), self.now).await?;
        outbox::queue(tx, &[text]).await
    }
}
