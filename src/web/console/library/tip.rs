//! A tip's page: the languages side by side, what they cost and how they read, where the facts come from, what the checks
//! find, how it stands with the reviewers, and how it did.

use askama::Template;
use axum::extract::{Path, State as Extracted};
use axum::http::StatusCode;
use chrono::NaiveDate;

use super::figures::{self, Line};
use super::findings::{self, Finding};
use super::state::{self, Shown, State};
use super::talk::{Talked, remarks, talked};
#[cfg(test)]
use super::wording;
use super::wording::{Said, changed, said};
use super::{names, reached};
use crate::domain::role::Right;
use crate::flows::authoring::{self, Progress, Sheet, writers};
use crate::library::Field;
use crate::library::exchange::Shelf;
use crate::web::Site;
use crate::web::console::access::Signed;
use crate::web::console::form::{self, Faults, Typed};
use crate::web::console::heading::Heading;
use crate::web::console::page;
use crate::web::console::refusal::Refusal;
use crate::web::console::review::people::{self, reviewers};
use crate::web::console::shell::Shell;
use crate::web::console::tongue::{Tongue, fill, words};

words! {
    /// What the page says.
    pub Words {
        grid: "Library", "Biblioteca", "Библиотека";
        edit: "Change it", "Cambiarlo", "Изменить";
        preview: "See it on a phone", "Verlo en un teléfono", "Показать на телефоне";
        history: "History by edition", "Historial por edición", "История по изданиям";
        review: "Review it", "Revisarlo", "Проверить";
        recall: "Recall it", "Retirarlo", "Отозвать";
        on_desk: "Changed on {at} by {who}, and not published yet.", "Cambiado el {at} por {who}, todavía sin publicar.", "Изменено {at}, {who}; ещё не опубликовано.";
        waits: "Waiting for a reviewer since {at}.", "Espera a un revisor desde el {at}.", "Ждёт проверки с {at}.";
        conflict: "An edition published meanwhile changed this tip. Open it, look at both sides and save what is to stand: nothing is lost.", "Una edición publicada entretanto cambió este consejo. Ábralo, mire ambas versiones y guarde la que debe quedar: no se pierde nada.", "Изданием, вышедшим за это время, совет изменён. Откройте его, сравните обе стороны и сохраните нужное: ничего не потеряно.";
        recalled: "This tip is recalled: it is not sent any more.", "Este consejo está retirado: ya no se envía.", "Этот совет отозван: его больше не отправляют.";
        words: "Text", "Texto", "Текст";
        since: "What changed since the edition in force", "Qué cambió respecto a la edición vigente", "Что изменилось по сравнению с действующим изданием";
        about: "Details", "Detalles", "Сведения";
        found: "What the checks find", "Lo que encuentran las comprobaciones", "Что нашли проверки";
        talk: "Remarks", "Comentarios", "Замечания";
        silent: "Nothing yet.", "Todavía nada.", "Пока ничего.";
        say: "Remark", "Comentario", "Замечание";
        say_it: "Add the remark", "Añadir el comentario", "Добавить замечание";
        submit_title: "Send it for review", "Enviarlo a revisión", "Отправить на проверку";
        submit: "Send it for review", "Enviar a revisión", "Отправить на проверку";
        submit_words: "What the reviewer should know", "Lo que debe saber el revisor", "Что нужно знать проверяющему";
        to: "Who reviews it", "Quién lo revisa", "Кто проверит";
        no_reviewer: "Choose somebody who may review it and did not write it.", "Elija a alguien que pueda revisarlo y no lo haya escrito.", "Выберите того, кто может проверять и не писал этот текст.";
        anybody: "Any reviewer", "Cualquier revisor", "Любой проверяющий";
        withdraw: "Take it back from the reviewers", "Sacarlo de la revisión", "Забрать с проверки";
        discard: "Discard the changes", "Descartar los cambios", "Отбросить изменения";
        discard_hint: "The tip is then again what the edition in force says.", "El consejo vuelve a ser lo que dice la edición vigente.", "Совет снова станет таким, как в действующем издании.";
        submitted: "sent it for review", "lo envió a revisión", "отправил(а) на проверку";
        withdrawn: "took it back", "lo sacó de la revisión", "забрал(а) с проверки";
        returned: "sent it back", "lo devolvió", "вернул(а)";
        approved: "signed it", "lo firmó", "подписал(а)";
        published: "published it in edition", "lo publicó en la edición", "опубликовал(а) в издании";
        remarked: "said", "comentó", "заметил(а)";
        state: "State", "Estado", "Состояние";
        costs: "Cost", "Costo", "Стоимость";
        reads: "Reading", "Lectura", "Чтение";
    }
}

/// A tip in a language.
struct Column {
    said: Said,
    /// It takes more SMS than the edition in force.
    dearer: bool,
    state: Shown,
    changed: Option<String>,
    findings: Vec<Finding>,
}

/// Whether words take more SMS than those before them.
fn dearer(shelf: &Shelf, program: &str, code: &str, before: &str, now: &str) -> bool {
    !before.is_empty()
        && shelf.counted(program, code, now).segments > shelf.counted(program, code, before).segments
}

/// A field with its value.
struct Fact {
    name: &'static str,
    value: String,
    link: bool,
    findings: Vec<Finding>,
}

/// What can be done here.
#[derive(Default)]
struct May {
    write: bool,
    submit: bool,
    withdraw: bool,
    discard: bool,
    review: bool,
    recall: bool,
}

/// The page.
#[derive(Template)]
#[template(path = "web/console/library/tip.html")]
struct Page {
    shell: Shell,
    heading: Heading,
    words: &'static Words,
    figure_words: &'static figures::Words,
    tip: String,
    place: String,
    program: String,
    grid: String,
    preview: String,
    mark: String,
    notices: Vec<String>,
    cautions: Vec<String>,
    columns: Vec<Column>,
    facts: Vec<Fact>,
    findings: Vec<Finding>,
    lines: Vec<Line>,
    few: String,
    talk: Vec<Talked>,
    may: May,
    submit: Vec<form::Field>,
    remark: form::Field,
}

/// What was sent from the page and not done, to be shown again with it.
#[derive(Default)]
pub struct Again {
    /// What was typed.
    pub typed: Typed,
    /// What is wrong with it.
    pub faults: Faults,
    /// What is wrong beside that.
    pub caution: Option<String>,
}

/// Shows it.
pub async fn show(Extracted(site): Extracted<Site>, signed: Signed, Path(tip): Path<String>) -> super::Shown {
    page(&whole(&site, &signed, tip, Again::default()).await?)
}

/// Shows it again, with what was not done.
pub async fn again(site: &Site, signed: &Signed, tip: String, again: Again) -> super::Shown {
    let mut response = page(&whole(site, signed, tip, again).await?)?;
    *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(response)
}

async fn whole(site: &Site, signed: &Signed, tip: String, again: Again) -> Result<Page, Refusal> {
    signed.need(Right::Browse)?;
    let desk = super::desk(site).await?;
    reached(site, signed, Right::Browse, &desk, &tip).await?;
    authoring::check(&desk.table).await?;
    let sheet = authoring::sheet(&site.service, &desk, &tip).await?.ok_or(Refusal::NotFound)?;
    let leaf = &sheet.now;
    let (tongue, words) = (signed.tongue, Words::of(signed.tongue));
    let (names, states) = (names::Words::of(tongue), state::Words::of(tongue));
    let today = site.service.now().date_naive();
    let languages = desk.table.shelf.languages(&leaf.program).unwrap_or_default().to_vec();
    let found = findings::of(desk.table.faults_of(&tip), &languages, tongue);
    let own = |place: &str| findings::at(&found, place).into_iter().cloned().collect::<Vec<_>>();
    let columns = languages.iter().map(|code| {
        let before = sheet.edition.as_ref().map_or("", |edition| edition.said(code));
        let now = leaf.said(code);
        Column {
            said: said((tongue, &site.console.prices), &desk.table.shelf, &leaf.program, code, now),
            dearer: dearer(&desk.table.shelf, &leaf.program, code, before, now),
            state: Shown::of(State::of(&desk, leaf, code, today, true), states),
            changed: (sheet.standing.is_some() && before != now).then(|| changed(tongue, code, before, now)),
            findings: own(code),
        }
    });
    let facts = Field::ALL.into_iter().filter(|field| !leaf.value(*field).is_empty()).map(|field| Fact {
        name: names.field(field),
        value: told(tongue, names, field, leaf.value(field), states),
        link: field == Field::Url && leaf.value(field).starts_with("https://"),
        findings: own(field.name()),
    });
    let facts: Vec<Fact> = facts.collect();
    let placed: Vec<&str> =
        Field::ALL.iter().filter(|f| !leaf.value(**f).is_empty()).map(|f| f.name()).collect();
    let rest = found
        .iter()
        .filter(|finding| !languages.contains(&finding.place) && !placed.contains(&finding.place.as_str()));
    let remarks = remarks(site, &tip).await?;
    let may = may(signed, &sheet, today);
    let submit = if may.submit { submit_fields(site, signed, &sheet, &again).await? } else { Vec::new() };
    let remark = form::Field::new(form::Kind::Lines(2), "remark", words.say).optional();
    let mut cautions = cautions(&desk.recalled, &sheet, words);
    cautions.extend(again.caution);
    let track = if leaf.value(Field::Reader) == "family" { "family" } else { leaf.value(Field::Track) };
    let few = tongue.number(figures::TOO_FEW);
    Ok(Page {
        shell: signed.shell(&tip),
        heading: Heading::name(&tip),
        words,
        figure_words: figures::Words::of(tongue),
        place: desk.table.shelf.tip(&tip).map(|flat| names.place(flat)).unwrap_or_default(),
        program: super::called(site, &leaf.program),
        grid: super::query(&[("program", &leaf.program), ("track", track)]),
        preview: super::query(&[("program", &leaf.program), ("tip", &tip)]),
        mark: leaf.mark(),
        notices: notices(signed, &sheet, words),
        cautions,
        columns: columns.collect(),
        facts,
        findings: rest.cloned().collect(),
        lines: figures::lines(site, tongue, &desk, leaf).await?,
        few: fill(figures::Words::of(tongue).few_hint, &[("n", &few)]),
        talk: remarks.into_iter().map(|remark| talked(signed, words, remark)).collect(),
        may,
        submit,
        remark: remark.filled(&again.typed, &again.faults),
        tip,
    })
}

fn may(signed: &Signed, sheet: &Sheet, today: NaiveDate) -> May {
    let program = sheet.now.program.as_str();
    let write = signed.may_in(Right::Author, program);
    let progress = sheet.progress();
    let own = sheet.standing.as_ref().is_some_and(|standing| writers(standing).contains(&signed.account.id));
    let unsigned = sheet.now.value(Field::State) != "approved" || state::runs_out(&sheet.now, today);
    let draft = sheet.standing.is_some() || unsigned;
    let waiting = progress == Some(Progress::Waiting);
    May {
        write,
        submit: write && draft && !waiting && progress != Some(Progress::Approved),
        withdraw: write && waiting,
        discard: write && sheet.standing.is_some() && sheet.edition.as_ref() != Some(&sheet.now),
        review: signed.may_in(Right::Review, program) && waiting && !own,
        recall: signed.may_in(Right::Review, program),
    }
}

fn notices(signed: &Signed, sheet: &Sheet, words: &Words) -> Vec<String> {
    let Some(standing) = &sheet.standing else { return Vec::new() };
    let moment = |at| signed.tongue.moment(at, signed.zone);
    let mut notices = Vec::new();
    if sheet.edition.as_ref() != Some(&sheet.now) {
        let at = moment(standing.changed_at);
        notices.push(fill(words.on_desk, &[("at", &at), ("who", &standing.changed_by)]));
    }
    if let Some(at) = standing.submitted_at.filter(|_| sheet.progress() == Some(Progress::Waiting)) {
        notices.push(fill(words.waits, &[("at", &moment(at))]));
    }
    notices
}

fn cautions(recalled: &std::collections::BTreeSet<String>, sheet: &Sheet, words: &Words) -> Vec<String> {
    let mut cautions = Vec::new();
    if sheet.conflict() {
        cautions.push(words.conflict.to_owned());
    }
    if recalled.contains(&sheet.now.tip) {
        cautions.push(words.recalled.to_owned());
    }
    cautions
}

/// A field's value as people read it.
fn told(tongue: Tongue, names: &names::Words, field: Field, value: &str, states: &state::Words) -> String {
    match field {
        Field::ReviewedOn | Field::ExpiresOn => value.parse().map_or(value.to_owned(), |day| tongue.day(day)),
        Field::State if value == "approved" => states.approved.to_owned(),
        Field::State if value == "draft" => states.draft.to_owned(),
        field => names.value(field, value),
    }
}

async fn submit_fields(
    site: &Site,
    signed: &Signed,
    sheet: &Sheet,
    again: &Again,
) -> Result<Vec<form::Field>, Refusal> {
    let words = Words::of(signed.tongue);
    let mut hands = sheet.standing.as_ref().map(writers).unwrap_or_default();
    hands.insert(signed.account.id);
    let all = reviewers(site, &sheet.now.program).await?;
    let others = all.into_iter().filter(|person| !hands.contains(&person.id));
    let choices = people::choices(words.anybody, others);
    let fields = [
        form::Field::new(form::Kind::Lines(2), "words", words.submit_words).optional(),
        form::Field::choice("reviewer", words.to, choices).optional(),
    ];
    Ok(fields.into_iter().map(|field| field.filled(&again.typed, &again.faults)).collect())
}

#[cfg(test)]
pub(super) fn samples(tongue: Tongue) -> Vec<(&'static str, Box<dyn askama::DynTemplate>)> {
    let words = Words::of(tongue);
    let finding = || Finding {
        check: "reading",
        error: true,
        said: None,
        message: "en: <López> is hard".to_owned(),
        place: "en".to_owned(),
    };
    let column = || Column {
        said: wording::sample("Your baby’s <López> heart"),
        dearer: true,
        state: Shown::of(State::Stale, state::Words::of(tongue)),
        changed: Some(changed(tongue, "en", "Drink <López> milk", "Drink <b>@ water")),
        findings: vec![finding()],
    };
    let fact = Fact {
        name: "Source",
        value: "https://example.org/?a=<López>".to_owned(),
        link: true,
        findings: vec![finding()],
    };
    vec![(
        "tip",
        Box::new(Page {
            shell: Shell::sample(tongue, words.grid, "/console/library/tips/a"),
            heading: Heading::name("us-preg-20-1"),
            words,
            figure_words: figures::Words::of(tongue),
            tip: "us-preg-20-1".to_owned(),
            place: "Pregnancy, week 20, no. 1".to_owned(),
            program: "Text4baby <López>".to_owned(),
            grid: "program=a".to_owned(),
            preview: "program=a".to_owned(),
            mark: "abc".to_owned(),
            notices: vec!["Changed by <López>".to_owned()],
            cautions: vec![words.conflict.to_owned()],
            columns: vec![column(), column()],
            facts: vec![fact],
            findings: vec![finding()],
            lines: vec![Line {
                name: "Edition 3".to_owned(),
                sent: "1,000".to_owned(),
                delivered: "97.0% (970)".to_owned(),
                replied: "1.0% (10)".to_owned(),
                ended: "0.1% (1)".to_owned(),
            }],
            few: "few".to_owned(),
            talk: vec![Talked {
                who: "Ana <López>".to_owned(),
                did: words.returned,
                at: "today".to_owned(),
                body: "<b>@ say it".to_owned(),
            }],
            may: May { write: true, submit: true, withdraw: true, discard: true, review: true, recall: true },
            submit: vec![form::Field::new(form::Kind::Lines(2), "words", words.submit_words).optional()],
            remark: form::Field::new(form::Kind::Lines(2), "remark", words.say).optional(),
        }),
    )]
}
