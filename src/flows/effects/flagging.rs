//! What a person is to read: her texts, gathered in one item until somebody has answered.

use chrono::TimeDelta;

use super::Carrying;
use crate::domain::conversation::EnrollmentState;
use crate::domain::danger::Sign;
use crate::domain::gestation::stage_on;
use crate::store::helps::{self, Item, Text};
use crate::store::{StoreResult, Tx};

/// A danger is told to whoever is on duty at most so often for one woman.
const ALARM_PAUSE: TimeDelta = TimeDelta::hours(1);
/// An item keeps at most so many of her texts, and as many again that tell of danger: beyond them it is a machine, and
/// the first ones tell enough.
const MOST_TEXTS: usize = 50;
/// The shortest time that a database tells apart.
const MOMENT: TimeDelta = TimeDelta::microseconds(1);

impl Carrying<'_> {
    pub(super) async fn flag(&self, tx: &mut Tx, sign: Option<Sign>) -> StoreResult<()> {
        // A person has it before them already where one does it for her.
        let Some(text) = self.text else { return Ok(()) };
        let newest = self.enrollments.first();
        let program = newest.map_or(self.program.id.as_str(), |newest| newest.program.as_str());
        let language = newest.map(|newest| newest.language).or(self.subscriber.language());
        let language = language.unwrap_or(self.program.languages[0]);
        let open = helps::open_of(tx, self.subscriber.id).await?;
        let (stage, urgency) = self.stage();
        let before = open.as_ref().and_then(|open| Sign::named(open.sign.as_deref()?));
        // It moves with every text of hers, those beyond the most included: by it people know whether they have read all.
        let last_at = open.as_ref().map_or(self.now, |open| self.now.max(open.last_at + MOMENT));
        let gravest = sign.into_iter().chain(before).min();
        let item = Item {
            id: open.as_ref().map_or_else(|| self.service.id(), |open| open.id),
            subscriber_id: self.subscriber.id,
            sender: self.sender.name.clone(),
            program: program.to_owned(),
            language,
            stage,
            urgency: if sign.is_some() { 0 } else { urgency },
            sign: gravest.map(|sign| sign.name().to_owned()),
            state: "open".to_owned(),
            opened_at: open.as_ref().map_or(self.now, |open| open.opened_at),
            last_at,
            closed_at: None,
            closed_by: None,
            closed_why: None,
            taken_by: None,
            taken_at: None,
            handed_to: None,
        };
        helps::put(tx, &item).await?;
        let most = if sign.is_some() { 2 * MOST_TEXTS } else { MOST_TEXTS };
        if helps::texts(tx, item.id).await?.len() < most {
            let said = Text {
                id: text.id,
                from_her: true,
                body: text.body.clone(),
                written_by: None,
                sign: sign.map(|sign| sign.name().to_owned()),
                at: text.received_at,
            };
            helps::add(tx, item.id, &said).await?;
        }
        if sign.is_some() {
            let detail =
                "a text tells of danger; it was answered with the emergency number, and nobody has read it";
            let subject = self.subscriber.id.to_string();
            self.service.alarm(tx, "danger", &subject, detail, ALARM_PAUSE).await?;
        }
        Ok(())
    }

    /// Where she is, and how urgent an ordinary question from there is.
    fn stage(&self) -> (String, i16) {
        if self.frozen {
            return ("after a loss".to_owned(), 1);
        }
        let Some(newest) = self.enrollments.first() else { return ("a stranger".to_owned(), 3) };
        let program = self.edition.library.program(&newest.program).unwrap_or(self.program);
        let today = program.whereabouts(self.subscriber.zone()).date_at(self.now);
        match newest.state {
            EnrollmentState::Active => {
                let stage = stage_on(newest.anchor(), today).map_or_else(String::new, |stage| {
                    format!("{} {}+{}", stage.track.name(), stage.week, stage.day)
                });
                (stage, 2)
            }
            EnrollmentState::Frozen | EnrollmentState::Supported => ("after a loss".to_owned(), 1),
            EnrollmentState::Stopped => ("stopped".to_owned(), 2),
            EnrollmentState::Replaced | EnrollmentState::Completed => ("over".to_owned(), 2),
        }
    }
}
