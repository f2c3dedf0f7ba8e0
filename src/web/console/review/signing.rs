//! A tip before a reviewer: the old words and the new, the checks, the source, what was said; signed or sent back.

use askama::Template;
use axum::extract::{Path, State as Extracted};
use axum::response::{IntoResponse, Redirect};
use chrono::{Months, NaiveDate};

use super::differences::{self, Difference};
use super::library::findings::{self, Finding};
use super::library::wording::{Said, said};
use super::library::{self, names, refused};
use super::people::{choices, chosen, reviewers};
use crate::domain::role::Right;
use crate::flows::authoring::{self, Progress, Refused, Sheet, writers};
use crate::library::Field as Part;
use crate::library::desk::Leaf;
use crate::web::Site;
use crate::web::console::access::Signed;
use crate::web::console::form::{Faults, Field, Kind, Typed};
use crate::web::console::heading::Heading;
use crate::web::console::page;
use crate::web::console::refusal::Refusal;
use crate::web::console::shell::Shell;
use crate::web::console::tongue::{Tongue, fill, words};

/// A signature holds so long unless the reviewer says otherwise.
const HOLDS: Months = Months::new(24);

words! {
    /// What the page says.
    pub Words {
        title: "Review {tip}", "Revisar {tip}", "Проверить {tip}";
        queue: "Review", "Revisión", "Проверка";
        tip: "The tip’s own page", "La página del consejo", "Страница совета";
        old: "In force", "Vigente", "Действует";
        new: "To be signed", "Por firmar", "На подпись";
        changes: "What changed", "Qué cambió", "Что изменилось";
        fields: "Beside the words", "Además de las palabras", "Кроме текста";
        none_before: "There were none.", "No había.", "Раньше не было.";
        unchanged: "Unchanged.", "Sin cambios.", "Без изменений.";
        as_published: "Nothing was changed: a draft of the edition in force waits for its signature.", "No se cambió nada: un borrador de la edición vigente espera su firma.", "Ничего не меняли: черновик действующего издания ждёт подписи.";
        source: "Source", "Fuente", "Источник";
        source_hint: "Open it and read the tip beside it before you sign.", "Ábrala y lea el consejo junto a ella antes de firmar.", "Откройте его и сверьте совет, прежде чем подписать.";
        found: "What the checks find", "Lo que encuentran las comprobaciones", "Что нашли проверки";
        fine: "The checks find nothing wrong.", "Las comprobaciones no encuentran nada malo.", "Проверки не нашли ошибок.";
        talk: "Remarks", "Comentarios", "Замечания";
        approve_title: "Sign it", "Firmarlo", "Подписать";
        approve_hint: "It is signed as {name}, today.", "Se firma como {name}, con fecha de hoy.", "Подписывается как {name}, сегодняшним днём.";
        until: "Counts until", "Vale hasta", "Действует до";
        words: "Remark", "Comentario", "Замечание";
        approve: "Sign it", "Firmar", "Подписать";
        back_title: "Send it back", "Devolverlo", "Вернуть";
        why: "What is to be changed", "Qué hay que cambiar", "Что нужно изменить";
        send_back: "Send it back", "Devolver", "Вернуть";
        own: "You wrote this, or some of it, since it was last signed. Somebody else must sign it.", "Usted escribió esto, o parte, desde la última firma. Debe firmarlo otra persona.", "Вы писали это или часть этого после последней подписи. Подписать должен кто-то другой.";
        not_waiting: "It does not wait for a review now.", "Ahora no espera revisión.", "Сейчас проверки не ждёт.";
        assign_title: "Who reviews it", "Quién lo revisa", "Кто проверяет";
        assign: "Ask them", "Pedírselo", "Попросить";
        anybody: "Any reviewer", "Cualquier revisor", "Любой проверяющий";
        approved: "Signed. It goes out with the next edition that somebody publishes.", "Firmado. Saldrá con la próxima edición que alguien publique.", "Подписано. Выйдет со следующим изданием.";
        returned: "Sent back, with your remark.", "Devuelto, con su comentario.", "Возвращено с вашим замечанием.";
        remarked: "The remark was added.", "Se añadió el comentario.", "Замечание добавлено.";
        assigned: "Asked.", "Pedido.", "Попросили.";
    }
}

/// A language, old and new.
struct Column {
    language: String,
    code: String,
    old: String,
    new: Said,
    changed: Option<String>,
}

/// The page.
#[derive(Template)]
#[template(path = "web/console/review/signing.html")]
struct Page {
    shell: Shell,
    heading: Heading,
    words: &'static Words,
    tip: String,
    place: String,
    cautions: Vec<String>,
    columns: Vec<Column>,
    difference: Difference,
    source: String,
    url: Option<String>,
    findings: Vec<Finding>,
    talk: Vec<library::talk::Talked>,
    seen: String,
    approve: Vec<Field>,
    approve_hint: String,
    send_back: Vec<Field>,
    assign: Vec<Field>,
    may_sign: bool,
    may_return: bool,
}

/// What is filled in, and what is wrong with it.
#[derive(Default)]
struct Filled {
    typed: Typed,
    faults: Faults,
    caution: Option<String>,
}

/// Shows it.
pub async fn show(Extracted(site): Extracted<Site>, signed: Signed, Path(tip): Path<String>) -> super::Shown {
    signed.need(Right::Browse)?;
    page(&form(&site, &signed, &tip, Filled::default()).await?)
}

async fn form(site: &Site, signed: &Signed, tip: &str, filled: Filled) -> Result<Page, Refusal> {
    let (tongue, words) = (signed.tongue, Words::of(signed.tongue));
    let desk = library::desk(site).await?;
    library::reached(site, signed, Right::Browse, &desk, tip).await?;
    authoring::check(&desk.table).await?;
    let sheet = authoring::sheet(&site.service, &desk, tip).await?.ok_or(Refusal::NotFound)?;
    let leaf = &sheet.now;
    let languages = desk.table.shelf.languages(&leaf.program).unwrap_or_default().to_vec();
    let before = sheet.edition.as_ref();
    let difference = differences::between(tongue, before, leaf);
    let columns = languages.iter().map(|code| {
        let old = before.map_or("", |before| before.said(code)).to_owned();
        let changed =
            difference.words.iter().find(|(known, ..)| known == code).map(|(_, _, how)| how.clone());
        let new =
            said((tongue, &site.console.prices), &desk.table.shelf, &leaf.program, code, leaf.said(code));
        Column { language: new.language.clone(), code: code.clone(), old, new, changed }
    });
    let columns: Vec<Column> = columns.collect();
    let remarks = library::talk::remarks(site, tip).await?;
    let waiting = sheet.progress() == Some(Progress::Waiting);
    let own = sheet.standing.as_ref().is_some_and(|one| writers(one).contains(&signed.account.id));
    let reviewer = signed.may_in(Right::Review, &leaf.program);
    let mut cautions: Vec<String> = filled.caution.clone().into_iter().collect();
    cautions.extend(reasons(&sheet, waiting, own && reviewer, words, tongue));
    let until = (site.service.now().date_naive() + HOLDS).to_string();
    let talk_words = library::tip::Words::of(tongue);
    let source = [Part::Organization, Part::Title, Part::Year].map(|part| leaf.value(part));
    Ok(Page {
        shell: signed.shell(&fill(words.title, &[("tip", tip)])),
        heading: Heading::of(words.title, tip),
        words,
        place: desk.table.shelf.tip(tip).map(|flat| names::Words::of(tongue).place(flat)).unwrap_or_default(),
        cautions,
        columns,
        difference,
        source: source.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", "),
        url: Some(leaf.value(Part::Url)).filter(|url| url.starts_with("https://")).map(str::to_owned),
        findings: findings::of(desk.table.faults_of(tip), &languages, tongue),
        talk: remarks.into_iter().map(|one| library::talk::talked(signed, talk_words, one)).collect(),
        seen: leaf.mark(),
        approve: approve_fields(words, &filled, &until),
        approve_hint: fill(words.approve_hint, &[("name", &signed.account.name)]),
        send_back: vec![Field::new(Kind::Lines(3), "why", words.why).filled(&filled.typed, &filled.faults)],
        assign: assign_fields(site, &sheet, words, &filled).await?,
        may_sign: reviewer && waiting && !own,
        may_return: reviewer && (waiting || sheet.progress() == Some(Progress::Approved)),
        tip: tip.to_owned(),
    })
}

fn reasons(sheet: &Sheet, waiting: bool, own: bool, words: &Words, tongue: Tongue) -> Vec<String> {
    let mut reasons = Vec::new();
    if !waiting {
        reasons.push(words.not_waiting.to_owned());
    } else if own {
        reasons.push(words.own.to_owned());
    }
    if sheet.conflict() {
        reasons.push(refused::Words::of(tongue).conflict.to_owned());
    }
    if waiting && !differences::any(sheet.edition.as_ref(), &sheet.now) {
        reasons.push(words.as_published.to_owned());
    }
    reasons
}

fn approve_fields(words: &Words, filled: &Filled, until: &str) -> Vec<Field> {
    let mut typed = filled.typed.clone();
    if typed.get("until").is_empty() {
        typed.set("until", until);
    }
    vec![
        Field::new(Kind::Line("date"), "until", words.until).filled(&typed, &filled.faults),
        Field::new(Kind::Lines(2), "words", words.words).optional().filled(&typed, &filled.faults),
    ]
}

async fn assign_fields(
    site: &Site,
    sheet: &Sheet,
    words: &Words,
    filled: &Filled,
) -> Result<Vec<Field>, Refusal> {
    let Some(standing) = sheet.standing.as_ref() else { return Ok(Vec::new()) };
    let hands = writers(standing);
    let all = reviewers(site, &sheet.now.program).await?;
    let others = all.into_iter().filter(|person| !hands.contains(&person.id));
    let typed = Typed::of([("reviewer", standing.reviewer.map(|id| id.to_string()).unwrap_or_default())]);
    let field = Field::choice("reviewer", words.assign_title, choices(words.anybody, others)).optional();
    Ok(vec![field.filled(&typed, &filled.faults)])
}

/// The tip of an address, for who may sign in its program.
async fn reached(site: &Site, signed: &Signed, tip: &str) -> Result<Leaf, Refusal> {
    let desk = library::desk(site).await?;
    library::reached(site, signed, Right::Review, &desk, tip).await
}

/// Signs it.
pub async fn approve(
    Extracted(site): Extracted<Site>,
    signed: Signed,
    Path(tip): Path<String>,
    typed: Typed,
) -> super::Shown {
    reached(&site, &signed, &tip).await?;
    let read = (tip.as_str(), typed.get("seen"));
    let done = match typed.get("until").parse::<NaiveDate>() {
        Ok(until) => {
            authoring::approve(&site.service, &signed.actor(), read, typed.get("words"), until).await
        }
        Err(_) => Err(Refused::Until),
    };
    ended((&site, &signed, &tip), typed, "words", done, Words::of(signed.tongue).approved).await
}

/// Sends it back.
pub async fn send_back(
    Extracted(site): Extracted<Site>,
    signed: Signed,
    Path(tip): Path<String>,
    typed: Typed,
) -> super::Shown {
    reached(&site, &signed, &tip).await?;
    let read = (tip.as_str(), typed.get("seen"));
    let done = authoring::send_back(&site.service, &signed.actor(), read, typed.get("why")).await;
    ended((&site, &signed, &tip), typed, "why", done, Words::of(signed.tongue).returned).await
}

/// What came of it; `said` is the field in which something was said.
async fn ended(
    (site, signed, tip): (&Site, &Signed, &str),
    typed: Typed,
    said: &str,
    done: Result<(), Refused>,
    well: &str,
) -> super::Shown {
    let mut filled = Filled { typed, ..Filled::default() };
    match done {
        Ok(()) => {
            signed.tell(well).await?;
            return Ok(Redirect::to("/console/review").into_response());
        }
        Err(Refused::Until) => filled.faults.add("until", refused::told(signed.tongue, Refused::Until)?),
        Err(why @ (Refused::Wordless | Refused::Lengthy)) => {
            filled.faults.add(said, refused::told(signed.tongue, why)?);
        }
        Err(why) => filled.caution = Some(refused::told(signed.tongue, why)?),
    }
    again(site, signed, tip, filled).await
}

async fn again(site: &Site, signed: &Signed, tip: &str, filled: Filled) -> super::Shown {
    let mut response = page(&form(site, signed, tip, filled).await?)?;
    *response.status_mut() = axum::http::StatusCode::UNPROCESSABLE_ENTITY;
    Ok(response)
}

/// Says something about it: whoever writes or reviews there.
pub async fn remark(
    Extracted(site): Extracted<Site>,
    signed: Signed,
    Path(tip): Path<String>,
    typed: Typed,
) -> super::Shown {
    let desk = library::desk(&site).await?;
    let leaf = library::reached(&site, &signed, Right::Browse, &desk, &tip).await?;
    let may = [Right::Author, Right::Review].into_iter().any(|right| signed.may_in(right, &leaf.program));
    if !may {
        return Err(Refusal::Forbidden);
    }
    let done = authoring::remark(&site.service, &signed.actor(), &tip, typed.get("remark")).await;
    let room = if typed.get("next").starts_with("/console/library/") { "library" } else { "review" };
    if let Err(why) = done {
        let mut again = library::tip::Again { typed, ..Default::default() };
        again.faults.add("remark", refused::told(signed.tongue, why)?);
        return library::tip::again(&site, &signed, tip, again).await;
    }
    signed.tell(Words::of(signed.tongue).remarked).await?;
    Ok(Redirect::to(&format!("/console/{room}/tips/{tip}")).into_response())
}

/// Asks somebody to review it.
pub async fn assign(
    Extracted(site): Extracted<Site>,
    signed: Signed,
    Path(tip): Path<String>,
    typed: Typed,
) -> super::Shown {
    let leaf = reached(&site, &signed, &tip).await?;
    let people = reviewers(&site, &leaf.program).await?;
    let no_reviewer = library::tip::Words::of(signed.tongue).no_reviewer;
    let mut filled = Filled::default();
    let Ok(person) = chosen(&people, typed.get("reviewer")) else {
        filled.faults.add("reviewer", no_reviewer);
        return again(&site, &signed, &tip, filled).await;
    };
    let reviewer = person.map(|person| (person.id, person.name.as_str()));
    match authoring::assign(&site.service, &signed.actor(), &tip, reviewer).await {
        Ok(()) => signed.tell(Words::of(signed.tongue).assigned).await?,
        Err(Refused::Own) => {
            filled.faults.add("reviewer", no_reviewer);
            return again(&site, &signed, &tip, filled).await;
        }
        Err(why) => signed.tell(&refused::told(signed.tongue, why)?).await?,
    }
    Ok(Redirect::to(&format!("/console/review/tips/{tip}")).into_response())
}

#[cfg(test)]
pub(super) fn samples(tongue: Tongue) -> Vec<(&'static str, Box<dyn askama::DynTemplate>)> {
    let words = Words::of(tongue);
    let column = || Column {
        language: "English".to_owned(),
        code: "en".to_owned(),
        old: "Old <López>".to_owned(),
        new: library::wording::sample("New <b>@"),
        changed: Some(library::wording::changed(tongue, "en", "Old <López>", "New <b>@")),
    };
    let finding = Finding {
        check: "reading",
        error: false,
        said: None,
        message: "<López>".to_owned(),
        place: "en".to_owned(),
    };
    vec![(
        "signing",
        Box::new(Page {
            shell: Shell::sample(tongue, words.queue, "/console/review/tips/a"),
            heading: Heading::of(words.title, "a<López>"),
            words,
            tip: "a".to_owned(),
            place: "Pregnancy".to_owned(),
            cautions: vec![words.own.to_owned()],
            columns: vec![column(), column()],
            difference: Difference {
                tip: "a".to_owned(),
                words: Vec::new(),
                fields: vec![("Topic", "<López>".to_owned(), String::new())],
            },
            source: "CDC <López>".to_owned(),
            url: Some("https://example.org/?q=<López>".to_owned()),
            findings: vec![finding],
            talk: Vec::new(),
            seen: "mark".to_owned(),
            approve: vec![Field::new(Kind::Line("date"), "until", words.until)],
            approve_hint: "Ana <López>".to_owned(),
            send_back: vec![Field::new(Kind::Lines(3), "why", words.why)],
            assign: Vec::new(),
            may_sign: true,
            may_return: true,
        }),
    )]
}
