//! Fourth truth: no words of a pregnancy or a baby that may not be.

use chrono::NaiveDate;

use super::{Said, Says, Standing, Truth, Truths};
use crate::domain::conversation::Reply;
use crate::domain::gestation::Track;
use crate::domain::plan::Needs;
use crate::store::witness::Seen;

/// From this day of pregnancy (37 weeks) on nothing takes it for granted.
const TERM_BEGINS: i64 = 37 * 7;
/// The last text (43 weeks) is right for the rest of its week; beyond that nothing comes until she tells.
const HELD_AFTER: i64 = 280 + 21 + 6;

impl Truths {
    pub(super) fn right(&mut self, said: &Said, seen: &Seen) {
        let standing = &self.standings[said.phone as usize];
        let today = self.homes[standing.country].day(standing.zone, said.at);
        let wrong = match (&seen.tip, said.says) {
            (Some(tip), _) => {
                let Some(place) = self.words.tip(tip) else { return };
                let tip = &self.words.tips[place as usize];
                wrong_tip(standing, tip.needs, tip.track, today)
            }
            (None, Says::Reply(reply)) if !said.answer => wrong_question(standing, reply, today),
            _ => return,
        };
        self.check(Truth::Right);
        if let Some(wrong) = wrong {
            self.fail(Truth::Right, said, wrong);
        }
        if let Says::Reply(reply) = said.says {
            self.note_promise(said.phone, reply, today);
        }
    }

    /// A reminder or a question that was promised has come.
    fn note_promise(&mut self, phone: u32, reply: Reply, today: NaiveDate) {
        let standing = &mut self.standings[phone as usize];
        match reply {
            Reply::BirthNews if standing.news.last() != Some(&today) => standing.news.push(today),
            Reply::ApptSoon | Reply::ApptTomorrow => {
                for visit in &mut standing.visits {
                    let ahead = (visit.day - today).num_days();
                    visit.soon |= reply == Reply::ApptSoon && (2..=3).contains(&ahead);
                    visit.tomorrow |= reply == Reply::ApptTomorrow && ahead == 1;
                }
            }
            _ => {}
        }
    }
}

fn wrong_tip(standing: &Standing, needs: Needs, track: Track, today: NaiveDate) -> Option<String> {
    let speaks = !matches!(needs, Needs::Mother | Needs::Neutral);
    if standing.lost && (speaks || matches!(track, Track::Pregnancy | Track::Baby | Track::Farewell)) {
        return Some("she has told of a loss".to_owned());
    }
    let along = standing.due.map(|due| 280 - (due - today).num_days());
    match (needs, track) {
        (Needs::Baby, _) | (_, Track::Baby | Track::Farewell) if standing.born.is_empty() => {
            Some("she has told of no birth".to_owned())
        }
        (Needs::Pregnancy, _) if !standing.born.is_empty() => Some("she has told of a birth".to_owned()),
        (Needs::Pregnancy, _) if along.is_none_or(|days| days >= TERM_BEGINS) => {
            Some(format!("on {today} she is {along:?} days along, and the baby may have come"))
        }
        (_, Track::Pregnancy) if along.is_none_or(|days| days > HELD_AFTER) => {
            Some("her due date is three weeks past, and she has told nothing".to_owned())
        }
        _ => None,
    }
}

/// A question or a reminder that nobody asked for.
fn wrong_question(standing: &Standing, reply: Reply, today: NaiveDate) -> Option<String> {
    let visit = |days: std::ops::RangeInclusive<i64>| {
        let near = standing.visits.iter().any(|visit| days.contains(&(visit.day - today).num_days()));
        (!near).then(|| "no such visit is noted".to_owned())
    };
    match reply {
        Reply::BirthNews if standing.lost => Some("she has told of a loss".to_owned()),
        Reply::BirthNews if !standing.born.is_empty() => Some("she has told of the birth".to_owned()),
        // A week after NOT YET she is asked as we said, wherever her date is.
        Reply::BirthNews
            if !standing.asked_from.is_some_and(|from| (0..=3).contains(&(today - from).num_days()))
                && standing.due.is_none_or(|due| (today - due).num_days() < 3) =>
        {
            Some("her due date is not three days past".to_owned())
        }
        Reply::StillPaused if !standing.paused => Some("nothing is paused".to_owned()),
        Reply::ApptSoon => visit(2..=3),
        Reply::ApptTomorrow => visit(1..=1),
        Reply::ApptAfter => visit(-4..=-1),
        _ => None,
    }
}
