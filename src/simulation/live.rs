//! A mother as she lives: what she writes to bring a wish about, and how she answers what she reads.
//!
//! She reads as a woman does, by the words. She knows her own dates, and says NO to others.

mod wording;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;

use super::chance::Chance;
use super::mother::{LeavesOff, Loss, LostWhen, Mother, Wish};
use super::phrases::{Topic, date, offers, say};
use super::words::{Says, Words};
use crate::domain::conversation::Reply;
use crate::domain::gestation::Anchor;
use crate::domain::language::Language;

/// Which of her phones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Handset {
    /// The one she joined with.
    First,
    /// The one she moved to.
    Second,
}

/// What she has just told, should the service take it so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claim {
    /// A due date.
    Due(NaiveDate),
    /// Births, one or several.
    Born(Vec<NaiveDate>),
    /// A visit.
    Visit(NaiveDate),
    /// Where she lives.
    Lives(Tz),
}

/// A text of hers.
#[derive(Clone, Debug)]
pub struct Utterance {
    /// From which phone.
    pub from: Handset,
    /// The words.
    pub text: String,
    /// What they mean.
    pub topic: Topic,
    /// What they claim.
    pub claim: Option<Claim>,
    /// How long she waits before she sends it.
    pub after: TimeDelta,
}

/// A mother and her state of mind.
pub struct Live {
    /// Who she is.
    pub mother: Mother,
    chance: Chance,
    language: Language,
    wish: Option<Wish>,
    /// The date she would give if asked for one.
    means: Option<Anchor>,
    /// The number she writes from.
    handset: Handset,
    /// Where she lives by now.
    home: Tz,
    /// Whether the first attempt at a place was one that nobody can find.
    fumbles: bool,
    machine_said: u32,
}

/// No machine answers more often than this.
const MACHINE_PATIENCE: u32 = 60;

impl Live {
    /// As she is before anything happens.
    pub fn new(mother: Mother, seed: u64) -> Self {
        let chance = Chance::of(seed ^ 0x6c69_7665, u64::from(mother.index));
        let (language, home, fumbles) = (mother.language, mother.zone, mother.index % 29 == 7);
        Self {
            mother,
            home,
            chance,
            language,
            wish: None,
            means: None,
            handset: Handset::First,
            fumbles,
            machine_said: 0,
        }
    }

    /// Where she lives by now.
    pub fn home(&self) -> Tz {
        self.home
    }

    /// What she writes to bring a wish about.
    pub fn open(&mut self, wish: Wish) -> Vec<Utterance> {
        let said = match &wish {
            Wish::Join(anchor) | Wish::Again(anchor) => {
                self.means = Some(*anchor);
                let word = self.mother.begins.clone();
                let word = if self.half() { word } else { word.to_lowercase() };
                vec![self.filled(Topic::Begin, &word, None)]
            }
            Wish::Birth { days, at_once } => {
                self.means = days.first().map(|day| Anchor::Born(*day));
                vec![if *at_once { self.birth(days) } else { self.simply(Topic::Born) }]
            }
            Wish::Twins => vec![self.simply(Topic::Twins)],
            Wish::Loss(loss) => vec![self.simply(match loss.when {
                LostWhen::Pregnancy => Topic::Miscarried,
                LostWhen::Birth => Topic::Stillborn,
                LostWhen::Baby => Topic::BabyDied,
            })],
            Wish::Undo => vec![self.simply(Topic::Undo)],
            Wish::Update(due) => {
                self.means = Some(Anchor::Due(*due));
                vec![self.simply(Topic::Update)]
            }
            Wish::Stop => vec![self.simply(Topic::Stop)],
            Wish::ComeBack => vec![self.simply(Topic::Start)],
            Wish::Less => vec![self.simply(Topic::Less)],
            Wish::More => vec![self.simply(Topic::More)],
            Wish::Pause(None) => vec![self.simply(Topic::Pause)],
            Wish::Pause(Some(days)) => vec![self.filled(Topic::PauseDays, &days.to_string(), None)],
            Wish::Resume => vec![self.simply(Topic::Resume)],
            Wish::Hour(hour) => vec![self.filled(Topic::Hour, hour, None)],
            Wish::Language(language) => {
                // She names it in its own words.
                let text = say(Topic::Language, *language, &mut self.chance);
                vec![self.utter(Topic::Language, text, None)]
            }
            Wish::House { zone, place } => {
                let lives = Some(Claim::Lives(*zone));
                vec![self.filled(Topic::Place, &place.clone(), lives)]
            }
            Wish::NewPhone => {
                let number = self.mother.second.clone();
                vec![self.filled(Topic::NewPhone, &number, None)]
            }
            Wish::Wrong => vec![self.simply(Topic::Wrong)],
            Wish::Visit(day) => {
                let written = date(*day, self.language);
                vec![self.filled(Topic::Visit, &written, Some(Claim::Visit(*day)))]
            }
            Wish::CancelVisit => vec![self.simply(Topic::CancelVisit)],
            Wish::Safe => vec![self.simply(Topic::Safe)],
            Wish::SafeOff => vec![self.simply(Topic::SafeOff)],
            Wish::Delete { .. } => vec![self.simply(Topic::Delete)],
            Wish::Danger => vec![self.simply(Topic::Danger)],
            Wish::Question => vec![self.simply(Topic::Question)],
            Wish::Thanks => vec![self.simply(Topic::Thanks)],
            Wish::Junk => vec![self.simply(Topic::Junk)],
            Wish::Echo => {
                let same = self.simply(Topic::Question);
                let each = (0..5).map(|number| Utterance {
                    after: TimeDelta::minutes(20 * number),
                    topic: Topic::Junk,
                    ..same.clone()
                });
                each.collect()
            }
            Wish::Details => vec![self.simply(Topic::Details)],
            Wish::Help => vec![self.simply(Topic::Help)],
        };
        self.wish = Some(wish);
        said.into_iter()
            .enumerate()
            .map(|(place, said)| if place == 0 { at_once(said) } else { said })
            .collect()
    }

    /// How she answers what she reads, if she does.
    pub fn read(
        &mut self,
        on: Handset,
        says: Says,
        body: &str,
        words: &Words,
        now: DateTime<Utc>,
    ) -> Option<Utterance> {
        let lost = self.mother.habits.lost_phone;
        if lost.is_some_and(|lost| now >= lost) {
            return None;
        }
        let machine = self.mother.habits.machine;
        if machine.is_some_and(|(from, until)| from <= now && now < until) {
            self.machine_said += 1;
            let goes_on = self.machine_said < MACHINE_PATIENCE;
            return goes_on.then(|| self.simply(Topic::Machine)).map(|said| Utterance { from: on, ..said });
        }
        let today = now.with_timezone(&self.home).date_naive();
        let answer = match says {
            Says::Reply(reply) => self.answer(reply, body, today),
            Says::Tip(tip) => {
                words.tips.get(tip as usize)?.asks.and_then(|place| self.about_question(words, place))
            }
            Says::Question(place) => self.about_question(words, place),
            Says::Other => None,
        }?;
        Some(Utterance { from: on, ..answer })
    }

    fn answer(&mut self, reply: Reply, body: &str, today: NaiveDate) -> Option<Utterance> {
        let joining = matches!(self.wish, Some(Wish::Join(_) | Wish::Again(_)));
        let leaves = |place| joining && self.mother.habits.leaves_off == Some(place);
        match reply {
            Reply::AskDate
            | Reply::AskDateAfterLoss
            | Reply::AskDateAgain
            | Reply::AskUpdate
            | Reply::NudgeDate
                if !leaves(LeavesOff::Date) =>
            {
                self.my_date()
            }
            Reply::AskBirth => match self.wish.clone() {
                Some(Wish::Birth { days, .. }) => Some(self.birth(&days)),
                _ => self.news(today),
            },
            Reply::ConfirmDue
            | Reply::ConfirmBorn
            | Reply::ConfirmBornToday
            | Reply::ConfirmBornSeveral
            | Reply::ConfirmLastPeriod
            | Reply::NudgeDue
            | Reply::NudgeBorn
            | Reply::YesOrNo
                if !leaves(LeavesOff::Confirm) =>
            {
                let right = self.means.is_some_and(|means| body.contains(&date(means.date(), self.language)));
                let is = |kind: Reply| reply != kind;
                let kind = match self.means {
                    Some(Anchor::Due(_)) => is(Reply::ConfirmBorn) && is(Reply::NudgeBorn),
                    _ => is(Reply::ConfirmDue) && is(Reply::NudgeDue),
                };
                Some(self.simply(if right && kind { Topic::Yes } else { Topic::No }))
            }
            Reply::ConfirmBirths => Some(self.simply(Topic::Yes)),
            Reply::OfferOthers | Reply::ChooseAgain => {
                let means = self.means?;
                let (written, born) = (date(means.date(), self.language), matches!(means, Anchor::Born(_)));
                let mut choices = body.lines().filter(|line| line.contains(" = "));
                let fits = |line: &str| line.contains(&written) && offers(line, born, self.language);
                let line = choices.position(fits)?;
                Some(self.number(line as u32 + 1))
            }
            Reply::AskZip | Reply::AskPostcode if std::mem::take(&mut self.fumbles) => {
                Some(self.utter(Topic::Junk, "qwxz".to_owned(), None))
            }
            Reply::AskZip
            | Reply::AskPostcode
            | Reply::ZipAgain
            | Reply::PostcodeAgain
            | Reply::NudgePlace
                if !leaves(LeavesOff::Place) =>
            {
                let lives = Some(Claim::Lives(self.mother.zone));
                Some(match self.mother.place.clone() {
                    Some(place) => self.utter(Topic::Place, place, lives),
                    None => self.simply(Topic::Skip),
                })
            }
            Reply::AlreadyDue | Reply::AlreadyBorn => {
                let anew = matches!(self.wish, Some(Wish::Again(_)));
                Some(self.simply(if anew { Topic::Yes } else { Topic::No }))
            }
            Reply::StartDue | Reply::StartBorn => self.back(body),
            Reply::StopUnsure => matches!(self.wish, Some(Wish::Stop)).then(|| self.simply(Topic::Yes)),
            Reply::Loss | Reply::LossDanger => match self.wish {
                Some(Wish::Loss(Loss { support: Some(wanted), .. })) => {
                    Some(self.simply(if wanted { Topic::Yes } else { Topic::No }))
                }
                _ => None,
            },
            Reply::LossWhich => {
                let one = matches!(self.wish, Some(Wish::Loss(Loss { one: true, .. })));
                let all = body.lines().filter(|line| line.contains(" = ")).count() as u32;
                Some(self.number(if one { 1 } else { all }))
            }
            Reply::BirthNews if self.mother.habits.tells_news => self.news(today),
            Reply::StillYou => self.half().then(|| self.simply(Topic::Yes)),
            Reply::ApptAfter if self.half() => {
                let kept = self.half();
                Some(self.simply(if kept { Topic::Yes } else { Topic::No }))
            }
            Reply::ApptWhich | Reply::LanguageAsk => Some(self.number(1)),
            Reply::MoveAsk => {
                let number = self.mother.second.clone();
                Some(self.utter(Topic::NewPhone, number, None))
            }
            Reply::MoveConfirm | Reply::MoveOffer => Some(self.simply(Topic::Yes)),
            Reply::Moved => {
                self.handset = Handset::Second;
                None
            }
            Reply::DeleteSure => match self.wish {
                Some(Wish::Delete { sure: true }) => Some(self.simply(Topic::Yes)),
                _ => self.half().then(|| self.simply(Topic::No)),
            },
            Reply::LanguageSet => {
                if let Some(Wish::Language(language)) = self.wish {
                    self.language = language;
                }
                None
            }
            Reply::PlaceSet => {
                if let Some(Wish::House { zone, .. }) = self.wish {
                    self.home = zone;
                }
                None
            }
            Reply::SafeNotice => self.half().then(|| self.number(1)),
            _ => None,
        }
    }

    /// The date she was asked for.
    fn my_date(&mut self) -> Option<Utterance> {
        let means = self.means?;
        let written = date(means.date(), self.language);
        Some(match means {
            Anchor::Due(due) => self.filled(Topic::Due, &written, Some(Claim::Due(due))),
            Anchor::Born(born) => self.filled(Topic::BirthDate, &written, Some(Claim::Born(vec![born]))),
        })
    }

    /// START was answered with her dates: are they still right?
    fn back(&mut self, body: &str) -> Option<Utterance> {
        let right = self.means.is_none_or(|means| body.contains(&date(means.date(), self.language)));
        Some(self.simply(if right { Topic::Yes } else { Topic::No }))
    }

    /// Whether the baby has come.
    fn news(&mut self, today: NaiveDate) -> Option<Utterance> {
        let come = !self.mother.births.is_empty() && self.mother.births.iter().all(|born| *born <= today);
        if !come {
            return Some(self.simply(Topic::NotYet));
        }
        let days = self.mother.births.clone();
        self.means = days.first().map(|day| Anchor::Born(*day));
        self.wish = Some(Wish::Birth { days: days.clone(), at_once: true });
        Some(self.birth(&days))
    }

    fn birth(&mut self, days: &[NaiveDate]) -> Utterance {
        let mut different = days.to_vec();
        different.dedup();
        let and = match self.language.as_str() {
            "es" => " y ",
            "ru" => " и ",
            _ => " and ",
        };
        let written: Vec<String> = different.iter().map(|day| date(*day, self.language)).collect();
        let topic = if different.len() > 1 { Topic::BornDays } else { Topic::BornDay };
        self.filled(topic, &written.join(and), Some(Claim::Born(days.to_vec())))
    }
}

fn at_once(said: Utterance) -> Utterance {
    Utterance { after: TimeDelta::zero(), ..said }
}
