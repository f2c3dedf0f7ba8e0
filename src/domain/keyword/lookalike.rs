//! Look-alikes: what a word says if its letters are taken for those they resemble.
//!
//! Phones switch alphabets in the middle of a word and nobody sees it: "CTOП", "STOР" with a Russian Р.
//! A word is therefore read in the alphabet that can spell all of it, and also in the other one when that
//! is possible ("MAMA" in Latin letters is МАМА). Digits count as letters only between letters: "ST0P".

use super::fold::{Script, script_of};

/// Folded letters that share a shape, small or capital: Latin, Cyrillic.
const TWINS: &[(char, char)] = &[
    ('a', 'а'),
    ('b', 'в'),
    ('c', 'с'),
    ('d', 'ԁ'),
    ('e', 'е'),
    ('h', 'н'),
    ('i', 'і'),
    ('j', 'ј'),
    ('k', 'к'),
    ('m', 'м'),
    ('o', 'о'),
    ('p', 'р'),
    ('q', 'ԛ'),
    ('s', 'ѕ'),
    ('t', 'т'),
    ('w', 'ԝ'),
    ('x', 'х'),
    ('y', 'у'),
];

/// Greek letters with a Latin twin, small or capital.
const GREEK: &[(char, char)] = &[
    ('α', 'a'),
    ('β', 'b'),
    ('ε', 'e'),
    ('ζ', 'z'),
    ('η', 'h'),
    ('ι', 'i'),
    ('κ', 'k'),
    ('μ', 'm'),
    ('ν', 'n'),
    ('ο', 'o'),
    ('ρ', 'p'),
    ('τ', 't'),
    ('υ', 'y'),
    ('χ', 'x'),
];

/// Digits typed for letters: digit, Latin, Cyrillic.
const DIGITS: &[(char, char, char)] =
    &[('0', 'o', 'о'), ('1', 'i', 'і'), ('3', 'e', 'з'), ('4', 'a', 'ч'), ('5', 's', 'ѕ')];

/// The readings of one folded word, the likeliest first. Never empty.
pub fn readings(word: &str) -> Vec<String> {
    let count = |script| word.chars().filter(|&c| script_of(c) == script).count();
    let (latin, cyrillic) = (count(Script::Latin), count(Script::Cyrillic));
    let mut scripts = [Script::Latin, Script::Cyrillic];
    if cyrillic > latin {
        scripts.reverse();
    }
    let mut readings: Vec<String> = Vec::new();
    if latin + cyrillic > 0 {
        readings.extend(scripts.into_iter().filter_map(|script| spell_in(script, word)));
    }
    // A word that is at home in one alphabet, or in none of ours, is first of all itself.
    let at_home = latin == 0 || cyrillic == 0;
    let itself = word.to_owned();
    if at_home || readings.is_empty() {
        readings.retain(|reading| *reading != itself);
        readings.insert(0, itself);
    }
    readings
}

/// The word with every letter in `script`, if each has a twin there.
fn spell_in(script: Script, word: &str) -> Option<String> {
    word.chars().map(|c| letter_in(script, c)).collect()
}

fn letter_in(script: Script, c: char) -> Option<char> {
    let c = GREEK.iter().find(|(greek, _)| *greek == c).map_or(c, |(_, latin)| *latin);
    if script_of(c) == script {
        return Some(c);
    }
    let twin = TWINS.iter().find(|(latin, cyrillic)| *latin == c || *cyrillic == c).copied();
    let digit = DIGITS.iter().find(|(digit, ..)| *digit == c).map(|&(_, l, c)| (l, c));
    let (latin, cyrillic) = twin.or(digit)?;
    Some(if script == Script::Latin { latin } else { cyrillic })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mixed_words_are_read_in_the_alphabet_that_can_spell_them() {
        for (typed, meant) in [
            ("ctoп", "стоп"), // Latin c, t, o
            ("cтoп", "стоп"), // two of each
            ("stoр", "stop"), // Russian р
            ("st0p", "stop"),
            ("ст0п", "стоп"),
            ("sτορ", "stop"), // Greek
        ] {
            assert!(readings(typed).contains(&meant.to_owned()), "{typed}: {:?}", readings(typed));
        }
    }

    #[test]
    fn a_word_at_home_is_first_itself() {
        assert_eq!(readings("mama"), ["mama", "мама"]);
        assert_eq!(readings("12345"), ["12345"]);
    }
}
