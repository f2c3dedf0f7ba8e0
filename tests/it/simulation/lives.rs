//! Lives: the same from the same seed, everywhere that a program reaches, in words that mean what they should.

use motherline::domain::conversation::Guide;
use motherline::domain::keyword::{self, Answer, Intent};
use motherline::domain::language::Language;
use motherline::simulation::phrases::{Topic, date, phrases};

use super::SETTING;

/// What a filled phrase is filled with.
fn filling(topic: Topic, language: Language) -> String {
    let russian = language.as_str() == "ru";
    match topic {
        Topic::Begin => if russian { "МАМА" } else { "BABY" }.to_owned(),
        Topic::PauseDays => "14".to_owned(),
        Topic::Hour => if russian { "18:00" } else { "6 PM" }.to_owned(),
        Topic::Place => if russian { "101000" } else { "10001" }.to_owned(),
        Topic::NewPhone => if russian { "+79705550143" } else { "+12025550143" }.to_owned(),
        _ => date(chrono::NaiveDate::from_ymd_opt(2028, 2, 29).expect("a leap day"), language),
    }
}

#[test]
fn every_phrase_means_what_it_is_taken_for() {
    let library = SETTING.library();
    for language in ["en", "es", "ru"].map(|code| code.parse::<Language>().expect("a language")) {
        for topic in Topic::ALL {
            for phrase in phrases(topic, language) {
                let text = phrase.replace("{}", &filling(topic, language));
                let parsed = keyword::parse(&text, language.as_str(), &library.keywords);
                let asked = library.requests.read(&text, language.as_str()).map(|asked| asked.request.name());
                let danger = !library.dangers.find(&text).signs.is_empty();
                let right = match topic {
                    Topic::Yes => parsed.answer == Some(Answer::Yes),
                    Topic::No => parsed.answer == Some(Answer::No),
                    Topic::Skip => parsed.answer == Some(Answer::Skip),
                    Topic::Begin => parsed.intent == Some(Intent::Baby),
                    Topic::Start => parsed.intent == Some(Intent::Start),
                    Topic::Help => parsed.intent == Some(Intent::Help),
                    Topic::Update => parsed.intent == Some(Intent::Update),
                    Topic::Stop => parsed.intent == Some(Intent::Stop),
                    Topic::Miscarried | Topic::Stillborn | Topic::BabyDied => {
                        parsed.intent == Some(Intent::Loss)
                    }
                    Topic::Born | Topic::BornDay | Topic::BornDays => asked == Some("born"),
                    Topic::NotYet => asked == Some("not_yet"),
                    Topic::Twins => asked == Some("several"),
                    Topic::Undo => asked == Some("undo"),
                    Topic::Less => asked == Some("less"),
                    Topic::More => asked == Some("more"),
                    Topic::Pause | Topic::PauseDays => asked == Some("pause"),
                    Topic::Resume => asked == Some("resume"),
                    Topic::Hour => asked == Some("time"),
                    Topic::Language => asked == Some("language"),
                    Topic::NewPhone => asked == Some("move"),
                    Topic::Place => asked == Some("place"),
                    Topic::Wrong => asked == Some("wrong"),
                    Topic::Details => asked == Some("details"),
                    Topic::Delete => asked == Some("delete"),
                    Topic::Visit => asked == Some("appointment"),
                    Topic::CancelVisit => asked == Some("cancel_appointment"),
                    Topic::Safe => asked == Some("safe"),
                    Topic::SafeOff => asked == Some("safe_off"),
                    Topic::Danger => danger,
                    Topic::Due | Topic::BirthDate => parsed.intent.is_none(),
                    Topic::Question | Topic::Machine => {
                        parsed.intent.is_none() && parsed.answer.is_none() && asked.is_none() && !danger
                    }
                    Topic::Thanks | Topic::Junk => parsed.intent.is_none() && asked.is_none() && !danger,
                };
                let request = asked.unwrap_or("nothing");
                assert!(right, "{language} {text:?} is no {topic:?}: {parsed:?}, asks for {request}");
            }
        }
    }
}

#[test]
fn somebody_can_live_in_every_zone_of_every_program() {
    let cast = SETTING.cast();
    assert!(cast.unknown.is_empty(), "no place is known in {:?}", cast.unknown);
    assert_eq!(3, cast.countries.len());
    for country in &cast.countries {
        let program = SETTING.library().program(&country.program).expect("its program");
        assert_eq!(program.zones.len(), country.places.len(), "{}", country.program);
        for (zone, words) in &country.places {
            let place = SETTING.library().place(&country.program, words).expect("a place");
            assert_eq!(*zone, place.zone, "{words}");
        }
    }
}
