//! The answers to a question of the library, told apart by the words that asked it: answers to other words are not counted
//! as one, and editions that say the same are not told apart.

use std::collections::{BTreeMap, HashMap};
use std::sync::{LazyLock, Mutex};

use chrono::{DateTime, NaiveDate, Utc};
use sha2::{Digest as _, Sha256};

use crate::flows::{Service, publishing};
use crate::library::{Files, Program};
use crate::store::{StoreResult, editions, surveys};

/// Answers to the same words in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The question.
    pub question: String,
    /// The first edition that asked in these words, of those that were answered.
    pub first: i64,
    /// The last one.
    pub last: i64,
    /// The language.
    pub language: String,
    /// Whether these are the words in force.
    pub in_force: bool,
    /// How often each outcome was given; those of the library that nobody gave are among them.
    pub outcomes: Vec<(String, i64)>,
}

/// How often a question was answered that leads to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Answers that lead to it.
    pub asked: i64,
    /// Answers to it.
    pub answered: i64,
}

/// What is known of the words of each edition, by its hash: editions never change.
type Known = HashMap<(String, String, String), [u8; 32]>;
static KNOWN: LazyLock<Mutex<Known>> = LazyLock::new(Mutex::default);
/// No more is remembered.
const MOST_KNOWN: usize = 10_000;

/// The answers to a question, or to all of a program's, from one moment up to another; the newest words first.
pub async fn results(
    service: &Service,
    program: &Program,
    question: Option<&str>,
    span: (DateTime<Utc>, DateTime<Utc>),
) -> StoreResult<Vec<Group>> {
    let mut tx = service.database.read().await?;
    let counts = surveys::counts_of(&mut tx, &program.id, question, days(span)).await?;
    let rows = editions::all(&mut tx).await?;
    drop(tx);
    let hashes: HashMap<i64, String> = rows.into_iter().map(|row| (row.number, row.hash)).collect();
    // What asked, then the language: the editions in it, and the outcomes.
    let mut groups: BTreeMap<(String, [u8; 32], String), Group> = BTreeMap::new();
    for count in counts {
        let words =
            wording(service, program, (count.edition, hashes.get(&count.edition)), &count.question).await?;
        let key = (count.question.clone(), words, count.language.clone());
        let group = groups.entry(key).or_insert_with(|| Group {
            question: count.question.clone(),
            first: count.edition,
            last: count.edition,
            language: count.language.clone(),
            in_force: false,
            outcomes: Vec::new(),
        });
        group.first = group.first.min(count.edition);
        group.last = group.last.max(count.edition);
        match group.outcomes.iter_mut().find(|(name, _)| *name == count.outcome) {
            Some((_, people)) => *people += count.people,
            None => group.outcomes.push((count.outcome, count.people)),
        }
    }
    let number = service.shelf.edition().number;
    let mut now: HashMap<String, [u8; 32]> = HashMap::new();
    for (question, ..) in groups.keys() {
        if !now.contains_key(question) {
            let words = wording(service, program, (number, hashes.get(&number)), question).await?;
            now.insert(question.clone(), words);
        }
    }
    let mut all: Vec<Group> = groups
        .into_iter()
        .map(|((question, words, _), group)| in_order(program, group, now.get(&question) == Some(&words)))
        .collect();
    all.sort_by(|a, b| {
        a.question.cmp(&b.question).then(b.last.cmp(&a.last)).then_with(|| a.language.cmp(&b.language))
    });
    Ok(all)
}

/// The days of a span, which begins and ends with one.
fn days((from, to): (DateTime<Utc>, DateTime<Utc>)) -> (NaiveDate, NaiveDate) {
    (from.date_naive(), to.date_naive())
}

/// Outcomes in their authors' order, so that numbers are a distribution; those that nobody gave are there as long as the
/// words are those in force.
fn in_order(program: &Program, mut group: Group, in_force: bool) -> Group {
    group.in_force = in_force;
    let Some(asking) = program.questions.get(&group.question) else { return group };
    let order: Vec<&str> = asking.question.outcomes.iter().map(|outcome| outcome.name.as_str()).collect();
    for name in order.iter().filter(|_| in_force) {
        if group.outcomes.iter().all(|(known, _)| known != name) {
            group.outcomes.push(((*name).to_owned(), 0));
        }
    }
    let place = |name: &str| order.iter().position(|known| *known == name).unwrap_or(usize::MAX);
    group.outcomes.sort_by_key(|(name, _)| place(name));
    group
}

/// What a question's words come to in an edition.
async fn wording(
    service: &Service,
    program: &Program,
    (number, hash): (i64, Option<&String>),
    question: &str,
) -> StoreResult<[u8; 32]> {
    let apart = || Sha256::digest(number.to_be_bytes()).into();
    let Some(hash) = hash else { return Ok(apart()) };
    let key = (hash.clone(), program.id.clone(), question.to_owned());
    let known = KNOWN.lock().unwrap_or_else(std::sync::PoisonError::into_inner).get(&key).copied();
    if let Some(known) = known {
        return Ok(known);
    }
    let Some(files) = publishing::edition_files(&service.database, number).await? else { return Ok(apart()) };
    let words =
        words_in(&files, &program.id, question).map_or_else(apart, |words| Sha256::digest(words).into());
    let mut known = KNOWN.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if known.len() < MOST_KNOWN {
        known.insert(key, words);
    }
    Ok(words)
}

/// All that an edition's files say of a question but who has signed it: its own entry, and that of the tip that asks it.
fn words_in(files: &Files, program: &str, question: &str) -> Option<String> {
    let Files(files) = files;
    let within = |folder: &str, id: &str| {
        let beginning = format!("{folder}/{program}/");
        let own = files.iter().filter(|(path, _)| path.starts_with(&beginning));
        own.filter_map(|(_, content)| entry(content, id)).next()
    };
    let asked = within("questions", question)?;
    let tip = asked.lines().find_map(|line| line.strip_prefix("tip"));
    let tip = tip.and_then(|rest| rest.split('"').nth(1)).and_then(|tip| within("tips", tip));
    Some(format!("{asked}\n{}", tip.unwrap_or_default()))
}

/// An entry of a file: from its name up to the next entry, without the part that says who reviewed it.
fn entry(content: &str, id: &str) -> Option<String> {
    let named = format!("id = \"{id}\"");
    let mut lines = content.lines().skip_while(|line| line.trim() != named);
    let mut entry = vec![lines.next()?.trim()];
    let mut signed = false;
    for line in lines.map(str::trim) {
        if ["[[question]]", "[[tip]]"].contains(&line) {
            break;
        }
        if line.starts_with('[') {
            signed = line.ends_with(".review]");
        }
        if !signed && !line.is_empty() && !line.starts_with('#') {
            entry.push(line);
        }
    }
    Some(entry.join("\n"))
}

/// How many were asked a question that an answer to another leads to; none: nothing leads to it but a tip.
pub async fn asked(
    service: &Service,
    program: &Program,
    question: &str,
    span: (DateTime<Utc>, DateTime<Utc>),
) -> StoreResult<Option<Asked>> {
    let leads = |outcome: &crate::domain::survey::Outcome| {
        let later = outcome.later.as_ref().and_then(|later| later.question.as_deref());
        outcome.next.as_deref() == Some(question) || later == Some(question)
    };
    let before: Vec<(&str, Vec<&str>)> = program
        .questions
        .values()
        .map(|asking| {
            let leading = asking.question.outcomes.iter().filter(|outcome| leads(outcome));
            (asking.question.id.as_str(), leading.map(|outcome| outcome.name.as_str()).collect())
        })
        .filter(|(_, leading): &(&str, Vec<&str>)| !leading.is_empty())
        .collect();
    if before.is_empty()
        || program.questions.get(question).is_some_and(|asking| asking.question.tip.is_some())
    {
        return Ok(None);
    }
    let mut tx = service.database.read().await?;
    let mut asked = 0;
    for (parent, leading) in before {
        let counts = surveys::counts_of(&mut tx, &program.id, Some(parent), days(span)).await?;
        asked += counts
            .iter()
            .filter(|count| leading.contains(&count.outcome.as_str()))
            .map(|count| count.people)
            .sum::<i64>();
    }
    let own = surveys::counts_of(&mut tx, &program.id, Some(question), days(span)).await?;
    Ok(Some(Asked { asked, answered: own.iter().map(|count| count.people).sum() }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(question: &str, signed: &str) -> Files {
        let questions = format!(
            "[[question]]\nid = \"other\"\n\n[[question]]\nid = \"one\"\ntip = \"t1\"\ntext.en = \"{question}\"\n\
             [question.review]\nstate = \"{signed}\"\n[[question.outcome]]\nname = \"yes\"\n"
        );
        let tips = "[[tip]]\nid = \"t1\"\n[tip.text]\nen = \"Did you?\"\n".to_owned();
        Files([("questions/p/a.toml".to_owned(), questions), ("tips/p/b.toml".to_owned(), tips)].into())
    }

    #[test]
    fn a_signature_changes_no_words_and_a_word_does() {
        let words = |question, signed| words_in(&files(question, signed), "p", "one").expect("its words");
        assert_eq!(words("Did you?", "draft"), words("Did you?", "approved"));
        assert_ne!(words("Did you?", "draft"), words("Have you?", "draft"));
        assert!(words("Did you?", "draft").contains("name = \"yes\"\nid = \"t1\""));
        assert_eq!(None, words_in(&files("", ""), "p", "none"));
    }
}
