//! A tip that is new: in which file it goes, and how it is written there.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::Change;
use super::page::{literal, quoted};
use crate::domain::gestation::Loss;
use crate::domain::plan::ReadBy;
use crate::library::field::Field;

/// Weeks with more digits than a file's name has room for are none.
const LAST_WEEK: u32 = 99;

/// The file of a tip with these fields; none if they name no place.
pub fn path(program: &str, values: &BTreeMap<Field, String>) -> Option<String> {
    let value = |field| values.get(&field).map_or("", String::as_str);
    // What those get who care for her stands apart: nobody looks for it among the mother's weeks.
    let family = value(Field::Reader) == ReadBy::Family.name();
    let file = match value(Field::Track) {
        track @ ("starter" | "pregnancy" | "baby" | "farewell") if family => format!("family/{track}"),
        track @ ("pregnancy" | "baby") => {
            let week = value(Field::Week).parse::<u32>().ok().filter(|week| *week <= LAST_WEEK)?;
            format!("{track}/week-{week:02}")
        }
        track @ ("starter" | "farewell" | "more") => track.to_owned(),
        "loss" => {
            let loss = Loss::ALL.into_iter().find(|loss| loss.name() == value(Field::Loss))?;
            format!("loss/{}", loss.name())
        }
        _ => return None,
    };
    Some(format!("tips/{program}/{file}.toml"))
}

/// The tip as authors write one.
pub fn text(change: &Change) -> String {
    let mut text = format!("[[tip]]\nid = {}\n", quoted(&change.tip));
    let mut table = "";
    for field in Field::ALL {
        // The words stand between the fields of the tip itself and the tables.
        if table.is_empty() && field.path().len() > 1 {
            for (language, words) in &change.words {
                let _ = writeln!(text, "text.{language} = {}", quoted(words));
            }
        }
        if let [outer, _] = field.path()
            && *outer != table
        {
            table = outer;
            let _ = write!(text, "\n[tip.{table}]\n");
        }
        let Some(value) = change.values.get(&field).filter(|value| !value.is_empty()) else { continue };
        let key = field.path().last().copied().unwrap_or_default();
        let _ = writeln!(text, "{key} = {}", literal(field, value));
    }
    text
}
