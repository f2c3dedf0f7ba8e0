//! Who saw or did what, when: an administrator's page. It only reads; what it shows was written by the flows, in the
//! transaction of what was done.

mod details;

use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::routing::get;
use chrono::{NaiveDate, NaiveTime};
use serde::Deserialize;
use uuid::Uuid;

use super::access::Signed;
use super::form::{Faults, Field, Kind, Typed};
use super::shell::Shell;
#[cfg(test)]
use super::tongue::Tongue;
use super::tongue::{fill, words, zone_name};
use super::{Shown, page};
use super::{accounts, deeds};
use crate::domain::calendar::instant;
use crate::domain::role::Right;
use crate::flows::auditing::{self, Reach};
use crate::ids::first_at;
use crate::store::accounts::{self as store, Account};
use crate::store::audits::{Deed, Sought};
use crate::store::{StoreResult, Tx, people};
use crate::web::Site;

/// So many on a page.
const MOST: usize = 100;

words! {
    /// What the page says.
    pub Words {
        title: "Audit", "Auditoría", "Журнал действий";
        lead: "Who saw or did what, and when. Nothing here can be changed. Times: {zone}.", "Quién vio o hizo qué y cuándo. Nada de esto se puede cambiar. Horas: {zone}.", "Кто что видел или сделал и когда. Изменить здесь ничего нельзя. Время: {zone}.";
        who: "Who", "Quién", "Кто";
        everybody: "Everybody at the console", "Todos en la consola", "Все в консоли";
        all: "Everyone, mothers too", "Todos, también las madres", "Все, включая мам";
        day: "Up to the day", "Hasta el día", "По день включительно";
        show: "Show", "Mostrar", "Показать";
        when: "When", "Cuándo", "Когда";
        what: "What", "Qué", "Что";
        whom: "To whom", "A quién", "Кому";
        program: "Program", "Programa", "Программа";
        detail: "Detail", "Detalle", "Подробности";
        mother: "a mother", "una madre", "мама";
        older: "Older", "Anteriores", "Раньше";
        none: "Nothing was written down for this.", "No hay nada anotado para esto.", "Для этого записей нет.";
        none_yet: "Nothing was written down for this so lately. Look further back.", "No hay nada tan reciente anotado para esto. Busque más atrás.", "За последнее время записей для этого нет. Посмотрите раньше.";
        no_day: "Write the day as 2026-11-24.", "Escriba el día como 2026-11-24.", "Напишите день в виде 2026-11-24.";
    }
}

/// The page.
#[derive(Template)]
#[template(path = "web/console/audit/audit.html")]
struct Page {
    shell: Shell,
    words: &'static Words,
    lead: String,
    fields: Vec<Field>,
    deeds: Vec<Line>,
    older: Option<String>,
}

/// A deed, as it is shown.
struct Line {
    at: String,
    who: String,
    what: String,
    mother: Option<Uuid>,
    program: String,
    detail: String,
}

/// What is asked for.
#[derive(Deserialize, Default)]
struct Asked {
    #[serde(default)]
    who: String,
    #[serde(default)]
    day: String,
    mother: Option<Uuid>,
    before: Option<Uuid>,
}

/// The addresses here.
pub fn routes() -> Router<Site> {
    Router::new().route("/console/audit", get(show))
}

async fn show(State(site): State<Site>, signed: Signed, Query(asked): Query<Asked>) -> Shown {
    signed.need(Right::Administer)?;
    let words = Words::of(signed.tongue);
    let mut faults = Faults::default();
    let until = match asked.day.parse::<NaiveDate>() {
        Ok(day) => {
            let next = day.succ_opt().unwrap_or(day).and_time(NaiveTime::MIN);
            Some(first_at(instant(signed.zone, next)))
        }
        Err(_) if asked.day.is_empty() => None,
        Err(_) => {
            faults.add("day", words.no_day);
            None
        }
    };
    let account = Uuid::parse_str(&asked.who).ok();
    if let Some(account) = account {
        accounts::reached(&site, &signed, account).await?;
    }
    if let Some(mother) = asked.mother {
        let mut tx = site.service.database.read().await?;
        let programs = people::enrollments_of(&mut tx, mother).await?;
        // A refusal is written down by a connection of its own: who held one meanwhile would wait for others who do.
        drop(tx);
        let programs = programs.iter().map(|enrollment| &*enrollment.program);
        signed.reach_any(&site, Right::Administer, programs, "a mother").await?;
    }
    let mut tx = site.service.database.read().await?;
    let (near, reach) = reach(&mut tx, &signed).await?;
    let sought = Sought {
        account,
        subscriber: asked.mother,
        before: asked.before,
        until,
        since: None,
        everybody: asked.who == "all",
    };
    let (deeds, last) = auditing::within(&mut tx, &sought, reach.as_ref(), MOST).await?;
    drop(tx);
    let older = last.map(|last| older(&asked, last));
    let mut choices =
        vec![(String::new(), words.everybody.to_owned()), ("all".to_owned(), words.all.to_owned())];
    choices.extend(near.into_iter().map(|person| (person.id.to_string(), person.name)));
    let typed = Typed::of([("who", asked.who.clone()), ("day", asked.day.clone())]);
    let fields = vec![
        Field::choice("who", words.who, choices).optional().filled(&typed, &faults),
        Field::new(Kind::Line("date"), "day", words.day).optional().filled(&typed, &faults),
    ];
    let deeds = deeds.into_iter().map(|deed| line(&site, &signed, deed)).collect();
    let lead = fill(words.lead, &[("zone", &zone_name(signed.zone.name()))]);
    page(&Page { shell: signed.shell(words.title), words, lead, fields, deeds, older })
}

/// The people whom this administrator may look at, and the deeds; none: every deed.
async fn reach(tx: &mut Tx, signed: &Signed) -> StoreResult<(Vec<Account>, Option<Reach>)> {
    let mut people = store::all(tx).await?;
    let Some(programs) = signed.reaches(Right::Administer) else { return Ok((people, None)) };
    let grants = store::all_grants(tx).await?;
    let of =
        |id| grants.iter().filter(|(of, _)| *of == id).map(|(_, grant)| grant.clone()).collect::<Vec<_>>();
    people.retain(|person| accounts::is_near(signed, person.id, &of(person.id)));
    let own = people.iter().filter(|person| accounts::is_own(signed, &of(person.id)));
    let accounts = own.map(|person| person.id).chain([signed.account.id]).collect();
    Ok((people, Some(Reach { programs, accounts })))
}

fn older(asked: &Asked, last: Uuid) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("who", &asked.who).append_pair("day", &asked.day);
    if let Some(mother) = asked.mother {
        query.append_pair("mother", &mother.to_string());
    }
    format!("/console/audit?{}", query.append_pair("before", &last.to_string()).finish())
}

fn line(site: &Site, signed: &Signed, deed: Deed) -> Line {
    let called = |program: &str| super::library::called(site, program);
    Line {
        at: signed.tongue.to_the_second(deed.at, signed.zone),
        // What somebody at the console is called is their name, whatever it is.
        who: match deed.account_id {
            Some(_) => deed.actor.clone(),
            None => details::nobody(signed.tongue, &deed.actor),
        },
        what: deeds::named(signed.tongue, &deed.action),
        mother: deed.subscriber_id,
        program: deeds::program(&deed).map(called).unwrap_or_default(),
        detail: details::told(signed.tongue, &deed.action, &deed.detail, &called),
    }
}

#[cfg(test)]
pub(super) fn samples(tongue: Tongue) -> Vec<(&'static str, Box<dyn askama::DynTemplate>)> {
    let words = Words::of(tongue);
    let line = Line {
        at: "24 Nov 2026, 14:05:06 CST".to_owned(),
        who: "Ana <López>".to_owned(),
        what: deeds::named(tongue, "reveal"),
        mother: Some(Uuid::nil()),
        program: "text4baby-us".to_owned(),
        detail: "she asked & we called".to_owned(),
    };
    let fields = vec![Field::line("day", words.day).optional()];
    let shell = || Shell::sample(tongue, words.title, "/console/audit");
    let older = Some("/console/audit?before=x".to_owned());
    vec![
        (
            "audit",
            Box::new(Page {
                shell: shell(),
                words,
                lead: fill(words.lead, &[("zone", "America/Chicago")]),
                fields,
                deeds: vec![line],
                older,
            }),
        ),
        (
            "audit, empty",
            Box::new(Page {
                shell: shell(),
                words,
                lead: String::new(),
                fields: Vec::new(),
                deeds: Vec::new(),
                older: None,
            }),
        ),
    ]
}
