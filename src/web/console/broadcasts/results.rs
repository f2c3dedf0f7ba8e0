//! What becomes of a broadcast that was begun, as it is shown.

use super::words::{BACK_TEXTS, LEFT_TEXTS, WAITING_TEXTS, Words};
use crate::domain::delivery::State;
use crate::flows::broadcasting::Outcome;
use crate::store::broadcasts::Broadcast;
use crate::web::console::access::Signed;
use crate::web::console::tongue::fill;

/// What became of it so far.
pub(super) struct Results {
    pub all: i64,
    pub left: i64,
    pub said: String,
    pub at: Option<String>,
    pub figures: Vec<(&'static str, String)>,
    pub failures: Vec<Failed>,
}

/// Texts that failed for one reason.
pub(super) struct Failed {
    pub code: String,
    pub reason: String,
    pub texts: String,
}

/// Texts that have left.
pub(super) fn left(outcome: &Outcome) -> i64 {
    outcome.in_state(&LEFT_TEXTS) + outcome.in_state(&[State::Delivered, State::Failed])
}

/// What became of a broadcast.
pub(super) fn results(signed: &Signed, broadcast: &Broadcast) -> Results {
    let (words, tongue) = (Words::of(signed.tongue), signed.tongue);
    let known = Outcome::of(broadcast);
    let outcome = known.clone().unwrap_or_default();
    let number = |number: usize| tongue.number(i64::try_from(number).unwrap_or(i64::MAX));
    let in_state = |states: &[State]| tongue.number(outcome.in_state(states));
    let (all, left) = (broadcast.people, left(&outcome));
    Results {
        all,
        left,
        said: fill(words.left, &[("n", &tongue.number(left)), ("all", &tongue.number(all))]),
        at: known.map(|known| fill(words.as_of, &[("time", &tongue.exactly(known.at, signed.zone))])),
        figures: vec![
            (words.w_waiting, in_state(&WAITING_TEXTS)),
            (words.w_left, in_state(&LEFT_TEXTS)),
            (words.w_delivered, in_state(&[State::Delivered])),
            (words.w_failed, in_state(&[State::Failed])),
            (words.w_back, in_state(&BACK_TEXTS)),
            (words.w_stops, number(outcome.stops)),
            (words.w_replies, number(outcome.replies)),
        ],
        failures: outcome
            .failures
            .into_iter()
            .map(|failure| Failed {
                code: failure.code.unwrap_or_else(|| "–".to_owned()),
                reason: failure.reason.unwrap_or_else(|| "–".to_owned()),
                texts: tongue.number(failure.texts),
            })
            .collect(),
    }
}
