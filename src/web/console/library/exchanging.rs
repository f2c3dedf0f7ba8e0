//! Spreadsheets and translators' files: taken out, and brought back with a verdict for every row before anything changes.

use askama::Template;
use axum::extract::{Path, Query, State as Extracted};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use serde::Deserialize;
use uuid::Uuid;

use super::findings::{self, Finding};
use super::reasons::{self, Said};
use super::refused;
use crate::domain::role::Right;
use crate::flows::authoring::{self, Brought, Refused};
use crate::library::book::language_name;
use crate::library::exchange::{Damaged, Outcome, Proposals, Shelf, Verdict};
use crate::library::{spreadsheet, translations};
use crate::web::Site;
use crate::web::console::access::Signed;
use crate::web::console::files::{CSV, XLSX, file};
use crate::web::console::form::{Faults, Field, Kind, Typed, Uploaded};
use crate::web::console::page;
use crate::web::console::refusal::Refusal;
use crate::web::console::shell::Shell;
use crate::web::console::tongue::{Tongue, fill, words};

/// So many rows are told one by one: what is refused comes first.
const TOLD: usize = 150;
/// So many notes on a file as a whole are told.
const NOTES: usize = 30;
/// A value is shown up to so many characters.
const SHOWN: usize = 300;

words! {
    /// What the page says.
    pub Words {
        title: "Spreadsheets and translations", "Hojas de cálculo y traducciones", "Таблицы и переводы";
        lead: "Work in a spreadsheet or in a translator’s tool, and upload the file. You see what each row would change before anything is saved.", "Trabaje en una hoja de cálculo o en una herramienta de traducción y cargue el archivo. Verá qué cambiaría cada fila antes de guardar nada.", "Работайте в таблице или в программе для перевода и загрузите файл. Вы увидите, что изменит каждая строка, прежде чем что-то сохранится.";
        back: "Library", "Biblioteca", "Библиотека";
        show: "Show", "Mostrar", "Показать";
        out: "Download", "Descargar", "Скачать";
        as_is: "Unpublished work is included.", "Incluye el trabajo sin publicar.", "Включая неопубликованное.";
        workbook: "Spreadsheet (XLSX)", "Hoja de cálculo (XLSX)", "Таблица (XLSX)";
        values: "CSV", "CSV", "CSV";
        po: "Translation into {language} (PO)", "Traducción al {language} (PO)", "Перевод: {language} (PO)";
        pot: "Template for a new language (POT)", "Plantilla para un idioma nuevo (POT)", "Шаблон для нового языка (POT)";
        bring: "Upload", "Cargar", "Загрузить";
        program: "Program", "Programa", "Программа";
        file: "The file: .xlsx, .csv or .po", "El archivo: .xlsx, .csv o .po", "Файл: .xlsx, .csv или .po";
        file_hint: "Each sheet of a spreadsheet is a program. Signatures are not read from it: they are given under Review.", "Cada hoja es un programa. Las firmas no se importan: se dan en Revisión.", "Каждый лист – отдельная программа. Подписи не загружаются: их ставят в разделе «Проверка».";
        look: "See what would change", "Ver qué cambiaría", "Посмотреть, что изменится";
        no_file: "Choose a file that ends in .xlsx, .csv or .po.", "Elija un archivo que termine en .xlsx, .csv o .po.", "Выберите файл .xlsx, .csv или .po.";
        unread: "The file cannot be read: {why}", "El archivo no se puede leer: {why}", "Файл не прочитать: {why}";
        verdict: "What {file} would change", "Qué cambiaría {file}", "Что изменит {file}";
        created: "new", "nuevos", "новые";
        changed: "changed", "cambiados", "изменены";
        same: "the same", "iguales", "без изменений";
        skipped: "skipped", "omitidos", "пропущены";
        refused: "refused", "rechazados", "отклонены";
        take: "Save {n} tip as a change|Save {n} tips as changes", "Guardar {n} consejo como cambio|Guardar {n} consejos como cambios", "Сохранить {n} совет|Сохранить {n} совета|Сохранить {n} советов";
        nothing: "There is nothing to save.", "No hay nada que guardar.", "Сохранять нечего.";
        fails: "With these changes the library would fail its checks, so nothing can be saved.", "Con estos cambios la biblioteca no pasaría sus comprobaciones, así que no se puede guardar nada.", "С этими изменениями библиотека не пройдёт проверки, поэтому сохранить ничего нельзя.";
        place: "Place", "Lugar", "Место";
        outcome: "Result", "Resultado", "Результат";
        what: "What", "Qué", "Что";
        rest: "Only the first rows are told, the refused ones before all others.", "Solo se muestran las primeras filas, primero las rechazadas.", "Показаны только первые строки, сначала отклонённые.";
        taken: "Saved as unpublished changes: {n}.", "Guardado como cambios sin publicar: {n}.", "Сохранено, ещё не опубликовано: {n}.";
        not_there: "This file was saved already, or uploaded more than a day ago: there is nothing left of it to save.", "Este archivo ya se guardó o se cargó hace más de un día: ya no hay nada que guardar.", "Этот файл уже сохранён или загружен больше суток назад: сохранять больше нечего.";
        largest: "At most {n} MB.", "{n} MB como máximo.", "Не больше {n} МБ.";
        notes: "About the file as a whole", "Sobre el archivo en general", "О файле в целом";
        empty: "nothing", "nada", "пусто";
    }
}

/// A row of the file.
struct Row {
    place: String,
    tip: Option<String>,
    outcome: &'static str,
    class: &'static str,
    changes: Vec<(String, String, String)>,
    why: Vec<Said>,
}

/// What a file comes to.
struct Told {
    title: String,
    counts: Vec<(&'static str, String)>,
    /// Of the file as a whole.
    notes: Vec<Said>,
    rows: Vec<Row>,
    cut: bool,
    fails: bool,
    faults: Vec<Finding>,
    take: Option<(String, String)>,
}

/// The page.
#[derive(Template)]
#[template(path = "web/console/library/exchange.html")]
struct Page {
    shell: Shell,
    words: &'static Words,
    program: String,
    out: Vec<(String, String)>,
    /// Of which program.
    choose: Field,
    fields: Vec<Field>,
    /// Why the file cannot be read, in the words of what tried: English.
    english: Option<String>,
    result: Option<Told>,
    may_write: bool,
}

/// Which program.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Asked {
    program: String,
    shape: String,
    language: String,
}

/// Shows it.
pub async fn show(
    Extracted(site): Extracted<Site>,
    signed: Signed,
    Query(asked): Query<Asked>,
) -> super::Shown {
    signed.need(Right::Browse)?;
    let typed = Typed::of([("program", asked.program)]);
    page(&form(&site, &signed, &typed, &Faults::default()).await?)
}

async fn form(site: &Site, signed: &Signed, typed: &Typed, faults: &Faults) -> Result<Page, Refusal> {
    let words = Words::of(signed.tongue);
    let programs = super::programs(site, signed, Right::Browse);
    let program = super::chosen(site, signed, &programs, typed.get("program")).await?.unwrap_or_default();
    let desk = super::desk(site).await?;
    let link = |shape: &str, language: &str| {
        let query = super::query(&[("program", &program), ("shape", shape), ("language", language)]);
        format!("/console/library/export?{query}")
    };
    let mut out =
        vec![(link("xlsx", ""), words.workbook.to_owned()), (link("csv", ""), words.values.to_owned())];
    for code in desk.table.shelf.languages(&program).unwrap_or_default().iter().skip(1) {
        let called = fill(words.po, &[("language", language_name(code))]);
        out.push((link("po", code), called));
    }
    out.push((link("pot", ""), words.pot.to_owned()));
    let choices: Vec<_> = programs.iter().map(|id| (id.clone(), super::called(site, id))).collect();
    let mut typed = typed.clone();
    typed.set("program", &program);
    let choose = Field::choice("program", words.program, choices).filled(&typed, faults);
    let largest = fill(words.largest, &[("n", &site.console.most_upload_mb().to_string())]);
    let hint = format!("{} {largest}", words.file_hint);
    let file = Field::new(Kind::File(".xlsx,.csv,.po"), "file", words.file).hint(&hint);
    let fields = vec![file.filled(&typed, faults)];
    let may_write = signed.may_in(Right::Author, &program);
    let shell = signed.shell(words.title);
    Ok(Page { shell, words, program, out, choose, fields, english: None, result: None, may_write })
}

/// A file to take out.
pub async fn export(
    Extracted(site): Extracted<Site>,
    signed: Signed,
    Query(asked): Query<Asked>,
) -> super::Shown {
    signed.need(Right::Browse)?;
    let programs = super::programs(&site, &signed, Right::Browse);
    let program =
        super::chosen(&site, &signed, &programs, &asked.program).await?.ok_or(Refusal::Forbidden)?;
    let desk = super::desk(&site).await?;
    let (table, today) = (desk.table.clone(), site.service.now().date_naive());
    let (named, shape, language) = (program.clone(), asked.shape.clone(), asked.language.clone());
    let made = tokio::task::spawn_blocking(move || {
        let shelf = &table.shelf;
        Some(match shape.as_str() {
            "xlsx" => spreadsheet::to_xlsx(shelf, Some(&named), today).ok()?,
            "csv" => spreadsheet::to_csv(shelf, &named).ok()?,
            "po" => translations::po(shelf, &named, &language, today).ok()?.into_bytes(),
            "pot" => translations::pot(shelf, &named, today).ok()?.into_bytes(),
            _ => return None,
        })
    });
    let made = made.await.map_err(Refusal::broken)?.ok_or(Refusal::NotFound)?;
    let kind = match asked.shape.as_str() {
        "xlsx" => XLSX,
        "csv" => CSV,
        _ => "text/x-gettext-translation; charset=utf-8",
    };
    let language = if asked.shape == "po" { format!("-{}", asked.language) } else { String::new() };
    Ok(file(kind, &format!("{program}{language}.{}", asked.shape), made))
}

/// Tells what a file would change.
pub async fn bring(Extracted(site): Extracted<Site>, signed: Signed, uploaded: Uploaded) -> super::Shown {
    signed.need(Right::Author)?;
    let program = uploaded.typed.get("program").to_owned();
    signed.reach(&site, Right::Author, &program, "a file of tips").await?;
    let words = Words::of(signed.tongue);
    let shape = uploaded.name.rsplit('.').next().unwrap_or_default().to_lowercase();
    let mut faults = Faults::default();
    if !["xlsx", "csv", "po"].contains(&shape.as_str()) || uploaded.bytes.is_empty() {
        faults.add("file", words.no_file);
        return again(&form(&site, &signed, &uploaded.typed, &faults).await?);
    }
    let allowed = super::programs(&site, &signed, Right::Author);
    let (bytes, name, of) = (uploaded.bytes.clone(), uploaded.name.clone(), program.clone());
    let propose = move |shelf: &Shelf| proposals(&shape, &bytes, &name, shelf, &of);
    let by = signed.actor();
    match authoring::bring(&site.service, &by, &uploaded.name, propose, &allowed).await {
        Ok(brought) => {
            let mut page_ = form(&site, &signed, &uploaded.typed, &faults).await?;
            page_.result = Some(result(signed.tongue, &uploaded.name, &brought));
            page(&page_)
        }
        Err(Refused::Damaged(damaged)) => {
            let Said { text, english } = reasons::damaged(&damaged, signed.tongue);
            faults.add("file", fill(words.unread, &[("why", &text)]));
            let mut page = form(&site, &signed, &uploaded.typed, &faults).await?;
            page.english = english;
            again(&page)
        }
        Err(other) => Err(super::refusal(other)),
    }
}

fn again(form: &Page) -> super::Shown {
    let mut response = page(form)?;
    *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(response)
}

fn proposals(
    shape: &str,
    bytes: &[u8],
    name: &str,
    shelf: &Shelf,
    program: &str,
) -> Result<Proposals, Damaged> {
    match shape {
        "xlsx" => spreadsheet::from_xlsx(bytes, shelf, Some(program)),
        "csv" => spreadsheet::from_csv(bytes, name, shelf, program),
        _ => translations::import(bytes, name, shelf, program),
    }
}

/// Puts on the desk what it would change.
pub async fn take_over(
    Extracted(site): Extracted<Site>,
    signed: Signed,
    Path(id): Path<Uuid>,
    _: Typed,
) -> super::Shown {
    signed.need(Right::Author)?;
    let words = Words::of(signed.tongue);
    let allowed = super::programs(&site, &signed, Right::Author);
    let notice = match authoring::take_over(&site.service, &signed.actor(), id, &allowed).await {
        Ok(count) => {
            let count = signed.tongue.number(count as i64);
            fill(words.taken, &[("n", &count)])
        }
        Err(Refused::NotNow) => words.not_there.to_owned(),
        Err(why) => refused::told(signed.tongue, why)?,
    };
    signed.tell(&notice).await?;
    Ok(Redirect::to("/console/library").into_response())
}

fn result(tongue: Tongue, name: &str, brought: &Brought) -> Told {
    let words = Words::of(tongue);
    let weighed = &brought.weighed;
    let counts =
        Outcome::ALL.map(|outcome| (called(words, outcome).0, tongue.number(weighed.count(outcome) as i64)));
    let quiet = |one: &&Verdict| one.outcome != Outcome::Same || !one.notes.is_empty();
    let mut telling: Vec<&Verdict> = weighed.verdicts.iter().filter(quiet).collect();
    telling.sort_by_key(|one| one.outcome != Outcome::Refused);
    let cut = telling.len() > TOLD;
    let take = brought.id.map(|id| (id.to_string(), tongue.counted(brought.tips as i64, words.take)));
    Told {
        title: fill(words.verdict, &[("file", name)]),
        counts: counts.into(),
        notes: weighed.notes.iter().take(NOTES).map(|note| reasons::note(note, tongue)).collect(),
        rows: telling.into_iter().take(TOLD).map(|one| row(tongue, one)).collect(),
        cut,
        fails: weighed.after.is_none(),
        faults: findings::of(&weighed.faults, &[], tongue).into_iter().take(20).collect(),
        take,
    }
}

fn called(words: &Words, outcome: Outcome) -> (&'static str, &'static str) {
    match outcome {
        Outcome::Created => (words.created, "accent"),
        Outcome::Changed => (words.changed, "accent"),
        Outcome::Same => (words.same, ""),
        Outcome::Skipped => (words.skipped, "warn"),
        Outcome::Refused => (words.refused, "bad"),
    }
}

fn row(tongue: Tongue, verdict: &Verdict) -> Row {
    let words = Words::of(tongue);
    let shown = |value: &str| match value {
        "" => words.empty.to_owned(),
        value => value.chars().take(SHOWN).collect(),
    };
    let (outcome, class) = called(words, verdict.outcome);
    let changes = verdict
        .changes
        .iter()
        .map(|change| (change.field.clone(), shown(&change.before), shown(&change.after)));
    let why = verdict.why.iter().map(|why| reasons::why(why, tongue));
    let notes = verdict.notes.iter().map(|note| reasons::note(note, tongue));
    Row {
        place: verdict.place.clone(),
        tip: verdict.tip.clone(),
        outcome,
        class,
        changes: changes.collect(),
        why: why.chain(notes).collect(),
    }
}

#[cfg(test)]
pub(super) fn samples(tongue: Tongue) -> Vec<(&'static str, Box<dyn askama::DynTemplate>)> {
    let words = Words::of(tongue);
    let said = || Said { text: "<López>".to_owned(), english: Some("<b>@".to_owned()) };
    let row = Row {
        place: "a.csv!A2".to_owned(),
        tip: Some("us-<López>".to_owned()),
        outcome: words.refused,
        class: "bad",
        changes: vec![("text es".to_owned(), "<b>@".to_owned(), "Su <López> bebé".to_owned())],
        why: vec![said()],
    };
    let result = Told {
        title: "<López>.csv".to_owned(),
        counts: vec![(words.refused, "1".to_owned())],
        notes: vec![said()],
        rows: vec![row],
        cut: true,
        fails: true,
        faults: vec![Finding {
            check: "week",
            error: true,
            said: None,
            message: "<López>".to_owned(),
            place: String::new(),
        }],
        take: Some((Uuid::nil().to_string(), "Put 3 tips on the desk".to_owned())),
    };
    vec![(
        "exchange",
        Box::new(Page {
            shell: Shell::sample(tongue, words.title, "/console/library/exchange"),
            words,
            program: "a".to_owned(),
            out: vec![("/console/library/export?a".to_owned(), words.workbook.to_owned())],
            choose: Field::choice("program", words.program, Vec::new()),
            fields: vec![Field::new(Kind::File(".csv"), "file", words.file)],
            english: Some("<b>@".to_owned()),
            result: Some(result),
            may_write: true,
        }),
    )]
}
