//! The tips as a list that can be searched.

use askama::Template;
use axum::extract::{Query, State as Extracted};
use axum::response::{IntoResponse, Redirect};
use chrono::NaiveDate;
use serde::Deserialize;

use super::names;
use super::state::{self, Shown, State};
use crate::domain::role::Right;
use crate::flows::authoring::{self, Desk, Progress, progress};
use crate::library::Field as Part;
use crate::library::desk::Leaf;
use crate::web::Site;
use crate::web::console::access::Signed;
use crate::web::console::form::{Faults, Field, Kind, Typed};
use crate::web::console::page;
use crate::web::console::refusal::Refusal;
use crate::web::console::shell::Shell;
use crate::web::console::tongue::{Tongue, fill, words};

/// So many on a page.
const MOST: usize = 60;

words! {
    /// What the page says.
    pub Words {
        title: "Tips", "Consejos", "Советы";
        back: "To the grid", "A la tabla", "К таблице";
        search: "Words, id or topic", "Palabras, identificador o tema", "Слова, код или тема";
        program: "Program", "Programa", "Программа";
        track: "Part of the program", "Parte del programa", "Раздел";
        language: "Language", "Idioma", "Язык";
        state: "State", "Estado", "Состояние";
        every: "All", "Todos", "Все";
        find: "Find", "Buscar", "Найти";
        found: "{n} tip|{n} tips", "{n} consejo|{n} consejos", "{n} совет|{n} совета|{n} советов";
        tip: "Tip", "Consejo", "Совет";
        words: "Text", "Texto", "Текст";
        none: "No tip fits.", "Ningún consejo coincide.", "Ни один совет не подходит.";
        more: "More", "Más", "Ещё";
        choose: "Choose {tip}", "Elegir {tip}", "Выбрать {tip}";
        submit: "Send what is ticked for review", "Enviar a revisión lo marcado", "Отправить отмеченное на проверку";
        submitted: "{n} sent for review|{n} sent for review", "{n} enviado a revisión|{n} enviados a revisión", "{n} отправлен на проверку|{n} отправлены на проверку|{n} отправлены на проверку";
        not_submitted: "not given, because the checks find errors or somebody was faster: {tips}", "no se dieron, porque tienen errores o alguien se adelantó: {tips}", "не отправлены, потому что есть ошибки или кто-то успел раньше: {tips}";
    }
}

/// A tip.
struct Line {
    tip: String,
    place: String,
    topic: String,
    texts: Vec<(String, String, Shown)>,
    /// By which it is given to be reviewed; none: it cannot be, or not by them.
    value: Option<String>,
    choose: String,
}

/// The page.
#[derive(Template)]
#[template(path = "web/console/library/list.html")]
struct Page {
    shell: Shell,
    words: &'static Words,
    fields: Vec<Field>,
    count: String,
    lines: Vec<Line>,
    more: Option<String>,
    grid: String,
    back: String,
}

impl Page {
    /// Whether there is anything to tick.
    fn choosing(&self) -> bool {
        self.lines.iter().any(|line| line.value.is_some())
    }
}

/// What is asked for.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Asked {
    program: String,
    track: String,
    language: String,
    state: String,
    q: String,
    after: String,
}

/// Shows it.
pub async fn show(
    Extracted(site): Extracted<Site>,
    signed: Signed,
    Query(asked): Query<Asked>,
) -> super::Shown {
    signed.need(Right::Browse)?;
    let (tongue, words) = (signed.tongue, Words::of(signed.tongue));
    let (names, states) = (names::Words::of(tongue), state::Words::of(tongue));
    let programs = super::programs(&site, &signed, Right::Browse);
    let program = super::chosen(&site, &signed, &programs, &asked.program).await?.unwrap_or_default();
    let desk = super::desk(&site).await?;
    authoring::check(&desk.table).await?;
    let today = site.service.now().date_naive();
    let languages = desk.table.shelf.languages(&program).unwrap_or_default();
    let wanted: Vec<&String> =
        languages.iter().filter(|code| asked.language.is_empty() || asked.language == **code).collect();
    let sought = asked.q.trim().to_lowercase();
    let state = State::named(&asked.state);
    let mut fitting = Vec::new();
    for tip in desk.table.shelf.tips_of(&program) {
        let family = tip.value(Part::Reader) == "family";
        let track = if family { "family" } else { tip.value(Part::Track) };
        if !asked.track.is_empty() && track != asked.track {
            continue;
        }
        let leaf = Leaf::of(tip);
        let said = || wanted.iter().any(|code| leaf.said(code).to_lowercase().contains(&sought));
        let named = tip.id.contains(&sought) || tip.value(Part::Topic).to_lowercase().contains(&sought);
        if !sought.is_empty() && !named && !said() {
            continue;
        }
        let each: Vec<(String, State)> =
            wanted.iter().map(|code| ((*code).clone(), State::of(&desk, &leaf, code, today, true))).collect();
        if state.is_some_and(|state| each.iter().all(|(_, own)| *own != state)) {
            continue;
        }
        fitting.push((tip, leaf, each));
    }
    let count = tongue.counted(fitting.len() as i64, words.found);
    let from = fitting.iter().position(|(tip, ..)| tip.id == asked.after).map_or(0, |place| place + 1);
    let last = fitting.get(from + MOST - 1).filter(|_| fitting.len() > from + MOST);
    let more = last.map(|(tip, ..)| {
        let query = [
            ("program", program.as_str()),
            ("track", &asked.track),
            ("language", &asked.language),
            ("state", &asked.state),
            ("q", &asked.q),
            ("after", &tip.id),
        ];
        format!("/console/library/list?{}", super::query(&query))
    });
    let writes = signed.may_in(Right::Author, &program);
    let lines = fitting.iter().skip(from).take(MOST).map(|(tip, leaf, each)| Line {
        value: (writes && can_be_reviewed(&desk, leaf, today)).then(|| format!("{} {}", tip.id, leaf.mark())),
        choose: fill(words.choose, &[("tip", &tip.id)]),
        tip: tip.id.clone(),
        place: names.place(tip),
        topic: tip.value(Part::Topic).to_owned(),
        texts: each
            .iter()
            .map(|(code, state)| (code.clone(), leaf.said(code).to_owned(), Shown::of(*state, states)))
            .collect(),
    });
    page(&Page {
        shell: signed.shell(words.title),
        words,
        fields: fields(&site, tongue, &programs, languages, &asked, &program),
        count,
        lines: lines.collect(),
        more,
        grid: super::query(&[("program", &program), ("track", &asked.track)]),
        back: super::query(&[
            ("program", &program),
            ("track", &asked.track),
            ("language", &asked.language),
            ("state", &asked.state),
            ("q", &asked.q),
        ]),
    })
}

/// Whether a tip can be given to a reviewer: nobody has signed it for long from now, and it does not wait already.
fn can_be_reviewed(desk: &Desk, leaf: &Leaf, today: NaiveDate) -> bool {
    match desk.standings.get(&leaf.tip).map(progress) {
        Some(progress) => !matches!(progress, Some(Progress::Waiting | Progress::Approved)),
        None => leaf.value(Part::State) != "approved" || state::runs_out(leaf, today),
    }
}

/// Gives what is ticked to be reviewed.
pub async fn submit(Extracted(site): Extracted<Site>, signed: Signed, typed: Typed) -> super::Shown {
    signed.need(Right::Author)?;
    let words = Words::of(signed.tongue);
    let desk = super::desk(&site).await?;
    let (mut given, mut left) = (0, Vec::new());
    for ticked in typed.all("tip") {
        let (tip, seen) = ticked.split_once(' ').ok_or(Refusal::Senseless)?;
        super::reached(&site, &signed, Right::Author, &desk, tip).await?;
        match authoring::submit(&site.service, &signed.actor(), (tip, seen), "", None).await {
            Ok(()) => given += 1,
            Err(authoring::Refused::Store(error)) => return Err(error.into()),
            Err(_) => left.push(tip),
        }
    }
    let mut notice = signed.tongue.counted(given, words.submitted);
    if !left.is_empty() {
        notice = format!("{notice}; {}", fill(words.not_submitted, &[("tips", &left.join(", "))]));
    }
    signed.tell(&notice).await?;
    let mut back = form_urlencoded::Serializer::new(String::new());
    back.extend_pairs(form_urlencoded::parse(typed.get("back").as_bytes()));
    Ok(Redirect::to(&format!("/console/library/list?{}", back.finish())).into_response())
}

fn fields(
    site: &Site,
    tongue: Tongue,
    programs: &[String],
    languages: &[String],
    asked: &Asked,
    program: &str,
) -> Vec<Field> {
    let (words, states) = (Words::of(tongue), state::Words::of(tongue));
    let every = || vec![(String::new(), words.every.to_owned())];
    let typed = Typed::of([
        ("program", program.to_owned()),
        ("track", asked.track.clone()),
        ("language", asked.language.clone()),
        ("state", asked.state.clone()),
        ("q", asked.q.clone()),
    ]);
    let of_programs = programs.iter().map(|id| (id.clone(), super::called(site, id))).collect();
    let mut tracks = every();
    tracks.extend(names::tracks(tongue).into_iter().map(|(id, name)| (id.to_owned(), name.to_owned())));
    let mut spoken = every();
    spoken.extend(
        languages.iter().map(|code| (code.clone(), crate::library::book::language_name(code).to_owned())),
    );
    let mut of_states = every();
    of_states.extend(State::ALL.iter().map(|state| (state.name().to_owned(), state.word(states).to_owned())));
    let fields = [
        Field::new(Kind::Line("search"), "q", words.search).optional(),
        Field::choice("program", words.program, of_programs).optional(),
        Field::choice("track", words.track, tracks).optional(),
        Field::choice("language", words.language, spoken).optional(),
        Field::choice("state", words.state, of_states).optional(),
    ];
    fields.into_iter().map(|field| field.filled(&typed, &Faults::default())).collect()
}

#[cfg(test)]
pub(super) fn samples(tongue: Tongue) -> Vec<(&'static str, Box<dyn askama::DynTemplate>)> {
    let words = Words::of(tongue);
    let line = Line {
        tip: "us-preg-20".to_owned(),
        place: "Pregnancy, week 20, no. 1".to_owned(),
        topic: "tests <López>".to_owned(),
        value: Some("us-preg-20 mark".to_owned()),
        choose: "Choose <López>".to_owned(),
        texts: vec![(
            "en".to_owned(),
            "Your <López> baby".to_owned(),
            Shown::of(State::Faulty, state::Words::of(tongue)),
        )],
    };
    vec![(
        "list",
        Box::new(Page {
            shell: Shell::sample(tongue, words.title, "/console/library/list"),
            words,
            fields: vec![Field::line("q", words.search)],
            count: "1".to_owned(),
            lines: vec![line],
            more: Some("/console/library/list?after=a".to_owned()),
            grid: "program=a".to_owned(),
            back: "program=a".to_owned(),
        }),
    )]
}
