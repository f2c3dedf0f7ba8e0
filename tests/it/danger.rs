//! Danger in what she writes: found on texts that nobody saw who wrote the word lists.

use std::process::Command;

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
