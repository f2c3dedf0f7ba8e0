//! What becomes of a broadcast that was begun, as it is shown.

use super::words::{BACK_TEXTS, LEFT_TEXTS, Words};
use crate::domain::delivery::State;
use crate::domain::phone::hidden_in;
use crate::flows::broadcasting::{self, Outcome, WAITING_TEXTS};
use crate::store::broadcasts::Broadcast;
use crate::store::broadcasts::outcome::Failure;
use crate::web::Site;
use crate::web::console::access::Signed;
use crate::web::console::fates::explain;
use crate::web::console::mothers::reasons;
use crate::web::console::tongue::{Tongue, fill};

/// What became of it so far.
pub(super) struct Results {
    pub all: i64,
    pub left: i64,
    pub said: String,
    pub at: Option<String>,
    /// When the last of it is to leave, while some of it still waits.
    pub until: Option<String>,
    pub figures: Vec<(&'static str, String)>,
    pub failures: Vec<Failed>,
}

/// Texts that failed for one reason.
pub(super) struct Failed {
    pub code: String,
    /// Why, in the language of the page.
    pub why: String,
    /// What the provider says of it, in English.
    pub provider: String,
    pub texts: String,
}

/// Texts that have left.
pub(super) fn left(outcome: &Outcome) -> i64 {
    outcome.in_state(&LEFT_TEXTS) + outcome.in_state(&[State::Delivered, State::Failed])
}

/// What became of a broadcast.
pub(super) fn results(site: &Site, signed: &Signed, broadcast: &Broadcast) -> Results {
    let (words, tongue) = (Words::of(signed.tongue), signed.tongue);
    let known = Outcome::of(broadcast);
    let outcome = known.clone().unwrap_or_default();
    let number = |number: usize| tongue.number(i64::try_from(number).unwrap_or(i64::MAX));
    let in_state = |states: &[State]| tongue.number(outcome.in_state(states));
    let (all, left) = (broadcast.people, left(&outcome));
    let until = broadcasting::counted(broadcast)
        .filter(|_| broadcast.is_going() && left < all)
        .and_then(|counted| counted.finishes(&site.service.senders))
        .filter(|(until, _)| *until > site.service.now());
    Results {
        all,
        left,
        said: fill(words.left, &[("n", &tongue.number(left)), ("all", &tongue.number(all))]),
        at: known.map(|known| fill(words.as_of, &[("time", &tongue.exactly(known.at, signed.zone))])),
        until: until
            .map(|(until, _)| fill(words.last_leaves, &[("time", &tongue.moment(until, signed.zone))])),
        figures: vec![
            (words.w_waiting, in_state(&WAITING_TEXTS)),
            (words.w_left, in_state(&LEFT_TEXTS)),
            (words.w_delivered, in_state(&[State::Delivered])),
            (words.w_failed, in_state(&[State::Failed])),
            (words.w_back, in_state(&BACK_TEXTS)),
            (words.w_stops, number(outcome.stops)),
            (words.w_replies, number(outcome.replies)),
        ],
        failures: outcome.failures.iter().map(|failure| failed(site, tongue, failure)).collect(),
    }
}

/// Why texts failed, as the pages of delivery explain it. Which gateway carried them is not kept: what one of ours knows
/// of the code is said.
fn failed(site: &Site, tongue: Tongue, failure: &Failure) -> Failed {
    let (code, reason) = (failure.code.as_deref().unwrap_or_default(), failure.reason.as_deref());
    let explained = |gateway: &str| explain(&site.gateways, tongue, gateway, code);
    let known = site.gateways.iter().map(|gateway| explained(&gateway.name));
    let known = known.into_iter().find(|known| known.sentence.is_some()).unwrap_or_else(|| explained(""));
    let ours = reason.and_then(|reason| reasons::of(tongue, reason));
    // Without a code, our own reason says all there is to say.
    let class = if code.is_empty() && ours.is_some() { "" } else { known.class };
    let provider = if ours.is_some() { None } else { reason.or(known.sentence) };
    Failed {
        code: if code.is_empty() { "–".to_owned() } else { code.to_owned() },
        why: [class, ours.unwrap_or_default()].join(" ").trim().to_owned(),
        provider: provider.map(hidden_in).unwrap_or_default(),
        texts: tongue.number(failure.texts),
    }
}
