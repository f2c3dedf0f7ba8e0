//! All that is held of her: as JSON, and as a page to read or print.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use uuid::Uuid;

use super::Mother;
use super::act_words::Words as ActWords;
use super::readable::{Part, Reading};
use super::sight::Sight;
use crate::domain::phone::masked;
use crate::domain::role::Right;
use crate::flows::exporting;
use crate::web::Site;
use crate::web::console::access::Signed;
use crate::web::console::files::file;
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
        elsewhere: "She also gets texts of a program that you do not work for. What belongs to it is not in this export: somebody of that program gives it to her.", "También recibe mensajes de un programa en el que usted no trabaja. Lo que corresponde a ese programa no está en esta exportación: se lo entrega alguien de ese programa.", "Она получает сообщения и другой программы, в которой вы не работаете. Относящегося к ней в этой выгрузке нет: это передаст ей сотрудник той программы.";
        reports: "Delivery reports that came long after a text had ended may be missing.", "Pueden faltar informes de entrega que llegaron mucho después de que terminara un mensaje.", "Отчётов о доставке, пришедших намного позже, чем завершилось сообщение, здесь может не быть.";
        rest: "What only machines read (tries, keys, ids) stands in the JSON.", "Lo que solo leen las máquinas (intentos, claves, identificadores) está en el JSON.", "То, что читают только машины (попытки, ключи, идентификаторы), есть в JSON.";
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
    /// Whether there is more, of a program that is not theirs.
    elsewhere: bool,
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
    let edition = site.service.shelf.edition();
    let zone = mother.zone(&edition);
    let sight = Sight { site: &site, signed: &signed, mother: &mother, right: Right::Act, zone };
    let all =
        exporting::export(&site.service, &mother.her, (program, &sight), (&signed.actor(), why)).await?;
    if typed.get("as") == "page" {
        let mut shown = Page::new(&signed, &mother, &Typed::default(), &Faults::default());
        shown.parts = Reading { tongue: signed.tongue, zone, library: &edition.library }.parts(&all);
        return page(&shown);
    }
    let json = serde_json::to_string_pretty(&all).map_err(Refusal::broken)?;
    Ok(file("application/json", &format!("motherline-{id}.json"), json))
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
            elsewhere: mother.elsewhere,
        }
    }
}

#[cfg(test)]
pub(super) fn samples(tongue: Tongue) -> Vec<(&'static str, Box<dyn askama::DynTemplate>)> {
    let words = Words::of(tongue);
    let rows = vec![vec![("Words", "<b>@ <López>".to_owned())]];
    let shown = |parts| Page {
        shell: Shell::sample(tongue, words.title, "/console/mothers"),
        words,
        path: "/console/mothers/x".to_owned(),
        number: "+1202•••••43".to_owned(),
        field: Field::line("why", "Why"),
        parts,
        elsewhere: true,
    };
    vec![
        ("export", Box::new(shown(Vec::new()))),
        ("exported", Box::new(shown(vec![Part { name: "Texts", rows }]))),
    ]
}
