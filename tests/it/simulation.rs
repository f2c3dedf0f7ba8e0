//! Made-up mothers over 21 months, and the truths that hold for all they got. And that the truths can be broken: each is
//! shown what it must not let pass (`watched`).

mod lives;
mod watched;

use std::path::Path;
use std::sync::Arc;
use std::sync::LazyLock;

use chrono::TimeDelta;
use motherline::library::Files;
use motherline::simulation::account::Sort;
use motherline::simulation::report::Page;
use motherline::simulation::truths::Truth;
use motherline::simulation::{Account, Plan, Setting, run, unapproved};

use crate::support::engines::on_both;

/// The authored library.
static FILES: LazyLock<Files> = LazyLock::new(|| {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/message-library"));
    Files::from_folder(folder).expect("the message library")
});

/// Mothers over 21 months, with everything failing that can.
const PLAN: Plan = Plan {
    mothers: 40,
    seed: 20_100_205,
    months: 21,
    step: TimeDelta::hours(4),
    together: None,
    faults: true,
    public: false,
    follow: None,
    world: None,
};

/// One setting for all that ask nothing special of it.
static SETTING: LazyLock<Arc<Setting>> = LazyLock::new(|| Setting::read(&FILES, &PLAN).expect("a setting"));

fn assert_held(account: &Account) {
    let evidence: Vec<String> = account
        .broken
        .iter()
        .map(|(world, broken)| format!("{:?} world {world} {broken:#?}", broken.truth))
        .collect();
    assert!(
        account.broken.is_empty(),
        "{} of the truths' checks failed:\n{}",
        evidence.len(),
        evidence.join("\n")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn two_thousand_mothers_keep_every_truth() {
    let plan = Plan { mothers: 2_000, ..PLAN };
    let account = run(&SETTING, &plan, None, |_, _| {}).await.expect("a run");
    assert_held(&account);
    assert_eq!(2_000, account.mothers);
    // It has looked at each truth, and often; who is erased and what is not understood is rare.
    for truth in Truth::ALL.iter().filter(|truth| **truth != Truth::Approved) {
        let checked = account.checked.get(truth).copied().unwrap_or_default();
        let least = if matches!(truth, Truth::Erased | Truth::Unknown) { 5 } else { 100 };
        assert!(checked >= least, "{truth:?} was looked at {checked} times");
    }
    let opens = account.unasked_hours.iter().position(|count| *count > 0);
    let closes = account.unasked_hours.iter().rposition(|count| *count > 0);
    assert_eq!((Some(9), Some(19)), (opens, closes), "nobody is texted unasked before 9 or from 20 on");
    assert!(account.answer_hours.iter().all(|count| *count > 0), "she is answered at any hour");
    assert!(account.said(Sort::Tip) > 100_000, "{} tips", account.said(Sort::Tip));
    for kind in [
        "joins on February 29",
        "due on February 29",
        "gives birth on February 29",
        "joins around a change of clocks",
        "birth weeks too early",
        "birth after the due date",
        "never tells of the birth",
        "tells of the birth late",
        "twins born on two days",
        "loss in pregnancy",
        "stillbirth",
        "loss of a baby",
        "loss of one twin",
        "loss undone",
        "keeps her place to herself",
        "has a phone that dies",
    ] {
        assert!(account.kinds.contains_key(kind), "nobody {kind}");
    }
    assert!(account.repeated > 100 && account.deeds.len() > 12, "{:?}", account.deeds);
    assert!(account.silences.iter().all(|silence| *silence < TimeDelta::days(1)), "silent within a day");
}

#[tokio::test(flavor = "multi_thread")]
async fn at_every_moment_at_which_anything_is_due() {
    let plan = Plan { mothers: 24, months: 4, step: TimeDelta::zero(), ..PLAN };
    let setting = Setting::read(&FILES, &plan).expect("a setting");
    let account = run(&setting, &plan, None, |_, _| {}).await.expect("a run");
    assert_held(&account);
    assert!(account.moments > 5_000, "{} moments", account.moments);
}

#[tokio::test(flavor = "multi_thread")]
async fn on_both_engines() {
    let plan = Plan { mothers: 200, months: 12, step: TimeDelta::hours(6), ..PLAN };
    let setting = Setting::read(&FILES, &plan).expect("a setting");
    on_both(async |database| {
        let account = run(&setting, &plan, Some(database), |_, _| {}).await.expect("a run");
        assert_held(&account);
        assert_eq!(200, account.mothers);
        assert!(account.said(Sort::Tip) > 4_000, "{} tips", account.said(Sort::Tip));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_public_number_carries_nothing_that_nobody_stands_for() {
    let account = unapproved(&FILES, &PLAN).await.expect("a run");
    assert_held(&account);
    assert!(
        account.checked.get(&Truth::Approved).is_some_and(|checked| *checked > 50),
        "{:?}",
        account.checked
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_seed_gives_the_same_run() {
    let plan = Plan { mothers: 30, months: 5, ..PLAN };
    let setting = Setting::read(&FILES, &plan).expect("a setting");
    let first = run(&setting, &plan, None, |_, _| {}).await.expect("a run");
    let second = run(&setting, &plan, None, |_, _| {}).await.expect("a run");
    assert_eq!(first.weeks, second.weeks);
    assert_eq!(first.answers, second.answers);
    assert_eq!(first.ends, second.ends);
    assert_eq!(first.checked, second.checked);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_report_stands_by_itself_and_says_what_was_done() {
    let plan = Plan { months: 3, ..PLAN };
    let setting = Setting::read(&FILES, &plan).expect("a setting");
    let account = run(&setting, &plan, None, |_, _| {}).await.expect("a run");
    let page = Page::of(&setting, &plan, &account).html().expect("a page");
    for needed in [
        "<h1>40 made-up mothers over 3 months</h1>",
        "motherline simulate --mothers 40 --seed 20100205 --months 3 --minutes 240",
        "All truths held",
        "aria-label=\"Texts begun in each week, by kind",
        setting.edition(),
    ] {
        assert!(page.contains(needed), "{needed:?} is missing");
    }
    for truth in Truth::ALL {
        assert!(page.contains(&truth.sentence().replace('\'', "&#39;")), "{truth:?} is missing");
    }
    for beside in ["<script", "<link", "<img", "http://", "https://", "url("] {
        assert!(!page.contains(beside), "the page needs {beside:?}");
    }
    assert!(!page.contains("+1") && !page.contains("+7970"), "a number stands on the page");
}
