//! What is being written, laid over an edition: a [`Leaf`] is a tip as it is meant to be, the [`Table`] all of them over
//! the files they were begun from. Files are changed by `library::edit` alone, so that an author's file keeps all that
//! nobody touched.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

use super::edit::{self, Change};
use super::exchange::{NoShelf, Shelf};
use super::fault::{Fault, Severity, Spot};
use super::field::{Field, FlatTip};
use super::files::Files;
use super::format;
use super::{Checked, Library};

/// A tip as it lies on the desk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leaf {
    /// Its program's id.
    pub program: String,
    /// Its id.
    pub tip: String,
    /// Its fields; those that it does not have are missing.
    pub values: BTreeMap<Field, String>,
    /// Its words, by language; a language without words is missing.
    pub words: BTreeMap<String, String>,
}

/// As it is kept: fields by their names.
#[derive(Serialize, Deserialize)]
struct Kept {
    program: String,
    tip: String,
    values: BTreeMap<String, String>,
    words: BTreeMap<String, String>,
}

impl Leaf {
    /// A tip as a library has it.
    pub fn of(tip: &FlatTip) -> Self {
        Self {
            program: tip.program.clone(),
            tip: tip.id.clone(),
            values: tip.values.clone(),
            words: tip.words.iter().filter(|(_, words)| !words.is_empty()).map(owned).collect(),
        }
    }

    /// A tip in a stored edition, of which nothing else is read.
    pub fn in_stored(json: &str, program: &str, tip: &str) -> Option<Self> {
        let folder = format!("tips/{program}/");
        let files: BTreeMap<String, &RawValue> = serde_json::from_str(json).ok()?;
        let of_program = files.into_iter().filter(|(path, _)| path.starts_with(&folder));
        let holding = of_program.filter(|(_, content)| content.get().contains(tip));
        let mut read = holding.filter_map(|(path, content)| {
            let content: String = serde_json::from_str(content.get()).ok()?;
            let (drafts, _) = format::load(&Files(BTreeMap::from([(path, content)])));
            FlatTip::all(&drafts).into_iter().find(|found| found.id == tip).map(|found| Self::of(&found))
        });
        read.next()
    }

    /// A tip that is not there yet.
    pub fn fresh(program: &str, tip: &str) -> Self {
        let (values, words) = (BTreeMap::new(), BTreeMap::new());
        Self { program: program.to_owned(), tip: tip.to_owned(), values, words }
    }

    /// A field as text; empty if it is not there.
    pub fn value(&self, field: Field) -> &str {
        self.values.get(&field).map_or("", String::as_str)
    }

    /// Its words in a language; empty if there are none.
    pub fn said(&self, language: &str) -> &str {
        self.words.get(language).map_or("", String::as_str)
    }

    /// Whether its words in a language were translated from others than those that stand in the first one now.
    pub fn is_stale(&self, language: &str) -> bool {
        self.value(Field::Stale).split(", ").any(|one| one == language)
    }

    /// The same as the library's own code sees a tip.
    pub fn flat(&self) -> FlatTip {
        FlatTip {
            program: self.program.clone(),
            spot: Spot::default(),
            id: self.tip.clone(),
            values: self.values.clone(),
            words: self.words.clone(),
        }
    }

    /// What it becomes by a change.
    #[must_use]
    pub fn with(&self, change: &Change) -> Self {
        let mut after = self.clone();
        after.values.extend(change.values.iter().map(|(field, value)| (*field, value.clone())));
        after.words.extend(change.words.iter().map(owned));
        after.values.retain(|_, value| !value.is_empty());
        after.words.retain(|_, words| !words.is_empty());
        after
    }

    /// What must change for a tip of a library to become this one.
    pub fn change(&self, before: Option<&FlatTip>) -> Change {
        let mut change = Change { program: self.program.clone(), tip: self.tip.clone(), ..Change::default() };
        let Some(before) = before else {
            change.values.clone_from(&self.values);
            change.words.clone_from(&self.words);
            return change;
        };
        for field in Field::ALL {
            if self.value(field) != before.value(field) {
                change.values.insert(field, self.value(field).to_owned());
            }
        }
        let languages: BTreeSet<&String> = self.words.keys().chain(before.words.keys()).collect();
        for language in languages {
            let stands = before.words.get(language).map_or("", String::as_str);
            if self.said(language) != stands {
                change.words.insert(language.clone(), self.said(language).to_owned());
            }
        }
        change
    }

    /// A digest of all of it.
    pub fn mark(&self) -> String {
        let digest = Sha256::digest(self.to_json().as_bytes());
        digest.iter().take(12).fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
    }

    /// As it is kept.
    pub fn to_json(&self) -> String {
        let values = self.values.iter().map(|(field, value)| (field.name().to_owned(), value.clone()));
        let kept = Kept {
            program: self.program.clone(),
            tip: self.tip.clone(),
            values: values.collect(),
            words: self.words.clone(),
        };
        serde_json::to_string(&kept).unwrap_or_default()
    }

    /// Read back; none if it is not what was kept.
    pub fn from_json(json: &str) -> Option<Self> {
        let kept: Kept = serde_json::from_str(json).ok()?;
        let field = |name: &str| Field::ALL.into_iter().find(|field| field.name() == name);
        let values = kept.values.into_iter().filter_map(|(name, value)| Some((field(&name)?, value)));
        Some(Self { program: kept.program, tip: kept.tip, values: values.collect(), words: kept.words })
    }
}

fn owned((key, value): (&String, &String)) -> (String, String) {
    (key.clone(), value.clone())
}

/// An edition with what is being written laid over it.
pub struct Table {
    /// The edition's files.
    pub before: Files,
    /// What stands in them.
    pub shelf_before: Shelf,
    /// The files as they would be with all of the desk.
    pub files: Files,
    /// What would stand in them.
    pub shelf: Shelf,
    /// Leaves that cannot be laid over the edition, and why.
    pub loose: BTreeMap<String, Fault>,
    leaves: Vec<Leaf>,
    today: NaiveDate,
    checked: OnceLock<Weighed>,
}

/// What the checks say of a table.
struct Weighed {
    /// Of all of it, by tip; under nothing what belongs to no tip.
    faults: BTreeMap<Option<String>, Vec<Fault>>,
    /// Made ready, without the tips that have errors.
    library: Option<Library>,
}

impl Table {
    /// Lays leaves over an edition. `today` decides whether a review has expired.
    pub fn lay(before: Files, leaves: Vec<Leaf>, today: NaiveDate) -> Result<Self, NoShelf> {
        let shelf_before = Shelf::new(&before)?;
        let mut loose = BTreeMap::new();
        let files = laid(&before, &shelf_before, &leaves, &mut loose);
        let shelf = Shelf::new(&files)?;
        Ok(Self { before, shelf_before, files, shelf, loose, leaves, today, checked: OnceLock::new() })
    }

    /// A tip as it is meant to be, whether or not it can be laid over the edition.
    pub fn leaf(&self, tip: &str) -> Option<Leaf> {
        let loose = self.leaves.iter().find(|leaf| leaf.tip == tip && self.loose.contains_key(tip));
        loose.cloned().or_else(|| self.shelf.tip(tip).map(Leaf::of))
    }

    /// The edition's files with these leaves alone. The fault tells why one of them cannot stand there as it is.
    pub fn only(&self, leaves: &[&Leaf]) -> Result<Files, Fault> {
        let mut files = self.before.clone();
        files.0.extend(written(&self.before, &self.shelf_before, leaves)?);
        Ok(files)
    }

    /// Whether these leaves can be laid over the edition as they are.
    pub fn bears(&self, leaves: &[&Leaf]) -> Result<(), Fault> {
        written(&self.before, &self.shelf_before, leaves).map(|_| ())
    }

    /// What the checks find in a tip, errors first.
    pub fn faults_of(&self, tip: &str) -> &[Fault] {
        self.weighed().faults.get(&Some(tip.to_owned())).map_or(&[], Vec::as_slice)
    }

    /// Whether a tip has an error, with which nothing can be published.
    pub fn is_broken(&self, tip: &str) -> bool {
        self.faults_of(tip).iter().any(|fault| fault.severity == Severity::Error)
    }

    /// All that the checks find, by tip; under nothing what belongs to none.
    pub fn faults(&self) -> &BTreeMap<Option<String>, Vec<Fault>> {
        &self.weighed().faults
    }

    /// All of it ready for use, but for tips with errors, which stand there as the edition has them.
    pub fn library(&self) -> Option<&Library> {
        self.weighed().library.as_ref()
    }

    fn weighed(&self) -> &Weighed {
        self.checked.get_or_init(|| self.weigh())
    }

    fn weigh(&self) -> Weighed {
        let Checked { library, faults } = Library::read(&self.files, self.today);
        let mut by_tip: BTreeMap<Option<String>, Vec<Fault>> = BTreeMap::new();
        for fault in faults {
            let tip = self.shelf.tip_at(&fault.file, fault.line).map(|tip| tip.id.clone());
            by_tip.entry(tip).or_default().push(fault);
        }
        for (tip, fault) in &self.loose {
            by_tip.entry(Some(tip.clone())).or_default().insert(0, fault.clone());
        }
        let broken = |tip: &str| {
            let own = by_tip.get(&Some(tip.to_owned()));
            own.is_some_and(|faults| faults.iter().any(|fault| fault.severity == Severity::Error))
        };
        let library = library.or_else(|| {
            let sound: Vec<&Leaf> = self.leaves.iter().filter(|leaf| !broken(&leaf.tip)).collect();
            let files = self.only(&sound).ok()?;
            Library::read(&files, self.today).library
        });
        Weighed { faults: by_tip, library }
    }
}

/// The files with as many leaves as can be laid over them.
fn laid(before: &Files, shelf: &Shelf, leaves: &[Leaf], loose: &mut BTreeMap<String, Fault>) -> Files {
    let mut over = written(before, shelf, &leaves.iter().collect::<Vec<_>>());
    if over.is_err() {
        // One of them cannot be: each is tried by itself.
        let mut sound = Vec::new();
        for leaf in leaves {
            match written(before, shelf, &[leaf]) {
                Ok(_) => sound.push(leaf),
                Err(fault) => drop(loose.insert(leaf.tip.clone(), fault)),
            }
        }
        over = written(before, shelf, &sound);
        if over.is_err() {
            // Each can be, and not all of them: as many as can, one after the other.
            let mut together = Vec::new();
            for leaf in sound {
                together.push(leaf);
                if let Err(fault) = written(before, shelf, &together) {
                    together.pop();
                    loose.insert(leaf.tip.clone(), fault);
                }
            }
            over = written(before, shelf, &together);
        }
    }
    let mut files = before.clone();
    files.0.extend(over.unwrap_or_default());
    files
}

/// The files that leaves touch, as they become. Each leaf is read back from them: what cannot be read would take every
/// other tip of its file with it.
fn written(before: &Files, shelf: &Shelf, leaves: &[&Leaf]) -> Result<BTreeMap<String, String>, Fault> {
    let changes: Vec<Change> = leaves.iter().map(|leaf| leaf.change(shelf.tip(&leaf.tip))).collect();
    let wanted: Vec<&Change> = changes.iter().filter(|change| !change.is_empty()).collect();
    let touched = Files(edit::touched(before, shelf, &wanted)?);
    let unread = |file: &str, why: &str| {
        Fault::error("syntax", &Spot { file: file.to_owned(), line: 1 }, why.to_owned())
    };
    let read = Shelf::new(&touched).map_err(|NoShelf(faults)| {
        faults.into_iter().next().unwrap_or_else(|| unread("tips", "it could not be read back"))
    })?;
    for (leaf, _) in leaves.iter().zip(&changes).filter(|(_, change)| !change.is_empty()) {
        let found = read.tip(&leaf.tip);
        if found.map(Leaf::of).as_ref() != Some(*leaf) {
            let file = found.map_or("tips", |found| found.spot.file.as_str());
            let why = format!("{} would be read back otherwise than it was written", leaf.tip);
            return Err(unread(file, &why));
        }
    }
    Ok(touched.0)
}
