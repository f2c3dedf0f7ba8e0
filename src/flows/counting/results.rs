//! The answers to a question of the library, told apart by the words that asked it: answers to other words are not counted
//! as one, and editions that say the same are not told apart.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{LazyLock, Mutex};

use chrono::{DateTime, NaiveDate, Utc};
use sha2::{Digest as _, Sha256};

use crate::flows::placing::{Told, told_by_month};
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
    /// The outcomes in their authors' order; those of the library that nobody gave are among them.
    pub outcomes: Vec<String>,
    /// How often each was given, by month (2026-11).
    pub months: BTreeMap<String, BTreeMap<String, i64>>,
}

impl Group {
    /// What may be told of a month.
    fn of_month(&self, given: &BTreeMap<String, i64>) -> Vec<(String, i64)> {
        let people = |name: &String| (name.clone(), given.get(name).copied().unwrap_or(0));
        self.outcomes.iter().map(people).collect()
    }

    /// What may be told of all its months: no number of people that is smaller than `smallest`, and none that could be
    /// reckoned from another range.
    pub fn told(&self, smallest: i64) -> Told {
        told_by_month(self.months.values().map(|given| self.of_month(given)), smallest)
    }

    /// The same, by month.
    fn told_each(&self, smallest: i64) -> impl Iterator<Item = (&String, Told)> {
        self.months.iter().map(move |(month, given)| (month, told_by_month([self.of_month(given)], smallest)))
    }
}

/// How often a question was answered that leads to another, as it may be told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
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
    let number = service.shelf.edition().number;
    let mut wanted: BTreeMap<i64, BTreeSet<&str>> = BTreeMap::new();
    for (_, count) in &counts {
        for edition in [count.edition, number] {
            wanted.entry(edition).or_default().insert(&count.question);
        }
    }
    let mut words: HashMap<(i64, String), [u8; 32]> = HashMap::new();
    for (edition, questions) in wanted {
        let of_edition = wordings(service, program, (edition, hashes.get(&edition)), &questions).await?;
        words.extend(of_edition.into_iter().map(|(question, words)| ((edition, question), words)));
    }
    let words_of = |edition: i64, question: &str| words.get(&(edition, question.to_owned())).copied();
    // What asked, then the language: the editions in it, and the outcomes.
    let mut groups: BTreeMap<(String, Option<[u8; 32]>, String), Group> = BTreeMap::new();
    for (month, count) in counts {
        let words = words_of(count.edition, &count.question);
        let key = (count.question.clone(), words, count.language.clone());
        let group = groups.entry(key).or_insert_with(|| Group {
            question: count.question.clone(),
            first: count.edition,
            last: count.edition,
            language: count.language.clone(),
            in_force: words == words_of(number, &count.question),
            outcomes: Vec::new(),
            months: BTreeMap::new(),
        });
        group.first = group.first.min(count.edition);
        group.last = group.last.max(count.edition);
        if !group.outcomes.contains(&count.outcome) {
            group.outcomes.push(count.outcome.clone());
        }
        *group.months.entry(month).or_default().entry(count.outcome).or_default() += count.people;
    }
    let mut all: Vec<Group> = groups.into_values().map(|group| in_order(program, group)).collect();
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
fn in_order(program: &Program, mut group: Group) -> Group {
    let Some(asking) = program.questions.get(&group.question) else { return group };
    let order: Vec<&str> = asking.question.outcomes.iter().map(|outcome| outcome.name.as_str()).collect();
    for name in order.iter().filter(|_| group.in_force) {
        if group.outcomes.iter().all(|known| known != name) {
            group.outcomes.push((*name).to_owned());
        }
    }
    let place = |name: &str| order.iter().position(|known| *known == name).unwrap_or(usize::MAX);
    group.outcomes.sort_by_key(|name| place(name));
    group
}

/// What the words of some questions come to in an edition, which is read once, if at all.
async fn wordings(
    service: &Service,
    program: &Program,
    (number, hash): (i64, Option<&String>),
    questions: &BTreeSet<&str>,
) -> StoreResult<HashMap<String, [u8; 32]>> {
    let apart: [u8; 32] = Sha256::digest(number.to_be_bytes()).into();
    let all_apart = || questions.iter().map(|question| ((*question).to_owned(), apart)).collect();
    let Some(hash) = hash else { return Ok(all_apart()) };
    let key = |question: &str| (hash.clone(), program.id.clone(), question.to_owned());
    let known = || KNOWN.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let mut found: HashMap<String, [u8; 32]> = {
        let known = known();
        let words = |question: &&str| Some(((*question).to_owned(), *known.get(&key(question))?));
        questions.iter().filter_map(words).collect()
    };
    if found.len() == questions.len() {
        return Ok(found);
    }
    let Some(files) = publishing::edition_files(&service.database, number).await? else {
        return Ok(all_apart());
    };
    // All the questions that the program has, since they will be asked about next.
    let asked = program.questions.keys().map(String::as_str).chain(questions.iter().copied());
    for question in asked.collect::<BTreeSet<_>>() {
        let words = words_in(&files, &program.id, question);
        let words = words.map_or(apart, |words| Sha256::digest(words).into());
        found.insert(question.to_owned(), words);
    }
    let mut known = known();
    for (question, words) in found.iter().take(MOST_KNOWN.saturating_sub(known.len())) {
        known.insert(key(question), *words);
    }
    Ok(found)
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

/// How many were asked a question that an answer to another leads to, reckoned of what may be told alone: of months in
/// which both are known, and in which those who did not answer are no few. None: nothing leads to it but a tip.
pub async fn asked(
    service: &Service,
    program: &Program,
    question: &str,
    span: (DateTime<Utc>, DateTime<Utc>),
    smallest: i64,
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
    let mut months: BTreeMap<String, Asked> = BTreeMap::new();
    for (parent, leading) in before {
        for group in results(service, program, Some(parent), span).await? {
            for (month, told) in group.told_each(smallest) {
                let led = told.apart.iter().filter(|(name, _)| leading.contains(&name.as_str()));
                months.entry(month.clone()).or_default().asked += led.map(|(_, people)| people).sum::<i64>();
            }
        }
    }
    for group in results(service, program, Some(question), span).await? {
        for (month, told) in group.told_each(smallest) {
            months.entry(month.clone()).or_default().answered += told.all.unwrap_or(0);
        }
    }
    let mut sum = Asked::default();
    for month in months.values() {
        if month.answered >= smallest && month.asked - month.answered >= smallest {
            sum.asked += month.asked;
            sum.answered += month.answered;
        }
    }
    Ok(Some(sum))
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
