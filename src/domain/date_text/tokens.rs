//! A text cut into numbers, words and signs: the only way the other rooms look at it.

use std::ops::Range;

use super::letters::fold;

/// How much of a text is looked at, in characters. A date stands near the front, and a long text must not cost work.
const LOOKED_AT: usize = 300;

/// Signs that can bind two numbers into one group.
const BINDING: &str = "/.-,:_*\\+";

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub kind: Kind,
    /// Whether white space stood before it, or nothing at all.
    pub spaced: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Number(Number),
    Word(String),
    Sign(char),
    /// A counted thing ("20 weeks", "7 lbs"), which is no part of a date.
    Quantity(Quantity),
    /// Understood and done with: nothing else may read it again.
    Spent,
}

/// Digits as typed: `03` has the value 3 and two digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Number {
    pub value: u32,
    pub digits: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Quantity {
    /// None where the number is not a plain one: "2-3 weeks", "5 1/2 months".
    pub count: Option<u32>,
    pub unit: Unit,
    /// "Week 20", "the 20th week": one in a row, from which no time is counted.
    pub in_a_row: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    Day,
    Week,
    Month,
    /// Hours, years, pounds, children: whatever is counted but tells no date.
    Other,
}

impl Token {
    pub fn number(&self) -> Option<Number> {
        match self.kind {
            Kind::Number(number) => Some(number),
            _ => None,
        }
    }

    pub fn word(&self) -> Option<&str> {
        match &self.kind {
            Kind::Word(word) => Some(word),
            _ => None,
        }
    }

    pub fn sign(&self) -> Option<char> {
        match self.kind {
            Kind::Sign(sign) => Some(sign),
            _ => None,
        }
    }

    /// A sign that stands close to what is before it.
    pub fn tight_sign(&self) -> Option<char> {
        self.sign().filter(|_| !self.spaced)
    }
}

impl Number {
    /// Whether it is written as a day or a month is, with one digit or two.
    pub fn is_short(self) -> bool {
        self.digits <= 2
    }
}

/// Marks these tokens as understood.
pub(super) fn spend(tokens: &mut [Token], span: Range<usize>) {
    for token in &mut tokens[span] {
        token.kind = Kind::Spent;
    }
}

/// The numbers bound to the one at `at` by signs without spaces: all of `3/3/27`, whichever of the three is asked for.
pub(super) fn group(tokens: &[Token], at: usize) -> Range<usize> {
    let bound = |sign: usize| {
        sign + 1 < tokens.len()
            && tokens[sign].tight_sign().is_some_and(|c| BINDING.contains(c))
            && tokens[sign + 1].number().is_some()
            && !tokens[sign + 1].spaced
    };
    let (mut start, mut end) = (at, at + 1);
    while start >= 2 && tokens[start - 2].number().is_some() && bound(start - 1) {
        start -= 2;
    }
    while bound(end) {
        end += 2;
    }
    start..end
}

/// Cuts a text into tokens, its letters folded.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let chars: Vec<char> = fold(opening(text)).chars().collect();
    let mut found = Vec::new();
    let mut spaced = true;
    let mut at = 0;
    while at < chars.len() {
        let start = at;
        let kind = if chars[at].is_whitespace() {
            spaced = true;
            at += 1;
            continue;
        } else if digit(&chars, at).is_some() {
            Kind::Number(take_number(&chars, &mut at))
        } else if chars[at].is_alphabetic() {
            Kind::Word(take_word(&chars, &mut at))
        } else {
            at += 1;
            Kind::Sign(chars[start])
        };
        // The apostrophe of '27 says no more than the number does.
        let shortens_year = kind == Kind::Sign('\'')
            && digit(&chars, at).is_some()
            && (start == 0 || digit(&chars, start - 1).is_none());
        if !shortens_year {
            found.push(Token { kind, spaced });
            spaced = false;
        }
    }
    found
}

/// The part that is looked at, ending between two words so that no number is cut short.
fn opening(text: &str) -> &str {
    let Some((end, next)) = text.char_indices().nth(LOOKED_AT) else {
        return text;
    };
    let head = &text[..end];
    if next.is_whitespace() {
        return head;
    }
    head.rfind(char::is_whitespace).map_or("", |space| &head[..space])
}

fn take_number(chars: &[char], at: &mut usize) -> Number {
    let mut number = Number { value: 0, digits: 0 };
    while let Some(digit) = digit(chars, *at) {
        number.value = number.value.saturating_mul(10).saturating_add(digit);
        number.digits += 1;
        *at += 1;
    }
    number
}

/// A run of letters. An apostrophe between two of them drops out: "i'm" and "im" are one word.
fn take_word(chars: &[char], at: &mut usize) -> String {
    let letter = |at: usize| chars.get(at).is_some_and(|c| c.is_alphabetic());
    let mut word = String::new();
    loop {
        if letter(*at) {
            word.push(chars[*at]);
        } else if chars.get(*at) != Some(&'\'') || !letter(*at + 1) {
            return word;
        }
        *at += 1;
    }
}

/// The digit at this place, also where a letter was typed for it: `O3/l4`.
fn digit(chars: &[char], at: usize) -> Option<u32> {
    let c = *chars.get(at)?;
    c.to_digit(10).or_else(|| lookalike_digit(c).filter(|_| is_among_digits(chars, at)))
}

fn lookalike_digit(c: char) -> Option<u32> {
    match c {
        'o' => Some(0),
        'l' | '|' => Some(1),
        'з' => Some(3),
        _ => None,
    }
}

/// Whether a look-alike letter is meant as a digit: nothing but digits and look-alikes around it, and the
/// number goes on after it, at once (`O3`) or past a sign (`1O/15`). The Spanish `1o de mayo` is no ten.
fn is_among_digits(chars: &[char], at: usize) -> bool {
    let like_digit = |c: &char| c.is_ascii_digit() || lookalike_digit(*c).is_some();
    let start = at - chars[..at].iter().rev().take_while(|c| like_digit(c)).count();
    let end = at + chars[at..].iter().take_while(|c| like_digit(c)).count();
    let after_word = start > 0 && chars[start - 1].is_alphabetic();
    let before_word = chars.get(end).is_some_and(|c| c.is_alphabetic());
    let has_digit = chars[start..end].iter().any(char::is_ascii_digit);
    let goes_on = at + 1 < end
        || (chars.get(end).is_some_and(|c| BINDING.contains(*c))
            && chars.get(end + 1).is_some_and(like_digit));
    has_digit && goes_on && !after_word && !before_word
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(text: &str) -> Vec<u32> {
        tokens(text).iter().filter_map(Token::number).map(|n| n.value).collect()
    }

    #[test]
    fn a_letter_typed_for_a_digit_is_that_digit() {
        assert_eq!(numbers("O3/1O/27"), [3, 10, 27]);
        assert_eq!(numbers("l2/О5"), [12, 5]);
        assert_eq!(numbers("З0.03"), [30, 3]);
    }

    #[test]
    fn a_letter_after_a_digit_may_also_be_a_letter() {
        assert_eq!(numbers("1o de mayo"), [1]);
        assert_eq!(numbers("hello 10th"), [10]);
    }

    #[test]
    fn a_long_text_is_never_cut_inside_a_number() {
        let text = format!("{} 3/3/2027", "a".repeat(292));
        assert_eq!(numbers(&text), Vec::<u32>::new());
        assert_eq!(numbers(&"9".repeat(400)), Vec::<u32>::new());
    }

    #[test]
    fn a_group_is_the_same_from_each_of_its_numbers() {
        let tokens = tokens("due 3/3/27, 12 weeks");
        assert_eq!(group(&tokens, 1), 1..6);
        assert_eq!(group(&tokens, 5), 1..6);
        assert_eq!(group(&tokens, 7), 7..8);
    }
}
