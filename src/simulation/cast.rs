//! Where mothers live: the programs of a library, a place to name for each of their zones, and numbers.

use std::collections::BTreeMap;

use chrono_tz::Tz;

use crate::domain::conversation::Guide;
use crate::domain::language::Language;
use crate::library::{Library, PlaceKind, Program};

/// A ZIP code in each zone of the United States that a program may reach.
const ZIPS: [(&str, &str); 34] = [
    ("America/New_York", "10001"),
    ("America/Detroit", "48201"),
    ("America/Kentucky/Louisville", "40202"),
    ("America/Kentucky/Monticello", "42633"),
    ("America/Indiana/Indianapolis", "46204"),
    ("America/Indiana/Marengo", "47140"),
    ("America/Indiana/Petersburg", "47567"),
    ("America/Indiana/Vevay", "47043"),
    ("America/Indiana/Vincennes", "47591"),
    ("America/Indiana/Winamac", "46996"),
    ("America/Chicago", "60601"),
    ("America/Indiana/Knox", "46534"),
    ("America/Indiana/Tell_City", "47586"),
    ("America/Menominee", "49858"),
    ("America/North_Dakota/Beulah", "58523"),
    ("America/North_Dakota/Center", "58530"),
    ("America/North_Dakota/New_Salem", "58563"),
    ("America/Denver", "80202"),
    ("America/Boise", "83702"),
    ("America/Phoenix", "85001"),
    ("America/Los_Angeles", "90001"),
    ("America/Anchorage", "99501"),
    ("America/Juneau", "99801"),
    ("America/Metlakatla", "99926"),
    ("America/Nome", "99762"),
    ("America/Sitka", "99835"),
    ("America/Yakutat", "99689"),
    ("America/Adak", "99546"),
    ("Pacific/Honolulu", "96813"),
    ("America/Puerto_Rico", "00901"),
    ("America/St_Thomas", "00802"),
    ("Pacific/Pago_Pago", "96799"),
    ("Pacific/Guam", "96910"),
    ("Pacific/Saipan", "96950"),
];

/// Area codes of large cities: with 555-0100 to 555-0199 each they give numbers reserved for fiction.
const AREA_CODES: [u32; 60] = [
    201, 202, 203, 205, 206, 207, 208, 209, 210, 212, 213, 214, 215, 216, 217, 218, 219, 224, 225, 228, 229,
    231, 234, 239, 240, 248, 251, 252, 253, 254, 256, 260, 262, 267, 269, 270, 301, 302, 303, 304, 305, 307,
    308, 309, 310, 312, 313, 314, 315, 316, 317, 318, 319, 320, 321, 323, 325, 330, 331, 334,
];
/// Fictional numbers of an area.
const OF_AREA: u32 = 100;

/// Everybody there may be.
pub struct Cast {
    /// By program.
    pub countries: Vec<Country>,
    /// Zones of programs for which no place is known to name: nobody lives there.
    pub unknown: Vec<Tz>,
}

/// One program's mothers.
pub struct Country {
    /// The program.
    pub program: String,
    /// Its languages.
    pub languages: Vec<Language>,
    /// Its home zone.
    pub home: Tz,
    /// For each of its zones, words that name a place there.
    pub places: Vec<(Tz, String)>,
    /// The words that start it, by language.
    pub starts: Vec<(Language, String)>,
    /// How its numbers look.
    region: String,
    /// How many of a hundred mothers are its.
    pub weight: u64,
}

impl Cast {
    /// Of the programs of a library.
    pub fn of(library: &Library) -> Self {
        let mut unknown = Vec::new();
        let mut countries = Vec::new();
        for program in library.programs.values() {
            let places = places(library, program);
            unknown
                .extend(program.zones.iter().filter(|zone| !places.iter().any(|(known, _)| known == *zone)));
            let south = program.id == super::south::PROGRAM;
            countries.push(Country {
                program: program.id.clone(),
                languages: program.languages.clone(),
                home: program.home_zone,
                places,
                starts: program
                    .languages
                    .iter()
                    .map(|one| (*one, program.keyword(*one).to_owned()))
                    .collect(),
                region: program.countries.first().cloned().unwrap_or_default(),
                weight: if south { 1 } else { 2 },
            });
        }
        Self { countries, unknown }
    }
}

impl Country {
    /// A number that nobody has, or that nothing is sent to.
    pub fn number(&self, index: u32) -> String {
        match self.region.as_str() {
            "US" if index < AREA_CODES.len() as u32 * OF_AREA => {
                let area = AREA_CODES[(index / OF_AREA) as usize];
                format!("+1{area}55501{:02}", index % OF_AREA)
            }
            "RU" if index < 1_000_000 => format!("+7970{index:07}"),
            "AU" if index < 100_000 => format!("+614915{index:05}"),
            // The country code 999 is nobody's.
            _ => format!("+999{index:010}"),
        }
    }
}

/// For each zone that a place is known to lie in, the words that name it, as the library itself reads them.
fn places(library: &Library, program: &Program) -> Vec<(Tz, String)> {
    let words: BTreeMap<String, Vec<String>> = match &program.place {
        PlaceKind::UsZip => {
            ZIPS.iter().map(|(zone, zip)| ((*zone).to_owned(), vec![(*zip).to_owned()])).collect()
        }
        PlaceKind::File(name) => library
            .files
            .0
            .get(&format!("places/{name}.toml"))
            .and_then(|file| file.parse().ok())
            .map(|file: toml::Table| named(&file))
            .unwrap_or_default(),
    };
    let lies_in =
        |text: &String, zone: Tz| library.place(&program.id, text).is_some_and(|place| place.zone == zone);
    let found = program.zones.iter().filter_map(|zone| {
        let text = words.get(zone.name())?.iter().find(|text| lies_in(text, *zone))?;
        Some((*zone, text.clone()))
    });
    found.collect()
}

/// The words that a file of places has for its zones: towns first, then whole postcodes.
fn named(file: &toml::Table) -> BTreeMap<String, Vec<String>> {
    let digits = file.get("digits").and_then(toml::Value::as_integer).unwrap_or(6) as usize;
    let zones = file.get("zone").and_then(toml::Value::as_array).into_iter().flatten();
    let list = |zone: &toml::Value, key: &str| -> Vec<String> {
        let values = zone.get(key).and_then(toml::Value::as_array).into_iter().flatten();
        values.filter_map(|value| Some(value.as_str()?.to_owned())).collect()
    };
    let each = zones.filter_map(|zone| {
        let whole = |start: String| format!("{start:0<digits$}");
        let mut words = list(zone, "cities");
        words.extend(list(zone, "postcodes").into_iter().map(whole));
        Some((zone.get("name")?.as_str()?.to_owned(), words))
    });
    each.collect()
}
