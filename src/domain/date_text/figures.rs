//! Numbers in a row and how each is joined to the one before: what dates of numbers only are made of.

use super::tokens::{Number, Token};
use super::words::DateWords;

/// Signs that may stand between the numbers of a date. Keypads without a slash have the star.
const SEPARATORS: &str = "/.-,:_*\\";

/// A number of the text and how it follows the one before it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Figure {
    pub at: usize,
    pub number: Number,
    pub joint: Joint,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Joint {
    /// It is the first.
    First,
    /// `3/3`
    Tight(char),
    /// `3 / 3`
    Loose(char),
    /// `3 3`
    Space,
}

/// The numbers from `at` on that only signs and spaces part.
pub(super) fn run_from(tokens: &[Token], at: usize, words: &DateWords) -> Vec<Figure> {
    let mut run = Vec::new();
    let mut next = Some((at, Joint::First));
    while let Some((at, joint)) = next
        && let Some(number) = tokens.get(at).and_then(Token::number)
    {
        run.push(Figure { at, number, joint });
        next = following(tokens, at, words);
    }
    run
}

/// Where the next number would stand, and how it is joined.
fn following(tokens: &[Token], at: usize, words: &DateWords) -> Option<(usize, Joint)> {
    let next = tokens.get(at + 1)?;
    if let Some(sign) = next.sign() {
        let tight = !next.spaced && !tokens.get(at + 2)?.spaced;
        let joint = if tight { Joint::Tight(sign) } else { Joint::Loose(sign) };
        return SEPARATORS.contains(sign).then_some((at + 2, joint));
    }
    let joined = words.number_joins.at(tokens, at + 1).map(|(end, ())| end);
    Some((joined.unwrap_or(at + 1), Joint::Space))
}

/// Groups of numbers without spaces. A dash among other signs parts two dates: `10/15-10/20`.
pub(super) fn tight_parts(run: &[Figure]) -> impl Iterator<Item = &[Figure]> {
    run.chunk_by(|_, next| matches!(next.joint, Joint::Tight(_))).flat_map(|group| {
        let mixed = group[1..].iter().any(|figure| figure.joint != Joint::Tight('-'));
        group.chunk_by(move |_, next| !(mixed && next.joint == Joint::Tight('-')))
    })
}
