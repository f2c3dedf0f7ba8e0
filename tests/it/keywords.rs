//! The keyword room against its labelled texts, and the laws it must never break.

use std::collections::BTreeMap;

use motherline::domain::keyword::{Answer, Intent, KeywordWords, Keywords, Parsed, StartWord, parse};
use proptest::prelude::*;

const LANGUAGES: [(&str, &str); 3] = [
    ("en", include_str!("../../message-library/lexicons/en/keywords.toml")),
    ("es", include_str!("../../message-library/lexicons/es/keywords.toml")),
    ("ru", include_str!("../../message-library/lexicons/ru/keywords.toml")),
];

/// The federal list, and what is most asked for in each language.
const STOP_WORDS: [&str; 22] = [
    "stop",
    "quit",
    "end",
    "revoke",
    "opt out",
    "opt-out",
    "optout",
    "cancel",
    "unsubscribe",
    "stopall",
    "remove",
    "стоп",
    "отписаться",
    "отписка",
    "отмена",
    "хватит",
    "alto",
    "parar",
    "basta",
    "cancelar",
    "terminar",
    "no más",
];

/// Marks that ask nothing.
const MARKS: &str = "[ !\"'().,:;*_~…«»“”’—\n\u{200b}🛑😡🙏-]{0,6}";

/// Words that patterns are made of, for mixtures nobody thought of.
const WORDS: [&str; 16] = [
    "stop",
    "no",
    "more",
    "messages",
    "baby",
    "lost",
    "my",
    "?",
    ".",
    "12",
    "не",
    "пишите",
    "ya",
    "mensajes",
    "…",
    "s",
];

static KEYWORDS: std::sync::LazyLock<Keywords> = std::sync::LazyLock::new(keywords);

fn lexicons() -> Vec<(String, KeywordWords)> {
    let lexicon = |text| toml::from_str(text).unwrap_or_else(|fault| panic!("{fault}"));
    LANGUAGES.map(|(code, text)| (code.to_owned(), lexicon(text))).into()
}

fn keywords() -> Keywords {
    let starts =
        [("us", "en", "BABY"), ("us", "es", "BEBÉ"), ("russia", "ru", "МАМА"), ("russia", "ru", "МАЛЫШ")];
    let start = |(program, language, word): (&str, &str, &str)| StartWord {
        program: program.to_owned(),
        language: language.to_owned(),
        word: word.to_owned(),
    };
    Keywords::new(lexicons(), starts.map(start))
}

/// Whether a text was read as its list says; an unknown list is a mistake in the file.
fn reads_as(meaning: &str, read: &Parsed) -> bool {
    let plain = read.intent.is_none();
    let answers = |answer| plain && !read.stop_in_doubt && read.answer == Some(answer);
    match meaning {
        "stop" | "loss" | "help" | "start" | "update" | "baby" => {
            read.intent.map(Intent::name) == Some(meaning)
        }
        "doubt" => plain && read.stop_in_doubt,
        "free" => plain && !read.stop_in_doubt && read.answer.is_none() && !read.junk,
        "open" => plain && !read.junk,
        "yes" => answers(Answer::Yes),
        "no" => answers(Answer::No),
        "skip" => answers(Answer::Skip),
        "last_period" => answers(Answer::LastPeriod),
        "junk" => plain && read.junk,
        unknown => panic!("the labelled texts have a list named {unknown}"),
    }
}

#[test]
fn labelled_texts_are_read_as_labelled() {
    let labelled: BTreeMap<String, BTreeMap<String, Vec<String>>> =
        toml::from_str(include_str!("../vectors/keywords.toml")).expect("the labelled texts load");
    let mut misses = Vec::new();
    for (language, meanings) in &labelled {
        for (meaning, texts) in meanings {
            for text in texts {
                let read = parse(text, language, &KEYWORDS);
                if !reads_as(meaning, &read) {
                    misses.push(format!(
                        "{language} {meaning:<11} {text:?}: {:?} {:?} doubt={} junk={}",
                        read.intent, read.answer, read.stop_in_doubt, read.junk
                    ));
                }
            }
        }
    }
    assert!(misses.is_empty(), "{} misread:\n{}", misses.len(), misses.join("\n"));
}

#[test]
fn every_pattern_finds_its_classes() {
    for (language, words) in lexicons() {
        assert_eq!(words.faults(), [""; 0], "{language}");
    }
}

#[test]
fn what_may_mean_stop_is_asked_about() {
    let read = parse("stop?", "en", &KEYWORDS);
    assert_eq!((read.intent, read.stop_in_doubt), (None, true));
    assert_eq!(parse("shop", "en", &KEYWORDS).intent, None);
}

#[test]
fn stop_wins_over_loss_and_loss_over_the_rest() {
    let intent = |text| parse(text, "en", &KEYWORDS).intent;
    assert_eq!(intent("my baby died, please stop texting me"), Some(Intent::Stop));
    assert_eq!(intent("help my baby died"), Some(Intent::Loss));
    let doubtful = parse("I lost my baby. Can I stop?", "en", &KEYWORDS);
    assert_eq!((doubtful.intent, doubtful.stop_in_doubt), (Some(Intent::Loss), true));
}

#[test]
fn a_start_word_tells_every_program_and_language_it_belongs_to() {
    let lexicons = lexicons();
    let start = |program: &str, language: &str| StartWord {
        program: program.to_owned(),
        language: language.to_owned(),
        word: "BABY".to_owned(),
    };
    let keywords = Keywords::new(lexicons, [start("b", "en"), start("a", "en"), start("a", "en")]);
    let programs = |text| parse(text, "en", &keywords).start;
    let both = [("a".to_owned(), "en".to_owned()), ("b".to_owned(), "en".to_owned())];
    assert_eq!(programs("Baby please!"), both);
    assert_eq!(programs("bbay"), both);
    assert_eq!(programs("my baby is sick"), []);
    assert_eq!(programs("stop baby"), []);
}

#[test]
fn a_number_is_a_choice_only_if_small_and_alone() {
    let answer = |text| parse(text, "en", &KEYWORDS).answer;
    assert_eq!(answer("2."), Some(Answer::Number(2)));
    assert_eq!(answer("option 1 please"), Some(Answer::Number(1)));
    assert_eq!(answer("20147"), None);
    assert_eq!(answer("3 weeks"), None);
}

#[test]
fn an_absurdly_long_text_is_junk_yet_its_beginning_is_read() {
    let read = parse(&"stop texting me ".repeat(100), "en", &KEYWORDS);
    assert!(read.junk);
    assert_eq!(read.intent, Some(Intent::Stop));
}

proptest! {
    #[test]
    fn any_string_is_read(text in any::<String>(), language in "[a-z]{0,3}") {
        let read = parse(&text, &language, &KEYWORDS);
        prop_assert!(read.intent.is_none() || read.answer.is_none());
        prop_assert_eq!(read.start.is_empty(), read.intent != Some(Intent::Baby));
    }

    #[test]
    fn any_mixture_of_words_is_read(words in prop::collection::vec(prop::sample::select(&WORDS[..]), 0..40)) {
        parse(&words.join(" "), "en", &KEYWORDS);
    }

    #[test]
    fn a_stop_word_in_any_case_and_between_any_marks_stops(
        word in prop::sample::select(&STOP_WORDS[..]),
        capitals in any::<u32>(),
        before in MARKS,
        after in MARKS,
        language in prop::sample::select(&["en", "es", "ru", "fr"][..]),
    ) {
        let capital = |(at, c): (usize, char)| {
            if capitals >> (at % 32) & 1 == 1 { c.to_uppercase().collect() } else { c.to_string() }
        };
        let word: String = word.chars().enumerate().map(capital).collect();
        let text = format!("{before}{word}{after}");
        prop_assert_eq!(parse(&text, language, &KEYWORDS).intent, Some(Intent::Stop), "{}", text);
    }
}
