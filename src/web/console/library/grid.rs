//! The grid: weeks by language, for each program and track. At a glance: what is missing, in draft, left behind,
//! approved, about to expire.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Query, State as Extracted};
use chrono::{Days, NaiveDate, Weekday};
use serde::Deserialize;

use super::names;
use super::state::{self, Shown, State};
use crate::domain::role::Right;
use crate::flows::authoring::{self, Desk};
use crate::library::book::language_name;
use crate::library::desk::Leaf;
use crate::library::{Field, FlatTip};
use crate::web::Site;
use crate::web::console::access::Signed;
use crate::web::console::form::{Faults, Typed};
use crate::web::console::shell::Shell;
use crate::web::console::tongue::{Tongue, fill, words};
use crate::web::console::{form, page};

words! {
    /// What the page says.
    pub Words {
        title: "Library", "Biblioteca", "Библиотека";
        lead: "All texts by week and language, with changes not yet published. Edition in force: {n}. Mothers get only what is signed.", "Todos los mensajes por semana e idioma, con los cambios aún sin publicar. Edición vigente: {n}. Las madres solo reciben lo firmado.", "Все сообщения по неделям и языкам, вместе с ещё не опубликованными изменениями. Действует издание {n}. Мамы получают только подписанное.";
        program: "Program", "Programa", "Программа";
        show: "Show", "Mostrar", "Показать";
        tracks: "Parts of the program", "Partes del programa", "Разделы программы";
        when: "When", "Cuándo", "Когда";
        legend: "What the signs mean", "Qué significan los signos", "Что означают знаки";
        grid: "Tips by week and language", "Consejos por semana e idioma", "Советы по неделям и языкам";
        lack: "{place}, {n}, {language}: missing", "{place}, {n}, {language}: falta", "{place}, {n}, {language}: нет текста";
        cell: "{place}, {n}, {language}: {state}", "{place}, {n}, {language}: {state}", "{place}, {n}, {language}: {state}";
        list: "List and search", "Lista y búsqueda", "Список и поиск";
        preview: "Preview", "Vista previa", "Предпросмотр";
        exchange: "Spreadsheets and translations", "Hojas de cálculo y traducciones", "Таблицы и переводы";
        files: "Replies and other files", "Respuestas y otros archivos", "Ответы и другие файлы";
        new: "New tip", "Nuevo consejo", "Новый совет";
        nothing: "There is no tip here yet.", "Todavía no hay ningún consejo aquí.", "Здесь пока нет ни одного совета.";
        none: "You work for no program whose texts are written here.", "Usted no trabaja en ningún programa cuyos mensajes se escriban aquí.", "Нет программы, с сообщениями которой вы здесь работаете.";
    }
}

/// The page.
#[derive(Template)]
#[template(path = "web/console/library/grid.html")]
struct Page {
    shell: Shell,
    words: &'static Words,
    lead: String,
    fields: Vec<form::Field>,
    track: String,
    tabs: Vec<(String, &'static str, bool)>,
    languages: Vec<(String, String)>,
    parts: Vec<Vec<Row>>,
    legend: Vec<(Shown, String)>,
    may_write: bool,
    program: String,
}

/// A week, a text of the pack, a kind of loss.
struct Row {
    name: String,
    cells: Vec<Vec<Cell>>,
}

/// A tip in a language.
struct Cell {
    link: Option<String>,
    state: Shown,
    number: String,
    told: String,
}

/// What is asked for.
#[derive(Deserialize, Default)]
pub struct Asked {
    #[serde(default)]
    program: String,
    #[serde(default)]
    track: String,
}

/// Shows it.
pub async fn show(
    Extracted(site): Extracted<Site>,
    signed: Signed,
    Query(asked): Query<Asked>,
) -> super::Shown {
    signed.need(Right::Browse)?;
    let words = Words::of(signed.tongue);
    let programs = super::programs(&site, &signed, Right::Browse);
    let desk = super::desk(&site).await?;
    let lead = fill(words.lead, &[("n", &signed.tongue.number(desk.edition))]);
    let Some(program) = super::chosen(&site, &signed, &programs, &asked.program).await? else {
        let page_ = Page {
            shell: signed.shell(words.title),
            words,
            lead: words.none.to_owned(),
            fields: Vec::new(),
            track: String::new(),
            tabs: Vec::new(),
            languages: Vec::new(),
            parts: Vec::new(),
            legend: Vec::new(),
            may_write: false,
            program: String::new(),
        };
        return page(&page_);
    };
    authoring::check(&desk.table).await?;
    let tracks = names::tracks(signed.tongue);
    let track = tracks.iter().find(|(name, _)| *name == asked.track).map_or("pregnancy", |(name, _)| name);
    let tabs = tracks.iter().map(|(name, called)| {
        let query = super::query(&[("program", &program), ("track", name)]);
        (format!("/console/library?{query}"), *called, *name == track)
    });
    let choices = programs.iter().map(|id| (id.clone(), super::called(&site, id))).collect();
    let typed = Typed::of([("program", program.clone())]);
    let field = form::Field::choice("program", words.program, choices).filled(&typed, &Faults::default());
    let may_write = signed.may_in(Right::Author, &program);
    let today = site.service.now().date_naive();
    let view = View { site: &site, desk: &desk, tongue: signed.tongue, program: &program, may_write, today };
    let (rows, counts) = view.rows(track);
    let states = state::Words::of(signed.tongue);
    let legend = State::ALL.iter().filter_map(|state| {
        let count = counts.get(state)?;
        Some((Shown::of(*state, states), signed.tongue.number(*count)))
    });
    let languages = view.languages().into_iter().map(|code| (code.clone(), language_name(&code).to_owned()));
    page(&Page {
        shell: signed.shell(words.title),
        words,
        lead,
        fields: vec![field],
        track: track.to_owned(),
        tabs: tabs.collect(),
        languages: languages.collect(),
        parts: parts(rows),
        legend: legend.collect(),
        may_write,
        program: program.clone(),
    })
}

/// Side by side on a wide screen, below each other on a narrow one.
fn parts(rows: Vec<Row>) -> Vec<Vec<Row>> {
    let high = rows.len().div_ceil(3).max(8);
    let mut parts: Vec<Vec<Row>> = Vec::new();
    for row in rows {
        match parts.last_mut().filter(|part| part.len() < high) {
            Some(part) => part.push(row),
            None => parts.push(vec![row]),
        }
    }
    parts
}

/// What the grid is made from.
struct View<'a> {
    site: &'a Site,
    desk: &'a Desk,
    tongue: Tongue,
    program: &'a str,
    may_write: bool,
    today: NaiveDate,
}

impl View<'_> {
    fn languages(&self) -> Vec<String> {
        self.desk.table.shelf.languages(self.program).unwrap_or_default().to_vec()
    }

    fn rows(&self, track: &str) -> (Vec<Row>, BTreeMap<State, i64>) {
        // A row by its place, and its tips by their number.
        let mut places: BTreeMap<(i64, String), Vec<&FlatTip>> = BTreeMap::new();
        for week in self.weeks(track) {
            places.entry((week, String::new())).or_default();
        }
        for tip in self.desk.table.shelf.tips_of(self.program) {
            let family = tip.value(Field::Reader) == "family";
            if family != (track == "family") || !family && tip.value(Field::Track) != track {
                continue;
            }
            let number = |field| tip.value(field).parse::<i64>().unwrap_or_default();
            let key = match tip.value(Field::Track) {
                "pregnancy" | "baby" if !family => (number(Field::Week), String::new()),
                "starter" if !family => (number(Field::Slot), String::new()),
                "loss" => (0, tip.value(Field::Loss).to_owned()),
                _ if family => (number(Field::Week), tip.value(Field::Track).to_owned()),
                _ => (0, String::new()),
            };
            places.entry(key).or_default().push(tip);
        }
        let mut counts = BTreeMap::new();
        let languages = self.languages();
        let rows = places.into_iter().map(|((week, of), tips)| {
            let name = self.name(track, week, &of);
            let cells =
                languages.iter().map(|language| self.cells(track, week, &name, language, &tips, &mut counts));
            Row { cells: cells.collect(), name }
        });
        (rows.collect(), counts)
    }

    fn name(&self, track: &str, week: i64, of: &str) -> String {
        let names = names::Words::of(self.tongue);
        let number = week.to_string();
        match (track, of) {
            ("pregnancy" | "baby", _) => fill(names.week, &[("n", &number)]),
            ("starter", _) => fill(names.text, &[("n", &number)]),
            ("loss", of) => names.value(Field::Loss, of),
            ("family", of @ ("pregnancy" | "baby")) => {
                let week = fill(names.week, &[("n", &number)]);
                format!("{}, {}", names.value(Field::Track, of), week.to_lowercase())
            }
            ("family", of) => names.value(Field::Track, of),
            (track, _) => names.value(Field::Track, track),
        }
    }

    /// The weeks of a track: a week without any tip has a row as well.
    fn weeks(&self, track: &str) -> std::ops::RangeInclusive<i64> {
        match track {
            "pregnancy" => 4..=43,
            "baby" => 0..=51,
            #[expect(clippy::reversed_empty_ranges, reason = "no weeks")]
            _ => 1..=0,
        }
    }

    /// How many tips a week should have: an ordinary one, far from any holiday rule.
    fn due(&self, track: &str, week: i64) -> u32 {
        let edition = self.site.service.shelf.edition();
        let Some(program) = edition.library.program(self.program) else { return 0 };
        let cadence = match track {
            "pregnancy" => &program.timetable.pregnancy,
            "baby" => &program.timetable.baby,
            _ => return 0,
        };
        // Of the last week of pregnancy only the first day has a tip.
        if track == "pregnancy" && week == 43 {
            return 1;
        }
        let monday = NaiveDate::from_isoywd_opt(2026, 20, Weekday::Mon).unwrap_or_default();
        cadence.count_between(monday, monday + Days::new(6))
    }

    fn cells(
        &self,
        track: &str,
        week: i64,
        name: &str,
        language: &str,
        tips: &[&FlatTip],
        counts: &mut BTreeMap<State, i64>,
    ) -> Vec<Cell> {
        let (words, states) = (Words::of(self.tongue), state::Words::of(self.tongue));
        let mut cells: Vec<(u32, Cell)> = Vec::new();
        for (place, tip) in tips.iter().enumerate() {
            let leaf = Leaf::of(tip);
            let state = State::of(self.desk, &leaf, language, self.today, true);
            *counts.entry(state).or_default() += 1;
            let slot = tip.value(Field::Slot).parse::<u32>().unwrap_or(place as u32 + 1);
            let number = if track == "starter" { String::new() } else { slot.to_string() };
            let state = Shown::of(state, states);
            let called = [("place", name), ("n", &number), ("language", language), ("state", state.word)];
            let told = fill(words.cell, &called).replace(", , ", ", ");
            let link = Some(format!("/console/library/tips/{}#{language}", tip.id));
            cells.push((slot, Cell { link, state, number, told }));
        }
        for slot in 1..=self.due(track, week) {
            if cells.iter().any(|(known, _)| *known == slot) {
                continue;
            }
            *counts.entry(State::Missing).or_default() += 1;
            let (number, week) = (slot.to_string(), week.to_string());
            let asked =
                [("program", self.program), ("track", track), ("week", &week), ("slot", number.as_str())];
            let link = format!("/console/library/new?{}", super::query(&asked));
            let told = fill(words.lack, &[("place", name), ("n", &number), ("language", language)]);
            let state = Shown::of(State::Missing, states);
            cells.push((slot, Cell { link: self.may_write.then_some(link), state, number, told }));
        }
        cells.sort_by_key(|(slot, _)| *slot);
        cells.into_iter().map(|(_, cell)| cell).collect()
    }
}

#[cfg(test)]
pub(super) fn samples(tongue: Tongue) -> Vec<(&'static str, Box<dyn askama::DynTemplate>)> {
    let words = Words::of(tongue);
    let state = |state| Shown::of(state, state::Words::of(tongue));
    let cell = |of, link: Option<&str>| Cell {
        link: link.map(str::to_owned),
        state: state(of),
        number: "1".to_owned(),
        told: "Week 4, 1, en: <López>".to_owned(),
    };
    let row = || Row {
        name: "Week 4 <López>".to_owned(),
        cells: vec![
            vec![cell(State::Draft, Some("/console/library/tips/a#en"))],
            vec![cell(State::Missing, None)],
        ],
    };
    vec![(
        "grid",
        Box::new(Page {
            shell: Shell::sample(tongue, words.title, "/console/library"),
            words,
            lead: "Edition 3".to_owned(),
            fields: Vec::new(),
            track: "pregnancy".to_owned(),
            tabs: vec![("/console/library?track=baby".to_owned(), "Baby <López>", true)],
            languages: vec![("en".to_owned(), "English".to_owned()), ("es".to_owned(), "Español".to_owned())],
            parts: parts((0..40).map(|_| row()).collect()),
            legend: vec![(state(State::Draft), "12".to_owned())],
            may_write: true,
            program: "text4baby-us".to_owned(),
        }),
    )]
}
