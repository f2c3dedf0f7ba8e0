//! The second day of "March 3 or 4", "3-4 марта", "entre el 3 y el 10 de marzo": she named two dates.

use super::Candidate;
use super::mention::Mention;
use super::tokens::Token;
use super::words::DateWords;

/// Other days, named by their number alone right beside a date.
pub(super) fn find(tokens: &[Token], mentions: &[Mention], words: &DateWords) -> Vec<Mention> {
    mentions
        .iter()
        .flat_map(|mention| [day_after(tokens, mention, words), day_before(tokens, mention, words)])
        .flatten()
        .collect()
}

fn day_after(tokens: &[Token], mention: &Mention, words: &DateWords) -> Option<Mention> {
    let from = words.past_ending(tokens, mention.span.end);
    let bound_by_sign = mention.day_at + 1 == mention.span.end && is_either_sign(tokens, from);
    let next = words.either.at(tokens, from).map(|(end, ())| end).or(bound_by_sign.then_some(from + 1))?;
    let day = words.past_joins(tokens, next);
    let counts = words.stranger_at(tokens, words.past_ending(tokens, day + 1));
    if counts { None } else { with_day(tokens, mention, day) }
}

fn day_before(tokens: &[Token], mention: &Mention, words: &DateWords) -> Option<Mention> {
    if mention.day_at != mention.span.start {
        return None;
    }
    // From the number there to the date nothing may stand but an ending, an "or" and a join.
    let nearest = tokens[..mention.day_at].iter().rposition(|token| token.number().is_some())?;
    let from = words.past_ending(tokens, nearest + 1);
    let bound_by_sign = is_either_sign(tokens, from);
    let next = words.either.at(tokens, from).map(|(end, ())| end).or(bound_by_sign.then_some(from + 1))?;
    if words.past_joins(tokens, next) == mention.day_at { with_day(tokens, mention, nearest) } else { None }
}

/// A dash or an ampersand in any spacing, a comma or a slash only without.
fn is_either_sign(tokens: &[Token], at: usize) -> bool {
    let tight_after = tokens.get(at + 1).is_some_and(|next| !next.spaced);
    match tokens.get(at).and_then(Token::sign) {
        Some('-' | '&') => true,
        Some(',' | '/') => tight_after,
        _ => false,
    }
}

/// The same date with the day that stands at `at`.
fn with_day(tokens: &[Token], mention: &Mention, at: usize) -> Option<Mention> {
    let day = tokens.get(at)?.number().filter(|number| number.is_short())?.value;
    let readings: Vec<Candidate> =
        mention.readings.iter().filter_map(|reading| reading.with_day(day)).collect();
    Some(Mention { span: at..at + 1, day_at: at, readings })
}
