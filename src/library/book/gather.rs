//! From the authors' files to what stands in the book.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use toml::Spanned;

use super::block::{number, reader_of, source, text};
use super::{Book, Column, First, Help, NoBook, Part, ProgramPart, Section, Tally, TrackPart, phrases};
use crate::domain::gestation::{Loss, Track};
use crate::domain::plan::ReadBy;
use crate::domain::segment::Encoding;
use crate::library::format::{self, Drafts, ProgramFile, TipEntry};
use crate::library::help::{self, Filling};
use crate::library::state::State;
use crate::library::{Files, Library, Program, Severity, checks};

/// What stands on paper under one running head: its name in the style sheet, its title, whether it is for those who
/// care for her, its tracks. Short tracks go along with long ones, or each would leave a page half empty.
const PARTS: [(&str, &str, bool, &[Track]); 5] = [
    ("pregnancy", "Starter texts and pregnancy", false, &[Track::Starter, Track::Pregnancy]),
    ("baby", "Baby’s first year and farewell", false, &[Track::Baby, Track::Farewell]),
    ("loss", "After a loss", false, &LOSSES),
    ("more", "Second texts", false, &[Track::More]),
    (
        "family",
        "For who cares for her",
        true,
        &[Track::Starter, Track::Pregnancy, Track::Baby, Track::Farewell, Track::More],
    ),
];
const LOSSES: [Track; 3] =
    [Track::Loss(Loss::Miscarriage), Track::Loss(Loss::Stillbirth), Track::Loss(Loss::Baby)];

/// Makes the book. A library that has errors is not sent, so there is nothing to sign in it.
pub fn book(files: &Files, today: NaiveDate, programs: &[String]) -> Result<Book, NoBook> {
    let checked = Library::read(files, today);
    let Some(library) = checked.library else {
        let errors = checked.faults.into_iter().filter(|fault| fault.severity == Severity::Error).collect();
        return Err(NoBook::Faulty(errors));
    };
    let (drafts, _) = format::load_where(files, |path| !path.starts_with("lexicons/"));
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

/// A section's place. Of second texts the week is the place of their tips' track in [`phrases::FIRSTS`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    /// It is for those who care for her.
    family: bool,
    track: Track,
    week: i64,
    /// In the starter pack the text's number.
    text: u32,
}

impl Desk<'_> {
    fn program(&self) -> ProgramPart {
        let mut sections: BTreeMap<Place, Vec<(u32, &TipEntry)>> = BTreeMap::new();
        let owned = self.drafts.tips.iter().filter(|(owner, _)| *owner == self.program.id);
        for (_, tip) in owned {
            let Some((place, slot)) = self.place(&tip.value) else { continue };
            sections.entry(place).or_default().push((slot, &tip.value));
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
            questions: self.questions(&name),
            helps_page: self.page("help"),
            helps_head: css_string(&format!("{name} · Numbers of help")),
            parts,
            name,
        }
    }

    /// In which section a tip stands, and where in it.
    fn place(&self, tip: &TipEntry) -> Option<(Place, u32)> {
        let track = checks::track(tip)?;
        let family = reader_of(tip) == ReadBy::Family;
        let (slot, week) = self.slot_of(tip);
        if track != Track::More {
            let text = if track == Track::Starter { slot } else { 0 };
            return Some((Place { family, track, week, text }, slot));
        }
        // In the order of the tips they belong to.
        let first = self.tip(tip.of.as_ref()?.as_ref())?;
        let first_track = checks::track(first)?;
        let others = phrases::FIRSTS.len();
        let rank = phrases::FIRSTS.iter().position(|track| *track == first_track).unwrap_or(others);
        let (slot, week) = self.slot_of(first);
        let order = u32::try_from(week).unwrap_or(0) * 100 + slot;
        Some((Place { family, track, week: rank as i64, text: 0 }, order))
    }

    fn slot_of(&self, tip: &TipEntry) -> (u32, i64) {
        let slot = number(&tip.slot).and_then(|slot| u32::try_from(slot).ok()).unwrap_or(0);
        (slot, number(&tip.week).unwrap_or(0))
    }

    /// A tip of the program.
    pub fn tip(&self, id: &str) -> Option<&TipEntry> {
        let mut owned = self.drafts.tips.iter().filter(|(owner, _)| *owner == self.program.id);
        let named = |tip: &TipEntry| tip.id.as_ref().is_some_and(|name| name.as_ref() == id);
        owned.find(|(_, tip)| named(&tip.value)).map(|(_, tip)| &tip.value)
    }

    /// The tip that a second text or a question belongs to.
    pub fn first(&self, id: &str) -> Option<First> {
        let tip = self.tip(id)?;
        let (slot, week) = self.slot_of(tip);
        Some(First { id: id.to_owned(), place: phrases::place(checks::track(tip)?, week, slot) })
    }

    fn part(
        &self,
        (page, title, family, tracks): &(&str, &str, bool, &[Track]),
        name: &str,
        sections: &BTreeMap<Place, Vec<(u32, &TipEntry)>>,
    ) -> Option<Part> {
        let mut parts: Vec<TrackPart> = Vec::new();
        let here = |place: &Place| place.family == *family && tracks.contains(&place.track);
        for (place, tips) in sections.iter().filter(|(place, _)| here(place)) {
            let (title, about) =
                if *family { phrases::family(place.track) } else { phrases::track(place.track) };
            if parts.last().is_none_or(|last| last.title != title) {
                let anchor = format!("{}-{}", self.program.id, title_anchor(*place));
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
    pub fn page(&self, name: &str) -> String {
        format!("p{}-{name}", self.number)
    }

    fn section(&self, place: Place, tips: &[(u32, &TipEntry)]) -> Section {
        let Place { family, track, week, text } = place;
        let (short, title, span) = phrases::section(track, week, text);
        let mut tips = tips.to_vec();
        // Stable: of tips that share a slot the first in the file is the first choice.
        tips.sort_by_key(|(slot, _)| *slot);
        let blocks = tips.iter().enumerate().filter_map(|(index, (slot, tip))| {
            let choices = tips.iter().filter(|(other, _)| other == slot).count();
            let before = tips[..index].iter().filter(|(other, _)| other == slot).count();
            self.block(tip, phrases::slot(track, *slot, before + 1, choices))
        });
        let number = if text > 0 { i64::from(text) } else { week };
        let whose = if family { "family-" } else { "" };
        Section {
            anchor: format!("{}-{whose}{}-{number}", self.program.id, track.name()),
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

fn title_anchor(place: Place) -> String {
    match (place.track, place.family) {
        (Track::Loss(_), _) => "loss".to_owned(),
        (track, true) => format!("family-{}", track.name()),
        (track, false) => track.name().to_owned(),
    }
}

/// Words as a string of a style sheet. Every sign beside letters, figures and spaces is written by its number, so
/// that no name of a program can end the string or the sheet.
pub fn css_string(words: &str) -> String {
    let escaped: String =
        words
            .chars()
            .map(|c| {
                if c.is_alphanumeric() || c == ' ' { c.to_string() } else { format!("\\{:x} ", u32::from(c)) }
            })
            .collect();
    format!("\"{escaped}\"")
}
