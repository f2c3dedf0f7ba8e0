//! Headings that name a tip or a file: its name stands apart, and a narrow screen breaks it between its parts only.

use askama::Template;

/// A heading: words, and the name within them.
#[derive(Clone, Debug, Template)]
#[template(path = "web/console/parts/heading.html")]
pub struct Heading {
    before: String,
    parts: Vec<String>,
    after: String,
}

impl Heading {
    /// Words with the name where `{tip}` stands; none stands where they have no such place.
    pub fn of(words: &str, name: &str) -> Self {
        let (before, name, after) =
            words.split_once("{tip}").map_or((words, "", ""), |(before, after)| (before, name, after));
        let parts = name.split_inclusive(['-', '.', '_', '/']).map(str::to_owned).collect();
        Self { before: before.to_owned(), parts, after: after.to_owned() }
    }

    /// A name alone.
    pub fn name(name: &str) -> Self {
        Self::of("{tip}", name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_breaks_between_its_parts_only() {
        let page = |words: &str, name: &str| Heading::of(words, name).to_string();
        let parts = "us-<wbr>baby-<wbr>23-<wbr>2";
        let shown = format!("History of <span class=\"id\">{parts}</span>!");
        assert_eq!(shown, page("History of {tip}!", "us-baby-23-2").trim_end());
        assert_eq!("A new tip", page("A new tip", "us-1").trim_end());
        assert!(Heading::name("a/<b>.toml").to_string().contains("a/<wbr>&#60;b&#62;.<wbr>toml"));
    }
}
