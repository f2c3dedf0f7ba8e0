//! A promise is kept: its words, if they are still right, are queued, and what they ask is opened.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::{FollowUp, Kind, LATE, OPEN, Promising};
use crate::domain::conversation::{Fields, Reply, Step};
use crate::domain::gestation::Anchor;
use crate::domain::language::Language;
use crate::flows::exchange::Exchange;
use crate::flows::{Edition, Service};
use crate::library::{Program, Text, Voice};
use crate::store::outbox::{self, Kind as TextKind, NewText, Words};
use crate::store::people::{Enrollment, Subscriber};
use crate::store::promises::Promise;
use crate::store::talk::{self, OpenQuestion};
use crate::store::{StoreResult, Tx, unread, visits};

/// What a promise comes to.
pub(super) struct Said {
    words: String,
    /// The question it opens, and for how long.
    pub step: Option<(Step, TimeDelta)>,
}

/// A promise with everything it is kept by.
pub(super) struct Keeping<'a> {
    pub service: &'a Service,
    pub edition: &'a Edition,
    pub program: &'a Program,
    pub her: &'a Subscriber,
    pub enrollment: &'a Enrollment,
    pub promise: &'a Promise,
    pub closes: DateTime<Utc>,
}

impl Keeping<'_> {
    fn language(&self) -> Language {
        self.enrollment.language
    }

    fn today(&self) -> NaiveDate {
        self.program.whereabouts(self.her.zone()).date_at(self.service.now())
    }

    fn reply(&self, reply: Reply, fields: &Fields) -> Option<String> {
        let (program, language) = (self.program, self.language());
        Voice { library: &self.edition.library, program, language, today: self.today() }.say(reply, fields)
    }

    /// The words, if they are still right.
    pub async fn words(&self, tx: &mut Tx, kind: Kind) -> StoreResult<Option<Said>> {
        let plain = |words: Option<String>| words.map(|words| Said { words, step: None });
        let asks =
            |words: Option<String>, step: Step| words.map(|words| Said { words, step: Some((step, OPEN)) });
        Ok(match kind {
            Kind::BirthNews => {
                if !matches!(self.enrollment.anchor(), Anchor::Due(_)) {
                    return Ok(None);
                }
                let step = Step::News { enrollment: self.enrollment.id };
                asks(self.reply(Reply::BirthNews, &Fields::default()), step)
            }
            Kind::StillPaused => {
                let paused = self.enrollment.terms().pause.is_some_and(|pause| pause.until.is_none());
                plain(self.reply(Reply::StillPaused, &Fields::default()).filter(|_| paused))
            }
            Kind::VisitSoon | Kind::VisitTomorrow | Kind::VisitAfter => {
                let Some(about) = self.promise.about else { return Ok(None) };
                let Some(visit) = visits::find(tx, about).await? else { return Ok(None) };
                let fields = Fields { when: Some(visit.when), ..Fields::default() };
                match kind {
                    Kind::VisitSoon => plain(self.reply(Reply::ApptSoon, &fields)),
                    Kind::VisitTomorrow => plain(self.reply(Reply::ApptTomorrow, &fields)),
                    _ => asks(self.reply(Reply::ApptAfter, &fields), Step::VisitAfter { visit: visit.id }),
                }
            }
            Kind::FollowUp => self.follow_up(),
            Kind::StillYou => asks(self.reply(Reply::StillYou, &Fields::default()), Step::StillYou),
        })
    }

    fn follow_up(&self) -> Option<Said> {
        let detail: FollowUp = serde_json::from_str(self.promise.detail.as_deref()?).ok()?;
        let carries = self.service.senders.get(&self.enrollment.sender)?.carries();
        let right = |id: &str| self.program.asking(id, self.today(), carries);
        if let Some(id) = detail.question {
            let asking = right(&id)?;
            let words = asking.words.get(&self.language())?.clone();
            let open = TimeDelta::days(i64::from(asking.question.open_days));
            return Some(Said { words, step: Some((Step::Question { question: id }, open)) });
        }
        let (id, outcome) = detail.of?;
        let words = right(&id)?.later.get(outcome)?.get(&self.language())?.clone();
        Some(Said { words, step: None })
    }

    pub async fn say(&self, tx: &mut Tx, kind: Kind, said: Said) -> StoreResult<()> {
        let (service, now) = (self.service, self.service.now());
        let id = service.text_id();
        // Whether it is still her is asked in words that give nothing away, so it need not wait until she is alone.
        let hidden = self.her.discreet && kind != Kind::StillYou;
        let shown = if hidden { self.reply(Reply::SafeNotice, &Fields::default()) } else { None };
        if shown.is_some() {
            let of_baby = kind != Kind::StillPaused;
            unread::keep(tx, id, self.her.id, (&said.words, of_baby), now).await?;
        }
        let text = Text::new(shown.as_deref().unwrap_or(&said.words));
        let reminds = matches!(kind, Kind::VisitSoon | Kind::VisitTomorrow | Kind::StillPaused);
        let new = NewText {
            id,
            subscriber: self.her.id,
            enrollment: Some(self.enrollment.id),
            answers: None,
            sender: self.enrollment.sender.clone(),
            phone: self.her.number().to_owned(),
            kind: if reminds { TextKind::Reminder } else { TextKind::Question },
            language: self.language(),
            words: Words::Own(text.body.to_string()),
            encoding: text.encoding,
            segments: text.segments,
            program: Some(self.program.id.clone()),
            edition: Some(self.edition.number),
            tip: None,
            queued_at: now,
            due_at: now,
            not_after: self.promise.not_after.min(now + TimeDelta::days(2)),
            window_closes_at: Some(self.closes),
        };
        outbox::queue(tx, &[new]).await?;
        if let Some((step, open)) = said.step {
            let mut exchange = Exchange::default();
            exchange.show(&said.words, now);
            let question = OpenQuestion {
                subscriber_id: self.her.id,
                sender: self.enrollment.sender.clone(),
                program: self.program.id.clone(),
                language: self.language().to_string(),
                step: serde_json::to_string(&step).unwrap_or_default(),
                exchange: exchange.to_json(),
                unread: false,
                opened_at: now,
                nudge_at: None,
                expires_at: now + open,
                late_until: Some(now + open + LATE),
            };
            talk::ask(tx, &question).await?;
        }
        if kind == Kind::BirthNews {
            let promising =
                Promising { service, program: self.program, subscriber: self.her.id, zone: self.her.zone() };
            promising.news(tx, self.enrollment.id, self.enrollment.anchor()).await?;
        }
        Ok(())
    }
}
