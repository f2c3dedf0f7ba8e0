//! What holds for the decision itself, from every step, for any text: [`respond`] alone, without a database.

mod setting;

use motherline::domain::conversation::{Conversation, Effect, EnrollmentState, Reply, Step};
use motherline::domain::keyword::{Answer, Intent};
use motherline::domain::request::Request;
use motherline::library::Voice;
use proptest::prelude::*;
use proptest::sample::select;
use uuid::Uuid;

use self::setting::{LIBRARY, Setting, count, said, setting, today};

/// The confirmations that a stop may have: one of them, once.
const STOPS: [Reply; 5] =
    [Reply::Stopped, Reply::StoppedLoss, Reply::DangerStop, Reply::Wrong, Reply::DeleteSure];

/// A loss, in all its ways; with danger too.
const LOSSES: [&str; 6] = [
    "I lost my baby",
    "I lost both, they died",
    "I lost my baby, I am bleeding a lot",
    "perdi a mi bebe",
    "murió mi bebé",
    "у меня выкидыш",
];

impl Setting {
    /// It means stop, and is not about a visit.
    fn stops(&self) -> bool {
        let visit = self.asked().is_some_and(|asked| asked.request == Request::CancelAppointment);
        self.parsed().intent == Some(Intent::Stop) && !visit
    }

    fn provider(&self) -> bool {
        self.flags[3] && self.flags[4] && self.flags[5]
    }
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
        if setting.stops() {
            let silent = setting.stopped() && setting.conversation.is_none();
            prop_assert!(silent || effects.contains(&Effect::Stop), "{effects:#?}");
            let replies = said(&effects);
            // After STOP she is answered only where she is in danger.
            let alarmed = silent && !setting.signs().is_empty();
            prop_assert!(alarmed || replies.iter().all(|reply| STOPS.contains(reply)), "{effects:#?}");
            prop_assert!(alarmed || !silent || replies.is_empty() || replies == [Reply::DeleteSure], "confirmed once");
            prop_assert!(!setting.parsed().loss || effects.contains(&Effect::Freeze), "{effects:#?}");
        }
        let erase = |step: &Step| *step == Step::Erase;
        let beside = |effect: &Effect| match effect {
            Effect::Stop | Effect::Close | Effect::Unblock | Effect::Say { .. } => false,
            Effect::Recycled | Effect::Flag { .. } | Effect::Freeze => false,
            Effect::Ask(conversation) => !erase(&conversation.step),
            _ => true,
        };
        let stops = effects.contains(&Effect::Stop);
        prop_assert_eq!(0, if stops { count(&effects, beside) } else { 0 }, "{:#?}", effects);
    }

    #[test]
    fn after_stop_only_what_she_asks_for(mut setting in setting()) {
        (setting.flags[0], setting.conversation) = (true, None);
        let intent = setting.parsed().intent;
        let asks = setting.asked().is_some_and(|asked| matches!(asked.request, Request::Delete | Request::Details | Request::Undo));
        if !matches!(intent, Some(Intent::Help | Intent::Start | Intent::Baby)) && !asks && setting.signs().is_empty()
            && setting.enrollments.iter().all(|enrolled| enrolled.state != EnrollmentState::Active)
        {
            prop_assert_eq!(Vec::<Reply>::new(), said(&setting.respond()));
        }
    }

    #[test]
    fn nothing_begins_without_a_yes_or_a_choice(setting in setting()) {
        let effects = setting.respond();
        let begins = count(&effects, |e| {
            matches!(
                e,
                Effect::Enroll { .. }
                    | Effect::Retime { .. }
                    | Effect::Resume { .. }
                    | Effect::Born { .. }
                    | Effect::Support { .. }
                    | Effect::MoveHere { .. }
                    | Effect::OfferMove { .. }
                    | Effect::Erase
            )
        });
        if begins > 0 {
            let open = setting.conversation.as_ref().map(|open| &open.step);
            let step = open.map(|open| open.beneath().unwrap_or(open));
            let answer = setting.parsed().answer;
            // She is asked where she lives only after her YES.
            let asked = matches!(step, Some(Step::Place { .. }));
            let late = setting.known.late.is_some();
            let yes = answer == Some(Answer::Yes) && (late || !matches!(open, Some(Step::StopUnsure { .. } | Step::Person { .. })));
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
        // What is no answer the second time either goes to a person.
        let by_a_person = |reply: &Reply| {
            matches!(reply, Reply::FreeTextEnrolled | Reply::HelpAdded | Reply::FreeTextFrozen)
        };
        let effects = setting.respond();
        if let (true, Some(open)) = (effects.contains(&Effect::MarkUnread), &mut setting.conversation) {
            open.unread = true;
            // A place nobody knows keeps nobody out: the second time she is enrolled without.
            let mut again = said(&setting.respond());
            again.retain(|reply| !matches!(reply, Reply::EnrolledDue | Reply::EnrolledBorn));
            again.retain(|reply| !by_a_person(reply));
            prop_assert_eq!(Vec::<Reply>::new(), again);
        } else if effects.contains(&Effect::MarkHinted) && setting.parsed().intent != Some(Intent::Loss) {
            setting.flags[2] = true;
            setting.conversation = None;
            let again = setting.respond();
            prop_assert!(said(&again).iter().all(by_a_person), "{again:#?}");
        }
    }

    #[test]
    fn a_loss_freezes_whatever_else_is_going_on(mut setting in setting(), told in select(&LOSSES)) {
        told.clone_into(&mut setting.text);
        let effects = setting.respond();
        if setting.parsed().intent != Some(Intent::Loss) || setting.provider() {
            return Ok(());
        }
        let active = setting.enrollments.iter().any(|one| one.state == EnrollmentState::Active);
        let step = setting.conversation.as_ref().map(|open| &open.step);
        // Asked which of them she lost, all is frozen already.
        if active || !matches!(step, Some(Step::LossWhich { .. })) {
            prop_assert_eq!(Some(&Effect::Freeze), effects.iter().find(|effect| **effect != Effect::Unblock));
        }
        let replies = said(&effects);
        let gentle = [Reply::Loss, Reply::LossDanger, Reply::LossWhich];
        prop_assert!(replies.iter().all(|reply| gentle.contains(reply)), "{effects:#?}");
        prop_assert!(!replies.is_empty() || setting.stopped() || setting.known.consoled, "she is answered");
    }

    #[test]
    fn what_was_lost_is_asked_no_more(mut setting in setting()) {
        for enrolled in &mut setting.enrollments {
            enrolled.state = EnrollmentState::Frozen;
        }
        let effects = setting.respond();
        if effects.iter().any(|effect| matches!(effect, Effect::Unfreeze { .. })) {
            return Ok(());
        }
        let lost = |id: &Uuid| setting.enrollments.iter().any(|enrolled| enrolled.id == *id);
        let open = setting.conversation.as_ref().map(|open| &open.step);
        for effect in &effects {
            let about = match effect {
                Effect::Born { enrollment, .. } | Effect::Retime { enrollment, .. } | Effect::Resume { enrollment } => {
                    Some(*enrollment)
                }
                // What was open stays so, and is answered by nothing.
                Effect::Ask(asked) if Some(&asked.step) != open => asked.step.about(),
                _ => None,
            };
            prop_assert!(!about.as_ref().is_some_and(lost), "{effects:#?}");
        }
    }

    #[test]
    fn danger_is_answered_in_every_state(setting in setting()) {
        let effects = setting.respond();
        let told = setting.parsed().intent == Some(Intent::Loss) || setting.stops();
        if setting.signs().is_empty() || setting.provider() || told {
            return Ok(());
        }
        let flagged = count(&effects, |effect| matches!(effect, Effect::Flag { sign: Some(_) }));
        prop_assert_eq!(1, flagged, "{:#?}", effects);
        prop_assert_eq!(1, said(&effects).len(), "{:#?}", effects);
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
