//! From one phone to another, and a number that is somebody else's by now.

use chrono::TimeDelta;
use uuid::Uuid;

use super::Carrying;
use crate::domain::conversation::{EnrollmentState, Fields, Reply, Step};
use crate::domain::phone::PhoneNumber;
use crate::domain::reason;
use crate::flows::exchange::Exchange;
use crate::flows::promises::NewClock;
use crate::library::{Text, Voice};
use crate::store::outbox::{self, Cancel, Kind, NewText};
use crate::store::people::{self, Mark};
use crate::store::talk::{self, Consent, OpenQuestion};
use crate::store::{StoreResult, Tx, erasures, helps, promises, unread, visits};

/// An offer to move is open so long.
const OFFERED: TimeDelta = TimeDelta::hours(72);
/// Digits of a number by which its owner knows it, and nobody else does.
const SHOWN: usize = 2;

impl Carrying<'_> {
    /// One text to the new phone, which gives nothing away: is it hers? Whether the phone may be asked was looked at
    /// before (`Known::may_move`). At night it waits for the morning like all that nobody asked for.
    pub(super) async fn offer_move(&self, tx: &mut Tx, number: &PhoneNumber) -> StoreResult<()> {
        let Some(moving) = self.enrollments.iter().find(|one| one.state == EnrollmentState::Active) else {
            return Ok(());
        };
        let Some(program) = self.edition.library.program(&moving.program) else { return Ok(()) };
        let whereabouts = program.whereabouts(self.subscriber.zone());
        let Some(window) = program.timetable.window.at_or_after(self.now, &whereabouts) else {
            return Ok(());
        };
        let region = number.region();
        let new_phone =
            people::lock_or_insert(tx, self.service.id(), number, region.as_deref(), self.now).await?;
        let (language, today) = (moving.language, whereabouts.date_at(self.now));
        let voice = Voice { library: &self.edition.library, program, language, today };
        let fields = Fields { phone: Some(ending(self.phone)), ..Fields::default() };
        let Some(words) = voice.say(Reply::MoveOffer, &fields) else { return Ok(()) };
        let (text, to) = (Text::new(&words), (new_phone.id, number.as_e164()));
        let offer = NewText {
            due_at: window.opens.max(self.now),
            not_after: self.now + OFFERED,
            window_closes_at: Some(window.closes),
            ..self.text_to(to, Kind::Question, &text, program, language)
        };
        outbox::queue(tx, &[offer]).await?;
        let mut exchange = Exchange::default();
        exchange.show(&words, self.now);
        let question = OpenQuestion {
            subscriber_id: new_phone.id,
            sender: self.sender.name.clone(),
            program: program.id.clone(),
            language: language.to_string(),
            step: serde_json::to_string(&Step::MoveOffer { from: self.subscriber.id }).unwrap_or_default(),
            exchange: exchange.to_json(),
            unread: false,
            opened_at: self.now,
            nudge_at: None,
            expires_at: self.now + OFFERED,
            late_until: None,
        };
        talk::ask(tx, &question).await?;
        // Whoever has the other phone may ask to be erased, and must be found in what was said here.
        erasures::mention(tx, &self.service.seal.digest(number), self.subscriber.id).await?;
        self.audit(tx, "move_offered", "").await
    }

    /// The new phone said yes: all that the other one got comes here, and the other one is told.
    pub(super) async fn move_here(&mut self, tx: &mut Tx, from: Uuid) -> StoreResult<()> {
        let Some(old) = people::lock_id(tx, from).await? else { return Ok(()) };
        let id = self.subscriber.id;
        if let (Some(place), Some(zone)) = (&old.place, old.zone()) {
            let place =
                crate::domain::conversation::Place { name: place.clone(), zone, area: old.area.clone() };
            people::set_place(tx, id, &place).await?;
        }
        people::set_reader(tx, id, old.reader()).await?;
        people::set_discreet(tx, id, old.discreet).await?;
        people::mark(tx, id, Mark::Stopped, None).await?;
        let mut told = None;
        let moving = people::enrollments_of(tx, from).await?;
        // Where the old phone told no place, the new one may have.
        let zone = old.zone().or(self.subscriber.zone());
        let clock = NewClock {
            library: &self.edition.library,
            enrollments: &moving,
            before: old.zone(),
            after: zone,
        };
        clock.set(tx, from).await?;
        for enrollment in moving {
            let program = enrollment.program.clone();
            // What is not in the library any more stays where it is.
            if enrollment.state != EnrollmentState::Active || self.edition.library.program(&program).is_none()
            {
                continue;
            }
            // A phone has one enrollment in a program.
            people::leave(tx, id, Some(&program), EnrollmentState::Replaced, reason::OTHER_PHONE, self.now)
                .await?;
            self.take_over(tx, &enrollment, zone).await?;
            people::set_language(tx, id, enrollment.language).await?;
            self.consents.push(("opt_in", Some(enrollment.id), Some(program.clone())));
            told = Some((program, enrollment.language));
        }
        if told.is_some() {
            // She has begun something new here: nothing else is an end to a loss that was told from this phone.
            people::mark(tx, id, Mark::Lost, None).await?;
        }
        outbox::cancel(tx, from, Cancel::All, reason::PHONE, self.now).await?;
        promises::hand_over(tx, from, id).await?;
        visits::hand_over(tx, from, id).await?;
        helps::hand_over(tx, from, id).await?;
        unread::hand_over(tx, from, id).await?;
        people::set_discreet(tx, from, false).await?;
        talk::close(tx, from).await?;
        if let Some((program, language)) = told {
            self.say_goodbye(tx, &old, &program, language).await?;
        }
        self.audit(tx, "move", "").await
    }

    /// The last text to the old phone, on record there as the end of its consent.
    async fn say_goodbye(
        &self,
        tx: &mut Tx,
        old: &people::Subscriber,
        program: &str,
        language: crate::domain::language::Language,
    ) -> StoreResult<()> {
        let Some(program) = self.edition.library.program(program) else { return Ok(()) };
        let today = program.whereabouts(old.zone()).date_at(self.now);
        let voice = Voice { library: &self.edition.library, program, language, today };
        let fields = Fields { phone: Some(ending(self.phone)), ..Fields::default() };
        let Some(words) = voice.say(Reply::MovedAway, &fields) else { return Ok(()) };
        let (text, to) = (Text::new(&words), (old.id, old.number()));
        let goodbye = NewText {
            answers: self.asked_by(),
            not_after: self.now + OFFERED,
            ..self.text_to(to, Kind::Reply, &text, program, language)
        };
        outbox::queue(tx, &[goodbye]).await?;
        let mut exchange = Exchange::default();
        exchange.show(&words, self.now);
        let consent = Consent {
            id: self.service.id(),
            subscriber_id: old.id,
            enrollment_id: None,
            program: Some(program.id.clone()),
            sender: self.sender.name.clone(),
            action: "moved".to_owned(),
            exchange: exchange.to_json(),
            at: self.now,
        };
        talk::record_consent(tx, &consent).await
    }

    /// Somebody else has this number by now.
    pub(super) async fn recycled(&self, tx: &mut Tx) -> StoreResult<()> {
        people::mark(tx, self.subscriber.id, Mark::Recycled, Some(self.now)).await?;
        let detail = "somebody says that this is the wrong number: it may be another's by now";
        self.alarm(tx, "recycled_number", detail).await?;
        self.audit(tx, "wrong_number", "").await
    }
}

/// The end of a number: …43.
fn ending(phone: &PhoneNumber) -> String {
    let digits = phone.digits();
    format!("...{}", &digits[digits.len().saturating_sub(SHOWN)..])
}
