//! What was answered to one question, as bars and as a table; and all answers of a program as a file.

use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::routing::get;

use super::bars::Bars;
use super::words::Words;
use super::{Asked, Range, asked_in, chosen};
use crate::domain::language::Language;
use crate::domain::survey::Accepts;
use crate::flows::counting::{self, Group};
use crate::flows::placing::Told;
use crate::library::{Asking, Program, name_of_language};
use crate::web::Site;
use crate::web::console::access::Signed;
use crate::web::console::files::{CSV, XLSX, as_csv, as_xlsx, file};
use crate::web::console::form::{Field, Typed};
use crate::web::console::refusal::Refusal;
use crate::web::console::shell::Shell;
use crate::web::console::tongue::{Tongue, fill};
use crate::web::console::{Shown, page};

/// The page.
#[derive(Template)]
#[template(path = "web/console/questions/results.html")]
struct Page {
    shell: Shell,
    words: &'static Words,
    program: String,
    question: String,
    query: String,
    fields: Vec<Field>,
    rate: String,
    /// The question as it stands now, and its language.
    asks: (String, String),
    how: String,
    parts: Vec<Part>,
}

/// Answers to the same words in one language.
struct Part {
    heading: String,
    answers: Option<String>,
    said: String,
    language: String,
    bars: Option<Bars>,
    rows: Vec<Row>,
}

/// An outcome.
struct Row {
    name: String,
    accepted: String,
    people: String,
    share: String,
}

/// The addresses here.
pub fn routes() -> Router<Site> {
    Router::new()
        .route("/console/questions/{program}/answers.csv", get(csv))
        .route("/console/questions/{program}/answers.xlsx", get(xlsx))
        .route("/console/questions/{program}/{question}", get(show))
}

async fn show(
    State(site): State<Site>,
    signed: Signed,
    Path((program, question)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Shown {
    let (tongue, words) = (signed.tongue, Words::of(signed.tongue));
    let chosen = chosen(&site, &signed, &program).await?;
    let edition = site.service.shelf.edition();
    let program = edition.library.program(&chosen).ok_or(Refusal::NotFound)?;
    let range = Range::of(&asked, program.whereabouts(None).date_at(site.service.now()), words);
    let groups = counting::results(&site.service, program, Some(&question), range.span()).await?;
    // One that the library has no more is still to be seen as long as there are answers.
    if groups.is_empty() && !program.questions.contains_key(&question) {
        return Err(Refusal::NotFound);
    }
    let smallest = site.console.smallest_number;
    let rate = counting::asked(&site.service, program, &question, range.span(), smallest).await?;
    let rate = match rate {
        Some(rate) if rate.asked > 0 => {
            let share = tongue.percent(rate.answered as f64 / rate.asked as f64);
            let (answered, asked) = (tongue.number(rate.answered), tongue.number(rate.asked));
            fill(words.rate, &[("answered", &answered), ("asked", &asked), ("share", &share)])
        }
        Some(_) => words.few.to_owned(),
        None => words.no_rate.to_owned(),
    };
    let languages: Vec<(String, String)> = std::iter::once((String::new(), words.every.to_owned()))
        .chain(
            program
                .languages
                .iter()
                .map(|language| (language.to_string(), name_of_language(language.as_str()).to_owned())),
        )
        .collect();
    let mut fields = range.fields(words, &asked);
    let typed = Typed::of([("language", asked.language.clone())]);
    let language = Field::choice("language", words.language, languages).optional();
    fields.push(language.filled(&typed, &crate::web::console::form::Faults::default()));
    let asking = program.questions.get(&question);
    let wanted = |group: &&Group| asked.language.is_empty() || group.language == asked.language;
    page(&Page {
        shell: signed.shell(&format!("{}: {question}", words.title)),
        words,
        query: range.query(),
        fields,
        rate,
        asks: asks(program, asking, tongue, &question),
        how: fill(words.how, &[("n", &tongue.number(smallest))]),
        parts: groups
            .iter()
            .filter(wanted)
            .map(|group| part(tongue, program, asking, group, smallest))
            .collect(),
        program: chosen,
        question,
    })
}

/// The question in the reader's language if the program speaks it; one that is gone by its id.
fn asks(program: &Program, asking: Option<&Asking>, tongue: Tongue, id: &str) -> (String, String) {
    let language = program.languages.iter().find(|one| one.as_str() == tongue.code());
    let language = language.or(program.languages.first());
    match (asking, language) {
        (Some(asking), Some(language)) => (asked_in(program, asking, *language), language.to_string()),
        _ => (id.to_owned(), String::new()),
    }
}

fn part(tongue: Tongue, program: &Program, asking: Option<&Asking>, group: &Group, smallest: i64) -> Part {
    let words = Words::of(tongue);
    let editions = match group.first == group.last {
        true => fill(words.edition, &[("n", &group.first.to_string())]),
        false => {
            fill(words.editions, &[("first", &group.first.to_string()), ("last", &group.last.to_string())])
        }
    };
    let told = group.told(smallest);
    let language: Option<Language> = group.language.parse().ok();
    let said = match (asking, language) {
        (Some(asking), Some(language)) if group.in_force => asked_in(program, asking, language),
        _ => String::new(),
    };
    let heading = format!("{}, {editions}", name_of_language(&group.language));
    let Some(all) = told.all else {
        let (bars, rows) = (None, Vec::new());
        return Part { heading, answers: None, said, language: group.language.clone(), bars, rows };
    };
    let lines = lines(tongue, asking, group, &told);
    let share = |people: i64| tongue.percent(people as f64 / all.max(1) as f64);
    let bars: Vec<(String, i64, bool)> = lines
        .iter()
        .map(|line| {
            let words = format!("{}: {} ({})", line.name, tongue.number(line.people), share(line.people));
            (words, line.people, line.hidden)
        })
        .collect();
    let rows = lines.into_iter().map(|line| Row {
        name: line.name,
        accepted: line.accepted,
        people: tongue.number(line.people),
        share: share(line.people),
    });
    Part {
        bars: Some(Bars::new(&format!("{}: {heading}", words.chart), &bars)),
        answers: Some(tongue.counted(all, words.answers)),
        rows: rows.collect(),
        heading,
        said,
        language: group.language.clone(),
    }
}

struct Line {
    name: String,
    accepted: String,
    people: i64,
    hidden: bool,
}

/// What may be told, in the authors' order: numbers are a distribution.
fn lines(tongue: Tongue, asking: Option<&Asking>, group: &Group, told: &Told) -> Vec<Line> {
    let words = Words::of(tongue);
    let mut lines: Vec<Line> = group
        .outcomes
        .iter()
        .filter_map(|name| told.apart.iter().find(|(known, _)| known == name))
        .map(|(name, people)| Line {
            name: name.clone(),
            accepted: accepted(words, asking, name),
            people: *people,
            hidden: false,
        })
        .collect();
    if let Some(people) = told.of_those {
        let hidden = group.outcomes.iter().filter(|name| told.together.contains(name));
        let names: Vec<&str> = hidden.map(String::as_str).collect();
        let name = fill(words.together, &[("names", &names.join(", "))]);
        lines.push(Line { name, accepted: String::new(), people, hidden: true });
    }
    lines
}

/// The answers that come to an outcome, as the authors wrote them.
pub(super) fn accepted(words: &Words, asking: Option<&Asking>, name: &str) -> String {
    let outcome = asking.and_then(|asking| asking.question.outcomes.iter().find(|one| one.name == name));
    let each = outcome.into_iter().flat_map(|outcome| &outcome.answers).map(|answer| match answer {
        Accepts::Yes => words.yes.to_owned(),
        Accepts::No => words.no.to_owned(),
        Accepts::Between(from, to) if from == to => from.to_string(),
        Accepts::Between(from, to) => format!("{from}–{to}"),
        Accepts::Letter(letter) => letter.to_uppercase(),
    });
    each.collect::<Vec<_>>().join(", ")
}

async fn csv(
    State(site): State<Site>,
    signed: Signed,
    Path(program): Path<String>,
    Query(asked): Query<Asked>,
) -> Shown {
    let rows = all(&site, &signed, &program, &asked).await?;
    Ok(file(CSV, &format!("{program}-answers.csv"), as_csv(rows)))
}

async fn xlsx(
    State(site): State<Site>,
    signed: Signed,
    Path(program): Path<String>,
    Query(asked): Query<Asked>,
) -> Shown {
    let rows = all(&site, &signed, &program, &asked).await?;
    Ok(file(XLSX, &format!("{program}-answers.xlsx"), as_xlsx("answers", &rows)?))
}

async fn all(
    site: &Site,
    signed: &Signed,
    program: &str,
    asked: &Asked,
) -> Result<Vec<Vec<String>>, Refusal> {
    let (tongue, words) = (signed.tongue, Words::of(signed.tongue));
    let chosen = chosen(site, signed, program).await?;
    let edition = site.service.shelf.edition();
    let program = edition.library.program(&chosen).ok_or(Refusal::NotFound)?;
    let range = Range::of(asked, program.whereabouts(None).date_at(site.service.now()), words);
    let groups = counting::results(&site.service, program, None, range.span()).await?;
    let heading = [
        words.question,
        words.language,
        words.first_edition,
        words.last_edition,
        words.outcome,
        words.accepted,
        words.people,
    ];
    let mut rows = vec![heading.map(str::to_owned).to_vec()];
    for group in &groups {
        let asking = program.questions.get(&group.question);
        let told = group.told(site.console.smallest_number);
        let mut put = |name: String, accepted: String, people: String| {
            rows.push(vec![
                group.question.clone(),
                group.language.clone(),
                group.first.to_string(),
                group.last.to_string(),
                name,
                accepted,
                people,
            ]);
        };
        if told.all.is_none() {
            put(words.few.to_owned(), String::new(), String::new());
            continue;
        }
        for line in lines(tongue, asking, group, &told) {
            put(line.name, line.accepted, line.people.to_string());
        }
    }
    Ok(rows)
}

#[cfg(test)]
pub fn samples(tongue: Tongue) -> Vec<(&'static str, Box<dyn askama::DynTemplate>)> {
    let words = Words::of(tongue);
    let part = |answers: Option<String>| Part {
        heading: "English, <López>".to_owned(),
        said: "Have you <López>?".to_owned(),
        language: "en".to_owned(),
        bars: answers.as_ref().map(|_| Bars::new("<López>", &[("yes: 12".to_owned(), 12, false)])),
        rows: vec![Row {
            name: "yes".to_owned(),
            accepted: "1, <López>".to_owned(),
            people: "12".to_owned(),
            share: tongue.percent(1.0),
        }],
        answers,
    };
    let page = |parts| Page {
        shell: Shell::sample(tongue, words.title, "/console/questions"),
        words,
        program: "text4baby-us".to_owned(),
        question: "us-flu-1".to_owned(),
        asks: ("Did <López> call?".to_owned(), "en".to_owned()),
        query: "from=2026-01&to=2026-11".to_owned(),
        fields: Vec::new(),
        rate: words.no_rate.to_owned(),
        how: fill(words.how, &[("n", "10")]),
        parts,
    };
    let answers = Some(tongue.counted(12, words.answers));
    vec![
        ("results", Box::new(page(vec![part(answers), part(None)]))),
        ("results, nobody", Box::new(page(Vec::new()))),
    ]
}
