//! The overview's drawings: texts by time, and how the share that arrives goes by gateway and sender.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::super::chart::{Column, Columns, Spark};
use super::super::delivery::address;
use super::super::tongue::fill;
use super::figures::{Fates, Figures, Routes};
use super::showing::View;

/// A trend needs so many texts in a part.
const FEW: i64 = 5;

/// Texts of a part of the time, as the table tells them.
pub struct Hour {
    /// What the part is called.
    pub name: String,
    /// What a link to its texts says.
    pub label: String,
    /// Where these are.
    pub href: String,
    /// Delivered, under way, failed, taken back.
    pub figures: [String; 4],
}

/// How much arrives.
pub struct Rate {
    /// By which gateway.
    pub gateway: String,
    /// From which sender.
    pub sender: String,
    /// Where these texts are.
    pub href: String,
    /// How many were given to it.
    pub sent: String,
    /// How much of that arrived.
    pub share: String,
    /// How that goes; none: there is too little to tell.
    pub spark: Option<Spark>,
}

impl View<'_> {
    /// The drawing, and the same as a table.
    pub fn chart(&self, figures: &Figures) -> (Columns, Vec<Hour>) {
        let (words, parts) = (self.words, self.period.parts());
        let mut fates = vec![Fates::default(); parts.len()];
        for (at, state, texts) in &figures.hours {
            let part = parts.partition_point(|from| from <= at).saturating_sub(1);
            if let Some(fates) = fates.get_mut(part) {
                fates.add(*state, *texts);
            }
        }
        let figures_of =
            |fates: &Fates| [fates.delivered, fates.underway, fates.failed + fates.expired, fates.canceled];
        let columns: Vec<Column> = parts
            .iter()
            .zip(&fates)
            .map(|(at, fates)| Column {
                name: self.period.part_name(self.tongue, *at),
                parts: figures_of(fates).to_vec(),
            })
            .collect();
        let all = figures_of(&figures.texts);
        let [delivered, underway, failed, canceled] = all.map(|texts| self.tongue.number(texts));
        let due = self.tongue.number(figures.texts.due());
        let values = [
            ("due", &*due),
            ("delivered", &*delivered),
            ("underway", &*underway),
            ("failed", &*failed),
            ("canceled", &*canceled),
        ];
        let legend = vec![
            ("s5", words.delivered),
            ("s1", words.underway),
            ("s6", words.failed),
            ("s4", words.canceled),
        ];
        let chart = Columns::new(self.tongue, fill(words.essence, &values), words.most, legend, &columns);
        let hours = parts.iter().enumerate().filter(|(place, _)| fates[*place] != Fates::default());
        let hours = hours.map(|(place, at)| {
            let to = parts.get(place + 1).copied().unwrap_or(self.period.to);
            let (from, to) = (self.period.typed(*at), self.period.typed(to));
            let mut query = vec![("range", "own"), ("from", &*from), ("to", &*to)];
            query.extend(self.chosen.iter().map(|(name, value)| (*name, value.as_str())));
            let name = self.period.part_name(self.tongue, *at);
            Hour {
                label: fill(words.look_at, &[("time", &name)]),
                name,
                href: address(&query),
                figures: figures_of(&fates[place]).map(|texts| self.tongue.number(texts)),
            }
        });
        (chart, hours.collect())
    }

    /// How much arrives by each gateway from each sender.
    pub fn rates(&self, routes: &Routes) -> Vec<Rate> {
        let parts = self.period.parts();
        let rate = |((sender, gateway), buckets): (&(String, String), &BTreeMap<DateTime<Utc>, Fates>)| {
            let mut fates = vec![Fates::default(); parts.len()];
            let mut all = Fates::default();
            for (at, some) in buckets {
                let part = parts.partition_point(|from| from <= at).saturating_sub(1);
                for fates in fates.get_mut(part).into_iter().chain([&mut all]) {
                    *fates += *some;
                }
            }
            let shares: Vec<Option<f64>> =
                fates.iter().map(|fates| fates.rate().filter(|_| fates.tried() >= FEW)).collect();
            Rate {
                gateway: gateway.clone(),
                sender: sender.clone(),
                href: self.link(&[("gateway", gateway)]),
                sent: self.tongue.number(all.tried()),
                share: all.rate().map_or_else(|| "–".to_owned(), |share| self.tongue.percent(share)),
                spark: self.spark(gateway, sender, &shares),
            }
        };
        routes.iter().map(rate).collect()
    }

    fn spark(&self, gateway: &str, sender: &str, shares: &[Option<f64>]) -> Option<Spark> {
        let known: Vec<f64> = shares.iter().flatten().copied().collect();
        if known.len() < 4 || known.len() * 2 < shares.len() {
            return None;
        }
        let percent = |share: f64| self.tongue.percent(share);
        let values = [
            ("gateway", gateway),
            ("sender", sender),
            ("low", &*percent(known.iter().copied().fold(1.0, f64::min))),
            ("high", &*percent(known.iter().copied().fold(0.0, f64::max))),
            ("last", &*percent(known.last().copied().unwrap_or_default())),
        ];
        Some(Spark::new(fill(self.words.trend_is, &values), shares, 0.8))
    }
}
