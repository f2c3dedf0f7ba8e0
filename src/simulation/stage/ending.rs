//! The end: what is left over, what could be foretold, and who was to be forgotten.

use chrono::{NaiveDate, TimeDelta};

use super::{EPILOGUE, Stage};
use crate::domain::delivery::State;
use crate::simulation::SimulationError;
use crate::simulation::account::Account;
use crate::simulation::truths::{Foretold, Truth};
use crate::store::witness::{self, Leftovers};

/// What was due so long before the end is done.
const SETTLED: TimeDelta = TimeDelta::hours(30);
/// Plain mothers whose every day is held against a calendar; more would say no more.
const FORETOLD: usize = 150;
/// People who were erased and are looked for; each costs a look into every table.
const LOOKED_FOR: usize = 12;

impl Stage<'_> {
    /// Looks at everything once more; gives what the world came to.
    pub(super) async fn end(mut self) -> Result<Account, SimulationError> {
        self.leftovers().await?;
        self.look_for_the_erased().await?;
        if !self.setting.public {
            self.foretell().await?;
        }
        let mut tx = self.service.database.read().await?;
        for (kind, state, count) in witness::ends(&mut tx).await? {
            let state = State::from_code(state).map_or("unknown", State::name);
            *self.account.ends.entry((kind, state)).or_default() += count.unsigned_abs();
        }
        tx.commit().await?;
        self.tell_mischief();
        self.account.deeds = self.carrier.deeds;
        self.account.silences = self.truths.silences;
        self.account.unasked_hours = self.truths.unasked_hours;
        self.account.checked = self.truths.checked;
        self.account.broken = self.truths.broken.into_iter().map(|broken| (0, broken)).collect();
        Ok(self.account)
    }

    async fn leftovers(&mut self) -> Result<(), SimulationError> {
        let now = self.service.now();
        let mut tx = self.service.database.read().await?;
        let left = witness::leftovers(&mut tx, now - SETTLED).await?;
        let (unknown, alarms) = witness::not_understood(&mut tx).await?;
        tx.commit().await?;
        let Leftovers { unheard, given_up, lost, unexplained, stuck, unkept, unplanned } = left;
        let heard = self.account.heard();
        for (truth, checks, count, what) in [
            (Truth::Heard, heard, unheard, "texts received were never handled"),
            (Truth::Heard, 0, given_up, "texts received were given up"),
            (Truth::Ends, 1, lost, "occurrences have a text that is nowhere"),
            (Truth::Ends, 1, unexplained, "texts did not arrive, and nothing says why"),
            (Truth::Ends, 1, stuck, "texts wait although their time has come"),
            (Truth::Ends, 1, unplanned, "lines of the agenda were never planned"),
            (Truth::Promised, 1, unkept, "promises are past and neither kept nor dropped"),
        ] {
            *self.truths.checked.entry(truth).or_default() += checks;
            if count > 0 {
                self.truths.find(truth, None, now, format!("{count} {what}"));
            }
        }
        *self.truths.checked.entry(Truth::Unknown).or_default() += self.carrier.unknown.unsigned_abs();
        // Those about people who were erased are gone with them.
        if unknown > self.carrier.unknown || (alarms == 0 && self.carrier.unknown > 0) {
            let what =
                format!("{} such reports came, {unknown} are kept, {alarms} alarms", self.carrier.unknown);
            self.truths.find(Truth::Unknown, None, now, what);
        }
        Ok(())
    }

    /// Whoever was erased and has not written since stands nowhere.
    async fn look_for_the_erased(&mut self) -> Result<(), SimulationError> {
        let before = self.span.until + EPILOGUE - SETTLED;
        let gone: Vec<(u32, String)> = self
            .phones
            .iter()
            .filter(|(_, phone)| {
                let standing = &self.truths.standings[**phone as usize];
                standing.erased.is_some_and(|at| at < before) && !standing.wrote_since
            })
            .map(|(number, phone)| (self.truths.standings[*phone as usize].mother, number.clone()))
            .take(LOOKED_FOR)
            .collect();
        if gone.is_empty() {
            return Ok(());
        }
        let mut tx = self.service.database.read().await?;
        let digits = |number: &str| number.trim_start_matches('+').to_owned();
        let all: Vec<String> = gone.iter().map(|(_, number)| digits(number)).collect();
        *self.truths.checked.entry(Truth::Erased).or_default() += all.len() as u64;
        if !witness::traces(&mut tx, &all).await?.is_empty() {
            for (mother, number) in &gone {
                for (table, column) in witness::traces(&mut tx, &[digits(number)]).await? {
                    let what = format!("her number stands in {table}.{column}");
                    self.truths.find(Truth::Erased, Some(*mother), self.service.now(), what);
                }
            }
        }
        tx.commit().await?;
        Ok(())
    }

    /// Holds plain lives against a calendar.
    async fn foretell(&mut self) -> Result<(), SimulationError> {
        let end = self.span.until;
        let rhythms: Vec<Option<Foretold>> = self
            .setting
            .cast
            .countries
            .iter()
            .map(|country| {
                Foretold::of(&self.setting.library, self.setting.library.program(&country.program)?)
            })
            .collect();
        let plain: Vec<u32> = (0..self.truths.standings.len() as u32)
            .filter(|phone| self.truths.standings[*phone as usize].plain)
            .take(FORETOLD)
            .collect();
        for phone in plain {
            let country = self.truths.standings[phone as usize].country;
            let Some(rhythm) = &rhythms[country] else { continue };
            let number = self.mothers[(phone / 2) as usize].mother.phone.clone();
            let mut tx = self.service.database.read().await?;
            let days: Vec<NaiveDate> =
                witness::days_of(&mut tx, &number).await?.into_iter().map(|(day, _)| day).collect();
            tx.commit().await?;
            self.truths.foretell(phone, rhythm, &days, end);
        }
        self.truths.foretell_visits(end);
        Ok(())
    }
}
