//! `motherline library recall`: a tip proves wrong.

use std::collections::BTreeMap;
use std::process::ExitCode;

use clap::{Args, ValueEnum};

use super::editions::Signed;
use super::{Common, Done};
use crate::cli::broadcast::{agreed, short};
use crate::cli::operator::{said_in, service, told, travels, typed};
use crate::domain::language::Language;
use crate::domain::plan::Needs;
use crate::flows::Service;
use crate::flows::broadcasting::{self, Before, Begun, NotBegun, Unreached};
use crate::flows::recalling::{self, Correction, Survey};
use crate::library::Text;
use crate::store::editions::Recall as Recalled;

/// Stops a tip, counts who got it, and tells exactly those.
#[derive(Args)]
pub struct Recall {
    /// The tip's id; without one, every recall that stands is listed
    tip: Option<String>,
    /// Who does it
    #[arg(long, value_name = "NAME", required_unless_present = "list")]
    by: Option<String>,
    /// Why
    #[arg(long, value_name = "WORDS", required_unless_present = "list")]
    why: Option<String>,
    /// What to tell those who got it, once for each language: --say en="We told you …"
    #[arg(long, value_name = "LANGUAGE=WORDS", value_parser = said_in)]
    say: Vec<(Language, String)>,
    /// What must be true for the correction to be right, in place of what the tip needed
    #[arg(long, value_enum, value_name = "NEED")]
    needs: Option<Need>,
    /// The number of women to tell, in place of typing it when asked
    #[arg(long, value_name = "NUMBER")]
    confirm: Option<usize>,
    /// The second person, who has seen what it says and how many it reaches; needed above the configuration's limit
    #[arg(long, value_name = "NAME", value_parser = told)]
    approved_by: Option<String>,
    /// Let the tip be sent again, as the edition in force has it
    #[arg(long, conflicts_with_all = ["say", "needs", "confirm", "approved_by"])]
    lift: bool,
    /// List the recalls that stand
    #[arg(long, conflicts_with_all = ["tip", "by", "why", "say", "needs", "confirm", "approved_by", "lift"])]
    list: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Need {
    Pregnancy,
    Baby,
    Mother,
    Neutral,
    Either,
}

impl From<Need> for Needs {
    fn from(need: Need) -> Self {
        match need {
            Need::Pregnancy => Self::Pregnancy,
            Need::Baby => Self::Baby,
            Need::Mother => Self::Mother,
            Need::Neutral => Self::Neutral,
            Need::Either => Self::Either,
        }
    }
}

impl Recall {
    /// Runs it.
    pub async fn run(&self, common: &Common) -> Done {
        let service = service(common).await?;
        let (Some(tip), Some(by), Some(why)) = (&self.tip, &self.by, &self.why) else {
            return list(&service).await;
        };
        let signed = Signed { by: by.clone(), why: why.clone() };
        if self.lift {
            return self.lift(&service, tip, &signed).await;
        }
        let Some(recall) = recalling::recall(&service, tip, by.as_str(), why).await? else {
            return Err(format!("no edition has a tip {tip:?}: nothing was recalled").into());
        };
        say!("{tip} is recalled, and not sent any more by anybody.");
        let correction = self.correction(&service, tip)?;
        let survey = recalling::survey(&service, &recall).await?;
        tell(&survey, &recall)?;
        if let Some(correction) = correction {
            return self.correct(&service, &recall, &correction, common).await;
        }
        if !survey.got.is_empty() {
            say!("To tell them, give the same command again with --say and the words, for each language.");
        }
        Ok(ExitCode::SUCCESS)
    }

    /// Tells those who got it, as a broadcast to exactly them.
    async fn correct(
        &self,
        service: &Service,
        recall: &Recalled,
        correction: &Correction,
        common: &Common,
    ) -> Done {
        let (by, why) = (self.by.as_deref().unwrap_or_default(), self.why.as_deref().unwrap_or_default());
        let message = correction.message(recall, recalling::program_of(service, &recall.tip).as_deref());
        let goes_on = match broadcasting::before(service, &message).await? {
            Some(Before::Unfinished(broadcast)) => Some(broadcast),
            _ => None,
        };
        let counted = broadcasting::count(service, &message, goes_on.as_ref()).await?;
        for (why, women) in &counted.unreached {
            say!("  {women} cannot be told: they {}", untold(*why));
        }
        for (language, text) in &correction.words {
            say!("\n{language}, {} a woman: {}", travels(text), text.body);
        }
        let missing = broadcasting::without_words(&message, &counted);
        if !missing.is_empty() {
            return Err(NotBegun::NoWords(missing).into());
        }
        let number = counted.people();
        if number == 0 && goes_on.is_none() {
            say!("\nThere is nobody to tell.");
            return Ok(ExitCode::SUCCESS);
        }
        if goes_on.is_none() {
            agreed(number, common.config()?.console.approve_above, by, self.approved_by.as_deref())?;
        }
        if number > 0 && !self.confirmed(number)? {
            say!("Nobody was told: that is not the number.");
            return Ok(ExitCode::FAILURE);
        }
        let begun = Begun { by, why, approved_by: self.approved_by.as_deref() };
        let broadcast = broadcasting::begin(service, &message, &counted, begun, false).await?;
        let queued = broadcasting::queue(service, &message, &broadcast).await?;
        let id = short(broadcast.id);
        if queued.stopped {
            say!("{id} was stopped meanwhile; it had been queued to {} women.", queued.people);
            return Ok(ExitCode::FAILURE);
        }
        say!("The correction is queued to {} women, each in her next hours.", queued.people);
        say!("Stop it:  motherline broadcast stop {id} --by NAME");
        Ok(ExitCode::SUCCESS)
    }

    async fn lift(&self, service: &Service, tip: &str, signed: &Signed) -> Done {
        let (by, why) = signed.by();
        if recalling::lift(service, tip, by, why).await? {
            say!("{tip} may be sent again, as edition {} has it.", service.shelf.edition().number);
            Ok(ExitCode::SUCCESS)
        } else {
            Err(format!("{tip} is not recalled").into())
        }
    }

    /// The words to tell, for every language of the tip's program.
    fn correction(
        &self,
        service: &Service,
        tip: &str,
    ) -> Result<Option<Correction>, Box<dyn std::error::Error>> {
        if self.say.is_empty() {
            return Ok(None);
        }
        let edition = service.shelf.edition();
        let tips = edition.library.programs.values().flat_map(|program| {
            program.tips().into_iter().map(move |(_, found)| (program, found)).collect::<Vec<_>>()
        });
        let found = tips.into_iter().find(|(_, found)| *found.id == *tip);
        let words: BTreeMap<Language, Text> =
            self.say.iter().map(|(language, words)| (*language, Text::new(words))).collect();
        if let Some((program, _)) = &found {
            let missing: Vec<_> = program
                .languages
                .iter()
                .filter(|language| !words.contains_key(language))
                .map(ToString::to_string)
                .collect();
            if !missing.is_empty() {
                return Err(format!("there are no words in {}: nobody was told", missing.join(", ")).into());
            }
        }
        let own = found.map(|(_, found)| found.needs);
        let Some(needs) = self.needs.map(Needs::from).or(own) else {
            return Err(
                "the edition in force does not have the tip any more: say --needs what the correction needs"
                    .into(),
            );
        };
        Ok(Some(Correction { words, needs }))
    }

    fn confirmed(&self, number: usize) -> std::io::Result<bool> {
        if let Some(given) = self.confirm {
            return Ok(given == number);
        }
        say!("\nType {number} to tell {number} women; anything else tells nobody.");
        Ok(typed()?.parse() == Ok(number))
    }
}

/// Why somebody who got it is not told, as a plain clause.
fn untold(why: Unreached) -> &'static str {
    match why {
        Unreached::Already => "have been told already",
        Unreached::AfterLoss => "have told of a loss since",
        why => why.why(),
    }
}

async fn list(service: &Service) -> Done {
    let all = recalling::list(&service.database).await?;
    for recall in &all {
        say!(
            "{}  since {} UTC  by {}: {}",
            recall.tip,
            recall.at.format("%Y-%m-%d %H:%M"),
            recall.made_by,
            recall.reason
        );
    }
    if all.is_empty() {
        say!("No tip is recalled.");
    }
    Ok(ExitCode::SUCCESS)
}

fn tell(survey: &Survey, recall: &Recalled) -> std::io::Result<()> {
    if survey.got.is_empty() {
        say!("Nobody got it.");
    }
    for ((program, language), got) in &survey.got {
        let perhaps = match got.perhaps {
            0 => String::new(),
            some => format!(" ({some} of them perhaps: nothing proves it)"),
        };
        say!(
            "{} women got it in {program} ({language}), from {} to {}{perhaps}",
            got.women,
            got.first,
            got.last
        );
    }
    if survey.waiting + survey.missed > 0 {
        say!("{} were still to get it and will not; {} it never reached", survey.waiting, survey.missed);
    }
    say!(
        "Recalled since {} UTC by {}: {}",
        recall.at.format("%Y-%m-%d %H:%M"),
        recall.made_by,
        recall.reason
    );
    Ok(())
}
