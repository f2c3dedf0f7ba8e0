//! `motherline explain`: how the service reads a text, a date, a number, a stage, a keyword.

mod scoring;

use std::io::{self, BufRead, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use chrono::NaiveDate;
use clap::{Args, ValueEnum};
use serde::Deserialize;
use serde_json::{Value, json};

use self::scoring::Labelled;
use super::{Common, Done, clock};
use crate::domain::conversation::Guide;
use crate::domain::gestation::{Anchor, stage_on};
use crate::domain::keyword::{self, Intent};
use crate::domain::language::Language;
use crate::domain::{date_text, phone, segment};
use crate::flows::publishing;
use crate::library::Library;

/// Reads JSON objects, one a line, from standard input.
#[derive(Args)]
pub struct Explain {
    /// What to explain
    what: What,
    /// Danger: how well it is found in files of labelled texts, in place of standard input
    #[arg(long, num_args = 1.., value_name = "FILES")]
    score: Vec<PathBuf>,
    /// Print each text that was missed or taken for what it is not
    #[arg(long, requires = "score")]
    misses: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum What {
    /// {"text"} → encoding, units, segments, parts, culprits
    Segments,
    /// {"text", "language", "today"} → date, ambiguous
    Date,
    /// {"text", "region"} → e164, region
    Phone,
    /// {"due" | "born" | "lmp", "on"} → track, week, day
    Stage,
    /// {"text", "language"} → intent
    Keyword,
    /// {"text", "language"} → request, rest
    Request,
    /// {"text"} → signs of danger
    Danger,
}

#[derive(Deserialize)]
struct SegmentsQuestion {
    text: String,
}

#[derive(Deserialize)]
struct DateQuestion {
    text: String,
    language: Language,
    today: NaiveDate,
}

#[derive(Deserialize)]
struct PhoneQuestion {
    text: String,
    region: Option<String>,
}

#[derive(Deserialize)]
struct StageQuestion {
    due: Option<NaiveDate>,
    born: Option<NaiveDate>,
    lmp: Option<NaiveDate>,
    on: NaiveDate,
}

#[derive(Deserialize)]
struct KeywordQuestion {
    text: String,
    language: Language,
}

impl Explain {
    /// Answers each line; a line that cannot be read is answered with an error and the exit code is 1.
    pub fn run(&self, common: &Common) -> Done {
        let library = match self.what {
            What::Date | What::Keyword | What::Request | What::Danger => Some(library(common)?),
            What::Segments | What::Phone | What::Stage => None,
        };
        if let (What::Danger, Some(library), false) = (self.what, library.as_ref(), self.score.is_empty()) {
            return self.scored(library);
        }
        let mut code = ExitCode::SUCCESS;
        let mut out = io::BufWriter::new(io::stdout().lock());
        for line in io::stdin().lock().lines() {
            let line = line?;
            if line.trim().is_empty() {
                continue;
            }
            let answer = self.answer(&line, library.as_ref()).unwrap_or_else(|error| {
                code = ExitCode::FAILURE;
                json!({ "error": error })
            });
            writeln!(out, "{answer}")?;
        }
        out.flush()?;
        Ok(code)
    }

    /// Recall and precision, a line a file.
    fn scored(&self, library: &Library) -> Done {
        for file in &self.score {
            let score = Labelled::read(file)?.score(&library.dangers);
            say!(
                "{}: recall {:.3} ({} of {}), precision {:.3} ({} false alarms in {} calm texts), right sign {:.3}",
                file.display(),
                score.recall(),
                score.found,
                score.found + score.missed.len(),
                score.precision(),
                score.false_alarms.len(),
                score.false_alarms.len() + score.calm,
                score.right_sign as f64 / score.found.max(1) as f64,
            );
            for (sign, text) in score.missed.iter().filter(|_| self.misses) {
                say!("  missed {}: {text}", sign.name());
            }
            for (kind, text) in score.false_alarms.iter().filter(|_| self.misses) {
                say!("  false alarm, {kind}: {text}");
            }
        }
        Ok(ExitCode::SUCCESS)
    }

    fn answer(&self, line: &str, library: Option<&Library>) -> Result<Value, String> {
        match (self.what, library) {
            (What::Segments, _) => {
                let SegmentsQuestion { text } = read(line)?;
                serde_json::to_value(segment::count(&text)).map_err(|error| error.to_string())
            }
            (What::Phone, _) => {
                let PhoneQuestion { text, region } = read(line)?;
                let reading = phone::read(&text, region.as_deref());
                Ok(json!({ "e164": reading.number, "region": reading.region }))
            }
            (What::Stage, _) => stage(&read(line)?),
            (What::Date, Some(library)) => {
                let DateQuestion { text, language, today } = read(line)?;
                let (date, ambiguous) = date_text::read(&text, library.dates(language), today).explain(today);
                Ok(json!({ "date": date, "ambiguous": ambiguous }))
            }
            (What::Keyword, Some(library)) => {
                let KeywordQuestion { text, language } = read(line)?;
                let parsed = keyword::parse(&text, language.as_str(), &library.keywords);
                Ok(json!({ "intent": parsed.intent.map(Intent::name) }))
            }
            (What::Request, Some(library)) => {
                let KeywordQuestion { text, language } = read(line)?;
                let asked = library.requests.read(&text, language.as_str());
                let rest = asked.as_ref().map(|asked| &asked.raw);
                Ok(json!({ "request": asked.as_ref().map(|asked| asked.request.name()), "rest": rest }))
            }
            (What::Danger, Some(library)) => {
                let SegmentsQuestion { text } = read(line)?;
                let told = library.dangers.find(&text);
                Ok(json!({ "signs": told.signs, "language": told.language }))
            }
            (What::Date | What::Keyword | What::Request | What::Danger, None) => {
                Err("the library is missing".to_owned())
            }
        }
    }
}

fn read<'a, T: Deserialize<'a>>(line: &'a str) -> Result<T, String> {
    serde_json::from_str(line).map_err(|error| error.to_string())
}

fn stage(question: &StageQuestion) -> Result<Value, String> {
    let anchor = match (question.due, question.born, question.lmp) {
        (Some(due), None, None) => Anchor::Due(due),
        (None, Some(born), None) => Anchor::Born(born),
        (None, None, Some(lmp)) => Anchor::from_last_period(lmp),
        _ => return Err("give one of due, born and lmp".to_owned()),
    };
    Ok(match stage_on(anchor, question.on) {
        Some(stage) => serde_json::to_value(stage).map_err(|error| error.to_string())?,
        None => json!({ "track": null, "week": null, "day": null }),
    })
}

/// The library for reading words: its warnings are of no interest here, its errors are.
fn library(common: &Common) -> Result<Library, Box<dyn std::error::Error>> {
    let files = publishing::files(common.library.as_deref())?;
    let checked = Library::read(&files, clock().now().date_naive());
    checked.library.ok_or_else(|| "the message library has errors: run `motherline library check`".into())
}
