//! The shape of the authors' files, kept loose so that the checks can name every fault and not only the
//! first: what is missing or misspelled is found in `checks`, not while parsing.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use toml::Spanned;

use super::fault::{Fault, Spot};
use super::files::Files;
use super::glossary::GlossaryFile;
use super::help::HelpFile;
use super::questions::QuestionsFile;
use crate::domain::danger::DangerWords;
use crate::domain::date_text::DateWords;
use crate::domain::keyword::KeywordWords;
use crate::domain::language::Language;
use crate::domain::request::RequestWords;
use crate::domain::time_text::TimeWords;

/// A value and where it stands.
#[derive(Clone, Debug)]
pub struct At<T> {
    /// The value.
    pub value: T,
    /// Its place.
    pub spot: Spot,
}

/// All that was read, before it is checked.
#[derive(Default)]
pub struct Drafts {
    /// `programs/*.toml`.
    pub programs: Vec<At<ProgramFile>>,
    /// `tips/<program>/**.toml`, with the program's id.
    pub tips: Vec<(String, At<TipEntry>)>,
    /// `replies/<language>.toml`.
    pub replies: Vec<(String, At<RepliesFile>)>,
    /// `lexicons/<language>/dates.toml`.
    pub dates: Vec<(String, At<DateWords>)>,
    /// `lexicons/<language>/keywords.toml`.
    pub keywords: Vec<(String, At<KeywordWords>)>,
    /// `partners/<program>.toml`, with the program's id.
    pub partners: Vec<(String, At<PartnersFile>)>,
    /// `questions/<program>/<survey>.toml`, with the program's id.
    pub questions: Vec<(String, At<QuestionsFile>)>,
    /// `lexicons/<language>/requests.toml`.
    pub requests: Vec<(String, At<RequestWords>)>,
    /// `lexicons/<language>/times.toml`.
    pub times: Vec<(String, At<TimeWords>)>,
    /// `lexicons/<language>/danger.toml`.
    pub dangers: Vec<(String, At<DangerWords>)>,
    /// `lexicons/<language>/glossary.toml`.
    pub glossaries: Vec<(String, At<GlossaryFile>)>,
    /// `places/<name>.toml`.
    pub places: Vec<(String, At<PlacesFile>)>,
    /// `places/<place>/help.toml`.
    pub helps: Vec<(String, At<HelpFile>)>,
    /// Where each byte of each file lies.
    lines: BTreeMap<String, Vec<usize>>,
}

/// A program.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProgramFile {
    pub id: Spanned<String>,
    pub languages: Spanned<Vec<String>>,
    pub countries: Spanned<Vec<String>>,
    pub emergency: Spanned<String>,
    pub place: Spanned<String>,
    pub home_zone: Spanned<String>,
    pub zones: Vec<Spanned<String>>,
    pub spread_minutes: Option<Spanned<i64>>,
    pub name: Spanned<BTreeMap<String, String>>,
    pub contact: Spanned<BTreeMap<String, String>>,
    pub frequency: Spanned<BTreeMap<String, String>>,
    pub hours: Spanned<BTreeMap<String, String>>,
    pub stillbirth_from_week: Option<Spanned<i64>>,
    #[serde(default)]
    pub visit: Vec<Spanned<VisitEntry>>,
    pub window: Option<WindowEntry>,
    pub cadence: BTreeMap<String, Spanned<String>>,
    pub keywords: BTreeMap<String, Vec<Spanned<String>>>,
}

/// Who sends women to a program.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartnersFile {
    #[serde(default)]
    pub partner: Vec<Spanned<PartnerEntry>>,
}

/// A clinic or another partner.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartnerEntry {
    pub code: String,
    pub name: String,
}

/// A visit of its schedule.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VisitEntry {
    pub track: String,
    pub week: i64,
    pub name: BTreeMap<String, String>,
}

/// Its hours.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WindowEntry {
    pub opens: Spanned<String>,
    pub closes: Spanned<String>,
    pub sunday_opens: Option<Spanned<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TipsFile {
    #[serde(default)]
    tip: Vec<Spanned<TipEntry>>,
}

/// A tip.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TipEntry {
    pub id: Option<Spanned<String>>,
    pub track: Option<Spanned<String>>,
    pub loss: Option<Spanned<String>>,
    pub of: Option<Spanned<String>>,
    pub week: Option<Spanned<i64>>,
    pub slot: Option<Spanned<i64>>,
    pub topic: Option<Spanned<String>>,
    pub needs: Option<Spanned<String>>,
    pub reader: Option<Spanned<String>>,
    pub priority: Option<Spanned<i64>>,
    #[serde(default)]
    pub text: BTreeMap<String, Spanned<String>>,
    pub stale: Option<Spanned<Vec<String>>>,
    pub source: Option<Spanned<SourceEntry>>,
    pub review: Option<Spanned<ReviewEntry>>,
}

impl TipEntry {
    /// Whether its words in a language were translated from other words than those that stand there now.
    pub fn is_stale(&self, language: Language) -> bool {
        self.stale.as_ref().is_some_and(|stale| stale.as_ref().iter().any(|one| one == language.as_str()))
    }
}

/// Where its facts come from.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceEntry {
    pub organization: Option<Spanned<String>>,
    pub title: Option<Spanned<String>>,
    pub url: Option<Spanned<String>>,
    pub year: Option<Spanned<i64>>,
}

/// Who stands for it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReviewEntry {
    pub state: Option<Spanned<String>>,
    pub reviewer: Option<Spanned<String>>,
    pub reviewed_on: Option<Spanned<toml::value::Datetime>>,
    pub expires_on: Option<Spanned<toml::value::Datetime>>,
}

/// The replies of a language, by key.
pub type RepliesFile = BTreeMap<String, Spanned<ReplyEntry>>;

/// A reply's words, or the table of counted words.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum ReplyEntry {
    Words(String),
    Units(BTreeMap<String, UnitEntry>),
}

/// A counted word by plural form, or a plain pattern.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum UnitEntry {
    Pattern(String),
    Forms(BTreeMap<String, String>),
}

/// The places of a country.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlacesFile {
    pub digits: usize,
    pub zone: Vec<ZoneEntry>,
}

/// One zone of it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ZoneEntry {
    pub name: Spanned<String>,
    #[serde(default)]
    pub postcodes: Vec<Spanned<String>>,
    #[serde(default)]
    pub cities: Vec<Spanned<String>>,
}

impl Drafts {
    /// The place of a span in a file.
    pub fn spot(&self, file: &str, span: Range<usize>) -> Spot {
        let line =
            self.lines.get(file).map_or(1, |starts| starts.partition_point(|start| *start <= span.start));
        Spot { file: file.to_owned(), line: line.max(1) }
    }
}

/// Parses every file; one that does not parse is a fault and is left out.
pub fn load(files: &Files) -> (Drafts, Vec<Fault>) {
    load_where(files, |_| true)
}

/// The same of the files whose path is wanted: most of a library is lexicons, and who looks at tips needs none.
pub fn load_where(files: &Files, wanted: impl Fn(&str) -> bool) -> (Drafts, Vec<Fault>) {
    let mut drafts = Drafts::default();
    let mut faults = Vec::new();
    let wanted = || files.0.iter().filter(|(path, _)| wanted(path));
    for (path, content) in wanted() {
        let starts = std::iter::once(0).chain(content.match_indices('\n').map(|(at, _)| at + 1)).collect();
        drafts.lines.insert(path.clone(), starts);
    }
    for (path, content) in wanted() {
        let parts: Vec<&str> = path.trim_end_matches(".toml").split('/').collect();
        let whole = Spot { file: path.clone(), line: 1 };
        // One sign after the other: each is found by its bytes.
        let utf16 = content.contains('\0');
        if utf16 || content.contains('\u{fffd}') {
            let found = if utf16 { "the file is UTF-16" } else { "the file is not UTF-8" };
            faults.push(Fault::error("utf-8", &whole, format!("{found}: save it again as UTF-8")));
            continue;
        }
        let content = content.strip_prefix('\u{feff}').unwrap_or(content);
        let read = match parts.as_slice() {
            ["programs", _] => {
                parse(&drafts, path, content).map(|value| drafts.programs.push(At { value, spot: whole }))
            }
            ["tips", program, .., _] => parse::<TipsFile>(&drafts, path, content).map(|file| {
                for tip in file.tip {
                    let spot = drafts.spot(path, tip.span());
                    drafts.tips.push(((*program).to_owned(), At { value: tip.into_inner(), spot }));
                }
            }),
            ["partners", program] => parse(&drafts, path, content)
                .map(|value| drafts.partners.push(((*program).to_owned(), At { value, spot: whole }))),
            ["questions", program, _] => parse(&drafts, path, content)
                .map(|value| drafts.questions.push(((*program).to_owned(), At { value, spot: whole }))),
            ["replies", language] => parse(&drafts, path, content)
                .map(|value| drafts.replies.push(((*language).to_owned(), At { value, spot: whole }))),
            ["lexicons", language, "dates"] => parse(&drafts, path, content)
                .map(|value| drafts.dates.push(((*language).to_owned(), At { value, spot: whole }))),
            ["lexicons", language, "keywords"] => parse(&drafts, path, content)
                .map(|value| drafts.keywords.push(((*language).to_owned(), At { value, spot: whole }))),
            ["lexicons", language, "requests"] => parse(&drafts, path, content)
                .map(|value| drafts.requests.push(((*language).to_owned(), At { value, spot: whole }))),
            ["lexicons", language, "times"] => parse(&drafts, path, content)
                .map(|value| drafts.times.push(((*language).to_owned(), At { value, spot: whole }))),
            ["lexicons", language, "danger"] => parse(&drafts, path, content)
                .map(|value| drafts.dangers.push(((*language).to_owned(), At { value, spot: whole }))),
            ["lexicons", language, "glossary"] => parse(&drafts, path, content)
                .map(|value| drafts.glossaries.push(((*language).to_owned(), At { value, spot: whole }))),
            ["places", place, "help"] => parse(&drafts, path, content)
                .map(|value| drafts.helps.push(((*place).to_owned(), At { value, spot: whole }))),
            ["places", name] => parse(&drafts, path, content)
                .map(|value| drafts.places.push(((*name).to_owned(), At { value, spot: whole }))),
            _ => Err(Fault::warning(
                "stray-file",
                &whole,
                "no such place in the library: the file is not used",
            )),
        };
        faults.extend(read.err());
    }
    (drafts, faults)
}

fn parse<T: DeserializeOwned>(drafts: &Drafts, path: &str, content: &str) -> Result<T, Fault> {
    toml::from_str(content).map_err(|error| {
        let spot = drafts.spot(path, error.span().unwrap_or_default());
        Fault::error("syntax", &spot, error.message().trim().to_owned())
    })
}
