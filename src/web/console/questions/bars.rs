//! Bars, one below the other, drawn on the server.

use askama::Template;

/// A bar's height, and the room for its words above it.
const BAR: usize = 14;
const LINE: usize = 18;
const GAP: usize = 10;
/// How wide the longest bar is.
const WIDTH: usize = 320;
/// Words are cut here: all of them stand in the table.
const LONGEST: usize = 46;

/// A drawing. What it shows stands in a table beside it too.
#[derive(Template)]
#[template(path = "web/console/questions/bars.html")]
pub struct Bars {
    label: String,
    width: usize,
    height: usize,
    bars: Vec<Bar>,
}

struct Bar {
    words: String,
    words_at: usize,
    top: usize,
    length: usize,
    height: usize,
    hidden: bool,
}

impl Bars {
    /// Of these: each its words, how much, and whether it stands for several that are not told apart.
    pub fn new(label: &str, values: &[(String, i64, bool)]) -> Self {
        let most = values.iter().map(|(_, value, _)| *value).max().unwrap_or(0).max(1);
        let bars = values.iter().enumerate().map(|(place, (words, value, hidden))| {
            let top = place * (LINE + BAR + GAP);
            let length = usize::try_from((*value).max(0) * WIDTH as i64 / most).unwrap_or(0);
            Bar {
                words: shortened(words),
                words_at: top + LINE - 5,
                top: top + LINE,
                length: length.max(1),
                height: BAR,
                hidden: *hidden,
            }
        });
        let height = (values.len() * (LINE + BAR + GAP)).max(1);
        Self { label: label.to_owned(), width: WIDTH, height, bars: bars.collect() }
    }
}

fn shortened(words: &str) -> String {
    match words.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &words[..end]),
        None => words.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_fills_the_width_and_the_others_their_part() {
        let bars = Bars::new("a", &[("<b>".to_owned(), 50, false), ("c".to_owned(), 100, true)]);
        let html = bars.render().expect("a drawing");
        assert!(html.contains("width=\"160\"") && html.contains("width=\"320\""), "{html}");
        assert!(!html.contains("<b>"), "{html}");
    }
}
