//! A made-up mother: who she is, what will happen to her, and what she will want to say about it.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use crate::domain::gestation::Anchor;
use crate::domain::language::Language;

/// Everything about her that is settled beforehand.
#[derive(Clone, Debug)]
pub struct Mother {
    /// Her number among the mothers of her world.
    pub index: u32,
    /// Her country's place in the cast.
    pub country: usize,
    /// What she speaks.
    pub language: Language,
    /// The word that starts her program.
    pub begins: String,
    /// Where she lives.
    pub zone: Tz,
    /// The words by which she tells it; none: she keeps it to herself.
    pub place: Option<String>,
    /// Her number.
    pub phone: String,
    /// The number she may move to.
    pub second: String,
    /// What she wants, and when, the earliest first.
    pub wishes: Vec<(DateTime<Utc>, Wish)>,
    /// The births of her babies, whether or not she tells of them; none yet if she loses the pregnancy.
    pub births: Vec<NaiveDate>,
    /// How she answers.
    pub habits: Habits,
    /// What a report counts her under.
    pub kinds: Vec<&'static str>,
    /// What she does is so plain that every day of hers can be foretold.
    pub plain: bool,
}

/// How she answers what she gets.
#[derive(Clone, Copy, Debug)]
pub struct Habits {
    /// Of a thousand questions of ours she answers so many.
    pub answers: u64,
    /// Of a thousand of those so late that their time is over.
    pub late: u64,
    /// Asked whether the baby has come, she says.
    pub tells_news: bool,
    /// Where she leaves off joining; none: nowhere.
    pub leaves_off: Option<LeavesOff>,
    /// A machine answers each text to her between these moments.
    pub machine: Option<(DateTime<Utc>, DateTime<Utc>)>,
    /// Her phone takes nothing from here on.
    pub lost_phone: Option<DateTime<Utc>>,
}

/// Where somebody leaves off joining.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeavesOff {
    /// Asked for the date.
    Date,
    /// Asked whether it is right.
    Confirm,
    /// Asked for the place.
    Place,
}

/// What she wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wish {
    /// To get texts.
    Join(Anchor),
    /// To get them for another pregnancy or baby.
    Again(Anchor),
    /// To tell of a birth, of one baby or of several; `at_once`: with the date in the same text.
    Birth { days: Vec<NaiveDate>, at_once: bool },
    /// To tell that there are two.
    Twins,
    /// To tell of a loss.
    Loss(Loss),
    /// To take it back.
    Undo,
    /// To tell a new due date.
    Update(NaiveDate),
    /// Silence.
    Stop,
    /// To get texts again.
    ComeBack,
    /// Fewer.
    Less,
    /// More, or more about the last one.
    More,
    /// A break of so many days, or until she ends it.
    Pause(Option<u32>),
    /// No break any more.
    Resume,
    /// Another hour.
    Hour(&'static str),
    /// Another language.
    Language(Language),
    /// She lives elsewhere now.
    House { zone: Tz, place: String },
    /// She has another number now.
    NewPhone,
    /// She is somebody else.
    Wrong,
    /// To be reminded of a visit.
    Visit(NaiveDate),
    /// Not to be.
    CancelVisit,
    /// To be left unseen.
    Safe,
    /// No more.
    SafeOff,
    /// To be erased; `sure`: also when asked.
    Delete { sure: bool },
    /// Help, at once.
    Danger,
    /// To know something.
    Question,
    /// To be polite.
    Thanks,
    /// Nothing.
    Junk,
    /// The same five times.
    Echo,
    /// To know what we hold.
    Details,
    /// To know who we are.
    Help,
}

/// What is lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Loss {
    /// When.
    pub when: LostWhen,
    /// One of two, and the other lives.
    pub one: bool,
    /// Whether she would like some texts of support; none: she does not say.
    pub support: Option<bool>,
}

/// When in a life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LostWhen {
    /// Early in a pregnancy.
    Pregnancy,
    /// Late in it, or at birth.
    Birth,
    /// After it.
    Baby,
}

impl Wish {
    /// As a report names it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Join(_) => "joins",
            Self::Again(_) => "begins anew with another pregnancy or baby",
            Self::Birth { days, .. } if days.len() > 1 => "tells of the birth of two",
            Self::Birth { .. } => "tells of a birth",
            Self::Twins => "tells that there are two",
            Self::Loss(Loss { one: true, .. }) => "tells that one of two was lost",
            Self::Loss(Loss { when: LostWhen::Pregnancy, .. }) => "tells of a loss in pregnancy",
            Self::Loss(Loss { when: LostWhen::Birth, .. }) => "tells of a stillbirth",
            Self::Loss(Loss { when: LostWhen::Baby, .. }) => "tells that her baby has died",
            Self::Undo => "takes a loss back: it was a misunderstanding",
            Self::Update(_) => "tells a new due date",
            Self::Stop => "says STOP",
            Self::ComeBack => "comes back by START",
            Self::Less => "asks for less",
            Self::More => "asks for more",
            Self::Pause(_) => "asks for a pause",
            Self::Resume => "ends a pause",
            Self::Hour(_) => "chooses her hour",
            Self::Language(_) => "changes the language",
            Self::House { .. } => "moves to another place",
            Self::NewPhone => "moves to another number",
            Self::Wrong => "says that it is the wrong number",
            Self::Visit(_) => "notes a visit",
            Self::CancelVisit => "cancels a visit",
            Self::Safe => "asks to be left unseen (SAFE)",
            Self::SafeOff => "ends it (SAFE OFF)",
            Self::Delete { .. } => "asks to be erased",
            Self::Danger => "writes of danger",
            Self::Question => "asks a question",
            Self::Thanks => "says thanks",
            Self::Junk => "writes what nobody can read",
            Self::Echo => "sends the same five times",
            Self::Details => "asks what we hold",
            Self::Help => "asks for help (HELP)",
        }
    }
}
