//! Which column of a list is which, by its heading in any of our languages.

use std::collections::BTreeMap;

use crate::domain::named::named;
use crate::library::spreadsheet::{Cell, Sheet};

named! {
    /// A column that is read.
    pub enum Column {
        /// Her number.
        Phone = "phone",
        /// Her language.
        Language = "language",
        /// The due date.
        Due = "due_date",
        /// The baby's birth.
        Born = "birth_date",
        /// Where she lives.
        Place = "place",
        /// Who she is to the baby.
        Reader = "reader",
        /// By whose code she comes.
        Partner = "partner",
        /// When she agreed.
        AgreedOn = "consent_date",
        /// How she agreed.
        AgreedHow = "consent_how",
    }
}

impl Column {
    /// Without these nobody is enrolled; and without one of the two dates.
    pub const NEEDED: [Self; 3] = [Self::Phone, Self::AgreedOn, Self::AgreedHow];

    /// How it may be called, tidied: English, Spanish, Russian; the first of each is the template's.
    fn names(self) -> &'static [&'static str] {
        match self {
            Self::Phone => &[
                "phone",
                "phone number",
                "number",
                "mobile",
                "mobile number",
                "cell",
                "cell phone",
                "telephone",
                "msisdn",
                "teléfono",
                "telefono",
                "número",
                "numero",
                "número de teléfono",
                "celular",
                "móvil",
                "movil",
                "телефон",
                "номер",
                "номер телефона",
                "мобильный",
                "мобильный телефон",
                "сотовый",
            ],
            Self::Language => &["language", "lang", "idioma", "lengua", "язык"],
            Self::Due => &[
                "due date",
                "due",
                "edd",
                "expected date of delivery",
                "fecha de parto",
                "fecha probable de parto",
                "fpp",
                "срок родов",
                "пдр",
                "дата родов",
                "предполагаемая дата родов",
            ],
            Self::Born => &[
                "birth date",
                "born",
                "baby birth date",
                "baby's birth date",
                "date of birth of the baby",
                "fecha de nacimiento",
                "fecha de nacimiento del bebé",
                "nacimiento",
                "день рождения",
                "дата рождения",
                "день рождения малыша",
                "дата рождения ребенка",
            ],
            Self::Place => &[
                "place",
                "zip",
                "zip code",
                "postcode",
                "postal code",
                "town",
                "city",
                "lugar",
                "código postal",
                "codigo postal",
                "ciudad",
                "место",
                "индекс",
                "почтовый индекс",
                "город",
            ],
            Self::Reader => {
                &["reader", "who reads", "who", "quién lee", "quien lee", "lectora", "кто читает", "кто"]
            }
            Self::Partner => &[
                "partner",
                "partner code",
                "code",
                "clinic code",
                "código del socio",
                "codigo del socio",
                "código",
                "codigo",
                "socio",
                "код",
                "код партнера",
                "партнер",
            ],
            Self::AgreedOn => &[
                "consent date",
                "date of consent",
                "agreed on",
                "fecha del consentimiento",
                "fecha de consentimiento",
                "дата согласия",
            ],
            Self::AgreedHow => &[
                "consent how",
                "how consent was given",
                "consent",
                "how",
                "cómo dio su consentimiento",
                "como dio su consentimiento",
                "consentimiento",
                "cómo",
                "как получено согласие",
                "согласие",
                "как",
            ],
        }
    }

    fn called(heading: &str) -> Option<Self> {
        let tidied = tidy(heading);
        Self::ALL.iter().copied().find(|column| column.names().contains(&tidied.as_str()))
    }
}

/// A heading as it is compared.
fn tidy(heading: &str) -> String {
    let plain: String = heading
        .to_lowercase()
        .chars()
        .map(|c| match c {
            'ё' => 'е',
            '_' | '-' | ':' | '*' | '\u{a0}' | '\u{feff}' => ' ',
            c => c,
        })
        .collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Where the columns of a sheet stand.
#[derive(Clone, Debug)]
pub struct Columns {
    /// The row of the headings, from 1.
    pub heading: u32,
    /// Each that was found.
    pub found: BTreeMap<&'static str, u32>,
    /// Headings that nothing is read under.
    pub unread: Vec<String>,
}

/// Rows in which headings are looked for: some put a title above them.
const HEADINGS_WITHIN: usize = 10;
/// So many headings that are not read are named.
const MOST_NAMED: usize = 12;

impl Columns {
    /// Looks for the headings: the first row that has one for the number.
    pub fn find(sheet: &Sheet) -> Option<Self> {
        for (row, cells) in sheet.rows.iter().take(HEADINGS_WITHIN) {
            let (mut found, mut unread) = (BTreeMap::new(), Vec::new());
            for (column, cell) in cells {
                let Cell::Text(heading) = cell else { continue };
                match Column::called(heading) {
                    Some(called) if !found.contains_key(called.name()) => {
                        found.insert(called.name(), *column);
                    }
                    _ => unread.push(heading.trim().chars().take(40).collect()),
                }
            }
            if found.contains_key(Column::Phone.name()) {
                unread.truncate(MOST_NAMED);
                return Some(Self { heading: *row, found, unread });
            }
        }
        None
    }

    /// The needed ones that are not there.
    pub fn missing(&self) -> Vec<Column> {
        let mut missing: Vec<Column> =
            Column::NEEDED.into_iter().filter(|column| !self.found.contains_key(column.name())).collect();
        if [Column::Due, Column::Born].iter().all(|column| !self.found.contains_key(column.name())) {
            missing.push(Column::Due);
        }
        missing
    }

    /// A row's cell in a column.
    pub fn cell<'a>(&self, cells: &'a BTreeMap<u32, Cell>, column: Column) -> Option<&'a Cell> {
        cells.get(self.found.get(column.name())?)
    }
}
