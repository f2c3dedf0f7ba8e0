//! What would happen, as it is shown before it does.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::super::act_forms::Wanted;
use super::super::act_words::{self, Words};
use super::{Act, Ahead, Desk};
use crate::domain::conversation::{Deed, EnrollmentState};
use crate::domain::gestation::Anchor;
use crate::domain::phone::masked;
use crate::flows::acting::{self, Refused};
use crate::store::people::Enrollment;
use crate::web::console::form::{Field, Kind, Typed};
use crate::web::console::tongue::fill;

impl Desk<'_> {
    pub(super) async fn ahead(&self, wanted: &Wanted, tell: bool, typed: &Typed) -> Result<Ahead, Refused> {
        let (service, her, words) = (&self.site.service, self.whom(), Words::of(self.signed.tongue));
        let tongue = self.signed.tongue;
        let mut ahead = Ahead {
            typed: [
                "enrollment",
                "date",
                "born",
                "born2",
                "born3",
                "lost",
                "until",
                "time",
                "number",
                "words",
                "why",
                "tell",
            ]
            .into_iter()
            .filter(|name| !typed.raw(name).is_empty())
            .map(|name| (name.to_owned(), typed.raw(name).to_owned()))
            .collect(),
            seen: String::new(),
            lines: Vec::new(),
            said: Vec::new(),
            language: self.mother.enrollments.first().map(|one| one.language.to_string()).unwrap_or_default(),
            at: String::new(),
            remarks: Vec::new(),
            sure: None,
        };
        let mut hidden = false;
        let at = match wanted {
            Wanted::Deed(deed) => {
                let preview = acting::look(service, her, deed, tell).await?;
                ahead.seen = preview.seen;
                ahead.lines = self.lines(deed);
                if preview.taken_back > 0 {
                    ahead.remarks.push(tongue.counted(preview.taken_back as i64, words.taken_back));
                }
                ahead.remarks.extend(self.of_all(deed));
                if let Deed::Move(to) = deed {
                    let number = masked(to.as_e164());
                    ahead.remarks.push(fill(words.other_asked, &[("number", &number)]));
                }
                ahead.said = preview.said;
                if preview.hidden {
                    // Which program it is they do not learn, nor what it says.
                    ahead.remarks.push(fill(words.elsewhere, &[("at", &self.when(preview.at))]));
                }
                hidden = preview.hidden;
                preview.at
            }
            Wanted::Send(said) => {
                let written = acting::prepare(service, her, said).await?;
                if let Some(kept) = &written.kept {
                    ahead.remarks.push(fill(words.covered, &[("words", &written.shown.body)]));
                    ahead.said.push(kept.clone());
                } else {
                    ahead.said.push(written.shown.body.to_string());
                }
                ahead.language = written.language.to_string();
                ahead.seen = written.seen;
                written.at
            }
            Wanted::Resend => {
                let last = acting::last(service, her).await?;
                ahead.seen = last.text.id.to_string();
                ahead.said.extend(last.text.body);
                ahead.language = last.text.language;
                last.at
            }
        };
        ahead.at = self.when(at);
        if ahead.said.is_empty() && !hidden {
            ahead.remarks.push(words.nothing.to_owned());
        }
        if self.act == Act::Erase {
            ahead.sure = Some(Field::new(Kind::Tick, "sure", words.sure));
        }
        Ok(ahead)
    }

    /// Of twins with one birthday one day is told.
    fn of_all(&self, deed: &Deed) -> Option<String> {
        let Deed::Birth { enrollment, births } = deed else { return None };
        let babies = self.mother.enrollments.iter().find(|one| one.id == *enrollment)?.terms().babies();
        let said = || fill(Words::of(self.signed.tongue).of_all, &[("n", &babies.to_string())]);
        (births.len() == 1 && babies > 1).then(said)
    }

    fn when(&self, at: DateTime<Utc>) -> String {
        let words = Words::of(self.signed.tongue);
        if at <= self.site.service.now() {
            return words.at_once.to_owned();
        }
        let at = self.signed.tongue.moment(at, self.mother.zone(self.edition));
        fill(words.at, &[("at", &at)])
    }

    /// What is now, and what would be then.
    fn lines(&self, deed: &Deed) -> Vec<(&'static str, String)> {
        let (tongue, words) = (self.signed.tongue, Words::of(self.signed.tongue));
        let zone = self.mother.zone(self.edition);
        let today = self.site.service.now().with_timezone(&zone).date_naive();
        let of = |id: &Uuid| self.mother.enrollments.iter().find(|one| one.id == *id);
        let named = |one: &Enrollment| {
            let program = self.edition.library.program(&one.program);
            let name = program.map_or(&*one.program, |program| program.name(one.language));
            (words.enrollment, name.to_owned())
        };
        match deed {
            Deed::Date { enrollment, anchor } => of(enrollment).map_or_else(Vec::new, |one| {
                let now = (words.now, act_words::told(tongue, one.anchor(), today));
                vec![named(one), now, (words.then, act_words::told(tongue, *anchor, today))]
            }),
            Deed::Birth { enrollment, births } => of(enrollment).map_or_else(Vec::new, |one| {
                let then = births.iter().map(|day| act_words::told(tongue, Anchor::Born(*day), today));
                let then = then.collect::<Vec<_>>().join("; ");
                vec![
                    named(one),
                    (words.now, act_words::told(tongue, one.anchor(), today)),
                    (words.then, then),
                ]
            }),
            Deed::Pause(Some(until)) => vec![(words.until, tongue.weekday(*until))],
            Deed::Pause(None) => vec![(words.until, words.until_hint.to_owned())],
            Deed::Hour(time) => vec![(words.time, time.format("%H:%M").to_string())],
            Deed::Move(to) => vec![(words.number, masked(to.as_e164()))],
            Deed::Loss(_) | Deed::Stop | Deed::Erase => {
                let active = self.mother.enrollments.iter();
                let active = active.filter(|one| one.state == EnrollmentState::Active);
                active.map(|one| (words.now, act_words::told(tongue, one.anchor(), today))).collect()
            }
            Deed::Less | Deed::All | Deed::Resume => Vec::new(),
        }
    }
}
