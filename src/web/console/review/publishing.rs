//! Before an edition goes out: what is signed, how it differs from the edition in force, what the checks find. What is
//! ticked is published, with a reason; everything else stays on the desk.

use askama::Template;
use axum::extract::State as Extracted;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};

use super::differences::{self, Difference};
use super::library::findings::{self, Finding};
use super::library::state::{self, Shown, State};
use super::library::{self, names, refused};
use crate::domain::role::Right;
use crate::flows::authoring::{self, Chosen, Progress, progress};
use crate::library::Severity;
use crate::library::desk::Leaf;
use crate::web::Site;
use crate::web::console::access::Signed;
use crate::web::console::form::{Faults, Field, Typed};
use crate::web::console::page;
use crate::web::console::refusal::Refusal;
use crate::web::console::shell::Shell;
#[cfg(test)]
use crate::web::console::tongue::Tongue;
use crate::web::console::tongue::{fill, words};

/// The differences of so many tips are laid out; of the others only the names.
const LAID_OUT: usize = 60;

words! {
    /// What the page says.
    pub Words {
        title: "Publish", "Publicar", "Публикация";
        lead: "What is ticked becomes the next edition, after edition {n}. The service takes it up within seconds; texts already queued keep their words.", "Lo marcado será la próxima edición, después de la {n}. El servicio la toma en segundos; los mensajes en cola conservan sus palabras.", "Отмеченное станет следующим изданием после издания {n}. Служба возьмёт его за несколько секунд; сообщения в очереди останутся прежними.";
        queue: "Review", "Revisión", "Проверка";
        ready: "Signed: what would change", "Firmado: qué cambiaría", "Подписано: что изменится";
        none: "Nothing signed is waiting to be published.", "No hay nada firmado pendiente de publicar.", "Подписанных, но не опубликованных советов нет.";
        signed_by: "Signed by {who}, counts until {until}", "Firmado por {who}, vale hasta {until}", "Подписал(а) {who}, действует до {until}";
        new: "new", "nuevo", "новый";
        only_signed: "Only the signature is new.", "Solo la firma es nueva.", "Новая только подпись.";
        stays: "Not published now", "No se publica ahora", "Сейчас не публикуется";
        checks: "What the checks find beside the tips", "Lo que encuentran las comprobaciones además de los consejos", "Что нашли проверки помимо советов";
        why: "Why it is published", "Por qué se publica", "Зачем публикуется";
        publish: "Publish what is ticked", "Publicar lo marcado", "Опубликовать отмеченное";
        published: "Edition {n} is published.", "La edición {n} está publicada.", "Издание {n} опубликовано.";
        conflict: "changed elsewhere: look at it first", "cambiado en otro lugar: revíselo primero", "изменено в другом месте: сначала посмотрите";
        cut: "The differences of the first {n} tips are laid out.", "Se detallan las diferencias de los primeros {n} consejos.", "Подробно показаны различия первых {n} советов.";
    }
}

/// A tip that is signed.
struct Ready {
    value: String,
    ticked: bool,
    blocked: bool,
    place: String,
    signed: String,
    difference: Difference,
    laid_out: bool,
    only_signed: bool,
    new: bool,
    findings: Vec<Finding>,
}

/// One that stays.
struct Stays {
    tip: String,
    state: Shown,
    by: String,
}

/// The page.
#[derive(Template)]
#[template(path = "web/console/review/publishing.html")]
struct Page {
    shell: Shell,
    words: &'static Words,
    lead: String,
    caution: Option<String>,
    ready: Vec<Ready>,
    stays: Vec<Stays>,
    checks: Vec<Finding>,
    why: Field,
    cut: Option<String>,
}

/// Shows it.
pub async fn show(Extracted(site): Extracted<Site>, signed: Signed) -> super::Shown {
    page(&form(&site, &signed, None, Faults::default(), None).await?)
}

async fn form(
    site: &Site,
    signed: &Signed,
    typed: Option<&Typed>,
    faults: Faults,
    caution: Option<String>,
) -> Result<Page, Refusal> {
    signed.need(Right::Review)?;
    let (tongue, words) = (signed.tongue, Words::of(signed.tongue));
    let programs = signed.programs(site, Right::Review);
    let desk = library::desk(site).await?;
    authoring::check(&desk.table).await?;
    let today = site.service.now().date_naive();
    let (mut ready, mut stays) = (Vec::new(), Vec::new());
    for standing in desk.standings.values().filter(|one| programs.contains(&one.program)) {
        let Some(leaf) = desk.leaf(&standing.tip) else { continue };
        let languages = desk.table.shelf.languages(&leaf.program).unwrap_or_default();
        if progress(standing) != Some(Progress::Approved) {
            let language = languages.iter().find(|code| !leaf.said(code).is_empty());
            let language = language.or(languages.first()).map_or("", String::as_str);
            let state = State::of(&desk, &leaf, language, today, true);
            let state = Shown::of(state, state::Words::of(tongue));
            stays.push(Stays { tip: standing.tip.clone(), state, by: standing.changed_by.clone() });
            continue;
        }
        let before = desk.table.shelf_before.tip(&standing.tip).map(Leaf::of);
        let difference = differences::between(tongue, before.as_ref(), &leaf);
        let value = format!("{} {}", standing.tip, standing.mark);
        let blocked = desk.conflict(&standing.tip);
        let who = leaf.value(crate::library::Field::Reviewer);
        let until = leaf.value(crate::library::Field::ExpiresOn);
        let until = until.parse().map_or(until.to_owned(), |day| tongue.day(day));
        ready.push(Ready {
            ticked: !blocked && typed.is_none_or(|typed| typed.has("tip", &value)),
            blocked,
            place: desk
                .table
                .shelf
                .tip(&standing.tip)
                .map(|flat| names::Words::of(tongue).place(flat))
                .unwrap_or_default(),
            signed: fill(words.signed_by, &[("who", who), ("until", &until)]),
            laid_out: ready.len() < LAID_OUT,
            only_signed: !differences::any(before.as_ref(), &leaf),
            new: before.is_none(),
            findings: findings::of(desk.table.faults_of(&standing.tip), languages, tongue),
            value,
            difference,
        });
    }
    let beside = desk.table.faults().get(&None).map_or(&[][..], Vec::as_slice);
    let errors: Vec<_> = beside.iter().filter(|fault| fault.severity == Severity::Error).cloned().collect();
    let empty = Typed::default();
    Ok(Page {
        shell: signed.shell(words.title),
        words,
        lead: fill(words.lead, &[("n", &tongue.number(desk.edition))]),
        caution,
        cut: (ready.len() > LAID_OUT).then(|| fill(words.cut, &[("n", &LAID_OUT.to_string())])),
        ready,
        stays,
        checks: findings::of(&errors, &[], tongue),
        why: Field::line("why", words.why).filled(typed.unwrap_or(&empty), &faults),
    })
}

/// Publishes what is ticked.
pub async fn publish(Extracted(site): Extracted<Site>, signed: Signed, typed: Typed) -> super::Shown {
    signed.need(Right::Review)?;
    let words = Words::of(signed.tongue);
    let desk = library::desk(&site).await?;
    let mut chosen = Vec::new();
    for ticked in typed.all("tip") {
        let (tip, seen) = ticked.split_once(' ').ok_or(Refusal::Senseless)?;
        // One that is not there any more was thrown away meanwhile, which publishing tells of.
        if desk.leaf(tip).is_some() {
            library::reached(&site, &signed, Right::Review, &desk, tip).await?;
        }
        chosen.push(Chosen { tip: tip.to_owned(), seen: seen.to_owned() });
    }
    let mut faults = Faults::default();
    let mut caution = None;
    match authoring::publish(&site.service, &signed.actor(), &chosen, typed.get("why")).await {
        Ok(number) => {
            let number = signed.tongue.number(number);
            signed.tell(&fill(words.published, &[("n", &number)])).await?;
            return Ok(Redirect::to("/console/review/editions").into_response());
        }
        Err(why @ (authoring::Refused::Wordless | authoring::Refused::Lengthy)) => {
            faults.add("why", refused::told(signed.tongue, why)?);
        }
        Err(why) => caution = Some(refused::told(signed.tongue, why)?),
    }
    let mut response = page(&form(&site, &signed, Some(&typed), faults, caution).await?)?;
    *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(response)
}

#[cfg(test)]
pub(super) fn samples(tongue: Tongue) -> Vec<(&'static str, Box<dyn askama::DynTemplate>)> {
    let words = Words::of(tongue);
    let ready = |laid_out| Ready {
        value: "a mark".to_owned(),
        ticked: true,
        blocked: false,
        place: "Pregnancy".to_owned(),
        signed: "Signed by <López>".to_owned(),
        difference: Difference {
            tip: "a".to_owned(),
            words: vec![(
                "en".to_owned(),
                "English".to_owned(),
                library::wording::changed(tongue, "en", "<b>@", "<López>"),
            )],
            fields: Vec::new(),
        },
        laid_out,
        only_signed: true,
        new: true,
        findings: Vec::new(),
    };
    vec![(
        "publishing",
        Box::new(Page {
            shell: Shell::sample(tongue, words.title, "/console/review/publish"),
            words,
            lead: "Edition 3".to_owned(),
            caution: Some("<López>".to_owned()),
            ready: vec![ready(true), ready(false)],
            stays: vec![Stays {
                tip: "b".to_owned(),
                state: Shown::of(State::Writing, state::Words::of(tongue)),
                by: "<López>".to_owned(),
            }],
            checks: Vec::new(),
            why: Field::line("why", words.why),
            cut: Some("cut".to_owned()),
        }),
    )]
}
