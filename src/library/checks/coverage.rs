//! Whether every slot has a tip: a gap is a warning here, and *no tip* in the record of her texts.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::{needs as need_named, track as track_of};
use crate::domain::calendar::Cadence;
use crate::domain::gestation::{Loss, Track};
use crate::domain::plan::{Needs, ReadBy};
use crate::library::fault::{Fault, Spot};
use crate::library::format::{At, Drafts, ProgramFile, TipEntry};

/// Tips of pregnancy begin here: before, hardly anybody knows.
const FIRST_WEEK: i64 = 4;
/// The last week of pregnancy has one day, 43+0, and so one slot.
const LAST_WEEK: i64 = 43;
/// A loss set has at least so many texts.
const LOSS_TEXTS: usize = 4;

/// `slot-empty`: weeks of a track whose slots lack tips, told as ranges.
pub fn slots(drafts: &Drafts, _: NaiveDate, faults: &mut Vec<Fault>) {
    for program in &drafts.programs {
        let filled = filled(drafts, program);
        for (track, weeks) in [(Track::Pregnancy, FIRST_WEEK..=LAST_WEEK), (Track::Baby, 0..=51)] {
            let Some(per_week) = per_week(&program.value, track) else { continue };
            let empty: Vec<i64> = weeks
                .filter(|week| {
                    let last = track == Track::Pregnancy && *week == LAST_WEEK;
                    let slots = if last { 1 } else { per_week };
                    (1..=slots).any(|slot| !filled.contains(&(track, *week, slot)))
                })
                .collect();
            for (first, last) in ranges(&empty) {
                let span =
                    if first == last { format!("week {first}") } else { format!("weeks {first} to {last}") };
                let message = format!("{}: {span} of {} lack tips", program.value.id.as_ref(), track.name());
                faults.push(Fault::warning("slot-empty", &program.spot, message));
            }
        }
    }
}

/// `starter`: the pack has no gap, and each text of it has words that suit anyone.
pub fn starter(drafts: &Drafts, _: NaiveDate, faults: &mut Vec<Fault>) {
    for program in &drafts.programs {
        let mut slots: BTreeMap<i64, Vec<Needs>> = BTreeMap::new();
        let hers = |tip: &&TipEntry| track_of(tip) == Some(Track::Starter) && is_for_mothers(tip);
        for tip in tips_of(drafts, program).filter(hers) {
            let needs = tip.needs.as_ref().and_then(|needs| need_named(needs.as_ref()));
            if let (Some(slot), Some(needs)) = (&tip.slot, needs) {
                slots.entry(*slot.as_ref()).or_default().push(needs);
            }
        }
        let spot = Spot { file: format!("tips/{}/starter.toml", program.value.id.as_ref()), line: 1 };
        for slot in 1..=slots.keys().copied().max().unwrap_or(1) {
            let anyone = |needs: &Needs| matches!(needs, Needs::Mother | Needs::Neutral | Needs::Either);
            match slots.get(&slot) {
                None => faults.push(Fault::warning(
                    "starter",
                    &spot,
                    format!("text {slot} of the starter pack is missing"),
                )),
                Some(needs) if !needs.iter().any(anyone) => {
                    let message = format!(
                        "text {slot} needs words that suit anyone: nothing is sure from week 37 to the birth"
                    );
                    faults.push(Fault::warning("starter", &spot, message));
                }
                Some(_) => {}
            }
        }
    }
}

/// `farewell`, `loss-set`: a last word before the first birthday, and gentle ones after each kind of loss.
pub fn others(drafts: &Drafts, _: NaiveDate, faults: &mut Vec<Fault>) {
    for program in &drafts.programs {
        let id = program.value.id.as_ref();
        let texts =
            |track: Track| tips_of(drafts, program).filter(|tip| track_of(tip) == Some(track)).count();
        if texts(Track::Farewell) == 0 {
            let message = format!("{id}: there is no farewell before the first birthday");
            faults.push(Fault::warning("farewell", &program.spot, message));
        }
        for loss in Loss::ALL {
            let count = texts(Track::Loss(loss));
            if count < LOSS_TEXTS {
                let message =
                    format!("{id}: {count} of at least {LOSS_TEXTS} texts after a loss ({})", loss.name());
                faults.push(Fault::warning("loss-set", &program.spot, message));
            }
        }
    }
}

fn filled(drafts: &Drafts, program: &At<ProgramFile>) -> BTreeSet<(Track, i64, u32)> {
    tips_of(drafts, program)
        .filter(|tip| is_for_mothers(tip))
        .filter_map(|tip| {
            let slot = u32::try_from(*tip.slot.as_ref()?.as_ref()).ok()?;
            Some((track_of(tip)?, *tip.week.as_ref()?.as_ref(), slot))
        })
        .collect()
}

fn tips_of<'a>(drafts: &'a Drafts, program: &'a At<ProgramFile>) -> impl Iterator<Item = &'a TipEntry> {
    drafts.tips.iter().filter(|(owner, _)| owner == program.value.id.as_ref()).map(|(_, tip)| &tip.value)
}

fn is_for_mothers(tip: &TipEntry) -> bool {
    tip.reader.as_ref().is_none_or(|reader| reader.as_ref() != ReadBy::Family.name())
}

/// How many occurrences a week has: taken from an ordinary week, far from any holiday rule.
fn per_week(program: &ProgramFile, track: Track) -> Option<u32> {
    let cadence: Cadence = program.cadence.get(track.name())?.as_ref().parse().ok()?;
    let monday = NaiveDate::from_isoywd_opt(2026, 20, chrono::Weekday::Mon)?;
    Some(cadence.count_between(monday, monday + chrono::Days::new(6)))
}

fn ranges(weeks: &[i64]) -> Vec<(i64, i64)> {
    let mut ranges: Vec<(i64, i64)> = Vec::new();
    for week in weeks {
        match ranges.last_mut() {
            Some(last) if last.1 + 1 == *week => last.1 = *week,
            _ => ranges.push((*week, *week)),
        }
    }
    ranges
}
