//! Finds a mother by her number, which never stands in an address.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};

use super::Mother;
use super::named;
use super::sight::{consented, consented_by_name};
use crate::domain::phone::PhoneNumber;
use crate::domain::role::Right;
use crate::flows::auditing::{self, Object};
use crate::flows::erasing;
use crate::flows::senders::Audience;
use crate::store::erasures::Proof;
use crate::store::mothers as store;
use crate::web::Site;
use crate::web::console::access::Signed;
use crate::web::console::form::{Faults, Field, Kind, Typed};
use crate::web::console::refusal::Refusal;
use crate::web::console::shell::Shell;
#[cfg(test)]
use crate::web::console::tongue::Tongue;
use crate::web::console::tongue::{fill, words};
use crate::web::console::{Shown, page};

/// A number has no fewer figures, and no more.
const FIGURES: std::ops::RangeInclusive<usize> = 7..=15;

words! {
    /// What is said here.
    pub Words {
        title: "Find a mother", "Buscar a una madre", "Найти маму";
        lead: "By her phone number, written as you have it. Every search is written down with your name.", "Por su número de teléfono, escrito como usted lo tenga. Cada búsqueda queda anotada con su nombre.", "По номеру телефона, в любом виде. Каждый поиск записывается вместе с вашим именем.";
        number: "Phone number", "Número de teléfono", "Номер телефона";
        hint: "For example {example}.", "Por ejemplo, {example}.", "Например, {example}.";
        find: "Find", "Buscar", "Найти";
        empty: "Write the number.", "Escriba el número.", "Введите номер.";
        no_figures: "There are no figures in it.", "No contiene cifras.", "Здесь нет цифр.";
        letters: "It holds letters: write figures only.", "Contiene letras: escriba solo cifras.", "Здесь есть буквы: введите только цифры.";
        too_short: "It is too short: it has {n} figures. Write it with its area code.", "Es demasiado corto: tiene {n} cifras. Escríbalo con el código de área.", "Номер слишком короткий, цифр в нём: {n}. Введите его с кодом оператора или города.";
        too_long: "It is too long: it has {n} figures, and no number has more than 15.", "Es demasiado largo: tiene {n} cifras y ningún número tiene más de 15.", "Номер слишком длинный, цифр в нём: {n}, а больше 15 не бывает.";
        no_number: "No phone has this number in {countries}. Check the figures; a number of another country begins with + and the country code.", "Ningún teléfono tiene este número en {countries}. Revise las cifras; un número de otro país empieza con + y el código del país.", "В {countries} нет телефонов с таким номером. Проверьте цифры; номер другой страны начинается с + и кода страны.";
        not_found: "We hold nobody with this number, or she belongs to a program that you do not work for. If she has never written to us, she is not known. Check the figures, or ask her for the number she writes from.", "No tenemos a nadie con este número, o ella es de un programa en el que usted no trabaja. Si nunca nos ha escrito, no la conocemos. Revise las cifras o pregúntele desde qué número escribe.", "У нас нет никого с этим номером, либо она участвует в программе, в которой вы не работаете. Если она никогда нам не писала, мы её не знаем. Проверьте цифры или спросите, с какого номера она пишет.";
        erased: "Her data was erased", "Sus datos se borraron", "Её данные удалены";
        erased_advice: "Whoever had this number asked us to erase what we held of her, and it was done. Nothing can be brought back, and nobody may enroll her again but she herself. What remains is the proof below; it holds no number.", "Quien tenía este número pidió que borráramos lo que guardábamos, y así se hizo. No se puede recuperar nada, y nadie más que ella puede volver a inscribirla. Queda la constancia de abajo, que no contiene el número.", "Владелица этого номера попросила удалить всё, что мы о ней хранили, и это сделано. Восстановить ничего нельзя, и записаться снова может только она сама. Остались подтверждения ниже; номера в них нет.";
        when: "When", "Cuándo", "Когда";
        what: "What", "Qué", "Что";
        program: "Program", "Programa", "Программа";
        every: "all", "todos", "все";
    }
}

#[derive(Template)]
#[template(path = "web/console/mothers/find.html")]
struct Page {
    shell: Shell,
    words: &'static Words,
    field: Field,
    not_found: bool,
    proofs: Vec<Line>,
}

/// What is proved.
struct Line {
    at: String,
    what: &'static str,
    program: String,
}

pub(super) async fn form(State(site): State<Site>, signed: Signed) -> Shown {
    signed.need(Right::Read)?;
    page(&Page::new(&site, &signed, &Typed::default(), &Faults::default()))
}

pub(super) async fn find(State(site): State<Site>, signed: Signed, typed: Typed) -> Shown {
    signed.need(Right::Read)?;
    let words = Words::of(signed.tongue);
    let countries = countries(&site, &signed);
    let numbers = numbers(&site, &countries, typed.get("number"));
    if numbers.is_empty() {
        let mut faults = Faults::default();
        faults.add("number", what_is_wrong(words, typed.get("number"), &countries));
        let page = page(&Page::new(&site, &signed, &typed, &faults))?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    let mut tx = site.service.database.read().await?;
    let mut found = Vec::new();
    let mut proofs = Vec::new();
    for number in &numbers {
        match store::by_phone(&mut tx, number).await? {
            Some(her) => found.push(Mother::of(&site, &mut tx, her).await?),
            None => proofs.extend(erasing::proofs(&site.service, &mut tx, number).await?),
        }
    }
    drop(tx);
    for mother in found {
        let programs = mother.programs.iter().map(String::as_str);
        match signed.reach_any(&site, Right::Read, programs, "a search by number").await {
            Ok(()) => {
                let mother = mother.within(&signed, Right::Read);
                mother.seen(&site, &signed, "find mother", "found").await?;
                return Ok(Redirect::to(&mother.path()).into_response());
            }
            Err(Refusal::NotFound) => {}
            Err(other) => return Err(other),
        }
    }
    let proofs = theirs(&site, &signed, proofs).await?;
    let came_to = if proofs.is_empty() { "nobody" } else { "erased" };
    auditing::saw(&site.service, &signed.actor(), "find mother", Object::default(), came_to).await?;
    let mut shown = Page::new(&site, &signed, &typed, &Faults::default());
    shown.not_found = proofs.is_empty();
    shown.proofs = proofs.iter().map(|proof| line(&site, &signed, words, proof)).collect();
    page(&shown)
}

impl Page {
    fn new(site: &Site, signed: &Signed, typed: &Typed, faults: &Faults) -> Self {
        let words = Words::of(signed.tongue);
        let russian = !countries(site, signed).iter().any(|country| country == "US");
        let example = if russian { "8 916 123-45-67" } else { "(202) 555-0143" };
        let hint = fill(words.hint, &[("example", example)]);
        let field = Field::new(Kind::Line("tel"), "number", words.number).hint(&hint).filled(typed, faults);
        Self { shell: signed.shell(words.title), words, field, not_found: false, proofs: Vec::new() }
    }
}

/// The countries of the programs that somebody works for.
fn countries(site: &Site, signed: &Signed) -> Vec<String> {
    let edition = site.service.shelf.edition();
    let programs = signed.programs(site, Right::Read);
    let mut countries: Vec<String> = Vec::new();
    for program in programs.iter().filter_map(|id| edition.library.program(id)) {
        for country in &program.countries {
            if !countries.contains(country) {
                countries.push(country.clone());
            }
        }
    }
    countries
}

/// Every number that this can be, as somebody in any of these countries writes it.
fn numbers(site: &Site, countries: &[String], typed: &str) -> Vec<PhoneNumber> {
    let mut numbers: Vec<PhoneNumber> = PhoneNumber::parse(typed, None).into_iter().collect();
    for number in countries.iter().filter_map(|country| PhoneNumber::parse(typed, Some(country))) {
        if !numbers.contains(&number) {
            numbers.push(number);
        }
    }
    // Made-up numbers are nobody's; only the rehearsal gateway carries them.
    let rehearses = site.service.senders.iter().any(|sender| sender.audience == Audience::Rehearsal);
    if numbers.is_empty() && rehearses {
        numbers.extend(PhoneNumber::from_e164(typed));
    }
    numbers
}

fn what_is_wrong(words: &Words, typed: &str, countries: &[String]) -> String {
    let figures = typed.chars().filter(char::is_ascii_digit).count();
    let n = figures.to_string();
    match figures {
        _ if typed.is_empty() => words.empty.to_owned(),
        0 => words.no_figures.to_owned(),
        _ if typed.chars().any(char::is_alphabetic) => words.letters.to_owned(),
        few if few < *FIGURES.start() => fill(words.too_short, &[("n", &n)]),
        many if many > *FIGURES.end() => fill(words.too_long, &[("n", &n)]),
        _ => fill(words.no_number, &[("countries", &countries.join(", "))]),
    }
}

/// Of what is proved, that which somebody may see: of a program that is not theirs it is not there, as a living woman of
/// it would not be, and that they tried is written down. What ended everything on that phone is shown beside the rest.
async fn theirs(site: &Site, signed: &Signed, mut proofs: Vec<Proof>) -> Result<Vec<Proof>, Refusal> {
    if proofs.is_empty() {
        return Ok(proofs);
    }
    let programs = proofs.iter().filter_map(|proof| proof.program.as_deref().map(consented));
    match signed.reach_any(site, Right::Read, programs, "a search by number").await {
        Ok(()) => {}
        Err(Refusal::NotFound) => return Ok(Vec::new()),
        Err(other) => return Err(other),
    }
    let of_theirs = |program: &str| signed.may_in(Right::Read, consented(program));
    proofs.retain(|proof| proof.program.as_deref().is_none_or(of_theirs));
    Ok(proofs)
}

fn line(site: &Site, signed: &Signed, words: &Words, proof: &Proof) -> Line {
    let edition = site.service.shelf.edition();
    let named = |program: &str| consented_by_name(signed.tongue, &edition.library, program);
    Line {
        at: signed.tongue.moment(proof.at, signed.zone),
        what: named::consent(signed.tongue, &proof.action),
        program: proof.program.as_deref().map_or_else(|| words.every.to_owned(), named),
    }
}

#[cfg(test)]
pub(super) fn samples(tongue: Tongue) -> Vec<(&'static str, Box<dyn askama::DynTemplate>)> {
    let words = Words::of(tongue);
    let mut faults = Faults::default();
    faults.add("number", fill(words.no_number, &[("countries", "US, RU")]));
    let typed = Typed::of([("number", "\"<López>".to_owned())]);
    let field = |faults: &Faults| Field::line("number", words.number).filled(&typed, faults);
    let shell = || Shell::sample(tongue, words.title, "/console/mothers");
    let proof = Line {
        at: "24 Nov 2026, 14:05".to_owned(),
        what: named::consent(tongue, "erased"),
        program: "<López>".to_owned(),
    };
    vec![
        (
            "find, wrong",
            Box::new(Page {
                shell: shell(),
                words,
                field: field(&faults),
                not_found: true,
                proofs: Vec::new(),
            }),
        ),
        (
            "find, erased",
            Box::new(Page {
                shell: shell(),
                words,
                field: field(&Faults::default()),
                not_found: false,
                proofs: vec![proof],
            }),
        ),
    ]
}
