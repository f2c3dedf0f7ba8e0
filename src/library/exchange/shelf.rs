//! The library laid flat, to be compared with what is brought in and to be written out.

use std::collections::BTreeMap;

use crate::domain::language::Language;
use crate::domain::segment::{self, Segmentation};
use crate::library::checks;
use crate::library::fault::{Fault, Severity};
use crate::library::field::{Field, FlatTip};
use crate::library::files::Files;
use crate::library::format::{self, Drafts, ProgramFile};
use crate::library::help::Filling;

/// All tips of a library, flat.
pub struct Shelf {
    drafts: Drafts,
    tips: Vec<FlatTip>,
    by_id: BTreeMap<String, usize>,
}

/// The library has files that cannot be read, so nobody can tell which tips are there.
#[derive(Debug, thiserror::Error)]
#[error("the library has files that cannot be read; mend them first:\n{}",
        .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
pub struct NoShelf(pub Vec<Fault>);

impl Shelf {
    /// Lays out a library. It may have faults, as long as every file of a program and of tips can be read and every
    /// id stands once.
    pub fn new(files: &Files) -> Result<Self, NoShelf> {
        let (drafts, faults) = format::load_where(files, |path| !path.starts_with("lexicons/"));
        let mut faults: Vec<Fault> = faults
            .into_iter()
            .filter(|fault| fault.severity == Severity::Error)
            .filter(|fault| fault.file.starts_with("tips/") || fault.file.starts_with("programs/"))
            .collect();
        let tips = FlatTip::all(&drafts);
        let mut by_id: BTreeMap<String, usize> = BTreeMap::new();
        for (index, tip) in tips.iter().enumerate() {
            if let Some(first) = by_id.insert(tip.id.clone(), index) {
                let first = &tips[first].spot;
                let message = format!("{:?} is used already in {}:{}", tip.id, first.file, first.line);
                faults.push(Fault::error("tip-id", &tip.spot, message));
            }
        }
        if faults.is_empty() { Ok(Self { drafts, tips, by_id }) } else { Err(NoShelf(faults)) }
    }

    /// The ids of all programs, in order.
    pub fn programs(&self) -> Vec<&str> {
        self.drafts.programs.iter().map(|program| program.value.id.as_ref().as_str()).collect()
    }

    /// A program's languages, the source of all translations first; none if there is no such program.
    pub fn languages(&self, program: &str) -> Option<&[String]> {
        self.program(program).map(|program| program.languages.as_ref().as_slice())
    }

    /// The tip of that id, whatever its program.
    pub fn tip(&self, id: &str) -> Option<&FlatTip> {
        self.by_id.get(id).map(|index| &self.tips[*index])
    }

    /// The tip that holds a line of a file.
    pub fn tip_at(&self, file: &str, line: usize) -> Option<&FlatTip> {
        self.tips.iter().rfind(|tip| tip.spot.file == file && tip.spot.line <= line)
    }

    /// A program's tips in the order in which she gets them.
    pub fn tips_of(&self, program: &str) -> Vec<&FlatTip> {
        let mut tips: Vec<_> = self
            .drafts
            .tips
            .iter()
            .filter(|(_, tip)| tip.value.id.is_some())
            .zip(&self.tips)
            .filter(|((owner, _), _)| owner == program)
            .map(|((_, entry), tip)| {
                let number = |field| tip.value(field).parse::<i64>().unwrap_or(i64::MAX);
                let track = checks::track(&entry.value);
                ((track.is_none(), track, number(Field::Week), number(Field::Slot)), tip)
            })
            .collect();
        tips.sort_by_key(|(order, _)| *order);
        tips.into_iter().map(|(_, tip)| tip).collect()
    }

    /// How words would travel: with the longest help there is in each place, as the check counts them.
    pub fn counted(&self, program: &str, language: &str, words: &str) -> Segmentation {
        let filled = self.program(program).zip(language.parse::<Language>().ok());
        let filled =
            filled.map(|(program, language)| Filling::of(program, &self.drafts).longest(language, words));
        segment::count(filled.as_deref().unwrap_or(words))
    }

    /// Words as who lives in a region gets them; without one, as everybody else does.
    pub fn filled(&self, program: &str, language: &str, region: Option<&str>, words: &str) -> String {
        let filled = self.program(program).zip(language.parse::<Language>().ok());
        let filled = filled
            .map(|(program, language)| Filling::of(program, &self.drafts).words(language, region, words));
        filled.unwrap_or_else(|| words.to_owned())
    }

    fn program(&self, id: &str) -> Option<&ProgramFile> {
        self.drafts.programs.iter().map(|program| &program.value).find(|program| program.id.as_ref() == id)
    }
}
