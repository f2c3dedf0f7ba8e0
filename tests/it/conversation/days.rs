//! Days ahead in her own words: of a visit, of several, of the end of a pause.

use motherline::worker::rehearsal::Line;

use super::{assert_says, enrolled};

#[tokio::test]
async fn a_visit_is_noted_by_the_day_of_the_week() {
    let mut phone = enrolled("en").await;
    let noted = phone.hears("appt friday 10am", "appt_set").await;
    assert_says(&noted, &["November 27", "10 AM"]);
    let noted = phone.hears("appt on the 15th 2:30 pm", "appt_set").await;
    assert_says(&noted, &["December 15", "2:30 PM"]);
    // On a Monday: what she would call today is not meant, and of next week's visit she is to be reminded.
    for (language, visit, day) in [
        ("en", "appt monday 2pm", "November 30"),
        ("en", "appt next tuesday", "December 1"),
        ("en", "appt next friday", "November 27"),
        ("en", "appt tuesday next week", "December 1"),
        ("en", "appt next week tuesday 10am", "December 1"),
        ("en", "appt a week from tomorrow", "December 1"),
        ("en", "appt a week from friday", "December 4"),
        ("en", "appt in two weeks on tuesday", "December 8"),
        ("en", "appt tuesday dec 15 next week", "December 15"),
        ("es", "cita el lunes", "30 de noviembre"),
        ("es", "cita el próximo martes", "1 de diciembre"),
        ("es", "cita el viernes que viene", "27 de noviembre"),
        ("es", "cita el martes de la próxima semana", "1 de diciembre"),
        ("es", "cita la semana que viene el jueves a las 3", "3 de diciembre"),
        ("ru", "визит в понедельник", "30 ноября"),
        ("ru", "визит в следующий вторник", "1 декабря"),
        ("ru", "визит во вторник на следующей неделе", "1 декабря"),
        ("ru", "визит на той неделе в четверг", "3 декабря"),
        ("ru", "визит через неделю в пятницу", "4 декабря"),
        ("ru", "визит через 2 недели в пятницу в 10", "11 декабря"),
    ] {
        assert_says(&enrolled(language).await.hears(visit, "appt_set").await, &[day]);
    }
    for (language, week) in [
        ("en", "my appointment is next week"),
        ("es", "tengo cita la próxima semana"),
        ("ru", "визит на следующей неделе"),
    ] {
        enrolled(language).await.hears(week, "appt_ask").await;
    }
    let mut phone = enrolled("en").await;
    phone.goes(&[("appt monday 2pm", "appt_set"), ("cancel appt monday", "appt_canceled")]).await;
}

#[tokio::test]
async fn visits_told_in_one_text_are_all_noted_and_reminded_of() {
    for (language, visits, when, days) in [
        (
            "en",
            "appt dec 3 2pm and dec 20 9am",
            "when is my appointment?",
            ["December 3, 2026, 2 PM", "December 20, 2026, 9 AM"],
        ),
        (
            "es",
            "tengo cita el 3 de diciembre a las 2 pm y el 20 a las 9",
            "¿cuándo es mi cita?",
            ["3 de diciembre de 2026, 2 PM", "20 de diciembre de 2026, 9 AM"],
        ),
        (
            "ru",
            "узи 3 декабря в 14 и прием 20 декабря в 9",
            "когда мой визит?",
            ["3 декабря 2026 г., 14:00", "20 декабря 2026 г., 09:00"],
        ),
    ] {
        let mut phone = enrolled(language).await;
        phone.hears(when, "appt_none").await;
        assert_says(&phone.hears(visits, "appt_set_several").await, &days);
        assert_says(&phone.hears(when, "appt_list").await, &days);
        let month = phone.until("2026-12-22T12:00:00-05:00").await;
        for day in days {
            for reminder in ["appt_soon", "appt_tomorrow", "appt_after"] {
                let says = |line: &&Line| phone.is(&line.body, reminder) && line.body.contains(day);
                assert_eq!(1, month.iter().filter(says).count(), "{language}: {reminder} of {day}");
            }
        }
    }
    // What stands between the days is not always another visit.
    let mut phone = enrolled("en").await;
    assert_says(&phone.hears("appt dec 15 at 2 and bring my card", "appt_set").await, &["December 15"]);
    phone.hears("appt between dec 15 and 20", "free_text_enrolled").await;
}

#[tokio::test]
async fn a_visit_that_is_moved_takes_the_place_of_the_old_one() {
    const WORDS: [(&str, [&str; 3]); 3] = [
        ("en", ["appt dec 5 10am", "they moved my appointment to dec 9 11am", "December 9"]),
        ("es", ["cita 5 dic 10 am", "me cambiaron la cita al 9 de dic a las 11", "9 de diciembre"]),
        ("ru", ["визит 5 декабря в 10", "мне перенесли прием на 9 декабря в 11", "9 декабря"]),
    ];
    for (language, [first, moved, date]) in WORDS {
        let mut phone = enrolled(language).await;
        phone.goes(&[(first, "appt_set"), (moved, "appt_set")]).await;
        let weeks = phone.until("2026-12-12T12:00:00-05:00").await;
        let reminders: Vec<_> = weeks
            .iter()
            .filter(|line| phone.is(&line.body, "appt_tomorrow"))
            .map(|line| &line.body)
            .collect();
        assert_eq!(1, reminders.len(), "{language}: {reminders:?}");
        assert_says(reminders[0], &[date]);
    }
}

#[tokio::test]
async fn a_pause_until_a_day_ends_on_that_day() {
    let mut phone = enrolled("en").await;
    let paused = phone.hears("pause until jan 5", "paused_until").await;
    assert_says(&paused, &["January 5"]);
    phone.hears("RESUME", "resumed").await;
    phone.hears("pause pls im at my moms", "paused").await;
    for (language, week) in
        [("en", "pause for a week"), ("es", "pausa por una semana"), ("ru", "пауза на неделю")]
    {
        let paused = enrolled(language).await.hears(week, "paused_until").await;
        assert_says(&paused, &["30"]);
    }
    for (language, until, day) in [
        ("en", "pause until friday", "November 27"),
        ("en", "pause until monday", "November 30"),
        ("en", "pause until thursday next week", "December 3"),
        ("es", "pausa hasta el viernes", "27 de noviembre"),
        ("ru", "пауза до пятницы", "27 ноября"),
    ] {
        let paused = enrolled(language).await.hears(until, "paused_until").await;
        assert_says(&paused, &[day]);
    }
}
