//! What waits for a reviewer, what was sent back, what is signed: the oldest first.

use askama::Template;
use axum::extract::{Query, State as Extracted};
use serde::Deserialize;

use super::differences;
use super::library::{self, names};
use super::people::everybody;
use crate::domain::role::Right;
use crate::flows::authoring::{Desk, Progress, progress, writers};
use crate::library::desk::Leaf;
use crate::store::desk::Standing;
use crate::web::Site;
use crate::web::console::access::Signed;
use crate::web::console::form::{Faults, Field, Kind, Typed};
use crate::web::console::page;
use crate::web::console::shell::Shell;
use crate::web::console::tongue::{Tongue, fill, words};

/// So many of each kind are shown.
const MOST: usize = 80;

words! {
    /// What the page says.
    pub Words {
        title: "Review", "Revisión", "Проверка";
        lead: "What waits for a signature, the oldest first. Nobody signs what they wrote.", "Lo que espera una firma, lo más antiguo primero. Nadie firma lo que escribió.", "Что ждёт подписи, сначала самое давнее. Никто не подписывает написанное им самим.";
        publish: "Publish", "Publicar", "Публикация";
        publish_n: "Publish: {n} signed|Publish: {n} signed", "Publicar: {n} firmado|Publicar: {n} firmados", "Опубликовать: {n} подписанный|Опубликовать: {n} подписанных|Опубликовать: {n} подписанных";
        editions: "Editions", "Ediciones", "Издания";
        recalls: "Recalled tips", "Consejos retirados", "Отозванные советы";
        book: "The book to print", "El libro para imprimir", "Книга для печати";
        waiting: "Waiting for a reviewer", "Esperan a un revisor", "Ждут проверки";
        returned: "Sent back", "Devueltos", "Возвращены";
        writing: "Being written", "En redacción", "Пишутся";
        program: "Program", "Programa", "Программа";
        language: "Language", "Idioma", "Язык";
        every: "All", "Todos", "Все";
        mine: "Only what I am asked to review", "Solo lo que me piden revisar", "Только то, что просят проверить меня";
        show: "Show", "Mostrar", "Показать";
        tip: "Tip", "Consejo", "Совет";
        changed: "Languages changed", "Idiomas cambiados", "Изменённые языки";
        unchanged: "words as published", "palabras como están publicadas", "текст как опубликован";
        since: "Waiting", "En espera", "Ждёт уже";
        by: "Written by", "Escrito por", "Кто писал";
        asked: "Reviewer", "Revisor", "Проверяющий";
        anybody: "anybody", "cualquiera", "любой";
        you: "you", "usted", "вы";
        own: "you wrote it", "lo escribió usted", "это ваш текст";
        at: "When", "Cuándo", "Когда";
        none: "Nothing is waiting.", "No hay nada en espera.", "Ничего не ждёт.";
        cut: "Only the first {n} are shown.", "Solo se muestran los primeros {n}.", "Показаны только первые {n}.";
    }
}

/// A tip on the desk.
struct Line {
    tip: String,
    link: String,
    place: String,
    changed: String,
    when: String,
    by: String,
    asked: String,
    own: bool,
}

/// The page.
#[derive(Template)]
#[template(path = "web/console/review/queue.html")]
struct Page {
    shell: Shell,
    words: &'static Words,
    fields: Vec<Field>,
    publish: String,
    waiting: Vec<Line>,
    returned: Vec<Line>,
    writing: Vec<Line>,
    cut: Option<String>,
    any_signed: bool,
    may_publish: bool,
}

/// What is asked for.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Asked {
    program: String,
    language: String,
    mine: String,
}

/// Shows it.
pub async fn show(
    Extracted(site): Extracted<Site>,
    signed: Signed,
    Query(asked): Query<Asked>,
) -> super::Shown {
    signed.need(Right::Browse)?;
    let (tongue, words) = (signed.tongue, Words::of(signed.tongue));
    let programs = signed.programs(&site, Right::Browse);
    if !asked.program.is_empty() {
        signed.reach(&site, Right::Browse, &asked.program, "review").await?;
    }
    let desk = library::desk(&site).await?;
    let mut names_of = everybody(&site).await?;
    names_of.retain(|person| programs.iter().any(|program| person.reviews(program)));
    let mut found: [Vec<(&Standing, Line)>; 3] = Default::default();
    let mut ready = 0;
    for standing in desk.standings.values() {
        let mine = programs.contains(&standing.program)
            && (asked.program.is_empty() || standing.program == asked.program)
            && (asked.mine.is_empty() || standing.reviewer == Some(signed.account.id));
        let Some(leaf) = desk.leaf(&standing.tip).filter(|_| mine) else { continue };
        let before = desk.table.shelf_before.tip(&standing.tip).map(Leaf::of);
        let changed = differences::languages(before.as_ref(), &leaf);
        if !asked.language.is_empty() && !changed.is_empty() && !changed.contains(&asked.language) {
            continue;
        }
        let place = match progress(standing) {
            Some(Progress::Waiting) => 0,
            Some(Progress::Returned) => 1,
            Some(Progress::Writing) => 2,
            Some(Progress::Approved) | None => {
                ready += 1;
                continue;
            }
        };
        let reviewer = standing.reviewer.map(|id| match names_of.iter().find(|person| person.id == id) {
            _ if id == signed.account.id => words.you.to_owned(),
            Some(person) => person.name.clone(),
            None => "?".to_owned(),
        });
        let line = line(&site, &signed, &desk, standing, (changed, place, reviewer));
        found[place].push((standing, line));
    }
    found[0].sort_by_key(|(standing, _)| standing.submitted_at);
    for place in [1, 2] {
        found[place].sort_by_key(|(standing, _)| std::cmp::Reverse(standing.changed_at));
    }
    let cut = found.iter().any(|lines| lines.len() > MOST);
    let [waiting, returned, writing] =
        found.map(|lines| lines.into_iter().map(|(_, line)| line).take(MOST).collect::<Vec<_>>());
    page(&Page {
        shell: signed.shell(words.title),
        words,
        fields: fields(&site, tongue, &desk, &programs, &asked),
        publish: if ready == 0 { words.publish.to_owned() } else { tongue.counted(ready, words.publish_n) },
        waiting,
        returned,
        writing,
        cut: cut.then(|| fill(words.cut, &[("n", &MOST.to_string())])),
        any_signed: ready > 0,
        may_publish: signed.may(Right::Review),
    })
}

fn line(
    site: &Site,
    signed: &Signed,
    desk: &Desk,
    standing: &Standing,
    (changed, place, reviewer): (Vec<String>, usize, Option<String>),
) -> Line {
    let words = Words::of(signed.tongue);
    let flat = desk.table.shelf.tip(&standing.tip);
    let of = flat.map(|flat| names::Words::of(signed.tongue).place(flat)).unwrap_or_default();
    let when = match standing.submitted_at.filter(|_| place == 0) {
        Some(at) => signed.tongue.lasting(site.service.now() - at),
        None => signed.tongue.moment(standing.changed_at, signed.zone),
    };
    let room = if place == 0 { "review" } else { "library" };
    Line {
        tip: standing.tip.clone(),
        link: format!("/console/{room}/tips/{}", standing.tip),
        place: format!("{} · {of}", library::called(site, &standing.program)),
        changed: if changed.is_empty() {
            words.unchanged.to_owned()
        } else {
            changed.iter().map(|code| signed.tongue.language(code)).collect::<Vec<_>>().join(", ")
        },
        when,
        by: standing.changed_by.clone(),
        asked: reviewer.unwrap_or_else(|| words.anybody.to_owned()),
        own: writers(standing).contains(&signed.account.id),
    }
}

fn fields(site: &Site, tongue: Tongue, desk: &Desk, programs: &[String], asked: &Asked) -> Vec<Field> {
    let words = Words::of(tongue);
    let every = || vec![(String::new(), words.every.to_owned())];
    let mut of_programs = every();
    of_programs.extend(programs.iter().map(|id| (id.clone(), library::called(site, id))));
    let mut spoken: Vec<String> = programs
        .iter()
        .flat_map(|program| desk.table.shelf.languages(program).unwrap_or_default().to_vec())
        .collect();
    spoken.sort_unstable();
    spoken.dedup();
    let mut languages = every();
    languages.extend(
        spoken.into_iter().map(|code| (code.clone(), crate::library::book::language_name(&code).to_owned())),
    );
    let typed = Typed::of([
        ("program", asked.program.clone()),
        ("language", asked.language.clone()),
        ("mine", asked.mine.clone()),
    ]);
    let fields = [
        Field::choice("program", words.program, of_programs).optional(),
        Field::choice("language", words.language, languages).optional(),
        Field::new(Kind::Tick, "mine", words.mine).optional(),
    ];
    fields.into_iter().map(|field| field.filled(&typed, &Faults::default())).collect()
}

#[cfg(test)]
pub(super) fn samples(tongue: Tongue) -> Vec<(&'static str, Box<dyn askama::DynTemplate>)> {
    let words = Words::of(tongue);
    let line = || Line {
        tip: "us-preg-20".to_owned(),
        link: "/console/review/tips/us-preg-20".to_owned(),
        place: "Pregnancy <López>".to_owned(),
        changed: "es".to_owned(),
        when: "3 d".to_owned(),
        by: "Ana <López>".to_owned(),
        asked: words.anybody.to_owned(),
        own: true,
    };
    let page = |waiting, cut| Page {
        shell: Shell::sample(tongue, words.title, "/console/review"),
        words,
        fields: vec![Field::new(Kind::Tick, "mine", words.mine)],
        publish: words.publish.to_owned(),
        any_signed: true,
        waiting,
        returned: vec![line()],
        writing: vec![line()],
        cut,
        may_publish: true,
    };
    vec![
        ("queue", Box::new(page(vec![line()], Some("cut".to_owned())))),
        ("queue, empty", Box::new(page(Vec::new(), None))),
    ]
}
