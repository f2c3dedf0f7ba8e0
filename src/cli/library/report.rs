//! `motherline library report`.

use std::io::Write;
use std::process::ExitCode;
use std::str::FromStr;

use clap::Args;

use super::{Common, Done, clock};
use crate::domain::language::Language;
use crate::flows::publishing;
use crate::library::report::{Price, Prices, Report as Counted};
use crate::library::{Library, Severity};

/// Coverage and cost.
#[derive(Args)]
pub struct Report {
    /// What one SMS costs: 0.0083; without a price, SMS alone are counted
    #[arg(long, value_name = "PRICE")]
    price: Option<Price>,
    /// What one SMS costs in a language, where it differs: es=0.0166; may be given several times
    #[arg(long = "price-of", value_name = "LANG=PRICE")]
    prices: Vec<PriceOf>,
    /// The currency of the prices
    #[arg(long, value_name = "CURRENCY", default_value = "USD")]
    currency: String,
    /// A program's id; may be given several times; without it, all of them
    #[arg(long = "program", value_name = "PROGRAM")]
    programs: Vec<String>,
    /// One JSON object with all of it
    #[arg(long)]
    json: bool,
}

/// A language and its price.
#[derive(Clone)]
struct PriceOf(Language, Price);

impl FromStr for PriceOf {
    type Err = Box<dyn std::error::Error + Send + Sync>;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (language, price) =
            text.split_once('=').ok_or("write the language, = and the price: es=0.0166")?;
        Ok(Self(language.parse()?, price.parse()?))
    }
}

impl Report {
    /// Runs it.
    pub fn run(&self, common: &Common) -> Done {
        let files = publishing::files(common.library.as_deref())?;
        let today = clock().now().date_naive();
        let checked = Library::read(&files, today);
        let Some(library) = checked.library else {
            let errors = checked.faults.iter().filter(|fault| fault.severity == Severity::Error);
            let errors: Vec<String> = errors.map(ToString::to_string).collect();
            return Err(format!("the library has errors:\n{}", errors.join("\n")).into());
        };
        let prices = Prices {
            currency: self.currency.clone(),
            each: self.price,
            of: self.prices.iter().map(|PriceOf(language, price)| (*language, *price)).collect(),
        };
        let report = Counted::of(&library, today, &self.programs, &prices)?;
        let spoken = |language: &Language| {
            let languages = report.programs.iter().flat_map(|program| &program.languages);
            languages.into_iter().any(|other| other.language == *language)
        };
        // A price that counts nowhere is a slip, and the sum would be wrong without a word.
        if let Some(language) = prices.of.keys().find(|language| !spoken(language)) {
            return Err(format!("--price-of {language}: no program of this report speaks it").into());
        }
        let words = if self.json { serde_json::to_string(&report)? + "\n" } else { report.lines() };
        std::io::stdout().write_all(words.as_bytes())?;
        Ok(ExitCode::SUCCESS)
    }
}
