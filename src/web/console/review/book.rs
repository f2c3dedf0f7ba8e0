//! The book to print: a part of a program at a time on a page of the console, with a line to sign on under each tip; and
//! the whole book as one file, as `library book` makes it.

use askama::Template;
use axum::extract::{Query, State as Extracted};
use serde::Deserialize;

use super::library::wording::{Said, said};
use super::library::{self, names};
use crate::domain::role::Right;
use crate::library::Field as Part;
use crate::library::FlatTip;
use crate::library::book::Book;
use crate::library::desk::Leaf;
use crate::web::Site;
use crate::web::console::Prices;
use crate::web::console::access::Signed;
use crate::web::console::files::file;
use crate::web::console::form::{Faults, Field, Typed};
use crate::web::console::page;
use crate::web::console::refusal::Refusal;
use crate::web::console::shell::Shell;
use crate::web::console::tongue::{Tongue, fill, words};

/// So many tips go on one page: it stays light, and is printed part by part.
const TIPS: usize = 45;

words! {
    /// What the page says.
    pub Words {
        title: "The book to print", "El libro para imprimir", "Книга для печати";
        lead: "Edition {n}, as it is sent. Print it from your browser; each part is a page of its own.", "Edición {n}, tal como se envía. Imprímalo desde el navegador; cada parte ocupa su propia página.", "Издание {n} в том виде, в каком его отправляют. Печатайте из браузера; каждая часть на отдельной странице.";
        whole: "The whole book as a file", "Todo el libro en un archivo", "Вся книга одним файлом";
        queue: "Review", "Revisión", "Проверка";
        program: "Program", "Programa", "Программа";
        track: "Part of the program", "Parte del programa", "Раздел";
        show: "Show", "Mostrar", "Показать";
        part: "Part {n}", "Parte {n}", "Часть {n}";
        parts: "Parts", "Partes", "Части";
        none: "There is no tip here.", "Aquí no hay ningún consejo.", "Здесь нет ни одного совета.";
        sign: "Signed: ____________________  on ____________", "Firma: ____________________  fecha ____________", "Подпись: ____________________  дата ____________";
        sent: "When it is sent", "Cuándo se envía", "Когда отправляется";
        source: "Source", "Fuente", "Источник";
        topic: "Topic", "Tema", "Тема";
        state: "Signature", "Firma", "Подпись";
        approved: "approved by {who} until {until}", "aprobado por {who} hasta {until}", "одобрено: {who}, до {until}";
        draft: "not signed yet", "sin firmar", "ещё не подписано";
    }
}

/// A tip in the book.
struct Block {
    tip: String,
    place: String,
    topic: String,
    columns: Vec<Said>,
    needs: String,
    source: String,
    state: String,
}

/// The page.
#[derive(Template)]
#[template(path = "web/console/review/book.html")]
struct Page {
    shell: Shell,
    words: &'static Words,
    lead: String,
    fields: Vec<Field>,
    parts: Vec<(String, String, bool)>,
    blocks: Vec<Block>,
    whole: String,
}

/// What is asked for.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Asked {
    program: String,
    track: String,
    part: usize,
}

/// Shows a part of it.
pub async fn show(
    Extracted(site): Extracted<Site>,
    signed: Signed,
    Query(asked): Query<Asked>,
) -> super::Shown {
    signed.need(Right::Browse)?;
    let (tongue, words) = (signed.tongue, Words::of(signed.tongue));
    let programs = signed.programs(&site, Right::Browse);
    let program = library::chosen(&site, &signed, &programs, &asked.program).await?.unwrap_or_default();
    let desk = library::desk(&site).await?;
    let tracks = names::tracks(tongue);
    let track = tracks.iter().find(|(id, _)| *id == asked.track).map_or("starter", |(id, _)| id);
    let shelf = &desk.table.shelf_before;
    let tips: Vec<&FlatTip> = shelf
        .tips_of(&program)
        .into_iter()
        .filter(|tip| {
            let family = tip.value(Part::Reader) == "family";
            if family { track == "family" } else { tip.value(Part::Track) == track }
        })
        .collect();
    let parts = tips.len().div_ceil(TIPS);
    let part = asked.part.min(parts.saturating_sub(1));
    let link = |number: usize| {
        let query = library::query(&[("program", &program), ("track", track), ("part", &number.to_string())]);
        let name = fill(words.part, &[("n", &tongue.number(number as i64 + 1))]);
        (format!("/console/review/book?{query}"), name, number == part)
    };
    let blocks = tips.chunks(TIPS).nth(part).unwrap_or_default();
    let languages = shelf.languages(&program).unwrap_or_default();
    let of_programs = programs.iter().map(|id| (id.clone(), library::called(&site, id))).collect();
    let of_tracks = tracks.iter().map(|(id, name)| ((*id).to_owned(), (*name).to_owned())).collect();
    let typed = Typed::of([("program", program.clone()), ("track", track.to_owned())]);
    let fields = [
        Field::choice("program", words.program, of_programs),
        Field::choice("track", words.track, of_tracks),
    ];
    page(&Page {
        shell: signed.shell(words.title),
        words,
        lead: fill(words.lead, &[("n", &tongue.number(desk.edition))]),
        fields: fields.into_iter().map(|field| field.filled(&typed, &Faults::default())).collect(),
        parts: if parts > 1 { (0..parts).map(link).collect() } else { Vec::new() },
        blocks: blocks
            .iter()
            .map(|tip| block((tongue, &site.console.prices), shelf, tip, languages))
            .collect(),
        whole: format!("/console/review/book/whole?{}", library::query(&[("program", &program)])),
    })
}

fn block(
    (tongue, prices): (Tongue, &Prices),
    shelf: &crate::library::exchange::Shelf,
    tip: &FlatTip,
    languages: &[String],
) -> Block {
    let (words, names) = (Words::of(tongue), names::Words::of(tongue));
    let leaf = Leaf::of(tip);
    let columns =
        languages.iter().map(|code| said((tongue, prices), shelf, &tip.program, code, leaf.said(code)));
    let source = [Part::Organization, Part::Title, Part::Year, Part::Url].map(|part| leaf.value(part));
    let until = leaf.value(Part::ExpiresOn);
    let until = until.parse().map_or(until.to_owned(), |day| tongue.day(day));
    let who = leaf.value(Part::Reviewer);
    let state = match leaf.value(Part::State) {
        "approved" => fill(words.approved, &[("who", who), ("until", &until)]),
        _ => words.draft.to_owned(),
    };
    Block {
        tip: tip.id.clone(),
        place: names.place(tip),
        topic: leaf.value(Part::Topic).to_owned(),
        columns: columns.collect(),
        needs: names.value(Part::Needs, leaf.value(Part::Needs)),
        source: source.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", "),
        state,
    }
}

/// The whole book of a program, as a file.
pub async fn whole(
    Extracted(site): Extracted<Site>,
    signed: Signed,
    Query(asked): Query<Asked>,
) -> super::Shown {
    signed.need(Right::Browse)?;
    let programs = signed.programs(&site, Right::Browse);
    let program =
        library::chosen(&site, &signed, &programs, &asked.program).await?.ok_or(Refusal::NotFound)?;
    let desk = library::desk(&site).await?;
    let (table, today, id) = (desk.table.clone(), site.service.now().date_naive(), program.clone());
    let made = tokio::task::spawn_blocking(move || Book::of(&table.before, today, &[id]).ok()?.html().ok());
    let made = made.await.map_err(Refusal::broken)?.ok_or(Refusal::NotFound)?;
    Ok(file("text/html; charset=utf-8", &format!("{program}-book-{}.html", desk.edition), made))
}

#[cfg(test)]
pub(super) fn samples(tongue: Tongue) -> Vec<(&'static str, Box<dyn askama::DynTemplate>)> {
    let words = Words::of(tongue);
    let block = || Block {
        tip: "us-preg-20".to_owned(),
        place: "Pregnancy".to_owned(),
        topic: "tests <López>".to_owned(),
        columns: vec![library::wording::sample("Your <López>"), library::wording::sample("<b>@")],
        needs: "always".to_owned(),
        source: "CDC <López>".to_owned(),
        state: words.draft.to_owned(),
    };
    vec![(
        "book",
        Box::new(Page {
            shell: Shell::sample(tongue, words.title, "/console/review/book"),
            words,
            lead: "Edition 3".to_owned(),
            fields: vec![Field::line("program", words.program)],
            parts: vec![("/console/review/book?part=1".to_owned(), "Part 2".to_owned(), true)],
            blocks: (0..TIPS).map(|_| block()).collect(),
            whole: "/console/review/book/whole".to_owned(),
        }),
    )]
}
