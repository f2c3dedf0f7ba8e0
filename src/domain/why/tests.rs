//! A verdict for each reason there is.

use chrono::{DateTime, NaiveDate, Utc};

use super::*;

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
    verdict(&Facts { planned: Some(Planned::Queued), text: Some(text), ..facts() })
}

#[test]
fn what_went_and_what_is_on_its_way() {
    let said = |reason: &str| Some(reason.to_owned());
    for (state, expected) in [
        (State::Delivered, Verdict::Arrived),
        (State::Accepted, Verdict::HandedOver),
        (State::Sent, Verdict::HandedOver),
        (State::Sending, Verdict::Sending),
        (State::InDoubt, Verdict::InDoubt),
        (State::Failed, Verdict::Failed(said("no such phone"))),
        (State::Expired, Verdict::ExpiredWaiting),
        (State::Canceled, Verdict::TakenBack("no such phone".to_owned())),
    ] {
        assert_eq!(expected, of(&Text { state, reason: said("no such phone"), ..queued() }), "{state:?}");
    }
    let failed = |code: &str| of(&Text { state: State::Failed, code: said(code), ..queued() });
    assert_eq!(Verdict::NeverSettled, failed("in_doubt"));
    assert_eq!(Verdict::NotAllowed, failed("not_allowed"));
    let tried = Text { state: State::Expired, tries: 3, reason: said("away"), ..queued() };
    assert_eq!(Verdict::ExpiredTrying(said("away")), of(&tried));
}

#[test]
fn why_it_waits() {
    assert_eq!(Verdict::InLine, of(&queued()));
    let later = Text { next_try_at: Some(noon(20) + chrono::TimeDelta::hours(1)), ..queued() };
    assert_eq!(Verdict::Waiting(later.next_try_at), of(&later));
    let tomorrow = Text { next_try_at: Some(noon(21)), next_try_on: Some(day(21)), ..queued() };
    assert_eq!(Verdict::NextWindow(Some(noon(21))), of(&tomorrow));
    let tried = Text { tries: 2, reason: Some("away".to_owned()), ..later.clone() };
    assert_eq!(Verdict::GatewayDown { until: later.next_try_at, said: Some("away".to_owned()) }, of(&tried));
    let again = Text { code: Some("repeat".to_owned()), ..queued() };
    assert_eq!(Verdict::InDoubt, of(&again));
    let held = |until| {
        let text = queued();
        verdict(&Facts {
            planned: Some(Planned::Queued),
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
        (Planned::NoTip, Verdict::NoTip),
        (Planned::Expired, Verdict::PlannedTooLate),
        (Planned::Repeat, Verdict::Repeat),
        (Planned::NoWindow, Verdict::NoWindow),
        (Planned::Queued, Verdict::NotKept),
    ] {
        assert_eq!(expected, verdict(&Facts { planned: Some(planned), ..facts() }));
    }
    let vital = Facts { planned: Some(Planned::NoTip), terms: &less, ..facts() };
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
    let at = |on, what| Event { on: day(on), what };
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
    let paused = [at(8, Change::Paused), at(12, Change::Back)];
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
    assert_eq!(Verdict::NoTipYet, on(21, due(Some(noon(21)), false)));
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
    let changed = [Event { on: day(15), what: Change::Dates }];
    let before = Facts { on: day(14), events: &changed, plan: due(Some(noon(14)), true), ..facts() };
    assert_eq!(Verdict::OtherPlan(changed[0]), verdict(&before));
}
