//! Scenes made up for the laws: every step, any text, any past.

use chrono::{Duration, NaiveDate};
use motherline::domain::conversation::{
    Conversation, DateKind, DateTaken, Effect, Enrolled, EnrollmentState, Fresh, Known, Listening, Purpose,
    Reply, Scene, Step, When, heeded, respond,
};
use motherline::domain::danger::Sign;
use motherline::domain::gestation::{Anchor, Loss};
use motherline::domain::keyword::{self, Parsed};
use motherline::domain::language::Language;
use motherline::domain::phone::PhoneNumber;
use motherline::domain::plan::{Pause, Terms};
use motherline::domain::request::Asked;
use proptest::prelude::*;
use proptest::sample::select;
use uuid::Uuid;

use crate::conversation::{RUSSIA, US};

pub use crate::conversation::LIBRARY;

/// Texts that mean something somewhere; random ones are added.
pub const TEXTS: [&str; 88] = [
    "STOP",
    "stop?",
    "no quiero",
    "не хочу",
    "too many messages",
    "START",
    "HELP",
    "UPDATE",
    "BABY",
    "bebe",
    "МАМА",
    "I lost my baby",
    "I lost my baby. STOP",
    "STOP perdi a mi bebe",
    "стоп у меня выкидыш",
    "delete everything, I lost the baby",
    "у меня выкидыш",
    "yes",
    "NO",
    "да",
    "нет",
    "sí",
    "LMP",
    "не знаю",
    "skip",
    "1",
    "2",
    "9",
    "77",
    "3/4",
    "april 12",
    "12 апреля",
    "born nov 2",
    "due december 1 2027",
    "5.1.2024",
    "3 march or 4 april",
    "10001",
    "00000",
    "Омск",
    "where is my doctor",
    "спасибо",
    "",
    "🤰",
    "\u{1}\u{7}",
    "Stop. My baby came",
    "yes stop",
    "BORN nov 20",
    "my baby girl came yesterday",
    "NACIDO 20 nov",
    "родился вчера",
    "NOT YET",
    "ЖДУ",
    "TWINS",
    "tengo gemelos",
    "LESS",
    "MENOS",
    "РЕЖЕ",
    "MORE",
    "ЕЩЁ",
    "PAUSE",
    "PAUSE 14",
    "PAUSA",
    "RESUME",
    "TIME 6PM",
    "HORA 18",
    "ВРЕМЯ утром",
    "TIME 11PM",
    "LANG",
    "ESPAÑOL",
    "ENGLISH",
    "РУССКИЙ",
    "MOVE 202 555 0177",
    "НОВЫЙ НОМЕР",
    "wrong number",
    "не я",
    "ZIP 94110",
    "DETAILS",
    "DELETE",
    "СТЕРЕТЬ",
    "APPT 12/15 2PM",
    "CITA 15 de diciembre a las 2",
    "CANCEL APPT",
    "SAFE",
    "SAFE OFF",
    "UNDO",
    "dad",
    "all",
    "I am bleeding a lot",
];

pub fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 23).expect("a day")
}

pub fn date() -> impl Strategy<Value = NaiveDate> {
    (-400..400_i64).prop_map(|days| today() + Duration::days(days))
}

pub fn anchor() -> impl Strategy<Value = Anchor> {
    (date(), any::<bool>()).prop_map(|(date, born)| if born { Anchor::Born(date) } else { Anchor::Due(date) })
}

pub fn taken() -> impl Strategy<Value = DateTaken> {
    let kinds = vec![DateKind::Due, DateKind::Born, DateKind::LastPeriod];
    (select(kinds), date()).prop_map(|(kind, date)| DateTaken { kind, date })
}

pub fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

pub fn purpose() -> impl Strategy<Value = Purpose> {
    prop_oneof![Just(Purpose::Enroll), (0..4_u128).prop_map(|number| Purpose::Retime(id(number)))]
}

pub fn plain_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        (any::<bool>(), purpose()).prop_map(|(last_period, purpose)| Step::Date { last_period, purpose }),
        (taken(), prop::collection::vec(taken(), 0..5), purpose())
            .prop_map(|(taken, others, purpose)| Step::Confirm { taken, others, purpose }),
        (prop::collection::vec(taken(), 1..5), purpose())
            .prop_map(|(choices, purpose)| Step::Choose { choices, purpose }),
        anchor().prop_map(|anchor| Step::Place { anchor }),
        Just(Step::NewOne),
        (0..4_u128).prop_map(|number| Step::Resume { enrollment: id(number) }),
        later_step(),
    ]
}

/// The questions of a life after joining.
fn later_step() -> impl Strategy<Value = Step> {
    let enrollment = || (0..4_u128).prop_map(id);
    let dates = || prop::collection::vec(date(), 0..4);
    let language = |code: &str| -> Language { code.parse().expect("a language") };
    let visit = (0..4_u128, date()).prop_map(|(number, on)| (id(number), When { on, at: None }));
    prop_oneof![
        enrollment().prop_map(|enrollment| Step::Birth { enrollment }),
        (enrollment(), dates()).prop_map(|(enrollment, born)| Step::Births { enrollment, born }),
        enrollment().prop_map(|enrollment| Step::News { enrollment }),
        (enrollment(), dates()).prop_map(|(enrollment, born)| Step::LossWhich { enrollment, born }),
        (enrollment(), select(Loss::ALL.to_vec()))
            .prop_map(|(enrollment, loss)| Step::Support { enrollment, loss }),
        Just(Step::Time),
        Just(Step::Language { choices: vec![language("en"), language("es")] }),
        Just(Step::Move),
        Just(Step::MoveConfirm { to: PhoneNumber::from_e164("+12025550177").expect("a number") }),
        enrollment().prop_map(|from| Step::MoveOffer { from }),
        Just(Step::StillYou),
        Just(Step::NewPlace),
        Just(Step::Erase),
        Just(Step::Visit),
        prop::collection::vec(visit, 1..4).prop_map(|visits| Step::VisitWhich { visits }),
        enrollment().prop_map(|visit| Step::VisitAfter { visit }),
        select(vec!["us-flu-1", "ru-flu-1", "none"])
            .prop_map(|question| Step::Question { question: question.to_owned() }),
    ]
}

fn terms() -> impl Strategy<Value = Terms> {
    let siblings = prop::collection::vec(date(), 0..3);
    (any::<[bool; 4]>(), 0..4_u32, siblings).prop_map(
        |([less, paused, discreet, dated], babies, siblings)| Terms {
            less,
            discreet,
            pause: paused.then(|| Pause { until: dated.then(today) }),
            expecting: Some(babies).filter(|babies| *babies > 1),
            siblings,
            ..Terms::default()
        },
    )
}

fn known() -> impl Strategy<Value = Known> {
    (any::<[bool; 6]>(), prop::option::weighted(0.2, step()), speech()).prop_map(
        |([discreet, second, waiting, may_move, item, consoled], late, (program, language))| Known {
            discreet,
            second,
            waiting,
            may_move,
            consoled,
            zone_known: second,
            item: item.then_some(if second { Fresh::Now } else { Fresh::Before }),
            questions: if waiting { vec![("us-flu-1".to_owned(), may_move)] } else { Vec::new() },
            late: late.filter(Step::outlives).map(|step| Conversation {
                program: program.to_owned(),
                language,
                step,
                unread: false,
            }),
            ..Known::default()
        },
    )
}

pub fn step() -> impl Strategy<Value = Step> {
    let before = || prop::option::of(plain_step().prop_map(Box::new));
    let unsure = before().prop_map(|before| Step::StopUnsure { before });
    let person = before().prop_map(|before| Step::Person { before });
    prop_oneof![4 => plain_step(), 1 => unsure, 1 => person]
}

pub fn speech() -> impl Strategy<Value = (&'static str, Language)> {
    select(vec![(US, "en"), (US, "es"), (RUSSIA, "ru")])
        .prop_map(|(program, language)| (program, language.parse().expect("a language")))
}

pub fn enrolled() -> impl Strategy<Value = Vec<Enrolled>> {
    let one = (speech(), select(EnrollmentState::ALL), anchor(), terms());
    prop::collection::vec(one, 0..4).prop_map(|all| {
        let number =
            |(index, ((program, language), state, anchor, terms)): (usize, ((&str, Language), _, _, _))| {
                let (id, program) = (id(index as u128), program.to_owned());
                Enrolled { id, program, language, state, anchor, terms, since: today(), state_on: today() }
            };
        all.into_iter().enumerate().map(number).collect()
    })
}

/// A scene, owned.
#[derive(Clone, Debug)]
pub struct Setting {
    pub text: String,
    pub flags: [bool; 6],
    pub conversation: Option<Conversation>,
    pub enrollments: Vec<Enrolled>,
    pub fallback: (&'static str, Language),
    pub known: Known,
}

prop_compose! {
    pub fn setting()(
        text in prop_oneof![8 => select(TEXTS.to_vec()).prop_map(str::to_owned), 1 => "\\PC{0,40}", 1 => any::<String>()],
        flags in any::<[bool; 6]>(),
        open in prop::option::weighted(0.8, (step(), speech(), any::<bool>())),
        enrollments in enrolled(),
        fallback in speech(),
        known in known(),
    ) -> Setting {
        let conversation = open.map(|(step, (program, language), unread)| {
            Conversation { program: program.to_owned(), language, step, unread }
        });
        Setting { text, flags, conversation, enrollments, fallback, known }
    }
}

impl Setting {
    pub fn parsed(&self) -> Parsed {
        keyword::parse(&self.text, self.fallback.1.as_str(), &LIBRARY.keywords)
    }

    pub fn asked(&self) -> Option<Asked> {
        LIBRARY.requests.read(&self.text, self.fallback.1.as_str())
    }

    pub fn signs(&self) -> Vec<Sign> {
        let listening = Listening {
            text: &self.text,
            language: self.fallback.1.as_str(),
            dangers: &LIBRARY.dangers,
            keywords: &LIBRARY.keywords,
        };
        let signs = LIBRARY.dangers.find(&self.text).signs;
        heeded(signs, &self.parsed(), self.asked().as_ref(), &listening)
    }

    pub fn stopped(&self) -> bool {
        self.flags[0]
    }

    pub fn respond(&self) -> Vec<Effect> {
        let parsed = self.parsed();
        // A provider's own handling is the rarer case.
        let provider_stopped = self.flags[3] && self.flags[4] && self.flags[5];
        respond(&Scene {
            today: today(),
            text: &self.text,
            parsed: &parsed,
            provider_stopped,
            provider_confirms: provider_stopped,
            provider_answered: provider_stopped,
            stopped: self.stopped(),
            blocked: self.flags[1] && self.flags[3],
            hinted: self.flags[2],
            conversation: self.conversation.as_ref(),
            enrollments: &self.enrollments,
            fallback: self.fallback,
            now: today().and_hms_opt(9, 0, 0).expect("a time"),
            asked: self.asked().as_ref(),
            signs: &self.signs(),
            known: &self.known,
            guide: &*LIBRARY,
        })
    }
}

pub fn said(effects: &[Effect]) -> Vec<Reply> {
    let reply = |effect: &Effect| if let Effect::Say { reply, .. } = effect { Some(*reply) } else { None };
    effects.iter().filter_map(reply).collect()
}

pub fn count(effects: &[Effect], which: impl Fn(&Effect) -> bool) -> usize {
    effects.iter().filter(|effect| which(effect)).count()
}
