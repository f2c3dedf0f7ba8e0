//! Each truth is shown what it must not let pass.

use std::sync::Arc;

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use motherline::domain::conversation::Reply;
use motherline::simulation::live::Claim;
use motherline::simulation::phrases::Topic;
use motherline::simulation::truths::{Home, Standing, Truth, Truths};
use motherline::simulation::witness::{Heard, Said};
use motherline::simulation::words::{Says, Words};
use motherline::store::witness::Seen;
use uuid::Uuid;

use super::SETTING;

const US: &str = "text4baby-us";

/// A mother and what is held against the truths of what she gets.
struct Play {
    truths: Truths,
    now: DateTime<Utc>,
    number: u128,
    asked: Uuid,
}

impl Play {
    /// She is in New York and has joined on a Monday morning, 20 weeks and two days along.
    fn new(public: bool) -> Self {
        let mut play = Self::stranger(public);
        play.writes(Topic::Begin, None);
        play.writes(Topic::Due, Some(due()));
        play.writes(Topic::Place, Some(Claim::Lives(Tz::America__New_York)));
        play.answered(Reply::EnrolledDue);
        assert_eq!(Vec::<Truth>::new(), play.broken());
        play
    }

    /// That Monday she has not written yet.
    fn stranger(public: bool) -> Self {
        let library = SETTING.library();
        let home = Home::of(library.program(US).expect("the program"));
        let words = Words::of(library, day());
        let standings = vec![Standing::new(0, 0, 1, false), Standing::new(0, 0, 0, false)];
        let truths = Truths::new(words, vec![home], standings, public);
        Self { truths, now: at("2027-11-01T11:00:00-04:00"), number: 0, asked: Uuid::nil() }
    }

    fn id(&mut self) -> Uuid {
        self.number += 1;
        Uuid::from_u128(self.number << 16)
    }

    fn writes(&mut self, topic: Topic, claim: Option<Claim>) {
        self.now += TimeDelta::minutes(1);
        self.asked = self.id();
        self.truths.hear(&Heard {
            id: self.asked,
            phone: 0,
            at: self.now,
            reached: self.now,
            body: String::new(),
            topic,
            claim,
        });
    }

    fn wait(&mut self, time: TimeDelta) {
        self.now += time;
    }

    fn answered(&mut self, reply: Reply) {
        let seen = Seen { inbox_id: Some(self.asked), ..self.seen("reply") };
        self.says(seen, Says::Reply(reply), true);
    }

    fn gets(&mut self, reply: Reply) {
        let seen = self.seen("question");
        self.says(seen, Says::Reply(reply), false);
    }

    fn tip(&mut self, id: &str, week: i32) {
        let place = self.truths.words.tip(id).unwrap_or_else(|| panic!("the library has no tip {id}"));
        let seen = Seen { tip: Some(id.to_owned()), week: Some(week), ..self.seen("tip") };
        self.says(seen, Says::Tip(place), false);
    }

    fn seen(&mut self, kind: &str) -> Seen {
        Seen {
            id: self.id(),
            kind: kind.to_owned(),
            tip: None,
            track: None,
            week: None,
            enrollment_id: Some(Uuid::from_u128(7)),
            inbox_id: None,
            edition: Some(1),
            language: "en".to_owned(),
        }
    }

    fn says(&mut self, seen: Seen, says: Says, answer: bool) {
        self.now += TimeDelta::seconds(10);
        let said = Said {
            id: seen.id,
            number: 1,
            phone: 0,
            at: self.now,
            answer,
            body: Arc::from("words"),
            says,
            not_after: self.now + TimeDelta::days(1),
            taken: true,
            doubtful: false,
        };
        self.truths.said(&said, Some(&seen));
    }

    fn broken(&self) -> Vec<Truth> {
        self.truths.broken.iter().map(|broken| broken.truth).collect()
    }
}

fn at(moment: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(moment).expect("a moment").with_timezone(&Utc)
}

/// The Monday.
fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2027, 11, 1).expect("a day")
}

/// What she tells of her date.
fn due() -> Claim {
    Claim::Due(day() + Days::new(280 - 142))
}

fn tip_of(needs: &str, track: &str, week: i64) -> String {
    let program = SETTING.library().program(US).expect("the program");
    let wanted = |needs_of: motherline::domain::plan::Needs| format!("{needs_of:?}").to_lowercase() == needs;
    let found = program
        .tips()
        .into_iter()
        .find(|(slot, tip)| slot.track.name() == track && slot.week == week && wanted(tip.needs));
    found.map(|(_, tip)| tip.id.to_string()).unwrap_or_else(|| panic!("no {needs} tip in {track} {week}"))
}

#[test]
fn a_tip_in_its_week_is_right() {
    let mut play = Play::new(false);
    play.tip(&tip_of("pregnancy", "pregnancy", 20), 20);
    assert_eq!(Vec::<Truth>::new(), play.broken());
}

#[test]
fn a_text_after_stop() {
    let mut play = Play::new(false);
    play.writes(Topic::Stop, None);
    play.answered(Reply::Stopped);
    assert_eq!(Vec::<Truth>::new(), play.broken(), "the one confirmation");
    play.writes(Topic::Help, None);
    play.answered(Reply::Help);
    assert_eq!(Vec::<Truth>::new(), play.broken(), "what she asks for herself");
    play.tip(&tip_of("pregnancy", "pregnancy", 20), 20);
    assert_eq!(vec![Truth::Silence], play.broken());
}

#[test]
fn an_old_answer_after_stop() {
    let mut play = Play::new(false);
    play.writes(Topic::Question, None);
    let before = play.asked;
    play.writes(Topic::Stop, None);
    play.asked = before;
    play.answered(Reply::FreeTextEnrolled);
    assert_eq!(vec![Truth::Silence], play.broken());
}

#[test]
fn a_tip_that_comes_twice() {
    let mut play = Play::new(false);
    let tip = tip_of("pregnancy", "pregnancy", 20);
    play.tip(&tip, 20);
    play.wait(TimeDelta::days(1));
    play.tip(&tip, 20);
    assert_eq!(vec![Truth::Once], play.broken());
}

#[test]
fn two_tips_on_one_of_her_days() {
    let mut play = Play::new(false);
    play.tip(&tip_of("pregnancy", "pregnancy", 20), 20);
    play.wait(TimeDelta::hours(3));
    play.tip(&tip_of("pregnancy", "pregnancy", 21), 20);
    assert_eq!(vec![Truth::Once], play.broken());
}

#[test]
fn a_tip_at_night() {
    let mut play = Play::new(false);
    play.wait(TimeDelta::hours(9));
    play.tip(&tip_of("pregnancy", "pregnancy", 20), 20);
    assert_eq!(vec![Truth::Hours], play.broken());
}

#[test]
fn an_hour_that_is_night_somewhere_for_who_keeps_her_place_to_herself() {
    let mut play = Play::new(false);
    play.truths.standings[0].zone = None;
    play.tip(&tip_of("pregnancy", "pregnancy", 20), 20);
    assert_eq!(vec![Truth::Hours], play.broken(), "in Honolulu it is not yet six");
}

#[test]
fn words_of_a_pregnancy_after_a_loss() {
    for (needs, week) in [("pregnancy", 20), ("either", 39)] {
        let mut play = Play::new(false);
        play.writes(Topic::Miscarried, None);
        play.answered(Reply::Loss);
        play.wait(TimeDelta::days(1));
        play.tip(&tip_of(needs, "pregnancy", week), 20);
        assert!(play.broken().contains(&Truth::Right), "{needs}");
        play.truths.broken.clear();
        play.writes(Topic::Undo, None);
        play.answered(Reply::Undone);
        play.wait(TimeDelta::days(1));
        play.tip(&tip_of("pregnancy", "pregnancy", 21), 20);
        assert!(!play.broken().contains(&Truth::Right), "it was a misunderstanding");
    }
}

#[test]
fn words_of_a_baby_before_a_birth_is_told() {
    let mut play = Play::new(false);
    play.tip(&tip_of("baby", "baby", 4), 4);
    assert!(play.broken().contains(&Truth::Right));
}

#[test]
fn words_that_take_a_pregnancy_for_granted_from_37_weeks_on() {
    let mut play = Play::new(false);
    play.wait(TimeDelta::days(37 * 7 - 142 - 1));
    play.tip(&tip_of("pregnancy", "pregnancy", 36), 36);
    assert_eq!(Vec::<Truth>::new(), play.broken(), "the last day of week 36");
    play.wait(TimeDelta::days(1));
    play.tip(&tip_of("pregnancy", "pregnancy", 35), 37);
    assert_eq!(vec![Truth::Right], play.broken());
}

#[test]
fn a_question_about_a_birth_that_was_told() {
    let mut play = Play::new(false);
    play.wait(TimeDelta::days(150));
    play.gets(Reply::BirthNews);
    assert_eq!(Vec::<Truth>::new(), play.broken());
    play.writes(Topic::BornDay, Some(Claim::Born(vec![day() + Days::new(140)])));
    play.answered(Reply::UpdatedBorn);
    play.gets(Reply::BirthNews);
    assert_eq!(vec![Truth::Right], play.broken());
}

#[test]
fn a_tip_of_another_week() {
    let mut play = Play::new(false);
    play.tip(&tip_of("pregnancy", "pregnancy", 19), 19);
    assert_eq!(vec![Truth::Fresh], play.broken());
}

#[test]
fn two_answers_to_one_text() {
    let mut play = Play::new(false);
    play.writes(Topic::Question, None);
    play.answered(Reply::FreeTextEnrolled);
    play.answered(Reply::HelpAdded);
    assert_eq!(vec![Truth::OneAnswer], play.broken());
}

#[test]
fn plain_words_to_who_asked_to_be_left_unseen() {
    let mut play = Play::new(false);
    play.writes(Topic::Safe, None);
    play.answered(Reply::SafeOn);
    play.gets(Reply::SafeNotice);
    assert_eq!(Vec::<Truth>::new(), play.broken());
    play.gets(Reply::NudgeDue);
    assert_eq!(vec![Truth::Unseen], play.broken());
}

#[test]
fn a_tip_that_was_recalled() {
    let mut play = Play::new(false);
    let tip = tip_of("pregnancy", "pregnancy", 20);
    play.truths.recall(&tip, play.now);
    play.tip(&tip, 20);
    assert_eq!(vec![Truth::Recalled], play.broken());
}

#[test]
fn a_draft_behind_a_public_number() {
    let mut play = Play::new(true);
    play.tip(&tip_of("pregnancy", "pregnancy", 20), 20);
    assert_eq!(vec![Truth::Approved], play.broken());
}

#[test]
fn a_visit_that_nobody_noted() {
    let mut play = Play::new(false);
    play.writes(Topic::Visit, Some(Claim::Visit(day() + Days::new(4))));
    play.answered(Reply::ApptSet);
    play.wait(TimeDelta::days(1));
    play.gets(Reply::ApptSoon);
    assert_eq!(Vec::<Truth>::new(), play.broken());
    play.gets(Reply::ApptTomorrow);
    assert_eq!(vec![Truth::Right], play.broken());
}

#[test]
fn a_visit_that_is_not_reminded_of_where_her_place_is_known() {
    for (answer, broken) in
        [(Reply::AskDate, vec![Truth::Promised, Truth::Promised]), (Reply::FreeTextStranger, vec![])]
    {
        let mut play = Play::stranger(false);
        play.writes(Topic::Place, Some(Claim::Lives(Tz::America__New_York)));
        play.answered(answer);
        play.writes(Topic::Due, Some(due()));
        play.answered(Reply::EnrolledDue);
        play.writes(Topic::Visit, Some(Claim::Visit(day() + Days::new(20))));
        play.answered(Reply::ApptSet);
        play.truths.foretell_visits(play.now + TimeDelta::days(30));
        assert_eq!(broken, play.broken(), "her place was answered with {answer:?}");
    }
}

#[test]
fn a_loss_that_was_taken_back_after_stop_and_one_that_was_not() {
    for (taken_back, broken) in [(true, vec![]), (false, vec![Truth::Right])] {
        let mut play = Play::new(false);
        play.writes(Topic::Stop, None);
        play.answered(Reply::Stopped);
        play.writes(Topic::Miscarried, None);
        play.writes(if taken_back { Topic::Undo } else { Topic::Start }, None);
        play.answered(Reply::StartDue);
        play.writes(Topic::Yes, None);
        play.answered(Reply::Resumed);
        play.tip(&tip_of("pregnancy", "pregnancy", 20), 20);
        assert_eq!(broken, play.broken(), "taken back: {taken_back}");
    }
}

#[test]
fn a_question_about_the_birth_before_its_day() {
    for (days, broken) in [(4, vec![Truth::Right]), (7, vec![]), (11, vec![Truth::Right])] {
        let mut play = Play::new(false);
        play.writes(Topic::NotYet, None);
        play.answered(Reply::NotYet);
        play.wait(TimeDelta::days(days));
        play.gets(Reply::BirthNews);
        assert_eq!(broken, play.broken(), "{days} days after NOT YET");
    }
}
