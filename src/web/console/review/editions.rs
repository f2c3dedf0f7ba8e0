//! The editions: who published which, when and why; what each changed; and the way back to one.

use askama::Template;
use axum::extract::{Path, State as Extracted};
use axum::response::{IntoResponse, Redirect};

use super::library::wording::changed;
use super::library::{names, refused};
use crate::domain::role::Right;
use crate::flows::{authoring, publishing};
use crate::library::Field as Part;
use crate::library::book::language_name;
use crate::library::diff::{self, Kind, QuestionChange, TipChange};
use crate::store::editions::EditionRow;
use crate::web::Site;
use crate::web::console::access::Signed;
use crate::web::console::deeds;
use crate::web::console::form::{Faults, Field, Typed};
use crate::web::console::page;
use crate::web::console::refusal::Refusal;
use crate::web::console::shell::Shell;
use crate::web::console::tongue::{Tongue, fill, words};

/// So many changes are laid out on a page.
const MOST: usize = 60;
/// So many editions are listed.
const LISTED: usize = 200;
/// And so much of each reason; the edition's page tells the whole.
const WHY: usize = 150;

words! {
    /// What the pages say.
    pub Words {
        title: "Editions", "Ediciones", "Издания";
        lead: "An edition is the whole library under a number; it never changes. Mothers get what is signed in the edition in force.", "Una edición es toda la biblioteca con un número; nunca cambia. Las madres reciben lo firmado de la edición vigente.", "Издание – вся библиотека под номером; оно не меняется. Мамы получают подписанное из действующего издания.";
        queue: "Review", "Revisión", "Проверка";
        number: "Edition", "Edición", "Издание";
        at: "Published", "Publicada", "Опубликовано";
        by: "By whom", "Quién", "Кто";
        why: "Reason", "Motivo", "Причина";
        in_force: "in force", "vigente", "действует";
        not_taken: "published, not taken yet", "publicada, aún no tomada", "опубликовано, ещё не принято";
        same_as: "says the same as {n}", "dice lo mismo que la {n}", "говорит то же, что {n}";
        one: "Edition {n}", "Edición {n}", "Издание {n}";
        changes: "What it changed", "Qué cambió", "Что изменилось";
        first: "It was the first one.", "Fue la primera.", "Это было первое издание.";
        counts: "{new} new, {changed} changed, {gone} gone", "{new} nuevos, {changed} cambiados, {gone} quitados", "новых: {new}, изменено: {changed}, убрано: {gone}";
        tips: "Tips", "Consejos", "Советы";
        questions: "Questions", "Preguntas", "Вопросы";
        others: "Other files", "Otros archivos", "Другие файлы";
        new: "new", "nuevo", "новый";
        gone: "gone", "quitado", "убран";
        changed: "changed", "cambiado", "изменён";
        cut: "Only the first {n} are laid out.", "Solo se detallan los primeros {n}.", "Подробно показаны первые {n}.";
        back_title: "Go back to this edition", "Volver a esta edición", "Вернуться к этому изданию";
        back_hint: "It becomes the next one, for all programs. Unpublished work stays as it is.", "Pasa a ser la próxima, para todos los programas. El trabajo sin publicar queda como está.", "Оно станет следующим для всех программ. Неопубликованное останется.";
        back: "Make it the next edition", "Hacerla la próxima edición", "Сделать следующим изданием";
        done: "Edition {n} is published.", "La edición {n} está publicada.", "Издание {n} опубликовано.";
    }
}

/// An edition in the list.
struct Line {
    number: i64,
    shown: String,
    at: String,
    by: String,
    why: String,
    notes: Vec<String>,
}

/// The list.
#[derive(Template)]
#[template(path = "web/console/review/editions.html")]
struct ListPage {
    shell: Shell,
    words: &'static Words,
    lines: Vec<Line>,
}

/// Something that an edition changed.
struct Change {
    name: String,
    link: Option<String>,
    kind: &'static str,
    words: Vec<(String, String, String)>,
    fields: Vec<(String, String, String)>,
}

/// An edition.
#[derive(Template)]
#[template(path = "web/console/review/edition.html")]
struct Page {
    shell: Shell,
    words: &'static Words,
    number: i64,
    about: Line,
    first: bool,
    counts: String,
    tips: Vec<Change>,
    questions: Vec<Change>,
    others: Vec<String>,
    cut: Option<String>,
    why: Option<Field>,
}

/// Lists them.
pub async fn list(Extracted(site): Extracted<Site>, signed: Signed) -> super::Shown {
    signed.need(Right::Browse)?;
    let words = Words::of(signed.tongue);
    let all = publishing::list(&site.service.database).await?;
    let lines = all.iter().take(LISTED).map(|one| {
        let mut line = line(&site, &signed, &all, one);
        if let Some((end, _)) = line.why.char_indices().nth(WHY) {
            line.why.replace_range(end.., "…");
        }
        line
    });
    let lines = lines.collect();
    page(&ListPage { shell: signed.shell(words.title), words, lines })
}

fn line(site: &Site, signed: &Signed, all: &[EditionRow], one: &EditionRow) -> Line {
    let (tongue, words) = (signed.tongue, Words::of(signed.tongue));
    let mut notes = Vec::new();
    if one.number == site.service.shelf.edition().number {
        notes.push(words.in_force.to_owned());
    } else if all.first().is_some_and(|newest| newest.number == one.number) {
        notes.push(words.not_taken.to_owned());
    }
    let earlier = all.iter().rfind(|other| other.hash == one.hash && other.number < one.number);
    if let Some(earlier) = earlier {
        notes.push(fill(words.same_as, &[("n", &tongue.number(earlier.number))]));
    }
    Line {
        number: one.number,
        shown: tongue.number(one.number),
        at: tongue.moment(one.made_at, signed.zone),
        by: deeds::by_itself(signed.tongue, &one.made_by),
        why: deeds::by_itself(signed.tongue, &one.reason),
        notes,
    }
}

/// Shows one.
pub async fn show(Extracted(site): Extracted<Site>, signed: Signed, Path(number): Path<i64>) -> super::Shown {
    page(&edition(&site, &signed, number, &Typed::default(), &Faults::default()).await?)
}

async fn edition(
    site: &Site,
    signed: &Signed,
    number: i64,
    typed: &Typed,
    faults: &Faults,
) -> Result<Page, Refusal> {
    signed.need(Right::Browse)?;
    let (tongue, words) = (signed.tongue, Words::of(signed.tongue));
    let all = publishing::list(&site.service.database).await?;
    let place = all.iter().position(|one| one.number == number).ok_or(Refusal::NotFound)?;
    let after = publishing::edition_files(&site.service.database, number).await?.ok_or(Refusal::NotFound)?;
    let before = match all.get(place + 1) {
        Some(before) => publishing::edition_files(&site.service.database, before.number).await?,
        None => None,
    };
    let programs = signed.programs(site, Right::Browse);
    let first = before.is_none();
    let compared = tokio::task::spawn_blocking(move || match before {
        Some(before) => (
            diff::tips(&before, &after),
            diff::questions(&before, &after),
            diff::other_files(&before, &after),
        ),
        None => Default::default(),
    });
    let (tips, questions, others) = compared.await.map_err(Refusal::broken)?;
    let tips: Vec<TipChange> = tips.into_iter().filter(|one| programs.contains(&one.program)).collect();
    let count = |kind| tongue.number(tips.iter().filter(|one| one.kind == kind).count() as i64);
    let counts = [("new", count(Kind::New)), ("changed", count(Kind::Changed)), ("gone", count(Kind::Gone))];
    let counts = counts.each_ref().map(|(name, count)| (*name, count.as_str()));
    let questions = questions.iter().filter(|one| programs.contains(&one.program));
    let newest = place == 0;
    let may = signed.may_everywhere(Right::Review) && !newest;
    let shown = tongue.number(number);
    Ok(Page {
        shell: signed.shell(&fill(words.one, &[("n", &shown)])),
        words,
        number,
        about: line(site, signed, &all, &all[place]),
        first,
        counts: fill(words.counts, &counts),
        cut: (tips.len() > MOST).then(|| fill(words.cut, &[("n", &MOST.to_string())])),
        tips: tips.iter().take(MOST).map(|one| of_tip(tongue, one)).collect(),
        questions: questions.take(MOST).map(|one| of_question(tongue, one)).collect(),
        others: others.into_iter().filter(|path| super::library::may_see_file(signed, path)).collect(),
        why: may.then(|| Field::line("why", words.why).filled(typed, faults)),
    })
}

fn kind(tongue: Tongue, kind: Kind) -> &'static str {
    let words = Words::of(tongue);
    match kind {
        Kind::New => words.new,
        Kind::Gone => words.gone,
        Kind::Changed => words.changed,
    }
}

type Both = (Option<String>, Option<String>);

fn worded<'a>(
    tongue: Tongue,
    words: impl Iterator<Item = (&'a String, &'a Both)>,
) -> Vec<(String, String, String)> {
    let each = words.map(|(place, (before, after))| {
        let code = place.rsplit(' ').next().unwrap_or(place);
        let (old, new) = (before.as_deref().unwrap_or_default(), after.as_deref().unwrap_or_default());
        let name = if place == code { language_name(code).to_owned() } else { place.clone() };
        (code.to_owned(), name, changed(tongue, code, old, new))
    });
    each.collect()
}

fn of_tip(tongue: Tongue, change: &TipChange) -> Change {
    let names = names::Words::of(tongue);
    let called = |name: &str| {
        let field = Part::ALL.into_iter().find(|field| field.name() == name);
        field.map_or(name, |field| names.field(field)).to_owned()
    };
    Change {
        name: change.tip.clone(),
        link: (change.kind != Kind::Gone).then(|| format!("/console/library/tips/{}", change.tip)),
        kind: kind(tongue, change.kind),
        words: worded(tongue, change.words.iter()),
        fields: change
            .fields
            .iter()
            .map(|(name, (before, after))| (called(name), before.clone(), after.clone()))
            .collect(),
    }
}

fn of_question(tongue: Tongue, change: &QuestionChange) -> Change {
    let told = |value: &Option<String>| value.clone().unwrap_or_default();
    Change {
        name: change.question.clone(),
        link: None,
        kind: kind(tongue, change.kind),
        words: worded(tongue, change.words.iter().chain(&change.outcomes)),
        fields: change
            .fields
            .iter()
            .map(|(name, (before, after))| (name.clone(), told(before), told(after)))
            .collect(),
    }
}

/// Makes an earlier one the next.
pub async fn roll_back(
    Extracted(site): Extracted<Site>,
    signed: Signed,
    Path(number): Path<i64>,
    typed: Typed,
) -> super::Shown {
    // It concerns every program.
    if !signed.may_everywhere(Right::Review) {
        return Err(Refusal::Forbidden);
    }
    let words = Words::of(signed.tongue);
    match authoring::roll_back(&site.service, &signed.actor(), number, typed.get("why")).await {
        Ok(next) => {
            signed.tell(&fill(words.done, &[("n", &signed.tongue.number(next))])).await?;
            Ok(Redirect::to("/console/review/editions").into_response())
        }
        Err(authoring::Refused::Gone) => Err(Refusal::NotFound),
        Err(why) => {
            let mut faults = Faults::default();
            faults.add("why", refused::told(signed.tongue, why)?);
            let mut response = page(&edition(&site, &signed, number, &typed, &faults).await?)?;
            *response.status_mut() = axum::http::StatusCode::UNPROCESSABLE_ENTITY;
            Ok(response)
        }
    }
}

#[cfg(test)]
pub(super) fn samples(tongue: Tongue) -> Vec<(&'static str, Box<dyn askama::DynTemplate>)> {
    let words = Words::of(tongue);
    let line = || Line {
        number: 3,
        shown: "3".to_owned(),
        at: "today".to_owned(),
        by: "Ana <López>".to_owned(),
        why: "<b>@ the flu".to_owned(),
        notes: vec![words.in_force.to_owned()],
    };
    let change = || Change {
        name: "us-<López>".to_owned(),
        link: Some("/console/library/tips/a".to_owned()),
        kind: words.new,
        words: vec![("en".to_owned(), "English".to_owned(), changed(tongue, "en", "<López>", "<b>@"))],
        fields: vec![("needs".to_owned(), "<López>".to_owned(), String::new())],
    };
    vec![
        (
            "editions",
            Box::new(ListPage {
                shell: Shell::sample(tongue, words.title, "/console/review/editions"),
                words,
                lines: vec![line()],
            }),
        ),
        (
            "edition",
            Box::new(Page {
                shell: Shell::sample(tongue, words.title, "/console/review/editions/3"),
                words,
                number: 3,
                about: line(),
                first: true,
                counts: "1 new".to_owned(),
                tips: vec![change()],
                questions: vec![change()],
                others: vec!["replies/en.toml".to_owned()],
                cut: Some("cut".to_owned()),
                why: Some(Field::line("why", words.why)),
            }),
        ),
    ]
}
