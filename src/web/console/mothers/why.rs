//! Why she got something on a day, or did not: a calendar of three weeks, the day asked about, and its one reason.

use askama::Template;
use axum::extract::{Path, Query, State};
use chrono::{Days, NaiveDate};
use chrono_tz::Tz;
use serde::Deserialize;
use uuid::Uuid;

use super::coming::place;
use super::sight::Sight;
use super::talk::{self, Bubble};
use super::{Mother, verdicts};
use crate::domain::calendar::instant;
use crate::domain::phone::masked;
use crate::domain::role::Right;
use crate::flows::explaining::{self, Day};
use crate::store::mothers as store;
use crate::web::Site;
use crate::web::console::access::Signed;
use crate::web::console::fates;
use crate::web::console::form::{Faults, Field, Kind, Typed};
use crate::web::console::shell::Shell;
use crate::web::console::tongue::{Tongue, words};
use crate::web::console::{Shown, page};

/// Days before the one asked about, and after it, in the calendar.
const AROUND: (u64, u64) = (13, 7);
/// No day is asked about that lies further away.
const FURTHEST: i64 = 1_000;

words! {
    /// What the page says.
    pub Words {
        title: "What came that day, and why", "Qué llegó ese día y por qué", "Что пришло в этот день и почему";
        lead: "What was due to her on a day, what became of it, and why.", "Qué le correspondía ese día, qué pasó con ello y por qué.", "Что ей полагалось в этот день, что с этим стало и почему.";
        day: "Day, in her calendar", "Día, en su calendario", "День по её календарю";
        show: "Show", "Mostrar", "Показать";
        no_day: "Write the day as 2026-11-24, not further than three years away.", "Escriba el día como 2026-11-24, a no más de tres años.", "Напишите день в виде 2026-11-24, не дальше трёх лет.";
        before: "Before", "Anterior", "Раньше";
        after: "After", "Siguiente", "Позже";
        today: "Today", "Hoy", "Сегодня";
        calendar: "Days around it", "Días cercanos", "Соседние дни";
        due: "Due", "Le correspondía", "Полагалось";
        nothing_due: "no tip", "ningún consejo", "совета нет";
        tip: "Tip", "Consejo", "Совет";
        planned: "Planned", "Planificado", "Запланировано";
        state: "State", "Estado", "Состояние";
        tries: "Tries", "Intentos", "Попытки";
        gateway: "Gateway", "Pasarela", "Шлюз";
        began: "Last try", "Último intento", "Последняя попытка";
        ended: "Known since", "Se sabe desde", "Известно с";
        code: "Code", "Código", "Код";
        history: "Whole history", "Toda la historia", "Вся история";
        rest: "All texts of that day", "Todos los mensajes de ese día", "Все сообщения этого дня";
        rest_lead: "Tips, answers, questions and broadcasts, with what she wrote.", "Consejos, respuestas, preguntas y envíos masivos, con lo que ella escribió.", "Советы, ответы, вопросы и рассылки, вместе с тем, что написала она.";
        no_rest: "None.", "Ninguno.", "Нет.";
        nowhere: "She is enrolled in nothing, so no tips come to her.", "No está inscrita en nada, así que no le llegan consejos.", "Она никуда не записана, поэтому советы ей не приходят.";
        back: "Back to her page", "Volver a su página", "Назад к её странице";
        she: "She", "Ella", "Она";
        we: "We", "Nosotros", "Мы";
        mark_good: "went", "salió", "ушло";
        mark_coming: "to come", "por venir", "впереди";
        mark_bad: "did not go", "no salió", "не ушло";
        mark_warn: "look here", "mírelo", "обратите внимание";
        mark_none: "nothing due", "nada", "ничего";
    }
}

#[derive(Template)]
#[template(path = "web/console/mothers/why.html")]
struct Page {
    shell: Shell,
    words: &'static Words,
    path: String,
    number: String,
    field: Field,
    day: String,
    before: NaiveDate,
    after: NaiveDate,
    verdicts: Vec<Told>,
    bubbles: Vec<Bubble>,
    /// What is said of enrollments that are not shown.
    elsewhere: Option<&'static str>,
}

/// The verdict of one enrollment.
struct Told {
    program: String,
    badge: &'static str,
    sentence: String,
    facts: Vec<(&'static str, String)>,
    link: Option<String>,
    calendar: Vec<Cell>,
}

/// A day of the calendar.
struct Cell {
    on: NaiveDate,
    name: String,
    here: bool,
    badge: &'static str,
    mark: &'static str,
    meaning: &'static str,
    sentence: String,
}

#[derive(Deserialize, Default)]
pub(super) struct Asked {
    #[serde(default)]
    day: String,
}

pub(super) async fn show(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Uuid>,
    Query(asked): Query<Asked>,
) -> Shown {
    let mother = Mother::reach(&site, &signed, id, Right::Read).await?;
    let (tongue, words) = (signed.tongue, Words::of(signed.tongue));
    let edition = site.service.shelf.edition();
    let zone = mother.zone(&edition);
    let today = site.service.now().with_timezone(&zone).date_naive();
    let mut faults = Faults::default();
    let near = |day: &NaiveDate| (*day - today).num_days().abs() <= FURTHEST;
    let on = match asked.day.trim().parse::<NaiveDate>().ok().filter(near) {
        Some(day) => day,
        None if asked.day.is_empty() => today,
        None => {
            faults.add("day", words.no_day);
            today
        }
    };
    mother.seen(&site, &signed, "ask why", &on.to_string()).await?;
    let mut tx = site.service.database.read().await?;
    let around = (on - Days::new(AROUND.0), on + Days::new(AROUND.1));
    let mut told = Vec::new();
    for enrollment in &mother.enrollments {
        let hers = (&mother.her, enrollment);
        let days = explaining::days(&site.service, &mut tx, &edition, hers, around).await?;
        let program = edition.library.program(&enrollment.program);
        let program = program.map_or(&*enrollment.program, |program| program.name(enrollment.language));
        told.extend(Told::of(tongue, zone, program, on, &days));
    }
    let (begins, ends) = (start(zone, on), start(zone, on + Days::new(1)));
    let sight = Sight { site: &site, signed: &signed, mother: &mother, right: Right::Read, zone };
    let all = talk::before(&mut tx, &sight, ends).await?;
    drop(tx);
    let typed = if faults.is_empty() { on.to_string() } else { asked.day.clone() };
    let field = Field::new(Kind::Line("date"), "day", words.day);
    page(&Page {
        shell: signed.shell(words.title),
        words,
        path: mother.path(),
        number: masked(mother.her.number()),
        field: field.filled(&Typed::of([("day", typed)]), &faults),
        day: tongue.weekday(on),
        before: on - Days::new(1),
        after: on + Days::new(1),
        verdicts: told,
        elsewhere: mother.elsewhere.then_some(super::words::Words::of(tongue).elsewhere),
        bubbles: all.bubbles.into_iter().filter(|bubble| bubble.at >= begins).collect(),
    })
}

fn start(zone: Tz, on: NaiveDate) -> chrono::DateTime<chrono::Utc> {
    instant(zone, on.and_time(chrono::NaiveTime::MIN))
}

impl Told {
    fn of(tongue: Tongue, zone: Tz, program: &str, on: NaiveDate, days: &[Day]) -> Option<Self> {
        let words = Words::of(tongue);
        let day = days.iter().find(|day| day.on == on)?;
        let calendar = days.iter().map(|day| {
            let (badge, mark) = verdicts::badge(&day.verdict);
            let meaning = match badge {
                "good" => words.mark_good,
                "accent" => words.mark_coming,
                "bad" => words.mark_bad,
                "warn" => words.mark_warn,
                _ => words.mark_none,
            };
            Cell {
                on: day.on,
                name: tongue.short_weekday(day.on),
                here: day.on == on,
                badge,
                mark,
                meaning,
                sentence: verdicts::sentence(tongue, zone, &day.verdict),
            }
        });
        Some(Self {
            program: program.to_owned(),
            badge: verdicts::badge(&day.verdict).0,
            sentence: verdicts::sentence(tongue, zone, &day.verdict),
            facts: facts(tongue, words, zone, day),
            link: day.text.as_ref().map(|text| format!("/console/delivery/{}", text.id)),
            calendar: calendar.collect(),
        })
    }
}

/// What was due, and what became of it.
fn facts(tongue: Tongue, words: &Words, zone: Tz, day: &Day) -> Vec<(&'static str, String)> {
    let mut facts = Vec::new();
    let exactly = |at| tongue.exactly(at, zone);
    match (&day.occurred, &day.planned) {
        (Some(occurred), _) => {
            let number = occurred.slot.unsigned_abs();
            facts.push((words.due, place(tongue, &occurred.track, i64::from(occurred.week), number)));
            if let Some(tip) = &occurred.tip {
                facts.push((words.tip, tip.clone()));
            }
            facts.push((words.planned, exactly(occurred.planned_at)));
        }
        (None, Some(planned)) => {
            let slot = planned.slot;
            facts.push((words.due, place(tongue, slot.track.name(), slot.week, slot.number)));
            facts.extend(day.tip.clone().map(|tip| (words.tip, tip)));
        }
        (None, None) => facts.push((words.due, words.nothing_due.to_owned())),
    }
    if let Some(text) = &day.text {
        about(text, tongue, words, &exactly, &mut facts);
    }
    facts
}

fn about(
    text: &store::Said,
    tongue: Tongue,
    words: &Words,
    exactly: &impl Fn(chrono::DateTime<chrono::Utc>) -> String,
    facts: &mut Vec<(&'static str, String)>,
) {
    facts.push((words.state, fates::Words::of(tongue).state(text.state).to_owned()));
    facts.push((words.tries, tongue.number(i64::from(text.tries))));
    facts.extend(text.gateway.clone().map(|gateway| (words.gateway, gateway)));
    facts.extend(text.began_at.map(|at| (words.began, exactly(at))));
    facts.extend(text.ended_at.map(|at| (words.ended, exactly(at))));
    facts.extend(text.code.clone().map(|code| (words.code, code)));
}

#[cfg(test)]
pub(super) fn samples(tongue: Tongue) -> Vec<(&'static str, Box<dyn askama::DynTemplate>)> {
    let words = Words::of(tongue);
    let first = NaiveDate::from_ymd_opt(2026, 11, 1).expect("a day");
    let every = verdicts::every();
    let days: Vec<Day> = first
        .iter_days()
        .zip(&every)
        .map(|(on, verdict)| Day {
            on,
            verdict: verdict.clone(),
            occurred: None,
            text: None,
            planned: None,
            tip: None,
        })
        .collect();
    let told = days.iter().filter_map(|day| {
        Told::of(tongue, Tz::UTC, "<López>", day.on, &days[..10])
            .or_else(|| Told::of(tongue, Tz::UTC, "<López>", day.on, std::slice::from_ref(day)))
    });
    vec![(
        "why",
        Box::new(Page {
            shell: Shell::sample(tongue, words.title, "/console/mothers"),
            words,
            path: "/console/mothers/x".to_owned(),
            number: "+1202•••••43".to_owned(),
            field: Field::new(Kind::Line("date"), "day", words.day),
            day: tongue.weekday(first),
            before: first,
            after: first,
            verdicts: told.collect(),
            bubbles: Vec::new(),
            elsewhere: Some(super::words::Words::of(tongue).elsewhere),
        }),
    )]
}
