//! Folding: one spelling for everything that a reader would call the same letters.

use unicode_normalization::{
    UnicodeNormalization,
    char::{decompose_canonical, is_combining_mark},
};

/// An alphabet, as far as it matters to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Script {
    /// English, Spanish.
    Latin,
    /// Russian.
    Cyrillic,
    /// Letters that none of our languages use.
    Other,
    /// No letters at all.
    None,
}

/// Folds a text: NFKC, small letters, no accents, no apostrophes, nothing invisible.
///
/// ё becomes е, because Russians leave the dots out at will; й stays, because it is a letter of its own.
/// Apostrophes go, so that "don't" and "dont" are one word. Line ends stay: they end sentences.
pub fn fold(text: &str) -> String {
    if text.chars().all(is_folded) {
        return text.to_owned();
    }
    // Apostrophes go first: NFKC would turn a lone ´ into a space.
    let visible = text.chars().filter(|&c| !is_apostrophe(c) && !is_invisible(c));
    let mut folded = String::with_capacity(text.len());
    for c in visible.nfkc().flat_map(char::to_lowercase) {
        match c {
            'й' => folded.push(c),
            _ => decompose_canonical(c, |part| {
                if !is_combining_mark(part) {
                    folded.push(part);
                }
            }),
        }
    }
    folded
}

/// The alphabet of one folded letter; `None` for digits and signs.
pub fn script_of(c: char) -> Script {
    match c {
        _ if !c.is_alphabetic() => Script::None,
        'a'..='z' | '\u{df}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' => Script::Latin,
        '\u{400}'..='\u{52f}' => Script::Cyrillic,
        _ => Script::Other,
    }
}

/// The alphabet that most letters of a folded text belong to.
pub fn main_script(folded: &str) -> Script {
    let count = |script| folded.chars().filter(|&c| script_of(c) == script).count();
    let counted = [Script::Other, Script::Cyrillic, Script::Latin].map(|s| (count(s), s));
    match counted.into_iter().max_by_key(|&(n, _)| n) {
        Some((n, script)) if n > 0 => script,
        _ => Script::None,
    }
}

/// Letters and signs that nothing is done to, whatever stands beside them: nearly all that a lexicon is written in.
fn is_folded(c: char) -> bool {
    matches!(c, ' ' | '!'..='&' | '('..='@' | '['..='_' | 'a'..='~' | 'а'..='я')
}

/// What parts no words, and is gone when a text is folded: apostrophes, what is invisible, marks on a letter.
pub fn is_dropped(c: char) -> bool {
    is_apostrophe(c) || is_invisible(c) || is_combining_mark(c)
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '`' | '´' | '‘' | '’' | '‛' | '′' | 'ʹ' | 'ʼ' | '＇')
}

/// Characters that take no room on a screen: control and format characters, joiners, direction marks,
/// variation selectors, skin tones. Somebody may have pasted them; nobody meant them.
fn is_invisible(c: char) -> bool {
    (c.is_control() && !c.is_whitespace())
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{1f3fb}'..='\u{1f3ff}'
            | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_that_look_alike_to_a_reader_become_one() {
        assert_eq!(fold("ＳＴＯＰ"), "stop");
        assert_eq!(fold("S\u{200b}T\u{ad}OP\u{fe0f}"), "stop");
        assert_eq!(fold("DON’T"), "dont");
        assert_eq!(fold("no MÁS, niño"), "no mas, nino");
        assert_eq!(fold("Ёлка, Йод, и\u{306}од"), "елка, йод, йод");
    }

    #[test]
    fn what_is_folded_already_stays_as_it_is() {
        for c in (0..=0x10ffff).filter_map(char::from_u32).filter(|&c| is_folded(c)) {
            for text in [format!("{c}Z"), format!("z{c}Z"), format!("{c}Яz")] {
                assert_eq!(fold(&text), text.to_lowercase(), "{c:?}");
            }
            assert_eq!(fold(&c.to_string()), c.to_string());
        }
    }

    #[test]
    fn the_main_script_is_that_of_most_letters() {
        assert_eq!(main_script("12 + 3"), Script::None);
        assert_eq!(main_script("привет ok"), Script::Cyrillic);
        assert_eq!(main_script("مرحبا"), Script::Other);
    }
}
