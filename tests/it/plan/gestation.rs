//! The recorded cases of `tests/vectors/gestation.json`, told by the service.

use chrono::NaiveDate;
use motherline::domain::gestation::{Anchor, Track, stage_on};
use serde_json::Value;

static CASES: std::sync::LazyLock<Value> = std::sync::LazyLock::new(|| {
    serde_json::from_str(include_str!("../../vectors/gestation.json")).expect("JSON")
});

fn date(value: &Value) -> NaiveDate {
    value.as_str().expect("a date").parse().expect("a date")
}

fn cases(kind: &str) -> &'static [Value] {
    CASES[kind].as_array().filter(|cases| !cases.is_empty()).expect("cases")
}

#[test]
fn by_the_last_period() {
    for case in cases("lmp") {
        let anchor = Anchor::from_last_period(date(&case["lmp"]));
        assert_eq!(Anchor::Due(date(&case["edd"])), anchor, "{}", case["lmp"]);
        for on in case["on"].as_array().expect("days") {
            let stage = stage_on(anchor, date(&on["date"]));
            let expected =
                on["weeks"].as_i64().map(|weeks| (Track::Pregnancy, weeks, on["days_in_week"].as_i64()));
            let told = stage.map(|stage| (stage.track, stage.week, Some(stage.day)));
            assert_eq!(expected, told, "{} on {}", case["lmp"], on["date"]);
        }
    }
}

#[test]
fn by_the_due_date() {
    for case in cases("edd") {
        let anchor = Anchor::Due(date(&case["edd"]));
        assert_eq!(date(&case["lmp"]), anchor.day_zero());
        if let Some(weeks) = case["weeks"].as_i64() {
            let stage = stage_on(anchor, date(&case["today"])).expect("a stage");
            assert_eq!(
                (weeks, case["days_in_week"].as_i64()),
                (stage.week, Some(stage.day)),
                "{}",
                case["edd"]
            );
        }
        for (week, first) in case["week_dates"].as_object().into_iter().flatten() {
            let stage = stage_on(anchor, date(first)).expect("a stage");
            assert_eq!((week.parse(), 0), (Ok(stage.week), stage.day), "{} on {first}", case["edd"]);
        }
    }
}

#[test]
fn by_the_birth() {
    for case in cases("birth") {
        let anchor = Anchor::Born(date(&case["birth"]));
        for age in case["ages"].as_array().expect("ages") {
            let stage = stage_on(anchor, date(&age["date"])).expect("a stage");
            assert_eq!(
                (Track::Baby, age["weeks"].as_i64()),
                (stage.track, Some(stage.week)),
                "{}",
                age["date"]
            );
            assert_eq!(age["days"].as_i64(), Some(stage.week * 7 + stage.day));
        }
    }
}
