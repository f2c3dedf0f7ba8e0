//! Placeholders in authored words: `{name}`; and whether words that a person writes by hand may go out as they are.

use super::segment;

/// Words of a person's take at most so many segments.
pub const MOST_SEGMENTS: u32 = 3;

/// Why words may not go out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// There are none.
    Empty,
    /// They have a placeholder, which nobody would fill in.
    Placeholder,
    /// They take so many segments.
    TooLong(u32),
}

/// Words as a person writes them to one woman or to many: without the space around them, if they may go out.
pub fn fit(words: &str) -> Result<&str, Unfit> {
    let words = words.trim();
    if words.is_empty() {
        return Err(Unfit::Empty);
    }
    if !placeholders(words).is_empty() {
        return Err(Unfit::Placeholder);
    }
    match segment::count(words).segments {
        segments if segments > MOST_SEGMENTS => Err(Unfit::TooLong(segments)),
        _ => Ok(words),
    }
}

/// Fills each `{name}` with its value. One that has none stays as it is written, so that a gap is seen
/// rather than swallowed; the library's check `placeholder` keeps such out.
pub fn fill(template: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let mut filled = String::with_capacity(template.len() + 32);
    let mut rest = template;
    while let Some((before, name, after)) = next(rest) {
        filled.push_str(before);
        match value(name) {
            Some(words) => filled.push_str(&words),
            None => filled.extend(["{", name, "}"]),
        }
        rest = after;
    }
    filled.push_str(rest);
    filled
}

/// The names of the placeholders in a template, in order of appearance.
pub fn placeholders(template: &str) -> Vec<&str> {
    let mut names = Vec::new();
    let mut rest = template;
    while let Some((_, name, after)) = next(rest) {
        names.push(name);
        rest = after;
    }
    names
}

fn next(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once('{')?;
    let (name, after) = rest.split_once('}')?;
    Some((before, name, after))
}
