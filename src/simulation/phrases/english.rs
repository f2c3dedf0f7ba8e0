//! English.

use super::Topic;

pub const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

pub fn phrases(topic: Topic) -> &'static [&'static str] {
    match topic {
        Topic::Yes => &["YES", "yes", "Yes please"],
        Topic::No => &["NO", "no", "nope"],
        Topic::Skip => &["SKIP", "skip"],
        Topic::Begin => &["{}"],
        Topic::Due => &["{}", "due {}", "my due date is {}"],
        Topic::BirthDate => &["born {}", "my baby was born {}"],
        Topic::Start => &["START", "start"],
        Topic::Help => &["HELP", "help"],
        Topic::Stop => &["STOP", "stop", "Stop.", "please stop texting me", "unsubscribe", "STOP ALL"],
        Topic::Update => &["UPDATE", "update"],
        Topic::Born => &["BORN", "born"],
        Topic::BornDay => &["BORN {}", "my baby was born {}"],
        Topic::BornDays => &["BORN {}"],
        Topic::NotYet => &["NOT YET", "not yet"],
        Topic::Twins => &["TWINS", "twins"],
        Topic::Miscarried => &["LOSS", "I lost my baby", "I had a miscarriage", "we lost the baby"],
        Topic::Stillborn => &["LOSS", "my baby was stillborn", "I lost my baby"],
        Topic::BabyDied => &["LOSS", "my baby died", "our baby passed away"],
        Topic::Undo => &["UNDO", "undo"],
        Topic::Less => &["LESS", "less"],
        Topic::More => &["MORE", "more"],
        Topic::Pause => &["PAUSE", "pause"],
        Topic::PauseDays => &["PAUSE {}", "pause {}"],
        Topic::Resume => &["RESUME", "resume"],
        Topic::Hour => &["TIME {}", "time {}"],
        Topic::Language => &["ENGLISH", "english please"],
        Topic::NewPhone => &["MOVE {}"],
        Topic::Place => &["ZIP {}", "zip {}"],
        Topic::Wrong => &["WRONG NUMBER", "you have the wrong number"],
        Topic::Details => &["DETAILS", "details"],
        Topic::Delete => &["DELETE", "DELETE MY DATA"],
        Topic::Visit => &["APPT {}", "appt {}"],
        Topic::CancelVisit => &["CANCEL APPT", "cancel appt"],
        Topic::Safe => &["SAFE", "HIDE"],
        Topic::SafeOff => &["SAFE OFF", "safe off"],
        Topic::Danger => {
            &["I am bleeding heavily", "I have a very bad headache and see spots", "my baby stopped moving"]
        }
        Topic::Question => {
            &["can I eat sushi?", "is it ok to travel by plane now", "what cream helps for dry skin"]
        }
        Topic::Thanks => &["thanks", "Thank you!", "ok"],
        Topic::Junk => &["asdfgh", "???", "👍", "12345678", "."],
        Topic::Machine => &["I am driving right now. I will get back to you later."],
    }
}
