//! From the authors' files to what stands in the book.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use toml::Spanned;

use super::block::{number, source, text};
use super::{Book, Column, Help, NoBook, Part, ProgramPart, Section, Tally, TrackPart, phrases};
use crate::domain::gestation::{Loss, Track};
use crate::domain::segment::Encoding;
use crate::library::format::{self, Drafts, ProgramFile, TipEntry};
use crate::library::help::{self, Filling};
use crate::library::state::State;
use crate::library::{Files, Library, Program, Severity, checks};

/// What stands on paper under one running head: its name in the style sheet, its title, its tracks. Short tracks go
/// along with long ones, or each would leave a page half empty.
const PARTS: [(&str, &str, &[Track]); 4] = [
    ("pregnancy", "Starter texts and pregnancy", &[Track::Starter, Track::Pregnancy]),
    ("baby", "Baby’s first year and farewell", &[Track::Baby, Track::Farewell]),
    (
        "loss",
        "After a loss",
        &[Track::Loss(Loss::Miscarriage), Track::Loss(Loss::Stillbirth), Track::Loss(Loss::Baby)],
    ),
    ("more", "Second texts", &[Track::More]),
];

/// Makes the book. A library that has errors is not sent, so there is nothing to sign in it.
pub fn book(files: &Files, today: NaiveDate, programs: &[String]) -> Result<Book, NoBook> {
    let checked = Library::read(files, today);
    let Some(library) = checked.library else {
        let errors = checked.faults.into_iter().filter(|fault| fault.severity == Severity::Error).collect();
        return Err(NoBook::Faulty(errors));
    };
    let (drafts, _) = format::load(files);
    let chosen = library.chosen(programs)?;
    let file_of = |program: &&Program| {
        drafts.programs.iter().map(|file| &file.value).find(|file| *file.id.as_ref() == program.id)
    };
    let parts: Vec<ProgramPart> = chosen
        .iter()
        .enumerate()
        .filter_map(|(index, program)| {
            let file = file_of(program)?;
            let desk = Desk {
                program,
                file,
                drafts: &drafts,
                filling: Filling::of(file, &drafts),
                today,
                number: index + 1,
            };
            Some(desk.program())
        })
        .collect();
    let names: Vec<&str> = parts.iter().map(|part| part.name.as_str()).collect();
    Ok(Book { title: names.join(", "), hash: library.hash, on: today, programs: parts })
}

/// All that the making of one program's pages looks at.
pub struct Desk<'a> {
    pub program: &'a Program,
    pub file: &'a ProgramFile,
    pub drafts: &'a Drafts,
    pub filling: Filling<'a>,
    pub today: NaiveDate,
    /// Which program of the book.
    number: usize,
}

/// A section's place: its track, its week, and in the starter pack the text's number.
type Place = (Track, i64, u32);

impl Desk<'_> {
    fn program(&self) -> ProgramPart {
        let mut sections: BTreeMap<Place, Vec<(u32, &TipEntry)>> = BTreeMap::new();
        let owned = self.drafts.tips.iter().filter(|(owner, _)| *owner == self.program.id);
        for (_, tip) in owned {
            let Some(track) = checks::track(&tip.value) else { continue };
            let slot = number(&tip.value.slot).unwrap_or_else(|| sections.len() as i64 + 1);
            let slot = u32::try_from(slot).unwrap_or(0);
            let week = number(&tip.value.week).unwrap_or(0);
            let text = if track == Track::Starter { slot } else { 0 };
            sections.entry((track, week, text)).or_default().push((slot, &tip.value));
        }
        let name = self.program.languages.first().map_or("", |first| self.program.name(*first)).to_owned();
        let parts: Vec<Part> = PARTS.iter().filter_map(|part| self.part(part, &name, &sections)).collect();
        let languages: Vec<&str> =
            self.program.languages.iter().map(|language| phrases::language(language.as_str())).collect();
        ProgramPart {
            id: self.program.id.clone(),
            tallies: self.tallies(&parts),
            languages: languages.join(", "),
            helps: self.helps(),
            helps_page: self.page("help"),
            helps_head: css_string(&format!("{name} · Numbers of help")),
            parts,
            name,
        }
    }

    fn part(
        &self,
        (page, title, tracks): &(&str, &str, &[Track]),
        name: &str,
        sections: &BTreeMap<Place, Vec<(u32, &TipEntry)>>,
    ) -> Option<Part> {
        let mut parts: Vec<TrackPart> = Vec::new();
        for (place, tips) in sections.iter().filter(|((track, ..), _)| tracks.contains(track)) {
            let (title, about) = phrases::track(place.0);
            if parts.last().is_none_or(|last| last.title != title) {
                let anchor = format!("{}-{}", self.program.id, title_anchor(place.0));
                parts.push(TrackPart { anchor, title, about, sections: Vec::new() });
            }
            if let Some(last) = parts.last_mut() {
                last.sections.push(self.section(*place, tips));
            }
        }
        (!parts.is_empty()).then(|| Part {
            page: self.page(page),
            head: css_string(&format!("{name} · {title}")),
            tracks: parts,
        })
    }

    /// The name of a page in the style sheet: with the program's number, for ids may begin with a figure.
    fn page(&self, name: &str) -> String {
        format!("p{}-{name}", self.number)
    }

    fn section(&self, (track, week, text): Place, tips: &[(u32, &TipEntry)]) -> Section {
        let (short, title, span) = phrases::section(track, week, text);
        let mut tips = tips.to_vec();
        // Stable: of tips that share a slot the first in the file is the first choice.
        tips.sort_by_key(|(slot, _)| *slot);
        let blocks = tips.iter().enumerate().filter_map(|(index, (slot, tip))| {
            let choices = tips.iter().filter(|(other, _)| other == slot).count();
            let before = tips[..index].iter().filter(|(other, _)| other == slot).count();
            self.block(tip, phrases::slot(track, *slot, before + 1, choices))
        });
        let place = if text > 0 { i64::from(text) } else { week };
        Section {
            anchor: format!("{}-{}-{place}", self.program.id, track.name()),
            short,
            title,
            span,
            tips: blocks.collect(),
        }
    }

    fn helps(&self) -> Vec<Help> {
        let Some((_, file)) = self.drafts.helps.iter().find(|(place, _)| place == self.file.place.as_ref())
        else {
            return Vec::new();
        };
        // Languages mostly share their words; where they do not, each is told once.
        let words = |line: &help::LineEntry| {
            let mut all: Vec<String> = Vec::new();
            for language in &self.program.languages {
                let words = line.words(*language);
                if !all.contains(&words) {
                    all.push(words);
                }
            }
            all.join(" / ")
        };
        let helps = file.value.help.iter().map(Spanned::as_ref);
        helps
            .map(|help| Help {
                placeholder: format!("{{place.{}}}", help.key.as_ref()),
                national: help.national.as_ref().map(|line| words(line.as_ref())).unwrap_or_default(),
                source: help.source.as_ref().map(source).unwrap_or_default(),
                local: help
                    .local
                    .iter()
                    .map(|line| (text(&line.as_ref().region), words(line.as_ref())))
                    .collect(),
            })
            .collect()
    }

    fn tallies(&self, parts: &[Part]) -> Vec<Tally> {
        let languages = self.program.languages.iter();
        languages
            .map(|language| {
                let mut tally =
                    Tally { language: phrases::language(language.as_str()).to_owned(), ..Tally::default() };
                let sections = parts.iter().flat_map(|part| &part.tracks).flat_map(|track| &track.sections);
                for tip in sections.flat_map(|section| &section.tips) {
                    let own = |column: &&Column| column.language == language.as_str();
                    let Some(column) = tip.columns.iter().find(own) else { continue };
                    tally.tips += 1;
                    match tip.state {
                        State::Draft => tally.drafts += 1,
                        State::Approved => tally.approved += 1,
                        State::Expired => tally.expired += 1,
                    }
                    tally.segments += column.segments;
                    tally.costly += usize::from(column.encoding == Encoding::Ucs2.name());
                    tally.hard += usize::from(column.hard);
                }
                tally
            })
            .collect()
    }
}

fn title_anchor(track: Track) -> &'static str {
    match track {
        Track::Loss(_) => "loss",
        other => other.name(),
    }
}

/// Words as a string of a style sheet. Every sign beside letters, figures and spaces is written by its number, so
/// that no name of a program can end the string or the sheet.
fn css_string(words: &str) -> String {
    let escaped: String =
        words
            .chars()
            .map(|c| {
                if c.is_alphanumeric() || c == ' ' { c.to_string() } else { format!("\\{:x} ", u32::from(c)) }
            })
            .collect();
    format!("\"{escaped}\"")
}
