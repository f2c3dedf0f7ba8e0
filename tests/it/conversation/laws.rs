//! What holds for the decision itself, from every step, for any text: [`respond`] alone, without a database.

use std::sync::LazyLock;

use chrono::{Duration, NaiveDate};
use motherline::domain::conversation::{
    Conversation, DateKind, DateTaken, Effect, Enrolled, EnrollmentState, Purpose, Reply, Scene, Step,
    respond,
};
use motherline::domain::gestation::Anchor;
use motherline::domain::keyword::{self, Answer, Intent, Parsed};
use motherline::domain::language::Language;
use motherline::library::{Library, Voice};
use proptest::prelude::*;
use proptest::sample::select;
use uuid::Uuid;

use super::{FILES, RUSSIA, US};

static LIBRARY: LazyLock<Library> =
    LazyLock::new(|| Library::read(&FILES, today()).library.expect("a sound library"));

/// Texts that mean something somewhere; random ones are added.
const TEXTS: [&str; 42] = [
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
];

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 23).expect("a day")
}

fn date() -> impl Strategy<Value = NaiveDate> {
    (-400..400_i64).prop_map(|days| today() + Duration::days(days))
}

fn anchor() -> impl Strategy<Value = Anchor> {
    (date(), any::<bool>()).prop_map(|(date, born)| if born { Anchor::Born(date) } else { Anchor::Due(date) })
}

fn taken() -> impl Strategy<Value = DateTaken> {
    let kinds = vec![DateKind::Due, DateKind::Born, DateKind::LastPeriod];
    (select(kinds), date()).prop_map(|(kind, date)| DateTaken { kind, date })
}

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn purpose() -> impl Strategy<Value = Purpose> {
    prop_oneof![Just(Purpose::Enroll), (0..4_u128).prop_map(|number| Purpose::Retime(id(number)))]
}

fn plain_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        (any::<bool>(), purpose()).prop_map(|(last_period, purpose)| Step::Date { last_period, purpose }),
        (taken(), prop::collection::vec(taken(), 0..5), purpose())
            .prop_map(|(taken, others, purpose)| Step::Confirm { taken, others, purpose }),
        (prop::collection::vec(taken(), 1..5), purpose())
            .prop_map(|(choices, purpose)| Step::Choose { choices, purpose }),
        anchor().prop_map(|anchor| Step::Place { anchor }),
        Just(Step::NewOne),
        (0..4_u128).prop_map(|number| Step::Resume { enrollment: id(number) }),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let unsure =
        prop::option::of(plain_step().prop_map(Box::new)).prop_map(|before| Step::StopUnsure { before });
    prop_oneof![4 => plain_step(), 1 => unsure]
}

fn speech() -> impl Strategy<Value = (&'static str, Language)> {
    select(vec![(US, "en"), (US, "es"), (RUSSIA, "ru")])
        .prop_map(|(program, language)| (program, language.parse().expect("a language")))
}

fn enrolled() -> impl Strategy<Value = Vec<Enrolled>> {
    let one = (speech(), select(EnrollmentState::ALL), anchor());
    prop::collection::vec(one, 0..4).prop_map(|all| {
        let number = |(index, ((program, language), state, anchor)): (usize, ((&str, Language), _, _))| {
            Enrolled { id: id(index as u128), program: program.to_owned(), language, state, anchor }
        };
        all.into_iter().enumerate().map(number).collect()
    })
}

/// A scene, owned.
#[derive(Clone, Debug)]
struct Setting {
    text: String,
    flags: [bool; 6],
    conversation: Option<Conversation>,
    enrollments: Vec<Enrolled>,
    fallback: (&'static str, Language),
}

prop_compose! {
    fn setting()(
        text in prop_oneof![8 => select(TEXTS.to_vec()).prop_map(str::to_owned), 1 => "\\PC{0,40}", 1 => any::<String>()],
        flags in any::<[bool; 6]>(),
        open in prop::option::weighted(0.8, (step(), speech(), any::<bool>())),
        enrollments in enrolled(),
        fallback in speech(),
    ) -> Setting {
        let conversation = open.map(|(step, (program, language), unread)| {
            Conversation { program: program.to_owned(), language, step, unread }
        });
        Setting { text, flags, conversation, enrollments, fallback }
    }
}

impl Setting {
    fn parsed(&self) -> Parsed {
        keyword::parse(&self.text, self.fallback.1.as_str(), &LIBRARY.keywords)
    }

    fn stopped(&self) -> bool {
        self.flags[0]
    }

    fn respond(&self) -> Vec<Effect> {
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
            guide: &*LIBRARY,
        })
    }
}

fn said(effects: &[Effect]) -> Vec<Reply> {
    let reply = |effect: &Effect| if let Effect::Say { reply, .. } = effect { Some(*reply) } else { None };
    effects.iter().filter_map(reply).collect()
}

fn count(effects: &[Effect], which: impl Fn(&Effect) -> bool) -> usize {
    effects.iter().filter(|effect| which(effect)).count()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn one_text_brings_one_answer_and_leaves_one_question(setting in setting()) {
        let effects = setting.respond();
        prop_assert!(said(&effects).len() <= 1, "{effects:#?}");
        let questions = count(&effects, |e| matches!(e, Effect::Ask(_) | Effect::MarkUnread | Effect::Close));
        prop_assert!(questions <= 1, "{effects:#?}");
    }

    #[test]
    fn stop_always_stops(setting in setting()) {
        let effects = setting.respond();
        if setting.parsed().intent == Some(Intent::Stop) {
            let silent = setting.stopped() && setting.conversation.is_none();
            prop_assert!(silent || effects.contains(&Effect::Stop), "{effects:#?}");
            prop_assert!(said(&effects).iter().all(|reply| *reply == Reply::Stopped));
            prop_assert!(!silent || said(&effects).is_empty(), "confirmed once");
        }
        prop_assert_eq!(
            false,
            effects.contains(&Effect::Stop)
                && count(&effects, |e| !matches!(e, Effect::Stop | Effect::Close | Effect::Unblock | Effect::Say { .. })) > 0,
            "nothing else happens with a stop"
        );
    }

    #[test]
    fn after_stop_only_what_she_asks_for(mut setting in setting()) {
        (setting.flags[0], setting.conversation) = (true, None);
        let intent = setting.parsed().intent;
        if !matches!(intent, Some(Intent::Help | Intent::Start | Intent::Baby))
            && setting.enrollments.iter().all(|enrolled| enrolled.state != EnrollmentState::Active)
        {
            prop_assert_eq!(Vec::<Reply>::new(), said(&setting.respond()));
        }
    }

    #[test]
    fn nothing_begins_without_a_yes_or_a_choice(setting in setting()) {
        let effects = setting.respond();
        let begins = count(&effects, |e| {
            matches!(e, Effect::Enroll { .. } | Effect::Retime { .. } | Effect::Resume { .. })
        });
        if begins > 0 {
            let open = setting.conversation.as_ref().map(|open| &open.step);
            let step = match open {
                Some(Step::StopUnsure { before: Some(before) }) => Some(&**before),
                step => step,
            };
            let answer = setting.parsed().answer;
            // She is asked where she lives only after her YES.
            let asked = matches!(step, Some(Step::Place { .. }));
            let yes = answer == Some(Answer::Yes) && !matches!(open, Some(Step::StopUnsure { .. }));
            let choice = matches!(answer, Some(Answer::Number(_))) && matches!(step, Some(Step::Choose { .. }));
            prop_assert!(asked || yes || choice, "{effects:#?}");
        }
        for effect in &effects {
            if let Effect::Ask(Conversation { step: Step::Place { anchor }, .. }) = effect {
                prop_assert!(!matches!(setting.parsed().intent, Some(Intent::Baby | Intent::Update)), "{anchor:?}");
            }
        }
    }

    #[test]
    fn help_is_given_once_a_step(mut setting in setting()) {
        let effects = setting.respond();
        if let (true, Some(open)) = (effects.contains(&Effect::MarkUnread), &mut setting.conversation) {
            open.unread = true;
            // A place nobody knows keeps nobody out: the second time she is enrolled without.
            let mut again = said(&setting.respond());
            again.retain(|reply| !matches!(reply, Reply::EnrolledDue | Reply::EnrolledBorn));
            prop_assert_eq!(Vec::<Reply>::new(), again);
        } else if effects.contains(&Effect::MarkHinted) {
            setting.flags[2] = true;
            setting.conversation = None;
            let frozen = |e: &mut Enrolled| {
                if e.state == EnrollmentState::Active { e.state = EnrollmentState::Frozen; }
            };
            if setting.parsed().intent == Some(Intent::Loss) && !setting.enrollments.is_empty() {
                setting.enrollments.iter_mut().for_each(frozen);
            }
            let again = said(&setting.respond());
            prop_assert!(again.is_empty() || again == [Reply::Loss], "{again:?}");
        }
    }

    #[test]
    fn a_loss_freezes_whatever_else_is_going_on(setting in setting()) {
        let effects = setting.respond();
        if setting.parsed().intent == Some(Intent::Loss) && !said(&effects).is_empty() {
            prop_assert!(effects.contains(&Effect::Freeze) && effects.contains(&Effect::Close));
            prop_assert_eq!(vec![Reply::Loss], said(&effects));
        }
        let active = setting.enrollments.iter().any(|enrolled| enrolled.state == EnrollmentState::Active);
        let provider = setting.flags[3] && setting.flags[4] && setting.flags[5];
        if setting.parsed().intent == Some(Intent::Loss) && active && !provider {
            prop_assert!(effects.contains(&Effect::Freeze), "{effects:#?}");
        }
    }

    #[test]
    fn every_answer_has_all_its_words(setting in setting()) {
        for effect in setting.respond() {
            if let Effect::Say { reply, program, language, fields } = effect {
                let program = LIBRARY.program(&program).expect("a program");
                let voice = Voice { library: &LIBRARY, program, language, today: today() };
                let words = voice.say(reply, &fields).expect("words");
                prop_assert!(!words.contains(['{', '}']) && !words.trim().is_empty(), "{reply:?}: {words}");
            }
        }
    }
}
