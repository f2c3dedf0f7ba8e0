//! The report: its counts are those of the files, and its sums can be done by hand.

use std::collections::BTreeMap;
use std::process::{Command, Output};

use chrono::NaiveDate;
use motherline::library::report::{HerTexts, Price, Prices, ProgramReport, Report};
use motherline::library::{Files, Library};
use serde_json::Value;

use super::today;

/// The GSM alphabet, as the standard prints it.
const GSM: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà^{}\\[~]|€";

fn report(files: &Files, prices: &Prices) -> Report {
    let library = Library::read(files, today()).library.expect("a library");
    Report::of(&library, today(), &[], prices).expect("a report")
}

fn price(text: &str) -> Price {
    text.parse().expect("a price")
}

/// The tips of a program, read from the files as TOML and nothing more.
fn raw(files: &Files, program: &str) -> Vec<toml::Table> {
    let folder = format!("tips/{program}/");
    let tips = files.0.iter().filter(|(path, _)| path.starts_with(&folder)).flat_map(|(_, content)| {
        let table: toml::Table = content.parse().expect("TOML");
        table["tip"].as_array().expect("tips").clone()
    });
    tips.map(|tip| tip.as_table().expect("a tip").clone()).collect()
}

#[test]
fn its_counts_are_those_of_the_files() {
    let files = Files::built_in();
    let report = report(&files, &Prices::default());
    assert_eq!(2, report.programs.len());
    for program in &report.programs {
        let raw = raw(&files, &program.program);
        assert_eq!(raw.len(), program.tips as usize);
        let text = |tip: &toml::Table, field: &str| tip[field].as_str().expect("a string").to_owned();
        let mut topics: BTreeMap<String, BTreeMap<String, u32>> = BTreeMap::new();
        let mut priorities: BTreeMap<u8, u32> = BTreeMap::new();
        for tip in &raw {
            let loss = tip.get("loss").map(|_| text(tip, "loss"));
            let track = loss.map_or_else(|| text(tip, "track"), |loss| format!("loss-{loss}"));
            let family = tip.get("reader").and_then(toml::Value::as_str) == Some("family");
            let track = if family { "family".to_owned() } else { track };
            *topics.entry(text(tip, "topic")).or_default().entry(track).or_default() += 1;
            *priorities.entry(tip["priority"].as_integer().expect("a number") as u8).or_default() += 1;
        }
        assert_eq!(serde_json::to_value(&topics).unwrap(), serde_json::to_value(&program.topics).unwrap());
        assert_eq!(priorities, program.priorities);
        for language in &program.languages {
            let texts = raw.iter().filter_map(|tip| tip["text"].as_table()?.get(language.language.as_str()));
            let texts: Vec<&str> = texts.filter_map(toml::Value::as_str).collect();
            assert_eq!(texts.len(), language.tips as usize);
            let cheap = texts.iter().filter(|text| text.chars().all(|c| GSM.contains(c))).count();
            assert_eq!(cheap, language.segments.gsm7 as usize, "{}", language.language);
            assert_eq!(texts.len() - cheap, language.segments.ucs2 as usize);
            let by_count = &language.segments.by_count;
            assert_eq!(language.tips, by_count.values().sum::<u32>());
            assert_eq!(language.segments.total, by_count.iter().map(|(sms, texts)| sms * texts).sum::<u32>());
            assert_eq!(language.tips, language.states.values().sum::<u32>());
            let reading = language.reading.as_ref().expect("a formula");
            assert_eq!(language.tips, reading.texts);
        }
    }
}

#[test]
fn no_mother_of_the_library_that_ships_meets_a_day_without_a_tip() {
    for program in report(&Files::built_in(), &Prices::default()).programs {
        let open: Vec<_> = program
            .weeks
            .iter()
            .flat_map(|track| &track.weeks)
            .filter(|week| week.filled < week.due)
            .collect();
        assert!(open.is_empty(), "{}: {open:?}", program.program);
        let texts: Vec<u32> = program.mothers.iter().map(|mother| mother.languages[0].texts).collect();
        assert!(texts[0] > texts[1] && texts[1] > texts[2] && texts[2] > 100, "{texts:?}");
        for mother in &program.mothers {
            assert!(mother.languages.iter().all(|her| her.without_tip == 0), "{mother:?}");
        }
    }
}

/// A program with one starter text and a tip each Monday: one SMS in English, two in Spanish.
fn one_a_week() -> Files {
    let Files(mut files) = Files::built_in();
    let kept = |path: &str| {
        !path.starts_with("tips/")
            && !path.starts_with("questions/")
            && path != "programs/text4baby-russia.toml"
    };
    files.retain(|path, _| kept(path));
    let program = files.get_mut("programs/text4baby-us.toml").expect("the program");
    *program = program.replace("MON,WED,FRI", "MON");
    let tip = |id: String, place: &str| {
        let spanish = "á".repeat(71);
        format!(
            "[[tip]]\nid = \"{id}\"\n{place}\nslot = 1\ntopic = \"{place_topic}\"\nneeds = \"neutral\"\npriority = 1\n\
             text.en = \"Drink water, tip {id}.\"\ntext.es = \"{spanish}\"\n[tip.source]\norganization = \"o\"\n\
             title = \"t\"\nurl = \"https://example.org\"\nyear = 2020\n[tip.review]\nstate = \"draft\"\n",
            place_topic = if place.contains("week") { "weekly" } else { "hello" },
        )
    };
    let mut tips = tip("hello".to_owned(), "track = \"starter\"");
    for (track, weeks) in [("pregnancy", 4..=43), ("baby", 0..=51)] {
        for week in weeks {
            tips += &tip(format!("{track}-{week}"), &format!("track = \"{track}\"\nweek = {week}"));
        }
    }
    files.insert("tips/text4baby-us/all.toml".to_owned(), tips);
    Files(files)
}

fn monday() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 23).expect("a date")
}

/// Texts, SMS, days without a tip and cost, in English and in Spanish.
fn sums(languages: &[HerTexts]) -> Vec<(u32, u32, u32, String)> {
    let cost = |her: &HerTexts| her.cost.map_or_else(String::new, |cost| cost.to_string());
    languages.iter().map(|her| (her.texts, her.segments, her.without_tip, cost(her))).collect()
}

#[test]
fn the_cost_of_a_mother_can_be_done_by_hand() {
    let prices = Prices {
        currency: "USD".to_owned(),
        each: Some(price("0.0083")),
        of: [("es".parse().expect("a language"), price("0.01"))].into(),
    };
    let count = |files: &Files| {
        let library = Library::read(files, monday()).library.expect("a library");
        Report::of(&library, monday(), &[], &prices).expect("a report").programs.remove(0)
    };
    let whole = count(&one_a_week());
    let of = |mother: usize| sums(&whole.mothers[mother].languages);
    // She joins on a Monday at 4+0 and gets her starter text on Tuesday; then 35 Mondays until the one on which
    // her baby is born, 36 weeks later, and 51 in the baby's first 52 weeks.
    let row = |texts: u32, english: &str, spanish: &str| {
        vec![(texts, texts, 0, english.to_owned()), (texts, texts * 2, 0, spanish.to_owned())]
    };
    assert_eq!(row(1 + 35 + 51, "0.7221", "1.74"), of(0));
    // From 20+0: 19 Mondays until the birth.
    assert_eq!(row(1 + 19 + 51, "0.5893", "1.42"), of(1));
    assert_eq!(row(1 + 51, "0.4316", "1.04"), of(2));

    let Files(mut files) = one_a_week();
    let tips = files.get_mut("tips/text4baby-us/all.toml").expect("the tips");
    *tips = tips.replace("track = \"baby\"\nweek = 10\n", "track = \"baby\"\nweek = 11\n");
    let gap = count(&Files(files));
    assert_eq!((86, 86, 1, "0.7138".to_owned()), sums(&gap.mothers[0].languages)[0]);
    let open = gap.weeks[1].weeks.iter().filter(|week| week.filled < week.due).map(|week| week.week);
    assert_eq!(vec![10], open.collect::<Vec<_>>());
    let due = |track: usize| gap.weeks[track].weeks.iter().map(|week| week.due).sum::<u32>();
    assert_eq!((40, 52), (due(0), due(1)));
}

/// A second text to each tip, and one for the family in each week, are no mother's: they neither cost her nor fill
/// her gaps.
#[test]
fn what_no_mother_gets_unasked_counts_apart() {
    let count = |files: &Files| {
        let library = Library::read(files, monday()).library.expect("a library");
        let report = Report::of(&library, monday(), &[], &Prices::default()).expect("a report");
        let lines = report.lines();
        let mut programs = report.programs;
        (programs.remove(0), lines)
    };
    let Files(mut files) = one_a_week();
    let tips = files.get_mut("tips/text4baby-us/all.toml").expect("the tips");
    *tips = tips.replace("week = 12\n", "week = 13\n");
    let (before, _) = count(&Files(files.clone()));
    let (mut family, mut more) = (String::new(), String::new());
    for week in 4..=42 {
        family += &a_tip(
            &format!("family-{week}"),
            &format!("track = \"pregnancy\"\nweek = {week}\nslot = 1\nreader = \"family\""),
        );
        more += &a_tip(&format!("more-{week}"), &format!("track = \"more\"\nof = \"pregnancy-{week}\""));
    }
    files.insert("tips/text4baby-us/family/pregnancy.toml".to_owned(), family);
    files.insert("tips/text4baby-us/more.toml".to_owned(), more);
    files.insert("questions/text4baby-us/one.toml".to_owned(), question("pregnancy-20"));
    let (after, lines) = count(&Files(files));
    assert_eq!(before.tips + 2 * 39, after.tips, "they are there");
    assert_eq!(Some(&39), after.topics["food"].get("family"));
    assert_eq!(Some(&39), after.topics["food"].get("more"));
    for (before, after) in before.mothers.iter().zip(&after.mothers) {
        assert_eq!(sums(&before.languages), sums(&after.languages), "{}", before.course);
    }
    let weeks = |program: &ProgramReport| {
        program.weeks.iter().flat_map(|track| track.weeks.clone()).collect::<Vec<_>>()
    };
    assert_eq!(weeks(&before), weeks(&after));
    assert!(lines.contains("gap: pregnancy 12 (0 of 1), baby 12 (0 of 1)"), "{lines}");
    let states: Vec<u32> = after.questions.values().copied().collect();
    assert_eq!(vec![1, 0, 0], states, "one draft");
    let words = |line: &str| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    assert!(
        lines.lines().any(|line| words(line) == ["in", "every", "language", "1", "1", "0", "0"]),
        "{lines}"
    );
}

/// A tip in English and Spanish.
fn a_tip(id: &str, place: &str) -> String {
    format!(
        "[[tip]]\nid = \"{id}\"\n{place}\ntopic = \"food\"\nneeds = \"neutral\"\npriority = 1\n\
         text.en = \"Drink water, tip {id}.\"\ntext.es = \"Tome agua, consejo {id}.\"\n[tip.source]\n\
         organization = \"o\"\ntitle = \"t\"\nurl = \"https://example.org\"\nyear = 2020\n[tip.review]\n\
         state = \"draft\"\n"
    )
}

/// A question that a tip asks.
fn question(tip: &str) -> String {
    format!(
        "[[question]]\nid = \"one\"\nkind = \"yes_no\"\ntip = \"{tip}\"\n[[question.outcome]]\nname = \"yes\"\n\
         answers = [\"yes\"]\nreply.en = \"Good.\"\nreply.es = \"Bien.\"\n[question.source]\norganization = \"o\"\n\
         title = \"t\"\nurl = \"https://example.org\"\nyear = 2020\n[question.review]\nstate = \"draft\"\n"
    )
}

#[test]
fn the_strip_shows_where_tips_are_missing() {
    let Files(mut files) = one_a_week();
    let tips = files.get_mut("tips/text4baby-us/all.toml").expect("the tips");
    *tips = tips.replace("week = 12\n", "week = 13\n");
    let lines = report(&Files(files), &Prices::default()).lines();
    assert!(lines.contains("  pregnancy   ########.###############################\n"), "{lines}");
    assert!(lines.contains("gap: pregnancy 12 (0 of 1), baby 12 (0 of 1)"), "{lines}");
    assert!(!lines.contains("no gap"), "{lines}");
}

#[test]
fn prices_are_read_and_reckoned_exactly() {
    assert_eq!("0.0083", price("0.0083").to_string());
    assert_eq!(("3", "0.5"), (price("3.00").to_string().as_str(), price(".5").to_string().as_str()));
    assert_eq!("2.49", price("0.0083").times(300).to_string());
    assert_eq!(
        ["0.01", "0.00", "2.22"],
        [("0.005", 1), ("0.0049", 1), ("0.0083", 268)]
            .map(|(each, count)| price(each).times(count).rounded())
    );
    for wrong in ["", ".", "-1", "+1", "1,5", "1e3", "0.1234567", "1000", "99999999999999999999", "٣", "$1"]
    {
        assert!(wrong.parse::<Price>().is_err(), "{wrong:?}");
    }
}

fn command(args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_motherline"));
    command.args(["library", "report"]).args(args).output().expect("motherline runs")
}

#[test]
fn the_command_keeps_to_eighty_columns_and_says_the_same_as_json() {
    // Prices of which no number of SMS under a thousand makes half a hundredth, which two ways may round apart.
    let args = ["--price", "0.008301", "--price-of", "ru=12.345678", "--currency", "EUR"];
    let said = String::from_utf8(command(&args).stdout).expect("UTF-8");
    for line in said.lines() {
        assert!(line.chars().count() <= 80, "{line}");
    }
    let json = command(&[&args[..], &["--json"]].concat()).stdout;
    let json: Value = serde_json::from_slice(&json).expect("one object");
    assert_eq!("EUR", json["currency"]);
    for program in json["programs"].as_array().expect("programs") {
        let title = format!("({}): {} tips", program["program"].as_str().expect("an id"), program["tips"]);
        assert!(said.contains(&title), "{title}");
        for mother in program["mothers"].as_array().expect("mothers") {
            for her in mother["languages"].as_array().expect("languages") {
                let segments = her["segments"].as_u64().expect("a number") as f64;
                let (each, cost) =
                    (her["price"].as_f64().expect("a price"), her["cost"].as_f64().expect("a sum"));
                assert!((segments * each - cost).abs() < 1e-6, "{her}");
                assert!(said.contains(&format!(" {cost:.2}\n")), "{cost}");
            }
        }
    }
}

#[test]
fn without_a_price_it_counts_sms_alone_and_a_slip_in_a_price_is_told() {
    let plain = command(&["--program", "text4baby-us"]);
    let said = String::from_utf8_lossy(&plain.stdout).into_owned();
    assert!(said.contains("What one mother gets") && !said.contains("USD"), "{said}");
    assert!(!said.contains("text4baby-russia"), "{said}");
    let wrong = [
        (&["--price", "free"][..], "0.0083"),
        (&["--price-of", "0.01"][..], "es=0.0166"),
        (&["--program", "text4baby-us", "--price-of", "ru=0.01"][..], "ru"),
        (&["--program", "text4cats"][..], "text4baby-us"),
    ];
    for (args, hint) in wrong {
        let output = command(args);
        assert_eq!(Some(2), output.status.code(), "{args:?}");
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(error.contains(hint), "{args:?}: {error}");
    }
}
