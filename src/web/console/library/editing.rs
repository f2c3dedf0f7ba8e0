//! A tip's form: every language beside the other, what the tip is, where its facts come from. Two who write at once lose
//! nothing: whoever saves second is shown both sides and puts them together.

use askama::Template;
use axum::extract::{Path, State as Extracted};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};

use super::findings::{self, Finding};
use super::typing::{self, ABOUT};
use super::wording::changed;
use super::{names, reached, refused};
use crate::domain::role::Right;
use crate::flows::authoring::{self, Desk, Refused, Saved, Seen};
use crate::library::desk::Leaf;
use crate::web::Site;
use crate::web::console::access::Signed;
use crate::web::console::form::{Faults, Field, Kind, Typed};
use crate::web::console::heading::Heading;
use crate::web::console::page;
use crate::web::console::refusal::Refusal;
use crate::web::console::shell::Shell;
use crate::web::console::tongue::{Tongue, fill, words};

words! {
    /// What the page says.
    pub Words {
        change: "Change {tip}", "Cambiar {tip}", "Изменить {tip}";
        new: "New tip", "Nuevo consejo", "Новый совет";
        others: "{who} has this tip open too. Whoever saves second is shown both sides; nothing is lost.", "{who} también tiene abierto este consejo. A quien guarde después se le mostrarán ambas versiones; no se pierde nada.", "{who} тоже держит этот совет открытым. Кто сохранит вторым, увидит обе стороны; ничего не пропадёт.";
        overtaken: "Somebody else has saved this tip while you were writing. Yours is still here and was not saved. Where the two differ, theirs stands beside yours: put them together, and save.", "Alguien más guardó este consejo mientras usted escribía. Lo suyo sigue aquí y no se ha guardado. Donde difieren, lo de la otra persona está al lado: combínelos y guarde.", "Пока вы писали, кто-то сохранил этот совет. Ваш вариант здесь и ещё не сохранён. Там, где они расходятся, рядом стоит чужой: соедините их и сохраните.";
        conflict: "An edition published meanwhile changed this tip. Where it differs from the unpublished work, it stands beside. Save what is to stand.", "Una edición publicada entretanto cambió este consejo. Donde difiere del trabajo sin publicar, aparece al lado. Guarde lo que debe quedar.", "Изданием, вышедшим за это время, совет изменён. Там, где он отличается от черновика, его текст стоит рядом. Сохраните то, что должно остаться.";
        theirs: "Theirs, against yours", "Lo suyo, frente a lo de usted", "Чужой вариант относительно вашего";
        in_force: "The edition in force, against the unpublished work", "La edición vigente, frente al trabajo sin publicar", "Действующее издание относительно черновика";
        words: "Text", "Texto", "Текст";
        words_hint: "One action, for a reader with six years of school. These are filled in for her: {program}, {contact}, {emergency}, and help where she lives, such as {place}.", "Una sola acción, para quien tiene seis años de escuela. Esto se completa para ella: {program}, {contact}, {emergency} y la ayuda de donde vive, como {place}.", "Одно действие, понятное после шести классов школы. Подставляется для неё: {program}, {contact}, {emergency} и помощь там, где она живёт, например {place}.";
        about: "Details", "Detalles", "Сведения";
        right: "This translation is right as it is", "Esta traducción es correcta tal como está", "Этот перевод верен как есть";
        signature: "A change of words takes the signature away: the tip is reviewed again.", "Un cambio de palabras quita la firma: el consejo se revisa de nuevo.", "Изменение текста снимает подпись: совет проверяется заново.";
        save: "Save", "Guardar", "Сохранить";
        back: "Back without saving", "Volver sin guardar", "Назад без сохранения";
        id: "Id", "Identificador", "Код";
        id_hint: "Small letters, digits and hyphens. It never changes and is never used twice.", "Letras minúsculas, cifras y guiones. Nunca cambia y nunca se usa dos veces.", "Строчные латинские буквы, цифры и дефисы. Никогда не меняется и не используется дважды.";
        id_wrong: "Write small letters, digits and hyphens, 3 to 80 of them, with a letter or digit at the end.", "Escriba letras minúsculas, cifras y guiones, de 3 a 80, con letra o cifra al final.", "Строчные латинские буквы, цифры и дефисы, от 3 до 80 знаков; в конце буква или цифра.";
        no_number: "Write a whole number.", "Escriba un número entero.", "Напишите целое число.";
        no_week: "There is no such week.", "No existe esa semana.", "Такой недели нет.";
        no_sign: "There is a sign in it that cannot be sent, such as �. Type that place anew.", "Contiene un signo que no se puede enviar, como �. Escriba de nuevo ese lugar.", "Здесь есть знак, который нельзя отправить, например �. Наберите это место заново.";
        too_long: "No tip is that long: three SMS are the most.", "Ningún consejo es tan largo: tres SMS como máximo.", "Таким длинным совет быть не может: не больше трёх SMS.";
        choose: "Choose", "Elija", "Выберите";
        only_loss: "Only after a loss.", "Solo tras una pérdida.", "Только после потери.";
        only_more: "Only for a second text: the id of the first.", "Solo para un segundo mensaje: el identificador del primero.", "Только для второго сообщения: код первого.";
        needed: "This is needed.", "Esto es necesario.", "Это нужно заполнить.";
        saved: "Saved. It is sent once somebody has signed it and it is published.", "Guardado. Se enviará cuando alguien lo firme y se publique.", "Сохранено. Отправляться будет, когда кто-нибудь подпишет и опубликует.";
        same: "It says what stood there already: nothing was changed.", "Dice lo que ya estaba: no se cambió nada.", "Это уже так и было: ничего не изменено.";
        discarded: "The changes are thrown away.", "Los cambios se descartaron.", "Изменения отброшены.";
        submitted: "It waits for a reviewer now.", "Ahora espera a un revisor.", "Теперь ждёт проверки.";
        withdrawn: "It is back with its author.", "Vuelve a su autor.", "Возвращено автору.";
    }
}

/// A field with what stands beside it.
pub(super) struct Asked {
    field: Field,
    beside: Option<String>,
    findings: Vec<Finding>,
    right: Option<Field>,
}

/// The page.
#[derive(Template)]
#[template(path = "web/console/library/edit.html")]
pub(super) struct Page {
    pub(super) shell: Shell,
    pub(super) heading: Heading,
    pub(super) words: &'static Words,
    /// What it belongs to: the address and the name.
    pub(super) above: (String, String),
    /// Of which program it is.
    pub(super) program: String,
    /// Its place in the program; empty: it has none yet.
    pub(super) where_: String,
    pub(super) action: String,
    pub(super) back: String,
    pub(super) seen: String,
    pub(super) cautions: Vec<String>,
    pub(super) others: Others,
    pub(super) beside: &'static str,
    pub(super) hint: String,
    pub(super) place: Vec<Field>,
    pub(super) texts: Vec<Asked>,
    pub(super) about: Vec<Asked>,
    pub(super) other: Vec<Finding>,
    pub(super) hidden: Vec<(&'static str, String)>,
}

/// Who else has the form open: asked again while it is shown.
#[derive(Template, Default)]
#[template(path = "web/console/library/others.html")]
pub(super) struct Others {
    others: Vec<String>,
}

/// What a form is shown with.
#[derive(Default)]
pub(super) struct Around<'a> {
    pub(super) cautions: Vec<String>,
    pub(super) others: Others,
    /// What stands beside the fields, and what that is called.
    pub(super) other: Option<(&'a Leaf, &'static str)>,
    pub(super) findings: Vec<Finding>,
    pub(super) seen: String,
}

pub(super) fn texts(
    desk: &Desk,
    tongue: Tongue,
    leaf: &Leaf,
    typed: &Typed,
    faults: &Faults,
    around: &Around<'_>,
) -> Vec<Asked> {
    let words = Words::of(tongue);
    let languages = desk.table.shelf.languages(&leaf.program).unwrap_or_default();
    let asked = languages.iter().map(|code| {
        let name = typing::text_name(code);
        let language = crate::library::book::language_name(code);
        let right = leaf.is_stale(code).then(|| {
            let field = Field::new(Kind::Tick, &typing::right_name(code), words.right);
            field.optional().filled(typed, faults)
        });
        let mine = typing::tidy(typed.raw(&name));
        let other = around.other.map(|(other, _)| other.said(code)).filter(|other| *other != mine);
        Asked {
            field: Field::new(Kind::Lines(4), &name, language).lang(code).counted().filled(typed, faults),
            beside: other.map(|other| changed(tongue, code, &mine, other)),
            findings: findings::at(&around.findings, code).into_iter().cloned().collect(),
            right,
        }
    });
    asked.collect()
}

pub(super) fn about(tongue: Tongue, typed: &Typed, faults: &Faults, around: &Around<'_>) -> Vec<Asked> {
    let names = names::Words::of(tongue);
    let asked = ABOUT.into_iter().map(|part| {
        let mine = typed.get(&typing::part_name(part)).to_owned();
        let other = around.other.map(|(other, _)| typing::shown(other, part)).filter(|other| *other != mine);
        Asked {
            field: typing::field(part, names).filled(typed, faults),
            beside: other.map(|other| changed(tongue, tongue.code(), &mine, &other)),
            findings: findings::at(&around.findings, part.name()).into_iter().cloned().collect(),
            right: None,
        }
    });
    asked.collect()
}

/// The form of a tip that is there.
fn form(
    desk: &Desk,
    signed: &Signed,
    leaf: &Leaf,
    typed: &Typed,
    faults: &Faults,
    around: Around<'_>,
) -> Page {
    let words = Words::of(signed.tongue);
    let back = format!("/console/library/tips/{}", leaf.tip);
    let (texts, about) = (
        texts(desk, signed.tongue, leaf, typed, faults, &around),
        about(signed.tongue, typed, faults, &around),
    );
    let placed = |finding: &Finding| {
        leaf.words.contains_key(&finding.place)
            || texts.iter().any(|text| text.field.name == typing::text_name(&finding.place))
            || ABOUT.iter().any(|part| part.name() == finding.place)
    };
    let other: Vec<Finding> = around.findings.iter().filter(|one| !placed(one)).cloned().collect();
    Page {
        shell: signed.shell(&fill(words.change, &[("tip", &leaf.tip)])),
        heading: Heading::of(words.change, &leaf.tip),
        words,
        above: (back.clone(), leaf.tip.clone()),
        program: leaf.program.clone(),
        where_: desk
            .table
            .shelf
            .tip(&leaf.tip)
            .map(|flat| names::Words::of(signed.tongue).place(flat))
            .unwrap_or_default(),
        action: format!("{back}/edit"),
        back,
        seen: around.seen,
        cautions: around.cautions,
        others: around.others,
        beside: around.other.map_or("", |(_, called)| called),
        hint: hint(words),
        place: Vec::new(),
        texts,
        about,
        other,
        hidden: Vec::new(),
    }
}

pub(super) fn hint(words: &Words) -> String {
    let places = [
        ("program", "{program}"),
        ("contact", "{contact}"),
        ("emergency", "{emergency}"),
        ("place", "{place.wic}"),
    ];
    fill(words.words_hint, &places)
}

/// Opens the form of a tip.
pub async fn open(Extracted(site): Extracted<Site>, signed: Signed, Path(tip): Path<String>) -> super::Shown {
    let desk = super::desk(&site).await?;
    reached(&site, &signed, Right::Author, &desk, &tip).await?;
    authoring::check(&desk.table).await?;
    let words = Words::of(signed.tongue);
    let sheet = authoring::sheet(&site.service, &desk, &tip).await?.ok_or(Refusal::NotFound)?;
    let mut cautions = Vec::new();
    let others = others_of(&signed, authoring::open(&site.service, &tip, &signed.actor()).await?);
    let edition = sheet.edition.clone().filter(|_| sheet.conflict());
    if sheet.conflict() {
        cautions.push(words.conflict.to_owned());
    }
    let (seen, leaf) = (sheet.seen(), sheet.now);
    let languages = desk.table.shelf.languages(&leaf.program).unwrap_or_default();
    let around = Around {
        cautions,
        others,
        other: edition.as_ref().map(|edition| (edition, words.in_force)),
        findings: findings::of(desk.table.faults_of(&tip), languages, signed.tongue),
        seen,
    };
    page(&form(&desk, &signed, &leaf, &typing::filled(&leaf, languages), &Faults::default(), around))
}

fn others_of(signed: &Signed, others: Vec<String>) -> Others {
    let words = Words::of(signed.tongue);
    Others { others: others.iter().map(|who| fill(words.others, &[("who", who)])).collect() }
}

/// Who else has it open by now. It is asked while a form is open: who asks has it open as well.
pub async fn others(
    Extracted(site): Extracted<Site>,
    signed: Signed,
    Path(tip): Path<String>,
) -> super::Shown {
    let desk = super::desk(&site).await?;
    reached(&site, &signed, Right::Author, &desk, &tip).await?;
    let others = authoring::open(&site.service, &tip, &signed.actor()).await?;
    page(&others_of(&signed, others))
}

/// Saves it.
pub async fn save(
    Extracted(site): Extracted<Site>,
    signed: Signed,
    Path(tip): Path<String>,
    typed: Typed,
) -> super::Shown {
    let desk = super::desk(&site).await?;
    let leaf = reached(&site, &signed, Right::Author, &desk, &tip).await?;
    let (tongue, words) = (signed.tongue, Words::of(signed.tongue));
    let languages = desk.table.shelf.languages(&leaf.program).unwrap_or_default();
    let mut faults = Faults::default();
    let change = typing::change(&leaf, languages, &typed, tongue, &mut faults);
    let again = |faults: &Faults, around: Around<'_>| {
        unsaved(&form(&desk, &signed, &leaf, &typed, faults, around), StatusCode::UNPROCESSABLE_ENTITY)
    };
    if !faults.is_empty() {
        return again(&faults, Around { seen: typed.get("seen").to_owned(), ..Around::default() });
    }
    let seen = Seen::of(typed.get("seen"));
    match authoring::save(&site.service, &signed.actor(), change, seen).await {
        Ok(saved) => {
            authoring::close(&site.service, &tip, &signed.actor()).await?;
            signed.tell(if saved == Saved::Same { words.same } else { words.saved }).await?;
            Ok(Redirect::to(&format!("/console/library/tips/{tip}")).into_response())
        }
        Err(Refused::Overtaken(theirs)) => {
            let around = Around {
                cautions: vec![words.overtaken.to_owned()],
                other: Some((&theirs, words.theirs)),
                seen: format!("{} {}", theirs.mark(), seen.edition),
                ..Around::default()
            };
            again(&faults, around)
        }
        Err(Refused::Unseen(edition)) => {
            let mark = edition.as_ref().map(|edition| edition.mark()).unwrap_or_default();
            let around = Around {
                cautions: vec![words.conflict.to_owned()],
                other: edition.as_deref().map(|edition| (edition, words.in_force)),
                seen: format!("{} {mark}", seen.tip),
                ..Around::default()
            };
            again(&faults, around)
        }
        Err(other) => {
            let cautions = vec![refused::told(tongue, other)?];
            again(&faults, Around { cautions, seen: typed.get("seen").to_owned(), ..Around::default() })
        }
    }
}

pub(super) fn unsaved(form: &Page, status: StatusCode) -> super::Shown {
    let mut response = page(form)?;
    *response.status_mut() = status;
    Ok(response)
}

#[cfg(test)]
pub(super) fn samples(tongue: Tongue) -> Vec<(&'static str, Box<dyn askama::DynTemplate>)> {
    let words = Words::of(tongue);
    let mut faults = Faults::default();
    faults.add("text-en", words.too_long);
    let typed = Typed::of([("text-en", "Your <López> baby".to_owned())]);
    let asked = || Asked {
        field: Field::new(Kind::Lines(4), "text-en", "English").counted().filled(&typed, &faults),
        beside: Some(changed(tongue, "en", "Your <López> baby", "<b>@")),
        findings: Vec::new(),
        right: Some(Field::new(Kind::Tick, "right-es", "es").optional()),
    };
    vec![(
        "edit",
        Box::new(Page {
            shell: Shell::sample(tongue, words.new, "/console/library/new"),
            heading: Heading::of(words.change, "a<López>"),
            words,
            above: ("/console/library".to_owned(), "Library: <López>".to_owned()),
            program: "text4baby-us".to_owned(),
            where_: "Pregnancy <López>".to_owned(),
            action: "/console/library/new".to_owned(),
            back: "/console/library".to_owned(),
            seen: "mark".to_owned(),
            cautions: vec![words.conflict.to_owned()],
            others: Others { others: vec!["<López> has it open".to_owned()] },
            beside: words.theirs,
            hint: "hint".to_owned(),
            place: vec![Field::line("id", words.id).hint(words.id_hint)],
            texts: vec![asked(), asked()],
            about: vec![Asked { right: None, ..asked() }],
            other: vec![Finding {
                check: "tip-id",
                error: false,
                said: Some("<López>"),
                message: "<López>".to_owned(),
                place: String::new(),
            }],
            hidden: vec![("program", "a<López>".to_owned())],
        }),
    )]
}
