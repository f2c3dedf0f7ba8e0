//! What is looked for: by time, program, sender, gateway, state, code and the beginning of the number. It stands in the
//! address, so that a view can be kept and sent on; a whole number never does.

use super::super::access::Signed;
use super::super::fates::Words as FateWords;
use super::super::form::{Faults, Field, Kind, Typed};
use super::super::period::{Period, Range, Words as PeriodWords};
use super::super::refusal::Refusal;
use super::super::scope::Scope;
use super::address;
use super::words::Words;
use crate::domain::delivery::State;
use crate::store::tallies::Wanted;
use crate::store::texts::{OPEN, UNARRIVED};
use crate::web::Site;

/// No more of a number is looked for.
const LONGEST_PREFIX: usize = 5;

/// States of texts that a gateway has, and of which nothing more is known.
const UNDERWAY: [i16; 2] = [4, 5];

/// What is looked for.
pub struct Filter {
    /// When.
    pub period: Period,
    /// Of which programs.
    pub scope: Scope,
    /// As the store is asked.
    pub wanted: Wanted,
    /// What was typed, as it is sent on.
    query: Vec<(&'static str, String)>,
    /// What is wrong with it.
    pub faults: Faults,
    typed: Typed,
}

impl Filter {
    /// Reads what was typed.
    pub async fn read(site: &Site, signed: &Signed, typed: Typed) -> Result<Self, Refusal> {
        let scope = Scope::read(site, signed, &typed).await?;
        let mut faults = Faults::default();
        let now = site.service.now();
        let period = Period::read(&typed, (signed.zone, signed.tongue), now, &mut faults);
        let chosen = |name: &str| Some(typed.get(name).to_owned()).filter(|value| !value.is_empty());
        let code: Option<String> = chosen("code").map(|code| code.chars().take(60).collect());
        let states = states(typed.get("state"), code.is_some());
        let wanted = Wanted {
            from: period.from,
            to: period.to,
            programs: scope.programs(),
            sender: chosen("sender"),
            gateway: chosen("gateway"),
            states,
            code,
            prefix: prefix(typed.get("prefix")),
        };
        let mut query = period.query();
        query.extend(scope.query());
        let state = typed.get("state").to_owned();
        let some = [
            ("sender", wanted.sender.clone()),
            ("gateway", wanted.gateway.clone()),
            ("state", Some(state).filter(|state| !state.is_empty())),
            ("code", wanted.code.clone()),
            ("prefix", wanted.prefix.clone()),
        ];
        query.extend(some.into_iter().filter_map(|(name, value)| Some((name, value?))));
        Ok(Self { period, scope, wanted, query, faults, typed })
    }

    /// Whether more of a number was typed than may stand in an address.
    pub fn tells_a_number(&self) -> bool {
        let typed = self.typed.get("prefix");
        typed.chars().filter(char::is_ascii_digit).count() >= LONGEST_PREFIX
    }

    /// The same view with something else in it; an empty value takes something out.
    pub fn with(&self, more: &[(&str, &str)]) -> String {
        let kept = self.query.iter().filter(|(name, _)| more.iter().all(|(other, _)| other != name));
        let mut query: Vec<(&str, &str)> = kept.map(|(name, value)| (*name, value.as_str())).collect();
        query.extend(more);
        address(&query)
    }

    /// The same view from another place, such as a file of it.
    pub fn at(&self, place: &str) -> String {
        let query = address(&self.pairs());
        format!("/console/delivery/{place}?{}", query.split_once('?').map_or("", |(_, query)| query))
    }

    /// What is sent along by a form that is about the same view.
    pub fn pairs(&self) -> Vec<(&str, &str)> {
        self.query.iter().map(|(name, value)| (*name, value.as_str())).collect()
    }

    /// What the store is asked for whatever the state.
    pub fn of_any_state(&self) -> Wanted {
        let states = if self.wanted.code.is_some() { UNARRIVED.to_vec() } else { Vec::new() };
        Wanted { states, ..self.wanted.clone() }
    }

    /// Whether nothing but time and program is asked for, which is also known of what has not ended.
    pub fn is_plain(&self) -> bool {
        let wanted = &self.wanted;
        wanted.sender.is_none()
            && wanted.gateway.is_none()
            && wanted.code.is_none()
            && wanted.prefix.is_none()
    }

    /// The fields, filled in: those that are always seen, and those that are opened. That of the beginning of a number
    /// stands in the page, because it is kept short there.
    pub fn fields(&self, site: &Site, signed: &Signed) -> (Vec<Field>, Vec<Field>) {
        let (words, spans) = (Words::of(signed.tongue), PeriodWords::of(signed.tongue));
        let ranges = Range::ALL.map(|range| (range.code().to_owned(), range.name(spans).to_owned()));
        let mut typed = self.typed.clone();
        typed.set("range", self.period.range.code());
        if self.period.range == Range::Own && self.faults.is_empty() {
            typed.set("from", &self.period.typed(self.period.from));
            typed.set("to", &self.period.typed(self.period.to));
        }
        let moment = |name: &str, label: &str| Field::new(Kind::Line("datetime-local"), name, label);
        let gateways = site.gateways.iter().map(|gateway| gateway.name.clone());
        let senders = site.service.senders.iter().filter(|sender| self.scope.served_by(sender));
        let senders: Vec<String> = senders.map(|sender| sender.name.clone()).collect();
        let filled = |field: Field| field.optional().filled(&typed, &self.faults);
        let seen = std::iter::once(filled(Field::choice("range", words.period, ranges.to_vec())))
            .chain(self.scope.field(signed))
            .chain([filled(Field::choice(
                "state",
                words.state,
                state_choices(words, FateWords::of(signed.tongue)),
            ))]);
        let mut more = vec![
            moment("from", spans.from),
            moment("to", spans.to),
            Field::choice("gateway", words.gateway, choices(words.every, gateways, typed.get("gateway"))),
        ];
        if senders.len() > 1 || typed.is("sender") {
            more.push(Field::choice(
                "sender",
                words.sender,
                choices(words.every, senders, typed.get("sender")),
            ));
        }
        more.push(Field::line("code", words.code));
        (seen.collect(), more.into_iter().map(filled).collect())
    }

    /// Whether anything is chosen that is not always seen.
    pub fn is_narrowed(&self) -> bool {
        let hidden = ["from", "to", "gateway", "sender", "code", "prefix"];
        self.period.range == Range::Own || hidden.iter().any(|name| self.typed.is(name))
    }

    /// Whether certain texts are asked for, not all of a time.
    pub fn asks_for_some(&self) -> bool {
        !self.wanted.states.is_empty() || self.wanted.code.is_some()
    }

    /// The beginning of the number that was typed.
    pub fn prefix(&self) -> &str {
        self.wanted.prefix.as_deref().unwrap_or_default()
    }
}

/// All, and each; also one that is known no more, if it is asked for.
fn choices(all: &str, names: impl IntoIterator<Item = String>, asked: &str) -> Vec<(String, String)> {
    let mut choices = vec![(String::new(), all.to_owned())];
    choices.extend(names.into_iter().map(|name| (name.clone(), name)));
    if choices.iter().all(|(name, _)| name != asked) {
        choices.push((asked.to_owned(), asked.to_owned()));
    }
    choices
}

fn state_choices(words: &Words, names: &FateWords) -> Vec<(String, String)> {
    let group = |code: &str, name: &str| (code.to_owned(), name.to_owned());
    let state = |state: State| (state.name().to_owned(), names.state(state.code()).to_owned());
    vec![
        group("", words.any),
        group("open", words.open),
        state(State::Queued),
        state(State::Sending),
        state(State::InDoubt),
        group("underway", words.underway),
        state(State::Accepted),
        state(State::Sent),
        state(State::Delivered),
        group("unarrived", words.unarrived),
        state(State::Failed),
        state(State::Expired),
        state(State::Canceled),
    ]
}

/// The states that a word means; only what did not arrive has a code.
fn states(word: &str, coded: bool) -> Vec<i16> {
    match word {
        "open" => OPEN.to_vec(),
        "underway" => UNDERWAY.to_vec(),
        "unarrived" => vec![State::Failed.code(), State::Expired.code()],
        _ => match [
            State::Queued,
            State::Sending,
            State::InDoubt,
            State::Accepted,
            State::Sent,
            State::Delivered,
            State::Failed,
            State::Expired,
            State::Canceled,
        ]
        .into_iter()
        .find(|state| state.name() == word)
        {
            Some(state) => vec![state.code()],
            None if coded => OPEN.into_iter().chain(UNARRIVED).collect(),
            None => Vec::new(),
        },
    }
}

/// The beginning of a number, its plus before it.
fn prefix(typed: &str) -> Option<String> {
    let digits: String = typed.chars().filter(char::is_ascii_digit).take(LONGEST_PREFIX - 1).collect();
    (!digits.is_empty()).then(|| format!("+{digits}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_number_only_the_beginning_is_kept() {
        assert_eq!(Some("+1202"), prefix("+12025550143").as_deref());
        assert_eq!(Some("+7"), prefix("7").as_deref());
        assert_eq!(None, prefix(" "));
    }

    #[test]
    fn what_has_a_code_did_not_arrive_or_waits() {
        assert_eq!([7].as_slice(), states("failed", true));
        assert_eq!([0, 2, 3, 7, 8, 9].as_slice(), states("", true));
        assert!(states("nonsense", false).is_empty());
    }
}
