//! How it looks on her phone: any week, any language, with what is filled in where she lives. The planner that serves her
//! names the tips.

use askama::Template;
use axum::extract::{Query, State as Extracted};
use axum::http::StatusCode;
use chrono::{Days, Months, NaiveDate};
use serde::Deserialize;
use uuid::Uuid;

use super::names;
use crate::domain::calendar::Whereabouts;
use crate::domain::conversation::Guide;
use crate::domain::gestation::{Anchor, Loss, PREGNANCY_DAYS, Track, stage_on};
use crate::domain::language::Language;
use crate::domain::plan::{Reader, Support, occurrences};
use crate::domain::role::Right;
use crate::flows::authoring;
use crate::flows::planning::course;
use crate::library::book::language_name;
use crate::library::{Carries, Field as Part, Listener, Program};
use crate::web::Site;
use crate::web::console::access::Signed;
use crate::web::console::form::{Faults, Field, Kind, Typed};
use crate::web::console::page;
use crate::web::console::refusal::Refusal;
use crate::web::console::shell::Shell;
use crate::web::console::stages;
use crate::web::console::tongue::{Tongue, fill, words};

words! {
    /// What the page says.
    pub Words {
        title: "Preview on a phone", "Vista previa en un teléfono", "Предпросмотр на телефоне";
        lead: "What she would get, chosen as the service does it. Unsigned texts are shown too.", "Lo que ella recibiría, elegido como lo hace el servicio. También se muestra lo no firmado.", "Что она получила бы: выбор такой же, как у службы. Показано и неподписанное.";
        program: "Program", "Programa", "Программа";
        language: "Language", "Idioma", "Язык";
        track: "When", "Cuándo", "Когда";
        week: "Week", "Semana", "Неделя";
        day: "Day", "Día", "День";
        whole: "the whole week", "toda la semana", "вся неделя";
        nth: "day {n} of the week", "día {n} de la semana", "{n}-й день недели";
        name: "Her name", "Nombre de ella", "Её имя";
        name_hint: "Shown only above the phone; left empty, it is María. No text contains a name.", "Solo se ve sobre el teléfono; si queda vacío, es María. Ningún mensaje lleva nombre.", "Видно только над телефоном; если не указать, будет María. В сообщениях имени нет.";
        place: "Where she lives", "Dónde vive", "Где она живёт";
        place_hint: "As she would text it: a ZIP code, a postcode, a city.", "Como lo escribiría ella: un código postal o una ciudad.", "Как она написала бы: индекс или город.";
        unknown_place: "Nobody would find that place: she gets the words of the whole country.", "Nadie encontraría ese lugar: recibe las palabras de todo el país.", "Такое место не найти: она получит общие для страны слова.";
        reader: "Who reads", "Quién lee", "Кто читает";
        tip: "One tip", "Un consejo", "Один совет";
        tip_hint: "Its id. Leave empty to see the whole week.", "Su identificador. Déjelo vacío para ver la semana.", "Его код. Оставьте пустым, чтобы увидеть всю неделю.";
        show: "Show", "Mostrar", "Показать";
        phone: "The phone of {name}", "El teléfono de {name}", "Телефон: {name}";
        nothing: "Nothing comes then.", "No llega nada entonces.", "В это время ничего не приходит.";
        no_tip: "A tip is due, and there is none for her.", "Toca un consejo y no hay ninguno para ella.", "Здесь должен быть совет, но его для неё нет.";
        segments: "{n} SMS|{n} SMS", "{n} SMS|{n} SMS", "{n} SMS|{n} SMS|{n} SMS";
        unknown_tip: "There is no tip with this id in this program.", "No hay ningún consejo con este identificador en este programa.", "В этой программе нет совета с таким кодом.";
        broken: "What is in force has errors of its own and cannot be shown.", "Lo que está en vigor tiene errores y no se puede mostrar.", "В действующем издании есть ошибки, показать его нельзя.";
        left_out: "Left out, because the checks find errors in them: {tips}", "Se dejaron fuera porque tienen errores: {tips}", "Не показаны, потому что в них есть ошибки: {tips}";
        back: "Library", "Biblioteca", "Библиотека";
    }
}

/// A text on the phone.
struct Shown {
    when: String,
    words: Option<String>,
    tip: String,
    about: String,
}

/// The page.
#[derive(Template)]
#[template(path = "web/console/library/preview.html")]
struct Page {
    shell: Shell,
    words: &'static Words,
    fields: Vec<Field>,
    phone: String,
    language: String,
    texts: Vec<Shown>,
    cautions: Vec<String>,
    program: String,
}

/// What is asked for.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Asked {
    program: String,
    language: String,
    track: String,
    week: String,
    day: String,
    name: String,
    place: String,
    reader: String,
    tip: String,
}

/// Shows it.
pub async fn show(
    Extracted(site): Extracted<Site>,
    signed: Signed,
    Query(asked): Query<Asked>,
) -> super::Shown {
    signed.need(Right::Browse)?;
    let (tongue, words) = (signed.tongue, Words::of(signed.tongue));
    let programs = super::programs(&site, &signed, Right::Browse);
    let id = super::chosen(&site, &signed, &programs, &asked.program).await?.ok_or(Refusal::Forbidden)?;
    let desk = super::desk(&site).await?;
    authoring::check(&desk.table).await?;
    let mut cautions = Vec::new();
    let broken: Vec<&str> = desk
        .standings
        .keys()
        .map(String::as_str)
        .filter(|tip| desk.leaf(tip).is_some_and(|leaf| leaf.program == id) && desk.table.is_broken(tip))
        .collect();
    if !broken.is_empty() {
        let tips = broken.join(", ");
        cautions.push(fill(words.left_out, &[("tips", &tips)]));
    }
    let program = desk.table.library().and_then(|library| Some((library, library.program(&id)?)));
    let name = Some(asked.name.trim()).filter(|name| !name.is_empty()).unwrap_or("María").to_owned();
    let mut shown = Page {
        shell: signed.shell(words.title),
        words,
        fields: Vec::new(),
        phone: fill(words.phone, &[("name", &name)]),
        language: String::new(),
        texts: Vec::new(),
        cautions,
        program: id.clone(),
    };
    let Some((library, program)) = program else {
        shown.cautions.push(words.broken.to_owned());
        return page(&shown);
    };
    let language = program.languages.iter().find(|one| one.as_str() == asked.language);
    let language = language.or(program.languages.iter().find(|one| one.as_str() == tongue.code()));
    let language = language.or(program.languages.first()).copied().ok_or(Refusal::NotFound)?;
    let place = asked.place.trim();
    let found = library.place(&id, place);
    if !place.is_empty() && found.is_none() {
        shown.cautions.push(words.unknown_place.to_owned());
    }
    let reader = Reader::named(&asked.reader).unwrap_or(Reader::Mother);
    let her = Her {
        tongue,
        program,
        language,
        area: found.as_ref().and_then(|place| place.area.clone()),
        zone: found.map(|place| place.zone),
        reader,
        today: site.service.now().date_naive(),
    };
    let mut faults = Faults::default();
    let sought = asked.tip.trim();
    if !sought.is_empty() && desk.leaf(sought).is_none_or(|leaf| leaf.program != id) {
        faults.add("tip", words.unknown_tip);
    }
    shown.texts = if asked.tip.trim().is_empty() { her.week(&asked) } else { her.tip(asked.tip.trim()) };
    shown.language = language.to_string();
    shown.fields = fields(&site, tongue, &programs, (program, language), &asked, &faults);
    let mut response = page(&shown)?;
    if !faults.is_empty() {
        *response.status_mut() = StatusCode::NOT_FOUND;
    }
    Ok(response)
}

/// After a loss a few texts come, over so many days.
const AFTER_LOSS: u64 = 60;

/// Who would get it.
struct Her<'a> {
    tongue: Tongue,
    program: &'a Program,
    language: Language,
    area: Option<String>,
    zone: Option<chrono_tz::Tz>,
    reader: Reader,
    today: NaiveDate,
}

impl Her<'_> {
    /// What a week brings, or one day of it.
    fn week(&self, asked: &Asked) -> Vec<Shown> {
        let week = asked.week.trim().parse::<u64>().unwrap_or(20).min(52);
        let loss = Loss::ALL.into_iter().find(|loss| asked.track == Track::Loss(*loss).name());
        // The week begins tomorrow.
        let first = self.today + Days::new(1);
        let (anchor, joined) = match asked.track.as_str() {
            "baby" => (Anchor::Born(first - Days::new(week * 7)), first - Days::new(40)),
            "starter" => (Anchor::Due(first + Days::new(140)), first - Days::new(1)),
            // The day before the first birthday.
            "farewell" => (Anchor::Born(first + Days::new(1) - Months::new(12)), first - Days::new(40)),
            _ => {
                let due = first - Days::new(week * 7) + Days::new(PREGNANCY_DAYS.unsigned_abs());
                (Anchor::Due(due), first - Days::new(40))
            }
        };
        let mut course = course(self.program, Uuid::nil(), anchor, joined, self.zone);
        course.terms.support = loss.map(|loss| Support { loss, from: self.today });
        let days = match asked.track.as_str() {
            "starter" => 13,
            "farewell" => 0,
            _ if loss.is_some() => AFTER_LOSS,
            _ => 6,
        };
        let last = first + Days::new(days);
        let day = asked.day.parse::<u64>().ok().filter(|day| *day < 7);
        let only = day.map(|day| first + Days::new(day));
        let area = self.area.as_deref();
        let listener =
            Listener { language: self.language, area, reader: self.reader, carries: Carries::Drafts };
        let zone = match &course.whereabouts {
            Whereabouts::Known(zone) => *zone,
            Whereabouts::Unsure { home, .. } => *home,
        };
        let words = Words::of(self.tongue);
        let due = occurrences(&course, first - Days::new(1)).take_while(|due| due.on <= last);
        due.filter(|due| only.is_none_or(|only| due.on == only))
            .map(|due| {
                let hour = due
                    .at
                    .map_or_else(String::new, |at| at.with_timezone(&zone).format(", %H:%M").to_string());
                let age =
                    stage_on(anchor, due.on).filter(|_| loss.is_none()).map_or_else(String::new, |at| {
                        format!("{} · ", stages::age(self.tongue, at.week, at.day))
                    });
                let when = format!("{age}{}{hour}", self.tongue.weekday(due.on));
                match self.program.choose(&due, &listener, |_| true) {
                    Some((tip, text)) => Shown {
                        when,
                        words: Some(text.body.to_string()),
                        tip: tip.id.to_string(),
                        about: self.tongue.counted(i64::from(text.segments), words.segments),
                    },
                    None => Shown { when, words: None, tip: String::new(), about: String::new() },
                }
            })
            .collect()
    }

    /// One tip.
    fn tip(&self, id: &str) -> Vec<Shown> {
        let found = self.program.find(id).and_then(|tip| Some((tip, tip.texts.get(&self.language)?)));
        let words = Words::of(self.tongue);
        let shown = found.map(|(tip, texts)| {
            let text = texts.in_region(self.area.as_deref());
            Shown {
                when: tip.topic.clone(),
                words: Some(text.body.to_string()),
                tip: tip.id.to_string(),
                about: self.tongue.counted(i64::from(text.segments), words.segments),
            }
        });
        shown.into_iter().collect()
    }
}

fn fields(
    site: &Site,
    tongue: Tongue,
    programs: &[String],
    (program, language): (&Program, Language),
    asked: &Asked,
    faults: &Faults,
) -> Vec<Field> {
    let (words, names) = (Words::of(tongue), names::Words::of(tongue));
    let week = if asked.week.trim().is_empty() { "20" } else { asked.week.trim() };
    let typed = Typed::of([
        ("program", program.id.clone()),
        ("language", language.to_string()),
        ("track", asked.track.clone()),
        ("week", week.to_owned()),
        ("day", asked.day.clone()),
        ("name", asked.name.clone()),
        ("place", asked.place.clone()),
        ("reader", asked.reader.clone()),
        ("tip", asked.tip.clone()),
    ]);
    let of_programs = programs.iter().map(|id| (id.clone(), super::called(site, id))).collect();
    let spoken = program
        .languages
        .iter()
        .map(|one| (one.to_string(), language_name(one.as_str()).to_owned()))
        .collect();
    let tracks = [
        ("pregnancy", names.pregnancy),
        ("baby", names.baby),
        ("starter", names.starter),
        ("farewell", names.farewell),
    ];
    let mut tracks: Vec<_> = tracks.map(|(id, name)| (id.to_owned(), name.to_owned())).into();
    tracks.extend(Loss::ALL.into_iter().map(|loss| {
        let name = format!("{}: {}", names.loss, names.value(Part::Loss, loss.name()));
        (Track::Loss(loss).name().to_owned(), name)
    }));
    let mut days = vec![(String::new(), words.whole.to_owned())];
    days.extend((0..7).map(|day: u8| {
        let told = fill(words.nth, &[("n", &(day + 1).to_string())]);
        (day.to_string(), told)
    }));
    let readers = [("mother", names.reader_mother), ("partner", names.reader_family)];
    let readers = readers.map(|(id, name)| (id.to_owned(), name.to_owned())).into();
    let fields = [
        Field::choice("program", words.program, of_programs),
        Field::choice("language", words.language, spoken),
        Field::choice("track", words.track, tracks),
        Field::new(Kind::Line("number"), "week", words.week),
        Field::choice("day", words.day, days).optional(),
        Field::choice("reader", words.reader, readers),
        Field::line("place", words.place).hint(words.place_hint).optional(),
        Field::line("name", words.name).hint(words.name_hint).optional(),
        Field::line("tip", words.tip).hint(words.tip_hint).optional(),
    ];
    fields.into_iter().map(|field| field.filled(&typed, faults)).collect()
}

#[cfg(test)]
pub(super) fn samples(tongue: Tongue) -> Vec<(&'static str, Box<dyn askama::DynTemplate>)> {
    let words = Words::of(tongue);
    let text = |said: Option<&str>| Shown {
        when: "20+1 · today".to_owned(),
        words: said.map(str::to_owned),
        tip: "us-preg-20".to_owned(),
        about: "1 SMS".to_owned(),
    };
    vec![(
        "preview",
        Box::new(Page {
            shell: Shell::sample(tongue, words.title, "/console/library/preview"),
            words,
            fields: vec![Field::line("name", words.name)],
            phone: "Ana <López>".to_owned(),
            language: "en".to_owned(),
            texts: vec![text(Some("Your <López> baby")), text(None)],
            cautions: vec!["<López>".to_owned()],
            program: "text4baby-us".to_owned(),
        }),
    )]
}
