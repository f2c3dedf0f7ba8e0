//! Danger: answered at once, at any hour and in every state, by authored words; a person is to read it first of all.

use super::{Effect, Reply, Scene, Step};
use crate::domain::danger::{Dangers, Sign};
use crate::domain::gestation::Anchor;
use crate::domain::keyword::{self, Intent, Keywords, Parsed};
use crate::domain::plan::Needs;
use crate::domain::request::{Asked, Request};

/// More words behind a request are a text of their own.
const FEW_WORDS: usize = 4;

/// The answer to a text that tells of danger. The question that is open stays open.
pub(super) fn answer(scene: &Scene<'_>, sign: Sign) -> Vec<Effect> {
    let unborn = pregnant(scene) && of_a_newborn(sign);
    // "The baby does not move" is said of one that is not born yet, while she is pregnant; and so are her own signs.
    let others = scene.signs.iter().copied().find(|other| !of_a_newborn(*other));
    let sign = match others {
        _ if unborn && scene.signs.contains(&Sign::Movements) => Sign::Movements,
        Some(own) if unborn => own,
        _ => sign,
    };
    vec![Effect::Flag { sign: Some(sign) }, scene.just_say(reply(scene, sign))]
}

/// The signs that count beside what else the text is. A keyword, a request or an answer that is all of the text is that
/// and nothing else. Of a loss only what endangers herself counts: that the baby died is said already.
pub fn heeded(
    signs: Vec<Sign>,
    parsed: &Parsed,
    asked: Option<&Asked>,
    listening: &Listening<'_>,
) -> Vec<Sign> {
    let signs = match asked.filter(|asked| is_all(asked)) {
        // Behind the news of a birth stands a date, or what is wrong with the baby.
        Some(Asked { request: Request::Born | Request::Dates, rest, .. })
            if !listening.dangers.find(rest).signs.is_empty() =>
        {
            signs
        }
        Some(_) => Vec::new(),
        None => signs,
    };
    let command = match parsed.intent {
        Some(Intent::Help | Intent::Start | Intent::Update | Intent::Baby) => true,
        Some(Intent::Loss | Intent::Stop) if parsed.loss => {
            return signs.into_iter().filter(|sign| endangers_her(*sign)).collect();
        }
        Some(Intent::Stop | Intent::Loss) | None => parsed.answer.is_some(),
    };
    // Whose baby is born has no waters left to break.
    let born = asked.is_some_and(|asked| asked.request == Request::Born);
    let signs: Vec<Sign> = signs.into_iter().filter(|sign| !born || !before_birth(*sign)).collect();
    // "I don't want this anymore": whether she means the texts is asked.
    let doubt = parsed.stop_in_doubt && signs == [Sign::SelfHarm] && !listening.says_it_apart();
    if command || doubt { Vec::new() } else { signs }
}

/// What a text is held against.
pub struct Listening<'a> {
    /// Her words.
    pub text: &'a str,
    /// Her language, an ISO 639-1 code.
    pub language: &'a str,
    /// The words of danger.
    pub dangers: &'a Dangers,
    /// The keywords.
    pub keywords: &'a Keywords,
}

impl Listening<'_> {
    /// Whether she tells that she may harm herself in other words than those that may mean STOP.
    fn says_it_apart(&self) -> bool {
        self.text.split(['.', '!', '?', ',', ';', '\n', '…']).any(|part| {
            self.dangers.find(part).signs.contains(&Sign::SelfHarm)
                && !keyword::parse(part, self.language, self.keywords).stop_in_doubt
        })
    }
}

fn before_birth(sign: Sign) -> bool {
    matches!(sign, Sign::Waters | Sign::Movements)
}

/// A request with nothing behind it, or with a figure: PAUSE 14, APPT 12/4.
fn is_all(asked: &Asked) -> bool {
    let figures =
        asked.rest.contains(|c: char| c.is_ascii_digit()) && asked.rest.split(' ').count() <= FEW_WORDS;
    asked.alone && (asked.rest.is_empty() || figures)
}

/// Whether it is a danger to herself.
pub(super) fn endangers_her(sign: Sign) -> bool {
    !matches!(
        sign,
        Sign::BabyBreathing
            | Sign::BabyUnwell
            | Sign::BabyFever
            | Sign::BabyFeeding
            | Sign::Movements
            | Sign::Waters
    )
}

fn reply(scene: &Scene<'_>, sign: Sign) -> Reply {
    let hurt = scene.signs.contains(&Sign::Injury);
    match sign {
        // Who has taken something already needs help now, whatever she took it for.
        Sign::SelfHarm if hurt => Reply::DangerPoison,
        // Who is beaten is hurt: that she is not alone, and should leave no trace, is said first.
        Sign::Injury if scene.signs.contains(&Sign::Violence) => Reply::DangerViolence,
        Sign::SelfHarm => Reply::DangerMind,
        Sign::Violence => Reply::DangerViolence,
        Sign::Injury => Reply::DangerPoison,
        Sign::Waters => Reply::DangerLabor,
        // A baby that is born and does not move is another matter.
        Sign::Movements if born(scene) => Reply::DangerBaby,
        Sign::Movements => Reply::DangerMovements,
        Sign::BabyBreathing | Sign::BabyUnwell | Sign::BabyFever | Sign::BabyFeeding => Reply::DangerBaby,
        Sign::Convulsion
        | Sign::Breathing
        | Sign::Bleeding
        | Sign::Headache
        | Sign::Vision
        | Sign::Pain
        | Sign::Swelling
        | Sign::Fever => Reply::DangerMother,
    }
}

fn of_a_newborn(sign: Sign) -> bool {
    matches!(sign, Sign::BabyBreathing | Sign::BabyUnwell | Sign::BabyFeeding)
}

/// Pregnant for certain: from 37+0 on the baby may have come. Who is about to join has told her date.
fn pregnant(scene: &Scene<'_>) -> bool {
    let joins_with = scene.joining().and_then(|step| match step {
        Step::Place { anchor } => Some(*anchor),
        Step::Confirm { taken, .. } => Some(taken.anchor()),
        _ => None,
    });
    let anchor = joins_with.or(scene.active().map(|enrolled| enrolled.anchor));
    anchor.is_some_and(|anchor| Needs::Pregnancy.met(anchor, scene.today))
}

fn born(scene: &Scene<'_>) -> bool {
    scene.active().is_some_and(|enrolled| matches!(enrolled.anchor, Anchor::Born(_)))
}
