//! The account, the list and the pace.

use chrono::{TimeDelta, Utc};
use motherline::gateway::Lookup;
use motherline::gateway::http::Address;
use motherline::simulator::Settings;

use super::{ACCOUNT, HER, Trial, US, WORDS, accepted, her, parcel, quiet, reference};

#[tokio::test]
async fn a_text_taken_under_two_tries_is_told() {
    let trial = Trial::of(quiet()).await;
    // Two tries of one text, a third in Kannel's dialect, and one text more.
    for (text, number) in [(1, 1), (1, 2), (2, 1)] {
        assert!(accepted(&trial.text(reference(text, number)).await));
    }
    assert!(accepted(&trial.kannel_text(reference(1, 3)).await));
    let account = trial.account().await;
    let doubles = &account["doubles"];
    assert_eq!((2, 2), (doubles["texts"].as_u64().unwrap(), doubles["texts_again"].as_u64().unwrap()));
    assert_eq!(0, doubles["references_again"]);
    assert_eq!(3, doubles["to_and_body_again"], "they all say the same to her");
    assert!(accepted(&trial.text(reference(2, 1)).await));
    let account = trial.account().await;
    let doubles = &account["doubles"];
    assert_eq!(
        (1, 3),
        (doubles["references_again"].as_u64().unwrap(), doubles["texts_again"].as_u64().unwrap())
    );
    assert_eq!(
        (5, 5, 5),
        (
            account["asked"].as_u64().unwrap(),
            account["taken"].as_u64().unwrap(),
            account["answered"].as_u64().unwrap()
        )
    );
    assert_eq!((200, "5".to_owned()), trial.get("/").await);
}

#[tokio::test]
async fn each_text_has_its_line_and_no_number_is_in_it() {
    let trial =
        Trial::of(Settings { errors: "500-taken=0.5,503=0.2".parse().expect("faults"), ..quiet() }).await;
    let mut yes = 0;
    // More than are written at once.
    for text in 0..1100 {
        yes += u64::from(accepted(&trial.text(reference(text, 1)).await));
    }
    let (_, table) = trial.get("/account/texts").await;
    assert!(!table.contains(&HER[2..]) && !table.contains(WORDS));
    let lines: Vec<Vec<&str>> = table.lines().skip(1).map(|line| line.split(',').collect()).collect();
    assert_eq!(1100, lines.len());
    assert!(lines.iter().any(|line| line[0] == reference(1099, 1).to_string()));
    let sum =
        |column: usize| lines.iter().map(|line| line[column].parse::<u64>().expect("a number")).sum::<u64>();
    let account = trial.end().await;
    assert_eq!((account.asked, account.taken, account.answered), (sum(3), sum(4), sum(5)));
    assert_eq!(account.asked, account.taken + account.refused.values().sum::<u64>());
    assert_eq!(account.taken, yes + account.spoiled["500-taken"]);
}

#[tokio::test]
async fn a_new_account_is_empty() {
    let trial = Trial::of(quiet()).await;
    trial.text(reference(1, 1)).await;
    let reset = Address::parse(&format!("{}/account/reset", trial.url)).expect("an address");
    assert!(trial.http.exchange(reset.post("")).await.expect("an answer").status.is_success());
    assert_eq!(0, trial.account().await["asked"]);
    assert!(accepted(&trial.text(reference(1, 1)).await));
    let account = trial.end().await;
    assert_eq!((1, Some(0)), (account.taken, account.doubles.map(|again| again.texts_again)));
}

#[tokio::test]
async fn without_an_account_there_is_no_list() {
    let trial = Trial::of(Settings { account: false, ..quiet() }).await;
    let begun = Utc::now();
    assert!(accepted(&trial.text(reference(1, 1)).await));
    // An empty list would let the service send the text a second time.
    assert_eq!(Lookup::NoAnswer, lookup(&trial, WORDS, begun).await);
    let account = trial.end().await;
    assert_eq!((1, None), (account.taken, account.doubles));
}

async fn lookup(trial: &Trial, words: &str, begun: chrono::DateTime<Utc>) -> Lookup {
    let her = her();
    let twilio = trial.twilio("http://127.0.0.1:1/hooks");
    let now = begun + TimeDelta::minutes(5);
    twilio.lookup(&trial.http, &parcel(reference(1, 1), &her, words), begun, now).await
}

#[tokio::test]
async fn a_text_in_doubt_is_found_if_it_was_taken() {
    for (fault, there) in [("lost", true), ("500-taken", true), ("reset", false), ("503", false)] {
        let trial = Trial::with(fault).await;
        let begun = Utc::now();
        trial.text(reference(1, 1)).await;
        match lookup(&trial, WORDS, begun).await {
            Lookup::Found { .. } => assert!(there, "{fault}"),
            Lookup::NotThere => assert!(!there, "{fault}"),
            Lookup::CannotTell | Lookup::NoAnswer | Lookup::Repeat => panic!("{fault}"),
        }
        let hers_in_kannel = trial.kannel_text(reference(2, 1)).await;
        assert!(!accepted(&hers_in_kannel));
        assert_eq!(1, trial.end().await.lookups, "{fault}");
    }
}

#[tokio::test]
async fn the_list_goes_back_page_by_page() {
    let trial = Trial::of(quiet()).await;
    let her = her();
    for text in 0..5_u128 {
        let words = format!("Tip \"{text}\"");
        let twilio = trial.twilio("http://127.0.0.1:1/hooks");
        assert!(accepted(&twilio.send(&trial.http, &parcel(reference(text, 1), &her, &words)).await));
    }
    let mut next = Some(format!("/2010-04-01/Accounts/{ACCOUNT}/Messages.json?To=%2B12025550143&PageSize=2"));
    let (mut told, mut pages) = (Vec::new(), 0);
    while let Some(path) = next {
        let page: serde_json::Value = serde_json::from_str(&trial.get(&path).await.1).expect("JSON");
        for message in page["messages"].as_array().expect("messages") {
            assert_eq!((HER, US), (message["to"].as_str().unwrap(), message["from"].as_str().unwrap()));
            assert_eq!(
                ("queued", true),
                (message["status"].as_str().unwrap(), message["date_sent"].is_null())
            );
            told.push(message["body"].as_str().expect("words").to_owned());
        }
        // What comes meanwhile moves no page.
        assert!(accepted(&trial.text(reference(100 + pages, 1)).await));
        pages += 1;
        assert!(pages <= 3, "it goes round in circles");
        next = page["next_page_uri"].as_str().map(str::to_owned);
    }
    assert_eq!(["Tip \"4\"", "Tip \"3\"", "Tip \"2\"", "Tip \"1\"", "Tip \"0\""], *told);
    assert_eq!(3, pages);
    let of = async |query: &str| {
        let path = format!("/2010-04-01/Accounts/{ACCOUNT}/Messages.json?{query}");
        let (status, page) = trial.get(&path).await;
        (status, page.matches("\"sid\":").count())
    };
    assert_eq!((200, 8), of("To=%2B12025550143").await);
    assert_eq!((200, 0), of("To=%2B12025550144").await);
    assert_eq!((200, 0), of("To=%2B12025550143&From=%2B12025550199").await);
    // Not sent yet, only taken.
    assert_eq!((200, 0), of("To=%2B12025550143&DateSent%3E=2020-01-01").await);
    assert_eq!((400, 0), of("").await);
}

#[tokio::test]
async fn beyond_the_pace_nothing_is_taken() {
    let trial = Trial::of(Settings { segments_per_second: Some(6), ..quiet() }).await;
    let (her, long) = (her(), "x".repeat(161));
    let mut taken = 0;
    for text in 0..8 {
        let twilio = trial.twilio("http://127.0.0.1:1/hooks");
        taken +=
            u64::from(accepted(&twilio.send(&trial.http, &parcel(reference(text, 1), &her, &long)).await));
    }
    assert!((3..8).contains(&taken), "{taken} texts of two segments each");
    let (_, table) = trial.get("/account/seconds").await;
    let sum = |column: usize| {
        let cells = table.lines().skip(1).map(|line| line.split(',').nth(column).expect("a cell"));
        cells.map(|cell| cell.parse::<u64>().expect("a number")).sum::<u64>()
    };
    assert_eq!((taken * 2, 16 - taken * 2), (sum(1), sum(2)));
    assert_eq!(8 - taken, trial.end().await.refused["pace"]);
}
