//! Saved replies: looked through, added, changed, removed.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use uuid::Uuid;

use crate::domain::language::Language;
use crate::domain::role::Right;
use crate::domain::segment;
use crate::flows::answering::saved::{self, New, NotKept};
use crate::store::saved_replies::{self, SavedReply};
use crate::web::Site;
use crate::web::console::access::Signed;
use crate::web::console::form::{Faults, Field, Kind, Typed};
use crate::web::console::library;
use crate::web::console::refusal::Refusal;
use crate::web::console::shell::Shell;
#[cfg(test)]
use crate::web::console::tongue::Tongue;
use crate::web::console::tongue::words;
use crate::web::console::{Shown, page};

const LIST: &str = "/console/inbox/replies";

words! {
    /// What these pages say.
    pub Words {
        title: "Saved replies", "Respuestas guardadas", "Готовые ответы";
        lead: "Answers that are written once and used often. Whoever answers in the program can use and change them.", "Respuestas que se escriben una vez y se usan a menudo. Quien contesta en el programa puede usarlas y cambiarlas.", "Ответы, которые пишут один раз и используют часто. Их может использовать и менять каждый, кто отвечает в этой программе.";
        back: "To the inbox", "A los mensajes recibidos", "Ко входящим";
        none: "There are no saved replies yet.", "Aún no hay respuestas guardadas.", "Готовых ответов пока нет.";
        add_title: "Add a reply", "Añadir una respuesta", "Добавить ответ";
        edit_title: "Change the reply", "Cambiar la respuesta", "Изменить ответ";
        for_: "Program and language", "Programa e idioma", "Программа и язык";
        name: "Title", "Título", "Название";
        name_hint: "It stands on the button, for example “Free crib”.", "Aparece en el botón, por ejemplo «Cuna gratuita».", "Будет на кнопке, например «Где взять кроватку».";
        body: "The words, as she is to read them", "Las palabras, tal como ella las leerá", "Слова, как она их прочитает";
        sms: "{n} SMS|{n} SMS", "{n} SMS|{n} SMS", "{n} SMS|{n} SMS|{n} SMS";
        changed: "Changed", "Cambiada", "Изменён";
        save: "Save", "Guardar", "Сохранить";
        remove: "Remove this reply", "Eliminar esta respuesta", "Удалить этот ответ";
        done_saved: "The reply is saved.", "La respuesta está guardada.", "Ответ сохранён.";
        done_removed: "The reply is removed.", "La respuesta está eliminada.", "Ответ удалён.";
        no_title: "Give it a title of {most} characters or fewer.", "Póngale un título de {most} caracteres como máximo.", "Дайте название не длиннее {most} знаков.";
        called: "There is a reply of this title in this language already.", "Ya hay una respuesta con este título en este idioma.", "Ответ с таким названием на этом языке уже есть.";
        no_language: "Choose a program and one of its languages.", "Elija un programa y uno de sus idiomas.", "Выберите программу и один из её языков.";
    }
}

/// All of them.
#[derive(Template)]
#[template(path = "web/console/inbox/saved.html")]
struct Page {
    shell: Shell,
    words: &'static Words,
    lines: Vec<Line>,
    fields: [Field; 3],
}

/// One, to be changed.
#[derive(Template)]
#[template(path = "web/console/inbox/reply.html")]
struct One {
    shell: Shell,
    words: &'static Words,
    id: Uuid,
    fields: [Field; 3],
}

struct Line {
    id: Uuid,
    title: String,
    body: String,
    program: String,
    language: String,
    code: String,
    sms: String,
    changed: String,
}

/// The programs and languages in which they answer, as a choice.
fn choices(site: &Site, signed: &Signed) -> Vec<(String, String)> {
    let edition = site.service.shelf.edition();
    let mut choices = Vec::new();
    for id in signed.programs(site, Right::Answer) {
        let name = library::called(site, &id);
        for code in edition.library.program(&id).map_or(&[][..], |program| &program.languages) {
            choices
                .push((format!("{id} {code}"), format!("{name}, {}", signed.tongue.language(code.as_str()))));
        }
    }
    choices
}

fn fields(
    words: &Words,
    mut choices: Vec<(String, String)>,
    (typed, faults): (&Typed, &Faults),
) -> [Field; 3] {
    // Where there are several, none is taken for granted.
    if choices.len() > 1 {
        choices.insert(0, (String::new(), "–".to_owned()));
    }
    [
        Field::choice("for", words.for_, choices).filled(typed, faults),
        Field::line("title", words.name).hint(words.name_hint).filled(typed, faults),
        Field::new(Kind::Lines(4), "words", words.body).counted().filled(typed, faults),
    ]
}

pub(super) async fn list(State(site): State<Site>, signed: Signed) -> Shown {
    shown(&site, &signed, &Typed::default(), &Faults::default()).await
}

async fn shown(site: &Site, signed: &Signed, typed: &Typed, faults: &Faults) -> Shown {
    signed.need(Right::Answer)?;
    let (words, tongue) = (Words::of(signed.tongue), signed.tongue);
    let mut tx = site.service.database.read().await?;
    let mut all = saved_replies::all(&mut tx).await?;
    all.retain(|reply| signed.may_in(Right::Answer, &reply.program));
    let line = |reply: SavedReply| Line {
        id: reply.id,
        sms: tongue.counted(i64::from(segment::count(&reply.body).segments), words.sms),
        changed: format!("{}, {}", tongue.moment(reply.changed_at, signed.zone), reply.changed_by),
        title: reply.title,
        body: reply.body,
        program: library::called(site, &reply.program),
        language: tongue.language(reply.language.as_str()),
        code: reply.language.to_string(),
    };
    page(&Page {
        shell: signed.shell(words.title),
        words,
        lines: all.into_iter().map(line).collect(),
        fields: fields(words, choices(site, signed), (typed, faults)),
    })
}

fn unprocessable(shown: Response) -> Response {
    (StatusCode::UNPROCESSABLE_ENTITY, shown).into_response()
}

/// Keeps what was typed; else what is wrong with it.
async fn kept(site: &Site, signed: &Signed, old: Option<Uuid>, typed: &Typed) -> Result<Faults, Refusal> {
    let mut faults = Faults::default();
    let chosen = typed.get("for").split_once(' ');
    let chosen = chosen.and_then(|(program, code)| Some((program, code.parse::<Language>().ok()?)));
    let Some((program, language)) = chosen.filter(|(program, _)| signed.may_in(Right::Answer, program))
    else {
        faults.add("for", Words::of(signed.tongue).no_language);
        return Ok(faults);
    };
    let new = New { program, language, title: typed.get("title"), words: typed.get("words") };
    match saved::keep(&site.service, old, new, &signed.actor()).await {
        Ok(_) => {}
        Err(NotKept::Store(error)) => return Err(error.into()),
        Err(refused) => {
            let (field, said) = super::doing::not_kept(signed.tongue, &refused);
            faults.add(field, said);
        }
    }
    Ok(faults)
}

pub(super) async fn add(State(site): State<Site>, signed: Signed, typed: Typed) -> Shown {
    signed.need(Right::Answer)?;
    let faults = kept(&site, &signed, None, &typed).await?;
    if !faults.is_empty() {
        return Ok(unprocessable(shown(&site, &signed, &typed, &faults).await?));
    }
    done(&signed, Words::of(signed.tongue).done_saved).await
}

async fn done(signed: &Signed, said: &str) -> Shown {
    signed.tell(said).await?;
    Ok(Redirect::to(LIST).into_response())
}

async fn reach(site: &Site, signed: &Signed, id: Uuid) -> Result<SavedReply, Refusal> {
    signed.need(Right::Answer)?;
    let mut tx = site.service.database.read().await?;
    let reply = saved_replies::find(&mut tx, id).await?.ok_or(Refusal::NotFound)?;
    drop(tx);
    signed.reach(site, Right::Answer, &reply.program, &format!("saved reply {id}")).await?;
    Ok(reply)
}

fn one(site: &Site, signed: &Signed, id: Uuid, filled: (&Typed, &Faults)) -> Shown {
    let words = Words::of(signed.tongue);
    let fields = fields(words, choices(site, signed), filled);
    page(&One { shell: signed.shell(words.edit_title), words, id, fields })
}

pub(super) async fn edit(State(site): State<Site>, signed: Signed, Path(id): Path<Uuid>) -> Shown {
    let reply = reach(&site, &signed, id).await?;
    let typed = Typed::of([
        ("for", format!("{} {}", reply.program, reply.language)),
        ("title", reply.title),
        ("words", reply.body),
    ]);
    one(&site, &signed, id, (&typed, &Faults::default()))
}

pub(super) async fn change(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Uuid>,
    typed: Typed,
) -> Shown {
    reach(&site, &signed, id).await?;
    let faults = kept(&site, &signed, Some(id), &typed).await?;
    if !faults.is_empty() {
        return Ok(unprocessable(one(&site, &signed, id, (&typed, &faults))?));
    }
    done(&signed, Words::of(signed.tongue).done_saved).await
}

pub(super) async fn remove(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Uuid>,
    _: Typed,
) -> Shown {
    let reply = reach(&site, &signed, id).await?;
    saved::remove(&site.service, &reply, &signed.actor()).await?;
    done(&signed, Words::of(signed.tongue).done_removed).await
}

#[cfg(test)]
pub(super) fn samples(tongue: Tongue) -> Vec<(&'static str, Box<dyn askama::DynTemplate>)> {
    let words = Words::of(tongue);
    let shell = || Shell::sample(tongue, words.title, LIST);
    let typed = Typed::of([("title", "<López>".to_owned()), ("words", "\"<fast>\"".to_owned())]);
    let fields =
        || fields(words, vec![("a en".to_owned(), "a, English".to_owned())], (&typed, &Faults::default()));
    let line = Line {
        id: Uuid::nil(),
        title: "<López>".to_owned(),
        body: "Try <López> & 211".to_owned(),
        program: "text4baby-us".to_owned(),
        language: "English".to_owned(),
        code: "en".to_owned(),
        sms: tongue.counted(1, words.sms),
        changed: "24 Nov 2026, 14:05, Ana <López>".to_owned(),
    };
    vec![
        ("saved", Box::new(Page { shell: shell(), words, lines: vec![line], fields: fields() })),
        ("saved, none", Box::new(Page { shell: shell(), words, lines: Vec::new(), fields: fields() })),
        ("reply", Box::new(One { shell: shell(), words, id: Uuid::nil(), fields: fields() })),
    ]
}
