//! The shared vectors of `tests/vectors/dates.json`.

use serde::Deserialize;

use super::{said, words};

/// Kinds whose reading is a courtesy: those missed are printed, not failed.
const OPTIONAL: [&str; 7] = ["holiday", "relative", "words", "typo", "translit", "homoglyph", "arguable"];

#[derive(Deserialize)]
struct File {
    vectors: Vec<Vector>,
}

#[derive(Deserialize)]
struct Vector {
    id: u32,
    lang: String,
    text: String,
    iso: Option<String>,
    kind: String,
    ambiguous: bool,
}

#[test]
fn every_vector_is_read_as_it_should_be() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/dates.json");
    let file = std::fs::read_to_string(path).expect("the vectors are there");
    let file: File = serde_json::from_str(&file).expect("the vectors are JSON of the known shape");
    let mut wrong = Vec::new();
    for vector in &file.vectors {
        let expected =
            vector.iso.clone().unwrap_or_else(|| "-".to_owned()) + if vector.ambiguous { "?" } else { "" };
        let said = said(&vector.text, &words(&vector.lang));
        if said == expected {
            continue;
        }
        let line =
            format!("{} {} {:?}: expected {expected}, read {said}", vector.id, vector.lang, vector.text);
        if OPTIONAL.contains(&vector.kind.as_str()) {
            println!("optional: {line}");
        } else {
            wrong.push(line);
        }
    }
    assert!(file.vectors.len() > 200, "only {} vectors found", file.vectors.len());
    assert!(wrong.is_empty(), "{} are wrong:\n{}", wrong.len(), wrong.join("\n"));
}
