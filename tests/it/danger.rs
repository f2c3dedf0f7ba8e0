//! Danger in what she writes: found on texts that nobody saw who wrote the word lists.

use std::process::Command;

use crate::conversation::SCRIPT;

/// Wanted of the danger that there is.
const RECALL: f64 = 0.95;
/// Wanted of what is taken for danger.
const PRECISION: f64 = 0.7;

#[test]
fn danger_is_found_in_texts_that_no_list_was_written_for() {
    let output = Command::new(env!("CARGO_BIN_EXE_motherline"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["explain", "danger", "--misses", "--score"])
        .args(["en", "es", "ru"].map(|language| format!("tests/danger/{language}-held.toml")))
        .output()
        .expect("motherline runs");
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{told}{}", String::from_utf8_lossy(&output.stderr));
    let lines: Vec<&str> = told.lines().filter(|line| line.contains("-held.toml")).collect();
    assert_eq!(3, lines.len(), "{told}");
    for line in lines {
        let figure = |name: &str| -> f64 {
            let after = line.split_once(name).expect("the figure").1;
            after
                .split_whitespace()
                .next()
                .expect("a number")
                .trim_end_matches(',')
                .parse()
                .expect("a number")
        };
        assert!(figure("recall ") >= RECALL, "{told}");
        assert!(figure("precision ") >= PRECISION, "{told}");
    }
}

/// Where a text tells of danger is marked for whoever answers: the words that told it, and in a calm text nothing.
#[test]
fn the_words_that_told_of_it_are_found_in_their_place() {
    let dangers = &SCRIPT.library().dangers;
    for (text, marked) in [
        ("Hello, I’m BLEEDING since noon!", vec!["BLEEDING"]),
        ("no bleeding, but I can't feel the baby move", vec!["can't feel the baby move"]),
        ("The nurse said the bleeding is normal", vec![]),
        ("у меня кро\u{301}вь идёт", vec!["кро\u{301}вь"]),
        ("Gracias, todo bien 👍", vec![]),
    ] {
        let spans: Vec<&str> = dangers.spans(text).into_iter().map(|span| &text[span]).collect();
        let found = marked.iter().all(|words| spans.iter().any(|span| span.contains(words)));
        assert!(found && marked.is_empty() == spans.is_empty(), "{text:?}: {spans:?}");
    }
    // Whatever is found in a text stands somewhere in it: a third of the texts shows it.
    for language in ["en", "es", "ru"] {
        let path = format!("{}/tests/danger/{language}-held.toml", env!("CARGO_MANIFEST_DIR"));
        for text in std::fs::read_to_string(path).expect("texts").lines().step_by(3) {
            let (told, spans) = (dangers.find(text), dangers.spans(text));
            assert_eq!(told.signs.is_empty(), spans.is_empty(), "{text:?}: {told:?}");
            assert!(spans.windows(2).all(|pair| pair[0].end < pair[1].start), "{text:?}");
            assert!(spans.iter().all(|span| text.get(span.clone()).is_some_and(|words| !words.is_empty())));
        }
    }
}
