//! The book: all of the library stands in it, as text and nothing else, with what a board needs to sign.

use std::collections::HashSet;
use std::process::Command;
use std::sync::LazyLock;

use chrono::Days;
use motherline::domain::gestation::Track;
use motherline::domain::plan::Reader;
use motherline::library::book::{Book, NoBook};
use motherline::library::{Files, Library};
use tempfile::TempDir;

use super::{changed, today};

const WEEK: &str = "tips/text4baby-us/pregnancy/week-20.toml";

/// The page of the library that ships.
static SHIPPED: LazyLock<String> = LazyLock::new(|| page(&Files::built_in()));

fn page(files: &Files) -> String {
    Book::of(files, today(), &[]).expect("a sound library").html().expect("a page")
}

/// What a browser shows for escaped words.
fn shown(html: &str) -> String {
    let named = html.replace("&#60;", "<").replace("&#62;", ">").replace("&#34;", "\"").replace("&#39;", "'");
    named.replace("&#38;", "&")
}

/// The blocks of the page, each from its id on.
fn blocks(page: &str) -> Vec<&str> {
    page.split("<article id=\"")
        .skip(1)
        .map(|rest| rest.split("</article>").next().unwrap_or_default())
        .collect()
}

/// Those of tips: in no id of a tip is a point.
fn tips(page: &str) -> Vec<&str> {
    blocks(page).into_iter().filter(|block| !block.starts_with("ask.")).collect()
}

fn block<'a>(page: &'a str, id: &str) -> &'a str {
    blocks(page).into_iter().find(|block| block.starts_with(&format!("{id}\""))).expect("the tip's block")
}

#[test]
fn every_tip_stands_in_it_once_in_each_language() {
    let library = Library::read(&Files::built_in(), today()).library.expect("a library");
    let blocks = tips(&SHIPPED);
    let mut tips = 0;
    for program in library.programs.values() {
        for (_, tip) in program.tips() {
            tips += 1;
            let own: Vec<_> =
                blocks.iter().filter(|block| block.starts_with(&format!("{}\"", tip.id))).collect();
            assert_eq!(1, own.len(), "{}", tip.id);
            let seen = shown(own[0]);
            assert_eq!(program.languages.len(), own[0].matches("class=\"words\"").count(), "{}", tip.id);
            for (language, words) in &tip.texts {
                let paragraph = format!("lang=\"{language}\" dir=\"auto\">{}</p>", words.national.body);
                assert_eq!(1, seen.matches(&paragraph).count(), "{} in {language}", tip.id);
            }
        }
    }
    assert_eq!(tips, blocks.len());
    assert!(tips > 500, "the whole library");
}

/// A reviewer signs for what is said to each answer, so all of it stands there.
#[test]
fn every_question_stands_in_it_with_all_that_is_said() {
    let library = Library::read(&Files::built_in(), today()).library.expect("a library");
    let mut questions = 0;
    for program in library.programs.values() {
        for (id, asking) in &program.questions {
            questions += 1;
            let block = shown(block(&SHIPPED, &format!("ask.{id}")));
            assert!(block.contains("DRAFT: not reviewed") && block.contains("Initials"), "{id}: {block}");
            let tip = asking.question.tip.as_ref().map(|tip| program.find(tip).expect("the tip that asks"));
            let asked = tip.map(|tip| {
                tip.texts.iter().map(|(language, words)| (language, words.national.body.to_string()))
            });
            let own = asking.words.iter().map(|(language, words)| (language, words.clone()));
            let said = asking.replies.iter().chain(&asking.later).flatten();
            let said = said.map(|(language, words)| (language, words.clone()));
            let mut count = 0;
            for (language, words) in own.chain(asked.into_iter().flatten()).chain(said) {
                count += 1;
                let paragraph = format!("lang=\"{language}\" dir=\"auto\">{words}</p>");
                assert!(block.contains(&paragraph), "{id} in {language}: {words}");
            }
            assert_eq!(count, block.matches("class=\"words\"").count(), "{id}: and nothing else");
            for outcome in &asking.question.outcomes {
                assert!(
                    block.contains(&format!("<small>{}</small>", outcome.name)),
                    "{id}: {}",
                    outcome.name
                );
                let later = outcome.later.as_ref().and_then(|later| later.question.as_ref());
                for way in outcome.next.iter().chain(later) {
                    assert!(block.contains(&format!("href=\"#ask.{way}\"")), "{id} leads to {way}");
                }
                assert!(
                    outcome
                        .later
                        .as_ref()
                        .is_none_or(|later| block.contains(&format!("{} days later", later.days))),
                    "{id}: {}",
                    outcome.name
                );
            }
        }
    }
    assert_eq!(blocks(&SHIPPED).len() - tips(&SHIPPED).len(), questions);
    assert!(questions > 20, "the whole library");
}

#[test]
fn an_approved_question_has_its_mark_and_no_line_to_sign() {
    let files = changed("questions/text4baby-us/mood.toml", |text| {
        text.replacen(
            "state = \"draft\"",
            "state = \"approved\"\nreviewer = \"A. Example, midwife\"\nreviewed_on = 2025-01-02\nexpires_on = 2027-01-02",
            1,
        )
    });
    let Files(all) = &files;
    let id = all["questions/text4baby-us/mood.toml"]
        .lines()
        .find_map(|line| line.strip_prefix("id = \"")?.strip_suffix('"'));
    let page = page(&files);
    let block = block(&page, &format!("ask.{}", id.expect("a question")));
    assert!(block.contains("APPROVED by A. Example, midwife on 2025-01-02, until 2027-01-02"), "{block}");
    assert!(!block.contains("Initials"), "{block}");
}

#[test]
fn a_second_text_names_the_tip_it_belongs_to_and_a_family_tip_says_for_whom_it_is() {
    let library = Library::read(&Files::built_in(), today()).library.expect("a library");
    let program = library.program("text4baby-us").expect("a program");
    let first = "us-preg-04-3-one-sided-pain";
    let second = shown(block(&SHIPPED, &format!("{first}-more")));
    assert!(second.contains(&format!("<a href=\"#{first}\">")), "{second}");
    assert!(second.contains("Pregnancy, week 4, tip 3") && !second.contains("choice"), "{second}");
    let mark = "for who cares for her, never to the mother herself";
    for (_, tip) in program.tips() {
        let block = block(&SHIPPED, &tip.id);
        let family = !tip.reader.reaches(Reader::Mother);
        assert_eq!(family, block.contains(mark), "{}", tip.id);
    }
    // In the order of the tips they belong to; what the family gets is not among the mother's weeks.
    let at = |id: &str| SHIPPED.find(&format!("<article id=\"{id}\""));
    let seconds: Vec<usize> = program
        .tips()
        .iter()
        .filter(|(slot, _)| matches!(slot.track, Track::Pregnancy | Track::Baby))
        .filter_map(|(_, tip)| at(&format!("{}-more", tip.id)))
        .collect();
    assert!(seconds.len() > 50 && seconds.is_sorted(), "{seconds:?}");
    assert!(at("us-family-preg-04-1-one-sided-pain") > at("us-preg-42-1-42-weeks"));
}

#[test]
fn what_authors_write_stays_text() {
    let evil = "<script>alert('1')</script> & co";
    let Files(mut files) =
        changed(WEEK, |text| text.replacen("text.en = \"", &format!("text.en = \"{evil}"), 1));
    let program = files.get_mut("programs/text4baby-us.toml").expect("the program");
    *program = program.replacen("en = \"Text4baby\"", "en = '</style><script>\"'", 1);
    let page = page(&Files(files));
    assert!(!page.contains("<script"), "a script got in");
    assert_eq!(1, page.matches("</style>").count(), "the style sheet ends where it should");
    assert!(shown(&page).contains(evil), "it is shown as it was written");
}

#[test]
fn the_page_needs_nothing_beside_itself_and_its_links_lead_somewhere() {
    let page = &*SHIPPED;
    for outside in ["<script", "<link", "<img", "<iframe", " src=", "@import", "url("] {
        assert!(!page.contains(outside), "{outside}");
    }
    let quoted = |name: &str| -> Vec<&str> {
        page.split(&format!(" {name}=\"")).skip(1).filter_map(|rest| rest.split('"').next()).collect()
    };
    let ids = quoted("id");
    let unique: HashSet<_> = ids.iter().collect();
    assert_eq!(ids.len(), unique.len(), "no id stands twice");
    for link in quoted("href") {
        match link.strip_prefix('#') {
            Some(id) => assert!(unique.contains(&id), "{link} leads nowhere"),
            None => assert!(link.starts_with("https://"), "{link}"),
        }
    }
}

#[test]
fn headings_come_in_order() {
    let page = &*SHIPPED;
    let levels = page.match_indices("<h").filter_map(|(at, _)| page[at + 2..].chars().next()?.to_digit(10));
    let levels: Vec<u32> = levels.collect();
    assert_eq!((Some(&1), Some(&5)), (levels.first(), levels.iter().max()), "from the title to the tips");
    let mut last = 0;
    for (index, level) in levels.into_iter().enumerate() {
        assert!(level <= last + 1, "heading {index}: h{last} is followed by h{level}");
        last = level;
    }
}

#[test]
fn each_state_has_its_mark_and_only_what_is_not_approved_a_line_to_sign() {
    let approved = |text: &str| {
        text.replacen(
            "state = \"draft\"",
            "state = \"approved\"\nreviewer = \"A. Example, midwife\"\nreviewed_on = 2025-01-02\nexpires_on = 2026-11-21",
            1,
        )
    };
    let files = changed(WEEK, approved);
    let Files(all) = &files;
    let ids: Vec<&str> =
        all[WEEK].lines().filter_map(|line| line.strip_prefix("id = \"")?.strip_suffix('"')).collect();
    // Its last day still counts.
    let now = page(&files);
    let first = block(&now, ids[0]);
    assert!(first.contains("APPROVED by A. Example, midwife on 2025-01-02, until 2026-11-21"), "{first}");
    assert!(!first.contains("Initials"), "{first}");
    let second = block(&now, ids[1]);
    assert!(second.contains("DRAFT: not reviewed") && second.contains("Initials"), "{second}");
    let tomorrow = Book::of(&files, today() + Days::new(1), &[]).expect("a book").html().expect("a page");
    let first = block(&tomorrow, ids[0]);
    assert!(first.contains("EXPIRED on 2026-11-21: reviewed by A. Example, midwife"), "{first}");
    assert!(first.contains("Initials"), "it has to be signed again: {first}");
}

#[test]
fn a_translation_of_other_words_is_marked() {
    let path = "tips/text4baby-us/farewell.toml";
    let stale = super::changed(path, |text| text.replacen("[[tip]]\n", "[[tip]]\nstale = [\"es\"]\n", 1));
    let marks = |files: &Files| shown(&page(files)).matches("translated from other words").count();
    assert_eq!((0, 1), (marks(&Files::built_in()), marks(&stale)));
}

#[test]
fn a_tip_that_depends_on_the_region_says_so_beside_its_national_form() {
    let files = changed(WEEK, |text| text.replacen("text.en = \"", "text.en = \"Call {place.medicaid}. ", 1));
    let page = page(&files);
    let block = blocks(&page).into_iter().find(|block| block.starts_with("us-preg-20-1")).expect("the tip");
    assert!(block.contains("Call Medicaid 1-877-543-7669. "), "{block}");
    assert!(block.contains("is the national form of {place.medicaid}"), "{block}");
    assert!(page.contains("<b>CA</b> Medi-Cal 1-800-541-5555"), "regions stand at the end of the program");
}

#[test]
fn only_a_sound_library_and_programs_that_exist_make_a_book() {
    let broken = changed(WEEK, |text| text.replacen("needs = \"pregnancy\"", "needs = \"nobody\"", 1));
    let Err(NoBook::Faulty(faults)) = Book::of(&broken, today(), &[]) else { panic!("no book of errors") };
    assert_eq!(vec![("needs", WEEK)], faults.iter().map(|f| (f.check, f.file.as_str())).collect::<Vec<_>>());
    let files = Files::built_in();
    let unknown = Book::of(&files, today(), &["text4cats".to_owned()]).err().expect("no such program");
    assert!(unknown.to_string().contains("text4baby-us"), "{unknown}");
    let one = Book::of(&files, today(), &["text4baby-russia".to_owned()]).expect("a book");
    assert_eq!(vec!["text4baby-russia"], one.programs.iter().map(|p| p.id.as_str()).collect::<Vec<_>>());
}

#[test]
fn the_command_writes_the_page_to_a_file_or_to_standard_output() {
    let folder = TempDir::new().expect("a folder");
    let file = folder.path().join("book.html");
    let book = |args: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_motherline"));
        command
            .args(["library", "book", "--program", "text4baby-russia"])
            .args(args)
            .output()
            .expect("it runs")
    };
    let said = book(&["--out", &file.to_string_lossy()]);
    assert_eq!(Some(0), said.status.code());
    let written = std::fs::read_to_string(&file).expect("the page");
    let printed = String::from_utf8(book(&[]).stdout).expect("UTF-8");
    assert!(written.starts_with("<!DOCTYPE html>") && written == printed);
    let said = String::from_utf8_lossy(&said.stdout).into_owned();
    let (all, tips) = (blocks(&written).len(), tips(&written).len());
    assert!(said.contains(&format!("{tips} tips, {} questions", all - tips)), "{said}");
    let nowhere = book(&["--out", &folder.path().join("no/such/folder.html").to_string_lossy()]);
    assert_eq!(Some(2), nowhere.status.code());
}
