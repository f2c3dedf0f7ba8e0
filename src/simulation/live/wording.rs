//! How she puts it: her answers to the library's questions, and the words of everything she writes.

use chrono::TimeDelta;

use super::{Claim, Live, Utterance};
use crate::domain::survey::Accepts;
use crate::simulation::phrases::{Topic, say, say_with};
use crate::simulation::words::{QuestionFact, Words};

impl Live {
    /// A question of the library: answered, answered late, answered with nonsense, or not.
    pub(super) fn about_question(&mut self, words: &Words, place: u32) -> Option<Utterance> {
        let QuestionFact { answers, .. } = words.questions.get(place as usize)?;
        let habits = self.mother.habits;
        if answers.is_empty() || !self.chance.in_thousand(habits.answers) {
            return None;
        }
        let said = if self.chance.in_thousand(80) {
            self.utter(Topic::Junk, "77".to_owned(), None)
        } else {
            match self.chance.pick(answers).clone() {
                Accepts::Yes => self.simply(Topic::Yes),
                Accepts::No => self.simply(Topic::No),
                Accepts::Between(from, to) => {
                    let number = self.chance.between(i64::from(from), i64::from(to)) as u32;
                    self.number(number)
                }
                Accepts::Letter(letter) => self.utter(Topic::Yes, letter, None),
            }
        };
        let after = if self.chance.in_thousand(habits.late) {
            TimeDelta::days(self.chance.between(4, 40))
        } else {
            TimeDelta::minutes(self.chance.between(1, 900))
        };
        Some(Utterance { after, ..said })
    }

    pub(super) fn half(&mut self) -> bool {
        self.chance.in_thousand(500)
    }

    pub(super) fn number(&mut self, number: u32) -> Utterance {
        self.utter(Topic::Yes, number.to_string(), None)
    }

    pub(super) fn simply(&mut self, topic: Topic) -> Utterance {
        let text = say(topic, self.language, &mut self.chance);
        self.utter(topic, text, None)
    }

    pub(super) fn filled(&mut self, topic: Topic, filling: &str, claim: Option<Claim>) -> Utterance {
        let text = say_with(topic, self.language, &mut self.chance, filling);
        self.utter(topic, text, claim)
    }

    pub(super) fn utter(&mut self, topic: Topic, text: String, claim: Option<Claim>) -> Utterance {
        let after = TimeDelta::seconds(self.chance.between(15, 400));
        Utterance { from: self.handset, text, topic, claim, after }
    }
}
