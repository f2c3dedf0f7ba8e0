//! Letters made comparable: case, accents, full-width forms and alphabets that look alike fold into one.
//!
//! `MÁRZO`, `marzo` and `ｍａｒｚｏ` become one word, and so does a Russian `март` typed half on the
//! Latin keyboard, as happens when a phone switches its layout in the middle of a word.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The text with every letter in its plainest shape. Digits, signs and spaces stay what they are.
pub(super) fn fold(text: &str) -> String {
    text.nfkd()
        .flat_map(char::to_lowercase)
        .filter(|c| !is_combining_mark(*c) && !is_invisible(*c))
        .map(latin_lookalike)
        .map(plain_sign)
        .collect()
}

/// Joiners, direction marks and soft hyphens, which copying from a web page leaves in a text.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}

/// The Latin letter that looks like this Cyrillic one in either case; the others stay Cyrillic.
fn latin_lookalike(c: char) -> char {
    match c {
        'а' => 'a',
        'в' => 'b',
        'е' => 'e',
        'к' => 'k',
        'м' => 'm',
        'н' => 'h',
        'о' => 'o',
        'р' => 'p',
        'с' => 'c',
        'т' => 't',
        'у' => 'y',
        'х' => 'x',
        'ѕ' => 's',
        'і' => 'i',
        'ј' => 'j',
        other => other,
    }
}

/// One sign for each family: phones turn hyphens into dashes and apostrophes into quotation marks.
fn plain_sign(c: char) -> char {
    match c {
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        '‘' | '’' | '‛' | 'ʼ' | '`' | '´' => '\'',
        '\u{2215}' => '/',
        '·' | '•' | '。' => '.',
        '、' => ',',
        // On many keyboards the degree sign stands where the º of 1º does.
        '°' => 'o',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::fold;

    #[test]
    fn case_accents_and_width_do_not_matter() {
        assert_eq!(fold("MÁRZO"), fold("marzo"));
        assert_eq!(fold("ｍａｒｚｏ　３"), "marzo 3");
        assert_eq!(fold("ещё"), fold("еще"));
    }

    #[test]
    fn a_word_typed_on_the_wrong_layout_is_the_same_word() {
        assert_eq!(fold("MAPTA"), fold("марта"));
        assert_eq!(fold("мapт"), fold("март"));
        assert_eq!(fold("Mаrсh"), "march");
    }

    #[test]
    fn signs_come_in_one_shape() {
        assert_eq!(fold("3–3—’27"), "3-3-'27");
        assert_eq!(fold("3\u{200f}/\u{feff}3"), "3/3");
    }
}
