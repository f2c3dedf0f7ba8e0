//! Who is enrolled, by program, language and stage: the census' anchors, read on a day.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::super::tongue::{Tongue, words};
use crate::domain::gestation::{Anchor, HELD_AFTER_DUE_DAYS, PREGNANCY_DAYS, Track, stage_on};
use crate::store::tallies::Group;

words! {
    /// Stages.
    pub Words {
        first: "weeks 1–13", "semanas 1–13", "недели 1–13";
        second: "weeks 14–27", "semanas 14–27", "недели 14–27";
        third: "from week 28", "desde la semana 28", "с 28-й недели";
        waiting: "news of the birth awaited", "se espera noticia del parto", "ждём сообщения о родах";
        newborn: "baby to 3 months", "bebé hasta 3 meses", "малыш до 3 месяцев";
        middle: "3 to 6 months", "3 a 6 meses", "3–6 месяцев";
        older: "6 to 12 months", "6 a 12 meses", "6–12 месяцев";
        active: "enrolled", "inscritas", "записаны";
        stopped: "stopped", "de baja", "отписались";
        lost: "after a loss", "tras una pérdida", "после потери";
        ended: "completed or begun anew", "terminado o reiniciado", "завершено или начато заново";
    }
}

/// How many stages there are.
const STAGES: usize = 7;

/// A line of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The program.
    pub program: String,
    /// The language.
    pub language: String,
    /// Who is in each stage.
    pub stages: Vec<String>,
    /// Who is active in all.
    pub active: String,
    /// Who has stopped.
    pub stopped: String,
    /// Who is left alone, or supported, after a loss.
    pub lost: String,
    /// Whose time is over.
    pub ended: String,
}

#[derive(Clone, Copy, Default)]
struct Sums {
    stages: [i64; STAGES],
    active: i64,
    stopped: i64,
    lost: i64,
    ended: i64,
}

/// The names of the stages.
pub fn stages(words: &'static Words) -> [&'static str; STAGES] {
    [words.first, words.second, words.third, words.waiting, words.newborn, words.middle, words.older]
}

/// The table, and how many are active in all.
pub fn table(census: &[(Group, i64)], today: NaiveDate, tongue: Tongue) -> (Vec<Line>, i64) {
    let mut sums: BTreeMap<(&str, &str), Sums> = BTreeMap::new();
    for (group, people) in census {
        let sum = sums.entry((&group.program, &group.language)).or_default();
        match group.state.as_str() {
            "active" => {
                sum.active += people;
                if let Some(stage) = stage(group, today) {
                    sum.stages[stage] += people;
                }
            }
            "stopped" => sum.stopped += people,
            "frozen" | "supported" => sum.lost += people,
            _ => sum.ended += people,
        }
    }
    let all = sums.values().map(|sum| sum.active).sum();
    let line = |((program, language), sum): ((&str, &str), Sums)| Line {
        program: program.to_owned(),
        language: language.to_owned(),
        stages: sum.stages.iter().map(|people| tongue.number(*people)).collect(),
        active: tongue.number(sum.active),
        stopped: tongue.number(sum.stopped),
        lost: tongue.number(sum.lost),
        ended: tongue.number(sum.ended),
    };
    (sums.into_iter().map(line).collect(), all)
}

/// The stage of a group that is active; none before its time begins.
fn stage(group: &Group, today: NaiveDate) -> Option<usize> {
    let anchor = match group.anchor_kind.as_str() {
        "born" => Anchor::Born(group.anchor_date),
        _ => Anchor::Due(group.anchor_date),
    };
    let stage = stage_on(anchor, today)?;
    let days = stage.week * 7 + stage.day;
    let held = days > PREGNANCY_DAYS + HELD_AFTER_DUE_DAYS;
    Some(match stage.track {
        Track::Pregnancy if held => 3,
        Track::Pregnancy => [14, 28].iter().filter(|week| stage.week >= **week).count(),
        _ => 4 + [13, 26].iter().filter(|week| stage.week >= **week).count(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_in_one_stage() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 24).expect("a day");
        let group = |kind: &str, days: i64, state: &str| Group {
            program: "us".to_owned(),
            language: "en".to_owned(),
            state: state.to_owned(),
            anchor_kind: kind.to_owned(),
            anchor_date: today + chrono::TimeDelta::days(days),
        };
        let census = [
            (group("due", 270, "active"), 1),
            (group("due", 150, "active"), 2),
            (group("due", -21, "active"), 3),
            (group("due", -22, "active"), 4),
            (group("born", -90, "active"), 5),
            (group("born", -100, "active"), 6),
            (group("born", -300, "active"), 7),
            (group("", 0, "stopped"), 8),
            (group("", 0, "frozen"), 9),
            (group("", 0, "completed"), 10),
        ];
        let (lines, all) = table(&census, today, Tongue::En);
        assert_eq!(28, all);
        assert_eq!(["1", "2", "3", "4", "5", "6", "7"].as_slice(), lines[0].stages);
        assert_eq!(("8", "9", "10"), (&*lines[0].stopped, &*lines[0].lost, &*lines[0].ended));
    }
}
