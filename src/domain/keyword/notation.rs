//! The notation in which health workers write patterns.
//!
//! | written | means |
//! |---|---|
//! | `stop texting` | these words, one after the other |
//! | `(my\|our) baby` | one of several |
//! | `[please] stop` | may be there or not |
//! | `<messages>` | any entry of the list of that name under `[classes]` |
//! | `потеря*`, `*ing` | a word that begins, or ends, so |
//! | `stop ... texts` | up to four words in between |
//! | `#` | a number |
//! | `^`, `$` | here the sentence begins, or ends |

use super::{
    fold::fold,
    pattern::{Choice, Node, Pattern},
};

impl TryFrom<String> for Pattern {
    type Error = String;

    fn try_from(written: String) -> Result<Self, String> {
        written.parse()
    }
}

impl std::str::FromStr for Pattern {
    type Err = String;

    fn from_str(written: &str) -> Result<Self, String> {
        let mut rest = written;
        let pattern = sequence(&mut rest).and_then(|pattern| match rest.chars().next() {
            Some(extra) => Err(format!("`{extra}` has nothing to close or part")),
            None if pattern.0.is_empty() => Err("it is empty".to_owned()),
            None => Ok(pattern),
        });
        pattern.map_err(|fault| format!("pattern `{written}`: {fault}"))
    }
}

/// Reads up to the end, or to a mark that belongs to the bracket around.
fn sequence(rest: &mut &str) -> Result<Pattern, String> {
    let mut nodes = Vec::new();
    loop {
        *rest = rest.trim_start();
        match rest.chars().next() {
            None | Some(')' | ']' | '|') => return Ok(Pattern(nodes)),
            Some('(') => nodes.push(Node::Choice(choice(rest, ')')?)),
            Some('[') => nodes.push(Node::Maybe(choice(rest, ']')?)),
            Some('<') => nodes.push(class(rest)?),
            Some(_) => nodes.append(&mut plain(rest)?),
        }
    }
}

fn choice(rest: &mut &str, close: char) -> Result<Choice, String> {
    let mut branches = Vec::new();
    loop {
        *rest = &rest[1..]; // the opening bracket or the bar, one byte each
        let branch = sequence(rest)?;
        if branch.0.is_empty() {
            return Err("a choice has an empty branch".to_owned());
        }
        branches.push(branch);
        match rest.chars().next() {
            Some('|') => {}
            Some(end) if end == close => break,
            _ => return Err(format!("a bracket is never closed by `{close}`")),
        }
    }
    *rest = &rest[1..];
    Ok(Choice::from(branches))
}

fn class(rest: &mut &str) -> Result<Node, String> {
    let (name, after) = rest[1..].split_once('>').ok_or("`<` is never closed")?;
    *rest = after;
    Ok(Node::Class(name.to_owned()))
}

/// Reads one piece without brackets: a word with or without a star, `...`, `#`, `^`, `$`, or a sign.
fn plain(rest: &mut &str) -> Result<Vec<Node>, String> {
    let ends = |c: char| c.is_whitespace() || matches!(c, '(' | ')' | '[' | ']' | '<' | '>' | '|');
    let end = rest.find(ends).unwrap_or(rest.len());
    // A closing `>` without its `<` would otherwise be read for ever.
    let (piece, after) = rest.split_at(end.max(1));
    *rest = after;
    let folded = fold(piece);
    // Nearly every piece is one word.
    if !folded.is_empty() && folded.chars().all(char::is_alphanumeric) {
        return Ok(vec![Node::Word(folded)]);
    }
    let words: Vec<Node> = folded
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(|word| Node::Word(word.to_owned()))
        .collect();
    Ok(match folded.as_str() {
        "" => return Err(format!("`{}` says nothing", piece.escape_default())),
        ">" => return Err("`>` has nothing to close".to_owned()),
        "..." => vec![Node::Gap],
        "#" => vec![Node::Number],
        "^" => vec![Node::First],
        "$" => vec![Node::Last],
        stem if stem.len() > 1 && stem.ends_with('*') => vec![Node::Begins(stem.replace('*', ""))],
        tail if tail.len() > 1 && tail.starts_with('*') => vec![Node::Ends(tail.replace('*', ""))],
        sign if words.is_empty() && sign.chars().all(can_answer) => vec![Node::Word(sign.to_owned())],
        _ if words.is_empty() => return Err(format!("`{piece}` is no word and no mark of ours")),
        _ => words,
    })
}

/// Signs that somebody may answer with: emoji and a few others. A stray quote or comma is a slip of the author.
fn can_answer(sign: char) -> bool {
    !sign.is_ascii() || "+-&".contains(sign)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_faulty_pattern_is_told_with_its_text() {
        for faulty in ["", "(a|b", "a)", "[a|]", "<a", "a>", "a > b", "a \", b", "\u{200b}"] {
            let told = faulty.parse::<Pattern>().unwrap_err();
            assert!(told.contains(faulty), "{told}");
        }
    }
}
