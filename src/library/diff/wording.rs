//! What changed within words, word by word, for who reads the old and the new beside each other.

/// A run of words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// What became of it.
    pub kind: Kind,
    /// The words, with the spaces between them.
    pub words: String,
}

/// What became of a run of words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It stays.
    Kept,
    /// It is not there any more.
    Gone,
    /// It is new.
    New,
}

/// More words than these are not compared: all of the old is gone, all of the new is new.
const MOST: usize = 1_500;

/// The runs of which the old words and the new ones are made, in order.
pub fn by_word(before: &str, after: &str) -> Vec<Run> {
    let (old, new) = (pieces(before), pieces(after));
    if old.len() > MOST || new.len() > MOST {
        return vec![run(Kind::Gone, before), run(Kind::New, after)];
    }
    let lengths = common(&old, &new);
    let (mut at, mut to) = (0, 0);
    let mut runs: Vec<Run> = Vec::new();
    while at < old.len() || to < new.len() {
        let kind = if at < old.len() && to < new.len() && old[at] == new[to] {
            Kind::Kept
        } else if to == new.len() || at < old.len() && lengths[at + 1][to] >= lengths[at][to + 1] {
            Kind::Gone
        } else {
            Kind::New
        };
        let words = if kind == Kind::New { new[to] } else { old[at] };
        at += usize::from(kind != Kind::New);
        to += usize::from(kind != Kind::Gone);
        match runs.last_mut() {
            Some(last) if last.kind == kind => last.words.push_str(words),
            _ => runs.push(run(kind, words)),
        }
    }
    runs
}

fn run(kind: Kind, words: &str) -> Run {
    Run { kind, words: words.to_owned() }
}

/// Words and the spaces between them, each by itself.
fn pieces(words: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut from = 0;
    let mut space = None;
    for (at, sign) in words.char_indices() {
        let is = sign.is_whitespace();
        if space.is_some_and(|was| was != is) {
            pieces.push(&words[from..at]);
            from = at;
        }
        space = Some(is);
    }
    if from < words.len() {
        pieces.push(&words[from..]);
    }
    pieces
}

/// How many pieces two rests have in common, from each place of each.
fn common(old: &[&str], new: &[&str]) -> Vec<Vec<u16>> {
    let mut lengths = vec![vec![0; new.len() + 1]; old.len() + 1];
    for at in (0..old.len()).rev() {
        for to in (0..new.len()).rev() {
            lengths[at][to] = if old[at] == new[to] {
                lengths[at + 1][to + 1] + 1
            } else {
                lengths[at + 1][to].max(lengths[at][to + 1])
            };
        }
    }
    lengths
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(before: &str, after: &str) -> String {
        let told = by_word(before, after).into_iter().map(|run| match run.kind {
            Kind::Kept => run.words,
            Kind::Gone => format!("[-{}]", run.words),
            Kind::New => format!("[+{}]", run.words),
        });
        told.collect()
    }

    #[test]
    fn only_what_changed_is_marked() {
        assert_eq!("Drink [-milk][+water] each day.", told("Drink milk each day.", "Drink water each day."));
        assert_eq!("[+New.]", told("", "New."));
        assert_eq!("the same", told("the same", "the same"));
    }

    #[test]
    fn both_sides_can_be_put_together_again() {
        let (before, after) = ("Ask your nurse about shots.", "Ask at your visit about the flu shot.");
        let runs = by_word(before, after);
        let side = |but: Kind| -> String {
            runs.iter().filter(|run| run.kind != but).map(|run| run.words.as_str()).collect()
        };
        assert_eq!((before.to_owned(), after.to_owned()), (side(Kind::New), side(Kind::Gone)));
    }
}
