//! `motherline broadcast`: one text to many, counted and priced before it goes.

mod looking;

use std::collections::BTreeMap;
use std::process::ExitCode;

use clap::{Args, Subcommand, ValueEnum};

pub(super) use self::looking::short;
use self::looking::{List, Show, Stop};
use super::operator::{database, many, moment, said_in, service, told, travels, typed};
use super::{Common, Done};
use crate::domain::gestation::Track;
use crate::domain::language::Language;
use crate::domain::plan::Reader;
use crate::flows::Service;
use crate::flows::broadcasting::{self, Before, Begun, Counted, Message, NotBegun, Segment};
use crate::library::Text;
use crate::library::report::Price;
use crate::store::broadcasts::Broadcast as Made;

/// Sends an alert or a one-off to many. It is counted first, and asks. To more people than `approve_above` of the
/// configuration's `[console]` it goes only with the name of a second person, who has seen the same count; at the console
/// that person is asked.
#[derive(Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct Broadcast {
    #[command(subcommand)]
    command: Option<BroadcastCommand>,
    /// Who sends it; it is kept
    #[arg(long, value_name = "NAME", value_parser = told, required = true)]
    by: Option<String>,
    /// Why; it is kept
    #[arg(long, value_name = "WORDS", value_parser = told, required = true)]
    why: Option<String>,
    /// What to say, once for each language that it reaches: --say en="The water in …"
    #[arg(long, value_name = "LANGUAGE=WORDS", value_parser = said_in, required = true)]
    say: Vec<(Language, String)>,
    /// Only to women of this program
    #[arg(long, value_name = "PROGRAM")]
    program: Option<String>,
    /// Only to women who read this language
    #[arg(long, value_name = "LANGUAGE")]
    language: Option<Language>,
    /// Only to women who are pregnant, or who have their baby
    #[arg(long, value_enum, value_name = "TRACK")]
    track: Option<Side>,
    /// Only from this completed week of it on
    #[arg(long, value_name = "WEEK", requires = "track")]
    from_week: Option<i64>,
    /// Only up to this week, which counts
    #[arg(long, value_name = "WEEK", requires = "track")]
    to_week: Option<i64>,
    /// Only to women who live in this state or region: its code in the library's places
    #[arg(long, value_name = "CODE")]
    area: Option<String>,
    /// Only to women who came by this partner's code
    #[arg(long, value_name = "CODE")]
    code: Option<String>,
    /// Only to women whose ZIP code, postcode or town begins so
    #[arg(long, value_name = "PLACE")]
    place: Option<String>,
    /// With --area or --place: to women as well of whom nobody knows where they live
    #[arg(long)]
    also_unplaced: bool,
    /// Only to those who are this to the baby: mother, partner, grandparent, worker
    #[arg(long, value_name = "READER", value_parser = reader)]
    reader: Option<Reader>,
    /// To women as well who have told of a loss: a flood, never anything about a baby
    #[arg(long, conflicts_with = "track")]
    also_after_loss: bool,
    /// At once and at any hour, also to women who have asked for a pause
    #[arg(long)]
    emergency: bool,
    /// What one SMS costs: 0.0083
    #[arg(long, value_name = "PRICE")]
    price: Option<Price>,
    /// The number of people, in place of typing it when asked
    #[arg(long, value_name = "NUMBER")]
    people: Option<usize>,
    /// The second person, who has seen what it says and how many it reaches; needed above the configuration's limit
    #[arg(long, value_name = "NAME", value_parser = told)]
    approved_by: Option<String>,
    /// Send it although the same went to the same people within the last day
    #[arg(long)]
    again: bool,
}

#[derive(Subcommand)]
enum BroadcastCommand {
    /// List the broadcasts, the newest first
    List(List),
    /// Show what became of a broadcast's texts
    Show(Show),
    /// Stop a broadcast: what has not left does not leave
    Stop(Stop),
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Side {
    Pregnancy,
    Baby,
}

impl From<Side> for Track {
    fn from(side: Side) -> Self {
        match side {
            Side::Pregnancy => Self::Pregnancy,
            Side::Baby => Self::Baby,
        }
    }
}

impl Broadcast {
    /// Runs it.
    pub async fn run(&self, common: &Common) -> Done {
        match &self.command {
            None => {
                let above = common.config()?.console.approve_above;
                self.send(&service(common).await?, above).await
            }
            Some(BroadcastCommand::List(list)) => list.run(&database(common).await?).await,
            Some(BroadcastCommand::Show(show)) => show.run(&database(common).await?).await,
            Some(BroadcastCommand::Stop(stop)) => stop.run(&service(common).await?).await,
        }
    }

    async fn send(&self, service: &Service, above: i64) -> Done {
        let (Some(by), Some(why)) = (&self.by, &self.why) else { return Ok(ExitCode::FAILURE) };
        let message = self.message(service)?;
        let goes_on = match broadcasting::before(service, &message).await? {
            Some(Before::Unfinished(broadcast)) => Some(broadcast),
            Some(Before::Lately(broadcast)) if !self.again => {
                return Err(NotBegun::Lately(Box::new(broadcast)).into());
            }
            _ => None,
        };
        if let Some(broadcast) = &goes_on {
            say!(
                "{} was begun by {} at {} and is not finished: it goes on, and nobody gets it twice.",
                short(broadcast.id),
                broadcast.made_by,
                moment(broadcast.made_at)
            );
        }
        let counted = broadcasting::count(service, &message, goes_on.as_ref()).await?;
        self.tell(&message, &counted)?;
        let missing = broadcasting::without_words(&message, &counted);
        if !missing.is_empty() {
            return Err(NotBegun::NoWords(missing).into());
        }
        let people = counted.people();
        if people == 0 && goes_on.is_none() {
            say!("It reaches nobody.");
            return Ok(ExitCode::SUCCESS);
        }
        if goes_on.is_none() {
            agreed(people, above, by, self.approved_by.as_deref())?;
        }
        if people > 0 && !self.confirmed(people)? {
            say!("Nobody was sent anything: that is not the number.");
            return Ok(ExitCode::FAILURE);
        }
        let begun = Begun { by, why, approved_by: self.approved_by.as_deref() };
        let broadcast = broadcasting::begin(service, &message, &counted, begun, self.again).await?;
        self.queue(service, &message, &broadcast).await
    }

    async fn queue(&self, service: &Service, message: &Message, broadcast: &Made) -> Done {
        let queued = broadcasting::queue(service, message, broadcast).await?;
        let id = short(broadcast.id);
        if queued.stopped {
            say!("{id} was stopped meanwhile; it had been queued to {}.", persons(queued.people));
            return Ok(ExitCode::FAILURE);
        }
        let when = if message.emergency { "and goes now" } else { "each in her next hours" };
        say!("{id} is queued to {}, {when}.", persons(queued.people));
        say!("Stop it:  motherline broadcast stop {id} --by NAME");
        Ok(ExitCode::SUCCESS)
    }

    fn message(&self, service: &Service) -> Result<Message, String> {
        let edition = service.shelf.edition();
        if let Some(program) = &self.program
            && edition.library.program(program).is_none()
        {
            return Err(format!("the library has no program {program:?}"));
        }
        if self.from_week.zip(self.to_week).is_some_and(|(from, to)| from > to) {
            return Err("--from-week is later than --to-week".to_owned());
        }
        let words: BTreeMap<Language, Text> =
            self.say.iter().map(|(language, words)| (*language, Text::new(words))).collect();
        if words.len() < self.say.len() {
            return Err("--say is given twice for one language".to_owned());
        }
        let segment = Segment {
            program: self.program.clone(),
            language: self.language,
            track: self.track.map(Track::from),
            from_week: self.from_week,
            to_week: self.to_week,
            area: self.area.clone(),
            code: self.code.clone(),
            place: self.place.clone(),
            reader: self.reader,
            also_unplaced: self.also_unplaced,
            also_after_loss: self.also_after_loss,
            corrects: None,
        };
        Ok(Message { segment, words, emergency: self.emergency })
    }

    fn tell(&self, message: &Message, counted: &Counted) -> std::io::Result<()> {
        for (language, tally) in &counted.reached {
            let covered = match tally.covered {
                0 => String::new(),
                some => format!(" ({some} of them are told only that there is something to read)"),
            };
            match message.words.get(language) {
                Some(text) => {
                    say!("{language}: {}{covered}, {} SMS", women(tally.women), tally.segments);
                    say!("    {}", text.body.replace('\n', "\n    "));
                    say!("    each {}", travels(text));
                }
                None => say!("{language}: {}{covered}, and no words for them", women(tally.women)),
            }
        }
        for (why, number) in &counted.unreached {
            say!("  not to {}: they {}", women(*number), why.why());
        }
        let (people, segments) = (counted.people(), counted.segments());
        let cost = self.price.map(|price| {
            let all = price.times(u32::try_from(segments).unwrap_or(u32::MAX));
            format!(", {} at {price} each", all.rounded())
        });
        say!("{}, {segments} SMS{}", persons(people), cost.unwrap_or_default());
        if message.emergency {
            say!("An emergency: it goes at once, at any hour.");
        } else {
            say!("Each gets it in her next hours, before any tip.");
        }
        Ok(())
    }

    fn confirmed(&self, people: usize) -> std::io::Result<bool> {
        if let Some(given) = self.people {
            return Ok(given == people);
        }
        say!("\nType {people} to send it to {}; anything else sends it to nobody.", persons(people));
        Ok(typed()?.parse() == Ok(people))
    }
}

/// Refuses to send something to more than so many people unless a second person has agreed. A name is all that can be asked
/// for here; at the console the second person signs in.
pub(super) fn agreed(people: usize, above: i64, by: &str, approved_by: Option<&str>) -> Result<(), String> {
    if i64::try_from(people).unwrap_or(i64::MAX) <= above {
        return Ok(());
    }
    match approved_by {
        None => {
            Err(format!("more than {above} people: a second person must agree; name them by --approved-by"))
        }
        Some(name) if name.eq_ignore_ascii_case(by) => {
            Err("--approved-by names the person who sends it: it must be another".to_owned())
        }
        Some(_) => Ok(()),
    }
}

fn reader(name: &str) -> Result<Reader, String> {
    let names = || Reader::ALL.iter().map(|reader| reader.name()).collect::<Vec<_>>().join(", ");
    Reader::named(name).ok_or_else(|| format!("one of these: {}", names()))
}

fn women(number: usize) -> String {
    many(number, "woman", "women")
}

fn persons(number: usize) -> String {
    many(number, "person", "people")
}
