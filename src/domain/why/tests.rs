//! A verdict for each reason there is.

use chrono::{DateTime, NaiveDate, Utc};

use super::*;
use crate::domain::plan::Terms;
use crate::domain::reason;

static TERMS: Terms = Terms {
    less: false,
    hour: None,
    pause: None,
    discreet: false,
    reader: None,
    expecting: None,
    siblings: Vec::new(),
    birth_told: None,
    support: None,
};

fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, day).expect("a day")
}

/// Noon in UTC.
fn noon(on: u32) -> DateTime<Utc> {
    day(on).and_hms_opt(12, 0, 0).expect("noon").and_utc()
}

/// An active woman, enrolled on the 2nd, on the 20th; asked about that day. Nothing is on record, and her tips come on
/// other days.
fn facts() -> Facts<'static> {
    Facts {
        on: day(20),
        today: day(20),
        now: noon(20),
        enrolled_on: day(2),
        state: EnrollmentState::Active,
        state_on: day(2),
        terms: &TERMS,
        stopped_on: None,
        blocked_on: None,
        events: &[],
        planned: None,
        text: None,
        taken_back: None,
        plan: Plan::OtherDays(Some(day(21))),
        held_until: None,
    }
}

fn queued() -> Text {
    Text {
        state: State::Queued,
        tries: 0,
        next_try_at: Some(noon(20)),
        next_try_on: Some(day(20)),
        code: None,
        reason: None,
    }
}

fn of(text: &Text) -> Verdict {
    verdict(&Facts { planned: Some((Planned::Queued, noon(20))), text: Some(text), ..facts() })
}

#[test]
fn what_went_and_what_is_on_its_way() {
    let said = |reason: &str| Some(reason.to_owned());
    let by = |by_gateway, words: &str| Some(Said { by_gateway, words: words.to_owned() });
    for (state, expected) in [
        (State::Delivered, Verdict::Arrived),
        (State::Accepted, Verdict::HandedOver),
        (State::Sent, Verdict::HandedOver),
        (State::Sending, Verdict::Sending),
        (State::InDoubt, Verdict::InDoubt),
        (State::Failed, Verdict::Failed(by(true, "no such phone"))),
        (State::Expired, Verdict::ExpiredWaiting),
        (State::Canceled, Verdict::TakenBack("no such phone".to_owned())),
    ] {
        let text = Text { state, code: said("30003"), reason: said("no such phone"), ..queued() };
        assert_eq!(expected, of(&text), "{state:?}");
    }
    let failed = |code: &str| of(&Text { state: State::Failed, code: said(code), ..queued() });
    assert_eq!(Verdict::NeverSettled, failed("in_doubt"));
    assert_eq!(Verdict::NotAllowed, failed("not_allowed"));
    let tried = Text { state: State::Expired, tries: 3, code: said("503"), reason: said("away"), ..queued() };
    assert_eq!(Verdict::ExpiredTrying(by(true, "away")), of(&tried));
    // What the service says of itself is not put into a gateway's mouth.
    let broke = |code: Option<&str>| {
        let code = code.map(str::to_owned);
        of(&Text { state: State::Failed, code, reason: said(reason::BROKE), ..queued() })
    };
    assert_eq!(Verdict::Failed(by(false, reason::BROKE)), broke(None));
    assert_eq!(Verdict::Failed(by(false, reason::BROKE)), broke(Some("30003")));
}

#[test]
fn why_it_waits() {
    assert_eq!(Verdict::InLine, of(&queued()));
    let later = Text { next_try_at: Some(noon(20) + chrono::TimeDelta::hours(1)), ..queued() };
    assert_eq!(Verdict::Waiting(later.next_try_at), of(&later));
    let tomorrow = Text { next_try_at: Some(noon(21)), next_try_on: Some(day(21)), ..queued() };
    assert_eq!(Verdict::NextWindow(Some(noon(21))), of(&tomorrow));
    let code = Some("503".to_owned());
    let tried = Text { tries: 2, code, reason: Some("away".to_owned()), ..later.clone() };
    let said = Some(Said { by_gateway: true, words: "away".to_owned() });
    assert_eq!(Verdict::GatewayDown { until: later.next_try_at, said }, of(&tried));
    let again = Text { code: Some("repeat".to_owned()), ..queued() };
    assert_eq!(Verdict::InDoubt, of(&again));
    let held = |until| {
        let text = queued();
        verdict(&Facts {
            planned: Some((Planned::Queued, noon(20))),
            text: Some(&text),
            held_until: Some(until),
            ..facts()
        })
    };
    assert_eq!(Verdict::SenderHeld(noon(21)), held(noon(21)));
    assert_eq!(Verdict::InLine, held(noon(19)), "a hold that is over holds nothing");
}

#[test]
fn what_the_record_says_without_a_text() {
    let less = Terms { less: true, ..Terms::default() };
    for (planned, expected) in [
        (Planned::NoTip, Verdict::NoTip(Reader::Mother)),
        (Planned::Expired, Verdict::PlannedTooLate),
        (Planned::Repeat, Verdict::Repeat),
        (Planned::NoWindow, Verdict::NoWindow),
        (Planned::Queued, Verdict::NotKept),
    ] {
        assert_eq!(expected, verdict(&Facts { planned: Some((planned, noon(20))), ..facts() }));
    }
    let vital = Facts { planned: Some((Planned::NoTip, noon(20))), terms: &less, ..facts() };
    assert_eq!(Verdict::NothingVital, verdict(&vital));
    let changed = Facts { taken_back: Some("her dates changed"), ..facts() };
    assert_eq!(Verdict::TakenBack("her dates changed".to_owned()), verdict(&changed));
}

#[test]
fn before_and_after_all_of_it() {
    assert_eq!(Verdict::NotEnrolledYet, verdict(&Facts { on: day(1), ..facts() }));
    assert_eq!(Verdict::EnrolledThatDay, verdict(&Facts { on: day(2), ..facts() }));
    for (state, expected) in [
        (EnrollmentState::Replaced, Verdict::Replaced(day(10))),
        (EnrollmentState::Completed, Verdict::Completed(day(10))),
        (EnrollmentState::Frozen, Verdict::AfterLoss(day(10))),
        (EnrollmentState::Stopped, Verdict::Stopped(day(10))),
    ] {
        let ended = Facts { state, state_on: day(10), ..facts() };
        assert_eq!(expected, verdict(&ended));
        assert_eq!(Verdict::OtherDay(Some(day(21))), verdict(&Facts { on: day(9), ..ended }), "{state:?}");
    }
    let blocked = Facts { blocked_on: Some(day(10)), stopped_on: Some(day(10)), ..facts() };
    assert_eq!(Verdict::Blocked(day(10)), verdict(&blocked));
    assert_eq!(Verdict::Stopped(day(10)), verdict(&Facts { stopped_on: Some(day(10)), ..facts() }));
}

#[test]
fn what_was_true_on_that_day_counts_and_not_what_is_true_now() {
    let at = |on, what| Event { at: noon(on), on: day(on), what };
    // She stopped on the 8th and came back on the 12th.
    let stopped = [at(2, Change::Enrolled), at(8, Change::Stopped), at(12, Change::Dates)];
    fn on(on: u32, events: &[Event]) -> Verdict {
        verdict(&Facts { on: day(on), events, ..facts() })
    }
    assert_eq!(Verdict::Stopped(day(8)), on(8, &stopped));
    assert_eq!(Verdict::Stopped(day(8)), on(11, &stopped));
    assert_eq!(Verdict::OtherDay(Some(day(21))), on(13, &stopped));
    let moved = [stopped[0], stopped[2]];
    assert_eq!(Verdict::OtherPlan(stopped[2]), on(7, &moved));
    // She told of a loss, and it was none.
    let lost = [at(8, Change::Lost), at(9, Change::Undone)];
    assert_eq!(Verdict::AfterLoss(day(8)), on(8, &lost));
    assert_eq!(Verdict::OtherDay(Some(day(21))), on(10, &lost));
    // A pause that is over.
    let paused = [at(8, Change::Paused(None)), at(12, Change::Back)];
    assert_eq!(Verdict::Paused(None), on(10, &paused));
    assert_eq!(Verdict::OtherDay(Some(day(21))), on(13, &paused));
}

#[test]
fn a_pause_holds_until_its_day() {
    let terms = Terms { pause: Some(Pause { until: Some(day(25)) }), ..Terms::default() };
    let on = |on| verdict(&Facts { on: day(on), terms: &terms, ..facts() });
    assert_eq!(Verdict::Paused(Some(day(25))), on(20));
    assert_eq!(Verdict::Paused(Some(day(25))), on(24));
    assert_eq!(Verdict::OtherDay(Some(day(21))), on(25));
    let open = Terms { pause: Some(Pause { until: None }), ..Terms::default() };
    assert_eq!(Verdict::Paused(None), verdict(&Facts { terms: &open, ..facts() }));
}

#[test]
fn what_the_plan_says_of_days_to_come_and_of_days_without_a_record() {
    let due = |at, has_tip| Plan::Due { at, has_tip };
    let on = |on: u32, plan| verdict(&Facts { on: day(on), plan, ..facts() });
    assert_eq!(Verdict::Coming(noon(21)), on(21, due(Some(noon(21)), true)));
    assert_eq!(Verdict::NoTipYet(Reader::Mother), on(21, due(Some(noon(21)), false)));
    assert_eq!(Verdict::NoWindow, on(21, due(None, true)));
    assert_eq!(Verdict::NotPlannedYet, on(20, due(Some(noon(19)), true)));
    assert_eq!(Verdict::NeverPlanned, on(19, due(Some(noon(19)), true)));
    assert_eq!(Verdict::Held, on(21, Plan::Held));
    assert_eq!(Verdict::Over, on(21, Plan::Over));
    assert_eq!(Verdict::NoProgram, on(21, Plan::NoProgram));
    let less = Terms { less: true, ..Terms::default() };
    let vital = Facts { on: day(21), terms: &less, plan: due(Some(noon(21)), false), ..facts() };
    assert_eq!(Verdict::NothingVital, verdict(&vital));
    let fewer = Facts { terms: &less, ..facts() };
    assert_eq!(Verdict::FewerDays(Some(day(21))), verdict(&fewer));
    // A plan made later tells nothing of a day before it.
    let changed = [Event { at: noon(15), on: day(15), what: Change::Dates }];
    let before = Facts { on: day(14), events: &changed, plan: due(Some(noon(14)), true), ..facts() };
    assert_eq!(Verdict::OtherPlan(changed[0]), verdict(&before));
}

#[test]
fn an_empty_place_is_judged_by_what_she_had_asked_for_when_it_was_planned() {
    let at = |on, what| Event { at: noon(on), on: day(on), what };
    let less = Terms { less: true, ..Terms::default() };
    let empty = |on, terms, events: &[Event]| {
        verdict(&Facts { planned: Some((Planned::NoTip, noon(on))), terms, events, ..facts() })
    };
    let gap = Verdict::NoTip(Reader::Mother);
    // LESS on the 12th, MORE on the 16th.
    let asked = [at(12, Change::Less), at(16, Change::More)];
    assert_eq!(gap, empty(10, &less, &asked[..1]), "the library's gap is not her doing");
    assert_eq!(Verdict::NothingVital, empty(13, &less, &asked[..1]));
    assert_eq!(Verdict::NothingVital, empty(13, &TERMS, &asked));
    assert_eq!(gap, empty(17, &TERMS, &asked));
    // Who reads is known for that day as well.
    let told = [at(12, Change::Reader(Reader::Partner))];
    let partner = Terms { reader: Some(Reader::Partner), ..Terms::default() };
    assert_eq!(gap, empty(10, &partner, &told));
    assert_eq!(Verdict::NoTip(Reader::Partner), empty(13, &partner, &told));
    assert_eq!(Verdict::NoTip(Reader::Partner), empty(13, &partner, &[]));
}

#[test]
fn the_change_that_ended_a_days_plan_is_the_first_one_after_it() {
    let at = |on, what| Event { at: noon(on), on: day(on), what };
    let changes = [at(8, Change::Place), at(12, Change::Born), at(15, Change::Terms)];
    let on = |on| verdict(&Facts { on: day(on), events: &changes, ..facts() });
    assert_eq!(Verdict::OtherPlan(changes[0]), on(5));
    assert_eq!(Verdict::OtherPlan(changes[1]), on(8));
    assert_eq!(Verdict::OtherPlan(changes[2]), on(13));
    let due = Plan::Due { at: Some(noon(15)), has_tip: true };
    let that_day = Facts { on: day(15), events: &changes, plan: due, ..facts() };
    assert_eq!(Verdict::OtherPlan(changes[2]), verdict(&that_day));
}

#[test]
fn each_pause_has_its_own_end() {
    let at = |on, what| Event { at: noon(on), on: day(on), what };
    // From the 4th to the 7th, and from the 15th until the 25th.
    let pauses = [at(4, Change::Paused(Some(day(7)))), at(15, Change::Paused(Some(day(25))))];
    let terms = Terms { pause: Some(Pause { until: Some(day(25)) }), ..Terms::default() };
    let on = |on| verdict(&Facts { on: day(on), events: &pauses, terms: &terms, ..facts() });
    assert_eq!(Verdict::Paused(Some(day(7))), on(5));
    assert_eq!(Verdict::OtherPlan(pauses[1]), on(10));
    assert_eq!(Verdict::Paused(Some(day(25))), on(16));
    // Of one from before its end was written down, that of the last is in her terms; of older ones it is not known.
    let old = [at(4, Change::Paused(None)), at(15, Change::Paused(None))];
    let on = |on| verdict(&Facts { on: day(on), events: &old, terms: &terms, ..facts() });
    assert_eq!(Verdict::Paused(None), on(10));
    assert_eq!(Verdict::Paused(Some(day(25))), on(16));
    // MORE ends it, and it may have ended before.
    let more = [at(4, Change::Paused(None)), at(8, Change::More)];
    assert_eq!(Verdict::OtherDay(Some(day(21))), verdict(&Facts { on: day(9), events: &more, ..facts() }));
}
