//! What mothers answer to the library's questions: which there are, and in [`results`] what was answered.

mod bars;
mod results;
mod words;

use std::collections::BTreeMap;

use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::routing::get;
use chrono::{DateTime, Months, NaiveDate, Utc};
use serde::Deserialize;

use self::words::Words;
use super::access::Signed;
use super::enroll::named_programs;
use super::form::{Faults, Field, Kind, Typed};
use super::period::month;
use super::refusal::Refusal;
use super::shell::Shell;
use super::tongue::{Tongue, fill};
use super::{Shown, page};
use crate::domain::language::Language;
use crate::domain::role::Right;
use crate::flows::counting;
use crate::flows::placing::month_of;
use crate::library::{Asking, Program};
use crate::web::Site;

/// So many months are shown at first.
const MONTHS: Months = Months::new(11);
/// Words of a question are shown no longer in the list.
const SHOWN: usize = 160;

/// The page.
#[derive(Template)]
#[template(path = "web/console/questions/questions.html")]
struct Page {
    shell: Shell,
    words: &'static Words,
    fields: Vec<Field>,
    program: String,
    query: String,
    questions: Vec<Line>,
}

/// A question.
struct Line {
    id: String,
    asked_by: String,
    words: String,
    language: String,
    /// How many answered, as it may be told.
    answers: String,
}

/// What is asked for.
#[derive(Clone, Deserialize, Default)]
struct Asked {
    #[serde(default)]
    program: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
    #[serde(default)]
    language: String,
}

/// Whole months: two ranges a day apart would tell that day.
struct Range {
    from: NaiveDate,
    to: NaiveDate,
    faults: Faults,
}

impl Range {
    fn of(asked: &Asked, today: NaiveDate, words: &Words) -> Self {
        let mut faults = Faults::default();
        let mut read = |field: &str, text: &str, otherwise: NaiveDate| match text {
            "" => otherwise,
            text => month(text).unwrap_or_else(|| {
                faults.add(field, words.no_month);
                otherwise
            }),
        };
        let to = read("to", &asked.to, month_of(today));
        let from = read("from", &asked.from, to.checked_sub_months(MONTHS).unwrap_or(to));
        if from > to {
            faults.add("from", words.turned);
        }
        Self { from: from.min(to), to, faults }
    }

    /// From the beginning of the first month up to the end of the last, in UTC.
    fn span(&self) -> (DateTime<Utc>, DateTime<Utc>) {
        let end = self.to.checked_add_months(Months::new(1)).unwrap_or(self.to);
        (self.from.and_time(chrono::NaiveTime::MIN).and_utc(), end.and_time(chrono::NaiveTime::MIN).and_utc())
    }

    fn query(&self) -> String {
        format!("from={}&to={}", self.from.format("%Y-%m"), self.to.format("%Y-%m"))
    }

    /// Filled with what was asked for, right or wrong.
    fn fields(&self, words: &Words, asked: &Asked) -> Vec<Field> {
        let shown = |asked: &str, month: NaiveDate| match asked {
            "" => month.format("%Y-%m").to_string(),
            asked => asked.to_owned(),
        };
        let typed = Typed::of([("from", shown(&asked.from, self.from)), ("to", shown(&asked.to, self.to))]);
        ["from", "to"]
            .into_iter()
            .zip([words.from, words.to])
            .map(|(name, label)| Field::new(Kind::Line("month"), name, label).filled(&typed, &self.faults))
            .collect()
    }
}

/// The addresses here.
pub fn routes() -> Router<Site> {
    Router::new().route("/console/questions", get(show)).merge(results::routes())
}

/// A program of theirs by its id, or the first there is.
async fn chosen(site: &Site, signed: &Signed, asked: &str) -> Result<String, Refusal> {
    signed.need(Right::Count)?;
    if asked.is_empty() {
        return signed.programs(site, Right::Count).into_iter().next().ok_or(Refusal::Forbidden);
    }
    if site.service.shelf.edition().library.program(asked).is_none() {
        return Err(Refusal::NotFound);
    }
    signed.reach(site, Right::Count, asked, "questions").await?;
    Ok(asked.to_owned())
}

async fn show(State(site): State<Site>, signed: Signed, Query(asked): Query<Asked>) -> Shown {
    let (tongue, words) = (signed.tongue, Words::of(signed.tongue));
    let chosen = chosen(&site, &signed, &asked.program).await?;
    let edition = site.service.shelf.edition();
    let program = edition.library.program(&chosen).ok_or(Refusal::NotFound)?;
    let range = Range::of(&asked, program.whereabouts(None).date_at(site.service.now()), words);
    let programs = signed.programs(&site, Right::Count);
    let all: Vec<&Program> = programs.iter().filter_map(|id| edition.library.program(id)).collect();
    let typed = Typed::of([("program", chosen.clone())]);
    let mut fields = vec![
        Field::choice("program", words.program, named_programs(&all, tongue))
            .filled(&typed, &Faults::default()),
    ];
    fields.extend(range.fields(words, &asked));
    // Of each question what its page tells, added: a whole beside its parts would tell what is hidden.
    let smallest = site.console.smallest_number;
    let mut answers: BTreeMap<String, i64> = BTreeMap::new();
    for group in counting::results(&site.service, program, None, range.span()).await? {
        *answers.entry(group.question.clone()).or_default() += group.told(smallest).all.unwrap_or(0);
    }
    let told = |asking: &Asking| match answers.get(&asking.question.id).copied() {
        Some(0) => words.few.to_owned(),
        people => tongue.number(people.unwrap_or(0)),
    };
    let questions =
        program.questions.values().map(|asking| line(tongue, program, asking, told(asking))).collect();
    page(&Page {
        shell: signed.shell(words.title),
        words,
        fields,
        program: chosen,
        query: range.query(),
        questions,
    })
}

fn line(tongue: Tongue, program: &Program, asking: &Asking, answers: String) -> Line {
    let words = Words::of(tongue);
    let language = tongue.code().parse().ok().filter(|own| program.languages.contains(own));
    let language = language.unwrap_or(program.languages[0]);
    let asked_by = match &asking.question.tip {
        Some(tip) => fill(words.tip, &[("tip", tip)]),
        None => words.after.to_owned(),
    };
    let said: String = asked_in(program, asking, language);
    let short: String = said.chars().take(SHOWN).collect();
    let words = if short.len() < said.len() { format!("{short}…") } else { short };
    Line { id: asking.question.id.clone(), asked_by, words, language: language.to_string(), answers }
}

/// The words in which a question is asked.
fn asked_in(program: &Program, asking: &Asking, language: Language) -> String {
    let own = asking.words.get(&language).cloned();
    let of_tip = || {
        let tip = program.find(asking.question.tip.as_deref()?)?;
        Some(tip.texts.get(&language)?.national.body.to_string())
    };
    own.or_else(of_tip).unwrap_or_default()
}

/// A question as it is asked, and the answers that come to an outcome of it, for who reads what she answered.
pub(super) fn told(
    tongue: Tongue,
    program: &Program,
    language: Language,
    (question, outcome): (&str, &str),
) -> Option<(String, String)> {
    let asking = program.questions.get(question)?;
    let accepted = results::accepted(Words::of(tongue), Some(asking), outcome);
    let came_to = if accepted.is_empty() { outcome.to_owned() } else { accepted };
    Some((asked_in(program, asking, language), came_to))
}

#[cfg(test)]
pub(super) fn samples(tongue: Tongue) -> Vec<(&'static str, Box<dyn askama::DynTemplate>)> {
    let words = Words::of(tongue);
    let line = Line {
        id: "us-flu-1".to_owned(),
        asked_by: fill(words.tip, &[("tip", "us-preg-25-2")]),
        words: "Have you had <López>?".to_owned(),
        language: "en".to_owned(),
        answers: "< 10".to_owned(),
    };
    let page = |questions| Page {
        shell: Shell::sample(tongue, words.title, "/console/questions"),
        words,
        fields: vec![Field::line("program", words.program)],
        program: "text4baby-us".to_owned(),
        query: "from=2026-01&to=2026-11".to_owned(),
        questions,
    };
    let mut samples: Vec<(&'static str, Box<dyn askama::DynTemplate>)> =
        vec![("questions", Box::new(page(vec![line]))), ("no questions", Box::new(page(Vec::new())))];
    samples.extend(results::samples(tongue));
    samples
}
