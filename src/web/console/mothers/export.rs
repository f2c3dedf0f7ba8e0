//! All that is held of her: as JSON, and as a page to read or print.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::Mother;
use super::act_words::Words as ActWords;
use crate::domain::phone::masked;
use crate::domain::role::Right;
use crate::flows::exporting;
use crate::web::Site;
use crate::web::console::access::Signed;
use crate::web::console::form::{Faults, Field, Typed};
use crate::web::console::refusal::Refusal;
use crate::web::console::shell::Shell;
#[cfg(test)]
use crate::web::console::tongue::Tongue;
use crate::web::console::tongue::words;
use crate::web::console::{Shown, page};

words! {
    /// What is said here.
    pub Words {
        title: "All that is held of her", "Todo lo que se guarda de ella", "Всё, что о ней хранится";
        lead: "Everything of hers: who she is, what she agreed to, every text both ways, visits, answers, what people did. It holds her number and her words: give it to her and to nobody else.", "Todo lo suyo: quién es, qué aceptó, todos los mensajes en ambos sentidos, citas, respuestas y lo que hicieron las personas. Contiene su número y sus palabras: entréguelo a ella y a nadie más.", "Всё о ней: кто она, на что согласилась, все сообщения в обе стороны, приёмы, ответы и действия сотрудников. Здесь её номер и её слова: передайте это только ей самой.";
        json: "Download as JSON", "Descargar como JSON", "Скачать в JSON";
        readable: "Show as a page to read or print", "Mostrar como página para leer o imprimir", "Показать страницей для чтения и печати";
        back: "Back to her page", "Volver a su página", "Назад к её странице";
        subscribers: "Who she is", "Quién es", "Кто она";
        enrollments: "Enrollments", "Inscripciones", "Записи в программы";
        consents: "Consent", "Consentimiento", "Согласие";
        conversations: "Open question", "Pregunta abierta", "Открытый вопрос";
        inbox: "What she wrote", "Lo que escribió", "Что она написала";
        outbox: "Texts that wait", "Mensajes en espera", "Ожидающие сообщения";
        history: "Texts to her", "Mensajes para ella", "Сообщения ей";
        attempts: "Tries that came to nothing", "Intentos fallidos", "Неудачные попытки";
        planned: "What was due", "Lo que tocaba", "Что полагалось";
        agenda: "What comes next", "Lo que sigue", "Что дальше";
        revoked: "Plans that were changed", "Planes cambiados", "Изменённые планы";
        strays: "Texts taken back or sent to another phone", "Mensajes retirados o enviados a otro teléfono", "Отозванные или отправленные на другой телефон";
        visits: "Visits", "Citas", "Приёмы";
        promises: "What was promised", "Lo prometido", "Обещанное";
        unread: "What waits until she is alone", "Lo que espera a que esté sola", "Что ждёт, пока она будет одна";
        answers: "Her answers", "Sus respuestas", "Её ответы";
        help_items: "What a person was to read", "Lo que debía leer una persona", "Что должен был прочитать человек";
        help_texts: "Texts of that", "Mensajes de ello", "Сообщения к этому";
        failing: "Texts that her phone did not take", "Mensajes que su teléfono no aceptó", "Не принятые её телефоном";
        corrections: "Corrections", "Correcciones", "Исправления";
        broadcast_texts: "Broadcasts", "Envíos masivos", "Рассылки";
        mentions: "Other numbers that she wrote, sealed", "Otros números que escribió, sellados", "Другие номера, о которых она писала (зашифрованы)";
        audit: "What was done", "Lo que se hizo", "Что было сделано";
    }
}

#[derive(Template)]
#[template(path = "web/console/mothers/export.html")]
struct Page {
    shell: Shell,
    words: &'static Words,
    path: String,
    number: String,
    field: Field,
    parts: Vec<Part>,
}

/// A table, as people read it.
struct Part {
    name: &'static str,
    rows: Vec<Vec<(String, String)>>,
}

pub(super) async fn form(State(site): State<Site>, signed: Signed, Path(id): Path<Uuid>) -> Shown {
    let mother = Mother::reach(&site, &signed, id, Right::Act).await?;
    page(&Page::new(&signed, &mother, &Typed::default(), &Faults::default()))
}

pub(super) async fn give(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Uuid>,
    typed: Typed,
) -> Shown {
    let mother = Mother::reach(&site, &signed, id, Right::Act).await?;
    let why = typed.get("why");
    if why.chars().count() < super::page::SHORTEST_REASON {
        let mut faults = Faults::default();
        faults.add("why", ActWords::of(signed.tongue).no_reason);
        let shown = Page::new(&signed, &mother, &typed, &faults);
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&shown)?).into_response());
    }
    let program = mother.programs.first().map(String::as_str);
    let all = exporting::export(&site.service, id, program, (&signed.actor(), why)).await?;
    if typed.get("as") == "page" {
        let mut shown = Page::new(&signed, &mother, &Typed::default(), &Faults::default());
        shown.parts = parts(shown.words, &all);
        return page(&shown);
    }
    let json = serde_json::to_string_pretty(&all).map_err(|error| Refusal::Broken(error.to_string()))?;
    let name = format!("attachment; filename=\"motherline-{id}.json\"");
    let headers =
        [(header::CONTENT_TYPE, "application/json".to_owned()), (header::CONTENT_DISPOSITION, name)];
    Ok((headers, json).into_response())
}

impl Page {
    fn new(signed: &Signed, mother: &Mother, typed: &Typed, faults: &Faults) -> Self {
        let (words, acts) = (Words::of(signed.tongue), ActWords::of(signed.tongue));
        Self {
            shell: signed.shell(words.title),
            words,
            path: mother.path(),
            number: masked(mother.her.number()),
            field: Field::line("why", acts.why).hint(acts.why_hint).filled(typed, faults),
            parts: Vec::new(),
        }
    }
}

/// The tables that hold something, what is asked for first.
fn parts(words: &Words, all: &Map<String, Value>) -> Vec<Part> {
    let order = [
        ("subscribers", words.subscribers),
        ("enrollments", words.enrollments),
        ("consents", words.consents),
        ("inbox", words.inbox),
        ("history", words.history),
        ("outbox", words.outbox),
        ("unread", words.unread),
        ("conversations", words.conversations),
        ("visits", words.visits),
        ("promises", words.promises),
        ("answers", words.answers),
        ("help_items", words.help_items),
        ("help_texts", words.help_texts),
        ("planned", words.planned),
        ("agenda", words.agenda),
        ("revoked", words.revoked),
        ("strays", words.strays),
        ("attempts", words.attempts),
        ("failing", words.failing),
        ("corrections", words.corrections),
        ("broadcast_texts", words.broadcast_texts),
        ("mentions", words.mentions),
        ("audit", words.audit),
    ];
    let part = |(table, name): (&str, &'static str)| {
        let rows = all.get(table)?.as_array()?.iter().filter_map(Value::as_object).map(row);
        let rows: Vec<_> = rows.collect();
        (!rows.is_empty()).then_some(Part { name, rows })
    };
    order.into_iter().filter_map(part).collect()
}

/// What stands in a row; what is empty is left out.
fn row(row: &Map<String, Value>) -> Vec<(String, String)> {
    let told = row.iter().filter(|(_, value)| !value.is_null()).map(|(name, value)| {
        let value = match value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        (name.replace('_', " "), value)
    });
    told.collect()
}

#[cfg(test)]
pub(super) fn samples(tongue: Tongue) -> Vec<(&'static str, Box<dyn askama::DynTemplate>)> {
    let words = Words::of(tongue);
    let rows = vec![vec![("body".to_owned(), "<b>@ <López>".to_owned())]];
    let shown = |parts| Page {
        shell: Shell::sample(tongue, words.title, "/console/mothers"),
        words,
        path: "/console/mothers/x".to_owned(),
        number: "+1202•••••43".to_owned(),
        field: Field::line("why", "Why"),
        parts,
    };
    vec![
        ("export", Box::new(shown(Vec::new()))),
        ("exported", Box::new(shown(vec![Part { name: words.inbox, rows }]))),
    ]
}
